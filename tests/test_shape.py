"""The shape of a file: what is read, what is told, and the schema made of it."""

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling.domain.content import shape
from pejling.domain.content.problems import located, place_name
from pejling.domain.content.shape import Flag, Many, Notes, Tables, Text, Whole

FIELDS = (
    Text("navn", "Et navn.", longest=5),
    Text("slags", "En slags.", choices=("a", "b")),
    Whole("antal", "Et antal.", low=1, high=9),
    Flag("med", "Om det er med.", needed=False),
    Many("tal", "Nogle tal.", each=Whole("tal", "Et tal.", high=9), most=3),
    Tables("ting", "Ting.", needed=False, fields=(Text("id", "Id."),), most=2),
)
GOOD = {"navn": "Anna", "slags": "b", "antal": 3, "tal": [1, 2]}


def read(raw: dict) -> tuple[dict, list[str]]:
    notes = Notes("f.toml", raw)
    return shape.read(notes, raw, FIELDS), [str(one) for one in notes.problems]


def test_good_values_come_as_they_are():
    values, problems = read(GOOD)
    assert problems == []
    assert values == {
        "navn": "Anna",
        "slags": "b",
        "antal": 3,
        "med": False,
        "tal": (1, 2),
        "ting": (),
    }


@pytest.mark.parametrize(
    ("changes", "said", "value"),
    [
        ({"navn": 3}, "'navn' skal være tekst", ("navn", "")),
        ({"navn": "for lang"}, "højst 5 tegn", ("navn", "for lang")),
        ({"slags": "c"}, "'slags' er 'c'. Brug en af: a, b.", ("slags", "a")),
        ({"antal": 10}, "'antal' er 10. Skriv et helt tal fra 1 til 9", ("antal", 1)),
        ({"antal": True}, "'antal' er true", ("antal", 1)),
        ({"antal": 2.0}, "'antal' er 2.0", ("antal", 1)),
        ({"med": 1}, "'med' er 1. Skriv true eller false", ("med", False)),
        ({"tal": []}, "'tal' har 0", ("tal", ())),
        ({"tal": [1, 2, 3, 4]}, "'tal' har 4", ("tal", (1, 2, 3))),
        ({"tal": [1, "x"]}, "'tal' er 'x'", ("tal", (1, 0))),
        ({"ting": {"id": "x"}}, "'ting' skal være tabeller", ("ting", ())),
        ({"ting": [{"id": "x"}, {}]}, "ting 2: 'id' mangler", None),
        ({"ting": [{"id": "x"}] * 3}, "Brug højst 2", None),
        ({"tal": [2, 2]}, "'tal' har det samme to gange", ("tal", (2, 2))),
        ({"antal": 10**5000}, "'antal' er meget langt", ("antal", 1)),
        ({"slags": "c" * 500}, "…. Brug en af: a, b.", ("slags", "a")),
        ({"nyt": 1}, "Nøglen 'nyt' findes ikke", None),
    ],
)
def test_wrong_value_is_told_and_made_safe(changes, said, value):
    values, problems = read(GOOD | changes)
    assert any(said in one for one in problems), problems
    if value is not None:
        assert values[value[0]] == value[1]


def test_all_faults_are_told_at_once():
    _, problems = read({"navn": "", "antal": 0})
    assert [word in "\n".join(problems) for word in ("navn", "antal", "slags")] == [
        True,
        True,
        True,
    ]


json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.text(max_size=7),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "navn"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(
    st.dictionaries(st.sampled_from([one.key for one in FIELDS] + ["?"]), json_like),
    st.booleans(),
)
def test_what_the_schema_refuses_the_reader_refuses(changes, whole):
    # An editor that finds no fault may still leave some to the reader (spaces at the
    # ends); one that finds a fault must never be wrong.
    raw = (GOOD if whole else {}) | changes
    validator = jsonschema.Draft202012Validator(shape.schema(FIELDS))
    if not validator.is_valid(raw):
        assert read(raw)[1] != []


TEXT = """navn = "x"
tal = [
  1,
]

[[ting]]
id = "a"

[[ting]]
  id = "b"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 0),
        (("navn",), 1),
        (("tal", 0), 2),
        (("ting",), 6),
        (("ting", 0), 6),
        (("ting", 0, "id"), 7),
        (("ting", 1, "id"), 10),
        (("ting", 1, "mangler"), 9),
        (("mangler",), 0),
    ],
)
def test_line_of_a_path(path, line):
    notes = Notes("f.toml", {})
    notes.say("rule", path, "Noget.", "Ret det.")
    assert [one.line for one in located(notes.problems, TEXT)] == [line]


def test_key_that_is_missing_at_the_top_is_not_looked_for_in_a_table():
    text = "# \u2028 is no end of a line\ntitel = 'x'\n\n[[ting]]\nid = 'a'\n"
    notes = Notes("f.toml", {})
    notes.say("missing-key", ("id",), "'id' mangler.", "Skriv id = …")
    notes.say("text", ("titel",), "Noget.", "Ret det.")
    assert [one.line for one in located(notes.problems, text)] == [0, 2]


def test_place_in_words():
    raw = {"spoergsmaal": [{"id": "a"}, {"id": "vape"}, "x"], "kilder": [{}]}
    assert place_name(raw, ("spoergsmaal", 1, "kort")) == "spørgsmål 2 (vape)"
    assert place_name(raw, ("spoergsmaal", 2)) == "spørgsmål 3"
    assert place_name(raw, ("kilder", 0)) == "kilder 1"
    assert place_name(raw, ("titel",)) == ""
