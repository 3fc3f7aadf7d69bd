"""What may be seen of a class, at every boundary and for every size."""

import itertools

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling.domain import disclosure
from pejling.domain.disclosure import (
    Coding,
    OwnCounts,
    Shown,
    Withheld,
    code_ends,
    disclose_declined,
    disclose_guesses,
    disclose_own,
    may_store,
)
from pejling.domain.question_sets import Sensitivity

GREEN, YELLOW, RED = Sensitivity


@pytest.mark.parametrize(
    ("n", "green", "yellow", "red"),
    [
        (4, False, False, False),
        (5, True, False, False),
        (9, True, False, False),
        (10, True, True, False),
        (11, True, True, False),
        (14, True, True, False),
        (15, True, True, True),
    ],
)
def test_own_answers_are_withheld_below_the_minimum(n, green, yellow, red):
    shown = {
        one: isinstance(disclose_own(OwnCounts(1, n - 1, 0), one), Shown)
        for one in Sensitivity
    }
    assert shown == {GREEN: green, YELLOW: yellow, RED: red}


@pytest.mark.parametrize(
    ("sensitivity", "needed"), [(GREEN, 5), (YELLOW, 10), (RED, 15)]
)
def test_withheld_says_how_many_are_needed(sensitivity, needed):
    assert disclose_own(OwnCounts(2, 1, 0), sensitivity) == Withheld(needed)


@pytest.mark.parametrize(
    ("count", "n", "value", "coding"),
    [
        # n = 5: 0, 1, 2 are low and 3, 4, 5 are high; nothing is exact.
        (2, 5, 1, Coding.LOW),
        (3, 5, 4, Coding.HIGH),
        # n = 6: only 3 is told exactly.
        (2, 6, 1, Coding.LOW),
        (3, 6, 3, Coding.EXACT),
        (4, 6, 5, Coding.HIGH),
        # n = 10: 3 to 7 exactly.
        (0, 10, 1, Coding.LOW),
        (3, 10, 3, Coding.EXACT),
        (7, 10, 7, Coding.EXACT),
        (8, 10, 9, Coding.HIGH),
        # n = 24: 3 to 21 exactly, 22 to 24 as 23.
        (2, 24, 1, Coding.LOW),
        (3, 24, 3, Coding.EXACT),
        (21, 24, 21, Coding.EXACT),
        (22, 24, 23, Coding.HIGH),
        (24, 24, 23, Coding.HIGH),
    ],
)
def test_ends_are_coded(count, n, value, coding):
    assert code_ends(count, n) == Shown(value, n, coding)


@pytest.mark.parametrize(("count", "n"), [(-1, 24), (25, 24), (0, 4), (2, 4)])
def test_count_that_cannot_be_coded_is_refused(count, n):
    with pytest.raises(ValueError, match=f"{count} of {n}"):
        code_ends(count, n)


@pytest.mark.parametrize("counts", [(-1, 5, 0), (5, -1, 0), (5, 5, -1)])
def test_negative_counts_are_refused(counts):
    with pytest.raises(ValueError, match="at least 0"):
        OwnCounts(*counts)


@pytest.mark.parametrize("sensitivity", Sensitivity)
@pytest.mark.parametrize("n", range(5, 121))
def test_none_one_and_two_look_alike_and_so_do_all_but_two(n, sensitivity):
    low = {repr(disclose_own(OwnCounts(k, n - k, 0), sensitivity)) for k in range(3)}
    high = {repr(disclose_own(OwnCounts(n - k, k, 0), sensitivity)) for k in range(3)}
    assert (len(low), len(high)) == (1, 1)


@given(n=st.integers(5, 120), data=st.data())
@settings(deadline=None)
def test_one_or_two_who_declined_cannot_be_told_from_none(n, data):
    # The same yes-answers in the same class; the rest says no or declines.
    yes = data.draw(st.integers(0, n - 2))
    for sensitivity in Sensitivity:
        seen = {
            repr(
                (
                    disclose_own(counts, sensitivity),
                    counts.base,
                    disclose_declined(counts.declined),
                )
            )
            for counts in (OwnCounts(yes, n - yes - d, d) for d in range(3))
        }
        assert len(seen) == 1


