"""Compared: a follow-up beside its first run, from the results of both.

Each run has passed :mod:`pejling.results` by itself; nothing here reads a counter.
"""

from pejling import results
from pejling.domain import follow_up
from pejling.domain.follow_up import Compared, Run
from pejling.domain.revealed import Result, Results
from pejling.storage import archive, follow_ups
from pejling.storage.connections import Stores


def of(stores: Stores, found: Results) -> Compared | None:
    """What a follow-up says beside its first run.

    None for another kind of session, and where the first run has been deleted.
    """
    first = follow_ups.first_of(stores.archive, found.session)
    if first is None:
        return None
    before = results.of_session(stores, first)
    pairs = {
        one.triad.id: (earlier, one)
        for one in found.items
        if (earlier := before.item(one.triad.id))
        and follow_up.may_compare(earlier, one)
    }
    return Compared(
        day=first.day,
        present=first.present,
        changes=follow_up.compare(
            {
                key: (_run(earlier), _run(one), one.triad.direction)
                for key, (earlier, one) in pairs.items()
            }
        ),
        on_wall=frozenset(
            key
            for key, (earlier, one) in pairs.items()
            if not earlier.hidden and not one.hidden
        ),
        agreed=archive.agreement(stores.archive, first.id),
    )


def _run(result: Result) -> Run:
    if result.norms is None or not result.friends:
        raise ValueError("nothing to compare")
    return Run(result.norms, result.friends)
