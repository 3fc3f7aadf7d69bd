"""Results: the one gate from stored counts to numbers that people see.

Page, figure and file all take their numbers from here, so that none gets past the state
of the session or :mod:`pejling.domain.disclosure`.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from pejling.domain import disclosure, elsewhere, findings, norms, pupils_answer
from pejling.domain.benchmarks import Figure, Level
from pejling.domain.disclosure import Omission, OwnCounts, Shown, Withheld
from pejling.domain.findings import Candidate
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    Role,
    Sensitivity,
    Triad,
)
from pejling.domain.revealed import Guesses, Result, Results
from pejling.domain.sessions import Session, Stage
from pejling.storage import archive, ballot_box, figures, kommune, pools, releases
from pejling.storage.connections import Stores


def of_session(stores: Stores, session: Session) -> Results:
    """The results of a session's closed triads."""
    answered = archive.answered(stores.archive, session.id)
    counters = archive.counters(stores.archive, session.id)
    choices = archive.choices(stores.archive, session.id)
    omitted = archive.omitted(stores.archive, session.id)
    whole = _with_elsewhere(
        stores,
        session,
        [
            _about_pupils(stores, session, triad, counters, choices.get(triad.id))
            if triad.is_about_pupils
            else _result(
                session, triad, counters, answered[triad.id], choices.get(triad.id)
            )
            for triad in session.chosen
            if triad.id in answered
        ],
    )
    items = tuple(
        _left_out(one, omitted[one.triad.id]) if one.triad.id in omitted else one
        for one in whole
    )
    visible = {one.triad.id for one in items if not one.hidden}
    at_hand = session.position.item
    honesty = _own(HONESTY, counters)
    return Results(
        session=session,
        items=items,
        order=_order(session, [one for one in whole if one.triad.id in visible]),
        walk=(
            *_first_on_paper(session, {*visible, at_hand}),
            *_order(
                session, [one for one in whole if one.triad.id in {*visible, at_hand}]
            ),
        ),
        honesty=disclosure.disclose_own(honesty, HONESTY.sensitivity),
    )


def of_warm_up(stores: Stores, session: Session) -> Result:
    """The warm-up as the room may see it now: while it runs, in steps."""
    triad = session.warm_up
    if session.stage in (Stage.LOBBY, Stage.WARM_UP):
        counters = ballot_box.shown_warm_up(stores.ballots, session.id)
        answered = sum(counters.get(f"{triad.id}.{Role.OWN}", {}).values())
    else:
        counters = archive.counters(stores.archive, session.id)
        answered = archive.answered(stores.archive, session.id).get(triad.id, 0)
    return _result(session, triad, counters, answered, None)


def _order(session: Session, items: Iterable[Result]) -> tuple[str, ...]:
    visible = [one for one in items if one.triad.id != session.warm_up.id]
    suggested = findings.suggest_order(
        [
            Candidate(
                one.triad.id, one.triad.kind, one.finding, one.norms.misperception
            )
            for one in visible
            if one.finding is not None and one.norms is not None
        ]
    )
    # What the teacher shows against the advice, and attitudes, go before the last.
    rest = [one.triad.id for one in visible if one.triad.id not in suggested]
    return (*suggested[:-1], *rest, *suggested[-1:])


def _first_on_paper(session: Session, visible: Container[str]) -> tuple[str, ...]:
    """The warm-up, which on paper nobody has seen before the reveal."""
    is_first = session.reveals_warm_up and session.warm_up.id in visible
    return (session.warm_up.id,) if is_first else ()


def _result(
    session: Session,
    triad: Triad,
    counters: Mapping[str, Guesses],
    answered: int,
    choice: bool | None,
) -> Result:
    counts = _own(triad, counters)
    own = disclosure.disclose_own(counts, triad.sensitivity)
    friends = _guesses(triad, Role.FRIENDS, counters)
    others = _guesses(triad, Role.OTHERS, counters)
    found = None
    if isinstance(own, Shown) and friends is not None:
        found = norms.summarise(own, friends, session.present)
    return Result(
        triad=triad,
        present=session.present,
        answered=answered,
        own=own,
        declined=disclosure.disclose_declined(counts.declined),
        friends=friends,
        others=others,
        others_perceived=norms.perceived_norm(others) if others else None,
        norms=found,
        finding=(
            findings.classify(found, triad.direction, answered) if found else None
        ),
        choice=choice,
        audience=session.questions.audience,
        grade=session.grade,
    )