def test_three_who_declined_are_taken_out_of_the_base():
    # 24 answered, 3 of them declined: 21 are the denominator.
    assert OwnCounts(6, 15, 3).base == 21
    assert OwnCounts(6, 16, 2).base == 24


def test_base_decides_what_is_withheld():
    # 12 answered, 3 declined: 9 are too few for a yellow item.
    assert disclose_own(OwnCounts(4, 5, 3), YELLOW) == Withheld(10)
    assert disclose_own(OwnCounts(4, 5, 2), YELLOW) == Shown(4, 11, Coding.EXACT)


@pytest.mark.parametrize(("declined", "seen"), [(0, 0), (1, 0), (2, 0), (3, 3), (9, 9)])
def test_few_who_declined_are_not_counted_aloud(declined, seen):
    assert disclose_declined(declined) == seen


@pytest.mark.parametrize(("answered", "kept"), [(0, False), (4, False), (5, True)])
def test_fewer_than_five_answers_are_not_kept(answered, kept):
    assert may_store(answered) is kept


def test_guesses_are_exact_from_five_on():
    assert disclose_guesses({9: 2, 4: 3, 7: 0}, 0) == {4: 3, 9: 2}
    assert list(disclose_guesses({9: 2, 4: 3}, 0)) == [4, 9]


def test_four_guesses_are_withheld():
    assert disclose_guesses({4: 3, 9: 1}, 0) == Withheld(5)


def test_one_or_two_who_would_not_guess_stand_in_the_middle():
    # 3, 4, 8, 9: the middle lies between 4 and 8, and one more on each side keeps it.
    assert disclose_guesses({3: 1, 4: 1, 8: 1, 9: 1}, 2) == {3: 1, 4: 2, 8: 2, 9: 1}
    assert disclose_guesses({4: 3, 9: 1}, 1) == {4: 4, 9: 1}
    # Three are enough not to be one pupil: they are left out.
    assert disclose_guesses({4: 5}, 3) == {4: 5}


@given(st.lists(st.integers(0, 24), min_size=3, max_size=24), st.integers(0, 2))
def test_number_of_dots_does_not_tell_who_would_not_guess(guesses, declined):
    given_ = {guess: guesses.count(guess) for guess in guesses}
    shown = disclose_guesses(given_, declined)
    if len(guesses) + declined < 5:
        assert shown == Withheld(5)
    else:
        assert sum(shown.values()) == len(guesses) + declined


# --- while the class answers ----------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "seats", "seen"),
    [
        (0, 24, 0),
        (4, 24, 0),
        (5, 24, 5),
        (9, 24, 5),
        (10, 24, 10),
        (23, 24, 20),
        (24, 24, 24),
        (5, 9, 0),  # below 10 seats nothing until all have answered
        (8, 9, 0),
        (9, 9, 9),
        (5, 10, 5),
        (9, 10, 5),
        (10, 10, 10),
        (0, 0, 0),
    ],
)
def test_progress_moves_in_steps_of_five(answered, seats, seen):
    assert disclosure.progress(answered, seats) == seen


def pictures(seats: int, answering: int) -> list[int]:
    """How many answers each picture of the warm-up holds, as one after one answers."""
    shown = [0]
    for answered in range(1, answering + 1):
        if disclosure.warm_up_moves(answered, shown[-1], seats):
            shown.append(answered)
    return shown


@pytest.mark.parametrize("seats", range(1, 121))
def test_warm_up_never_moves_by_one_or_two_pupils(seats):
    for answering in range(seats + 1):
        shown = pictures(seats, answering)
        steps = [new - old for old, new in itertools.pairwise(shown)]
        assert all(step >= 3 for step in steps)
        assert all(one >= 5 for one in shown[1:])


@pytest.mark.parametrize("seats", range(5, 121))
def test_warm_up_ends_with_all_answers_in_the_picture(seats):
    assert pictures(seats, seats)[-1] == seats


def test_warm_up_of_a_class_of_24():
    # First 5, then every 3; 23 would leave one behind, so the last step is 20 to 24.
    assert pictures(24, 24) == [0, 5, 8, 11, 14, 17, 20, 24]


def test_warm_up_of_four_is_never_shown():
    assert pictures(4, 4) == [0]


def test_own_of_the_builders_is_what_disclosure_shows():
    assert builders.own(yes=3, no=21) == Shown(3, 24, Coding.EXACT)
