"""The curriculum over HTTP: plan, set, guide, and a session opened from the bank."""

import re
from datetime import datetime

import builders
import pytest
from flask import Flask
from flask.testing import FlaskClient
from room import Clock, sign_in, token_of

from pejling import config
from pejling.app import create_app
from pejling.domain.content import library
from pejling.domain.curriculum import MONTHS
from pejling.domain.question_sets import Audience
from pejling.storage import archive, kommune, schools
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores

SETS = library.read(config.question_set_folder("")).sets
PUPILS = [one for one in SETS.values() if one.audience is not Audience.PARENTS]
PARENTS = [one for one in SETS.values() if one.audience is Audience.PARENTS]


@pytest.fixture
def teacher(app: Flask, stores: Stores) -> FlaskClient:
    schools.add(stores.archive, ["Åskolen"])
    return sign_in(app, stores, "laerer@example.dk", Role.TEACHER)


@pytest.fixture
def consultant(app: Flask, stores: Stores) -> FlaskClient:
    return sign_in(app, stores, "konsulent@example.dk", Role.CONSULTANT)


# --- the plan -------------------------------------------------------------------------


def test_from_plan_to_lobby_are_two_presses_and_a_class(teacher: FlaskClient):
    plan = teacher.get("/laerer/aarsplan").text
    assert 'href="/laerer/saet/7a?aargang=7"' in plan
    one_set = teacher.get("/laerer/saet/7a?aargang=7").text
    assert 'href="/laerer/ny/7/7a"' in one_set
    assert teacher.get("/laerer/ny/7/7a").status_code == 200


@pytest.mark.parametrize("plan_id", ["faelles", "rebild", "stevns", "vejen"])
def test_each_plan_can_be_looked_at(teacher: FlaskClient, plan_id: str):
    page = teacher.get(f"/laerer/aarsplan?plan={plan_id}")
    assert page.status_code == 200
    assert page.text.count('class="month') >= 12


@pytest.mark.parametrize("plan_id", ["findes_ikke", "../faelles", "%00"])
def test_unknown_plan_is_not_found(teacher: FlaskClient, plan_id: str):
    assert teacher.get(f"/laerer/aarsplan?plan={plan_id}").status_code == 404


@pytest.mark.parametrize("month", range(1, 13))
def test_this_month_is_marked_in_the_wheel_and_the_list(
    app: Flask, stores: Stores, clock: Clock, month: int
):
    clock.now = datetime(2027, month, 15, 12).timestamp()
    teacher = sign_in(app, stores, "laerer@example.dk", Role.TEACHER)
    page = teacher.get("/laerer/aarsplan").text
    marked = re.findall(r'<li class="month month--now" id="maaned-(\d+)"', page)
    assert marked == [str(month)]
    wheel = re.findall(r'href="#maaned-(\d+)" class="[^"]*--now"', page)
    assert wheel == [str(month)]
    assert f"{MONTHS[month - 1].capitalize()} <span" in page
    # The school year begins in August.
    year = "2027/28" if month >= 8 else "2026/27"
    assert f"Årsplan {year}" in page


def test_themes_without_a_set_stand_in_the_plan(teacher: FlaskClient):
    page = teacher.get("/laerer/aarsplan?plan=rebild").text
    assert "SSP-mini/<wbr>Forældrefiduser" in page
    assert "uden social pejling" in page
    assert "Årgangsplan over undervisningsforløb" in page


def test_set_outside_the_plan_can_still_be_chosen(teacher: FlaskClient):
    page = teacher.get("/laerer/aarsplan?plan=rebild").text
    assert "Sæt uden for planen" in page
    assert "/laerer/saet/9d" in page


def test_consultant_chooses_the_plan_that_teachers_meet(
    teacher: FlaskClient, consultant: FlaskClient, stores: Stores
):
    page = consultant.get("/laerer/aarsplan?plan=stevns")
    assert "Følg denne plan" in page.text
    answer = consultant.post(
        "/konsulent/plan", data={"csrf_token": token_of(page), "plan": "stevns"}
    )
    assert answer.status_code == 303
    assert kommune.plan(stores.archive) == "stevns"
    assert "Kommunen følger planen Stevns" in teacher.get("/laerer/aarsplan").text
    assert "Følg denne plan" not in consultant.get("/laerer/aarsplan").text


