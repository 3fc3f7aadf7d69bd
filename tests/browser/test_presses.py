"""From the set-up link of a bare folder to a new teacher's first facit: every press.

What each person presses and types is counted here, and stands in docs/first_lesson.md:
the test fails when the two differ. Each screen passed is read by axe.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, Locator, Page, expect
from test_access import violations

from pejling import server
from pejling.domain.question_sets import HONESTY_ID

pytestmark = pytest.mark.browser

DOC = Path(__file__).parents[2] / "docs" / "first_lesson.md"
SCHOOL = "Åskolen"
PASSWORD = "fire ord hører ikke sammen"
PUPILS = 10
"""As few as show the own answers of a yellow behaviour (docs/method.md)."""

Counts = dict[tuple[str, str], list[int]]
"""Person and step -> presses, fields typed."""


class Person:
    """Somebody at a browser of their own; nothing is touched but through this."""

    def __init__(self, name: str, page: Page, counts: Counts) -> None:
        self.name = name
        self.page = page
        self._counts = counts
        self._step = ""
        self._read: set[str] = set()
        self.faults: list[str] = []

    def begin(self, step: str) -> None:
        """What is pressed from here on belongs to this step."""
        self._step = step
        self._counts.setdefault((self.name, step), [0, 0])

    def press(self, kind: str, name: str) -> None:
        """Press a button or a link that one can see."""
        self.tap(self.page.get_by_role(kind, name=name, exact=True).first)

    def tap(self, what: Locator) -> None:
        """Press something; the screen it leaves has been read by axe."""
        self.look()
        what.click()
        self._counts[self.name, self._step][0] += 1

    def type(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.page.get_by_label(label).fill(text)
        self._counts[self.name, self._step][1] += 1

    def look(self) -> None:
        """Let axe read the screen, where it has not read such a one."""
        headings = self.page.locator("h1, h2").all_inner_texts()
        screen = f"{self.name}: {' / '.join(headings[:2])}"
        if screen not in self._read:
            self._read.add(screen)
            self.faults += violations(self.page, screen)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[tuple[Demo, str]]:
    """A server on an empty folder, and the way that its set-up link leads."""
    port = str(server.free_port())
    words = [sys.executable, "-m", "pejling", "serve", "--port", port]
    words += ["--host", "127.0.0.1", "--data", str(tmp_path / "data")]
    process = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        said = (re.search(r"/start/\S+", line) for line in process.stdout)
        link = next(found.group() for found in said if found)
        yield Demo({"base_url": f"http://127.0.0.1:{port}"}), link
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_from_set_up_to_the_first_facit(browser: Browser, bare: tuple[Demo, str]):
    demo, link = bare
    counts: Counts = {}

    def person(name: str, **screen: object) -> Person:
        return Person(name, watched(new_context(browser, demo, **screen), demo), counts)

    consultant = person("Consultant")
    invitation = set_up(consultant, demo, link)
    teacher = person("Teacher")
    open_session(teacher, demo, invitation)
    wall_path = teacher.page.get_by_role("link", name="Åbn tavlen")
    wall = watched(new_context(browser, demo), demo)
    wall.goto(demo.links["base_url"] + str(wall_path.get_attribute("href")))
    teacher.begin("put the wall on the projector")
    with teacher.page.context.expect_page() as opened:
        teacher.press("link", "Åbn tavlen")
    opened.value.close()

    code = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", wall.locator("main").inner_text())
    assert code
    rehearsed = rehearse(demo, code.group())
    pupil = person("Pupil", viewport={"width": 360, "height": 740})
    join(pupil, demo, code.group())
    expect(wall.locator("#scene")).to_contain_text(f"{PUPILS} af {PUPILS} er med")
    lead(teacher, pupil, wall)
    assert rehearsed.wait(timeout=60) == 0
    close_and_reveal(teacher, wall)

    people = (consultant, teacher, pupil, Person("Wall", wall, counts))
    for one in people:
        one.look()
    assert [fault for one in people for fault in one.faults] == []
    assert demo.complaints == []
    assert written(DOC.read_text(encoding="utf-8")) == {
        step: tuple(both) for step, both in counts.items()
    }


# --- who does what --------------------------------------------------------------------


def set_up(consultant: Person, demo: Demo, link: str) -> str:
    """Account, school, invitation; the way that the invitation leads."""
    consultant.begin("make the account and the school")
    consultant.page.goto(demo.links["base_url"] + link)
    consultant.type("E-mail", "konsulent@example.dk")
    consultant.type("Adgangskode", PASSWORD)
    consultant.type("Skoler", SCHOOL)
    consultant.press("button", "Opret og log ind")
    consultant.begin("invite a teacher")
    consultant.type("E-mail", "laerer@example.dk")
    consultant.press("button", "Lav en invitation")
    found = re.search(r"/adgang/[\w-]+", consultant.page.locator("code").inner_text())
    assert found
    return found.group()


def open_session(teacher: Person, demo: Demo, invitation: str) -> None:
    """From the invitation to the lobby."""
    teacher.begin("choose a password")
    teacher.page.goto(demo.links["base_url"] + invitation)
    teacher.type("Adgangskode", PASSWORD)
    teacher.press("button", "Gem og log ind")
    teacher.begin("find the set, and read it")
    teacher.press("link", "Et spørgsmål om valg: alkohol og blå mandag")
    teacher.begin("open it for the class")
    teacher.press("link", "Åbn for 7. årgang")
    expect(teacher.page.get_by_label("Skole", exact=True)).to_have_value(SCHOOL)
    teacher.type("Elever til stede", str(PUPILS))
    teacher.press("button", "Åbn for klassen")
    expect(teacher.page.locator("#nu")).to_have_text("Klassen kommer ind")


def join(pupil: Person, demo: Demo, code: str) -> None:
    """By the typed code, which takes more presses than the QR."""
    pupil.begin("join by code")
    pupil.page.goto(demo.links["base_url"])
    pupil.type("Kode fra tavlen", code)
    pupil.press("button", "Videre")
    pupil.press("button", "Jeg er med")
    expect(pupil.page.get_by_role("heading", name="Du er med")).to_be_visible()


def lead(teacher: Person, pupil: Person, wall: Page) -> None:
    """The warm-up, and the questions."""
    teacher.begin("lead the class through the questions")
    teacher.press("button", "Begynd opvarmningen")
    pupil.begin("answer the warm-up")
    answer(pupil)
    expect(teacher.page.locator(".figure")).to_contain_text(f"{PUPILS} svar")
    teacher.press("button", "Videre til spørgsmålene")
    pupil.begin("answer the eight core topics")
    for _ in range(8):
        assert answer(pupil) != HONESTY_ID
    pupil.begin("say whether one answered honestly")
    assert answer(pupil) == HONESTY_ID
    expect(wall.locator("#scene")).to_contain_text("Alle har svaret")


def answer(pupil: Person) -> str:
    """Tap an answer to each question of a screen, look, send."""
    fieldsets = pupil.page.locator("fieldset")
    fieldsets.first.wait_for()
    triad = pupil.page.locator("input[name=tema]").input_value()
    for fieldset in fieldsets.all():
        pupil.tap(fieldset.locator("label").nth(1))
    pupil.press("button", "Se dine svar igennem")
    pupil.press("button", "Send")
    return triad


def close_and_reveal(teacher: Person, wall: Page) -> None:
    """Close, and press on until the facit of the first behaviour has fallen."""
    teacher.press("button", "Luk for svar, og se tallene")
    teacher.begin("reveal the first facit: question, guesses, facit")
    for step in ("Spørgsmålet", "Klassens gæt", "Facit"):
        teacher.press("button", "Næste på tavlen")
        expect(teacher.page.locator("#nu + p")).to_contain_text(step)
    expect(wall.locator("#scene td").nth(2)).to_be_visible()


def rehearse(demo: Demo, code: str) -> subprocess.Popen:
    """The other pupils of the class."""
    words = [sys.executable, "-m", "pejling", "rehearse", code, "--seed", "1"]
    words += ["--url", demo.links["base_url"], "--pupils", str(PUPILS - 1), "--json"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


def written(page: str) -> dict[tuple[str, str], tuple[int, int]]:
    """The table of the page: person and step -> presses, fields typed."""
    table = page.partition("## Every press, counted")[2].partition("\n## ")[0]
    rows = re.findall(
        r"^\| (\w+) \| ([^|]+) \| (\d+) \| (\d+) \|$", table, re.MULTILINE
    )
    return {(who, step): (int(a), int(b)) for who, step, a, b in rows}
