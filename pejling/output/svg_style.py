"""Rules of style in a drawing, as attributes: what drawing programs write, and no more.

Read are ``.name { property: value; … }``, the same by id or element, and lists of them
with commas; properties are those that may stand as attributes. All else is left out, so
that no stylesheet need be kept.
"""

import re
from collections.abc import Mapping

STYLED = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "opacity"),
        *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity"),
        *("stroke-dasharray", "stroke-dashoffset", "clip-path", "clip-rule", "mask"),
        *("stop-color", "stop-opacity", "color", "display", "visibility"),
        *("font-family", "font-size", "font-weight", "font-style", "text-anchor"),
        *("letter-spacing", "paint-order"),
    }
)
"""Properties that may stand as attributes of an element."""

_SELECTOR = re.compile(r"[.#]?[A-Za-z_][\w-]*", re.ASCII)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")


def rules(text: str, lost: set[str]) -> Mapping[str, Mapping[str, str]]:
    """Selector -> property -> value, of a whole stylesheet.

    :param lost: gets what was left out, in words.
    """
    text = _COMMENT.sub(" ", text)
    if "@" in text or "\\" in text:
        lost.add("regler for stil, der henter noget eller skjuler sig")
        text = re.sub(r"@[^;{}]*;", " ", text)
    found: dict[str, dict[str, str]] = {}
    for selectors, body in _RULE.findall(text):
        given = declarations(body, lost)
        for one in selectors.split(","):
            if _SELECTOR.fullmatch(one.strip()):
                found.setdefault(one.strip(), {}).update(given)
    return found


def declarations(text: str, lost: set[str]) -> dict[str, str]:
    """Property -> value, of what stands between braces or in a ``style``."""
    found = {}
    for one in _COMMENT.sub(" ", text).split(";"):
        key, _, value = one.partition(":")
        key = key.strip().lower()
        if key in STYLED:
            found[key] = value.replace("!important", "").strip()
        elif "url" in value.lower() or "//" in value:
            lost.add("en henvisning ud af filen")
    return found
