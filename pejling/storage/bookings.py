"""What is booked: a set for a class, in a month of a school year."""

from sqlite_utils import Database

from pejling.domain.coverage import Booking
from pejling.storage.connections import write


def of_year(db: Database, year: int) -> list[Booking]:
    """What is booked in a school year."""
    rows = db.conn.execute(
        "select id, school, grade, letter, set_id, month from booking where year = ?"
        " order by school, grade, letter, set_id",
        [year],
    )
    return [Booking(*row) for row in rows]


def book(db: Database, wanted: Booking, year: int, account: int) -> None:
    """Book a set for a class and a month, in place of an earlier month."""
    with write(db):
        db.conn.execute(
            "insert into booking (school, grade, letter, set_id, year, month, account)"
            " values (?, ?, ?, ?, ?, ?, ?) on conflict do update"
            " set month = excluded.month, account = excluded.account",
            [
                *(wanted.school, wanted.grade, wanted.letter, wanted.set_id),
                *(year, wanted.month, account),
            ],
        )


def unbook(db: Database, number: int) -> None:
    """Take a booking out; one that is gone already is gone."""
    with write(db):
        db.conn.execute("delete from booking where id = ?", [number])
