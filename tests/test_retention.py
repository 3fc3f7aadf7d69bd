"""What is deleted, when, and what is left: by time, by a re-run, by a teacher."""

import datetime
from dataclasses import replace
from pathlib import Path

import builders
import pytest
from builders import NOW, tallies
from click.testing import CliRunner
from room import enter, open_room, sign_in, token_of
from werkzeug.test import TestResponse

from pejling.cli import main
from pejling.domain import rolling_up, school_year
from pejling.domain.disclosure import OwnCounts
from pejling.domain.pooling import ClassAnswers
from pejling.domain.rolling_up import OTHER_SCHOOLS
from pejling.domain.sessions import Session
from pejling.storage import accounts, archive, deletion, pools, staff_log, year_end
from pejling.storage.accounts import Role

VAPE = builders.a_question_set().triad("vape")


def at(day: str) -> float:
    return datetime.datetime.fromisoformat(f"{day}T12:00").timestamp()


def close(stores, letter: str = "A", yes: int = 5, **changes) -> Session:
    """A closed class of 24 of Åskolen, 7. årgang, that was asked on 21 September."""
    return builders.closed_class(
        stores,
        columns={"letter": letter} | changes,
        dyr=tallies("dyr", 12, 12),
        vape=tallies("vape", yes, 24 - yes, guesses={10: 24}),
    )


def left(stores) -> list[str]:
    return sorted(one.letter for one in archive.sessions_of(stores.archive))


def rows(stores, table: str) -> list[dict]:
    return list(stores.archive[table].rows)


# --- by time --------------------------------------------------------------------------


def test_numbers_of_a_class_are_deleted_sixty_days_after_the_year(stores):
    close(stores, "A")
    close(stores, "B")
    close(stores, "C", day="2027-08-01")  # of the next year
    assert year_end.let_go(stores, at("2027-09-28")) == []
    (gone,) = year_end.let_go(stores, at("2027-09-29"))
    assert (gone.year, gone.sessions) == (2026, 2)
    assert left(stores) == ["C"]
    assert year_end.let_go(stores, at("2027-09-29")) == []


def test_sixty_days_after_july():
    last = datetime.date.fromisoformat(school_year.days(2026)[1])
    assert last + datetime.timedelta(60) == datetime.date(2027, 9, 29)
    assert school_year.deleted_by(2026) == "2027-09-29"


def test_dry_run_changes_nothing(stores):
    close(stores, "A")
    close(stores, "B")
    (told,) = year_end.due(stores, at("2027-10-01"))
    assert (told.sessions, told.rollups, told.schools) == (2, 1, 1)
    assert left(stores) == ["A", "B"]
    assert rows(stores, "rollup") == []


def test_what_stays_is_of_several_classes_in_fives(stores):
    # 5 + 6 = 11 of 48 who do it, and 48 who guessed 10: ten too many or so.
    close(stores, "A", 5)
    close(stores, "B", 6)
    year_end.let_go(stores, at("2027-10-01"))
    (row,) = rows(stores, "rollup")
    assert (row["school"], row["grade"], row["triad"]) == ("Åskolen", 7, "vape")
    assert (row["classes"], row["answers"], row["yes"]) == (2, 45, 10)
    assert row["too_high"] == 40  # 48, never all of 45
    (held,) = rows(stores, "held")
    assert (held["school"], held["set_id"], held["classes"]) == ("Åskolen", "proeve", 2)


def test_pools_are_made_before_the_classes_go(stores):
    close(stores, "A")
    year_end.let_go(stores, at("2027-10-01"))
    assert pools.is_frozen(stores.archive, 2026)


def test_nothing_of_a_class_is_left_in_the_file(tmp_path, stores):
    session = close(stores)
    traces = [session.id.encode(), session.wall_key.encode()]

    def found() -> list[bool]:
        content = b"".join(
            path.read_bytes() for path in sorted(Path(tmp_path).glob("archive*"))
        )
        return [trace in content for trace in traces]

    assert found() == [True, True]
    year_end.let_go(stores, at("2027-10-01"))
    staff_log.prune(stores.archive, at("2028-12-01"))
    deletion.empty_log(stores.archive)
    assert found() == [False, False]


