"""What the kommune has chosen for all its schools, and what it is called."""

from collections.abc import Mapping

from sqlite_utils import Database

from pejling.storage.connections import write


def plan(db: Database) -> str:
    """The id of the curriculum plan that the kommune follows; "" until it chooses."""
    row = db.conn.execute("select plan from kommune").fetchone()
    return str(row[0]) if row else ""


def follow(db: Database, plan_id: str) -> None:
    """Follow a plan from now on."""
    with write(db):
        db.conn.execute(
            "insert into kommune (id, plan) values (1, ?)"
            " on conflict do update set plan = excluded.plan",
            [plan_id],
        )


def details(db: Database) -> dict[str, str]:
    """Detail id -> what was filled in (:data:`pejling.domain.kommune.DETAILS`)."""
    return dict(db.conn.execute("select id, value from kommune_detail").fetchall())


def fill_in(db: Database, values: Mapping[str, str]) -> None:
    """Keep all details in place of the earlier ones; "" is not filled in."""
    with write(db):
        db.conn.execute("delete from kommune_detail")
        db.conn.executemany(
            "insert into kommune_detail (id, value) values (?, ?)",
            [(name, value) for name, value in values.items() if value],
        )
