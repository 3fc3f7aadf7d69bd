"""The vocabulary of indicators, and the figures that come with the program."""

import csv
import hashlib
import json
import re
from importlib.resources import files

import pytest

from pejling.domain.benchmarks import Care, Level, Use, indicators, shipped
from pejling.domain.question_sets import Fit

DATA = files("pejling") / "data"
SCHEMA = json.loads((DATA / "benchmarks.schema.json").read_text(encoding="utf-8"))
ROWS = list(
    csv.DictReader((DATA / "benchmarks.csv").read_text(encoding="utf-8").splitlines())
)

CONTENT = "bca67cfe8fef7c1ef3575f760ba0908b79d5b6c739b14ee95c7e72c7ffe8bc28"
"""SHA-256 of the figures: one that changes is looked up in its source first."""


def test_ids_are_as_the_vocabulary_writes_them():
    assert [one for one in indicators() if not re.fullmatch(r"[a-z0-9_]+", one)] == []
    assert len(indicators()) == 94


def test_indicator_of_7_to_9_and_youth():
    vape = indicators()["vape_last_30d"]
    assert vape.grades == {7, 8, 9, 11}
    assert (vape.care, vape.has_figure) == (Care.BOARD, True)


def test_indicator_for_context_only_suits_no_class():
    assert indicators()["who5_low"].grades == set()


def test_reserved_indicator_has_no_figure():
    assert not indicators()["shoplift_12m"].has_figure


# --- the figures ----------------------------------------------------------------------


def problems(field: dict, value: str) -> list[str]:
    """What a Frictionless Table Schema field has against a cell."""
    limits = field.get("constraints", {})
    if value in SCHEMA["missingValues"]:
        return ["required"] if limits.get("required") else []
    found = []
    if field["type"] in ("integer", "year", "number"):
        try:
            number = float(value) if field["type"] == "number" else int(value)
        except ValueError:
            return [field["type"]]
        if number < limits.get("minimum", number):
            found.append("minimum")
        if number > limits.get("maximum", number):
            found.append("maximum")
    if value not in limits.get("enum", [value]):
        found.append("enum")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        found.append("pattern")
    if field.get("format") == "uri" and not re.fullmatch(r"https?://\S+", value):
        found.append("uri")
    return found


def test_every_cell_keeps_to_the_schema():
    names = [field["name"] for field in SCHEMA["fields"]]
    assert list(ROWS[0]) == names
    wrong = [
        (row["benchmark_id"], field["name"], why)
        for row in ROWS
        for field in SCHEMA["fields"]
        for why in problems(field, row[field["name"]])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("percent", "101", "maximum"),
        ("percent", "-1", "minimum"),
        ("percent", "12,5", "number"),
        ("year", "", "required"),
        ("gender", "alle", "enum"),
        ("period", "26/25", "pattern"),
        ("seen_url", "javascript:1", "uri"),
        ("grade_min", "11", "maximum"),
    ],
)
def test_schema_refuses(name: str, value: str, why: str):
    field = next(one for one in SCHEMA["fields"] if one["name"] == name)
    assert why in problems(field, value)


def test_ids_are_unique_and_indicators_known():
    ids = [row["benchmark_id"] for row in ROWS]
    assert len(set(ids)) == len(ids) == 162
    assert {row["indicator_id"] for row in ROWS} <= set(indicators())
    assert {row["indicator_id"] for row in ROWS} == {
        one.id for one in indicators().values() if one.has_figure
    }


def test_no_figure_changes_silently():
    content = (DATA / "benchmarks.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == CONTENT


def test_figures_that_may_stand_beside_a_class():
    good = [one for one in shipped() if one.use is Use.BENCHMARK]
    assert len(good) == 40
    for one in good:
        assert one.level is Level.NATIONAL
        assert one.is_for_all
        assert not one.is_perceived
        assert one.year >= 2017
        assert one.match in (Fit.EXACT, Fit.CLOSE)
        assert one.population


def test_figure_is_read_as_it_stands():
    one = {figure.id: figure for figure in shipped()}[
        "espad_2019_fakta.alcohol_drunk_last_30d.g9e.all.dk.2019"
    ]
    assert (one.percent, one.grades, one.ages, one.year) == (
        40.0,
        (9, 9),
        (15, 16),
        2019,
    )
    assert one.span == 1
    assert one.source.startswith("Den Europæiske Rusmiddelundersøgelse")


def test_n_of_a_whole_survey_is_not_that_of_a_percentage():
    scopes = {row["benchmark_id"]: row["n_scope"] for row in ROWS}
    for one in shipped():
        assert (one.n is not None) == (scopes[one.id] == "row")
