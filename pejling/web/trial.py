"""Trying a set on oneself, as a pupil sees it; nothing is counted or kept."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import sessions
from pejling.domain.content.set_reader import thaw
from pejling.domain.question_sets import QuestionSet
from pejling.domain.respondent_words import DANISH, of_program
from pejling.domain.sessions import Pacing, Position, Session, Stage, Step
from pejling.storage import own_sets
from pejling.storage.accounts import Account, Role
from pejling.web import access, pupil, pupil_forms
from pejling.web.context import get_stores, question_sets

bp = Blueprint("trial", __name__)

PRESENT = 24
"""Pupils in the class that is imagined."""


@bp.get("/laerer/saet/<set_id>/proev")
@bp.get("/laerer/saet/<set_id>/proev/<triad_id>")
@access.staff(Role.TEACHER, Role.CONSULTANT)
def offered(account: Account, set_id: str, triad_id: str = "") -> ResponseReturnValue:
    """A triad of a set on offer."""
    return _step(_offered(set_id), triad_id)


@bp.post("/laerer/saet/<set_id>/proev/<triad_id>")
@access.staff(Role.TEACHER, Role.CONSULTANT)
def answer_offered(account: Account, set_id: str, triad_id: str) -> ResponseReturnValue:
    """Review it, go back, or on to the next."""
    return _answer(_offered(set_id), triad_id)


@bp.get("/konsulent/saet/<own_id>/proev")
@bp.get("/konsulent/saet/<own_id>/proev/<triad_id>")
@access.staff(Role.CONSULTANT)
def draft(account: Account, own_id: str, triad_id: str = "") -> ResponseReturnValue:
    """A triad of a draft, whatever the checker says of it."""
    return _step(_draft(own_id), triad_id)


@bp.post("/konsulent/saet/<own_id>/proev/<triad_id>")
@access.staff(Role.CONSULTANT)
def answer_draft(account: Account, own_id: str, triad_id: str) -> ResponseReturnValue:
    """Review it, go back, or on to the next."""
    return _answer(_draft(own_id), triad_id)


def _offered(set_id: str) -> QuestionSet:
    found = question_sets().get(set_id)
    if found is None:
        abort(404)
    return found


def _draft(set_id: str) -> QuestionSet:
    return thaw(own_sets.get(get_stores().archive, set_id).raw)


def _step(questions: QuestionSet, triad_id: str) -> ResponseReturnValue:
    session = _imagined(questions)
    form = _form(session, triad_id or sessions.screens(session)[0])
    return _asked(session, form)


def _answer(questions: QuestionSet, triad_id: str) -> ResponseReturnValue:
    session = _imagined(questions)
    form = _form(session, triad_id, is_sent=True)
    if not form.validate():
        return _asked(session, form), 422
    if form.trin.data == "ret":
        return _asked(session, form)
    if form.trin.data != "send":
        return pupil.reviewed(session, form, "trial/review.html", **_ways(questions))
    screens = sessions.screens(session)
    after = screens.index(form.triad.id) + 1
    if after == len(screens):
        return render_template(
            "trial/end.html", questions=questions, **_ways(questions)
        )
    return redirect(_address(questions.id, screens[after]), 303)


def _asked(session: Session, form: pupil_forms.TriadForm) -> str:
    ways = _ways(session.questions)
    return pupil.asked(session, form, "trial/triad.html", **ways)


def _form(
    session: Session, triad_id: str, *, is_sent: bool = False
) -> pupil_forms.TriadForm:
    if triad_id not in sessions.screens(session):
        abort(404)
    return pupil_forms.triad_form(
        session.asked(triad_id),
        session.present,
        None if is_sent else {"tema": triad_id},
        pupil_forms.TrialForm,
        spoken=of_program(DANISH, session.questions.audience),
    )


def _imagined(questions: QuestionSet) -> Session:
    """A session of a class that does not exist, with every triad of the set."""
    triads = tuple(one.id for one in questions.triads)
    if not triads:
        abort(404)
    return Session(
        id="",
        owner=0,
        school="",
        grade=min(questions.grades),
        letter="",
        questions=questions,
        triads=triads,
        present=PRESENT,
        pacing=Pacing.TOGETHER,
        day="",
        stage=Stage.ANSWERING,
        position=Position(triads[0], Step.QUESTION),
        opened=0,
        version=1,
        code="",
        join_secret="",
        wall_key="",
    )


def _ways(questions: QuestionSet) -> dict[str, str]:
    """Where the form is sent, and the way back to the set."""
    is_draft = request.endpoint in ("trial.draft", "trial.answer_draft")
    back = (
        url_for("set_editor.page", own_id=questions.id)
        if is_draft
        else url_for("curriculum.one_set", set_id=questions.id)
    )
    given = (request.view_args or {}).get("triad_id", "")
    first = sessions.screens(_imagined(questions))[0]
    return {
        "here": _address(questions.id, given or first),
        "again": _address(questions.id, first),
        "back": back,
    }


def _address(set_id: str, triad_id: str) -> str:
    """A triad's page, of the draft or of the set on offer as the request was."""
    if request.endpoint in ("trial.draft", "trial.answer_draft"):
        return url_for("trial.draft", own_id=set_id, triad_id=triad_id)
    return url_for("trial.offered", set_id=set_id, triad_id=triad_id)
