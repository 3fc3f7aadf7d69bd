"""The year as a wheel: twelve months clockwise from August, this one marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from pejling.domain.curriculum import MONTHS, SCHOOL_YEAR

SIZE = 240
"""Width and height of the drawing, in its own units."""

_OUTER, _INNER, _GAP = 116.0, 62.0, 0.012  # radii in units; gap in radians
_MOST_DOTS = 4
_APART = 8.4  # between centres of dots, in units
_HALF = 3.8  # of a diamond, in units


@dataclass(frozen=True)
class Sector:
    """One month of the wheel.

    :ivar path: the outline, as an SVG path.
    :ivar label: three letters and where they stand.
    :ivar dots: centres of one dot for each course, at most four.
    :ivar marks: outlines of one diamond for each booking, at most four.
    """

    month: int
    name: str
    path: str
    label: str
    x: float
    y: float
    dots: tuple[tuple[float, float], ...]
    count: int
    marks: tuple[str, ...]
    booked: int
    is_now: bool


def draw(
    busy: Mapping[int, int], now: int, booked: Mapping[int, int]
) -> tuple[Sector, ...]:
    """The twelve sectors.

    :param busy: month -> how many courses it has.
    :param booked: month -> how many bookings it has.
    :param now: this month, 1 to 12.
    """
    return tuple(
        _sector(place, month, busy.get(month, 0), booked.get(month, 0), month == now)
        for place, month in enumerate(SCHOOL_YEAR)
    )


def _sector(place: int, month: int, count: int, booked: int, is_now: bool) -> Sector:
    step = 2 * pi / 12
    start, end = place * step + _GAP, (place + 1) * step - _GAP
    middle = (start + end) / 2
    corners = [
        _at(_OUTER, start),
        _at(_OUTER, end),
        _at(_INNER, end),
        _at(_INNER, start),
    ]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    path = (
        f"M{ax} {ay}A{_OUTER:g} {_OUTER:g} 0 0 1 {bx} {by}"
        f"L{cx} {cy}A{_INNER:g} {_INNER:g} 0 0 0 {dx} {dy}Z"
    )
    x, y = _at(_OUTER - 14, middle)
    dots = _row(_INNER + 9, middle, count)
    marks = tuple(_diamond(x, y) for x, y in _row(_INNER + 20, middle, booked))
    name = MONTHS[month - 1]
    return Sector(month, name, path, name[:3], x, y, dots, count, marks, booked, is_now)


def _row(radius: float, middle: float, count: int) -> tuple[tuple[float, float], ...]:
    """Centres beside each other around an angle, as far apart at each radius."""
    shown = min(count, _MOST_DOTS)
    step = _APART / radius
    return tuple(
        _at(radius, middle + (one - (shown - 1) / 2) * step) for one in range(shown)
    )


def _diamond(x: float, y: float) -> str:
    return f"M{x} {y - _HALF:.1f}l{_HALF} {_HALF} {-_HALF} {_HALF} {-_HALF} {-_HALF}z"


def _at(radius: float, angle: float) -> tuple[float, float]:
    """A point: the angle runs clockwise from the top."""
    middle = SIZE / 2
    return (
        round(middle + radius * sin(angle), 1),
        round(middle - radius * cos(angle), 1),
    )
