"""Help lines: where pupils and parents can turn, nationally and in the kommune.

The national ones are always there; a kommune may add up to five of its own. They stand
on the pupils' pages, in the letter to parents and on the teacher's sheets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pejling.domain.question_sets import Audience

MOST = 5
"""Lines that a kommune may add: a list of ten is read by nobody."""

LONGEST_NAME, LONGEST_CONTACT = 60, 80
"""Characters; pupils' pages stay within one round trip (docs/performance.md)."""


class ForWhom(StrEnum):
    """Whom a line is there for."""

    PUPILS = "elever"
    PARENTS = "foraeldre"
    ALL = "alle"


@dataclass(frozen=True)
class HelpLine:
    """Where to turn.

    :ivar contact: a phone number, an e-mail, a web address or a street and a town.
    """

    name: str
    contact: str
    for_whom: ForWhom = ForWhom.ALL

    @property
    def phone(self) -> str:
        """The number as a phone dials it, "" where the contact is no number.

        >>> HelpLine("BørneTelefonen", "116 111").phone
        '116111'
        """
        return self.contact.replace(" ", "") if _PHONE.fullmatch(self.contact) else ""

    @property
    def said(self) -> str:
        """Name and contact as a sentence has them.

        >>> HelpLine("SSP-huset", "12 34 56 78").said
        'SSP-huset: 12 34 56 78'
        """
        return f"{self.name}: {self.contact}"


BOERNETELEFONEN = HelpLine("BørneTelefonen", "116 111")
"""Børns Vilkår; the European number for children (decision 2007/116/EC)."""


def for_pupils(lines: Iterable[HelpLine]) -> list[HelpLine]:
    """Those that pupils are told of."""
    return [one for one in lines if one.for_whom is not ForWhom.PARENTS]


def for_audience(lines: Iterable[HelpLine], audience: Audience) -> list[HelpLine]:
    """Those that belong beside a set for this audience."""
    if audience is Audience.PARENTS:
        return [one for one in lines if one.for_whom is not ForWhom.PUPILS]
    return for_pupils(lines)


def name_fault(name: str) -> str:
    """What is wrong with a cleaned name, in words; "" where nothing is."""
    return _text_fault(name, LONGEST_NAME)


def contact_fault(contact: str) -> str:
    """What is wrong with a cleaned contact, in words; "" where nothing is."""
    if fault := _text_fault(contact, LONGEST_CONTACT):
        return fault
    if "@" in contact and not _EMAIL.fullmatch(contact):
        return "Skriv en e-mail, som navn@kommune.dk."
    if "://" in contact and not _WEB.fullmatch(contact):
        return "Skriv en netadresse, som https://www.kommune.dk/ung."
    if not contact:
        return ""  # an empty row is none
    if not any(char.isalpha() for char in contact) and not _PHONE.fullmatch(contact):
        return "Skriv et telefonnummer med tal, som 12 34 56 78 eller 116 111."
    return ""


def _text_fault(text: str, longest: int) -> str:
    if len(text) > longest:
        return f"Skriv højst {longest} tegn."
    if not text.isprintable():
        return "Der er usynlige tegn. Skriv det igen."
    return "Skriv uden < og >." if re.search("[<>]", text) else ""


_PHONE = re.compile(r"\+?[0-9](?: ?[0-9]){2,15}")
_EMAIL = re.compile(r"[^@\s:/]+@[^@\s:/]+\.[^@\s:/]+")
_WEB = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s]*)?", re.IGNORECASE)
