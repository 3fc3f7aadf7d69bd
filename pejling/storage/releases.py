"""What a class has agreed to show its parents, behaviour by behaviour."""

from collections.abc import Sequence

from sqlite_utils import Database

from pejling.domain.sessions import Kind, Session
from pejling.storage import archive
from pejling.storage.connections import write


def of_session(db: Database, session_id: str) -> tuple[str, ...]:
    """Ids of the triads that a class shows its parents, in its own order."""
    rows = db.conn.execute(
        "select triad from released where session = ? order by place", [session_id]
    )
    return tuple(row[0] for row in rows)


def release(db: Database, session_id: str, triads: Sequence[str]) -> None:
    """Show these and no others; none takes the consent back."""
    with write(db):
        db.conn.execute("delete from released where session = ?", [session_id])
        db.conn.executemany(
            "insert into released (session, place, triad) values (?, ?, ?)",
            [(session_id, place, one) for place, one in enumerate(triads)],
        )


def classes(
    db: Database, grade: int, since: str, owner: int | None = None
) -> list[Session]:
    """Closed classes of an årgang that show something, the newest first.

    :param since: ISO date; older ones are left out.
    :param owner: only those of this account; None for all.
    """
    return [
        archive.session(db, row[0])
        for row in db.conn.execute(
            "select id from session where kind = ? and stage = 'closed' and grade = ?"
            " and day >= ? and (? is null or owner = ?)"
            " and exists (select 1 from released where session = id)"
            " order by day desc, id",
            [Kind.CLASS.value, grade, since, owner, owner],
        )
    ]
