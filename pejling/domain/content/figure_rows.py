"""Reading a kommune's own figures: from CSV as Danish Excel writes it, or from a form.

Every fault is told with its line, column, value and what to write instead; a file with
one fault gives no rows at all. Rules and names of the columns: docs/benchmarks.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pejling.domain.benchmarks import Level, indicators
from pejling.domain.content import figure_table
from pejling.domain.content.figure_table import (
    COLUMNS,
    MOST_ROWS,
    REQUIRED,
    Fault,
    Unreadable,
    did_you_mean,
)
from pejling.domain.disclosure import END
from pejling.domain.kommune import area_key

T = TypeVar("T")

LEAST_N = 10
"""Respondents below which a figure is refused (own rule, as for a class)."""

SCHOOL_N = 20
"""The same for one årgang of one school, which describes pupils that people know."""

FEW_N = 50
"""Below this a figure is taken, with a warning (own rule)."""

OLDEST_YEAR = 2000

_LEVELS: Mapping[str, Level] = {
    **{level.value: level for level in Level},
    "skole": Level.SCHOOL,
    "land": Level.NATIONAL,
    "landsplan": Level.NATIONAL,
    "hele landet": Level.NATIONAL,
}

_TEXTS: Mapping[str, int] = {
    "area_name": 60,
    "question_da": 300,
    "answer_counted_da": 200,
    "source_title": 120,
    "source_url": 300,
    "note": 160,
}
"""Column -> characters that it may have."""


@dataclass(frozen=True)
class Row:
    """One figure of the kommune, read and found good.

    :ivar percent: 0-100.
    :ivar grades: årgange, first and last; ``ages`` years, where the source gives them.
    :ivar season: "2025/26" or "2025"; ``year`` its first year.
    :ivar n: respondents, at least 10, where it is known.
    """

    indicator: str
    percent: float
    grades: tuple[int, int] | None
    ages: tuple[int, int] | None
    level: Level
    area: str
    season: str
    year: int
    n: int | None
    question: str
    counted: str
    source: str
    url: str
    note: str

    @property
    def key(self) -> str:
        """Two rows with one key say the same thing."""
        who = "-".join(map(str, (*(self.grades or ("", "")), *(self.ages or ("", "")))))
        area = area_key(unicodedata.normalize("NFC", self.area))
        where = f"{self.level}:{area}"
        return f"{self.indicator}|{who}|{where}|{self.year}"


@dataclass(frozen=True)
class Reading:
    """What was read: rows and warnings, or faults."""

    rows: Sequence[Row] = ()
    faults: Sequence[Fault] = ()
    warnings: Sequence[Fault] = ()


def read_file(content: bytes, this_year: int, *, small: bool = False) -> Reading:
    """The rows of a CSV file.

    :param small: whether values that are all below 1 really are per cent.
    """
    try:
        return read_text(figure_table.decoded(content), this_year, small=small)
    except Unreadable as stopped:
        return Reading(faults=[stopped.fault])


def read_text(text: str, this_year: int, *, small: bool = False) -> Reading:
    """The rows of a table as text: a file's, or pasted from a spreadsheet."""
    try:
        return read_cells(figure_table.cells(text), this_year, small=small)
    except Unreadable as stopped:
        return Reading(faults=[stopped.fault])


def read_cells(
    table: Iterable[tuple[int, Mapping[str, str]]],
    this_year: int,
    *,
    small: bool = False,
) -> Reading:
    """The rows of a table whose cells are known by column: a form's, for example.

    :param table: line and cells, by the ids of ``COLUMNS``; lines without a word in
        them are passed over.
    """
    reader = _Reader(this_year, small)
    lines = [
        (line, {name: " ".join(cell.split()) for name, cell in cells.items()})
        for line, cells in table
    ]
    lines = [(line, cells) for line, cells in lines if any(cells.values())]
    if not lines:
        return Reading(faults=[Fault(0, "", "", "Der er ingen rækker med tal.")])
    if len(lines) > MOST_ROWS:
        message = f"Der er over {MOST_ROWS} rækker. Del filen i flere."
        return Reading(faults=[Fault(0, "", "", message)])
    reader.look_at_percents(lines)
    rows = [reader.row(line, cells) for line, cells in lines]
    if reader.faults:
        return Reading(faults=sorted(reader.faults, key=lambda one: one.line))
    return Reading([one for one in rows if one is not None], (), reader.warnings)