def test_teacher_cannot_choose_the_plan(teacher: FlaskClient, stores: Stores):
    page = teacher.get("/laerer/aarsplan?plan=stevns")
    assert "Følg denne plan" not in page.text
    answer = teacher.post(
        "/konsulent/plan", data={"csrf_token": token_of(page), "plan": "stevns"}
    )
    assert answer.status_code == 403
    assert kommune.plan(stores.archive) == ""


def test_unknown_plan_is_not_followed(consultant: FlaskClient, stores: Stores):
    page = consultant.get("/laerer/aarsplan?plan=stevns")
    answer = consultant.post(
        "/konsulent/plan", data={"csrf_token": token_of(page), "plan": "../stevns"}
    )
    assert answer.status_code == 404
    assert "Den plan findes ikke" in answer.text
    assert kommune.plan(stores.archive) == ""


def test_plan_that_was_taken_away_gives_way_to_the_common_one(
    teacher: FlaskClient, stores: Stores
):
    kommune.follow(stores.archive, "nedlagt")
    assert "planen Fælles plan" in teacher.get("/laerer/aarsplan").text


# --- one set --------------------------------------------------------------------------


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_set_page_shows_aims_items_and_prompts(teacher: FlaskClient, one):
    page = teacher.get(f"/laerer/saet/{one.id}")
    assert page.status_code == 200
    for text in (*one.goals, *(p.text for p in one.prompts), one.agreement):
        assert text in page.text
    for triad in one.triads:
        assert all(item.text in page.text for item in triad.items)


@pytest.mark.parametrize("one", PUPILS, ids=lambda one: one.id)
def test_set_is_opened_from_its_page(teacher: FlaskClient, stores: Stores, one):
    grade = one.grades[0]
    assert f"/laerer/ny/{grade}/{one.id}" in teacher.get(f"/laerer/saet/{one.id}").text
    page = teacher.get(f"/laerer/ny/{grade}/{one.id}")
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    answer = teacher.post(
        f"/laerer/ny/{grade}/{one.id}",
        data={
            "csrf_token": token_of(page),
            "items": core,
            "school": "Åskolen",
            "letter": "A",
            "present": "24",
            "pacing": "samlet",
        },
    )
    assert answer.status_code == 303, answer.text
    session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    assert session.grade == grade
    assert set(core) == set(session.triads[1:])


@pytest.mark.parametrize("one", PARENTS, ids=lambda one: one.id)
def test_parents_set_is_read_printed_and_opened_for_parents(teacher: FlaskClient, one):
    page = teacher.get(f"/laerer/saet/{one.id}").text
    for grade in one.grades:
        assert f"Åbn forældremøde i {grade}. årgang" in page
        form = teacher.get(f"/laerer/ny/{grade}/{one.id}").text
        assert "Forældre til stede" in form
        assert "Åbn for forældrene" in form
    # The letter before a lesson is to parents, about pupils.
    assert "/brev" not in page


@pytest.mark.parametrize("set_id", ["findes_ikke", "..%2f7a", "7a%00", "7A"])
def test_unknown_set_is_not_found(teacher: FlaskClient, set_id: str):
    assert teacher.get(f"/laerer/saet/{set_id}").status_code == 404
    assert teacher.get(f"/laerer/saet/{set_id}/vejledning").status_code == 404


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_guide_says_what_to_say_and_what_not(teacher: FlaskClient, one):
    page = teacher.get(f"/laerer/saet/{one.id}/vejledning").text
    for text in (*one.say, *one.do_not_say, *(p.text for p in one.prompts)):
        assert text in page
    assert "underretningspligt" in page
    assert "116 111" in page


@pytest.mark.parametrize(
    "path", ["/laerer/aarsplan", "/laerer/saet/7a", "/laerer/saet/7a/vejledning"]
)
def test_styregruppe_and_strangers_see_no_sets(app, stores, client, path):
    board = sign_in(app, stores, "styregruppe@example.dk", Role.BOARD)
    assert board.get(path).status_code == 403
    assert client.get(path).status_code == 303


# --- the bank -------------------------------------------------------------------------


