"""The bytes of an SQLite file, page by page, as somebody who has a copy reads them.

Source: "Database File Format", https://www.sqlite.org/fileformat2.html, sections 1.3
(header), 1.6 (b-tree pages) and 2.1 (record format). Overflow pages are not read: no
row of the ballot box is that long.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

HEADER = 100
"""Bytes before the first page's b-tree."""

COUNTS_WRITES = (range(24, 28), range(40, 44), range(92, 96))
"""Bytes of the header that count writes to the whole file: change counter, schema
cookie (which VACUUM moves) and the counter at the last write."""

_INTERIOR_INDEX, _LEAF_INDEX = 2, 10
_WHOLE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True)
class Cell:
    """One row of a table without rowid, and where in the file it lies.

    :ivar page: number of its page, from 1.
    :ivar offset: of its first byte in the page. SQLite fills a page from its end, so
        of two rows the one that came later lies before the other.
    """

    page: int
    offset: int
    row: tuple[object, ...]


def tables(path: Path) -> dict[str, int]:
    """Table -> number of its root page."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        rows = conn.execute("select name, rootpage from sqlite_schema where rootpage")
        return dict(rows.fetchall())


def cells(raw: bytes, root: int) -> list[Cell]:
    """All rows of a table without rowid, in no order that means anything."""
    size = struct.unpack_from(">H", raw, 16)[0]
    todo, found = [root], []
    while todo:
        number = todo.pop()
        start = (number - 1) * size
        head = start + (HEADER if number == 1 else 0)
        kind = raw[head]
        if kind not in (_INTERIOR_INDEX, _LEAF_INDEX):
            raise ValueError(f"page {number} is of kind {kind}")
        is_inner = kind == _INTERIOR_INDEX
        (many,) = struct.unpack_from(">H", raw, head + 3)
        first = head + (12 if is_inner else 8)
        for offset in struct.unpack_from(f">{many}H", raw, first):
            at = start + offset
            if is_inner:
                todo.append(struct.unpack_from(">I", raw, at)[0])
                at += 4
            _, at = _varint(raw, at)
            found.append(Cell(number, offset, tuple(_record(raw, at))))
        if is_inner:
            todo.append(struct.unpack_from(">I", raw, head + 8)[0])
    return found


def without_counts(raw: bytes) -> bytes:
    """The file without the bytes that count writes: they tell how many, not which."""
    kept = bytearray(raw)
    for span in COUNTS_WRITES:
        kept[span.start : span.stop] = bytes(len(span))
    return bytes(kept)


def files(folder: Path, name: str) -> dict[str, bytes]:
    """A database and whatever SQLite keeps beside it: file name -> bytes."""
    return {one.name: one.read_bytes() for one in sorted(folder.glob(f"{name}*"))}


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = raw[at + place]
        if place == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            break
    return value, at + place + 1


def _record(raw: bytes, at: int) -> Iterator[object]:
    size, kinds_at = _varint(raw, at)
    body = at + size
    while kinds_at < at + size:
        kind, kinds_at = _varint(raw, kinds_at)
        if kind >= 12:
            length = (kind - 12) // 2
            chunk = raw[body : body + length]
            yield chunk.decode() if kind % 2 else chunk
        elif kind in (8, 9):
            length = 0
            yield kind - 8
        else:
            length = _WHOLE.get(kind, 0)
            whole = int.from_bytes(raw[body : body + length], "big", signed=True)
            yield whole if kind else None
        body += length
