"""Curriculum plans: which årgang meets which theme, with which set, in which month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pejling.domain.grades import GRADES
from pejling.domain.question_sets import Topic

SCHOOL_YEAR = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)
"""Months in the order of the school year."""

MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)

COMMON = "faelles"
"""The plan that a kommune has until it chooses another."""

COLUMNS: Mapping[str, tuple[Topic, ...]] = {
    "Trivsel og fællesskab": (Topic.WELLBEING,),
    "Digitalt liv": (Topic.DIGITAL,),
    "Trafik": (Topic.TRAFFIC,),
    "Nikotin, alkohol og stoffer": (Topic.NICOTINE, Topic.ALCOHOL, Topic.DRUGS),
    "Ret og kriminalitet": (Topic.CRIME,),
    "Frihed og kontrol": (Topic.CONTROL,),
    "Overgang": (Topic.PASSAGE,),
}
"""The columns of the grid: those about what one takes stand together, for room."""

TOPIC_NAMES: Mapping[Topic, str] = {
    Topic.WELLBEING: "Trivsel og fællesskab",
    Topic.DIGITAL: "Digitalt liv",
    Topic.TRAFFIC: "Trafik",
    Topic.NICOTINE: "Nikotin",
    Topic.ALCOHOL: "Alkohol og fest",
    Topic.DRUGS: "Rusmidler",
    Topic.CRIME: "Ret og kriminalitet",
    Topic.CONTROL: "Frihed og kontrol",
    Topic.PASSAGE: "Overgang",
}


@dataclass(frozen=True)
class Course:
    """What one or more årgange are taught on one theme, or a meeting of parents on it.

    :ivar set_ids: sets that go with it; none where it is taught in another way.
    :ivar minutes: 0 where the plan does not say.
    :ivar months: 1 to 12, in the order of the school year; none where nobody says.
    :ivar section: where in the plan's document it stands.
    :ivar left_out: sets that the plan names and that are not here.
    :ivar placed: which of aargang, saet, minutter, maaneder this project placed.
    """

    grades: tuple[int, ...]
    topic: Topic
    title: str
    set_ids: tuple[str, ...]
    minutes: int
    months: tuple[int, ...]
    section: str
    placed: tuple[str, ...]
    note: str
    for_parents: bool
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearEvent:
    """Something else that belongs to the year: a survey closes, a group meets."""

    title: str
    months: tuple[int, ...]
    section: str
    note: str


@dataclass(frozen=True)
class Plan:
    """One kommune's plan, or the one joined from all.

    :ivar kommune: "" in the joined plan.
    :ivar about: what the document says, and what had to be placed by this project.
    """

    id: str
    title: str
    kommune: str
    document: str
    about: str
    courses: tuple[Course, ...]
    events: tuple[YearEvent, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the plan has something in."""
        there = {one.topic for one in self.courses}
        return tuple(name for name, topics in COLUMNS.items() if there & {*topics})

    @property
    def grades(self) -> tuple[int, ...]:
        """The årgange that the plan has something for."""
        there = {grade for one in self.courses for grade in one.grades}
        return tuple(one for one in GRADES if one in there)

    def cell(self, grade: int, column: str) -> tuple[Course, ...]:
        """What an årgang meets in a column, the pupils' courses first."""
        topics = COLUMNS[column]
        found = [
            one for one in self.courses if grade in one.grades and one.topic in topics
        ]
        return tuple(sorted(found, key=lambda one: one.for_parents))

    def in_month(self, month: int) -> tuple[tuple[Course, ...], tuple[YearEvent, ...]]:
        """The courses of a month, the youngest first, and its other events."""
        courses = [one for one in self.courses if month in one.months]
        return (
            tuple(sorted(courses, key=lambda one: (min(one.grades), one.for_parents))),
            tuple(one for one in self.events if month in one.months),
        )

    def without_month(self) -> tuple[tuple[Course, ...], tuple[YearEvent, ...]]:
        """What the document gives no month for, and nobody placed."""
        return (
            tuple(one for one in self.courses if not one.months),
            tuple(one for one in self.events if not one.months),
        )


def months_name(months: Sequence[int]) -> str:
    """Months in words, runs joined.

    >>> months_name([8, 9, 10, 11]), months_name([1]), months_name([12, 1, 5])
    ('august–november', 'januar', 'december–januar og maj')
    """
    runs: list[list[int]] = []
    for month in sorted(set(months), key=SCHOOL_YEAR.index):
        place = SCHOOL_YEAR.index(month)
        if runs and SCHOOL_YEAR.index(runs[-1][-1]) == place - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    names = [
        MONTHS[run[0] - 1] + (f"–{MONTHS[run[-1] - 1]}" if len(run) > 1 else "")
        for run in runs
    ]
    return " og ".join(
        filter(None, (", ".join(names[:-1]), names[-1] if names else ""))
    )
