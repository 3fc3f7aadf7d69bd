"""Threat e: one pupil's answers put together across the questions."""

from pathlib import Path

from builders import NO, YES
from everyone import IN_THE_ROOM, Visitor, assert_same, walk
from lessons import Answer, dump, lesson, prepare

MANY, FEW = 9, 3
"""What some guess, and what the others guess."""


SEEN = IN_THE_ROOM | {
    (Visitor.TEACHER, "teacher.download"),
    (Visitor.TEACHER, "takeaway.sheet"),
}


def profiles(second: list[int]) -> list[dict[str, Answer]]:
    """Six say yes to the first question and guess high; to the second the given ones.

    :param second: pupils who say yes to it, and guess high.
    """
    return [
        {
            "vape": answer(pupil in range(6)),
            "ok_at_sige_nej": Answer(NO, MANY, FEW),
            "hjulpet": answer(pupil in second),
        }
        for pupil in range(12)
    ]


def answer(does: bool) -> Answer:
    return Answer(YES if does else NO, MANY if does else FEW, MANY if does else FEW)


def test_e1_who_answered_what_together_is_stored_and_shown_nowhere(tmp_path: Path):
    # The same six do both; the others do the second; half and half. Each question by
    # itself is answered alike in all three, and that is all that there is.
    ready = prepare(tmp_path / "data")
    classes = {"same": [*range(6)], "others": [*range(6, 12)], "half": [*range(3, 9)]}
    stored, closed, seen = [], [], []
    for name, second in classes.items():
        with lesson(ready, name) as running:
            running.ask()
            running.answer_all(profiles(second))
            stored.append(dump(running.stores))
            running.press("luk")
            closed.append(dump(running.stores))
            seen.append(walk(running.there, running.session, only=SEEN))
    assert stored[0]["ballots.tally"]
    assert stored[0] == stored[1] == stored[2]
    assert closed[0] == closed[1] == closed[2]
    assert_same(seen[0], seen[1])
    assert_same(seen[0], seen[2])


def test_e1_guess_and_own_answer_are_stored_apart(tmp_path: Path):
    # Within one question too: those who do it guess high, or those who do not.
    ready = prepare(tmp_path / "data")
    stored = []
    for name, high in (("does", YES), ("does not", NO)):
        with lesson(ready, name) as running:
            running.ask()
            for pupil in range(12):
                own = YES if pupil < 6 else NO
                guess = MANY if own == high else FEW
                running.send(pupil, "vape", Answer(own, guess, guess))
            stored.append(dump(running.stores))
    assert stored[0] == stored[1]
