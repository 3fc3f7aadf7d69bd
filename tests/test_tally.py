import doctest
import random
from collections import Counter

import pytest

from pejling.domain import tally
from pejling.domain.question_sets import DECLINED
from tests.builders import NO, YES, a_question_set

VAPE = a_question_set().triad("vape")


def test_examples_hold():
    assert doctest.testmod(tally).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "5 8 8 10x3",
        "10x3 8 5 8",
        "5,8;8\n10 10\t10",
        " 5 8*2 10×3 ",
        "5 8 x 2 10 X 3",
        "005 8x2 10x03",
    ],
)
def test_guesses_are_read_however_they_are_typed(text):
    assert tally.guesses(text, 24, 6) == {5: 1, 8: 2, 10: 3}


def test_ballots_without_a_guess_declined():
    assert tally.guesses("0 24", 24, 5) == {0: 1, 24: 1, DECLINED: 3}


def test_nothing_typed_is_not_the_same_as_no_guess():
    assert tally.guesses(" \n", 24, 6) is None
    assert tally.guesses(" ; ,", 24, 6) is None
    assert tally.guesses("-", 24, 6) == {DECLINED: 6}
    assert tally.guesses("5x0", 24, 6) == {DECLINED: 6}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("5 otte", "”otte” kan ikke læses"),
        ("5 -3", "”-3” kan ikke læses"),
        ("5.5", "”5.5” kan ikke læses"),
        ("1000", "”1000” kan ikke læses"),
        ("5x", "”5x” kan ikke læses"),
        ("x5", "”x5” kan ikke læses"),
        ("5x2x2", "”5x2x2” kan ikke læses"),
        ("٣", "”٣” kan ikke læses"),
        ("5 25", "25 er flere end 24"),
        ("5x7", "Her er 7 gæt, men kun 6 stemmesedler"),
        ("9" * 2001, "for langt"),
    ],
)
def test_guesses_that_cannot_be_right_are_told(text, says):
    with pytest.raises(tally.UnfitTally, match=says):
        tally.guesses(text, 24, 6)


def test_own_answers_are_filled_up_with_those_who_declined():
    options = VAPE.options
    assert tally.answers({YES: "2", NO: "20"}, options, 24) == {
        YES: 2,
        NO: 20,
        DECLINED: 2,
    }
    assert tally.answers({YES: "", NO: "24"}, options, 24) == {NO: 24}
    assert tally.answers({YES: "0", NO: ""}, options, 24) == {DECLINED: 24}


def test_own_answers_may_be_left_out():
    assert tally.answers({YES: "", NO: " "}, VAPE.options, 24) is None


@pytest.mark.parametrize("typed", ["to", "-1", "1.5", "1000", "²"])
def test_a_count_that_is_no_number_is_named(typed):
    with pytest.raises(tally.UnfitTally, match="”Nej”"):
        tally.answers({YES: "2", NO: typed}, VAPE.options, 24)


def test_more_answers_than_ballots_are_told():
    with pytest.raises(tally.UnfitTally, match="25 svar, men kun 24"):
        tally.answers({YES: "5", NO: "20"}, VAPE.options, 24)


def test_what_is_typed_comes_back_sorted_and_the_same():
    chance = random.Random(7)  # noqa: S311 - a repeatable test
    for _ in range(500):
        given = [chance.randint(0, 28) for _ in range(chance.randint(1, 28))]
        counted = tally.guesses(" ".join(map(str, given)), 28, 28)
        again = tally.shortest(counted)
        assert tally.guesses(again, 28, 28) == counted
        assert Counter(given) == Counter(
            {guess: n for guess, n in counted.items() if guess != DECLINED}
        )
        assert [int(word.partition("x")[0]) for word in again.split()] == sorted(
            set(given)
        )
