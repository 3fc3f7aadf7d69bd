"""Threats b: what all, none, or one alone would tell."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import NO, YES
from everyone import Seen, Visitor, assert_same, look, walk
from flask import Flask
from lessons import QUESTIONS, Answer, Lesson, Ready, an_app, lesson, prepare
from planted import Kind, PlantedClass, plant, plant_class, put

from pejling.domain.question_sets import HONESTY
from pejling.domain.sessions import AGREEMENT, OVERVIEW, Position, Step
from pejling.storage.connections import Stores
from pejling.web import seats

SIZES = range(10, 31)

FORMATS = {
    (Visitor.TEACHER, "teacher.lead"),
    (Visitor.TEACHER, "teacher.download"),
    (Visitor.TEACHER, "takeaway.sheet"),
    (Visitor.NOBODY, "projector.show"),
    (Visitor.NOBODY, "projector.state"),
    (Visitor.PUPIL, "pupil.facit"),
}
"""Pages, their alternative texts and tables, JSON, figures, CSV, and the print."""

EVERY_SIZE = {
    (Visitor.TEACHER, "teacher.download"),
    (Visitor.NOBODY, "projector.state"),
}
"""Those that are looked at in every size; all of them in every fifth."""

POSTER = {(Visitor.TEACHER, "takeaway.picture"), (Visitor.TEACHER, "takeaway.printed")}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return an_app(tmp_path)


def of_size(the_class: PlantedClass, present: int) -> PlantedClass:
    """The same session with another number of pupils."""
    db = the_class.there.stores.archive
    db["session"].update(the_class.session.id, {"present": present})
    return replace(the_class, session=replace(the_class.session, present=present))


def seen_with(the_class: PlantedClass, yes: int) -> Seen:
    """All formats of a class in which so many say yes to everything."""
    ids = (*the_class.session.triads, HONESTY.id)
    plant(the_class, dict.fromkeys(ids, (yes, 0)))
    put(the_class, Position(OVERVIEW))
    if the_class.session.present % 5:
        return walk(the_class.there, the_class.session, only=EVERY_SIZE)
    found = walk(the_class.there, the_class.session, only=FORMATS)
    for step in (Step.FACIT, Step.FIGURES):
        put(the_class, Position("vape", step))
        only = {(Visitor.NOBODY, "projector.state")}
        there = walk(the_class.there, the_class.session, only=only)
        found |= {(who, f"{at} {step}"): text for (who, at), text in there.items()}
    return found


def test_b1_ends_look_alike_in_every_size_and_format(app: Flask, stores: Stores):
    the_class = plant_class(app, stores, Kind(30))
    for n in SIZES:
        one = of_size(the_class, n)
        low = [seen_with(one, yes) for yes in (0, 1, 2)]
        high = [seen_with(one, yes) for yes in (n - 2, n - 1, n)]
        for group in (low, high):
            assert_same(group[0], group[1])
            assert_same(group[0], group[2])
        # The next count is another number, in each of them.
        assert all(seen != low[0][at] for at, seen in seen_with(one, 3).items())
        assert all(seen != high[0][at] for at, seen in seen_with(one, n - 3).items())


@pytest.mark.parametrize("n", [10, 24, 30])
def test_b1_ends_look_alike_on_posters(app: Flask, stores: Stores, n: int):
    the_class = plant_class(app, stores, Kind(n))
    posters = []
    for yes in (0, 1, 2, 3):
        plant(the_class, dict.fromkeys(the_class.session.triads, (yes, 0)))
        posters.append(walk(the_class.there, the_class.session, only=POSTER))
    assert_same(posters[0], posters[1])
    assert_same(posters[0], posters[2])
    assert posters[0] != posters[3]
    drawn = [text for text in posters[0].values() if "<svg" in text]
    assert len(drawn) > 6


# --- a class that answers -------------------------------------------------------------


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return prepare(tmp_path_factory.mktemp("b") / "data", 12)


def play(running: Lesson, own: list[int]) -> None:
    """The class answers every question so, and the teacher closes."""
    running.ask()
    running.answer_all([dict.fromkeys(QUESTIONS, Answer(one, 6, 6)) for one in own])
    running.press("luk")


def reveal(running: Lesson) -> list[str]:
    """What the first pupil's phone and the wall show, press by press."""
    pupil, wall = running.pupils[0], f"/tavle/{running.opened.wall_key}/tilstand"
    with running.there.app.test_request_context():
        facit = seats.facit_path(running.opened)
    for triad in QUESTIONS:
        running.press("vis", item=triad, vis="1")
    seen = []
    while running.session.position.item != AGREEMENT:
        seen += [look(pupil, one)[1] for one in (facit, wall, "/svar")]
        running.press("frem")
    return seen


@pytest.mark.parametrize(
    "classes",
    [
        # Alone with a no, one of two, and with the rest.
        ([NO] + [YES] * 11, [NO, NO] + [YES] * 10, [YES] * 12),
        # Alone with a yes, one of two, and with the rest.
        ([YES] + [NO] * 11, [YES, YES] + [NO] * 10, [NO] * 12),
    ],
    ids=["no", "yes"],
)
def test_b2_who_knows_the_own_answer_learns_nothing_of_the_others(
    ready: Ready, classes: tuple[list[int], ...], request: pytest.FixtureRequest
):
    seen = []
    for place, own in enumerate(classes):
        name = f"{request.node.callspec.id}-{place}"
        with lesson(ready, name) as running:
            play(running, own)
            seen.append(reveal(running))
    assert seen[0] == seen[1] == seen[2]
    # The rules, five steps of three questions, the overview: thrice each.
    assert len(seen[0]) == 3 * (1 + 5 * 3 + 1)
