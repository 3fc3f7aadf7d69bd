"""The checker's words on a page: nothing of the file's keys and syntax is left."""

import re
import tomllib

import pytest
from test_set_rules import BROKEN, GOOD

from pejling.domain.content import page_words
from pejling.domain.content.page_words import LABELS, ORDER, WHY, remarks
from pejling.domain.content.problems import Level, Problem
from pejling.domain.content.set_format import QUESTION_SET, TRIAD
from pejling.domain.content.set_reader import check_set

# Keys and files that a form cannot send.
ONLY_IN_FILES = {
    *("unknown-key", "missing-key", "type", "triad-order", "same-stem", "same-act"),
    *("highest-sensitivity", "version", "file-name", "too-large", "encoding"),
    *("syntax", "unreadable", "plan-set"),
}

MADE = {"id", "version", "hoejeste_foelsomhed"}

CASES = [
    (rule, change)
    for rule, changes in BROKEN.items()
    if rule not in ONLY_IN_FILES
    for change, *_ in changes
]


def found(change) -> list[page_words.Remark]:
    raw = tomllib.loads(change(GOOD))
    acts = {one["id"]: one["kort"] for one in raw["spoergsmaal"] if "id" in one}
    problems = check_set(raw, "")[1]
    # An id and a version are made, not typed.
    return remarks([one for one in problems if not MADE & set(one.path)], acts)


@pytest.mark.parametrize(("rule", "change"), CASES, ids=[one for one, _ in CASES])
def test_no_key_and_no_syntax_reaches_a_page(rule, change):
    said = found(change)
    keys = {one.key for one in (*QUESTION_SET, *TRIAD)} - {"note", "tid", "ord", "alle"}
    for one in said:
        assert not re.search(r"=|\[\[|'|\"|true|false", one.text), one.text
        quoted = re.findall(r"”([^”]*)”", one.text)
        assert not set(quoted) & keys, one.text
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", one.text), one.text


@pytest.mark.parametrize(("rule", "change"), CASES, ids=[one for one, _ in CASES])
def test_each_rule_says_why(rule, change):
    problems = check_set(tomllib.loads(change(GOOD)), "")[1]
    assert all(WHY[one.rule] for one in problems)


def test_every_rule_of_a_draft_has_its_reason():
    assert set(BROKEN) - ONLY_IN_FILES <= set(WHY)


def test_every_field_of_the_form_has_a_label():
    made = {*MADE, "spoergsmaal", "andre"}
    assert {one.key for one in (*QUESTION_SET, *TRIAD)} - made <= set(LABELS)


def test_a_remark_knows_its_place():
    def place(*path):
        one = remarks([Problem("", "", "Noget.", "Gør.", "x", path=path)], {})[0]
        return one.place, one.field

    assert place("titel") == (None, "titel")
    assert place("kilder", 2) == (None, "kilder")
    assert place("spoergsmaal") == (None, ORDER)
    assert place("spoergsmaal", 3) == (3, ORDER)
    assert place("spoergsmaal", 3, "selv") == (3, "selv")
    assert place("spoergsmaal", 3, "andre") == (3, "kort")
    assert place() == (None, ORDER)


def test_the_same_remark_stands_once_and_a_warning_is_no_error():
    one = Problem(
        "", "", "'kort' er lang.", "Kort den.", "x", Level.WARNING, ("titel",)
    )
    said = remarks([one, one], {})
    assert len(said) == 1
    assert said[0].is_error is False
    assert said[0].text == "”Det, man gør eller synes” er lang. Kort den."


def test_questions_are_called_by_what_they_are_about():
    one = Problem("", "", "x", "Sæt den mellem 'a' og 'b'.", "y")
    assert "mellem ”har sunget” og ”b”" in remarks([one], {"a": "har sunget"})[0].text
