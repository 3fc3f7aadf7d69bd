"""Rolling up: what stays of a school year when the numbers of its classes are deleted.

Several classes at a time, in whole fives. A school stands alone where two of its
classes or more gave at least 20 answers, none of them more than 60 %; the others are
taken together, and go where that is too few as well (docs/privacy.md, "Retention").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pejling.domain import norms, stems
from pejling.domain.disclosure import code_ends
from pejling.domain.pooling import (
    LARGEST_CLASS,
    ClassAnswers,
    by_question,
    coded,
    to_five,
)

MIN_CLASSES = 2
MIN_ANSWERS = 20

OTHER_SCHOOLS = ""
"""In place of a school: those that are too small alone."""


@dataclass(frozen=True)
class Rollup:
    """What several classes of one årgang answered to one question.

    :ivar school: its name, or ``OTHER_SCHOOLS``.
    :ivar asked: the act and its time, as one reads them.
    :ivar answers: rounded down to whole fives; ``yes`` to the nearest, never none or
        all; ``too_high`` who guessed too high of the class, likewise.
    """

    school: str
    grade: int
    triad: str
    wording: str
    asked: str
    classes: int
    answers: int
    yes: int
    too_high: int


def rolled_up(answers: Iterable[ClassAnswers]) -> list[Rollup]:
    """The rollups of one school year, in order of årgang, question and school."""
    return [
        _rollup(school, key, classes)
        for key, everybody in by_question(answers).items()
        for school, classes in _schools(everybody).items()
        if not everybody[0].triad.is_warm_up
    ]


def _schools(classes: Iterable[ClassAnswers]) -> dict[str, list[ClassAnswers]]:
    """School -> its classes, the small ones together, or nowhere."""
    each: dict[str, list[ClassAnswers]] = {}
    for one in classes:
        each.setdefault(one.group[0], []).append(one)
    alone = {name: mine for name, mine in sorted(each.items()) if _is_enough(mine)}
    rest = [one for name, mine in each.items() if name not in alone for one in mine]
    return alone | ({OTHER_SCHOOLS: rest} if _is_enough(rest) else {})


def _is_enough(classes: Sequence[ClassAnswers]) -> bool:
    bases = [one.counts.base for one in classes]
    return (
        len(classes) >= MIN_CLASSES
        and sum(bases) >= MIN_ANSWERS
        and max(bases) <= LARGEST_CLASS * sum(bases)
    )


def _rollup(
    school: str, key: tuple[int, str, str], classes: Sequence[ClassAnswers]
) -> Rollup:
    total = sum(one.counts.base for one in classes)
    answers = total - total % 5
    triad = classes[0].triad
    return Rollup(
        school,
        *key,
        stems.timed(triad.own_act, triad.recall_text if triad.asks_own_act else ""),
        len(classes),
        answers,
        _coarse(sum(map(coded, classes)), answers),
        _coarse(sum(map(_too_high, classes)), answers),
    )


def _coarse(count: int, answers: int) -> int:
    return min(max(to_five(count), 5), answers - 5)


def _too_high(one: ClassAnswers) -> int:
    """Who guessed too high, against the coded number of the class."""
    if not one.friends:
        return 0
    own = code_ends(one.counts.yes, one.counts.base)
    return norms.summarise(own, one.friends, one.present).shares.too_high
