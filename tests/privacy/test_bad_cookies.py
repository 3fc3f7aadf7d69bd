"""Forged, replayed and swapped cookies; and a copy of the data folder."""

import hashlib
import hmac
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import builders
import pytest
from builders import NO, YES
from everyone import Visitor, addresses, browser_with, form_token, get_rules, join, look
from flask import Flask
from lessons import (
    QUESTIONS,
    Answer,
    Lesson,
    Ready,
    an_app,
    counts,
    dump,
    lesson,
    prepare,
)

from pejling.domain.sessions import Pacing
from pejling.storage import ballot_box
from pejling.storage.connections import Stores


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return prepare(tmp_path_factory.mktemp("cookies") / "data", 6)


@pytest.fixture
def running(ready: Ready, request: pytest.FixtureRequest):
    with lesson(ready, request.node.name) as started:
        started.ask()
        yield started


def refused(running: Lesson, cookie: str, status: int = 403) -> None:
    """A cookie opens no page and counts nothing; what it is, no page tells.

    :raises AssertionError: if it does.
    """
    before = counts(running.stores)
    seats = ballot_box.room(running.stores.ballots, running.opened.id)
    browser = browser_with(running.there.app, {"plads": cookie})
    answer = browser.get("/svar")
    assert answer.status_code == status
    assert "fieldset" not in answer.text
    # With the token that belongs to this very cookie: that is not what stops it.
    token = form_token(browser.get("/").text)
    form = running.form(0, "vape", Answer(YES)) | {"csrf_token": token}
    assert browser.post("/svar", data=form).status_code == status
    assert counts(running.stores) == before
    assert ballot_box.room(running.stores.ballots, running.opened.id) == seats


# --- forged ---------------------------------------------------------------------------


def _hash(running: Lesson, place: int = 0) -> str:
    rows = running.stores.ballots.conn.execute("select token_hash from seat")
    return str(sorted(row[0] for row in rows)[place])


def _token(ready: Ready, place: int) -> str:
    return ready.pupils[place]["plads"].partition(".")[2]


FORGERIES: dict[str, Callable[[Lesson, Ready], str]] = {
    "random": lambda running, _: secrets.token_hex(16),
    "hash": lambda running, _: _hash(running),
    "half of a hash": lambda running, _: _hash(running)[:32],
    "hash of a hash": lambda running, _: hashlib.sha256(
        _hash(running).encode()
    ).hexdigest()[:32],
    "token in capitals": lambda _, ready: _token(ready, 1).upper(),
    "token and a half": lambda _, ready: _token(ready, 1) + _token(ready, 2)[:16],
    "all": lambda running, _: "%",
    "sql": lambda running, _: "' or 1=1 --" + "a" * 21,
    "nothing": lambda running, _: "",
}


def test_forged_seat_is_none(running: Lesson, ready: Ready):
    for forge in FORGERIES.values():
        refused(running, f"{running.opened.id}.{forge(running, ready)}")


def test_seat_of_another_session_is_none(running: Lesson, ready: Ready):
    other = builders.open_class(running.stores, 6)
    stranger = join(running.there.app, other)
    cookie = stranger.get_cookie("plads").value
    token = cookie.partition(".")[2]
    # Its own session asks nothing yet; with this session's name on it, it is nobody's.
    refused(running, f"{running.opened.id}.{token}")
    # And the other way round.
    moved = browser_with(running.there.app, {"plads": f"{other.id}.{_token(ready, 1)}"})
    assert moved.get("/svar").status_code == 403


def test_seat_under_the_name_of_https_is_none_without_it(running: Lesson, ready: Ready):
    browser = browser_with(
        running.there.app, {"__Host-plads": ready.pupils[0]["plads"]}
    )
    assert browser.get("/svar").status_code == 403


# --- replayed -------------------------------------------------------------------------


@pytest.mark.parametrize("pacing", list(Pacing))
def test_cookie_that_comes_back_after_the_end_opens_nothing(
    tmp_path: Path, pacing: Pacing
):
    ready = prepare(tmp_path / "data", 6, pacing)
    with lesson(ready, "over") as running:
        running.ask()
        for pupil in range(6):
            running.send(pupil, "vape", Answer(NO))
        running.press("slut")
        before = dump(running.stores)
        for cookies in ready.pupils:
            refused(running, cookies["plads"], 409)
        assert dump(running.stores) == before


