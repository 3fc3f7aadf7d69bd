"""Before and after: worked out by hand, and over many classes made up by chance."""

import random

import builders
import pytest

from pejling.domain import follow_up
from pejling.domain.disclosure import code_ends
from pejling.domain.follow_up import Count, Run, Verdict
from pejling.domain.norms import summarise
from pejling.domain.question_sets import Direction

RISK, GOOD = Direction.RISK, Direction.PROTECTIVE


def run(yes: int, n: int, guesses: dict[int, int], present: int | None = None) -> Run:
    present = present or n
    return Run(summarise(code_ends(yes, n), guesses, present), guesses)


def only(before: Run, after: Run, direction: Direction = RISK) -> follow_up.Change:
    return follow_up.compare({"vape": (before, after, direction)})["vape"]


BEFORE = run(3, 24, {4: 8, 9: 10, 12: 6})
"""The class of docs/method.md, example 1: M = 9; 9 and 12 are too high, so 16 of 24."""


def test_large_fall_is_seen():
    # After: 20 guess 4 (1 off: close), 4 guess 9. M = 4, and 4 of 24 are too high.
    found = only(BEFORE, run(3, 24, {4: 20, 9: 4}))
    assert (found.perceived_before, found.after.norms.perceived) == (9, 4)
    assert (found.astray_before, found.astray_after) == (Count(16, 24), Count(4, 24))
    assert (found.believed, found.astray) == (Verdict.DOWN, Verdict.DOWN)


def test_large_rise_is_seen():
    found = only(run(3, 24, {4: 20, 9: 4}), BEFORE)
    assert (found.believed, found.astray) == (Verdict.UP, Verdict.UP)


def test_small_fall_is_not():
    # M from 9 to 7.5, and four fewer too high: 12 of 24.
    found = only(BEFORE, run(3, 24, {4: 12, 11: 12}))
    assert found.after.norms.perceived == 7.5
    assert (found.believed, found.astray) == (Verdict.UNSEEN, Verdict.UNSEEN)


def test_same_guesses_again_are_no_change():
    found = only(BEFORE, BEFORE)
    assert (found.believed, found.astray) == (Verdict.UNSEEN, Verdict.UNSEEN)


def test_another_size_is_brought_to_the_later_one():
    # 9 of 24 would be 8.25 of 22.
    found = only(BEFORE, run(3, 22, {2: 10, 3: 8, 9: 4}))
    assert found.present == 22
    assert found.perceived_before == 8.25
    assert not found.same_size
    assert found.believed is Verdict.DOWN


@pytest.mark.parametrize(("first", "second"), [(24, 22), (22, 24), (30, 10), (10, 27)])
@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.33, 0.5, 0.62, 0.9])
def test_same_belief_out_of_another_number_is_no_change(first, second, share):
    # Everybody believes the share, to the nearest pupil: without the rounding every
    # single guess would lie above the other class's.
    before = run(3, first, {round(share * first): first})
    after = run(3, second, {round(share * second): second})
    assert only(before, after).believed is Verdict.UNSEEN


def test_number_that_moves_is_not_taken_for_a_belief_that_does():
    # All guess 9 both times. Against 3 all are too high, against 8 none is.
    found = only(run(3, 24, {9: 24}), run(8, 24, {9: 24}))
    assert (found.astray_before, found.astray_after) == (Count(24, 24), Count(0, 24))
    assert (found.believed, found.astray) == (Verdict.UNSEEN, Verdict.UNSEEN)


def test_of_the_good_those_too_low_are_counted():
    # 20 of 24 help. Before all guess 10 (too low), after all 19 (close).
    found = only(run(20, 24, {10: 24}), run(20, 24, {19: 24}), GOOD)
    assert found.asks_too_low
    assert (found.astray_before, found.astray_after) == (Count(24, 24), Count(0, 24))
    assert (found.believed, found.astray) == (Verdict.UP, Verdict.DOWN)


def test_middle_that_stays_is_no_change_whatever_the_rest_does():
    before = run(3, 24, {8: 13, 20: 11})
    after = run(3, 24, {8: 13, 1: 11})
    assert only(before, after).believed is Verdict.UNSEEN


