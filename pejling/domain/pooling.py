"""Pooling: what several classes answered, as one facit of "alle de andre".

Made once for a school year that is over, and frozen: a pool that grew while classes
answer would show one class by the difference between two looks. What is kept is coded
already, so that it tells no more than it shows.

Sources: at least 3 classes and 60 answers (100 for illegal acts), none with more than
60 % of them, is the rule for all that leaves a kommune (docs/privacy.md, "Thresholds");
steps of 5 % hide the one class that a teacher could subtract.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pejling.domain import stems
from pejling.domain.disclosure import OwnCounts, Shown, Withheld, disclose_own
from pejling.domain.question_sets import Facit, Role, Sensitivity, Triad

MIN_CLASSES = 3
MIN_ANSWERS = 60
MIN_ANSWERS_RED = 100
LARGEST_CLASS = 0.6
"""The largest class may have at most this share of the answers."""

STEP = 5
"""Pupils are rounded to this many, then per cent; never to none or all."""

NEAR_DAYS = 28
"""A class that is asked the same again so soon is asked in place of the first time."""


@dataclass(frozen=True)
class ClassAnswers:
    """What one class answered to one question about itself.

    :ivar group: the class: school, årgang and letter, in one.
    :ivar day_number: the day it was asked, counted from any fixed day.
    :ivar present: pupils in the room; ``friends`` their guesses about the class, or
        None where they were not asked.
    """

    group: tuple[str, int, str]
    grade: int
    day_number: int
    triad: Triad
    counts: OwnCounts
    present: int = 0
    friends: Mapping[int, int] | None = None


@dataclass(frozen=True)
class Pool:
    """What the classes of one årgang answered to one question in one school year.

    :ivar wording: of the question (:func:`wording_of`): another is another pool.
    :ivar asked: the act and its time, as one reads them.
    :ivar answers: rounded down to whole tens.
    :ivar percent: who answered yes, in steps of 5, from 5 to 95.
    """

    grade: int
    triad: str
    wording: str
    asked: str
    classes: int
    answers: int
    percent: int


def coded(one: ClassAnswers) -> int:
    """Who answered yes in one class, as the class may see it.

    Sums are made of coded numbers only: a pool of three classes in which nobody but one
    class's own pupils do it would otherwise tell its teacher just that.

    :raises ValueError: if the class is too small to see it.
    """
    shown = _disclosed(one)
    if not isinstance(shown, Shown):
        raise ValueError("too few to be seen")
    return shown.value


def _disclosed(one: ClassAnswers) -> Shown | Withheld:
    return disclose_own(one.counts, one.triad.sensitivity)


def may_pool(triad: Triad) -> bool:
    """Whether answers to it can be the facit of guesses about others doing it."""
    return triad.asks_own_act and triad.benchmark is not Facit.NONE


def wording_of(triad: Triad) -> str:
    """What a question is known by, whichever set it stands in: its very words."""
    own = triad.item(Role.OWN)
    words = (triad.id, triad.act, triad.recall_text, own.text if own else "")
    asked = "\n".join((*words, triad.answer, str(triad.needs_occasion)))
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def pooled(answers: Iterable[ClassAnswers]) -> list[Pool]:
    """The pools of one school year, in order of årgang and question."""
    alike = by_question(one for one in answers if may_pool(one.triad))
    found = [_pool(key, classes) for key, classes in alike.items()]
    return [one for one in found if one is not None]


def by_question(
    answers: Iterable[ClassAnswers],
) -> dict[tuple[int, str, str], list[ClassAnswers]]:
    """Årgang, triad's id and wording -> the classes that were asked it, in order.

    Each class counts once: with the first time it was asked, or with the last one
    within 28 days of that. What comes later is a follow-up of the same pupils.
    """
    alike: dict[tuple[int, str, str], list[ClassAnswers]] = {}
    for one in answers:
        # A class that is too small to see its own number is in no sum either.
        if isinstance(_disclosed(one), Shown):
            key = (one.grade, one.triad.id, wording_of(one.triad))
            alike.setdefault(key, []).append(one)
    return {key: _once(several) for key, several in sorted(alike.items())}


def _once(answers: Iterable[ClassAnswers]) -> list[ClassAnswers]:
    kept: dict[tuple[str, int, str], ClassAnswers] = {}
    first: dict[tuple[str, int, str], int] = {}
    for one in sorted(answers, key=lambda one: one.day_number):
        begun = first.setdefault(one.group, one.day_number)
        if one.day_number - begun <= NEAR_DAYS:
            kept[one.group] = one
    return list(kept.values())


def _pool(key: tuple[int, str, str], classes: list[ClassAnswers]) -> Pool | None:
    bases = [one.counts.base for one in classes]
    total = sum(bases)
    is_red = any(one.triad.sensitivity is Sensitivity.RED for one in classes)
    if (
        len(classes) < MIN_CLASSES
        or total < (MIN_ANSWERS_RED if is_red else MIN_ANSWERS)
        or max(bases) > LARGEST_CLASS * total
    ):
        return None
    yes = sum(coded(one) for one in classes)
    first = classes[0].triad
    asked = stems.timed(first.act, first.recall_text)
    return Pool(*key, asked, len(classes), total - total % 10, _percent(yes, total))


def _percent(yes: int, total: int) -> int:
    """Coarse in pupils, so that at least five counts look alike, then in words."""
    near = min(max(to_five(yes), 5), to_five(total) - 5)
    return min(max(to_five(100 * near / total), 5), 95)


def to_five(value: float) -> int:
    """A number of pupils to the nearest five: the step of all that leaves a class."""
    return STEP * round(value / STEP)
