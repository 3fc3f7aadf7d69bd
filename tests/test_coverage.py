"""Schools, classes, bookings, and which årgange have had which theme."""

import builders
import pytest
from builders import tallies
from room import sign_in, token_of

from pejling.domain import coverage
from pejling.domain.coverage import Booking, Held, State
from pejling.domain.curriculum import Course, Plan
from pejling.domain.question_sets import Topic
from pejling.storage import archive, bookings, schools, year_end
from pejling.storage.accounts import Role

ALCOHOL, DIGITAL = Topic.ALCOHOL, Topic.DIGITAL
TOPICS = {"7a": ALCOHOL, "7b": DIGITAL, "p1": ALCOHOL}


def course(
    *grades: int, topic: Topic = ALCOHOL, months=(10,), parents=False, sets=("7a",)
) -> Course:
    return Course(grades, topic, "", sets, 45, months, "", (), "", parents)


PLAN = Plan(
    *("prøve", "Prøve", "", "", ""),
    (
        course(7, 8),
        course(7, topic=DIGITAL, months=(3,)),
        course(9, parents=True),
        course(0, sets=()),
    ),
    (),
)


def survey(*held: Held, booked=(), classes=None):
    names = ["Åskolen", "Bakkeskolen"]
    return coverage.survey(PLAN, names, TOPICS, held, booked, classes or {})


def held(letter: str, school: str = "Åskolen", set_id: str = "7a", **more) -> Held:
    return Held(school, 7, letter, set_id, more.pop("day", "2026-10-05"), **more)


def state(found, topic: Topic = ALCOHOL, school: str = "Åskolen", grade: int = 7):
    return found.cells[school, grade, topic].state


# --- coverage -------------------------------------------------------------------------


def test_columns_are_those_of_the_pupils_in_the_plan():
    assert survey().columns == ((7, DIGITAL), (7, ALCOHOL), (8, ALCOHOL))
    assert survey().count(State.MISSING) == 6


def test_theme_is_held_by_any_set_about_it():
    assert state(survey(held("A"))) is State.HELD
    assert state(survey(held("A")), DIGITAL) is State.MISSING
    assert state(survey(held("A", set_id="gone"))) is State.MISSING
    assert state(survey(held("A")), school="Bakkeskolen") is State.MISSING


def test_theme_is_held_where_all_known_classes_have_had_it():
    classes = {("Åskolen", 7): 2}
    assert state(survey(held("A"), classes=classes)) is State.PARTLY
    assert state(survey(held("A"), held("A"), classes=classes)) is State.PARTLY
    assert state(survey(held("A"), held("B"), classes=classes)) is State.HELD
    assert state(survey(held(""), classes=classes)) is State.HELD  # all of the årgang


def test_years_that_are_rolled_up_know_how_many():
    kept = held("", day="", classes=2)
    assert state(survey(kept, classes={("Åskolen", 7): 3})) is State.PARTLY
    assert state(survey(kept, classes={("Åskolen", 7): 2})) is State.HELD


def test_booking_is_less_than_held():
    booked = [Booking(1, "Åskolen", 7, "A", "7a", 11)]
    assert state(survey(booked=booked)) is State.BOOKED
    assert state(survey(held("A"), booked=booked)) is State.HELD


@pytest.mark.parametrize(("month", "due"), [(9, 0), (10, 4), (2, 4), (3, 6), (7, 6)])
def test_what_is_due_grows_with_the_school_year(month, due):
    # Alcohol in October for 7. and 8., digital life in March for 7.; two schools.
    assert sum(map(len, survey().due(month).values())) == due


def test_what_is_held_is_not_due():
    due = survey(held("A")).due(10)
    assert {school: len(cells) for school, cells in due.items()} == {
        "Åskolen": 1,
        "Bakkeskolen": 2,
    }


def test_cell_says_in_words_what_its_mark_shows():
    found = survey(held("A"), classes={("Åskolen", 7): 2})
    assert found.cells["Åskolen", 7, ALCOHOL].words == (
        "Åskolen, 7. årgang, Alkohol og fest: holdt i nogle klasser (1 af 2)"
    )


# --- the consultant's pages -----------------------------------------------------------


@pytest.fixture
def desk(app, stores):
    schools.add(stores.archive, ["Åskolen", "Bakkeskolen"])
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def number(stores, name: str = "Åskolen") -> int:
    return next(
        one.id for one in schools.everything(stores.archive) if one.name == name
    )


def press(desk, path: str, **values: str):
    token = token_of(desk.get("/konsulent/skoler"))
    return desk.post(f"/konsulent/skoler{path}", data={"csrf_token": token, **values})


