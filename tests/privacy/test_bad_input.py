"""Odd values in every field of every form, and methods that nobody asked for.

Nothing that is sent may make a 5xx, and nothing but a pupil's answer and a teacher's
whole tally may change a count. Each route that takes a post stands in ``POSTS`` with
a form that it would accept; a new one is thought about before the tests pass.
"""

import io
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import builders
import pytest
from builders import NO, NOW, YES, tallies
from everyone import (
    STAFF,
    Building,
    Visitor,
    add_remote,
    addresses,
    cookies_of,
    form_token,
    gather,
    join,
)
from lessons import QUESTIONS, an_app, counts, dump
from planted import SHIPPED_SET, add_figures, add_own_set, the_set
from test_paper import counts as typed_counts

from pejling.domain.content import figure_rows, figure_table
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import Mode, Session
from pejling.storage import (
    accounts,
    archive,
    ballot_box,
    bookings,
    remotes,
    schools,
    slips,
)
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores
from pejling.web.throttle import Throttle

ODD = (
    "",
    "vape\x00selv",
    "\u202evape\u2066\u200f",  # read from right to left
    "x" * 10_000,
    "9" * 400,
    "-٣",  # a digit, and not one of ours
    "\U0001f41f\ufffe'; delete from counter; --\r\nSet-Cookie: b=c\r\n\r\n<script>",
)


@dataclass(frozen=True)
class Town:
    """Sessions in each state, at one application.

    :ivar sessions: by their state.
    """

    there: Building
    sessions: Mapping[str, Session]
    pupil_token: str

    @property
    def stores(self) -> Stores:
        return self.there.stores

    def now(self, state: str) -> Session:
        return archive.session(self.stores.archive, self.sessions[state].id)


@dataclass(frozen=True)
class Post:
    """A form that is accepted.

    :ivar path: with the session's id for ``{id}``.
    :ivar state: of the session that it is sent to.
    """

    visitor: Visitor
    path: str
    state: str = ""
    fields: Callable[[Town], dict] = lambda _: {}


def _answer(_: Town) -> dict:
    return {
        "tema": QUESTIONS[1],
        "andre": "003",
        "kammerater": "003",
        "selv": "000",
        "trin": "send",
    }


def _tally(town: Town) -> dict:
    """Five ballots with one of each answer, looked through; only these would count."""
    typed = typed_counts(_Typing(town))
    form = {name: re.sub("[0-9]+", "1", text) for name, text in typed.items()}
    form |= {"ballots": "5", "trin": "gem", "version": str(town.now("paper").version)}
    teacher = town.there.browsers[Visitor.TEACHER]
    path = f"/laerer/{town.sessions['paper'].id}/optaelling"
    token = form_token(teacher.get("/moenstre").text)
    page = teacher.post(path, data=form | {"csrf_token": token}).text
    found = re.search(r'name="looked_through"[^>]*value="(\w+)"', page)
    return form | {"looked_through": found.group(1) if found else ""}


@dataclass(frozen=True)
class _Typing:
    """As much of a room as typing needs."""

    town: Town

    def now(self) -> Session:
        return self.town.now("paper")


def _opening(town: Town) -> dict:
    questions = town.there.app.config["LIBRARY"].sets["7a"]
    return {
        "items": [one.id for one in questions.triads if one.core][1:],
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "pacing": "samlet",
        "mode": "skaerm",
        "accept": "1",
        "told": "",
    }


def _code(town: Town) -> dict:
    return {"kode": town.sessions["lobby"].code}


def _of_slips(town: Town) -> dict:
    return {"pejling": town.sessions["slips"].id}


def _lead(where: str, state: str, **fields: str) -> Post:
    given = {"version": "", "fra": "fjern", **fields}
    return Post(Visitor.TEACHER, f"/laerer/{{id}}/{where}", state, lambda _: given)


def _kommune(path: str, **fields: str) -> Post:
    return Post(Visitor.CONSULTANT, f"/konsulent/{path}", "", lambda _: fields)


BOOKING = {
    "saet": "7a/7",
    "school": "Åskolen",
    "letter": "A",
    "month": "2026-11",
    "til": "/laerer/",
}


