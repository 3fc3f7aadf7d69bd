"""Coverage: which school's årgange have had which theme of the plan, and what is due.

Of what was held and booked; nothing here knows what anybody answered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pejling.domain.curriculum import SCHOOL_YEAR, TOPIC_NAMES, Course, Plan
from pejling.domain.grades import grade_name
from pejling.domain.question_sets import Topic


class State(StrEnum):
    """How far a theme has come in one årgang of one school."""

    HELD = "holdt"
    PARTLY = "holdt i nogle klasser"
    BOOKED = "planlagt"
    MISSING = "mangler"


@dataclass(frozen=True)
class Held:
    """A pejling that was held.

    :ivar letter: of the class; "" for all of the årgang, or where only the number of
        classes is known any more (``day`` is "" then).
    :ivar day: ISO date.
    """

    school: str
    grade: int
    letter: str
    set_id: str
    day: str
    classes: int = 1


@dataclass(frozen=True)
class Booking:
    """A set that is planned for a class in a month of the school year.

    :ivar year: in which the school year begins.
    :ivar day: ISO date on which it was booked; "" where an earlier version did it.
    :ivar account: of whoever booked it, and its e-mail; 0 and "" where it is gone.
    """

    id: int
    school: str
    grade: int
    letter: str
    set_id: str
    month: int
    year: int = 0
    day: str = ""
    account: int = 0
    email: str = ""


T = TypeVar("T", Held, Booking)


@dataclass(frozen=True)
class Cell:
    """One theme of the plan in one årgang of one school.

    :ivar courses: the plan's courses for it, those of the pupils.
    :ivar classes: how many classes the årgang has; 0 where nobody has said.
    """

    school: str
    grade: int
    topic: Topic
    courses: tuple[Course, ...]
    held: tuple[Held, ...]
    booked: tuple[Booking, ...]
    classes: int

    @property
    def state(self) -> State:
        """Held where all known classes have had it, or the årgang as a whole."""
        if self.held:
            is_whole = any(not one.letter and one.day for one in self.held)
            return (
                State.HELD if is_whole or self.reached >= self.classes else State.PARTLY
            )
        return State.BOOKED if self.booked else State.MISSING

    @property
    def reached(self) -> int:
        """How many classes have had it."""
        counted = sum(one.classes for one in self.held if not one.day)
        return counted + len({one.letter for one in self.held if one.day})

    @property
    def months(self) -> tuple[int, ...]:
        """When the plan has it; none where it does not say."""
        return tuple(
            month
            for month in SCHOOL_YEAR
            if any(month in one.months for one in self.courses)
        )

    def is_due(self, month: int) -> bool:
        """Whether it belongs to this month, or an earlier one, and is not held."""
        if self.state is State.HELD or not self.months:
            return False
        return SCHOOL_YEAR.index(self.months[0]) <= SCHOOL_YEAR.index(month)

    @property
    def words(self) -> str:
        """The cell in words, for those who do not see its mark."""
        many = f" ({self.reached} af {self.classes})" if self.classes else ""
        state = self.state.value + (many if self.state is State.PARTLY else "")
        topic = TOPIC_NAMES[self.topic]
        return f"{self.school}, {grade_name(self.grade)}, {topic}: {state}"


@dataclass(frozen=True)
class Coverage:
    """All cells of a school year.

    :ivar columns: årgang and theme, in the order of the plan's grid.
    """

    schools: tuple[str, ...]
    columns: tuple[tuple[int, Topic], ...]
    cells: Mapping[tuple[str, int, Topic], Cell]

    def of(self, school: str) -> list[Cell]:
        """A school's cells, in the order of the columns."""
        return [self.cells[school, *column] for column in self.columns]

    def everything(self) -> list[Cell]:
        """All cells, school by school."""
        return [cell for school in self.schools for cell in self.of(school)]

    def due(self, month: int) -> dict[str, list[Cell]]:
        """School -> what it should have held by now; only those with something."""
        behind = {
            school: [cell for cell in self.of(school) if cell.is_due(month)]
            for school in self.schools
        }
        return {school: cells for school, cells in behind.items() if cells}

    def count(self, state: State) -> int:
        """How many cells are in a state."""
        return sum(cell.state is state for cell in self.cells.values())


def survey(
    plan: Plan,
    schools: Sequence[str],
    topics: Mapping[str, Topic],
    held: Iterable[Held],
    booked: Iterable[Booking],
    classes: Mapping[tuple[str, int], int],
) -> Coverage:
    """Lay what was held and booked over the plan.

    :param topics: set id -> what it is about; a set that is gone counts nowhere.
    :param classes: school and årgang -> how many classes it has.
    """
    courses: dict[tuple[int, Topic], list[Course]] = {}
    for course in plan.courses:
        # What a plan teaches in another way than by a set is not seen here.
        is_seen = course.set_ids and not course.for_parents
        for grade in course.grades if is_seen else ():
            courses.setdefault((grade, course.topic), []).append(course)
    columns = sorted(courses, key=lambda one: (one[0], [*TOPIC_NAMES].index(one[1])))
    done = _by_cell(held, topics)
    plans = _by_cell(booked, topics)
    cells = {
        (school, *column): Cell(
            school,
            *column,
            tuple(courses[column]),
            tuple(sorted(done.get((school, *column), ()), key=lambda one: one.day)),
            tuple(plans.get((school, *column), ())),
            classes.get((school, column[0]), 0),
        )
        for school in schools
        for column in columns
    }
    return Coverage(tuple(schools), tuple(columns), cells)


def _by_cell(
    found: Iterable[T], topics: Mapping[str, Topic]
) -> dict[tuple[str, int, Topic], list[T]]:
    cells: dict[tuple[str, int, Topic], list[T]] = {}
    for one in found:
        if one.set_id in topics:
            key = (one.school, one.grade, topics[one.set_id])
            cells.setdefault(key, []).append(one)
    return cells
