"""The teacher leads an open session: warm up, ask, close, reveal, take home."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pejling import compared, results
from pejling.domain import change_wording, findings, lesson, sessions, wording
from pejling.domain.disclosure import Omission
from pejling.domain.elsewhere import Reason
from pejling.domain.question_sets import HONESTY_ID, Triad
from pejling.domain.revealed import Result
from pejling.domain.room_words import ROOMS
from pejling.domain.sessions import (
    AGREEMENT,
    OVERVIEW,
    Mode,
    Pacing,
    Position,
    Session,
    Stage,
    Step,
)
from pejling.output import export
from pejling.results import Results
from pejling.storage import archive, ballot_box, closing, follow_ups, slips
from pejling.web import access, errors, follow_up, live, staff_forms
from pejling.web.context import get_stores, now, public_url, today

bp = Blueprint("teacher", __name__, url_prefix="/laerer")


# --- lead -----------------------------------------------------------------------------


@bp.get("/<session_id>")
@access.own_session
def lead(session: Session) -> ResponseReturnValue:
    """The private screen: where we are, what to press, what to say."""
    return lead_page(session)


def lead_page(
    session: Session,
    *,
    agreement: staff_forms.AgreementForm | None = None,
    present: staff_forms.PresentForm | None = None,
) -> str:
    """The private screen, with a form on it that could not be used, if there is one."""
    return render_template(
        "teacher/lead.html",
        agreement=agreement or _agreement_form(session),
        present=present or staff_forms.present_form(session),
        way=follow_up.way_of(session),
        **now_of(session),
    )


def now_of(session: Session) -> dict[str, Any]:
    """What the private screen and the remote are drawn from."""
    stores = get_stores()
    found = results.of_session(stores, session)
    room = ballot_box.room(stores.ballots, session.id)
    if room is None and session.is_open:
        # The disk was full when the session was opened; now there may be room for it.
        ballot_box.open_poll(stores.ballots, session.id, session.present)
    asked = sessions.last_asked(session)
    parts = lesson.flow_of(session)
    beside = compared.of(stores, found)
    current = found.item(session.position.item)
    return {
        "session": session,
        "on_remote": False,
        "results": found,
        "stage": session.stage,
        "seats": room.seats if room else 0,
        "progress": (
            wording.progress(
                ballot_box.progress(stores.ballots, session.id, asked),
                room.seats if room else 0,
            )
            if asked
            else ""
        ),
        "warm_up": results.of_warm_up(stores, session),
        "joinable": sessions.may_join(session, now()),
        "waits_until": sessions.waits_until(session),
        "slips": slips.count(stores.ballots, session.id),
        "current": current,
        "go_on": _go_on(session, current),
        "is_early": session.stage is Stage.ANSWERING
        and "mangler" in request.args
        and not _is_everyone_done(session),
        "asking": _asking(session),
        "shows_way_in": session.position.item == sessions.WAY_IN,
        "at_overview": session.position.item == OVERVIEW,
        "at_agreement": session.position.item == AGREEMENT,
        "parts": parts,
        "place": lesson.place(session, parts),
        "agreed": archive.agreement(stores.archive, session.id),
        "beside": beside,
        "said": change_wording,
        "position": session.position,
        "steps": _STEP_NAMES
        | (
            {Step.FIGURES: "Sidst og nu"}
            if beside and current and current.triad.id in beside.on_wall
            else {}
        ),
        "prompts": _prompts(session, found),
        "advice": wording.ADVICE,
        "branches": wording.BRANCH_NAMES,
        "omissions": wording.OMISSIONS,
        "words": wording,
        "not_enough": wording.NOT_ENOUGH,
        "wall": f"/tavle/{session.wall_key}",
        "join_url": f"{public_url()}/",
        "live_version": live.version_of(session, room),
    }


_STEP_NAMES = {
    Step.ASKED: "Klassen svarer",
    Step.QUESTION: "Spørgsmålet",
    Step.GUESSES: "Klassens gæt",
    Step.FACIT: "Facit",
    Step.SENTENCE: "Sætningen",
    Step.ELSEWHERE: "Andre steder",
    Step.FIGURES: "Figurerne",
}


def _go_on(session: Session, current: Result | None) -> tuple[str, str] | None:
    """The press that leads on from here, as view and words; None at the end."""
    if session.stage is Stage.LOBBY:
        if session.mode is Mode.PAPER:
            return None  # There the way on is a page of its own.
        skips = session.skips_warm_up
        return "warm_up", "Begynd spørgsmålene" if skips else "Begynd opvarmningen"
    if session.stage is Stage.WARM_UP:
        return "ask", "Videre til spørgsmålene"
    if session.stage is Stage.CLOSED:
        at_end = session.position.item == AGREEMENT
        return None if at_end else ("forward", "Næste på tavlen")
    asking = _asking(session)
    if asking is not None and asking.id == HONESTY_ID:
        return "close", "Luk for svar"
    if asking is not None or session.pacing is Pacing.TOGETHER or current is None:
        return "close", "Luk for svar, og se tallene"
    if current.hidden or session.position.step is current.steps[-1]:
        return "ask_next", "Næste spørgsmål"
    return "forward", "Næste trin"


def _asking(session: Session) -> Triad | None:
    if session.stage is Stage.ANSWERING and session.position.step is Step.ASKED:
        return session.asked(session.position.item)
    return None


def _prompts(session: Session, found: Results) -> list[str]:
    """What to talk about now: the finding's own prompt first, then those for all."""
    current = found.item(session.position.item)
    when = ""
    if current is not None and current.finding is not None:
        when = {
            findings.Branch.OVERESTIMATE: "overdrivelse",
            findings.Branch.AGREEMENT: "overensstemmelse",
            findings.Branch.MORE_THAN_THOUGHT: "flere_end_vi_troede",
        }.get(current.finding.branch, "")
    own = [one.text for one in session.questions.prompts if one.when == when]
    every = [one.text for one in session.questions.prompts if one.when == "alle"]
    return [*own, *every, *STANDARD_PROMPTS]


