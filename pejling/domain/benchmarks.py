"""The vocabulary of indicators: what a figure from elsewhere can be about.

``pejling/data/indicators.csv`` holds it. An id is permanent: a changed meaning gets a
new one. ``figure`` says whether a figure was read in a named source or the id is only
reserved, so that a kommune's own figure has a name to come in under.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pejling.domain.grades import YOUTH_EDUCATION


class Care(StrEnum):
    """Where an indicator may be shown: on the board, with care, or to staff only."""

    BOARD = "A"
    WITH_CARE = "B"
    STAFF = "C"


@dataclass(frozen=True)
class Indicator:
    """What a percentage counts: those who answer yes to ``label``.

    :ivar recall: the time it covers, as the source has it: 30d, 12m, ever, ...
    :ivar grades: årgange in which a class may sensibly be asked; 11 is youth education.
    :ivar has_figure: whether a figure was read in a source.
    """

    id: str
    label: str
    recall: str
    grades: frozenset[int]
    care: Care
    has_figure: bool


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id."""
    text = (files("pejling") / "data" / "indicators.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["indicator_id"]: _indicator(row) for row in rows}


def _indicator(row: Mapping[str, str]) -> Indicator:
    grades: set[int] = set()
    if row["grade_min"]:
        grades |= set(range(int(row["grade_min"]), int(row["grade_max"]) + 1))
    if row["youth"] == "yes":
        grades.add(YOUTH_EDUCATION)
    return Indicator(
        row["indicator_id"],
        row["label_da"],
        row["recall"],
        frozenset(grades),
        Care(row["care"]),
        row["figure"] == "seen",
    )
