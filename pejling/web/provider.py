"""The OpenID provider that staff sign in with: where to, and who has come back.

Authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700).
The protocol is Authlib's and joserfc's, imported when somebody signs in so and not
before; time, size and address of each request are ours (:mod:`pejling.web.fetching`).
Nothing that the provider sends is kept but its own addresses and keys, in memory.
"""

import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from pejling.config import is_safe
from pejling.web.fetching import Nonsense, Reply, Unreachable, fetch

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures that are believed: with a key that only the provider has. Not "none", and
no HMAC, whose key we share."""

KEY_TYPES = ("RSA", "EC", "OKP")

SKEW_SECONDS = 5 * 60
"""How far the provider's clock may be from ours."""

KEPT_SECONDS = 60 * 60
"""How long addresses and keys are kept before they are asked for again."""

KEYS_AGAIN_SECONDS = 60
"""A token with an unknown key asks for the keys anew, at most this often."""


class NotBelieved(Exception):
    """A code or a token that is not accepted; the message says what, not its value."""


@dataclass(frozen=True)
class Registration:
    """What was agreed with the provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid"
    acr: str = ""


class Provider:
    """One provider, with its addresses and keys as long as they are fresh."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def address(
        self, state: str, nonce: str, verifier: str, back: str, now: float
    ) -> str:
        """Where to send the browser.

        :param state: comes back as it is; ``nonce`` comes back inside the token.
        :param verifier: is shown with the code; only its hash goes along now.
        :param back: our address that the browser is to come back to.
        :raises Unreachable: if the provider does not answer.
        :raises Nonsense: if its document cannot be used.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        about = self.registration
        return str(
            prepare_grant_uri(
                self._metadata(now)["authorization_endpoint"],
                about.client_id,
                "code",
                redirect_uri=back,
                scope=about.scope,
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
                acr_values=about.acr or None,
            )
        )

    def check_sender(self, issuer: str, now: float) -> None:
        """Make sure that an answer comes from this provider (RFC 9207).

        :param issuer: as the answer says it; "" where it says none.
        :raises NotBelieved: if it is another's, or missing though it was promised.
        """
        promised = self._metadata(now).get(
            "authorization_response_iss_parameter_supported"
        )
        if issuer != self.registration.issuer and (issuer or promised is True):
            raise NotBelieved("iss of the answer")

    def claims(
        self,
        code: str,
        nonce: str,
        verifier: str,
        back: str,
        now: float,
        wanted: set[str],
    ) -> dict[str, Any]:
        """Who has come back with a code: claims whose signature and times are checked.

        :param wanted: claims that the userinfo endpoint is asked for, where the token
            lacks any of them.
        :raises NotBelieved: if the code or the token is not accepted.
        :raises Unreachable: if the provider does not answer.
        :raises Nonsense: if its answer is none.
        """
        token = self._token(code, verifier, back, now)
        claims = self._id_token(token, nonce, now)
        endpoint = self._metadata(now).get("userinfo_endpoint")
        access = token.get("access_token")
        if endpoint and isinstance(access, str) and not wanted <= claims.keys():
            claims = self._userinfo(endpoint, access, claims["sub"]) | claims
        return claims

    def end_address(self, back: str, now: float) -> str | None:
        """Where one signs out at the provider too, or None (RP-Initiated Logout 1.0).

        :param back: our address to come back to.
        :raises Unreachable: if the provider does not answer.
        :raises Nonsense: if its document cannot be used.
        """
        endpoint = self._metadata(now).get("end_session_endpoint")
        if not endpoint:
            return None
        query = {
            "client_id": self.registration.client_id,
            "post_logout_redirect_uri": back,
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    # --- addresses and keys -----------------------------------------------------------

    def _metadata(self, now: float) -> dict[str, Any]:
        """The provider's own document (OpenID Connect Discovery 1.0, section 4)."""
        issuer = self.registration.issuer
        found = self._fresh("metadata", now, KEPT_SECONDS)
        if found is None:
            url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _document(fetch(url))
            check_metadata(found, issuer)
            self._keep("metadata", now, found)
        return found

    def _keys(self, now: float, again: bool = False) -> dict[str, Any]:
        found = self._fresh("keys", now, KEYS_AGAIN_SECONDS if again else KEPT_SECONDS)
        if found is None:
            found = _document(fetch(self._metadata(now)["jwks_uri"]))
            self._keep("keys", now, found)
        return found

    def _fresh(self, what: str, now: float, seconds: float) -> dict[str, Any] | None:
        with self._lock:
            at, found = self._kept.get(what, (0.0, {}))
        # A clock that was set back makes nothing young again.
        return found if found and 0 <= now - at < seconds else None

    def _keep(self, what: str, now: float, found: dict[str, Any]) -> None:
        with self._lock:
            self._kept[what] = (now, found)

    # --- tokens -----------------------------------------------------------------------

    def _token(
        self, code: str, verifier: str, back: str, now: float
    ) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError
        from authlib.oauth2.client import OAuth2Client

        about, metadata = self.registration, self._metadata(now)
        client = OAuth2Client(
            _Post(), about.client_id, about.client_secret, redirect_uri=back
        )
        try:
            token: Mapping[str, Any] = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                auth=_client_auth(about, metadata),
            )
        except AuthlibBaseError as error:
            raise NotBelieved(f"code: {_word(error.error)}") from None
        return token

    def _id_token(
        self, token: Mapping[str, Any], nonce: str, now: float
    ) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        raw = token.get("id_token")
        if not isinstance(raw, str):
            raise NotBelieved("no id_token")
        about = self.registration
        try:
            decoded = self._decode(raw, now)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": about.issuer},
                    "aud": {"essential": True, "value": about.client_id},
                    "sub": {"essential": True},
                },
                {
                    "nonce": nonce,
                    "client_id": about.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now), leeway=SKEW_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            # Of a forged token any of these may come; words of an error may quote it.
            said = f"{type(error).__name__} {getattr(error, 'claim', '') or ''}"
            raise NotBelieved(f"id_token: {said.strip()}") from None
        return dict(claims)

    def _decode(self, raw: str, now: float) -> Any:
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jws import JWSRegistry

        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(raw, _key_set(self._keys(now)), registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            # The provider may have new keys since.
            return jwt.decode(raw, _key_set(self._keys(now, True)), registry=registry)

    def _userinfo(self, endpoint: str, access: str, subject: object) -> dict[str, Any]:
        if not access.isascii() or not access.isprintable():
            raise NotBelieved("access_token")
        reply = fetch(endpoint, headers={"Authorization": f"Bearer {access}"})
        found = _document(reply)
        # Core 1.0, 5.3.2: else one could be given another's claims.
        if found.get("sub") != subject:
            raise NotBelieved("sub of userinfo")
        return found


class _Post:
    """As much of a session as Authlib's client asks for."""

    def post(
        self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> "_Answer":
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _Answer(fetch(url, body, sent))


@dataclass(frozen=True)
class _Answer:
    """A reply as Authlib's client reads it."""

    reply: Reply

    @property
    def status_code(self) -> int:
        return self.reply.status

    def json(self) -> dict[str, Any]:
        return self.reply.json()

    def raise_for_status(self) -> None:
        if self.reply.status >= 500:
            raise Unreachable(f"token endpoint: {self.reply.status}")
        if self.reply.status >= 400:
            raise Nonsense(f"token endpoint: {self.reply.status}")


def _document(reply: Reply) -> dict[str, Any]:
    if reply.status >= 500:
        raise Unreachable(str(reply.status))
    if reply.status != 200:
        raise Nonsense(str(reply.status))
    return reply.json()


def check_metadata(found: Mapping[str, Any], issuer: str) -> None:
    """Make sure that a document is the issuer's own, and leads nowhere unsafe.

    Of an issuer on https nothing may be http, on this machine either.

    :raises Nonsense: naming the field (Discovery 1.0, section 4.3).
    """
    said = found.get("issuer")
    if not isinstance(said, str) or not hmac.compare_digest(
        said.encode(), issuer.encode()
    ):
        raise Nonsense("issuer differs from OIDC_ISSUER")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    for name in (*needed, "userinfo_endpoint", "end_session_endpoint"):
        url = found.get(name)
        if url is None and name not in needed:
            continue
        if not isinstance(url, str) or not is_safe(url):
            raise Nonsense(f"{name} is no safe address")
        if url.startswith("http:") and not issuer.startswith("http:"):
            raise Nonsense(f"{name} is no safe address")


def _client_auth(about: Registration, metadata: Mapping[str, Any]) -> Any:
    """In the header where the provider takes it so, else in the body.

    In the header is what holds where its document says nothing (Discovery 1.0, 3); both
    are encoded there (RFC 6749, 2.3.1), which Authlib leaves to us.
    """
    from authlib.oauth2.auth import ClientAuth

    basic, post = "client_secret_basic", "client_secret_post"
    taken = metadata.get("token_endpoint_auth_methods_supported") or [basic]
    if basic in taken or post not in taken:
        named = (quote_plus(about.client_id), quote_plus(about.client_secret))
        return ClientAuth(*named, basic)
    return ClientAuth(about.client_id, about.client_secret, post)


def _key_set(found: Mapping[str, Any]) -> Any:
    """The keys that signatures may come from; what we cannot read is left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    keys = found.get("keys")
    if not isinstance(keys, list):
        raise Nonsense("no keys")
    usable = []
    for one in keys:
        if not isinstance(one, dict) or one.get("kty") not in KEY_TYPES:
            continue
        if one.get("use", "sig") != "sig":
            continue
        try:
            usable.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not usable:
        raise Nonsense("no keys")
    return KeySet(usable)


def _word(text: object) -> str:
    """A word of an error, safe for a log."""
    return "".join(char for char in str(text) if char.isalnum() or char == "_")[:40]
