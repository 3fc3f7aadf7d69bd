"""Wrong codes and wrong passwords cost time, and a seat may ask so often, not more.

A right code uses nothing up: a school has one address, and after the join limits follow
the seat. Kept in memory only and under a key made at start: no address of anybody is
written anywhere, and a restart forgets all. Ours and not a library's, because those
keep what they count under the address itself.
"""

import hmac
import ipaddress
import secrets
import threading
from collections import deque

from flask import Flask, current_app, request

from pejling.web.context import now

ALL_CODES = (60, 60.0)
"""Wrong codes from everywhere: 60 at once, and one more each second."""

ONE_CODES = (40, 600.0)
"""Wrong codes from one address: 40 at once, and one more each quarter of a minute;
three classes of 28 that mistype every fifth code stay below (docs/privacy.md,
"Codes")."""

ONE_SIGN_IN = (30, 600.0)
"""Wrong passwords from one address: 30 at once, and one more every 20 seconds; a school
has one address (docs/privacy.md, "Codes")."""

SEAT_POSTS = (60, 180.0)
"""Answers, looks and corrections of one seat: 60 at once, and 20 more a minute; a class
that hurries through ten topics sends 20 or so."""

SEAT_PAGES = (40, 20.0)
"""Pages of one seat: 40 at once, and two more a second."""

SIGN_IN_FREE = 5
SIGN_IN_LONGEST = 15 * 60.0


class Throttle:
    """Counts what went wrong, per key, in a sliding window."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[float]] = {}

    def until_free(self, who: str, limit: tuple[int, float], at: float) -> float:
        """Seconds until ``who`` may try again under a limit of (times, seconds).

        A bucket that fills up evenly: once it is empty one more try comes back every
        seconds / times, so nobody is shut out for the whole window.
        """
        times, seconds = limit
        with self._lock:
            tries = self._recent(self._hash(who), seconds, at)
            level, before = 0.0, tries[0] if tries else at
            for one in tries:
                level = max(0.0, level - (one - before) * times / seconds) + 1
                before = one
            level = max(0.0, level - (at - before) * times / seconds)
        return max(0.0, (level - times + 1) * seconds / times)

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
        # A clock that was set back leaves tries in the future: they count for nobody.
        while tries and not 0 <= at - tries[0] <= seconds:
            tries.popleft()
        return tries

    def _hash(self, who: str) -> str:
        return hmac.new(self._key, who.encode(), "sha256").hexdigest()


class Pace:
    """Buckets that empty with every request and fill up evenly."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._used: dict[str, tuple[float, float]] = {}

    def take(self, who: str, limit: tuple[int, float], at: float) -> float:
        """One more request: 0 where it may pass, else seconds until one may.

        What has filled up again is forgotten, so that nothing is left of a seat some
        minutes after its last request while others go on.
        """
        times, seconds = limit
        hashed = hmac.new(self._key, who.encode(), "sha256").hexdigest()
        with self._lock:
            if len(self._used) % 64 == 63:
                self._forget(at)
            level, before = self._used.get(hashed, (0.0, at))
            # A clock that was set back gives nothing, and takes nothing away.
            level = max(0.0, level - max(0.0, at - before) * times / seconds)
            if level + 1 > times:
                return (level + 1 - times) * seconds / times
            self._used[hashed] = (level + 1, at)
        return 0.0

    def _forget(self, at: float) -> None:
        longest = max(SEAT_POSTS[1], SEAT_PAGES[1])
        full = [who for who, (_, seen) in self._used.items() if at - seen > longest]
        for who in full:
            del self._used[who]


def init_app(app: Flask) -> None:
    """One of each per process."""
    app.extensions["throttle"] = Throttle()
    app.extensions["pace"] = Pace()


def seat_wait(token_hash: str) -> float:
    """Seconds until this seat may ask again; 0 as a rule."""
    pace: Pace = current_app.extensions["pace"]
    is_post = request.method == "POST"
    limit = SEAT_POSTS if is_post else SEAT_PAGES
    return pace.take(f"{request.method} {token_hash}", limit, now())


def code_wait() -> float:
    """Seconds until codes are looked up again for this address; 0 as a rule."""
    at = now()
    return max(
        _throttle().until_free("all", ALL_CODES, at),
        _throttle().until_free(_address(), ONE_CODES, at),
    )


def wrong_code() -> None:
    """A code that was none."""
    _throttle().count("all", ALL_CODES[1], now())
    _throttle().count(_address(), ONE_CODES[1], now())


def sign_in_wait(email: str) -> float:
    """Seconds until this account or this address may try again."""
    at = now()
    return max(
        _throttle().wait(f"account {email.strip().lower()}", at),
        _throttle().until_free(f"sign in {_address()}", ONE_SIGN_IN, at),
    )


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
    """Who asks: an address, or the /64 that an IPv6 subscriber has to choose from."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
