"""The archive: sessions with frozen sets, final counters, what the teacher chose."""

from dataclasses import replace

import builders
import pytest
from builders import NOW, tallies

from pejling.domain import sessions
from pejling.domain.sessions import Kind, Position, Stage, Step
from pejling.storage import archive, schools
from pejling.storage.archive import BusyCodes, MissingSession, SessionChanged


@pytest.fixture
def db(stores):
    return stores.archive


@pytest.fixture
def session(stores):
    return builders.open_class(stores)


# --- schools --------------------------------------------------------------------------


def test_schools_stand_in_danish_order(db):
    schools.add(db, ["Åskolen", "Østskolen", "Ærøskolen", "Zoo", "aby"])
    assert schools.names(db) == ["aby", "Zoo", "Ærøskolen", "Østskolen", "Åskolen"]


def test_school_is_added_once(db):
    schools.add(db, ["Åskolen"])
    schools.add(db, ["Åskolen", "Byskolen"])
    assert schools.names(db) == ["Byskolen", "Åskolen"]


# --- sessions -------------------------------------------------------------------------


def test_sessions_in_progress_come_first_then_the_newest(stores, db):
    days = ("2026-09-01", "2026-09-03", "2026-09-02")
    held = {
        day: builders.closed_class(stores, columns={"day": day, "letter": letter}).id
        for day, letter in zip(days, "ABC", strict=True)
    }
    running = builders.open_class(stores)
    found = [one.id for one in archive.sessions_of(db)]
    assert found == [running.id, *(held[day] for day in sorted(days, reverse=True))]
    page = archive.sessions_of(db, most=2, skip=1)
    assert [one.id for one in page] == found[1:3]


def test_new_session_waits_in_its_lobby(session):
    assert (session.stage, session.position) == (Stage.LOBBY, Position())
    assert (session.opened, session.version) == (NOW, 1)
    assert (session.class_name, session.school) == ("7.A", "Åskolen")
    assert sessions.is_code(session.code)


def test_session_is_found_by_code_secret_and_wall(db, session):
    assert archive.session(db, session.id) == session
    assert archive.session_by_code(db, session.code) == session
    assert archive.session_by_secret(db, session.join_secret) == session
    assert archive.session_by_wall(db, session.wall_key) == session


@pytest.mark.parametrize("key", ["", "unknown"])
@pytest.mark.parametrize(
    "find",
    [
        archive.session,
        archive.session_by_code,
        archive.session_by_secret,
        archive.session_by_wall,
    ],
)
def test_missing_session(stores, db, find, key):
    # A closed session has "" for code and secret; "" must not find it.
    builders.closed_class(stores)
    with pytest.raises(MissingSession):
        find(db, key)


def test_sessions_have_codes_and_secrets_of_their_own(stores):
    some = [builders.open_class(stores) for _ in range(20)]
    for name in ("id", "code", "join_secret", "wall_key"):
        assert len({getattr(one, name) for one in some}) == 20
    # 26 characters of 32 are 130 bits; 16 bytes are 128.
    assert {len(one.join_secret) for one in some} == {26}
    assert {len(bytes.fromhex(one.wall_key)) for one in some} == {16}


def test_code_that_is_taken_is_not_given_twice(stores, monkeypatch):
    monkeypatch.setattr(archive.secrets, "choice", lambda alphabet: alphabet[0])
    builders.open_class(stores)
    with pytest.raises(BusyCodes):
        builders.open_class(stores)


def test_session_keeps_the_set_as_it_was_asked(stores, db):
    old = builders.a_question_set()
    session = builders.open_class(stores, questions=old)
    builders.open_class(stores, questions=builders.a_question_set(version=2))
    assert archive.session(db, session.id).questions == old


def test_starting_over_gives_a_new_code_and_new_ten_minutes(db, session):
    new = archive.new_codes(db, session, NOW + 300)
    assert new.code != session.code
    assert new.join_secret != session.join_secret
    assert (new.opened, new.version) == (NOW + 300, 2)
    assert new.wall_key == session.wall_key
    with pytest.raises(MissingSession):
        archive.session_by_code(db, session.code)


def test_closed_session_gets_no_new_code(stores, db):
    closed = builders.closed_class(stores)
    with pytest.raises(SessionChanged):
        archive.new_codes(db, closed, NOW + 300)


