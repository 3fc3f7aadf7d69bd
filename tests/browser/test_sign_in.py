"""A real Chromium signs in by a certified provider on another site, and comes back.

The application is on localhost and the provider on 127.0.0.1: to a browser two sites,
so that the cookies' SameSite and the policy's form-action count as they will.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import builders
import pytest
from conftest import WATCH
from playwright.sync_api import Browser, Page
from providers import PEOPLE, app_with, certified
from room import Clock
from test_access import violations
from werkzeug.serving import make_server

from pejling.server import free_port
from pejling.storage import accounts, schools
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores

pytestmark = pytest.mark.browser


@dataclass
class Place:
    """A running Pejling with a provider, and its databases."""

    base: str
    stores: Stores
    clock: Clock


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    base = f"http://localhost:{free_port()}"
    clock = Clock()
    clock.now = time.time()  # the provider's own
    with (
        certified(PEOPLE, f"{base}/log-ind/faelles/retur", base) as issuer,
        builders.open_stores(tmp_path) as stores,
    ):
        schools.add(stores.archive, ["Åskolen"])
        app = app_with(tmp_path, clock, issuer, PUBLIC_URL=base)
        port = int(base.rpartition(":")[2])
        server = make_server("localhost", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield Place(base, stores, clock)
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def go_through(page: Page, who: str) -> None:
    """Press the button, and say at the provider who one is."""
    page.get_by_role("link", name="Log ind med kommunens login").click()
    page.get_by_label("Who").fill(who)
    page.get_by_role("button", name="Go").click()


def test_there_and_back_with_the_cookies_of_a_real_browser(page: Page, place: Place):
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.goto(f"{place.base}/laerer/aarsplan")
    go_through(page, "anna")
    page.wait_for_url("**/laerer/aarsplan")
    kept = {one["name"]: one["sameSite"] for one in page.context.cookies(place.base)}
    assert kept == {"personale": "Strict"}
    page.get_by_role("link", name="anna@skole.dk").click()
    assert page.get_by_text("som Anna Andersen").is_visible()
    assert violations(page, "own account") == []
    # Out here, and then there: the next one is asked who it is.
    page.get_by_role("button", name="Log ud", exact=True).click()
    page.get_by_role("link", name="log ud af kommunens login").click()
    page.get_by_role("button", name="Out").click()
    page.wait_for_url(f"{place.base}/log-ind")
    go_through(page, "karl")
    page.wait_for_url("**/laerer/")
    assert [one for one in said if "CSP" in one or "Content Security" in one] == []


def test_second_time_the_provider_asks_nothing(page: Page, place: Place):
    page.goto(f"{place.base}/log-ind")
    go_through(page, "anna")
    page.wait_for_url("**/laerer/")
    page.context.clear_cookies(name="personale")
    page.goto(f"{place.base}/log-ind")
    page.get_by_role("link", name="Log ind med kommunens login").click()
    page.wait_for_url("**/laerer/")


def test_link_of_a_consultant_is_redeemed_in_a_real_browser(page: Page, place: Place):
    db = place.stores.archive
    invited = accounts.add(db, "a.andersen@skole.dk", Role.TEACHER)
    token = accounts.new_link(db, Purpose.PASSWORD, invited, place.clock.now)
    page.goto(f"{place.base}/adgang/{token}")
    assert violations(page, "link") == []
    go_through(page, "anna")
    page.wait_for_url("**/laerer/")
    assert accounts.get(db, invited.id).has_identity


def test_pages_of_it_shut_nobody_out(page: Page, place: Place):
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for path in ("", "?ud=1", "/faelles/retur", "/faelles/videre?skole=1"):
                page.goto(f"{place.base}/log-ind{path}")
                found += violations(page, f"{path} at {width}, {scheme}")
    page.goto(f"{place.base}/log-ind")
    go_through(page, "elev")
    page.get_by_role("alert").wait_for()
    found += violations(page, "refused")
    assert found == []
