"""Disclosure everywhere: all addresses, all visitors, and counts that must look alike.

The counts of a closed class are planted in the archive; the session, its keys and the
browsers stay. What is left out of the comparison is listed in ``everyone.RANDOM``.
"""

from itertools import pairwise
from pathlib import Path

import pytest
from builders import NOW
from everyone import (
    NOT_WALKED,
    Seen,
    Visitor,
    assert_same,
    differences,
    get_rules,
    walk,
)
from flask import Flask
from lessons import an_app
from planted import (
    TURNS,
    Kind,
    PlantedClass,
    alike,
    plant,
    plant_class,
    positions,
    put,
)

from pejling.domain.disclosure import Omission
from pejling.domain.question_sets import HONESTY
from pejling.domain.sessions import OVERVIEW, Mode, Position, Step
from pejling.storage import archive, remotes
from pejling.storage.connections import Stores

KINDS = (
    Kind(24),
    Kind(15, Mode.PAPER, chosen=False),
    Kind(10, Mode.SLIPS, ended=False),
    Kind(5, chosen=False),
)

RESULTS = {
    "teacher.lead",
    "teacher.download",
    "takeaway.posters",
    "takeaway.picture",
    "takeaway.printed",
    "takeaway.sheet",
    "summary.choose",
    "summary.printed",
    "summary.for_word",
    "class_page.manage",
    "class_page.show",
    "meeting.ask",
    "remote.page",
    "projector.show",
    "projector.state",
    "pupil.facit",
}
"""Where a number of a class may be read. A page that joins them is thought about."""

MOVING = {(Visitor.NOBODY, "projector.state"), (Visitor.PUPIL, "pupil.facit")}
"""What is looked at on every step of the reveal."""

FOLLOWING = {
    (Visitor.NOBODY, "projector.show"),
    (Visitor.TEACHER, "projector.show"),
    (Visitor.TEACHER, "teacher.lead"),
    (Visitor.REMOTE, "remote.page"),
}
"""What is looked at when the facit falls, and at the end."""

FILES = {(Visitor.NOBODY, "class_page.show")} | {
    (Visitor.TEACHER, one)
    for one in (
        *("teacher.download", "takeaway.sheet", "summary.choose", "summary.printed"),
        *("class_page.manage", "older_pages.page", "meeting.ask"),
    )
}
POSTERS = {(Visitor.TEACHER, one) for one in RESULTS if one.startswith("takeaway.")}

UNREACHED = {
    "/S/<slip>": "an unused slip waits in a class that has no counts yet",
    "/s/<slip>": "the same",
    "/laerer/saet/<set_id>/proev/<triad_id>": "a set's own triad; its first is reached",
    "/log-ind/kode": "only between a right password and the phone's code",
    "/log-ind/faelles/": "leads to a provider, where one is set up",
    "/log-ind/faelles/retur": "the way back from it: signs in and leads on",
    "/log-ind/faelles/ud": "leads to the provider's own way out",
    "/laerer/<session_id>/optaelling": "where counts are typed: there are none yet",
}
"""Routes that nobody gets a page from in any class here, and why that hides nothing."""


def reveal(the_class: PlantedClass) -> Seen:
    """What is seen as the projector goes from one end of the reveal to the other."""
    seen: Seen = {}
    for at in positions(the_class.session):
        put(the_class, at)
        follows = at.step is Step.FACIT or at.item == OVERVIEW
        only = MOVING | FOLLOWING if follows else MOVING
        found = walk(the_class.there, the_class.session, only=only)
        seen |= {(one, f"{where} {at}"): text for (one, where), text in found.items()}
    put(the_class, Position())
    return seen


def overview(the_class: PlantedClass) -> Seen:
    """The pages and files that hold every number at once."""
    put(the_class, Position(OVERVIEW))
    found = walk(the_class.there, the_class.session, only=MOVING | FOLLOWING | FILES)
    put(the_class, Position())
    return found


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return an_app(tmp_path)


@pytest.fixture(params=KINDS, ids=str)
def the_class(request: pytest.FixtureRequest, app: Flask, stores: Stores):
    return plant_class(app, stores, request.param)


@pytest.fixture
def of_24(app: Flask, stores: Stores) -> PlantedClass:
    return plant_class(app, stores, KINDS[0])


# --- counts that must look alike ------------------------------------------------------


def test_nobody_tells_the_ends_apart_anywhere(the_class: PlantedClass):
    # From none to one, one to two, two to none who said yes; likewise at the high end;
    # and in the middle so many more or fewer who declined.
    seen = []
    for turn in range(2):
        plant(the_class, alike(the_class.session, 0, turn), turn)
        seen.append(walk(the_class.there, the_class.session) | reveal(the_class))
    assert_same(*seen)


