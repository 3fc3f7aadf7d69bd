"""A kommune's figures as a table: CSV as Danish Excel writes and reads it.

Bytes and text become cells by column; what the cells say is read by
:mod:`pejling.domain.content.figure_rows`.
"""

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_BYTES = 4_000_000
"""Larger than any table of a kommune: 5,000 rows take about 700,000."""

MOST_ROWS = 10_000
MOST_COLUMNS = 100
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicator_id": ("indikator",),
    "grade": ("klassetrin", "årgang"),
    "age": ("alder",),
    "area_type": ("niveau",),
    "area_name": ("område",),
    "season": ("sæson", "år"),
    "percent": ("procent", "pct", "%"),
    "n": ("antal",),
    "question_da": ("spørgsmål",),
    "answer_counted_da": ("svar talt med",),
    "source_title": ("kilde",),
    "source_url": ("link",),
    "note": ("bemærkning",),
}
"""Column -> what else it may be called; the first of them is the template's."""

REQUIRED = ("indicator_id", "area_type", "season", "percent", "source_title")


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and what to write.

    :ivar line: in the file, from 1; 0 where it is about the whole.
    """

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        at = f"Linje {self.line}" if self.line else "Hele filen"
        column = f", {self.column}" if self.column else ""
        value = f" ”{self.value}”" if self.value else ""
        return f"{at}{column}{value}: {self.message}"


class Unreadable(Exception):
    """The file cannot be read at all."""

    def __init__(self, message: str, line: int = 0, value: str = "") -> None:
        self.fault = Fault(line, "", value[:40], message)


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, or what spreadsheets write in Danish.

    :raises Unreadable: if it is too large, or no text.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("Filen er for stor. Gem kun arket med tallene som CSV.")
    if content.startswith(_SPREADSHEETS):
        raise Unreadable(
            "Det er et regneark. Vælg Gem som, og vælg CSV (semikolonsepareret)."
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # "Unicode-tekst" of Excel.
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        raise Unreadable("Det er ikke en CSV-fil. Gem tallene som CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Danish Excel writes on Windows, on a Mac and as "MS-DOS". The right one
        # has the most Danish letters; without any the first is as good as the others.
        texts = [content.decode(one, errors="replace") for one in _ENCODINGS]
        return max(texts, key=lambda text: sum(map(text.count, "æøåÆØÅ")))


_ENCODINGS = ("cp1252", "mac_roman", "cp850")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How xlsx, ods and docx begin, and the older xls."""


def cells(text: str) -> list[tuple[int, dict[str, str]]]:
    """Line and cells of each row, by the ids of ``COLUMNS``.

    :raises Unreadable: with the line where the table cannot be read.
    """
    text = re.sub(r"\A\ufeff?(?:sep=.\r?\n)?", "", text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";\t,", key=lambda one: (_known(first.split(one)), first.count(one)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    names: list[str] | None = None
    found: list[tuple[int, dict[str, str]]] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _header(cells, line)
                continue
            if len(cells) > len(names) and any(cells[len(names) :]):
                raise Unreadable(
                    f"Rækken har {len(cells)} felter, men overskriften {len(names)}. "
                    "Sæt anførselstegn om tekst med skilletegn i.",
                    line,
                )
            found.append((line, dict(zip(names, cells, strict=False))))
            if len(found) > MOST_ROWS:
                break
    except csv.Error:
        raise Unreadable(
            "Et anførselstegn mangler sin makker, eller et felt er for langt.", start
        ) from None
    if names is None:
        raise Unreadable("Filen er tom.")
    return found


def _known(cells: Sequence[str]) -> int:
    return sum(_column(cell) is not None for cell in cells)


def _column(name: str) -> str | None:
    plain = name.strip().strip('"').casefold()
    for column, aliases in COLUMNS.items():
        if plain == column or plain in aliases:
            return column
    return None


def _header(cells: Sequence[str], line: int) -> list[str]:
    names: list[str] = []
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(f"Der er over {MOST_COLUMNS} kolonner.", line)
    for cell in cells:
        column = _column(cell)
        if column is None and cell.strip():
            known = [name for aliases in COLUMNS.values() for name in aliases]
            raise Unreadable(
                f"Kolonnen kendes ikke.{did_you_mean(cell, [*COLUMNS, *known])} "
                "Første linje skal være skabelonens overskrifter.",
                line,
                cell.strip(),
            )
        if column is not None and column in names:
            raise Unreadable("Kolonnen står der to gange.", line, cell.strip())
        names.append(column or "")
    missing = [COLUMNS[name][0] for name in REQUIRED if name not in names]
    if missing:
        raise Unreadable(f"Kolonnen {missing[0]} mangler.", line)
    return names


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """A question after a word that is nearly a known one; "" where none is near."""
    close = difflib.get_close_matches(value.strip().casefold(), list(known), 1, 0.6)
    return f" Mente du {close[0]}?" if close else ""


# --- writing --------------------------------------------------------------------------


def write_rows(rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as Danish Excel opens it; what is written reads back as the same."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([aliases[0] for aliases in COLUMNS.values()])
    for row in rows:
        writer.writerow([row.get(name, "") for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")
