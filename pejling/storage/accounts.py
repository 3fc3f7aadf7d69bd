"""Accounts of staff, the links that let them in, and their signed-in browsers.

Tokens are 128 random bits; the tables hold their SHA-256, so that a copy of the file
lets nobody in.
"""

import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlite_utils import Database

from pejling.storage import tokens
from pejling.storage.connections import write

MIN_PASSWORD = 12
"""Fewest characters of a password (OWASP ASVS 5.0, 6.2.1 asks 8, recommends 15)."""

MAX_PASSWORD = 200
IDLE_SECONDS = 30 * 60
"""A browser left alone this long is signed out, unless a session is open."""

SIGNED_IN_SECONDS = 8 * 60 * 60
LINK_SECONDS = 24 * 60 * 60
INVITATION_SECONDS = 14 * 24 * 60 * 60

HASHES_AT_ONCE = 4
"""Password hashes that may be worked out at a time: each takes 19 MiB."""

_TURNS = threading.BoundedSemaphore(HASHES_AT_ONCE)
_NOBODYS_TURN = threading.Lock()


class Role(StrEnum):
    """What an account may do."""

    TEACHER = "laerer"
    CONSULTANT = "konsulent"
    BOARD = "styregruppe"


class Purpose(StrEnum):
    """What a one-time link is good for."""

    SETUP = "setup"
    PASSWORD = "password"  # noqa: S105 - a kind of link
    SIGN_IN = "signin"


@dataclass(frozen=True)
class Account:
    """A member of staff.

    :ivar has_password: whether one has been chosen; an invitation is open until then.
    :ivar has_identity: whether it is bound to a person of the provider of sign-ins.
    """

    id: int
    email: str
    role: Role
    is_active: bool = True
    has_password: bool = False
    has_second_factor: bool = False
    has_identity: bool = False


@dataclass(frozen=True)
class Link:
    """A one-time link that has not been used."""

    token: str
    purpose: Purpose
    account: Account | None


class WrongPassword(Exception):
    """No account has this e-mail with this password."""


class LinkGone(Exception):
    """The link was used, has expired, or never was."""


class MissingAccount(LookupError):
    """No account has this id."""


class EmailTaken(Exception):
    """An account has this e-mail already."""


class LastConsultant(Exception):
    """Somebody must be left who can let others in."""


@cache
def _hasher() -> PasswordHasher:
    # OWASP Password Storage: argon2id with 19 MiB, two passes, one lane.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _nobody() -> str:
    """A hash to check against when there is no account: the same time either way."""
    # A cache alone would let each of a crowd work it out, all at once.
    with _NOBODYS_TURN:
        return _nobodys_hash()


@cache
def _nobodys_hash() -> str:
    return _hash(secrets.token_hex(16))


def count(db: Database) -> int:
    """How many accounts there are."""
    return int(db.conn.execute("select count(*) from account").fetchone()[0])


def add(db: Database, email: str, role: Role, password: str = "") -> Account:
    """Make an account; without a password it can be entered by a link only.

    :raises EmailTaken: if the e-mail has an account.
    """
    hashed = _hash(password) if password else ""
    with write(db):
        made = insert(db, email, role, hashed)
    return get(db, made)


def insert(db: Database, email: str, role: Role, hashed: str = "") -> int:
    """The id of a new account, within a transaction of the caller's.

    :param hashed: of a password; "" for none.
    :raises EmailTaken: if the e-mail has an account.
    """
    if find(db, email) is not None:
        raise EmailTaken
    made = db.conn.execute(
        "insert into account (email, role, password_hash) values (?, ?, ?)",
        [_email(email), role, hashed],
    ).lastrowid
    return int(made or 0)


def get(db: Database, account: int) -> Account:
    """The account of an id.

    :raises MissingAccount: if there is none.
    """
    found = _some(db, "id = ?", account)
    if not found:
        raise MissingAccount(account)
    return found[0]


def find(db: Database, email: str) -> Account | None:
    """The account of an e-mail, or None."""
    found = _some(db, "email = ?", _email(email))
    return found[0] if found else None


def everybody(db: Database) -> list[Account]:
    """All accounts, by e-mail."""
    return _some(db, "? = '' order by email", "")


def _some(db: Database, where: str, value: object) -> list[Account]:
    rows = db.conn.execute(
        "select id, email, role, is_active, password_hash <> '', totp <> '',"  # noqa: S608 - our own text
        " exists (select 1 from identity where account = account.id)"
        f" from account where {where}",
        [value],
    )
    return [Account(row[0], row[1], Role(row[2]), *map(bool, row[3:])) for row in rows]


def check_password(db: Database, email: str, password: str) -> Account:
    """The account of an e-mail and its password.

    :raises WrongPassword: in the same time whether or not the account exists, or is
        switched off.
    """
    row = db.conn.execute(
        "select id, password_hash from account where email = ? and is_active = 1",
        [_email(email)],
    ).fetchone()
    hashed = row[1] if row and row[1] else _nobody()
    try:
        with _TURNS:
            _hasher().verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        raise WrongPassword from None
    if not row or not row[1]:
        raise WrongPassword
    return get(db, row[0])


def set_password(db: Database, account: Account, password: str) -> None:
    """Give an account a new password and sign its browsers out."""
    hashed = _hash(password)
    with write(db):
        db.conn.execute(
            "update account set password_hash = ? where id = ?", [hashed, account.id]
        )
        _end_browsers(db, account)


def _hash(password: str) -> str:
    with _TURNS:
        return _hasher().hash(password)