def _logo(_: Town) -> dict:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path/></svg>'
    return {"fil": (io.BytesIO(drawing), "logo.svg")}


_SETTINGS = "oplysninger"

CSV = figure_table.write_rows(figure_rows.EXAMPLES).decode("utf-8-sig")

POSTS: Mapping[str, Post] = {
    "pupil.find": Post(Visitor.NOBODY, "/", "", _code),
    "pupil.join": Post(
        Visitor.NOBODY, "/Q/{secret}", "lobby", lambda _: {"pejling": "x"}
    ),
    "pupil.slip_join": Post(Visitor.NOBODY, "/S/{slip}", "slips", _of_slips),
    "pupil.answer": Post(Visitor.PUPIL, "/svar", "asked", _answer),
    "pupil.leave": Post(Visitor.PUPIL, "/faerdig", "asked"),
    "auth.check": Post(
        Visitor.BOARD,
        "/log-ind",
        "",
        lambda _: {"email": "ingen@example.dk", "password": "en kode", "til": "/"},
    ),
    "auth.sign_out": Post(Visitor.NOBODY, "/log-ud"),
    "auth.set_up": Post(
        Visitor.BOARD,
        "/start/nothing",
        "",
        lambda _: {"email": "a@b.dk", "password": "en lang kode", "schools": "Å"},
    ),
    "auth.choose_password": Post(
        Visitor.BOARD, "/adgang/{link}", "", lambda _: {"password": "kort"}
    ),
    "remote.accept": Post(Visitor.BOARD, "/F/{invitation}"),
    "remote.invite": _lead("fjernbetjening", "asked"),
    "remote.end": _lead("fjernbetjening/slut", "asked"),
    "auth.check_second": Post(
        Visitor.NOBODY, "/log-ind/kode", "", lambda _: {"code": "123456"}
    ),
    "consultant.fill_in": _kommune("oplysninger", name="Stevns", dpo="dpo@example.dk"),
    "kommune_pages.set_logo": Post(
        Visitor.CONSULTANT, f"/konsulent/{_SETTINGS}/logo", "", _logo
    ),
    "kommune_pages.remove_logo": _kommune(f"{_SETTINGS}/logo/fjern"),
    "kommune_pages.set_help": _kommune(
        f"{_SETTINGS}/hjaelp",
        navn_1="SSP",
        kontakt_1="12345678",
        hvem_1="alle",
        **{f"hvem_{place}": "alle" for place in range(2, 6)},
    ),
    "kommune_pages.set_address": _kommune(
        f"{_SETTINGS}/adresse", adresse="https://pejling.example.dk", trin="gem"
    ),
    "kommune_pages.set_languages": _kommune(f"{_SETTINGS}/sprog", engelsk="y"),
    "kommune_pages.opt_in": _kommune(
        f"{_SETTINGS}/roede", besluttet_af="SSP", vurderet="y", grundlag="y"
    ),
    "kommune_pages.opt_out": _kommune(f"{_SETTINGS}/roede/fra"),
    "people.invite": _kommune(
        "personale/inviter", email="ny@example.dk", role="laerer"
    ),
    "people.link": _kommune("personale/2/link"),
    "people.role": _kommune("personale/2/rolle", role="styregruppe"),
    "people.deactivate": _kommune("personale/2/slaa-fra"),
    "people.activate": _kommune("personale/2/slaa-til"),
    "people.sign_out": _kommune("personale/2/log-ud"),
    "people.no_second_factor": _kommune("personale/2/totrin-fra"),
    "profile.change_password": Post(
        Visitor.TEACHER,
        "/konto/adgangskode",
        "",
        lambda _: {"current": "forkert", "password": "fire ord hører ikke sammen"},
    ),
    "profile.sign_out_everywhere": Post(Visitor.COLLEAGUE, "/konto/log-ud-overalt"),
    "profile.turn_on": Post(
        Visitor.TEACHER, "/konto/totrin", "", lambda _: {"code": "123456"}
    ),
    "profile.turn_off": Post(
        Visitor.TEACHER, "/konto/totrin/fra", "", lambda _: {"code": "123456"}
    ),
    "school_pages.add": _kommune("skoler", schools="Bakkeskolen"),
    "school_pages.rename": _kommune("skoler/1/navn", name="Nye Åskolen"),
    "school_pages.retire": _kommune("skoler/1/nedlagt"),
    "school_pages.delete": _kommune("skoler/1/slet"),
    "school_pages.set_classes": _kommune("skoler/1/klasser", classes="7.A 24"),
    "bookings.book": Post(
        Visitor.TEACHER, "/laerer/planlaegning", "", lambda _: BOOKING
    ),
    "bookings.unbook": Post(
        Visitor.TEACHER,
        "/laerer/planlaegning/1/tag-ud",
        "",
        lambda _: {"til": "/laerer/"},
    ),
    "meeting.release": Post(
        Visitor.TEACHER,
        "/laerer/{id}/foraeldre",
        "closed",
        lambda _: {"triade": "vape", "samtykke": "1"},
    ),
    "class_page.release": Post(
        Visitor.TEACHER,
        "/laerer/{id}/klasseside",
        "closed",
        lambda _: {"fund": "vape", "trin": "nyt"},
    ),
    "class_page.end": Post(Visitor.TEACHER, "/laerer/{id}/klasseside/slut", "closed"),
    "older_pages.pass_on": Post(
        Visitor.TEACHER,
        "/laerer/{id}/ung-til-ung/giv",
        "closed",
        lambda _: {"ja": "1"},
    ),
    "older_pages.show": Post(
        Visitor.TEACHER,
        "/laerer/{id}/ung-til-ung/vis",
        "closed",
        lambda _: {"item": "vape", "fra": ""},
    ),
    "deleting.delete": Post(Visitor.TEACHER, "/laerer/{id}/slet", "closed"),
    "consultant.follow": _kommune("plan", plan="stevns"),
    "figures.look": _kommune("tal/gennemse", indsat=CSV, smaa="1"),
    "figures.keep": _kommune("tal/gem", tabel=CSV, navn="tal.csv"),
    "figures.take_back": _kommune("tal/fortryd", portion="1"),
    "own_sets.copy": _kommune("saet/kopi", saet="7a"),
    "own_sets.read_in": _kommune("saet/fil", tekst=SHIPPED_SET),
    "own_sets.publish": _kommune("saet/egen/udgiv", revision="1"),
    "own_sets.retire": _kommune("saet/egen/brug", ud="1"),
    "own_sets.delete": _kommune("saet/egen/slet"),
    "own_sets.restore": _kommune("saet/egen/tilbage", udgave="1"),
    "set_editor.save_triad": _kommune(
        "saet/egen/spoergsmaal/vape", kort="har danset", revision="1", trin="gem"
    ),
    "set_editor.save_about": _kommune(
        "saet/egen/om", titel="Vores", aargang="7", revision="1", trin="gem"
    ),
    "set_editor.add": _kommune("saet/egen/spoergsmaal", kort="har danset"),
    "set_editor.arrange": _kommune("saet/egen/orden", trin="ned", triade="vape"),
    "trial.answer_draft": _kommune(
        "saet/egen/proev/vape", andre="003", kammerater="003", selv="000", trin="se"
    ),
    "trial.answer_offered": Post(
        Visitor.TEACHER,
        "/laerer/saet/7a/proev/sang",
        "",
        lambda _: {"andre": "003", "kammerater": "003", "selv": "000", "trin": "se"},
    ),
    "opening.open_session": Post(Visitor.TEACHER, "/laerer/ny/7/7a", "", _opening),
    "follow_up.open_it": Post(
        Visitor.TEACHER,
        "/laerer/{id}/opfoelgning",
        "long ago",
        lambda _: {
            "items": ["vape", "ok_at_sige_nej"],
            "present": "22",
            "mode": "skaerm",
        },
    ),
    "follow_up.not_now": Post(
        Visitor.TEACHER, "/laerer/{id}/opfoelgning/ikke-nu", "long ago"
    ),
    "teacher.warm_up": _lead("opvarmning", "lobby"),
    "teacher.way_in": _lead("vis-koden", "warm-up"),
    "teacher.ask": _lead("spoergsmaal", "warm-up"),
    "teacher.close": _lead("luk", "asked", alligevel="1"),
    "teacher.ask_next": _lead("naeste-spoergsmaal", "asked"),
    "teacher.finish": _lead("slut", "asked"),
    "teacher.forward": _lead("frem", "closed"),
    "teacher.backward": _lead("tilbage", "closed"),
    "teacher.go_to": _lead("gaa-til", "closed", item="vape"),
    "teacher.show": _lead("vis", "closed", item="vape", vis="1"),
    "teacher.show_elsewhere": _lead("andre-steder", "closed", item="vape", vis="1"),
    "teacher.leave_out": _lead("udelad", "closed", item="vape", grund="forstyrret"),
    "teacher.agree": _lead("aftale", "closed", agreement="Vi siger til."),
    "lobby.start_over": _lead("forfra", "lobby"),
    "lobby.resize": _lead("til-stede", "lobby", present="24"),
    "lobby.free_seat": _lead("plads", "lobby"),
    "lobby.issue_slips": _lead("sedler", "slips"),
    "paper.count": Post(Visitor.TEACHER, "/laerer/{id}/optaelling", "paper", _tally),
}
"""Endpoint -> a form that it takes, where it takes one."""


