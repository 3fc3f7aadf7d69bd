"""Threats g: neighbours, screens, devices, outsiders, and one who votes many times.

What needs a browser (g1) stands in ``test_threats_browser.py``.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import builders
import pytest
from builders import NO, NOW, YES
from everyone import (
    IN_THE_ROOM,
    Visitor,
    assert_same,
    browser_with,
    form_token,
    join,
    walk,
)
from flask import Flask
from flask.testing import FlaskClient
from lessons import QUESTIONS, Answer, Ready, counts, knock, lesson, prepare
from room import Clock, open_room

from pejling.domain import sessions
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import CODE_ALPHABET, CODE_LENGTH, JOIN_SECONDS
from pejling.storage import archive, ballot_box, class_pages, deletion
from pejling.storage.connections import Stores
from pejling.web import throttle


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return prepare(tmp_path_factory.mktemp("g") / "data")


# --- screens in the room --------------------------------------------------------------


@pytest.mark.parametrize("mode", ["skaerm", "sedler"])
def test_g2_teacher_is_told_to_switch_screen_viewing_off(
    app: Flask, stores: Stores, mode: str
):
    # Before anybody answers, on the very page from which the questions are begun.
    room = open_room(app, stores, mode=mode)
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Slå skærmvisning fra" in page
    assert "Begynd opvarmningen" in page
    assert "Gå ikke rundt bag eleverne" in _while_answering(room)


def _while_answering(room) -> str:
    room.press("opvarmning")
    room.press("spoergsmaal")
    return room.teacher.get(f"/laerer/{room.session.id}").text


# --- who has not answered -------------------------------------------------------------


STAFF_AND_WALL = IN_THE_ROOM - {(Visitor.PUPIL, "pupil.current")}
"""All but the pupil's own page, which says that one is done."""


def test_g3_nobody_sees_who_has_answered_nor_how_many_to_the_one(ready: Ready):
    # Five of twelve, five others, and nine: the same "mindst 5" everywhere.
    seen = []
    for name, who in (("first", range(5)), ("last", range(7, 12)), ("nine", range(9))):
        with lesson(ready, name) as running:
            running.ask()
            for pupil in who:
                for triad in (*QUESTIONS, HONESTY_ID):
                    running.send(pupil, triad, Answer(YES))
            seen.append(
                walk(
                    running.there,
                    running.session,
                    only=IN_THE_ROOM - {(Visitor.PUPIL, "pupil.current")},
                )
            )
            seats = running.stores.ballots.conn.execute("select token_hash from seat")
            hashes = [row[0] for row in seats]
    assert_same(seen[0], seen[1])
    assert_same(seen[0], seen[2])
    everything = "".join(seen[2].values())
    assert "Mindst 5 af 12 har svaret" in everything
    cookies = [one["plads"].partition(".")[2] for one in ready.pupils]
    assert [one for one in (*cookies, *hashes) if one in everything] == []


def test_g3_in_a_small_class_only_the_last_answer_is_told(tmp_path: Path):
    seen = []
    with lesson(prepare(tmp_path / "data", 9), "nine") as running:
        running.ask()
        for pupil in range(9):
            for triad in (*QUESTIONS, HONESTY_ID):
                running.send(pupil, triad, Answer(YES))
            wall = f"/tavle/{running.opened.wall_key}/tilstand"
            seen.append(running.teacher.get(wall).data)
    assert len(set(seen[:8])) == 1
    assert seen[8] != seen[7]


# --- devices --------------------------------------------------------------------------

PROBES = re.compile(
    r"\bnavigator\b|\bscreen\.|\bcanvas\b|Audio|RTC|WebGL|getBattery|\bplugins\b"
    r"|indexedDB|localStorage|document\.cookie|timeZone|deviceMemory|sendBeacon"
)
"""What a script asks to know a device again."""

NOT_ON_A_PHONE = {"copy", "png", "wall"}
"""Copies a teacher's text; makes a PNG of a poster; remembers on the projector that its
lamp is weak."""