class _Wrong(Exception):
    """A cell that cannot be right; the message says what to write."""


class _Reader:
    """Reads rows, and keeps what is wrong with them."""

    def __init__(self, this_year: int, small: bool) -> None:
        self.this_year = this_year
        self.small = small
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.lines: dict[str, int] = {}

    def look_at_percents(self, lines: Sequence[tuple[int, Mapping[str, str]]]) -> None:
        """Decimal marks that are mixed, and shares in place of per cent."""
        cells = [(line, cells.get("percent", "")) for line, cells in lines]
        marks = {
            found[1]: line
            for line, cell in cells
            if (found := re.search(r"[0-9]([.,])[0-9]", cell))
        }
        if len(marks) == 2:
            self._tell(
                max(marks.values()),
                "percent",
                "",
                "Både komma og punktum er brugt som decimaltegn. Brug komma.",
            )
            return
        values = [_plain_number(cell) for _, cell in cells]
        known = [one for one in values if one is not None]
        if known and 0 < max(known) <= 1 and not self.small:
            self._tell(
                0,
                "percent",
                "",
                "Ingen tal er over 1. Er det andele, så skriv procent: 12,5 i stedet "
                "for 0,125. Er det virkelig under 1 procent, så bekræft det.",
            )

    def row(self, line: int, cells: Mapping[str, str]) -> Row | None:
        """One row, or None where something is wrong in it."""
        before = len(self.faults)
        level = self._cell(line, cells, "area_type", _level)
        texts = self._texts(line, cells, level)
        season = self._cell(line, cells, "season", self._season)
        grades = self._cell(line, cells, "grade", _grades)
        ages = self._cell(line, cells, "age", _ages)
        if not cells.get("grade") and not cells.get("age"):
            self._tell(
                line, "grade", "", "Skriv klassetrin, for eksempel 7 eller 7 til 9."
            )
        n = self._cell(line, cells, "n", _respondents)
        indicator = self._cell(line, cells, "indicator_id", _indicator)
        percent = self._cell(line, cells, "percent", _percent)
        if not texts["source_title"] and len(self.faults) == before:
            self._tell(line, "source_title", "", "Skriv, hvor tallet kommer fra.")
        if level is Level.SCHOOL and percent is not None:
            self._look_at_school(line, percent, n)
        if len(self.faults) > before:
            return None
        if level is None or season is None or indicator is None or percent is None:
            return None  # told already
        row = Row(
            indicator=indicator,
            percent=percent,
            grades=grades,
            ages=ages,
            level=level,
            area=texts["area_name"],
            season=season[0],
            year=season[1],
            n=n,
            question=texts["question_da"],
            counted=texts["answer_counted_da"],
            source=texts["source_title"],
            url=texts["source_url"],
            note=texts["note"],
        )
        return self._once(line, row)

    def _texts(
        self, line: int, cells: Mapping[str, str], level: Level | None
    ) -> dict[str, str]:
        """The cells that hold words, "" where one is empty or wrong."""
        texts = {
            name: self._cell(line, cells, name, partial(_text, most=most)) or ""
            for name, most in _TEXTS.items()
        }
        if not cells.get("area_name"):
            if level is Level.NATIONAL:
                texts["area_name"] = "Danmark"
            elif level is not None:
                self._tell(
                    line, "area_name", "", "Skriv, hvilket område tallet gælder."
                )
        if level is Level.KOMMUNE and texts["area_name"].casefold() == "danmark":
            self._tell(
                line, "area_type", "kommune", "Danmark er ikke en kommune. Skriv land."
            )
        if texts["source_url"] and not re.match(r"https?://\S+$", texts["source_url"]):
            self._tell(
                line,
                "source_url",
                texts["source_url"],
                "Skriv hele adressen med https.",
            )
        return texts

    def _look_at_school(self, line: int, percent: float, n: int | None) -> None:
        """Of one årgang at one school few are nobody else: as in a class."""
        if n is None or n < SCHOOL_N:
            self._tell(
                line,
                "n",
                "" if n is None else str(n),
                f"For en skole skal antal svar stå der, mindst {SCHOOL_N}.",
            )
        elif not END < percent * n / 100 < n - END:
            self._tell(
                line,
                "percent",
                f"{percent:g}",
                "Så få eller så mange på én skole kan pege på elever. Udelad rækken.",
            )

    def _once(self, line: int, row: Row) -> Row | None:
        if row.key in self.lines:
            self._tell(
                line,
                "indicator_id",
                row.indicator,
                f"Samme indikator, klassetrin, område og sæson står på linje "
                f"{self.lines[row.key]}. Behold den ene.",
            )
            return None
        self.lines[row.key] = line
        if row.n is not None and row.n < FEW_N:
            self.warnings.append(
                Fault(line, "antal", str(row.n), "Få svar: tallet er usikkert.")
            )
        return row

    def _cell(
        self,
        line: int,
        cells: Mapping[str, str],
        name: str,
        read: Callable[[str], T],
    ) -> T | None:
        value = cells.get(name, "")
        if not value and name not in REQUIRED:
            return None
        try:
            return read(value)
        except _Wrong as wrong:
            self._tell(line, name, value, str(wrong))
            return None

    def _tell(self, line: int, name: str, value: str, message: str) -> None:
        self.faults.append(Fault(line, COLUMNS[name][0], value[:40], message))

    def _season(self, value: str) -> tuple[str, int]:
        read = re.fullmatch(r"(\d{4})(?:\s*/\s*(\d{4}|\d{2}))?", value)
        if read is None and _is_date(value):
            raise _Wrong(
                "Et regneark har lavet feltet om til en dato. Skriv kun det første år."
            )
        if read is None or not value.isascii():
            raise _Wrong("Skriv skoleåret som 2025/26, eller et årstal.")
        year = int(read[1])
        following = (year + 1, (year + 1) % 100)
        if read[2] and int(read[2]) != following[len(read[2]) == 2]:
            raise _Wrong("Et skoleår er to år i træk, for eksempel 2025/26.")
        if not OLDEST_YEAR <= year <= self.this_year:
            raise _Wrong(f"Året skal ligge mellem {OLDEST_YEAR} og {self.this_year}.")
        return (f"{year}/{(year + 1) % 100:02d}" if read[2] else str(year)), year


