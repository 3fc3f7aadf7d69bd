"""The class agreement: typed by the teacher, kept, and the last screen of the wall."""

import pytest
from flask import Flask
from room import Room, answer_one, open_room, token_of
from test_teacher import answered

from pejling.domain import agreement
from pejling.domain.sessions import AGREEMENT, OVERVIEW, Position
from pejling.storage import archive
from pejling.storage.connections import Stores

TWO = ("Vi siger til, når det er for sent.", "Vi griner ikke ad et nej.")


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return open_room(app, stores)


def save(room: Room, text: str):
    page = room.teacher.get(f"/laerer/{room.session.id}")
    return room.teacher.post(
        f"/laerer/{room.session.id}/aftale",
        data={"csrf_token": token_of(page), "agreement": text},
    )


def wall(room: Room) -> str:
    key = room.session.wall_key
    return room.app.test_client().get(f"/tavle/{key}/tilstand").get_json()["html"]


# --- the text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ()),
        (" \n\n ", ()),
        ("  Vi   siger til. \r\n\r\nVi lytter.", ("Vi siger til.", "Vi lytter.")),
        ("a" * 400, ("a" * 400,)),
    ],
)
def test_lines_are_sentences(text, sentences):
    assert agreement.sentences(text) == sentences


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb\nc\nd\ne", "Der er 5 sætninger. Vælg de 4 vigtigste."),
        ("a" * 401, "på 401 tegn. Skriv højst 400"),
        ("a" * 200 + "\n" + "b" * 200, "på 401 tegn"),
        ("a\u200bb", "usynlige tegn"),
        ("a\x00b", "usynlige tegn"),
    ],
)
def test_text_that_cannot_be_read_from_the_last_row_is_refused(text, words):
    with pytest.raises(agreement.UnfitAgreement, match=words):
        agreement.sentences(text)


# --- in the room ----------------------------------------------------------------------


def test_agreement_is_the_last_screen(room: Room):
    answered(room)
    for _ in range(80):
        room.press("frem")
    assert room.now().position == Position(AGREEMENT)
    # Until there is one, the wall says how it begins.
    assert room.session.questions.agreement in wall(room)
    assert save(room, "\n".join(TWO)).status_code == 303
    assert all(one in wall(room) for one in TWO)
    assert room.session.questions.agreement not in wall(room)
    room.press("tilbage")
    assert room.now().position == Position(OVERVIEW)


def test_new_agreement_takes_the_place_of_the_old_one(room: Room):
    answered(room)
    save(room, "\n".join(TWO))
    before = room.now().version
    save(room, TWO[1])
    assert archive.agreement(room.stores.archive, room.session.id) == TWO[1:]
    assert room.now().version == before + 1  # every open screen hears of it
    save(room, "")
    assert archive.agreement(room.stores.archive, room.session.id) == ()


def test_too_long_agreement_is_told_and_what_was_typed_stays(room: Room):
    answered(room)
    answer = save(room, "Vi hjælper.\n" * 5)
    assert answer.status_code == 422
    assert "Vælg de 4 vigtigste" in answer.text
    assert answer.text.count("Vi hjælper.") == 5
    assert "<title>Fejl:" in answer.text
    assert archive.agreement(room.stores.archive, room.session.id) == ()


def test_markup_is_shown_as_it_was_typed(room: Room):
    answered(room)
    save(room, "<b>Vi</b> & I")
    room.press("gaa-til", item=AGREEMENT)
    assert "&lt;b&gt;Vi&lt;/b&gt; &amp; I" in wall(room)


def test_nothing_is_agreed_before_the_class_has_closed(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    answer_one(pupil)
    page = room.teacher.get(f"/laerer/{room.session.id}")
    assert "Gem aftalen" not in page.text
    assert save(room, TWO[0]).status_code == 409
    assert archive.agreement(room.stores.archive, room.session.id) == ()


def test_only_the_owner_writes_the_agreement(room: Room):
    answered(room)
    stranger = room.app.test_client()
    page = stranger.get("/")
    answer = stranger.post(
        f"/laerer/{room.session.id}/aftale",
        data={"csrf_token": token_of(page), "agreement": "Nej"},
    )
    assert answer.status_code in (303, 400, 403)
    assert archive.agreement(room.stores.archive, room.session.id) == ()
