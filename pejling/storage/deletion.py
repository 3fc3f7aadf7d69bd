"""Deletion: of one session by its teacher, of a re-run's first run, of a whole year.

What is deleted is overwritten (``secure_delete``), and the write-ahead log with its
older pages is emptied, so that the file cannot be read for it afterwards.
"""

from sqlite_utils import Database

from pejling.domain import school_year
from pejling.domain.content.set_files import fingerprint
from pejling.domain.pooling import NEAR_DAYS
from pejling.domain.sessions import Session
from pejling.storage import staff_log
from pejling.storage.connections import write
from pejling.storage.staff_log import Action


def delete_session(db: Database, session: Session, account: int, now: float) -> None:
    """Delete a session with its counters, choices and agreement.

    A year that is frozen or rolled up keeps what the class gave to it: there it cannot
    be told from the others any more.
    """
    with write(db):
        _remember_wording(db, session)
        db.conn.execute("delete from session where id = ?", [session.id])
        staff_log.note(db, now, account, Action.DELETE, session.id)
    empty_log(db)


def replace_earlier(db: Database, session_id: str) -> None:
    """Delete the closed run of the same class and set within 28 days before this one.

    A number of the first run beside one of the second would tell of those who came
    later, or changed their mind. Runs inside the transaction that stores the first
    counters of the new run, the warm-up's aside, so that no moment has both.
    """
    db.conn.execute(
        "delete from session where id in ("
        " select old.id from session old join session new on new.id = ?"
        " where old.id <> new.id and old.stage = 'closed'"
        " and old.school = new.school and old.grade = new.grade"
        " and old.letter = new.letter and old.set_id = new.set_id"
        " and julianday(new.day) - julianday(old.day) between 0 and ?)",
        [session_id, NEAR_DAYS],
    )


def earlier_run(
    db: Database, school: str, grade: int, letter: str, set_id: str, today: str
) -> str:
    """The day of a run that one begun today would replace; "" where there is none.

    :param today: an ISO date, as the day that is returned.
    """
    row = db.conn.execute(
        "select max(day) from session where stage = 'closed' and school = ?"
        " and grade = ? and letter = ? and set_id = ?"
        " and julianday(?) - julianday(day) between 0 and ?"
        " and exists (select 1 from closed_triad"
        "  where session = session.id and answered > 0)",
        [school, grade, letter, set_id, today, NEAR_DAYS],
    ).fetchone()
    return str(row[0] or "")


def due_years(db: Database, today: str) -> list[int]:
    """School years of which class numbers are still here and should not be.

    :param today: an ISO date.
    """
    rows = db.conn.execute("select distinct day from session where stage = 'closed'")
    years = {school_year.of(row[0]) for row in rows}
    return sorted(one for one in years if today >= school_year.deleted_by(one))


def delete_year(db: Database, year: int) -> None:
    """Delete the closed sessions of a school year; within the caller's transaction."""
    db.conn.execute(
        "delete from session where stage = 'closed' and day between ? and ?",
        list(school_year.days(year)),
    )


def empty_log(db: Database) -> None:
    """Empty the write-ahead log, which still has the pages from before a deletion.

    A reader of the same moment keeps it; housekeeping comes again in half a minute.
    """
    db.conn.execute("pragma wal_checkpoint(truncate)")


def _remember_wording(db: Database, session: Session) -> None:
    remember_wording(
        db,
        session.questions.id,
        session.questions.version,
        fingerprint(session.questions),
    )


def remember_wording(db: Database, set_id: str, version: int, mark: str) -> None:
    """Keep that a version was asked in these words, when its session goes."""
    db.conn.execute(
        "insert or ignore into used_wording (set_id, set_version, fingerprint)"
        " values (?, ?, ?)",
        [set_id, version, mark],
    )
