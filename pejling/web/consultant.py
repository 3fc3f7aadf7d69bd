"""The SSP-konsulent's pages: schools, and which classes have had a pejling."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain.kommune import DETAILS, GROUPS, missing
from pejling.storage import archive, kommune, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action
from pejling.web import access, errors, kommune_pages, staff_forms
from pejling.web.context import PAGE_ROWS, get_stores, library, now, page_number

bp = Blueprint("consultant", __name__, url_prefix="/konsulent")


@bp.get("/")
@access.staff(Role.CONSULTANT)
def overview(account: Account) -> ResponseReturnValue:
    """Schools, and the sessions held there."""
    store = get_stores().archive
    number = page_number()
    found = archive.sessions_of(
        store, most=PAGE_ROWS + 1, skip=PAGE_ROWS * (number - 1)
    )
    return render_template(
        "consultant/overview.html",
        sessions=found[:PAGE_ROWS],
        number=number,
        has_more=len(found) > PAGE_ROWS,
        problems=library().errors,
        missing=missing(kommune.details(store)),
        sections=kommune_pages.sections(),
    )


@bp.post("/plan")
@access.staff(Role.CONSULTANT)
def follow(account: Account) -> ResponseReturnValue:
    """The curriculum plan that the kommune's teachers meet first."""
    chosen = request.form.get("plan", "")
    if chosen not in library().plans:
        return errors.page(errors.NO_SUCH_PLAN)
    kommune.follow(get_stores().archive, chosen)
    _note(account, Action.PLAN, chosen)
    return redirect(url_for("curriculum.page"), 303)


@bp.get("/oplysninger")
@access.staff(Role.CONSULTANT)
def details(account: Account) -> ResponseReturnValue:
    """The kommune's name and contacts, as letters and pages name them."""
    known = kommune.details(get_stores().archive)
    return _details_page(staff_forms.DetailsForm(formdata=None, data=known))


@bp.post("/oplysninger")
@access.staff(Role.CONSULTANT)
def fill_in(account: Account) -> ResponseReturnValue:
    """Keep them."""
    form = staff_forms.DetailsForm()
    if not form.validate():
        return _details_page(form), 422
    kommune.fill_in(get_stores().archive, form.values())
    _note(account, Action.DETAILS, "")
    return redirect(url_for(".details", gemt=1), 303)


def _note(account: Account, action: Action, touched: str) -> None:
    staff_log.add(get_stores().archive, now(), account.id, action, touched)


def _details_page(form: staff_forms.DetailsForm) -> str:
    return render_template(
        "kommune/details.html",
        form=form,
        groups=GROUPS,
        hints={one.id: one.hint for one in DETAILS},
        sections=kommune_pages.sections(),
        is_kept="gemt" in request.args and not form.errors,
    )
