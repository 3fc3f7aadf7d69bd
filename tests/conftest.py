"""The application, its client, and databases in a folder of the test's own."""

from collections.abc import Generator, Iterator
from pathlib import Path

import builders
import pages
import promised
import pytest
from flask import Flask
from flask.testing import FlaskClient
from room import Clock
from werkzeug.test import TestResponse

from pejling.app import create_app
from pejling.domain.promises import LANGUAGES
from pejling.storage.connections import Stores


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, object, object]:
    """A test that a promise rests on may not be skipped: then nothing holds it."""
    report = yield
    return promised.judged(item.nodeid, report)


class CheckedClient(FlaskClient):
    """A client that reads every page it gets as a strict reader would."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Answer as usual, after the page check."""
        answer = super().open(*args, **kwargs)
        is_page = answer.mimetype == "text/html" and answer.content_encoding is None
        if is_page and answer.data and answer.status_code != 303:
            wanted = answer.request.args.get("sprog", "da")
            lang = wanted if wanted in LANGUAGES else "da"
            pages.check(answer.get_data(as_text=True), lang)
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with builders.open_stores(tmp_path) as both:
        yield both


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Flask:
    """The application on the same databases as `stores`."""
    app = create_app(tmp_path, clock=clock, PUBLIC_URL="http://localhost")
    app.test_client_class = CheckedClient
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