STANDARD_PROMPTS = (
    "Hvordan kan det være, at vi troede noget andet, end tallene viser?",
    "Hvad kan vi gøre, så vi ikke kommer til at tro forkert om hinanden?",
    "Hvad gør det ved os, når vi tror, at alle andre gør det?",
)


@bp.get("/<session_id>/stroem")
@access.own_session
def stream(session: Session) -> ResponseReturnValue:
    """Changes as they happen."""
    return live.stream(session.id)


@bp.post("/<session_id>/opvarmning")
@access.may_move
def warm_up(session: Session) -> ResponseReturnValue:
    """Begin with the neutral item."""
    begun = sessions.begin_today(session, now(), today().isoformat())
    return _move(session, lambda _: sessions.start_warm_up(begun))


@bp.post("/<session_id>/vis-koden")
@access.own_session
def way_in(session: Session) -> ResponseReturnValue:
    """Code and QR on the wall again during the warm-up; and back to it."""
    return _move(session, sessions.show_way_in)


@bp.post("/<session_id>/spoergsmaal")
@access.may_move
def ask(session: Session) -> ResponseReturnValue:
    """From the warm-up to the questions."""
    return _move(session, sessions.start_answering)


@bp.post("/<session_id>/luk")
@access.may_move
def close(session: Session) -> ResponseReturnValue:
    """No more answers. In ``trin``: to the triad on the phones.

    What is closed stays closed, so a press too early is asked about once.
    """
    if not _is_everyone_done(session) and "alligevel" not in request.form:
        check_version(session)
        return _back(session, is_early=True)
    if _asking(session) is not None:
        return _move(session, sessions.after_asking)
    return _move(session, sessions.close)


@bp.post("/<session_id>/naeste-spoergsmaal")
@access.may_move
def ask_next(session: Session) -> ResponseReturnValue:
    """In ``trin``: the next triad on the phones."""
    return _move(session, sessions.ask_next)


@bp.post("/<session_id>/slut")
@access.own_session
def finish(session: Session) -> ResponseReturnValue:
    """Close for good, whatever is still being asked."""
    return _move(session, sessions.close)


@bp.post("/<session_id>/frem")
@access.may_move
def forward(session: Session) -> ResponseReturnValue:
    """One step on: what a press of space on the projector does."""
    return _step(session, sessions.forward)


@bp.post("/<session_id>/tilbage")
@access.may_move
def backward(session: Session) -> ResponseReturnValue:
    """One step back."""
    return _step(session, sessions.back)


@bp.post("/<session_id>/gaa-til")
@access.own_session
def go_to(session: Session) -> ResponseReturnValue:
    """Straight to an item's question, or to the overview."""
    check_version(session)
    item = request.form.get("item", "")
    found = results.of_session(get_stores(), session)
    if session.stage is not Stage.CLOSED:
        return errors.page(errors.CHANGED)
    if item not in (OVERVIEW, AGREEMENT) and item not in found.walk:
        abort(400)
    return _store(session, replace(session, position=Position(item, Step.QUESTION)))


@bp.post("/<session_id>/vis")
@access.own_session
def show(session: Session) -> ResponseReturnValue:
    """Show a behaviour on the projector, or hold it back."""
    check_version(session)
    found = results.of_session(get_stores(), session).item(request.form.get("item", ""))
    if found is None or not found.can_show:
        abort(400)
    archive.choose(
        get_stores().archive,
        session.id,
        found.triad.id,
        request.form.get("vis") == "1",
    )
    return _back(session)


@bp.post("/<session_id>/andre-steder")
@access.own_session
def show_elsewhere(session: Session) -> ResponseReturnValue:
    """Show the figure from elsewhere beside a behaviour, or hold it back."""
    check_version(session)
    found = results.of_session(get_stores(), session).item(request.form.get("item", ""))
    beside = found.elsewhere if found else None
    if found is None or beside is None or beside.reason is Reason.STAFF_ONLY:
        abort(400)
    shown = request.form.get("vis") == "1"
    archive.choose_elsewhere(
        get_stores().archive, session.id, found.triad.id, beside.figure.mark, shown
    )
    return _back(session)


