"""The end of a school year: what stays of it, and what goes.

Done by housekeeping, at start and from then on, and by ``pejling retention``: each step
may be repeated, and finds done what is done. Fifteen days after the year its pools are
frozen; sixty days after it the numbers of its classes are rolled up and deleted.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pejling.domain import pooling, rolling_up, school_year
from pejling.domain.content.set_files import fingerprint
from pejling.domain.disclosure import OwnCounts
from pejling.domain.pooling import ClassAnswers
from pejling.domain.question_sets import DECLINED, Audience, Role
from pejling.domain.rolling_up import OTHER_SCHOOLS, Rollup
from pejling.domain.sessions import Kind, Session
from pejling.storage import archive, bookings, deletion, pools, staff_log
from pejling.storage.connections import Stores, write

WAIT_DAYS = 15
"""Days after 31 July on which ballots of the old year may still be counted."""


@dataclass(frozen=True)
class Leaving:
    """A school year whose class numbers are due, and what would stay of them.

    :ivar sessions: how many closed sessions would be deleted.
    :ivar rollups: results of several classes that stay; ``schools`` of them told for a
        school of its own.
    """

    year: int
    sessions: int
    rollups: int
    schools: int


def freeze_last_year(stores: Stores, now: float) -> None:
    """Make the pools of the school year that is over, once.

    :param now: seconds since the epoch.
    """
    year = school_year.of(_day(now - WAIT_DAYS * 86400)) - 1
    if not pools.is_frozen(stores.archive, year):
        answers = _all_answers(stores, _sessions(stores, year))
        pools.freeze(stores.archive, year, pooling.pooled(answers))


def due(stores: Stores, now: float) -> list[Leaving]:
    """What :func:`let_go` would do now, without doing it."""
    return [
        _leaving(stores, year) for year in deletion.due_years(stores.archive, _day(now))
    ]


def let_go(stores: Stores, now: float) -> list[Leaving]:
    """Roll up and delete the class numbers of the years that are due.

    A year in one transaction: it is rolled up and gone, or neither.
    """
    found = due(stores, now)
    for one in found:
        _let_go(stores, one.year)
    bookings.prune(stores.archive, _day(now))
    staff_log.prune(stores.archive, now)
    # Also for what a teacher has deleted, or a second run replaced, since last time.
    deletion.empty_log(stores.archive)
    return found


def _let_go(stores: Stores, year: int) -> None:
    db = stores.archive
    sessions = _sessions(stores, year)
    if not pools.is_frozen(db, year):
        answers = _all_answers(stores, sessions)
        pools.freeze(db, year, pooling.pooled(answers))
    with write(db):
        for session in sessions:
            questions = session.questions
            mark = fingerprint(questions)
            deletion.remember_wording(db, questions.id, questions.version, mark)
        _store(stores, year, _rollups(stores, sessions))
        db.conn.executemany(
            "insert or replace into held (year, school, grade, set_id, classes)"
            " values (?, ?, ?, ?, ?)",
            [(year, *key, len(classes)) for key, classes in _held(sessions).items()],
        )
        deletion.delete_year(db, year)


def _leaving(stores: Stores, year: int) -> Leaving:
    sessions = _sessions(stores, year)
    rollups = _rollups(stores, sessions)
    alone = {one.school for one in rollups} - {OTHER_SCHOOLS}
    return Leaving(year, len(sessions), len(rollups), len(alone))


def _sessions(stores: Stores, year: int) -> list[Session]:
    return archive.closed_between(stores.archive, *school_year.days(year))


def _rollups(stores: Stores, sessions: Sequence[Session]) -> list[Rollup]:
    return rolling_up.rolled_up(_all_answers(stores, sessions))


def _store(stores: Stores, year: int, rollups: Sequence[Rollup]) -> None:
    stores.archive.conn.executemany(
        "insert or replace into rollup (year, school, grade, triad, wording, asked,"
        " classes, answers, yes, too_high) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(year, one.school, one.grade, one.triad, one.wording, one.asked),
                *(one.classes, one.answers, one.yes, one.too_high),
            )
            for one in rollups
        ],
    )


def _held(sessions: Sequence[Session]) -> dict[tuple[str, int, str], Counter[str]]:
    """School, årgang and set -> the classes that have had it."""
    held: dict[tuple[str, int, str], Counter[str]] = {}
    for one in sessions:
        if one.kind is Kind.FOLLOW_UP:
            continue
        key = (one.school, one.grade, one.questions.id)
        held.setdefault(key, Counter())[one.letter] += 1
    return held


def _all_answers(stores: Stores, sessions: Sequence[Session]) -> list[ClassAnswers]:
    """What pupils answered, class by class; parents are another group.

    A follow-up is not asked: the class stands in the sums with its first run, or not at
    all where that was deleted.
    """
    return [
        one
        for session in sessions
        if session.questions.audience is not Audience.PARENTS
        and session.kind is not Kind.FOLLOW_UP
        for one in _answers(stores, session)
    ]


def _answers(stores: Stores, session: Session) -> list[ClassAnswers]:
    answered = archive.answered(stores.archive, session.id)
    counters = archive.counters(stores.archive, session.id)
    omitted = archive.omitted(stores.archive, session.id)
    found = []
    for triad in session.chosen:
        if not answered.get(triad.id) or triad.id in omitted:
            continue
        if triad.is_about_pupils:
            continue  # parents' guesses; the pupils' answers count in their own class
        guesses = counters.get(f"{triad.id}.{Role.FRIENDS}")
        given = guesses and {k: n for k, n in guesses.items() if k != DECLINED}
        own = OwnCounts.of(triad, counters.get(f"{triad.id}.{Role.OWN}", {}))
        found.append(
            ClassAnswers(
                group=(session.school, session.grade, session.letter),
                grade=session.grade,
                day_number=datetime.date.fromisoformat(session.day).toordinal(),
                triad=triad,
                counts=own,
                present=session.present,
                friends=given,
            )
        )
    return found


def _day(now: float) -> str:
    return datetime.date.fromtimestamp(now).isoformat()