def choose(teacher: FlaskClient, items: list[str], **more: str):
    page = teacher.get("/laerer/ny/6/6a")
    return teacher.post(
        "/laerer/ny/6/6a",
        data={
            "csrf_token": token_of(page),
            "items": items,
            "school": "Åskolen",
            "letter": "A",
            "present": "24",
            "pacing": "samlet",
            **more,
        },
    )


RISKS = [one.id for one in SETS["6a"].triads if one.is_risk_act] if SETS else []
GOOD = [one.id for one in SETS["6a"].triads if one.is_good_or_attitude] if SETS else []


def test_only_risk_is_refused_with_the_reason(teacher: FlaskClient, stores: Stores):
    answer = choose(teacher, RISKS, accept="1")
    assert answer.status_code == 422
    assert "Sådan kan I ikke begynde" in answer.text
    assert "ingen holdninger" in answer.text
    assert archive.open_sessions(stores.archive) == []


def test_choice_beside_the_method_is_told_and_left_to_the_teacher(
    teacher: FlaskClient, stores: Stores
):
    answer = choose(teacher, [*RISKS[:1], *GOOD[-1:]])
    assert answer.status_code == 422
    assert "Valget passer ikke helt til metoden" in answer.text
    assert "åbner alligevel" in answer.text
    assert archive.open_sessions(stores.archive) == []
    told = re.search(r'name="told"[^>]*value="([^"]*)"', answer.text)[1]
    again = choose(teacher, [*RISKS[:1], *GOOD[-1:]], accept="1", told=told)
    assert again.status_code == 303
    (session,) = archive.open_sessions(stores.archive)
    assert session.triads == (SETS["6a"].triads[0].id, RISKS[0], GOOD[-1])


def test_accepting_counts_for_what_was_told_and_nothing_else(
    teacher: FlaskClient, stores: Stores
):
    # Ticked without having been told anything, or told of another choice.
    for told in ("", "Der er kun 2 spørgsmål ud over opvarmningen."):
        answer = choose(teacher, [*RISKS[:2], *GOOD[-1:]], accept="1", told=told)
        assert answer.status_code == 422
        assert not re.search(r'<input checked[^>]*name="accept"', answer.text)
    assert archive.open_sessions(stores.archive) == []


def test_swapped_item_finds_its_place(teacher: FlaskClient, stores: Stores):
    # However the form is sent, the set's own last is last and the warm-up first.
    chosen = [*reversed([one.id for one in SETS["6a"].triads if one.core][1:])]
    assert choose(teacher, chosen).status_code == 303
    (session,) = archive.open_sessions(stores.archive)
    assert session.triads == tuple(reversed([*chosen, SETS["6a"].triads[0].id]))


# --- youth education ------------------------------------------------------------------


def test_youth_education_has_its_own_words(teacher: FlaskClient, stores: Stores):
    page = teacher.get("/laerer/ny/11/p4")
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    answer = teacher.post(
        "/laerer/ny/11/p4",
        data={
            "csrf_token": token_of(page),
            "items": core,
            "school": "Åskolen",
            "letter": "B",
            "present": "20",
            "pacing": "samlet",
        },
    )
    assert answer.status_code == 303, answer.text
    session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    assert session.class_name == "Hold B"
    assert "Hold B" in teacher.get(answer.location).text


# --- what was left out ----------------------------------------------------------------


def test_consultant_reads_which_file_was_left_out_and_why(tmp_path, clock):
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / "8x.toml").write_text('id = "8x"\ntitel = Rusmidler\n')
    (folder / "stor.toml").write_text("#" * 10_000_000)
    data = tmp_path / "data"
    app = create_app(data, clock=clock, QUESTION_SETS=str(folder))
    with builders.open_stores(data) as stores:
        browser = sign_in(app, stores, "konsulent@example.dk", Role.CONSULTANT)
        page = browser.get("/konsulent/").text
        assert "8x.toml, linje 2, tegn 9: Filen er ikke gyldig TOML" in page
        assert "stor.toml: Filen er på 9765 kB" in page
        # Nothing to teach is said, and nothing falls over.
        assert "Der er ingen plan at vise" in browser.get("/laerer/aarsplan").text


def test_nothing_is_said_where_all_is_well(consultant: FlaskClient):
    assert "har fejl" not in consultant.get("/konsulent/").text
