"""The pupil's way: code, promise, one triad per screen, review, send, thanks.

Works without script. Every screen follows from the session and the seat, so that a
reload or a lost connection leads to where the pupil was.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling import results
from pejling.domain import (
    help_lines,
    promises,
    pupils_answer,
    respondent_words,
    sessions,
    wording,
)
from pejling.domain.disclosure import Shown
from pejling.domain.help_lines import HelpLine
from pejling.domain.question_sets import HONESTY_ID, Role, Triad
from pejling.domain.respondent_words import DANISH, PAGES, Words
from pejling.domain.sessions import Session, Stage
from pejling.output import captions
from pejling.storage import archive, ballot_box, slips
from pejling.storage.ballot_box import Seat
from pejling.web import access, errors, headers, pupil_forms, seats, spoken, throttle
from pejling.web.context import get_stores, now, own_help_lines, today

bp = Blueprint("pupil", __name__)


@bp.get("/")
@access.public
def start() -> ResponseReturnValue:
    """One large field for the code."""
    headers.compress()
    return _start_page(pupil_forms.CodeForm())


@bp.post("/")
@access.public
def find() -> ResponseReturnValue:
    """From a typed code to the promise."""
    if (wait := throttle.code_wait()) > 0:
        return errors.page(errors.TOO_MANY, retry=ceil(wait))
    form = pupil_forms.CodeForm()
    if not form.validate():
        return _code_again(form, 422)
    try:
        session = archive.session_by_code(get_stores().archive, form.code)
    except archive.MissingSession:
        throttle.wrong_code()
        form.kode.errors = ["Vi kan ikke finde koden. Se på tavlen, og prøv igen."]
        return _code_again(form, 404)
    return redirect(url_for(".promise", secret=session.join_secret), 303)


def _code_again(form: pupil_forms.CodeForm, status: int) -> ResponseReturnValue:
    if form.is_foreign:
        return errors.page(
            errors.EXPIRED_FORM if seats.has_cookie() else errors.NO_COOKIE
        )
    return _start_page(form), status


def _start_page(form: pupil_forms.CodeForm) -> str:
    try:
        seats.find_seat()
    except (archive.MissingSession, ballot_box.NoSeat, ballot_box.SessionClosed):
        seated = False
    else:
        seated = True
    return render_template("pupil/start.html", form=form, seated=seated)


@bp.get("/Q/<secret>")
@access.public
def promise(secret: str) -> ResponseReturnValue:
    """How the answer is used, before the first question. Looking takes no seat."""
    session = archive.session_by_secret(get_stores().archive, secret.upper())
    if not sessions.may_join(session, now()) and not _is_seated(session):
        return errors.page(errors.LOCKED)
    return _promised(session, url_for(".join", secret=secret))


def _help_lines(session: Session) -> list[HelpLine]:
    """The kommune's own lines for those who answer."""
    return help_lines.for_audience(own_help_lines(), session.questions.audience)


def _promised(session: Session, join_url: str) -> str:
    """The page that says how the answer is used, with the button that joins."""
    headers.compress()
    return render_template(
        "pupil/promise.html",
        session=session,
        form=pupil_forms.PlainForm(),
        join_url=join_url,
        **spoken.promise_values(session),
        help_lines=_help_lines(session),
        promise=promises.of_page(PAGES[session.questions.audience]),
    )


@bp.post("/Q/<secret>")
@access.public
def join(secret: str) -> ResponseReturnValue:
    """Take a seat; pressing twice takes one."""
    session = archive.session_by_secret(get_stores().archive, secret.upper())
    if not seats.has_cookie():
        return errors.page(errors.NO_COOKIE)
    if not pupil_forms.PlainForm().validate():
        return errors.page(errors.EXPIRED_FORM)
    if not sessions.may_join(session, now()) and not _is_seated(session):
        return errors.page(errors.LOCKED)
    _speak()
    seats.take_seat(session)
    return redirect(url_for(".current"), 303)


def _speak() -> None:
    """Remember the language of the promise, in this browser only."""
    wanted = request.form.get("sprog", "")
    if respondent_words.is_language(wanted) and wanted != DANISH:
        seats.speak(wanted)


