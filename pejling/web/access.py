"""Who may call a view: declared above it, and refused where nothing is declared."""

import hmac
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from pejling.domain.sessions import Session
from pejling.storage import accounts, archive, class_pages, remotes, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action
from pejling.web import errors, seats, throttle
from pejling.web.context import get_stores, now, today

View = TypeVar("View", bound=Callable[..., Any])

FIRST_STEP_SECONDS = 5 * 60
"""How long the second step of a sign-in waits."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Refuse what is not declared, and what another site sends."""
    app.before_request(_refuse_undeclared)
    app.before_request(_refuse_other_origins)
    app.before_request(_refuse_files)


# --- declarations ---------------------------------------------------------------------


def public(view: View) -> View:
    """Anybody: start page, sign-in, static files."""
    return _declare(view, "public")


def wall(view: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever has the projector's address: 128 random bits that show what is shown."""

    @wraps(view)
    def checked(key: str, **values: Any) -> ResponseReturnValue:
        session = archive.session_by_wall(get_stores().archive, key)
        return cast(ResponseReturnValue, view(session, **values))

    return _declare(checked, "wall")


def took_part(view: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever has the address that :func:`seats.facit_path` gave to a pupil."""

    @wraps(view)
    def checked(session_id: str, proof: str, **values: Any) -> ResponseReturnValue:
        if not hmac.compare_digest(proof.encode(), seats.proof(session_id).encode()):
            raise archive.MissingSession
        session = archive.session(get_stores().archive, session_id)
        return cast(ResponseReturnValue, view(session, **values))

    return _declare(checked, "took_part")


def class_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever has the link to a class's page; the view gets the session and the page.

    A link that has ended and one that there never was get the same reply, and both are
    counted as guesses. The right one is never held up, as the QR is not: a school has
    one address, and a class opens its page at once.
    """

    @wraps(view)
    def checked(page_key: str, **values: Any) -> ResponseReturnValue:
        store = get_stores().archive
        try:
            day = today().isoformat()
            page = class_pages.by_token(store, page_key.upper(), day)
        except class_pages.NoPage:
            if (wait := throttle.link_wait()) > 0:
                return errors.page(errors.TOO_MANY_LINKS, retry=ceil(wait))
            throttle.wrong_link()
            raise
        session = archive.session(store, page.session)
        return cast(ResponseReturnValue, view(session, page, **values))

    return _declare(checked, "class page")


def seat_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """A pupil with a seat; the view gets the session and the seat."""

    @wraps(view)
    def checked(**values: Any) -> ResponseReturnValue:
        session, seat = seats.find_seat()
        if (wait := throttle.seat_wait(seat.token_hash)) > 0:
            return errors.page(errors.TOO_FAST, retry=ceil(wait))
        return cast(ResponseReturnValue, view(session, seat, **values))

    return _declare(checked, "seat")


def staff(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Signed-in staff of one of these roles; the view gets the account."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(**values: Any) -> ResponseReturnValue:
            account = signed_in()
            if account is None:
                return _to_sign_in()
            if account.role not in roles:
                abort(403)
            return cast(ResponseReturnValue, view(account, **values))

        return _declare(checked, "staff", roles)

    return declare


def own_session(view: Callable[..., Any]) -> Callable[..., Any]:
    """Its teacher, or a consultant; the view gets the session."""

    @wraps(view)
    def checked(session_id: str, **values: Any) -> ResponseReturnValue:
        account = signed_in()
        if account is None:
            return _to_sign_in()
        session = archive.session(get_stores().archive, session_id)
        if not may_lead(account, session):
            abort(403)
        return cast(ResponseReturnValue, view(session, **values))

    return _declare(checked, "own session", (Role.TEACHER, Role.CONSULTANT))


def may_move(view: Callable[..., Any]) -> Callable[..., Any]:
    """Who may lead the session, or a phone that was made its remote."""

    @wraps(view)
    def checked(session_id: str, **values: Any) -> ResponseReturnValue:
        account = signed_in()
        moved = is_remote(session_id)
        if account is None and not moved:
            if "remote" in cookie:
                raise remotes.NotARemote
            return _to_sign_in()
        session = archive.session(get_stores().archive, session_id)
        if not moved and not may_lead(account, session):
            abort(403)
        try:
            return cast(ResponseReturnValue, view(session, **values))
        except archive.SessionChanged:
            if not from_remote():
                raise
            # Pressed twice, or the computer was first: show where the class is.
            return redirect(url_for("remote.page", session_id=session_id), 303)

    return _declare(checked, "may move", (Role.TEACHER, Role.CONSULTANT))


def is_remote(session_id: str) -> bool:
    """Whether this browser was made the remote of a session."""
    token = cookie.get("remote", "")
    db = get_stores().archive
    return bool(token) and remotes.session_of(db, token, now()) == session_id


def from_remote() -> bool:
    """Whether the press came from the remote's page, whoever is signed in there."""
    return request.form.get("fra") == "fjern"


def start_remote(token: str) -> None:
    """Make this browser the remote that a token stands for."""
    cookie["remote"] = token


def may_lead(account: Account | None, session: Session) -> bool:
    """Whether this account may see and move a session."""
    if account is None or account.role is Role.BOARD:
        return False
    return account.role is Role.CONSULTANT or account.id == session.owner


def with_file(view: View) -> View:
    """A view that a file may be sent to; all others are sent text only."""
    view.takes_file = True  # type: ignore[attr-defined] # read by the guard
    return view


def _declare(view: View, level: str, roles: tuple[Role, ...] = ()) -> View:
    view.access = (level, roles)  # type: ignore[attr-defined] # read by the guard
    return view


# --- staff ----------------------------------------------------------------------------


def signed_in() -> Account | None:
    """The account that this browser is signed in to."""
    if "account" not in g:
        token = cookie.get("staff", "")
        stores = get_stores()
        g.account = accounts.signed_in(stores.archive, token, now()) if token else None
    return cast(Account | None, g.account)


def start_browser(account: Account, how: Action = Action.SIGN_IN) -> None:
    """Sign this browser in, under a new cookie, and note it."""
    store = get_stores().archive
    cookie.clear()
    cookie["staff"] = accounts.sign_in(store, account, now())
    staff_log.add(store, now(), account.id, how, account.email)
    g.account = account


def remember_first_step(account: Account, target: str) -> None:
    """Remember for five minutes whose password was right, in the signed cookie."""
    cookie.clear()
    cookie["first_step"] = [account.id, int(now()), target]


def first_step() -> tuple[Account, str] | None:
    """Whose password was right in this browser, and where the way led to."""
    number, at, target = cookie.get("first_step") or (0, 0, "")
    if not number or not 0 <= now() - at <= FIRST_STEP_SECONDS:
        return None
    try:
        account = accounts.get(get_stores().archive, number)
    except LookupError:
        return None
    return (account, target) if account.is_active else None


def end_browser() -> None:
    """Sign this browser out, on the server too."""
    if token := cookie.get("staff"):
        accounts.sign_out(get_stores().archive, token)
    cookie.clear()
    g.account = None


def local_path(target: str | None) -> str | None:
    """A path on this host, or None for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(char in target for char in "\\\r\n\t") or not target.isprintable():
        return None
    return target


def _to_sign_in() -> ResponseReturnValue:
    if request.method in SAFE_METHODS:
        return redirect(url_for("auth.sign_in", til=request.path), 303)
    return redirect(url_for("auth.sign_in"), 303)


# --- before every request -------------------------------------------------------------


def _refuse_undeclared() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "access"):
        abort(403)


def _refuse_other_origins() -> None:
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    # "null" comes from privacy extensions and sandboxed frames; the form token decides.
    if origin and origin != "null" and _host_of(origin) != request.host:
        abort(403)


def _refuse_files() -> None:
    """A file in place of a typed text would reach a form as something else."""
    if request.endpoint is None or request.method in SAFE_METHODS:
        return
    view = current_app.view_functions[request.endpoint]
    if request.files and not getattr(view, "takes_file", False):
        abort(400)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
