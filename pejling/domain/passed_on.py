"""From older to younger: what a class may pass on, and beside what it may stand.

An attitude of the majority, asked of all, green, of 15 pupils or more: never what
somebody has done, and never what is held back (docs/privacy.md, "From older to
younger").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pejling.domain import wording
from pejling.domain.disclosure import Shown
from pejling.domain.question_sets import (
    Audience,
    Direction,
    Kind,
    Role,
    Sensitivity,
    Topic,
    Triad,
)
from pejling.domain.revealed import Result, Results

LEAST = 15
"""Answers that an attitude takes to be passed on: as many as a roed one in a class."""

NEAR_DAYS = 365
"""How long before the younger class the older one may have answered."""


@dataclass(frozen=True)
class FromOlder:
    """What an older class answered, as a younger one may see it.

    :ivar session: id of the older class's session.
    :ivar own: its coded own answers.
    """

    session: str
    grade: int
    topic: Topic
    triad: Triad
    own: Shown

    @property
    def key(self) -> str:
        """What a form says for it."""
        return f"{self.session}/{self.triad.id}"

    @property
    def says_no(self) -> bool:
        """Whether the majority is those who did not say yes."""
        return self.triad.direction is Direction.RISK

    @property
    def sentence(self) -> str:
        """The line beside the younger class's own, from the majority's side.

        The årgang and never the letter: which of the classes it was adds nothing to
        what the younger ones are to learn, and in a school with two it would tell.
        """
        asked = self.triad.item(Role.OWN)
        number = wording.not_yes(self.own) if self.says_no else wording.out_of(self.own)
        answer = "svarede ikke ja" if self.says_no else "svarede ja"
        return (
            f"En {self.grade}. klasse på skolen blev spurgt: "
            f"”{asked.text if asked else ''}” "
            f"{number[:1].upper()}{number[1:]} {answer}."
        )


def allowed(found: Results) -> list[Result]:
    """What of a class may be passed on, in the order of the reveal."""
    if found.session.questions.audience is not Audience.PUPILS:
        return []
    shown = [one for one in map(found.item, found.order) if one is not None]
    return [one for one in shown if _may_be_passed_on(one)]


def _may_be_passed_on(result: Result) -> bool:
    triad, own = result.triad, result.own
    if triad.kind is not Kind.ATTITUDE or triad.sensitivity is not Sensitivity.GREEN:
        return False
    if not isinstance(own, Shown) or own.n < LEAST:
        return False
    if result.hidden or result.advised_against:
        return False
    if triad.direction is Direction.RISK:
        return 2 * own.value < own.n
    return triad.direction is Direction.PROTECTIVE and 2 * own.value >= own.n


def fitting(
    mine: Result, topic: Topic, offered: Sequence[FromOlder]
) -> list[FromOlder]:
    """What may stand beside one of a younger class's own: the same words first.

    :param mine: a result that the wall shows.
    :param topic: of the younger class's set: of another theme nothing fits but the
        very same words.
    """
    if mine.hidden or mine.triad.is_warm_up:
        return []
    same = [one for one in offered if is_same(mine.triad, one.triad)]
    near = [one for one in offered if one not in same and one.topic is topic]
    return [*(one for one in same if not _pulls(mine, one)), *near]


def is_same(mine: Triad, theirs: Triad) -> bool:
    """Whether both ask for the same, in the same words."""
    return (mine.own_act, mine.direction) == (theirs.own_act, theirs.direction)


def _pulls(mine: Result, theirs: FromOlder) -> bool:
    """Whether the older ones would draw the class the wrong way.

    As for figures from elsewhere (docs/method.md, "Elsewhere"): a class that is better
    than the older one is not shown it.
    """
    if not isinstance(mine.own, Shown):
        return True
    own, older = mine.own.value / mine.own.n, theirs.own.value / theirs.own.n
    return older > own if theirs.says_no else older < own
