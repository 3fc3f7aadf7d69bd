"""Threats h: whoever has the machine, its crashes, and what people type."""

import logging
import re
import sqlite3
from html.parser import HTMLParser
from pathlib import Path

import builders
import pytest
from builders import NO, YES
from everyone import Visitor, assert_same, form_token, walk
from flask import Flask
from lessons import QUESTIONS, Answer, Lesson, Ready, counts, dump, lesson, prepare
from room import open_room

from pejling.domain import promises
from pejling.domain.sessions import LETTERS
from pejling.storage import archive, ballot_box
from pejling.storage.connections import Stores

NAME = "Emil og de 3 andre"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return prepare(tmp_path_factory.mktemp("h") / "data")


# --- "what did Emil say" --------------------------------------------------------------


def test_h1_no_file_and_no_page_knows_which_pupil_it_was(ready: Ready):
    # One of twelve says yes: the first, who is asked about, or the last. Whoever has
    # both files, and the phone with its cookie, has the same in both cases.
    stored, closed, seen = [], [], []
    phone = {
        (Visitor.PUPIL, f"pupil.{page}") for page in ("current", "start", "promise")
    }
    for who in (0, 11):
        with lesson(ready, f"yes-{who}") as running:
            running.ask()
            one = [Answer(YES if place == who else NO) for place in range(12)]
            running.answer_all([dict.fromkeys(QUESTIONS, given) for given in one])
            stored.append(dump(running.stores))
            seen.append(walk(running.there, running.session, only=phone))
            running.press("luk")
            closed.append(dump(running.stores))
    assert stored[0]["ballots.mark"] != []
    assert stored[0] == stored[1]
    assert closed[0] == closed[1]
    assert_same(*seen)


def test_h1_it_is_promised_before_a_seat_is_taken(app: Flask, stores: Stores):
    session = builders.open_class(stores)
    page = app.test_client().get(f"/Q/{session.join_secret}").text
    for part in promises.of_page("pupil"):
        assert part.said("da") in page
    assert "politiet" in page
    assert "Ingen kan finde dit svar bagefter" in page


# --- crashes --------------------------------------------------------------------------

CANARY = "kanarie-4711"


@pytest.fixture
def running(ready: Ready, request: pytest.FixtureRequest):
    with lesson(ready, f"h-{request.node.name}") as started:
        started.ask()
        yield started


def everything_said(capfd, caplog) -> str:
    out, err = capfd.readouterr()
    return out + err + caplog.text


@pytest.mark.parametrize(
    "error",
    [ValueError(CANARY), KeyError(CANARY), RuntimeError({"selv": CANARY})],
    ids=["value", "key", "runtime"],
)
def test_h2_error_while_an_answer_is_counted_says_nothing_of_it(
    running: Lesson, error: Exception, monkeypatch, capfd, caplog
):
    def breaks(_db, _seat, _triad, answers, **_):
        secret = f"{CANARY} {answers}"  # noqa: F841 - a traceback would show it
        raise error

    monkeypatch.setattr(ballot_box, "add_answers", breaks)
    form = running.form(0, "vape", Answer(YES, 3, 4)) | {"fyld": CANARY}
    heads = {"User-Agent": CANARY, "X-Forwarded-For": CANARY, "Cookie-Spor": CANARY}
    with caplog.at_level(logging.DEBUG):
        answer = running.pupils[0].post(
            f"/svar?spor={CANARY}", data=form, headers=heads
        )
    assert answer.status_code == 500
    assert CANARY not in answer.text
    said = everything_said(capfd, caplog)
    assert CANARY not in said
    assert "vape" not in said
    assert "Traceback" not in said
    assert f"{type(error).__name__} at /svar in breaks" in said


def test_h2_database_that_fails_says_nothing_of_what_it_was_given(
    running: Lesson, capfd, caplog
):
    # A trigger stands for a broken disk: the statement fails with its values bound.
    running.stores.ballots.conn.execute(
        "create trigger broken before update on tally"
        " begin select raise(abort, 'disk I/O error'); end"
    )
    with caplog.at_level(logging.DEBUG):
        form = running.form(0, "vape", Answer(YES, 3, 4))
        answer = running.pupils[0].post("/svar", data=form)
    assert answer.status_code == 503
    assert counts(running.stores) == {}
    assert {row[3] for row in dump(running.stores)["ballots.mark"]} == {0}
    said = everything_said(capfd, caplog)
    assert "database at /svar: disk I/O error" in said
    for given in ("vape", "003", "004", running.opened.id, running.tokens[0]):
        assert given not in said


