"""The five branches, their boundaries, and the order of the reveal."""

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling.domain import wording
from pejling.domain.disclosure import code_ends
from pejling.domain.findings import (
    Branch,
    Candidate,
    Finding,
    classify,
    has_enough,
    suggest_order,
)
from pejling.domain.norms import summarise
from pejling.domain.question_sets import Direction, Kind

RISK, PROTECTIVE, SHARED, NEUTRAL = Direction


@pytest.mark.parametrize(
    ("direction", "actual", "guess", "branch"),
    [
        # A class of 24, tolerance 2: a gap of 2 is agreement, 2.5 is not.
        (RISK, 3, 9, "A"),
        (RISK, 8, 10.5, "A"),
        (RISK, 8, 10, "B"),
        (RISK, 8, 6, "B"),
        (RISK, 8, 5.5, "D"),
        (RISK, 11, 20, "A"),
        (RISK, 12, 20, "C"),  # half of the class is no minority
        (RISK, 12, 12, "C"),
        (RISK, 20, 3, "C"),
        (RISK, 0, 3, "B"),  # 0 counts as 1: a gap of 2
        (RISK, 0, 3.5, "A"),
        (RISK, 2, 4, "A"),  # 2 counts as 1: a gap of 3
        (PROTECTIVE, 18, 12, "E"),
        (PROTECTIVE, 18, 15.5, "E"),
        (PROTECTIVE, 18, 16, "B"),
        (PROTECTIVE, 18, 20, "B"),
        (PROTECTIVE, 18, 20.5, "D"),  # fewer than the class believed
        (PROTECTIVE, 12, 9, "E"),  # half is enough for good news
        (PROTECTIVE, 11, 5, "D"),  # few do it, even if more than believed
        (PROTECTIVE, 11, 11, "D"),
        (PROTECTIVE, 11, 20, "D"),
        (PROTECTIVE, 24, 21, "B"),  # 24 counts as 23: a gap of 2
        (PROTECTIVE, 24, 20.5, "E"),
        (SHARED, 8, 4, "E"),
        (SHARED, 16, 10, "E"),
        (SHARED, 8, 8, "B"),
        (SHARED, 8, 14, "A"),
        (SHARED, 2, 1, "D"),  # "du er ikke den eneste" would be untrue
        (SHARED, 0, 12, "D"),
        (SHARED, 3, 3, "B"),
        (NEUTRAL, 3, 9, "A"),
        (NEUTRAL, 20, 9, "E"),
        (NEUTRAL, 9, 10, "B"),
        (NEUTRAL, 1, 1, "B"),
        (NEUTRAL, 20, 24, "A"),
    ],
)
def test_branch(direction, actual, guess, branch):
    assert classify(builders.norms(actual, guess), direction, 24).branch == branch


@pytest.mark.parametrize(
    ("branch", "hidden"),
    [("A", False), ("B", False), ("C", True), ("D", True), ("E", False)],
)
def test_c_and_d_are_hidden_until_the_teacher_chooses(branch, hidden):
    assert Finding(Branch(branch), False, enough=True).hidden is hidden


@pytest.mark.parametrize("branch", Branch)
def test_nothing_is_a_headline_while_many_are_missing(branch):
    assert Finding(branch, False, enough=False).hidden


@pytest.mark.parametrize(
    ("answered", "present", "enough"),
    # 80 % of 24 is 19.2, of 25 is 20, of 10 is 8.
    [(19, 24, False), (20, 24, True), (19, 25, False), (20, 25, True), (8, 10, True)],
)
def test_four_of_five_must_have_answered(answered, present, enough):
    assert has_enough(answered, present) is enough


def test_finding_of_19_of_24_is_not_enough_for_a_headline():
    enough = [classify(builders.norms(3, 9), RISK, n).enough for n in (19, 20, 24)]
    assert enough == [False, True, True]


def test_finding_carries_the_majority_misperception():
    # Thought 14 of 24, 8 do.
    assert classify(builders.norms(8, 14), RISK, 24).majority_misperception
    assert not classify(builders.norms(8, 11), RISK, 24).majority_misperception


def test_gap_of_exactly_the_tolerance_is_agreement_when_some_are_missing():
    # 29 of 35 answered, 26 help. All guess 35 of 35, which is 29 of 29: a gap of 3, and
    # round(35 / 12) = 3 is close. (29 answered, so 83 %: enough.)
    norms = summarise(builders.own(yes=26, no=3), {35: 29}, present=35)
    assert classify(norms, PROTECTIVE, 29).branch is Branch.AGREEMENT


