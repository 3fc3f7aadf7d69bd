"""The pupil's own guess beside the facit: on the phone only, and gone with the tab."""

import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, Page, expect
from test_story import DESK, answer_by_keyboard, open_7a, press

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 320, "height": 640}}


def stored(phone: Page) -> str | None:
    return phone.evaluate("sessionStorage.getItem('pejling')")


def test_own_guess_stands_beside_the_facit(browser: Browser, demo: Demo):
    teacher = watched(new_context(browser, demo, **DESK), demo)
    open_7a(teacher, demo, present="12")
    code = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", teacher.locator("main").inner_text())
    assert code
    rehearsal = subprocess.Popen(
        [
            *(sys.executable, "-m", "pejling", "rehearse", code.group()),
            *("--url", demo.links["base_url"], "--pupils", "11", "--json"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    phone = watched(new_context(browser, demo, **PHONE), demo)
    phone.goto(demo.links["base_url"])
    phone.get_by_label("Kode fra tavlen").fill(code.group())
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Jeg er med").press("Enter")
    expect(teacher.locator("main")).to_contain_text("12 af 12 er med")
    press(teacher, "Begynd opvarmningen")
    phone.goto(demo.links["base_url"] + "/svar")
    sent: Counter = Counter()
    answer_by_keyboard(phone, sent)
    expect(teacher.locator(".figure")).to_contain_text("12 svar er på tavlen")
    press(teacher, "Videre til spørgsmålene")
    phone.goto(demo.links["base_url"] + "/svar")
    while phone.locator("fieldset").count():
        answer_by_keyboard(phone, sent)
    rehearsal.communicate(timeout=60)

    # Guesses about the class, each once; nothing of what the pupil answered.
    guesses = json.loads(stored(phone) or "")["guesses"]
    assert guesses
    for triad, guess in guesses.items():
        assert sent[f"{triad}.kammerater", int(guess)] == 1
    own_guess = phone.get_by_role("region", name="Dit gæt og facit")
    expect(own_guess).to_be_hidden()
    press(teacher, "Luk for svar, og se tallene")
    facit = teacher.get_by_text("På tavlen nu: Facit")
    for _ in range(3):
        press(teacher, "Næste på tavlen")
    expect(facit).to_be_visible()
    expect(own_guess).to_be_visible(timeout=20_000)
    expect(own_guess.locator("li")).to_have_count(1)
    expect(own_guess).to_contain_text(
        re.compile(r"Du gættede \d+ ud af 12\. .+ ud af 12 svarede ja\.")
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    # A phone that slept loads its page anew, after the seats are gone.
    with phone.context.expect_page() as opened:
        phone.evaluate("void window.open('/svar')")
    again = opened.value
    expect(again.get_by_role("heading", name="Der er lukket for svar")).to_be_visible()
    expect(again.get_by_role("region", name="Dit gæt og facit")).to_be_visible()
    again.close()
    assert demo.complaints == []
    press(phone, "Færdig på denne skærm")
    expect(phone.get_by_label("Kode fra tavlen")).to_be_visible()
    assert stored(phone) is None
