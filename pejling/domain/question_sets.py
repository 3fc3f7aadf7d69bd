"""Question sets: what one is made of, from the whole set down to an option.

Read and checked by :mod:`pejling.domain.set_files`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DECLINED = 999
"""The option "Vil ikke svare": above every guess (at most 120), three digits too."""


class Role(StrEnum):
    """Whom an item asks about; the value is the key in the file."""

    OTHERS = "andre"
    FRIENDS = "kammerater"
    OWN = "selv"


class Kind(StrEnum):
    """What an item asks for."""

    BEHAVIOUR = "adfaerd"
    ATTITUDE = "holdning"
    EXPERIENCE = "oplevelse"
    NEUTRAL = "neutral"


class Direction(StrEnum):
    """Which way is good for the pupil; ``SHARED`` is a common private experience."""

    RISK = "risiko"
    PROTECTIVE = "beskyttende"
    SHARED = "faelles_vilkaar"
    NEUTRAL = "neutral"


class Sensitivity(StrEnum):
    """How much harm a known answer could do; sets the smallest group shown."""

    GREEN = "groen"
    YELLOW = "gul"
    RED = "roed"


class Recall(StrEnum):
    """The time an item asks about."""

    WEEK = "uge"
    MONTH = "30dage"
    QUARTER = "3mdr"
    SCHOOL_YEAR = "skoleaar"
    YEAR = "aar"
    NOW = "nu"
    EVER = "nogensinde"
    NONE = "ingen"


class Meaning(StrEnum):
    """How an option counts in the actual norm."""

    YES = "ja"
    NO = "nej"
    DECLINED = "vil ikke svare"


class AnswerFormat(StrEnum):
    """The scale of the own answer."""

    YES_NO = "ja_nej"
    FREQUENCY = "hyppighed4"
    EVENINGS = "hyppighed_uge"
    ATTITUDE = "holdning_ja_nej"


@dataclass(frozen=True)
class Option:
    """One answer to tap: its code, its words, and how it counts."""

    code: int
    label: str
    meaning: Meaning


_LABELS: Mapping[AnswerFormat, Sequence[tuple[str, Meaning]]] = {
    AnswerFormat.YES_NO: (("Ja", Meaning.YES), ("Nej", Meaning.NO)),
    AnswerFormat.FREQUENCY: (
        ("Nej", Meaning.NO),
        ("1 gang", Meaning.YES),
        ("2–3 gange", Meaning.YES),
        ("4 gange eller flere", Meaning.YES),
    ),
    AnswerFormat.EVENINGS: (
        ("Ingen aftener", Meaning.NO),
        ("1–2 aftener", Meaning.YES),
        ("3–4 aftener", Meaning.YES),
        ("5 aftener eller flere", Meaning.YES),
    ),
    AnswerFormat.ATTITUDE: (
        ("Ja", Meaning.YES),
        ("Nej", Meaning.NO),
        ("Ved ikke", Meaning.NO),
    ),
}
_NO_OCCASION = ("Har ikke været i situationen", Meaning.NO)
_DECLINE = Option(DECLINED, "Vil ikke svare", Meaning.DECLINED)


@dataclass(frozen=True)
class Item:
    """One question to one pupil, about one reference group."""

    id: str
    role: Role
    text: str


@dataclass(frozen=True)
class Triad:
    """The items on one behaviour, in the order in which they are asked.

    :ivar act: the behaviour as the chart names it, from the finite verb on.
    :ivar own_act: what the own item asks; differs from ``act`` where the act itself is
        not asked (roed) and an attitude stands in its place.
    :ivar recall_text: the time in words, "" where the act carries it.
    :ivar benchmark: where the figure for "alle de andre" comes from.
    """

    id: str
    kind: Kind
    direction: Direction
    sensitivity: Sensitivity
    core: bool
    act: str
    own_act: str
    recall: Recall
    recall_text: str
    items: tuple[Item, ...]
    answer: AnswerFormat
    needs_occasion: bool
    benchmark: str
    indicator: str
    note: str

    @property
    def is_warm_up(self) -> bool:
        """Whether this is the harmless item that shows how guess and facit work."""
        return self.kind is Kind.NEUTRAL

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of the own item, "Vil ikke svare" last."""
        labels = [*_LABELS[self.answer]]
        if self.needs_occasion:
            labels.append(_NO_OCCASION)
        return (*(Option(i, *label) for i, label in enumerate(labels)), _DECLINE)

    def item(self, role: Role) -> Item | None:
        """The item on this reference group, or None where it is not asked."""
        return next((item for item in self.items if item.role is role), None)


@dataclass(frozen=True)
class Prompt:
    """A question to talk about, and the finding it belongs to."""

    when: str
    text: str


@dataclass(frozen=True)
class Source:
    """Where in a municipal plan the theme stands."""

    kommune: str
    citation: str
    section: str
    content: str


@dataclass(frozen=True)
class QuestionSet:
    """A checked question set; a changed wording is a new version.

    :ivar raw: the file's content, to be frozen with a session and read again by
        :func:`pejling.domain.set_files.parse_set`.
    """

    id: str
    version: int
    title: str
    grades: tuple[int, ...]
    theme: str
    duration: str
    sensitivity: Sensitivity
    goals: tuple[str, ...]
    agreement: str
    sources: tuple[Source, ...]
    prompts: tuple[Prompt, ...]
    triads: tuple[Triad, ...]
    raw: Mapping[str, Any] = field(compare=False, repr=False)

    def triad(self, triad_id: str) -> Triad:
        """The triad of this id.

        :raises KeyError: if the set has no such triad.
        """
        for triad in self.triads:
            if triad.id == triad_id:
                return triad
        raise KeyError(triad_id)

    def frozen(self) -> str:
        """The set as JSON text, to be kept with a session."""
        return json.dumps(self.raw, ensure_ascii=False, sort_keys=False)


HONESTY_ID = "aerlighed"
HONESTY = Triad(
    id=HONESTY_ID,
    kind=Kind.ATTITUDE,
    direction=Direction.NEUTRAL,
    sensitivity=Sensitivity.GREEN,
    core=True,
    act="svarede ærligt",
    own_act="svarede ærligt",
    recall=Recall.NONE,
    recall_text="",
    items=(Item(f"{HONESTY_ID}.selv", Role.OWN, "Svarede du ærligt?"),),
    answer=AnswerFormat.YES_NO,
    needs_occasion=False,
    benchmark="ingen",
    indicator="",
    note="",
)
"""The last screen of every session: how far the class trusts its own numbers."""

HONESTY_OPTIONS = (
    Option(0, "Ja, på det hele", Meaning.YES),
    Option(1, "Ja, på det meste", Meaning.NO),
    Option(2, "Nej", Meaning.NO),
    _DECLINE,
)


def options_of(triad: Triad) -> tuple[Option, ...]:
    """The options of a triad's own item, also of the honesty item."""
    return HONESTY_OPTIONS if triad.id == HONESTY_ID else triad.options
