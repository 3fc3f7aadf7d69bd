"""Findings: the five branches, and the order in which to reveal them.

Source: docs/method.md, "Findings". Computed from coded values only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pejling.domain.disclosure import Coding, Shown
from pejling.domain.norms import Norms
from pejling.domain.question_sets import Direction, Kind

ENOUGH_SHARE = 0.8
"""Share of those present who must have answered before a headline is shown."""


class Branch(StrEnum):
    """What a result is, seen from the method."""

    OVERESTIMATE = "A"
    AGREEMENT = "B"
    MAJORITY_DOES = "C"
    UNDERESTIMATE = "D"
    MORE_THAN_THOUGHT = "E"


HIDDEN = frozenset({Branch.MAJORITY_DOES, Branch.UNDERESTIMATE})
"""Branches that reach the projector only when the teacher says so."""


@dataclass(frozen=True)
class Finding:
    """What one behaviour's numbers mean, and whether they may be a headline.

    :ivar enough: whether at least 80 % of those present have answered.
    """

    branch: Branch
    majority_misperception: bool
    enough: bool

    @property
    def hidden(self) -> bool:
        """Whether the projector leaves it out until the teacher chooses it."""
        return self.branch in HIDDEN or not self.enough


def classify(norms: Norms, direction: Direction, answered: int) -> Finding:
    """The finding of one behaviour.

    :param answered: pupils who sent this triad, out of ``norms.present``.
    """
    return Finding(
        branch=_branch(norms, direction),
        majority_misperception=norms.majority_misperception,
        enough=has_enough(answered, norms.present),
    )


def has_enough(answered: int, present: int) -> bool:
    """Whether so many of those present answered that a headline is fair."""
    return answered >= ENOUGH_SHARE * present


def is_unfit_alone(actual: Shown, direction: Direction) -> bool:
    """Whether a number without a guess beside it would do harm on the wall.

    It would say that most do, or accept, a risk; or "you are not the only one" of a
    shared experience that one pupil alone may have had.
    """
    if direction is Direction.SHARED:
        return actual.coding is Coding.LOW
    return direction is Direction.RISK and _half_or_more(actual)


def _branch(norms: Norms, direction: Direction) -> Branch:
    over = norms.misperception > norms.tolerance
    under = norms.misperception < -norms.tolerance
    if direction is Direction.RISK:
        if _half_or_more(norms.actual):
            return Branch.MAJORITY_DOES
        return _pick(over, under, Branch.OVERESTIMATE, Branch.UNDERESTIMATE)
    if direction is Direction.PROTECTIVE:
        # Fewer than half, or fewer than the class believed: saying so would teach
        # that the good thing is rare, so the teacher decides.
        if not _half_or_more(norms.actual):
            return Branch.UNDERESTIMATE
        return _pick(over, under, Branch.UNDERESTIMATE, Branch.MORE_THAN_THOUGHT)
    if direction is Direction.SHARED and norms.actual.coding is Coding.LOW:
        # "Man er ikke den eneste" would be untrue for a lone pupil.
        return Branch.UNDERESTIMATE
    return _pick(over, under, Branch.OVERESTIMATE, Branch.MORE_THAN_THOUGHT)


def _pick(over: bool, under: bool, if_over: Branch, if_under: Branch) -> Branch:
    if over:
        return if_over
    return if_under if under else Branch.AGREEMENT


def _half_or_more(actual: Shown) -> bool:
    return 2 * actual.value >= actual.n


@dataclass(frozen=True)
class Candidate:
    """A result that may be revealed: what the suggested order looks at."""

    triad: str
    kind: Kind
    finding: Finding
    misperception: float


def suggest_order(candidates: Sequence[Candidate]) -> list[str]:
    """Triad ids in the order in which to reveal them; hidden ones are left out.

    First one where more do the good thing than the class thought, then the
    overestimates, largest first, then what the class knew; last, where there is one, a
    second good surprise or else an attitude: what pupils want, not what some do.
    """
    shown = [one for one in candidates if not one.finding.hidden]
    by_gap = sorted(shown, key=lambda one: -abs(one.misperception))
    good = [one for one in by_gap if one.finding.branch is Branch.MORE_THAN_THOUGHT]
    over = [one for one in by_gap if one.finding.branch is Branch.OVERESTIMATE]
    known = [one for one in by_gap if one.finding.branch is Branch.AGREEMENT]
    first, more_good = good[:1], good[1:]
    last = more_good[:1]
    if not last:
        last = [one for one in (*known, *over) if one.kind is Kind.ATTITUDE][:1]
    middle = [one for one in (*over, *known, *more_good) if one not in last]
    return [one.triad for one in (*first, *middle, *last)]
