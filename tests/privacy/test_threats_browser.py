"""Threats f4 and g1, which need a real browser: what stays on a screen, and what a
neighbour sees of it.
"""

import base64
import importlib.util
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import ModuleType

import builders
import pytest
from lessons import an_app
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from pejling import server
from pejling.domain.sessions import Session
from pejling.storage import archive
from pejling.storage.connections import Stores

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}

CHANGED = """
async (pictures) => {
  const [one, other] = await Promise.all(pictures.map(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: picture.width, height: picture.height });
    const drawn = canvas.getContext("2d");
    drawn.drawImage(picture, 0, 0);
    return drawn.getImageData(0, 0, picture.width, picture.height).data;
  }));
  let changed = 0;
  for (let at = 0; at < one.length; at += 4) {
    changed += [0, 1, 2].some((part) => one[at + part] !== other[at + part]);
  }
  return 4 * changed / one.length;
}
"""
"""The share of pixels that are not the same in two pictures."""


def _tools() -> ModuleType:
    """The browser tests' own tools, whose module is called as every conftest is."""
    path = Path(__file__).parents[1] / "browser" / "conftest.py"
    spec = importlib.util.spec_from_file_location("browser_tools", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = _tools()


@pytest.fixture(scope="module")
def in_browser() -> Iterator[Callable[..., None]]:
    """Runs a function with a browser, in a thread of its own.

    Playwright runs once in a thread, and the browser tests have theirs for as long as
    all tests run.
    """
    path = next((one for name in tools.NAMES if (one := shutil.which(name))), None)
    assert path, "Chromium is missing: make test installs it"
    running = sync_playwright()
    with ThreadPoolExecutor(1) as thread:

        def start() -> Browser:
            chromium = running.start().chromium
            return chromium.launch(executable_path=path, args=tools.FLAGS)

        browser = thread.submit(start).result()

        def run(work: Callable[..., None], *values: object) -> None:
            thread.submit(work, browser, *values).result()

        yield run
        thread.submit(browser.close).result()
        thread.submit(running.__exit__, None, None, None).result()


class Quiet(WSGIRequestHandler):
    """Answers without a log."""

    def log(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Class:
    """A class of twelve in its warm-up, at a server in this process."""

    base: str
    session: Session
    stores: Stores

    def go_on(self) -> None:
        """The teacher's press."""
        builders.go_on(
            self.stores, archive.session(self.stores.archive, self.session.id)
        )


@pytest.fixture
def the_class(tmp_path: Path) -> Iterator[Class]:
    port = server.free_port()
    base = f"http://127.0.0.1:{port}"
    app = an_app(tmp_path, PUBLIC_URL=base)
    with builders.open_stores(tmp_path) as stores:
        session = builders.open_class(stores, 12)
        serving = make_server(
            "127.0.0.1", port, app, threaded=True, request_handler=Quiet
        )
        thread = Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield Class(base, session, stores)
        finally:
            serving.shutdown()
            thread.join()
            serving.server_close()


# --- a pupil's hands ------------------------------------------------------------------


def come_in(browser: Browser, the_class: Class, heard: object) -> Page:
    """A phone with a seat, at the first question of the warm-up."""
    context = tools.new_context(browser, heard, **PHONE)
    phone = tools.watched(context, heard)
    phone.set_default_timeout(20_000)
    phone.goto(f"{the_class.base}/Q/{the_class.session.join_secret}")
    phone.get_by_role("button", name="Jeg er med").click()
    expect(phone.locator("main")).to_contain_text("Du er med")
    the_class.go_on()
    phone.goto(f"{the_class.base}/svar")
    expect(phone.locator("fieldset")).to_have_count(3)
    return phone


def choose(phone: Page, name: str, value: str) -> None:
    """Tap one choice of a question."""
    choice = phone.locator(f"input[name={name}][value='{value}']")
    choice.locator("xpath=ancestor::label").click()
    expect(choice).to_be_checked()


def answer(phone: Page) -> None:
    """Guess 11 and 7, and say the first there is."""
    for fieldset in phone.locator("fieldset").all():
        name = fieldset.locator("input").first.get_attribute("name") or ""
        choose(phone, name, {"andre": "011", "kammerater": "007"}.get(name, "000"))
    phone.get_by_role("button", name="Se dine svar igennem").click()
    expect(phone.get_by_role("heading", name="Passer det?")).to_be_visible()
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_role("heading", name="Passer det?")).to_have_count(0)


def go(phone: Page, where: str) -> None:
    """Back or forward; a page that may not be kept is an error page of the browser."""
    with suppress(Error):
        getattr(phone, f"go_{where}")(wait_until="load")


def assert_nothing_chosen(phone: Page) -> None:
    """No choice can be read on the screen, nor out of what is hidden on it."""
    assert phone.locator("input:checked").count() == 0
    assert phone.locator(".recap").count() == 0
    hidden = phone.locator("input[type=hidden]").evaluate_all(
        "all => all.map((one) => one.name).filter((name) => name !== 'csrf_token')"
    )
    assert set(hidden) <= {"tema", "pejling"}
    assert "?" not in phone.url


# --- f4 and g1 ------------------------------------------------------------------------


def test_f4_back_after_sending_shows_no_choice(in_browser, the_class: Class):
    heard = tools.Demo({})

    def look_back(browser: Browser) -> None:
        phone = come_in(browser, the_class, heard)
        answer(phone)
        expect(phone.locator("main")).to_contain_text("Tak, det er sendt")
        for where in (*["back"] * 4, *["forward"] * 4):
            assert_nothing_chosen(phone)
            go(phone, where)
        assert_nothing_chosen(phone)
        phone.context.close()

    in_browser(look_back)
    assert heard.hosts == {the_class.base.partition("//")[2]}


def test_f4_finished_on_this_screen_leaves_nothing_to_the_next_pupil(
    in_browser, the_class: Class
):
    heard = tools.Demo({})

    def leave(browser: Browser) -> None:
        phone = come_in(browser, the_class, heard)
        answer(phone)
        the_class.go_on()
        phone.goto(f"{the_class.base}/svar")
        while phone.locator("fieldset").count():
            answer(phone)
        (cookie,) = phone.context.cookies()
        assert (cookie["name"], cookie["expires"]) == ("plads", -1)
        assert cookie["httpOnly"]
        # What the tab keeps are guesses about the class, and no own answer.
        assert "selv" not in phone.evaluate("JSON.stringify(sessionStorage)")
        phone.get_by_role("button", name="Færdig på denne skærm").click()
        expect(phone.get_by_label("Kode fra tavlen")).to_be_visible()
        # The start page has given the next pupil another number, without a seat.
        (fresh,) = phone.context.cookies()
        assert fresh["value"].startswith(".")
        assert fresh["value"] not in cookie["value"]
        phone.wait_for_function("sessionStorage.length + localStorage.length === 0")
        assert "Fortsæt" not in phone.locator("main").inner_text()
        for _ in range(3):
            go(phone, "back")
            assert_nothing_chosen(phone)
        phone.goto(f"{the_class.base}/svar")
        expect(phone.locator("main")).to_contain_text("Du er ikke med endnu")
        phone.context.close()

    in_browser(leave)
    assert heard.hosts == {the_class.base.partition("//")[2]}


def test_g1_neighbour_cannot_tell_yes_from_no(in_browser, the_class: Class):
    heard = tools.Demo({})

    def compare(browser: Browser) -> None:
        phone = come_in(browser, the_class, heard)
        pictures = []
        for value in ("000", "001", "999"):
            choose(phone, "selv", value)
            phone.mouse.move(5, 5)
            picture = phone.screenshot(animations="disabled")
            pictures.append(base64.b64encode(picture).decode())
        empty = browser.new_page()
        for other in pictures[1:]:
            share = empty.evaluate(CHANGED, [pictures[0], other])
            assert 0 < share < 0.02, f"{share:.2%}"
        empty.close()
        phone.context.close()

    in_browser(compare)
