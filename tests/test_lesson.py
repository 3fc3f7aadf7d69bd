"""The flow of a lesson fills its minutes and keeps time for the talk."""

from dataclasses import replace

import builders
import pytest

from pejling.domain import lesson
from pejling.domain.sessions import AGREEMENT, OVERVIEW, Position, Stage


def at(item: str) -> dict:
    """Where a closed session shows an item."""
    return {"stage": Stage.CLOSED, "position": Position(item)}


TALK = ("afsløring", "samtale", "grupper", "aftale")


@pytest.mark.parametrize(
    ("changes", "minutes"),
    [
        ({"minutter": 45}, 45),
        ({"minutter": 90}, 90),
        ({"minutter": 60, "maalgruppe": "foraeldre"}, 60),
    ],
)
def test_flow_fills_the_lesson_without_a_gap(changes, minutes):
    flow = lesson.flow(builders.a_question_set(**changes))
    assert flow[0].start == 0
    assert [one.end for one in flow[:-1]] == [one.start for one in flow[1:]]
    assert flow[-1].end == minutes


@pytest.mark.parametrize("minutes", [45, 90])
def test_talk_has_more_than_half_of_the_time(minutes):
    flow = lesson.flow(builders.a_question_set(minutter=minutes))
    talk = sum(
        one.end - one.start
        for one in flow
        if any(word in one.title.lower() for word in TALK)
    )
    assert talk > minutes / 2


@pytest.mark.parametrize(
    ("minutes", "changes", "title"),
    [
        (90, {}, "Rammen og opvarmningen"),
        (90, {"stage": Stage.WARM_UP}, "Rammen og opvarmningen"),
        (90, {"stage": Stage.ANSWERING}, "Alle svarer i stilhed"),
        (90, {"stage": Stage.CLOSED}, "Stræk ben"),
        (45, {"stage": Stage.CLOSED}, "To eller tre afsløringer"),
        (90, at("vape"), "Tre til fem afsløringer"),
        (90, at(OVERVIEW), "Grupper: Hvorfor?"),
        (45, at(OVERVIEW), "Samtale i grupper"),
        (90, at(AGREEMENT), "Klassens aftale"),
        (45, at(AGREEMENT), "Aftale og afslutning"),
    ],
)
def test_part_of_the_lesson_follows_from_where_the_session_is(
    stores, minutes, changes, title
):
    questions = builders.a_question_set(minutter=minutes)
    session = replace(builders.open_class(stores, questions=questions), **changes)
    parts = lesson.flow(questions)
    assert parts[lesson.place(session, parts)].title == title


def test_every_lesson_has_a_part_for_every_place(stores):
    session = builders.open_class(stores)
    for minutes in (45, 60, 90):
        for audience in ("elever", "foraeldre"):
            questions = builders.a_question_set(minutter=minutes, maalgruppe=audience)
            parts = lesson.flow(questions)
            for stage in Stage:
                for item in ("", "vape", OVERVIEW, AGREEMENT):
                    moved = replace(session, stage=stage, position=Position(item))
                    assert 0 <= lesson.place(moved, parts) < len(parts)
