"""Schools, their classes, and what was held there.

Of pupils nothing but how many there are in a class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from pejling.domain import school_year
from pejling.domain.coverage import Held
from pejling.storage.connections import write


@dataclass(frozen=True)
class School:
    """A school; one that is retired is offered no more, and keeps what it has had."""

    id: int
    name: str
    is_retired: bool


class MissingSchool(LookupError):
    """No school has this id."""


class NameTaken(Exception):
    """Another school has this name."""


class InUse(Exception):
    """Something was held or booked there; it can be retired, not deleted."""


def everything(db: Database) -> list[School]:
    """All schools in Danish alphabetical order, the retired ones last."""
    rows = db.conn.execute("select id, name, is_retired from school")
    found = [School(row[0], row[1], bool(row[2])) for row in rows]
    return sorted(found, key=lambda one: (one.is_retired, _danish(one.name)))


def names(db: Database) -> list[str]:
    """Names of the schools that may be chosen, in Danish alphabetical order."""
    return [one.name for one in everything(db) if not one.is_retired]


def get(db: Database, number: int) -> School:
    """The school of an id.

    :raises MissingSchool: if there is none.
    """
    for one in everything(db):
        if one.id == number:
            return one
    raise MissingSchool(number)


def add(db: Database, wanted: Iterable[str]) -> None:
    """Add schools; those that are there already stay."""
    with write(db):
        db.conn.executemany(
            "insert or ignore into school (name) values (?)",
            [(name,) for name in wanted],
        )


def rename(db: Database, school: School, name: str) -> None:
    """Give a school another name, also in what it has had.

    :raises NameTaken: if another school has it.
    """
    with write(db):
        taken = db.conn.execute(
            "select 1 from school where name = ? and id <> ?", [name, school.id]
        ).fetchone()
        if taken:
            raise NameTaken
        db.conn.execute("update school set name = ? where id = ?", [name, school.id])
        for table in (
            *("session", "rollup", "held", "school_class", "booking", "identity"),
        ):
            db.conn.execute(
                f"update {table} set school = ? where school = ?",  # noqa: S608 - our own names
                [name, school.name],
            )


def retire(db: Database, school: School, is_retired: bool) -> None:
    """Offer a school no more, or again."""
    with write(db):
        db.conn.execute(
            "update school set is_retired = ? where id = ?",
            [int(is_retired), school.id],
        )


def delete(db: Database, school: School) -> None:
    """Delete a school that has had nothing.

    :raises InUse: if something was held or booked there.
    """
    with write(db):
        for table in ("session", "rollup", "held", "booking"):
            if db.conn.execute(
                f"select 1 from {table} where school = ? limit 1",  # noqa: S608 - our own names
                [school.name],
            ).fetchone():
                raise InUse
        db.conn.execute("delete from school_class where school = ?", [school.name])
        db.conn.execute(
            "update identity set school = '' where school = ?", [school.name]
        )
        db.conn.execute("delete from school where id = ?", [school.id])


# --- classes --------------------------------------------------------------------------


def classes(db: Database, school: str) -> dict[tuple[int, str], int]:
    """Årgang and letter -> pupils, of a school's classes."""
    rows = db.conn.execute(
        "select grade, letter, pupils from school_class where school = ?"
        " order by grade, letter",
        [school],
    )
    return {(grade, letter): pupils for grade, letter, pupils in rows}


def set_classes(
    db: Database, school: str, wanted: Mapping[tuple[int, str], int]
) -> None:
    """Keep a school's classes in place of the earlier ones."""
    with write(db):
        db.conn.execute("delete from school_class where school = ?", [school])
        db.conn.executemany(
            "insert into school_class (school, grade, letter, pupils)"
            " values (?, ?, ?, ?)",
            [(school, *key, pupils) for key, pupils in wanted.items()],
        )


def class_counts(db: Database) -> dict[tuple[str, int], int]:
    """School and årgang -> how many classes it has."""
    rows = db.conn.execute(
        "select school, grade, count(*) from school_class group by school, grade"
    )
    return {(school, grade): n for school, grade, n in rows}


def class_letters(db: Database) -> dict[tuple[str, int], set[str]]:
    """School and årgang -> the letters of its classes; only what somebody has said."""
    found: dict[tuple[str, int], set[str]] = {}
    rows = db.conn.execute("select school, grade, letter from school_class")
    for school, grade, letter in rows:
        found.setdefault((school, grade), set()).add(letter)
    return found


# --- held -----------------------------------------------------------------------------


def held(db: Database, year: int) -> list[Held]:
    """What was held in a school year: by class, or by how many where that is all.

    A follow-up is not held once more: the class had its theme with the first run.
    """
    first, last = school_year.days(year)
    classes = db.conn.execute(
        "select school, grade, letter, set_id, day from session"
        " where stage = 'closed' and kind <> 'opfoelgning' and day between ? and ?"
        " and exists (select 1 from closed_triad"
        "  where session = session.id and answered > 0)",
        [first, last],
    )
    counted = db.conn.execute(
        "select school, grade, '', set_id, '', classes from held where year = ?", [year]
    )
    return [Held(*row) for row in classes] + [Held(*row) for row in counted]


def years(db: Database, this: int) -> list[int]:
    """School years that something is known of, the newest first; this one too."""
    days = db.conn.execute("select distinct day from session where stage = 'closed'")
    kept = db.conn.execute("select distinct year from held")
    found = {school_year.of(row[0]) for row in days} | {row[0] for row in kept}
    return sorted(found | {this}, reverse=True)


def _danish(name: str) -> str:
    return name.lower().translate(str.maketrans("æøå", "{|}"))
