"""Letting the class in: how many are present, slips, a freed seat, all over again."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pejling.domain.sessions import Mode, Session, Stage
from pejling.output import qr
from pejling.storage import archive, ballot_box, slips
from pejling.web import access, errors, staff_forms, teacher
from pejling.web.context import get_stores, now, public_url

bp = Blueprint("lobby", __name__, url_prefix="/laerer")


@bp.post("/<session_id>/forfra")
@access.own_session
def start_over(session: Session) -> ResponseReturnValue:
    """A new code and empty seats, before the first question."""
    teacher.check_version(session)
    if session.stage is not Stage.LOBBY:
        return errors.page(errors.CHANGED)
    # The archive first: of two remotes one wins there, and only that one empties seats.
    archive.new_codes(get_stores().archive, session, now())
    ballot_box.start_over(get_stores().ballots, session.id, session.present)
    return _back(session)


@bp.post("/<session_id>/til-stede")
@access.own_session
def resize(session: Session) -> ResponseReturnValue:
    """Another number of pupils in the room; not on paper, where it is printed."""
    teacher.check_version(session)
    if session.stage is not Stage.LOBBY or session.mode is Mode.PAPER:
        return errors.page(errors.CHANGED)
    form = staff_forms.PresentForm()
    if not form.validate():
        return teacher.lead_page(session, present=form), 422
    stores, seats = get_stores(), int(form.present.data)
    # The archive first: it claims the press, and can be taken back.
    resized = archive.resize(stores.archive, session, seats)
    try:
        ballot_box.resize(stores.ballots, session.id, seats)
    except ballot_box.SessionFull:
        before = archive.resize(stores.archive, resized, session.present)
        form.present.errors = ["Der er allerede flere med. Begynd forfra i stedet."]
        return teacher.lead_page(before, present=form), 409
    return _back(session)


@bp.post("/<session_id>/plads")
@access.own_session
def free_seat(session: Session) -> ResponseReturnValue:
    """Let one more in, for a pupil whose device went dead; with a slip of its own."""
    teacher.check_version(session)
    if session.stage is not Stage.LOBBY or session.mode is Mode.PAPER:
        return errors.page(errors.CHANGED)
    stores = get_stores()
    # Claims the press: two clicks free one seat.
    archive.move(stores.archive, session, session, now())
    try:
        ballot_box.free_seat(stores.ballots, session.id)
    except ballot_box.SessionFull:
        return errors.page(errors.NOT_FREED)
    if session.mode is Mode.SLIPS:
        one = slips.issue_one_more(stores.ballots, session.id)
        return _printed(session, [one], is_one=True)
    return _back(session)


@bp.post("/<session_id>/sedler")
@access.own_session
def issue_slips(session: Session) -> ResponseReturnValue:
    """A page of fresh slips to print; those printed before stop working."""
    teacher.check_version(session)
    if session.stage is not Stage.LOBBY or session.mode is not Mode.SLIPS:
        return errors.page(errors.CHANGED)
    db = get_stores().ballots
    room = ballot_box.room(db, session.id)
    free = session.present - (room.seats if room else 0)
    return _printed(session, slips.issue(db, session.id, max(free, 0)))


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
