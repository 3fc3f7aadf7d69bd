"""What a class answered, as its parents see it: of twenty, from coded values only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pejling.domain import disclosure, wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.pupils_answer import ClassAnswer, PupilsAnswer, of_classes

GUESSES = {4: 8, 9: 10, 12: 6}


def a_class(yes: int, n: int = 24, guesses=GUESSES) -> ClassAnswer:
    return ClassAnswer(disclosure.code_ends(yes, n), guesses, n)


def test_one_class_of_24():
    # 6 of 24 are 5 of 20. The middle guess is 9 of 24, 7.5 of 20.
    assert of_classes([a_class(6)]) == PupilsAnswer(7.5, 5, Coding.EXACT, 24)


def test_a_half_is_told_upwards():
    # 3 of 24 are 2.5 of 20.
    assert of_classes([a_class(3)]).answered == 3


@pytest.mark.parametrize("yes", [0, 1, 2])
def test_few_are_one(yes):
    # At most 2 of 24 are at most 1.67 of 20: at most 2.
    assert of_classes([a_class(yes)]) == of_classes([a_class(0)])
    assert wording.of_twenty(of_classes([a_class(yes)])) == "højst 2 ud af 20"


@pytest.mark.parametrize("yes", [22, 23, 24])
def test_nearly_all_are_one(yes):
    # At least 22 of 24 are at least 18.3 of 20: at least 18.
    assert of_classes([a_class(yes)]) == of_classes([a_class(24)])
    assert wording.of_twenty(of_classes([a_class(yes)])) == "mindst 18 ud af 20"


def test_two_classes_are_taken_together():
    # 6 of 24 and 14 of 26 are 20 of 50, 8 of 20.
    found = of_classes([a_class(6), a_class(14, 26, {13: 26})])
    assert (found.answered, found.n, found.coding) == (8, 50, Coding.EXACT)
    # 24 guesses of 4 to 12 out of 24 and 26 of 13 out of 26, which is 10 of 20: the
    # middle two are 10.
    assert found.believed == 10


def test_two_classes_with_few_each_stay_few():
    # 0 to 4 of 48: at most 1.67, so at most 2.
    assert of_classes([a_class(0), a_class(2)]) == PupilsAnswer(7.5, 2, Coding.LOW, 48)


@pytest.mark.parametrize("n", [5, 9])
def test_a_class_below_ten_shows_its_guesses_only(n):
    found = of_classes([a_class(3, n, {2: n})])
    assert found.answered is None
    assert found.believed == round(2 * 20 / n * 2) / 2
    both = of_classes([a_class(3, n, {2: n}), a_class(6)])
    assert both.answered is None


@given(
    st.integers(10, 60),
    st.lists(st.sampled_from([0, 1, 2]), min_size=2, max_size=2),
    st.integers(0, 60),
    st.booleans(),
)
def test_nothing_tells_the_ends_of_a_class_apart(n, ends, other, both):
    def seen(yes):
        classes = [a_class(yes, n, {1: n})]
        if both:
            classes.append(a_class(min(other, 30), 30, {1: 30}))
        return of_classes(classes)

    assert seen(ends[0]) == seen(ends[1])
    assert seen(n - ends[0]) == seen(n - ends[1])


@given(st.integers(10, 120), st.data())
def test_what_is_told_of_twenty_holds_for_the_class(n, data):
    yes = data.draw(st.integers(0, n))
    found = of_classes([a_class(yes, n, {0: n})])
    share = 20 * yes / n
    if found.coding is Coding.LOW:
        assert share <= found.answered
    elif found.coding is Coding.HIGH:
        assert share >= found.answered
    else:
        assert abs(share - found.answered) <= 0.5


def test_words():
    exact = PupilsAnswer(9, 5, Coding.EXACT, 24)
    assert wording.pupils(exact, {8: 3}) == (
        "I gættede på 8 ud af 20, børnene selv på 9. Cirka 5 ud af 20 svarede ja."
    )
    small = PupilsAnswer(9, None, Coding.EXACT, 8)
    assert "for lille til" in wording.pupils(small, {8: 3})
    assert "kan ikke vises mere" in wording.pupils(None, {8: 3})


def test_no_class_is_no_answer():
    with pytest.raises(ValueError, match="no class"):
        of_classes([])
    assert Shown(1, 24, Coding.LOW) == disclosure.code_ends(2, 24)
