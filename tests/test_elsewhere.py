"""A class beside others: the choice, the range, what is held back."""

from dataclasses import replace
from fractions import Fraction
from math import comb

import builders
import pytest

from pejling.domain import elsewhere
from pejling.domain.benchmarks import Figure, Level, Use, shipped
from pejling.domain.disclosure import code_ends
from pejling.domain.elsewhere import Place, Reason
from pejling.domain.question_sets import Direction, Fit


def a_figure(**changes) -> Figure:
    """40 % of 7. årgang in the kommune, 2025."""
    return Figure(
        **{
            "id": "f1",
            "indicator": "vape_last_30d",
            "percent": 40.0,
            "is_rounded": False,
            "population": "7. klasse",
            "grades": (7, 7),
            "ages": None,
            "is_for_all": True,
            "level": Level.KOMMUNE,
            "area": "Stevns",
            "year": 2025,
            "n": 200,
            "match": Fit.EXACT,
            "use": Use.BENCHMARK,
            "question": "",
            "counted": "",
            "caveat": "",
            "source": "Ungeprofilen 2025/26",
            "publisher": "",
            "url": "",
        }
        | changes
    )


def a_triad(**changes):
    triad = builders.a_question_set().triad("vape")
    return replace(triad, indicator="vape_last_30d", **changes)


VAPE = a_triad()


def chosen(*figures: Figure, grade: int = 7, year: int = 2026, triad=VAPE):
    found = elsewhere.choose(triad, grade, year, figures)
    return found.id if found else None


# --- the choice -----------------------------------------------------------------------


def test_figure_of_the_aargang_and_the_indicator():
    assert chosen(a_figure()) == "f1"
    assert chosen(a_figure(), grade=8) is None
    assert chosen(a_figure(indicator="alcohol_ever")) is None
    assert chosen(a_figure(), triad=replace(VAPE, indicator="")) is None


@pytest.mark.parametrize(
    "unfit",
    [
        {"use": Use.CONTEXT},
        {"is_for_all": False},
        {"is_perceived": True},
        {"level": Level.SCHOOL},
        {"match": Fit.LOOSE},
        {"year": 2015},
        {"year": 2027},
        {"grades": None, "ages": (12, 17)},
    ],
)
def test_figures_that_never_stand_beside_a_class(unfit):
    assert chosen(a_figure(**unfit)) is None


def test_loose_item_has_no_figure_by_itself():
    assert chosen(a_figure(), triad=a_triad(fit=Fit.LOOSE)) is None


def test_eleventh_year_is_too_old():
    assert chosen(a_figure(year=2016)) == "f1"
    assert chosen(a_figure(year=2016), year=2027) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"match": Fit.EXACT, "grades": (7, 9)}, {"match": Fit.CLOSE}),
        ({"grades": (7, 7), "level": Level.NATIONAL}, {"grades": (7, 9)}),
        ({"level": Level.KOMMUNE, "year": 2020}, {"level": Level.REGION}),
        ({"level": Level.REGION, "year": 2020}, {"level": Level.NATIONAL}),
        ({"year": 2025}, {"year": 2024}),
        ({"grades": (6, 8)}, {"grades": (5, 9)}),
    ],
)
def test_better_figure_is_chosen(better, worse):
    figures = [a_figure(id="worse", **worse), a_figure(id="better", **better)]
    assert chosen(*figures) == "better"
    assert chosen(*reversed(figures)) == "better"


@pytest.mark.parametrize(
    ("ages", "covers"),
    [
        ((16, 24), True),
        ((15, 29), True),
        ((18, 25), False),
        ((12, 25), False),
        (None, False),
    ],
)
def test_youth_education_takes_age_samples(ages, covers):
    figure = a_figure(grades=None, ages=ages)
    assert bool(chosen(figure, grade=11)) == covers
    assert not chosen(figure, grade=9)


def test_shipped_figures_are_chosen_among_too():
    drunk = a_triad()
    drunk = replace(drunk, indicator="alcohol_drunk_last_30d")
    found = elsewhere.choose(drunk, 9, 2026, shipped())
    assert found.id == "espad_2019_fakta.alcohol_drunk_last_30d.g9e.all.dk.2019"
    assert elsewhere.choose(drunk, 7, 2026, shipped()) is None
    assert elsewhere.choose(drunk, 9, 2030, shipped()) is None


def test_all_about_an_indicator_newest_first():
    figures = [
        a_figure(id="old", year=2001),
        a_figure(id="new"),
        a_figure(indicator="x"),
    ]
    assert [one.id for one in elsewhere.about(VAPE, figures)] == ["new", "old"]


# --- the range ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "low", "high"),
    [
        (3, 0, 3),
        (5, 0, 4),
        (8, 0, 5),
        (16, 1, 8),
        (28, 3, 11),
        (40, 5, 14),
        (59.4, 9, 19),
        (80, 15, 23),
    ],
)
def test_range_of_24_as_published(percent, low, high):
    assert elsewhere.ordinary_range(24, percent / 100) == (low, high)


@pytest.mark.parametrize("n", [5, 10, 24, 31, 120])
@pytest.mark.parametrize("percent", [0, 1, 4.3, 33, 50, 59.4, 96, 100])
def test_probabilities_are_exact(n, percent):
    share = Fraction(percent / 100)
    for count in range(n + 1):
        exact = sum(
            comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count + 1)
        )
        assert abs(elsewhere.at_most(count, n, percent / 100) - exact) < 1e-12
    low, high = elsewhere.ordinary_range(n, percent / 100)
    assert elsewhere.at_most(low, n, percent / 100) >= 0.025
    assert low == 0 or elsewhere.at_most(low - 1, n, percent / 100) < 0.025
    assert elsewhere.at_most(high, n, percent / 100) >= 0.975
    assert high == 0 or elsewhere.at_most(high - 1, n, percent / 100) < 0.975


