"""Headers and errors: exactly these, on every answer, and never a 500 in silence."""

import logging
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pejling.storage import archive
from pejling.web import access


def test_policy_allows_nothing_inline_and_no_other_host(client: FlaskClient):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


@pytest.mark.parametrize("path", ["/", "/nix", "/log-ind", "/Q/X", "/svar", "/tavle/x"])
def test_headers_stand_on_every_answer(client: FlaskClient, path: str):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nix", 404),
        ("DELETE", "/", 405),
        ("POST", "/svar", 403),
        ("GET", "/s/x/phone.css", 404),
        ("GET", "/start/x", 410),
        ("GET", "/adgang/x", 410),
        ("GET", "/Q/" + "x" * 5000, 404),
        ("GET", "/tavle/" + "é" * 40, 404),
        ("POST", "/log-ind", 400),
        ("POST", "/log-ud", 400),
    ],
)
def test_trouble_is_a_danish_page_with_its_status(
    client: FlaskClient, method: str, path: str, status: int
):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert 'lang="da"' in answer.text


def test_static_file_stays_for_good_and_nothing_else_is_reached(client: FlaskClient):
    page = client.get("/").text
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(style)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "@layer" not in answer.text
    base = style.rsplit("/", 1)[0]
    for path in (
        "../app.py",
        "css/tokens.css",
        "..%2f..%2fapp.py",
        "js/../css/base.css",
    ):
        assert client.get(f"{base}/{path}").status_code == 404


def test_unexpected_error_is_a_page_and_its_log_holds_no_answer(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    @access.public
    def broken() -> str:
        raise ValueError("canary-4711")

    app.add_url_rule("/brudt", "brudt", broken)
    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/brudt?svar=canary-4711")
    assert answer.status_code == 500
    assert "Der skete en fejl hos os" in answer.text
    assert "canary-4711" not in answer.text + caplog.text
    assert "ValueError at /brudt in broken" in caplog.text


def test_full_disk_says_that_nothing_was_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(archive, "session_by_secret", full)
    answer = app.test_client().get("/Q/X")
    assert answer.status_code == 503
    assert "Det kunne ikke gemmes" in answer.text
    assert answer.headers["Retry-After"] == "5"


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(
        ["/", "/svar", "/faerdig", "/log-ind", "/Q/X", "/start/x", "/laerer/ny/7/7a"]
    ),
    form=st.dictionaries(
        st.sampled_from(["kode", "tema", "selv", "csrf_token", "email", "til", "x"]),
        st.text(max_size=40),
    ),
    cookie=st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=60),
)
def test_nonsense_never_answers_500(app: Flask, path: str, form: dict, cookie: str):
    client = app.test_client()
    client.set_cookie("plads", cookie)
    assert client.post(path, data=form).status_code < 500
