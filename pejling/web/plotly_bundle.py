"""plotly.js as the installed package carries it, and what it needs under our CSP.

The script injects two style elements, which a policy without ``unsafe-inline`` blocks.
It leaves each out when an element with its id stands in the page; the rules of the
first are served as a stylesheet. Rules and ids are read out of the bundle, so that a
new version of the package brings its own.

It also runs the code of some fifty kinds of charts when it is read, a third of a second
during which nothing moves. Lines and dots belong to its core; of the rest only bars are
drawn here, so only they are registered. The code of the others stays where it is.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

GLOBAL_ID = "plotly.js-style-global"
"""Id of the stylesheet's link; with the class ``no-inline-styles`` it is respected."""

_RULES = re.compile(r'\{"X,X div":.*?\}(?=;for\()', re.S)
_RULE = re.compile(
    r""""(?P<where>[^"]+)":(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")""", re.S
)
_REGISTERED = re.compile(r"(\.register\(\[\w+\(\))(?:,\w+\(\)){30,}(\]\))")
"""The kinds of charts beside the core's: bars first, and all the others."""

_MAP_ID = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


class UnknownBundle(RuntimeError):
    """The installed plotly.js does not look like the one this module knows."""


@dataclass(frozen=True)
class Bundle:
    """The script, and what a page needs beside it."""

    body: bytes
    zipped: bytes
    type: str


def rules() -> str:
    """plotly.js's own style rules as a stylesheet.

    :raises UnknownBundle: if they are not where they were.
    """
    found = _RULES.search(_text())
    if not found:
        raise UnknownBundle("no style rules")
    lines = []
    for rule in _RULE.finditer(found.group()):
        where = re.sub("^,", " ,", rule["where"])
        where = where.replace("X", ".js-plotly-plot .plotly")
        where = where.replace("Y", ".plotly-notifier")
        lines.append(f"{where}{{{rule['single'] or rule['double'] or ''}}}")
    return "\n".join(lines)


def map_style_id() -> str:
    """Id of the element that keeps plotly.js from injecting its map styles.

    :raises UnknownBundle: if there is none.
    """
    found = _MAP_ID.search(_text())
    if not found:
        raise UnknownBundle("no map style id")
    return found.group(1)


@cache
def asset() -> Bundle:
    """The script, plain and compressed; 1.5 MB, so made when it is first asked for.

    Where it does not look as expected it is sent as it is: it only reads more slowly.
    """
    body = _REGISTERED.sub(r"\1\2", _text(), count=1).encode()
    return Bundle(body, gzip.compress(body, 6, mtime=0), "text/javascript")


def _path() -> Path:
    # Not imported: the server starts without plotly's Python part.
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise UnknownBundle("plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def _text() -> str:
    return _path().read_text(encoding="utf-8")
