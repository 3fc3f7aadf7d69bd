"""What the tests are made of: a question set, a session, a class, in a line each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pejling.domain import sessions
from pejling.domain.content.set_reader import thaw
from pejling.domain.coverage import Booking
from pejling.domain.disclosure import (
    OwnCounts,
    Sensitivity,
    Shown,
    code_ends,
    disclose_own,
)
from pejling.domain.norms import Norms, summarise
from pejling.domain.question_sets import (
    DECLINED,
    QuestionSet,
    Role,
)
from pejling.domain.sessions import Pacing, Position, Session, Stage
from pejling.storage import (
    accounts,
    archive,
    ballot_box,
    closing,
    connections,
    migrations,
)
from pejling.storage.ballot_box import Seat
from pejling.storage.connections import Stores

NOW = 1_790_000_000.0
"""When every test happens, in seconds since the epoch."""

YES, NO = 0, 1
"""Positions on the scale "ja_nej"."""


# --- question sets --------------------------------------------------------------------


def a_triad(triad_id: str = "vape", act: str = "har vapet", **changes: Any) -> dict:
    """One question of a file: a yellow risk unless changed; None takes a key out."""
    triad = {
        "id": triad_id,
        "art": "adfaerd",
        "retning": "risiko",
        "foelsomhed": "gul",
        "kerne": True,
        "kort": act,
        "tid": "nu",
        "andre": f"Hvor mange af alle de andre i 7. klasse {act}?",
        "kammerater": f"Hvor mange af dine kammerater i klassen tror du {act}?",
        "selv": f"Er det sådan, at du {act}?",
        "svar": "ja_nej",
        "facit": "ingen",
    } | changes
    return {key: value for key, value in triad.items() if value is not None}


WARM_UP = a_triad(
    "dyr", "har et kæledyr", art="neutral", retning="neutral", foelsomhed="groen"
)
RISK = a_triad("vape", "har vapet")
ATTITUDE = a_triad(
    "ok_at_sige_nej",
    "synes, man kan sige nej",
    art="holdning",
    retning="beskyttende",
    foelsomhed="groen",
)
RED = a_triad(
    "hash",
    "har røget hash",
    foelsomhed="roed",
    kammerater=None,
    selv="Synes du selv, det er i orden at ryge hash?",
    selv_kort="synes, det er i orden at ryge hash",
    svar="holdning_ja_nej",
)
PROTECTIVE = a_triad(
    "hjulpet", "har hjulpet en anden", retning="beskyttende", foelsomhed="groen"
)


def a_set(*triads: dict, **changes: Any) -> dict:
    """A good set as its file says it: warm-up, risk, attitude, protective act."""
    return {
        "id": "proeve",
        "version": 1,
        "titel": "En prøve",
        "aargang": [7],
        "tema": "Damp",
        "varighed": "45 min",
        "hoejeste_foelsomhed": "gul",
        "klasseaftale_start": "I vores klasse …",
        "laeringsmaal": ["Eleven kan gætte."],
        "kilder": [{"kommune": "Stevns", "citat": "Social pejling"}],
        "samtalespoergsmaal": [{"ved": "overdrivelse", "tekst": "Hvorfor?"}],
        "spoergsmaal": [
            dict(one) for one in triads or (WARM_UP, RISK, ATTITUDE, PROTECTIVE)
        ],
    } | changes


def a_question_set(*triads: dict, **changes: Any) -> QuestionSet:
    """The same, read as one that was frozen: the rules of the method are not asked."""
    return thaw(a_set(*triads, **changes))


# --- one class in numbers -------------------------------------------------------------


def own(yes: int = 0, no: int = 0, declined: int = 0) -> Shown:
    """Own answers of a class as they may be seen: green, so from five answers on."""
    shown = disclose_own(OwnCounts(yes, no, declined), Sensitivity.GREEN)
    assert isinstance(shown, Shown)
    return shown


def norms(actual: int, guess: float, n: int = 24) -> Norms:
    """The norms of a class where ``actual`` of ``n`` do it; all guess ``guess``.

    A guess of 8.5 is half a class at 8 and half at 9.
    """
    low = int(guess)
    guesses = {low: n} if guess == low else {low: n, low + 1: n}
    return summarise(code_ends(actual, n), guesses, present=n)


# --- bookings -------------------------------------------------------------------------


def a_booking(stores: Stores, **changes: Any) -> Booking:
    """7a for 7.A at Åskolen in November 2026, booked by the teacher on 21 September."""
    booking = Booking(0, "Åskolen", 7, "A", "7a", 11, 2026, "2026-09-21")
    account = changes.pop("account", None) or a_teacher(stores).id
    return replace(booking, account=account, **changes)


# --- sessions -------------------------------------------------------------------------


def a_session(**changes: Any) -> Session:
    """A session of 7.A in its lobby, 24 present, that no database knows."""
    questions = changes.pop("questions", None) or a_question_set()
    return Session(
        **{
            "id": "s1",
            "owner": 1,
            "school": "Åskolen",
            "grade": 7,
            "letter": "A",
            "questions": questions,
            "triads": tuple(one.id for one in questions.triads),
            "present": 24,
            "pacing": Pacing.TOGETHER,
            "day": "2026-09-21",
            "stage": Stage.LOBBY,
            "position": Position(),
            "opened": NOW,
            "version": 1,
            "code": "K7T3QX",
            "join_secret": "A" * 26,
            "wall_key": "f" * 32,
        }
        | changes
    )


@contextmanager
def open_stores(folder: Path) -> Iterator[Stores]:
    """Both databases of a folder, migrated, and closed afterwards."""
    migrations.migrate(folder)
    stores = connections.open_stores(folder)
    try:
        yield stores
    finally:
        stores.close()


def a_teacher(stores: Stores, email: str = "lærer@example.dk") -> accounts.Account:
    """A teacher's account, made once; without a password, which takes long to hash."""
    found = accounts.find(stores.archive, email)
    return found or accounts.add(stores.archive, email, accounts.Role.TEACHER)


