"""A session on paper: ballots to print, a sheet to count on, and typing the counts."""

import math

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import sessions
from pejling.domain.sessions import Mode, Session
from pejling.output import ballot
from pejling.storage import closing
from pejling.web import access, errors, tally_forms, teacher
from pejling.web.context import get_stores, now, today

bp = Blueprint("paper", __name__, url_prefix="/laerer")


@bp.get("/<session_id>/stemmesedler")
@access.own_session
def ballots(session: Session) -> ResponseReturnValue:
    """The ballot twice on each sheet of A4, to be cut in the middle."""
    if session.mode is not Mode.PAPER:
        return errors.page(errors.NOT_PAPER)
    return printed(session)


def printed(session: Session) -> str:
    """The ballots of a session as a page."""
    sides = ballot.sides(ballot.blocks(session))
    return render_template(
        "paper/ballots.html",
        session=session,
        sides=sides,
        starts=[1 + sum(map(len, sides[:place])) for place in range(len(sides))],
        as_if=ballot.as_if(session),
        copies=math.ceil(session.present / 2),
    )


@bp.get("/<session_id>/optaellingsark")
@access.own_session
def tally_sheet(session: Session) -> ResponseReturnValue:
    """A sheet to make strokes on, in the order of the page where they are typed."""
    if session.mode is not Mode.PAPER:
        return errors.page(errors.NOT_PAPER)
    return render_template(
        "paper/tally_sheet.html", session=session, blocks=ballot.blocks(session)
    )


@bp.get("/<session_id>/optaelling")
@access.own_session
def tally(session: Session) -> ResponseReturnValue:
    """Where the counts are typed."""
    if session.mode is not Mode.PAPER:
        return errors.page(errors.NOT_PAPER)
    if not session.is_open:
        return redirect(url_for("teacher.lead", session_id=session.id), 303)
    return _page(session, tally_forms.tally_form(session))


@bp.post("/<session_id>/optaelling")
@access.own_session
def count(session: Session) -> ResponseReturnValue:
    """Look the counts through; or keep those very counts, which closes the session."""
    if session.mode is not Mode.PAPER:
        return errors.page(errors.NOT_PAPER)
    teacher.check_version(session)
    if not session.is_open:
        return errors.page(errors.CHANGED)
    form = tally_forms.tally_form(session)
    if not form.validate():
        return _page(session, form), 422
    if request.form.get("trin") != "gem" or not form.is_looked_through:
        form.mark()
        return _page(session, form, is_checked=True)
    day = today().isoformat()
    closing.close_counted(get_stores(), session, form.counted, now(), day)
    return redirect(url_for("teacher.lead", session_id=session.id), 303)


def _page(
    session: Session, form: tally_forms.TallyForm, *, is_checked: bool = False
) -> str:
    return render_template(
        "paper/tally.html",
        session=session,
        form=form,
        is_checked=is_checked,
        large=session.present > sessions.GRID_MAX,
    )
