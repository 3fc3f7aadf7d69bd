"""Remotes: a teacher's own phone that may move one session, and nothing else.

The projector's computer shows an invitation as QR; the phone that uses it first gets a
token of its own. Both are stored as SHA-256 only.
"""

from sqlite_utils import Database

from pejling.storage import tokens
from pejling.storage.connections import write

INVITATION_SECONDS = 5 * 60
"""How long the QR works: long enough to find one's phone."""

PHONE_SECONDS = 4 * 60 * 60
"""How long a phone may move its session: as long as a session may be open."""

MOST = 4
"""Phones of one session: two teachers with a spare each."""


class RemoteGone(Exception):
    """The invitation was used, is too old, or there are phones enough."""


class NotARemote(Exception):
    """The phone may not move the session, or not any more."""


def invite(db: Database, session_id: str, now: float) -> str:
    """A new invitation; an unused one of the session stops working."""
    token = tokens.new()
    with write(db):
        db.conn.execute(
            "delete from remote where expires < ?"
            " or (session = ? and kind = 'invitation')",
            [int(now), session_id],
        )
        _insert(db, token, session_id, "invitation", now + INVITATION_SECONDS)
    return token


def invited(db: Database, token: str, now: float) -> str:
    """The id of the session that an invitation leads to.

    :raises RemoteGone: if it was used or is too old.
    """
    found = _session_of(db, token, "invitation", now)
    if found is None:
        raise RemoteGone
    return found


def accept(db: Database, token: str, now: float) -> str:
    """A phone's own token in return for an invitation, which is used up.

    :raises RemoteGone: if it was used, is too old, or there are phones enough.
    """
    phone = tokens.new()
    with write(db):
        session_id = invited(db, token, now)
        if count(db, session_id, now) >= MOST:
            raise RemoteGone
        db.conn.execute(
            "delete from remote where token_hash = ?", [tokens.digest(token)]
        )
        _insert(db, phone, session_id, "phone", now + PHONE_SECONDS)
    return phone


def session_of(db: Database, phone: str, now: float) -> str | None:
    """The id of the session that a phone may move, if any."""
    return _session_of(db, phone, "phone", now)


def count(db: Database, session_id: str, now: float) -> int:
    """How many phones may move a session."""
    row = db.conn.execute(
        "select count(*) from remote"
        " where session = ? and kind = 'phone' and expires >= ?",
        [session_id, int(now)],
    ).fetchone()
    return int(row[0])


def end_all(db: Database, session_id: str) -> None:
    """Let no phone move a session, nor use the invitation."""
    with write(db):
        db.conn.execute("delete from remote where session = ?", [session_id])


def _session_of(db: Database, token: str, kind: str, now: float) -> str | None:
    row = db.conn.execute(
        "select session from remote where token_hash = ? and kind = ? and expires >= ?",
        [tokens.digest(token), kind, int(now)],
    ).fetchone()
    return str(row[0]) if row else None


def _insert(
    db: Database, token: str, session_id: str, kind: str, expires: float
) -> None:
    db.conn.execute(
        "insert into remote (token_hash, session, kind, expires) values (?, ?, ?, ?)",
        [tokens.digest(token), session_id, kind, int(expires)],
    )
