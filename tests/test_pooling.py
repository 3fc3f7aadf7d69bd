"""Answers of several classes as the facit of "alle de andre": coded, and frozen."""

import datetime
import itertools
from dataclasses import replace

import builders
import pytest
from builders import NOW, tallies
from room import sign_in

from pejling import results
from pejling.domain import pooling, school_year, wording
from pejling.domain.disclosure import Omission, OwnCounts, code_ends
from pejling.domain.pooling import ClassAnswers
from pejling.domain.question_sets import Facit, Sensitivity
from pejling.storage import accounts, archive, pools, year_end
from pejling.storage.accounts import Role

SET = builders.a_question_set(
    builders.WARM_UP,
    builders.RISK | {"facit": "kommunens_samlede_svar"},
    builders.ATTITUDE,
    builders.PROTECTIVE,
)
VAPE = SET.triad("vape")
CODED = {(k, n): code_ends(k, n).value for n in range(20, 31) for k in range(n + 1)}
"""Yes and size of a class -> its coded number."""


def a_class(letter: str, yes: int, n: int = 24, *, day: int = 0, triad=VAPE, grade=7):
    return ClassAnswers(
        ("Åskolen", grade, letter), grade, day, triad, OwnCounts(yes, n - yes, 0)
    )


def percents(*classes: ClassAnswers) -> list[int]:
    return [one.percent for one in pooling.pooled(classes)]


# --- the pool -------------------------------------------------------------------------


def test_three_classes_and_sixty_answers_make_a_pool():
    # 4 + 6 + 8 = 18 of 72 are 25 %; 18 is rounded to 20, and 20 of 72 to 30 %.
    (found,) = pooling.pooled(
        [a_class("A", 4), a_class("B", 6), a_class("C", 8), a_class("A", 9, grade=8)]
    )
    assert (found.grade, found.triad, found.classes) == (7, "vape", 3)
    assert (found.answers, found.percent) == (70, 30)
    assert found.asked == "har vapet"


@pytest.mark.parametrize(
    "classes",
    [
        [("A", 40), ("B", 40)],  # two classes
        [("A", 19), ("B", 20), ("C", 20)],  # 59 answers
        [("A", 61), ("B", 20), ("C", 20)],  # 61 of 101 are more than 60 %
    ],
)
def test_smaller_groups_make_none(classes):
    assert percents(*(a_class(letter, 5, n) for letter, n in classes)) == []


def test_border_is_sixty_answers_and_sixty_per_cent():
    assert len(percents(*(a_class(one, 5, 20) for one in "ABC"))) == 1
    assert len(percents(a_class("A", 5, 60), a_class("B", 5, 20), a_class("C", 5, 20)))


def test_illegal_acts_need_a_hundred_answers():
    red = replace(VAPE, sensitivity=Sensitivity.RED)
    assert percents(*(a_class(one, 5, 24, triad=red) for one in "ABCD")) == []
    assert len(percents(*(a_class(one, 5, 25, triad=red) for one in "ABCD"))) == 1


def test_none_and_all_are_never_told():
    assert percents(*(a_class(one, 0) for one in "ABC")) == [5]
    # 72 of 72 count as 65, like all from 63 on.
    assert percents(*(a_class(one, 24) for one in "ABC")) == [90]


