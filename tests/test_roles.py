"""Who reaches what: every route, by role, for one's own session and a colleague's.

What a route declares is held against what it does, and the declarations against a table
that a person has read: a new route fails here until it has its line.
"""

import re

import builders
import pytest
from builders import tallies
from flask import Flask
from room import sign_in, token_of
from werkzeug.routing import Rule

from pejling.storage import accounts, schools
from pejling.storage.accounts import Role

EVERY = frozenset({"teacher", "colleague", "consultant", "board"})
LEADERS = frozenset({"teacher", "colleague", "consultant"})
OWN = frozenset({"teacher", "consultant"})
DESK = frozenset({"consultant"})

OPEN = ("public", "wall", "took_part", "class page", "seat")
"""Levels of those who do not sign in: other tests hold them (test_pupil.py,
test_projector.py, test_class_page.py, tests/privacy)."""

ALLOWED = {
    "/laerer/": LEADERS,
    "/laerer/ny": LEADERS,
    "/laerer/aarsplan": LEADERS,
    "/laerer/saet": LEADERS,
    "/laerer/planlaegning": LEADERS,
    "/laerer/<session_id>": OWN,
    "/fjern/<session_id>": OWN,
    "/tal": LEADERS,
    "/moenstre": EVERY,
    "/konto": EVERY,
    "/konsulent": DESK,
    "/styregruppe": frozenset({"consultant", "board"}),
}
"""Beginning of a route -> who reaches it; the longest that fits holds."""

VALUES = {
    "grade": "7",
    "set_id": "7a",
    "indicator_id": "cannabis_ever",
    "number": "1",
    "triad_id": "vape",
    "design": "prik",
    "topic": "vape",
    "name": "vape",
}


def table_of(rule: str) -> frozenset[str]:
    fitting = [one for one in ALLOWED if rule == one or rule.startswith(one)]
    assert fitting, f"{rule} has no line in the table"
    return ALLOWED[max(fitting, key=len)]


@pytest.fixture
def session(stores):
    """A closed session of the teacher."""
    schools.add(stores.archive, ["Åskolen"])
    return builders.closed_class(
        stores, dyr=tallies("dyr", 12, 12), vape=tallies("vape", 5, 19)
    )


@pytest.fixture
def people(app: Flask, stores, session):
    """Role -> a signed-in browser."""
    found = {
        "teacher": sign_in(app, stores, "t@example.dk", Role.TEACHER),
        "colleague": sign_in(app, stores, "c@example.dk", Role.TEACHER),
        "consultant": sign_in(app, stores, "k@example.dk", Role.CONSULTANT),
        "board": sign_in(app, stores, "b@example.dk", Role.BOARD),
    }
    owner = accounts.find(stores.archive, "t@example.dk").id
    stores.archive["session"].update(session.id, {"owner": owner})
    return found


def staff_rules(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].access[0] not in OPEN
    ]


def path_of(rule: Rule, session_id: str) -> str:
    def value(found: re.Match) -> str:
        name = found.group(1).rpartition(":")[2]
        return session_id if name == "session_id" else VALUES.get(name, "x")

    return re.sub(r"<([^>]+)>", value, rule.rule)


def test_every_page_is_reached_by_those_of_the_table(app, people, session):
    wrong = []
    for rule in staff_rules(app):
        if "GET" not in rule.methods:
            continue
        path = path_of(rule, session.id)
        # A stream would not end; who may open it is asked before it begins.
        allowed = table_of(rule.rule)
        for name, browser in people.items():
            answer = browser.get(path, buffered=False)
            answer.close()
            if (answer.status_code != 403) != (name in allowed):
                wrong.append((name, path, answer.status_code))
        nobody = app.test_client().get(path)
        if nobody.status_code != 303 or "/log-ind" not in nobody.location:
            wrong.append(("nobody", path, nobody.status_code))
    assert wrong == []


def test_every_press_is_taken_from_those_of_the_table(app, people, session):
    # Forms that are empty change nothing; who may send them is asked first.
    tokens = {name: token_of(one.get("/konto/")) for name, one in people.items()}
    wrong = []
    for rule in staff_rules(app):
        if "POST" not in rule.methods or rule.rule == "/konto/log-ud-overalt":
            continue
        path = path_of(rule, session.id)
        allowed = table_of(rule.rule)
        for name, browser in people.items():
            if name in allowed:
                continue
            answer = browser.post(path, data={"csrf_token": tokens[name]})
            if answer.status_code != 403:
                wrong.append((name, path, answer.status_code))
        page = app.test_client()
        token = token_of(page.get("/log-ind"))
        answer = page.post(path, data={"csrf_token": token})
        if answer.status_code != 303 or "/log-ind" not in answer.location:
            wrong.append(("nobody", path, answer.status_code))
    assert wrong == []


def test_declarations_say_the_same_as_the_table(app):
    names = {
        Role.TEACHER: {"teacher", "colleague"},
        Role.CONSULTANT: {"consultant"},
        Role.BOARD: {"board"},
    }
    wrong = []
    for rule in staff_rules(app):
        level, roles = app.view_functions[rule.endpoint].access
        declared = {name for role in roles for name in names[role]}
        if level in ("own session", "may move"):
            declared -= {"colleague"}
        if declared != table_of(rule.rule):
            wrong.append((rule.rule, level, sorted(declared)))
    assert wrong == []


def test_board_sees_no_class(app, people, session):
    page = people["board"].get("/styregruppe/").text
    assert "7.A" not in page
    assert session.id not in page
