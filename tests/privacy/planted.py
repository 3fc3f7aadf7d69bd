"""Closed classes whose counts are planted, so that a leak would show.

The counters stand in the archive as closing leaves them; the session is always the
same one. What two walks see of it can therefore differ by its counters only.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import builders
from builders import NOW, a_triad, open_class
from everyone import OWN_SET, Building, Visitor, add_remote, gather, join, open_page
from flask import Flask

from pejling.domain.benchmarks import Level
from pejling.domain.content import drafts
from pejling.domain.content.figure_rows import Row
from pejling.domain.disclosure import END
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    Meaning,
    QuestionSet,
    Role,
    Triad,
    options_of,
)
from pejling.domain.sessions import (
    AGREEMENT,
    OVERVIEW,
    Mode,
    Pacing,
    Position,
    Session,
    Stage,
    Step,
)
from pejling.storage import archive, ballot_box, figures, own_sets, schools
from pejling.storage.connections import Stores

Ends = tuple[int, int]
"""How many say yes, and how many decline."""

SHIPPED_SET = (Path(__file__).parents[2] / "question_sets" / "7a.toml").read_text(
    encoding="utf-8"
)

TRIADS = (
    builders.WARM_UP,
    # A figure from elsewhere stands beside it.
    a_triad("vape", "har vapet", indikator="vape_last_30d", tid="seneste_30_dage"),
    builders.ATTITUDE,
    builders.PROTECTIVE,
    # Illegal: guesses about the others against a figure, and the class's attitude.
    builders.RED | {"indikator": "cannabis_ever", "facit": "ungeprofil"},
    a_triad("alkohol", "har drukket alkohol", svar="hyppighed4"),
    # Nobody is asked to guess about the class.
    a_triad(
        "trist",
        "har fået en trist besked",
        art="oplevelse",
        retning="faelles_vilkaar",
        kammerater=None,
    ),
    a_triad(
        "alene",
        "har følt sig alene",
        art="oplevelse",
        retning="faelles_vilkaar",
        foelsomhed="groen",
    ),
)
"""All sensitivities, directions and ways of answering, friends asked and not."""


def the_set() -> QuestionSet:
    """The set of every planted class."""
    return builders.a_question_set(*TRIADS, hoejeste_foelsomhed="roed")


def add_own_set(stores: Stores) -> None:
    """A draft of the kommune's own that could be published; it asks "vape" too."""
    raw = tomllib.loads(SHIPPED_SET.replace('id = "alkohol_30"', 'id = "vape"'))
    copied = drafts.copy_of(raw, OWN_SET, "Vores")
    with suppress(own_sets.IdTaken):  # by an earlier class of the same test
        own_sets.create(stores.archive, copied, "7a", 1, NOW)


def add_figures(stores: Stores) -> None:
    """What the kommune knows from elsewhere about two of the behaviours."""
    rows = [_figure(one, 20.0) for one in ("vape_last_30d", "cannabis_ever")]
    figures.add(stores.archive, rows, "tal.csv", "2026-09-01", None)


def _figure(indicator: str, percent: float) -> Row:
    return Row(
        indicator=indicator,
        percent=percent,
        grades=(7, 7),
        ages=None,
        level=Level.KOMMUNE,
        area="Stevns",
        season="2025/26",
        year=2025,
        n=200,
        question="",
        counted="",
        source="Ungeprofilen",
        url="",
        note="",
    )


