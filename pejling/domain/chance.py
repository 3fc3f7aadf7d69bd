"""Chance: how easily a difference between two small groups comes about by itself.

One-sided, from counts alone, with no more than whole numbers and the normal curve.

Sources: R. A. Fisher 1935, "The Logic of Inductive Inference", doi 10.2307/2342435;
F. Wilcoxon 1945, doi 10.2307/3001968; H. B. Mann and D. R. Whitney 1947, doi
10.1214/aoms/1177730491; S. Holm 1979, "A Simple Sequentially Rejective Multiple Test
Procedure", Scandinavian Journal of Statistics 6(2), 65-70.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb, erfc, sqrt
from statistics import mean

LEVEL = 0.05
"""How often, at most, something is called a change when nothing has changed."""

MOST_EXACT = 64
"""Pupils of both groups up to which every way is counted: 10 ms for two classes."""

Histogram = Mapping[int, int]
"""Value -> how many have it."""


def fewer(before: int, of: int, after: int, of_after: int) -> float:
    """Chance of so few after, or fewer, if both groups were drawn from one urn.

    Fisher's exact test, one-sided: the hypergeometric tail.

    :param before: of ``of``; ``after`` of ``of_after``.
    :raises ValueError: if a count lies outside its group.

    >>> round(fewer(8, 10, 2, 10), 4)
    0.0115
    """
    if not 0 <= before <= of or not 0 <= after <= of_after:
        raise ValueError(f"{before} of {of}, {after} of {of_after}")
    marked = before + after
    tail = sum(
        comb(marked, few) * comb(of + of_after - marked, of_after - few)
        for few in range(max(0, marked - of), after + 1)
    )
    return tail / comb(of + of_after, of_after)


def lower(before: Histogram, after: Histogram) -> float:
    """Chance of values so low after, or lower, if both groups were drawn from one urn.

    Wilcoxon's rank sum test (Mann and Whitney's U) with mean ranks for ties, one-sided.
    Exact for two classes of ordinary size: guesses pile up on a few numbers, and with
    such ties the normal curve is too bold. Above ``MOST_EXACT`` it is used, with a
    correction for the steps that ties make (:func:`_curve`).

    :raises ValueError: if one of the groups is empty.

    >>> lower({4: 1, 5: 1, 6: 1}, {1: 1, 2: 1, 3: 1})
    0.05
    """
    first, second = sum(before.values()), sum(after.values())
    if not first or not second:
        raise ValueError("nothing to compare")
    piles = _piles(before, after)
    if first + second <= MOST_EXACT:
        return _counted(piles, first + second, second)
    return _curve(piles, first, second)


@dataclass(frozen=True)
class _Pile:
    """All who share a value: how many, how many of them after, twice their rank."""

    n: int
    after: int
    rank: int


def _piles(before: Histogram, after: Histogram) -> list[_Pile]:
    found, below = [], 0
    for value in sorted({*before, *after}):
        there = after.get(value, 0)
        n = before.get(value, 0) + there
        found.append(_Pile(n, there, 2 * below + n + 1))
        below += n
    return found


def _counted(piles: Sequence[_Pile], both: int, second: int) -> float:
    """The share of all ways to draw ``second`` of ``both`` with so low a rank sum.

    ``ways[k]`` holds, for k drawn so far, how many ways give each rank sum: one whole
    number with a slot of bits for each sum, none above the one that was seen.
    """
    every = comb(both, second)
    seen = sum(pile.after * pile.rank for pile in piles)
    slot = every.bit_length() + 1
    most = (1 << slot * (seen + 1)) - 1
    ways = [1] + [0] * second
    for pile in piles:
        drawn = [0] * (second + 1)
        for k, counts in enumerate(ways):
            for more in range(min(pile.n, second - k) + 1 if counts else 0):
                sums = counts * comb(pile.n, more) << slot * pile.rank * more
                drawn[k + more] += sums & most
        ways = drawn
    low, left = 0, ways[second]
    while left:
        low += left & (1 << slot) - 1
        left >>= slot
    return low / every


def _curve(piles: Sequence[_Pile], first: int, second: int) -> float:
    """The same by the normal curve, half an average step on the careful side.

    A pupil of each of two neighbouring piles changing places moves U by the mean of
    the two piles: 1 without ties, where the half step is the usual correction.
    """
    both = first + second
    ties = sum(pile.n**3 - pile.n for pile in piles)
    spread = first * second / 12 * (both + 1 - ties / (both * (both - 1)))
    if spread <= 0:
        return 1.0
    seen = sum(pile.after * pile.rank for pile in piles) / 2
    steps = [(one.n + other.n) / 4 for one, other in pairwise(piles)]
    distance = second * (both + 1) / 2 - seen - mean(steps)
    return 0.5 * erfc(distance / sqrt(2 * spread))


def passed(
    found: Mapping[str, Sequence[float]], level: float = LEVEL
) -> dict[str, int]:
    """How many of each name's questions have an answer that chance does not give.

    With nothing changed, even one is passed in at most ``level`` of all families,
    whatever depends on whatever. Holm's procedure over the names, in each of which one
    question is asked after the other, and the next only when the last was passed; with
    one question each it is Holm's (Bretz et al. 2009, doi 10.1002/sim.3495).

    :param found: name -> the two-sided p of its questions, in the order of asking.

    >>> passed({"a": [0.01, 0.2], "b": [0.03, 0.001], "c": [0.001, 0.001]})
    {'a': 1, 'b': 0, 'c': 2}
    """
    done = dict.fromkeys(found, 0)
    while True:
        left = [name for name in found if done[name] < len(found[name])]
        fresh = [one for one in left if found[one][done[one]] <= level / len(left)]
        if not fresh:
            return done
        for one in fresh:
            done[one] += 1
