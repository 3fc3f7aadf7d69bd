"""Closing keeps the counters, forgets the seats, and survives being cut short."""

import itertools
import sqlite3
from pathlib import Path

import builders
import pytest
from builders import NO, NOW, YES, ballot

from pejling.domain import sessions
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import Pacing, Position, Session, Stage
from pejling.storage import archive, ballot_box, closing
from pejling.storage.archive import SessionChanged
from pejling.storage.connections import Stores

FOUR_HOURS = 4 * 3600


def asked_class(stores: Stores, pupils: int = 12) -> Session:
    """A class that has done its warm-up and answered "vape": 3 of 12 do it."""
    session = builders.go_on(stores, builders.open_class(stores, present=pupils))
    seats = builders.take_seats(stores, session, pupils)
    builders.answer(stores, seats, "dyr", yes=min(7, pupils))
    session = builders.go_on(stores, session)
    builders.answer(stores, seats, "vape", yes=min(3, pupils))
    return session


def kept(stores: Stores, session: Session) -> tuple:
    """All that is left of a session, in both files."""
    return (
        archive.session(stores.archive, session.id).stage,
        archive.answered(stores.archive, session.id),
        archive.counters(stores.archive, session.id),
        ballot_box.polls(stores.ballots),
    )


def ballot_bytes(folder: Path) -> bytes:
    """Every byte of the ballot box and of what SQLite keeps beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("ballot_box*")))


# --- a lesson -------------------------------------------------------------------------


def test_closed_session_is_in_the_archive_only(stores):
    session = asked_class(stores)
    closed = builders.go_on(stores, session)
    assert (closed.stage, closed.position) == (Stage.CLOSED, Position())
    stage, answered, counters, polls = kept(stores, session)
    assert (stage, polls) == (Stage.CLOSED, [])
    assert answered == {
        "dyr": 12,
        "vape": 12,
        "ok_at_sige_nej": 0,
        "hjulpet": 0,
        HONESTY_ID: 0,
    }
    assert counters["vape.selv"] == {YES: 3, NO: 9}
    assert counters["vape.kammerater"] == {8: 12}
    assert {item.partition(".")[0] for item in counters} == {"dyr", "vape"}


def test_nothing_of_pupils_is_left_in_the_file(tmp_path, stores):
    session = asked_class(stores)
    conn = stores.ballots.conn
    seats = [row[0] for row in conn.execute("select token_hash from seat")]
    (key,) = conn.execute("select key from poll").fetchone()
    traces = [key, session.id.encode(), b"vape", *(one.encode() for one in seats)]
    before = ballot_bytes(tmp_path)
    assert [trace in before for trace in traces] == [True] * 15

    builders.go_on(stores, session)
    after = ballot_bytes(tmp_path)
    assert [trace for trace in traces if trace in after] == []


def test_nothing_of_a_closed_triad_is_left_while_the_session_goes_on(tmp_path, stores):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session, 6)
    builders.answer(stores, seats, "dyr", yes=3)
    assert b"dyr.selv" in ballot_bytes(tmp_path)
    builders.go_on(stores, session)
    assert b"dyr.selv" not in ballot_bytes(tmp_path)


@pytest.mark.parametrize(("pupils", "answered"), [(4, 0), (5, 5)])
def test_fewer_than_five_answers_are_not_kept(stores, pupils, answered):
    session = asked_class(stores, pupils)
    builders.go_on(stores, session)
    assert archive.answered(stores.archive, session.id)["vape"] == answered
    items = archive.counters(stores.archive, session.id)
    assert any(item.startswith("vape") for item in items) is bool(answered)


def test_closing_again_changes_nothing(stores):
    session = asked_class(stores)
    closed = builders.go_on(stores, session)
    once = kept(stores, session)
    assert closing.close_session(stores, closed, NOW).stage is Stage.CLOSED
    assert kept(stores, session) == once


def test_session_closed_in_its_lobby_keeps_nothing(stores):
    session = builders.open_class(stores)
    builders.take_seats(stores, session, 6)
    closing.advance(stores, session, sessions.close(session), NOW)
    stage, answered, counters, polls = kept(stores, session)
    assert (stage, counters, polls) == (Stage.CLOSED, {}, [])
    assert set(answered.values()) == {0}


def test_other_session_goes_on(stores):
    other = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, other, 6)
    builders.answer(stores, seats, "dyr", yes=3)
    builders.go_on(stores, asked_class(stores))
    assert ballot_box.polls(stores.ballots) == [other.id]
    counted = ballot_box.counters(stores.ballots, other.id, "dyr")
    assert counted["dyr.selv"] == {YES: 3, NO: 3}


def test_trin_closes_each_triad_before_its_reveal(stores):
    session = builders.open_class(stores, pacing=Pacing.STEPWISE)
    session = builders.go_on(stores, session)
    seats = builders.take_seats(stores, session, 6)
    session = builders.go_on(stores, session)
    builders.answer(stores, seats[:5], "vape", yes=3)
    session = closing.advance(stores, session, sessions.after_asking(session), NOW)
    assert archive.answered(stores.archive, session.id) == {"dyr": 0, "vape": 5}
    with pytest.raises(ballot_box.SessionClosed):
        builders.answer(stores, seats[5:], "vape")
    session = closing.advance(stores, session, sessions.ask_next(session), NOW)
    builders.answer(stores, seats, "ok_at_sige_nej", yes=6)


# --- the warm-up ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answering", "kept_of_them"),
    [
        # Of 24 seats the pictures hold 5, 8, 11, 14, 17, 20 and 24.
        (20, 20),
        (21, 20),  # one is left over: the archive says what was shown
        (22, 20),
        (23, 23),  # three are left over: they hide each other
        (24, 24),
        (6, 5),
        (7, 5),
        (5, 5),
    ],
)
def test_one_or_two_after_the_last_picture_stay_unseen(stores, answering, kept_of_them):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session)
    # The first say yes, so that another picture would differ.
    builders.answer(stores, seats[:answering], "dyr", yes=answering)
    shown = ballot_box.shown_warm_up(stores.ballots, session.id)
    builders.go_on(stores, session)
    assert archive.answered(stores.archive, session.id) == {"dyr": kept_of_them}
    counters = archive.counters(stores.archive, session.id)
    assert counters["dyr.selv"] == {YES: kept_of_them}
    if answering - kept_of_them in (1, 2):
        assert counters == shown


# --- by itself ------------------------------------------------------------------------


def test_session_closes_by_itself_after_four_hours(stores):
    session = asked_class(stores)
    closing.mend(stores, NOW + FOUR_HOURS)
    assert archive.session(stores.archive, session.id).is_open
    closing.mend(stores, NOW + FOUR_HOURS + 1)
    stage, answered, _, polls = kept(stores, session)
    assert (stage, answered["vape"], polls) == (Stage.CLOSED, 12, [])


def test_session_that_closed_by_itself_stands_before_its_reveal(stores):
    session = builders.open_class(stores, pacing=Pacing.STEPWISE)
    session = builders.go_on(stores, builders.go_on(stores, session))
    closing.close_overdue(stores, NOW + FOUR_HOURS + 1)
    assert archive.session(stores.archive, session.id).position == Position()


def test_mending_leaves_a_running_lesson_alone(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session, 6)
    builders.answer(stores, seats[:3], "dyr", yes=3)
    closing.mend(stores, NOW + 60)
    builders.answer(stores, seats[3:], "dyr", yes=3)
    assert builders.count_answered(stores.ballots, session.id, "dyr") == 6
    assert archive.session(stores.archive, session.id) == session


def test_mending_opens_no_triad_that_is_archived(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    (seat,) = builders.take_seats(stores, session, 1)
    closing.close_triads(stores, session, ["dyr"])
    closing.mend(stores, NOW)
    with pytest.raises(ballot_box.SessionClosed):
        ballot_box.add_answers(stores.ballots, seat, "dyr", ballot("dyr"))


def test_session_without_a_poll_gets_one(stores):
    # The power went between the archive's row and the ballot box's.
    session = builders.open_class(stores)
    ballot_box.forget(stores.ballots, session.id)
    closing.mend(stores, NOW)
    builders.take_seats(stores, session, 24)
    assert ballot_box.room(stores.ballots, session.id).seats == 24


# --- cut short ------------------------------------------------------------------------

STEPS = (
    (archive, "move"),
    (archive, "store_closed"),
    (ballot_box, "ask"),
    (ballot_box, "end"),
    (ballot_box, "shut"),
    (ballot_box, "drop_triad"),
    (ballot_box, "forget"),
    (ballot_box, "vacuum"),
)


class PowerCut(Exception):
    pass


def cut_power(monkeypatch, before: int) -> None:
    """Let the power go before the given step, counted from 0 over all of them."""
    place = itertools.count()

    def cut(step):
        def run(*args, **kwargs):
            if next(place) == before:
                raise PowerCut
            return step(*args, **kwargs)

        return run

    for module, name in STEPS:
        monkeypatch.setattr(module, name, cut(getattr(module, name)))


def press(stores: Stores, session: Session, monkeypatch, before: int) -> bool:
    """The teacher's press with the power cut; whether it was cut at all."""
    with monkeypatch.context() as patch:
        cut_power(patch, before)
        try:
            builders.go_on(stores, session)
        except PowerCut:
            return True
    return False


