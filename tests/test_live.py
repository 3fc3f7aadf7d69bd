"""Streams: the version at once, again at each change, and an end."""

import gc
import signal
import threading
import time
from contextlib import closing

import builders
import pytest

from pejling.domain import sessions
from pejling.storage import archive, ballot_box
from pejling.storage import closing as closing_sessions
from pejling.storage.connections import open_stores
from pejling.web import live

FAR = 60.0


@pytest.fixture
def hub(tmp_path, stores):
    made = live.Hub(tmp_path, 64)
    yield made
    made.stop()


@pytest.fixture
def session(stores):
    return builders.open_class(stores)


def next_event(events):
    """The next event of a stream, its first line of settings left out."""
    line = next(events)
    return next(events) if line.startswith("retry") else line


def test_stream_gives_the_version_at_once(hub, session):
    with closing(hub.events(session.id, heartbeat=FAR)) as events:
        assert next(events) == "retry: 1000\n\n"
        assert next(events) == "id: 1.0\ndata: 1.0\n\n"


def test_stream_is_silent_when_the_screen_knows_the_version(hub, session):
    with closing(hub.events(session.id, "1.0", heartbeat=0.2)) as events:
        assert next_event(events).startswith(":")


def test_stream_tells_each_change_once(hub, stores, session):
    with closing(hub.events(session.id, heartbeat=FAR)) as events:
        next_event(events)
        ballot_box.join(stores.ballots, session.id, "a")
        assert "data: 1.1\n" in next(events)
        builders.go_on(stores, session)
        assert "data: 2.1\n" in next(events)


def test_change_arrives_within_300_ms(hub, stores, session):
    with closing(hub.events(session.id, heartbeat=FAR)) as events:
        next_event(events)
        for pupil in range(10):
            pressed = time.monotonic()
            ballot_box.join(stores.ballots, session.id, f"pupil {pupil}")
            next(events)
            assert time.monotonic() - pressed < 0.3


def test_all_streams_of_a_session_are_woken_and_no_other(hub, stores, session):
    other = builders.open_class(stores)
    ours = [hub.events(session.id, heartbeat=FAR) for _ in range(3)]
    theirs = hub.events(other.id, heartbeat=0.5)
    for events in (*ours, theirs):
        next_event(events)
    ballot_box.join(stores.ballots, session.id, "a")
    assert ["1.1" in next(events) for events in ours] == [True] * 3
    assert next(theirs).startswith(":")
    for events in (*ours, theirs):
        events.close()


def test_silent_stream_says_that_it_is_alive(hub, session):
    with closing(hub.events(session.id, heartbeat=0.05)) as events:
        next_event(events)
        assert next(events) == ": her\n\n"
        assert next(events) == ": her\n\n"


def test_stream_ends_after_its_time(hub, session):
    lines = list(hub.events(session.id, heartbeat=FAR, lasting=0.2))
    assert lines == ["retry: 1000\n\n", "id: 1.0\ndata: 1.0\n\n"]


def test_stream_of_an_unknown_session_ends(hub):
    assert list(hub.events("nobody", heartbeat=FAR)) == ["retry: 1000\n\n"]


def test_stream_ends_when_the_session_vanishes(hub, stores, session):
    events = hub.events(session.id, heartbeat=FAR)
    next_event(events)
    stores.archive.conn.execute("delete from session where id = ?", [session.id])
    assert list(events) == []


def test_closed_stream_leaves_nothing_running(hub, session):
    events = hub.events(session.id, heartbeat=FAR)
    next_event(events)
    thread = hub._thread
    events.close()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert hub._topics == {}
    with closing(hub.events(session.id, heartbeat=FAR)) as again:
        assert "1.0" in next_event(again)


def test_stopping_ends_open_streams(hub, session):
    events = hub.events(session.id, heartbeat=FAR)
    next_event(events)
    threading.Timer(0.1, hub.stop).start()
    assert list(events) == []


def test_version_grows_with_archive_and_room(stores, session):
    assert live.version(stores, session.id) == "1.0"
    ballot_box.join(stores.ballots, session.id, "a")
    assert live.version(stores, session.id) == "1.1"
    assert live.version_of(
        session, ballot_box.room(stores.ballots, session.id)
    ) == live.version(stores, session.id)


def test_version_of_a_closed_session_has_no_room(stores):
    session = builders.closed_class(stores)
    assert live.version(stores, session.id) == f"{session.version}.0"


