"""The schema, and the folder it is made in."""

import sqlite3
import stat
from contextlib import closing as closes
from pathlib import Path

import builders
import pytest

from pejling.storage import archive, ballot_box, connections, migrations
from pejling.storage.ballot_box import Seat
from pejling.storage.migrations import NewerDatabase


def tables(db) -> dict[str, list[str]]:
    """Table -> its columns, those of SQLite itself left out."""
    rows = db.conn.execute(
        "select m.name, c.name from sqlite_schema m, pragma_table_info(m.name) c"
        " where m.type = 'table' and m.name not like 'sqlite_%'"
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def flags(db) -> dict[str, tuple[int, int]]:
    """Table -> whether it is without rowid, and strict."""
    return {
        row[1]: (row[4], row[5])
        for row in db.conn.execute("pragma table_list")
        if row[0] == "main" and not row[1].startswith(("sqlite_", "_sqlite_"))
    }


def test_ballot_box_has_the_tables_of_the_design(stores):
    assert tables(stores.ballots) == {
        "poll": ["session", "key", "seats", "revision", "is_asking", "freed"],
        "slip": ["token_hash", "session"],
        "asked": ["session", "triad", "is_open"],
        "seat": ["session", "token_hash"],
        "mark": ["session", "triad", "token_hash", "is_sent"],
        "tally": ["session", "item", "option", "n"],
        "shown": ["session", "item", "option", "n"],
    }


def test_no_table_of_the_ballot_box_has_both_a_token_and_an_answer(stores):
    answer = {"option", "n", "item", "guess", "answer"}
    both = [
        table
        for table, columns in tables(stores.ballots).items()
        if any("token" in column for column in columns) and answer & set(columns)
    ]
    assert both == []


def test_no_table_of_the_ballot_box_has_a_time(stores):
    words = ("time", "date", "day", "opened", "created", "seen", "expires", "at")
    timed = [
        (table, column)
        for table, columns in tables(stores.ballots).items()
        for column in columns
        if any(word in column.split("_") for word in words)
    ]
    assert timed == []


def test_ballot_box_keeps_no_order_of_arrival(stores):
    # Without rowid the rows lie in the order of their keys.
    assert set(flags(stores.ballots).values()) == {(1, 1)}


def test_archive_is_strict(stores):
    loose = [name for name, (_, strict) in flags(stores.archive).items() if not strict]
    assert loose == []


def test_archive_has_no_table_about_pupils(stores):
    names = {
        column for columns in tables(stores.archive).values() for column in columns
    }
    assert names & {"pupil", "seat", "address", "device", "agent", "ip"} == set()


@pytest.mark.parametrize(
    "row",
    [
        "insert into tally values ('s1', 'vape.selv', 0, '1')",
        "insert into tally values ('s1', 'vape.selv', 0, '-01')",
        "insert into tally values ('s1', 'vape.selv', 'ja', '001')",
        "insert into tally values ('s2', 'vape.selv', 0, '001')",
        "insert into seat values ('s1', null)",
    ],
    ids=["short", "negative", "text", "no session", "null"],
)
def test_ballot_box_refuses(stores, row):
    stores.ballots.conn.execute("insert into poll values ('s1', x'00', 24, 0, 1, 0)")
    with pytest.raises(sqlite3.IntegrityError):
        stores.ballots.conn.execute(row)


def test_migrating_again_changes_nothing(tmp_path):
    with builders.open_stores(tmp_path) as stores:
        session = builders.open_class(stores)
    with builders.open_stores(tmp_path) as stores:
        row = stores.archive.conn.execute("select id from session").fetchone()
        assert row == (session.id,)
        assert tables(stores.ballots)


def test_folder_and_files_are_for_the_owner_only(tmp_path):
    folder = tmp_path / "deep" / "data"
    migrations.migrate(folder)
    modes = {
        path.name: oct(stat.S_IMODE(path.stat().st_mode))
        for path in (folder, *folder.glob("*.db"))
    }
    assert modes == {
        "data": "0o700",
        "archive.db": "0o600",
        "ballot_box.db": "0o600",
    }


def test_newer_archive_is_refused(tmp_path):
    with builders.open_stores(tmp_path) as stores:
        stores.archive["_sqlite_migrations"].insert(
            {"migration_set": "archive", "name": "m999_future", "applied_at": "2030"}
        )
    with pytest.raises(NewerDatabase, match="archive"):
        migrations.migrate(tmp_path)


def test_newer_ballot_box_is_refused_and_left_as_it_is(tmp_path):
    migrations.migrate(tmp_path)
    path = tmp_path / connections.BALLOT_BOX
    with closes(sqlite3.connect(path)) as conn:
        conn.execute("pragma user_version = 99")
    with pytest.raises(NewerDatabase, match="ballot_box"):
        migrations.migrate(tmp_path)
    with closes(sqlite3.connect(path)) as conn:
        assert conn.execute("pragma user_version").fetchone() == (99,)


def test_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(OSError, match="data"):
        migrations.migrate(tmp_path / "data")


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        migrations.migrate(tmp_path / "file" / "data")


def test_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    # Not with chmod: the tests may run as root, whom it does not stop.
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(PermissionError):
        migrations.migrate(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_writing_is_tried_without_leaving_a_trace(tmp_path):
    migrations.migrate(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} >= {
        "archive.db",
        "ballot_box.db",
    }
    assert not (tmp_path / ".writable").exists()


def test_open_class_goes_on_under_the_new_marks_and_counters(tmp_path, monkeypatch):
    # A class in its warm-up when the program was updated: 2 of 3 have sent, both Ja.
    with monkeypatch.context() as old:
        old.setattr(migrations, "BALLOT_STEPS", migrations.BALLOT_STEPS[:2])
        migrations.migrate(tmp_path)
    conn = sqlite3.connect(tmp_path / connections.BALLOT_BOX)
    conn.execute("insert into poll values ('s1', x'00', 3, 4, 1, 0)")
    conn.execute("insert into asked values ('s1', 'dyr', 1)")
    for seat in ("a", "b", "c"):
        conn.execute("insert into seat values ('s1', ?)", [seat])
    for seat in ("b", "a"):
        conn.execute("insert into used values ('s1', ?, 'dyr')", [seat])
    conn.execute("insert into counter values ('s1', 'dyr.selv', 0, 2)")
    conn.commit()
    conn.close()
    with builders.open_stores(tmp_path) as stores:
        db = stores.ballots
        ballot_box.ask(db, "s1", builders.scales("dyr"))  # as mending does at start
        assert ballot_box.counters(db, "s1", "dyr") == {"dyr.selv": {0: 2}}
        assert ballot_box.answered(db, Seat("s1", "a")) == {"dyr"}
        assert ballot_box.answered(db, Seat("s1", "c")) == frozenset()
        ballot_box.add_answers(db, Seat("s1", "c"), "dyr", builders.ballot("dyr"))
        assert ballot_box.counters(db, "s1", "dyr")["dyr.selv"] == {0: 2, 1: 1}


def test_broken_step_leaves_the_ballot_box_as_it_was(tmp_path, monkeypatch):
    migrations.migrate(tmp_path)

    def broken(db) -> None:
        db.conn.execute("create table half (a integer) strict")
        raise RuntimeError("power cut")

    steps = (*migrations.BALLOT_STEPS, broken)
    monkeypatch.setattr(migrations, "BALLOT_STEPS", steps)
    with pytest.raises(RuntimeError, match="power cut"):
        migrations.migrate(tmp_path)
    monkeypatch.undo()
    with builders.open_stores(tmp_path) as stores:
        assert "half" not in tables(stores.ballots)


def test_sessions_held_before_youth_education_keep_everything(tmp_path):
    # An archive as it was before step 3, with a closed session and what hangs on it.
    db = connections.open_archive(tmp_path)
    migrations.archive.apply(db, stop_before="m003_youth_education")
    run = db.conn.execute
    run("insert into account (email, role, password_hash) values ('a@b', 'laerer', '')")
    frozen = builders.a_question_set().frozen()
    row = ["s1", 1, "Åskolen", 7, "A", "proeve", 1, frozen, '["dyr"]', 24, "samlet"]
    row += ["2026-09-21", "closed", "", "question", 0.0, 5, "", "", "w1"]
    run(
        "insert into session values"
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    run("insert into closed_triad values ('s1', 'dyr', 24)")
    run("insert into counter values ('s1', 'dyr.selv', 0, 20)")
    run("insert into choice values ('s1', 'dyr', 1)")
    db.conn.close()

    with builders.open_stores(tmp_path) as stores:
        held = archive.session(stores.archive, "s1")
        assert (held.class_name, held.version) == ("7.A", 5)
        assert archive.answered(stores.archive, "s1") == {"dyr": 24}
        assert archive.counters(stores.archive, "s1") == {"dyr.selv": {0: 20}}
        assert archive.choices(stores.archive, "s1") == {"dyr": True}
        # What hangs on a session still goes with it, and only with it.
        conn = stores.archive.conn
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute("insert into counter values ('s2', 'dyr.selv', 0, 1)")
        conn.execute("delete from session")
        assert archive.counters(stores.archive, "s1") == {}


def test_archive_takes_youth_education_and_nothing_beyond(stores):
    builders.open_class(stores)
    for grade, taken in ((11, True), (12, False), (-1, False)):
        try:
            stores.archive.conn.execute("update session set grade = ?", [grade])
        except sqlite3.IntegrityError:
            assert not taken
        else:
            assert taken
