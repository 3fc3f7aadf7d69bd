"""What signing in costs: memory and time, when a hundred do it in the same moment.

Right passwords, wrong ones, and accounts that there are not, each against a server of
its own; then one at a time, a wrong password beside an unknown account. Each browser
has an account and a loopback address of its own, so that no pause is measured that
wrong passwords earn (docs/privacy.md, "Codes").

``python -m bench.sign_in [--at-once 100] [--pairs 50]``
"""

import argparse
import http.client
import json
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench import classes
from pejling.storage import accounts, connections, migrations

LIMIT_MB = 300.0
"""Resident memory at most, of all processes together, with 100 at once."""

PASSWORD = "fire ord hører ikke sammen"  # noqa: S105 - of accounts made here
MOST = 250
"""Browsers at most: each has the last number of an address of its own."""


@dataclass(frozen=True)
class Attempt:
    """Who tries to sign in, and what the server should say.

    :ivar place: the last number of the browser's address.
    """

    place: int
    email: str
    password: str
    status: int


class Browser:
    """A browser with the sign-in page before it."""

    def __init__(self, host: str, attempt: Attempt) -> None:
        self.host = host
        self.attempt = attempt
        answer, page = self._ask("GET", "")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if not found:
            raise RuntimeError("no form on the sign-in page")
        cookies = SimpleCookie(answer.headers["Set-Cookie"])
        self.cookie = "; ".join(f"{name}={one.value}" for name, one in cookies.items())
        self.body = urlencode(
            {
                "csrf_token": found.group(1),
                "email": attempt.email,
                "password": attempt.password,
                "til": "",
            }
        )

    def sign_in(self) -> float:
        """Try; milliseconds until the whole answer is here.

        :raises RuntimeError: if the answer is another than it should be.
        """
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        begun = time.perf_counter()
        answer, _ = self._ask("POST", self.body, headers)
        took = (time.perf_counter() - begun) * 1000
        if answer.status != self.attempt.status:
            raise RuntimeError(f"{answer.status} in place of {self.attempt.status}")
        return took

    def _ask(
        self, method: str, body: str, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        source = (f"127.0.1.{self.attempt.place}", 0)
        connection = http.client.HTTPConnection(
            self.host, timeout=60, source_address=source
        )
        connection.request(method, "/log-ind", body or None, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text


def attempts(kind: str, count: int) -> list[Attempt]:
    """So many of a kind: "right", "wrong" or "unknown"."""
    name = "ingen" if kind == "unknown" else "laerer"
    password = PASSWORD if kind == "right" else "et andet, som ikke passer"
    status = 303 if kind == "right" else 422
    return [
        Attempt(place, f"{name}{place}@example.dk", password, status)
        for place in range(1, count + 1)
    ]


def measure(at_once: int, pairs: int) -> dict[str, object]:
    """Memory and waits of each kind at once, and the ratio of two of them alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, max(at_once, pairs))
        told: dict[str, object] = {
            "hashes at a time": accounts.HASHES_AT_ONCE,
            "at once": at_once,
            "limit MB": LIMIT_MB,
        }
        for kind in ("right", "wrong", "unknown"):
            told[kind] = _crowd(folder, attempts(kind, at_once))
        told["one at a time"] = _alone(folder, pairs)
    return told


def _prepare(folder: Path, count: int) -> None:
    """Accounts of teachers, as many as there are browsers."""
    migrations.migrate(folder)
    stores = connections.open_stores(folder)
    try:
        for attempt in attempts("right", count):
            accounts.add(stores.archive, attempt.email, accounts.Role.TEACHER, PASSWORD)
    finally:
        stores.close()


def _crowd(folder: Path, wanted: list[Attempt]) -> dict[str, float]:
    """All in the same moment, against a server that has just started."""
    waits: list[float] = []
    ready = threading.Barrier(len(wanted))
    with classes.started(folder) as (base, process):
        browsers = [Browser(urlsplit(base).netloc, one) for one in wanted]
        before = _resident(process, "VmRSS")

        def go(browser: Browser) -> None:
            ready.wait(timeout=60)
            waits.append(browser.sign_in())

        threads = [threading.Thread(target=go, args=(one,)) for one in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        peak = _resident(process, "VmHWM")
    if len(waits) < len(wanted):
        raise RuntimeError(f"{len(wanted) - len(waits)} were not answered")
    return {
        "MB before": round(before, 1),
        "peak MB": round(peak, 1),
        "median wait ms": round(statistics.median(waits)),
        "slowest wait ms": round(max(waits)),
    }


def _alone(folder: Path, pairs: int) -> dict[str, float]:
    """A wrong password and an unknown account, in turn, one at a time."""
    found: dict[str, list[float]] = {"wrong": [], "unknown": []}
    with classes.started(folder) as (base, _):
        host = urlsplit(base).netloc
        warm = Browser(host, attempts("unknown", MOST)[-1])
        warm.sign_in()  # the first makes the hash that stands for nobody
        for both in zip(
            attempts("wrong", pairs), attempts("unknown", pairs), strict=True
        ):
            for kind, attempt in zip(found, both, strict=True):
                found[kind].append(Browser(host, attempt).sign_in())
    wrong, unknown = (statistics.median(one) for one in found.values())
    return {
        "pairs": pairs,
        "wrong median ms": round(wrong, 1),
        "unknown median ms": round(unknown, 1),
        "known to unknown": round(wrong / unknown, 3),
    }


def _resident(process: int, which: str) -> float:
    """Megabytes of a process and all below it, from /proc/<pid>/status (Linux).

    :param which: "VmRSS", what it holds now, or "VmHWM", the most it has held.
    """
    total = 0
    for one in _family(process):
        status = Path(f"/proc/{one}/status").read_text(encoding="utf-8")
        found = re.search(rf"^{which}:\s+(\d+) kB", status, re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total / 1000 * 1.024


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from _family(int(child))


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at-once", type=int, default=100)
    options.add_argument("--pairs", type=int, default=50)
    given = options.parse_args()
    if not 0 < max(given.at_once, given.pairs) < MOST:
        options.error(f"at most {MOST - 1} browsers")
    print(json.dumps(measure(given.at_once, given.pairs), indent=2))


if __name__ == "__main__":
    main()
