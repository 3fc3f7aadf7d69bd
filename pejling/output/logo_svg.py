"""An SVG read and written anew from a list of what is allowed.

Nothing is taken over: elements, attributes and values are looked up in lists, rules of
style become attributes, and all else is gone. No document type with declarations, so no
entities; no address but that of a part of the same drawing; and what is drawn again and
again by reference is counted before a browser would have to draw it.
"""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from pejling.output.svg_reader import Node, read
from pejling.output.svg_style import STYLED, declarations, rules
from pejling.output.unfit_logo import UnfitLogo

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

BOX_HEIGHT = 200
"""Height in px that the picture says it has; it is drawn at any size."""

MOST_WORK = 60_000
"""Parts that are drawn, each time that they are: a large coat of arms has 5,000."""

DEEPEST_CHAIN = 120
"""Elements within elements, with those that are referred to."""

_SHAPES = frozenset(
    {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"}
)
ELEMENTS = _SHAPES | {
    *("svg", "g", "defs", "symbol", "tspan", "clipPath", "mask"),
    *("linearGradient", "radialGradient", "stop"),
}
"""All that a logo is drawn with."""

_AS_GROUP = frozenset({"a", "switch"})
"""What only holds other things together, or leads away with them."""

_FUNCTIONS = frozenset(
    {
        *("rgb", "rgba", "hsl", "hsla", "translate", "scale", "rotate", "matrix"),
        *("skewX", "skewY"),
    }
)
"""What may stand before a parenthesis."""

_PLAIN = frozenset(
    {
        *("d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx"),
        *("fy", "dx", "dy", "width", "height", "points", "viewBox", "transform"),
        *("preserveAspectRatio", "gradientUnits", "gradientTransform", "offset"),
        *("spreadMethod", "clipPathUnits", "maskUnits", "maskContentUnits"),
        *("pathLength",),
    }
)
_VALUE = re.compile(r"[\w\s.,%()#+-]*", re.ASCII)
_ID = re.compile(r"[A-Za-z_][\w.-]{0,80}", re.ASCII)
_PART = re.compile(r"url\(\s*['\"]?#([A-Za-z_][\w.-]{0,80})['\"]?\s*\)", re.ASCII)
_POINTS_TO = frozenset({"use", "linearGradient", "radialGradient"})


def rewritten(raw: bytes) -> tuple[bytes, int, int, tuple[str, ...]]:
    """The drawing as a new SVG, its width and height in px, and what was left out.

    :raises UnfitLogo: if it cannot be read, or nothing is left to be drawn.
    """
    found = read(raw)
    if found.name != f"{SVG} svg":
        raise UnfitLogo("Filen er ikke en SVG-tegning. Gem logoet som SVG eller PNG.")
    lost: set[str] = set()
    sheet = rules("\n".join(_sheets(found)), lost)
    drawing = _kept(found, sheet, lost)
    if not any(one.name in _SHAPES for one in drawing.all()):
        raise UnfitLogo("Der er ikke noget i filen, som kan tegnes. Vælg en anden.")
    width, height = _size(found)
    box = drawing.attributes.pop("viewBox", "") or f"0 0 {width:g} {height:g}"
    _bound(drawing)
    shown = max(1, min(1200, round(BOX_HEIGHT * width / height)))
    drawing.attributes.update(viewBox=box, width=str(shown), height=str(BOX_HEIGHT))
    drawing.attributes["xmlns"] = SVG
    text = "".join(_written(drawing))
    return text.encode(), shown, BOX_HEIGHT, tuple(sorted(lost))


def _sheets(root: Node) -> Iterator[str]:
    for one in root.all():
        if one.name == f"{SVG} style":
            yield "".join(part for part in one.parts if isinstance(part, str))


_GONE: Mapping[str, str] = {
    "script": "et script",
    "foreignObject": "HTML inde i tegningen",
    "image": "et indlejret billede",
    "a": "et link",
    "animate": "bevægelse",
    "animateTransform": "bevægelse",
    "animateMotion": "bevægelse",
    "set": "bevægelse",
    "filter": "filtre",
    "pattern": "mønstre",
}
"""What is worth telling when it is taken out; other things were never seen."""


def _kept(node: Node, sheet: Mapping[str, Mapping[str, str]], lost: set[str]) -> Node:
    name = node.name.rpartition(" ")[2]
    parts: list[Node | str] = []
    for part in node.parts:
        if isinstance(part, str):
            if name in ("text", "tspan"):
                parts.append(part)
            continue
        space, _, inner = part.name.rpartition(" ")
        if inner in _GONE:
            lost.add(_GONE[inner])
        if space == SVG and inner in ELEMENTS | _AS_GROUP:
            parts.append(_kept(part, sheet, lost))
    name = "g" if name in _AS_GROUP else name
    return Node(name, _attributes(node, name, sheet, lost), parts)


def _attributes(
    node: Node, name: str, sheet: Mapping[str, Mapping[str, str]], lost: set[str]
) -> dict[str, str]:
    """What may stay; rules of style win over attributes, as they do in a browser."""
    given: dict[str, str] = {}
    for key, value in node.attributes.items():
        if key.startswith("on"):
            lost.add("en handling ved klik eller indlæsning")
        elif key == "id" and _ID.fullmatch(value):
            given["id"] = value
        elif key in ("href", f"{XLINK} href") and name in _POINTS_TO:
            if value.startswith("#") and _ID.fullmatch(value[1:]):
                given["href"] = value
            else:
                lost.add("en henvisning ud af filen")
        elif key in _PLAIN and _is_plain(value):
            given[key] = " ".join(value.split())
    styles = {key: one for key, one in node.attributes.items() if key in STYLED}
    styles |= sheet.get(name, {})
    for one in node.attributes.get("class", "").split():
        styles |= sheet.get(f".{one}", {})
    styles |= sheet.get(f"#{node.attributes.get('id', '')}", {})
    styles |= declarations(node.attributes.get("style", ""), lost)
    return given | _styled(styles, lost)


def _styled(styles: Mapping[str, str], lost: set[str]) -> dict[str, str]:
    found = {}
    for key, value in styles.items():
        part = _PART.fullmatch(value.strip())
        if part:
            found[key] = f"url(#{part[1]})"
        elif "url" in value.lower() or "//" in value:
            lost.add("en henvisning ud af filen")
        elif _is_plain(value := re.sub("['\"]", "", value)):
            found[key] = " ".join(value.split())
    return found


def _is_plain(value: str) -> bool:
    """Whether a value is words and numbers only, and calls nothing unknown."""
    called = re.findall(r"([\w-]*)\s*\(", value)
    return bool(_VALUE.fullmatch(value)) and _FUNCTIONS.issuperset(called)


def _size(root: Node) -> tuple[float, float]:
    """Width and height of what is drawn, in its own units."""
    numbers = re.findall(
        r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?", root.attributes.get("viewBox", ""), re.I
    )
    if len(numbers) != 4:
        numbers = [
            re.sub("(px|pt|mm|cm|in)$", "", root.attributes.get(key, "").strip())
            for key in ("x", "y", "width", "height")
        ]
    try:
        width, height = float(numbers[2]), float(numbers[3])
    except ValueError:
        width = height = 0.0
    if not (0 < width <= 1e6 and 0 < height <= 1e6 and 0.1 <= width / height <= 12):
        raise UnfitLogo(
            "Tegningen siger ikke, hvor stor den er. Gem den igen med en viewBox, "
            "eller gem logoet som PNG."
        )
    return width, height


# --- how much there is to draw --------------------------------------------------------


def _bound(drawing: Node) -> None:
    """Refuse what refers to itself, or repeats itself beyond all measure.

    Ten references to ten references, and so on, are a small file and a dead browser.
    """
    named: dict[str, Node] = {}
    for one in drawing.all():
        # Of two parts with one name, a browser takes the first.
        named.setdefault(one.attributes.get("id", ""), one)
    known: dict[int, int] = {}

    def work(node: Node, above: frozenset[int]) -> int:
        if id(node) in above or len(above) > DEEPEST_CHAIN:
            raise UnfitLogo(_ROUND)
        if id(node) in known:
            return known[id(node)]
        inside = above | {id(node)}
        total = 1 + sum(len(one) for one in node.attributes.values()) // 500
        targets = [named[one] for one in _references(node) if one in named]
        for other in (*node.children, *targets):
            total += work(other, inside)
        known[id(node)] = total
        return total

    if work(drawing, frozenset()) > MOST_WORK:
        raise UnfitLogo(
            "Tegningen er for indviklet: dele af den gentages tusindvis af gange. "
            "Gem logoet som PNG."
        )


_ROUND = "Tegningen henviser til sig selv i ring. Gem logoet som PNG."


def _references(node: Node) -> Iterator[str]:
    if href := node.attributes.get("href"):
        yield href[1:]
    for value in node.attributes.values():
        if part := _PART.fullmatch(value):
            yield part[1]


# --- writing --------------------------------------------------------------------------


def _written(node: Node) -> Iterator[str]:
    yield f"<{node.name}"
    for key, value in sorted(node.attributes.items()):
        yield f" {key}={quoteattr(value)}"
    if not node.parts:
        yield "/>"
        return
    yield ">"
    for part in node.parts:
        if isinstance(part, str):
            yield escape(part)
        else:
            yield from _written(part)
    yield f"</{node.name}>"
