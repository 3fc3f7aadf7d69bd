"""Connections to the two database files, and the lock that writing takes.

``ballot_box.db`` keeps its rollback journal (TRUNCATE) and overwrites what it deletes:
a write-ahead log would keep every step of every counter, and with them the order of the
answers (docs/privacy.md, "Storage"). ``archive.db`` holds no step of anything and uses
the write-ahead log.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

BALLOT_BOX = "ballot_box.db"
ARCHIVE = "archive.db"

LONGEST_TURN = 20
"""Seconds that a thread queues for a file: longer than a class takes on a slow disk."""

_TURNS: dict[str, threading.Lock] = {}
_TURNS_LOCK = threading.Lock()


@dataclass(frozen=True)
class Stores:
    """The two databases, opened for one request or one command."""

    ballots: Database
    archive: Database

    def close(self) -> None:
        """Give both files back."""
        self.ballots.conn.close()
        self.archive.conn.close()


def open_stores(folder: Path) -> Stores:
    """Both databases of a data folder, which must exist.

    :raises sqlite3.OperationalError: if a file cannot be opened.
    """
    ballots = open_ballots(folder)
    try:
        return Stores(ballots, open_archive(folder))
    except sqlite3.Error:
        ballots.conn.close()
        raise


def open_ballots(folder: Path) -> Database:
    """The ballot box: no log of its past, nothing left of what was deleted."""
    return _open(
        folder / BALLOT_BOX,
        "pragma journal_mode = truncate",
        "pragma synchronous = full",
        "pragma secure_delete = on",
        "pragma temp_store = memory",
    )


def open_archive(folder: Path) -> Database:
    """The archive of closed sessions, accounts and schools."""
    return _open(
        folder / ARCHIVE,
        "pragma journal_mode = wal",
        "pragma synchronous = full",
        "pragma secure_delete = on",
    )


def _open(path: Path, *pragmas: str) -> Database:
    conn = sqlite3.connect(
        path, timeout=5, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in ("pragma busy_timeout = 5000", "pragma foreign_keys = on"):
            conn.execute(pragma)
        for pragma in pragmas:
            conn.execute(pragma)
    except sqlite3.Error:
        conn.close()
        raise
    return Database(conn)


@contextmanager
def write(db: Database) -> Iterator[None]:
    """A transaction that takes the write lock first.

    ``Database.atomic()`` reads before it writes, which SQLite refuses at once when a
    class submits in the same second; with the lock taken first the phones wait their
    turn. Threads of this process queue for the file before they ask SQLite, which lets
    waiters sleep and try again without any order: of a class on a slow disk some would
    wait until their time was up while others wrote again and again.

    :raises sqlite3.OperationalError: if the turn does not come in time.
    """
    turn = _turn(db)
    if not turn.acquire(timeout=LONGEST_TURN):
        raise sqlite3.OperationalError("database is locked")
    try:
        yield from _transaction(db)
    finally:
        turn.release()


def _turn(db: Database) -> threading.Lock:
    path = str(db.conn.execute("pragma database_list").fetchone()[2])
    with _TURNS_LOCK:
        return _TURNS.setdefault(path, threading.Lock())


def _transaction(db: Database) -> Iterator[None]:
    db.conn.execute("begin immediate")
    try:
        yield
    except BaseException:
        # A full disk has rolled back already; rolling back twice would hide it.
        if db.conn.in_transaction:
            db.conn.execute("rollback")
        raise
    try:
        db.conn.execute("commit")
    except sqlite3.Error:
        if db.conn.in_transaction:
            db.conn.execute("rollback")
        raise


def data_version(db: Database) -> int:
    """A number that changes when another connection has written to the file."""
    return int(db.conn.execute("pragma data_version").fetchone()[0])
