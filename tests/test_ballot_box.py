"""Seats and counters: every answer once, and nothing about who gave it."""

import hashlib
import itertools
import re

import builders
import pytest
from builders import NO, YES, ballot

from pejling.domain.question_sets import DECLINED
from pejling.storage import ballot_box, closing
from pejling.storage.ballot_box import (
    AlreadyAnswered,
    NoSeat,
    Room,
    SessionClosed,
    SessionFull,
)


@pytest.fixture
def db(stores):
    return stores.ballots


@pytest.fixture
def session(stores):
    """A class of 24 that is in its warm-up, "dyr"."""
    return builders.go_on(stores, builders.open_class(stores))


# --- seats ----------------------------------------------------------------------------


def test_token_is_128_random_bits():
    tokens = {ballot_box.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(bytes.fromhex(token)) for token in tokens} == {16}


def test_same_token_has_one_seat(db, session):
    first = ballot_box.join(db, session.id, "token")
    assert ballot_box.join(db, session.id, "token") == first
    assert ballot_box.find_seat(db, session.id, "token") == first
    assert ballot_box.room(db, session.id).seats == 1


def test_seat_is_not_the_tokens_plain_hash(db, session):
    seat = ballot_box.join(db, session.id, "token")
    assert seat.token_hash not in {
        "token",
        hashlib.sha256(b"token").hexdigest(),
        hashlib.sha256(session.id.encode() + b"token").hexdigest(),
    }
    assert len(seat.token_hash) == 64


def test_same_token_has_another_hash_in_another_session(stores, db, session):
    other = builders.open_class(stores)
    seats = [ballot_box.join(db, one.id, "token") for one in (session, other)]
    assert seats[0].token_hash != seats[1].token_hash


def test_full_session_takes_nobody_more(stores, db):
    session = builders.open_class(stores, present=2)
    builders.take_seats(stores, session, 2)
    with pytest.raises(SessionFull):
        ballot_box.join(db, session.id, "late")
    assert ballot_box.room(db, session.id).seats == 2


def test_full_session_still_knows_its_own(stores, db):
    session = builders.open_class(stores, present=2)
    seats = builders.take_seats(stores, session, 2)
    assert ballot_box.join(db, session.id, "token-1") == seats[1]


def test_session_that_is_not_there_takes_nobody(db):
    with pytest.raises(SessionClosed):
        ballot_box.join(db, "nowhere", "token")
    assert ballot_box.room(db, "nowhere") is None


@pytest.mark.parametrize("where", ["session", "nowhere"])
def test_unknown_token_has_no_seat(db, session, where):
    name = session.id if where == "session" else where
    with pytest.raises(NoSeat):
        ballot_box.find_seat(db, name, "forged")