# --- the town -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A class in its lobby, one in its warm-up, one that has answered, and so on."""
    folder: Path = tmp_path_factory.mktemp("town")
    app = an_app(folder, QUESTION_SETS="")
    with builders.open_stores(folder) as stores:
        stores.archive.conn.execute("pragma synchronous = off")
        stores.ballots.conn.execute("pragma synchronous = off")
        schools.add(stores.archive, ["Åskolen"])
        add_own_set(stores)
        browsers = gather(app, stores)
        sessions = {"lobby": builders.open_class(stores, 12)}
        builders.take_seats(stores, sessions["lobby"], 3)
        warm_up = builders.open_class(stores, 12)
        sessions["warm-up"] = builders.go_on(stores, warm_up)
        asked = builders.open_class(stores, 12)
        browsers[Visitor.PUPIL] = join(app, asked)
        browsers[Visitor.REMOTE] = add_remote(app, stores, asked)
        seats = builders.take_seats(stores, asked, 6)
        asked = builders.go_on(stores, builders.go_on(stores, asked))
        for triad in (QUESTIONS[0], HONESTY_ID):
            builders.answer(stores, seats, triad, yes=2)
        sessions["asked"] = asked
        bookings.book(stores.archive, builders.a_booking(stores), NOW)
        add_figures(stores)
        sessions["closed"] = builders.closed_class(
            stores,
            questions=the_set(),
            columns={"letter": "B"},  # of 7.A the other would take the place
            vape=tallies("vape", 3, 21),
        )
        sessions["long ago"] = builders.closed_class(
            stores,
            questions=the_set(),
            columns={"letter": "C", "day": "2026-08-03"},
            vape=tallies("vape", 3, 21),
        )
        for mode, name in ((Mode.PAPER, "paper"), (Mode.SLIPS, "slips")):
            made = builders.open_class(stores, 12)
            stores.archive["session"].update(made.id, {"mode": mode})
            sessions[name] = archive.session(stores.archive, made.id)
        pupil_token = form_token(browsers[Visitor.PUPIL].get("/").text)
        yield Town(Building(app, stores, browsers), sessions, pupil_token)


