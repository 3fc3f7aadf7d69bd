"""Three classes behind one address that mistype every fifth code are not held up.

A school has one address towards the world. All pupils come in at once, type the code
until it is right, and answer everything, on the production server.
"""

import random
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.privacy import lessons, people
from bench.privacy.figure import Figure, count
from bench.privacy.people import Pupil
from bench.privacy.serving import Served, serve
from pejling.domain.sessions import CODE_ALPHABET, Session

MISTYPING = 4
"""Every so manieth pupil mistypes once before the code is right: every fifth code."""

THINK_SECONDS = 1.0
"""On average between two screens of a pupil: a lesson in a minute or two."""


@dataclass
class Met:
    """What the pupils met.

    :ivar times: milliseconds of each request.
    :ivar trouble: what went wrong for a pupil.
    """

    statuses: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    typos: int = 0
    trouble: list[str] = field(default_factory=list)


def measure(classes: int = 3, present: int = 28, seed: int = 1) -> list[Figure]:
    """So many classes at once, from the code to the last answer."""
    met = go(classes, present, seed)
    held_up = sum(one == 429 for one in met.statuses)
    p95 = statistics.quantiles(met.times, n=20, method="inclusive")[-1]
    return [
        Figure(
            name="Pupils behind one address, answered 429",
            how=f"{count(classes * present)} pupils of {classes} classes, "
            f"{count(met.typos)} codes mistyped, {count(len(met.statuses))} requests "
            "to the production server",
            target="0",
            value="; ".join([count(held_up), *met.trouble[:1]]),
            passed=held_up == 0 and not met.trouble,
        ),
        Figure(
            name="The same: time of a request",
            how="95th percentile, clients and server on one machine, screens about "
            f"{THINK_SECONDS:g} s apart",
            target="",
            value=f"{p95:.0f} ms (median {statistics.median(met.times):.0f} ms)",
            passed=None,
        ),
    ]


def go(classes: int, present: int, seed: int = 1) -> Met:
    """Let them all in, through and out."""
    met = Met()
    with (
        lessons.folder() as folder,
        serve(folder) as served,
        lessons.open_stores(served.data) as both,
    ):
        opened = [
            lessons.open_class(both, present, now=time.time()) for _ in range(classes)
        ]
        walks = [
            _Walk(served, one, f"{seed} {place} {number}", met)
            for place, one in enumerate(opened)
            for number in range(present)
        ]
        for walk in walks[::MISTYPING]:
            walk.mistypes = True
        _together(walks, "come_in")
        for _ in range(2):
            opened = [lessons.go_on(both, one, time.time()) for one in opened]
            _together(walks, "answer")
        for one in walks:
            one.leave()
    return met


class _Walk:
    """One pupil, from the code to the last answer."""

    def __init__(self, served: Served, session: Session, seed: str, met: Met) -> None:
        self.pupil = Pupil(served.browser())
        self.session = session
        self.chance = random.Random(seed)  # noqa: S311 - the same pupil every time
        self.met = met
        self.mistypes = False

    def come_in(self) -> None:
        """Type the code until it is right."""
        self._think()
        if self.mistypes:
            self.met.typos += 1
            self.pupil.type_code(self._mistyped())
            self._think()
        self.pupil.join(self.session.code)

    def answer(self) -> None:
        """Answer what is asked."""
        self._think()
        while (found := self.pupil.asked())[0]:
            triad, page = found
            ballot = lessons.a_ballot(
                self.session.asked(triad), self.session.present, self.chance
            )
            self._think()
            self.pupil.answer(people.form(triad, page.token, people.as_sent(ballot)))

    def leave(self) -> None:
        """Tell what the pupil met."""
        self.met.statuses += [status for status, _ in self.pupil.browser.times]
        self.met.times += [took for _, took in self.pupil.browser.times]
        self.pupil.browser.close()

    def _think(self) -> None:
        time.sleep(self.chance.uniform(0, 2 * THINK_SECONDS))

    def _mistyped(self) -> str:
        place = self.chance.randrange(len(self.session.code))
        others = CODE_ALPHABET.replace(self.session.code[place], "")
        wrong = self.chance.choice(others)
        return self.session.code[:place] + wrong + self.session.code[place + 1 :]


def _together(walks: Sequence[_Walk], what: str) -> None:
    def run(walk: _Walk) -> None:
        try:
            getattr(walk, what)()
        except (RuntimeError, OSError, EOFError) as error:
            walk.met.trouble.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=run, args=(one,), daemon=True) for one in walks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
