"""The flow of a lesson fills its minutes and keeps time for the talk."""

import builders
import pytest

from pejling.domain import lesson

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