def scripts(app: Flask) -> Iterator[tuple[str, str]]:
    """Name and text of every script and style of our own."""
    _, files = app.extensions["assets"]
    for name, asset in files.items():
        if name.endswith((".mjs", ".js", ".css", ".svg")):
            yield name, asset.body.decode()


def test_g4_no_script_of_a_pupil_asks_what_device_it_is_on(app: Flask):
    texts = dict(scripts(app))
    assert len(texts) > 20
    found = {name for name, text in texts.items() if PROBES.search(_code(text))}
    assert found == {f"js/{name}.mjs" for name in NOT_ON_A_PHONE}
    templates = Path(app.root_path) / "templates"
    pages = [*templates.glob("pupil/*.html"), *templates.glob("components/*.html")]
    started = re.findall(r'data-module="(\w+)"', "".join(map(Path.read_text, pages)))
    assert {"guess", "wait", "leave"} <= set(started)
    assert NOT_ON_A_PHONE.isdisjoint(started)


def test_g4_nothing_leads_to_another_host(app: Flask, ready: Ready):
    foreign = re.compile(r"(?:https?:)?//(?!www\.w3\.org/|localhost)[\w-]+\.\w+")
    assert [name for name, text in scripts(app) if foreign.search(_code(text))] == []
    with lesson(ready, "hosts") as running:
        running.ask()
        for answer in walk(running.there, running.session).values():
            loaded = re.findall(r'(?:src|srcset|href|action)="([^"]+)"', answer)
            # A link that somebody clicks leads to a source; nothing loads from one.
            links = re.findall(r'<a\b[^>]* href="([^"]+)"', answer)
            assert [one for one in set(loaded) - set(links) if foreign.match(one)] == []
            assert "Permissions-Policy: camera=(), geolocation=(), microphone" in answer


