"""A whole class at once: every answer counted, every seat taken, once each."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import builders
from builders import NOW, YES, ballot

from pejling.domain import sessions
from pejling.domain.sessions import Stage
from pejling.storage import archive, ballot_box, closing, connections
from pejling.storage.ballot_box import AlreadyAnswered, SessionClosed, SessionFull
from pejling.storage.connections import Stores

PATIENCE = 60  # seconds until a thread counts as stuck


def at_once(folder: Path, jobs: list[Callable[[Stores], object]]) -> list[object]:
    """What each job gave or raised; all start together, a connection each."""
    start = Barrier(len(jobs))
    outcomes: list[object] = [None] * len(jobs)

    def run(place: int, job: Callable[[Stores], object]) -> None:
        try:
            own = connections.open_stores(folder)
            try:
                start.wait(PATIENCE)
                outcomes[place] = job(own)
            finally:
                own.close()
        except Exception as error:
            outcomes[place] = error

    threads = [
        Thread(target=run, args=(place, job), daemon=True)
        for place, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def kinds(outcomes: list[object]) -> Counter:
    """How often each value was given, and each exception raised."""
    return Counter(type(one) if isinstance(one, Exception) else one for one in outcomes)


def test_thirty_send_together_and_thirty_are_counted(tmp_path, stores):
    session = builders.go_on(stores, builders.open_class(stores, present=30))
    seats = builders.take_seats(stores, session, 30)

    def send(seat, guess):
        given = ballot("dyr", YES, friends=guess, others=30)
        return lambda own: ballot_box.add_answers(
            own.ballots, seat, "dyr", given, warm_up=True
        )

    jobs = [send(seat, place % 3) for place, seat in enumerate(seats)]
    assert kinds(at_once(tmp_path, jobs)) == {None: 30}
    # Every third guesses 0, 1, 2: ten each.
    assert ballot_box.counters(stores.ballots, session.id, "dyr") == {
        "dyr.andre": {30: 30},
        "dyr.kammerater": {0: 10, 1: 10, 2: 10},
        "dyr.selv": {YES: 30},
    }
    # The last picture of the warm-up holds all of them.
    shown = ballot_box.shown_warm_up(stores.ballots, session.id)
    assert shown["dyr.selv"] == {YES: 30}


def test_two_hundred_copies_of_one_answer_count_once(tmp_path, stores):
    session = builders.go_on(stores, builders.open_class(stores))
    (seat,) = builders.take_seats(stores, session, 1)

    def send(own: Stores) -> None:
        ballot_box.add_answers(own.ballots, seat, "dyr", ballot("dyr", YES))

    outcomes = at_once(tmp_path, [send] * 200)
    assert kinds(outcomes) == {None: 1, AlreadyAnswered: 199}
    counted = ballot_box.counters(stores.ballots, session.id, "dyr")
    assert counted == {
        "dyr.andre": {12: 1},
        "dyr.kammerater": {8: 1},
        "dyr.selv": {0: 1},
    }


def test_thirty_join_and_24_get_a_seat(tmp_path, stores):
    session = builders.open_class(stores, present=24)

    def join(token):
        def run(own: Stores) -> None:
            ballot_box.join(own.ballots, session.id, token)

        return run

    outcomes = at_once(tmp_path, [join(f"token-{place}") for place in range(30)])
    assert kinds(outcomes) == {None: 24, SessionFull: 6}
    assert ballot_box.room(stores.ballots, session.id).seats == 24


def test_one_browser_that_joins_in_thirty_tabs_has_one_seat(tmp_path, stores):
    session = builders.open_class(stores)

    def join(own: Stores) -> None:
        ballot_box.join(own.ballots, session.id, "token")

    assert kinds(at_once(tmp_path, [join] * 30)) == {None: 30}
    assert ballot_box.room(stores.ballots, session.id).seats == 1


def test_two_close_at_once(tmp_path, stores):
    session = builders.go_on(stores, builders.open_class(stores))
    builders.answer(stores, builders.take_seats(stores, session), "dyr", yes=9)

    def close(own: Stores) -> Stage:
        return closing.close_session(own, session, NOW).stage

    assert kinds(at_once(tmp_path, [close] * 2)) == {Stage.CLOSED: 2}
    counters = archive.counters(stores.archive, session.id)
    assert counters["dyr.selv"] == {YES: 9, builders.NO: 15}
    assert ballot_box.polls(stores.ballots) == []


def test_one_of_two_presses_counts(tmp_path, stores):
    session = builders.open_class(stores)

    def press(own: Stores) -> Stage:
        new = sessions.start_warm_up(session)
        return closing.advance(own, session, new, NOW).stage

    outcomes = kinds(at_once(tmp_path, [press] * 8))
    assert outcomes == {Stage.WARM_UP: 1, archive.SessionChanged: 7}


def test_answers_are_kept_or_refused_while_the_teacher_closes(tmp_path, stores):
    session = builders.open_class(stores, present=30)
    ballot_box.ask(stores.ballots, session.id, builders.scales("vape"))
    seats = builders.take_seats(stores, session, 30)
    # Ten have answered, so that enough is kept however the race ends.
    builders.answer(stores, seats[:10], "vape", yes=10)

    def send(seat):
        def run(own: Stores) -> None:
            ballot_box.add_answers(own.ballots, seat, "vape", ballot("vape", YES))

        return run

    def close(own: Stores) -> None:
        closing.close_triads(own, session, ["vape"])

    outcomes = kinds(at_once(tmp_path, [*map(send, seats[10:]), close]))
    thanked = outcomes[None] - 1
    assert thanked + outcomes[SessionClosed] == 20
    assert archive.answered(stores.archive, session.id) == {"vape": 10 + thanked}
    counters = archive.counters(stores.archive, session.id)
    assert counters["vape.selv"] == {YES: 10 + thanked}


def test_thirty_open_sessions_at_once_get_codes_of_their_own(tmp_path, stores):
    builders.a_teacher(stores)
    outcomes = at_once(tmp_path, [lambda own: builders.open_class(own).code] * 30)
    assert set(kinds(outcomes).values()) == {1}
    opened = archive.open_sessions(stores.archive)
    assert {one.code for one in opened} == set(outcomes)
