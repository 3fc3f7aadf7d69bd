"""A class beside others: which figure, what it would mean here, whether to show it.

Sources: the exact binomial range answers "could an ordinary class look like this?" and
no more: a class is not a sample, and its pupils resemble each other, so that real
classes spread wider. A figure above the class's own for a risk pulls upwards (the
boomerang of Schultz et al. 2007, Psychological Science 18(5)). See docs/method.md,
"Elsewhere".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import comb

from pejling.domain import findings, norms
from pejling.domain.benchmarks import Care, Figure, Level, Use, indicators
from pejling.domain.disclosure import MIN_STORED, Coding, Shown, bounds
from pejling.domain.findings import Finding
from pejling.domain.grades import YOUTH_EDUCATION
from pejling.domain.kommune import is_same_area
from pejling.domain.norms import Norms
from pejling.domain.question_sets import Direction, Fit, Triad

OLDEST_YEARS = 10
"""An older figure is not shown beside a class."""

COVERED = 0.95
"""Share of ordinary classes that the range holds, half of the rest on either side."""

YOUTH_AGES = (16, 19)
"""Years that an age sample must hold to stand beside youth education."""


class Place(StrEnum):
    """Where a class lies against the range of ordinary classes."""

    BELOW = "lavere"
    WITHIN = "på niveau"
    ABOVE = "højere"


class Reason(StrEnum):
    """Why a figure is not shown by itself."""

    PULLS = "trækker den forkerte vej"
    STAFF_ONLY = "kun for voksne"


@dataclass(frozen=True)
class Comparison:
    """A figure beside one behaviour of one class.

    :ivar percent: 0-100, turned round where the item counts those who do not.
    :ivar n: the class's own denominator, in pupils.
    :ivar expected: what the percentage is of ``n``, in pupils.
    :ivar low: the range of ordinary classes, in pupils; ``high`` its other end.
    :ivar fit: the worse of the figure's and the item's match.
    :ivar reason: why it is held back, if it is.
    :ivar choice: what the teacher decided: shown, held back, or nothing (None).
    """

    figure: Figure
    percent: float
    n: int
    expected: float
    low: int
    high: int
    place: Place
    fit: Fit
    reason: Reason | None
    choice: bool | None

    @property
    def is_shown(self) -> bool:
        """Whether it may come on the projector."""
        if self.reason is Reason.STAFF_ONLY:
            return False
        return self.reason is None if self.choice is None else self.choice


@dataclass(frozen=True)
class Outside:
    """The facit of "alle de andre": a figure held against the guesses about them.

    :ivar percent: 0-100, turned round where the item counts those who do not.
    :ivar norms: guesses against it, in pupils out of those present.
    :ivar finding: as for a class's own facit: what may be a headline, and what not.
    """

    figure: Figure
    percent: float
    norms: Norms
    finding: Finding
    fit: Fit

    @property
    def facit(self) -> Shown:
        """The percentage as whole pupils out of those present."""
        return self.norms.actual


def outside(
    triad: Triad,
    grade: int,
    year: int,
    figures: Iterable[Figure],
    guesses: Mapping[int, int] | None,
    present: int,
    answered: int,
    pool: Figure | None = None,
) -> Outside | None:
    """What the guesses about all the others are held against; None without a figure.

    :param guesses: guess in pupils -> how many guessed it; None where withheld.
    :param answered: pupils who sent the triad, out of ``present``.
    :param pool: what earlier classes answered, for where no survey has a figure.
    """
    figure = choose(triad, grade, year, figures) or _recent(pool, year)
    if figure is None or not guesses or present < MIN_STORED:
        return None
    percent = 100 - figure.percent if triad.is_reversed else figure.percent
    # A published figure has no pupil to hide: its whole number is exact.
    facit = Shown(round(present * percent / 100), present, Coding.EXACT)
    found = norms.summarise(facit, guesses, present)
    return Outside(
        figure=figure,
        percent=percent,
        norms=found,
        finding=findings.classify(found, triad.direction, answered),
        fit=fit(triad, figure),
    )


def _recent(pool: Figure | None, year: int) -> Figure | None:
    return pool if pool and 0 <= year - pool.year <= OLDEST_YEARS else None


def compare(
    triad: Triad,
    grade: int,
    own: Shown,
    year: int,
    figures: Iterable[Figure],
    choice: tuple[str, bool] | None = None,
) -> Comparison | None:
    """The figure that stands beside a class, and how; None where there is none.

    Of an act that the class is not asked about itself there is none: an attitude is
    not to be compared with what others do.

    :param own: the class's coded answer.
    :param year: in which the class answered.
    :param choice: the mark of a figure, and whether the teacher shows it.
    """
    figure = choose(triad, grade, year, figures) if triad.asks_own_act else None
    if figure is None:
        return None
    mark, shown = choice or ("", None)
    return beside(triad, own, figure, shown if mark == figure.mark else None)


def beside(
    triad: Triad, own: Shown, figure: Figure, choice: bool | None = None
) -> Comparison:
    """One figure beside a class's coded answer."""
    percent = 100 - figure.percent if triad.is_reversed else figure.percent
    low, high = ordinary_range(own.n, percent / 100)
    return Comparison(
        figure=figure,
        percent=percent,
        n=own.n,
        expected=own.n * percent / 100,
        low=low,
        high=high,
        place=_place(own, low, high),
        fit=fit(triad, figure),
        reason=_reason(triad, own, own.n * percent / 100, figure),
        choice=choice,
    )


