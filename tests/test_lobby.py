"""The lobby: how many are present, and a seat for whose phone went dead."""

import builders
import pytest
from room import Clock, Room, answer_all, answer_one, open_room, sign_in, token_of

from pejling.domain import sessions
from pejling.storage import archive, ballot_box, closing
from pejling.storage.accounts import Role
from pejling.storage.ballot_box import SessionClosed, SessionFull, TriadFull


def seats(room: Room) -> int:
    return ballot_box.room(room.stores.ballots, room.session.id).seats


@pytest.fixture
def room(app, stores) -> Room:
    return open_room(app, stores, present="6")


# --- storage --------------------------------------------------------------------------


def test_freed_seat_can_be_taken_once(stores):
    session = builders.open_class(stores, present=3)
    builders.take_seats(stores, session, 3)
    with pytest.raises(SessionFull):
        ballot_box.join(stores.ballots, session.id, "new")
    ballot_box.free_seat(stores.ballots, session.id)
    assert ballot_box.room(stores.ballots, session.id).seats == 2
    ballot_box.join(stores.ballots, session.id, "new")
    assert ballot_box.room(stores.ballots, session.id).seats == 3
    with pytest.raises(SessionFull):
        ballot_box.join(stores.ballots, session.id, "newer")


def test_freeing_tells_the_room(stores):
    session = builders.open_class(stores, present=3)
    builders.take_seats(stores, session, 3)
    before = ballot_box.room(stores.ballots, session.id).revision
    ballot_box.free_seat(stores.ballots, session.id)
    assert ballot_box.room(stores.ballots, session.id).revision > before


def test_no_seat_is_freed_where_none_is_taken_or_five_were(stores):
    session = builders.open_class(stores, present=12)
    with pytest.raises(SessionFull):
        ballot_box.free_seat(stores.ballots, session.id)
    builders.take_seats(stores, session, 12)
    for _ in range(ballot_box.MOST_FREED):
        ballot_box.free_seat(stores.ballots, session.id)
    with pytest.raises(SessionFull):
        ballot_box.free_seat(stores.ballots, session.id)


def test_once_asked_no_seat_is_freed_and_no_number_changed(stores):
    session = builders.open_class(stores)
    builders.take_seats(stores, session, 3)
    builders.go_on(stores, session)
    with pytest.raises(SessionClosed):
        ballot_box.free_seat(stores.ballots, session.id)
    with pytest.raises(SessionClosed):
        ballot_box.resize(stores.ballots, session.id, 30)
    ballot_box.forget(stores.ballots, session.id)
    with pytest.raises(SessionClosed):
        ballot_box.free_seat(stores.ballots, session.id)


def test_never_more_answers_than_pupils(stores):
    # The dead phone is charged again, and its seat still works.
    session = builders.open_class(stores, present=3)
    old = builders.take_seats(stores, session, 3)
    ballot_box.free_seat(stores.ballots, session.id)
    new = ballot_box.join(stores.ballots, session.id, "new")
    builders.go_on(stores, session)
    builders.answer(stores, [*old[:2], new], "dyr")
    with pytest.raises(TriadFull):
        builders.answer(stores, old[2:], "dyr")
    assert ballot_box.full(stores.ballots, session.id) == {"dyr"}
    assert builders.count_answered(stores.ballots, session.id, "dyr") == 3


def test_all_have_answered_without_the_dead_one(stores):
    session = builders.open_class(stores, present=12)
    old = builders.take_seats(stores, session, 12)
    ballot_box.free_seat(stores.ballots, session.id)
    new = ballot_box.join(stores.ballots, session.id, "new")
    builders.go_on(stores, session)
    builders.answer(stores, [*old[:11], new], "dyr")
    assert ballot_box.progress(stores.ballots, session.id, "dyr") == 12
    shown = ballot_box.shown_warm_up(stores.ballots, session.id)
    assert sum(shown["dyr.selv"].values()) == 12


def test_freed_by_mistake_all_may_still_answer(stores):
    session = builders.open_class(stores, present=12)
    everyone = builders.take_seats(stores, session, 12)
    ballot_box.free_seat(stores.ballots, session.id)
    builders.go_on(stores, session)
    builders.answer(stores, everyone, "dyr")
    assert builders.count_answered(stores.ballots, session.id, "dyr") == 12
    assert ballot_box.progress(stores.ballots, session.id, "dyr") == 11


def test_room_and_progress_of_a_session_that_has_just_closed(stores):
    session = builders.open_class(stores)
    builders.take_seats(stores, session, 3)
    ballot_box.forget(stores.ballots, session.id)
    assert ballot_box.room(stores.ballots, session.id) is None
    assert ballot_box.progress(stores.ballots, session.id, "dyr") == 0


@pytest.mark.parametrize("present", [2, 30])
def test_number_that_was_mended_halfway_is_mended_at_start(
    stores, present, monkeypatch
):
    session = builders.open_class(stores, present=24)
    builders.take_seats(stores, session, 2)
    broken = "archive" if present < 24 else "ballot_box"
    monkeypatch.setattr(f"pejling.storage.closing.{broken}.resize", crash)
    with pytest.raises(ZeroDivisionError):
        closing.resize(stores, session, present)
    monkeypatch.undo()
    now = archive.session(stores.archive, session.id)
    assert joinable(stores, session.id) <= now.present
    closing.mend(stores, builders.NOW)
    assert joinable(stores, session.id) == now.present


def crash(*_: object) -> None:
    raise ZeroDivisionError


def joinable(stores, session_id: str) -> int:
    row = stores.ballots.conn.execute(
        "select seats from poll where session = ?", [session_id]
    )
    return row.fetchone()[0]


