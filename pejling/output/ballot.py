"""Ballots: a session's questions on sides of A5, two to a sheet of A4.

The measure is the same as on the screen: a row of numbers to choose one from, so that
no handwriting tells whose ballot it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pejling.domain import sessions, stems
from pejling.domain.question_sets import (
    DECLINED,
    Option,
    Role,
    Triad,
    Word,
    options_of,
)
from pejling.domain.sessions import GRID_MAX, Session

SIDE_MM = 193.5
"""Height of a side of A5 between its margin and its last line, in mm."""

HEAD_MM = 25.0
"""The first side's heading and rules, in mm."""

# Millimetres of a block's parts with the widest of the fonts that may stand in; a test
# holds them against every set as Chromium lays it out.
_WIDTH_MM = 132.0
_FRAME_MM = 16.2
_GUESS_MM = 11.8
_ALONE_MM = 17.0
_TITLE = (1.95, 4.4)
_OWN = (1.85, 4.0)
_OPTION = (1.6, 4.7)
_WORD = (1.4, 3.6)
"""Width of a character and height of a line, in mm."""

_BOX_MM = 10.0


@dataclass(frozen=True)
class Guess:
    """One guess: whom it is about, and the numbers to choose from.

    :ivar numbers: 0 up to all that are present; empty where a number is written.
    """

    role: Role
    text: str
    numbers: Sequence[int]


@dataclass(frozen=True)
class Block:
    """One behaviour on the ballot.

    :ivar options: of the own answer, "Vil ikke svare" last.
    :ivar words: words explained under the heading.
    """

    triad: Triad
    guesses: Sequence[Guess]
    own: str
    options: Sequence[Option]
    words: Sequence[Word]

    @property
    def counted(self) -> Sequence[Option]:
        """The options that are counted; the last is what is left of the ballots."""
        return [option for option in self.options if option.code != DECLINED]

    @property
    def height(self) -> float:
        """Millimetres that it needs at most."""
        own = _lines(self.own, _OWN) * _OWN[1]
        boxes = sum(len(one.label) * _OPTION[0] + _BOX_MM for one in self.options)
        own += math.ceil(boxes / _WIDTH_MM) * _OPTION[1] - _OWN[1] - _OPTION[1]
        if not self.guesses:
            return _ALONE_MM + own
        title = f"10. … {self.triad.act} {self.triad.recall_text}"
        above = (_lines(title, _TITLE) - 1) * _TITLE[1]
        for one in self.words:
            above += _lines(f"{one.word}: {one.meaning}", _WORD) * _WORD[1]
        return _FRAME_MM + _GUESS_MM * len(self.guesses) + above + own


def _lines(text: str, font: tuple[float, float]) -> int:
    return math.ceil(len(text) * font[0] / _WIDTH_MM)


def blocks(session: Session) -> list[Block]:
    """What a session asks on paper, in the order of asking, the honesty item last."""
    return [
        _block(session, session.asked(triad_id))
        for triad_id in sessions.screens(session)
    ]


def sides(found: Sequence[Block]) -> list[list[Block]]:
    """The blocks on sides: in order, none of them cut."""
    made: list[list[Block]] = [[]]
    left = SIDE_MM - HEAD_MM
    for block in found:
        if made[-1] and block.height > left:
            made.append([])
            left = SIDE_MM
        made[-1].append(block)
        left -= block.height
    return made


def as_if(session: Session) -> str:
    """What a guess about all the others is out of."""
    return stems.as_if(session.questions.audience, session.present)


def _block(session: Session, triad: Triad) -> Block:
    audience = session.questions.audience
    asked = {
        Role.OTHERS: stems.ask_others(audience, session.grade),
        Role.FRIENDS: stems.ask_friends(audience),
    }
    numbers = range(session.present + 1) if session.present <= GRID_MAX else ()
    own = triad.item(Role.OWN)
    return Block(
        triad=triad,
        guesses=[
            Guess(role, text, numbers)
            for role, text in asked.items()
            if triad.item(role) is not None
        ],
        own=own.text if own else "",
        options=options_of(triad),
        words=session.questions.explained(triad),
    )
