"""Sessions: codes, stages and positions of one run of a question set in one class.

Everything that follows from the state of a session without looking anything up: what
the pupil sees next, where a press of "næste" leads, whether one may still join.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from pejling.domain import grades, pupils_answer
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    HONESTY_ID,
    QuestionSet,
    Role,
    Triad,
    options_of,
)

CODE_ALPHABET = "BCDFGHJKMNPQRTVWXY346789"
"""24 characters without look-alikes (0/O, 1/I/L, 2/Z, 5/S) and without vowels."""

CODE_LENGTH = 6
"""27.5 bits: 0.006 expected hits in 8 h of guessing (docs/privacy.md, "Codes")."""

PRESENT_RANGE = (2, 120)
"""Pupils present that a session may be opened for."""

GRID_MAX = 30
"""Up to this many pupils a guess is tapped in a grid, above it is typed."""

JOIN_SECONDS = 10 * 60
"""How long code and QR work."""

OPEN_SECONDS = 4 * 60 * 60
"""After this a session closes by itself."""

WAIT_SECONDS = 14 * 24 * 60 * 60
"""How long a session whose slips or ballots are printed waits for its class."""

LETTERS = ("", *"ABCDEFGHIJ", "X", "Y", "Z")
"""Class letters to choose from: a list, so that no name can be typed."""


class Pacing(StrEnum):
    """Whether all items are answered first, or one at a time."""

    TOGETHER = "samlet"
    STEPWISE = "trin"


class Mode(StrEnum):
    """How answers are collected (survey methodology's "mode").

    With slips nobody gets in by a code; on paper nobody gets in at all, and what was
    counted by hand is typed.
    """

    SCREEN = "skaerm"
    SLIPS = "sedler"
    PAPER = "papir"


class Kind(StrEnum):
    """Who answers, and whether it is for the first time.

    A follow-up asks a class the same once more, six to eight weeks later; a meeting of
    parents answers a set of its own and guesses at what the class answered.
    """

    CLASS = "klasse"
    FOLLOW_UP = "opfoelgning"
    PARENTS = "foraeldre"


class Stage(StrEnum):
    """How far a session has come."""

    LOBBY = "lobby"
    WARM_UP = "warm_up"
    ANSWERING = "answering"
    CLOSED = "closed"


class Step(StrEnum):
    """What the projector shows of one behaviour."""

    ASKED = "asked"
    QUESTION = "question"
    GUESSES = "guesses"
    FACIT = "facit"
    SENTENCE = "sentence"
    ELSEWHERE = "elsewhere"
    FIGURES = "figures"


REVEAL = (Step.QUESTION, Step.GUESSES, Step.FACIT, Step.SENTENCE, Step.FIGURES)
"""The reveal of a behaviour that the class guessed about."""

REVEAL_WITH_ELSEWHERE = (*REVEAL[:-1], Step.ELSEWHERE, REVEAL[-1])
"""The same where a figure from elsewhere stands beside the class."""

REVEAL_ATTITUDE = (Step.QUESTION, Step.FIGURES)
"""The reveal where only the class's own answer is shown."""

REVEAL_PUPILS = (Step.QUESTION, Step.GUESSES, Step.FIGURES)
"""The reveal of what parents guessed that the class answered."""

OVERVIEW = "*"
"""Position after the last item: closing bars of all that was revealed."""

OVERVIEW_ROWS = 8
"""Behaviours on one screen of the overview: more would not fit a wall of 720 px."""

_OVERVIEW_STEPS = (Step.QUESTION, Step.GUESSES, Step.FACIT)
"""The steps of the overview, one for each of its screens."""

WAY_IN = "<"
"""Position in the warm-up: the wall shows code and QR once more."""

AGREEMENT = "="
"""The last position: what the class agrees on."""


@dataclass(frozen=True)
class Position:
    """Where the projector stands once there is something to reveal.

    :ivar item: a triad's id, ``OVERVIEW``, ``AGREEMENT``, or "" before the first item.
    """

    item: str = ""
    step: Step = Step.QUESTION


@dataclass(frozen=True)
class Session:
    """One run of a question set in one class.

    :ivar triads: ids of the chosen triads in the order of asking, the warm-up first.
    :ivar present: pupils in the room, the denominator of every guess.
    :ivar day: ISO date, without time.
    :ivar opened: seconds since the epoch while the session is open, else 0.
    :ivar version: grows with every change the teacher makes.
    :ivar linked: ids of the sessions that it is held against: the first run of a
        follow-up, the classes of a meeting. One may have been deleted since.
    """

    id: str
    owner: int
    school: str
    grade: int
    letter: str
    questions: QuestionSet
    triads: tuple[str, ...]
    present: int
    pacing: Pacing
    day: str
    stage: Stage
    position: Position
    opened: float
    version: int
    code: str
    join_secret: str
    wall_key: str
    mode: Mode = Mode.SCREEN
    kind: Kind = Kind.CLASS
    linked: tuple[str, ...] = ()

    @property
    def class_name(self) -> str:
        """How the class is called: "7.A", "7. årgang" or "Hold A"."""
        return grades.class_name(self.grade, self.letter)

    @property
    def chosen(self) -> tuple[Triad, ...]:
        """The triads of this session in the order of asking."""
        return tuple(self.questions.triad(one) for one in self.triads)

    @property
    def warm_up(self) -> Triad:
        """The neutral triad that is asked first and alone."""
        return self.chosen[0]

    @property
    def is_open(self) -> bool:
        """Whether answers may still come."""
        return self.stage is not Stage.CLOSED

    @property
    def reveals_warm_up(self) -> bool:
        """Whether the warm-up is revealed like the rest: on paper none has seen it."""
        return self.mode is Mode.PAPER

    @property
    def skips_warm_up(self) -> bool:
        """Whether it goes straight to the questions: the class knows how it is done.

        On paper the warm-up is on the ballot, and costs no time.
        """
        return self.kind is Kind.FOLLOW_UP and self.mode is not Mode.PAPER

    @property
    def is_waiting(self) -> bool:
        """Whether it was printed for and has not begun: that may be days ahead."""
        return self.mode is not Mode.SCREEN and self.stage is Stage.LOBBY

    def asked(self, triad_id: str) -> Triad:
        """A triad of this session, the honesty item included.

        :raises KeyError: if it is not asked in this session.
        """
        if triad_id == HONESTY_ID:
            return HONESTY
        if triad_id not in self.triads:
            raise KeyError(triad_id)
        return self.questions.triad(triad_id)


class NotAllowed(Exception):
    """The step does not fit the stage of the session."""


def normalise_code(typed: str) -> str:
    """The code as stored: capitals without dash, space or other marks."""
    return "".join(char for char in typed.upper() if char.isalnum())


def is_code(code: str) -> bool:
    """Whether a normalised code could be one at all."""
    return len(code) == CODE_LENGTH and all(char in CODE_ALPHABET for char in code)


def show_code(code: str) -> str:
    """The code in two groups, as it is read aloud.

    >>> show_code("K7T3QX")
    'K7T-3QX'
    """
    return f"{code[:3]}-{code[3:]}"


def may_join(session: Session, now: float) -> bool:
    """Whether code and QR still work; a full session is refused elsewhere.

    A slip works once, which is lock enough: a photograph of a used one opens nothing.
    """
    if session.mode is Mode.SCREEN:
        return session.is_open and now - session.opened <= JOIN_SECONDS
    return session.is_open and session.mode is Mode.SLIPS


def waits_until(session: Session) -> float:
    """When a waiting session closes by itself, in seconds since the epoch; else 0."""
    return session.opened + WAIT_SECONDS if session.is_waiting else 0


def is_overdue(session: Session, now: float) -> bool:
    """Whether an open session should have closed by itself."""
    longest = WAIT_SECONDS if session.is_waiting else OPEN_SECONDS
    return session.is_open and now - session.opened > longest


# --- the pupil's side ----------------------------------------------------------------


def open_triads(session: Session) -> tuple[str, ...]:
    """Ids of the triads that take answers in this stage."""
    if session.stage is Stage.WARM_UP:
        return (session.warm_up.id,)
    if session.stage is not Stage.ANSWERING:
        return ()
    if session.pacing is Pacing.TOGETHER:
        return (*session.triads[1:], HONESTY_ID)
    return (session.position.item,) if session.position.step is Step.ASKED else ()


def next_triad(session: Session, answered: Collection[str]) -> Triad | None:
    """The triad a pupil is to answer now, or None while there is nothing to do."""
    for triad_id in open_triads(session):
        if triad_id not in answered:
            return session.asked(triad_id)
    return None


def scales(session: Session, triad_id: str) -> dict[str, tuple[int, ...]]:
    """Item id -> every option that it can be answered with, of one triad.

    :raises KeyError: if it is not asked in this session.
    """
    triad = session.asked(triad_id)
    guesses = (*range(denominator(session, triad) + 1), DECLINED)
    own = tuple(option.code for option in options_of(triad))
    return {item.id: own if item.role is Role.OWN else guesses for item in triad.items}


def denominator(session: Session, triad: Triad) -> int:
    """What a guess is out of: those present, or twenty pupils."""
    return pupils_answer.OF if triad.is_about_pupils else session.present


def screens(session: Session) -> tuple[str, ...]:
    """All screens a pupil meets, the warm-up and the honesty item included."""
    first = 1 if session.skips_warm_up else 0
    return (*session.triads[first:], HONESTY_ID)


def last_asked(session: Session) -> str:
    """The triad whose answers tell how far the class is."""
    triads = open_triads(session)
    return triads[-1] if triads else ""


# --- the teacher's side --------------------------------------------------------------


def begin_today(session: Session, now: float, day: str) -> Session:
    """A session that waited for its class takes this day, and its hours from now on."""
    return replace(session, day=day, opened=now) if session.is_waiting else session


def start_warm_up(session: Session) -> Session:
    """From the lobby to the neutral item; a follow-up goes on to the questions.

    :raises NotAllowed: if the session has left the lobby, or is on paper.
    """
    if session.stage is not Stage.LOBBY or session.mode is Mode.PAPER:
        raise NotAllowed
    begun = replace(session, stage=Stage.WARM_UP)
    return start_answering(begun) if session.skips_warm_up else begun


def start_answering(session: Session) -> Session:
    """From the warm-up to the questions.

    :raises NotAllowed: if the session is not in the warm-up.
    """
    if session.stage is not Stage.WARM_UP:
        raise NotAllowed
    first = Position()
    if session.pacing is Pacing.STEPWISE:
        first = Position(session.triads[1], Step.ASKED)
    return replace(session, stage=Stage.ANSWERING, position=first)


def close(session: Session) -> Session:
    """No more answers; the reveal can begin.

    :raises NotAllowed: if the session is closed already.
    """
    if session.stage is Stage.CLOSED:
        raise NotAllowed
    revealing = session.stage is Stage.ANSWERING and session.pacing is Pacing.STEPWISE
    keep = session.position if revealing else Position()
    if keep.step is Step.ASKED:
        keep = Position()
    return replace(session, stage=Stage.CLOSED, position=keep, opened=0)


def reveal_steps(has_guesses: bool, has_elsewhere: bool = False) -> tuple[Step, ...]:
    """The steps of one behaviour's reveal."""
    if not has_guesses:
        return REVEAL_ATTITUDE
    return REVEAL_WITH_ELSEWHERE if has_elsewhere else REVEAL


def overview_screens(behaviours: int) -> int:
    """How many screens the overview of so many behaviours takes."""
    return min(max(ceil(behaviours / OVERVIEW_ROWS), 1), len(_OVERVIEW_STEPS))


def overview_screen(position: Position) -> int:
    """Which screen of the overview a position is, from 0."""
    at = position.step in _OVERVIEW_STEPS
    return _OVERVIEW_STEPS.index(position.step) if at else 0


def show_way_in(session: Session) -> Session:
    """Code and QR on the wall again: the warm-up was begun too early. And back.

    :raises NotAllowed: if the warm-up is not running.
    """
    if session.stage is not Stage.WARM_UP:
        raise NotAllowed
    shown = session.position.item == WAY_IN
    return replace(session, position=Position("" if shown else WAY_IN))


def forward(
    position: Position,
    order: Sequence[tuple[str, tuple[Step, ...]]],
    screens: int = 1,
) -> Position:
    """One press of "næste" during the reveal.

    :param order: triad id and its steps, in the order of the reveal.
    :param screens: of the overview.
    """
    places = _places(order, screens)
    return places[min(_place(position, places) + 1, len(places) - 1)]


def back(
    position: Position,
    order: Sequence[tuple[str, tuple[Step, ...]]],
    screens: int = 1,
) -> Position:
    """One press of "tilbage" during the reveal."""
    places = _places(order, screens)
    return places[max(_place(position, places) - 1, 0)]


def _places(
    order: Sequence[tuple[str, tuple[Step, ...]]], screens: int
) -> list[Position]:
    items = [Position(item, step) for item, steps in order for step in steps]
    overview = [Position(OVERVIEW, step) for step in _OVERVIEW_STEPS[:screens]]
    return [Position(), *items, *overview, Position(AGREEMENT)]


def _place(position: Position, places: Sequence[Position]) -> int:
    if position in places:
        return places.index(position)
    # A step that has gone since: on from the one before it, or from the top.
    order = list(Step)
    before = [
        place
        for place, one in enumerate(places)
        if one.item == position.item
        and order.index(one.step) < order.index(position.step)
    ]
    return before[-1] if before else 0


def after_asking(session: Session) -> Session:
    """In ``trin``: the triad on the phones is closed, its reveal begins.

    :raises NotAllowed: if no triad is being asked.
    """
    if not _asking(session):
        raise NotAllowed
    if session.position.item == HONESTY_ID:
        return close(session)
    return replace(session, position=Position(session.position.item, Step.QUESTION))


def ask_next(session: Session) -> Session:
    """In ``trin``: on to the next triad, the honesty item last.

    :raises NotAllowed: while a triad is being asked, or in another stage.
    """
    if session.stage is not Stage.ANSWERING or session.pacing is Pacing.TOGETHER:
        raise NotAllowed
    if _asking(session):
        raise NotAllowed
    ids = (*session.triads, HONESTY_ID)
    if session.position.item not in session.triads:
        raise NotAllowed
    following = ids[ids.index(session.position.item) + 1]
    return replace(session, position=Position(following, Step.ASKED))


def _asking(session: Session) -> bool:
    return (
        session.stage is Stage.ANSWERING
        and session.pacing is Pacing.STEPWISE
        and session.position.step is Step.ASKED
    )
