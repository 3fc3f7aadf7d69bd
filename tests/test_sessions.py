"""What follows from the state of a session: codes, stages, the next step."""

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling.domain import sessions
from pejling.domain.question_sets import HONESTY, HONESTY_ID
from pejling.domain.sessions import (
    AGREEMENT,
    CODE_ALPHABET,
    OVERVIEW,
    REVEAL,
    REVEAL_ATTITUDE,
    NotAllowed,
    Pacing,
    Position,
    Stage,
    Step,
)

STEPWISE = Pacing.STEPWISE

# --- codes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["K7T3QX", "k7t3qx", "K7T-3QX", " k7t 3qx ", "k7t–3qx", "K.7.T.3.Q.X\n"]
)
def test_code_is_found_however_it_is_typed(typed):
    assert sessions.normalise_code(typed) == "K7T3QX"
    assert sessions.is_code(sessions.normalise_code(typed))


@pytest.mark.parametrize(
    "code", ["", "K7T3Q", "K7T3QXX", "K7T3Q0", "K7T3QI", "K7T3QA", "k7t3qx", "K7T-3Q"]
)
def test_no_code(code):
    assert not sessions.is_code(code)


def test_alphabet_has_no_look_alikes_and_no_vowels():
    assert len(CODE_ALPHABET) == len(set(CODE_ALPHABET)) == 24
    assert set(CODE_ALPHABET) & set("AEIOU0O1IL2Z5S") == set()


def test_shown_code_is_read_back():
    assert sessions.show_code("K7T3QX") == "K7T-3QX"
    assert sessions.normalise_code(sessions.show_code("K7T3QX")) == "K7T3QX"


# --- time -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "may"), [(-1, True), (0, True), (600, True), (601, False)]
)
def test_code_works_for_ten_minutes(seconds, may):
    session = builders.a_session()
    assert sessions.may_join(session, builders.NOW + seconds) is may


def test_closed_session_is_joined_by_nobody():
    session = builders.a_session(stage=Stage.CLOSED)
    assert not sessions.may_join(session, builders.NOW + 1)


@pytest.mark.parametrize(("hours", "overdue"), [(0, False), (4, False), (4.001, True)])
def test_session_is_overdue_after_four_hours(hours, overdue):
    now = builders.NOW + hours * 3600
    assert sessions.is_overdue(builders.a_session(), now) is overdue
    assert not sessions.is_overdue(builders.a_session(stage=Stage.CLOSED), now)


# --- the session itself ---------------------------------------------------------------


@pytest.mark.parametrize(("letter", "name"), [("A", "7.A"), ("", "7. årgang")])
def test_name_of_the_class(letter, name):
    assert builders.a_session(letter=letter).class_name == name


def test_chosen_triads_stand_in_the_order_of_asking():
    session = builders.a_session(triads=("dyr", "hjulpet"))
    assert [one.id for one in session.chosen] == ["dyr", "hjulpet"]
    assert session.warm_up.id == "dyr"


def test_triad_that_was_not_chosen_is_not_asked():
    session = builders.a_session(triads=("dyr", "hjulpet"))
    assert session.asked("hjulpet").id == "hjulpet"
    assert session.asked(HONESTY_ID) is HONESTY
    with pytest.raises(KeyError, match="vape"):
        session.asked("vape")


def test_pupil_meets_all_triads_and_the_honesty_item():
    assert sessions.screens(builders.a_session()) == (
        "dyr",
        "vape",
        "ok_at_sige_nej",
        "hjulpet",
        HONESTY_ID,
    )


# --- the pupil's side -----------------------------------------------------------------


def answering(pacing: Pacing, item: str = "", step: Step = Step.ASKED):
    position = Position(item, step) if item else Position()
    return builders.a_session(stage=Stage.ANSWERING, pacing=pacing, position=position)


@pytest.mark.parametrize("pacing", Pacing)
@pytest.mark.parametrize("stage", [Stage.LOBBY, Stage.CLOSED])
def test_nothing_is_answered_before_and_after(stage, pacing):
    session = builders.a_session(stage=stage, pacing=pacing)
    assert sessions.open_triads(session) == ()
    assert sessions.next_triad(session, ()) is None
    assert sessions.last_asked(session) == ""