def test_number_stays_where_somebody_was_faster(stores):
    session = builders.open_class(stores, present=24)
    archive.move(stores.archive, session, session, builders.NOW)
    for present in (12, 30):
        with pytest.raises(archive.SessionChanged):
            closing.resize(stores, session, present)
        assert joinable(stores, session.id) == 24
    assert archive.session(stores.archive, session.id).present == 24


# --- in the room ----------------------------------------------------------------------


def test_pupil_whose_battery_died_comes_in_again(room: Room):
    pupils = room.pupils(6)
    assert room.press("plads").status_code == 303
    assert seats(room) == 5
    again = room.pupil()
    room.press("opvarmning")
    for pupil in [*pupils[1:], again]:
        assert answer_one(pupil, guess=4) == room.session.warm_up.id
    room.press("spoergsmaal")
    for pupil in [*pupils[1:], again]:
        assert answer_all(pupil, guess=4) > 1
    room.press("luk")
    warm_up = room.session.warm_up.id
    assert archive.answered(room.stores.archive, room.session.id)[warm_up] == 6


def test_full_class_is_told_what_the_teacher_can_do(room: Room):
    room.pupils(6)
    with pytest.raises(AssertionError, match="frigøre en plads"):
        room.pupil()


def test_freed_seat_renews_a_code_that_has_stopped(room: Room, clock: Clock):
    room.pupils(6)
    old = room.now().code
    clock.now += sessions.JOIN_SECONDS + 1
    assert room.press("plads").status_code == 303
    room.session = room.now()
    assert room.session.code != old
    room.pupil()
    clock.now += sessions.JOIN_SECONDS + 1
    assert room.press("til-stede", present="7").status_code == 303
    room.session = room.now()
    room.pupil()


def test_code_that_works_stays_when_a_seat_is_freed(room: Room):
    room.pupils(6)
    code = room.now().code
    room.press("plads")
    room.press("til-stede", present="7")
    assert room.now().code == code


def test_pupil_shut_out_by_a_dead_phone_is_told_and_goes_on(room: Room):
    pupils = room.pupils(6)
    room.press("plads")
    pupils.append(room.pupil())
    room.press("opvarmning")
    for pupil in pupils[:6]:
        answer_one(pupil, guess=4)
    last = pupils[6]
    assert "fieldset" not in last.get("/svar").text
    room.press("spoergsmaal")
    answers = [answer_all(pupil, guess=4) for pupil in pupils[1:]]
    assert min(answers) > 1


def test_answer_that_came_too_late_is_told_and_leads_on(room: Room):
    pupils = room.pupils(6)
    room.press("plads")
    pupils.append(room.pupil())
    room.press("opvarmning")
    last = pupils[6]
    open_page = last.get("/svar")
    for pupil in pupils[:6]:
        answer_one(pupil, guess=4)
    warm_up = room.session.warm_up.id
    data = {"csrf_token": token_of(open_page), "tema": warm_up, "trin": "send"}
    sent = last.post(
        "/svar", data=data | {"andre": "004", "kammerater": "004", "selv": "001"}
    )
    assert sent.status_code == 409
    assert "Svaret kunne ikke tælles med" in sent.text
    assert 'href="/svar"' in sent.text
    assert last.get("/svar").status_code == 200
    room.press("spoergsmaal")
    room.press("luk")
    assert archive.answered(room.stores.archive, room.session.id)[warm_up] == 6


def test_two_clicks_free_one_seat(room: Room):
    room.pupils(6)
    version = str(room.now().version)
    assert room.press("plads", version=version).status_code == 303
    assert room.press("plads", version=version).status_code == 409
    assert seats(room) == 5


def test_nothing_to_free_is_told(room: Room):
    answer = room.press("plads")
    assert answer.status_code == 409
    assert "Der kan ikke frigøres flere pladser" in answer.text


def test_number_of_pupils_can_be_mended(room: Room):
    room.pupils(2)
    assert room.press("til-stede", present="4").status_code == 303
    assert room.now().present == 4
    room.pupils(2)
    with pytest.raises(AssertionError, match="Alle pladser er taget"):
        room.pupil()
    assert room.press("til-stede", present="5").status_code == 303
    room.pupil()
    assert room.now().version > room.session.version


def test_number_below_those_who_joined_is_refused(room: Room):
    room.pupils(4)
    answer = room.press("til-stede", present="3")
    assert answer.status_code == 409
    assert "Der er allerede flere med" in answer.text
    assert room.now().present == 6
    room.pupils(2)


@pytest.mark.parametrize("typed", ["", "1", "121", "fem", "-4", "4.5", "1e2", "٤", " "])
def test_nonsense_in_the_number_is_told(room: Room, typed: str):
    answer = room.press("til-stede", present=typed)
    assert answer.status_code == 422
    assert "et tal fra 2 til 120" in answer.text
    assert room.now().present == 6


def test_number_stands_once_the_warm_up_has_begun(room: Room):
    room.press("opvarmning")
    assert room.press("til-stede", present="5").status_code == 409
    assert room.press("plads").status_code == 409
    assert room.now().present == 6


def test_others_may_not(room: Room, app, stores):
    other = sign_in(app, stores, "anden@example.dk", Role.TEACHER)
    for where in ("plads", "til-stede", "sedler", "forfra"):
        page = other.get("/laerer/")
        answer = other.post(
            f"/laerer/{room.session.id}/{where}",
            data={"csrf_token": token_of(page), "version": "1", "present": "9"},
        )
        assert answer.status_code == 403
    assert room.now().present == 6