@pytest.fixture
def unchanged(town: Town) -> Iterator[Town]:
    """The town, put back afterwards as it was, to the last row and cookie."""
    kept = []
    for db in (town.stores.archive, town.stores.ballots):
        copy = sqlite3.connect(":memory:")
        db.conn.backup(copy)
        kept.append((db, copy))
    town.there.app.extensions["throttle"] = Throttle()  # whose buckets are full again
    browsers = town.there.browsers.values()
    cookies = [cookies_of(browser) for browser in browsers]
    yield town
    for db, copy in kept:
        copy.backup(db.conn)
        copy.close()
    for browser, held in zip(browsers, cookies, strict=True):
        for name, value in held.items():
            browser.set_cookie(name, value)


def form_for(town: Town, post: Post) -> tuple[str, dict]:
    """Where a form goes just now, and what is in it."""
    fields, path, db = post.fields(town), post.path, town.stores.archive
    if post.state:
        session = town.now(post.state)
        path = path.replace("{id}", session.id)
        path = path.replace("{secret}", session.join_secret)
        if "version" in fields:
            fields = fields | {"version": str(session.version)}
    if "{slip}" in path:
        made = slips.issue(town.stores.ballots, town.sessions["slips"].id, 1)
        path = path.replace("{slip}", made[0])
    if "{link}" in path:
        account = accounts.find(db, STAFF[Visitor.BOARD][0])
        link = accounts.new_link(db, Purpose.PASSWORD, account, NOW)
        path = path.replace("{link}", link)
    if "{invitation}" in path:
        invitation = remotes.invite(db, town.sessions["asked"].id, NOW)
        path = path.replace("{invitation}", invitation)
    return path, fields | {"csrf_token": token_for(town, post)}


