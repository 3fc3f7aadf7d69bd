"""Norms: what a class believes about itself, and what it answers.

Source of the definitions: docs/method.md, "Statistics".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from pejling.domain.disclosure import Shown


@dataclass(frozen=True)
class Shares:
    """How many guessed too high, close and too low, in pupils."""

    too_high: int
    close: int
    too_low: int

    @property
    def n(self) -> int:
        """How many guessed."""
        return self.too_high + self.close + self.too_low


@dataclass(frozen=True)
class Norms:
    """Actual and perceived norm of one class on one behaviour.

    :ivar actual: the coded own answers, in pupils out of ``actual.n``.
    :ivar perceived: median guess, in pupils out of ``present``; may end in .5.
    :ivar present: pupils in the room, the denominator they guessed with.
    :ivar misperception: perceived less actual, in pupils out of ``actual.n``; above 0
        is an overestimate.
    :ivar tolerance: distance that still counts as close, in pupils.
    """

    actual: Shown
    perceived: float
    present: int
    misperception: float
    tolerance: int
    shares: Shares

    @property
    def majority_misperception(self) -> bool:
        """Whether believed and actual norm lie on different sides of one half."""
        believed = 2 * self.perceived - self.present
        real = 2 * self.actual.value - self.actual.n
        return believed * real < 0


def tolerance(present: int) -> int:
    """Distance from the facit that counts as close: a twelfth, at least one pupil.

    >>> tolerance(24)
    2
    """
    return max(1, round(present / 12))


def perceived_norm(guesses: Mapping[int, int]) -> float:
    """The median guess, in pupils: a few jokers do not move it.

    :param guesses: guess in pupils -> how many guessed it.
    :raises ValueError: without guesses.
    """
    each = [guess for guess, n in guesses.items() for _ in range(n)]
    if not each:
        raise ValueError("no guesses")
    return float(median(each))


def summarise(own: Shown, guesses: Mapping[int, int], present: int) -> Norms:
    """Actual norm, perceived norm and misperception of one class on one behaviour.

    :param own: the own answers after disclosure; ``own.value`` is coded, in pupils.
    :param guesses: guess in pupils (0 to ``present``) -> how many guessed it.
    :param present: pupils in the room, the denominator they were shown.
    :raises ValueError: if a guess lies outside 0 to ``present``, or there is none.

    A guess is out of those present, the facit out of those who answered; guesses are
    brought to the same denominator before they are compared.
    """
    if any(not 0 <= guess <= present for guess in guesses):
        raise ValueError("guess outside 0..present")
    perceived = perceived_norm(guesses)
    # Exact: a gap of just the tolerance must not fall to either side by rounding.
    scale = Fraction(own.n, present)
    close = tolerance(present)
    return Norms(
        actual=own,
        perceived=perceived,
        present=present,
        misperception=float(Fraction(perceived) * scale - own.value),
        tolerance=close,
        shares=_shares(own, guesses, scale, close),
    )


def _shares(
    own: Shown, guesses: Mapping[int, int], scale: Fraction, close: int
) -> Shares:
    gaps = [(guess * scale - own.value, n) for guess, n in guesses.items()]
    too_high = sum(n for gap, n in gaps if gap > close)
    too_low = sum(n for gap, n in gaps if gap < -close)
    return Shares(too_high, sum(guesses.values()) - too_high - too_low, too_low)
