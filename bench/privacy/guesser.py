"""Somebody who guesses codes for eight hours against forty classes that can be joined.

Through the start page itself, with a clock that is moved by hand: each attempt that is
not refused is counted, and what it is worth follows from the number of codes. Several
ways to get around the limits are tried.
"""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from bench.privacy import lessons
from bench.privacy.figure import Figure, count
from pejling.app import create_app
from pejling.domain.sessions import CODE_ALPHABET, CODE_LENGTH
from pejling.storage import archive
from pejling.web.throttle import ALL_CODES

JOINABLE = 40
"""Classes whose code works, all the time: more than a kommune has in one hour."""

HOURS = 8.0
CODES = len(CODE_ALPHABET) ** CODE_LENGTH
MOST_HITS = 0.01
PER_SECOND = 200
"""Requests a second that a flood is reckoned with: what two cores answer."""


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: float = lessons.NOW

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return self.now


@dataclass
class Tries:
    """What a guesser reached.

    :ivar let_through: attempts that were looked up.
    :ivar at_once: those of them before the first refusal.
    :ivar hits: codes that were found.
    """

    let_through: int = 0
    at_once: int = 0
    refused: int = 0
    hits: int = 0
    seconds: float = 0.0

    def in_hours(self, hours: float) -> float:
        """Attempts let through in so many hours, if the rest came as evenly."""
        later = self.let_through - self.at_once
        return self.at_once + later * hours * 3600 / self.seconds


def measure(hours: float = HOURS, flood: int = 10_100, seed: int = 1) -> list[Figure]:
    """The guessers' luck; where fewer hours are simulated, eight are reckoned.

    :param flood: requests of somebody who wants the limits forgotten.
    """
    figures = []
    for name, addresses in ADDRESSES.items():
        with _classes() as room:
            tries = _guess(room, addresses(), hours, random.Random(seed))  # noqa: S311 - repeatable
        figures.append(_told(name, tries, hours))
    return [*figures, _flood(flood, seed)]


# --- addresses ------------------------------------------------------------------------


def _one() -> Iterator[str]:
    return itertools.repeat("192.0.2.1")


def _many() -> Iterator[str]:
    return (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in itertools.count(1))


def _one_subscriber() -> Iterator[str]:
    return (f"2001:db8:1:1::{n % 65_536:x}" for n in itertools.count(1))


ADDRESSES: dict[str, Callable[[], Iterator[str]]] = {
    "one address": _one,
    "another address for each attempt": _many,
    "one IPv6 subscriber, another address for each attempt": _one_subscriber,
}


# --- guessing -------------------------------------------------------------------------


@dataclass
class _Room:
    """An application with classes that can be joined, and the guesser's browser."""

    app: Flask
    clock: Clock
    codes: frozenset[str]
    browser: FlaskClient
    tries: Tries = field(default_factory=Tries)

    def __post_init__(self) -> None:
        self.token = _token(self.browser.get("/").text)

    def knock(self, code: str, address: str) -> float:
        """One attempt; seconds to wait if it was refused, else 0."""
        answer = self.browser.post(
            "/",
            data={"csrf_token": self.token, "kode": code},
            environ_base={"REMOTE_ADDR": address},
        )
        if answer.status_code == 429:
            self.tries.at_once = self.tries.at_once or self.tries.let_through
            self.tries.refused += 1
            return float(answer.headers["Retry-After"])
        if answer.status_code not in (303, 404):
            raise RuntimeError(f"a code was answered with {answer.status_code}")
        self.tries.let_through += 1
        self.tries.hits += answer.status_code == 303
        return 0.0


def _guess(
    room: _Room, addresses: Iterator[str], hours: float, chance: random.Random
) -> Tries:
    """Guess as fast as is let through, for so many hours.

    Whatever is free is used up at once; when refused, the guesser waits as it is told.
    """
    end = room.clock.now + hours * 3600
    while room.clock.now < end:
        wait = room.knock(_code(chance), next(addresses))
        room.clock.now += wait or 1 / PER_SECOND
    room.tries.seconds = hours * 3600
    return room.tries


def _code(chance: random.Random) -> str:
    return "".join(chance.choices(CODE_ALPHABET, k=CODE_LENGTH))


@contextmanager
def _classes() -> Iterator[_Room]:
    with lessons.folder() as folder:
        clock = Clock()
        app = create_app(folder, clock=clock, PUBLIC_URL="http://localhost")
        with lessons.open_stores(folder) as both:
            opened = [lessons.open_class(both, 24) for _ in range(JOINABLE)]
            # All eight hours long: that they close after ten minutes is not relied on.
            both.archive.conn.execute("update session set opened = 1e12")
            codes = frozenset(archive.session(both.archive, s.id).code for s in opened)
        yield _Room(app, clock, codes, app.test_client())


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1]


# --- a flood --------------------------------------------------------------------------


def _flood(requests: int, seed: int) -> Figure:
    """Whether sign-ins with another e-mail each time make the codes' limit forget.

    Whether an account has to wait is remembered by its name, so that each new name is
    one more thing to remember; what has no end must be forgotten some time.
    """
    chance = random.Random(seed)  # noqa: S311 - the same guesses every time
    addresses = _many()
    with _classes() as room:
        _use_up(room, addresses, chance)
        before = room.tries.let_through
        _sign_in(room.app.test_client(), requests)
        _use_up(room, addresses, chance)
        again = room.tries.let_through - before
    rate = again / requests * PER_SECOND
    attempts = ALL_CODES[0] + (1 + rate) * 3600 * HOURS
    hits = attempts * JOINABLE / CODES
    return Figure(
        name="Code guesser with a flood of sign-ins",
        how=f"codes until refused, {count(requests)} sign-ins from one address with an "
        "e-mail each while the clock stands still, codes again; reckoned with "
        f"{PER_SECOND} requests a second",
        target=f"none free again; expected hits < {MOST_HITS}",
        value=f"{again} free again: {count(round(attempts))} attempts in 8 hours, "
        f"expected hits {hits:.4f}",
        passed=again == 0 and hits < MOST_HITS,
    )


def _use_up(room: _Room, addresses: Iterator[str], chance: random.Random) -> None:
    for _ in range(100 * ALL_CODES[0]):
        if room.knock(_code(chance), next(addresses)):
            return
    raise RuntimeError("codes are never refused")


def _sign_in(browser: FlaskClient, requests: int) -> None:
    """Wrong passwords until the address is refused, and on from there."""
    token = _token(browser.get("/log-ind").text)
    for number in range(requests):
        values = {"csrf_token": token, "email": f"{number}@example.dk", "password": "x"}
        status = browser.post("/log-ind", data=values).status_code
        if status not in (422, 429):
            raise RuntimeError(f"a sign-in was answered with {status}")


# --- as figures -----------------------------------------------------------------------


def _told(name: str, tries: Tries, hours: float) -> Figure:
    attempts = tries.in_hours(HOURS)
    hits = attempts * JOINABLE / CODES
    reckoned = "" if hours == HOURS else f", {count(round(attempts))} reckoned for 8"
    return Figure(
        name=f"Code guesser with {name}",
        how=f"{hours:g} hours by a clock moved by hand, {JOINABLE} classes that can be "
        f"joined, through the start page; {count(CODES)} codes",
        target=f"expected hits < {MOST_HITS}",
        value=f"{count(tries.let_through)} attempts let through{reckoned}; expected "
        f"hits {hits:.4f}, found {tries.hits}",
        passed=hits < MOST_HITS,
    )
