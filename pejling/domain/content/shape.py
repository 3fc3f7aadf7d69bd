"""The shape of a content file: its keys, and reading them with every fault told.

A format is written down once, as fields; the reader, the JSON Schema and the checks of
the documentation all follow from it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pejling.domain.content.problems import Level, Path, Problem, place_name

_HIDDEN = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_JOINERS = re.compile(r"[\u200c\u200d]")
"""Persian and Kurdish are misspelt without the first, Sinhala without the second."""


class Notes:
    """Collects the problems of one file while it is read."""

    def __init__(self, file: str, raw: Mapping[str, Any]) -> None:
        self.file = file
        self.raw = raw
        self.problems: list[Problem] = []

    def say(
        self,
        rule: str,
        path: Path,
        what: str,
        instead: str,
        level: Level = Level.ERROR,
    ) -> None:
        """Write a problem down."""
        where = place_name(self.raw, path)
        self.problems.append(
            Problem(self.file, where, what, instead, rule, level, path)
        )

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the file from being used."""
        return [one for one in self.problems if one.level is Level.ERROR]


@dataclass(frozen=True)
class Field:
    """One key: what it means, and whether it may be left out.

    :ivar meaning: one sentence for an editor, in Danish.
    """

    key: str
    meaning: str
    needed: bool = True

    empty: Any = field(default=None, init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> Any:
        """The value, checked; a safe one of the right type where it is wrong."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Field):
    """A line of text of at most ``longest`` characters, or one of ``choices``.

    :ivar joiners: whether the two invisible marks that join letters may stand in it.
    """

    longest: int = 80
    choices: tuple[str, ...] = ()
    pattern: str = ""
    joiners: bool = False

    empty: str = field(default="", init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> str:
        """The text; "" or the first choice where it is wrong."""
        name = _name(path)
        if self.choices:
            if value in self.choices and isinstance(value, str):
                return value
            instead = f"Brug en af: {', '.join(self.choices)}."
            notes.say("choice", path, f"{name!r} er {shown(value)}.", instead)
            return self.choices[0]
        if not isinstance(value, str):
            notes.say(
                "type", path, f"{name!r} skal være tekst.", f'Skriv {name} = "…".'
            )
            return ""
        for what, instead in self._faults(name, value):
            notes.say("text", path, what, instead)
        if self.pattern and value and not re.fullmatch(self.pattern, value):
            notes.say(
                "id",
                path,
                f"{name} {shown(value)} kan ikke bruges.",
                "Brug a-z, 0-9 og _.",
            )
        return value

    def _faults(self, name: str, value: str) -> Iterable[tuple[str, str]]:
        if not value.strip():
            yield f"{name!r} er tom.", f'Skriv {name} = "…".'
        if value != value.strip():
            yield f"{name!r} har mellemrum i enden.", "Fjern dem."
        if len(value) > self.longest:
            yield (
                f"{name!r} er på {len(value)} tegn.",
                f"Skriv højst {self.longest} tegn.",
            )
        if _HIDDEN.search(_JOINERS.sub("", value) if self.joiners else value):
            yield f"{name!r} har usynlige tegn.", "Skriv teksten igen."


@dataclass(frozen=True)
class Whole(Field):
    """A whole number from ``low`` to ``high``, or one of ``choices``."""

    low: int = 0
    high: int = 9999
    choices: tuple[int, ...] = ()

    empty: int = field(default=0, init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> int:
        """The number; the lowest where it is wrong."""
        good = type(value) is int and self.low <= value <= self.high
        if good and (not self.choices or value in self.choices):
            return int(value)
        instead = f"Skriv et helt tal fra {self.low} til {self.high}."
        if self.choices:
            instead = f"Brug en af: {', '.join(map(str, self.choices))}."
        notes.say("choice", path, f"{_name(path)!r} er {shown(value)}.", instead)
        return self.choices[0] if self.choices else self.low


@dataclass(frozen=True)
class Flag(Field):
    """True or false."""

    empty: bool = field(default=False, init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> bool:
        """The value; false where it is wrong."""
        if isinstance(value, bool):
            return value
        what = f"{_name(path)!r} er {shown(value)}."
        notes.say("type", path, what, "Skriv true eller false.")
        return False


@dataclass(frozen=True)
class Many(Field):
    """A list of texts or numbers, each read by ``each``."""

    each: Text | Whole = field(default_factory=lambda: Text("", ""))
    least: int = 1
    most: int = 40

    empty: tuple[Any, ...] = field(default=(), init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> tuple[Any, ...]:
        """The values; none where it is no list."""
        name = _name(path)
        example = '"…"' if isinstance(self.each, Text) else str(self.each.low or 7)
        if not isinstance(value, list):
            what = f"{name!r} skal være en liste."
            notes.say("type", path, what, f"Skriv {name} = [{example}].")
            return ()
        if not self.least <= len(value) <= self.most:
            what = f"{name!r} har {len(value)}; det skal være en liste på "
            what += f"{self.least} til {self.most}."
            notes.say("count", path, what, f"Skriv {name} = [{example}].")
        if any(one in value[:place] for place, one in enumerate(value[: self.most])):
            what = f"{name!r} har det samme to gange."
            notes.say("count", path, what, "Slet det ene.")
        return tuple(
            self.each.read(notes, one, (*path, place))
            for place, one in enumerate(value[: self.most])
        )


@dataclass(frozen=True)
class Tables(Field):
    """Tables under one name, ``[[name]]``, each with ``fields``."""

    fields: tuple[Field, ...] = ()
    least: int = 1
    most: int = 200

    empty: tuple[Any, ...] = field(default=(), init=False)

    def read(self, notes: Notes, value: Any, path: Path) -> tuple[dict[str, Any], ...]:
        """The tables, each with every key."""
        name = _name(path)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            what = f"{name!r} skal være tabeller."
            notes.say("type", path, what, f"Skriv [[{name}]].")
            return ()
        if len(value) < self.least:
            what = f"{name!r} er tom."
            notes.say("count", path, what, f"Skriv mindst én [[{name}]].")
        if len(value) > self.most:
            what = f"{name!r}: Der er {len(value)}."
            notes.say("count", path, what, f"Brug højst {self.most}.")
        return tuple(
            read(notes, one, self.fields, (*path, place))
            for place, one in enumerate(value[: self.most])
        )


def read(
    notes: Notes, raw: Mapping[str, Any], fields: Sequence[Field], path: Path = ()
) -> dict[str, Any]:
    """Every key of ``fields`` with its value, or a safe one where it is wrong.

    :param path: where in the file ``raw`` stands.
    """
    known = {one.key for one in fields}
    for key in raw:
        if key not in known:
            instead = f"Brug en af: {', '.join(sorted(known))}."
            what = f"Nøglen {key!r} findes ikke."
            notes.say("unknown-key", (*path, key), what, instead)
    found = {}
    for one in fields:
        if one.key in raw:
            found[one.key] = one.read(notes, raw[one.key], (*path, one.key))
            continue
        if one.needed:
            what = f"{one.key!r} mangler."
            notes.say("missing-key", (*path, one.key), what, f"Skriv {one.key} = …")
        found[one.key] = _absent(one)
    return found


def _absent(one: Field) -> Any:
    choices = getattr(one, "choices", ())
    return choices[0] if choices else one.empty


def shown(value: Any) -> str:
    """A value as the file has it, short enough for one line."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = value.isoformat() if hasattr(value, "isoformat") else repr(value)
    except (ValueError, RecursionError):  # numbers and nests beyond all reason
        return "meget langt"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _name(path: Path) -> str:
    """The key that a path ends in."""
    return next(str(one) for one in reversed(path) if isinstance(one, str))


def schema(fields: Sequence[Field]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a table with these keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [one.key for one in fields if one.needed],
        "properties": {
            one.key: {"description": one.meaning, **_type(one)} for one in fields
        },
    }


def _type(one: Field) -> dict[str, Any]:
    match one:
        case Text(choices=choices) if choices:
            return {"type": "string", "enum": list(choices)}
        case Text(pattern=pattern) if pattern:
            return {
                "type": "string",
                "pattern": f"^(?:{pattern})$",
                "maxLength": one.longest,
            }
        case Text():
            return {"type": "string", "minLength": 1, "maxLength": one.longest}
        case Whole(choices=choices) if choices:
            return {"type": "integer", "enum": list(choices)}
        case Whole():
            return {"type": "integer", "minimum": one.low, "maximum": one.high}
        case Flag():
            return {"type": "boolean"}
        case Many():
            return {
                "type": "array",
                "items": _type(one.each),
                "minItems": one.least,
                "maxItems": one.most,
            }
        case Tables():
            return {
                "type": "array",
                "items": schema(one.fields),
                "minItems": one.least,
                "maxItems": one.most,
            }
    raise TypeError(one)
