"""Simulated pupils: how a class that does not exist would believe and answer.

For rehearsals and the demo only; the figures are chosen so that every finding can be
seen, and say nothing about anybody.
"""

import random
from collections.abc import Mapping, Sequence

from pejling.domain.question_sets import Direction

NORMS: Mapping[Direction, Sequence[float]] = {
    Direction.RISK: (0.04, 0.12, 0.2),
    Direction.PROTECTIVE: (0.7, 0.8, 0.92),
    Direction.SHARED: (0.4, 0.6),
    Direction.NEUTRAL: (0.5, 0.85),
}
"""Share of a class that says yes, one of them drawn for each behaviour."""


def norm(direction: Direction, chance: random.Random) -> float:
    """The share of a simulated class that says yes to one behaviour, 0 to 1."""
    return chance.choice(NORMS[direction])


def says_yes(share: float, chance: random.Random) -> bool:
    """Whether one simulated pupil says yes."""
    return chance.random() < share


def guess(share: float, present: int, chance: random.Random) -> int:
    """What one simulated pupil guesses, in pupils out of ``present``.

    Beliefs are pulled towards the middle (docs/method.md, "Theory").
    """
    believed = 0.55 * share + 0.45 * 0.5 + chance.gauss(0, 0.12)
    return max(0, min(present, round(believed * present)))
