"""A teacher deletes a pejling: what goes, what stays, and no way back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import school_year
from pejling.domain.sessions import Session
from pejling.storage import deletion, follow_ups, pools
from pejling.web import access, errors, staff_forms
from pejling.web.context import get_stores, now

bp = Blueprint("deleting", __name__, url_prefix="/laerer")


@bp.get("/<session_id>/slet")
@access.own_session
def ask(session: Session) -> ResponseReturnValue:
    """What deleting means, before it is done."""
    if session.is_open:
        return errors.page(errors.STILL_OPEN)
    year = school_year.of(session.day)
    return render_template(
        "teacher/delete.html",
        session=session,
        form=staff_forms.StaffForm(),
        follow_ups=follow_ups.of_first(get_stores().archive, session),
        gone_by=school_year.deleted_by(year),
        is_pooled=pools.is_frozen(get_stores().archive, year),
    )


@bp.post("/<session_id>/slet")
@access.own_session
def delete(session: Session) -> ResponseReturnValue:
    """Delete it, where the box is ticked."""
    if session.is_open:
        return errors.page(errors.STILL_OPEN)
    if not request.form.get("ja"):
        return redirect(url_for(".ask", session_id=session.id), 303)
    account = access.signed_in()
    deletion.delete_session(
        get_stores().archive, session, account.id if account else 0, now()
    )
    return redirect(url_for("opening.overview"), 303)
