"""Threats a: what could be read from numbers while a class is answering."""

from collections.abc import Sequence

import pytest
from builders import NO, YES
from everyone import IN_THE_ROOM, Visitor, assert_same, look, walk
from lessons import QUESTIONS, Answer, Lesson, Ready, dump, lesson, prepare

from pejling.domain.question_sets import DECLINED
from pejling.domain.sessions import Pacing

PUPILS = 12

NOBODY = [Answer(NO, 0, 0)] * PUPILS
EVERYBODY = [Answer(YES, 12, 12)] * PUPILS
MIXED = [
    Answer((YES, NO, DECLINED)[place % 3], (place, DECLINED)[place % 2], 12 - place)
    for place in range(PUPILS)
]
"""Three classes that answer as differently as they can, in the same order."""


@pytest.fixture(scope="module", params=list(Pacing))
def ready(request: pytest.FixtureRequest, tmp_path_factory) -> Ready:
    folder = tmp_path_factory.mktemp("a") / "data"
    return prepare(folder, PUPILS, request.param)


def test_a1_nothing_that_anybody_sees_depends_on_answers_before_they_close(
    ready: Ready,
):
    # Also the pupil's own page: this pupil answered yes, no, and not at all.
    seen = []
    for name, given in (("no", NOBODY), ("yes", EVERYBODY), ("mixed", MIXED)):
        with lesson(ready, name) as running:
            four_in_warm_up(running, given)
            early = walk(running.there, running.session, only=IN_THE_ROOM)
            all_asked(running, given)
            found = walk(running.there, running.session)
            seen.append(
                found | {(who, f"{at} early"): early[who, at] for who, at in early}
            )
    assert_same(seen[0], seen[1])
    assert_same(seen[0], seen[2])


def four_in_warm_up(running: Lesson, given: Sequence[Answer]) -> None:
    """Four have answered the warm-up, which moves from the fifth on."""
    running.press("opvarmning")
    for pupil, answer in enumerate(given[:4]):
        running.send(pupil, "dyr", answer)


def all_asked(running: Lesson, given: Sequence[Answer]) -> None:
    """All have answered what is asked: the first question, or in ``samlet`` all."""
    running.press("spoergsmaal")
    asked = QUESTIONS if running.session.pacing is Pacing.TOGETHER else QUESTIONS[:1]
    for pupil, answer in enumerate(given):
        for triad in asked:
            running.send(pupil, triad, answer)


def test_a1_warm_up_moves_by_at_least_three_answers_on_every_screen(ready: Ready):
    # Of twelve the pictures hold 5, 8 and 12: 11 would leave the last one alone.
    with lesson(ready, "warm-up") as running:
        running.press("opvarmning")
        screens = [
            (Visitor.NOBODY, f"/tavle/{running.opened.wall_key}"),
            (Visitor.NOBODY, f"/tavle/{running.opened.wall_key}/tilstand"),
            (Visitor.TEACHER, f"/laerer/{running.opened.id}"),
            (Visitor.REMOTE, f"/fjern/{running.opened.id}"),
        ]

        def look_at_all() -> list[str]:
            return [look(running.there.browsers[who], at)[1] for who, at in screens]

        moves: list[list[int]] = [[] for _ in screens]
        before = look_at_all()
        for pupil, answer in enumerate(MIXED, 1):
            running.send(pupil - 1, "dyr", answer)
            now = look_at_all()
            for place, (old, new) in enumerate(zip(before, now, strict=True)):
                if old != new:
                    moves[place].append(pupil)
            before = now
    assert moves == [[5, 8, 12]] * len(screens)


def test_a2_late_answer_is_refused_and_nothing_moves(ready: Ready):
    with lesson(ready, "late") as running:
        running.ask()
        late = running.form(11, "vape", Answer(YES, 12, 12))
        review = running.pupils[11].post("/svar", data=late | {"trin": "se"})
        assert review.status_code == 200
        for pupil, answer in enumerate(MIXED[:11]):
            running.send(pupil, "vape", answer)
        running.press("luk")
        before = dump(running.stores)
        seen = walk(running.there, running.session, only=IN_THE_ROOM)
        for form in (late, late | {"trin": "se"}, late | {"trin": "ret"}):
            assert running.pupils[11].post("/svar", data=form).status_code == 409
        assert running.pupils[11].get("/svar").status_code in (200, 409)
        assert dump(running.stores) == before
        after = walk(running.there, running.session, only=IN_THE_ROOM)
        assert_same(seen, after)
