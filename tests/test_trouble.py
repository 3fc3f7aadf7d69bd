"""In trouble: the server is killed in the middle of a class, and nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import builders

from pejling import rehearsal, server
from pejling.domain import sessions
from pejling.domain.question_sets import HONESTY_ID
from pejling.storage import archive, ballot_box, closing


@contextmanager
def serving(data: Path, port: int) -> Iterator[subprocess.Popen]:
    """A server in a process group of its own; gone at the end, whatever happens."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pejling", "serve", "--host", "127.0.0.1"),
            *("--port", str(port), "--data", str(data)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if "Adresse" in line:
                break
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """Kill -9 the server and its worker: no goodbye, no cleaning up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def test_server_killed_in_the_middle_loses_and_doubles_no_answer(tmp_path: Path):
    port = server.free_port()
    with builders.open_stores(tmp_path) as stores:
        session = builders.open_class(stores, present=8)
        base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        pupils = [rehearsal.Pupil(base, str(i), deadline, {}) for i in range(8)]

        def now() -> sessions.Session:
            return archive.session(stores.archive, session.id)

        # The builders' clock stands in 2026; the server's is the real one.
        with stores.archive.conn:
            stores.archive.conn.execute("update session set opened = ?", [time.time()])
        with serving(tmp_path, port) as first:
            for pupil in pupils:
                pupil.join(session.code)
            closing.advance(stores, now(), sessions.start_warm_up(now()), time.time())
            threads = [
                threading.Thread(target=one.answer_all, daemon=True) for one in pupils
            ]
            for thread in threads:
                thread.start()
            wait_for(lambda: count(stores, session.id, session.triads[0]) >= 3)
            kill(first)
        with serving(tmp_path, port) as second:
            wait_for(lambda: count(stores, session.id, session.triads[0]) == 8)
            closing.advance(stores, now(), sessions.start_answering(now()), time.time())
            wait_for(lambda: count(stores, session.id, session.triads[1]) >= 2)
            kill(second)
        with serving(tmp_path, port):
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive()
            found = {}
            for triad in (*session.triads[1:], HONESTY_ID):
                found |= ballot_box.counters(stores.ballots, session.id, triad)
            closing.advance(stores, now(), sessions.close(now()), time.time())
        found |= {
            item: options
            for item, options in archive.counters(stores.archive, session.id).items()
            if item.startswith(session.triads[0])
        }
    sent = rehearsal.count(answer for one in pupils for answer in one.sent)
    assert found == sent


def count(stores: object, session: str, triad: str) -> int:
    return builders.count_answered(stores.ballots, session, triad)


def wait_for(happened: object) -> None:
    """Look until it has happened; half a minute at most."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")
