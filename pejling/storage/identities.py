"""Who somebody is at the provider that staff sign in with.

An account is found by issuer and subject only, which the provider never gives to
anybody else. An e-mail finds no account: a provider may let people type their own, and
whoever typed a colleague's would be in the colleague's account.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlite_utils import Database

from pejling.storage import accounts
from pejling.storage.accounts import Account, Link, Role
from pejling.storage.connections import write


@dataclass(frozen=True)
class Identity:
    """All that is kept of what a provider says, besides e-mail and role.

    :ivar school: name of a school here that is offered first, or "".
    """

    issuer: str
    subject: str
    name: str = ""
    school: str = ""


class IdentityTaken(Exception):
    """The person of the provider has another account."""


def of(db: Database, account: int) -> Identity | None:
    """The identity that an account is bound to, or None."""
    row = db.conn.execute(
        "select issuer, subject, name, school from identity where account = ?",
        [account],
    ).fetchone()
    return Identity(*row) if row else None


def find(db: Database, issuer: str, subject: str) -> Account | None:
    """The account of a person of a provider, switched off or not, or None."""
    row = db.conn.execute(
        "select account from identity where issuer = ? and subject = ?",
        [issuer, subject],
    ).fetchone()
    return accounts.get(db, row[0]) if row else None


def names(db: Database) -> dict[int, str]:
    """Account -> its name at the provider, where it has one."""
    rows = db.conn.execute("select account, name from identity where name <> ''")
    return dict(rows.fetchall())


def add(db: Database, who: Identity, email: str, role: Role) -> Account:
    """A new account for a person of the provider; it has no password.

    :param email: "" for none: then subject and host of the provider stand in its place.
    :raises EmailTaken: if an account has this e-mail, whoever's it is.
    """
    label = email or f"{who.subject}@{urlsplit(who.issuer).hostname}"
    with write(db):
        if (other := find(db, who.issuer, who.subject)) is not None:
            return other  # in two tabs at once
        made = accounts.insert(db, label, role)
        _bind(db, made, who)
    return accounts.get(db, made)


def link(db: Database, who: Identity, by: Link, role: Role) -> Account:
    """Bind the account of a one-time link to a person, and use the link up.

    All or nothing: an account whose role may not change stays as it was.

    :raises LinkGone: if the link was used in the meantime, or is of no account.
    :raises IdentityTaken: if the person has another account.
    :raises LastConsultant: if the role would leave nobody to let others in.
    """
    if by.account is None:
        raise accounts.LinkGone
    with write(db):
        accounts.spend_link(db, by)
        has = find(db, who.issuer, who.subject)
        if has is not None and has.id != by.account.id:
            raise IdentityTaken
        _bind(db, by.account.id, who)
        accounts.change_role(db, by.account, role)
    return accounts.get(db, by.account.id)


def renew(db: Database, account: Account, who: Identity, role: Role) -> Account:
    """What the provider says now: name, school and role.

    :raises LastConsultant: if the role would leave nobody to let others in.
    """
    if of(db, account.id) == who and account.role is role:
        return account
    with write(db):
        accounts.change_role(db, account, role)
        _bind(db, account.id, who)
    return accounts.get(db, account.id)


def _bind(db: Database, account: int, who: Identity) -> None:
    db.conn.execute(
        "insert into identity (account, issuer, subject, name, school)"
        " values (?, ?, ?, ?, ?) on conflict (account) do update"
        " set issuer = excluded.issuer, subject = excluded.subject,"
        " name = excluded.name, school = excluded.school",
        [account, who.issuer, who.subject, who.name, who.school],
    )
