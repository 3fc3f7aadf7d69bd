"""Choosing from the bank: the order that is kept, and what is told."""

import itertools

import builders
import pytest
from builders import a_triad

from pejling import config
from pejling.domain.content import library
from pejling.domain.question_sets import Direction, Sensitivity
from pejling.domain.selection import arrange, breaches

GOOD = "holdning"


def attitude(triad_id: str) -> dict:
    return a_triad(
        triad_id, "synes noget", art=GOOD, retning="beskyttende", foelsomhed="groen"
    )


def opinion(triad_id: str) -> dict:
    """An attitude to a risk: good to have beside one, but nothing to be proud of."""
    return a_triad(
        triad_id, "synes noget", art=GOOD, retning="risiko", foelsomhed="groen"
    )


SET = builders.a_question_set(
    builders.WARM_UP,
    a_triad("r1"),
    opinion("h1"),
    a_triad("r2"),
    attitude("b1"),
    a_triad("r3"),
    builders.RED,
    attitude("b2"),
    builders.PROTECTIVE,
    minutter=45,
)


OFFERED = SET.triads[1:]


def order(*chosen: str) -> list[str]:
    return [one.id for one in arrange(SET, chosen)]


def told(*chosen: str) -> str:
    return " ".join(one.what for one in breaches(SET, chosen, OFFERED))


def test_order_of_the_file_is_kept():
    assert order("hjulpet", "b1", "r2", "h1", "r1") == [
        "dyr",
        "r1",
        "h1",
        "r2",
        "b1",
        "hjulpet",
    ]


def test_attitude_is_moved_between_two_risks():
    assert order("r1", "r2", "b1", "hjulpet") == ["dyr", "r1", "b1", "r2", "hjulpet"]


def test_something_to_be_proud_of_is_last_also_without_the_sets_own_last():
    assert order("r1", "b1", "r2", "b2", "h1") == ["dyr", "r1", "h1", "r2", "b1", "b2"]


def test_warm_up_is_always_there():
    assert order() == ["dyr"]
    assert order("findes_ikke") == ["dyr"]


def test_roed_item_brings_its_own_attitude():
    assert order("r3", "hash", "hjulpet") == ["dyr", "r3", "hash", "hjulpet"]


def test_good_choice_is_not_commented():
    assert breaches(SET, ["r1", "h1", "r2", "b1", "hjulpet"], OFFERED) == []


def test_only_risk_cannot_be_opened():
    (found, *_) = breaches(SET, ["r1", "r2", "r3"], OFFERED)
    assert found.is_final
    assert "ingen holdninger" in found.what
    assert "de fleste" in found.why


@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        (["r1", "r2", "r3", "b1"], "3 spørgsmål om risiko, men kun 1"),
        (["r1", "h1", "r2", "h1"], "ikke noget at være stolt af"),
        (["b1", "b2", "hjulpet"], "kun spørgsmål om det gode"),
        (["r1", "hjulpet"], "kun 2 spørgsmål"),
        (["r1", "h1", "r2", "b1", "hash", "b2", "hjulpet"], "7 spørgsmål"),
    ],
)
def test_breach_is_told(chosen, what):
    assert what in told(*chosen)
    assert not any(one.is_final for one in breaches(SET, chosen, OFFERED))
    assert all(one.why for one in breaches(SET, chosen, OFFERED))


@pytest.fixture(scope="module")
def shipped():
    return library.read(config.question_set_folder("")).sets


def test_core_of_every_shipped_set_is_a_good_choice(shipped):
    for one in shipped.values():
        core = [triad.id for triad in one.triads if triad.core]
        assert breaches(one, core, one.triads[1:]) == [], one.id
        assert [triad.id for triad in arrange(one, core)] == core


def test_core_is_a_good_choice_also_where_no_roed_item_can_be_asked(shipped):
    # As long as the kommune has no figure to hold a roed guess against.
    for one in shipped.values():
        offered = [t for t in one.triads[1:] if t.sensitivity is not Sensitivity.RED]
        core = [triad.id for triad in offered if triad.core]
        assert breaches(one, core, offered) == [], one.id


def test_risk_is_not_asked_for_where_there_is_none():
    assert breaches(SET, ["b1", "b2", "hjulpet"], [SET.triad("b1")]) == []


def test_any_choice_keeps_the_order_that_it_can(shipped):
    # All choices of five: no two bare risks in a row while something else was at hand,
    # the last one good where there is one.
    for one in shipped.values():
        ids = [triad.id for triad in one.triads[1:]]
        for chosen in itertools.combinations(ids, 5):
            _, *asked = arrange(one, chosen)
            assert sorted(triad.id for triad in asked) == sorted(chosen)
            good = [t for t in asked if t.direction is Direction.PROTECTIVE]
            assert not good or asked[-1].direction is Direction.PROTECTIVE
            risk = [t.is_risk_act and t.asks_own_act for t in asked]
            rows = sum(a and b for a, b in itertools.pairwise(risk))
            if risk.count(True) <= risk.count(False):
                assert rows == 0, (one.id, chosen)
