"""A measured figure: what was measured, how, what it should be, what it is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Any

EXPERIMENT = "Experiment:"
"""How the name of a figure begins that is not about the program as it is."""


@dataclass(frozen=True)
class Figure:
    """One row of docs/privacy_figures.md.

    :ivar value: the result in words and numbers, as it is published.
    :ivar passed: whether it meets the target; None where it is published without one.
    """

    name: str
    how: str
    target: str
    value: str
    passed: bool | None

    @property
    def verdict(self) -> str:
        """The last cell of its row."""
        return {True: "yes", False: "**no**", None: "has none"}[self.passed]

    def as_row(self) -> dict[str, Any]:
        """The same for a JSON file."""
        return asdict(self)


SIGMAS = 4.0
"""Standard errors that a mean may lie from chance: one figure in 16,000 goes wrong."""


@dataclass(frozen=True)
class Rate:
    """A mean of many classes, each a share from 0 to 1, and how sure it is.

    :ivar error: the standard error of the mean; classes are independent, what lies
        within one is not.
    """

    mean: float
    error: float
    classes: int

    def is_chance(self, chance: float = 0.5) -> bool:
        """Whether chance alone could have given this mean."""
        return abs(self.mean - chance) <= SIGMAS * max(self.error, 1e-9)

    def __str__(self) -> str:
        return f"{100 * self.mean:.1f} % (± {100 * self.error:.2f})"


def rate(shares: Sequence[float]) -> Rate:
    """The mean of the classes' shares; nothing is known of none."""
    if len(shares) < 2:
        return Rate(shares[0] if shares else 0.5, 1.0, len(shares))
    return Rate(fmean(shares), stdev(shares) / sqrt(len(shares)), len(shares))


def count(number: int) -> str:
    """A number as it is read: 10,000."""
    return f"{number:,}"
