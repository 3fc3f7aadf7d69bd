"""Follow-ups: those of a first run, the day from which one may be held, reminders."""

from sqlite_utils import Database

from pejling.domain.follow_up import EARLIEST_DAYS, REMINDED_DAYS
from pejling.domain.sessions import Kind, Session
from pejling.storage import archive
from pejling.storage.archive import MissingSession
from pejling.storage.connections import write


def of_first(db: Database, first: Session) -> list[Session]:
    """The follow-ups of a session, the open ones too, in the order of their days."""
    rows = db.conn.execute(
        "select session.id from session join session_link on session_link.session = id"
        " where other = ? and kind = 'opfoelgning' order by day, id",
        [first.id],
    )
    return [archive.session(db, row[0]) for row in rows.fetchall()]


def first_of(db: Database, session: Session) -> Session | None:
    """The first run that a follow-up is held against; None where it is deleted."""
    if session.kind is not Kind.FOLLOW_UP or not session.linked:
        return None
    try:
        return archive.session(db, session.linked[0])
    except MissingSession:
        return None


def earliest(db: Database, first: Session) -> str:
    """The first day (ISO) on which a follow-up deletes no run of the class and set.

    Counted from the latest one, which may be another follow-up.
    """
    row = db.conn.execute(
        "select date(max(day), ?) from session where stage = 'closed'"
        " and school = ? and grade = ? and letter = ? and set_id = ?",
        [
            f"+{EARLIEST_DAYS} days",
            *(first.school, first.grade, first.letter, first.questions.id),
        ],
    ).fetchone()
    return str(row[0])


def has_answers(db: Database, session: Session) -> bool:
    """Whether there is something to follow: a question besides the warm-up."""
    answered = archive.answered(db, session.id)
    return any(n for triad, n in answered.items() if triad in session.triads[1:])


def due(db: Database, owner: int, today: str) -> list[Session]:
    """The sessions of an account of which a follow-up is due, the oldest first.

    Six to twelve weeks old, the latest of its class and set, with no follow-up, and not
    one of which no reminder is wanted.

    :param today: an ISO date.
    """
    first, last = REMINDED_DAYS
    rows = db.conn.execute(
        "select id from session old where owner = ? and stage = 'closed'"
        " and kind = 'klasse' and day between date(?, ?) and date(?, ?)"
        " and not exists (select 1 from no_follow_up where session = old.id)"
        " and not exists (select 1 from session_link join session new"
        "  on new.id = session_link.session"
        "  where other = old.id and new.kind = 'opfoelgning')"
        " and not exists (select 1 from session new where new.day > old.day"
        "  and new.stage = 'closed'"
        "  and new.school = old.school and new.grade = old.grade"
        "  and new.letter = old.letter and new.set_id = old.set_id)"
        " order by day, id",
        [owner, today, f"-{last} days", today, f"-{first} days"],
    )
    found = [archive.session(db, row[0]) for row in rows.fetchall()]
    return [one for one in found if has_answers(db, one)]


def not_now(db: Database, first: Session) -> None:
    """Remind nobody of a follow-up of this session."""
    with write(db):
        db.conn.execute(
            "insert or ignore into no_follow_up (session) values (?)", [first.id]
        )
