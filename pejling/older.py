"""Older classes' answers beside a younger class's own, past the same gate as all.

The number of an older class is worked out by :mod:`pejling.results` each time it is
asked for: what its teacher holds back or leaves out since is not passed on any more.
"""

from collections.abc import Iterable, Mapping

from pejling import results
from pejling.domain import passed_on as rules
from pejling.domain.disclosure import Shown
from pejling.domain.passed_on import FromOlder
from pejling.domain.revealed import Results
from pejling.domain.sessions import Session
from pejling.storage import archive, passed_on
from pejling.storage.connections import Stores
from pejling.storage.passed_on import Key

Offers = Mapping[str, list[FromOlder]]
"""Triad of the younger class -> what may stand beside it."""


def offered(stores: Stores, found: Results) -> Offers:
    """What older classes have passed on, by what it fits of a younger class's own."""
    session = found.session
    here = _read(stores, passed_on.near(stores.archive, session))
    return {
        one.triad.id: fits
        for one in found.items
        if (fits := rules.fitting(one, session.questions.topic, here))
    }


def shown(stores: Stores, session: Session, found: Results) -> Mapping[str, FromOlder]:
    """Triad of a younger class -> what its teacher chose to show beside it."""
    chosen = passed_on.chosen(stores.archive, session.id)
    if not chosen:
        return {}
    offers = offered(stores, found)
    return {
        triad: one
        for triad, key in chosen.items()
        for one in offers.get(triad, ())
        if (one.session, one.triad.id) == key
    }


def _read(stores: Stores, keys: Iterable[Key]) -> list[FromOlder]:
    """What may still be seen of what was passed on, each session read once."""
    wanted: dict[str, list[str]] = {}
    for session_id, triad in keys:
        wanted.setdefault(session_id, []).append(triad)
    found = []
    for session_id, triads in wanted.items():
        session = archive.session(stores.archive, session_id)
        found += [
            FromOlder(
                session=session_id,
                grade=session.grade,
                topic=session.questions.topic,
                triad=one.triad,
                own=one.own,
            )
            for one in rules.allowed(results.of_session(stores, session))
            if one.triad.id in triads and isinstance(one.own, Shown)
        ]
    return found