def test_h2_nothing_is_debugged_nor_passed_on(app: Flask):
    assert not app.debug
    assert not app.testing
    assert not app.config["PROPAGATE_EXCEPTIONS"]
    assert not app.config["TRAP_HTTP_EXCEPTIONS"]
    assert app.test_client().get("/console").status_code == 404


# --- what people type -----------------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["school", "letter", "items", "mode", "pacing", "present", "told", "title"]
)
def test_h3_class_is_named_from_lists(app: Flask, stores: Stores, field: str):
    room = open_room(app, stores)
    page = room.teacher.get("/laerer/ny/7/7a")
    form = {
        "csrf_token": form_token(page.text),
        "items": list(room.session.triads[1:]),
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "pacing": "samlet",
        "mode": "skaerm",
    }
    room.teacher.post("/laerer/ny/7/7a", data=form | {field: NAME})
    assert NAME not in repr(dump(stores))
    assert all(one.letter in LETTERS for one in archive.sessions_of(stores.archive))


BY_THE_TEACHER = {
    "vis": ("item", "vis"),
    "andre-steder": ("item", "vis"),
    "udelad": ("item", "grund"),
    "gaa-til": ("item",),
    "til-stede": ("present",),
    "frem": ("item", "step"),
    "tilbage": ("item", "step"),
    "fjernbetjening": ("navn",),
}
"""Button of a session -> what it carries; the agreement is the one free text."""


def test_h3_nothing_typed_reaches_a_session_but_its_agreement(app, stores):
    room = open_room(app, stores)
    for where, fields in BY_THE_TEACHER.items():
        room.press(where, **dict.fromkeys(fields, NAME))
    room.press("opvarmning")
    room.press("slut")
    for where, fields in BY_THE_TEACHER.items():
        room.press(where, **dict.fromkeys(fields, NAME))
    assert NAME not in repr(dump(stores))
    assert room.press("aftale", agreement=NAME).status_code == 303
    kept = dump(stores)
    assert [table for table, rows in kept.items() if NAME in repr(rows)] == [
        "archive.agreement"
    ]
    # Beside it stands that names do not belong there.
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Skriv ingen navne" in page


class Typed(HTMLParser):
    """The controls of a page that take text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "textarea" or (
            tag == "input" and given.get("type", "text") not in ("hidden", "radio")
        ):
            self.names.add(f"{tag} {given.get('name')}")


def test_h4_pupils_have_nowhere_to_write(tmp_path: Path):
    seen: set[str] = set()
    with lesson(prepare(tmp_path / "data", 31), "typing") as running:
        pupil = running.pupils[0]
        pages = [pupil.get(f"/Q/{running.opened.join_secret}").text]
        running.ask()
        pages.append(pupil.get("/svar").text)
        for page in pages:
            seen |= Typed(page).names
        seen |= Typed(running.there.app.test_client().get("/").text).names
    # The code from the wall; above thirty pupils a number, or that one would not say.
    assert seen == {
        "input kode",
        "input andre",
        "input andre_vil_ikke",
        "input kammerater",
        "input kammerater_vil_ikke",
    }


def test_h4_text_that_is_sent_all_the_same_is_kept_nowhere(ready: Ready):
    with lesson(ready, "text") as running:
        running.ask()
        before = counts(running.stores)
        good = running.form(0, "vape", Answer(NO))
        for field in (*good, "til_stede", "kommentar", "andre_vil_ikke"):
            running.pupils[0].post("/svar", data=good | {field: NAME, "trin": "send"})
            for path in ("/", "/faerdig", f"/Q/{running.opened.join_secret}"):
                form = {"csrf_token": running.tokens[1], field: NAME}
                running.there.browsers[Visitor.NOBODY].post(path, data=form)
        assert NAME not in repr(dump(running.stores))
        # Where a field that is not asked carries it, the answer counts without it.
        assert set(counts(running.stores).values()) <= {1}
        assert before == {}


def test_h4_no_column_of_the_ballot_box_takes_free_text(stores: Stores):
    # Ids, hashes and keys are ours; the rest are whole numbers.
    rows = stores.ballots.conn.execute(
        "select distinct c.name from sqlite_schema m, pragma_table_info(m.name) c"
        " where m.type = 'table' and c.type not in ('INTEGER', 'integer')"
    )
    assert {row[0] for row in rows} == {
        *("session", "key", "triad", "token_hash", "item"),
        "n",  # three digits, and nothing else
    }
    strict = stores.ballots.conn.execute("pragma table_list").fetchall()
    ours = [row for row in strict if not re.match("_?sqlite_", row[1])]
    assert all(row[5] for row in ours if row[0] == "main")
    session = builders.open_class(stores)
    with pytest.raises(sqlite3.IntegrityError):
        stores.ballots.conn.execute(
            "insert into tally values (?, 'vape.selv', 0, ?)", [session.id, NAME]
        )
