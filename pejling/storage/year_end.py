"""The end of a school year: what stays of it for the classes that come after.

Done by housekeeping, and by nobody in particular: each step may be repeated, and finds
done what is done.
"""

import datetime

from pejling.domain import pooling, school_year
from pejling.domain.disclosure import OwnCounts
from pejling.domain.pooling import ClassAnswers
from pejling.domain.question_sets import Audience, Role
from pejling.domain.sessions import Session
from pejling.storage import archive, pools
from pejling.storage.connections import Stores

WAIT_DAYS = 15
"""Days after 31 July on which ballots of the old year may still be counted."""


def freeze_last_year(stores: Stores, now: float) -> None:
    """Make the pools of the school year that is over, once.

    :param now: seconds since the epoch.
    """
    counted = datetime.date.fromtimestamp(now) - datetime.timedelta(WAIT_DAYS)
    year = school_year.of(counted.isoformat()) - 1
    if pools.is_frozen(stores.archive, year):
        return
    answers = [
        one
        for session in archive.closed_between(stores.archive, *school_year.days(year))
        if session.questions.audience is not Audience.PARENTS
        for one in _answers(stores, session)
    ]
    pools.freeze(stores.archive, year, pooling.pooled(answers))


def _answers(stores: Stores, session: Session) -> list[ClassAnswers]:
    answered = archive.answered(stores.archive, session.id)
    counters = archive.counters(stores.archive, session.id)
    omitted = archive.omitted(stores.archive, session.id)
    return [
        ClassAnswers(
            group=(session.school, session.grade, session.letter),
            grade=session.grade,
            day_number=datetime.date.fromisoformat(session.day).toordinal(),
            triad=triad,
            counts=OwnCounts.of(triad, counters.get(f"{triad.id}.{Role.OWN}", {})),
        )
        for triad in session.chosen
        if answered.get(triad.id) and triad.id not in omitted
    ]
