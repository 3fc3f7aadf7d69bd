"""Follow-up: a class is asked the same once more, six to eight weeks later."""

import datetime
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import follow_up, selection
from pejling.domain.question_sets import Audience, Triad
from pejling.domain.sessions import Kind, Mode, Pacing, Session
from pejling.storage import archive, ballot_box, follow_ups
from pejling.web import access, errors
from pejling.web.context import get_stores, now, today
from pejling.web.follow_up_form import FollowUpForm, follow_up_form

bp = Blueprint("follow_up", __name__, url_prefix="/laerer")


@dataclass(frozen=True)
class Way:
    """The way from a class's first run to a follow-up.

    :ivar earliest: the day (ISO) from which one may be held; "" where none can be.
    :ivar best: from six to eight weeks after the first run, as two days.
    :ivar held: follow-ups of it, the open ones too.
    """

    earliest: str
    best: tuple[str, str]
    held: tuple[Session, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may be held today."""
        return bool(self.earliest) and today().isoformat() >= self.earliest


def way_of(session: Session) -> Way | None:
    """What the page of a closed session says of follow-ups; None where nothing."""
    if not _can_be_followed(session):
        return None
    db = get_stores().archive
    day = datetime.date.fromisoformat(session.day)
    first, last = (day + datetime.timedelta(one) for one in follow_up.BEST_DAYS)
    return Way(
        earliest=follow_ups.earliest(db, session),
        best=(first.isoformat(), last.isoformat()),
        held=tuple(follow_ups.of_first(db, session)),
    )


def due(account_id: int) -> list[tuple[Session, int]]:
    """The sessions of which a follow-up is due, and how many weeks ago they were."""
    found = follow_ups.due(get_stores().archive, account_id, today().isoformat())
    return [
        (one, (today() - datetime.date.fromisoformat(one.day)).days // 7)
        for one in found
    ]


@bp.get("/<session_id>/opfoelgning")
@access.own_session
def prepare(session: Session) -> ResponseReturnValue:
    """How many are there today, and which of the questions."""
    way = way_of(session)
    if way is None:
        return _refused(session)
    return _page(session, way, _form(session))


@bp.post("/<session_id>/opfoelgning")
@access.own_session
def open_it(session: Session) -> ResponseReturnValue:
    """Open the follow-up: on to its lobby."""
    way, account = way_of(session), access.signed_in()
    if way is None or account is None:
        return _refused(session)
    form = _form(session)
    if not way.is_open:
        return _page(session, way, form), 409
    if not form.validate():
        return _page(session, way, form), 422
    chosen = selection.arrange(session.questions, form.items.data)
    opened = archive.open_session(
        get_stores().archive,
        archive.NewSession(
            owner=account.id,
            school=session.school,
            grade=session.grade,
            letter=session.letter,
            # In the words of the first run, whatever has become of the set since.
            questions=session.questions,
            triads=tuple(one.id for one in chosen),
            present=int(form.present.data),
            pacing=Pacing.TOGETHER,
            day=today().isoformat(),
            mode=Mode(form.mode.data),
            kind=Kind.FOLLOW_UP,
            linked=(session.id,),
        ),
        now(),
    )
    ballot_box.open_poll(get_stores().ballots, opened.id, opened.present)
    return redirect(url_for("teacher.lead", session_id=opened.id), 303)


@bp.post("/<session_id>/opfoelgning/ikke-nu")
@access.own_session
def not_now(session: Session) -> ResponseReturnValue:
    """Take the reminder off the teacher's own page."""
    follow_ups.not_now(get_stores().archive, session)
    return redirect(url_for("opening.overview"), 303)


def _can_be_followed(session: Session) -> bool:
    return (
        follow_up.can_be_followed(session)
        and session.questions.audience is not Audience.PARENTS
        and bool(_offered(session))
        and follow_ups.has_answers(get_stores().archive, session)
    )


def _offered(session: Session) -> list[Triad]:
    """What was asked the first time, less the warm-up and what is roed."""
    return [
        one for one in session.chosen[1:] if follow_up.may_ask_again(one.sensitivity)
    ]


def _refused(session: Session) -> ResponseReturnValue:
    if session.is_open:
        return errors.page(errors.NOT_YET)
    if session.kind is Kind.FOLLOW_UP:
        return errors.page(errors.IS_FOLLOW_UP)
    return errors.page(errors.NOTHING_TO_FOLLOW)


def _form(session: Session) -> FollowUpForm:
    return follow_up_form(session.questions, _offered(session))


def _page(session: Session, way: Way, form: FollowUpForm) -> str:
    offered = _offered(session)
    return render_template(
        "teacher/follow_up.html",
        session=session,
        way=way,
        form=form,
        triads={one.id: one for one in offered},
        left_out=[one for one in session.chosen[1:] if one not in offered],
    )