@bp.post("/<session_id>/udelad")
@access.own_session
def leave_out(session: Session) -> ResponseReturnValue:
    """Leave a behaviour out of everything, with a reason, or take it in again."""
    check_version(session)
    item, reason = request.form.get("item", ""), request.form.get("grund", "")
    found = results.of_session(get_stores(), session).item(item)
    is_warm_up = item == session.warm_up.id
    if found is None or (is_warm_up and not session.reveals_warm_up):
        abort(400)
    if reason and reason not in list(Omission):
        abort(400)
    archive.omit(
        get_stores().archive, session.id, item, Omission(reason) if reason else None
    )
    return _back(session)


@bp.post("/<session_id>/aftale")
@access.own_session
def agree(session: Session) -> ResponseReturnValue:
    """Keep what the class agrees on, and show it as the last screen."""
    if session.stage is not Stage.CLOSED:
        return errors.page(errors.CHANGED)
    form = _agreement_form(session, sent=True)
    if not form.validate():
        return lead_page(session, agreement=form), 422
    archive.agree(get_stores().archive, session.id, form.sentences)
    return _back(session)


def _agreement_form(
    session: Session, *, sent: bool = False
) -> staff_forms.AgreementForm:
    if sent:
        form = staff_forms.AgreementForm()
    else:
        agreed = "\n".join(_agreed(session))
        form = staff_forms.AgreementForm(formdata=None, data={"agreement": agreed})
    name = ROOMS[session.questions.audience].agreement
    form.agreement.label.text = f"{name}, en sætning på hver linje"
    return form


def _agreed(session: Session) -> tuple[str, ...]:
    """What is agreed; in a follow-up that has not said so yet, what it may keep."""
    db = get_stores().archive
    agreed = archive.agreement(db, session.id)
    first = follow_ups.first_of(db, session)
    return agreed or (archive.agreement(db, first.id) if first else ())


def check_version(session: Session) -> None:
    """Refuse a press on a screen that is behind.

    :raises archive.SessionChanged: if the session has moved since it was drawn.
    """
    if request.form.get("version") != str(session.version):
        raise archive.SessionChanged


def _move(session: Session, how: Callable[[Session], Session]) -> ResponseReturnValue:
    check_version(session)
    try:
        following = how(session)
    except sessions.NotAllowed:
        return errors.page(errors.CHANGED)
    closing.advance(get_stores(), session, following, now())
    return _back(session)


Walk = Callable[[Position, list[tuple[str, tuple[Step, ...]]], int], Position]


def _step(session: Session, walk: Walk) -> ResponseReturnValue:
    check_version(session)
    if _asking(session) is not None or session.stage in (Stage.LOBBY, Stage.WARM_UP):
        return _back(session)
    found = results.of_session(get_stores(), session)
    screens = sessions.overview_screens(len(found.order))
    if session.stage is Stage.CLOSED:
        position = walk(session.position, found.reveal, screens)
    elif session.pacing is Pacing.STEPWISE:
        position = _walk_one(session, found, walk)
    else:
        return _back(session)
    if position == session.position:
        return _back(session)
    return _store(session, replace(session, position=position))


def _walk_one(session: Session, found: Results, walk: Walk) -> Position:
    """In ``trin`` the steps of the item at hand, and no further."""
    current = found.item(session.position.item)
    if current is None or current.hidden:
        return session.position
    to = walk(session.position, [(current.triad.id, current.steps)], 1)
    return to if to.item == current.triad.id else session.position


def _store(session: Session, following: Session) -> ResponseReturnValue:
    archive.move(get_stores().archive, session, following, now())
    return _back(session)


def _back(session: Session, *, is_early: bool = False) -> ResponseReturnValue:
    page = "remote.page" if access.from_remote() else ".lead"
    asked = 1 if is_early else None
    return redirect(url_for(page, session_id=session.id, mangler=asked), 303)


def _is_everyone_done(session: Session) -> bool:
    """Whether all in the room have answered what is being asked, as the room knows."""
    db = get_stores().ballots
    asked, room = sessions.last_asked(session), ballot_box.room(db, session.id)
    if not asked or room is None:
        return True
    return 0 < room.seats <= ballot_box.progress(db, session.id, asked)


# --- take home ------------------------------------------------------------------------


@bp.get("/<session_id>/resultat.csv")
@access.own_session
def download(session: Session) -> ResponseReturnValue:
    """The session's coded result as CSV: for Danish Excel, or plain."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    plain = request.args.get("form") == "komma"
    found = results.of_session(get_stores(), session)
    beside = compared.of(get_stores(), found)
    body = export.csv(found, beside, plain=plain)
    name = f"pejling-{session.grade}{session.letter.lower()}-{session.day}"
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}{"-komma" if plain else ""}.csv"'
    )
    return response


@bp.get("/<session_id>/kodebog.csv")
@access.own_session
def codebook(session: Session) -> ResponseReturnValue:
    """What each column of the result means."""
    response = Response(export.codebook(), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        'attachment; filename="pejling-kodebog.csv"'
    )
    return response
