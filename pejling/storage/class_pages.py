"""The class's own page: the link that leads to it, and what its teacher put on it.

Of the link only SHA-256 is kept: it is shown when it is made, and a new one ends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from pejling.storage import staff_log, tokens
from pejling.storage.connections import write
from pejling.storage.staff_log import Action


class NoPage(LookupError):
    """There is no such page: it has ended, or there never was one."""


@dataclass(frozen=True)
class ClassPage:
    """A page that is open.

    :ivar until: its last day, an ISO date.
    :ivar triads: ids of what was released on it.
    """

    session: str
    until: str
    triads: frozenset[str]


def release(
    db: Database,
    session_id: str,
    triads: Iterable[str],
    until: str,
    account: int,
    now: float,
) -> str:
    """Open a page with these triads; the token of its link, which is kept nowhere.

    A link that the session had before stops working.

    :param until: the page's last day, an ISO date.
    """
    token = tokens.new()
    with write(db):
        db.conn.execute("delete from class_page where session = ?", [session_id])
        db.conn.execute(
            "insert into class_page (session, token_hash, until) values (?, ?, ?)",
            [session_id, tokens.digest(token), until],
        )
        _put(db, session_id, triads)
        staff_log.note(db, now, account, Action.PAGE_OPEN, session_id)
    return token


def change(db: Database, session_id: str, triads: Iterable[str]) -> None:
    """Put other triads on a page, whose link stays.

    :raises NoPage: if the session has none.
    """
    with write(db):
        if not db.conn.execute(
            "select 1 from class_page where session = ?", [session_id]
        ).fetchone():
            raise NoPage
        db.conn.execute("delete from on_class_page where session = ?", [session_id])
        _put(db, session_id, triads)


def end(db: Database, session_id: str, account: int, now: float) -> None:
    """Close the page of a session for good; where there is none, nothing happens."""
    with write(db):
        if db.conn.execute(
            "delete from class_page where session = ?", [session_id]
        ).rowcount:
            staff_log.note(db, now, account, Action.PAGE_END, session_id)


def of_session(db: Database, session_id: str, today: str) -> ClassPage | None:
    """The open page of a session, if it has one.

    :param today: an ISO date.
    """
    return _one(db, "session", session_id, today)


def by_token(db: Database, token: str, today: str) -> ClassPage:
    """The page that a link leads to.

    :raises NoPage: alike for a link that has ended and one that there never was.
    """
    found = _one(db, "token_hash", tokens.digest(token), today)
    if found is None:
        raise NoPage
    return found


def _one(db: Database, column: str, value: str, today: str) -> ClassPage | None:
    row = db.conn.execute(
        "select session, until from class_page"  # noqa: S608 - our own column names
        f" where {column} = ? and until >= ?",
        [value, today],
    ).fetchone()
    if row is None:
        return None
    rows = db.conn.execute(
        "select triad from on_class_page where session = ?", [row[0]]
    )
    return ClassPage(row[0], row[1], frozenset(one for (one,) in rows))


def _put(db: Database, session_id: str, triads: Iterable[str]) -> None:
    db.conn.executemany(
        "insert into on_class_page (session, triad) values (?, ?)",
        [(session_id, one) for one in sorted(set(triads))],
    )