def token_for(town: Town, post: Post) -> str:
    """The token of the visitor's forms, pupils' or staff's."""
    if post.visitor is Visitor.PUPIL:
        return town.pupil_token
    browser = town.there.browsers[post.visitor]
    if post.visitor is Visitor.NOBODY:
        where = "/log-ind" if post.path.startswith("/log-") else "/"
        return form_token(browser.get(where).text)
    # Pupils' forms stand on that page too; the one that signs out is staff's.
    page = browser.get("/moenstre").text
    return form_token(page[page.index('action="/log-ud"') :])


def send(town: Town, post: Post, path: str, data: object, **more: object) -> int:
    browser = town.there.browsers[post.visitor]
    answer = browser.post(path, data=data, **more)
    assert answer.status_code < 500, (path, data)
    return answer.status_code


# --- fields ---------------------------------------------------------------------------


def test_every_route_that_takes_a_post_is_tried(town: Town):
    rules = town.there.app.url_map.iter_rules()
    assert {one.endpoint for one in rules if "POST" in one.methods} == set(POSTS)


REFUSED: Mapping[str, str] = {
    "auth.check": "no account has this e-mail",
    "auth.set_up": "there are accounts already",
    "profile.change_password": "not the password that holds; it has none",
    "school_pages.delete": "there were sessions at the school",
    "auth.choose_password": "too short; a good one would use the link up",
    "kommune_pages.set_address": "the settings of this server have one",
    "teacher.ask_next": "in samlet there is no next question",
}
"""Endpoint -> why its form is not taken as it is."""


@pytest.mark.parametrize("endpoint", POSTS)
def test_form_of_the_list_is_taken(unchanged: Town, endpoint: str):
    # Otherwise an odd value would be refused for what stands beside it.
    path, form = form_for(unchanged, POSTS[endpoint])
    status = send(unchanged, POSTS[endpoint], path, form)
    assert (status in (200, 303)) == (endpoint not in REFUSED), status


@pytest.mark.parametrize("endpoint", POSTS)
def test_odd_field_makes_no_error_and_moves_no_count(unchanged: Town, endpoint: str):
    town, post = unchanged, POSTS[endpoint]
    before = counts(town.stores)
    _, fields = form_for(town, post)
    for place, name in enumerate(fields):
        # Of a form with many fields of a kind each gets three of the values.
        some = [ODD[(place + one) % len(ODD)] for one in range(3)]
        for value in ODD if len(fields) < 10 else some:
            path, form = form_for(town, post)
            if value == form[name]:
                continue
            send(town, post, path, form | {name: value})
            assert counts(town.stores) == before, (name, value)


@pytest.mark.parametrize("endpoint", POSTS)
def test_odd_form_makes_no_error_and_moves_no_count(unchanged: Town, endpoint: str):
    town, post = unchanged, POSTS[endpoint]
    before = counts(town.stores)
    path, form = form_for(town, post)
    tokenless = {name: text for name, text in form.items() if name != "csrf_token"}
    junk = "&".join(f"{name}=%ff%00%fe" for name in form).encode()
    kind = {"content_type": "application/x-www-form-urlencoded"}
    send(town, post, path, {})
    send(town, post, path, tokenless)
    send(town, post, path, junk, **kind)
    send(town, post, path, b"%", **kind)
    send(town, post, path, b"\x00" * 100, content_type="multipart/form-data")
    send(
        town, post, path, b"--x\r\n\r\n", content_type="multipart/form-data; boundary=x"
    )
    send(town, post, path, b'{"selv": "000"}', content_type="application/json")
    twice = {name: ["x", "x"] for name in tokenless}
    send(town, post, path, twice | {"csrf_token": form["csrf_token"]})
    many = {f"felt{place}": "x" for place in range(2000)}
    send(town, post, path, many | {"csrf_token": form["csrf_token"]})
    assert counts(town.stores) == before


