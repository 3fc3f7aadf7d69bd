"""Two providers of sign-ins on this machine: a certified one, and one that lies."""

import base64
import hmac
import http.server
import json
import shutil
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwk, jws, jwt
from joserfc.jwk import RSAKey
from pages import CheckedClient
from room import Clock
from werkzeug.test import TestResponse

from pejling.app import create_app

HERE = Path(__file__).parent / "oidc"
BACK = "http://localhost/log-ind/faelles/retur"
CLIENT = "pejling"
SECRET = "a secret+of ours: %&~"

PEOPLE: dict[str, dict[str, Any]] = {
    "anna": {
        "roles": ["Laerer"],
        "name": "Anna Andersen",
        "email": "Anna@skole.dk",
        "email_verified": True,
        "skole": "åskolen",
    },
    "karl": {"roles": ["Konsulent", "Laerer"], "email": "karl@kommune.dk"},
    "bo": {"roles": ["Styregruppe"], "email": "bo@kommune.dk"},
    "elev": {"roles": ["Elev"], "name": "En Elev", "email": "elev@skole.dk"},
    "ingen": {"name": "Uden Rolle", "email": "ingen@skole.dk"},
}
"""Subject -> what the certified provider says of them."""

SETTINGS = {
    "PUBLIC_URL": "http://localhost",
    "OIDC_CLIENT_ID": CLIENT,
    "OIDC_CLIENT_SECRET": SECRET,
    "OIDC_TEACHER": "Laerer, Medarbejder",
    "OIDC_CONSULTANT": "Konsulent",
    "OIDC_BOARD": "Styregruppe",
    "OIDC_SCHOOL_CLAIM": "skole",
}


def app_with(folder: Path, clock: Clock, issuer: str, **settings: object) -> Flask:
    """The application with a provider set up."""
    app = create_app(
        folder,
        clock=clock,
        OIDC_ISSUER=issuer,
        **{**SETTINGS, **settings},
    )
    app.test_client_class = CheckedClient
    return app


# --- the certified one ----------------------------------------------------------------


