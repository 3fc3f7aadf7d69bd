"""Perceived and actual norm of one class, worked out by hand."""

from fractions import Fraction

import builders
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pejling.domain.disclosure import code_ends
from pejling.domain.norms import Shares, perceived_norm, summarise, tolerance


def test_class_that_overestimates_smoking():
    # 3 of 24 smoke. Guesses: 8 say 4, 10 say 9, 6 say 12; the middle one is 9.
    own = builders.own(yes=3, no=21)
    norms = summarise(own, {4: 8, 9: 10, 12: 6}, present=24)
    assert (norms.actual.value, norms.perceived, norms.misperception) == (3, 9, 6)
    # Two pupils off is close: 4 is, 9 and 12 are too high.
    assert norms.shares == Shares(too_high=16, close=8, too_low=0)


def test_class_that_underestimates():
    # 18 of 24 have helped. Guesses: 10 say 10, 3 say 17, 11 say 12; in order 10 tens,
    # 11 twelves, 3 seventeens: numbers 12 and 13 are 12.
    own = builders.own(yes=18, no=6)
    norms = summarise(own, {10: 10, 17: 3, 12: 11}, present=24)
    assert (norms.perceived, norms.misperception) == (12, -6)
    assert norms.shares == Shares(too_high=0, close=3, too_low=21)


def test_three_jokers_do_not_move_the_median():
    # 21 say 4 and 3 say 23: the middle one stays 4.
    assert perceived_norm({4: 21, 23: 3}) == 4


def test_median_of_an_even_number_may_end_in_a_half():
    assert perceived_norm({8: 12, 9: 12}) == 8.5


def test_no_guesses_have_no_median():
    with pytest.raises(ValueError, match="no guesses"):
        perceived_norm({4: 0})


def test_guesses_are_brought_to_those_who_answered():
    # 20 of 25 answered. A guess of 10 of 25 is 10 * 20/25 = 8 of 20; 8 - 4 = 4.
    own = builders.own(yes=4, no=16)
    norms = summarise(own, {10: 20}, present=25)
    assert (norms.perceived, norms.misperception) == (10, 4)


def test_misperception_is_computed_from_the_coded_value():
    # 0, 1 and 2 count as 1: a guess of 6 is 5 too many.
    assert [builders.norms(k, 6).misperception for k in range(3)] == [5, 5, 5]
    # 22, 23 and 24 of 24 count as 23: a guess of 20 is 3 too few.
    assert [builders.norms(k, 20).misperception for k in (22, 23, 24)] == [-3] * 3


@pytest.mark.parametrize(
    ("present", "pupils"),
    # A twelfth: 12 / 12 = 1, 24 / 12 = 2, 36 / 12 = 3, 120 / 12 = 10.
    [(2, 1), (5, 1), (12, 1), (17, 1), (19, 2), (24, 2), (29, 2), (31, 3), (120, 10)],
)
def test_tolerance_is_a_twelfth_and_at_least_one(present, pupils):
    assert tolerance(present) == pupils


@pytest.mark.parametrize(
    ("guess", "fell"),
    [
        # 8 of 24 do it; two off, 6 to 10, is close.
        (5, Shares(0, 0, 24)),
        (6, Shares(0, 24, 0)),
        (10, Shares(0, 24, 0)),
        (11, Shares(24, 0, 0)),
    ],
)
def test_close_is_within_the_tolerance(guess, fell):
    assert builders.norms(8, guess).shares == fell


@pytest.mark.parametrize(
    ("actual", "guess", "is_wrong_side"),
    [
        (8, 13, True),  # thought more than half, fewer than half do
        (16, 11, True),  # the reverse
        (8, 12, False),  # exactly half was thought: on neither side
        (12, 13, False),  # exactly half do
        (11, 12.5, True),  # half a pupil over the middle is over it
        (8, 11, False),
        (16, 13, False),
        (0, 13, True),
    ],
)
def test_majority_misperception_lies_on_the_other_side_of_half(
    actual, guess, is_wrong_side
):
    assert builders.norms(actual, guess).majority_misperception is is_wrong_side


def test_half_is_taken_of_those_guessed_about_and_of_those_who_answered():
    # 13 of 25 is over half; 10 of 20 is half, 9 of 20 is under.
    half = summarise(builders.own(yes=10, no=10), {13: 20}, present=25)
    under = summarise(builders.own(yes=9, no=11), {13: 20}, present=25)
    assert (half.majority_misperception, under.majority_misperception) == (False, True)


@pytest.mark.parametrize("guess", [-1, 25, 999])
def test_guess_outside_the_class_is_refused(guess):
    with pytest.raises(ValueError, match="outside"):
        summarise(builders.own(yes=3, no=21), {4: 23, guess: 1}, present=24)


def test_gap_of_exactly_the_tolerance_is_close_when_some_are_missing():
    # 29 of 35 answered, 26 do it; tolerance round(35 / 12) = 3. All guess 35 of 35,
    # which is 29 of 29: 3 too many, so just close. In floats 35 * (29 / 35) is
    # 29.000000000000004.
    norms = summarise(builders.own(yes=26, no=3), {35: 29}, present=35)
    assert norms.shares == Shares(too_high=0, close=29, too_low=0)
    assert norms.misperception <= norms.tolerance


@st.composite
def classes(draw) -> tuple[int, int, dict[int, int]]:
    """Pupils present, pupils who answered, and their guesses."""
    present = draw(st.integers(5, 120))
    n = draw(st.integers(5, present))
    each = draw(st.lists(st.integers(0, present), min_size=1, max_size=n))
    return present, n, {guess: each.count(guess) for guess in each}


@given(classes(), st.data())
@settings(deadline=None)
def test_too_high_close_and_too_low_are_all_who_guessed(a_class, data):
    present, n, guesses = a_class
    own = code_ends(data.draw(st.integers(0, n)), n)
    norms = summarise(own, guesses, present)
    shares = norms.shares
    assert shares.n == sum(guesses.values())
    assert min(shares.too_high, shares.close, shares.too_low) >= 0
    assert 0 < own.value / own.n < 1
    assert 0 <= norms.perceived / present <= 1


@given(classes(), st.integers(0, 120))
@example((35, 29, {35: 29}), 26)
@settings(deadline=None)
def test_shares_are_those_of_exact_arithmetic(a_class, yes):
    present, n, guesses = a_class
    own = code_ends(yes % (n + 1), n)
    close = tolerance(present)
    gaps = [
        Fraction(guess * n, present) - own.value
        for guess, pupils in guesses.items()
        for _ in range(pupils)
    ]
    assert summarise(own, guesses, present).shares == Shares(
        sum(gap > close for gap in gaps),
        sum(abs(gap) <= close for gap in gaps),
        sum(gap < -close for gap in gaps),
    )


@given(classes())
@settings(deadline=None)
def test_none_one_and_two_give_the_same_norms(a_class):
    present, n, guesses = a_class
    low = {repr(summarise(code_ends(k, n), guesses, present)) for k in range(3)}
    high = {repr(summarise(code_ends(n - k, n), guesses, present)) for k in range(3)}
    assert (len(low), len(high)) == (1, 1)