def _is_seated(session: Session) -> bool:
    try:
        ballot_box.find_seat(get_stores().ballots, session.id, seats.browser_token())
    except ballot_box.NoSeat:
        return False
    return True


@bp.get("/s/<slip>")  # typed by hand, where there is no camera
@bp.get("/S/<slip>")
@access.public
def slip_promise(slip: str) -> ResponseReturnValue:
    """The same page for who has drawn a slip. Looking uses nothing up."""
    stores = get_stores()
    try:
        session_id = slips.session_of(stores.ballots, slip.upper())
    except slips.SlipUsed:
        # Scanned again by the one who used it: back to where that pupil was.
        seats.find_seat_or(slips.SlipUsed)
        return redirect(url_for(".current"), 303)
    session = archive.session(stores.archive, session_id)
    return _promised(session, url_for(".slip_join", slip=slip))


@bp.post("/S/<slip>")
@access.public
def slip_join(slip: str) -> ResponseReturnValue:
    """Take a seat in return for the slip; pressing twice takes one."""
    if not seats.has_cookie():
        return errors.page(errors.NO_COOKIE)
    if not pupil_forms.PlainForm().validate():
        return errors.page(errors.EXPIRED_FORM)
    session_id = request.form.get("pejling", "")
    _speak()
    try:
        seats.take_seat_by_slip(session_id, slip.upper())
    except slips.SlipUsed:
        seated, _ = seats.find_seat_or(slips.SlipUsed)
        if seated.id != session_id:
            raise
    return redirect(url_for(".current"), 303)


@bp.get("/svar")
@access.seat_required
def current(session: Session, seat: Seat) -> ResponseReturnValue:
    """What this pupil is to do now: answer, wait, or go home."""
    triad = _next(session, seat)
    if triad is None:
        return _wait(session, seat)
    form = _form(session, triad, {"tema": triad.id})
    headers.compress()
    return asked(session, form)


def _form(
    session: Session, triad: Triad, answers: Mapping[str, str] | None = None
) -> pupil_forms.TriadForm:
    most = sessions.denominator(session, triad)
    words = spoken.of_seat(session)
    return pupil_forms.triad_form(triad, most, answers, spoken=words)


@bp.post("/svar")
@access.seat_required
def answer(session: Session, seat: Seat) -> ResponseReturnValue:
    """Review a triad's answers, go back to them, or send them."""
    try:
        triad = session.asked(request.form.get("tema", ""))
    except KeyError:
        return errors.page(errors.EXPIRED_FORM)
    form = _form(session, triad)
    valid = form.validate()
    if form.is_foreign:
        return errors.page(errors.EXPIRED_FORM)
    if triad.id in ballot_box.answered(get_stores().ballots, seat):
        # The thank-you was lost on the way: the same one again, and nothing counted.
        return redirect(url_for(".current"), 303)
    if triad.id not in sessions.open_triads(session):
        raise ballot_box.SessionClosed
    if not valid:
        return headers.same_size(asked(session, form)), 422
    if form.trin.data == "ret":
        return headers.same_size(asked(session, form))
    if form.trin.data == "send":
        return _send(session, seat, form)
    return headers.same_size(reviewed(session, form), form.shorter_by())


def _send(
    session: Session, seat: Seat, form: pupil_forms.TriadForm
) -> ResponseReturnValue:
    triad = form.triad
    # AlreadyAnswered: the browser sent twice at once, and one of the two is counted.
    with suppress(ballot_box.AlreadyAnswered):
        ballot_box.add_answers(
            get_stores().ballots,
            seat,
            triad.id,
            form.answers(),
            warm_up=triad.id == session.warm_up.id,
        )
    return redirect(url_for(".current"), 303)


