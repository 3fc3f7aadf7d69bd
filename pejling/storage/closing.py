"""Closing: counters go from the ballot box to the archive, then nothing is left.

The two files cannot change in one transaction, so each step may be repeated: no more
answers, copy (what is there already stays), delete, write the file anew. A crash
between two steps is mended by doing all of them again.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pejling.domain import disclosure, sessions
from pejling.domain.question_sets import Role
from pejling.domain.sessions import Session, Stage
from pejling.storage import archive, ballot_box, deletion
from pejling.storage.connections import Stores


def close_session(stores: Stores, session: Session, now: float) -> Session:
    """End a session: its counters are archived, its seats and key are gone."""
    ballot_box.shut(stores.ballots, session.id)
    _archive(stores, session, sessions.screens(session), finish=now)
    # The result is safe; what could not be deleted now is deleted by housekeeping.
    with suppress(sqlite3.OperationalError):
        ballot_box.forget(stores.ballots, session.id)
        # The archive's log has the page with the code and the way in.
        deletion.empty_log(stores.archive)
    return archive.session(stores.archive, session.id)


def close_triads(stores: Stores, session: Session, triads: Iterable[str]) -> None:
    """Archive some triads of a session that goes on."""
    triads = tuple(triads)
    ballot_box.end(stores.ballots, session.id, triads)
    _archive(stores, session, triads)
    for triad in triads:
        ballot_box.drop_triad(stores.ballots, session.id, triad)
    ballot_box.vacuum(stores.ballots)


def resize(stores: Stores, session: Session, present: int) -> None:
    """Change how many are in the room, in the lobby.

    The two files cannot change at once. The ballot box never lets more in than the
    archive says are there, whichever of the two is written last.

    :raises ballot_box.SessionFull: if more have joined.
    :raises ballot_box.SessionClosed: if a triad has been opened already.
    :raises archive.SessionChanged: if somebody else has moved the session.
    """
    if present >= session.present:
        archive.resize(stores.archive, session, present)
        ballot_box.resize(stores.ballots, session.id, present)
        return
    ballot_box.resize(stores.ballots, session.id, present)
    try:
        archive.resize(stores.archive, session, present)
    except archive.SessionChanged:
        with suppress(ballot_box.SessionClosed):
            ballot_box.resize(stores.ballots, session.id, session.present)
        raise


def close_counted(
    stores: Stores,
    session: Session,
    counted: Mapping[str, ballot_box.Counters],
    now: float,
    day: str,
) -> Session:
    """End a session on paper with what was counted by hand.

    :param counted: triad id -> item id -> option -> ballots; a triad that was not
        counted has nothing to show.
    :param day: ISO date on which the class answered.
    :raises ValueError: if a triad has more ballots than there are pupils.
    :raises archive.SessionChanged: if somebody else has counted or ended it already.
    """
    final = {
        triad: _storable(counted.get(triad, {}), triad)
        for triad in sessions.screens(session)
    }
    if any(answered > session.present for answered, _ in final.values()):
        raise ValueError("more ballots than pupils")
    archive.store_counted(stores.archive, session, final, now, day)
    with suppress(sqlite3.OperationalError):
        ballot_box.forget(stores.ballots, session.id)
    return archive.session(stores.archive, session.id)


def advance(stores: Stores, old: Session, new: Session, now: float) -> Session:
    """Move a session to its next stage or position, and open and close accordingly.

    :raises archive.SessionChanged: if somebody else has moved it.
    """
    if new.stage is Stage.CLOSED and old.stage is not Stage.CLOSED:
        moved = archive.move(stores.archive, old, _still_open(old, new), now)
        return close_session(stores, moved, now)
    # Moving claims the press: of two remotes pressed at once the second stops here.
    moved = archive.move(stores.archive, old, new, now)
    ended = [
        triad
        for triad in sessions.open_triads(old)
        if triad not in sessions.open_triads(new)
    ]
    if ended:
        close_triads(stores, moved, ended)
    ballot_box.ask(stores.ballots, moved.id, _asked(moved))
    if old.stage is Stage.LOBBY:
        # The seats then lie in the order of their hashes, not in that of joining.
        ballot_box.vacuum(stores.ballots)
    return archive.session(stores.archive, old.id)


def mend(stores: Stores, now: float) -> None:
    """Finish what a crash or a switched-off server left half done."""
    forget_closed(stores)
    for session in archive.open_sessions(stores.archive):
        ballot_box.open_poll(stores.ballots, session.id, session.present)
        # More have joined, or a question is out: then the number is what it is.
        with suppress(ballot_box.SessionFull, ballot_box.SessionClosed):
            ballot_box.resize(stores.ballots, session.id, session.present)
        _close_left_over(stores, session)
        ballot_box.ask(stores.ballots, session.id, _asked(session))
    close_overdue(stores, now)


def forget_closed(stores: Stores) -> None:
    """Delete the seats, key and counters of sessions that are archived already.

    Closing does that itself; where its last step failed (a full disk, a lock that
    lasted) this comes after it.
    """
    # Polls first: a session is in the archive before it has one, so that another
    # process that opens a session meanwhile does not have its poll forgotten here.
    polls = ballot_box.polls(stores.ballots)
    known = {session.id for session in archive.open_sessions(stores.archive)}
    for session_id in polls:
        if session_id not in known:
            ballot_box.forget(stores.ballots, session_id)


def close_overdue(stores: Stores, now: float) -> None:
    """Close every session that has been open for more than four hours."""
    for listed in archive.open_sessions(stores.archive):
        # Read again: a lesson may have begun while another was being closed.
        session = archive.session(stores.archive, listed.id)
        if sessions.is_overdue(session, now):
            close_session(stores, session, now)


def _close_left_over(stores: Stores, session: Session) -> None:
    """Archive triads that still take answers though the session has moved on."""
    asked = sessions.open_triads(session)
    left = [
        triad
        for triad in sessions.screens(session)
        if triad not in asked
        and (
            triad in ballot_box.open_triads(stores.ballots, session.id)
            or ballot_box.counters(stores.ballots, session.id, triad)
        )
    ]
    if left:
        close_triads(stores, session, left)


def _asked(session: Session) -> dict[str, Mapping[str, Sequence[int]]]:
    """What takes answers now, with all that it can be answered with."""
    return {
        triad: sessions.scales(session, triad)
        for triad in sessions.open_triads(session)
    }


def _still_open(old: Session, new: Session) -> Session:
    # The stage is stored last, with the counters; the position may move already.
    return replace(new, stage=old.stage, opened=old.opened)


def _archive(
    stores: Stores,
    session: Session,
    triads: Iterable[str],
    *,
    finish: float | None = None,
) -> None:
    done = archive.answered(stores.archive, session.id)
    final = {
        triad: _final(stores, session, triad) for triad in triads if triad not in done
    }
    archive.store_closed(stores.archive, session.id, final, finish=finish)


def _final(
    stores: Stores, session: Session, triad: str
) -> tuple[int, Mapping[str, Mapping[int, int]]]:
    """How many answered a triad, and what is kept of it."""
    counted = ballot_box.counters(stores.ballots, session.id, triad)
    if triad == session.warm_up.id:
        seen = ballot_box.shown_warm_up(stores.ballots, session.id)
        # One or two answers after the last picture stay unseen: they could be read
        # off the difference.
        unseen = _answered(counted, triad) - _answered(seen, triad)
        if 0 < unseen < disclosure.WARM_UP_STEP and seen:
            counted = seen
    return _storable(counted, triad)


def _storable(
    counted: ballot_box.Counters, triad: str
) -> tuple[int, ballot_box.Counters]:
    answered = _answered(counted, triad)
    return (answered, counted) if disclosure.may_store(answered) else (0, {})


def _answered(counters: Mapping[str, Mapping[int, int]], triad: str) -> int:
    """How many sent a triad: each of its items has an answer of each of them."""
    sums = [
        sum(counters.get(f"{triad}.{role}", {}).values())
        for role in (Role.OWN, Role.OTHERS)
    ]
    return sums[0] or sums[1]
