"""The figures of an icon array: where each stands, and the outline of a person.

Neutral on purpose: a head and a body, no sex, no seating order. Grouped, row by row:
scattered figures make a share look larger (Price et al. 2022, Judgment and Decision
Making 17(2)).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, cos, pi, sin

Outline = tuple[list[float | None], list[float | None]]
"""x and y of closed shapes in px, with None between two of them."""

_SHAPE = 0.82
"""A cell's width for its height."""

_LARGEST = 118
"""A cell's height where there are few figures, in px."""

_BROAD = 0.25
"""Half a body's width, in heights of a cell."""


@dataclass(frozen=True)
class Crowd:
    """Who stands in an array, in the order in which they are drawn.

    :ivar full: those who count.
    :ivar half: whether the next one counts half, for a median that ends in .5.
    :ivar hatched: those of whom it is not told, beside ``full``.
    :ivar total: all of these and the rest.
    :ivar absent: pupils who did not answer, after ``total``.
    """

    full: int
    total: int
    half: bool = False
    hatched: int = 0
    absent: int = 0


def half(median: float, total: int) -> Crowd:
    """A middle guess as people; one that ends in .5 has half a person."""
    return Crowd(full=int(median), half=median % 1 > 0, total=total)


@dataclass(frozen=True)
class Grid:
    """Cells of one size, in px, filled row by row."""

    columns: int
    cell: float


def grid(count: int, width: float, height: float) -> Grid:
    """The grid for ``count`` figures: nearly the largest cells, best in tens or fives.

    :return: columns, and the height of a cell in px.
    """
    cells = {
        columns: min(width / columns / _SHAPE, height / ceil(count / columns), _LARGEST)
        for columns in range(1, count + 1)
    }
    large = [n for n, cell in cells.items() if cell > 0.92 * max(cells.values())]
    best = max(large, key=lambda n: (_is_easy(n, count), cells[n], -(-count % n)))
    return Grid(best, cells[best])


def _is_easy(columns: int, count: int) -> int:
    """How easily the rows are counted: tens, fives; not with one left over alone."""
    if -count % columns > columns / 2:
        return 0
    return (columns % 10 == 0) + (columns % 5 == 0)


def outlines(crowd: Crowd, cells: Grid, left: float, top: float) -> dict[str, Outline]:
    """The outlines of all figures by kind: full, hatched, empty, half, absent."""
    kinds = (
        ["full"] * crowd.full
        + ["half"] * crowd.half
        + ["hatched"] * crowd.hatched
        + ["empty"] * crowd.total
    )[: crowd.total] + ["absent"] * crowd.absent
    # Last what lies on top: a half is filled over the outline of an empty one.
    found: dict[str, Outline] = {
        kind: ([], []) for kind in ("empty", "absent", "full", "hatched", "half")
    }
    fine = len(kinds) <= 40
    for place, kind in enumerate(kinds):
        row, column = divmod(place, cells.columns)
        x = left + (column * _SHAPE + _BROAD) * cells.cell + 2
        y = top - (row + 0.5) * cells.cell
        if kind == "half":
            _add(found["empty"], _person(x, y, cells.cell, fine))
        _add(found[kind], _person(x, y, cells.cell, fine, half=kind == "half"))
    return found


def _add(outline: Outline, shapes: Iterator[list[tuple[float, float]]]) -> None:
    for shape in shapes:
        if outline[0]:
            outline[0].append(None)
            outline[1].append(None)
        # A tenth of a px of a wall of 1280: a third of one on the largest.
        outline[0].extend(round(x, 1) for x, _ in shape)
        outline[1].extend(round(y, 1) for _, y in shape)


def _person(
    x: float, y: float, cell: float, fine: bool, half: bool = False
) -> Iterator[list[tuple[float, float]]]:
    """Head and body as closed polygons; ``half`` their left half."""
    turn = pi if half else 2 * pi
    steps = 24 if fine else 12
    steps = steps // 2 if half else steps
    head = 0.15 * cell
    points = [
        (
            x + head * cos(pi / 2 + turn * k / steps),
            y + 0.27 * cell + head * sin(pi / 2 + turn * k / steps),
        )
        for k in range(steps + 1)
    ]
    yield [*points, points[0]]
    # Shoulders as half an ellipse on a short straight body.
    broad, tall, feet = _BROAD * cell, 0.27 * cell, y - 0.42 * cell
    arch = [
        (
            x - broad * cos(turn / 2 * k / steps),
            feet + 0.16 * cell + tall * sin(turn / 2 * k / steps),
        )
        for k in range(steps + 1)
    ]
    end = x if half else x + broad
    yield [(x - broad, feet), *arch, (end, feet), (x - broad, feet)]
