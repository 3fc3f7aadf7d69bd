"""Plans: which årgang meets what, when, and where it comes from."""

import re
from pathlib import Path

import pytest

from pejling import config
from pejling.domain.content import library, plan_files
from pejling.domain.curriculum import COLUMNS, COMMON, SCHOOL_YEAR, months_name
from pejling.domain.grades import (
    YOUTH_EDUCATION,
    class_name,
    classes_phrase,
    grade_name,
    grades_name,
)
from pejling.domain.question_sets import Audience, Topic

FOLDER = config.question_set_folder("")

PLAN = """
id = "by"
titel = "Byen"
kommune = "Byen"
dokument = "En plan"
omtale = "Den siger lidt."

[[forloeb]]
aargang = [7]
emne = "nikotin"
titel = "Damp"
saet = ["proeve"]
minutter = 45
maaneder = [1, 9]
afsnit = "Bilag 1"
placeret = ["maaneder"]

[[foraeldremoeder]]
aargang = [7, 8]
emne = "nikotin"
titel = "Møde"
saet = []
minutter = 0
maaneder = []
afsnit = "Bilag 2"

[[aarshjul]]
maaneder = [9]
titel = "Temadag"
afsnit = "Bilag 3"
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "by.toml"
    path.write_text(PLAN)
    found, problems = plan_files.check_plan_file(path)
    assert problems == []
    return found


@pytest.fixture(scope="module")
def shipped():
    return library.read(FOLDER)


# --- one plan -------------------------------------------------------------------------


def test_months_stand_in_the_order_of_the_school_year(plan):
    assert plan.courses[0].months == (9, 1)


def test_cell_has_pupils_before_parents(plan):
    column = "Nikotin, alkohol og stoffer"
    assert [one.title for one in plan.cell(7, column)] == ["Damp", "Møde"]
    assert [one.title for one in plan.cell(8, column)] == ["Møde"]
    assert plan.cell(6, column) == ()
    assert (plan.grades, plan.columns) == ((7, 8), (column,))


def test_month_has_its_courses_and_events(plan):
    courses, events = plan.in_month(9)
    assert [one.title for one in courses] == ["Damp"]
    assert [one.title for one in events] == ["Temadag"]
    assert plan.in_month(12) == ((), ())


def test_what_has_no_month_is_not_lost(plan):
    courses, events = plan.without_month()
    assert [one.title for one in courses] == ["Møde"]
    assert events == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "by"', 'id = "By"', "'By' kan ikke bruges"),
        ("aargang = [7]", "aargang = [12]", "'aargang' er 12"),
        ("aargang = [7]", "aargang = []", "'aargang' har 0"),
        ('emne = "nikotin"', 'emne = "damp"', "'emne' er 'damp'"),
        ("maaneder = [1, 9]", "maaneder = [13]", "'maaneder' er 13"),
        ("minutter = 45", "minutter = 4500", "'minutter' er 4500"),
        ('placeret = ["maaneder"]', 'placeret = ["titel"]', "'placeret' er 'titel'"),
        ('titel = "Damp"', 'titell = "Damp"', "'titell' findes ikke"),
        ('afsnit = "Bilag 3"', "", "'afsnit' mangler"),
    ],
)
def test_fault_of_a_plan_is_told(tmp_path, old, new, words):
    path = tmp_path / "by.toml"
    path.write_text(PLAN.replace(old, new, 1))
    found, problems = plan_files.check_plan_file(path)
    assert found is None
    assert words in "\n".join(map(str, problems))
    assert all(one.line for one in problems)


def test_every_theme_has_one_column():
    topics = [topic for column in COLUMNS.values() for topic in column]
    assert sorted(topics) == sorted(Topic)


# --- the plans that ship --------------------------------------------------------------


def test_shipped_plans(shipped):
    assert list(shipped.plans) == [
        COMMON,
        "hedensted",
        "rebild",
        "stevns",
        "thisted",
        "vejen",
    ]


def test_common_plan_uses_every_set(shipped):
    named = {one for course in shipped.plans[COMMON].courses for one in course.set_ids}
    assert named == set(shipped.sets)


def test_no_lesson_in_july(shipped):
    july = [
        (plan.id, one.title)
        for plan in shipped.plans.values()
        for one in plan.courses
        if 7 in one.months
    ]
    assert july == []


def test_every_cell_says_where_it_comes_from(shipped):
    for plan in shipped.plans.values():
        assert all(one.section for one in (*plan.courses, *plan.events))


def test_lesson_is_as_long_as_its_set(shipped):
    # Two sets in one cell share its time, so it may be more than one of them needs.
    for plan in shipped.plans.values():
        for course in plan.courses:
            if course.set_ids:
                needs = min(shipped.sets[one].minutes for one in course.set_ids)
                assert course.minutes >= needs, (plan.id, course.title)


def cells(shipped, plan_id: str, *, parents: bool = False) -> set:
    return {
        (grade, one.title, one.set_ids)
        for one in shipped.plans[plan_id].courses
        for grade in one.grades
        if one.for_parents == parents
    }


def test_rebild_is_as_its_document_lists_it(shipped):
    # Årgangsplan over undervisningsforløb: SSP-mini 0.-1., trafik 0.-3. and 6., sociale
    # medier og klasseaftale 4.-5., opfølgning 6., forløb om rusmidler og tobak 7.
    plan = shipped.plans["rebild"]
    listed = {
        grade for one in plan.courses if not one.for_parents for grade in one.grades
    }
    assert listed == set(range(8))
    without = {
        (grade, one.topic)
        for one in plan.courses
        if not one.set_ids and not one.for_parents
        for grade in one.grades
    }
    assert without == {
        (0, Topic.WELLBEING),
        (1, Topic.WELLBEING),
        *((grade, Topic.TRAFFIC) for grade in range(4)),
    }
    meetings = {
        grade for one in plan.courses if one.for_parents for grade in one.grades
    }
    assert meetings == {6, 7}


def test_stevns_is_as_its_appendices_say(shipped):
    plan = shipped.plans["stevns"]
    by_set = {one: course for course in plan.courses for one in course.set_ids}
    assert (by_set["6a"].minutes, by_set["6a"].months) == (90, (8, 9, 10, 11))
    assert set(by_set["7a"].months) <= {1, 2, 3, 4, 5}  # vinter/forår
    meetings = [one for one in plan.courses if one.for_parents]
    assert sorted(one.grades for one in meetings) == [(6,), (7,), (8,)]
    assert {one.minutes for one in meetings} == {60}


def test_thisted_meets_parents_in_five_aargange(shipped):
    meetings = [one for one in shipped.plans["thisted"].courses if one.for_parents]
    assert {grade for one in meetings for grade in one.grades} == {0, 3, 6, 7, 8}


def test_hedensted_begins_in_4_and_goes_on_past_school(shipped):
    grades = shipped.plans["hedensted"].grades
    assert (min(grades), max(grades)) == (4, YOUTH_EDUCATION)


@pytest.mark.parametrize("plan_id", ["hedensted", "vejen"])
def test_plans_without_aargange_say_that_they_were_placed_here(shipped, plan_id):
    courses = [one for one in shipped.plans[plan_id].courses if one.set_ids]
    placed = [one for one in courses if "aargang" in one.placed]
    assert len(placed) >= len(courses) - 4
    assert all("saet" in one.placed for one in courses)


SOURCES = {
    "thisted": "Thisted",
    "rebild": "Rebild",
    "stevns": "Stevns",
    "hedensted": "Hedensted",
    "vejen": "Vejen",
}


@pytest.mark.parametrize("plan_id", SOURCES)
def test_plan_and_sets_name_the_same_document(shipped, plan_id):
    named = {
        source.document
        for one in shipped.sets.values()
        for source in one.sources
        if source.kommune == SOURCES[plan_id]
    }
    assert named == {shipped.plans[plan_id].document}


def test_pupils_sets_are_never_in_a_parents_meeting(shipped):
    for plan in shipped.plans.values():
        for course in plan.courses:
            for one in course.set_ids:
                is_parents = shipped.sets[one].audience is Audience.PARENTS
                assert course.for_parents == is_parents


def test_plan_files_lead_an_editor_to_their_schema():
    for path in sorted((FOLDER / "plans").glob("*.toml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "#:schema plan.schema.json", path.name


# --- words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([], ""),
        ([1], "januar"),
        ([8, 9, 10, 11], "august–november"),
        ([12, 1], "december–januar"),
        ([1, 5, 9], "september, januar og maj"),
        ([7, 8], "august og juli"),
    ],
)
def test_months_in_words(months, words):
    assert months_name(months) == words
    assert set(re.findall(r"\d+", words)) == set()


def test_school_year_has_twelve_months():
    assert sorted(SCHOOL_YEAR) == list(range(1, 13))


def test_grades_in_words():
    assert grade_name(7) == "7. årgang"
    assert grade_name(YOUTH_EDUCATION) == "Ungdomsuddannelse"
    assert grades_name([4, 5]) == "4.–5. årgang"
    assert grades_name([4, 6]) == "4. og 6. årgang"
    assert grades_name([9, 11]) == "9. årgang og ungdomsuddannelse"
    assert grades_name([11]) == "Ungdomsuddannelse"
    assert classes_phrase([4, 5]) == "4. eller 5. klasse"
    assert class_name(7, "A") == "7.A"
    assert class_name(11, "A") == "Hold A"
    assert class_name(11, "") == "Ungdomsuddannelse"


def test_shipped_plan_folder_holds_nothing_else():
    names = {path.name for path in Path(FOLDER / "plans").iterdir()}
    assert {name for name in names if not name.endswith(".toml")} == {
        "plan.schema.json"
    }
