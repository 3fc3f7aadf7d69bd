"""Paper: every set's ballot on its sides of A5, and a class counted by keyboard."""

import builders
import pytest
from conftest import new_context, show_html, watched
from playwright.sync_api import Browser

from pejling import config
from pejling.app import create_app
from pejling.domain.content import library
from pejling.domain.question_sets import Sensitivity
from pejling.domain.sessions import Mode
from pejling.output import ballot
from pejling.web import paper

pytestmark = pytest.mark.browser

SETS = library.read(config.question_set_folder("")).sets

HEIGHTS = """
() => {
  const mm = document.createElement("div");
  mm.style.setProperty("height", "100mm");
  document.body.append(mm);
  const one = mm.getBoundingClientRect().height / 100;
  mm.remove();
  return [...document.querySelectorAll(".ballots__sheet > .ballot")].map((side) => {
    const foot = side.querySelector(".ballot__foot").getBoundingClientRect().top;
    const asks = [...side.querySelectorAll(".ask")];
    return {
      blocks: asks.map((ask) => ask.getBoundingClientRect().height / one),
      room: (foot - asks.at(-1).getBoundingClientRect().bottom) / one,
      wide: asks.filter((ask) => ask.scrollWidth > ask.clientWidth + 1).length,
    };
  });
}
"""
"""Of each side: its blocks in mm, room left above the last line, what sticks out."""


@pytest.fixture
def printed(browser: Browser, tmp_path):
    """A function that lays out the ballots of a session, and measures its sides."""
    app = create_app(tmp_path, PUBLIC_URL="http://pejling.test")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.emulate_media(media="print")
    shown = show_html(page, app, "/ark")

    def measure(session) -> list[dict]:
        with app.test_request_context("/ark"):
            shown["html"] = paper.printed(session)
        page.goto("http://pejling.test/ark")
        return page.evaluate(HEIGHTS)

    yield measure
    context.close()


def a_paper_session(questions, present: int):
    asked = [
        triad.id
        for triad in questions.triads
        if triad.sensitivity is not Sensitivity.RED
    ]
    return builders.a_session(
        questions=questions,
        grade=questions.grades[-1],
        triads=tuple(asked),
        present=present,
        mode=Mode.PAPER,
    )


@pytest.mark.parametrize("present", [28, 30, 60])
def test_every_set_fits_its_sides(printed, present: int):
    for one in SETS.values():
        session = a_paper_session(one, present)
        expected = ballot.sides(ballot.blocks(session))
        sides = printed(session)
        assert len(sides) == len(expected)
        for side, blocks in zip(sides, expected, strict=True):
            assert side["room"] >= 0, (one.id, side)
            assert side["wide"] == 0, (one.id, side)
            for block, height in zip(blocks, side["blocks"], strict=True):
                assert height <= block.height, (one.id, block.triad.id)


def test_class_is_counted_by_keyboard_alone(browser: Browser, demo):
    context = new_context(browser, demo, viewport={"width": 1280, "height": 800})
    page = watched(context, demo)
    page.goto(demo.links["teacher_url"])
    page.goto(f"{demo.links['base_url']}/laerer/ny/7/7a")
    page.select_option("#school", index=1)
    page.fill("#present", "28")
    page.check("[name=mode][value=papir]")
    page.click("text=Åbn for klassen")
    lead = page.url
    page.locator("a[data-key=next]").press("Enter")
    page.wait_for_url("**/optaelling")
    page.wait_for_selector(".strokes")
    parts = page.locator(".tally__part").all()
    own = [part.locator(".tally__counts input").count() for part in parts]
    page.keyboard.type("28")
    page.keyboard.press("Enter")
    box = page.locator(".strokes").first.locator("input").nth(5)
    page.keyboard.type("1")
    page.keyboard.press("ArrowLeft")
    box.click()  # a second digit belongs to the box one went back to, and to no other
    page.keyboard.type("4")
    assert box.input_value() == "4"
    box.click()
    page.keyboard.type("0")
    assert box.input_value() == "40"
    page.keyboard.press("Home")
    page.keyboard.type("2    4")
    assert box.input_value() == "4"
    page.keyboard.press("Home")
    for options in own[:-1]:
        page.keyboard.type("2    4  3 7    5    4    2")
        page.keyboard.press("Enter")
        page.keyboard.type("3  4 8  4 1")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("2")  # ten and more: back, and the second digit
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        page.keyboard.type("2")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        for count in ("2", "25", "", "")[:options]:
            page.keyboard.type(count)
            page.keyboard.press("Enter")
    for count in ("20", "6", "1"):
        page.keyboard.type(count)
        page.keyboard.press("Enter")
    # The page is lost, and comes back as it was typed.
    typed = page.locator("textarea").first.input_value()
    page.goto(lead)
    page.goto(f"{lead}/optaelling")
    page.wait_for_function("document.querySelector('#ballots').value === '28'")
    assert page.locator("textarea").first.input_value() == typed
    page.locator("button[value=tjek]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Passer det med sedlerne?")
    assert "27 gæt, 1 uden svar, fra 0 til 25" in page.inner_text("main")
    assert "19 gæt, 9 uden svar, fra 0 til 8" in page.inner_text("main")
    page.wait_for_function("document.activeElement?.value === 'gem'")
    page.keyboard.press("Enter")
    page.wait_for_url(lead)
    page.wait_for_selector("text=Der er lukket for svar")
    kept = page.evaluate("sessionStorage.length")
    assert kept == 0
    context.close()
    assert demo.complaints == []
