"""Wrong codes and wrong passwords cost time; right ones never do.

Kept in memory only and under a key made at start: no address of anybody is written
anywhere, and a restart forgets all.
"""

import hmac
import secrets
import threading
from collections import deque

from flask import Flask, current_app, request

from pejling.web.context import now

ALL_CODES = (60, 60.0)
"""Wrong codes from everywhere: at most 60 a minute."""

ONE_CODES = (40, 600.0)
"""Wrong codes from one address: 40 in ten minutes; three classes of 28 that mistype
every fifth code stay below (docs/privacy.md, "Codes")."""

SIGN_IN_FREE = 5
SIGN_IN_LONGEST = 15 * 60.0


class Throttle:
    """Counts what went wrong, per key, in a sliding window."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[float]] = {}

    def is_over(self, who: str, limit: tuple[int, float], at: float) -> bool:
        """Whether ``who`` has used up a limit of (times, seconds)."""
        times, seconds = limit
        with self._lock:
            return len(self._recent(self._hash(who), seconds, at)) >= times

    def count(self, who: str, seconds: float, at: float) -> None:
        """One more thing went wrong."""
        with self._lock:
            self._recent(self._hash(who), seconds, at).append(at)

    def forget(self, who: str) -> None:
        """What went wrong is mended."""
        with self._lock:
            self._wrong.pop(self._hash(who), None)

    def wait(self, who: str, at: float) -> float:
        """Seconds to wait before the next try: none five times, then doubling."""
        with self._lock:
            tries = self._recent(self._hash(who), 2 * SIGN_IN_LONGEST, at)
            if len(tries) < SIGN_IN_FREE:
                return 0.0
            pause = min(SIGN_IN_LONGEST, 2.0 ** (len(tries) - SIGN_IN_FREE + 1))
            return max(0.0, tries[-1] + pause - at)

    def _recent(self, hashed: str, seconds: float, at: float) -> deque[float]:
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        tries = self._wrong.setdefault(hashed, deque(maxlen=200))
        while tries and at - tries[0] > seconds:
            tries.popleft()
        return tries

    def _hash(self, who: str) -> str:
        return hmac.new(self._key, who.encode(), "sha256").hexdigest()


def init_app(app: Flask) -> None:
    """One throttle per process."""
    app.extensions["throttle"] = Throttle()


def too_many_codes() -> bool:
    """Whether no more codes are looked up for now."""
    at = now()
    return _throttle().is_over("all", ALL_CODES, at) or _throttle().is_over(
        _address(), ONE_CODES, at
    )


def wrong_code() -> None:
    """A code that was none."""
    _throttle().count("all", ALL_CODES[1], now())
    _throttle().count(_address(), ONE_CODES[1], now())


def sign_in_wait(email: str) -> float:
    """Seconds until this account or this address may try again."""
    at = now()
    who = (f"account {email.strip().lower()}", f"sign in {_address()}")
    return max(_throttle().wait(who[0], at), _throttle().wait(who[1], at) / 4)


def wrong_password(email: str) -> None:
    """A password that did not fit."""
    for who in (f"account {email.strip().lower()}", f"sign in {_address()}"):
        _throttle().count(who, 2 * SIGN_IN_LONGEST, now())


def right_password(email: str) -> None:
    """The account is back with whom it belongs to."""
    _throttle().forget(f"account {email.strip().lower()}")


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions["throttle"]
    return throttle


def _address() -> str:
    address = request.remote_addr or ""
    # An IPv6 subscriber has a whole /64 to choose from.
    return ":".join(address.split(":")[:4]) if ":" in address else address