def test_more_behaviours_need_more():
    # Alone it is seen: p is 0.034. Beside five that did not move it is not.
    after = run(3, 24, {3: 4, 4: 8, 8: 8, 12: 4})
    same = {str(one): (BEFORE, BEFORE, RISK) for one in range(5)}
    assert only(BEFORE, after).believed is Verdict.DOWN
    found = follow_up.compare({"vape": (BEFORE, after, RISK), **same})
    assert found["vape"].believed is Verdict.UNSEEN


def test_coded_ends_look_alike():
    # 0, 1 and 2 of 24 are one value, and so is all that is worked out.
    kinds = {
        repr(only(run(before, 24, {9: 24}), run(after, 24, {4: 12, 5: 12})))
        for before in range(3)
        for after in range(3)
    }
    assert len(kinds) == 1


def test_only_a_class_that_is_over_can_be_followed():
    over = {"stage": follow_up.Stage.CLOSED}
    assert follow_up.can_be_followed(builders.a_session(**over))
    assert not follow_up.can_be_followed(builders.a_session())
    for kind in (follow_up.Kind.FOLLOW_UP, follow_up.Kind.PARENTS):
        assert not follow_up.can_be_followed(builders.a_session(kind=kind, **over))


# --- many classes ---------------------------------------------------------------------


def drawn(
    chance: random.Random, present: int, share: float, belief: float, spread: float
) -> Run:
    """A class made up by chance; who does it guesses higher (false consensus)."""
    answered = present - chance.choice((0, 0, 1))
    yes, guesses = 0, {}
    for _ in range(answered):
        does = chance.random() < share
        yes += does
        wanted = chance.gauss(belief + (0.1 if does else 0), spread)
        guess = round(min(1, max(0, wanted)) * present)
        guesses[guess] = guesses.get(guess, 0) + 1
    return run(yes, answered, guesses, present)


def classes(chance: random.Random, number: int, moved: float = 0.0):
    """Classes of 10 to 30 with one to eight behaviours, asked twice."""
    for _ in range(number):
        first = chance.randint(10, 30)
        second = min(30, max(10, first + chance.choice((-2, -1, 0, 0, 1, 2))))
        runs = {}
        for one in range(chance.choice((1, 2, 3, 6, 8))):
            share = chance.choice((0.03, 0.1, 0.2, 0.5, 0.8, 0.95))
            belief, spread = 0.25 + share / 2, chance.choice((0.05, 0.12, 0.2))
            direction = chance.choice((RISK, GOOD))
            runs[str(one)] = (
                drawn(chance, first, share, belief, spread),
                drawn(chance, second, share, belief - moved, spread),
                direction,
            )
        yield follow_up.compare(runs).values()


def test_nothing_changed_is_called_a_change_in_at_most_one_class_of_twenty():
    chance = random.Random(8)  # noqa: S311 - the same classes every time
    believed = astray = either = 0
    for changes in classes(chance, 2_000):
        moved = [one.believed is not Verdict.UNSEEN for one in changes]
        shares = [one.astray is not Verdict.UNSEEN for one in changes]
        believed += any(moved)
        astray += any(shares)
        either += any(moved) or any(shares)
    assert believed <= 0.05 * 2_000
    assert astray <= 0.05 * 2_000
    assert either <= 0.05 * 2_000
    assert believed  # the rule is not one that never says anything


def seen(present: int, moved: float, behaviours: int = 6) -> float:
    """Share of behaviours whose fall is seen, in classes that believed 10 of 24."""
    chance = random.Random(5)  # noqa: S311 - the same classes every time
    found = []
    for _ in range(100):
        runs = {
            str(one): (
                drawn(chance, present, 0.12, 0.42, 0.17),
                drawn(chance, present, 0.12, 0.42 - moved, 0.17),
                RISK,
            )
            for one in range(behaviours)
        }
        found += [
            one.believed is Verdict.DOWN for one in follow_up.compare(runs).values()
        ]
    return sum(found) / len(found)


def test_large_change_is_mostly_seen():
    # From 10 to 5 of 24, six behaviours at a time: docs/method.md, "Before and after".
    assert seen(24, 0.2) >= 0.8
    # In a class of 12 the same change is seen less often than not.
    assert seen(12, 0.2) < 0.5
