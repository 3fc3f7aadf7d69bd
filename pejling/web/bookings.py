"""Bookings: a set for a class, in a month. Teachers see their own, a consultant all.

Their form and list stand on other pages too: a set's, a school's, the teacher's own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import bookings, school_year
from pejling.domain.bookings import Planned, Progress
from pejling.domain.coverage import Booking
from pejling.storage import bookings as store
from pejling.storage import schools
from pejling.storage.accounts import Account, Role
from pejling.web import access, booking_form
from pejling.web.booking_form import BookingForm
from pejling.web.context import get_stores, now, question_sets, today

bp = Blueprint("bookings", __name__, url_prefix="/laerer/planlaegning")

PLANNERS = (Role.TEACHER, Role.CONSULTANT)

TAKEN = (
    "En anden har planlagt det sæt for klassen i {}. Tal med SSP-konsulenten, der kan "
    "flytte det, eller vælg en anden klasse."
)


@bp.get("")
@access.staff(*PLANNERS)
def page(account: Account) -> ResponseReturnValue:
    """What is booked, month by month, and the form to book more."""
    form = booking_form.empty(month=_month(), school=usual_school(account))
    return _page(account, form)


@bp.post("")
@access.staff(*PLANNERS)
def book(account: Account) -> ResponseReturnValue:
    """Book a set for a class and a month."""
    form = booking_form.sent()
    if not form.validate():
        return _page(account, form), 422
    wanted = form.wanted(account.id)
    db = get_stores().archive
    try:
        made = store.book(db, wanted, now(), may_change_all=sees_all(account))
    except store.NotTheirs as error:
        taken = bookings.month_of(store.get(db, error.args[0]))
        form.letter.errors = [TAKEN.format(bookings.month_name(taken))]
        return _page(account, form), 422
    back = access.local_path(form.til.data)
    target = back or url_for(".page", maaned=form.month.data)
    return redirect(f"{target}#planlagt-{made.id}", 303)


@bp.post("/<int:number>/tag-ud")
@access.staff(*PLANNERS)
def unbook(account: Account, number: int) -> ResponseReturnValue:
    """Take a booking out: one's own, a consultant any."""
    db = get_stores().archive
    month = bookings.month_of(store.get(db, number))
    store.unbook(db, number, account.id, now(), may_change_all=sees_all(account))
    back = access.local_path(request.form.get("til"))
    return redirect(back or url_for(".page", maaned=month), 303)


# --- for other pages too --------------------------------------------------------------


def sees_all(account: Account) -> bool:
    """Whether the account sees and changes what others have booked."""
    return account.role is Role.CONSULTANT


def planned(account: int | None) -> list[Planned]:
    """What is booked for this school year and the next, by month.

    :param account: only what this one has booked; None for everybody's.
    """
    db = get_stores().archive
    day = today().isoformat()
    years = (school_year.of(day), school_year.of(day) + 1)
    found = [
        one
        for year in years
        for one in store.of_year(db, year)
        if account in (None, one.account)
    ]
    if not found:
        return []
    held = [one for year in years for one in schools.held(db, year)]
    return bookings.planned(found, held, schools.class_letters(db), day)


def seen_by(account: Account) -> list[Planned]:
    """What this account sees of what is booked."""
    return planned(None if sees_all(account) else account.id)


def opened_from(account: Account) -> Booking | None:
    """The booking that the address says a session is opened for, if one may see it."""
    number = request.args.get("planlagt", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    try:
        found = store.get(get_stores().archive, int(number))
    except store.MissingBooking:
        return None
    return found if sees_all(account) or found.account == account.id else None


@dataclass(frozen=True)
class Row:
    """A booking as it is listed.

    :ivar title: of the set; its id where the set is gone.
    :ivar opens: the address that opens a session for it; "" where it was held, or its
        set is gone.
    :ivar by: who booked it, for those who see what others book.
    """

    planned: Planned
    title: str
    opens: str
    by: str
    may_take_out: bool


def rows(account: Account, found: Iterable[Planned]) -> list[Row]:
    """Bookings as this account sees them listed."""
    return [_row(account, one) for one in found]


def _row(account: Account, one: Planned) -> Row:
    booking = one.booking
    questions = question_sets().get(booking.set_id)
    is_open = (
        questions is not None
        and booking.grade in questions.grades
        and one.progress is not Progress.HELD
    )
    return Row(
        one,
        questions.title if questions else booking.set_id,
        url_for(
            "opening.prepare",
            grade=booking.grade,
            set_id=booking.set_id,
            planlagt=booking.id,
        )
        if is_open
        else "",
        booking.email if sees_all(account) else "",
        sees_all(account) or booking.account == account.id,
    )


def usual_school(account: Account) -> str:
    """The school that one booked for last, "" where it was none."""
    mine = [one.booking for one in planned(account.id)]
    return max(mine, key=lambda one: one.id).school if mine else ""


# --- the page -------------------------------------------------------------------------


def _month() -> str:
    wanted = request.args.get("maaned", "")
    return wanted if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", wanted) else ""


def _page(account: Account, form: BookingForm) -> str:
    found = bookings.by_month(seen_by(account))
    this_month = today().isoformat()[:7]
    wanted = _month() or this_month
    shown = {wanted: found.get(wanted, [])} if sees_all(account) else found
    return render_template(
        "bookings/page.html",
        form=form,
        sees_all=sees_all(account),
        counts={month: len(some) for month, some in found.items()},
        shown={month: rows(account, some) for month, some in shown.items()},
        wanted=wanted,
        this_month=this_month,
        month_name=bookings.month_name,
    )
