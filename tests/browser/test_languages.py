"""A session read from right to left on a phone, in the Arabic of the tests."""

import builders
import pytest
from conftest import show_html
from playwright.sync_api import Browser
from test_respondent_words import a_parents_set, arabic

from pejling.app import create_app
from pejling.domain.question_sets import Audience
from pejling.domain.respondent_words import PROGRAM, offered
from pejling.storage import archive
from pejling.web import pupil, pupil_forms

CUT_OFF = "document.documentElement.scrollWidth > innerWidth"
LEFT = "(found) => found.map((one) => Math.round(one.getBoundingClientRect().left))"


@pytest.mark.parametrize("width", [320, 360])
def test_arabic_runs_from_the_right_and_its_numbers_from_the_left(
    browser: Browser, tmp_path, width
):
    app = create_app(tmp_path, PUBLIC_URL="http://pejling.test")
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    shown = show_html(page, app, "/svar")
    questions = a_parents_set()
    with builders.open_stores(tmp_path) as stores:
        session = builders.open_class(stores, present=19, questions=questions)
        session = archive.session(stores.archive, session.id)
    words = offered(questions, questions.triads, PROGRAM)[-1]
    assert words.language == "ar"
    assert session.questions.audience is Audience.PARENTS
    triad = questions.triads[1]
    with app.test_request_context("/svar"):
        answers = {"tema": triad.id, "andre": "003", "kammerater": "004", "selv": "000"}
        form = pupil_forms.triad_form(triad, 19, answers, spoken=words)
        screens = [pupil.asked(session, form), pupil.reviewed(session, form)]
    shown["html"] = screens[0]
    page.goto("http://pejling.test/svar")
    assert page.locator("h1").inner_text() == arabic()["oversat"][1]["kort"]
    numbers = page.locator("#andre .choice").evaluate_all(LEFT)
    assert numbers[:3] == sorted(numbers[:3])
    own = page.locator("#selv .choice").evaluate_all(LEFT)
    assert own == sorted(own, reverse=True)
    assert page.evaluate(CUT_OFF) is False
    shown["html"] = screens[1]
    page.goto("http://pejling.test/svar")
    name, value = page.locator(".recap div").first.locator("dt, dd").evaluate_all(LEFT)
    assert name > value
    assert page.evaluate(CUT_OFF) is False
    context.close()