def of_released(stores: Stores, session: Session) -> list[Result]:
    """What a class may show its parents, in the order of its reveal.

    Never what its wall holds back, what is roed, or what was not guessed at.
    """
    found = of_session(stores, session)
    return [
        one
        for one in map(found.item, found.order)
        if one is not None
        and isinstance(one.own, Shown)
        and one.norms is not None
        and one.triad.sensitivity is not Sensitivity.RED
    ]


def _about_pupils(
    stores: Stores,
    meeting: Session,
    triad: Triad,
    counters: Mapping[str, Guesses],
    choice: bool | None,
) -> Result:
    """What parents guessed of their pupils, and what those believed and answered."""
    guesses = _guesses(triad, Role.OTHERS, counters)
    return Result(
        triad=triad,
        present=pupils_answer.OF,
        answered=sum(guesses.values()) if guesses else 0,
        own=Withheld(disclosure.MIN_STORED),
        declined=0,
        friends=guesses,
        others=None,
        others_perceived=None,
        norms=None,
        finding=None,
        choice=choice,
        audience=meeting.questions.audience,
        grade=meeting.grade,
        pupils=_pupils_answer(stores, meeting, triad),
    )


def _pupils_answer(
    stores: Stores, meeting: Session, triad: Triad
) -> pupils_answer.PupilsAnswer | None:
    """The answer of the meeting's classes; None where one of them does not show it."""
    wanted = triad.pupils.rpartition("/")[2]
    classes = []
    for other in meeting.linked:
        try:
            session = archive.session(stores.archive, other)
        except archive.MissingSession:
            return None  # deleted since: nothing of it is kept here
        released = releases.of_session(stores.archive, other)
        found = {one.triad.id: one for one in of_released(stores, session)}
        if wanted not in released or wanted not in found:
            return None
        one = found[wanted]
        if not isinstance(one.own, Shown):
            return None
        classes.append(
            pupils_answer.ClassAnswer(one.own, one.friends or {}, one.present)
        )
    return pupils_answer.of_classes(classes) if classes else None


def _with_elsewhere(
    stores: Stores, session: Session, found: list[Result]
) -> list[Result]:
    """The results with the figures from elsewhere that stand beside them."""
    known = figures.known(stores.archive, {one.triad.indicator for one in found})
    own = kommune.details(stores.archive).get("name", "")
    choices = archive.elsewhere_choices(stores.archive, session.id)
    pooled = pools.figures(stores.archive, [one.triad for one in found], session.grade)
    return [
        one
        if one.triad.is_about_pupils
        else _beside(
            session,
            one,
            known,
            own,
            pooled.get(one.triad.id),
            choices.get(one.triad.id),
        )
        for one in found
    ]


def _beside(
    session: Session,
    result: Result,
    known: list[Figure],
    own_kommune: str,
    pool: Figure | None,
    choice: tuple[str, bool] | None,
) -> Result:
    triad, grade, year = result.triad, session.grade, int(session.day[:4])
    near = elsewhere.in_reach(known, own_kommune)
    beside = None
    if isinstance(result.own, Shown):
        beside = elsewhere.compare(triad, grade, result.own, year, near, choice)
    outside = elsewhere.outside(
        *(triad, grade, year, near, result.others),
        *(session.present, result.answered, pool),
    )
    result = replace(
        result,
        elsewhere=beside,
        outside=outside,
        figures=tuple(
            one
            for one in [*elsewhere.about(triad, known), *([pool] if pool else [])]
            # Of another school's årgang a teacher need not know.
            if one.level is not Level.SCHOOL or one.area == session.school
        ),
    )
    if result.friends is None and not result.is_about_others:
        # A guess about others with no figure beside it stays uncorrected.
        return replace(result, others=None, others_perceived=None)
    return result


def _left_out(result: Result, reason: Omission) -> Result:
    """A behaviour that counts nowhere: its numbers do not leave this module."""
    return replace(
        result,
        own=reason,
        declined=0,
        friends=None,
        others=None,
        others_perceived=None,
        norms=None,
        finding=None,
        choice=None,
        elsewhere=None,
        outside=None,
    )


def _own(triad: Triad, counters: Mapping[str, Guesses]) -> OwnCounts:
    return OwnCounts.of(triad, counters.get(f"{triad.id}.{Role.OWN}", {}))


def _guesses(
    triad: Triad, role: Role, counters: Mapping[str, Guesses]
) -> Guesses | None:
    if triad.item(role) is None:
        return None
    options = counters.get(f"{triad.id}.{role}", {})
    given = {guess: n for guess, n in options.items() if guess != DECLINED}
    shown = disclosure.disclose_guesses(given, options.get(DECLINED, 0))
    return None if isinstance(shown, Withheld) else shown


__all__ = ["Result", "Results", "of_session", "of_warm_up"]
