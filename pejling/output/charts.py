"""Charts: plotly figures of coded results, for the projector.

Nothing here reads more than the results hold, so that a coded count gives the same
figure whatever stands behind it. Words and tables: :mod:`pejling.output.captions`.
"""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

from pejling.domain import wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.norms import perceived_norm
from pejling.domain.pupils_answer import OF, PupilsAnswer
from pejling.domain.revealed import Result
from pejling.domain.sessions import Step
from pejling.output import captions, dots, people
from pejling.output.plot import (
    CLEAR,
    COUNTING_AXIS,
    LABEL,
    NO_AXIS,
    PALETTE,
    TICK,
    WIDTH,
    Figure,
    Part,
    figure,
    hatch,
)


def guesses(result: Result, step: Step) -> Figure:
    """The class's guesses as dots, one a pupil; from the step ``FACIT`` on its line.

    At ``ELSEWHERE`` a paler line stands beside it, in place of the guesses' words.
    """
    if result.is_about_others:
        fallen = step in (Step.FACIT, Step.SENTENCE)
        return dots.about_others(result, with_facit=fallen)
    has_fallen = step in (Step.FACIT, Step.SENTENCE, Step.ELSEWHERE)
    facit = result.own if has_fallen else None
    beside = result.elsewhere if step is Step.ELSEWHERE else None
    return dots.plot(result, facit if isinstance(facit, Shown) else None, beside)


def warm_up(result: Result) -> Figure:
    """The warm-up as it moves: dots and facit, or an empty axis until there is one."""
    return dots.plot(result, result.own if isinstance(result.own, Shown) else None)


# --- figures of people ----------------------------------------------------------------

_PEOPLE_HEIGHT = 352
_TITLE = 112  # what the two lines above an array take


def figures(result: Result) -> Figure:
    """Icon arrays, one figure a pupil and the same total in both; grouped.

    Those who did not answer stand in the second array with a broken line. Of an
    attitude only the class's own answer is shown.
    """
    own = result.own
    if not isinstance(own, Shown):
        raise ValueError("withheld results have no figure")
    found = result.norms
    width = WIDTH / 2 - 28 if found else WIDTH * 0.62
    # Both arrays get the cells that the larger of their groups needs.
    grid = people.grid(result.present, width, _PEOPLE_HEIGHT - _TITLE)
    traces: list[Part] = []
    annotations = []
    if found:
        believed = people.half(found.perceived, found.present)
        traces += _array(believed, grid, 0, "guess")
        annotations += _titles(
            0, "Det troede vi", captions.believed(result), "guess-text"
        )
    left = WIDTH / 2 + 28 if found else (WIDTH - width) / 2
    traces += _array(_crowd(own, result.present), grid, left, "fact")
    title = "Sådan er det" if found else "Svarede ja"
    annotations += _titles(left, title, captions.share(own), "fact-text")
    return _people(traces, annotations)


_THIRD = WIDTH / 3


def pupils(result: Result) -> Figure:
    """What parents guessed, what the pupils guessed and answered: arrays of twenty.

    The same total in each, so that the eye compares three amounts and reads no axis.
    """
    found, given = result.pupils, result.friends or {}
    guess = perceived_norm(given)
    crowds = [("I gættede", people.half(guess, OF), wording.number(guess), "guess")]
    if found is not None:
        own = wording.number(found.believed)
        crowds.append(
            ("Børnene gættede", people.half(found.believed, OF), own, "guess")
        )
    if found is not None and found.answered is not None:
        answer = _of_twenty(found, found.answered)
        words = wording.of_twenty(found).removesuffix(f" ud af {OF}")
        crowds.append(("Børnene svarede ja", answer, words, "fact"))
    width = _THIRD - 40
    cells = people.grid(OF, width, _PEOPLE_HEIGHT - _TITLE)
    traces: list[Part] = []
    annotations: list[Part] = []
    for place, (name, crowd, number, role) in enumerate(crowds):
        left = place * _THIRD
        for part in _array(crowd, cells, left, role):
            traces.append(part | {"uid": f"{place}-{part['uid']}"})
        annotations += _titles(left, name, f"{number} af {OF}", f"{role}-text")
    return _people(traces, annotations)


