"""Everybody who may look, every address there is to look at, and what they saw.

A walk asks each GET route of ``app.url_map`` as each visitor. Two walks over the same
data folder, with the same browsers, give the same text; what is random by design and
therefore left out is listed at ``RANDOM`` and ``OWN_HEADERS``. So where two folders
differ in counters only, a difference between two walks is a leak.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from io import BytesIO
from zipfile import ZipFile

from builders import NOW
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from pejling.domain.sessions import Session
from pejling.output.poster import Design
from pejling.storage import accounts, class_pages, remotes, tokens
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores
from pejling.web import seats


class Visitor(StrEnum):
    """Who looks; whoever has the projector's address is among them all."""

    NOBODY = "nobody"
    PUPIL = "pupil"
    TEACHER = "teacher"
    COLLEAGUE = "colleague"
    CONSULTANT = "consultant"
    BOARD = "board"
    REMOTE = "remote"


STAFF: Mapping[Visitor, tuple[str, Role]] = {
    Visitor.TEACHER: ("lærer@example.dk", Role.TEACHER),
    Visitor.COLLEAGUE: ("kollega@example.dk", Role.TEACHER),
    Visitor.CONSULTANT: ("konsulent@example.dk", Role.CONSULTANT),
    Visitor.BOARD: ("styregruppe@example.dk", Role.BOARD),
}
"""Accounts; the first is the owner of every session that ``builders`` opens."""

RANDOM = (
    # The staff's form token: signed with the second it was made in.
    (re.compile(r'="I[\w-]{20,}\.[\w-]{6}\.[\w-]{27}"'), '="token"'),
    # A waiting phone asks again after 3 to 5 seconds, so that a class spreads.
    (re.compile(r'(data-seconds="|http-equiv="refresh" content=")[3-5]"'), r'\1"'),
)
"""Of a page, what is random by design."""

OWN_HEADERS = {"Set-Cookie", "Content-Length", "Date"}
"""Of an answer, what is random by design, or follows from the page."""

NOT_WALKED: Mapping[str, str] = {
    "/s/<version>/<path:name>": "files of the program, read at start, for all the same",
    "/logo/<digest>": "the kommune's own picture, the same for all",
    "/start/<token>": "opens only while there is no account: then there is no session",
    "/konto/totrin": "a new secret each time it is asked for; nothing of any session",
    "/adgang/<token>": "signs in and leads on; each kind of account walks by itself",
}
"""Routes that no walk takes, and why that hides nothing."""

QUERIES: Mapping[str, Sequence[str]] = {
    "teacher.lead": ("?mangler=1",),
    "remote.page": ("?mangler=1",),
    "teacher.download": ("?form=komma",),
    "takeaway.printed": ("?papir=a3",),
    "takeaway.picture": ("?hent=1",),
    "figures.page": ("?aargang=7",),
    "opening.overview": ("?side=2",),
    "consultant.overview": ("?side=2",),
    "school_pages.covered": ("?aar=2025",),
    "bookings.page": ("?maaned=2026-11",),
    "opening.prepare": ("?planlagt=1",),
    "curriculum.one_set": ("?aargang=7&maaned=2026-11",),
    "pupil.promise": ("?sprog=en",),
    "information.data": ("?sprog=en",),
    "information.letter": ("?sprog=en",),
    "kommune_pages.roed_page": ("?gemt=1",),
    "summary.choose": ("?valgt=1&fund=vape", "?valgt=1"),
    "summary.printed": ("?sprog=en",),
    "summary.for_word": ("?sprog=en",),
}
"""Endpoint -> queries that its first address is asked with as well."""

IN_THE_ROOM = {
    (Visitor.NOBODY, "projector.show"),
    (Visitor.NOBODY, "projector.state"),
    (Visitor.NOBODY, "projector.stream"),
    (Visitor.TEACHER, "projector.show"),
    (Visitor.TEACHER, "teacher.lead"),
    (Visitor.TEACHER, "teacher.stream"),
    (Visitor.TEACHER, "opening.overview"),
    (Visitor.REMOTE, "remote.page"),
    (Visitor.REMOTE, "remote.stream"),
    (Visitor.CONSULTANT, "consultant.overview"),
    (Visitor.CONSULTANT, "teacher.lead"),
    (Visitor.PUPIL, "pupil.current"),
}
"""Who looks at a class that answers, and where."""

