"""Slips: printed, drawn from a bowl, each good for one seat of one session.

Who has which is known to nobody, and a slip is gone from the ballot box in the same
transaction that makes the seat (docs/privacy.md, "Slips").
"""

from sqlite_utils import Database

from pejling.storage import ballot_box, tokens
from pejling.storage.ballot_box import NoSeat, Seat, SessionClosed
from pejling.storage.connections import write


class SlipUsed(Exception):
    """The slip has been used, was replaced by newer ones, or never was one."""


def issue(db: Database, session: str, count: int) -> list[str]:
    """New slips in place of all unused ones; what is returned is stored nowhere.

    :raises SessionClosed: if the session is not in the ballot box.
    """
    made = [tokens.new() for _ in range(count)]
    with write(db):
        _check_open(db, session)
        db.conn.execute("delete from slip where session = ?", [session])
        _insert(db, session, made)
    return made


def issue_one_more(db: Database, session: str) -> str:
    """One slip beside those that are printed, for a seat that was freed.

    :raises SessionClosed: if the session is not in the ballot box.
    """
    slip = tokens.new()
    with write(db):
        _check_open(db, session)
        _insert(db, session, [slip])
    return slip


def session_of(db: Database, slip: str) -> str:
    """The id of the session that an unused slip opens.

    :raises SlipUsed: if it opens none.
    """
    row = db.conn.execute(
        "select session from slip where token_hash = ?", [tokens.digest(slip)]
    ).fetchone()
    if row is None:
        raise SlipUsed
    return str(row[0])


def redeem(db: Database, session: str, slip: str, token: str) -> Seat:
    """A seat in return for a slip, which is used up; the same press again finds it.

    :param token: the seat's token, derived from the slip and the browser: who presses
        twice, or never got the reply, comes with the same one.
    :raises SlipUsed: if the slip opens nothing and the token has no seat.
    :raises SessionFull: if all seats are taken.
    """
    with write(db):
        used = db.conn.execute(
            "delete from slip where token_hash = ? and session = ?",
            [tokens.digest(slip), session],
        ).rowcount
        if used:
            return ballot_box.take_seat(db, session, token)
        try:
            return ballot_box.find_seat(db, session, token)
        except NoSeat:
            raise SlipUsed from None


def count(db: Database, session: str) -> int:
    """How many slips of a session are unused."""
    row = db.conn.execute(
        "select count(*) from slip where session = ?", [session]
    ).fetchone()
    return int(row[0])


def _check_open(db: Database, session: str) -> None:
    if session not in ballot_box.polls(db):
        raise SessionClosed


def _insert(db: Database, session: str, made: list[str]) -> None:
    db.conn.executemany(
        "insert into slip (token_hash, session) values (?, ?)",
        [(tokens.digest(slip), session) for slip in made],
    )
