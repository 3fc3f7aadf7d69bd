"""Threat c: groups too small."""

import csv
import io
import re
from pathlib import Path

import builders
import pytest
from builders import NO, YES
from everyone import IN_THE_ROOM, Visitor, assert_same, walk
from lessons import Answer, Lesson, contents, dump, lesson, prepare
from room import open_room
from test_paper import counts as typed
from test_paper import send as type_counts

from pejling.domain.question_sets import Sensitivity
from pejling.domain.sessions import Step

SHOWN = {
    4: set(),
    5: {Sensitivity.GREEN},
    9: {Sensitivity.GREEN},
    10: {Sensitivity.GREEN, Sensitivity.YELLOW},
    14: {Sensitivity.GREEN, Sensitivity.YELLOW},
    15: {Sensitivity.GREEN, Sensitivity.YELLOW, Sensitivity.RED},
}
"""Pupils -> what of their own answers may be seen; below 5 nothing is kept at all."""


TAKEN_HOME = IN_THE_ROOM | {
    (Visitor.TEACHER, "teacher.download"),
    (Visitor.TEACHER, "takeaway.sheet"),
    (Visitor.TEACHER, "takeaway.posters"),
    (Visitor.PUPIL, "pupil.facit"),
}


OF_EACH = builders.a_question_set(
    builders.WARM_UP, builders.PROTECTIVE, builders.RISK, builders.RED
)
"""A question of each sensitivity; about what is illegal nobody guesses of friends."""


def play(running: Lesson, own: int) -> None:
    """All answer everything so."""
    running.ask()
    asked = [one.id for one in running.opened.chosen[1:]]
    given = [dict.fromkeys(asked, Answer(own, 2, 2))] * len(running.pupils)
    running.answer_all(given)
    running.press("luk")


def own_answers(running: Lesson) -> dict[str, str]:
    """Triad -> how many said yes, as the file says it."""
    body = running.teacher.get(f"/laerer/{running.opened.id}/resultat.csv").data
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
    return {row["emne"]: row["ja"] for row in rows}


@pytest.mark.parametrize("n", SHOWN)
def test_c1_own_answers_are_seen_from_their_minimum_on(tmp_path: Path, n: int):
    ready = prepare(tmp_path / "data", n, questions=OF_EACH)
    with lesson(ready, "n") as running:
        play(running, YES)
        found = own_answers(running)
        for triad in running.opened.chosen[1:]:
            is_seen = found[triad.id] != "vises ikke"
            assert is_seen == (triad.sensitivity in SHOWN[n]), triad.id
            # The wall, at the step where the number would stand.
            position = {"item": triad.id, "step": Step.FIGURES}
            running.stores.archive["session"].update(running.opened.id, position)
            if is_seen:
                running.press("vis", item=triad.id, vis="1")
            wall = running.there.browsers[Visitor.NOBODY].get(
                f"/tavle/{running.opened.wall_key}/tilstand"
            )
            assert (f"ud af {n}" in wall.get_json()["html"]) == is_seen, triad.id
        kept = dump(running.stores)["archive.counter"]
        assert bool(kept) == (n >= 5)


def test_c1_of_four_nothing_is_kept_or_seen_whatever_they_answer(tmp_path: Path):
    ready = prepare(tmp_path / "data", 4)
    seen, kept = [], []
    for name, own in (("yes", YES), ("no", NO)):
        with lesson(ready, name) as running:
            play(running, own)
            seen.append(walk(running.there, running.session, only=TAKEN_HOME))
            kept.append(dump(running.stores))
    assert_same(*seen)
    assert kept[0] == kept[1]
    files = [
        contents(tmp_path / f"data-{name}", "ballot_box*") for name in ("yes", "no")
    ]
    assert files[0] == files[1]


def test_c1_four_ballots_on_paper_are_refused(app, stores):
    room = open_room(app, stores, mode="papir", present="28")
    few = {
        name: re.sub("[0-9]+", "1", text)  # one ballot with each answer
        for name, text in typed(room).items()
    }
    refused = type_counts(room, **few | {"ballots": "4"})
    assert refused.status_code == 422
    assert "mindst 5 stemmesedler" in refused.text
    assert dump(stores)["archive.counter"] == []
    assert type_counts(room, **few | {"ballots": "5"}).status_code == 303
    assert dump(stores)["archive.counter"] != []
