"""The main states as pictures: what README and guides show, taken from a running demo.

``make pictures`` puts them into docs/pictures; a plain test run takes them too, so that
one that cannot be taken any more is known at once.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1280, "height": 800}}
WALL = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 360, "height": 740}}
LARGEST = 200_000

HELD = "Et spørgsmål om valg: fest og alkohol"
"""The theme of the demo's open session and of the first one held."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(exist_ok=True)
    yield folder
    for picture in folder.glob("*.png"):
        assert picture.stat().st_size < LARGEST, picture.name


def test_main_states_have_their_pictures(browser: Browser, demo: Demo, folder: Path):
    base = demo.links["base_url"]
    teacher = watched(new_context(browser, demo, **DESK), demo)
    wall = watched(new_context(browser, demo, **WALL), demo)
    phone = watched(new_context(browser, demo, **PHONE), demo)

    def take(page: Page, name: str) -> None:
        # What moves has come to rest: nothing in the tool takes longer than 600 ms.
        page.wait_for_timeout(800)
        page.screenshot(path=folder / f"{name}.png")

    # The open session: the lobby, and a pupil before the first answer.
    teacher.goto(demo.links["teacher_url"])
    wall.goto(demo.links["projector_url"])
    phone.goto(demo.links["join_url"])
    take(phone, "promise")
    phone.get_by_role("button", name="Jeg er med").click()
    expect(wall.locator("#scene")).to_contain_text("1 af 24 er med")
    take(wall, "lobby")
    teacher.get_by_role("button", name="Begynd opvarmningen").click()
    phone.goto(f"{base}/svar")
    expect(phone.locator("fieldset").first).to_be_visible()
    take(phone, "phone")

    # The way to a session, and one that was held.
    teacher.goto(f"{base}/laerer/aarsplan")
    take(teacher, "plan")
    teacher.goto(f"{base}/laerer/")
    teacher.locator("td").get_by_role("link", name=HELD).click()
    lead = teacher.url
    wall_path = teacher.get_by_role("link", name="Åbn tavlen").get_attribute("href")
    wall.goto(f"{base}{wall_path}")

    def on(step: str) -> None:
        teacher.get_by_role("button", name="Næste på tavlen").click()
        expect(teacher.locator("#nu + p")).to_contain_text(step)

    # The second behaviour: one that the class believed more of than there was.
    for step in ("Spørgsmålet", "Klassens gæt", "Facit", "Sætningen", "Figurerne"):
        on(step)
    on("Spørgsmålet")
    on("Klassens gæt")
    take(wall, "guesses")
    on("Facit")
    take(wall, "projector")
    take(teacher, "teacher")
    on("Sætningen")
    on("Figurerne")
    take(wall, "figures")
    remote = watched(teacher.context, demo)
    remote.set_viewport_size(PHONE["viewport"])
    remote.goto(lead.replace("/laerer/", "/fjern/"))
    take(remote, "remote")
    teacher.goto(lead)
    teacher.get_by_role("textbox", name="Klassens aftale").fill(
        "Til fester i 7. klasse vil vi gerne danse, spise og hjem sammen."
    )
    teacher.get_by_role("button", name="Gem aftalen").click()
    teacher.get_by_role("button", name="Vis aftalen på tavlen").click()
    take(wall, "agreement")
    teacher.get_by_role("button", name="Tilbage", exact=True).click()
    expect(teacher.locator("#nu")).to_have_text("Overblik")
    take(wall, "overview")
    assert demo.complaints == []
