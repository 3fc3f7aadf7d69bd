"""The class's own page: what it found out, behind a link that its teacher can end."""

from base64 import b64encode

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pejling import results
from pejling.domain import help_lines, school_year, summary, wording
from pejling.domain.question_sets import Audience
from pejling.domain.revealed import Result, Results
from pejling.domain.sessions import Session
from pejling.output import poster, qr
from pejling.output.poster import Design
from pejling.storage import archive, class_pages
from pejling.storage.class_pages import ClassPage
from pejling.web import access, errors, filters, staff_forms
from pejling.web.context import get_stores, now, own_help_lines, public_url, today

bp = Blueprint("class_page", __name__)

UNKNOWN = (
    "Et af fundene kan ikke komme på siden: det er holdt tilbage, eller det findes "
    "ikke. Vælg blandt dem, der står her."
)
EMPTY = "Der ville ikke stå noget på siden. Vælg mindst ét fund, eller skriv aftalen."


# --- for the teacher ------------------------------------------------------------------


@bp.get("/laerer/<session_id>/klasseside")
@access.own_session
def manage(session: Session) -> ResponseReturnValue:
    """What is on the page, and whether it is open."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found = _results(session)
    page = _open_page(session)
    return _manage(session, found, page.triads if page else None, page)


@bp.post("/laerer/<session_id>/klasseside")
@access.own_session
def release(session: Session) -> ResponseReturnValue:
    """Open the page and show its link, once; or change what is on it."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found, page = _results(session), _open_page(session)
    wanted = frozenset(request.form.getlist("fund"))
    if fault := _fault(session, found, wanted):
        return _manage(session, found, wanted, page, fault), 422
    store = get_stores().archive
    if request.form.get("trin") == "gem" and page is not None:
        class_pages.change(store, session.id, wanted)
        return redirect(url_for(".manage", session_id=session.id), 303)
    until = school_year.days(school_year.of(today().isoformat()))[1]
    token = class_pages.release(store, session.id, wanted, until, _account(), now())
    path = url_for(".show", page_key=token)
    address = f"{public_url()}{path}"
    return render_template(
        "class_page/link.html",
        session=session,
        address=address,
        path=path,
        picture=qr.draw(address.upper(), "QR-kode til klassens side"),
        until=until,
    )


@bp.post("/laerer/<session_id>/klasseside/slut")
@access.own_session
def end(session: Session) -> ResponseReturnValue:
    """Close the page for good."""
    class_pages.end(get_stores().archive, session.id, _account(), now())
    return redirect(url_for(".manage", session_id=session.id), 303)


def _manage(
    session: Session,
    found: Results,
    chosen: frozenset[str] | None,
    page: ClassPage | None,
    fault: str = "",
) -> str:
    offered = _offered(found)
    return render_template(
        "class_page/manage.html",
        session=session,
        offered=offered,
        ids=[one.triad.id for one in offered] if chosen is None else sorted(chosen),
        page=page,
        fault=fault,
        form=staff_forms.StaffForm(),
    )


def _fault(session: Session, found: Results, wanted: frozenset[str]) -> str:
    if wanted - {one.triad.id for one in _offered(found)}:
        return UNKNOWN
    agreed = archive.agreement(get_stores().archive, session.id)
    return "" if wanted or agreed else EMPTY


def _open_page(session: Session) -> ClassPage | None:
    store = get_stores().archive
    return class_pages.of_session(store, session.id, today().isoformat())


def _account() -> int:
    account = access.signed_in()
    return account.id if account else 0


# --- for the class --------------------------------------------------------------------


@bp.get("/K/<page_key>")
@access.class_page
def show(session: Session, page: ClassPage) -> ResponseReturnValue:
    """What was released, as it stands now: what is held back since is gone."""
    found = _results(session)
    shown = [one for one in _offered(found) if one.triad.id in page.triads]
    answer = make_response(
        render_template(
            "class_page/page.html",
            session=session,
            shown=[(one, _picture(session, one)) for one in shown],
            words=wording,
            agreed=archive.agreement(get_stores().archive, session.id),
            until=page.until,
            help_lines=help_lines.for_pupils(own_help_lines()),
        )
    )
    # The address opens the page: no other page is told where a reader came from.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _offered(found: Results) -> list[Result]:
    """What may stand on the page, in the order of the reveal."""
    shown = [one for one in map(found.item, found.order) if one is not None]
    return [one for one in shown if summary.may_leave_the_room(one)]


def _results(session: Session) -> Results:
    if session.questions.audience is Audience.PARENTS:
        abort(404)  # It was no class.
    return results.of_session(get_stores(), session)


def _picture(session: Session, result: Result) -> str:
    """The finding's poster as the address of a picture; "" where it has none."""
    if not poster.is_allowed(result):
        return ""
    who = f"{session.class_name} · {filters.day(session.day)}"
    svg = poster.draw(poster.message(result), who, Design.FIGURES)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
