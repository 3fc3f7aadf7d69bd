"""The frame of every figure: its measures, its colours, what plotly is told.

A figure is a plain dict of ``data``, ``layout`` and ``config``, drawn for a wall of
1280 x 720; the browser scales it (``static/js/figure.mjs``). Its colours are those of
the light ground; ``layout.meta.palette`` names the role of each, so that the browser
can put another ground's in their place.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Figure = dict[str, Any]
"""``data``, ``layout`` and ``config``, ready for JSON."""

Part = dict[str, Any]
"""A trace, an annotation or a shape, as plotly takes it."""

PALETTE: Mapping[str, str] = {
    "paper": "#fbfaf6",
    "ink": "#12293a",
    "ink-2": "#3a5060",
    "edge": "#627784",
    "guess": "#d55e00",
    "guess-text": "#8a3800",
    "fact": "#0072b2",
    "fact-text": "#00507d",
}
"""Role -> colour on the light ground, as in ``static/css/tokens.css``."""

WIDTH = 1152
"""The wall's 1280 px less its margins. Every length in a figure is in such px."""

LABEL = 31
TICK = 28
"""Text is never smaller than 28 px: the back row reads it."""

CLEAR = "rgba(0,0,0,0)"
NO_AXIS = {"visible": False, "fixedrange": True}

COUNTING_AXIS = {
    "tickfont": {"size": TICK, "color": PALETTE["ink-2"]},
    "ticks": "outside",
    "ticklen": 8,
    "tickwidth": 2,
    "tickcolor": PALETTE["edge"],
    "showgrid": False,
    "zeroline": False,
    "fixedrange": True,
}
"""An axis that counts pupils: ticks and numbers, no grid."""


def figure(traces: Sequence[Part], **layout: Any) -> Figure:
    """A figure of these traces: no legend, no buttons, nothing that answers a mouse.

    Written as plotly.js reads it. ``go.Figure`` would look each value up on the way:
    longer than all the rest of a press takes, and for a third of the process's memory.
    The tests let it look at every kind of figure instead.
    """
    return {
        "data": [dict(one) for one in traces],
        "layout": {
            "width": WIDTH,
            "showlegend": False,
            "hovermode": False,
            "dragmode": False,
            "font": {"family": "sans-serif", "size": TICK, "color": PALETTE["ink"]},
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "meta": {"palette": {color: role for role, color in PALETTE.items()}},
            **layout,
        },
        "config": {"staticPlot": True, "displayModeBar": False},
    }


def hatch(role: str) -> Part:
    """Stripes, for what is not told exactly: colour never says it alone."""
    return {
        "shape": "/",
        "fgcolor": PALETTE[role],
        "bgcolor": PALETTE["paper"],
        "size": 9,
        "solidity": 0.45,
    }
