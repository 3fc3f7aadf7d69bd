"""What the kommune has chosen for all its schools."""

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