def _code(text: str) -> str:
    """A script without its comments, which may name what it does not use."""
    return re.sub(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", "", text, flags=re.S)


def test_g4_pupil_keeps_one_cookie_and_scripts_cannot_read_it(ready: Ready):
    with lesson(ready, "cookies") as running:
        running.ask()
        stranger = running.there.app.test_client()
        set_ = []
        for path in ("/", f"/Q/{running.opened.join_secret}", "/svar"):
            set_ += stranger.get(path).headers.getlist("Set-Cookie")
        assert len(set_) == 1
        assert all(one in set_[0] for one in ("plads=", "HttpOnly", "SameSite=Strict"))
        assert "Expires" not in set_[0]
        assert "Max-Age" not in set_[0]


# --- outsiders ------------------------------------------------------------------------


def test_g5_guesses_are_sixty_at_once_and_one_a_second(
    app: Flask, stores: Stores, clock: Clock
):
    # An attacker with an address for each try, and headers that lie. Of 24 to the
    # sixth codes forty can be joined: 24^6 / 40 is one hit in 4.8 million tries.
    app.test_client_class = None
    builders.open_class(stores)
    browser = app.test_client()
    token = form_token(browser.get("/").text)
    tried = []
    for second in range(50):
        tried.append(0)
        for attempt in range(100):
            address = f"10.0.{second}.{attempt}"
            answer = browser.post(
                "/",
                data={"csrf_token": token, "kode": "XYXYXY"},
                environ_base={"REMOTE_ADDR": address},
                headers={"X-Forwarded-For": f"192.0.2.{attempt}"},
            )
            if answer.status_code == 429:
                break
            tried[-1] += 1
        clock.now += 1
    assert tried == [60] + [1] * 49
    assert len(CODE_ALPHABET) ** CODE_LENGTH > 40 * 4_700_000


def test_g5_one_address_has_forty_guesses_at_once_and_four_a_minute(
    app: Flask, stores: Stores, clock: Clock
):
    app.test_client_class = None
    browser = app.test_client()
    token = form_token(browser.get("/").text)
    tried = []
    for _ in range(9):
        tried.append(0)
        # The /64 that an IPv6 subscriber chooses addresses from counts as one.
        while knock(browser, token, f"2001:db8::{sum(tried):x}") == 404:
            tried[-1] += 1
        clock.now += 60
    assert tried == [40] + [4] * 8


def test_g7_photograph_of_the_way_in_opens_nothing_later(
    app: Flask, stores: Stores, clock: Clock
):
    app.test_client_class = None
    room = open_room(app, stores)
    pupils = [join(app, room.session) for _ in range(6)]
    assert _enters(app, room.session) == (303, 303)
    # After ten minutes.
    clock.now += JOIN_SECONDS + 1
    assert _enters(app, room.session) == (410, 410)
    assert pupils[0].get(f"/Q/{room.session.join_secret}").status_code == 200
    # Begun afresh there is a new way in, and the old one is none.
    room.press("forfra")
    old, new = room.session, room.now()
    assert _enters(app, old) == (404, 404)
    assert _enters(app, new) == (303, 303)
    room.press("opvarmning")
    room.press("spoergsmaal")
    clock.now += JOIN_SECONDS + 1
    assert _enters(app, new) == (410, 410)
    room.press("luk")
    assert _enters(app, new) == (404, 404)


def _enters(app: Flask, session: sessions.Session) -> tuple[int, int]:
    """What pressing "Jeg er med" answers by QR, and by the typed code."""
    browser = app.test_client()
    data = {"csrf_token": form_token(browser.get("/").text)}
    by_qr = browser.post(f"/Q/{session.join_secret}", data=data).status_code
    other = app.test_client()
    data = {"csrf_token": form_token(other.get("/").text)}
    typed = other.post("/", data=data | {"kode": session.code})
    if typed.status_code == 303:
        # The page before the button says already that it is too late.
        looked = other.get(typed.location).status_code
        typed = other.post(typed.location, data=data)
        assert (looked == 410) == (typed.status_code == 410)
    return by_qr, typed.status_code


def test_g7_there_are_as_many_seats_as_pupils(app: Flask, stores: Stores):
    app.test_client_class = None
    session = builders.open_class(stores, 12)
    pupils = [join(app, session) for _ in range(12)]
    assert _enters(app, session) == (409, 409)
    assert pupils[0].get("/svar").status_code == 200
    room = ballot_box.room(stores.ballots, session.id)
    assert room is not None
    assert room.seats == 12


# --- many votes -----------------------------------------------------------------------

COPIES, AT_ONCE = 200, 16


def test_g6_two_hundred_copies_of_one_post_count_once(ready: Ready, monkeypatch):
    # Counted once also where no limit of the seat stands before.
    monkeypatch.setattr(throttle, "SEAT_POSTS", (1000, 180.0))
    with lesson(ready, "copies") as running:
        running.ask()
        form = running.form(0, "vape", Answer(YES, 3, 4))
        app, cookies = running.there.app, ready.pupils[0]

        def post(copy: int) -> int:
            changed = form | {"selv": f"{copy % 2:03d}", "andre": f"{copy % 12:03d}"}
            return browser_with(app, cookies).post("/svar", data=changed).status_code

        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert set(pool.map(post, range(COPIES))) == {303}
        counted = counts(running.stores)
    assert sum(counted.values()) == 3
    assert set(counted.values()) == {1}
    assert len({item for _, item, _ in counted}) == 3


def test_g6_one_browser_has_one_seat_however_often_it_joins(app: Flask, stores: Stores):
    app.test_client_class = None
    session = builders.open_class(stores, 12)
    pupil = join(app, session)
    cookies = {"plads": pupil.get_cookie("plads").value}
    token = form_token(pupil.get("/").text)

    def again(_: int) -> int:
        browser: FlaskClient = browser_with(app, cookies)
        where = f"/Q/{session.join_secret}"
        return browser.post(where, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(again, range(40))) == {303}
    room = ballot_box.room(stores.ballots, session.id)
    assert room is not None
    assert room.seats == 1


def test_g6_no_question_takes_more_answers_than_there_are_pupils(tmp_path: Path):
    # A seat is freed for a screen that went dead, and the dead one comes back.
    ready = prepare(tmp_path / "data", 6)
    with lesson(ready, "freed") as running:
        running.press("plads")
        app = running.there.app
        seventh = join(app, running.opened)
        running.ask()
        for pupil in range(6):
            running.send(pupil, "vape", Answer(NO))
        form = running.form(0, "vape", Answer(YES))
        form["csrf_token"] = form_token(seventh.get("/").text)
        assert seventh.post("/svar", data=form).status_code == 409
        assert counts(running.stores)[running.opened.id, "vape.selv", NO] == 6
        assert (running.opened.id, "vape.selv", YES) not in counts(running.stores)
    assert running.opened.opened == NOW


# --- the class's page -----------------------------------------------------------------


@pytest.fixture
def closed(stores: Stores):
    """A class of 24: a risk and a good thing that may be told of, and one that may not.

    5 of 24 vape where 12 were guessed, 18 have helped where 8 were; of the attitude
    fewer than half say yes.
    """
    return builders.closed_class(
        stores,
        vape=builders.tallies("vape", 5, 19, guesses={12: 24}),
        hjulpet=builders.tallies("hjulpet", 18, 6, guesses={8: 24}),
        ok_at_sige_nej=builders.tallies("ok_at_sige_nej", 7, 17, guesses={12: 24}),
    )


def _link(stores: Stores, session_id: str, *triads: str) -> str:
    token = class_pages.release(
        stores.archive, session_id, triads, "2027-07-31", 1, NOW
    )
    return f"/K/{token}"


def test_g8_page_of_a_class_shows_what_was_released_and_no_more(
    app: Flask, stores: Stores, closed
):
    # The attitude is put on it past the form, and shown on the wall against the advice.
    archive.choose(stores.archive, closed.id, "ok_at_sige_nej", True)
    link = _link(stores, closed.id, "vape", "ok_at_sige_nej")
    page = app.test_client().get(link).text
    assert "19 ud af 24 svarede ikke ja." in page
    assert "har hjulpet" not in page
    assert "synes, man kan sige nej" not in page
    assert closed.id not in page
    assert closed.wall_key not in page
    assert closed.school not in page
    archive.choose(stores.archive, closed.id, "vape", False)
    assert "ud af 24" not in app.test_client().get(link).text


def test_g8_link_that_has_ended_cannot_be_told_from_one_that_never_was(
    app: Flask, stores: Stores, clock: Clock, closed
):
    never = _reply(app, "/K/" + "A" * 26)
    replaced = _link(stores, closed.id, "vape")
    ended = _link(stores, closed.id, "vape")
    assert _reply(app, replaced) == never
    assert _reply(app, ended)[0] == 200
    class_pages.end(stores.archive, closed.id, 1, NOW)
    assert _reply(app, ended) == never
    expired = _link(stores, closed.id, "vape")
    stores.archive["class_page"].update(closed.id, {"until": "2026-09-20"})
    assert _reply(app, expired) == never
    deleted = _link(stores, closed.id, "vape")
    deletion.delete_session(stores.archive, closed, 1, NOW)
    assert _reply(app, deleted) == never
    assert never[0] == 404


def _reply(app: Flask, link: str) -> tuple:
    answer = app.test_client().get(link)
    same = [one for one in answer.headers if one[0] != "Set-Cookie"]
    return answer.status_code, answer.text, same


def test_g8_wrong_links_are_counted_and_hold_nobody_up(
    app: Flask, stores: Stores, clock: Clock, closed
):
    app.test_client_class = None
    browser = app.test_client()
    link = _link(stores, closed.id, "vape")
    seen = [browser.get(f"/K/{one:026d}").status_code for one in range(45)]
    assert seen == [404] * 40 + [429] * 5
    assert "Retry-After" in browser.get("/K/x").headers
    # One address is a whole school: who has the link, and who types a code, comes in.
    assert browser.get(link).status_code == 200
    token = form_token(browser.get("/").text)
    assert knock(browser, token, "127.0.0.1") == 404
    clock.now += 60
    assert [browser.get("/K/x").status_code for _ in range(5)] == [404] * 4 + [429]
