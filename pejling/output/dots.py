"""The dot plot: one dot a guess, the median and the facit as lines with their words.

Source: docs/method.md, "Showing it": each pupil can find herself, and pupils of this
age misread histograms. What stands at the median is placed by the guesses alone: it is
seen before the facit and must not tell where that will fall.
"""

from dataclasses import dataclass, replace

from pejling.domain import wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.elsewhere import Comparison
from pejling.domain.norms import perceived_norm
from pejling.domain.revealed import Guesses, Result
from pejling.output import captions
from pejling.output.plot import (
    COUNTING_AXIS,
    LABEL,
    NO_AXIS,
    PALETTE,
    WIDTH,
    Figure,
    Part,
    figure,
)

_HEIGHT = 352
_SIDE, _BELOW, _ABOVE = 28, 54, 2
_WIDE, _HIGH = WIDTH - 2 * _SIDE, _HEIGHT - _BELOW - _ABOVE

_ROW = 42  # a label's row: the facit's is the top one, the guesses' the second
_ROOM = _HIGH - 2 * _ROW - 8  # what the labels leave to the dots
_NEAR = 13  # from a line to its words


def plot(
    result: Result, facit: Shown | None, beside: Comparison | None = None
) -> Figure:
    """The guesses about the class over 0 to all present, and the facit if it is given.

    A guess is out of those present, the facit out of those who answered: it stands
    where it would among all present, and its words say its own denominator.
    """
    axis, given = _Axis(result.present), result.friends or {}
    piles = _Piles(given, axis.unit)
    traces, annotations, shapes = [], [], []
    guess = _NOTHING
    if given and beside is not None:
        at = beside.percent / 100 * result.present
        guess = _elsewhere_label(at, facit, axis)
        traces += [_elsewhere_line(at, guess), _dots(piles)]
        # On paper of its own: where the facit's line is near it goes on behind.
        annotations.append(
            _words(guess, at, "ink-2") | {"bgcolor": PALETTE["paper"], "borderpad": 2}
        )
    elif given:
        median = perceived_norm(given)
        guess = _guess_label(median, axis)
        traces += [_median_line(median, guess, piles), _dots(piles)]
        annotations.append(_words(guess, median, "guess-text"))
    if facit is not None:
        scale = result.present / facit.n
        at = facit.value * scale
        label = _facit_label(captions.facit(result, facit), at, guess, piles, axis)
        traces.append(_facit_line(at, label))
        shapes += _band(facit, scale, label)
        annotations.append(_words(label, at, "fact-text"))
    return _frame(result.present, traces, annotations, shapes)


def _frame(
    present: int, traces: list[Part], annotations: list[Part], shapes: list[Part]
) -> Figure:
    axis = _Axis(present)
    return figure(
        traces,
        height=_HEIGHT,
        margin={"l": _SIDE, "r": _SIDE, "t": _ABOVE, "b": _BELOW, "pad": 0},
        xaxis={
            **COUNTING_AXIS,
            "range": [axis.low, axis.high],
            "tickvals": _ticks(present),
            "showline": True,
            "linecolor": PALETTE["edge"],
            "linewidth": 2,
        },
        yaxis={**NO_AXIS, "range": [0, _HIGH]},  # in px
        annotations=annotations,
        shapes=shapes,
    )


def about_others(result: Result, *, with_facit: bool) -> Figure:
    """The guesses about alle de andre, as if they were so many as are present."""
    found = result.outside
    if found is None or not result.others:
        raise ValueError("nothing to hold the guesses against")
    axis, piles = (
        _Axis(result.present),
        _Piles(result.others, _Axis(result.present).unit),
    )
    median = perceived_norm(result.others)
    guess = _guess_label(median, axis)
    traces = [_median_line(median, guess, piles), _dots(piles)]
    annotations = [_words(guess, median, "guess-text")]
    if with_facit:
        at = found.percent / 100 * result.present
        text = _capital(wording.out_of_present(found))
        label = _facit_label(text, at, guess, piles, axis)
        traces.append(_facit_line(at, label))
        annotations.append(_words(label, at, "fact-text"))
    return _frame(result.present, traces, annotations, [])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class _Axis:
    """0 to all present, and where that is in px."""

    present: int

    @property
    def low(self) -> float:
        return -0.8

    @property
    def high(self) -> float:
        return self.present + 0.8

    @property
    def unit(self) -> float:
        return _WIDE / (self.high - self.low)

    def px(self, value: float) -> float:
        return (value - self.low) * self.unit


@dataclass(frozen=True)
class _Piles:
    """The dots over each guess: how large they are, how high they reach, in px."""

    given: Guesses
    unit: float

    @property
    def step(self) -> float:
        highest = max(self.given.values(), default=1)
        return min(self.unit, 56, _ROOM / highest)

    @property
    def size(self) -> float:
        # A tall pile overlaps itself a little before its dots get too small to see.
        return 0.9 * max(self.step, min(self.unit, 16))

    def y(self, place: int) -> float:
        return self.size / 2 + 5 + place * self.step

    def top(self, guess: float) -> float:
        n = self.given.get(int(guess), 0) if guess == int(guess) else 0
        return self.y(n - 1) + self.size / 2 if n else 0