@pytest.mark.parametrize("pacing", Pacing)
def test_warm_up_is_asked_alone(pacing):
    session = builders.a_session(stage=Stage.WARM_UP, pacing=pacing)
    assert sessions.open_triads(session) == ("dyr",)
    assert sessions.next_triad(session, ()).id == "dyr"
    assert sessions.next_triad(session, {"dyr"}) is None
    assert sessions.last_asked(session) == "dyr"


@pytest.mark.parametrize(
    ("answered", "following"),
    [
        (set(), "vape"),
        ({"dyr"}, "vape"),
        ({"dyr", "vape"}, "ok_at_sige_nej"),
        ({"ok_at_sige_nej"}, "vape"),
        ({"vape", "ok_at_sige_nej", "hjulpet"}, HONESTY_ID),
    ],
)
def test_samlet_gives_one_triad_after_the_other(answered, following):
    session = answering(Pacing.TOGETHER)
    assert sessions.next_triad(session, answered).id == following
    assert sessions.last_asked(session) == HONESTY_ID


def test_samlet_ends_after_the_honesty_item():
    session = answering(Pacing.TOGETHER)
    assert sessions.next_triad(session, sessions.screens(session)) is None


def test_trin_gives_the_triad_that_is_asked():
    session = answering(STEPWISE, "ok_at_sige_nej")
    assert sessions.open_triads(session) == ("ok_at_sige_nej",)
    assert sessions.next_triad(session, {"dyr"}).id == "ok_at_sige_nej"
    assert sessions.next_triad(session, {"dyr", "ok_at_sige_nej"}) is None


@pytest.mark.parametrize("step", [one for one in Step if one is not Step.ASKED])
def test_trin_takes_no_answers_during_the_reveal(step):
    assert sessions.open_triads(answering(STEPWISE, "vape", step)) == ()


# --- the teacher's side ---------------------------------------------------------------


def test_samlet_from_lobby_to_closed():
    session = sessions.start_warm_up(builders.a_session())
    assert session.stage is Stage.WARM_UP
    session = sessions.start_answering(session)
    assert (session.stage, session.position) == (Stage.ANSWERING, Position())
    session = sessions.close(session)
    assert (session.stage, session.position) == (Stage.CLOSED, Position())
    assert session.opened == 0
    assert not session.is_open


def test_trin_from_lobby_to_closed():
    session = sessions.start_warm_up(builders.a_session(pacing=STEPWISE))
    session = sessions.start_answering(session)
    asked = [session.position.item]
    while session.stage is Stage.ANSWERING:
        assert session.position.step is Step.ASKED
        session = sessions.after_asking(session)
        if session.stage is Stage.ANSWERING:
            assert session.position == Position(asked[-1], Step.QUESTION)
            session = sessions.ask_next(session)
            asked.append(session.position.item)
    assert asked == ["vape", "ok_at_sige_nej", "hjulpet", HONESTY_ID]
    assert (session.stage, session.position) == (Stage.CLOSED, Position())


@pytest.mark.parametrize("pacing", Pacing)
@pytest.mark.parametrize(
    ("step", "stages"),
    [
        (sessions.start_warm_up, {Stage.LOBBY}),
        (sessions.start_answering, {Stage.WARM_UP}),
        (sessions.close, {Stage.LOBBY, Stage.WARM_UP, Stage.ANSWERING}),
    ],
)
def test_step_is_refused_in_any_other_stage(step, stages, pacing):
    for stage in Stage:
        session = builders.a_session(stage=stage, pacing=pacing)
        if stage in stages:
            assert step(session).stage is not stage
        else:
            with pytest.raises(NotAllowed):
                step(session)


@pytest.mark.parametrize(
    "session",
    [
        builders.a_session(stage=Stage.LOBBY, pacing=STEPWISE),
        builders.a_session(stage=Stage.WARM_UP, pacing=STEPWISE),
        builders.a_session(stage=Stage.CLOSED, pacing=STEPWISE),
        answering(Pacing.TOGETHER),
    ],
    ids=["lobby", "warm-up", "closed", "samlet"],
)
@pytest.mark.parametrize("step", [sessions.after_asking, sessions.ask_next])
def test_steps_of_trin_are_refused_elsewhere(step, session):
    with pytest.raises(NotAllowed):
        step(session)


