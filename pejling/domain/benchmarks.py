"""Figures from elsewhere: the vocabulary, and those that come with the program.

``pejling/data/indicators.csv`` holds the vocabulary. An id is permanent: a changed
meaning gets a new one. ``figure`` says whether a figure was read in a named source or
the id is only reserved, so that a kommune's own figure has a name to come in under.

``pejling/data/benchmarks.csv`` holds figures that were read in a named source,
described by ``benchmarks.schema.json`` (Frictionless Table Schema). ``use=context`` is
for adults to read; such a figure never stands beside a class by itself.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pejling.domain.grades import YOUTH_EDUCATION
from pejling.domain.question_sets import Fit


class Care(StrEnum):
    """Where an indicator may be shown: on the board, with care, or to staff only."""

    BOARD = "A"
    WITH_CARE = "B"
    STAFF = "C"


class Level(StrEnum):
    """How large an area a figure is about, the nearest first."""

    SCHOOL = "school"
    KOMMUNE = "kommune"
    REGION = "region"
    NATIONAL = "national"


class Use(StrEnum):
    """Whether a figure may stand beside a class."""

    BENCHMARK = "benchmark"
    CONTEXT = "context"


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


@dataclass(frozen=True)
class Figure:
    """One observation: an indicator, a population, an area, a time, a source.

    :ivar percent: 0-100 of those asked, as the source prints it.
    :ivar is_rounded: whether the source gave a rough number ("omkring").
    :ivar population: who was asked, in words to be shown.
    :ivar grades: årgange, first and last; None for youth education and age samples.
    :ivar ages: years, first and last; None where the source gives none.
    :ivar is_for_all: whether girls and boys are counted together.
    :ivar year: in which the collection began.
    :ivar n: respondents behind the percentage; None where it was not seen.
    :ivar match: how well the measure fits the indicator's wording.
    :ivar counted: which answers are in the percentage, as the source says it.
    :ivar caveat: must be shown with the figure where not empty.
    :ivar entry: the number under which the kommune entered it; 0 for one that ships.
    :ivar is_pooled: whether classes gave it here, in one school year: ``year`` is then
        the one in which it began (:mod:`pejling.domain.pooling`).
    """

    id: str
    indicator: str
    percent: float
    is_rounded: bool
    population: str
    grades: tuple[int, int] | None
    ages: tuple[int, int] | None
    is_for_all: bool
    level: Level
    area: str
    year: int
    n: int | None
    match: Fit
    use: Use
    question: str
    counted: str
    caveat: str
    source: str
    publisher: str
    url: str
    is_perceived: bool = False
    entry: int = 0
    is_pooled: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the kommune has entered it."""
        return self.entry > 0

    @property
    def mark(self) -> str:
        """What a choice about showing it holds for: this number, of this origin."""
        where = f"{self.level}:{self.area}:{self.population}"
        return f"{self.indicator}|{self.percent:g}|{self.year}|{where}"

    @property
    def span(self) -> int:
        """How many årgange it joins; a figure of an årgang of its own has 1."""
        return self.grades[1] - self.grades[0] + 1 if self.grades else 100


_MATCH = {"exact": Fit.EXACT, "close": Fit.CLOSE, "loose": Fit.LOOSE}


@cache
def shipped() -> tuple[Figure, ...]:
    """The figures that come with the program, in the order of their file."""
    text = (files("pejling") / "data" / "benchmarks.csv").read_text(encoding="utf-8")
    return tuple(_figure(row) for row in csv.DictReader(text.splitlines()))


def _figure(row: Mapping[str, str]) -> Figure:
    return Figure(
        id=row["benchmark_id"],
        indicator=row["indicator_id"],
        percent=float(row["percent"]),
        is_rounded=row["precision"] == "approx",
        population=row["population_da"],
        grades=_span(row["grade_min"], row["grade_max"]),
        ages=_span(row["age_min"], row["age_max"]),
        is_for_all=row["gender"] == "all",
        level=Level(row["area_type"]),
        area=row["area_name"],
        year=int(row["year"]),
        # n of the whole survey says nothing about this percentage.
        n=int(row["n"]) if row["n"] and row["n_scope"] == "row" else None,
        match=_MATCH[row["wording_match"]],
        use=Use(row["use"]),
        question=row["question_da"],
        counted=row["answer_counted_da"],
        caveat=row["caveat_da"],
        source=row["source_title"],
        publisher=row["publisher"],
        url=row["seen_url"],
        is_perceived=row["measure"] == "perceived_others",
    )


def _span(first: str, last: str) -> tuple[int, int] | None:
    return (int(first), int(last)) if first and last else None
