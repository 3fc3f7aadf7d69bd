"""What is booked: which months are on offer, and whether it was held since.

Days and months are ISO text; the domain has no clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from pejling.domain import school_year
from pejling.domain.coverage import Booking, Held
from pejling.domain.curriculum import MONTHS, SCHOOL_YEAR
from pejling.domain.grades import class_name

NEXT_YEAR_FROM = 5
"""The month from which the next school year is booked too: in May the schools plan it
(Stevns and Vejen lay their årshjul before the summer)."""


class Progress(StrEnum):
    """How far a booking has come."""

    HELD = "holdt"
    LATE = "ikke holdt endnu"
    NOW = "denne måned"
    AHEAD = "planlagt"


MARKS = {
    Progress.HELD: "●",
    Progress.LATE: "▲",
    Progress.NOW: "◆",
    Progress.AHEAD: "◇",
}
"""What stands before the words: told apart by shape, not by colour."""


@dataclass(frozen=True)
class Planned:
    """A booking, and how far it has come."""

    booking: Booking
    progress: Progress

    @property
    def month(self) -> str:
        """The ISO month that it is booked for."""
        return month_of(self.booking)

    @property
    def class_name(self) -> str:
        """The class as it is called: "7.A"."""
        return class_name(self.booking.grade, self.booking.letter)

    @property
    def is_due(self) -> bool:
        """Whether it is to be held now."""
        return self.progress in (Progress.NOW, Progress.LATE)

    @property
    def mark(self) -> str:
        """Its shape."""
        return MARKS[self.progress]


def month_of(booking: Booking) -> str:
    """The ISO month of a booking."""
    return school_year.months(booking.year)[SCHOOL_YEAR.index(booking.month)]


def month_name(month: str) -> str:
    """An ISO month in words.

    >>> month_name("2026-11")
    'november 2026'
    """
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def on_offer(today: str) -> tuple[str, ...]:
    """The ISO months that may be booked: this one to July, from May on a year more.

    :param today: ISO date.

    >>> on_offer("2027-04-30")
    ('2027-04', '2027-05', '2027-06', '2027-07')
    >>> len(on_offer("2027-05-01"))
    15
    """
    this = school_year.of(today)
    months = school_year.months(this)
    if NEXT_YEAR_FROM <= int(today[5:7]) < school_year.FIRST_MONTH:
        months += school_year.months(this + 1)
    return tuple(month for month in months if month >= today[:7])


def planned(
    booked: Iterable[Booking],
    held: Sequence[Held],
    classes: Mapping[tuple[str, int], Collection[str]],
    today: str,
) -> list[Planned]:
    """Bookings with how far they have come, by month, school and class.

    :param held: of the school years that are booked.
    :param classes: school and årgang -> letters of its classes, where somebody has
        said so.
    """
    # Looked up, not searched: a kommune books and holds some thousands a year.
    by_set: dict[tuple[str, int, str], list[Held]] = {}
    for one in held:
        by_set.setdefault((one.school, one.grade, one.set_id), []).append(one)
    found = [
        Planned(
            one,
            _progress(
                one,
                by_set.get((one.school, one.grade, one.set_id), []),
                classes,
                today[:7],
            ),
        )
        for one in booked
    ]
    return sorted(
        found,
        key=lambda one: (one.month, one.booking.school, one.class_name),
    )


def by_month(found: Iterable[Planned]) -> dict[str, list[Planned]]:
    """ISO month -> what is booked for it; of bookings sorted by month."""
    return {month: list(some) for month, some in groupby(found, lambda one: one.month)}


def _progress(
    booking: Booking,
    held: Sequence[Held],
    classes: Mapping[tuple[str, int], Collection[str]],
    this_month: str,
) -> Progress:
    if _is_held(booking, held, classes.get((booking.school, booking.grade), ())):
        return Progress.HELD
    month = month_of(booking)
    if month == this_month:
        return Progress.NOW
    return Progress.AHEAD if month > this_month else Progress.LATE


def _is_held(booking: Booking, held: Sequence[Held], letters: Collection[str]) -> bool:
    """Whether the class has had the set since it was booked.

    :param held: of this set in the school's årgang.

    What it had before does not count: then it is a follow-up that was booked. An årgang
    has had it when all its known classes have, as in :mod:`pejling.domain.coverage`.
    """
    first, last = school_year.days(booking.year)
    reached = {one.letter for one in held if max(booking.day, first) <= one.day <= last}
    if "" in reached:
        return True
    if booking.letter:
        return booking.letter in reached
    return bool(reached) and reached >= {*letters}
