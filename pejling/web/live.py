"""Live: one small version number per session, pushed to every open screen.

A hub thread per process asks both database files every 50 ms whether another connection
has written (`pragma data_version`, one or two microseconds); only then are the versions
of the watched sessions read, and only the streams of a session that changed are woken.
A stream holds a thread of the server and nothing else: no connection, no request.
"""

import logging
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing as close_after
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from flask import Flask, Response, abort, current_app, request

from pejling.domain.sessions import Session
from pejling.storage import archive, ballot_box, closing, connections, year_end
from pejling.storage.ballot_box import Room
from pejling.storage.connections import Stores

log = logging.getLogger("pejling")

POLL_SECONDS = 0.05
HEARTBEAT_SECONDS = 15.0
"""Silence after which a stream says that it is alive; proxies cut silent ones."""

STREAM_SECONDS = 300.0
"""After this a stream ends, and the browser comes again: nothing hangs for good."""

STREAMS_OF_SESSION = 16
"""Streams that one session may hold: projectors, remotes, and some that have gone but
are not known to until their next heartbeat."""

RETRY_MS = 1000
HOUSEKEEPING_SECONDS = 30.0


def init_app(app: Flask) -> None:
    """Give the application its hub; no thread runs until there is something to do."""
    app.extensions["live"] = Hub(app.config["DATA"], app.config["THREADS"] // 2)


def version(stores: Stores, session_id: str) -> str:
    """What a screen compares: "<archive version>.<room revision>"; "" when it is gone.

    Whoever also reads the session must read the version first: one that is behind is
    mended by the next event, one that is ahead is never.
    """
    found = archive.version(stores.archive, session_id)
    room = ballot_box.room(stores.ballots, session_id)
    return _version(found, room) if found else ""


def version_of(session: Session, room: Room | None) -> str:
    """The version of a session and a room that have been read already."""
    return _version(session.version, room)


def _version(found: int, room: Room | None) -> str:
    return f"{found}.{room.revision if room else 0}"


def stream(session_id: str) -> Response:
    """Server-sent events: the session's version, at once and at each change."""
    hub: Hub = current_app.extensions["live"]
    if hub.is_crowded(session_id):
        # The screen asks every two seconds instead; pupils keep the threads they need.
        abort(503)
    events = hub.events(session_id, request.headers.get("Last-Event-ID", ""))
    response = Response(events, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep events back
    return response


# --- the hub --------------------------------------------------------------------------


@dataclass
class _Topic:
    """A watched session, and who waits for its next version.

    :ivar version: None until the hub has read it; only the hub writes it, so that no
        reader can put an older one back.
    """

    changed: threading.Condition = field(default_factory=threading.Condition)
    version: str | None = None
    watchers: int = 0


class Hub:
    """Wakes the streams of a process when another connection has written."""

    def __init__(self, folder: Path, most: int) -> None:
        """Watch nothing yet.

        :param folder: where both databases lie.
        :param most: streams that this process may hold, each with a thread of its own.
        """
        self._folder = folder
        self._most = most
        self._topics: dict[str, _Topic] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def events(
        self,
        session_id: str,
        seen: str = "",
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        lasting: float = STREAM_SECONDS,
    ) -> Iterator[str]:
        """The lines of one stream, until it has lasted long enough.

        :param seen: the version that the screen has.
        :param heartbeat: seconds of silence before a comment is sent.
        :param lasting: seconds after which the stream ends.
        """
        end = monotonic() + lasting
        topic = self._watch(session_id)
        try:
            yield f"retry: {RETRY_MS}\n\n"
            while (left := end - monotonic()) > 0:
                now = self._next(topic, seen, min(heartbeat, left))
                if now == "" or self._stopped.is_set():
                    return
                if now is not None and now != seen:
                    seen = now
                    yield f"id: {now}\ndata: {now}\n\n"
                elif monotonic() < end:
                    yield ": her\n\n"
        finally:
            self._leave(session_id)

    def is_crowded(self, session_id: str) -> bool:
        """Whether a session, or the process, holds as many streams as it may."""
        with self._lock:
            everywhere = sum(topic.watchers for topic in self._topics.values())
            topic = self._topics.get(session_id)
        here = topic.watchers if topic else 0
        return here >= STREAMS_OF_SESSION or everywhere >= self._most

    def wait_for_stop(self, seconds: float) -> bool:
        """Whether the hub is stopped, or is so within this time."""
        return self._stopped.wait(seconds)

    def stop(self) -> None:
        """End all streams and the thread; for good."""
        self._stopped.set()
        with self._lock:
            topics, thread = list(self._topics.values()), self._thread
        for topic in topics:
            with topic.changed:
                topic.changed.notify_all()
        if thread is not None:
            thread.join(timeout=5)

    def _next(self, topic: _Topic, seen: str, seconds: float) -> str | None:
        with topic.changed:
            topic.changed.wait_for(
                lambda: (
                    topic.version == ""
                    or topic.version not in (None, seen)
                    or self._stopped.is_set()
                ),
                timeout=seconds,
            )
            return topic.version

    def _watch(self, session_id: str) -> _Topic:
        with self._lock:
            topic = self._topics.setdefault(session_id, _Topic())
            topic.watchers += 1
            if self._thread is None and not self._stopped.is_set():
                self._thread = _start("hub", self._run)
        return topic

    def _leave(self, session_id: str) -> None:
        with self._lock:
            topic = self._topics[session_id]
            topic.watchers -= 1
            if not topic.watchers:
                del self._topics[session_id]

    def _run(self) -> None:
        while self._watched():
            try:
                with close_after(connections.open_stores(self._folder)) as stores:
                    self._poll(stores)
            except sqlite3.Error as error:
                # A lock that lasts, or a full disk: the next second may be better.
                log.error("hub: %s", error)
                self._stopped.wait(1)

    def _poll(self, stores: Stores) -> None:
        seen = (-1, -1)
        while topics := self._watched():
            now = (
                connections.data_version(stores.archive),
                connections.data_version(stores.ballots),
            )
            for session_id, topic in topics:
                if now != seen or topic.version is None:
                    _tell(topic, version(stores, session_id))
            seen = now
            if self._stopped.wait(POLL_SECONDS):
                return

    def _watched(self) -> list[tuple[str, _Topic]]:
        """What is watched; without anything, or after the end, the thread is over."""
        with self._lock:
            topics = [] if self._stopped.is_set() else list(self._topics.items())
            if not topics:
                self._thread = None
            return topics


def _tell(topic: _Topic, now: str) -> None:
    with topic.changed:
        if topic.version != now:
            topic.version = now
            topic.changed.notify_all()


# --- housekeeping ---------------------------------------------------------------------


def start_housekeeping(app: Flask) -> threading.Thread:
    """Mend what a crash left, then look after sessions and years every half minute.

    Mending is done before the first request: it may not run beside a teacher who is
    opening a session.
    """
    folder: Path = app.config["DATA"]
    clock: Callable[[], float] = app.config["CLOCK"]
    _keep_house(lambda stores: closing.mend(stores, clock()), folder)
    _end_years(folder, clock)
    hub: Hub = app.extensions["live"]
    _stop_on_signal(hub)
    return _start("housekeeping", lambda: _close_overdue(hub, folder, clock))


def _stop_on_signal(hub: Hub) -> None:
    """End the streams when the process is told to stop.

    A server that lets its requests finish would wait five minutes for a stream. Its
    own signal handlers stay: Python writes each signal's number to this socket too.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

    def watch() -> None:
        # This thread holds both ends: Python keeps the writer's number only, and would
        # write to whatever gets that number once the socket is gone.
        with reader, writer:
            while told := reader.recv(1):
                if told in (bytes([signal.SIGINT]), bytes([signal.SIGTERM])):
                    hub.stop()

    _start("signals", watch)


def _start(name: str, work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name=f"pejling-{name}", daemon=True)
    thread.start()
    return thread


def _close_overdue(hub: Hub, folder: Path, clock: Callable[[], float]) -> None:
    while not hub.wait_for_stop(HOUSEKEEPING_SECONDS):
        _keep_house(closing.forget_closed, folder)
        _keep_house(lambda stores: closing.close_overdue(stores, clock()), folder)
        _end_years(folder, clock)


def _end_years(folder: Path, clock: Callable[[], float]) -> None:
    _keep_house(lambda stores: year_end.freeze_last_year(stores, clock()), folder)
    _keep_house(lambda stores: _let_go(stores, clock()), folder)


def _let_go(stores: Stores, now: float) -> None:
    year_end.let_go(stores, now)


def _keep_house(work: Callable[[Stores], None], folder: Path) -> None:
    try:
        with close_after(connections.open_stores(folder)) as stores:
            work(stores)
    except Exception as error:
        # The thread lives on. The kind only: a message may hold what was written.
        log.error("housekeeping: %s", type(error).__name__)
