"""What chance gives between two small groups: worked out by hand, or by enumeration."""

import doctest
import random
from collections import Counter
from itertools import combinations

import pytest

from pejling.domain import chance


def test_examples_in_the_docs():
    assert doctest.testmod(chance).failed == 0


def test_fewer_is_the_hypergeometric_tail():
    # 3 of 4 before, 1 of 4 after: of 8 pupils 4 are marked, and 4 are drawn. C(8,4) is
    # 70; none marked 1 way, one marked 4 * 4 = 16 ways: 17/70.
    assert chance.fewer(3, 4, 1, 4) == pytest.approx(17 / 70)


def test_fewer_counts_every_way_there_is():
    everybody = [1] * 5 + [0] * 6
    drawn = [sum(one) for one in combinations(everybody, 5)]
    expected = sum(few <= 1 for few in drawn) / len(drawn)
    assert chance.fewer(4, 6, 1, 5) == pytest.approx(expected)


@pytest.mark.parametrize(("before", "of"), [(5, 4), (-1, 4)])
def test_count_outside_its_group_is_refused(before: int, of: int):
    with pytest.raises(ValueError, match="of 4"):
        chance.fewer(before, of, 1, 4)


def exact_lower(before: list[int], after: list[int]) -> float:
    """The permutation distribution of the rank sum, one-sided, way by way."""
    both = before + after

    def wins(second: list[int], first: list[int]) -> float:
        return sum((b > a) + (b == a) / 2 for b in second for a in first)

    seen = wins(after, before)
    ways = []
    for chosen in combinations(range(len(both)), len(after)):
        second = [both[one] for one in chosen]
        first = [both[one] for one in range(len(both)) if one not in chosen]
        ways.append(wins(second, first) <= seen)
    return sum(ways) / len(ways)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([9, 10, 11, 12, 12, 14], [3, 4, 4, 5, 9, 6]),
        ([5, 5, 6, 7, 8, 8], [5, 5, 5, 6, 7, 7]),
        ([1, 2, 3, 4, 5, 6], [6, 7, 8, 9, 10, 11]),
        ([8, 8, 8, 8, 9, 9], [7, 7, 8, 8, 8, 8]),
    ],
)
def test_lower_counts_every_way_there_is(before: list[int], after: list[int]):
    found = chance.lower(*map(Counter, (before, after)))
    assert found == pytest.approx(exact_lower(before, after))


def test_curve_above_ordinary_classes_is_never_bolder(monkeypatch):
    # Piles of all shapes; small enough that every way can be counted beside it.
    draw = random.Random(3)  # noqa: S311 - the same classes every time
    compared = 0
    for _ in range(400):
        weights = [draw.random() ** 3 for _ in range(draw.randint(2, 8))]
        values = range(len(weights))
        shift = draw.random()
        before = [
            one + (draw.random() < shift) for one in draw.choices(values, weights, k=20)
        ]
        after = draw.choices(values, weights, k=18)
        exact = chance.lower(Counter(before), Counter(after))
        monkeypatch.setattr(chance, "MOST_EXACT", 0)
        curve = chance.lower(Counter(before), Counter(after))
        monkeypatch.undo()
        if curve <= 0.025:
            compared += 1
            assert exact <= 0.025
    assert compared > 50


def test_whole_aargang_is_compared_too():
    # 120 and 110 pupils; before all around 60, after all around 40.
    before = dict.fromkeys(range(55, 65), 12)
    after = dict.fromkeys(range(35, 45), 11)
    assert chance.lower(before, after) < 1e-9
    assert chance.lower(after, before) > 0.999


def test_same_values_everywhere_say_nothing():
    assert chance.lower({8: 24}, {8: 22}) == 1.0
    assert chance.lower({8: 60}, {8: 60}) == 1.0


def test_nothing_cannot_be_compared():
    with pytest.raises(ValueError, match="nothing"):
        chance.lower({}, {8: 22})


def test_holm_looks_at_all_names_together():
    # 0.05/3 = 0.0167, then 0.05/2 = 0.025, then 0.05.
    assert chance.passed({"a": [0.016], "b": [0.024], "c": [0.051]}) == {
        "a": 1,
        "b": 1,
        "c": 0,
    }
    # The first one is too large for three names, and so are the rest.
    assert set(chance.passed({"a": [0.02], "b": [0.02], "c": [0.02]}).values()) == {0}


def test_second_question_waits_for_the_first():
    assert chance.passed({"a": [0.06, 0.0001]}) == {"a": 0}
    assert chance.passed({"a": [0.04, 0.0001]}) == {"a": 2}
