"""The kommune's schools: their classes, what they have had, what is due."""

import re

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask import url_for as to
from flask.typing import ResponseReturnValue

from pejling.domain import coverage, curriculum, school_year
from pejling.domain.bookings import month_name
from pejling.domain.coverage import Coverage
from pejling.output import export
from pejling.storage import bookings as booked
from pejling.storage import kommune, own_sets, schools, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.schools import School
from pejling.storage.staff_log import Action
from pejling.web import access, booking_form, bookings, staff_forms
from pejling.web.context import get_stores, now, plan, question_sets, today

bp = Blueprint("school_pages", __name__, url_prefix="/konsulent")

MARKS = {
    coverage.State.HELD: "●",
    coverage.State.PARTLY: "◐",
    coverage.State.BOOKED: "○",
    coverage.State.MISSING: "–",
}
"""What stands in a cell: told apart by shape, not by colour."""


# --- coverage -------------------------------------------------------------------------


@bp.get("/daekning")
@access.staff(Role.CONSULTANT)
def covered(account: Account) -> ResponseReturnValue:
    """Schools by årgang and theme, and what is due."""
    year = _year()
    found = _coverage(year)
    return render_template(
        "schools/coverage.html",
        found=found,
        due=found.due(today().month) if found and year == _this_year() else {},
        numbers={one.name: one.id for one in schools.everything(get_stores().archive)},
        year=year,
        years=schools.years(get_stores().archive, _this_year()),
        year_name=school_year.name,
        marks=MARKS,
        states=list(coverage.State),
        topic_names=curriculum.TOPIC_NAMES,
        month_names=curriculum.MONTHS,
        plan=plan(),
    )


@bp.get("/daekning.csv")
@access.staff(Role.CONSULTANT)
def covered_file(account: Account) -> ResponseReturnValue:
    """The same as a file, one row for each cell."""
    year = _year()
    found = _coverage(year)
    rows = [
        {
            "skoleaar": school_year.name(year),
            "skole": cell.school,
            "aargang": cell.grade,
            "tema": curriculum.TOPIC_NAMES[cell.topic],
            "tilstand": cell.state.value,
            "klasser_med": cell.reached,
            "klasser": cell.classes or "",
            "holdt": ", ".join(sorted({one.day for one in cell.held if one.day})),
            "planlagt": ", ".join(
                curriculum.MONTHS[one.month - 1] for one in cell.booked
            ),
        }
        for cell in (found.everything() if found else ())
    ]
    columns = ("skoleaar", "skole", "aargang", "tema", "tilstand", "klasser_med")
    response = Response(
        export.table(rows, (*columns, "klasser", "holdt", "planlagt")),
        mimetype="text/csv",
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="daekning-{year}.csv"'
    )
    return response


# --- one school -----------------------------------------------------------------------


@bp.get("/skoler")
@access.staff(Role.CONSULTANT)
def overview(account: Account) -> ResponseReturnValue:
    """All schools, and a form to add more."""
    return _overview(staff_forms.SchoolsForm(formdata=None))


@bp.post("/skoler")
@access.staff(Role.CONSULTANT)
def add(account: Account) -> ResponseReturnValue:
    """More schools to choose from: one on each line."""
    form = staff_forms.SchoolsForm()
    if not form.validate():
        return _overview(form), 422
    names = staff_forms.school_names(form.schools.data)
    schools.add(get_stores().archive, names)
    _note(account, ", ".join(names)[:200])
    return redirect(to(".overview"), 303)


@bp.get("/skoler/<int:number>")
@access.staff(Role.CONSULTANT)
def school(account: Account, number: int) -> ResponseReturnValue:
    """What a school has had and has booked, its classes, its name."""
    return _school(account, _found(number))


@bp.get("/skoler/<int:number>/paamindelse")
@access.staff(Role.CONSULTANT)
def reminder(account: Account, number: int) -> ResponseReturnValue:
    """A sheet for the school: what is missing, and how it is done."""
    found = _found(number)
    seen = _coverage(_this_year(), [found.name])
    return render_template(
        "schools/reminder.html",
        school=found,
        cells=seen.of(found.name) if seen else [],
        this_month=today().month,
        year_name=school_year.name(_this_year()),
        topic_names=curriculum.TOPIC_NAMES,
        months=curriculum.months_name,
        month_names=curriculum.MONTHS,
        plan=plan(),
        contact=kommune.details(get_stores().archive).get("contact", ""),
    )


