"""The curriculum: which årgang meets what, in which month, with which set."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from pejling.domain import bookings, curriculum, help_lines, lesson, school_year
from pejling.domain.bookings import Planned, Progress
from pejling.domain.curriculum import COMMON, SCHOOL_YEAR, Plan
from pejling.domain.question_sets import Audience, QuestionSet
from pejling.domain.sessions import Session
from pejling.output import year_wheel
from pejling.storage import archive, kommune, own_sets
from pejling.storage.accounts import Account, Role
from pejling.web import access, booking_form
from pejling.web import bookings as planning
from pejling.web.booking_form import BookingForm
from pejling.web.context import (
    get_stores,
    library,
    own_help_lines,
    plan,
    question_sets,
    today,
)

bp = Blueprint("curriculum", __name__, url_prefix="/laerer")

READERS = (Role.TEACHER, Role.CONSULTANT)

SENSITIVITY = {"groen": "grøn", "gul": "gul", "roed": "rød"}


@bp.get("/aarsplan")
@access.staff(*READERS)
def page(account: Account) -> ResponseReturnValue:
    """The plan as a grid of årgange and themes, and as a year of twelve months."""
    followed = plan()
    shown = _asked_for() or followed
    month = today().month
    day = today().isoformat()
    months = school_year.months(school_year.of(day))
    found = planning.seen_by(account)
    booked = {
        month: planning.rows(account, some)
        for month, some in bookings.by_month(found).items()
    }
    return render_template(
        "curriculum/page.html",
        plan=shown,
        plans=library().plans,
        is_followed=shown is not None and followed is not None and shown == followed,
        may_choose=account.role is Role.CONSULTANT,
        sets=question_sets(),
        others=_outside(shown),
        months=SCHOOL_YEAR,
        month_names=curriculum.MONTHS,
        this_month=month,
        school_year=school_year.name(school_year.of(day)),
        iso_months=dict(zip(SCHOOL_YEAR, months, strict=True)),
        on_offer=bookings.on_offer(day),
        month_name=bookings.month_name,
        sees_all=planning.sees_all(account),
        booked=booked,
        marked=_marked(found, planning.sees_all(account)),
        later=[one for one in found if one.month not in months],
        wheel=year_wheel.draw(_busy(shown), month, _counted(months, booked))
        if shown
        else None,
        common=COMMON,
    )


def _asked_for() -> Plan | None:
    wanted = request.args.get("plan", "")
    if wanted and wanted not in library().plans:
        abort(404)
    return library().plans.get(wanted)


def _busy(shown: Plan) -> Mapping[int, int]:
    """Month -> how many courses and meetings it has."""
    return {month: len(shown.in_month(month)[0]) for month in SCHOOL_YEAR}


def _counted(
    months: Sequence[str], booked: Mapping[str, Sequence[object]]
) -> Mapping[int, int]:
    """Month -> how many bookings it has, of the months of a school year."""
    return {int(one[5:]): len(booked.get(one, ())) for one in months}


def _marked(
    found: Sequence[Planned], sees_all: bool
) -> Mapping[tuple[int, str], list[tuple[str, str]]]:
    """Årgang and set -> mark and words: class by class, or how many there are."""
    marked: dict[tuple[int, str], list[tuple[str, str]]] = {}
    counted: dict[tuple[int, str], Counter[Progress]] = {}
    for one in found:
        key = (one.booking.grade, one.booking.set_id)
        counted.setdefault(key, Counter())[one.progress] += 1
        month = bookings.month_name(one.month)
        words = f"{one.class_name} {one.progress.value}"
        known = one.progress in (Progress.HELD, Progress.NOW)
        words += "" if known else f", {month}"
        marked.setdefault(key, []).append((one.mark, words))
    if not sees_all:
        return marked
    return {
        key: [
            (bookings.MARKS[progress], f"{counts[progress]} {progress.value}")
            for progress in Progress
            if counts[progress]
        ]
        for key, counts in counted.items()
    }


def _outside(shown: Plan | None) -> list[QuestionSet]:
    """The sets that the plan does not name: they may be used all the same."""
    named = {one for course in shown.courses for one in course.set_ids} if shown else ()
    return [one for one in question_sets().values() if one.id not in named]


@bp.get("/saet/<set_id>")
@access.staff(*READERS)
def one_set(account: Account, set_id: str) -> ResponseReturnValue:
    """A set with its aims, items and prompts; from here a session is opened."""
    questions = _set(set_id)
    found = [one for one in planning.seen_by(account) if one.booking.set_id == set_id]
    return render_template(
        "curriculum/set.html",
        questions=questions,
        booking=_booking(account, questions),
        planned=planning.rows(account, found),
        month_name=bookings.month_name,
        grades=_grades(questions),
        for_parents=questions.audience is Audience.PARENTS,
        sensitivity=SENSITIVITY,
        guesses=_guesses(questions),
        topic_names=curriculum.TOPIC_NAMES,
        may_adapt=account.role is Role.CONSULTANT,
        is_own=questions.id in own_sets.topics(get_stores().archive),
        held=_held(account, questions),
    )


def _booking(account: Account, questions: QuestionSet) -> BookingForm | None:
    if not booking_form.may_be_booked(questions):
        return None
    return booking_form.empty(
        only=questions,
        grade=_grades(questions)[0],
        school=planning.usual_school(account),
        month=request.args.get("maaned", ""),
    )


def _held(account: Account, questions: QuestionSet) -> list[Session]:
    """The newest closed sessions with a set that this account may lead."""
    owner = None if account.role is Role.CONSULTANT else account.id
    recent = archive.sessions_of(get_stores().archive, owner, most=20)
    held = [one for one in recent if not one.is_open]
    return [one for one in held if one.questions.id == questions.id][:3]


def _grades(questions: QuestionSet) -> list[int]:
    """The årgange that may be opened, the one asked for in the address first."""
    wanted = request.args.get("aargang", type=int)
    return sorted(questions.grades, key=lambda one: (one != wanted, one))


def _guesses(questions: QuestionSet) -> list[str]:
    """The pupils' acts that parents guess at, where those sets are here."""
    return [
        question_sets()[set_id].triad(triad_id).act
        for set_id, triad_id in questions.parents_guess
        if set_id in question_sets()
        and triad_id in [one.id for one in question_sets()[set_id].triads]
    ]


@bp.get("/saet/<set_id>/vejledning")
@access.staff(*READERS)
def guide(account: Account, set_id: str) -> ResponseReturnValue:
    """The teacher's guide on two printed pages."""
    questions = _set(set_id)
    return render_template(
        "curriculum/guide.html",
        questions=questions,
        flow=lesson.flow(questions),
        for_parents=questions.audience is Audience.PARENTS,
        help_lines=help_lines.for_audience(own_help_lines(), questions.audience),
        contact=kommune.details(get_stores().archive).get("contact", ""),
        sensitivity=SENSITIVITY,
        guesses=_guesses(questions),
        sources=list(
            dict.fromkeys(f"{one.kommune}, {one.section}" for one in questions.sources)
        ),
    )


def _set(set_id: str) -> QuestionSet:
    found = question_sets().get(set_id)
    if found is None:
        abort(404)
    return found