def _indicator(value: str) -> str:
    name = value.casefold()
    if name in indicators():
        return name
    labels = {one.label.casefold(): one.id for one in indicators().values()}
    if name in labels:
        return labels[name]
    hint = did_you_mean(value, indicators())
    raise _Wrong(f"Indikatoren findes ikke.{hint} Listen står på siden Tal og kilder.")


def _grades(value: str) -> tuple[int, int]:
    plain = re.sub(r"\.?\s*(klasse|årgang|kl)?\.?$", "", value.casefold())
    plain = re.sub(r"\.(?!\d)", "", plain)
    first, last = _two_numbers(plain, "klassetrin", "7 eller 7 til 9")
    if last == 11:
        raise _Wrong(
            "Klassetrin går til 10. Ungdomsuddannelse skrives med alder, som 15 til 25."
        )
    if not 0 <= first <= last <= 10:
        raise _Wrong("Klassetrin går fra 0 til 10, det laveste først.")
    return first, last


def _ages(value: str) -> tuple[int, int]:
    plain = value.casefold().removesuffix("år").strip()
    first, last = _two_numbers(plain, "alder", "15 eller 15 til 25")
    if not 5 <= first <= last <= 30:
        raise _Wrong("Alder går fra 5 til 30, den laveste først.")
    return first, last


