"""Series: figures from elsewhere over the years, for staff; never of one class.

One line for each population and area that has more than one year, named at its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pejling.domain import wording
from pejling.domain.benchmarks import Figure, Level
from pejling.output import plot
from pejling.output.plot import COUNTING_AXIS, PALETTE, TICK, Part

MOST = 5
"""Lines in one picture; the table has the rest."""

_HEIGHT = 430
_LABELS = 520  # what names at the ends of the lines take, in px
_ROW = 36  # a name's height
_LOOKS = (
    ("fact", "fact-text", "solid"),
    ("guess", "guess-text", "dash"),
    ("ink", "ink", "dot"),
    ("edge", "ink-2", "dashdot"),
    ("ink-2", "ink-2", "longdash"),
)


@dataclass(frozen=True)
class Line:
    """One population and area over the years.

    :ivar points: year -> per cent, in the order of the years, at least two.
    """

    name: str
    points: Sequence[tuple[int, float]]


def lines(figures: Iterable[Figure]) -> list[Line]:
    """The series among figures of one indicator, the longest first.

    Girls and boys together only, own reports only, and no single school. Of two figures
    for one year the first stands: the kommune's own come first.
    """
    found: dict[str, dict[int, float]] = {}
    for one in figures:
        if one.is_for_all and not one.is_perceived and one.level is not Level.SCHOOL:
            name = f"{one.population}, {one.area}"
            found.setdefault(name, {}).setdefault(one.year, one.percent)
    made = [
        Line(name, sorted(years.items()))
        for name, years in found.items()
        if len(years) > 1
    ]
    return sorted(made, key=lambda one: (-len(one.points), one.name))


def describe(found: Sequence[Line]) -> str:
    """What the picture shows, in words."""
    return " ".join(
        f"{line.name}: "
        + ", ".join(f"{year} {wording.number(value)} %" for year, value in line.points)
        + "."
        for line in found
    )


def draw(found: Sequence[Line]) -> plot.Figure:
    """The first lines as a picture, each with its name and its last number.

    :raises ValueError: without a line.
    """
    shown = found[:MOST]
    if not shown:
        raise ValueError("no series")
    years = sorted({year for line in shown for year, _ in line.points})
    top = max(value for line in shown for _, value in line.points)
    high = next(one for one in (10, 20, 40, 60, 80, 100) if one >= top)
    return plot.figure(
        [_trace(line, place) for place, line in enumerate(shown)],
        height=_HEIGHT,
        margin={"l": 100, "r": _LABELS, "t": 20, "b": 56, "pad": 0},
        xaxis={
            **COUNTING_AXIS,
            "range": [years[0] - 0.4, years[-1] + 0.4],
            "tickvals": _ticks(years),
            "showline": True,
            "linecolor": PALETTE["edge"],
            "linewidth": 2,
        },
        yaxis={
            **COUNTING_AXIS,
            "range": [0, high * 1.04],
            "tickvals": [0, high / 2, high],
            "ticktext": [f"{wording.number(one)} %" for one in (0, high / 2, high)],
        },
        annotations=_names(shown, high),
    )


def _ticks(years: Sequence[int]) -> list[int]:
    """The years that have room for their number: the first, the last, some between."""
    apart = max((years[-1] - years[0]) / 6, 1)
    shown = [years[0]]
    for year in years[1:-1]:
        if year - shown[-1] >= apart and years[-1] - year >= apart:
            shown.append(year)
    return [*shown, years[-1]]


def _trace(line: Line, place: int) -> Part:
    color, _, dash = _LOOKS[place]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "uid": f"line-{place}",
        "x": [year for year, _ in line.points],
        "y": [value for _, value in line.points],
        "line": {"color": PALETTE[color], "width": 4, "dash": dash},
        "marker": {"color": PALETTE[color], "size": 13},
        "cliponaxis": False,
    }


def _names(shown: Sequence[Line], high: float) -> list[Part]:
    """Names right of the lines, at their height where they do not meet another."""
    per_px = high * 1.04 / (_HEIGHT - 76)
    order = sorted(range(len(shown)), key=lambda place: shown[place].points[-1][1])
    notes: list[Part] = []
    free = float(-_ROW)
    for place in order:
        line = shown[place]
        value = line.points[-1][1]
        at = max(value / per_px, free + _ROW)
        free = at
        notes.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 12,
                "y": at * per_px,
                "yanchor": "middle",
                "align": "left",
                "text": f"{wording.number(value)} %  {line.name}",
                "showarrow": False,
                "font": {"size": TICK - 4, "color": PALETTE[_LOOKS[place][1]]},
            }
        )
    return notes
