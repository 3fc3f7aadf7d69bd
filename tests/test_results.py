"""The one gate: from a class's counters to what people may see."""

import builders
import pytest
from builders import YES, tallies

from pejling import results
from pejling.domain import wording
from pejling.domain.disclosure import Coding, Shown, Withheld
from pejling.domain.findings import Branch
from pejling.domain.norms import Shares
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import REVEAL, REVEAL_ATTITUDE
from pejling.storage import archive, ballot_box


def results_of(stores, *, present: int = 24, questions=None, **triads):
    session = builders.closed_class(
        stores, present=present, questions=questions, **triads
    )
    return results.of_session(stores, session)


def vape(stores, yes: int, no: int, declined: int = 0, **more):
    """The result of one class on "vape", a yellow risk; 8 of 24 were guessed."""
    counted = tallies("vape", yes, no, declined, **more)
    return results_of(stores, vape=counted).item("vape")


# --- one behaviour --------------------------------------------------------------------


def test_class_that_overestimates(stores):
    # 3 of 24 vape; 10 guess 4, 14 guess 9, so the median is 9 and the gap 6.
    result = vape(stores, 3, 21, guesses={4: 10, 9: 14})
    assert result.own == Shown(3, 24, Coding.EXACT)
    assert (result.norms.perceived, result.norms.misperception) == (9, 6)
    assert result.norms.shares == Shares(too_high=14, close=10, too_low=0)
    assert result.finding.branch is Branch.OVERESTIMATE
    assert result.sentence == "I gættede på 9. 21 ud af 24 svarede ikke ja."
    assert result.question == "Hvor mange i klassen har vapet?"
    assert (result.answered, result.declined, result.others_perceived) == (24, 0, 9)
    assert result.friends == {4: 10, 9: 14}
    assert not result.hidden


@pytest.mark.parametrize(
    ("yes", "no", "hidden", "branch"),
    [
        (3, 21, False, "A"),
        (7, 17, False, "B"),
        (12, 12, True, "C"),
        (11, 13, True, "D"),
    ],
)
def test_c_and_d_wait_for_the_teacher(stores, yes, no, hidden, branch):
    result = vape(stores, yes, no)
    assert (result.finding.branch, result.hidden) == (branch, hidden)


def test_yellow_item_below_ten_shows_guesses_only(stores):
    result = vape(stores, 3, 6)
    assert result.own == Withheld(10)
    assert result.friends == {8: 9}
    assert (result.norms, result.finding) == (None, None)
    assert (result.can_show, result.hidden) == (False, True)
    assert result.sentence == wording.TOO_FEW


def test_too_few_answers_leave_nothing(stores):
    nothing = results_of(stores, vape=(0, {})).item("vape")
    assert nothing.own == Withheld(10)
    assert (nothing.friends, nothing.others, nothing.answered) == (None, None, 0)
    assert nothing.hidden


def test_many_missing_are_no_headline(stores):
    # 19 of 24 are 79 %.
    result = vape(stores, 3, 16)
    assert result.finding.branch is Branch.OVERESTIMATE
    assert result.hidden


def test_guesses_that_were_declined_do_not_count(stores):
    n, counted = tallies("vape", 3, 21)
    counted["vape.kammerater"] = {8: 20, 999: 4}
    result = results_of(stores, vape=(n, counted)).item("vape")
    assert result.friends == {8: 20}
    assert result.norms.shares.n == 20


def test_few_guesses_leave_the_own_answers(stores):
    # Four guesses are too few; 3 of 24 stand alone.
    n, counted = tallies("vape", 3, 21)
    counted["vape.kammerater"] = {8: 4, 999: 20}
    result = results_of(stores, vape=(n, counted)).item("vape")
    assert (result.friends, result.norms, result.steps) == (None, None, REVEAL_ATTITUDE)
    assert result.sentence == "21 ud af 24 svarede ikke ja."


def test_any_frequency_counts_as_doing_it(stores):
    # Once 2, two or three times 1, four or more 1: 4 of 24 do it.
    triads = (
        builders.WARM_UP,
        builders.a_triad(svar="hyppighed4"),
        builders.PROTECTIVE,
    )
    n, counted = tallies("vape", 0, 24)
    counted["vape.selv"] = {0: 20, 1: 2, 2: 1, 3: 1}
    questions = builders.a_question_set(*triads)
    result = results_of(stores, questions=questions, vape=(n, counted)).item("vape")
    assert result.own == Shown(4, 24, Coding.EXACT)