@pytest.mark.parametrize(("n", "share"), [(24, -0.1), (24, 1.1), (0, 0.5)])
def test_range_of_nonsense_is_refused(n, share):
    with pytest.raises(ValueError, match=" of "):
        elsewhere.ordinary_range(n, share)


# --- beside a class -------------------------------------------------------------------


def beside(yes: int, n: int = 24, triad=VAPE, **changes):
    own = code_ends(yes, n)
    return elsewhere.beside(triad, own, a_figure(**changes))


def test_forty_of_a_hundred_in_a_class_of_24():
    found = beside(12)
    assert (found.percent, found.expected, found.low, found.high) == (40, 9.6, 5, 14)
    assert found.place is Place.WITHIN
    assert beside(15).place is Place.ABOVE
    assert beside(4).place is Place.BELOW


def test_coded_numbers_are_outside_only_as_a_whole():
    # "højst 2" may be 0, 1 or 2; of 16 % the range begins at 1.
    assert {beside(yes, percent=16.0).place for yes in range(3)} == {Place.WITHIN}
    assert {beside(yes).place for yes in range(3)} == {Place.BELOW}
    assert {beside(yes, percent=85.0).place for yes in (22, 23, 24)} == {Place.WITHIN}


def test_nothing_of_a_comparison_tells_the_ends_apart():
    for percent in range(0, 101, 5):
        for ends in ((0, 1, 2), (22, 23, 24)):
            assert len({beside(yes, percent=float(percent)) for yes in ends}) == 1


def test_figure_that_counts_those_who_do_not_is_turned_round():
    assert beside(12, triad=a_triad(is_reversed=True), percent=86.0).percent == 14


@pytest.mark.parametrize(
    ("direction", "yes", "reason"),
    [
        (Direction.RISK, 9, Reason.PULLS),
        (Direction.RISK, 10, None),
        (Direction.RISK, 0, Reason.PULLS),
        (Direction.PROTECTIVE, 10, Reason.PULLS),
        (Direction.PROTECTIVE, 9, None),
        (Direction.SHARED, 3, None),
        (Direction.NEUTRAL, 20, None),
    ],
)
def test_figure_that_pulls_the_wrong_way_is_held_back(direction, yes, reason):
    found = beside(yes, triad=a_triad(direction=direction))
    assert found.reason is reason
    assert found.is_shown == (reason is None)


def test_teacher_may_show_what_is_held_back_and_hold_back_what_is_not():
    held = beside(3)
    assert not held.is_shown
    assert replace(held, choice=True).is_shown
    assert not replace(beside(12), choice=False).is_shown


def test_figure_for_staff_is_never_shown():
    triad = replace(VAPE, indicator="lonely_often")
    found = elsewhere.beside(
        triad, code_ends(12, 24), a_figure(indicator="lonely_often")
    )
    assert found.reason is Reason.STAFF_ONLY
    assert not replace(found, choice=True).is_shown


def test_worse_of_two_links_is_the_fit():
    assert elsewhere.fit(a_triad(fit=Fit.CLOSE), a_figure()) is Fit.CLOSE
    assert elsewhere.fit(VAPE, a_figure(match=Fit.CLOSE)) is Fit.CLOSE
    assert elsewhere.fit(VAPE, a_figure(match=Fit.LOOSE)) is Fit.LOOSE


def test_choice_among_five_thousand_figures():
    many = [a_figure(id=f"f{one}", year=2016 + one % 10) for one in range(5000)]
    assert elsewhere.choose(VAPE, 7, 2026, many).year == 2025


def test_choice_holds_for_the_figure_it_was_made_about():
    own = code_ends(3, 24)
    seen, other = a_figure(percent=20.0), a_figure(percent=80.0)
    choice = (seen.mark, True)
    assert elsewhere.compare(VAPE, 7, own, 2026, [seen], choice).is_shown
    found = elsewhere.compare(VAPE, 7, own, 2026, [other], choice)
    assert not found.is_shown
    assert found.choice is None
    # A rounding of the file name or another entry of the same number changes nothing.
    again = replace(seen, id="egen-9", entry=9, source="En anden")
    assert elsewhere.compare(VAPE, 7, own, 2026, [again], choice).is_shown


def test_of_two_of_the_kommunes_own_the_later_entry_stands():
    early, late = a_figure(id="egen-9", entry=9), a_figure(id="egen-10", entry=10)
    assert chosen(early, late) == chosen(late, early) == "egen-10"


def test_attitude_is_not_compared_with_an_act():
    triad = replace(VAPE, own_act="synes, det er i orden")
    assert elsewhere.compare(triad, 7, code_ends(3, 24), 2026, [a_figure()]) is None


def test_whole_number_of_pupils_is_what_the_others_are_held_against():
    guesses = {9: 24}
    found = elsewhere.outside(VAPE, 7, 2026, [a_figure()], guesses, 24, 24)
    assert (found.facit.value, found.facit.n, found.percent) == (10, 24, 40.0)
    assert not found.finding.hidden
    for missing in (None, {}):
        assert elsewhere.outside(VAPE, 7, 2026, [a_figure()], missing, 24, 24) is None
    assert elsewhere.outside(VAPE, 8, 2026, [a_figure()], guesses, 24, 24) is None
