"""Classes to measure with, opened, joined and answered by the storage functions."""

import contextlib
import random
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pejling import config
from pejling.domain import sessions
from pejling.domain.content import library
from pejling.domain.question_sets import (
    DECLINED,
    QuestionSet,
    Role,
    Triad,
    options_of,
)
from pejling.domain.sessions import Mode, Pacing, Session, Stage
from pejling.storage import (
    accounts,
    archive,
    ballot_box,
    closing,
    connections,
    migrations,
)
from pejling.storage.accounts import Account
from pejling.storage.ballot_box import Seat
from pejling.storage.connections import Stores

NOW = 1_790_000_000.0
"""When every simulated lesson happens, in seconds since the epoch."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, no file
"""Where files lie in memory, on Linux; elsewhere in the system's temporary folder."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder of one's own, in memory where there is such, gone at the end."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="pejling-bench-", dir=where) as made:
        yield Path(made)


@contextlib.contextmanager
def stores() -> Iterator[Stores]:
    """Both databases in a folder of their own."""
    with folder() as made, open_stores(made) as both:
        yield both


@contextlib.contextmanager
def open_stores(where: Path) -> Iterator[Stores]:
    """Both databases of a folder, migrated."""
    migrations.migrate(where)
    both = connections.open_stores(where)
    try:
        yield both
    finally:
        both.close()


@cache
def questions() -> QuestionSet:
    """The set 7a: eight behaviours, the warm-up included."""
    return library.read(config.question_set_folder("")).sets["7a"]


def a_teacher(both: Stores, number: int = 0) -> Account:
    """A teacher without a password, which takes long to hash."""
    email = f"laerer{number}@example.dk"
    return accounts.find(both.archive, email) or accounts.add(
        both.archive, email, accounts.Role.TEACHER
    )


def open_class(
    both: Stores,
    present: int,
    *,
    pacing: Pacing = Pacing.TOGETHER,
    mode: Mode = Mode.SCREEN,
    now: float = NOW,
    day: str = "2026-09-21",
    behaviours: int = 8,
) -> Session:
    """A session of 7.A in its lobby, with the first core behaviours of the set.

    :param behaviours: how many are asked, the warm-up included.
    """
    core = [one.id for one in questions().triads if one.core]
    session = archive.open_session(
        both.archive,
        archive.NewSession(
            owner=a_teacher(both).id,
            school="Målskolen",
            grade=7,
            letter="A",
            questions=questions(),
            triads=tuple(core[:behaviours]),
            present=present,
            pacing=pacing,
            day=day,
            mode=mode,
        ),
        now,
    )
    ballot_box.open_poll(both.ballots, session.id, present)
    return session


def take_seats(both: Stores, session: Session, pupils: int) -> dict[Seat, str]:
    """Seat -> its token, in the order of joining."""
    tokens = [ballot_box.new_token() for _ in range(pupils)]
    return {ballot_box.join(both.ballots, session.id, one): one for one in tokens}


def go_on(both: Stores, session: Session, now: float = NOW) -> Session:
    """The teacher's press that leads on from where the session is."""
    if session.stage is Stage.LOBBY:
        following = sessions.start_warm_up(session)
    elif session.stage is Stage.WARM_UP:
        following = sessions.start_answering(session)
    elif session.pacing is Pacing.TOGETHER:
        following = sessions.close(session)
    elif sessions.open_triads(session):
        following = sessions.after_asking(session)
    else:
        following = sessions.ask_next(session)
    return closing.advance(both, session, following, now)


def a_ballot(triad: Triad, present: int, chance: random.Random) -> dict[str, int]:
    """One simulated pupil's answers: item id -> option.

    Few do it, guesses lie around a third of the class, one of fifty will not answer.
    """
    found = {}
    for item in triad.items:
        if chance.random() < 0.02:
            found[item.id] = DECLINED
        elif item.role is Role.OWN:
            codes = [one.code for one in options_of(triad) if one.code != DECLINED]
            found[item.id] = codes[chance.choices((0, 1), (1, 7))[0]]
        else:
            near = round(chance.gauss(present / 3, present / 6))
            found[item.id] = min(max(near, 0), present)
    return found


def send(
    both: Stores, session: Session, seat: Seat, triad_id: str, answers: dict[str, int]
) -> None:
    """Count one pupil's answers, as the view does."""
    ballot_box.add_answers(
        both.ballots, seat, triad_id, answers, warm_up=triad_id == session.warm_up.id
    )


def paced(
    seats: Sequence[Seat], triads: Sequence[str], chance: random.Random
) -> list[tuple[Seat, str]]:
    """Who sends what after whom: each in the order of asking, at a pace of its own."""
    sends = []
    for seat in seats:
        at, pace = chance.expovariate(1 / 10), chance.lognormvariate(3, 0.35)
        for triad in triads:
            at += pace * chance.lognormvariate(0, 0.4)
            sends.append((at, seat, triad))
    return [(seat, triad) for _, seat, triad in sorted(sends, key=lambda one: one[0])]
