"""Pools: what the classes of past school years answered together, frozen."""

from collections.abc import Collection, Iterable

from sqlite_utils import Database

from pejling.domain import grades, pooling
from pejling.domain.benchmarks import Figure, Level, Use
from pejling.domain.pooling import Pool
from pejling.domain.question_sets import Fit, Triad
from pejling.storage.connections import write

SOURCE = "Klassernes egne svar i Pejling, lagt sammen"
CAVEAT = "Det er de klasser, der har brugt Pejling, og ikke hele kommunen"


def is_frozen(db: Database, year: int) -> bool:
    """Whether the pools of a school year have been made."""
    found = db.conn.execute("select 1 from pool_year where year = ?", [year])
    return found.fetchone() is not None


def freeze(db: Database, year: int, pools: Iterable[Pool]) -> None:
    """Keep the pools of a school year; one that is frozen stays as it is."""
    with write(db):
        fresh = db.conn.execute(
            "insert or ignore into pool_year (year) values (?)", [year]
        ).rowcount
        if not fresh:
            return
        db.conn.executemany(
            "insert into pool (year, grade, triad, wording, asked, classes, answers,"
            " percent) values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(year, one.grade, one.triad, one.wording, one.asked),
                    *(one.classes, one.answers, one.percent),
                )
                for one in pools
            ],
        )


def figures(db: Database, triads: Collection[Triad], grade: int) -> dict[str, Figure]:
    """Triad id -> the newest pool of the same question and årgang, as a figure."""
    wanted = {
        one.id: pooling.wording_of(one) for one in triads if pooling.may_pool(one)
    }
    rows = db.conn.execute(
        "select triad, wording, year, classes, answers, percent from pool"
        " where grade = ? order by year",
        [grade],
    )
    return {
        triad: _figure(triad, grade, *numbers)
        for triad, wording, *numbers in rows
        if wanted.get(triad) == wording
    }


def everything(db: Database) -> list[tuple[int, Pool]]:
    """All pools with their school year, the newest first."""
    rows = db.conn.execute(
        "select year, grade, triad, wording, asked, classes, answers, percent"
        " from pool order by year desc, grade, asked"
    )
    return [(year, Pool(*cells)) for year, *cells in rows]


def _figure(
    triad: str, grade: int, year: int, classes: int, answers: int, percent: int
) -> Figure:
    return Figure(
        id=f"pulje.{triad}.{grade}.{year}",
        indicator="",
        percent=float(percent),
        is_rounded=True,
        population=grades.grade_name(grade),
        grades=(grade, grade) if grade != grades.YOUTH_EDUCATION else None,
        ages=None,
        is_for_all=True,
        level=Level.KOMMUNE,
        area=f"{classes} af kommunens klasser",
        year=year,
        n=answers,
        match=Fit.EXACT,
        use=Use.BENCHMARK,
        question="",
        counted="",
        caveat=CAVEAT,
        source=SOURCE,
        publisher="",
        url="",
        is_pooled=True,
    )