def choose(
    triad: Triad, grade: int, year: int, figures: Iterable[Figure]
) -> Figure | None:
    """The figure for an item and an årgang: the best match, the nearest, the newest."""
    fitting = [
        one
        for one in about(triad, figures)
        if _may_stand(one)
        and _covers(one, grade)
        and fit(triad, one) is not Fit.LOOSE
        and 0 <= year - one.year <= OLDEST_YEARS
    ]
    return min(fitting, key=lambda one: _rank(triad, one), default=None)


def in_reach(figures: Iterable[Figure], kommune: str) -> list[Figure]:
    """Those that are not about another kommune; all, while its name is not known."""
    return [
        one
        for one in figures
        if not kommune
        or one.level is not Level.KOMMUNE
        or is_same_area(one.area, kommune)
    ]


def about(triad: Triad, figures: Iterable[Figure]) -> list[Figure]:
    """All figures about an item's indicator, the newest first: "se flere tal"."""
    found = [
        one for one in figures if triad.indicator and one.indicator == triad.indicator
    ]
    return sorted(found, key=lambda one: (-one.year, one.level, one.id))


def fit(triad: Triad, figure: Figure) -> Fit:
    """How well a figure's words fit the item's: the worse of two links."""
    order = [Fit.EXACT, Fit.CLOSE, Fit.LOOSE]
    return max(triad.fit, figure.match, key=order.index)


@lru_cache(maxsize=4096)
def ordinary_range(n: int, share: float) -> tuple[int, int]:
    """The central 95 % of classes of ``n`` drawn where ``share`` does it, in pupils.

    :param share: 0 to 1.
    :return: the smallest counts at which the binomial distribution has reached 2.5 and
        97.5 %.
    :raises ValueError: if ``share`` is outside 0..1 or ``n`` below 1.
    """
    if not 0 <= share <= 1 or n < 1:
        raise ValueError(f"{share} of {n}")
    tail = (1 - COVERED) / 2
    low = next(k for k in range(n + 1) if at_most(k, n, share) >= tail)
    high = next(k for k in range(n + 1) if at_most(k, n, share) >= 1 - tail)
    return low, high


def at_most(count: int, n: int, share: float) -> float:
    """The binomial probability of at most ``count`` of ``n``."""
    if count >= n:
        return 1.0
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count + 1))


def _may_stand(figure: Figure) -> bool:
    return (
        figure.use is Use.BENCHMARK
        and figure.is_for_all
        and not figure.is_perceived
        # A figure for one årgang at one school describes some named pupils.
        and figure.level is not Level.SCHOOL
    )


def _covers(figure: Figure, grade: int) -> bool:
    if grade == YOUTH_EDUCATION:
        first, last = figure.ages or (0, 0)
        # Samples that begin below 15 are half of them about the school.
        return (
            not figure.grades and 15 <= first <= YOUTH_AGES[0] and last >= YOUTH_AGES[1]
        )
    first, last = figure.grades or (0, -1)
    return first <= grade <= last


_NEARNESS = {Level.KOMMUNE: 0, Level.REGION: 1, Level.NATIONAL: 2, Level.SCHOOL: 3}


def _rank(triad: Triad, figure: Figure) -> tuple[object, ...]:
    return (
        [Fit.EXACT, Fit.CLOSE].index(fit(triad, figure)),
        figure.span,
        _NEARNESS[figure.level],
        -figure.year,
        -figure.entry,
        figure.id,
    )


def _place(own: Shown, low: int, high: int) -> Place:
    """Outside the range only where all that a coded number may stand for is."""
    least, most = bounds(own)
    if most < low:
        return Place.BELOW
    return Place.ABOVE if least > high else Place.WITHIN


def _reason(triad: Triad, own: Shown, expected: float, figure: Figure) -> Reason | None:
    known = indicators().get(figure.indicator)
    if known is not None and known.care is Care.STAFF:
        return Reason.STAFF_ONLY
    if triad.direction is Direction.RISK and expected > own.value:
        return Reason.PULLS
    # "Fewer do it elsewhere" would make a good thing look rare.
    if triad.direction is Direction.PROTECTIVE and expected < own.value:
        return Reason.PULLS
    return None
