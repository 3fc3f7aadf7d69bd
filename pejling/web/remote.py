"""The remote: the teacher's own phone moves the session, after a QR that works once."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pejling.domain.sessions import Session
from pejling.output import qr
from pejling.storage import archive, remotes
from pejling.web import access, live, staff_forms, teacher
from pejling.web.context import get_stores, now, public_url

bp = Blueprint("remote", __name__)


@bp.post("/laerer/<session_id>/fjernbetjening")
@access.own_session
def invite(session: Session) -> ResponseReturnValue:
    """Show a QR for the teacher's phone; each press makes a new one."""
    stores = get_stores()
    token = remotes.invite(stores.archive, session.id, now())
    link = f"{public_url()}/F/{token}".upper()
    return render_template(
        "remote/invite.html",
        session=session,
        picture=qr.draw(link, "QR-kode til fjernbetjeningen"),
        phones=remotes.count(stores.archive, session.id, now()),
        minutes=remotes.INVITATION_SECONDS // 60,
    )


@bp.post("/laerer/<session_id>/fjernbetjening/slut")
@access.own_session
def end(session: Session) -> ResponseReturnValue:
    """Let no phone move the session."""
    remotes.end_all(get_stores().archive, session.id)
    return redirect(url_for("teacher.lead", session_id=session.id), 303)


@bp.get("/F/<token>")
@access.public
def ask(token: str) -> ResponseReturnValue:
    """One button: a program that only looks at the address uses nothing up."""
    stores = get_stores()
    session_id = remotes.invited(stores.archive, token.upper(), now())
    return render_template(
        "remote/accept.html",
        session=archive.session(stores.archive, session_id),
        form=staff_forms.StaffForm(),
        token=token,
    )


@bp.post("/F/<token>")
@access.public
def accept(token: str) -> ResponseReturnValue:
    """Make this phone the remote."""
    stores = get_stores()
    phone = remotes.accept(stores.archive, token.upper(), now())
    access.start_remote(phone)
    session_id = remotes.session_of(stores.archive, phone, now())
    return redirect(url_for(".page", session_id=session_id), 303)


@bp.get("/fjern/<session_id>")
@access.may_move
def page(session: Session) -> ResponseReturnValue:
    """One large button, what it does, and what to talk about."""
    return render_template(
        "remote/page.html", **(teacher.now_of(session) | {"on_remote": True})
    )


@bp.get("/fjern/<session_id>/stroem")
@access.may_move
def stream(session: Session) -> ResponseReturnValue:
    """Changes as they happen."""
    return live.stream(session.id)
