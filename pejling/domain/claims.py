"""Who somebody is in Pejling, from what a provider of sign-ins says of them.

Claims are those of OpenID Connect Core 1.0, section 5.1, and whatever else the provider
was asked to give. Nobody has a role by default: only a value that the settings name
lets anybody in, so that pupils, whom the same provider knows, stay out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_SUBJECT = 255
"""Characters of ``sub``, all ASCII (OpenID Connect Core 1.0, section 2)."""

MAX_TEXT = 120
"""Characters of a name or an e-mail; longer ones are left out."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Refused(Exception):
    """Whoever signed in there is not let in here; the message names claims only."""


class NotOurs(Refused):
    """Not of those whom this kommune lets in: another domain, another institution."""


class NoRole(Refused):
    """No value of the role claim is one of staff."""


@dataclass(frozen=True)
class Rules:
    """What the claims must say.

    :ivar role_claim: name of the claim that tells what somebody is.
    :ivar roles: role and the values that give it; the first role that fits holds.
    :ivar school_claim: name of the claim with a school's name; "" for none.
    :ivar required: claim -> values of which one must be there, for every claim.
    :ivar domains: of e-mails, in small letters; none for any.
    """

    role_claim: str
    roles: Sequence[tuple[str, frozenset[str]]]
    school_claim: str = ""
    required: Mapping[str, frozenset[str]] | None = None
    domains: frozenset[str] = frozenset()

    def wanted(self) -> set[str]:
        """Names of all claims that are looked at, besides those of the protocol."""
        names = {self.role_claim, self.school_claim, "name", "email"}
        return (names | set(self.required or ())) - {""}


@dataclass(frozen=True)
class Person:
    """All that is taken from the claims.

    :ivar subject: who it is, to the provider, for good.
    :ivar email: "" where there is none, or the provider says that it is not verified.
    :ivar schools: names that may be those of schools here.
    """

    subject: str
    name: str
    email: str
    role: str
    schools: tuple[str, ...] = ()


def read(claims: Mapping[str, Any], rules: Rules) -> Person:
    """The person of these claims, whose signature and times have been checked.

    :raises NotOurs: if a required value or domain is missing.
    :raises NoRole: if no value of the role claim is known.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _is_subject(subject):
        raise NotOurs("sub")
    email = _email(claims)
    for name, wanted in (rules.required or {}).items():
        if wanted.isdisjoint(values(claims, name)):
            raise NotOurs(name)
    if rules.domains and email.rpartition("@")[2] not in rules.domains:
        raise NotOurs("email")
    return Person(
        subject=subject,
        name=_text(claims.get("name")),
        email=email,
        role=_role(claims, rules),
        schools=tuple(values(claims, rules.school_claim)),
    )


def school_of(person: Person, known: Iterable[str]) -> str:
    """The first known school that was named, "" where none was.

    Spaces and capitals do not matter; anything else must be as it is written here.
    """
    by_name = {_plain(name): name for name in known}
    for name in person.schools:
        if found := by_name.get(_plain(name)):
            return found
    return ""


def values(claims: Mapping[str, Any], name: str) -> list[str]:
    """The values of a claim as texts; none where it is missing.

    A name with dots may lead into claims that lie in one another, as Keycloak writes
    ``realm_access.roles``. A list may come as one text, as Unilogin writes
    ``institution_ids``: "[101001, 101002]".
    """
    found = claims.get(name) if name in claims else _inside(claims, name)
    if isinstance(found, str) and found.startswith("[") and found.endswith("]"):
        found = [part.strip(" \"'") for part in found[1:-1].split(",")]
    listed = found if isinstance(found, list | tuple) else [found]
    return [
        str(one)
        for one in listed
        if isinstance(one, str | int) and not isinstance(one, bool) and one != ""
    ]


def _inside(claims: Mapping[str, Any], name: str) -> Any:
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _role(claims: Mapping[str, Any], rules: Rules) -> str:
    said = values(claims, rules.role_claim)
    for role, wanted in rules.roles:
        if not wanted.isdisjoint(said):
            return role
    raise NoRole(rules.role_claim)


def _email(claims: Mapping[str, Any]) -> str:
    """The e-mail, in small letters. Whoever may type any there could type another's."""
    if claims.get("email_verified") in (False, "false"):
        return ""
    email = _text(claims.get("email")).lower()
    return email if _EMAIL.fullmatch(email) else ""


def _is_subject(text: str) -> bool:
    return 0 < len(text) <= MAX_SUBJECT and text.isascii() and text.isprintable()


def _text(value: object) -> str:
    """A short text of one line, "" for anything else."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    return text if text.isprintable() and len(text) <= MAX_TEXT else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