@st.composite
def classes(draw) -> tuple[int, int, dict[int, int]]:
    present = draw(st.integers(5, 120))
    n = draw(st.integers(5, present))
    each = draw(st.lists(st.integers(0, present), min_size=1, max_size=n))
    return present, n, {guess: each.count(guess) for guess in each}


def told(actual: int, a_class: tuple, direction: Direction) -> bytes:
    """Everything that is said about a class of which ``actual`` pupils do it."""
    present, n, guesses = a_class
    norms = summarise(code_ends(actual, n), guesses, present)
    finding = classify(norms, direction, n)
    said = (
        norms,
        finding,
        finding.hidden,
        wording.headline(norms, finding),
        wording.alone(norms.actual, direction),
        wording.how_guesses_fell(norms.shares),
        wording.ADVICE[finding.branch],
        wording.BRANCH_NAMES[finding.branch],
    )
    return repr(said).encode()


@given(a_class=classes(), direction=st.sampled_from(Direction))
@settings(deadline=None, max_examples=300)
def test_nothing_that_is_said_tells_the_ends_apart(a_class, direction):
    _, n, _ = a_class
    assert len({told(k, a_class, direction) for k in range(3)}) == 1
    assert len({told(n - k, a_class, direction) for k in range(3)}) == 1


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("n", [*range(5, 40), 60, 120])
def test_nothing_tells_the_ends_apart_for_any_unanimous_guess(n, direction):
    for guess in range(n + 1):
        a_class = (n, n, {guess: n})
        assert len({told(k, a_class, direction) for k in range(3)}) == 1
        assert len({told(n - k, a_class, direction) for k in range(3)}) == 1


# --- the order of the reveal ----------------------------------------------------------


def one(name: str, branch: str, gap: float, kind: Kind = Kind.BEHAVIOUR) -> Candidate:
    return Candidate(name, kind, Finding(Branch(branch), False, enough=True), gap)


def test_good_news_first_then_the_largest_overestimate_then_the_attitude():
    assert suggest_order(
        [
            one("vape", "A", 4),
            one("hjulpet", "E", -5),
            one("drikke", "A", 9),
            one("synes", "B", 1, Kind.ATTITUDE),
            one("sove", "B", 0),
        ]
    ) == ["hjulpet", "drikke", "vape", "sove", "synes"]


def test_second_good_surprise_ends_the_lesson():
    # The largest surprise (7) opens, the next (4) closes, the third (3) lies between.
    assert suggest_order(
        [
            one("lille", "E", -3),
            one("stor", "E", -7),
            one("vape", "A", 4),
            one("mellem", "E", -4),
        ]
    ) == ["stor", "vape", "lille", "mellem"]


def test_without_good_news_an_attitude_the_class_overestimated_ends_it():
    assert suggest_order(
        [one("synes", "A", 8, Kind.ATTITUDE), one("vape", "A", 4)]
    ) == ["vape", "synes"]


def test_attitude_the_class_knew_is_preferred_as_the_end():
    assert suggest_order(
        [
            one("overdrevet", "A", 8, Kind.ATTITUDE),
            one("kendt", "B", 0, Kind.ATTITUDE),
            one("vape", "A", 4),
        ]
    ) == ["overdrevet", "vape", "kendt"]


def test_hidden_results_are_left_out():
    missing = Finding(Branch.OVERESTIMATE, False, enough=False)
    assert suggest_order(
        [
            one("flertal", "C", 0),
            one("faerre", "D", -4),
            Candidate("mangler", Kind.BEHAVIOUR, missing, 9),
            one("vape", "A", 4),
        ]
    ) == ["vape"]


def test_single_good_news_is_told_once():
    assert suggest_order([one("hjulpet", "E", -5)]) == ["hjulpet"]
    assert suggest_order([]) == []


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(-20, 20))))
@settings(deadline=None)
def test_every_result_that_may_be_shown_comes_exactly_once(found):
    candidates = [
        one(f"t{place}", branch, gap, [*Kind][place % 3])
        for place, (branch, gap) in enumerate(found)
    ]
    visible = {a.triad for a in candidates if not a.finding.hidden}
    order = suggest_order(candidates)
    assert (len(order), set(order)) == (len(visible), visible)
