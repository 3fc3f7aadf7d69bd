"""What a class answered, as a meeting of its parents sees it: of twenty pupils.

Parents guess out of twenty, whatever the size of the class, and its answer is told out
of twenty: steps of 5 per cent, coarser than what the class itself saw. All of it is
made of coded values, so that nothing tells 0, 1 and 2 of a class apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from pejling.domain.disclosure import Coding, Shown, bounds

OF = 20
"""What parents guess out of."""

MIN_CLASS = 10
"""Answers of a class below which parents see guesses only: no answer of its pupils."""

MOST_CLASSES = 2
"""Classes that may be joined for a meeting of an årgang."""


@dataclass(frozen=True)
class ClassAnswer:
    """One class on one behaviour, as its own wall may show it.

    :ivar own: the coded own answers.
    :ivar guesses: guess in pupils -> how many guessed it, out of ``present``.
    """

    own: Shown
    guesses: Mapping[int, int]
    present: int


@dataclass(frozen=True)
class PupilsAnswer:
    """What pupils believed and answered, out of :data:`OF`.

    :ivar believed: the middle guess of all pupils; may end in .5.
    :ivar answered: how many said yes; None where a class is too small.
    :ivar coding: whether ``answered`` is told exactly, as "højst" or as "mindst".
    :ivar n: pupils who answered, in all classes.
    """

    believed: float
    answered: int | None
    coding: Coding
    n: int


def of_classes(classes: Sequence[ClassAnswer]) -> PupilsAnswer:
    """Several classes taken together; one is taken as it is.

    :raises ValueError: without classes.
    """
    if not classes:
        raise ValueError("no class")
    shares = [
        Fraction(guess * OF, one.present)
        for one in classes
        for guess, n in one.guesses.items()
        for _ in range(n)
    ]
    believed = _halves(median(shares))
    n = sum(one.own.n for one in classes)
    if any(one.own.n < MIN_CLASS for one in classes):
        return PupilsAnswer(believed, None, Coding.EXACT, n)
    low = sum(bounds(one.own)[0] for one in classes)
    high = sum(bounds(one.own)[1] for one in classes)
    if low == 0:
        return PupilsAnswer(believed, _up(high, n), Coding.LOW, n)
    if high == n:
        return PupilsAnswer(believed, low * OF // n, Coding.HIGH, n)
    # Of two classes one may be coded: its middle stands for it.
    value = sum(one.own.value for one in classes)
    return PupilsAnswer(believed, _nearest(value, n), Coding.EXACT, n)


def _halves(share: Fraction) -> float:
    """To the nearest half, so that two middle guesses do not become a decimal."""
    return float(Fraction(int(share * 2 + Fraction(1, 2)), 2))


def _nearest(value: int, n: int) -> int:
    return int(Fraction(value * OF, n) + Fraction(1, 2))


def _up(value: int, n: int) -> int:
    return -(-value * OF // n)
