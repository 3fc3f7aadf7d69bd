"""From older to younger: what a class passes on, and what it shows of an older one."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling import older, results
from pejling.domain import passed_on as rules
from pejling.domain.question_sets import Audience
from pejling.domain.revealed import Results
from pejling.domain.sessions import Session
from pejling.storage import passed_on
from pejling.web import access, errors, staff_forms
from pejling.web.context import get_stores, now

bp = Blueprint("older_pages", __name__, url_prefix="/laerer")

UNKNOWN = (
    "Et af svarene kan ikke gives videre: det er holdt tilbage, eller det findes ikke. "
    "Vælg blandt dem, der står her."
)
NO_CONSENT = "Spørg klassen først, og sæt kryds, når den har sagt ja. Intet er ændret."
NOT_OFFERED = (
    "Svaret fra den ældre klasse kan ikke vises: det er taget tilbage, eller det "
    "passer ikke her. Vælg blandt dem, der står her."
)


@bp.get("/<session_id>/ung-til-ung")
@access.own_session
def page(session: Session) -> ResponseReturnValue:
    """What older classes have passed on to this one, and what it may pass on itself."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    return _page(session, _results(session))


@bp.post("/<session_id>/ung-til-ung/giv")
@access.own_session
def pass_on(session: Session) -> ResponseReturnValue:
    """Pass on what is ticked, with the class's consent; take back what is not."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found, store = _results(session), get_stores().archive
    wanted = frozenset(request.form.getlist("fund"))
    if wanted - {one.triad.id for one in rules.allowed(found)}:
        return _page(session, found, ticked=wanted, fault=("fund", UNKNOWN)), 422
    is_more = wanted - passed_on.of_session(store, session.id)
    if is_more and not request.form.get("ja"):
        return _page(session, found, ticked=wanted, fault=("ja", NO_CONSENT)), 422
    account = access.signed_in()
    passed_on.pass_on(store, session.id, wanted, account.id if account else 0, now())
    return redirect(url_for(".page", session_id=session.id), 303)


@bp.post("/<session_id>/ung-til-ung/vis")
@access.own_session
def show(session: Session) -> ResponseReturnValue:
    """Let an older class's answer stand beside one of this class's own, or none."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found, stores = _results(session), get_stores()
    item, wanted = request.form.get("item", ""), request.form.get("fra", "")
    offers = older.offered(stores, found).get(item, [])
    key = next(
        ((one.session, one.triad.id) for one in offers if one.key == wanted), None
    )
    is_known = key is not None or (not wanted and found.item(item) is not None)
    try:
        if not is_known:
            raise passed_on.NotPassedOn
        passed_on.choose(stores.archive, session.id, item, key)
    except passed_on.NotPassedOn:
        return _page(session, found, fault=("fra", NOT_OFFERED)), 422
    return redirect(url_for(".page", session_id=session.id), 303)


def _page(
    session: Session,
    found: Results,
    *,
    ticked: frozenset[str] | None = None,
    fault: tuple[str, str] = ("", ""),
) -> str:
    stores = get_stores()
    given = passed_on.of_session(stores.archive, session.id)
    return render_template(
        "older/page.html",
        session=session,
        results=found,
        offers=_same_first(found, older.offered(stores, found)),
        shown=older.shown(stores, session, found),
        same=rules.is_same,
        allowed=rules.allowed(found),
        least=rules.LEAST,
        given=given,
        ticked=given if ticked is None else ticked,
        where=fault[0],
        fault=fault[1],
        form=staff_forms.StaffForm(),
    )


def _same_first(found: Results, offers: older.Offers) -> older.Offers:
    """Those first where both classes were asked the same."""

    def is_other(triad: str) -> bool:
        mine = found.item(triad)
        theirs = offers[triad][0].triad
        return mine is None or not rules.is_same(mine.triad, theirs)

    return {triad: offers[triad] for triad in sorted(offers, key=is_other)}


def _results(session: Session) -> Results:
    if session.questions.audience is not Audience.PUPILS:
        abort(404)  # Older and younger are classes of a school.
    return results.of_session(get_stores(), session)