def test_next_is_not_asked_while_one_is():
    with pytest.raises(NotAllowed):
        sessions.ask_next(answering(STEPWISE, "vape"))


def test_asking_ends_once():
    with pytest.raises(NotAllowed):
        sessions.after_asking(answering(STEPWISE, "vape", Step.QUESTION))


@pytest.mark.parametrize("item", ["", OVERVIEW])
def test_next_is_not_asked_from_a_place_without_an_item(item):
    # "Næste" and "tilbage" lead here from the ends of an item's reveal.
    session = builders.a_session(
        stage=Stage.ANSWERING, pacing=STEPWISE, position=Position(item)
    )
    with pytest.raises(NotAllowed):
        sessions.ask_next(session)


def test_trin_closed_in_the_middle_keeps_what_is_shown():
    shown = answering(STEPWISE, "vape", Step.FACIT)
    assert sessions.close(shown).position == Position("vape", Step.FACIT)
    assert sessions.close(answering(STEPWISE, "vape")).position == Position()


# --- the reveal -----------------------------------------------------------------------

ORDER = [("hjulpet", REVEAL), ("vape", REVEAL), ("ok_at_sige_nej", REVEAL_ATTITUDE)]


def test_attitude_without_guesses_has_a_shorter_reveal():
    assert sessions.reveal_steps(True) == REVEAL
    assert sessions.reveal_steps(False) == (Step.QUESTION, Step.FIGURES)


def walk(step, start: Position, order: list) -> list[Position]:
    """Every place from here to where another press changes nothing."""
    places = [start]
    while (following := step(places[-1], order)) != places[-1]:
        places.append(following)
    return places


def test_forward_walks_every_step_and_stays_at_the_end():
    places = walk(sessions.forward, Position(), ORDER)
    steps = [Position(item, step) for item, those in ORDER for step in those]
    assert places == [Position(), *steps, Position(OVERVIEW), Position(AGREEMENT)]


def test_back_walks_the_same_way_home():
    there = walk(sessions.forward, Position(), ORDER)
    assert walk(sessions.back, Position(AGREEMENT), ORDER) == there[::-1]


def test_reveal_of_nothing_goes_straight_to_the_overview():
    assert walk(sessions.forward, Position(), []) == [
        Position(),
        Position(OVERVIEW),
        Position(AGREEMENT),
    ]


def test_item_that_is_held_back_while_it_is_shown_leads_to_the_first():
    gone = Position("drikke", Step.FACIT)
    assert sessions.forward(gone, ORDER) == Position("hjulpet", Step.QUESTION)
    assert sessions.back(gone, ORDER) == Position()


orders = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from([REVEAL, REVEAL_ATTITUDE])),
    max_size=6,
    unique_by=lambda one: one[0],
)


@given(orders, st.lists(st.booleans(), max_size=40))
@settings(deadline=None)
def test_no_press_leaves_the_reveal(order, presses):
    places = walk(sessions.forward, Position(), order)
    position = Position()
    for is_forward in presses:
        step = sessions.forward if is_forward else sessions.back
        moved = step(position, order)
        assert abs(places.index(moved) - places.index(position)) <= 1
        position = moved


@pytest.mark.parametrize(
    ("behaviours", "screens"),
    [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 3), (40, 3)],
)
def test_overview_takes_as_many_screens_as_it_needs(behaviours: int, screens: int):
    order = [(f"a{one}", (Step.QUESTION,)) for one in range(behaviours)]
    assert sessions.overview_screens(behaviours) == screens
    position, seen = Position(), []
    while position.item != sessions.AGREEMENT:
        position = sessions.forward(position, order, screens)
        seen.append(position)
    overview = [one for one in seen if one.item == OVERVIEW]
    assert [sessions.overview_screen(one) for one in overview] == list(range(screens))
    assert sessions.back(position, order, screens) == overview[-1]


def test_overview_of_fewer_than_before_begins_again():
    assert sessions.overview_screen(Position(OVERVIEW, Step.FIGURES)) == 0
