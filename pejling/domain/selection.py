"""Choosing among a set's items: their order, and where a choice breaks the method.

The order is that of the file; where items were left out, an attitude or a protective
act is moved up so that no two risks follow each other, and something to be proud of
stands last (docs/method.md, "The choice of items").
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pejling.domain.content.set_rules import CORE
from pejling.domain.disclosure import MIN_OWN
from pejling.domain.grades import YOUTH_EDUCATION
from pejling.domain.question_sets import (
    Audience,
    Direction,
    QuestionSet,
    Sensitivity,
    Triad,
)

FEWEST = 3
"""Items below which there is little to talk about."""

OWN_ROED_FROM = YOUTH_EDUCATION
"""Where pupils may be asked about roed acts of their own: in youth education, where all
are 15. Not in 9. or 10. årgang: there some are not, and nobody's age is known
(docs/method.md, "Sensitivity")."""

LEAST_OWN_ROED = MIN_OWN[Sensitivity.RED]
"""Pupils who must be there: the own answers of fewer are withheld."""


@dataclass(frozen=True)
class Breach:
    """Where a choice breaks the method: what, and why it matters.

    :ivar is_final: whether the session cannot be opened with it at all.
    """

    what: str
    why: str
    is_final: bool = False


def asks_own_roed(triad: Triad) -> bool:
    """Whether it asks the pupil about a roed act or experience of his or her own."""
    return triad.sensitivity is Sensitivity.RED and triad.asks_own_act


def may_ask_own_roed(questions: QuestionSet, grade: int, *, opted_in: bool) -> bool:
    """Whether this class may be asked such items.

    :param opted_in: whether the kommune has decided so; never else.
    """
    is_youth = questions.audience is Audience.YOUTH and grade >= OWN_ROED_FROM
    return opted_in and is_youth


def too_few(chosen: Sequence[Triad], present: int) -> list[Breach]:
    """Why so few cannot be asked: their own answers would never be shown.

    :param present: pupils who are there.
    """
    least = LEAST_OWN_ROED
    if present >= least or not any(asks_own_roed(one) for one in chosen):
        return []
    return [
        Breach(
            f"Et rødt spørgsmål om én selv kræver mindst {least} til stede.",
            f"Er der færre end {least} svar, vises de slet ikke. Tag spørgsmålet ud.",
            is_final=True,
        )
    ]


def arrange(questions: QuestionSet, chosen: Collection[str]) -> tuple[Triad, ...]:
    """The chosen triads in the order of asking, the warm-up first whatever is chosen.

    :param chosen: ids of triads; ids that the set does not have are left out.
    """
    warm_up, *rest = questions.triads
    waiting = [one for one in rest if one.id in chosen]
    last = _proud(waiting)
    if last is not None:
        waiting.remove(last)
    ordered: list[Triad] = []
    while waiting:
        following = _next(ordered, waiting)
        waiting.remove(following)
        ordered.append(following)
    return (warm_up, *ordered, *([last] if last is not None else []))


def _proud(waiting: Sequence[Triad]) -> Triad | None:
    good = [one for one in waiting if one.direction is Direction.PROTECTIVE]
    return good[-1] if good else None


def _is_bare_risk(triad: Triad) -> bool:
    """A risk that brings no attitude of its own with it."""
    return triad.is_risk_act and triad.asks_own_act


def _next(ordered: Sequence[Triad], waiting: Sequence[Triad]) -> Triad:
    """The first in the file's order after which no risk need follow a risk."""
    after_risk = bool(ordered) and _is_bare_risk(ordered[-1])
    for one in waiting:
        is_risk = _is_bare_risk(one)
        if not (is_risk and after_risk) and _can_go_on(one, waiting):
            return one
    # More risks than others: they must stand in a row somewhere, so not at once.
    others = [one for one in waiting if not _is_bare_risk(one)]
    return others[0] if after_risk and others else waiting[0]


def _can_go_on(one: Triad, waiting: Sequence[Triad]) -> bool:
    """Whether what waits can be told apart once this one has been asked."""
    risks = sum(_is_bare_risk(other) for other in waiting if other is not one)
    others = len(waiting) - 1 - risks
    return risks <= others + (0 if _is_bare_risk(one) else 1)


def breaches(
    questions: QuestionSet, chosen: Collection[str], offered: Sequence[Triad]
) -> list[Breach]:
    """Where this choice breaks the method, the gravest first; none where it is good.

    :param offered: the triads to choose among; nothing is asked for that is not there.
    """
    triads = arrange(questions, chosen)[1:]
    risks = [one for one in triads if _is_bare_risk(one)]
    good = [one for one in triads if one.is_good_or_attitude]
    found = []
    if triads and not good:
        found.append(
            Breach(
                "Der er ingen holdninger og intet beskyttende med.",
                "Så hører klassen kun om det, nogle gør, og ikke om det, de fleste "
                "synes. Det kan få flere til at gøre det. Tag mindst én med.",
                is_final=True,
            )
        )
    elif len(risks) > len(good):
        found.append(
            Breach(
                f"Der er {len(risks)} spørgsmål om risiko, men kun {len(good)} om "
                "holdninger eller noget beskyttende.",
                "Hver risiko har brug for en holdning ved siden af sig, så tallet ikke "
                "står alene.",
            )
        )
    if good and triads[-1].direction is not Direction.PROTECTIVE:
        found.append(
            Breach(
                "Der er ikke noget at være stolt af til sidst.",
                "Det sidste, klassen taler om, er det, den går hjem med.",
            )
        )
    # Nobody is asked to take a roed one in.
    mild = [one for one in offered if one.sensitivity is not Sensitivity.RED]
    if good and _all_good(triads) and not _all_good(mild):
        found.append(
            Breach(
                "Der er kun spørgsmål om det gode.",
                "Klassen gætter mest forkert om det, der er risiko ved. Tag ét med, "
                "som I vil tale om.",
            )
        )
    found += _length(questions, len(triads))
    return found


def _all_good(triads: Sequence[Triad]) -> bool:
    return all(one.direction is Direction.PROTECTIVE for one in triads)


def _length(questions: QuestionSet, count: int) -> list[Breach]:
    most = CORE[questions.minutes][1]
    if 0 < count < FEWEST:
        return [
            Breach(
                f"Der er kun {count} spørgsmål ud over opvarmningen.",
                "Klassen ser ikke noget mønster, og der er mindre at tale om.",
            )
        ]
    if count > most:
        return [
            Breach(
                f"Der er {count} spørgsmål ud over opvarmningen.",
                f"I {questions.minutes} minutter er der tid til {most}. Flere tager "
                "tiden fra samtalen, og det er den, der virker.",
            )
        ]
    return []