OWN_SET = "egen"
"""Id of a draft of the kommune's own (:func:`planted.add_own_set`)."""

Seen = dict[tuple[str, str], str]
"""(visitor, address) -> all that was answered."""


@dataclass(frozen=True)
class Building:
    """An application, its databases, and a browser for each visitor."""

    app: Flask
    stores: Stores
    browsers: Mapping[Visitor, FlaskClient]


# --- coming in ------------------------------------------------------------------------


def gather(app: Flask, stores: Stores) -> dict[Visitor, FlaskClient]:
    """Staff, each signed in by a link, and a browser that is nobody's."""
    app.test_client_class = None  # pages are not read here, they are compared
    browsers = {Visitor.NOBODY: app.test_client()}
    browsers[Visitor.NOBODY].get("/")
    for visitor, (email, role) in STAFF.items():
        account = accounts.find(stores.archive, email)
        account = account or accounts.add(stores.archive, email, role)
        token = accounts.new_link(stores.archive, Purpose.SIGN_IN, account, NOW)
        browsers[visitor] = app.test_client()
        assert browsers[visitor].get(f"/adgang/{token}").status_code == 303
        browsers[visitor].get("/moenstre")  # has a form: the cookie gets its token
    return browsers


def add_remote(app: Flask, stores: Stores, session: Session) -> FlaskClient:
    """A phone that moves the session."""
    token = remotes.invite(stores.archive, session.id, NOW)
    phone = app.test_client()
    data = {"csrf_token": form_token(phone.get(f"/F/{token}").text)}
    assert phone.post(f"/F/{token}", data=data).status_code == 303
    phone.get("/")  # so that it has all the cookies that it may come to have
    return phone


def join(app: Flask, session: Session) -> FlaskClient:
    """A pupil's browser that has scanned the QR and pressed the button."""
    pupil = app.test_client()
    where = f"/Q/{session.join_secret}"
    data = {"csrf_token": form_token(pupil.get(where).text)}
    assert pupil.post(where, data=data).status_code == 303
    return pupil


