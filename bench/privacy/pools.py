"""What pools tell of a class: an auditor that knows all that is published, and more.

A pool is the share of several classes, in steps; beside it stand the coded results of
the classes themselves. The auditor knows the rule, the size of every class and the
exact count of one. It looks for other classes with which everything that is published
would read the same: as far as their counts can lie from the true ones, nothing is told.

Two are tried: who leads one class and sees the pool, and who sees the coded results of
all classes as well, as a consultant does. A result between the ends is exact on purpose
(docs/privacy.md, "Thresholds"), so there only classes at an end, or withheld ones, have
something to lose.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bench.privacy import lessons
from bench.privacy.figure import Figure, count
from pejling.domain import disclosure, pooling
from pejling.domain.disclosure import OwnCounts, Shown
from pejling.domain.pooling import ClassAnswers, Pool
from pejling.domain.question_sets import Facit, Sensitivity, Triad

WIDTH = 5
"""Counts that must remain possible, unless what remains is a whole coded end: 0 to 2,
or n-2 to n, which the class's own result may say as well."""

Pooled = Callable[[Iterable[ClassAnswers]], list[Pool]]
Counts = tuple[int, ...]
"""Yes of each class of a cube, in pupils."""


@dataclass(frozen=True)
class Cube:
    """The classes of one årgang that answered one question.

    :ivar bases: who answered yes or no, of each class, in pupils.
    """

    triad: Triad
    bases: Counts
    yes: Counts

    def answers(self, yes: Counts) -> list[ClassAnswers]:
        """The classes, with so many yes."""
        return [
            ClassAnswers(
                ("Målskolen", 7, str(place)),
                7,
                0,
                self.triad,
                OwnCounts(n, base - n, 0),
            )
            for place, (n, base) in enumerate(zip(yes, self.bases, strict=True))
        ]

    def result(self, place: int, yes: int) -> object:
        """What is shown of one class, with so many yes."""
        own = OwnCounts(yes, self.bases[place] - yes, 0)
        return disclosure.disclose_own(own, self.triad.sensitivity)

    def alike(self, place: int) -> range:
        """The counts of one class that its own result does not tell apart."""
        shown = self.result(place, self.yes[place])
        if isinstance(shown, Shown):
            low, high = disclosure.bounds(shown)
            return range(low, high + 1)
        return range(self.bases[place] + 1)

    def holds_end(self, place: int, possible: Collection[int]) -> bool:
        """Whether a whole coded end of a class is among its possible counts."""
        base, end = self.bases[place], disclosure.END + 1
        ends = (range(end), range(base + 1 - end, base + 1))
        return any(set(one) <= set(possible) for one in ends)


@dataclass
class Told:
    """What auditing found.

    :ivar widths: of each thing looked at, how many counts remained possible, counted
        up to five.
    :ivar narrow: how many of them are narrower than they may be.
    """

    widths: list[int] = field(default_factory=list)
    narrow: int = 0

    def add(self, width: int, needed: int) -> None:
        """One more thing was looked at."""
        self.widths.append(width)
        self.narrow += width < needed

    def __str__(self) -> str:
        least = min(self.widths, default=0)
        return f"{count(self.narrow)} of {count(len(self.widths))}; narrowest {least}"


@dataclass
class Audit:
    """The auditor's findings, over many cubes.

    :ivar pools: cubes of which a pool was published at all.
    """

    pools: int = 0
    others: Told = field(default_factory=Told)
    each: Told = field(default_factory=Told)
    beside: Told = field(default_factory=Told)
    alone: Told = field(default_factory=Told)


def measure(cubes: int, seed: int = 1) -> list[Figure]:
    """So many cubes of classes, and what their pools tell of one."""
    return _figures("", audit(cubes, pooling.pooled, seed), cubes)


def audit(cubes: int, pooled: Pooled, seed: int = 1) -> Audit:
    """Let the auditor look at so many cubes."""
    chance = random.Random(seed)  # noqa: S311 - the same classes every time
    found = Audit()
    for _ in range(cubes):
        _look(_a_cube(chance), pooled, chance, found)
    return found


def _look(cube: Cube, pooled: Pooled, chance: random.Random, found: Audit) -> None:
    for place in range(len(cube.yes)):
        if _is_at_end(cube, place):
            found.alone.add(len(cube.alike(place)), disclosure.END + 1)
    auditor = _Auditor(cube, pooled)
    if not auditor.published:
        return
    found.pools += 1
    own = chance.randrange(len(cube.yes))
    others = [place for place in range(len(cube.yes)) if place != own]
    found.others.add(auditor.sums(others), WIDTH)
    for place in others:
        possible = auditor.of_one(place, others)
        found.each.add(len(possible), 1 if cube.holds_end(place, possible) else WIDTH)
        if (alike := len(cube.alike(place))) > 1:
            known = auditor.beside_results(place, others)
            found.beside.add(len(known), min(WIDTH, alike))


def _is_at_end(cube: Cube, place: int) -> bool:
    shown = cube.result(place, cube.yes[place])
    return isinstance(shown, Shown) and shown.coding is not disclosure.Coding.EXACT


# --- the auditor ----------------------------------------------------------------------