@pytest.mark.parametrize("endpoint", POSTS)
def test_file_in_place_of_a_text_makes_no_error(unchanged: Town, endpoint: str):
    # Flask-WTF hands a form texts and files in one: a file has no strip().
    town, post = unchanged, POSTS[endpoint]
    before = counts(town.stores)
    _, fields = form_for(town, post)
    for name in fields:
        path, form = form_for(town, post)
        send(town, post, path, form | {name: (io.BytesIO(b"x"), "x.csv")})
    assert counts(town.stores) == before


# --- methods --------------------------------------------------------------------------


def first_addresses(town: Town, state: str) -> Iterator[tuple[str, str]]:
    """Each route that may be read, with one address, and each that takes a post."""
    seen: set[str] = set()
    for rule, address in addresses(town.there.app, town.sessions[state]):
        if rule.rule not in seen:
            seen.add(rule.rule)
            yield rule.endpoint, address
    for endpoint, post in POSTS.items():
        if post.state in ("", state) and "{" not in post.path.replace("{id}", ""):
            yield endpoint, post.path.format(id=town.sessions[state].id)


@pytest.mark.parametrize("state", ["asked", "closed"])
def test_head_and_options_say_nothing(unchanged: Town, state: str):
    town = unchanged
    before = dump(town.stores)
    for _, address in first_addresses(town, state):
        for visitor in (Visitor.NOBODY, Visitor.PUPIL, Visitor.TEACHER):
            for method in ("HEAD", "OPTIONS"):
                browser = town.there.browsers[visitor]
                answer = browser.open(address, method=method)
                assert answer.status_code < 500
                assert answer.status_code != 503
                # A page of trouble may follow OPTIONS; nothing of a session does.
                assert answer.data == b"" or answer.status_code >= 400
                assert "Set-Cookie" not in answer.headers or method == "HEAD"
                answer.close()
    assert dump(town.stores) == before


OVERRIDES = (
    {"X-HTTP-Method-Override": "POST"},
    {"X-HTTP-Method": "DELETE"},
    {"X-Method-Override": "POST"},
)


def test_no_header_and_no_field_stands_for_another_method(unchanged: Town):
    town = unchanged
    before = dump(town.stores)
    pupil = town.there.browsers[Visitor.PUPIL]
    path, form = form_for(town, POSTS["pupil.answer"])
    teacher = town.there.browsers[Visitor.TEACHER]
    close, pressed = form_for(town, POSTS["teacher.close"])
    for headers in OVERRIDES:
        named = {"_method": "POST", "_METHOD": "DELETE"}
        asked = pupil.get(path, query_string=form | named, headers=headers)
        assert asked.status_code == 200
        closing = teacher.get(close, query_string=pressed | named, headers=headers)
        assert closing.status_code == 405
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"):
        assert pupil.open(path, method=method, data=form).status_code == 405
        assert teacher.open(close, method=method, data=pressed).status_code == 405
    assert dump(town.stores) == before


def test_roles_of_the_town_are_who_they_say(town: Town):
    # What is refused above is refused to somebody who has come in.
    for visitor, (email, role) in STAFF.items():
        account = accounts.find(town.stores.archive, email)
        assert account is not None
        assert account.role is role
        home = "/styregruppe/" if role is Role.BOARD else "/laerer/"
        assert town.there.browsers[visitor].get(home).status_code == 200
    assert town.there.browsers[Visitor.PUPIL].get("/svar").status_code == 200
    room = ballot_box.room(town.stores.ballots, town.sessions["asked"].id)
    assert room is not None
    assert room.seats == 7
    assert counts(town.stores)[town.sessions["asked"].id, "vape.selv", YES] == 2
    assert counts(town.stores)[town.sessions["closed"].id, "vape.selv", NO] == 21