def _two_numbers(value: str, what: str, example: str) -> tuple[int, int]:
    read = re.fullmatch(
        r"([0-9]{1,2})(?:\s*(?:[-–]|til)\s*([0-9]{1,2}))?", value.strip()
    )
    if read is None and _is_date(value):
        raise _Wrong(f"Et regneark har lavet feltet om til en dato. Skriv {example}.")
    if read is None:
        raise _Wrong(f"Skriv {what} som {example}.")
    return int(read[1]), int(read[2] or read[1])


_MONTHS = "jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec"


def _is_date(value: str) -> bool:
    """Whether a spreadsheet has read a span as a day: 7-9 becomes 07-09-2026."""
    parts = re.split(r"[-./\s]+", value.strip().casefold().strip("."))
    is_named = any(re.match(_MONTHS, part) for part in parts)
    is_whole = len(parts) == 3 and all(map(str.isdecimal, parts))
    return is_whole or (is_named and len(parts) in (2, 3))


def _level(value: str) -> Level:
    level = _LEVELS.get(value.casefold())
    if level is None:
        raise _Wrong("Skriv skole, kommune, region eller land.")
    return level


def _plain_number(value: str) -> float | None:
    plain = re.sub(r"\s*(%|pct\.?|procent)$", "", value.casefold())
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?", plain):
        return None
    return float(plain.replace(",", "."))


def _percent(value: str) -> float:
    number = _plain_number(value)
    if number is None:
        raise _Wrong("Skriv kun tallet, med højst to decimaler, for eksempel 12,5.")
    if number > 100:
        raise _Wrong("Procent går fra 0 til 100.")
    return number


def _respondents(value: str) -> int:
    plain = re.sub(r"(?<=\d)[. ](?=\d{3}\b)", "", value)
    if not re.fullmatch(r"[0-9]{1,7}", plain):
        raise _Wrong("Skriv antal svar som et helt tal, eller lad feltet stå tomt.")
    if int(plain) < LEAST_N:
        raise _Wrong(f"Tal fra under {LEAST_N} svar må ikke bruges.")
    return int(plain)


def _text(value: str, most: int) -> str:
    if len(value) > most:
        raise _Wrong(f"Skriv højst {most} tegn.")
    if not value.isprintable() or "\ufffd" in value:
        raise _Wrong("Der er tegn, der ikke kan læses. Skriv feltet igen.")
    if "<" in value or ">" in value:
        raise _Wrong("Skriv uden < og >.")
    if value[:1] in ("=", "+", "-", "@"):
        raise _Wrong("Feltet begynder som en formel. Skriv det som tekst.")
    return value


# --- writing --------------------------------------------------------------------------

EXAMPLES: Sequence[Mapping[str, str]] = tuple(
    {
        "indicator_id": "sext_self_12m",
        "grade": grade,
        "area_type": "kommune",
        "area_name": "Stevns",
        "season": "2020/21",
        "percent": percent,
        "answer_counted_da": "Ja",
        "source_title": "Ungeprofilundersøgelsen 2020/21",
    }
    for grade, percent in (("7", "13"), ("8", "12"), ("9", "20"))
)
"""Rows to show how it is written; the figures were read in navisen.dk (Stevns)."""


def cells_of(row: Row) -> dict[str, str]:
    """A row as it is written in a file."""
    return {
        "indicator_id": row.indicator,
        "grade": _written(row.grades),
        "age": _written(row.ages),
        "area_type": "land" if row.level is Level.NATIONAL else row.level.value,
        "area_name": row.area,
        "season": row.season,
        "percent": f"{row.percent:.2f}".rstrip("0").rstrip(".").replace(".", ","),
        "n": "" if row.n is None else str(row.n),
        "question_da": row.question,
        "answer_counted_da": row.counted,
        "source_title": row.source,
        "source_url": row.url,
        "note": row.note,
    }


def _written(span: tuple[int, int] | None) -> str:
    if span is None:
        return ""
    first, last = span
    # "7-9" would be the seventh of September to a spreadsheet.
    return str(first) if first == last else f"{first} til {last}"
