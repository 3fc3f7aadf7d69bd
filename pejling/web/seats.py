"""A pupil's browser: its cookie, its seat, and what its forms carry.

The cookie holds a session's id, a random token, and the language that was chosen where
it is not Danish; there is no other trace of a pupil in a browser. The language lies
nowhere else: in a class or a meeting a rare one could point at a family.
"""

import hashlib
import hmac
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for

from pejling.domain.respondent_words import is_language
from pejling.domain.sessions import Session
from pejling.storage import archive, ballot_box, slips
from pejling.storage.ballot_box import Seat
from pejling.web.context import get_stores, is_https


def init_app(app: Flask) -> None:
    """Give the browser its cookie with the answer."""
    app.after_request(_remember_browser)


def browser_token() -> str:
    """The random token of a pupil's browser; made when it is first needed."""
    if "browser" not in g:
        token = _cookie()[1]
        known = len(token) == 32 and all(char in "0123456789abcdef" for char in token)
        g.browser = token if known else ballot_box.new_token()
        g.browser_is_new = not known
    return cast(str, g.browser)


def has_cookie() -> bool:
    """Whether the browser sent our cookie with this request."""
    browser_token()
    return not g.browser_is_new


def language() -> str:
    """The language that this browser chose, "" where it chose none."""
    return _cookie()[2]


def speak(language: str) -> None:
    """Remember a language in this browser, with the seat that it is about to take."""
    g.language = language


def form_token() -> str:
    """What a pupil's form carries to show that it was ours: derived from the cookie.

    Derived and not stored, so that a page that has stood open for hours still works.
    """
    key = cast(bytes, current_app.config["SECRET_KEY"])
    text = b"form:" + browser_token().encode()
    return hmac.new(key, text, "sha256").hexdigest()[:32]


def take_seat(session: Session) -> Seat:
    """Seat this browser in a session, and remember which.

    :raises ballot_box.SessionFull: if all seats are taken.
    """
    seat = ballot_box.join(get_stores().ballots, session.id, browser_token())
    g.seated = session.id
    return seat


def take_seat_by_slip(session_id: str, slip: str) -> Seat:
    """Seat this browser in return for a slip, and remember where.

    The seat's token follows from the slip and the browser's old token: a press that is
    repeated because the reply was lost finds its seat, and on a shared screen each
    slip is a new pupil.

    :raises slips.SlipUsed: if the slip opens nothing.
    """
    key = f"{slip}:{browser_token()}".encode()
    token = hashlib.sha256(key).hexdigest()[:32]
    seat = slips.redeem(get_stores().ballots, session_id, slip, token)
    g.browser, g.seated = token, session_id
    return seat


def find_seat() -> tuple[Session, Seat]:
    """The session and seat of this browser.

    :raises ballot_box.NoSeat: without a cookie, with a forged one, or after the end.
    :raises archive.MissingSession: if the session is gone.
    """
    session_id = _cookie()[0]
    if not session_id or not has_cookie():
        raise ballot_box.NoSeat
    stores = get_stores()
    session = archive.session(stores.archive, session_id)
    if not session.is_open:
        raise ballot_box.SessionClosed
    return session, ballot_box.find_seat(stores.ballots, session_id, browser_token())


def find_seat_or(error: type[Exception]) -> tuple[Session, Seat]:
    """The session and seat of this browser, or another reason why it has none."""
    try:
        return find_seat()
    except (ballot_box.NoSeat, ballot_box.SessionClosed, archive.MissingSession):
        raise error from None


def facit_path(session: Session) -> str:
    """Where this class's phones read the facit that is on the projector.

    The seat is deleted when the session closes, so that the address is the proof: 128
    bits that all in the class share, worth nothing but what hangs on the wall.
    """
    return url_for("pupil.facit", session_id=session.id, proof=proof(session.id))


def proof(session_id: str) -> str:
    """What shows that an address was given to a pupil of this session."""
    key = cast(bytes, current_app.config["SECRET_KEY"])
    return hmac.new(key, b"facit:" + session_id.encode(), "sha256").hexdigest()[:32]


def leave_seat() -> None:
    """Let the next pupil on this device begin afresh."""
    g.forget_browser = True


def _cookie() -> tuple[str, str, str]:
    """Session, token and language; each "" where the cookie does not have it."""
    session_id, _, rest = request.cookies.get(_cookie_name(), "").partition(".")
    token, _, spoken = rest.partition(".")
    return session_id, token, spoken if is_language(spoken) else ""


def _cookie_name() -> str:
    # The prefix makes browsers refuse the cookie without encryption, so it can only
    # be worn where there is some: not on a teacher's laptop in the school's network.
    return "__Host-plads" if is_https() else "plads"


def _remember_browser(response: Any) -> Any:
    flags = {
        "secure": is_https(),
        "httponly": True,
        "samesite": "Strict",
        "path": "/",
    }
    if g.get("forget_browser"):
        response.delete_cookie(_cookie_name(), **flags)
    elif "seated" in g or g.get("browser_is_new"):
        value = f"{g.get('seated', '')}.{browser_token()}"
        if spoken := g.get("language", ""):
            value += f".{spoken}"
        response.set_cookie(_cookie_name(), value, **flags)
    return response