def test_version_that_was_asked_keeps_its_words(stores):
    close(stores)
    before = archive.used_wordings(stores.archive)
    year_end.let_go(stores, at("2027-10-01"))
    assert archive.used_wordings(stores.archive) == before != {}


def test_log_of_staff_lasts_a_year(stores):
    close(stores)
    staff_log.prune(stores.archive, NOW + 365 * 86400)
    assert rows(stores, "staff_log") != []
    staff_log.prune(stores.archive, NOW + 365 * 86400 + 1)
    assert rows(stores, "staff_log") == []


def test_command_tells_and_does(stores, tmp_path, monkeypatch):
    close(stores, "A", day="2020-09-21")
    close(stores, "B", day="2020-09-21")
    told = CliRunner().invoke(main, ["retention", "--dry-run", "--data", str(tmp_path)])
    assert told.output == (
        "2020/21: 2 pejlinger ville blive slettet; 1 resultater for flere klasser "
        "bliver, 1 skoler for sig.\n"
    )
    assert left(stores) == ["A", "B"]
    done = CliRunner().invoke(main, ["retention", "--data", str(tmp_path)])
    assert "2 pejlinger er slettet" in done.output
    assert left(stores) == []
    again = CliRunner().invoke(main, ["retention", "--data", str(tmp_path)])
    assert "Intet er for gammelt" in again.output


# --- what may be rolled up ------------------------------------------------------------


def answers(school: str, letter: str, yes: int, n: int = 24, **changes):
    mine = ClassAnswers(
        (school, 7, letter), 7, 0, VAPE, OwnCounts(yes, n - yes, 0), n, {8: n}
    )
    return replace(mine, **changes)


def rolled(*classes: ClassAnswers) -> list[tuple]:
    found = rolling_up.rolled_up(classes)
    return [(one.school, one.classes, one.answers, one.yes) for one in found]


def test_school_with_one_class_does_not_stand_alone():
    # 5 + 6 = 11 of 48 at B, and the one class at A goes with the one at C.
    found = rolled(
        answers("A", "A", 3),
        answers("B", "A", 5),
        answers("B", "B", 6),
        answers("C", "A", 4),
    )
    assert found == [("B", 2, 45, 10), (OTHER_SCHOOLS, 2, 45, 5)]


@pytest.mark.parametrize(
    "classes",
    [
        [("A", "A", 5, 24)],  # one class
        [("A", "A", 3, 10), ("A", "B", 3, 9)],  # 19 answers
        [("A", "A", 3, 25), ("A", "B", 3, 10)],  # 25 of 35 are more than 60 %
    ],
)
def test_what_is_too_few_stays_nowhere(classes):
    assert rolled(*(answers(*one) for one in classes)) == []


def test_none_and_all_look_like_five():
    assert rolled(answers("A", "A", 0), answers("A", "B", 0))[0][3] == 5
    assert rolled(answers("A", "A", 24), answers("A", "B", 24))[0][3] == 40


def test_no_count_is_known_closer_than_five():
    # 48 answers in 45: all counts that look alike are at least five.
    shown = [
        rolled(answers("A", "A", min(yes, 24)), answers("A", "B", max(0, yes - 24)))[0]
        for yes in range(49)
    ]
    assert min(map(shown.count, set(shown))) >= 5


def test_warm_up_is_not_rolled_up():
    harmless = builders.a_question_set().triad("dyr")
    both = [answers("A", one, 12, triad=harmless) for one in "AB"]
    assert rolled(*both) == []


# --- a second run ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "stays"), [("2026-10-19", False), ("2026-10-20", True)]
)
def test_second_run_within_28_days_replaces_the_first(stores, day, stays):
    first = close(stores, day="2026-09-21")
    second = close(stores, day=day)
    kept = {one.id for one in archive.sessions_of(stores.archive)}
    assert kept == ({first.id, second.id} if stays else {second.id})


def test_other_class_set_or_school_replaces_nothing(stores):
    close(stores, "A")
    close(stores, "B")
    close(stores, "A", school="Bakkeskolen")
    close(stores, "A", grade=8)
    close(stores, "A", set_id="andet")
    assert left(stores) == ["A", "A", "A", "A", "B"]