def form_token(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def cookies_of(browser: FlaskClient) -> dict[str, str]:
    """The cookies of a browser, to be put into another."""
    found = {name: browser.get_cookie(name) for name in ("plads", "personale")}
    return {name: cookie.value for name, cookie in found.items() if cookie}


def browser_with(app: Flask, cookies: Mapping[str, str]) -> FlaskClient:
    """A browser that holds these cookies."""
    browser = app.test_client()
    for name, value in cookies.items():
        browser.set_cookie(name, value)
    return browser


# --- addresses ------------------------------------------------------------------------


def arguments(app: Flask, session: Session) -> dict[str, Sequence[str]]:
    """Argument of a route -> the values that lead to a session, or to a page."""
    with app.test_request_context():
        proof = seats.facit_path(session).rpartition("/")[2]
    nothing = "A" * 26  # a secret, a slip, an invitation that there never was
    return {
        "session_id": [session.id],
        "key": [session.wall_key],
        "proof": [proof],
        "page_key": [page_key(session)],
        "secret": [session.join_secret or nothing],
        "slip": [nothing],
        "token": [nothing],
        "triad_id": [*session.triads, "nix"],
        "design": [*Design],
        "grade": ["7"],
        "set_id": ["7a"],
        "own_id": [OWN_SET],
        "indicator_id": ["vape_last_30d"],
        "number": ["1"],
    }


def page_key(session: Session) -> str:
    """What the link to a class's page holds here: random, anywhere else."""
    return f"{session.id:A<26}".upper()


def open_page(stores: Stores, session: Session) -> None:
    """A page of the class with all its triads on it, behind :func:`page_key`."""
    db = stores.archive
    class_pages.release(db, session.id, session.triads, "2099-07-31", 1, NOW)
    mark = tokens.digest(page_key(session))
    db["class_page"].update(session.id, {"token_hash": mark})


def get_rules(app: Flask) -> list[Rule]:
    """Every route that may be read."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def addresses(
    app: Flask,
    session: Session,
    extra: Mapping[str, Sequence[str]] | None = None,
    endpoints: Collection[str] = (),
) -> Iterator[tuple[Rule, str]]:
    """Every route with every address of it that a session has.

    :param extra: more values of some arguments.
    :param endpoints: only these, where some are given.
    :raises KeyError: naming an argument that nobody has thought about.
    """
    values = arguments(app, session) | dict(extra or {})
    for rule in get_rules(app):
        if rule.rule in NOT_WALKED or (endpoints and rule.endpoint not in endpoints):
            continue
        names = sorted(rule.arguments)
        first = tuple(values[name][0] for name in names)
        for chosen in itertools.product(*(values[name] for name in names)):
            path = rule.rule
            for name, value in zip(names, chosen, strict=True):
                path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
            yield rule, path
            if chosen == first:
                for query in QUERIES.get(rule.endpoint, ()):
                    yield rule, path + query


# --- looking --------------------------------------------------------------------------


def look(browser: FlaskClient, address: str, method: str = "GET") -> tuple[int, str]:
    """The status of an answer, and all of the answer that is not random."""
    answer = browser.open(address, method=method)
    body = _body(answer)
    for pattern, replacement in RANDOM:
        body = pattern.sub(replacement, body)
    heads = [
        f"{name}: {value}"
        for name, value in sorted(answer.headers)
        if name not in OWN_HEADERS
    ]
    answer.close()
    return answer.status_code, "\n".join([answer.status, *heads, "", body])


def _body(answer: TestResponse) -> str:
    if answer.mimetype == "text/event-stream":
        # How to come back, then the version; the rest would be waiting.
        lines = iter(answer.response)
        return "".join(bytes(next(lines)).decode() for _ in range(2))
    body = answer.get_data()
    if body.startswith(b"PK"):
        # A word processor's file holds the second it was made in; not its content.
        with ZipFile(BytesIO(body)) as parts:
            return "".join(f"{one}: {parts.read(one)!r}" for one in parts.namelist())
    return body.decode("utf-8")


def walk(
    there: Building,
    session: Session,
    *,
    extra: Mapping[str, Sequence[str]] | None = None,
    only: Collection[tuple[Visitor, str]] = (),
    reached: set[str] | None = None,
) -> Seen:
    """Every address as every visitor.

    Who is refused one address of a route is not asked for its others: who may call it
    is declared for the route. And where a route has many, the first who is let in asks
    for all of them, and every other one for the first.

    :param only: these visitors at these endpoints, where some are given.
    :param reached: takes the rules that somebody got a page from.
    """
    seen: Seen = {}
    done: set[tuple[str, str]] = set()
    let_in: dict[str, str] = {}
    endpoints = {endpoint for _, endpoint in only}
    with nullcontext() if only else _watched(there.app, session):
        for rule, address in addresses(there.app, session, extra, endpoints):
            for visitor, browser in there.browsers.items():
                if only and (visitor, rule.endpoint) not in only:
                    continue
                if (visitor, rule.rule) in done:
                    continue
                status, seen[visitor, address] = look(browser, address)
                assert status < 500, f"{visitor} {address}: {status}"
                is_refused = status in (303, 403)
                if is_refused or let_in.setdefault(rule.rule, visitor) != visitor:
                    done.add((visitor, rule.rule))
                if status == 200 and reached is not None:
                    reached.add(rule.rule)
    return seen


@contextmanager
def _watched(app: Flask, session: Session) -> Iterator[None]:
    """One open stream: the hub knows the version, and no other waits for its turn."""
    with closing(app.extensions["live"].events(session.id)) as events:
        next(events)
        next(events)
        yield


def differences(one: Seen, other: Seen) -> list[tuple[str, str]]:
    """Where two walks saw something else, or only one of them saw anything."""
    return [
        where
        for where in one.keys() | other.keys()
        if one.get(where) != other.get(where)
    ]


def assert_same(one: Seen, other: Seen) -> None:
    """Two walks saw the same, everywhere.

    :raises AssertionError: with where they differ, and how in the first place.
    """
    found = sorted(differences(one, other))
    if found:
        first = found[0]
        lines = unified_diff(
            one.get(first, "").splitlines(),
            other.get(first, "").splitlines(),
            lineterm="",
            n=0,
        )
        words = "\n".join(itertools.islice(lines, 40))
        places = "\n".join(" ".join(where) for where in found[:20])
        raise AssertionError(f"{len(found)} differ:\n{places}\n\n{words}")
