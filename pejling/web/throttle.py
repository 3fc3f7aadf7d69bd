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


MOST = 100_000
"""Keys that are remembered of a kind, far above what a kommune has in ten minutes."""


class Buckets:
    """Buckets that empty with every use and fill up evenly.

    Of each only the moment is kept at which it will be full again (a virtual schedule,
    as in the generic cell rate algorithm): nothing is forgotten that is not paid back.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._full: dict[str, float] = {}

    def wait(self, who: str, limit: tuple[int, float], at: float) -> float:
        """Seconds until ``who`` may try under a limit of (times, seconds)."""
        with self._lock:
            return self._wait(self._hash(who), limit, at)

    def use(self, who: str, limit: tuple[int, float], at: float) -> None:
        """One more, whatever is left."""
        with self._lock:
            self._use(self._hash(who), limit, at)

    def take(self, who: str, limit: tuple[int, float], at: float) -> float:
        """One more, where it may pass: 0, else seconds until one may."""
        with self._lock:
            hashed = self._hash(who)
            wait = self._wait(hashed, limit, at)
            if not wait:
                self._use(hashed, limit, at)
        return wait

    def _wait(self, hashed: str, limit: tuple[int, float], at: float) -> float:
        times, seconds = limit
        return max(
            0.0, self._full_at(hashed, seconds, at) + seconds / times - at - seconds
        )

    def _use(self, hashed: str, limit: tuple[int, float], at: float) -> None:
        times, seconds = limit
        if len(self._full) % 64 == 63 or len(self._full) >= MOST:
            self._forget(at)
        full = self._full_at(hashed, seconds, at) + seconds / times
        self._full[hashed] = min(full, at + seconds)

    def _full_at(self, hashed: str, seconds: float, at: float) -> float:
        full = self._full.get(hashed, at)
        # A clock that was set back would shut somebody out for as long.
        return full if at <= full <= at + seconds else at

    def _forget(self, at: float) -> None:
        """What is full again is as if it had never been; else the oldest goes."""
        for who in [who for who, full in self._full.items() if full <= at]:
            del self._full[who]
        while len(self._full) >= MOST:
            del self._full[next(iter(self._full))]

    def _hash(self, who: str) -> str:
        return hmac.new(self._key, who.encode(), "sha256").hexdigest()


class Pauses:
    """Wrong passwords of an account: five are free, then each waits twice as long."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, float]] = {}

    def wait(self, who: str, at: float) -> float:
        """Seconds to wait before the next try."""
        with self._lock:
            many, last = self._recent(self._hash(who), at)
        if many < SIGN_IN_FREE:
            return 0.0
        pause = min(SIGN_IN_LONGEST, 2.0 ** (many - SIGN_IN_FREE + 1))
        return max(0.0, last + pause - at)

    def count(self, who: str, at: float) -> None:
        """One more that was wrong."""
        with self._lock:
            hashed = self._hash(who)
            many, _ = self._recent(hashed, at)
            self._wrong[hashed] = (min(many + 1, 30), at)
            while len(self._wrong) > MOST:
                del self._wrong[next(iter(self._wrong))]

    def forget(self, who: str) -> None:
        """The account is back with whom it belongs to."""
        with self._lock:
            self._wrong.pop(self._hash(who), None)

    def _recent(self, hashed: str, at: float) -> tuple[int, float]:
        many, last = self._wrong.get(hashed, (0, at))
        # A clock that was set back leaves tries in the future: they count for nobody.
        return (many, last) if 0 <= at - last <= 2 * SIGN_IN_LONGEST else (0, at)

    def _hash(self, who: str) -> str:
        return hmac.new(self._key, who.encode(), "sha256").hexdigest()


def init_app(app: Flask) -> None:
    """One of each per process, and one for each kind: none can crowd another out."""
    app.extensions["throttle"] = Throttle()


class Throttle:
    """All that is remembered of who asked too much."""

    def __init__(self) -> None:
        self.codes = Buckets()
        self.links = Buckets()
        self.sign_ins = Buckets()
        self.seats = Buckets()
        self.accounts = Pauses()


def seat_wait(token_hash: str) -> float:
    """Seconds until this seat may ask again; 0 as a rule."""
    limit = SEAT_POSTS if request.method == "POST" else SEAT_PAGES
    return _throttle().seats.take(f"{request.method} {token_hash}", limit, now())


def code_wait() -> float:
    """Seconds until codes are looked up again for this address; 0 as a rule."""
    at, codes = now(), _throttle().codes
    return max(codes.wait("all", ALL_CODES, at), codes.wait(_address(), ONE_CODES, at))


def wrong_code() -> None:
    """A code that was none."""
    codes = _throttle().codes
    codes.use("all", ALL_CODES, now())
    codes.use(_address(), ONE_CODES, now())


def link_wait() -> float:
    """Seconds until this address is told again that a class's link does not work."""
    at, links = now(), _throttle().links
    return max(links.wait("all", ALL_CODES, at), links.wait(_address(), ONE_CODES, at))


def wrong_link() -> None:
    """A link to a class's page that leads nowhere.

    Counted as codes are, but not with them: a class whose page has ended opens it 28
    times, and may not hold up those who come in with a code.
    """
    links = _throttle().links
    links.use("all", ALL_CODES, now())
    links.use(_address(), ONE_CODES, now())


def sign_in_wait(email: str) -> float:
    """Seconds until this account or this address may try again."""
    at = now()
    return max(
        _throttle().accounts.wait(email.strip().lower(), at),
        _throttle().sign_ins.wait(_address(), ONE_SIGN_IN, at),
    )


def address_wait() -> float:
    """Seconds until this address may try again to come in by a provider."""
    return _throttle().sign_ins.wait(_address(), ONE_SIGN_IN, now())


def wrong_at_address() -> None:
    """A sign-in by a provider that came to nothing."""
    _throttle().sign_ins.use(_address(), ONE_SIGN_IN, now())


def wrong_password(email: str) -> None:
    """A password that did not fit."""
    _throttle().accounts.count(email.strip().lower(), now())
    _throttle().sign_ins.use(_address(), ONE_SIGN_IN, now())


def right_password(email: str) -> None:
    """The account is back with whom it belongs to."""
    _throttle().accounts.forget(email.strip().lower())


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