def test_ved_ikke_is_not_yes(stores):
    triads = (
        builders.WARM_UP,
        builders.a_triad(svar="holdning_ja_nej"),
        builders.PROTECTIVE,
    )
    n, counted = tallies("vape", 4, 20)
    counted["vape.selv"] = {0: 4, 1: 10, 2: 10}
    questions = builders.a_question_set(*triads)
    result = results_of(stores, questions=questions, vape=(n, counted)).item("vape")
    assert result.own == Shown(4, 24, Coding.EXACT)


# --- an item on something illegal -----------------------------------------------------


def red(stores, yes: int, no: int):
    triads = (builders.WARM_UP, builders.RED, builders.PROTECTIVE)
    questions = builders.a_question_set(*triads, hoejeste_foelsomhed="roed")
    n, counted = tallies("hash", yes, no)
    del counted["hash.kammerater"]
    found = results_of(stores, questions=questions, hash=(n, counted))
    return found, found.item("hash")


def test_red_item_shows_the_attitude_and_no_guess_without_a_figure(stores):
    found, result = red(stores, 4, 20)
    assert (result.friends, result.others, result.others_perceived) == (None,) * 3
    assert result.question == "Hvor mange i klassen synes, det er i orden at ryge hash?"
    assert result.sentence == "20 ud af 24 svarede ikke ja."
    assert found.reveal == [("hash", REVEAL_ATTITUDE)]


def test_red_item_needs_15_answers(stores):
    assert red(stores, 4, 10)[1].own == Withheld(15)
    assert red(stores, 4, 11)[1].own == Shown(4, 15, Coding.EXACT)


@pytest.mark.parametrize("yes", [12, 20, 24])
def test_attitude_for_a_risk_that_half_hold_waits_for_the_teacher(stores, yes):
    # "20 ud af 24 synes, det er i orden at ryge hash" is a norm message, branch C.
    found, result = red(stores, yes, 24 - yes)
    assert result.hidden
    assert found.order == ()


def test_risk_that_half_take_waits_also_when_few_guessed(stores):
    n, counted = tallies("vape", 15, 9)
    counted["vape.kammerater"] = {8: 4, 999: 20}
    assert results_of(stores, vape=(n, counted)).item("vape").hidden


# --- what nobody can tell -------------------------------------------------------------


def seen(stores, n: int, yes: int, declined: int) -> str:
    """Everything that a class of n may learn when all of it has answered."""
    triads = {
        triad: tallies(triad, yes, n - yes - declined, declined)
        for triad in ("dyr", "vape", "ok_at_sige_nej", "hjulpet")
    }
    triads[HONESTY_ID] = tallies(HONESTY_ID, yes, n - yes - declined, declined)
    found = results_of(stores, present=max(n, 8), **triads)
    return repr(
        (
            found.items,
            found.order,
            found.reveal,
            found.honesty,
            [
                (one.question, one.sentence, one.steps, one.hidden, one.can_show)
                for one in found.items
            ],
        )
    )


@pytest.mark.parametrize("n", [5, 9, 10, 11, 14, 15, 24, 25, 120])
def test_results_do_not_tell_none_one_and_two_apart(stores, n):
    assert len({seen(stores, n, yes, 0) for yes in range(3)}) == 1
    assert len({seen(stores, n, n - no, 0) for no in range(3)}) == 1


@pytest.mark.parametrize("n", [5, 9, 10, 11, 14, 15, 24, 25, 120])
def test_results_do_not_tell_that_one_or_two_declined(stores, n):
    for yes in (0, 3, n - 2):
        assert len({seen(stores, n, yes, declined) for declined in range(3)}) == 1


def test_three_who_declined_are_told(stores):
    result = vape(stores, 6, 15, 3)
    assert (result.own, result.declined) == (Shown(6, 21, Coding.EXACT), 3)


# --- the session ----------------------------------------------------------------------


def test_open_triads_have_no_result(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session)
    builders.answer(stores, seats, "dyr", yes=12)
    assert results.of_session(stores, session).items == ()
    session = builders.go_on(stores, session)
    builders.answer(stores, seats, "vape", yes=3)
    found = results.of_session(stores, session)
    assert [one.triad.id for one in found.items] == ["dyr"]
    assert found.item("vape") is None


def test_lesson_from_lobby_to_result(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session)
    builders.answer(stores, seats, "dyr", yes=12)
    session = builders.go_on(stores, session)
    for triad, yes in [("vape", 3), ("ok_at_sige_nej", 20), ("hjulpet", 18)]:
        builders.answer(stores, seats, triad, yes=yes)
    builders.answer(stores, seats, HONESTY_ID, yes=22)
    found = results.of_session(stores, builders.go_on(stores, session))
    # All guess 8: E by 12 and by 10, A by 5. The larger surprise first, the other last.
    assert found.order == ("ok_at_sige_nej", "vape", "hjulpet")
    assert found.reveal == [(one, REVEAL) for one in found.order]
    assert found.honesty == Shown(23, 24, Coding.HIGH)


