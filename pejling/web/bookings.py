"""Bookings: a set for a class, in a month of the school year."""

import re

from flask import Blueprint, redirect, request
from flask import url_for as to
from flask.typing import ResponseReturnValue

from pejling.domain import school_year
from pejling.domain.coverage import Booking
from pejling.domain.curriculum import SCHOOL_YEAR
from pejling.domain.sessions import LETTERS
from pejling.storage import bookings, schools
from pejling.storage.accounts import Account, Role
from pejling.storage.schools import School
from pejling.web import access, errors
from pejling.web.context import get_stores, question_sets, today

bp = Blueprint("bookings", __name__, url_prefix="/konsulent/skoler")


@bp.post("/<int:number>/planlaeg")
@access.staff(Role.CONSULTANT)
def book(account: Account, number: int) -> ResponseReturnValue:
    """Book a set for a class and a month."""
    store = get_stores().archive
    wanted = _wanted(schools.get(store, number))
    if wanted is None:
        return errors.page(errors.NO_SUCH_BOOKING)
    year = school_year.of(today().isoformat())
    bookings.book(store, wanted, year, account.id)
    return redirect(to("school_pages.school", number=number), 303)


@bp.post("/<int:number>/fortryd")
@access.staff(Role.CONSULTANT)
def unbook(account: Account, number: int) -> ResponseReturnValue:
    """Take a booking out."""
    store = get_stores().archive
    schools.get(store, number)
    booking = request.form.get("booking", "")
    if not re.fullmatch(r"[0-9]{1,9}", booking):
        return errors.page(errors.NO_SUCH_BOOKING)
    bookings.unbook(store, int(booking))
    return redirect(to("school_pages.school", number=number), 303)


def _wanted(found: School) -> Booking | None:
    """What the form asks for, where all of it is on offer."""
    set_id, _, grade = request.form.get("saet", "").rpartition("/")
    questions = question_sets().get(set_id)
    letter = request.form.get("letter", "")
    month = request.form.get("month", "")
    if (
        questions is None
        or grade not in map(str, questions.grades)
        or letter not in LETTERS
        or month not in map(str, SCHOOL_YEAR)
    ):
        return None
    return Booking(0, found.name, int(grade), letter, set_id, int(month))
