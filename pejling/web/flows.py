"""Sign-ins by the provider that are under way: one per browser, ten minutes, once.

What the way back needs lies in a cookie of its own, signed, and sent to these pages
only. It is Lax, because the provider sends the browser back from another site.
"""

import hmac
import secrets
import threading
from dataclasses import asdict, dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from pejling.web.context import is_https, now

COOKIE = "faelles"
FLOW_SECONDS = 10 * 60
"""How long somebody may take at the provider."""


class NoFlow(Exception):
    """No such sign-in was begun in the browser, or it has ended, or took too long."""


@dataclass(frozen=True)
class Flow:
    """A sign-in under way, as the cookie holds it.

    Nonce and verifier are worked out of the state with the server's key, so that they
    stand nowhere: who reads the cookie cannot redeem a code with it.

    :ivar target: where the way led to; "" for the own page.
    :ivar link: token of a one-time link that is being redeemed, or "".
    """

    state: str
    at: int
    target: str = ""
    link: str = ""

    def derived(self, what: str) -> str:
        """64 hexadecimal digits that only this server can tell from the state."""
        key = cast(bytes, current_app.config["SECRET_KEY"])
        return hmac.new(key, f"oidc {what} {self.state}".encode(), "sha256").hexdigest()


class Spent:
    """States that have come back: in memory, for as long as a sign-in may take."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, float] = {}

    def spend(self, state: str, at: float) -> bool:
        """Whether this state comes back for the first time."""
        with self._lock:
            self._at = {
                one: when
                for one, when in self._at.items()
                if abs(at - when) <= 2 * FLOW_SECONDS
            }
            is_first = state not in self._at
            self._at[state] = at
        return is_first


def init_app(app: Flask) -> None:
    """What has come back, per process."""
    app.extensions["flows"] = Spent()


def new(target: str, link: str) -> Flow:
    """A sign-in that begins now."""
    return Flow(secrets.token_hex(32), int(now()), target, link)


def ended() -> Flow:
    """The sign-in that this browser had begun; it ends here, however it goes.

    :raises NoFlow: if there is none, it is too old, or the state is not its own.
    """
    try:
        flow = Flow(**_signer().loads(request.cookies.get(COOKIE, "")))
    except (BadSignature, TypeError):
        raise NoFlow from None
    state = request.args.get("state", "")
    if not hmac.compare_digest(flow.state.encode(), state.encode()):
        raise NoFlow
    if not 0 <= now() - flow.at <= FLOW_SECONDS:
        raise NoFlow
    if not cast(Spent, current_app.extensions["flows"]).spend(state, now()):
        raise NoFlow
    return flow


def with_cookie(response: Response, flow: Flow | None) -> Response:
    """The answer, with the cookie of a sign-in, or without any."""
    response.set_cookie(
        COOKIE,
        _signer().dumps(asdict(flow)) if flow else "",
        max_age=FLOW_SECONDS if flow else 0,
        path=urlsplit(url_for("oidc.begin")).path,
        secure=is_https(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="faelles login")
