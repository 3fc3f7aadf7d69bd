"""What is booked: a set for a class, in a month of a school year."""

from sqlite_utils import Database

from pejling.domain import school_year
from pejling.domain.coverage import Booking
from pejling.domain.curriculum import MONTHS
from pejling.domain.grades import class_name
from pejling.storage import schools, staff_log
from pejling.storage.connections import write
from pejling.storage.staff_log import Action


class MissingBooking(LookupError):
    """No booking has this id; it may have been taken out."""


class NotTheirs(Exception):
    """Somebody else booked it."""


def of_year(db: Database, year: int) -> list[Booking]:
    """What is booked in a school year."""
    return _some(db, "year = ? order by school, grade, letter, set_id", year)


def get(db: Database, number: int) -> Booking:
    """The booking of an id.

    :raises MissingBooking: if there is none.
    """
    found = _some(db, "booking.id = ?", number)
    if not found:
        raise MissingBooking(number)
    return found[0]


def book(
    db: Database, wanted: Booking, now: float, *, may_change_all: bool = False
) -> Booking:
    """Book a set for a class and a month, in place of an earlier month of the year.

    :param wanted: without an id; whoever booked first stays the one who booked it.
    :param may_change_all: whether others' bookings may be moved too.
    :raises schools.MissingSchool: if the school is gone, or retired.
    :raises NotTheirs: if somebody else has booked the set for the class.
    """
    key = [wanted.school, wanted.grade, wanted.letter, wanted.set_id, wanted.year]
    with write(db):
        if wanted.school not in schools.names(db):
            raise schools.MissingSchool(wanted.school)
        earlier = _some(
            db,
            "school = ? and grade = ? and letter = ? and set_id = ? and year = ?",
            *key,
        )
        if earlier and not _may_change(earlier[0], wanted.account, may_change_all):
            raise NotTheirs(earlier[0].id)
        db.conn.execute(
            "insert into booking"
            " (school, grade, letter, set_id, year, month, day, account)"
            " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update"
            " set month = excluded.month, day = excluded.day",
            [*key, wanted.month, wanted.day, wanted.account],
        )
        _note(db, now, wanted.account, Action.BOOKED, wanted)
    return next(
        one
        for one in of_year(db, wanted.year)
        if [one.school, one.grade, one.letter, one.set_id, one.year] == key
    )


def unbook(
    db: Database, number: int, account: int, now: float, *, may_change_all: bool = False
) -> None:
    """Take a booking out.

    :param may_change_all: whether others' bookings may be taken out too.
    :raises MissingBooking: if it is gone already.
    :raises NotTheirs: if somebody else booked it.
    """
    with write(db):
        booking = get(db, number)
        if not _may_change(booking, account, may_change_all):
            raise NotTheirs(number)
        db.conn.execute("delete from booking where id = ?", [number])
        _note(db, now, account, Action.UNBOOKED, booking)


def prune(db: Database, today: str) -> None:
    """Delete what was booked for years whose class numbers are deleted by now.

    :param today: ISO date.
    """
    rows = db.conn.execute("select distinct year from booking").fetchall()
    gone = [row for row in rows if today >= school_year.deleted_by(row[0])]
    if gone:
        with write(db):
            db.conn.executemany("delete from booking where year = ?", gone)


def _may_change(booking: Booking, account: int, may_change_all: bool) -> bool:
    return may_change_all or booking.account == account


def _some(db: Database, where: str, *values: object) -> list[Booking]:
    rows = db.conn.execute(
        "select booking.id, school, grade, letter, set_id, month, year, day,"  # noqa: S608 - our own text
        " coalesce(booking.account, 0), coalesce(email, '')"
        " from booking left join account on account.id = booking.account"
        f" where {where}",
        values,
    )
    return [Booking(*row) for row in rows]


def _note(
    db: Database, now: float, account: int, action: Action, booking: Booking
) -> None:
    """Note which class and set, and nothing else."""
    name = class_name(booking.grade, booking.letter)
    month = MONTHS[booking.month - 1]
    touched = f"{booking.school} {name}: {booking.set_id}, {month}"
    staff_log.note(db, now, account, action, touched)
