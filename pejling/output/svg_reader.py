"""XML read into a small tree, with limits, and without what XML can do besides.

By expat itself, as defusedxml does it: a document type with declarations of its own is
refused, so that no entity exists; depth and number are bounded while it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pejling.output.unfit_logo import UnfitLogo

DEEPEST, MOST_NODES = 40, 6_000
"""Elements within elements, and elements in all."""

ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252")
"""What a drawing may be written in."""


@dataclass
class Node:
    """An element: "namespace name" (or "name"), attributes, and what is in it."""

    name: str
    attributes: dict[str, str]
    parts: "list[Node | str]" = field(default_factory=list)

    @property
    def children(self) -> "list[Node]":
        """The elements right below it."""
        return [one for one in self.parts if isinstance(one, Node)]

    def all(self) -> "Iterator[Node]":
        """It, and all elements below it."""
        yield self
        for one in self.children:
            yield from one.all()


def read(raw: bytes) -> Node:
    """The root of a document.

    :raises UnfitLogo: with what is wrong with it.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, UnfitLogo):
            raise
        raise UnfitLogo(_UNREADABLE) from error
    if reader.root is None:
        raise UnfitLogo(_UNREADABLE)
    return reader.root


_UNREADABLE = "Filen kan ikke læses som SVG. Gem logoet igen, og prøv en gang til."


class _Reader:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _declaration(self, version: str, encoding: str | None, alone: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            raise UnfitLogo("Filens tegnsæt kan ikke læses. Gem den som UTF-8.")

    def _document_type(
        self, name: str, system: str | None, public: str | None, has_own: int
    ) -> None:
        # Many programs write the plain one, which is never fetched.
        if has_own:
            raise UnfitLogo(
                "Filen har erklæringer (DOCTYPE), som kan gemme på noget skadeligt. "
                "Gem logoet som almindelig SVG eller PNG."
            )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_NODES:
            raise UnfitLogo("Tegningen er for indviklet. Gem logoet som PNG.")
        node = Node(name, attributes)
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(re.sub(r"\s+", " ", text))