def _people(traces: list[Part], annotations: list[Part]) -> Figure:
    """Arrays side by side, measured in px."""
    return figure(
        traces,
        height=_PEOPLE_HEIGHT,
        margin=dict.fromkeys("lrtb", 0),
        xaxis={**NO_AXIS, "range": [0, WIDTH]},
        yaxis={**NO_AXIS, "range": [0, _PEOPLE_HEIGHT]},
        annotations=annotations,
    )


def _of_twenty(found: PupilsAnswer, answered: int) -> people.Crowd:
    if found.coding is Coding.LOW:
        return people.Crowd(full=0, hatched=answered, total=OF)
    if found.coding is Coding.HIGH:
        return people.Crowd(full=answered, hatched=OF - answered, total=OF)
    return people.Crowd(full=answered, total=OF)


def _crowd(own: Shown, present: int) -> people.Crowd:
    sure = {Coding.LOW: 0, Coding.HIGH: own.n - 2}.get(own.coding, own.value)
    unsure = 0 if own.coding is Coding.EXACT else 2
    return people.Crowd(full=sure, hatched=unsure, total=own.n, absent=present - own.n)


def _array(
    crowd: people.Crowd, grid: people.Grid, left: float, role: str
) -> Iterator[Part]:
    color = PALETTE[role]
    looks: dict[str, Part] = {
        "full": {"fillcolor": color, "line": {"color": color, "width": 2.5}},
        "hatched": {
            "fillpattern": hatch(role),
            "line": {"color": color, "width": 3},
        },
        "empty": {
            "fillcolor": CLEAR,
            "line": {"color": PALETTE["edge"], "width": 2.5},
        },
        "half": {"fillcolor": color, "line": {"color": color, "width": 0}},
        "absent": {
            "fillcolor": CLEAR,
            "line": {"color": PALETTE["edge"], "width": 1.5, "dash": "dot"},
        },
    }
    drawn = people.outlines(crowd, grid, left, _PEOPLE_HEIGHT - _TITLE)
    for kind, (xs, ys) in drawn.items():
        if xs:
            yield {
                "type": "scatter",
                "mode": "lines",
                "uid": f"{role}-{kind}",
                "x": xs,
                "y": ys,
                "fill": "toself",
                **looks[kind],
            }


def _titles(left: float, name: str, number: str, role: str) -> list[Part]:
    place = {"x": left, "xanchor": "left", "yanchor": "top", "showarrow": False}
    color = PALETTE[role]
    return [
        place
        | {
            "y": _PEOPLE_HEIGHT,
            "text": name,
            "font": {"size": LABEL, "color": color, "weight": 400},
        },
        place
        | {
            "y": _PEOPLE_HEIGHT - 36,
            "text": number,
            "font": {"size": 54, "color": color, "weight": 700},
        },
    ]


# --- closing bars ---------------------------------------------------------------------

_BARS_FROM = 702
_BAR, _PITCH, _LINE, _GAP = 24, 32, 32, 13


def closing_bars(results: Sequence[Result]) -> Figure:
    """A pair of bars for each behaviour: what we believed, and how it is."""
    traces: list[Part] = []
    annotations: list[Part] = []
    depth = 0.0
    long = _bars_length(results)
    for result in results:
        topic = wrap(captions.topic(result, time=False), 32)
        bars = captions.bars(result)
        high = max(len(topic) * _LINE, len(bars) * _PITCH)
        middle = -depth - high / 2
        lines = "<br>".join(map(escape, topic))
        annotations.append(_text(0, middle, lines, "left", "ink"))
        for place, (bar, parts) in enumerate(zip(bars, _parts(result), strict=True)):
            y = middle + ((len(bars) - 1) / 2 - place) * _PITCH
            role = "guess" if len(bars) > place + 1 else "fact"
            traces += [_bar(y, one, role, long) for one in parts]
            annotations += _bar_words(y, bar, parts[-1][1] * long, role)
        depth += high + _GAP
    height = max(depth - _GAP, 1)
    return figure(
        traces,
        height=height + 8,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        xaxis={**NO_AXIS, "range": [0, WIDTH]},  # in px, like the other one
        yaxis={**NO_AXIS, "range": [-height, 0]},
        annotations=annotations,
        barmode="overlay",
    )


