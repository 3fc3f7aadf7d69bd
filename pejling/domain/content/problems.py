"""What is wrong in a file of the content: where, what, and what to write instead.

The texts are read by consultants, so they are in Danish.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Path = tuple[str | int, ...]
"""Where in a file: keys and places in lists, such as ``("spoergsmaal", 1, "andre")``;
``()`` is the file as a whole."""

_PLACES = {"spoergsmaal": "spørgsmål", "forloeb": "forløb"}


class Level(StrEnum):
    """Whether a file can be used all the same."""

    ERROR = "fejl"
    WARNING = "advarsel"


@dataclass(frozen=True)
class Problem:
    """One fault of a file: where, what, and what to write instead.

    :ivar rule: the rule's id, as ``docs/question_sets.md`` lists it.
    :ivar line: counted from 1; 0 where the whole file is meant.
    :ivar column: counted from 1; 0 where the whole line is meant.
    """

    file: str
    where: str
    what: str
    instead: str
    rule: str = ""
    level: Level = Level.ERROR
    path: Path = ()
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        line = f"linje {self.line}" if self.line else ""
        column = f"tegn {self.column}" if self.column else ""
        place = ", ".join(filter(None, (self.file, line, column, self.where)))
        return f"{place}: {self.what} {self.instead}".strip()

    def as_json(self) -> dict[str, Any]:
        """The problem as an editor reads it."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "where": self.where,
            "level": self.level.value,
            "rule": self.rule,
            "what": self.what,
            "instead": self.instead,
        }


class InvalidFile(ValueError):
    """A file that cannot be used; ``problems`` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def place_name(raw: Mapping[str, Any], path: Path) -> str:
    """A place in words: "spørgsmål 2 (vape)", "kilder 1", "" for the file itself."""
    if len(path) < 2 or not isinstance(path[1], int):
        return ""
    table, number = str(path[0]), path[1]
    name = f"{_PLACES.get(table, table)} {number + 1}"
    rows = raw.get(table)
    row = rows[number] if isinstance(rows, list) and number < len(rows) else None
    named = row.get("id") if isinstance(row, dict) else None
    return f"{name} ({named})" if isinstance(named, str) else name


def located(problems: Iterable[Problem], text: str) -> list[Problem]:
    """The problems with the line that each is about, in the order of the file."""
    # Not splitlines(): TOML knows no other end of a line, and editors count these.
    lines = text.split("\n")
    found = [
        one if one.line else replace(one, line=_line(lines, one.path))
        for one in problems
    ]
    return sorted(found, key=lambda one: one.line)


def _line(lines: Sequence[str], path: Path) -> int:
    """The line of a path in TOML as people write it: a key at the start of a line."""
    if not path:
        return 0
    if len(path) < 2 or not isinstance(path[1], int):
        return _key(lines, 0, str(path[0])) or next(iter(_tables(lines, path)), 0)
    tables = _tables(lines, path)
    if not tables:
        return _key(lines, 0, str(path[0]))
    header = tables[min(path[1], len(tables) - 1)]
    inside = next((one for one in path[1:] if isinstance(one, str)), "")
    return (_key(lines, header, inside) if inside else 0) or header


def _tables(lines: Sequence[str], path: Path) -> list[int]:
    """The lines of the tables ``[[name]]`` that a path begins with."""
    header = re.compile(rf"\s*\[\[\s*{re.escape(str(path[0]))}\s*\]\]")
    return [place for place, line in enumerate(lines, 1) if header.match(line)]


def _key(lines: Sequence[str], after: int, key: str) -> int:
    """The line of a key before the next table begins, 0 where it is not there."""
    for number, line in enumerate(lines[after:], after + 1):
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return number
        if re.match(r"\s*\[", line):
            break
    return 0
