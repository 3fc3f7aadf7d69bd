"""The story: a teacher opens 7a, a class answers, and the numbers are the class's own.

23 rehearsed pupils and one real browser without script; two projectors; every number in
chart, table, sentence and file equals the tallies that the pupils sent, coded.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from statistics import median

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, Page, expect

from pejling.config import question_set_folder
from pejling.domain import wording
from pejling.domain.content.set_files import read_set
from pejling.domain.disclosure import (
    OwnCounts,
    Shown,
    Withheld,
    disclose_guesses,
    disclose_own,
)
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    HONESTY_ID,
    Meaning,
    QuestionSet,
    options_of,
)

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
DESK = {"viewport": {"width": 1280, "height": 800}}
WALL = {"viewport": {"width": 1280, "height": 720}}


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    return read_set(question_set_folder("") / "7a.toml")


def open_7a(teacher: Page, demo: Demo, present: str = "24") -> None:
    """From "Ny pejling" to the lobby, as a teacher does it."""
    teacher.goto(demo.links["teacher_url"])
    teacher.get_by_role("link", name="Mine pejlinger").click()
    teacher.get_by_role("link", name="Ny pejling").click()
    plan = teacher.get_by_role("table").first
    plan.get_by_role("link", name="alkohol og blå mandag").click()
    teacher.get_by_role("link", name="Åbn for 7. årgang").click()
    teacher.get_by_label("Skole", exact=True).select_option("Demoskolen")
    teacher.get_by_label("Elever til stede").fill(present)
    teacher.get_by_role("button", name="Åbn for klassen").click()
    expect(teacher.get_by_role("heading", name="Klassen kommer ind")).to_be_visible()


def answer_by_keyboard(phone: Page, sent: Counter) -> str:
    """One triad without mouse and script: tab to each question, choose, look, send."""
    triad = phone.locator("input[name=tema]").input_value()
    for number, fieldset in enumerate(phone.locator("fieldset").all()):
        first = fieldset.locator("input[type=radio]").first
        role = first.get_attribute("name")
        first.focus()
        phone.keyboard.press("Space")
        for _ in range(1 if role == "selv" else 6 + number):
            phone.keyboard.press("ArrowRight")
        chosen = fieldset.locator("input:checked")
        sent[f"{triad}.{role}", int(chosen.get_attribute("value") or "")] += 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("button", name="Se dine svar igennem").press("Enter")
    phone.get_by_role("button", name="Send", exact=True).press("Enter")
    return triad


def total(sent: Counter, rehearsed: dict) -> dict[str, dict[int, int]]:
    """Item -> option -> pupils, of the rehearsed class and the real browser."""
    tallies: dict[str, Counter] = {}
    for item, options in rehearsed["items"].items():
        tallies[item] = Counter({int(option): n for option, n in options.items()})
    for (item, option), n in sent.items():
        tallies.setdefault(item, Counter())[option] += n
    return tallies


def coded(tallies: dict, triad: object) -> Shown:
    """The own answers of a triad, coded by hand from what was sent."""
    counts = Counter()
    for option in options_of(triad):
        counts[option.meaning] += tallies[f"{triad.id}.selv"][option.code]
    own = disclose_own(
        OwnCounts(counts[Meaning.YES], counts[Meaning.NO], counts[Meaning.DECLINED]),
        triad.sensitivity,
    )
    assert isinstance(own, Shown)
    return own


def dots_for(tallies: dict, item: str) -> dict[int, int]:
    """Guess -> dots: what was sent, and who would not guess in the middle."""
    sent = {guess: n for guess, n in tallies[item].items() if guess != DECLINED}
    shown = disclose_guesses(sent, tallies[item][DECLINED])
    assert not isinstance(shown, Withheld)
    return dict(shown)


def middle(tallies: dict, item: str) -> float:
    """The median of the dots."""
    dots = dots_for(tallies, item)
    return float(median(guess for guess, n in dots.items() for _ in range(n)))


def test_a_class_runs_a_pejling_from_end_to_end(
    browser: Browser, demo: Demo, questions: QuestionSet
):
    teacher = watched(new_context(browser, demo, **DESK), demo)
    open_7a(teacher, demo)
    wall_url = teacher.get_by_role("link", name="Åbn tavlen").get_attribute("href")
    walls = [watched(new_context(browser, demo, **WALL), demo) for _ in range(2)]
    for wall in walls:
        wall.goto(demo.links["base_url"] + str(wall_url))
    code = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", walls[0].locator("main").inner_text())
    assert code

    rehearsal = subprocess.Popen(
        [
            *(sys.executable, "-m", "pejling", "rehearse", code.group()),
            *("--url", demo.links["base_url"], "--pupils", "23", "--json"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    phone = watched(new_context(browser, demo, **PHONE), demo)
    phone.goto(demo.links["base_url"])
    phone.get_by_label("Kode fra tavlen").fill(code.group().lower())
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Jeg er med").press("Enter")
    for wall in walls:
        expect(wall.locator("#scene")).to_contain_text("24 af 24 er med")

    sent: Counter = Counter()
    press(teacher, "Begynd opvarmningen")
    phone.goto(demo.links["base_url"] + "/svar")
    assert answer_by_keyboard(phone, sent) == "sang"
    expect(teacher.locator(".figure")).to_contain_text("24 svar er på tavlen")
    press(teacher, "Videre til spørgsmålene")
    phone.goto(demo.links["base_url"] + "/svar")
    asked = []
    while phone.locator("fieldset").count():
        asked.append(answer_by_keyboard(phone, sent))
    core = [triad.id for triad in questions.triads if triad.core]
    assert asked == [*core[1:], HONESTY_ID]
    rehearsed = json.loads(rehearsal.communicate(timeout=60)[0])
    for wall in walls:
        expect(wall.locator("#scene")).to_contain_text("Alle har svaret")
    press(teacher, "Luk for svar, og se tallene")
    expect(
        teacher.get_by_role("heading", name="Der er lukket for svar")
    ).to_be_visible()

    tallies = total(sent, rehearsed)
    check_csv(teacher, demo, questions, tallies)
    revealed = reveal(teacher, walls, questions, tallies)
    assert revealed
    assert demo.complaints == []
    assert demo.hosts == {demo.links["base_url"].split("/")[2]}


def press(teacher: Page, name: str) -> None:
    teacher.get_by_role("button", name=name, exact=True).click()


def check_csv(teacher: Page, demo: Demo, questions: QuestionSet, tallies: dict) -> None:
    """Every row of the file is what was sent, coded."""
    answer = teacher.request.get(teacher.url + "/resultat.csv")
    rows = list(
        csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")), delimiter=";")
    )
    assert [row["emne"] for row in rows] == [
        triad.id for triad in questions.triads if triad.core
    ]
    for row in rows:
        triad = questions.triad(row["emne"])
        own = coded(tallies, triad)
        assert row["ja"] == wording.coded(own)
        assert row["ud_af"] == str(own.n)
        for column, role in (("gaet_andre", "andre"), ("gaet_klassen", "kammerater")):
            assert float(row[column].replace(",", ".")) == middle(
                tallies, f"{triad.id}.{role}"
            )


def reveal(
    teacher: Page, walls: list[Page], questions: QuestionSet, tallies: dict
) -> list[str]:
    """Walk the reveal by the keyboard; hold every scene against what was sent."""
    acts = {triad.act: triad for triad in questions.triads}
    seen = []
    while True:
        before = walls[0].locator("#scene").inner_html()
        teacher.locator("body").press("Space")
        expect(walls[0].locator("#scene")).not_to_have_js_property("innerHTML", before)
        now = teacher.locator("#nu")
        if now.inner_text() == "Overblik":
            break
        step = teacher.locator("#nu + p").inner_text()
        triad = acts[now.inner_text()]
        for wall in walls:
            check_scene(wall, step, triad, tallies)
        if "Facit" in step:
            seen.append(triad.id)
            # A reload at any point shows the same step.
            shown = text_of(walls[1])
            walls[1].reload()
            expect(walls[1].locator("#scene .js-plotly-plot")).to_be_visible()
            assert text_of(walls[1]) == shown
    for wall in walls:
        check_overview(wall, seen, questions, tallies)
    return seen


def text_of(wall: Page) -> str:
    """What stands on the wall, without what plotly drew."""
    return " ".join(
        one.inner_text() for one in wall.locator("#scene h1, #scene p, #scene td").all()
    )


def check_scene(wall: Page, step: str, triad: object, tallies: dict) -> None:
    own = coded(tallies, triad)
    guess = middle(tallies, f"{triad.id}.kammerater")
    scene = wall.locator("#scene")
    expect(scene.locator("h1")).to_contain_text(triad.act.split()[0])
    if "gæt" in step:
        expect(wall.locator("#scene .js-plotly-plot")).to_be_visible()
        dots = dots_of(wall)
        assert dots == dots_for(tallies, f"{triad.id}.kammerater")
        # The facit does not stand there before it has fallen.
        assert wording.out_of(own) not in scene.inner_text()
        assert scene.locator("td").all_inner_texts() == [wording.number(guess)]
    if "Facit" in step:
        expect(scene.locator("td").nth(2)).to_have_text(wording.coded(own))
        line = facit_of(wall)
        assert line == pytest.approx(own.value * 24 / own.n)
    if "Sætningen" in step:
        say = scene.locator("[data-say]")
        expect(say).to_contain_text(f"I gættede på {wording.number(guess)}")
        expect(say).to_contain_text(
            re.compile(
                f"{wording.out_of(own)} svarede ja|"
                f"{re.escape(wording.not_yes(own))} svarede ikke ja",
                re.IGNORECASE,
            )
        )
    if "Figurerne" in step:
        expect(wall.locator("[role=img]").first).to_have_attribute(
            "aria-label", re.compile(re.escape(wording.coded(own)), re.IGNORECASE)
        )


def dots_of(wall: Page) -> dict[int, int]:
    """Guess -> dots, read out of the drawn chart."""
    xs = wall.evaluate(
        "document.querySelector('#scene .js-plotly-plot').data"
        ".filter((one) => one.uid === 'dots').flatMap((one) => [...one.x])"
    )
    return dict(Counter(int(x) for x in xs))


def facit_of(wall: Page) -> float:
    """Where the facit's line stands, read out of the drawn chart."""
    wall.wait_for_function(
        "document.querySelector('#scene .js-plotly-plot')?.data"
        ".some((one) => one.uid === 'facit')"
    )
    xs = wall.evaluate(
        "document.querySelector('#scene .js-plotly-plot').data"
        ".find((one) => one.uid === 'facit').x.slice()"
    )
    return float(xs[0])


def check_overview(
    wall: Page, seen: list[str], questions: QuestionSet, tallies: dict
) -> None:
    """The closing table: one row for each revealed behaviour, coded."""
    expect(wall.locator("#scene tbody tr")).to_have_count(len(seen))
    rows = wall.locator("#scene tbody tr").all()
    found = {row.locator("td").nth(2).inner_text() for row in rows}
    assert found == {
        wording.coded(coded(tallies, questions.triad(one))) for one in seen
    }
    honest = coded(tallies, HONESTY)
    expect(wall.locator("#scene")).to_contain_text(wording.coded(honest))