@contextmanager
def certified(
    people: dict[str, dict[str, Any]], back: str = BACK, out: str = "http://localhost"
) -> Iterator[str]:
    """The issuer of a running oidc-provider (npm) that knows these people."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here to run a certified provider with")
    if not (HERE / "node_modules" / "oidc-provider").is_dir():
        pytest.fail("`make provider` installs the provider that this test needs")
    about = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [back],
        "post_logout_redirect_uris": [f"{out}/log-ind"],
    }
    with subprocess.Popen(
        [node, str(HERE / "provider.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            # Its pipe stays open: it ends with us, however we end.
            process.stdin.write(json.dumps({"client": about, "people": people}) + "\n")
            process.stdin.flush()
            issuer = process.stdout.readline().strip()
            assert issuer, "the provider did not start"
            yield issuer
        finally:
            process.kill()


class Visit:
    """A browser at the certified provider: its cookies, and every step one by one.

    :ivar pages: addresses it was at, in order.
    """

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar()),
            _Stay,
        )
        self.pages: list[str] = []

    def sign_in(self, address: str, who: str = "") -> str:
        """Where the provider sends the browser back to.

        :param who: is typed where it asks; "" for somebody who says no.
        """
        while not address.startswith("http://localhost"):
            self.pages.append(address)
            body = f"who={who}".encode() if "/who/" in address else None
            status, found = self._ask(address, body)
            assert found, f"{address}: {status}"
            address = urllib.parse.urljoin(address, found)
        return address

    def _ask(self, address: str, body: bytes | None) -> tuple[int, str]:
        """The status, and where it leads on to ("" where it does not)."""
        try:
            with self._opener.open(address, body, timeout=20) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as led:
            with led:
                return led.status, led.headers.get("Location", "")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def begin(browser: FlaskClient, query: str = "") -> str:
    """Where the button leads to."""
    answer = browser.get(f"/log-ind/faelles/{query}")
    assert answer.status_code == 303, answer.text
    return answer.location


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    """What the application answers to a browser that is sent back."""
    return browser.get(address.removeprefix("http://localhost"))


def sign_in(
    browser: FlaskClient, who: str, query: str = "", visit: Visit | None = None
) -> TestResponse:
    """The whole way there and back, as the certified provider leads it."""
    back = (visit or Visit()).sign_in(begin(browser, query), who)
    return come_back(browser, back)


# --- the one that lies ----------------------------------------------------------------

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)

Answer = tuple[int, bytes, dict[str, str]]


class Forged:
    """A provider that says what a test puts into it.

    :ivar answers: path -> body to answer with, a whole answer, or what makes it.
    :ivar asked: paths and bodies of all requests.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []
        self.nonce = ""
        forged = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("")

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self._answer(self.rfile.read(length).decode())

            def _answer(self, body: str) -> None:
                forged.asked.append((self.path, body))
                status, text, headers = forged.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self.answers = {
            "/.well-known/openid-configuration": self.document(),
            "/keys": {"keys": [KEY.as_dict(private=False)]},
            "/token": lambda: self.token(),
        }

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path, (404, b"", {}))
        if isinstance(found, Callable):
            found = found()
        if isinstance(found, tuple):
            return found
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        return 200, body, {"Content-Type": "application/json"}

    def document(self, **changes: object) -> dict[str, object]:
        """Its discovery document."""
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}

    def claims(self, **changes: object) -> dict[str, object]:
        """What a good token says; None leaves a claim out."""
        found = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "anna",
            "iat": int(NOW),
            "exp": int(NOW) + 60,
            "nonce": self.nonce,
            "roles": ["Laerer"],
            "name": "Anna",
            "email": "anna@skole.dk",
            "skole": "Åskolen",
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}

    def token(self, **changes: object) -> dict[str, object]:
        """A token signed as it should be."""
        return {
            "token_type": "Bearer",
            "access_token": "an-access-token",
            "id_token": signed(self.claims(**changes)),
        }

    def tell(self, id_token: str) -> None:
        """Answer with this token from now on."""
        self.answers["/token"] = {"token_type": "Bearer", "id_token": id_token}

    def way_back(self, browser: FlaskClient, query: str = "", **changes: str) -> str:
        """Begin, and the address that a browser would be sent back to.

        :param changes: of its query.
        """
        where = urllib.parse.urlsplit(begin(browser, query))
        asked = dict(urllib.parse.parse_qsl(where.query))
        self.nonce = asked["nonce"]
        back = {"code": "a-code", "state": asked["state"], **changes}
        return f"/log-ind/faelles/retur?{urllib.parse.urlencode(back)}"

    def serve(self) -> None:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def forged() -> Iterator[Forged]:
    """A lying provider, running."""
    provider = Forged()
    provider.serve()
    try:
        yield provider
    finally:
        provider.stop()


def signed(
    claims: dict[str, object], key: jwk.Key = KEY, alg: str = "RS256", **header: str
) -> str:
    """A token in compact form."""
    registry = jws.JWSRegistry(algorithms=[alg])
    return jwt.encode(
        {"alg": alg, "kid": "one", **header}, claims, key, registry=registry
    )


def shared(claims: dict[str, object], secret: bytes) -> str:
    """A token signed with a shared secret; by hand, as joserfc refuses a public key."""
    text = _unsigned(claims, "HS256")
    mac = hmac.new(secret, text, "sha256").digest()
    return b".".join((text, _encoded(mac))).decode()


def unsigned(claims: dict[str, object]) -> str:
    """A token that says that it needs no signature."""
    return _unsigned(claims, "none").decode() + "."


def _unsigned(claims: dict[str, object], alg: str) -> bytes:
    parts = ({"alg": alg, "kid": "one"}, claims)
    return b".".join(_encoded(json.dumps(one).encode()) for one in parts)


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