def test_version_tells_nothing_of_answers(stores, session):
    # Two classes answer the opposite; the numbers that the room sees are the same.
    versions = []
    for yes in (0, 20):
        found = builders.open_class(stores)
        seats = builders.take_seats(stores, found)
        found = builders.go_on(stores, builders.go_on(stores, found))
        builders.answer(stores, seats, "vape", yes=yes, guess=yes)
        builders.answer(stores, seats[:17], "aerlighed", yes=yes % 17)
        versions.append(live.version(stores, found.id))
    assert versions[0] == versions[1]


# --- housekeeping ---------------------------------------------------------------------


class AnApp:
    """As much of an application as housekeeping asks for."""

    def __init__(self, folder, hub, now):
        self.config = {"DATA": folder, "CLOCK": lambda: now}
        self.extensions = {"live": hub}


def keep_house(app):
    """Start housekeeping beside the main thread, so that no signal is listened to."""
    threads = []
    starter = threading.Thread(
        target=lambda: threads.append(live.start_housekeeping(app))
    )
    starter.start()
    starter.join()
    return threads[0]


def test_housekeeping_mends_before_it_returns(tmp_path, hub, stores, session):
    ballot_box.open_poll(stores.ballots, "left over", 5)
    late = builders.NOW + sessions.OPEN_SECONDS + 1
    keep_house(AnApp(tmp_path, hub, late))
    assert ballot_box.polls(stores.ballots) == []
    assert not archive.session(stores.archive, session.id).is_open


def test_housekeeping_closes_overdue_sessions(tmp_path, hub, stores, monkeypatch):
    monkeypatch.setattr(live, "HOUSEKEEPING_SECONDS", 0.05)
    late = builders.NOW + sessions.OPEN_SECONDS + 1
    thread = keep_house(AnApp(tmp_path, hub, late))
    session = builders.open_class(stores)
    with closing(hub.events(session.id, heartbeat=FAR, lasting=5)) as events:
        while archive.session(stores.archive, session.id).is_open:
            next(events)
    hub.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_housekeeping_outlives_a_failure(tmp_path, hub, stores, monkeypatch, caplog):
    done = threading.Event()

    def fail(*_args):
        if len(caplog.records) > 1:
            done.set()
        raise ValueError("K7T3QX")

    monkeypatch.setattr(live, "HOUSEKEEPING_SECONDS", 0.01)
    monkeypatch.setattr(closing_sessions, "mend", fail)
    monkeypatch.setattr(closing_sessions, "close_overdue", fail)
    keep_house(AnApp(tmp_path, hub, builders.NOW))
    assert done.wait(5)
    assert "ValueError" in caplog.text
    assert "K7T3QX" not in caplog.text


def test_hub_outlives_a_broken_database(tmp_path, caplog):
    # An empty folder: the tables are not there yet.
    hub = live.Hub(tmp_path, 64)
    events = hub.events("s1", heartbeat=0.3, lasting=5)
    assert next(events).startswith("retry")
    assert next(events).startswith(":")
    with builders.open_stores(tmp_path) as stores:
        session = builders.open_class(stores)
        with closing(hub.events(session.id, heartbeat=FAR)) as others:
            assert "1.0" in next_event(others)
    hub.stop()
    events.close()
    assert "hub:" in caplog.text


def test_stream_holds_no_connection(hub, tmp_path, session):
    with closing(hub.events(session.id, heartbeat=FAR)) as events:
        next_event(events)
        # The hub's own two connections only read: a writer is never kept waiting.
        with closing(open_stores(tmp_path)) as stores:
            stores.ballots.conn.execute("begin exclusive")
            stores.ballots.conn.execute("rollback")


def test_one_session_cannot_take_all_the_threads(app, client, stores):
    session = builders.open_class(stores)
    where = f"/tavle/{session.wall_key}/stroem"
    streams = [client.get(where) for _ in range(live.STREAMS_OF_SESSION)]
    for stream in streams:
        next(iter(stream.response))
    try:
        crowded = client.get(where)
        assert crowded.status_code == 503
    finally:
        app.extensions["live"].stop()
        for stream in streams:
            stream.close()


def test_signal_ends_the_streams(hub):
    before = signal.set_wakeup_fd(-1)
    handler = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        live._stop_on_signal(hub)
        gc.collect()  # the socket that Python writes to must have an owner
        assert not hub.wait_for_stop(0.05)
        assert [one for one in threading.enumerate() if "signals" in one.name]
        signal.raise_signal(signal.SIGTERM)
        assert hub.wait_for_stop(10)
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGTERM, handler)