@bp.post("/skoler/<int:number>/navn")
@access.staff(Role.CONSULTANT)
def rename(account: Account, number: int) -> ResponseReturnValue:
    """Another name, also for what the school has had."""
    found = _found(number)
    form = staff_forms.SchoolNameForm()
    if not form.validate():
        return _school(account, found, name=form), 422
    try:
        schools.rename(get_stores().archive, found, form.cleaned())
    except schools.NameTaken:
        form.name.errors = ["En anden skole hedder det allerede."]
        return _school(account, found, name=form), 422
    _note(account, f"{found.name}: {form.cleaned()}")
    return redirect(to(".school", number=number), 303)


@bp.post("/skoler/<int:number>/nedlagt")
@access.staff(Role.CONSULTANT)
def retire(account: Account, number: int) -> ResponseReturnValue:
    """Offer the school no more, or again."""
    found = _found(number)
    schools.retire(get_stores().archive, found, not found.is_retired)
    _note(account, found.name)
    return redirect(to(".school", number=number), 303)


@bp.post("/skoler/<int:number>/slet")
@access.staff(Role.CONSULTANT)
def delete(account: Account, number: int) -> ResponseReturnValue:
    """Delete a school that has had nothing."""
    found = _found(number)
    schools.delete(get_stores().archive, found)
    _note(account, found.name)
    return redirect(to(".overview"), 303)


@bp.post("/skoler/<int:number>/klasser")
@access.staff(Role.CONSULTANT)
def set_classes(account: Account, number: int) -> ResponseReturnValue:
    """The classes of a school, pasted or typed: "7.A 24" on each line."""
    found = _found(number)
    form = staff_forms.ClassesForm()
    if not form.validate():
        return _school(account, found, classes=form), 422
    schools.set_classes(get_stores().archive, found.name, form.wanted)
    _note(account, found.name, Action.CLASSES)
    return redirect(to(".school", number=number), 303)


# --- what they are made of ------------------------------------------------------------


def _this_year() -> int:
    return school_year.of(today().isoformat())


def _year() -> int:
    wanted = request.args.get("aar", "")
    if not wanted:
        return _this_year()
    if not re.fullmatch(r"20[0-9]{2}", wanted):
        abort(404)
    return int(wanted)


def _coverage(year: int, only: list[str] | None = None) -> Coverage | None:
    followed = plan()
    if followed is None:
        return None
    store = get_stores().archive
    return coverage.survey(
        followed,
        only or schools.names(store),
        # Also of own sets that were held and are retired by now.
        own_sets.topics(store)
        | {one.id: one.topic for one in question_sets().values()},
        schools.held(store, year),
        booked.of_year(store, year),
        schools.class_counts(store),
    )


def _found(number: int) -> School:
    return schools.get(get_stores().archive, number)


def _note(account: Account, touched: str, action: Action = Action.SCHOOLS) -> None:
    staff_log.add(get_stores().archive, now(), account.id, action, touched)


def _overview(form: staff_forms.SchoolsForm) -> str:
    store = get_stores().archive
    return render_template(
        "schools/overview.html",
        form=form,
        schools=schools.everything(store),
        counts=schools.class_counts(store),
    )


def _school(
    account: Account,
    found: School,
    *,
    name: staff_forms.SchoolNameForm | None = None,
    classes: staff_forms.ClassesForm | None = None,
) -> str:
    store = get_stores().archive
    seen = _coverage(_this_year(), [found.name])
    return render_template(
        "schools/school.html",
        school=found,
        cells=seen.of(found.name) if seen else [],
        name=name or staff_forms.school_name_form(found.name),
        classes=classes or staff_forms.classes_form(schools.classes(store, found.name)),
        titles={one.id: one.title for one in question_sets().values()},
        booking=booking_form.empty(school=found.name),
        planned=bookings.rows(
            account,
            [one for one in bookings.planned(None) if one.booking.school == found.name],
        ),
        month_name=month_name,
        month_names=curriculum.MONTHS,
        this_month=today().month,
        topic_names=curriculum.TOPIC_NAMES,
        marks=MARKS,
        year_name=school_year.name(_this_year()),
    )