def set_role(db: Database, account: Account, role: Role) -> None:
    """Give an account another role, and sign its browsers out.

    :raises LastConsultant: if nobody would be left to let others in.
    """
    with write(db):
        change_role(db, account, role)
        _end_browsers(db, account)


def change_role(db: Database, account: Account, role: Role) -> None:
    """Give an account another role, within a transaction of the caller's.

    Browsers that are signed in stay so, with the new role from their next page on.

    :raises LastConsultant: if nobody would be left to let others in.
    """
    if role is not Role.CONSULTANT:
        _keep_a_consultant(db, account)
    db.conn.execute("update account set role = ? where id = ?", [role, account.id])


def deactivate(db: Database, account: Account) -> None:
    """Let an account in no more: its browsers and its links go with it.

    :raises LastConsultant: if nobody would be left to let others in.
    """
    with write(db):
        _keep_a_consultant(db, account)
        db.conn.execute("update account set is_active = 0 where id = ?", [account.id])
        db.conn.execute("delete from link where account = ?", [account.id])
        _end_browsers(db, account)


def activate(db: Database, account: Account) -> None:
    """Let an account in again."""
    with write(db):
        db.conn.execute("update account set is_active = 1 where id = ?", [account.id])


def _keep_a_consultant(db: Database, account: Account) -> None:
    """One with a password, as long as there is any: a provider may be down."""
    rows = db.conn.execute(
        "select id, password_hash <> '' from account where role = ? and is_active = 1",
        [Role.CONSULTANT],
    ).fetchall()
    left = [number for number, has_password in rows if has_password]
    if (left or [number for number, _ in rows]) == [account.id]:
        raise LastConsultant


# --- one-time links -------------------------------------------------------------------


def new_link(
    db: Database,
    purpose: Purpose,
    account: Account | None,
    now: float,
    seconds: int = LINK_SECONDS,
) -> str:
    """The token of a new one-time link; older ones of its kind stop working.

    :param seconds: how long it works.
    """
    token = secrets.token_urlsafe(16)
    with write(db):
        db.conn.execute(
            "delete from link where expires < ? or (kind = ? and account is ?)",
            [int(now), purpose, account.id if account else None],
        )
        db.conn.execute(
            "insert into link (token_hash, kind, account, expires) values (?, ?, ?, ?)",
            [
                tokens.digest(token),
                purpose,
                account.id if account else None,
                int(now) + seconds,
            ],
        )
    return token


def find_link(db: Database, token: str, now: float) -> Link:
    """The link of a token, not yet used.

    :raises LinkGone: if it was used or is too old.
    """
    row = db.conn.execute(
        "select kind, account from link where token_hash = ? and expires >= ?"
        " and not exists (select 1 from account"
        "  where id = link.account and is_active = 0)",
        [tokens.digest(token), int(now)],
    ).fetchone()
    if row is None:
        raise LinkGone
    purpose = Purpose(row[0])
    if purpose is Purpose.SETUP and count(db):
        raise LinkGone
    return Link(token, purpose, get(db, row[1]) if row[1] else None)


def use_link(db: Database, link: Link) -> None:
    """Take a link out of use.

    :raises LinkGone: if somebody else was faster.
    """
    with write(db):
        spend_link(db, link)


def spend_link(db: Database, link: Link) -> None:
    """Take a link out of use, within a transaction of the caller's.

    :raises LinkGone: if somebody else was faster.
    """
    gone = db.conn.execute(
        "delete from link where token_hash = ?", [tokens.digest(link.token)]
    ).rowcount
    if not gone:
        raise LinkGone


# --- signed-in browsers ---------------------------------------------------------------


def sign_in(db: Database, account: Account, now: float) -> str:
    """The token of a new signed-in browser."""
    token = secrets.token_urlsafe(16)
    with write(db):
        db.conn.execute(
            "delete from staff_session where started < ?",
            [int(now) - SIGNED_IN_SECONDS],
        )
        db.conn.execute(
            "insert into staff_session (token_hash, account, started, seen)"
            " values (?, ?, ?, ?)",
            [tokens.digest(token), account.id, int(now), int(now)],
        )
    return token


def signed_in(db: Database, token: str, now: float) -> Account | None:
    """The account whose browser holds this token, or None.

    The half hour of idleness does not run while the account has an open session: a
    lesson is not broken by a talk. One that waits for its class is not a lesson yet.
    """
    row = db.conn.execute(
        "select account, started, seen, exists ("
        "   select 1 from session where owner = account and stage <> 'closed'"
        "   and not (stage = 'lobby' and mode <> 'skaerm'))"
        " from staff_session join account on account.id = account"
        " where token_hash = ? and is_active = 1",
        [tokens.digest(token)],
    ).fetchone()
    if row is None or now - row[1] > SIGNED_IN_SECONDS:
        return None
    if now - row[2] > IDLE_SECONDS and not row[3]:
        return None
    if now - row[2] > 60:
        with write(db):
            db.conn.execute(
                "update staff_session set seen = ? where token_hash = ?",
                [int(now), tokens.digest(token)],
            )
    return get(db, row[0])


def sign_out(db: Database, token: str) -> None:
    """Forget a signed-in browser."""
    with write(db):
        db.conn.execute(
            "delete from staff_session where token_hash = ?", [tokens.digest(token)]
        )


def sign_out_everywhere(db: Database, account: Account) -> None:
    """Forget all signed-in browsers of an account."""
    with write(db):
        _end_browsers(db, account)


def _end_browsers(db: Database, account: Account) -> None:
    db.conn.execute("delete from staff_session where account = ?", [account.id])


def _email(email: str) -> str:
    return email.strip().lower()
