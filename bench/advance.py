"""From the teacher's press to the new picture on the wall, with many classes at once.

Each class has a wall that holds an event stream and fetches its state after each
event, and a teacher who presses "Næste". Measured from just before the press is sent
until the wall has read the whole new state.

``python -m bench.advance [--classes 50] [--presses 12]``
"""

import argparse
import http.client
import json
import random
import re
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench import classes
from pejling.domain.sessions import Session

LIMIT_MS = 300.0
"""Advance to screen, 95th percentile, with 50 classes at once."""


@dataclass
class Wall:
    """A projector without a picture: what it was told, and when it had the state."""

    host: str
    key: str
    seen: list[tuple[str, float]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    stopped: bool = False

    def run(self) -> None:
        """Follow the stream until told to stop."""
        stream = http.client.HTTPConnection(self.host, timeout=60)
        stream.request("GET", f"/tavle/{self.key}/stroem")
        lines = stream.getresponse()
        while not self.stopped:
            line = lines.readline().decode()
            if line.startswith("data:"):
                self._look()
        stream.close()

    def _look(self) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", f"/tavle/{self.key}/tilstand")
        state = json.loads(connection.getresponse().read())
        connection.close()
        with self.changed:
            self.seen.append((state["version"], time.perf_counter()))
            self.changed.notify_all()

    def wait_after(self, count: int) -> float | None:
        """When the next state after so many had been read; None after ten seconds."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.seen) > count, timeout=10)
            return self.seen[count][1] if len(self.seen) > count else None


class Teacher:
    """A signed-in browser that presses."""

    def __init__(self, host: str, link: str, session: Session) -> None:
        self.host = host
        self.session = session
        self.cookies: dict[str, str] = {}
        self._enter(link)
        page = self._ask("GET", f"/laerer/{session.id}")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if not found:
            raise RuntimeError("no form on the teacher's page")
        self.token = found.group(1)
        self.version = session.version

    def press(self) -> float:
        """Press "Næste"; the moment at which it was sent."""
        body = urlencode({"csrf_token": self.token, "version": self.version})
        sent = time.perf_counter()
        self._ask("POST", f"/laerer/{self.session.id}/frem", body)
        self.version += 1
        return sent

    def _enter(self, link: str) -> None:
        page = self._ask("GET", link)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if found:
            self._ask("POST", link, urlencode({"csrf_token": found.group(1)}))

    def _ask(self, method: str, path: str, body: str = "") -> str:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        headers = {"Cookie": "; ".join(pairs)} if pairs else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path.split('/')[1]}: {answer.status}")
        return text


def measure(count: int, presses: int, seed: int = 1) -> dict[str, object]:
    """Milliseconds from press to screen: one class alone, many spread, all at once."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = classes.prepare(Path(folder), count)
        with classes.served(prepared.folder) as base:
            host = urlsplit(base).netloc
            teachers = [
                Teacher(host, link, session)
                for link, session in zip(prepared.links, prepared.sessions, strict=True)
            ]
            walls = [Wall(host, one.wall_key) for one in prepared.sessions]
            for wall in walls:
                threading.Thread(target=wall.run, daemon=True).start()
            for wall in walls:
                wall.wait_after(0)
            pairs = list(zip(teachers, walls, strict=True))
            alone = [_advance(*pairs[0]) for _ in range(presses)]
            spread = _together(pairs, presses, seed)
            burst = [one for _ in range(3) for one in _together(pairs, 1, None)]
            for wall in walls:
                wall.stopped = True
    return {
        "classes": count,
        "alone": _told(alone),
        "spread over 2 s each": _told(spread),
        "all in the same moment": _told(burst),
        "limit p95 ms": LIMIT_MS,
    }


def _advance(teacher: Teacher, wall: Wall) -> float | None:
    before = len(wall.seen)
    sent = teacher.press()
    drawn = wall.wait_after(before)
    return None if drawn is None else (drawn - sent) * 1000


def _together(
    pairs: list[tuple[Teacher, Wall]], presses: int, seed: int | None
) -> list[float | None]:
    """All classes press so often: at random moments, or all at once without a seed."""
    found: list[float | None] = []
    ready = threading.Barrier(len(pairs))

    def lesson(place: int, teacher: Teacher, wall: Wall) -> None:
        chance = random.Random(f"{seed} {place}")  # noqa: S311 - repeatable
        ready.wait()
        for _ in range(presses):
            if seed is not None:
                time.sleep(chance.uniform(0, 4))
            found.append(_advance(teacher, wall))

    threads = [
        threading.Thread(target=lesson, args=(place, *pair))
        for place, pair in enumerate(pairs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _told(found: list[float | None]) -> dict[str, object]:
    good = sorted(one for one in found if one is not None)
    ends = (
        statistics.quantiles(good, n=20, method="inclusive") if len(good) > 1 else good
    )
    return {
        "presses": len(found),
        "lost": len(found) - len(good),
        "median ms": round(statistics.median(good), 1),
        "p95 ms": round(ends[-1], 1),
        "worst ms": round(good[-1], 1),
    }


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--classes", type=int, default=50)
    options.add_argument("--presses", type=int, default=12)
    given = options.parse_args()
    print(json.dumps(measure(given.classes, given.presses), indent=2))


if __name__ == "__main__":
    main()
