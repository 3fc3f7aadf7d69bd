"""Question sets: what one is made of, from the whole set down to an option.

Read by :mod:`pejling.domain.content.set_reader`, checked by
:mod:`pejling.domain.content.set_rules`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DECLINED = 999
"""The option "Vil ikke svare": above every guess (at most 120), three digits too."""


class Audience(StrEnum):
    """Who answers."""

    PUPILS = "elever"
    YOUTH = "unge"
    PARENTS = "foraeldre"


class Topic(StrEnum):
    """What a set or a course is about: a column of the curriculum."""

    WELLBEING = "trivsel"
    DIGITAL = "digitalt"
    TRAFFIC = "trafik"
    NICOTINE = "nikotin"
    ALCOHOL = "alkohol"
    DRUGS = "rusmidler"
    CRIME = "kriminalitet"
    CONTROL = "kontrol"
    PASSAGE = "overgang"


class Facit(StrEnum):
    """What the guess about alle de andre is held against."""

    NONE = "ingen"
    POOLED = "kommunens_samlede_svar"
    UNGEPROFIL = "ungeprofil"


class Fit(StrEnum):
    """How well an indicator's wording fits the item's."""

    EXACT = "praecis"
    CLOSE = "naer"
    LOOSE = "loest"


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
class Translation:
    """A triad's words in another language, as a respondent reads them.

    :ivar act: after words such as "those who": "drink coffee every day".
    :ivar own: the own question; "" where none is asked.
    :ivar time: the time in words, "" where the language's fixed words will do.
    """

    act: str
    own: str
    time: str = ""


@dataclass(frozen=True)
class Triad:
    """The items on one behaviour, in the order in which they are asked.

    :ivar act: the behaviour as the chart names it, from the finite verb on.
    :ivar own_act: what the own item asks; differs from ``act`` where the act itself is
        not asked (roed) and an attitude stands in its place.
    :ivar recall_text: the time in words, "" where the act carries it.
    :ivar benchmark: where the figure for "alle de andre" comes from.
    :ivar indicator: that figure's id in :mod:`pejling.domain.benchmarks`, "" if none.
    :ivar fit: how well that figure's wording fits the act.
    :ivar is_reversed: whether the figure counts those who do *not*.
    :ivar pupils: at a meeting, the pupils' triad that is guessed at; "" elsewhere.
    :ivar translated: language -> its words; Danish is not among them. Two triads are
        the same if their Danish is.
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
    benchmark: Facit
    indicator: str
    note: str
    fit: Fit = Fit.EXACT
    is_reversed: bool = False
    pupils: str = ""
    translated: Mapping[str, Translation] = field(default_factory=dict, compare=False)

    @property
    def is_about_pupils(self) -> bool:
        """Whether parents guess here at what a class answered, and nothing else."""
        return bool(self.pupils)

    @property
    def asks_own_act(self) -> bool:
        """Whether the pupil is asked about the act itself, not an attitude to it."""
        return self.own_act == self.act

    @property
    def is_risk_act(self) -> bool:
        """A risk that is done or met, as opposed to an opinion about it."""
        return self.direction is Direction.RISK and self.kind is not Kind.ATTITUDE

    @property
    def is_good_or_attitude(self) -> bool:
        """What a class needs beside a risk: a protective act, or what it thinks."""
        return not self.is_warm_up and (
            self.kind is Kind.ATTITUDE or self.direction is Direction.PROTECTIVE
        )

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
    document: str
    section: str
    citation: str
    content: str


@dataclass(frozen=True)
class Word:
    """A word that a reader may not know, and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True)
class QuestionSet:
    """A checked question set; a changed wording is a new version.

    :ivar grades: årgange, 11 for youth education.
    :ivar theme: the theme in words; ``topic`` is its place in the curriculum.
    :ivar minutes: 45, 60 or 90: the lesson that the flow is laid out for.
    :ivar duration: the same in words, with what else may be done ("2 × 45 min").
    :ivar parents_guess: (set, triad) ids whose answers the parents guess.
    :ivar say: what the teacher may say in this lesson; ``do_not_say`` the opposite.
    :ivar screen_words: language that the program lacks -> key -> the screen's words
        (:mod:`pejling.domain.respondent_words`).
    :ivar raw: the file's content, to be frozen with a session and read again by
        :func:`pejling.domain.content.set_files.parse_set`.
    """

    id: str
    version: int
    title: str
    audience: Audience
    grades: tuple[int, ...]
    topic: Topic
    theme: str
    minutes: int
    duration: str
    sensitivity: Sensitivity
    goals: tuple[str, ...]
    agreement: str
    say: tuple[str, ...]
    do_not_say: tuple[str, ...]
    parents_guess: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    words: tuple[Word, ...]
    prompts: tuple[Prompt, ...]
    triads: tuple[Triad, ...]
    raw: Mapping[str, Any] = field(compare=False, repr=False)
    screen_words: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict, compare=False
    )

    def triad(self, triad_id: str) -> Triad:
        """The triad of this id.

        :raises KeyError: if the set has no such triad.
        """
        for triad in self.triads:
            if triad.id == triad_id:
                return triad
        raise KeyError(triad_id)

    def explained(self, triad: Triad) -> tuple[Word, ...]:
        """The words explained in this set that the triad's reader meets."""
        own = triad.item(Role.OWN)
        text = f"{triad.act} {own.text if own else ''}"
        return tuple(one for one in self.words if holds_word(text, one.word))

    def frozen(self) -> str:
        """The set as JSON text, to be kept with a session."""
        return json.dumps(self.raw, ensure_ascii=False, sort_keys=False)


def holds_word(text: str, word: str) -> bool:
    """Whether a word or phrase stands in a text as a whole, in small or capitals."""
    whole = rf"(?<!\w){re.escape(word.lower())}(?!\w)"
    return re.search(whole, text.lower()) is not None


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
    benchmark=Facit.NONE,
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
