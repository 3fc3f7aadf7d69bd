"""The remote: a second QR lets one phone move one session, and do nothing else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from room import Clock, Room, answer_one, open_room, sign_in, token_of
from test_teacher import answered
from werkzeug.test import TestResponse

from pejling.domain.sessions import OVERVIEW, Position, Stage, Step
from pejling.storage import remotes
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return open_room(app, stores)


@pytest.fixture
def token(room: Room, clock: Clock) -> str:
    return remotes.invite(room.stores.archive, room.session.id, clock())


def take(room: Room, token: str) -> tuple[FlaskClient, TestResponse]:
    """A phone that has scanned the QR and pressed the button."""
    phone = room.app.test_client()
    page = phone.get(f"/F/{token}")
    assert page.status_code == 200, page.text
    return phone, phone.post(f"/F/{token}", data={"csrf_token": token_of(page)})


def press(room: Room, phone: FlaskClient, where: str, version: int | None = None):
    page = phone.get(f"/fjern/{room.session.id}")
    shown = room.now().version if version is None else version
    return phone.post(
        f"/laerer/{room.session.id}/{where}",
        data={"csrf_token": token_of(page), "version": str(shown), "fra": "fjern"},
    )


def button(phone: FlaskClient, room: Room) -> str:
    """What the large button of the remote says."""
    page = phone.get(f"/fjern/{room.session.id}").text
    found = re.search(r'button--primary" data-key="next">([^<]+)<', page)
    return found.group(1) if found else ""


# --- becoming one ---------------------------------------------------------------------


def test_computer_shows_a_qr_that_stands_in_no_address(room: Room):
    page = room.teacher.get(f"/laerer/{room.session.id}")
    shown = room.teacher.post(
        f"/laerer/{room.session.id}/fjernbetjening",
        data={"csrf_token": token_of(page)},
    )
    assert shown.status_code == 200
    assert 'aria-label="QR-kode til fjernbetjeningen"' in shown.text
    assert "Slå telefonen fra" not in shown.text


def test_invitation_makes_one_phone_a_remote(room: Room, token: str):
    phone, answer = take(room, token)
    assert (answer.status_code, answer.location) == (303, f"/fjern/{room.session.id}")
    assert phone.get(answer.location).status_code == 200
    again = room.app.test_client().get(f"/F/{token}")
    assert again.status_code == 410
    assert "Koden virker ikke længere" in again.text


def test_looking_at_the_address_uses_nothing_up(room: Room, token: str):
    for _ in range(3):
        assert room.app.test_client().get(f"/F/{token.lower()}").status_code == 200
    assert take(room, token)[1].status_code == 303


def test_invitation_lasts_five_minutes(room: Room, token: str, clock: Clock):
    clock.now += remotes.INVITATION_SECONDS
    assert room.app.test_client().get(f"/F/{token}").status_code == 200
    clock.now += 1
    assert room.app.test_client().get(f"/F/{token}").status_code == 410


def test_new_invitation_ends_the_unused_one_but_no_phone(room: Room, token: str, clock):
    phone, _ = take(room, token)
    first = remotes.invite(room.stores.archive, room.session.id, clock())
    second = remotes.invite(room.stores.archive, room.session.id, clock())
    assert room.app.test_client().get(f"/F/{first}").status_code == 410
    assert room.app.test_client().get(f"/F/{second}").status_code == 200
    assert phone.get(f"/fjern/{room.session.id}").status_code == 200


def test_of_two_phones_that_press_at_once_one_wins(room: Room, token: str):
    first, second = room.app.test_client(), room.app.test_client()
    tokens = [token_of(one.get(f"/F/{token}")) for one in (first, second)]
    answers = [
        one.post(f"/F/{token}", data={"csrf_token": form}).status_code
        for one, form in zip((first, second), tokens, strict=True)
    ]
    assert answers == [303, 410]


def test_there_are_at_most_four(room: Room, clock: Clock):
    for _ in range(remotes.MOST):
        fresh = remotes.invite(room.stores.archive, room.session.id, clock())
        assert take(room, fresh)[1].status_code == 303
    fresh = remotes.invite(room.stores.archive, room.session.id, clock())
    assert take(room, fresh)[1].status_code == 410


@pytest.mark.parametrize("nonsense", ["x", "A" * 26, "ÆØÅ", "%00", "'--"])
def test_nonsense_is_no_invitation(room: Room, nonsense: str):
    assert room.app.test_client().get(f"/F/{nonsense}").status_code == 410


def test_only_hashes_are_kept(room: Room, token: str):
    take(room, token)
    rows = list(room.stores.archive.query("select * from remote"))
    assert len(rows) == 1
    assert token not in str(rows)
    assert re.fullmatch(r"[0-9a-f]{64}", rows[0]["token_hash"])


# --- leading --------------------------------------------------------------------------


def test_phone_leads_a_lesson_with_one_button(room: Room, token: str):
    phone, _ = take(room, token)
    pupils = room.pupils(24)
    assert button(phone, room) == "Begynd opvarmningen"
    press(room, phone, "opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    assert button(phone, room) == "Videre til spørgsmålene"
    press(room, phone, "spoergsmaal")
    for pupil in pupils:
        while answer_one(pupil, guess=12, own=1) != "aerlighed":
            pass
    assert button(phone, room) == "Luk for svar, og se tallene"
    press(room, phone, "luk")
    assert room.now().stage is Stage.CLOSED
    seen = set()
    while words := button(phone, room):
        assert words == "Næste på tavlen"
        answer = press(room, phone, "frem")
        assert answer.location == f"/fjern/{room.session.id}"
        seen.add(room.now().position)
    assert Position(OVERVIEW) in seen
    press(room, phone, "tilbage")
    assert room.now().position == Position(OVERVIEW)


def test_phone_and_computer_offer_the_same(room: Room, token: str):
    phone, _ = take(room, token)
    answered(room, {"fest_uden_alkohol": 20})
    for _ in range(4):
        room.press("frem")
        page = room.teacher.get(f"/laerer/{room.session.id}").text
        assert f'data-key="next">{button(phone, room)}<' in page
        assert room.now().position.step.value != Step.ASKED


def test_second_press_shows_where_the_class_is(room: Room, token: str):
    phone, _ = take(room, token)
    old = room.now().version
    assert press(room, phone, "opvarmning").status_code == 303
    late = press(room, phone, "opvarmning", version=old)
    assert (late.status_code, late.location) == (303, f"/fjern/{room.session.id}")
    assert room.now().stage is Stage.WARM_UP


def test_each_screen_comes_back_to_itself_whoever_is_signed_in(room: Room, token: str):
    # The teacher has opened the remote in the browser that leads, too.
    page = room.teacher.get(f"/F/{token}")
    room.teacher.post(f"/F/{token}", data={"csrf_token": token_of(page)})
    remote = room.teacher.get(f"/fjern/{room.session.id}").text
    assert 'name="fra" value="fjern"' in remote
    assert room.press("opvarmning").location == f"/laerer/{room.session.id}"
    answer = room.press("spoergsmaal", fra="fjern")
    assert answer.location == f"/fjern/{room.session.id}"
    lead = room.teacher.get(f"/laerer/{room.session.id}").text
    assert 'name="fra"' not in lead
    assert room.press("luk", version="1").status_code == 409


# --- and nothing else -----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["", "/resultat.csv", "/ark", "/plakater", "/stroem"],
)
def test_phone_reads_nothing_of_the_teachers(room: Room, token: str, path: str):
    answered(room)
    phone, _ = take(room, token)
    answer = phone.get(f"/laerer/{room.session.id}{path}")
    assert answer.status_code == 303
    assert "/log-ind" in answer.location


@pytest.mark.parametrize(
    "where",
    ["forfra", "slut", "gaa-til", "vis", "udelad", "aftale", "fjernbetjening"],
)
def test_phone_does_nothing_but_move(room: Room, token: str, where: str):
    phone, _ = take(room, token)
    before = room.now()
    answer = press(room, phone, where)
    assert answer.status_code == 303
    assert "/log-ind" in answer.location
    assert room.now() == before


def test_phone_moves_no_other_session(app: Flask, stores: Stores, clock: Clock):
    room = open_room(app, stores)
    fresh = remotes.invite(stores.archive, room.session.id, clock())
    phone, _ = take(room, fresh)
    page = phone.get(f"/fjern/{room.session.id}")
    answer = phone.post(
        "/laerer/0000000000000000/frem",
        data={"csrf_token": token_of(page), "version": "1"},
    )
    assert answer.status_code == 403
    assert "styrer ikke længere" in answer.text


def test_teacher_ends_all_phones(room: Room, token: str):
    phone, _ = take(room, token)
    page = room.teacher.get(f"/laerer/{room.session.id}")
    room.teacher.post(
        f"/laerer/{room.session.id}/fjernbetjening/slut",
        data={"csrf_token": token_of(page)},
    )
    answer = phone.get(f"/fjern/{room.session.id}")
    assert answer.status_code == 403
    assert "Denne telefon styrer ikke længere" in answer.text


def test_phone_is_let_go_after_four_hours(room: Room, token: str, clock: Clock):
    phone, _ = take(room, token)
    clock.now += remotes.PHONE_SECONDS + 1
    assert phone.get(f"/fjern/{room.session.id}").status_code == 403


def test_another_teacher_invites_nobody(room: Room, app: Flask, stores: Stores):
    other = sign_in(app, stores, "anden@example.dk", Role.TEACHER)
    page = other.get("/laerer/")
    answer = other.post(
        f"/laerer/{room.session.id}/fjernbetjening",
        data={"csrf_token": token_of(page)},
    )
    assert answer.status_code == 403
    assert list(stores.archive.query("select * from remote")) == []
