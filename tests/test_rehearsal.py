"""A simulated pupil beside a server in trouble: what it sent is what was taken."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pejling.rehearsal import Form, Pupil, RehearsalFailed

PAGE = "<h1>Tak</h1>"
BUSY = "<h1>Der er travlt</h1>"


@contextmanager
def server(statuses: list[int]) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that answers with these statuses; and the bodies it got."""
    got: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0)
            self.send_response(status)
            self.end_headers()
            self.wfile.write((BUSY if status == 503 else PAGE).encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{one.server_port}", got
        finally:
            one.shutdown()


def test_busy_server_is_asked_again_with_the_same_answer():
    with server([503, 503, 200]) as (base, got):
        pupil = Pupil(base, "1", time.monotonic() + 30, {})
        page = pupil.post(Form("/svar"), {"trin": "send"}, "/svar")
    assert page.heading == "Tak"
    assert got == [b"trin=send"] * 3


def test_other_trouble_is_a_page_and_is_not_repeated():
    with server([422]) as (base, got):
        pupil = Pupil(base, "1", time.monotonic() + 30, {})
        assert pupil.post(Form("/svar"), {}, "/svar").heading == "Tak"
    assert len(got) == 1


def test_server_that_stays_busy_ends_the_rehearsal():
    with server([503]) as (base, _):
        pupil = Pupil(base, "1", time.monotonic() - 1, {})
        with pytest.raises(RehearsalFailed, match="travlt"):
            pupil.post(Form("/svar"), {}, "/svar")
