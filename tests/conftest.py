"""The application, its client, and databases in a folder of the test's own."""

from collections.abc import Generator, Iterator
from pathlib import Path

import builders
import promised
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages import CheckedClient
from room import Clock

from pejling.app import create_app
from pejling.storage.connections import Stores


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, object, object]:
    """A test that a promise rests on may not be skipped: then nothing holds it."""
    report = yield
    return promised.judged(item.nodeid, report)


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
