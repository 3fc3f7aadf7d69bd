"""A real server, a real browser; both stop by themselves."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from pejling import server

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI);
});
"""


@dataclass
class Demo:
    """A running demo: its links, and everything its pages complained about."""

    links: dict[str, str]
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, "Chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def demo() -> Iterator[Demo]:
    port = str(server.free_port())
    words = [sys.executable, "-m", "pejling", "demo", "--port", port, "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield Demo(json.loads(process.stdout.readline()))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def show_html(page: Page, app: Flask, path: str) -> dict[str, str]:
    """Let a page load from an application that no server runs.

    :return: put the document of ``path`` under "html"; the rest comes from the app.
    """
    shown = {"html": ""}

    def answer(route: Route) -> None:
        asked = route.request.url.removeprefix("http://pejling.test")
        if asked == path:
            route.fulfill(body=shown["html"], content_type="text/html; charset=utf-8")
            return
        found = app.test_client().get(asked)
        route.fulfill(body=found.data, content_type=found.content_type)

    page.route("**/*", answer)
    return shown


def new_context(browser: Browser, demo: Demo, **options: object) -> BrowserContext:
    """A browser of its own that writes down what it complains about and asks for."""
    context = browser.new_context(**options)
    context.add_init_script(WATCH)
    context.on("request", lambda one: demo.hosts.add(one.url.split("/")[2]))
    return context


def watched(context: BrowserContext, demo: Demo) -> Page:
    """A page whose errors end up in the demo's complaints."""
    page = context.new_page()

    def heard(message: object) -> None:
        if message.type in ("error", "warning"):
            demo.complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: demo.complaints.append(str(error)))
    return page
