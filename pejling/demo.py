"""A throw-away kommune to look at: schools, accounts, closed sessions, one open.

Everything lies in a temporary folder and goes when the program stops. The classes are
made up by chance and say nothing about anybody.
"""

import random
import secrets
from dataclasses import dataclass

from pejling import simulated
from pejling.domain import school_year, sessions
from pejling.domain.bookings import on_offer
from pejling.domain.coverage import Booking
from pejling.domain.question_sets import (
    Meaning,
    QuestionSet,
    Role,
    Triad,
    options_of,
)
from pejling.domain.sessions import Pacing, Session
from pejling.storage import accounts, archive, ballot_box, bookings, closing, schools
from pejling.storage.accounts import Account, Purpose
from pejling.storage.archive import NewSession
from pejling.storage.connections import Stores

SCHOOLS = ("Demoskolen", "Prøveskolen")
CLOSED = (
    ("7a", 7, "B", 24, "Demoskolen"),
    ("6a", 6, "A", 22, "Demoskolen"),
    ("9a", 9, "C", 26, "Prøveskolen"),
)
BOOKED = (
    ("7c", 7, "A", 0, "Demoskolen"),
    ("8a", 8, "A", 1, "Demoskolen"),
    ("9b", 9, "C", 2, "Prøveskolen"),
)
"""Set, årgang, letter, months from now where they are on offer, school."""

OPEN = ("7a", 7, "A", 24, "Demoskolen")


@dataclass(frozen=True)
class Demo:
    """What a visitor needs: paths on the demo's own address."""

    code: str
    join: str
    projector: str
    teacher: str
    consultant: str
    board: str


def fill(stores: Stores, sets: dict[str, QuestionSet], now: float, today: str) -> Demo:
    """Make the kommune in an empty data folder.

    :param now: seconds since the epoch.
    :param today: ISO date.
    """
    schools.add(stores.archive, SCHOOLS)
    people = {
        role: accounts.add(stores.archive, f"{role}@demo.example", role)
        for role in accounts.Role
    }
    teacher = people[accounts.Role.TEACHER]
    chance = random.Random(24)  # noqa: S311 - the same class every time
    for which in CLOSED:
        _held(stores, _open(stores, sets, which, teacher, now, today), chance, now)
    _book(stores, teacher, now, today)
    session = _open(stores, sets, OPEN, teacher, now, today)
    return Demo(
        code=session.code,
        join=f"/Q/{session.join_secret}",
        projector=f"/tavle/{session.wall_key}",
        teacher=_enter(stores, teacher, now, f"/laerer/{session.id}"),
        consultant=_enter(stores, people[accounts.Role.CONSULTANT], now, "/konsulent/"),
        board=_enter(stores, people[accounts.Role.BOARD], now, "/styregruppe/"),
    )


def _book(stores: Stores, teacher: Account, now: float, today: str) -> None:
    """What the teacher has planned."""
    months = on_offer(today)
    for set_id, grade, letter, ahead, school in BOOKED:
        month = months[min(ahead, len(months) - 1)]
        year = school_year.of(f"{month}-01")
        wanted = Booking(
            *(0, school, grade, letter, set_id, int(month[5:])),
            *(year, today, teacher.id),
        )
        bookings.book(stores.archive, wanted, now)


def _enter(stores: Stores, account: Account, now: float, target: str) -> str:
    token = accounts.new_link(stores.archive, Purpose.SIGN_IN, account, now)
    return f"/adgang/{token}?til={target}"


def _open(
    stores: Stores,
    sets: dict[str, QuestionSet],
    which: tuple[str, int, str, int, str],
    teacher: Account,
    now: float,
    today: str,
) -> Session:
    set_id, grade, letter, present, school = which
    questions = sets[set_id]
    session = archive.open_session(
        stores.archive,
        NewSession(
            owner=teacher.id,
            school=school,
            grade=grade,
            letter=letter,
            questions=questions,
            triads=tuple(
                triad.id
                for triad in questions.triads
                if triad.core and triad.item(Role.FRIENDS) is not None
            ),
            present=present,
            pacing=Pacing.TOGETHER,
            day=today,
        ),
        now,
    )
    ballot_box.open_poll(stores.ballots, session.id, present)
    return session


def _held(stores: Stores, session: Session, chance: random.Random, now: float) -> None:
    """Let a simulated class answer, and close."""
    seats = [
        ballot_box.join(stores.ballots, session.id, secrets.token_hex(16))
        for _ in range(session.present)
    ]
    session = closing.advance(stores, session, sessions.start_warm_up(session), now)
    _answer(stores, session, seats, session.warm_up, chance)
    session = closing.advance(stores, session, sessions.start_answering(session), now)
    for triad_id in sessions.open_triads(session):
        _answer(stores, session, seats, session.asked(triad_id), chance)
    closing.advance(stores, session, sessions.close(session), now)


def _answer(
    stores: Stores,
    session: Session,
    seats: list[ballot_box.Seat],
    triad: Triad,
    chance: random.Random,
) -> None:
    share = simulated.norm(triad.direction, chance)
    options = options_of(triad)
    yes = [one.code for one in options if one.meaning is Meaning.YES]
    no = [one.code for one in options if one.meaning is Meaning.NO]
    for seat in seats:
        answers = {}
        for item in triad.items:
            if item.role is Role.OWN:
                answer = simulated.says_yes(share, chance)
                answers[item.id] = chance.choice(yes if answer else no)
            else:
                answers[item.id] = simulated.guess(share, session.present, chance)
        ballot_box.add_answers(
            stores.ballots,
            seat,
            triad.id,
            answers,
            warm_up=triad.id == session.warm_up.id,
        )