def _dots(piles: _Piles) -> Part:
    places = [(guess, k) for guess, n in piles.given.items() for k in range(n)]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "dots",
        # Named, so that a moving chart keeps the dots that are there already.
        "ids": [f"{guess}/{k}" for guess, k in places],
        "x": [guess for guess, _ in places],
        "y": [round(piles.y(k), 2) for _, k in places],
        "marker": {
            "color": PALETTE["guess"],
            "size": round(piles.size, 2),
            "line": {"color": PALETTE["paper"], "width": 1.5},
            "opacity": 1,
        },
        "cliponaxis": False,
    }


def _median_line(median: float, label: "_Label", piles: _Piles) -> Part:
    foot = piles.top(median)
    look = {"color": PALETTE["guess-text"], "width": 4, "dash": "dot"}
    return _line("median", median, (label.top, min(foot, label.top)), look)


def _facit_line(at: float, label: "_Label") -> Part:
    # From above, as it is drawn: it drops in.
    return _line("facit", at, (label.top, 0), {"color": PALETTE["fact"], "width": 8})


def _elsewhere_line(at: float, label: "_Label") -> Part:
    look = {"color": PALETTE["edge"], "width": 4, "dash": "dash"}
    return _line("elsewhere", at, (label.top, 0), look)


def _line(uid: str, at: float, ends: tuple[float, float], look: Part) -> Part:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": uid,
        "x": [at, at],
        "y": [*ends],
        "line": look,
        "cliponaxis": False,
    }


def _band(facit: Shown, scale: float, label: "_Label") -> list[Part]:
    if facit.coding is Coding.EXACT:
        return []
    first, last = (0, 2) if facit.coding is Coding.LOW else (facit.n - 2, facit.n)
    return [
        {
            "type": "rect",
            "x0": (first - 0.5) * scale,
            "x1": (last + 0.5) * scale,
            "y0": 0,
            "y1": label.top,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": PALETTE["fact"],
            "opacity": 0.16,
        }
    ]


def _ticks(present: int) -> list[int]:
    """Round numbers from 0, and the number of pupils at the end."""
    if 16 < present <= 32 and present % 4 == 0:
        step = 4
    else:
        steps = ((10, 1), (16, 2), (32, 5), (60, 10))
        step = next((step for most, step in steps if present <= most), 20)
    inner = [one for one in range(0, present, step) if present - one > 0.55 * step]
    return [*inner, present]


# --- words beside the lines -----------------------------------------------------------


@dataclass(frozen=True)
class _Label:
    """Words beside the upper end of a line: in px, x from the left, y from below.

    :ivar side: 1 where they stand right of the line, -1 left.
    """

    text: str
    line: float
    y: float
    side: int

    @property
    def left(self) -> float:
        return self.line + (_NEAR if self.side > 0 else -_NEAR - self.width)

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def width(self) -> float:
        return 0.6 * LABEL * len(self.text)  # of a wide bold face

    @property
    def top(self) -> float:
        """How high the line goes."""
        return self.y + _ROW / 2 - 6

    @property
    def fits(self) -> bool:
        return self.left >= -_SIDE and self.right <= _WIDE + _SIDE

    def holds(self, x: float) -> bool:
        return bool(self.text) and self.left - 10 < x < self.right + 10


_NOTHING = _Label("", 0, 0, 1)


def _guess_label(median: float, axis: _Axis) -> _Label:
    text, y = f"I gættede {wording.number(median)}", _HIGH - 1.5 * _ROW
    # Away from the nearer end, where the facit's words find less room.
    side = 1 if 2 * median <= axis.present else -1
    return _first_fitting(text, axis.px(median), y, side)


def _elsewhere_label(at: float, facit: Shown | None, axis: _Axis) -> _Label:
    """Beside its own line, and clear of the facit's where there is room."""
    text, y = "Andre steder", _HIGH - 1.5 * _ROW
    side = 1 if 2 * at <= axis.present else -1
    label = _first_fitting(text, axis.px(at), y, side)
    if facit is None:
        return label
    other = axis.px(facit.value * axis.present / facit.n)
    turned = replace(label, side=-label.side)
    crosses = label.holds(other)
    return turned if crosses and turned.fits and not turned.holds(other) else label


def _facit_label(
    text: str, at: float, guess: _Label, piles: _Piles, axis: _Axis
) -> _Label:
    """Above the guesses' words, or under them where the line would strike them out."""
    x = axis.px(at)
    above = _first_fitting(text, x, _HIGH - _ROW / 2, 1)
    if not guess.holds(x):
        return above
    for side in (1, -1):
        label = replace(above, y=_HIGH - 2.5 * _ROW, side=side)
        over = [one for one in piles.given if label.holds(axis.px(one))]
        free = all(piles.top(one) < label.y - _ROW / 2 for one in over)
        if label.fits and free and not label.holds(guess.line):
            return label
    return above


def _first_fitting(text: str, x: float, y: float, side: int) -> _Label:
    label = _Label(text, x, y, side)
    return label if label.fits else replace(label, side=-side)


def _words(label: _Label, at: float, role: str) -> Part:
    return {
        "x": at,
        "y": label.y,
        "xshift": label.side * _NEAR,
        "xanchor": "left" if label.side > 0 else "right",
        "yanchor": "middle",
        "text": label.text,
        "showarrow": False,
        "font": {"size": LABEL, "color": PALETTE[role], "weight": 700},
    }
