"""The kommune's own figures: entered in batches, each of which can be taken back."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from pejling.domain.benchmarks import Figure, Level, Use, shipped
from pejling.domain.content.figure_rows import Row
from pejling.domain.question_sets import Fit
from pejling.storage.connections import write


@dataclass(frozen=True)
class Batch:
    """What was entered at once.

    :ivar day: ISO date.
    :ivar count: how many figures are in it.
    """

    id: int
    day: str
    name: str
    count: int


class NoSuchBatch(LookupError):
    """No batch has this id, or it has been taken back already."""


def add(
    db: Database, rows: Sequence[Row], name: str, day: str, account: int | None
) -> int:
    """Write a batch, all of it or nothing; its id."""
    with write(db):
        batch = db.conn.execute(
            "insert into figure_batch (day, account, name) values (?, ?, ?)",
            [day, account, name],
        ).lastrowid
        db.conn.executemany(
            "insert into figure (batch, key, indicator, percent, grade_min, grade_max,"
            " age_min, age_max, level, area, season, year, n, question, counted,"
            " source, url, note)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    batch,
                    row.key,
                    row.indicator,
                    row.percent,
                    *(row.grades or (None, None)),
                    *(row.ages or (None, None)),
                    row.level.value,
                    row.area,
                    row.season,
                    row.year,
                    row.n,
                    row.question,
                    row.counted,
                    row.source,
                    row.url,
                    row.note,
                )
                for row in rows
            ],
        )
    return int(batch or 0)


def take_back(db: Database, batch: int) -> None:
    """Take a batch back: what it stood in front of is there again.

    :raises NoSuchBatch: if there is none.
    """
    with write(db):
        gone = db.conn.execute(
            "delete from figure_batch where id = ?", [batch]
        ).rowcount
        if not gone:
            raise NoSuchBatch


def batches(db: Database) -> list[Batch]:
    """All batches, the newest first."""
    rows = db.conn.execute(
        "select id, day, name, (select count(*) from figure where batch = b.id)"
        " from figure_batch b order by id desc"
    )
    return [Batch(*row) for row in rows]


def about(db: Database, indicators: Collection[str]) -> list[Figure]:
    """The kommune's figures of some indicators."""
    return [_figure(*one) for one in _read(db, json.dumps(sorted(indicators)))]


def known(db: Database, indicators: Collection[str]) -> list[Figure]:
    """The kommune's figures of some indicators, and those that ship."""
    wanted = {one for one in indicators if one}
    if not wanted:
        return []
    ours = about(db, wanted)
    return [*ours, *(one for one in shipped() if one.indicator in wanted)]


def everything(db: Database) -> list[Figure]:
    """All figures of the kommune that hold now."""
    return [_figure(*one) for one in _read(db, None)]


def rows(db: Database) -> list[Row]:
    """The same as they were entered."""
    return [row for _, row in _read(db, None)]


def keys(db: Database) -> dict[str, float]:
    """Key -> percent of all figures that hold now: what a new batch may replace."""
    rows = db.conn.execute(
        "select key, percent from figure where id in"
        " (select max(id) from figure group by key)"
    )
    return dict(rows.fetchall())


def _read(db: Database, indicators: str | None) -> list[tuple[int, Row]]:
    """Id and row of what no later batch stands in front of.

    :param indicators: as a JSON list; None for all.
    """
    found = db.conn.execute(
        "select id, indicator, percent, grade_min, grade_max, age_min, age_max, level,"
        " area, season, year, n, question, counted, source, url, note from figure"
        " where (? is null or indicator in (select value from json_each(?)))"
        " and not exists (select 1 from figure later"
        " where later.key = figure.key and later.id > figure.id) order by id",
        [indicators, indicators],
    )
    return [(row[0], _row(row[1:])) for row in found]


def _row(cells: Sequence[Any]) -> Row:
    return Row(
        indicator=cells[0],
        percent=cells[1],
        grades=(cells[2], cells[3]) if cells[2] is not None else None,
        ages=(cells[4], cells[5]) if cells[4] is not None else None,
        level=Level(cells[6]),
        area=cells[7],
        season=cells[8],
        year=cells[9],
        n=cells[10],
        question=cells[11],
        counted=cells[12],
        source=cells[13],
        url=cells[14],
        note=cells[15],
    )


def _figure(number: int, row: Row) -> Figure:
    return Figure(
        id=f"egen-{number}",
        indicator=row.indicator,
        percent=row.percent,
        is_rounded=False,
        population=_population(row.grades, row.ages),
        grades=row.grades,
        ages=row.ages,
        is_for_all=True,
        level=row.level,
        area=row.area,
        year=row.year,
        n=row.n,
        # The kommune answers for its figure being about the indicator's words.
        match=Fit.EXACT,
        use=Use.BENCHMARK,
        question=row.question,
        counted=row.counted,
        caveat=row.note,
        source=row.source,
        publisher="",
        url=row.url,
        entry=number,
    )


def _population(grades: tuple[int, int] | None, ages: tuple[int, int] | None) -> str:
    if grades:
        first, last = grades
        return f"{first}. årgang" if first == last else f"{first}.-{last}. årgang"
    first, last = ages or (0, 0)
    return f"{first} år" if first == last else f"{first}-{last} år"