def test_sessions_of_a_teacher_newest_first(stores, db):
    first, second = builders.open_class(stores), builders.open_class(stores)
    db.conn.execute("update session set day = '2026-09-22' where id = ?", [second.id])
    owner = builders.a_teacher(stores).id
    assert [one.id for one in archive.sessions_of(db, owner)] == [second.id, first.id]
    assert len(archive.sessions_of(db)) == 2
    assert archive.sessions_of(db, owner + 1) == []


def test_closed_session_is_not_open(stores, db, session):
    builders.closed_class(stores)
    assert [one.id for one in archive.open_sessions(db)] == [session.id]


def test_move_stores_stage_and_position(db, session):
    new = replace(session, stage=Stage.WARM_UP, position=Position("dyr", Step.FACIT))
    moved = archive.move(db, session, new, NOW)
    assert (moved.stage, moved.position) == (new.stage, new.position)
    assert moved.version == archive.version(db, session.id) == 2


def test_second_of_two_presses_counts_nothing(db, session):
    archive.move(db, session, sessions.start_warm_up(session), NOW)
    with pytest.raises(SessionChanged):
        archive.move(db, session, sessions.start_warm_up(session), NOW)
    assert archive.version(db, session.id) == 2


def test_version_of_a_session_that_is_not_there(db):
    assert archive.version(db, "nowhere") == 0


# --- counters -------------------------------------------------------------------------


def test_closed_triads_are_kept(db, session):
    archive.store_closed(db, session.id, {"vape": tallies("vape", 3, 21)})
    assert archive.answered(db, session.id) == {"vape": 24}
    assert archive.counters(db, session.id) == {
        "vape.andre": {8: 24},
        "vape.kammerater": {8: 24},
        "vape.selv": {builders.YES: 3, builders.NO: 21},
    }
    assert archive.session(db, session.id).code == session.code


def test_closing_again_changes_no_number(db, session):
    for yes in (3, 9):
        kept = {"vape": tallies("vape", yes, 24 - yes)}
        archive.store_closed(db, session.id, kept, finish=NOW)
    assert archive.counters(db, session.id)["vape.selv"][builders.YES] == 3


def test_finished_session_keeps_its_day_and_no_time(db, session):
    archive.store_closed(db, session.id, {}, finish=NOW)
    closed = archive.session(db, session.id)
    assert (closed.stage, closed.day) == (Stage.CLOSED, "2026-09-21")
    assert (closed.opened, closed.code, closed.join_secret) == (0, "", "")
    assert closed.wall_key == session.wall_key


def test_many_closed_sessions_have_no_code_beside_each_other(stores, db):
    for _ in range(3):
        builders.closed_class(stores)
    assert [one.code for one in archive.sessions_of(db)] == ["", "", ""]


# --- choices --------------------------------------------------------------------------


def test_teacher_may_choose_and_choose_again(db, session):
    assert archive.choices(db, session.id) == {}
    archive.choose(db, session.id, "vape", True)
    archive.choose(db, session.id, "hjulpet", False)
    archive.choose(db, session.id, "vape", False)
    assert archive.choices(db, session.id) == {"vape": False, "hjulpet": False}


def test_choice_reaches_every_screen(db, session):
    archive.choose(db, session.id, "vape", True)
    assert archive.version(db, session.id) == session.version + 1


def test_log_holds_no_code_and_no_answer(stores, db):
    session = builders.go_on(stores, builders.open_class(stores))
    rows = db.conn.execute("select at, account, action, object from staff_log")
    owner = builders.a_teacher(stores).id
    assert rows.fetchall() == [
        (int(NOW), owner, "open", session.id),
        (int(NOW), owner, "warm_up", session.id),
    ]


def test_a_session_knows_what_it_is_held_against(stores):
    first = builders.open_class(stores, 12)
    new = archive.NewSession(
        owner=first.owner,
        school=first.school,
        grade=first.grade,
        letter=first.letter,
        questions=first.questions,
        triads=first.triads,
        present=12,
        pacing=first.pacing,
        day="2027-01-20",
        kind=Kind.PARENTS,
        linked=(first.id, "gone"),
    )
    second = archive.open_session(stores.archive, new, builders.NOW)
    assert (second.kind, second.linked) == (Kind.PARENTS, (first.id, "gone"))
    assert archive.session(stores.archive, second.id) == second
    assert (first.kind, first.linked) == (Kind.CLASS, ())
