"""Parents and a class's answers: what it shows, and which class is guessed at."""

import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling import results
from pejling.domain.meeting import Released
from pejling.domain.question_sets import Audience
from pejling.domain.sessions import Kind, Session
from pejling.storage import releases
from pejling.storage.accounts import Account, Role
from pejling.web import access, errors, filters
from pejling.web.context import get_stores, question_sets, today

bp = Blueprint("meeting", __name__, url_prefix="/laerer")

KEPT_DAYS = 365
"""How long a class's release can be used: then the class is another one."""


@bp.get("/<session_id>/foraeldre")
@access.own_session
def ask(session: Session) -> ResponseReturnValue:
    """What the class may show its parents, to be ticked."""
    if not _may_release(session):
        return errors.page(errors.NOT_YET)
    return _page(session)


@bp.post("/<session_id>/foraeldre")
@access.own_session
def release(session: Session) -> ResponseReturnValue:
    """Keep what the class has agreed to; nothing ticked takes it back."""
    if not _may_release(session):
        return errors.page(errors.NOT_YET)
    wanted = request.form.getlist("triade")
    allowed = [one.triad.id for one in results.of_released(get_stores(), session)]
    if any(one not in allowed for one in wanted):
        return _page(session, error="Et emne kan ikke vises. Vælg igen."), 422
    if wanted and "samtykke" not in request.form:
        return _page(session, error="Klassen skal have sagt ja. Sæt kryds."), 422
    chosen = [one for one in allowed if one in wanted]
    releases.release(get_stores().archive, session.id, chosen)
    return redirect(url_for(".ask", session_id=session.id, gemt=1), 303)


def _may_release(session: Session) -> bool:
    return session.kind is Kind.CLASS and not session.is_open


def _page(session: Session, error: str = "") -> str:
    stores = get_stores()
    kept = releases.of_session(stores.archive, session.id)
    return render_template(
        "teacher/parents.html",
        session=session,
        items=results.of_released(stores, session),
        chosen=request.form.getlist("triade") if error else kept,
        is_released=bool(kept),
        sets=[
            one
            for one in question_sets().values()
            if one.audience is Audience.PARENTS and session.grade in one.grades
        ],
        is_kept="gemt" in request.args and not error,
        error=error,
    )


# --- for a meeting --------------------------------------------------------------------


def offered(account: Account, grade: int) -> list[Session]:
    """Classes of an årgang that this account may hold a meeting about."""
    since = today() - datetime.timedelta(days=KEPT_DAYS)
    everybody = account.role is Role.CONSULTANT
    owner = None if everybody else account.id
    return releases.classes(get_stores().archive, grade, since.isoformat(), owner)


def released(session: Session) -> Released:
    """What a class shows its parents at this moment."""
    stores = get_stores()
    kept = releases.of_session(stores.archive, session.id)
    shown = results.of_released(stores, session)
    return Released(session, tuple(one.triad for one in shown if one.triad.id in kept))


def label(session: Session) -> str:
    """A class as a form offers it."""
    return f"{session.class_name}, {session.school}, {filters.day(session.day)}"
