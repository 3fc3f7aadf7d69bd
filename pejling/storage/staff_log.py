"""What staff did: who, what, when; kept a year. Nothing about pupils, no numbers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from pejling.storage.connections import write

KEPT_DAYS = 365


class Action(StrEnum):
    """What is noted; the values are those of earlier versions too."""

    OPEN = "open"
    WARM_UP = "warm_up"
    ANSWERING = "answering"
    CLOSED = "closed"
    DELETE = "delete"
    SIGN_IN = "sign in"
    SIGN_OUT_ALL = "sign out all"
    INVITE = "invite"
    RESET = "reset link"
    PASSWORD = "password"  # noqa: S105 - that it was changed
    ROLE = "role"
    DEACTIVATE = "deactivate"
    ACTIVATE = "activate"
    SECOND_FACTOR = "second factor"
    NO_SECOND_FACTOR = "no second factor"
    DETAILS = "details"
    SCHOOLS = "schools"
    CLASSES = "classes"
    BOOKED = "booked"
    UNBOOKED = "unbooked"
    PLAN = "plan"
    FIGURES = "figures"
    FIGURES_BACK = "figures back"
    PAGE_OPEN = "page open"
    PAGE_END = "page end"
    GIVE_ON = "give on"
    TAKE_BACK = "take back"
    SET_BEGIN = "set begin"
    SET_PUBLISH = "set publish"
    SET_RETIRE = "set retire"
    SET_REVIVE = "set revive"
    SET_DELETE = "set delete"
    LOGO = "logo"
    HELP_LINES = "help lines"
    ADDRESS = "address"
    LANGUAGES = "languages"
    ROED_ON = "roed on"
    ROED_OFF = "roed off"
    PROVIDER_SIGN_IN = "provider sign in"
    PROVIDER_ACCOUNT = "provider account"
    PROVIDER_LINK = "provider link"


SIGN_INS = (Action.SIGN_IN, Action.PROVIDER_SIGN_IN)


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    :ivar at: seconds since the epoch.
    :ivar email: of the account; "" where it is gone, or nobody was signed in.
    :ivar touched: an id, or a name, of what it was done to.
    """

    at: int
    email: str
    action: str
    touched: str


def note(db: Database, now: float, account: int, action: str, touched: str) -> None:
    """Note an action, within a transaction of the caller's."""
    db.conn.execute(
        "insert into staff_log (at, account, action, object) values (?, ?, ?, ?)",
        [int(now), account, str(action), touched],
    )


def add(db: Database, now: float, account: int, action: Action, touched: str) -> None:
    """Note an action in a transaction of its own."""
    with write(db):
        note(db, now, account, action, touched)


def find(
    db: Database,
    *,
    email: str = "",
    actions: Sequence[str] = (),
    since: float = 0,
    most: int = 500,
) -> list[Entry]:
    """The newest entries first.

    :param email: a part of the account's e-mail, or of what it was done to.
    :param actions: none for all.
    """
    wanted = f"%{_escaped(email.strip().lower())}%"
    rows = db.conn.execute(
        "select at, coalesce(account.email, ''), action, object from staff_log"
        " left join account on account.id = staff_log.account"
        " where at >= ? and (coalesce(account.email, '') like ? escape '\\'"
        " or lower(object) like ? escape '\\')"
        " order by at desc, staff_log.id desc",
        [since, wanted, wanted],
    )
    found = []
    for row in rows:
        if not actions or row[2] in actions:
            found.append(Entry(*row))
        if len(found) == most:
            break
    return found


def own_sign_ins(db: Database, account: int, most: int = 20) -> list[int]:
    """When an account was signed in to, the newest first, in seconds."""
    rows = db.conn.execute(
        "select at from staff_log where account = ? and action in (?, ?)"
        " order by at desc limit ?",
        [account, *SIGN_INS, most],
    )
    return [row[0] for row in rows]


def prune(db: Database, now: float) -> None:
    """Delete what was done more than a year ago."""
    oldest = now - datetime.timedelta(days=KEPT_DAYS).total_seconds()
    if db.conn.execute("select 1 from staff_log where at < ?", [oldest]).fetchone():
        with write(db):
            db.conn.execute("delete from staff_log where at < ?", [oldest])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
