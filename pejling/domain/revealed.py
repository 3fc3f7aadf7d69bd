"""What may be known of a session: the values that page, figure and file are made of.

Made by :mod:`pejling.results` only, from counts that have passed disclosure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pejling.domain import findings, sessions, wording
from pejling.domain.benchmarks import Figure
from pejling.domain.disclosure import Omission, Shown, Withheld
from pejling.domain.elsewhere import Comparison, Outside
from pejling.domain.findings import Finding
from pejling.domain.norms import Norms
from pejling.domain.pupils_answer import PupilsAnswer
from pejling.domain.question_sets import Audience, Role, Triad
from pejling.domain.sessions import OVERVIEW, Session, Step

AFTER_FACIT = (Step.FACIT, Step.SENTENCE, Step.ELSEWHERE, Step.FIGURES)
"""The steps of a reveal at which the class sees its own number."""

Guesses = Mapping[int, int]
"""Guess in pupils -> how many guessed it."""


@dataclass(frozen=True)
class Result:
    """What may be known of one behaviour in one class.

    :ivar answered: pupils who sent the triad, out of ``present``; 0 where too few did.
    :ivar own: the coded own answers, or why they are withheld or left out.
    :ivar friends: guesses about the class, exact; None where they are not asked or
        withheld.
    :ivar others: guesses about alle de andre, likewise; None also where nothing stands
        against them (roed without a benchmark).
    :ivar others_perceived: their median, in pupils out of ``present``.
    :ivar norms: perceived against actual; None where one of them is missing.
    :ivar choice: what the teacher decided: shown, held back, or nothing (None).
    :ivar elsewhere: the figure that stands beside the own answers, if there is one.
    :ivar outside: what the guesses about alle de andre are held against, if anything.
    :ivar figures: all about the same, for the teacher to read.
    :ivar pupils: at a meeting, what the pupils believed and answered; then ``friends``
        are the parents' guesses at it, out of twenty, and so is ``present``.
    """

    triad: Triad
    present: int
    answered: int
    own: Shown | Withheld | Omission
    declined: int
    friends: Guesses | None
    others: Guesses | None
    others_perceived: float | None
    norms: Norms | None
    finding: Finding | None
    choice: bool | None
    audience: Audience = Audience.PUPILS
    grade: int = 0
    elsewhere: Comparison | None = None
    outside: Outside | None = None
    figures: tuple[Figure, ...] = ()
    pupils: PupilsAnswer | None = None

    @property
    def has_guesses(self) -> bool:
        """Whether there is a guess to hold against the facit."""
        return self.norms is not None

    @property
    def can_show(self) -> bool:
        """Whether there is anything that the projector could show."""
        if self.triad.is_about_pupils:
            return self.friends is not None and self.omission is None
        return isinstance(self.own, Shown) or self.is_about_others

    @property
    def is_about_others(self) -> bool:
        """Whether the guesses revealed are those about alle de andre.

        Of a roed act the class is not asked about itself: what it believes of the
        others is held against a figure, and its own attitude comes after.
        """
        is_asked = self.triad.item(Role.FRIENDS) is None
        return is_asked and self.outside is not None and self.omission is None

    @property
    def omission(self) -> Omission | None:
        """Why the teacher has left it out of everything, if so."""
        return self.own if isinstance(self.own, Omission) else None

    @property
    def hidden(self) -> bool:
        """Whether the projector holds it back."""
        if not self.can_show:
            return True
        if self.choice is not None:
            return not self.choice
        return self.advised_against

    @property
    def advised_against(self) -> bool:
        """Whether the method says to keep it off the projector."""
        if self.triad.is_about_pupils:
            return False  # its class has released it, and its finding let it
        if self.finding is not None:
            return self.finding.hidden
        if self.is_about_others and self.outside and self.outside.finding.hidden:
            return True
        if isinstance(self.own, Shown) and findings.is_unfit_alone(
            self.own, self.triad.direction
        ):
            return True
        return not findings.has_enough(self.answered, self.present)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of its reveal."""
        if self.triad.is_about_pupils:
            return sessions.REVEAL_PUPILS
        if self.is_about_others:
            has_own = isinstance(self.own, Shown)
            return sessions.REVEAL if has_own else sessions.REVEAL[:-1]
        shown = self.elsewhere is not None and self.elsewhere.is_shown
        return sessions.reveal_steps(self.has_guesses, shown)

    def nearest(self, step: Step) -> Step:
        """A step of its reveal: the one before, where this one has gone."""
        order = list(Step)
        before = [one for one in self.steps if order.index(one) <= order.index(step)]
        return before[-1] if before else Step.QUESTION

    @property
    def question(self) -> str:
        """The projector's question about the class."""
        if self.triad.is_about_pupils:
            return self.triad.items[0].text
        if self.triad.own_act != self.triad.act:
            return wording.question(self.triad.own_act, "", self.audience)
        return wording.question(self.triad.act, self.triad.recall_text, self.audience)

    @property
    def question_about_others(self) -> str:
        """The projector's question about alle de andre."""
        return wording.question_about_others(
            self.triad.act, self.triad.recall_text, self.audience, self.grade
        )

    @property
    def sentence(self) -> str:
        """The one sentence under the chart."""
        if self.omission is not None:
            return wording.left_out(self.omission)
        if self.triad.is_about_pupils:
            return wording.pupils(self.pupils, self.friends or {})
        if self.is_about_others and self.outside is not None:
            return wording.outside(self.outside)
        if not isinstance(self.own, Shown):
            return wording.TOO_FEW
        if self.norms is None or self.finding is None:
            return wording.alone(self.own, self.triad.direction)
        return wording.headline(self.norms, self.finding)