def test_opening_again_keeps_key_and_seats(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.open_poll(db, session.id, 24)
    assert ballot_box.find_seat(db, session.id, "token") == seat


def test_starting_over_throws_all_seats_away(stores, db):
    session = builders.open_class(stores, present=3)
    old = builders.take_seats(stores, session, 3)
    ballot_box.start_over(db, session.id, 5)
    with pytest.raises(NoSeat):
        ballot_box.find_seat(db, session.id, "token-0")
    # Room for five now, and the same token has another hash under the new key.
    new = builders.take_seats(stores, session, 5)
    assert {one.token_hash for one in old} & {one.token_hash for one in new} == set()


def test_starting_over_is_refused_once_a_question_is_open(db, session):
    seat = ballot_box.join(db, session.id, "token")
    with pytest.raises(SessionClosed):
        ballot_box.start_over(db, session.id, 24)
    assert ballot_box.find_seat(db, session.id, "token") == seat


def test_starting_over_is_refused_while_nothing_is_open_between_questions(
    stores, db, session
):
    # In "trin" no triad is open during a reveal; the first question was long ago.
    seats = builders.take_seats(stores, session, 6)
    builders.answer(stores, seats, "dyr", yes=3)
    closing.close_triads(stores, session, ["dyr"])
    with pytest.raises(SessionClosed):
        ballot_box.start_over(db, session.id, 24)


# --- answers --------------------------------------------------------------------------


def test_answer_adds_one_to_each_of_its_three_counters(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.add_answers(db, seat, "dyr", ballot("dyr", YES, friends=8, others=12))
    assert ballot_box.counters(db, session.id, "dyr") == {
        "dyr.andre": {12: 1},
        "dyr.kammerater": {8: 1},
        "dyr.selv": {YES: 1},
    }
    assert ballot_box.answered(db, seat) == {"dyr"}


def test_class_of_24(stores, db, session):
    seats = builders.take_seats(stores, session)
    builders.answer(stores, seats, "dyr", yes=3, declined=2, guess=9)
    # 24 - 3 - 2 = 19 say no.
    counted = ballot_box.counters(db, session.id, "dyr")
    assert counted["dyr.selv"] == {YES: 3, DECLINED: 2, NO: 19}
    assert counted["dyr.kammerater"] == {9: 24}
    assert builders.count_answered(db, session.id, "dyr") == 24


def test_second_answer_counts_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.add_answers(db, seat, "dyr", ballot("dyr", YES))
    with pytest.raises(AlreadyAnswered):
        ballot_box.add_answers(db, seat, "dyr", ballot("dyr", NO))
    assert ballot_box.counters(db, session.id, "dyr")["dyr.selv"] == {YES: 1}


def test_repeat_after_closing_is_known_as_answered(db, session):
    # The thank-you got lost, the teacher closed, the browser sends again.
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.add_answers(db, seat, "dyr", ballot("dyr"))
    ballot_box.end(db, session.id, ["dyr"])
    with pytest.raises(AlreadyAnswered):
        ballot_box.add_answers(db, seat, "dyr", ballot("dyr"))


def test_closed_triad_counts_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    with pytest.raises(SessionClosed):
        ballot_box.add_answers(db, seat, "vape", ballot("vape"))
    assert ballot_box.counters(db, session.id, "vape") == {}
    assert ballot_box.answered(db, seat) == frozenset()


def test_forgotten_session_counts_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.forget(db, session.id)
    with pytest.raises(SessionClosed):
        ballot_box.add_answers(db, seat, "dyr", ballot("dyr"))


def test_seat_that_is_gone_counts_nothing(db, session):
    forged = ballot_box.Seat(session.id, "0" * 64)
    with pytest.raises(NoSeat):
        ballot_box.add_answers(db, forged, "dyr", ballot("dyr"))
    assert ballot_box.counters(db, session.id, "dyr") == {}


def test_answer_that_fails_halfway_counts_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    broken = ballot("dyr") | {"dyr.selv": "ja"}
    with pytest.raises(ValueError, match="has no option ja"):
        ballot_box.add_answers(db, seat, "dyr", broken)
    assert ballot_box.counters(db, session.id, "dyr") == {}
    assert ballot_box.answered(db, seat) == frozenset()


def places(content: bytes, session: str, hashes: list[str]) -> dict[bytes, list[int]]:
    """Where each mark and each counter lies in the file."""
    wanted = [f"{session}dyr{one}".encode() for one in hashes]
    wanted += [
        f"{session}dyr.{role}".encode() for role in ("andre", "kammerater", "selv")
    ]
    return {
        one: [found.start() for found in re.finditer(re.escape(one), content)]
        for one in wanted
    }


def test_answers_leave_no_order_in_the_file(tmp_path, stores):
    # Every row is there before the first answer and stays where it is: what changes is
    # a mark's 0 and a number's digits, and the file's own count of changes.
    session = builders.open_class(stores)
    seats = builders.take_seats(stores, session)
    builders.go_on(stores, session)
    path = tmp_path / "ballot_box.db"
    before = path.read_bytes()
    # The poll moves in its own row, and the warm-up's picture is written as a whole.
    for place, seat in enumerate(seats[::-1]):
        given = ballot("dyr", mine=place % 2, friends=place, others=24 - place)
        ballot_box.add_answers(stores.ballots, seat, "dyr", given)
    after = path.read_bytes()
    hashes = [one.token_hash for one in seats]
    marks = places(before, session.id, hashes)
    assert min(map(len, marks.values())) >= 1
    assert places(after, session.id, hashes) == marks
    assert len(before) == len(after)


def test_rows_of_a_triad_lie_in_the_order_of_their_keys(tmp_path, stores):
    session = builders.open_class(stores)
    seats = builders.take_seats(stores, session)
    builders.go_on(stores, session)
    content = (tmp_path / "ballot_box.db").read_bytes()
    hashes = sorted(one.token_hash for one in seats)
    first = [places(content, session.id, [one]) for one in hashes]
    offsets = [min(next(iter(one.values()))) for one in first]
    # SQLite fills a page from its end; a page holds fewer than 24 such rows.
    falls = sum(a > b for a, b in itertools.pairwise(offsets))
    assert falls >= len(offsets) - 3


def test_option_that_is_not_on_the_scale_counts_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    with pytest.raises(ValueError, match="has no option 25"):
        ballot_box.add_answers(db, seat, "dyr", ballot("dyr", friends=25))
    assert ballot_box.counters(db, session.id, "dyr") == {}
    assert ballot_box.answered(db, seat) == frozenset()


def test_who_comes_late_has_a_mark_for_what_is_asked(db, session):
    seat = ballot_box.join(db, session.id, "late")
    ballot_box.add_answers(db, seat, "dyr", ballot("dyr"))
    assert ballot_box.answered(db, seat) == {"dyr"}


def test_counters_of_a_triad_are_not_those_of_a_longer_name(db, session):
    ballot_box.ask(db, session.id, builders.scales("vape", "vape_2"))
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.add_answers(db, seat, "vape_2", ballot("vape_2"))
    assert ballot_box.counters(db, session.id, "vape") == {}


def test_dropped_triad_leaves_the_others(db, session):
    ballot_box.ask(db, session.id, builders.scales("dyr", "vape"))
    seat = ballot_box.join(db, session.id, "token")
    for triad in ("dyr", "vape"):
        ballot_box.add_answers(db, seat, triad, ballot(triad))
    ballot_box.drop_triad(db, session.id, "dyr")
    assert ballot_box.counters(db, session.id, "dyr") == {}
    assert ballot_box.counters(db, session.id, "vape") != {}
    assert ballot_box.answered(db, seat) == {"dyr", "vape"}


def test_ended_triad_is_never_asked_again(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.end(db, session.id, ["dyr"])
    ballot_box.ask(db, session.id, builders.scales("dyr", "vape"))
    with pytest.raises(SessionClosed):
        ballot_box.add_answers(db, seat, "dyr", ballot("dyr"))
    ballot_box.add_answers(db, seat, "vape", ballot("vape"))
    assert ballot_box.open_triads(db, session.id) == ["vape"]


def test_shut_session_takes_nothing_and_opens_nothing(db, session):
    seat = ballot_box.join(db, session.id, "token")
    ballot_box.shut(db, session.id)
    ballot_box.ask(db, session.id, builders.scales("vape"))
    for triad in ("dyr", "vape"):
        with pytest.raises(SessionClosed):
            ballot_box.add_answers(db, seat, triad, ballot(triad))


def test_opening_triads_of_a_session_that_is_gone_does_nothing(db):
    ballot_box.ask(db, "nowhere", builders.scales("dyr"))
    assert ballot_box.polls(db) == []


def test_forgetting_one_session_leaves_the_other(stores, db, session):
    other = builders.open_class(stores)
    ballot_box.forget(db, session.id)
    assert ballot_box.polls(db) == [other.id]


# --- what the room may see ------------------------------------------------------------


def test_room_of_a_session(stores, db, session):
    assert ballot_box.room(db, session.id) == Room(seats=0, revision=0)
    builders.take_seats(stores, session, 2)
    assert ballot_box.room(db, session.id) == Room(seats=2, revision=2)


def test_progress_is_seen_in_steps_of_five(stores, db, session):
    ballot_box.ask(db, session.id, builders.scales("vape"))
    seats = builders.take_seats(stores, session, 12)
    seen, revisions = [], []
    for seat in seats:
        ballot_box.add_answers(db, seat, "vape", ballot("vape"))
        seen.append(ballot_box.progress(db, session.id, "vape"))
        revisions.append(ballot_box.room(db, session.id).revision - len(seats))
    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 12]
    # The screen hears of an answer only when it may show another number.
    assert revisions == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3]


def test_warm_up_is_seen_in_steps_of_three(stores, db, session):
    seats = builders.take_seats(stores, session, 12)
    seen = []
    for seat in seats:
        builders.answer(stores, [seat], "dyr", yes=1)
        shown = ballot_box.shown_warm_up(db, session.id)
        seen.append(shown.get("dyr.selv", {}).get(YES, 0))
    # 5, 8, then not 11: the last of 12 would stand alone.
    assert seen == [0, 0, 0, 0, 5, 5, 5, 8, 8, 8, 8, 12]


def test_other_items_are_never_seen_before_they_close(stores, db, session):
    ballot_box.ask(db, session.id, builders.scales("vape"))
    builders.answer(stores, builders.take_seats(stores, session), "vape", yes=3)
    assert ballot_box.shown_warm_up(db, session.id) == {}