@pytest.mark.parametrize("total", [60, 61, 72, 90])
def test_at_least_five_counts_look_alike(total):
    # Whoever knows the size of every class still cannot tell the sum closer than this.
    sizes = [total - 2 * (total // 3), total // 3, total // 3]
    exact: dict[int, set[int]] = {}
    for counts in itertools.product(*(range(size + 1) for size in sizes)):
        shown = sum(map(CODED.__getitem__, zip(counts, sizes, strict=True)))
        percent = pooling._percent(shown, total)
        exact.setdefault(percent, set()).add(sum(counts))
    assert min(map(len, exact.values())) >= 5


def test_pool_is_made_of_what_the_classes_have_seen():
    # None, one and two of each count as one: 3 of 72 are told as 5 of 72.
    shown = {
        tuple(percents(*(a_class(x, k) for x, k in zip("ABC", low, strict=True))))
        for low in itertools.product(range(3), repeat=3)
    }
    assert shown == {(5,)}


def test_class_too_small_for_a_number_of_its_own_is_in_no_pool():
    small = [a_class(one, 5, 24) for one in "AB"] + [a_class("C", 3, 9)]
    assert percents(*small, a_class("D", 3, 9)) == []
    assert len(percents(*small, a_class("D", 5, 24))) == 1
    with pytest.raises(ValueError, match="too few"):
        pooling.coded(a_class("C", 3, 9))


def test_class_counts_once_and_a_follow_up_not():
    again = [a_class("A", 4, day=0), a_class("A", 20, day=28), a_class("A", 0, day=60)]
    # 20 + 6 + 7 = 33 of 72, 35 rounded, are 50 %: the second time, within 28 days.
    assert percents(*again, a_class("B", 6), a_class("C", 7)) == [50]


def test_other_words_are_another_pool():
    other = replace(VAPE, act="har vapet i skolen", own_act="har vapet i skolen")
    mixed = [a_class("A", 4), a_class("B", 4), a_class("C", 4, triad=other)]
    assert percents(*mixed) == []


def test_attitudes_in_place_of_an_act_are_no_facit():
    hidden = replace(VAPE, own_act="synes, det er i orden")
    assert not pooling.may_pool(hidden)
    assert not pooling.may_pool(replace(VAPE, benchmark=Facit.NONE))


# --- the end of a school year ---------------------------------------------------------


def close(stores, letter: str, yes: int, **changes) -> None:
    builders.closed_class(
        stores,
        questions=SET,
        columns={"letter": letter, "day": "2026-09-21"} | changes,
        vape=tallies("vape", yes, 24 - yes),
    )


def at(day: str) -> float:
    return datetime.datetime.fromisoformat(f"{day}T12:00").timestamp()


def test_year_is_frozen_when_its_ballots_have_been_counted(stores):
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes)
    close(stores, "D", 24, day="2026-07-31")  # of the year before
    year_end.freeze_last_year(stores, at("2027-08-15"))
    assert not pools.is_frozen(stores.archive, 2026)
    year_end.freeze_last_year(stores, at("2027-08-16"))
    ((year, found),) = pools.everything(stores.archive)
    assert (school_year.name(year), found.percent) == ("2026/27", 30)


def test_frozen_year_does_not_change(stores):
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes)
    year_end.freeze_last_year(stores, at("2027-09-01"))
    before = pools.everything(stores.archive)
    close(stores, "D", 24)
    stores.archive.conn.execute("delete from counter")
    year_end.freeze_last_year(stores, at("2027-09-02"))
    pools.freeze(stores.archive, 2026, [])
    assert pools.everything(stores.archive) == before != []


def test_behaviour_that_was_left_out_counts_in_no_pool(stores):
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes)
    (first, *_) = archive.sessions_of(stores.archive)
    archive.omit(stores.archive, first.id, "vape", Omission.NOT_SERIOUS)
    year_end.freeze_last_year(stores, at("2027-09-01"))
    assert pools.everything(stores.archive) == []


# --- beside a later class -------------------------------------------------------------


@pytest.fixture
def later(stores):
    """A class of 7. årgang the year after three others; 8 of 24 is its guess."""
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes, day="2025-10-01")
    year_end.freeze_last_year(stores, NOW)
    return builders.closed_class(
        stores,
        questions=SET,
        dyr=tallies("dyr", 12, 12),
        vape=tallies("vape", 3, 21),
    )


def test_pool_is_the_facit_where_no_survey_has_one(stores, later):
    found = results.of_session(stores, later).item("vape")
    # 30 % of 24 are 7.2.
    assert found.outside.facit.value == 7
    assert wording.outside_note(found.outside) == (
        "I 3 af kommunens klasser var det omkring 30 ud af 100 i skoleåret 2025/26. "
        "Kilde: Klassernes egne svar i Pejling, lagt sammen, 7. årgang. "
        "Mindst 70 svar. Det er de klasser, der har brugt Pejling, og ikke hele "
        "kommunen."
    )
    # It is never the line beside the class's own number.
    assert found.elsewhere is None


def test_pool_grows_old(stores, later):
    stores.archive["session"].update(later.id, {"day": "2035-12-01"})
    old = archive.session(stores.archive, later.id)
    assert results.of_session(stores, old).item("vape").outside is not None
    stores.archive["session"].update(later.id, {"day": "2036-12-01"})
    older = archive.session(stores.archive, later.id)
    assert results.of_session(stores, older).item("vape").outside is None


def test_pools_stand_on_tal_og_kilder(app, stores, later):
    consultant = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    page = consultant.get("/tal").text
    assert "Klassernes egne svar, lagt sammen" in page
    assert "omkring 30 %" in page
    assert "omkring 30 %" not in consultant.get("/tal?aargang=8").text


def test_teacher_reads_what_the_pool_is(app, stores, later):
    teacher = sign_in(app, stores, "lone@example.dk", Role.TEACHER)
    owner = accounts.find(stores.archive, "lone@example.dk").id
    stores.archive["session"].update(later.id, {"owner": owner})
    page = teacher.get(f"/laerer/{later.id}").text
    assert "Det er facit til gættet om alle de andre." in page
    assert "30 ud af 100 (2025/26)" in page
    assert "30 %: 7. årgang, 3 af kommunens klasser, 2025/26." in page
