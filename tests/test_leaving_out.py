"""A behaviour that the teacher leaves out counts nowhere, until taken in again."""

import re

import pytest
from flask import Flask
from room import Room, open_room
from test_teacher import answered

from pejling import results
from pejling.domain import wording
from pejling.domain.disclosure import Omission
from pejling.domain.sessions import Position, Step
from pejling.storage import archive
from pejling.storage.connections import Stores

THREE = {"fest_uden_alkohol": 20, "alkohol_30": 3, "fuld_nogensinde": 4}


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return answered(open_room(app, stores), THREE)


def leave_out(room: Room, item: str, reason: str = "ikke_alvorligt"):
    return room.press("udelad", item=item, grund=reason)


def everywhere(room: Room) -> str:
    """All that a teacher, a class and a file can read of the session."""
    base = f"/laerer/{room.session.id}"
    wall = f"/tavle/{room.session.wall_key}/tilstand"
    room.press("gaa-til", item="*")
    texts = [
        room.teacher.get(f"{base}{path}").get_data(as_text=True)
        for path in ("", "/resultat.csv", "/resultat.csv?form=komma", "/ark")
    ]
    return "\n".join([*texts, room.app.test_client().get(wall).get_json()["html"]])


def test_its_numbers_are_nowhere(room: Room):
    told = "20 ud af 24 svarede ja"
    assert told in everywhere(room)
    assert leave_out(room, "fest_uden_alkohol").status_code == 303
    found = results.of_session(room.stores, room.now()).item("fest_uden_alkohol")
    assert found.own is Omission.NOT_SERIOUS
    assert (found.friends, found.others, found.norms) == (None, None, None)
    assert (found.can_show, found.hidden) == (False, True)
    text = everywhere(room)
    assert told not in text
    assert "Udeladt: svarene var ikke alvorlige." in text
    posters = room.teacher.get(f"/laerer/{room.session.id}/plakater").text
    assert "fest-uden-alkohol" not in posters
    poster = f"/laerer/{room.session.id}/plakat/fest_uden_alkohol/prikker.svg"
    assert room.teacher.get(poster).status_code == 404


def test_the_file_says_why(room: Room):
    leave_out(room, "alkohol_30", "forstyrret")
    body = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv?form=komma").text
    row = next(line for line in body.splitlines() if ",alkohol_30," in line)
    assert f",24,{wording.OMISSIONS[Omission.DISTURBED]},,,vises ikke,,,," in row


def test_taken_in_again_it_is_as_before(room: Room):
    before = everywhere(room)
    leave_out(room, "alkohol_30")
    leave_out(room, "alkohol_30", "")
    same = re.compile(
        r'value="\d+"|csrf_token"[^>]* value="[^"]+"|data-version="[^"]*"'
    )
    assert same.sub("", everywhere(room)) == same.sub("", before)


def test_last_reason_holds(room: Room):
    leave_out(room, "alkohol_30")
    leave_out(room, "alkohol_30", "misforstaaet")
    kept = archive.omitted(room.stores.archive, room.session.id)
    assert kept == {"alkohol_30": Omission.MISREAD}


def test_left_out_item_cannot_be_shown(room: Room):
    leave_out(room, "alkohol_30")
    assert room.press("vis", item="alkohol_30", vis="1").status_code == 400
    assert room.press("gaa-til", item="alkohol_30").status_code == 400


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("findes_ikke", "ikke_alvorligt"),
        ("", "ikke_alvorligt"),
        ("alkohol_30", "Sofie lo"),
        ("dyr", "ikke_alvorligt"),
    ],
)
def test_only_a_listed_reason_for_an_item_of_the_reveal(room: Room, item, reason):
    assert leave_out(room, item, reason).status_code == 400
    assert archive.omitted(room.stores.archive, room.session.id) == {}


def test_press_on_an_old_screen_leaves_nothing_out(room: Room):
    answer = room.press(
        "udelad", item="alkohol_30", grund="ikke_alvorligt", version="1"
    )
    assert answer.status_code == 409
    assert archive.omitted(room.stores.archive, room.session.id) == {}


def test_nothing_can_be_left_out_before_it_is_closed(app: Flask, stores: Stores):
    room = open_room(app, stores)
    assert leave_out(room, "alkohol_30").status_code == 400


def test_with_all_left_out_the_wall_does_not_blame_the_class(room: Room):
    for triad in room.session.triads[1:]:
        leave_out(room, triad)
    wall = f"/tavle/{room.session.wall_key}/tilstand"
    said = room.app.test_client().get(wall).get_json()["html"]
    assert "I dag taler vi sammen uden tal." in said
    assert wording.TOO_FEW not in said


@pytest.mark.parametrize("how", ["udelad", "hold tilbage"])
def test_next_goes_on_from_where_the_class_was(room: Room, how: str):
    order = results.of_session(room.stores, room.now()).order
    assert len(order) >= 3
    room.press("gaa-til", item=order[1])
    if how == "udelad":
        leave_out(room, order[1])
    else:
        room.press("vis", item=order[1], vis="0")
    wall = f"/tavle/{room.session.wall_key}/tilstand"
    said = room.app.test_client().get(wall).get_json()["html"]
    assert "Vi går videre til det næste." in said
    room.press("frem")
    assert room.now().position == Position(order[2], Step.QUESTION)
    room.press("tilbage")
    assert room.now().position.item == order[0]
