"""What older classes have passed on, and where younger ones show it."""

from collections.abc import Iterable

from sqlite_utils import Database

from pejling.domain.passed_on import NEAR_DAYS
from pejling.domain.sessions import Session
from pejling.storage import staff_log
from pejling.storage.connections import write
from pejling.storage.staff_log import Action

Key = tuple[str, str]
"""An older class's session and triad."""


class NotPassedOn(LookupError):
    """It has been taken back, or was never passed on."""


def of_session(db: Database, session_id: str) -> frozenset[str]:
    """The triads that a class has passed on."""
    rows = db.conn.execute(
        "select triad from passed_on where session = ?", [session_id]
    )
    return frozenset(one for (one,) in rows)


def pass_on(
    db: Database, session_id: str, triads: Iterable[str], account: int, now: float
) -> None:
    """Pass on these triads of a class and no others.

    What is taken back is gone from every younger class's wall in the same transaction.
    """
    wanted = frozenset(triads)
    with write(db):
        held = of_session(db, session_id)
        for triad in sorted(held - wanted):
            # The walls that show it look again.
            db.conn.execute(
                "update session set version = version + 1 where id in"
                " (select session from from_older where other = ? and other_triad = ?)",
                [session_id, triad],
            )
            db.conn.execute(
                "delete from passed_on where session = ? and triad = ?",
                [session_id, triad],
            )
        db.conn.executemany(
            "insert into passed_on (session, triad) values (?, ?)",
            [(session_id, one) for one in sorted(wanted - held)],
        )
        if wanted - held:
            staff_log.note(db, now, account, Action.GIVE_ON, session_id)
        if held - wanted:
            staff_log.note(db, now, account, Action.TAKE_BACK, session_id)


def near(db: Database, session: Session) -> list[Key]:
    """What older classes of the same school passed on within a year before this one."""
    rows = db.conn.execute(
        "select old.id, triad from passed_on join session old on old.id = session"
        " where old.stage = 'closed' and old.school = ? and old.grade > ?"
        " and old.id <> ? and julianday(?) - julianday(old.day) between 0 and ?"
        " order by old.day desc, old.id, triad",
        [session.school, session.grade, session.id, session.day, NEAR_DAYS],
    )
    return [(row[0], row[1]) for row in rows]


def chosen(db: Database, session_id: str) -> dict[str, Key]:
    """Triad of a younger class -> what stands beside it."""
    rows = db.conn.execute(
        "select triad, other, other_triad from from_older where session = ?",
        [session_id],
    )
    return {triad: (other, other_triad) for triad, other, other_triad in rows}


def choose(db: Database, session_id: str, triad: str, other: Key | None) -> None:
    """Let an older class's answer stand beside a triad, or nothing.

    :raises NotPassedOn: if it was taken back in the meantime.
    """
    with write(db):
        db.conn.execute(
            "delete from from_older where session = ? and triad = ?",
            [session_id, triad],
        )
        if other is not None:
            if other[1] not in of_session(db, other[0]):
                raise NotPassedOn
            db.conn.execute(
                "insert into from_older (session, triad, other, other_triad)"
                " values (?, ?, ?, ?)",
                [session_id, triad, *other],
            )
        db.conn.execute(
            "update session set version = version + 1 where id = ?", [session_id]
        )