def test_cookie_that_comes_back_after_beginning_afresh_opens_nothing(ready: Ready):
    with lesson(ready, "afresh") as running:
        running.press("forfra")
        running.ask()
        refused(running, ready.pupils[0]["plads"])


def test_cookie_that_comes_back_after_leaving_finds_no_answer(
    running: Lesson, ready: Ready
):
    # Leaving deletes the cookie in the browser. Who kept a copy is that pupil still,
    # and finds what is still to answer; nothing of what was sent, and no second vote.
    for triad in QUESTIONS[:2]:
        running.send(0, triad, Answer(YES, 3, 4))
    pupil = running.pupils[0]
    left = pupil.post("/faerdig", data={"csrf_token": running.tokens[0]})
    assert left.status_code == 303
    assert pupil.get("/svar").status_code == 403
    before = counts(running.stores)
    copy = browser_with(running.there.app, ready.pupils[0])
    page = copy.get("/svar").text
    assert f'value="{QUESTIONS[2]}"' in page
    assert "checked" not in page
    form = running.form(0, "vape", Answer(NO, 1, 1))
    assert copy.post("/svar", data=form).status_code == 303
    assert counts(running.stores) == before


# --- swapped --------------------------------------------------------------------------


def test_staff_have_no_seat(running: Lesson):
    for visitor in (Visitor.TEACHER, Visitor.CONSULTANT, Visitor.BOARD, Visitor.REMOTE):
        browser = running.there.browsers[visitor]
        assert browser.get("/svar").status_code == 403
        form = running.form(0, "vape", Answer(YES))
        form["csrf_token"] = form_token(browser.get("/").text)
        assert browser.post("/svar", data=form).status_code == 403
    assert counts(running.stores) == {}


def test_pupils_cookie_opens_no_page_of_staff(running: Lesson, ready: Ready):
    # Also under the name of the staff's cookie, and with the staff's token.
    cookie = ready.pupils[0]["plads"]
    app = running.there.app
    pupils = [running.pupils[0], browser_with(app, {"personale": cookie})]
    staff_token = form_token(running.teacher.get("/laerer/").text)
    before = dump(running.stores)
    levels = {"staff", "own session", "may move"}
    asked = 0
    for rule, address in addresses(app, running.opened):
        if app.view_functions[rule.endpoint].access[0] in levels:
            asked += 1
            assert {pupil.get(address).status_code for pupil in pupils} <= {303, 403}
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    for rule in posts:
        if app.view_functions[rule.endpoint].access[0] in levels:
            path = rule.rule.replace("<session_id>", running.opened.id)
            path = path.replace("<int:grade>", "7").replace("<set_id>", "7a")
            path = path.replace("<int:number>", "1")
            data = {"csrf_token": staff_token, "version": str(running.session.version)}
            for pupil in pupils:
                answer = pupil.post(path, data=data)
                assert answer.status_code in (303, 400, 403), path
                assert "/log-ind" in answer.headers.get("Location", "/log-ind")
            asked += 1
    assert asked > 60
    assert dump(running.stores) == before


def test_colleague_and_board_move_nothing(running: Lesson):
    before = dump(running.stores)
    for visitor in (Visitor.COLLEAGUE, Visitor.BOARD):
        browser = running.there.browsers[visitor]
        token = form_token(browser.get("/moenstre").text)
        for rule in running.there.app.url_map.iter_rules():
            if "POST" in rule.methods and "<session_id>" in rule.rule:
                path = rule.rule.replace("<session_id>", running.opened.id)
                data = {"csrf_token": token, "version": str(running.session.version)}
                assert browser.post(path, data=data).status_code in (400, 403), path
    assert dump(running.stores) == before


def test_signed_cookie_of_another_server_opens_nothing(running: Lesson, tmp_path: Path):
    # The same account there; the key is another.
    other = prepare(tmp_path / "other", 6)
    cookies = other.cookies[Visitor.TEACHER]
    browser = browser_with(running.there.app, cookies)
    assert browser.get("/laerer/").status_code == 303
    assert browser.get(f"/laerer/{running.opened.id}").status_code == 303