def test_warm_up_is_not_revealed_again(stores):
    found = results_of(stores, dyr=tallies("dyr", 3, 21), vape=tallies("vape", 3, 21))
    assert [one.triad.id for one in found.items] == ["dyr", "vape"]
    assert found.order == ("vape",)


def test_teacher_may_show_what_is_hidden_and_hold_back_what_is_not(stores):
    # vape 12 of 24: C, hidden. hjulpet 18 of 24 where 8 were guessed: E, shown.
    triads = {"vape": tallies("vape", 12, 12), "hjulpet": tallies("hjulpet", 18, 6)}
    session = builders.closed_class(stores, **triads)
    assert results.of_session(stores, session).order == ("hjulpet",)
    archive.choose(stores.archive, session.id, "vape", True)
    # What is shown against the advice goes before the good end.
    assert results.of_session(stores, session).order == ("vape", "hjulpet")
    archive.choose(stores.archive, session.id, "hjulpet", False)
    found = results.of_session(stores, session)
    assert found.order == ("vape",)
    assert found.item("hjulpet").advised_against is False


def test_teacher_cannot_show_what_is_withheld(stores):
    session = builders.closed_class(stores, vape=tallies("vape", 3, 6))
    archive.choose(stores.archive, session.id, "vape", True)
    assert results.of_session(stores, session).order == ()


def test_honesty_of_too_few_is_withheld(stores):
    assert results_of(stores).honesty == Withheld(5)


# --- the warm-up ----------------------------------------------------------------------


def test_warm_up_moves_in_steps_while_it_runs(stores):
    session = builders.go_on(stores, builders.open_class(stores))
    assert results.of_warm_up(stores, session).own == Withheld(5)
    seats = builders.take_seats(stores, session)
    answered = []
    for seat in seats:
        builders.answer(stores, [seat], "dyr", yes=1)
        answered.append(results.of_warm_up(stores, session).answered)
    # Pictures of 5, 8, 11, 14, 17, 20 and all 24.
    assert answered == (
        [0] * 4 + [5] * 3 + [8] * 3 + [11] * 3 + [14] * 3 + [17] * 3 + [20] * 4 + [24]
    )


@pytest.mark.parametrize("answering", [21, 22])
def test_warm_up_stays_as_it_was_shown_when_one_or_two_are_missing(stores, answering):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session)
    # 20 were shown, all Ja; then one or two who say Nej.
    builders.answer(stores, seats[:20], "dyr", yes=20)
    builders.answer(stores, seats[20:answering], "dyr", yes=0)
    running = results.of_warm_up(stores, session)
    after = results.of_warm_up(stores, builders.go_on(stores, session))
    assert repr(after) == repr(running)
    assert after.own == Shown(19, 20, Coding.HIGH)


def test_warm_up_before_the_first_answer(stores):
    session = builders.open_class(stores)
    result = results.of_warm_up(stores, session)
    assert (result.answered, result.friends, result.can_show) == (0, None, False)


def test_nothing_but_the_gate_reads_an_open_item(stores):
    # The chart of the warm-up takes nothing from a triad that is being answered.
    session = builders.go_on(stores, builders.open_class(stores))
    ballot_box.ask(stores.ballots, session.id, builders.scales("vape"))
    builders.answer(stores, builders.take_seats(stores, session), "vape", yes=3)
    assert results.of_warm_up(stores, session).answered == 0
    counted = ballot_box.counters(stores.ballots, session.id, "vape")
    assert counted["vape.selv"][YES] == 3


def lone_experience(stores, yes: int):
    """A yellow experience that the class is not guessed about, and its result."""
    triads = (
        builders.WARM_UP,
        builders.a_triad(
            "trist",
            "har fået en trist besked",
            art="oplevelse",
            retning="faelles_vilkaar",
            kammerater=None,
        ),
        builders.PROTECTIVE,
    )
    n, counted = tallies("trist", yes, 24 - yes)
    del counted["trist.kammerater"]
    questions = builders.a_question_set(*triads)
    return results_of(stores, questions=questions, trist=(n, counted)).item("trist")


def test_shared_experience_without_a_guess_says_that_one_is_not_alone(stores):
    result = lone_experience(stores, 7)
    assert result.sentence == "7 ud af 24 svarede ja. Man er ikke den eneste."
    assert (result.others, result.finding, result.hidden) == (None, None, False)


@pytest.mark.parametrize("yes", [0, 1, 2])
def test_shared_experience_that_may_be_one_pupils_alone_is_held_back(stores, yes):
    assert lone_experience(stores, yes).hidden
