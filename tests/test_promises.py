"""Each sentence that pupils and parents are told is held by a test."""

import re
from collections import Counter
from types import SimpleNamespace

import promised
import pytest
from test_docs import known_tests

from pejling.domain import promises


def test_every_sentence_has_its_row_in_order_and_word_for_word():
    rows = [(name, sentence) for name, sentence, _ in promised.rows()]
    assert rows == [(one.id, one.words["da"]) for one in promises.sentences()]


def test_no_sentence_is_without_a_test():
    assert [name for name, _, tests in promised.rows() if not tests] == []


def test_every_test_that_is_named_exists():
    assert sorted(promised.tests() - known_tests()) == []


def test_ids_and_sentences_stand_once():
    for values in (
        [one.id for one in promises.sentences()],
        [one.words["en"] for one in promises.sentences()],
    ):
        doubles = [value for value, n in Counter(values).items() if n > 1]
        assert [one for one in doubles if "BørneTelefonen" not in one] == []


@pytest.mark.parametrize("language", promises.LANGUAGES)
def test_every_sentence_is_one_sentence(language):
    for one in promises.sentences():
        said = one.words[language]
        assert said.endswith("."), said
        assert not re.search(r"[.!?] [A-ZÆØÅ]", said.removesuffix(".")), said
        assert "!" not in said


@pytest.mark.parametrize("place", ["da", "en"])
def test_both_languages_fill_in_the_same_words(place):
    for one in promises.sentences():
        words = re.findall(r"{(\w+)}", one.words[place])
        assert sorted(words) == sorted(re.findall(r"{(\w+)}", one.words["da"]))


def reported(name: str, **outcome: object) -> SimpleNamespace:
    report = SimpleNamespace(**{"skipped": False, "outcome": "passed"} | outcome)
    return promised.judged(name, report)


def test_test_that_a_promise_rests_on_may_not_be_skipped():
    (held, *_) = sorted(promised.tests())
    skipped = {"skipped": True, "outcome": "skipped"}
    assert reported(f"tests/{held}", **skipped).outcome == "failed"
    assert reported(f"tests/{held}[one of many]", **skipped).outcome == "failed"
    assert reported("tests/test_docs.py::test_other", **skipped).outcome == "skipped"
    assert reported(f"tests/{held}").outcome == "passed"