def open_class(
    stores: Stores,
    present: int = 24,
    pacing: Pacing = Pacing.TOGETHER,
    questions: QuestionSet | None = None,
) -> Session:
    """A stored session of 7.A in its lobby, with all triads of its set."""
    questions = questions or a_question_set()
    new = archive.NewSession(
        owner=a_teacher(stores).id,
        school="Åskolen",
        grade=7,
        letter="A",
        questions=questions,
        triads=tuple(one.id for one in questions.triads),
        present=present,
        pacing=pacing,
        day="2026-09-21",
    )
    session = archive.open_session(stores.archive, new, NOW)
    ballot_box.open_poll(stores.ballots, session.id, present)
    return session


def take_seats(stores: Stores, session: Session, pupils: int = 24) -> list[Seat]:
    """The seats of pupils who have joined, a fixed token each."""
    return [
        ballot_box.join(stores.ballots, session.id, f"token-{one}")
        for one in range(pupils)
    ]


def scales(*triads: str, present: int = 24) -> dict[str, dict[str, tuple[int, ...]]]:
    """What a class of 24 can answer these triads with, as the ballot box is asked."""
    guesses = (*range(present + 1), DECLINED)
    return {
        triad: {
            f"{triad}.{role}": (YES, NO, DECLINED) if role is Role.OWN else guesses
            for role in Role
        }
        for triad in triads
    }


def go_on(stores: Stores, session: Session) -> Session:
    """The teacher's press: lobby -> warm-up -> answering -> closed."""
    step = {
        Stage.LOBBY: sessions.start_warm_up,
        Stage.WARM_UP: sessions.start_answering,
        Stage.ANSWERING: sessions.close,
    }[session.stage]
    return closing.advance(stores, session, step(session), NOW)


def ballot(
    triad: str, mine: int = NO, friends: int = 8, others: int = 12
) -> dict[str, int]:
    """One pupil's answers to a triad."""
    return {
        f"{triad}.{Role.OTHERS}": others,
        f"{triad}.{Role.FRIENDS}": friends,
        f"{triad}.{Role.OWN}": mine,
    }


def answer(
    stores: Stores,
    seats: Sequence[Seat],
    triad: str,
    yes: int = 0,
    declined: int = 0,
    guess: int = 8,
) -> None:
    """All seats answer a triad: ``yes`` Ja, ``declined`` decline, the rest Nej."""
    options = [YES] * yes + [DECLINED] * declined + [NO] * len(seats)
    for seat, option in zip(seats, options, strict=False):
        given = _fitting(stores, seat, ballot(triad, option, guess))
        warm_up = triad == WARM_UP["id"]
        ballot_box.add_answers(stores.ballots, seat, triad, given, warm_up=warm_up)


def _fitting(stores: Stores, seat: Seat, given: Mapping[str, int]) -> dict[str, int]:
    """The answers to what is asked, and no guess above the size of the class."""
    rows = stores.ballots.conn.execute(
        "select item, max(option) from tally"
        " where session = ? and option <> ? group by item",
        [seat.session, DECLINED],
    )
    highest = dict(rows.fetchall())
    return {
        item: option if option == DECLINED else min(option, highest[item])
        for item, option in given.items()
        if item in highest
    }


def tallies(
    triad: str, yes: int, no: int, declined: int = 0, guesses: Mapping | None = None
) -> tuple[int, dict[str, dict[int, int]]]:
    """How many answered a triad, and its counters, as closing hands them on."""
    n = yes + no + declined
    given = dict(guesses or {8: n})
    counted = {
        f"{triad}.{Role.OTHERS}": given,
        f"{triad}.{Role.FRIENDS}": given,
        f"{triad}.{Role.OWN}": {YES: yes, NO: no, DECLINED: declined},
    }
    return n, {
        item: {option: k for option, k in options.items() if k}
        for item, options in counted.items()
    }


def closed_class(
    stores: Stores,
    *,
    present: int = 24,
    questions: QuestionSet | None = None,
    columns: Mapping[str, Any] | None = None,
    **triads,
) -> Session:
    """A closed session with the given tallies: ``vape=tallies("vape", 3, 21)``.

    :param columns: of the session's row, in place of those of 7.A at Åskolen.
    """
    session = open_class(stores, present, questions=questions)
    if columns:
        stores.archive["session"].update(session.id, dict(columns))
    ballot_box.forget(stores.ballots, session.id)
    archive.store_closed(stores.archive, session.id, triads, finish=NOW)
    return archive.session(stores.archive, session.id)


def count_answered(db: Database, session: str, triad: str) -> int:
    """How many seats have answered a triad: exactly, which no screen may know."""
    rows = db.conn.execute(
        "select count(*) from mark where session = ? and triad = ? and is_sent = 1",
        [session, triad],
    )
    return int(rows.fetchone()[0])