# --- the class ------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """What sort of class it is.

    :ivar ended: whether the session is over; else it is between two questions.
    :ivar chosen: whether the teacher shows everything, against the advice too.
    """

    present: int
    mode: Mode = Mode.SCREEN
    ended: bool = True
    chosen: bool = True

    def __str__(self) -> str:
        how = "closed" if self.ended else "between"
        return f"{self.mode}-{self.present}-{how}-{'all' if self.chosen else 'advised'}"


@dataclass(frozen=True)
class PlantedClass:
    """A class in its building."""

    there: Building
    session: Session


def plant_class(app: Flask, stores: Stores, kind: Kind) -> PlantedClass:
    """A class of a kind without any counters, its teachers, and one of its pupils."""
    # Planting writes often, and nobody pulls the plug.
    stores.archive.conn.execute("pragma synchronous = off")
    add_figures(stores)
    add_own_set(stores)
    schools.add(stores.archive, ["Åskolen"])
    browsers = gather(app, stores)
    pacing = Pacing.TOGETHER if kind.ended else Pacing.STEPWISE
    session = open_class(stores, kind.present, pacing, the_set())
    browsers[Visitor.PUPIL] = join(app, session)
    browsers[Visitor.REMOTE] = add_remote(app, stores, session)
    if kind.ended:
        ballot_box.forget(stores.ballots, session.id)
        archive.store_closed(stores.archive, session.id, {}, finish=NOW)
    else:
        ballot_box.end(stores.ballots, session.id, session.triads)
    stage = Stage.CLOSED if kind.ended else Stage.ANSWERING
    stores.archive["session"].update(session.id, {"stage": stage, "mode": kind.mode})
    if kind.ended:
        open_page(stores, session)
    for triad in session.triads if kind.chosen else ():
        archive.choose(stores.archive, session.id, triad, True)
    there = Building(app, stores, browsers)
    return PlantedClass(there, archive.session(stores.archive, session.id))


def plant(the_class: PlantedClass, ends: Mapping[str, Ends], turn: int = 0) -> None:
    """Let the archive hold that so many said yes and declined, the rest no.

    :param ends: triad id -> yes and declined.
    :param turn: which of several options stands for a yes and for a no, and how many
        would not guess: none, one or two.
    """
    session, db = the_class.session, the_class.there.stores.archive
    counted = {
        triad.id: tallied(triad, session.present, *ends[triad.id], place, turn)
        for place, triad in enumerate((*session.chosen, HONESTY))
        if triad.id in ends
    }
    db.conn.execute("delete from counter")
    db.conn.execute("delete from closed_triad")
    archive.store_closed(db, session.id, counted)
    put(the_class, session.position)


def tallied(
    triad: Triad, present: int, yes: int, declined: int, place: int = 0, turn: int = 0
) -> tuple[int, dict[str, dict[int, int]]]:
    """How many answered a triad, and its counters.

    :param place: of the triad: what is guessed differs by it.
    :param turn: how many would not guess, and which options stand for yes and no.
    """
    given = {Meaning.YES: yes, Meaning.DECLINED: declined}
    given[Meaning.NO] = present - yes - declined
    own: dict[int, int] = {}
    for meaning, n in given.items():
        codes = [one.code for one in options_of(triad) if one.meaning is meaning]
        own[codes[turn % len(codes)]] = n
    # About half, which is far from both ends: risks are overestimated at the low one,
    # good things underestimated at the high one, and both may become posters. One or
    # two who would not guess are missing in the middle, where they are put.
    low, side = present // 2 + place % 3 - 1, present // 4
    guesses = {low: side, low + 1: present - 2 * side - turn % 3, low + 2: side}
    guesses[DECLINED] = turn % 3
    counted = {
        item.id: own if item.role is Role.OWN else guesses for item in triad.items
    }
    return present, {
        item: {option: n for option, n in options.items() if n}
        for item, options in counted.items()
    }


def put(the_class: PlantedClass, position: Position, version: int = 20) -> None:
    """Let the projector stand somewhere; the version is always the same."""
    changes = {"item": position.item, "step": position.step, "version": version}
    the_class.there.stores.archive["session"].update(the_class.session.id, changes)


def positions(session: Session) -> Iterator[Position]:
    """Everywhere the projector can stand in the reveal."""
    yield Position()
    for triad in session.triads:
        for step in Step:
            if step is not Step.ASKED:
                yield Position(triad, step)
    yield Position(OVERVIEW)
    yield Position(AGREEMENT)


# --- counts that must look alike ------------------------------------------------------


def ends(present: int) -> list[list[Ends]]:
    """Groups of counts that look alike; in each group three in a row are all that
    there is: none, one and two who said yes, and so on.

    The low end, the high end, and the same count of yes in the middle, each with up to
    two who declined.
    """
    n, middle = present, present // 3
    low = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0), (0, 2), (1, 0), (2, 1)]
    high = [(n, 0), (n - 1, 1), (n - 2, 2), (n, 0), (n - 1, 0), (n - 2, 1)]
    high += [(n, 0), (n - 1, 1), (n - 2, 0)]
    groups = [low, high]
    if middle > END:  # in smaller classes there is hardly a middle
        groups.append([(middle, declined) for declined in range(END + 1)] * 3)
    return groups


TURNS = 9
"""How many ways there are to fill a class that nobody may tell apart."""


def alike(session: Session, side: int, turn: int) -> dict[str, Ends]:
    """Counts of a whole class, one of the ways that nobody may tell apart.

    A third of the triads lies at the low end, a third at the high end, a third in the
    middle; which, ``side`` says. From one turn to the next one of a third goes from
    none to one, one from one to two, one from two to none: an order that was made of
    exact counts would show.
    """
    groups = ends(session.present)
    size = len(groups)
    return {
        triad: groups[(place + side) % size][(turn + place // size) % TURNS]
        for place, triad in enumerate((*session.triads, HONESTY.id))
    }
