"""Letting the class in: how many are present, slips, a freed seat, all over again."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import sessions
from pejling.domain.sessions import Mode, Session, Stage
from pejling.output import qr
from pejling.storage import archive, ballot_box, closing, slips
from pejling.web import access, errors, staff_forms, teacher
from pejling.web.context import get_stores, now, public_url

bp = Blueprint("lobby", __name__, url_prefix="/laerer")


@bp.post("/<session_id>/forfra")
@access.own_session
def start_over(session: Session) -> ResponseReturnValue:
    """A new code and empty seats, before the first question."""
    if not _is_in_lobby(session, Mode.SCREEN, Mode.SLIPS):
        return errors.page(errors.CHANGED)
    # The archive first: of two remotes one wins there, and only that one empties seats.
    archive.new_codes(get_stores().archive, session, now())
    ballot_box.start_over(get_stores().ballots, session.id, session.present)
    return _back(session)


@bp.post("/<session_id>/til-stede")
@access.own_session
def resize(session: Session) -> ResponseReturnValue:
    """Another number of pupils in the room; not on paper, where it is printed."""
    if not _is_in_lobby(session, Mode.SCREEN, Mode.SLIPS):
        return errors.page(errors.CHANGED)
    form = staff_forms.present_form(session, sent=True)
    if not form.validate():
        return teacher.lead_page(session, present=form), 422
    try:
        closing.resize(get_stores(), session, int(form.present.data))
    except ballot_box.SessionFull:
        form.present.errors = ["Der er allerede flere med. Begynd forfra i stedet."]
        return teacher.lead_page(_now(session), present=form), 409
    _renew(session)
    return _back(session)


@bp.post("/<session_id>/plads")
@access.own_session
def free_seat(session: Session) -> ResponseReturnValue:
    """Let one more in, for a pupil whose device went dead; with a slip of its own."""
    if not _is_in_lobby(session, Mode.SCREEN, Mode.SLIPS):
        return errors.page(errors.CHANGED)
    stores = get_stores()
    # Claims the press: two clicks free one seat.
    archive.move(stores.archive, session, session, now())
    room = ballot_box.room(stores.ballots, session.id)
    given = (room.seats if room else 0) + slips.count(stores.ballots, session.id)
    # Where the number of pupils was raised, a seat has no slip yet: none is freed.
    if session.mode is not Mode.SLIPS or given >= session.present:
        try:
            ballot_box.free_seat(stores.ballots, session.id)
        except ballot_box.SessionFull:
            return errors.page(errors.NOT_FREED)
    if session.mode is Mode.SLIPS:
        one = slips.issue_one_more(stores.ballots, session.id)
        return _printed(session, [one], is_one=True)
    _renew(session)
    return _back(session)


@bp.post("/<session_id>/sedler")
@access.own_session
def issue_slips(session: Session) -> ResponseReturnValue:
    """A page of fresh slips to print; those printed before stop working."""
    if not _is_in_lobby(session, Mode.SLIPS):
        return errors.page(errors.CHANGED)
    # Claims the press: to load the page again is not to make other slips.
    archive.move(get_stores().archive, session, session, now())
    db = get_stores().ballots
    room = ballot_box.room(db, session.id)
    free = session.present - (room.seats if room else 0)
    return _printed(session, slips.issue(db, session.id, max(free, 0)))


def _is_in_lobby(session: Session, *modes: Mode) -> bool:
    """Whether a press from the lobby of such a session fits where the session is.

    :raises archive.SessionChanged: if the session has moved since it was drawn.
    """
    teacher.check_version(session)
    return session.stage is Stage.LOBBY and session.mode in modes


def _renew(session: Session) -> None:
    """A code that has stopped working would let nobody in: a new one, ten minutes."""
    if session.mode is Mode.SCREEN and not sessions.may_join(session, now()):
        archive.new_codes(get_stores().archive, _now(session), now())


def _now(session: Session) -> Session:
    return archive.session(get_stores().archive, session.id)


def _printed(
    session: Session, made: list[str], *, is_one: bool = False
) -> ResponseReturnValue:
    links = [f"{public_url()}/S/{slip}".upper() for slip in made]
    return render_template(
        "lobby/slips.html",
        session=session,
        slips=[(qr.draw(link), link) for link in links],
        is_one=is_one,
    )


def _back(session: Session) -> ResponseReturnValue:
    return redirect(url_for("teacher.lead", session_id=session.id), 303)