_Stretch = tuple[float, float, bool]
"""Where a part of a bar begins and ends, as shares, and whether it is told exactly."""


def _parts(result: Result) -> list[list[_Stretch]]:
    """The parts of each of a behaviour's bars, in the order of `captions.bars`."""
    own = result.own
    if not isinstance(own, Shown):
        return []
    last: list[_Stretch] = {
        Coding.LOW: [(0.0, 2 / own.n, False)],
        Coding.HIGH: [(0.0, 1 - 2 / own.n, True), (1 - 2 / own.n, 1.0, False)],
    }.get(own.coding, [(0.0, own.value / own.n, True)])
    if result.norms is None:
        return [last]
    return [[(0.0, result.norms.perceived / result.present, True)], last]


def _bars_length(results: Sequence[Result]) -> float:
    """How long a bar of all pupils is: what the widest number leaves, in px."""
    numbers = [number for one in results for _, number in captions.bars(one)]
    widest = 0.6 * TICK * max(map(len, numbers), default=0)
    return WIDTH - _BARS_FROM - 12 - max(widest, 150)


def _bar(y: float, stretch: _Stretch, role: str, long: float) -> Part:
    start, end, exact = stretch
    color = PALETTE[role]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [round(y, 2)],
        "x": [round((end - start) * long, 2)],
        "base": [round(_BARS_FROM + start * long, 2)],
        "width": [_BAR],
        "marker": {
            "color": color,
            "line": {"color": color, "width": 2.5},
            **({} if exact else {"pattern": hatch(role)}),
        },
    }


def _bar_words(y: float, bar: tuple[str, str], end: float, role: str) -> list[Part]:
    name, number = bar
    return [
        _text(_BARS_FROM - 14, y, name, "right", f"{role}-text"),
        _text(_BARS_FROM + end + 12, y, number, "left", f"{role}-text", weight=700),
    ]


def _text(
    x: float, y: float, text: str, anchor: str, role: str, weight: int = 400
) -> Part:
    return {
        "x": round(x, 2),
        "y": round(y, 2),
        "text": text,
        "xanchor": anchor,
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": TICK, "color": PALETTE[role], "weight": weight},
    }


# --- progress -------------------------------------------------------------------------


def progress(shown: int, seats: int) -> Figure:
    """How far the class is: one bar, that moves in steps of five."""
    end = max(seats, 1)
    return figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "uid": "progress",
                "y": [0],
                "x": [shown],
                "width": [1],
                "marker": {"color": PALETTE["ink-2"], "line": {"width": 0}},
            }
        ],
        height=150,
        margin={"l": 9, "r": 27, "t": 3, "b": 54},
        xaxis={**COUNTING_AXIS, "range": [0, end], "tickvals": _fives(end)},
        yaxis={**NO_AXIS, "range": [-0.5, 0.5]},
        shapes=[
            {
                "type": "rect",
                "x0": 0,
                "x1": end,
                "y0": -0.5,
                "y1": 0.5,
                "line": {"color": PALETTE["edge"], "width": 3},
                "layer": "above",
            }
        ],
    )


def _fives(seats: int) -> list[int]:
    step = 5 if seats <= 60 else 20
    inner = [one for one in range(0, seats, step) if seats - one > 0.4 * step]
    return [*inner, seats]
