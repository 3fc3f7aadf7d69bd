"""Follow-up: what a class believed then and believes now, and whether it can be seen.

Only guesses are compared. The own answers of two runs stand nowhere side by side: where
a pupil has left or come, their difference could tell what that pupil answers
(docs/privacy.md, "Two runs"). Source of the rule: docs/method.md, "Before and after".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pejling.domain import chance
from pejling.domain.norms import Norms
from pejling.domain.pooling import NEAR_DAYS
from pejling.domain.question_sets import Direction, Sensitivity
from pejling.domain.revealed import Guesses, Result
from pejling.domain.sessions import Kind, Session, Stage

EARLIEST_DAYS = NEAR_DAYS + 1
"""Days after the first run; sooner, the second would take the place of the first."""

BEST_DAYS = (42, 56)
"""Six to eight weeks: when the method measures again."""

REMINDED_DAYS = (42, 84)
"""Days after the first run on which the teacher is reminded: six to twelve weeks."""

LEAST = 1
"""Pupils that the middle guess must have moved, before it can be called moved."""


class Verdict(StrEnum):
    """Whether a difference is more than chance gives."""

    DOWN = "lavere"
    UP = "højere"
    UNSEEN = "kan ikke ses"


@dataclass(frozen=True)
class Count:
    """So many pupils of so many."""

    value: int
    n: int


@dataclass(frozen=True)
class Run:
    """One behaviour in one of the two runs.

    :ivar guesses: about the class, as they may be seen.
    """

    norms: Norms
    guesses: Guesses


@dataclass(frozen=True)
class Change:
    """One behaviour before and after.

    :ivar believed: of the guesses as a whole, and so of the perceived norm.
    :ivar astray: of those who guessed wrong in the direction that the method corrects:
        too high; of protective acts and shared experiences too low.
    """

    before: Run
    after: Run
    direction: Direction
    believed: Verdict
    astray: Verdict

    @property
    def present(self) -> int:
        """The common denominator: pupils of the later run."""
        return self.after.norms.present

    @property
    def perceived_before(self) -> float:
        """The earlier median guess out of ``present``, as it is drawn."""
        return self.before.norms.perceived * self.present / self.before.norms.present

    @property
    def same_size(self) -> bool:
        """Whether as many were there both times."""
        return self.before.norms.present == self.present

    @property
    def asks_too_low(self) -> bool:
        """Whether those astray are those who guessed too low."""
        return _is_good(self.direction)

    @property
    def astray_before(self) -> Count:
        """Who guessed astray then, held against the number of that run."""
        return _astray(self.before, self.before.norms, self.direction)

    @property
    def astray_after(self) -> Count:
        """Who guesses astray now, held against the number of this run."""
        return _astray(self.after, self.after.norms, self.direction)


@dataclass(frozen=True)
class Compared:
    """A follow-up beside its first run.

    :ivar changes: triad id -> change, of what can be compared.
    :ivar on_wall: ids of those that the wall shows: held back in neither run.
    :ivar agreed: what the class agreed on then.
    """

    day: str
    present: int
    changes: Mapping[str, Change]
    on_wall: frozenset[str]
    agreed: tuple[str, ...]


# --- opening --------------------------------------------------------------------------


def can_be_followed(session: Session) -> bool:
    """Whether a session can be the first run: a class's own, and over."""
    return session.kind is Kind.CLASS and session.stage is Stage.CLOSED


def may_ask_again(sensitivity: Sensitivity) -> bool:
    """Whether a behaviour may be in a follow-up; of roed ones nothing is compared."""
    return sensitivity is not Sensitivity.RED


# --- before and after -----------------------------------------------------------------


def may_compare(before: Result, after: Result) -> bool:
    """Whether both runs have passed disclosure, each at its own number of answers."""
    return (
        before.triad == after.triad
        and may_ask_again(after.triad.sensitivity)
        and all(
            one.norms and one.friends and one.finding and one.finding.enough
            for one in (before, after)
        )
    )


