"""What a class takes home: posters and a sheet of its results, to print or to keep."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from pejling import results
from pejling.domain import wording
from pejling.domain.revealed import Result
from pejling.domain.sessions import Session
from pejling.output import captions, poster
from pejling.output.poster import Design
from pejling.storage import archive
from pejling.web import access, errors, filters
from pejling.web.context import get_stores

bp = Blueprint("takeaway", __name__, url_prefix="/laerer")


@bp.get("/<session_id>/plakater")
@access.own_session
def posters(session: Session) -> ResponseReturnValue:
    """The findings that may hang on a wall, in each design."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    return render_template(
        "takeaway/posters.html",
        session=session,
        results=poster.allowed(results.of_session(get_stores(), session)),
        designs=poster.NAMES,
    )


@bp.get("/<session_id>/plakat/<triad_id>/<design>.svg")
@access.own_session
def picture(session: Session, triad_id: str, design: str) -> ResponseReturnValue:
    """A poster as SVG: shown, or kept with ``?hent=1``."""
    svg = _poster(session, triad_id, design)
    response = Response(svg, mimetype="image/svg+xml")
    if request.args.get("hent"):
        name = f"vidste-du-{triad_id}-{design}.svg".replace("_", "-")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<session_id>/plakat/<triad_id>/<design>")
@access.own_session
def printed(session: Session, triad_id: str, design: str) -> ResponseReturnValue:
    """A poster alone on a page, to print on A4 or A3."""
    return render_template(
        "takeaway/poster.html",
        session=session,
        svg=_poster(session, triad_id, design),
        triad_id=triad_id,
        design=design,
        large=request.args.get("papir") == "a3",
    )


@bp.get("/<session_id>/ark")
@access.own_session
def sheet(session: Session) -> ResponseReturnValue:
    """One page with what the class saw, and what it agreed on."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    stores = get_stores()
    found = results.of_session(stores, session)
    shown = [one for one in map(found.item, found.order) if one is not None]
    return render_template(
        "takeaway/sheet.html",
        session=session,
        results=shown,
        rows=captions.table(shown),
        words=wording,
        agreed=archive.agreement(stores.archive, session.id),
    )


def _poster(session: Session, triad_id: str, design: str) -> str:
    if session.is_open or design not in list(Design):
        abort(404)
    what = poster.message(_allowed(session, triad_id))
    who = f"{session.class_name} · {filters.day(session.day)}"
    return poster.draw(what, who, Design(design))


def _allowed(session: Session, triad_id: str) -> Result:
    found = poster.allowed(results.of_session(get_stores(), session))
    fitting = [one for one in found if one.triad.id == triad_id]
    if not fitting:
        abort(404)
    return fitting[0]
