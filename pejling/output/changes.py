"""Before and after as figures: the guesses of two runs, and the closing overview.

The first run is drawn open, the second filled, on the axis of the second; so is the
facit of the second. The first run's own answers are in no figure (docs/privacy.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from textwrap import wrap

from pejling.domain.change_wording import SHORT, is_moved, perceived
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.follow_up import Change
from pejling.domain.revealed import Result
from pejling.output import captions
from pejling.output.plot import (
    COUNTING_AXIS,
    LABEL,
    NO_AXIS,
    PALETTE,
    TICK,
    WIDTH,
    Figure,
    Part,
    figure,
)

_HEIGHT, _SIDE, _BELOW = 352, 28, 54
_HIGH = _HEIGHT - _BELOW - 2
_WIDE = WIDTH - 2 * _SIDE
_ROW = 40  # a row of words
_NOW = 172  # what the later run takes, from the axis up: two rows of words, then dots
_NEAR = 13


def guesses(result: Result, change: Change) -> Figure:
    """The dots of both runs, one above the other, with their medians and the facit."""
    present = change.present
    unit = _WIDE / (present + 1.6)
    scale = present / change.before.norms.present
    then = {guess * scale: n for guess, n in change.before.guesses.items()}
    first, second = perceived(change)
    traces = [
        _ground(present),
        _dots("before", then, _NOW, _HIGH - _ROW, unit),
        _dots("dots", change.after.guesses, 0, _NOW - 2 * _ROW, unit),
    ]
    annotations, shapes = [], []
    own = result.own if isinstance(result.own, Shown) else None
    line = own.value * present / own.n if own else None
    for at, text, low, row in (
        (change.perceived_before, f"Sidst: I gættede {first}", _NOW, _HIGH),
        (change.after.norms.perceived, f"Nu: I gætter {second}", 0, _NOW - _ROW),
    ):
        traces.append(_line(at, low, row - 6, "guess-text", 4, "dot"))
        crossing = None if low else line
        annotations.append(
            _words(text, at, row - _ROW / 2, "guess-text", unit, crossing)
        )
    if own is not None and line is not None:
        traces.append(_line(line, 0, _NOW - 6, "fact", 8, "solid"))
        shapes += _band(own, present / own.n, _NOW - 6)
        text = captions.facit(result, own)
        annotations.append(_words(text, line, _NOW - _ROW / 2, "fact-text", unit))
    return figure(
        traces,
        height=_HEIGHT,
        margin={"l": _SIDE, "r": _SIDE, "t": 2, "b": _BELOW, "pad": 0},
        xaxis={
            **COUNTING_AXIS,
            "range": [-0.8, present + 0.8],
            "tickvals": _ticks(present),
            "showline": True,
            "linecolor": PALETTE["edge"],
            "linewidth": 2,
        },
        yaxis={**NO_AXIS, "range": [0, _HIGH]},  # in px
        annotations=annotations,
        shapes=shapes,
    )


def _ground(present: int) -> Part:
    """What the dots of the first run stand on."""
    look = {"color": PALETTE["edge"], "width": 2}
    ends = [-0.8, present + 0.8]
    return _path("ground", ends, [_NOW, _NOW], look)


def _dots(
    uid: str,
    given: Mapping[float, int] | Mapping[int, int],
    low: int,
    high: int,
    unit: float,
) -> Part:
    room = high - low - 6
    step = min(unit, 40, room / max(given.values(), default=1))
    # A tall pile overlaps itself a little before its dots get too small to see.
    size = 0.9 * max(step, min(unit, 14))
    places = [(guess, k) for guess, n in given.items() for k in range(n)]
    is_then = uid == "before"
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": uid,
        "x": [round(guess, 3) for guess, _ in places],
        "y": [round(low + 5 + size / 2 + k * step, 2) for _, k in places],
        "marker": {
            "color": PALETTE["paper" if is_then else "guess"],
            "size": round(size, 2),
            "line": {
                "color": PALETTE["guess" if is_then else "paper"],
                "width": 2.5 if is_then else 1.5,
            },
            "opacity": 1,
        },
        "cliponaxis": False,
    }


def _line(at: float, low: float, high: float, role: str, width: int, dash: str) -> Part:
    look = {"color": PALETTE[role], "width": width, "dash": dash}
    return _path(
        "facit" if role == "fact" else f"m{low:g}", [at, at], [high, low], look
    )


def _path(uid: str, xs: Sequence[float], ys: Sequence[float], look: Part) -> Part:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": uid,
        "x": [round(one, 3) for one in xs],
        "y": [*ys],
        "line": look,
        "cliponaxis": False,
    }


def _band(own: Shown, scale: float, high: float) -> list[Part]:
    if own.coding is Coding.EXACT:
        return []
    first, last = (0, 2) if own.coding is Coding.LOW else (own.n - 2, own.n)
    return [
        {
            "type": "rect",
            "x0": (first - 0.5) * scale,
            "x1": (last + 0.5) * scale,
            "y0": 0,
            "y1": high,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": PALETTE["fact"],
            "opacity": 0.16,
        }
    ]


def _words(
    text: str,
    at: float,
    y: float,
    role: str,
    unit: float,
    crossing: float | None = None,
) -> Part:
    """Words beside their line, where they find room and no other line strikes them.

    :param crossing: where the facit's line runs; between the words and it there is
        paper, so that it goes on behind where they have to lie over it.
    """
    wide = _NEAR + 0.58 * LABEL * len(text)
    x = (at + 0.8) * unit
    sides = [side for side in (1, -1) if -_SIDE <= x + side * wide <= _WIDE + _SIDE]
    free = [side for side in sides if not _strikes(side, x, wide, crossing, unit)]
    side = next(iter([*free, *sides, 1]))
    paper = {"bgcolor": PALETTE["paper"], "borderpad": 2}
    return {
        "x": round(at, 3),
        "y": y,
        "xshift": side * _NEAR,
        "xanchor": "left" if side > 0 else "right",
        "yanchor": "middle",
        "text": text,
        "showarrow": False,
        "font": {"size": LABEL, "color": PALETTE[role], "weight": 700},
        **(paper if crossing is not None and not free else {}),
    }


def _strikes(
    side: int, x: float, wide: float, crossing: float | None, unit: float
) -> bool:
    if crossing is None:
        return False
    away = side * ((crossing + 0.8) * unit - x)
    return 0 < away < wide + 10


def _ticks(present: int) -> list[int]:
    step = next(
        (
            step
            for most, step in ((10, 1), (16, 2), (32, 5), (60, 10))
            if present <= most
        ),
        20,
    )
    if 16 < present <= 32 and present % 4 == 0:
        step = 4
    inner = [one for one in range(0, present, step) if present - one > 0.55 * step]
    return [*inner, present]


# --- the overview ---------------------------------------------------------------------

_FROM, _TO = 506, 740  # the axis of a row, in px
_LINE, _GAP = 32, 13


def overview(pairs: Sequence[tuple[Result, Change]]) -> Figure:
    """A row for each behaviour: the guess then, the guess now, and how it is now."""
    traces: list[Part] = []
    annotations: list[Part] = []
    depth = 0.0
    for place, (result, change) in enumerate(pairs):
        topic = wrap(captions.topic(result, time=False), 31)
        high = max(len(topic), 2) * _LINE
        middle = -depth - high / 2
        lines = "<br>".join(map(escape, topic))
        annotations.append(_text(0, middle, lines, "ink"))
        first, second = (one.replace("ud af", "af") for one in perceived(change))
        numbers = first if first == second else f"{first} → {second}"
        annotations.append(
            _text(_TO + 22, middle + _LINE / 2, numbers, "guess-text", weight=700)
        )
        verdict = SHORT[change.believed] if is_moved(change) else "det samme"
        annotations.append(_text(_TO + 22, middle - _LINE / 2, verdict, "ink-2"))
        traces += _row(place, middle, result, change)
        depth += high + _GAP
    height = max(depth - _GAP, 1)
    return figure(
        traces,
        height=height + 8,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        xaxis={**NO_AXIS, "range": [0, WIDTH]},  # in px, like the other one
        yaxis={**NO_AXIS, "range": [-height, 0]},
        annotations=annotations,
    )


def _row(place: int, y: float, result: Result, change: Change) -> Iterator[Part]:
    def px(value: float) -> float:
        return round(_FROM + (_TO - _FROM) * value / change.present, 2)

    then, now = px(change.perceived_before), px(change.after.norms.perceived)
    edge = {"color": PALETTE["edge"], "width": 2}
    yield _path(f"axis-{place}", [px(0), px(change.present)], [y, y], edge)
    if isinstance(result.own, Shown):
        yield from _facit(place, y, result.own, px, change.present / result.own.n)
    way = {"color": PALETTE["guess"], "width": 5}
    yield _path(f"way-{place}", [then, now], [y, y], way)
    for uid, x, fill in (("then", then, "paper"), ("now", now, "guess")):
        yield {
            "type": "scatter",
            "mode": "markers",
            "uid": f"{uid}-{place}",
            "x": [x],
            "y": [y],
            "marker": {
                "color": PALETTE[fill],
                "size": 22,
                "line": {"color": PALETTE["guess"], "width": 4},
                "opacity": 1,
            },
            "cliponaxis": False,
        }


def _facit(
    place: int, y: float, own: Shown, px: Callable[[float], float], scale: float
) -> Iterator[Part]:
    """The number of now: a line, and where its end is coded a light band behind it.

    :param px: pupils -> where that is on the wall.
    """
    if own.coding is not Coding.EXACT:
        first, last = (0, 2) if own.coding is Coding.LOW else (own.n - 2, own.n)
        xs = [px(first * scale), px(last * scale)]
        yield _path(
            f"band-{place}",
            [xs[0], xs[1], xs[1], xs[0], xs[0]],
            [y - 17, y - 17, y + 17, y + 17, y - 17],
            {"color": PALETTE["fact"], "width": 2, "dash": "dot"},
        )
    at = px(own.value * scale)
    look = {"color": PALETTE["fact"], "width": 7}
    yield _path(f"fact-{place}", [at, at], [y - 19, y + 19], look)


def _text(x: float, y: float, text: str, role: str, weight: int = 400) -> Part:
    return {
        "x": round(x, 2),
        "y": round(y, 2),
        "text": text,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": TICK, "color": PALETTE[role], "weight": weight},
    }
