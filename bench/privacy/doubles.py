"""The same answer, two hundred times at once, is counted once.

Over HTTP on the production server: two hundred connections send the very same request
with the same cookie before any of them is read. Again and again, with another answer
each time; after each the counters are held against what was sent.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from socket import socket

from bench.privacy import browser, lessons, people
from bench.privacy.browser import Address, Browser
from bench.privacy.figure import Figure, count
from bench.privacy.serving import Served, serve
from pejling.domain import sessions
from pejling.domain.sessions import Session
from pejling.storage import ballot_box
from pejling.storage.connections import Stores

PRESENT = 28

Tallies = dict[str, Counter[int]]


@dataclass
class Sent:
    """What was sent, and what was found afterwards.

    :ivar wrong: rounds after which the counters were not those of one answer each.
    :ivar statuses: how the copies were answered.
    """

    rounds: int = 0
    wrong: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True)
class Copies:
    """One answer: the request that is sent so many times, and what it says."""

    session: Session
    triad: str
    given: dict[str, int]
    request: bytes


def measure(rounds: int, copies: int = 200, seed: int = 1) -> list[Figure]:
    """So many answers, each sent so many times in parallel."""
    sent = send(rounds, copies, seed)
    ways = ", ".join(f"{count(n)} × {one}" for one, n in sorted(sent.statuses.items()))
    pace = round(sum(sent.statuses.values()) / sent.seconds)
    return [
        Figure(
            name="Parallel copies of one answer",
            how=f"{count(sent.rounds)} answers, each sent to the production server "
            f"over {copies} connections with one cookie; answered {ways}",
            target="each counted once",
            value=f"{count(sent.wrong)} counted otherwise ({count(pace)} requests a "
            "second)",
            passed=sent.wrong == 0 and set(sent.statuses) <= {303, 429},
        )
    ]


def send(rounds: int, copies: int, seed: int = 1) -> Sent:
    """Send, and look into the ballot box after each round."""
    chance = random.Random(seed)  # noqa: S311 - the same answers every time
    sent, counted = Sent(), dict[str, Tallies]()
    with (
        lessons.folder() as folder,
        serve(folder) as served,
        lessons.open_stores(served.data) as both,
        _connected(served.address, copies) as lines,
    ):
        for one in islice(_answers(served, both, chance), rounds):
            begun = time.perf_counter()
            sent.statuses.update(_all_at_once(lines, one.request))
            sent.seconds += time.perf_counter() - begun
            sent.rounds += 1
            tallies = counted.setdefault(one.session.id, {})
            for item, option in one.given.items():
                tallies.setdefault(item, Counter())[option] += 1
            found = ballot_box.counters(both.ballots, one.session.id, one.triad)
            sent.wrong += found != {item: tallies[item] for item in one.given}
    return sent


def _answers(served: Served, both: Stores, chance: random.Random) -> Iterator[Copies]:
    """Answers without end: class after class, each pupil to each triad."""
    while True:
        session = lessons.open_class(both, PRESENT, now=time.time())
        tokens = lessons.take_seats(both, session, PRESENT).values()
        for _ in range(2):
            session = lessons.go_on(both, session, time.time())
        ready = []
        for token in tokens:
            pupil = served.browser()
            pupil.cookies["plads"] = f"{session.id}.{token}"
            form_token = pupil.get("/svar").token
            pupil.close()
            ready.append((pupil, form_token))
        # A seat may send so often: each pupil rests while the others have their turn.
        for triad in sessions.open_triads(session):
            for pupil, form_token in ready:
                yield _copies(session, triad, pupil, form_token, chance)


def _copies(
    session: Session, triad: str, pupil: Browser, token: str, chance: random.Random
) -> Copies:
    given = lessons.a_ballot(session.asked(triad), PRESENT, chance)
    values = people.form(triad, token, people.as_sent(given)) | {"trin": "send"}
    return Copies(session, triad, given, pupil.request("POST", "/svar", values))


def _all_at_once(lines: Sequence[socket], request: bytes) -> list[int]:
    for line in lines:
        line.sendall(request)
    return [int(browser.read(line)[9:12]) for line in lines]


@contextmanager
def _connected(address: Address, copies: int) -> Iterator[list[socket]]:
    lines = [browser.connect(address) for _ in range(copies)]
    try:
        yield lines
    finally:
        for line in lines:
            line.close()