def compare(runs: Mapping[str, tuple[Run, Run, Direction]]) -> dict[str, Change]:
    """The changes of one class, all its behaviours looked at together.

    :param runs: triad id -> first run, follow-up and direction of a behaviour.

    With nothing changed, at most one class in twenty is told of any change at all.
    Within a behaviour the share is looked at only where the guesses have moved
    (:func:`chance.passed`). The two runs count as independent; as mostly the same
    pupils answer both, that errs towards "kan ikke ses".
    """
    believed = {key: _believed(*one[:2]) for key, one in runs.items()}
    astray = {key: _of_astray(*one) for key, one in runs.items()}
    seen = chance.passed({key: (believed[key][0], astray[key][0]) for key in runs})
    return {
        key: Change(
            *one,
            believed=believed[key][1] if seen[key] > 0 else Verdict.UNSEEN,
            astray=astray[key][1] if seen[key] > 1 else Verdict.UNSEEN,
        )
        for key, one in runs.items()
    }


def _believed(before: Run, after: Run) -> tuple[float, Verdict]:
    """The two-sided p of the guesses, and where they went.

    Nothing is said where the middle guess has not moved by a whole pupil: the sentence
    tells the middle guess, and the test looks at all of them.
    """
    here = before.norms.perceived * after.norms.present / before.norms.present
    moved = after.norms.perceived - here
    if abs(moved) < LEAST:
        return 1.0, Verdict.UNSEEN
    if moved < 0:
        one_sided = chance.lower(*_on_one_grid(before, after, down=True))
        return min(1.0, 2 * one_sided), Verdict.DOWN
    first, second = _on_one_grid(before, after, down=False)
    return min(1.0, 2 * chance.lower(second, first)), Verdict.UP


def _on_one_grid(before: Run, after: Run, *, down: bool) -> tuple[Guesses, Guesses]:
    """The guesses of both out of the smaller class, rounded against the change.

    A guess out of 24 seldom falls on a guess out of 22. Without the rounding a class
    that guesses just the same of both would look as if it had moved.
    """
    size = min(before.norms.present, after.norms.present)
    return _rescaled(before, size, up=not down), _rescaled(after, size, up=down)


def _rescaled(run: Run, size: int, *, up: bool) -> Guesses:
    rescaled: dict[int, int] = {}
    for guess, n in run.guesses.items():
        place, rest = divmod(guess * size, run.norms.present)
        place += 1 if rest and up else 0
        rescaled[place] = rescaled.get(place, 0) + n
    return rescaled


def _of_astray(before: Run, after: Run, direction: Direction) -> tuple[float, Verdict]:
    """The two-sided p of the share that guesses astray, and where it went.

    Held against the number of each run, as it was told, and against the later number
    for both; the larger p counts. Otherwise a number that moved would be taken for a
    belief that did.
    """
    told = (
        _astray(before, before.norms, direction),
        _astray(after, after.norms, direction),
    )
    alike = (_astray(before, after.norms, direction), told[1])
    down = 2 * max(_fewer(*told), _fewer(*alike))
    up = 2 * max(_fewer(*reversed(told)), _fewer(*reversed(alike)))
    if down <= up:
        return min(1.0, down), Verdict.DOWN
    return min(1.0, up), Verdict.UP


def _fewer(first: Count, second: Count) -> float:
    return chance.fewer(first.value, first.n, second.value, second.n)


def _astray(run: Run, against: Norms, direction: Direction) -> Count:
    """Who guessed astray in a run, held against the own answers of one of the two."""
    actual, present = against.actual, run.norms.present
    astray = 0
    for guess, n in run.guesses.items():
        # In pupils of ``actual.n`` times ``present``: whole numbers only.
        gap = guess * actual.n - actual.value * present
        if _is_good(direction):
            gap = -gap
        astray += n if gap > against.tolerance * present else 0
    return Count(astray, sum(run.guesses.values()))


def _is_good(direction: Direction) -> bool:
    return direction in (Direction.PROTECTIVE, Direction.SHARED)
