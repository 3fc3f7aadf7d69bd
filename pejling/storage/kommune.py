"""What the kommune has chosen for all its schools, and what it is called."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from pejling.domain.help_lines import ForWhom, HelpLine
from pejling.domain.kommune import Logo, OptIn
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


# --- logo -----------------------------------------------------------------------------


def logo_address(db: Database) -> tuple[str, str, int, int] | None:
    """Digest, kind, width and height of the logo, without the picture itself."""
    row = db.conn.execute(
        "select digest, kind, width, height from kommune_logo"
    ).fetchone()
    return (row[0], row[1], row[2], row[3]) if row else None


def logo(db: Database) -> Logo | None:
    """The logo, where there is one."""
    row = db.conn.execute(
        "select kind, picture, width, height, digest from kommune_logo"
    ).fetchone()
    return Logo(*row) if row else None


def set_logo(db: Database, new: Logo) -> None:
    """Keep a logo in place of the earlier one."""
    with write(db):
        db.conn.execute(
            "insert or replace into kommune_logo"
            " (id, kind, picture, width, height, digest) values (1, ?, ?, ?, ?, ?)",
            [new.kind, new.picture, new.width, new.height, new.digest],
        )


def remove_logo(db: Database) -> None:
    """Be without a logo."""
    with write(db):
        db.conn.execute("delete from kommune_logo")


# --- help lines -----------------------------------------------------------------------


def help_lines(db: Database) -> list[HelpLine]:
    """The kommune's own help lines, in its own order."""
    rows = db.conn.execute(
        "select name, contact, for_whom from help_line order by place"
    ).fetchall()
    return [HelpLine(name, contact, ForWhom(whom)) for name, contact, whom in rows]


def set_help_lines(db: Database, lines: Sequence[HelpLine]) -> None:
    """Keep these in place of the earlier ones."""
    with write(db):
        db.conn.execute("delete from help_line")
        db.conn.executemany(
            "insert into help_line (place, name, contact, for_whom)"
            " values (?, ?, ?, ?)",
            [
                (place, one.name, one.contact, one.for_whom.value)
                for place, one in enumerate(lines, 1)
            ],
        )


# --- choices --------------------------------------------------------------------------


def public_address(db: Database) -> str:
    """The public address that was typed here; "" where none was."""
    return _choice(db, "address")


def set_public_address(db: Database, address: str) -> None:
    """Use this address from now on; "" is the server's own again."""
    _choose(db, "address", address)


def offers_english(db: Database) -> bool:
    """Whether texts for parents and pupils are offered in English beside Danish."""
    return _choice(db, "english") != "no"


def offer_english(db: Database, *, is_offered: bool) -> None:
    """Offer them, or only Danish."""
    _choose(db, "english", "" if is_offered else "no")


def _choice(db: Database, name: str) -> str:
    row = db.conn.execute(
        "select value from kommune_choice where id = ?", [name]
    ).fetchone()
    return str(row[0]) if row else ""


def _choose(db: Database, name: str, value: str) -> None:
    with write(db):
        db.conn.execute("delete from kommune_choice where id = ?", [name])
        if value:
            db.conn.execute(
                "insert into kommune_choice (id, value) values (?, ?)", [name, value]
            )


# --- roed acts of those in youth education --------------------------------------------


def opt_in(db: Database) -> OptIn | None:
    """The decision to ask about own roed acts; None while nobody has made it."""
    row = db.conn.execute("select decided_by, day from roed_opt_in").fetchone()
    return OptIn(*row) if row else None


def opt_into_roed(db: Database, decision: OptIn) -> None:
    """Let own roed acts be asked where pupils are 15 and older."""
    with write(db):
        db.conn.execute(
            "insert or replace into roed_opt_in (id, decided_by, day) values (1, ?, ?)",
            [decision.decided_by, decision.day],
        )


def opt_out_of_roed(db: Database) -> None:
    """Do not ask about them any more; sessions that are open go on as they are."""
    with write(db):
        db.conn.execute("delete from roed_opt_in")