def test_no_mixture_of_ends_and_declined_shows_in_page_or_file(the_class: PlantedClass):
    for side in range(3):
        seen = []
        for turn in range(TURNS):
            plant(the_class, alike(the_class.session, side, turn), turn)
            seen.append(overview(the_class))
        for one, other in pairwise(seen):
            assert_same(one, other)


def test_every_place_where_a_number_is_read_shows_another_count(of_24: PlantedClass):
    # What changes from 5 of 24 to 6 is where a leak would show.
    ids = (*of_24.session.triads, HONESTY.id)
    seen, told = [], []
    for yes in (5, 6, 13):
        plant(of_24, dict.fromkeys(ids, (yes, 0)))
        put(of_24, Position(OVERVIEW))
        seen.append(walk(of_24.there, of_24.session) if yes < 13 else {})
        put(of_24, Position("vape", Step.FACIT))
        told.append(walk(of_24.there, of_24.session, only=FOLLOWING))
    remote = {"remote.page"}
    assert changed(of_24, seen[0], seen[1]) == RESULTS - remote
    # The remote says which finding it is, and no number: a majority does it at 13.
    assert changed(of_24, told[0], told[1]) & remote == set()
    assert changed(of_24, told[0], told[2]) & remote == remote


def test_what_may_be_passed_on_is_read_from_a_majority_on(of_24: PlantedClass):
    # Of the attitude 5 and 6 of 24 are too few to be told of; 13 and 16 are not.
    ids, seen = (*of_24.session.triads, HONESTY.id), []
    for yes in (5, 6, 13, 16):
        plant(of_24, dict.fromkeys(ids, (yes, 0)))
        page = {(Visitor.TEACHER, "older_pages.page")}
        seen.append(walk(of_24.there, of_24.session, only=page))
    assert_same(seen[0], seen[1])
    assert changed(of_24, seen[2], seen[3]) == {"older_pages.page"}


def changed(the_class: PlantedClass, one: Seen, other: Seen) -> set[str]:
    """The endpoints at which two walks differ."""
    paths = {where.partition("?")[0] for _, where in differences(one, other)}
    adapter = the_class.there.app.url_map.bind("localhost")
    return {adapter.match(path)[0] for path in paths}


# --- counts that may not be seen at all -----------------------------------------------


def test_left_out_behaviour_shows_nothing_of_its_counts(of_24: PlantedClass):
    session = of_24.session
    for triad in session.triads[1:]:
        reason = Omission.NOT_SERIOUS
        archive.omit(of_24.there.stores.archive, session.id, triad, reason)
    seen = []
    for yes, declined in ((0, 0), (20, 4)):
        same = dict.fromkeys((session.warm_up.id, HONESTY.id), (5, 0))
        plant(of_24, dict.fromkeys(session.triads, (yes, declined)) | same)
        posters = walk(of_24.there, session, only=POSTERS)
        seen.append(posters | overview(of_24) | reveal(of_24))
    assert_same(*seen)


def test_withheld_answers_show_nothing_of_their_counts(app: Flask, stores: Stores):
    # Nine: too few for what is yellow or red, whatever they said.
    nine = plant_class(app, stores, Kind(9))
    withheld = [one.id for one in nine.session.chosen if one.sensitivity != "groen"]
    assert len(withheld) == 4
    seen = []
    for yes, declined in ((0, 0), (9, 0), (3, 6)):
        same = dict.fromkeys((*nine.session.triads, HONESTY.id), (4, 0))
        plant(nine, same | dict.fromkeys(withheld, (yes, declined)))
        seen.append(reveal(nine) | overview(nine))
    for one, other in pairwise(seen):
        assert_same(one, other)


# --- the walk itself ------------------------------------------------------------------


def test_every_route_is_reached_or_has_a_reason_not_to_be(app: Flask, stores: Stores):
    reached: set[str] = set()
    for kind in (Kind(24), Kind(24, ended=False), Kind(15, Mode.PAPER)):
        the_class = plant_class(app, stores, kind)
        plant(the_class, alike(the_class.session, 0, 0))
        invitation = remotes.invite(stores.archive, the_class.session.id, NOW)
        extra = {"token": [invitation]}
        walk(the_class.there, the_class.session, extra=extra, reached=reached)
    rules = {rule.rule for rule in get_rules(app)}
    assert rules - reached == {*NOT_WALKED, *UNREACHED}
