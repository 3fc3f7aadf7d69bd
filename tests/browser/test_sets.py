"""Every set as it is seen: on the smallest phone, in the plan, and on paper."""

import re

import builders
import pytest
from conftest import new_context, show_html, watched
from playwright.sync_api import Browser, Page

from pejling import config
from pejling.app import create_app
from pejling.domain.content import library
from pejling.domain.respondent_words import of_program
from pejling.domain.sessions import Pacing
from pejling.output import poster
from pejling.output.poster import Design, Message
from pejling.storage import archive
from pejling.web import pupil, pupil_forms

pytestmark = pytest.mark.browser

SETS = library.read(config.question_set_folder("")).sets

CUT_OFF = """
() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const wide = document.scrollingElement.clientWidth;
  const found = [];
  if (document.scrollingElement.scrollWidth > wide) found.push("page");
  for (const one of document.querySelectorAll("main *")) {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest(".hidden")) continue;
    if (box.left < -0.5 || box.right > wide + 0.5) found.push(one.tagName);
    if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 &&
        getComputedStyle(one).display !== "inline") found.push(one.outerHTML);
  }
  return found;
}
"""
"""What sticks out of the page or of its own box, every explanation unfolded."""


@pytest.fixture
def phone(browser: Browser, tmp_path):
    """A function that shows the screen of a set's item on a page, and the page."""
    app = create_app(tmp_path, PUBLIC_URL="http://pejling.test")
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    shown = show_html(page, app, "/svar")
    with builders.open_stores(tmp_path) as stores:
        owner = builders.a_teacher(stores).id

        def show(questions, triad, present: int) -> None:
            new = archive.NewSession(
                owner=owner,
                school="Åskolen",
                grade=questions.grades[-1],
                letter="A",
                questions=questions,
                triads=tuple(one.id for one in questions.triads),
                present=present,
                pacing=Pacing.TOGETHER,
                day="2026-09-21",
            )
            session = archive.open_session(stores.archive, new, builders.NOW)
            with app.test_request_context("/svar"):
                words = of_program("da", questions.audience)
                form = pupil_forms.triad_form(
                    triad, present, {"tema": triad.id}, spoken=words
                )
                shown["html"] = pupil.asked(session, form)
            page.goto("http://pejling.test/svar")

        yield show, page
    context.close()


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_nothing_of_an_item_is_cut_off_at_320_px(phone, one):
    show, page = phone
    for triad in one.triads:
        show(one, triad, 24)
        assert triad.act in page.locator("h1").inner_text()
        assert page.evaluate(CUT_OFF) == [], triad.id
    for word in one.words:
        assert any(word in one.explained(triad) for triad in one.triads), word


def test_typed_guesses_are_not_cut_off_either(phone):
    show, page = phone
    one = SETS["7a"]
    show(one, one.triads[1], 120)
    assert page.locator("input[inputmode=numeric]").count() == 2
    assert page.evaluate(CUT_OFF) == []


def test_word_is_explained_without_script(browser: Browser, demo):
    # The screen of a pupil with script switched off: a press unfolds the words.
    context = new_context(browser, demo, java_script_enabled=False)
    page = watched(context, demo)
    teacher = new_context(browser, demo)
    desk = watched(teacher, demo)
    desk.goto(demo.links["teacher_url"])
    with_words = next(
        one
        for one in SETS.values()
        if one.explained(one.triads[0]) or one.explained(one.triads[1])
    )
    grade = with_words.grades[0]
    desk.goto(f"{demo.links['base_url']}/laerer/ny/{grade}/{with_words.id}")
    desk.select_option("#school", index=1)
    desk.fill("#present", "2")
    desk.click("text=Åbn for klassen")
    code = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", desk.inner_text("main"))
    assert code
    page.goto(f"{demo.links['base_url']}/")
    page.fill("input[name=kode]", code[0])
    page.click("button")
    page.click("main button")
    desk.click("text=Begynd opvarmningen")
    page.goto(f"{demo.links['base_url']}/svar")
    if not with_words.explained(with_words.triads[0]):
        _send(page)
        desk.click("text=Videre til spørgsmålene")
        page.goto(f"{demo.links['base_url']}/svar")
    word = page.locator("details.word").first
    meaning = word.locator("p")
    assert not meaning.is_visible()
    word.locator("summary").click()
    assert meaning.is_visible()
    for one in (context, teacher):
        one.close()
    assert demo.complaints == []


def _send(page: Page) -> None:
    for group in page.locator("fieldset").all():
        group.locator("label").last.click()
    page.click("text=Se dine svar igennem")
    page.click("text=Send")


# --- the desk -------------------------------------------------------------------------


def test_plan_and_guides_of_all_sets(browser: Browser, demo):
    context = new_context(browser, demo, viewport={"width": 1280, "height": 800})
    page = watched(context, demo)
    page.goto(demo.links["consultant_url"])
    base = demo.links["base_url"]
    for plan in ("faelles", "hedensted", "rebild", "stevns", "thisted", "vejen"):
        for width in (1280, 768, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{base}/laerer/aarsplan?plan={plan}")
            assert page.evaluate(CUT_OFF.replace("main *", ".grid *, .month *")) == []
    # The one press on this month's card leads to a set.
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{base}/laerer/aarsplan")
    assert page.locator(".month--now").count() == 1
    page.locator(".grid a").first.click()
    assert "/laerer/saet/" in page.url
    for set_id in SETS:
        page.goto(f"{base}/laerer/saet/{set_id}/vejledning")
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2, set_id
    context.close()
    assert demo.complaints == []


OUTSIDE = """
() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text, circle")].filter((one) => {
    const part = one.getBoundingClientRect();
    return part.left < box.left || part.right > box.right - 20 * box.width / 840
      || part.bottom > box.bottom;
  }).map((one) => one.textContent || "figure");
})
"""
"""What a poster cannot hold between its edges."""


def test_posters_hold_every_question_of_every_set(browser: Browser):
    page = browser.new_page()
    for one in SETS.values():
        drawn = []
        for triad in one.triads[1:]:
            text = triad.items[-1].text
            for n in (10, 24, 30, 120):
                what = Message(
                    number=f"Mindst {n - 2} ud af {n}",
                    answer="svarede ikke ja",
                    question=text,
                    guess=f"Vi havde gættet på {n / 2:g} ja-svar ud af {n}.",
                    majority=n - 2,
                    hatched=2,
                    n=n,
                )
                drawn += [poster.draw(what, "7.B", design) for design in Design]
        page.set_content("".join(drawn))
        assert page.evaluate(OUTSIDE) == [], one.id
    page.close()