# --- a copy of the folder -------------------------------------------------------------

HELD = {
    "asked": {"session", "triad", "is_open"},
    "mark": {"session", "triad", "token_hash", "is_sent"},
    "poll": {"session", "key", "seats", "revision", "is_asking", "freed"},
    "seat": {"session", "token_hash"},
    "shown": {"session", "item", "option", "n"},
    "slip": {"token_hash", "session"},
    "tally": {"session", "item", "option", "n"},
}
"""All that an open session leaves in the ballot box (docs/privacy.md, "Storage")."""


def test_copy_of_the_folder_holds_option_counters_and_no_answer_of_a_seat(
    running: Lesson, ready: Ready, tmp_path: Path
):
    # Two say yes, four no; two guess 5. Whoever copies the folder meanwhile, and has a
    # pupil's cookie and the session's key besides, learns what that seat has sent and
    # how many chose each option.
    for pupil in range(6):
        guess = 5 if pupil < 2 else 3
        running.send(pupil, "vape", Answer(YES if pupil < 2 else NO, guess, guess))
    copied = tmp_path / "copy"
    shutil.copytree(running.folder, copied)
    with closing(sqlite3.connect(copied / "ballot_box.db")) as db:
        rows = {
            table: db.execute(f"select * from {table}").fetchall()  # noqa: S608 - ours
            for table in HELD
        }
        columns = {
            table: {row[1] for row in db.execute(f"pragma table_info({table})")}
            for table in HELD
        }
        tables = db.execute("select name from sqlite_schema where type = 'table'")
        assert {row[0] for row in tables} == set(HELD)
    assert columns == HELD
    session = running.opened.id
    key = next(row[1] for row in rows["poll"])
    token = ready.pupils[0]["plads"].partition(".")[2]
    seat = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
    of_seat = {
        table: [row for row in found if seat in row] for table, found in rows.items()
    }
    assert {table for table, found in of_seat.items() if found} == {"seat", "mark"}
    assert of_seat["seat"] == [(session, seat)]
    sent = {triad for _, triad, _, is_sent in of_seat["mark"] if is_sent}
    assert sent == {"vape"}
    counted = {(item, option): int(n) for _, item, option, n in rows["tally"]}
    assert {where: n for where, n in counted.items() if n} == {
        ("vape.andre", 3): 4,
        ("vape.andre", 5): 2,
        ("vape.kammerater", 3): 4,
        ("vape.kammerater", 5): 2,
        ("vape.selv", NO): 4,
        ("vape.selv", YES): 2,
    }
    assert rows["shown"] == rows["slip"] == []
    # A server on the copy, asked with the pupil's own cookie, tells no answer either.
    page = browser_with(an_app(copied), ready.pupils[0]).get("/svar").text
    assert f'value="{QUESTIONS[1]}"' in page
    assert "checked" not in page


def test_copy_is_the_same_whoever_of_the_class_gave_which_answer(ready: Ready):
    copies = []
    for name, yes in (("one", 0), ("other", 5)):
        with lesson(ready, f"copied-{name}") as running:
            running.ask()
            for pupil in range(6):
                running.send(pupil, "vape", Answer(YES if pupil == yes else NO))
            copies.append(dump(running.stores))
    assert copies[0] == copies[1]


def test_cookies_that_do_not_belong_are_answered_as_nobodys(app: Flask, stores: Stores):
    # Long, odd and broken ones, on every page that anybody may read.
    app.test_client_class = None
    session = builders.open_class(stores)
    odd = ["x" * 4000, "a.b.c", ".", "\u00e6\u00f8", '"', "%00", session.id]
    for value in odd:
        browser = app.test_client()
        for name in ("plads", "personale", "__Host-plads"):
            browser.set_cookie(name, value)
        for rule in get_rules(app):
            if not rule.arguments:
                status, _ = look(browser, rule.rule)
                # Without a provider of sign-ins its pages are not there.
                is_off = status == 404 and rule.endpoint.startswith("oidc.")
                assert is_off or status in (200, 303, 403), (rule.rule, value)