class _Auditor:
    """Knows what is published of a cube, and tries which counts would read the same."""

    def __init__(self, cube: Cube, pooled: Pooled) -> None:
        self.cube = cube
        self.pooled = cache(lambda yes: tuple(pooled(cube.answers(yes))))
        self.published = self.pooled(cube.yes)

    def sums(self, others: Sequence[int]) -> int:
        """How many sums of the other classes are possible, up to five each way."""
        found = 1
        for to in (1, -1):
            for far in range(1, WIDTH):
                if not any(map(self._is_alike, self._moved(others, to * far))):
                    break
                found += 1
        return found

    def of_one(self, place: int, others: Sequence[int]) -> list[int]:
        """Which counts of one other class are possible, five of them at most."""
        rest = [one for one in others if one != place]
        ranges = {one: (0, self.cube.bases[one]) for one in rest}
        return self._possible(place, range(self.cube.bases[place] + 1), ranges)

    def beside_results(self, place: int, others: Sequence[int]) -> list[int]:
        """The same where the coded results of all classes are known too."""
        alike = {one: self.cube.alike(one) for one in others}
        ranges = {
            one: (alike[one][0], alike[one][-1]) for one in others if one != place
        }
        return self._possible(place, alike[place], ranges)

    def _possible(
        self, place: int, counts: range, ranges: dict[int, tuple[int, int]]
    ) -> list[int]:
        found: list[int] = []
        for n in sorted(counts, key=lambda n: abs(n - self.cube.yes[place])):
            if self._fits(place, n, ranges):
                found.append(n)
            if len(found) >= WIDTH:
                break
        return found

    def _is_alike(self, yes: Counts) -> bool:
        return self.pooled(yes) == self.published

    def _fits(self, place: int, n: int, ranges: dict[int, tuple[int, int]]) -> bool:
        """Whether others within their ranges go with ``n`` in one class."""
        yes = list(self.cube.yes)
        yes[place] = n
        if self._is_alike(tuple(yes)):
            return True
        for one, (low, _) in ranges.items():
            yes[one] = low
        path = [tuple(yes)]
        for one, (low, high) in ranges.items():
            for more in range(low + 1, high + 1):
                yes[one] = more
                path.append(tuple(yes))
        # The share never falls on the way up, so it is found by halving.
        low, high = 0, len(path)
        while low < high:
            middle = (low + high) // 2
            if self._share(path[middle]) < self._share(self.cube.yes):
                low = middle + 1
            else:
                high = middle
        return low < len(path) and self._is_alike(path[low])

    def _moved(self, others: Sequence[int], by: int) -> Iterator[Counts]:
        """Cubes whose other classes have so many yes more, or fewer.

        Classes at an end move within it first, where a rule that codes sees nothing;
        what is left is taken by one class, each in turn. Then one that is not at an end
        is put there, and another makes up for it.
        """
        at_end = [one for one in others if _is_at_end(self.cube, one)]
        starts: list[dict[int, int]] = [{}]
        starts += [{one: self.cube.alike(one)[to] for one in at_end} for to in (0, -1)]
        for start in starts:
            yield from self._taken(others, by, start)
            yield from self._taken(others, by, start, at_end)
        for one in others:
            base = self.cube.bases[one]
            for there in (0, disclosure.END, base - disclosure.END, base):
                rest = [other for other in others if other != one]
                yield from self._taken(rest, by, {one: there})

    def _taken(
        self,
        others: Sequence[int],
        by: int,
        start: Mapping[int, int],
        absorbing: Sequence[int] = (),
    ) -> Iterator[Counts]:
        """The cube with some counts changed, and others that make up for it."""
        yes = [start.get(place, n) for place, n in enumerate(self.cube.yes)]
        left = by + sum(self.cube.yes) - sum(yes)
        for one in absorbing:
            alike = self.cube.alike(one)
            fitting = min(max(yes[one] + left, alike[0]), alike[-1])
            left -= fitting - yes[one]
            yes[one] = fitting
        for one in others:
            if 0 <= yes[one] + left <= self.cube.bases[one]:
                yield (*yes[:one], yes[one] + left, *yes[one + 1 :])

    def _share(self, yes: Counts) -> int:
        return self.pooled(yes)[0].percent


# --- cubes ----------------------------------------------------------------------------


def _a_cube(chance: random.Random) -> Cube:
    """Three to eight classes of 12 to 28; few do it, as with most that is asked."""
    is_red = chance.random() < 0.25
    triad = _triad(Sensitivity.RED if is_red else Sensitivity.YELLOW)
    bases = tuple(chance.randint(12, 28) for _ in range(chance.randint(3, 8)))
    whole = chance.betavariate(1, 6) if chance.random() < 0.7 else chance.random()
    yes = []
    for base in bases:
        share = min(max(chance.gauss(whole, 0.06), 0), 1)
        yes.append(sum(chance.random() < share for _ in range(base)))
    return Cube(triad, bases, tuple(yes))


@cache
def _triad(sensitivity: Sensitivity) -> Triad:
    triad = next(
        one for one in lessons.questions().triads if one.asks_own_act and one.core
    )
    return replace(triad, sensitivity=sensitivity, benchmark=Facit.POOLED)


# --- as figures -----------------------------------------------------------------------


def _figures(kind: str, found: Audit, cubes: int) -> Iterator[Figure]:
    what = "pool of coded classes, " if kind else "Pool, "
    how = f"{count(cubes)} cubes, {count(found.pools)} pools; known are {{}}"
    for name, told, known in (
        ("sum of the other classes", found.others, "pool, sizes, one exact count"),
        ("one other class", found.each, "pool, sizes, one exact count"),
        (
            "one class at an end or withheld",
            found.beside,
            "pool, sizes, one exact count and the coded result of every class",
        ),
    ):
        yield Figure(
            name=f"{kind}{what}{name}",
            how=how.format(known) + "; how many are left with fewer possible counts",
            target="none under 5, but for a whole coded end of 3",
            value=str(told),
            passed=not told.narrow,
        )
    if not kind:
        yield Figure(
            name="Coded class results alone",
            how=f"{count(cubes)} cubes: classes at an end, by their own result",
            target="none under 3",
            value=str(found.alone),
            passed=not found.alone.narrow,
        )