@bp.get("/facit/<session_id>/<proof>")
@access.took_part
def facit(session: Session) -> ResponseReturnValue:
    """The facit on the projector, the same for all: the phone puts its guess beside.

    The guess stays on the phone (``facit.mjs``); nothing about it is asked or sent.
    """
    if session.day != today().isoformat():
        raise archive.MissingSession
    found = results.of_session(get_stores(), session)
    return jsonify(
        [
            {
                "id": one.triad.id,
                "topic": captions.topic(one),
                "present": one.present,
                "facit": wording.out_of(one.own),
            }
            for one in found.on_screen
            if isinstance(one.own, Shown)
        ]
    )


@bp.post("/faerdig")
@access.public
def leave() -> ResponseReturnValue:
    """Let the next pupil on this screen begin afresh."""
    if not pupil_forms.PlainForm().validate():
        return errors.page(errors.EXPIRED_FORM)
    seats.leave_seat()
    response = redirect(url_for(".start"), 303)
    # What the tab keeps goes with the answer, also where no script was there in time.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _next(session: Session, seat: Seat) -> Triad | None:
    return sessions.next_triad(session, _done(session, seat))


def _done(session: Session, seat: Seat) -> frozenset[str]:
    """Triads that this seat has answered, or that take no more answers."""
    db = get_stores().ballots
    return ballot_box.answered(db, seat) | ballot_box.full(db, session.id)


def asked(
    session: Session,
    form: pupil_forms.TriadForm,
    template: str = "pupil/triad.html",
    **more: Any,
) -> str:
    """The screen of one triad."""
    words = form.spoken
    return render_template(
        template,
        session=session,
        form=form,
        triad=form.triad,
        large=form.present > sessions.GRID_MAX,
        others=_stem(session, words, form.triad, Role.OTHERS),
        friends=_stem(session, words, form.triad, Role.FRIENDS),
        own=words.own(form.triad),
        as_if=_as_if(session, words, form.triad),
        # Danish words are explained in Danish.
        words=session.questions.explained(form.triad) if words.is_danish else (),
        **spoken.values(words),
        place=_place(session, form.triad),
        **more,
    )


def reviewed(
    session: Session,
    form: pupil_forms.TriadForm,
    template: str = "pupil/review.html",
    **more: Any,
) -> str:
    """The same answers once more, before they are sent."""
    said = form.spoken.said
    return render_template(
        template,
        session=session,
        form=form,
        triad=form.triad,
        words=[(role, said(f"navn_{role}"), words) for role, words in form.words()],
        **spoken.values(form.spoken),
        place=_place(session, form.triad),
        **more,
    )


def _stem(session: Session, words: Words, triad: Triad, role: Role) -> str | None:
    """The question without act and time, which stand above it on the screen."""
    if triad.item(role) is None:
        return None
    if triad.is_about_pupils:
        return words.said("spoerg_elever")
    return words.said(f"spoerg_{role}", aargang=session.grade)


def _as_if(session: Session, words: Words, triad: Triad) -> str:
    """What a guess that is not about those in the room is out of."""
    if triad.is_about_pupils:
        return words.said("som_om_elever", antal=pupils_answer.OF)
    return words.said("som_om", antal=session.present)


def _place(session: Session, triad: Triad) -> tuple[int, int]:
    ids = sessions.screens(session)
    return ids.index(triad.id) + 1, len(ids)


def _wait(session: Session, seat: Seat) -> ResponseReturnValue:
    done = _done(session, seat)
    finished = session.triads[-1] in done and HONESTY_ID in done
    lobby = session.stage is Stage.LOBBY
    # All that the page depends on: a phone that shows it already is told only that.
    state = f"{finished:d}{lobby:d}{bool(done):d}"
    if request.headers.get("If-None-Match") == state:
        return "", 304
    template = "pupil/thanks.html" if finished else "pupil/wait.html"
    words = spoken.of_seat(session)
    headers.compress()
    return render_template(
        template,
        session=session,
        form=pupil_forms.PlainForm(),
        lobby=lobby,
        state=state,
        done=bool(done),
        # What is on the projector is in Danish.
        facit=seats.facit_path(session) if done and words.is_danish else "",
        help_lines=_help_lines(session),
        **spoken.values(words),
        # Spread, so that a class does not knock in the same second.
        seconds=3 + secrets.randbelow(3),
    )
