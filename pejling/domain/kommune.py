"""The kommune itself: its name, and whom pupils and parents may turn to.

Filled in by the consultant once; letter, data page and accessibility statement take it
from here. What is not filled in stands there as a gap that is seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_LENGTH = 160
"""Characters that a detail may have."""


@dataclass(frozen=True)
class Logo:
    """The kommune's logo, as it was written anew.

    :ivar kind: "png" or "svg".
    :ivar digest: of what is in it; part of its address.
    :ivar width, height: in px.
    """

    kind: str
    picture: bytes
    width: int
    height: int
    digest: str


@dataclass(frozen=True)
class OptIn:
    """The kommune's decision to ask those in youth education about own roed acts.

    :ivar decided_by: who decided it, as the consultant wrote it.
    :ivar day: when it was turned on, as an ISO date.
    """

    decided_by: str
    day: str


@dataclass(frozen=True)
class Detail:
    """One thing to fill in.

    :ivar kind: "text", "email", "phone" or "url": what it must look like.
    :ivar gap: what stands in a text until it is filled in, in Danish and in English.
    """

    id: str
    label: str
    hint: str
    kind: str
    gap: tuple[str, str]


DETAILS = (
    Detail(
        "name",
        "Kommunens navn",
        "For eksempel Stevns Kommune. Tal for denne kommune går forud for andres.",
        "text",
        ("kommunens navn", "name of the kommune"),
    ),
    Detail(
        "contact",
        "Hvem svarer på spørgsmål",
        "En enhed, for eksempel SSP-sekretariatet.",
        "text",
        ("hvem der svarer på spørgsmål", "who answers questions"),
    ),
    Detail(
        "contact_email",
        "E-mail til spørgsmål",
        "",
        "email",
        ("e-mail", "e-mail"),
    ),
    Detail("contact_phone", "Telefon til spørgsmål", "", "phone", ("telefon", "phone")),
    Detail(
        "dpo",
        "Databeskyttelsesrådgiver",
        "E-mail eller telefon til kommunens DPO.",
        "text",
        ("kontakt til databeskyttelsesrådgiveren", "contact of the DPO"),
    ),
    Detail(
        "host",
        "Hvem driver serveren",
        "For eksempel kommunens it-afdeling, eller en leverandør med "
        "databehandleraftale.",
        "text",
        ("hvem der driver serveren", "who runs the server"),
    ),
    Detail(
        "was_email",
        "E-mail om tilgængelighed",
        "",
        "email",
        ("e-mail om tilgængelighed", "e-mail on accessibility"),
    ),
    Detail(
        "was_phone",
        "Telefon om tilgængelighed",
        "",
        "phone",
        ("telefon om tilgængelighed", "phone on accessibility"),
    ),
)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Kommunen": ("name", "host"),
    "Spørgsmål fra forældre": ("contact", "contact_email", "contact_phone", "dpo"),
    "Tilgængelighed": ("was_email", "was_phone"),
}
"""Heading -> the details below it, as the form has them."""

_SHAPES: Mapping[str, tuple[str, str]] = {
    "email": (
        r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+",
        "Skriv en e-mail, som navn@kommune.dk.",
    ),
    "phone": (
        r"\+?[0-9][0-9 ]{5,18}",
        "Skriv et telefonnummer med tal, som 12 34 56 78.",
    ),
    "text": (r"[^<>]*", "Skriv uden < og >."),
}


def cleaned(typed: str) -> str:
    """A typed detail without needless spaces."""
    return " ".join(typed.split())


def fault(detail: Detail, value: str) -> str:
    """What is wrong with a cleaned value, in words; "" where nothing is."""
    if not value:
        return ""
    if len(value) > MAX_LENGTH:
        return f"Skriv højst {MAX_LENGTH} tegn."
    if not value.isprintable():
        return "Der er usynlige tegn. Skriv det igen."
    shape, message = _SHAPES[detail.kind]
    return "" if re.fullmatch(shape, value) else message


def missing(known: Mapping[str, str]) -> list[Detail]:
    """What has not been filled in."""
    return [one for one in DETAILS if not known.get(one.id)]


def is_same_area(one: str, other: str) -> bool:
    """Whether two names mean one kommune: "Stevns" and "Stevns Kommune" do."""
    return area_key(one) == area_key(other)


def area_key(name: str) -> str:
    """What an area is known by, however it is written."""
    return name.strip().casefold().removesuffix(" kommune").replace("aa", "å")