# Closing: move, shut, store_closed, forget, vacuum within forget.
@pytest.mark.parametrize("step", range(5))
def test_close_that_is_cut_short_loses_and_doubles_nothing(tmp_path, monkeypatch, step):
    with builders.open_stores(tmp_path / "whole") as stores:
        session = asked_class(stores)
        builders.go_on(stores, session)
        whole = kept(stores, session)

    with builders.open_stores(tmp_path / "cut") as stores:
        session = asked_class(stores)
        rows = stores.ballots.conn.execute("select token_hash from seat")
        hashes = [row[0].encode() for row in rows]
        assert press(stores, session, monkeypatch, step)
    with builders.open_stores(tmp_path / "cut") as stores:
        closing.mend(stores, NOW)
        session = archive.session(stores.archive, session.id)
        if session.is_open:
            builders.go_on(stores, session)
        assert kept(stores, session) == whole
    left = ballot_bytes(tmp_path / "cut")
    assert [one for one in hashes if one in left] == []


def test_close_has_no_more_steps_than_are_cut_above(tmp_path, monkeypatch):
    with builders.open_stores(tmp_path) as stores:
        assert not press(stores, asked_class(stores), monkeypatch, 5)


def from_warm_up_to_close(stores: Stores, session: Session) -> tuple:
    """The rest of a lesson whose warm-up six pupils have answered."""
    if session.stage is Stage.WARM_UP:
        session = builders.go_on(stores, session)
    builders.answer(stores, builders.take_seats(stores, session, 6), "vape", yes=3)
    builders.go_on(stores, session)
    return kept(stores, session)


