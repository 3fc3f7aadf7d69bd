"""The teacher's own page, and the way to a new session: prepare, open."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from pejling.domain import elsewhere, selection
from pejling.domain import meeting as meetings
from pejling.domain.bookings import Progress, month_name
from pejling.domain.meeting import UnfitClasses
from pejling.domain.question_sets import Audience, QuestionSet, Sensitivity, Triad
from pejling.domain.room_words import ROOMS
from pejling.domain.selection import Breach
from pejling.domain.sessions import Kind, Mode, Pacing
from pejling.storage import (
    archive,
    ballot_box,
    deletion,
    figures,
    identities,
    kommune,
    schools,
)
from pejling.storage.accounts import Account, Role
from pejling.web import access, bookings, follow_up, meeting, staff_forms
from pejling.web.context import (
    PAGE_ROWS,
    get_stores,
    now,
    page_number,
    question_sets,
    today,
)

bp = Blueprint("opening", __name__, url_prefix="/laerer")

LEADERS = (Role.TEACHER, Role.CONSULTANT)


@bp.get("/")
@access.staff(*LEADERS)
def overview(account: Account) -> ResponseReturnValue:
    """Sessions of the teacher, the open ones first."""
    number = page_number()
    mine = archive.sessions_of(
        get_stores().archive,
        account.id,
        most=PAGE_ROWS + 1,
        skip=PAGE_ROWS * (number - 1),
    )
    has_more = len(mine) > PAGE_ROWS
    mine = mine[:PAGE_ROWS]
    return render_template(
        "teacher/overview.html",
        open=[one for one in mine if one.is_open],
        closed=[one for one in mine if not one.is_open],
        planned=bookings.rows(
            account,
            [
                one
                for one in bookings.planned(account.id)
                if one.progress is not Progress.HELD
            ],
        ),
        month_name=month_name,
        this_month=today().isoformat()[:7],
        number=number,
        has_more=has_more,
        to_follow=follow_up.due(account.id) if number == 1 else [],
    )


@bp.get("/ny/<int:grade>/<set_id>")
@access.staff(*LEADERS)
def prepare(account: Account, grade: int, set_id: str) -> ResponseReturnValue:
    """Items, school, class and pupils present."""
    questions = _set_for(grade, set_id)
    offered = _offered(questions, grade)
    return _prepare(questions, grade, _open_form(account, questions, grade, offered))


@bp.post("/ny/<int:grade>/<set_id>")
@access.staff(*LEADERS)
def open_session(account: Account, grade: int, set_id: str) -> ResponseReturnValue:
    """Open the session: on to its lobby."""
    questions = _set_for(grade, set_id)
    offered = _offered(questions, grade)
    form = _open_form(account, questions, grade, offered)
    breaches = selection.breaches(questions, form.items.data or (), offered)
    breaches += _too_few(questions, form)
    accepted = form.accepts(breaches)
    earlier = _earlier_run(questions, grade, form)
    replaces = not earlier or bool(form.replaces.data)
    if not form.validate() or not accepted or not replaces:
        return _prepare(questions, grade, form, breaches, earlier), 422
    try:
        classes, guesses = _guesses(account, questions, grade, form)
    except UnfitClasses as unfit:
        form.classes.errors = [str(unfit)]
        return _prepare(questions, grade, form, breaches, earlier), 422
    mode = Mode(form.mode.data)
    asked = meetings.with_guesses(questions, guesses, len(classes))
    chosen = [one.id for one in selection.arrange(questions, form.items.data)]
    session = archive.open_session(
        get_stores().archive,
        archive.NewSession(
            owner=account.id,
            school=form.school.data,
            grade=grade,
            letter=form.letter.data,
            questions=asked,
            triads=(*chosen, *(one.id for one in asked.triads if one.is_about_pupils)),
            present=int(form.present.data),
            # A ballot is filled in from top to bottom, so there are no steps.
            pacing=Pacing.TOGETHER if mode is Mode.PAPER else Pacing(form.pacing.data),
            day=today().isoformat(),
            mode=mode,
            kind=_kind(questions),
            linked=tuple(classes),
        ),
        now(),
    )
    ballot_box.open_poll(get_stores().ballots, session.id, session.present)
    return redirect(url_for("teacher.lead", session_id=session.id), 303)


def _guesses(
    account: Account, questions: QuestionSet, grade: int, form: staff_forms.OpenForm
) -> tuple[list[str], list[tuple[str, Triad]]]:
    """Ids of the classes that parents guess at, and what they guess.

    :raises UnfitClasses: if it cannot be asked together.
    """
    wanted = form.classes.data or []
    if questions.audience is not Audience.PARENTS or not wanted:
        return [], []
    known = {one.id: one for one in meeting.offered(account, grade)}
    if any(one not in known for one in wanted):
        raise UnfitClasses("Klassen viser ikke noget mere. Vælg igen.")
    if form.mode.data == Mode.PAPER.value:
        raise UnfitClasses("Elevernes svar gættes kun på skærm. Vælg en anden måde.")
    released = [meeting.released(known[one]) for one in wanted]
    return wanted, meetings.guessed(questions, form.school.data, released)


def _kind(questions: QuestionSet) -> Kind:
    is_meeting = questions.audience is Audience.PARENTS
    return Kind.PARENTS if is_meeting else Kind.CLASS


def _too_few(questions: QuestionSet, form: staff_forms.OpenForm) -> list[Breach]:
    typed = (form.present.data or "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        return []  # the field itself says what is wrong
    chosen = selection.arrange(questions, form.items.data or ())
    return selection.too_few(chosen, int(typed))


def _earlier_run(questions: QuestionSet, grade: int, form: staff_forms.OpenForm) -> str:
    """The day of the run that this one would replace, "" where there is none."""
    return deletion.earlier_run(
        get_stores().archive,
        *(form.school.data or "", grade, form.letter.data or "", questions.id),
        today().isoformat(),
    )


def _set_for(grade: int, set_id: str) -> QuestionSet:
    questions = question_sets().get(set_id)
    if questions is None or grade not in questions.grades:
        abort(404)
    return questions


def _offered(questions: QuestionSet, grade: int) -> list[Triad]:
    """Triads to choose among.

    Without a figure beside it a roed guess would stay uncorrected, so it is not asked
    (docs/method.md). Whether one has done it oneself is asked in youth education only,
    where the kommune has decided so: the class's own number is then the answer.
    """
    store = get_stores().archive
    known = elsewhere.in_reach(
        figures.known(store, {triad.indicator for triad in questions.triads}),
        kommune.details(store).get("name", ""),
    )
    own_roed = selection.may_ask_own_roed(
        questions, grade, opted_in=kommune.opt_in(store) is not None
    )

    def is_offered(triad: Triad) -> bool:
        if triad.is_warm_up:
            return False
        if triad.sensitivity is not Sensitivity.RED:
            return True
        if triad.asks_own_act:
            return own_roed
        return elsewhere.choose(triad, grade, today().year, known) is not None

    return [triad for triad in questions.triads if is_offered(triad)]


def _open_form(
    account: Account, questions: QuestionSet, grade: int, offered: list[Triad]
) -> staff_forms.OpenForm:
    store = get_stores().archive
    who = identities.of(store, account.id)
    form = staff_forms.open_form(
        questions, offered, schools.names(store), who.school if who else ""
    )
    _offer_classes(account, form, questions, grade)
    booking = bookings.opened_from(account)
    if booking is not None and not form.is_submitted():
        form.school.data, form.letter.data = booking.school, booking.letter
    return form


def _offer_classes(
    account: Account, form: staff_forms.OpenForm, questions: QuestionSet, grade: int
) -> None:
    """Classes whose answers parents may guess; one that was come from is ticked."""
    is_meeting = questions.audience is Audience.PARENTS
    known = meeting.offered(account, grade) if is_meeting else []
    form.classes.choices = [
        SelectChoice(value=one.id, label=meeting.label(one)) for one in known
    ]
    come_from = next((o for o in known if o.id == request.args.get("klasse")), None)
    if come_from is not None and not form.is_submitted():
        form.classes.data = [come_from.id]
        form.school.data, form.letter.data = come_from.school, come_from.letter


def _prepare(
    questions: QuestionSet,
    grade: int,
    form: staff_forms.OpenForm,
    breaches: Sequence[Breach] = (),
    earlier: str = "",
) -> str:
    offered = {triad.id for triad in _offered(questions, grade)}
    return render_template(
        "teacher/prepare.html",
        questions=questions,
        room=ROOMS[questions.audience],
        grade=grade,
        form=form,
        breaches=breaches,
        earlier=earlier,
        is_final=any(one.is_final for one in breaches),
        arranged=selection.arrange(questions, form.items.data or ()),
        triads={triad.id: triad for triad in questions.triads},
        warm_up=questions.triads[0],
        own_roed={one.id for one in questions.triads if selection.asks_own_roed(one)},
        least_own_roed=selection.LEAST_OWN_ROED,
        left_out=[
            triad
            for triad in questions.triads
            if not triad.is_warm_up and triad.id not in offered
        ],
    )
