"""Classes to measure with: a folder of sessions at the reveal, and its server."""

import contextlib
import datetime
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pejling import config, server, simulated
from pejling.domain import sessions
from pejling.domain.content import library
from pejling.domain.question_sets import Meaning, QuestionSet, Role, options_of
from pejling.domain.sessions import Mode, Pacing, Session
from pejling.storage import accounts, archive, closing, connections, migrations
from pejling.storage.accounts import Purpose
from pejling.storage.archive import NewSession
from pejling.storage.connections import Stores

PRESENT = 28
SET = "7a"


@dataclass(frozen=True)
class Prepared:
    """A data folder with classes in it.

    :ivar links: paths that sign a teacher in once, one for each class.
    """

    folder: Path
    sessions: list[Session]
    links: list[str]


def prepare(folder: Path, classes: int) -> Prepared:
    """So many closed sessions of 28 pupils, each with a teacher of its own."""
    migrations.migrate(folder)
    stores = connections.open_stores(folder)
    questions = library.read(config.question_set_folder("")).sets[SET]
    chance = random.Random(50)  # noqa: S311 - the same classes every time
    try:
        made = [_closed(stores, questions, place, chance) for place in range(classes)]
    finally:
        stores.close()
    return Prepared(folder, [one for one, _ in made], [link for _, link in made])


@contextlib.contextmanager
def served(folder: Path, seconds: float = 600) -> Iterator[str]:
    """The production server on the folder, and its address; it is stopped at the end.

    :param seconds: after which it is stopped in any case.
    :raises RuntimeError: if it does not answer.
    """
    with started(folder, seconds) as (base, _):
        yield base


@contextlib.contextmanager
def started(folder: Path, seconds: float = 600) -> Iterator[tuple[str, int]]:
    """The same, with the id of its first process."""
    port = server.free_port()
    words = [sys.executable, "-m", "pejling", "serve", "--port", str(port)]
    words += ["--host", "127.0.0.1", "--data", str(folder)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdout=quiet, stderr=quiet) as process:
        base = f"http://127.0.0.1:{port}"
        watchdog = threading.Timer(seconds, process.terminate)
        watchdog.start()
        try:
            _wait_for(base)
            yield base, process.pid
        finally:
            watchdog.cancel()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_for(base: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(base, timeout=2).close()  # noqa: S310 - ours
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
            continue
        return
    raise RuntimeError("the server does not answer")


def _closed(
    stores: Stores, questions: QuestionSet, place: int, chance: random.Random
) -> tuple[Session, str]:
    now = time.time()
    today = datetime.date.today().isoformat()
    owner = accounts.add(
        stores.archive, f"laerer{place}@example.dk", accounts.Role.TEACHER
    )
    session = archive.open_session(
        stores.archive,
        NewSession(
            owner=owner.id,
            school="Målskolen",
            grade=7,
            letter="A",
            questions=questions,
            triads=tuple(one.id for one in questions.triads if one.core),
            present=PRESENT,
            pacing=Pacing.TOGETHER,
            day=today,
            mode=Mode.PAPER,
        ),
        now,
    )
    counted = {
        triad_id: _counters(session, triad_id, chance)
        for triad_id in sessions.screens(session)
    }
    closed = closing.close_counted(stores, session, counted, now, today)
    token = accounts.new_link(stores.archive, Purpose.SIGN_IN, owner, now)
    return closed, f"/adgang/{token}"


def _counters(
    session: Session, triad_id: str, chance: random.Random
) -> dict[str, dict[int, int]]:
    triad = session.asked(triad_id)
    share = simulated.norm(triad.direction, chance)
    by_meaning = {one.meaning: one.code for one in options_of(triad)}
    found: dict[str, dict[int, int]] = {}
    for item in triad.items:
        if item.role is Role.OWN:
            yes = sum(simulated.says_yes(share, chance) for _ in range(PRESENT))
            both = {Meaning.YES: yes, Meaning.NO: PRESENT - yes}
            found[item.id] = {by_meaning[one]: n for one, n in both.items() if n}
        else:
            guesses = (simulated.guess(share, PRESENT, chance) for _ in range(PRESENT))
            found[item.id] = dict(Counter(guesses))
    return found
