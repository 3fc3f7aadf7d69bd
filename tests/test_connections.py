"""How the two files are opened, and the lock that writing takes."""

import sqlite3
import threading

import builders
import pytest

from pejling.storage import connections, migrations
from pejling.storage.connections import data_version, write


def pragma(db, name: str):
    return db.conn.execute(f"pragma {name}").fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "truncate"),
        ("synchronous", 2),  # full
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("foreign_keys", 1),
        ("temp_store", 2),  # memory: nothing of a sort or vacuum beside the file
    ],
)
def test_every_connection_to_the_ballot_box(tmp_path, name, value):
    migrations.migrate(tmp_path)
    first = connections.open_ballots(tmp_path)
    second = connections.open_ballots(tmp_path)
    try:
        assert (pragma(first, name), pragma(second, name)) == (value, value)
    finally:
        first.conn.close()
        second.conn.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("foreign_keys", 1),
    ],
)
def test_every_connection_to_the_archive(stores, name, value):
    assert pragma(stores.archive, name) == value


def test_ballot_box_leaves_no_log_beside_it(tmp_path, stores):
    session = builders.go_on(stores, builders.open_class(stores))
    seats = builders.take_seats(stores, session, 6)
    builders.answer(stores, seats, "dyr", yes=3)
    beside = {path.name: path.stat().st_size for path in tmp_path.glob("ballot_box*")}
    del beside["ballot_box.db"]
    assert beside in ({}, {"ballot_box.db-journal": 0})


def add_school(db, name: str) -> None:
    db.conn.execute("insert into school (name) values (?)", [name])


def schools(db) -> list[str]:
    return [row[0] for row in db.conn.execute("select name from school")]


def test_write_keeps_what_was_written(stores):
    with write(stores.archive):
        add_school(stores.archive, "Åskolen")
    assert schools(stores.archive) == ["Åskolen"]


def test_write_is_all_or_nothing(stores):
    def half() -> None:
        with write(stores.archive):
            add_school(stores.archive, "Åskolen")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        half()
    assert schools(stores.archive) == []
    assert not stores.archive.conn.in_transaction


def test_write_takes_the_lock_before_it_reads(tmp_path, stores):
    second = connections.open_archive(tmp_path)
    second.conn.execute("pragma busy_timeout = 0")
    try:
        with (
            write(stores.archive),
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            second.conn.execute("begin immediate")
        with write(second):
            add_school(second, "Åskolen")
    finally:
        second.conn.close()
    assert schools(stores.archive) == ["Åskolen"]


def test_threads_queue_for_their_turn_whatever_sqlite_would_wait(tmp_path, stores):
    # SQLite waits for nobody here: each of forty gets its turn all the same.
    failed = []

    def add(number: int) -> None:
        mine = connections.open_archive(tmp_path)
        mine.conn.execute("pragma busy_timeout = 0")
        try:
            with write(mine):
                add_school(mine, f"Skole {number}")
        except sqlite3.Error as error:
            failed.append(error)
        finally:
            mine.conn.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert len(schools(stores.archive)) == 40


def test_turn_that_does_not_come_is_an_error(tmp_path, stores, monkeypatch):
    monkeypatch.setattr(connections, "LONGEST_TURN", 0)
    second = connections.open_archive(tmp_path)
    try:
        with (
            write(stores.archive),
            pytest.raises(sqlite3.OperationalError, match="locked"),
            write(second),
        ):
            pass
        with write(second):
            add_school(second, "Åskolen")
    finally:
        second.conn.close()


def test_other_connections_write_changes_the_data_version(tmp_path, stores):
    before = data_version(stores.ballots)
    second = connections.open_ballots(tmp_path)
    try:
        with write(second):
            second.conn.execute("insert into poll values ('s1', x'00', 24, 0, 1, 0)")
    finally:
        second.conn.close()
    assert data_version(stores.ballots) != before


def test_own_write_leaves_the_data_version(stores):
    before = data_version(stores.ballots)
    with write(stores.ballots):
        stores.ballots.conn.execute(
            "insert into poll values ('s1', x'00', 24, 0, 1, 0)"
        )
    assert data_version(stores.ballots) == before


def test_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / connections.BALLOT_BOX).write_bytes(b"not a database " * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        connections.open_ballots(tmp_path)


def test_stores_that_open_by_half_are_closed(tmp_path, monkeypatch):
    opened = []
    real = connections.open_ballots

    def remember(folder):
        opened.append(real(folder))
        return opened[-1]

    monkeypatch.setattr(connections, "open_ballots", remember)
    (tmp_path / connections.ARCHIVE).mkdir()
    with pytest.raises(sqlite3.OperationalError):
        connections.open_stores(tmp_path)
    try:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            opened[0].conn.execute("select 1")
    finally:
        opened[0].conn.close()


def test_closed_stores_give_their_files_back(tmp_path):
    migrations.migrate(tmp_path)
    stores = connections.open_stores(tmp_path)
    stores.close()
    for db in (stores.ballots, stores.archive):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            db.conn.execute("select 1")