def a_class(stores, **changes):
    return builders.closed_class(
        stores,
        questions=builders.a_question_set(id="7a"),
        columns=changes,
        vape=tallies("vape", 5, 19),
    )


def test_coverage_of_the_kommune(desk, stores):
    a_class(stores)
    bookings.book(stores.archive, builders.a_booking(stores, school="Bakkeskolen"), 0)
    page = desk.get("/konsulent/daekning").text
    assert "holdt: 1</li>" in page
    assert "planlagt: 1</li>" in page
    assert "Åskolen, 7. årgang, Alkohol og fest: holdt" in page
    assert "Bakkeskolen, 7. årgang, Alkohol og fest: planlagt" in page
    file = desk.get("/konsulent/daekning.csv").data.decode("utf-8-sig")
    assert "2026/27;Åskolen;7;Alkohol og fest;holdt;1;;2026-09-21;" in file
    assert "2026/27;Bakkeskolen;7;Alkohol og fest;planlagt;0;;;november" in file


def test_coverage_of_a_year_that_was_rolled_up(desk, stores):
    a_class(stores, day="2024-10-01")
    year_end.let_go(stores, builders.NOW)
    assert archive.sessions_of(stores.archive) == []
    page = desk.get("/konsulent/daekning?aar=2024").text
    assert "Åskolen, 7. årgang, Alkohol og fest: holdt" in page
    assert "2024/25</option>" in page
    assert desk.get("/konsulent/daekning?aar=x").status_code == 404


def test_school_page_and_reminder_tell_class_by_class(desk, stores):
    a_class(stores)
    press(desk, f"/{number(stores)}/klasser", classes="7.A 24\n7.B 22\n\n8 . a ; 20")
    page = desk.get(f"/konsulent/skoler/{number(stores)}").text
    assert "holdt i nogle klasser" in page
    assert "A: 21. september 2026" in page
    sheet = desk.get(f"/konsulent/skoler/{number(stores)}/paamindelse").text
    assert "Åskolen, 2026/27" in sheet
    assert "Den enkelte skole sikrer" in sheet
    assert schools.classes(stores.archive, "Åskolen") == {
        (7, "A"): 24,
        (7, "B"): 22,
        (8, "A"): 20,
    }


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7.A Emil og de andre", "kan ikke læses"),
        ("11.A 20", "kan ikke læses"),
        ("7.A 121", "kan ikke læses"),
        ("7.Q 20", "kan ikke læses"),
        ("7.A 20\n7 a 21", "7.A står der to gange"),
        ("\n".join(f"{g}.{x}" for g in range(11) for x in "ABCDEFGHIJ"), "højst 100"),
    ],
)
def test_classes_that_cannot_be_read(desk, stores, typed, says):
    answer = press(desk, f"/{number(stores)}/klasser", classes=typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert schools.classes(stores.archive, "Åskolen") == {}


def test_school_is_renamed_with_what_it_has_had(desk, stores):
    a_class(stores)
    press(desk, f"/{number(stores)}/navn", name="  Nye  Åskolen ")
    assert schools.names(stores.archive) == ["Bakkeskolen", "Nye Åskolen"]
    (session,) = archive.sessions_of(stores.archive)
    assert session.school == "Nye Åskolen"
    one = number(stores, "Nye Åskolen")
    taken = press(desk, f"/{one}/navn", name="Bakkeskolen")
    assert taken.status_code == 422
    assert "hedder det allerede" in taken.text
    assert press(desk, f"/{one}/navn", name=" ").status_code == 422


def test_retired_school_is_offered_no_more_and_keeps_what_it_has_had(desk, stores):
    a_class(stores)
    press(desk, f"/{number(stores)}/nedlagt")
    assert schools.names(stores.archive) == ["Bakkeskolen"]
    assert ">Åskolen</option>" not in desk.get("/laerer/ny/7/7a").text
    assert "Nedlagt" in desk.get(f"/konsulent/skoler/{number(stores)}").text
    press(desk, f"/{number(stores)}/nedlagt")
    assert "Åskolen" in schools.names(stores.archive)


def test_school_that_has_had_something_is_not_deleted(desk, stores):
    a_class(stores)
    answer = press(desk, f"/{number(stores)}/slet")
    assert answer.status_code == 409
    assert "Intet er slettet" in answer.text
    press(desk, f"/{number(stores, 'Bakkeskolen')}/slet")
    assert schools.names(stores.archive) == ["Åskolen"]
    assert press(desk, "/999/slet").status_code == 404


def test_schools_are_the_consultants(app, stores, desk):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    for path in ("daekning", "daekning.csv", "skoler", f"skoler/{number(stores)}"):
        assert teacher.get(f"/konsulent/{path}").status_code == 403