@dataclass(frozen=True)
class Results:
    """All that may be known of a session.

    :ivar items: closed triads in the order of asking, the warm-up first.
    :ivar order: ids in the order of the reveal: what the projector shows.
    :ivar walk: the same with the one at hand where it was held back just now: that is
        still where "næste" goes on from. On paper the warm-up comes first.
    :ivar honesty: how many answered "Ja, på det hele".
    """

    session: Session
    items: tuple[Result, ...]
    order: tuple[str, ...]
    walk: tuple[str, ...]
    honesty: Shown | Withheld

    def item(self, triad_id: str) -> Result | None:
        """The result of a triad, if it is closed."""
        return next((one for one in self.items if one.triad.id == triad_id), None)

    @property
    def has_answered(self) -> bool:
        """Whether a triad besides the warm-up is closed."""
        return any(one.triad.id != self.session.warm_up.id for one in self.items)

    @property
    def by_gap(self) -> tuple[Result, ...]:
        """What was revealed, the largest misperception first; without guesses last.

        The gap is that of the coded number, so that the order tells no more than it.
        """
        shown = [
            one
            for one in map(self.item, self.order)
            if one is not None and not one.triad.is_about_pupils
        ]
        return tuple(
            sorted(
                shown,
                key=lambda one: abs(one.norms.misperception) if one.norms else -1.0,
                reverse=True,
            )
        )

    @property
    def on_screen(self) -> tuple[Result, ...]:
        """Those guessed about whose facit is on the projector now."""
        here = self.session.position
        if here.item == OVERVIEW:
            reached = self.order
        else:
            reached = (here.item,) if here.step in AFTER_FACIT else ()
        return tuple(
            one
            for one in self.items
            if one.triad.id in reached
            and one.triad.id in self.order
            and one.has_guesses
        )

    @property
    def reveal(self) -> list[tuple[str, tuple[Step, ...]]]:
        """Triad id and steps, in the order of the reveal."""
        steps = {one.triad.id: one.steps for one in self.items if not one.hidden}
        here = (self.session.position.step,)
        return [(triad_id, steps.get(triad_id, here)) for triad_id in self.walk]