def warm_class(stores: Stores) -> Session:
    session = builders.go_on(stores, builders.open_class(stores, present=6))
    seats = builders.take_seats(stores, session, 6)
    builders.answer(stores, seats, "dyr", yes=3)
    return session


# On from the warm-up: move, end, store_closed, drop_triad, vacuum, ask.
@pytest.mark.parametrize("step", range(6))
def test_step_that_is_cut_short_can_be_taken_again(tmp_path, monkeypatch, step):
    with builders.open_stores(tmp_path / "whole") as stores:
        whole = from_warm_up_to_close(stores, warm_class(stores))

    with builders.open_stores(tmp_path / "cut") as stores:
        session = warm_class(stores)
        assert press(stores, session, monkeypatch, step)
    with builders.open_stores(tmp_path / "cut") as stores:
        closing.mend(stores, NOW)
        session = archive.session(stores.archive, session.id)
        assert from_warm_up_to_close(stores, session) == whole


def test_step_has_no_more_parts_than_are_cut_above(tmp_path, monkeypatch):
    with builders.open_stores(tmp_path) as stores:
        assert not press(stores, warm_class(stores), monkeypatch, 6)


# --- two remotes ----------------------------------------------------------------------


def test_second_press_changes_nothing(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    builders.go_on(stores, session)
    with pytest.raises(SessionChanged):
        builders.go_on(stores, session)


def interrupt(monkeypatch, module, name: str, press) -> None:
    """Let another remote press before the next call of a step."""
    step = getattr(module, name)

    def run(*args, **kwargs):
        monkeypatch.undo()
        press()
        return step(*args, **kwargs)

    monkeypatch.setattr(module, name, run)


def test_second_press_in_the_same_moment_leaves_the_questions_open(stores, monkeypatch):
    session = builders.go_on(stores, builders.open_class(stores))
    (seat,) = builders.take_seats(stores, session, 1)

    interrupt(monkeypatch, archive, "move", lambda: builders.go_on(stores, session))
    with pytest.raises(SessionChanged):
        builders.go_on(stores, session)
    ballot_box.add_answers(stores.ballots, seat, "vape", ballot("vape"))


def test_press_that_waits_for_the_lock_does_not_undo_the_next_one(stores, monkeypatch):
    session = builders.open_class(stores)
    (seat,) = builders.take_seats(stores, session, 1)

    def next_press() -> None:
        builders.go_on(stores, archive.session(stores.archive, session.id))

    # The first press, to the warm-up, is stored, but waits to open it.
    interrupt(monkeypatch, ballot_box, "ask", next_press)
    builders.go_on(stores, session)
    moved = archive.session(stores.archive, session.id)
    assert moved.stage is Stage.ANSWERING
    ballot_box.add_answers(stores.ballots, seat, "vape", ballot("vape"))


def test_session_that_is_opened_while_another_process_mends_keeps_its_poll(
    stores, monkeypatch
):
    asking = archive.open_sessions
    opened = []

    def opens_meanwhile(db):
        found = asking(db)
        if not opened:
            opened.append(builders.open_class(stores))
        return found

    monkeypatch.setattr(archive, "open_sessions", opens_meanwhile)
    closing.mend(stores, NOW)
    monkeypatch.undo()
    assert ballot_box.polls(stores.ballots) == [opened[0].id]


def test_what_closing_could_not_delete_is_deleted_by_housekeeping(stores, monkeypatch):
    session = asked_class(stores)

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(ballot_box, "forget", full)
    # The result is safe, so the teacher is not told otherwise.
    assert builders.go_on(stores, session).stage is Stage.CLOSED
    monkeypatch.undo()
    assert ballot_box.polls(stores.ballots) == [session.id]
    closing.forget_closed(stores)
    assert ballot_box.polls(stores.ballots) == []
