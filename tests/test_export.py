"""The result as a file: coded, readable by Excel, and never a formula."""

import csv as reader
import io

import pytest

from pejling.output import export


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", " =1", "\u00a0=1", "\t=1", "a\n=1", "a\r-1"]
)
def test_no_cell_starts_a_formula(text: str):
    cell = export.safe_cell(text)
    assert not cell.lstrip(" \u00a0\t").startswith(("=", "+", "-", "@"))
    assert "\n" not in cell
    assert "\r" not in cell


def test_plain_text_and_numbers_stay_as_they_are():
    assert export.safe_cell("har vapet – i dag") == "har vapet – i dag"
    assert export.safe_cell(8.5) == 8.5
    assert export.safe_cell(None) is None


def test_codebook_explains_every_column():
    rows = list(
        reader.reader(io.StringIO(export.codebook().decode("utf-8-sig")), delimiter=";")
    )
    assert rows[0] == ["kolonne", "betydning"]
    assert [row[0] for row in rows[1:]] == [name for name, _ in export.COLUMNS]
    assert all(row[1] for row in rows[1:])


def test_pupils_come_whole_beside_a_gap():
    # One row is withheld: its cells are empty, and the others are no decimals.
    rows = [{"a": 4, "b": 8.5}, {}]
    assert export._write(rows, ["a", "b"], plain=False) == (
        b"\xef\xbb\xbfa;b\r\n4;8,5\r\n;\r\n"
    )
