"""A kommune's own figures as they come: Excel's CSV, pasted text, a form."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling.domain.benchmarks import Level, indicators
from pejling.domain.content import figure_rows, figure_table
from pejling.domain.content.figure_rows import Row, cells_of, read_file, read_text
from pejling.domain.content.figure_table import write_rows

YEAR = 2026
HEADER = "indikator;klassetrin;niveau;område;sæson;procent;antal;kilde"
GOOD = "vape_last_30d;7;kommune;Stevns;2025/26;12,5;200;Ungeprofilen 2025/26"


def read(*lines: str, header: str = HEADER, **how):
    return read_text("\n".join([header, *lines]), YEAR, **how)


def faults(*lines: str, **how) -> list[str]:
    return [str(one) for one in read(*lines, **how).faults]


def changed(place: int, value: str) -> str:
    cells = GOOD.split(";")
    cells[place] = value
    return ";".join(cells)


def test_row_as_danish_excel_writes_it():
    (row,) = read(GOOD).rows
    assert row == Row(
        indicator="vape_last_30d",
        percent=12.5,
        grades=(7, 7),
        ages=None,
        level=Level.KOMMUNE,
        area="Stevns",
        season="2025/26",
        year=2025,
        n=200,
        question="",
        counted="",
        source="Ungeprofilen 2025/26",
        url="",
        note="",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, end: str):
    text = end.join([HEADER, changed(3, "Ærø"), ""])
    (row,) = read_file(text.encode(encoding), YEAR).rows
    assert row.area == "Ærø"


@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_delimiters(mark: str):
    text = f"{HEADER}\n{changed(5, '12')}".replace(";", mark)
    assert len(read_text(text, YEAR).rows) == 1


def test_english_ids_and_any_order_of_columns():
    header = "percent;season;source_title;indicator_id;grade;area_type;area_name"
    (row,) = read("12;2024;K;vape_ever;7-9;national;", header=header).rows
    assert (row.grades, row.area, row.season, row.year) == (
        (7, 9),
        "Danmark",
        "2024",
        2024,
    )


def test_quoted_line_break_keeps_the_line_numbers():
    header = HEADER + ";bemærkning"
    lines = [GOOD + ';"to\nlinjer"', changed(0, "vape") + ";"]
    (fault,) = read(*lines, header=header).faults
    assert fault.line == 4
    (row,) = read(lines[0], header=header).rows
    assert row.note == "to linjer"


# Written by LibreOffice Calc 7.4 with a Danish locale, from one sheet.
SHEETS = Path(__file__).parent / "data" / "regneark"


@pytest.mark.parametrize(
    "name",
    [
        "calc-utf8-semikolon.csv",
        "calc-windows1252-semikolon.csv",
        "calc-macintosh-semikolon.csv",
        "calc-dos850-semikolon.csv",
        "calc-utf8-komma-citeret.csv",
        "calc-utf16-tabulator.csv",
    ],
)
def test_files_of_a_spreadsheet_program(name: str):
    reading = read_file((SHEETS / name).read_bytes(), YEAR)
    assert not reading.faults
    assert [(one.indicator, one.percent, one.n, one.year) for one in reading.rows] == [
        ("alcohol_last_30d", 12.5, 210, 2025),
        ("alcohol_last_30d", 31, 198, 2025),
        ("alcohol_drunk_ever", 47.25, 187, 2025),
        ("vape_last_30d", 8.4, 1510, 2025),
        ("cannabis_ever", 33, 900, 2024),
        ("bullied_sometimes", 9, None, 2025),
    ]
    assert [one.area for one in reading.rows] == (
        ["Øby", "Øby", "Øby", "Region Prøve", "Danmark", "Øby"]
    )
    assert reading.rows[1].note == 'Kun "store" skoler; de små deltog ikke'
    assert reading.rows[2].note == "Første linje anden linje"
    assert (reading.rows[3].grades, reading.rows[4].ages) == ((7, 9), (16, 24))


@pytest.mark.parametrize("name", ["calc.xlsx", "calc.xls", "calc.ods"])
def test_sheets_themselves_are_refused_with_the_way_out(name: str):
    (fault,) = read_file((SHEETS / name).read_bytes(), YEAR).faults
    assert "Det er et regneark. Vælg Gem som, og vælg CSV" in str(fault)


def test_span_that_the_spreadsheet_made_a_day_of_is_told():
    content = (SHEETS / "calc-klassetrin-som-dato.csv").read_bytes()
    (fault,) = read_file(content, YEAR).faults
    # The fifth row, after one with a line break in it.
    assert (fault.line, fault.column, fault.value) == (6, "klassetrin", "07-09-2026")
    assert "Skriv 7 eller 7 til 9" in fault.message


def test_what_is_written_is_no_date_to_a_spreadsheet():
    (row,) = read(changed(1, "7-9")).rows
    assert cells_of(row)["grade"] == "7 til 9"
    assert read(changed(1, "7 til 9")).rows == [row]


@pytest.mark.parametrize(
    "typed", ["12,5", "12.5", "12,5 %", "12,5%", " 12,5 ", "12,5 pct."]
)
def test_percents_as_they_are_typed(typed: str):
    (row,) = read(changed(5, typed)).rows
    assert row.percent == 12.5


@pytest.mark.parametrize(
    ("place", "typed", "says"),
    [
        (0, "vape_30", "Mente du vape_last_30d"),
        (0, "", "Indikatoren findes ikke"),
        (1, "11", "Ungdomsuddannelse skrives med alder"),
        (1, "07-09-2026", "lavet feltet om til en dato. Skriv 7 eller 7 til 9"),
        (1, "07-sep", "lavet feltet om til en dato"),
        (1, "sep. 7", "lavet feltet om til en dato"),
        (4, "dec-11", "lavet feltet om til en dato. Skriv kun det første år"),
        (4, "01-12-2011", "lavet feltet om til en dato"),
        (1, "syvende", "Skriv klassetrin som 7 eller 7 til 9"),
        (1, "9-7", "det laveste først"),
        (1, "", "Skriv klassetrin"),
        (2, "by", "Skriv skole, kommune, region eller land"),
        (3, "", "hvilket område"),
        (3, "x" * 61, "højst 60 tegn"),
        (4, "26/25", "Skriv skoleåret som 2025/26"),
        (4, "2025/27", "to år i træk"),
        (4, "1999", "mellem 2000 og 2026"),
        (4, "2027", "mellem 2000 og 2026"),
        (5, "101", "fra 0 til 100"),
        (5, "-1", "Skriv kun tallet"),
        (5, "ca. 12", "Skriv kun tallet"),
        (5, "12,345", "højst to decimaler"),
        (1, "1.0", "Skriv klassetrin som 7 eller 7 til 9"),
        (3, "Danmark", "Danmark er ikke en kommune"),
        (4, "2025/1926", "to år i træk"),
        (5, "٣", "Skriv kun tallet"),
        (5, "1e1", "Skriv kun tallet"),
        (5, "", "Skriv kun tallet"),
        (6, "3", "under 10 svar må ikke bruges"),
        (6, "mange", "Skriv antal svar som et helt tal"),
        (7, "", "hvor tallet kommer fra"),
        (7, "<b>K</b>", "Skriv uden < og >"),
        (7, "=1+1", "begynder som en formel"),
        (7, "@K", "begynder som en formel"),
    ],
)
def test_what_cannot_be_right_is_told_with_line_and_value(place, typed, says):
    reading = read(GOOD, changed(place, typed).replace("2025/26;", "2025/26;"))
    # The second row must not be told as a repetition of the first.
    wrong = [str(one) for one in reading.faults]
    assert len(wrong) == 1, wrong
    assert says in wrong[0]
    assert wrong[0].startswith("Linje 3")
    assert typed[:20] in wrong[0]
    assert reading.rows == ()


def test_every_fault_is_told_at_once():
    lines = [changed(0, "x"), changed(5, "101"), changed(4, "26/25")]
    assert [one.line for one in read(*lines).faults] == [2, 3, 4]


def test_same_row_twice_is_an_error():
    (fault,) = faults(GOOD, GOOD.replace("12,5", "13,5").replace("Stevns", "STEVNS"))
    assert "står på linje 2" in fault


@pytest.mark.parametrize("name", ["Stevns Kommune", "STEVNS", "stevns kommune"])
def test_spellings_of_one_kommune_are_one(name: str):
    assert "står på linje 2" in faults(GOOD, changed(3, name))[0]
    aarhus = [changed(3, one) for one in ("Aarhus", "Århus")]
    assert "står på linje 2" in faults(*aarhus)[0]
    assert "står på linje 2" in faults(GOOD, changed(4, "2025"))[0]


def test_figure_of_a_school_needs_its_respondents():
    school = changed(2, "skole").replace("12,5;200", "25;{}")
    assert not faults(school.format("60"))
    assert "mindst 20" in faults(school.format(""))[0]
    assert "mindst 20" in faults(school.format("19"))[0]
    assert "pege på elever" in faults(school.format("20").replace(";25;", ";10;"))[0]


def test_many_columns_and_a_line_for_the_spreadsheet():
    assert "over 100 kolonner" in str(
        read_text("indikator" + ";" * 5000, YEAR).faults[0]
    )
    assert len(read_text(f"sep=;\r\n{HEADER}\n{GOOD}", YEAR).rows) == 1


def test_mixed_decimal_marks_are_refused():
    (fault,) = faults(GOOD, changed(1, "8").replace("12,5", "13.5"))
    assert "Både komma og punktum" in fault


def test_shares_are_asked_about():
    lines = [changed(5, "0,12"), changed(5, "0,3").replace(";7;", ";8;")]
    (fault,) = faults(*lines)
    assert "12,5 i stedet for 0,125" in fault
    assert len(read(*lines, small=True).rows) == 2
    assert len(read(changed(5, "0")).rows) == 1


def test_few_respondents_are_taken_with_a_warning():
    reading = read(changed(6, "49"))
    assert len(reading.rows) == 1
    assert "Få svar" in str(reading.warnings[0])
    assert not read(changed(6, "1.200")).warnings


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Filen er tom"),
        (b"PK\x03\x04" + b"x" * 100, "Det er et regneark"),
        (b"a\0b", "ikke en CSV-fil"),
        (b"x" * (figure_table.MOST_BYTES + 1), "for stor"),
        (b"navn;alder\nx;7", "Kolonnen kendes ikke"),
        (b"indikatr;klassetrin", "Mente du indikator"),
        (b"indikator;indikator", "to gange"),
        (b"indikator;klassetrin", "mangler"),
        (HEADER.encode() + b'\n"vape', "anførselstegn"),
        (HEADER.encode() + b"\n", "ingen rækker"),
        (HEADER.encode() + b"\n" + GOOD.encode() + b";mere", "har 9 felter"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, says: str):
    reading = read_file(content, YEAR)
    assert len(reading.faults) == 1
    assert says in str(reading.faults[0])
    assert reading.rows == ()


def test_template_reads_back():
    reading = read_file(write_rows(figure_rows.EXAMPLES), YEAR)
    assert [(row.grades, row.percent) for row in reading.rows] == [
        ((7, 7), 13.0),
        ((8, 8), 12.0),
        ((9, 9), 20.0),
    ]
    assert not reading.faults


TEXT = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40)
    .map(lambda one: " ".join(one.replace("<", "").replace(">", "").split()))
    .filter(lambda one: one[:1] not in "=+-@" if one else True)
    .filter(str.isprintable)
)


@given(
    st.lists(
        st.builds(
            Row,
            indicator=st.sampled_from(sorted(indicators())),
            percent=st.integers(0, 10000).map(lambda one: one / 100),
            grades=st.tuples(st.integers(0, 10), st.integers(0, 10)).map(
                lambda one: (min(one), max(one))
            ),
            ages=st.none() | st.just((15, 25)),
            level=st.sampled_from([Level.KOMMUNE, Level.REGION, Level.NATIONAL]),
            area=TEXT.filter(bool),
            season=st.sampled_from(["2024/25", "2019", "2009/10"]),
            year=st.just(0),
            n=st.none() | st.integers(10, 9999999),
            question=TEXT,
            counted=TEXT,
            source=TEXT.filter(bool),
            url=st.sampled_from(["", "https://eksempel.dk/a?b=1;c"]),
            note=TEXT,
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row.key,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_the_same(rows: list[Row]):
    rows = [replace(row, year=int(row.season[:4])) for row in rows]
    if max(row.percent for row in rows) <= 1:
        rows[0] = replace(rows[0], percent=50.0)
    content = write_rows(map(cells_of, rows))
    reading = read_file(content, YEAR)
    assert reading.faults == ()
    assert list(reading.rows) == rows
    # A spreadsheet sees the same cells.
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(table) == len(rows) + 1


def test_five_thousand_rows():
    lines = [
        f"vape_last_30d;{one % 10};kommune;Kommune {one // 10};2025/26;12,5;;K"
        for one in range(5000)
    ]
    assert len(read(*lines).rows) == 5000
    assert "over 10000" in faults(*lines, *lines, *lines)[0]