def test_second_run_with_too_few_answers_leaves_the_first(stores):
    first = close(stores)
    second = builders.open_class(stores)
    few = {"dyr": tallies("dyr", 12, 12), "vape": (0, {})}
    archive.store_closed(stores.archive, second.id, few, finish=NOW)
    assert first.id in {one.id for one in archive.sessions_of(stores.archive)}


def test_no_moment_has_both_results(stores):
    # In steps each behaviour is archived by itself; the first of them takes the place.
    first = close(stores)
    second = builders.open_class(stores)
    warm_up = {"dyr": tallies("dyr", 12, 12)}
    archive.store_closed(stores.archive, second.id, warm_up)
    assert archive.counters(stores.archive, first.id) != {}
    archive.store_closed(stores.archive, second.id, {"vape": tallies("vape", 3, 21)})
    assert archive.counters(stores.archive, first.id) == {}
    assert archive.counters(stores.archive, second.id) != {}


def test_teacher_is_told_before_opening(app, stores):
    room = open_room(app, stores)  # 7a for 7.A of Åskolen
    page = room.teacher.get("/laerer/ny/7/7a")
    values = {
        "csrf_token": token_of(page),
        "items": list(room.session.triads[1:]),
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "mode": "skaerm",
        "pacing": "samlet",
    }

    def opens(**changes) -> TestResponse:
        return room.teacher.post("/laerer/ny/7/7a", data=values | changes)

    assert opens().status_code == 303  # nothing has come of the first one yet
    close(stores, set_id="7a", day="2026-09-10")
    told = opens()
    assert told.status_code == 422
    assert "Klassen har haft det her sæt den 10. september 2026" in told.text
    assert opens(letter="B").status_code == 303
    assert opens(replaces="y").status_code == 303


# --- by the teacher -------------------------------------------------------------------


@pytest.fixture
def mine(app, stores):
    """A teacher's browser, and her closed session."""
    session = close(stores)
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    owner = accounts.find(stores.archive, "t@example.dk").id
    stores.archive["session"].update(session.id, {"owner": owner})
    return teacher, session


def test_teacher_deletes_a_pejling(mine, stores, app):
    teacher, session = mine
    page = teacher.get(f"/laerer/{session.id}/slet")
    assert "senest den 29. september 2027" in page.text
    assert "Klassen kommer ikke med" in page.text
    token = token_of(page)
    asked = teacher.post(f"/laerer/{session.id}/slet", data={"csrf_token": token})
    assert asked.location.endswith("/slet")
    assert left(stores) == ["A"]
    teacher.post(f"/laerer/{session.id}/slet", data={"csrf_token": token, "ja": "1"})
    assert left(stores) == []
    assert app.test_client().get(f"/tavle/{session.wall_key}").status_code == 404
    assert teacher.get(f"/laerer/{session.id}").status_code == 404
    (logged,) = [one for one in rows(stores, "staff_log") if one["action"] == "delete"]
    assert logged["object"] == session.id


def test_what_a_frozen_year_got_stays(mine, stores):
    teacher, session = mine
    year_end.freeze_last_year(stores, at("2027-09-01"))
    page = teacher.get(f"/laerer/{session.id}/slet").text
    assert "kan ikke skilles fra de andres" in page


def test_open_pejling_is_not_deleted(mine, stores):
    teacher, session = mine
    stores.archive["session"].update(session.id, {"stage": "lobby"})
    token = token_of(teacher.get("/laerer/"))
    answer = teacher.post(
        f"/laerer/{session.id}/slet", data={"csrf_token": token, "ja": "1"}
    )
    assert answer.status_code == 409
    assert "Intet er slettet" in answer.text
    assert left(stores) == ["A"]


def test_another_teacher_deletes_nothing(mine, stores, app):
    _, session = mine
    accounts.add(
        stores.archive, "u@example.dk", Role.TEACHER, "en god lang adgangskode"
    )
    other = enter(app, "u@example.dk")
    assert other.get(f"/laerer/{session.id}/slet").status_code == 403
    token = token_of(other.get("/laerer/"))
    gone = other.post(
        f"/laerer/{session.id}/slet", data={"csrf_token": token, "ja": "1"}
    )
    assert gone.status_code == 403
    assert left(stores) == ["A"]
