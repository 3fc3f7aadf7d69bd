"""The projector in a real Chromium whose processor is slowed down.

How long until the first page can be used, until a page with a figure has drawn it, and
how long plotly takes to draw the next one.

``python -m bench.wall [--slow 4] [--runs 5]``
"""

import argparse
import json
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench import classes
from bench.advance import Teacher

FIRST_MS = 1500.0
"""First projector page usable, at a slow-down of four."""

REDRAW_MS = 100.0
"""The next figure drawn, at the same."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

READ_AHEAD = """
async () => {
  const at = document.querySelector("script[type=module]").src;
  const figure = await import(new URL("figure.mjs", at));
  await figure.load(document.querySelector("main").dataset.plotly);
  await figure.rehearse(document);
}
"""

WATCH = """
() => {
  window.drawn = [];
  const react = window.Plotly.react;
  window.Plotly.react = async (...given) => {
    const start = performance.now();
    const done = await react(...given);
    window.drawn.push(performance.now() - start);
    return done;
  };
}
"""


def measure(slow: float, runs: int) -> dict[str, object]:
    """Milliseconds, of so many runs each with a browser of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        prepared = classes.prepare(Path(folder), runs)
        path = next((found for name in NAMES if (found := shutil.which(name))), None)
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        first: list[float] = []
        whole: list[float] = []
        redraws: list[float] = []
        with classes.served(prepared.folder) as base:
            for link, session in zip(prepared.links, prepared.sessions, strict=True):
                teacher = Teacher(urlsplit(base).netloc, link, session)
                wall = f"{base}/tavle/{session.wall_key}"
                first.append(_time(browser, wall, slow, _is_ready))
                teacher.press()  # the question
                redraws += _reveal(browser, wall, slow, teacher)
                teacher.press()  # the next question
                teacher.press()  # its guesses
                whole.append(_time(browser, wall, slow, _has_figure))
        browser.close()
    return {
        "slow-down": slow,
        "first page usable": _told(first, FIRST_MS),
        "page with a figure drawn": _told(whole, FIRST_MS),
        "next figure drawn": _told(redraws, REDRAW_MS),
    }


def _is_ready(page: Page) -> None:
    page.wait_for_selector("#scene h1")


def _has_figure(page: Page) -> None:
    page.wait_for_selector(".js-plotly-plot .point")


def _time(
    browser: Browser, address: str, slow: float, ready: Callable[[Page], None]
) -> float:
    took, page = _open(browser, address, slow, ready)
    page.close()
    return took


def _open(
    browser: Browser, address: str, slow: float, ready: Callable[[Page], None]
) -> tuple[float, Page]:
    """Milliseconds from asking for a page until it is ready, and the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.context.new_cdp_session(page).send(
        "Emulation.setCPUThrottlingRate", {"rate": slow}
    )
    page.goto(address)
    ready(page)
    took = page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() =>"
        " setTimeout(() => done(performance.now()))))"
    )
    return float(took), page


def _reveal(
    browser: Browser, address: str, slow: float, teacher: Teacher
) -> list[float]:
    """Milliseconds of each figure of one behaviour, after plotly has been read."""
    _, page = _open(browser, address, slow, _is_ready)
    # What the page does in the lobby after twenty seconds.
    page.evaluate(READ_AHEAD)
    page.evaluate(WATCH)
    found: list[float] = []
    for _ in range(4):  # guesses, facit, sentence, figures
        teacher.press()
        page.wait_for_function(
            "(count) => window.drawn.length > count", arg=len(found), timeout=60_000
        )
        page.wait_for_timeout(800)
        found = page.evaluate("() => window.drawn")
    page.close()
    return found


def _told(found: list[float], limit: float) -> dict[str, float]:
    return {
        "times": len(found),
        "median ms": round(statistics.median(found), 1),
        "worst ms": round(max(found), 1),
        "limit ms": limit,
    }


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--slow", type=float, default=4)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    print(json.dumps(measure(given.slow, given.runs), indent=2))


if __name__ == "__main__":
    main()
