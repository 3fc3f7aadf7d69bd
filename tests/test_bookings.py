"""Bookings: who may book what, for when; what was held since; where it is shown."""

import datetime
import re

import builders
import pytest
from builders import a_booking, tallies
from room import enter, sign_in, token_of

from pejling.domain import bookings as progress
from pejling.domain.bookings import Progress, on_offer
from pejling.domain.coverage import Booking, Held
from pejling.output import year_wheel
from pejling.storage import bookings, schools, staff_log, year_end
from pejling.storage.accounts import Role

PAGE = "/laerer/planlaegning"
TEACHER, COLLEAGUE, CONSULTANT = "t@example.dk", "c@example.dk", "k@example.dk"


# --- how far a booking has come -------------------------------------------------------


def booking(**changes) -> Booking:
    values = {"letter": "A", "month": 11, "year": 2026, "day": "2026-09-21"} | changes
    return Booking(1, "Åskolen", 7, set_id="7a", **values)


def come(one: Booking, *held: Held, today: str = "2026-11-05", classes=()) -> Progress:
    known = {("Åskolen", 7): set(classes)} if classes else {}
    (found,) = progress.planned([one], held, known, today)
    return found.progress


def held(letter: str = "A", day: str = "2026-11-03", **changes) -> Held:
    values = {"school": "Åskolen", "grade": 7, "set_id": "7a"} | changes
    return Held(letter=letter, day=day, **values)


@pytest.mark.parametrize(
    ("today", "how_far"),
    [
        ("2026-10-31", Progress.AHEAD),
        ("2026-11-01", Progress.NOW),
        ("2026-11-30", Progress.NOW),
        ("2026-12-01", Progress.LATE),
        ("2027-01-01", Progress.LATE),  # a later year, a smaller month
    ],
)
def test_month_comes_and_passes(today, how_far):
    assert come(booking(), today=today) is how_far


def test_booking_is_held_when_its_class_has_had_its_set():
    assert come(booking(), held()) is Progress.HELD
    assert come(booking(), held(""), today="2026-12-01") is Progress.HELD  # all of it
    for other in (
        held("B"),
        held(school="Bakkeskolen"),
        held(grade=8),
        held(set_id="7b"),
        held("", day=""),  # only how many classes, of a year that was rolled up
    ):
        assert come(booking(), other) is Progress.NOW


def test_what_the_class_had_before_it_was_booked_does_not_count():
    # Held on 3 September; booked on 21 September, so it is a follow-up.
    assert come(booking(), held(day="2026-09-03")) is Progress.NOW
    assert come(booking(day=""), held(day="2026-09-03")) is Progress.HELD
    # Nor does the year before, where an earlier version kept no day.
    assert come(booking(day=""), held(day="2026-06-03")) is Progress.NOW


def test_aargang_is_held_when_its_known_classes_have_had_it():
    whole = booking(letter="")
    assert come(whole, held("A"), classes="AB") is Progress.NOW
    assert come(whole, held("A"), held("B"), classes="AB") is Progress.HELD
    assert come(whole, held("A")) is Progress.HELD  # as in the coverage
    assert come(whole) is Progress.NOW


def test_next_year_is_on_offer_from_may_on():
    # In September the months from September to July: eleven.
    assert len(on_offer("2026-09-21")) == 11
    assert on_offer("2026-12-31")[:2] == ("2026-12", "2027-01")
    assert on_offer("2027-04-30")[-1] == "2027-07"
    assert on_offer("2027-07-31") == ("2027-07", *on_offer("2027-08-01"))
    assert on_offer("2027-08-01")[-1] == "2028-07"


# --- booking --------------------------------------------------------------------------


@pytest.fixture
def people(app, stores):
    schools.add(stores.archive, ["Åskolen", "Bakkeskolen"])
    return {
        TEACHER: sign_in(app, stores, TEACHER, Role.TEACHER),
        COLLEAGUE: sign_in(app, stores, COLLEAGUE, Role.TEACHER),
        CONSULTANT: sign_in(app, stores, CONSULTANT, Role.CONSULTANT),
    }


@pytest.fixture
def teacher(people):
    return people[TEACHER]


def press(browser, path: str = PAGE, **values: str):
    data = {"csrf_token": token_of(browser.get("/konto/")), **values}
    return browser.post(path, data=data)


def book(browser, **changes: str):
    wanted = {"saet": "7a/7", "school": "Åskolen", "letter": "A", "month": "2026-11"}
    return press(browser, **(wanted | changes))


def booked(stores, year: int = 2026) -> list[Booking]:
    return bookings.of_year(stores.archive, year)


def take_out(browser, number: object):
    return press(browser, f"{PAGE}/{number}/tag-ud")


def move_to(clock, day: str) -> None:
    clock.now = datetime.datetime.fromisoformat(f"{day}T10:00").timestamp()


def listed(page: str) -> str:
    """The text of a page without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_teacher_books_from_the_page_of_a_set(teacher, stores):
    page = teacher.get("/laerer/saet/7a?maaned=2027-02").text
    assert re.search(r'<option selected value="2027-02">februar 2027', page)
    answer = book(teacher, til="/laerer/saet/7a")
    (one,) = booked(stores)
    assert answer.status_code == 303
    assert answer.location == f"/laerer/saet/7a#planlagt-{one.id}"
    assert (one.school, one.grade, one.letter, one.set_id) == ("Åskolen", 7, "A", "7a")
    assert (one.year, one.month, one.day) == (2026, 11, "2026-09-21")
    assert one.email == TEACHER
    assert "7.A , Åskolen november 2026 · planlagt" in listed(
        teacher.get("/laerer/saet/7a").text
    )


def test_months_after_new_year_belong_to_the_same_school_year(teacher, stores):
    book(teacher, month="2027-02")
    assert [(one.year, one.month) for one in booked(stores)] == [(2026, 2)]


def test_next_school_year_is_booked_from_may_on(app, teacher, stores, clock):
    assert book(teacher, month="2027-09").status_code == 422
    move_to(clock, "2027-05-03")
    teacher = enter(app, TEACHER)
    assert book(teacher, month="2027-09").status_code == 303
    assert [(one.year, one.month) for one in booked(stores, 2027)] == [(2027, 9)]
    assert booked(stores) == []
    assert "september 2027" in teacher.get("/laerer/").text
    assert "1 planlagt i næste skoleår" in teacher.get("/laerer/aarsplan").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"saet": "7a/4"}, "Vælg et sæt og en årgang"),
        ({"saet": "x/7"}, "Vælg et sæt og en årgang"),
        ({"saet": "f7/7"}, "Vælg et sæt og en årgang"),  # a meeting of parents
        ({"saet": ""}, "Vælg et sæt og en årgang"),
        ({"school": "Emils skole"}, "Vælg en skole"),
        ({"letter": "Emil"}, "Vælg en klasse"),
        ({"month": "2026-13"}, "fra september 2026 til juli 2027"),
        ({"month": "2026-08"}, "fra september 2026 til juli 2027"),
        ({"month": "11"}, "fra september 2026 til juli 2027"),
        ({"month": ""}, "fra september 2026 til juli 2027"),
    ],
)
def test_what_is_not_on_offer_is_not_booked(teacher, stores, wrong, says):
    answer = book(teacher, **wrong)
    assert answer.status_code == 422
    assert "<title>Fejl: Planlægning" in answer.text
    assert answer.text.count(says) == 2  # in the summary and beside the field
    assert booked(stores) == []


def test_retired_school_takes_no_bookings(people, stores):
    (one, _) = schools.everything(stores.archive)
    book(people[TEACHER], school=one.name)
    schools.retire(stores.archive, one, True)
    assert book(people[TEACHER], school=one.name, month="2026-12").status_code == 422
    with pytest.raises(schools.MissingSchool):
        bookings.book(stores.archive, a_booking(stores, school=one.name), 0)
    # What was booked before stays; its page has no form.
    assert [one.month for one in booked(stores)] == [11]
    page = people[CONSULTANT].get(f"/konsulent/skoler/{one.id}").text
    assert "november 2026" in page
    assert 'name="saet"' not in page


def test_school_with_bookings_is_not_deleted(people, stores):
    book(people[TEACHER])
    (number,) = [
        one.id for one in schools.everything(stores.archive) if one.name == "Åskolen"
    ]
    answer = press(people[CONSULTANT], f"/konsulent/skoler/{number}/slet")
    assert answer.status_code == 409
    assert len(booked(stores)) == 1


def test_booking_twice_is_one_and_another_month_moves_it(teacher, stores):
    book(teacher)
    book(teacher)
    assert [one.month for one in booked(stores)] == [11]
    book(teacher, month="2027-02")
    assert [one.month for one in booked(stores)] == [2]


def test_colleagues_class_is_not_taken_over(people, stores):
    book(people[TEACHER])
    answer = book(people[COLLEAGUE], month="2027-02")
    assert answer.status_code == 422
    assert "En anden har planlagt det sæt for klassen i november 2026" in answer.text
    assert TEACHER not in answer.text
    assert [(one.month, one.email) for one in booked(stores)] == [(11, TEACHER)]
    # A consultant moves it; it stays the teacher's.
    book(people[CONSULTANT], month="2027-02")
    assert [(one.month, one.email) for one in booked(stores)] == [(2, TEACHER)]


def test_everybody_takes_out_their_own_and_a_consultant_all(people, stores):
    book(people[TEACHER])
    book(people[TEACHER], letter="B")
    one, other = booked(stores)
    assert take_out(people[COLLEAGUE], one.id).status_code == 403
    assert take_out(people[TEACHER], one.id).status_code == 303
    assert take_out(people[CONSULTANT], other.id).status_code == 303
    assert booked(stores) == []


@pytest.mark.parametrize("number", ["1", "999999999", "x", "-1", "1" * 30])
def test_booking_that_is_gone_is_told(teacher, number):
    answer = take_out(teacher, number)
    assert answer.status_code == 404
    assert "Intet er ændret" in answer.text or "Adressen er forkert" in answer.text


def test_way_back_leads_to_no_other_host(teacher):
    answer = book(teacher, til="//evil.example/")
    assert answer.location.startswith(f"{PAGE}?maaned=2026-11#planlagt-")


def test_who_booked_what_is_in_the_log(people, stores):
    book(people[TEACHER])
    take_out(people[CONSULTANT], booked(stores)[0].id)
    press(people[CONSULTANT], "/konsulent/skoler/1/klasser", classes="7.A 24")
    found = staff_log.find(stores.archive, most=3)
    assert [(one.email, one.action, one.touched) for one in found] == [
        (CONSULTANT, "classes", "Åskolen"),
        (CONSULTANT, "unbooked", "Åskolen 7.A: 7a, november"),
        (TEACHER, "booked", "Åskolen 7.A: 7a, november"),
    ]
    page = people[CONSULTANT].get("/konsulent/log/").text
    assert "Planlagde en pejling" in page
    assert "Tog en planlagt pejling ud" in page
    assert "Skrev en skoles klasser" in page


def test_bookings_go_with_the_class_numbers_of_their_year(stores):
    schools.add(stores.archive, ["Åskolen"])
    for year in (2024, 2025, 2026):
        bookings.book(stores.archive, a_booking(stores, year=year), 0)
    # On 21 September 2026 those of 2025/26 are due in eight days.
    year_end.let_go(stores, builders.NOW)
    assert [len(booked(stores, year)) for year in (2024, 2025, 2026)] == [0, 1, 1]
    year_end.let_go(stores, builders.NOW + 8 * 24 * 60 * 60)
    assert [len(booked(stores, year)) for year in (2024, 2025, 2026)] == [0, 0, 1]


# --- where they are shown -------------------------------------------------------------


def held_7a(stores, letter: str, day: str) -> None:
    builders.closed_class(
        stores,
        questions=builders.a_question_set(id="7a"),
        columns={"letter": letter, "day": day},
        vape=tallies("vape", 5, 19),
    )


def test_front_page_shows_what_is_due_and_opens_it(app, people, stores, clock):
    book(people[TEACHER], letter="B")
    book(people[TEACHER], letter="C", month="2027-01")
    book(people[COLLEAGUE], letter="D")
    move_to(clock, "2026-11-05")
    teacher = enter(app, TEACHER)
    page = teacher.get("/laerer/").text
    assert re.search(r"7\.B, Åskolen [^.]+ ◆ denne måned Åbn for 7\.B", listed(page))
    assert "januar 2027 · planlagt" in page
    assert "7.D" not in page
    opened = re.search(r'href="(/laerer/ny/7/7a\?planlagt=\d+)">Åbn for 7.B', page)
    assert opened
    form = teacher.get(opened[1]).text
    assert '<option selected value="Åskolen">' in form
    assert '<option selected value="B">' in form


def test_month_that_passed_is_told_until_it_is_held(app, people, stores, clock):
    book(people[TEACHER], letter="B")
    move_to(clock, "2026-12-01")
    teacher = enter(app, TEACHER)
    assert "ikke holdt endnu, planlagt til november 2026" in listed(
        teacher.get("/laerer/").text
    )
    held_7a(stores, "B", "2026-12-01")
    assert "Planlagt" not in teacher.get("/laerer/").text
    assert re.search(r"7\.B , Åskolen: [^·]+ holdt", listed(teacher.get(PAGE).text))


@pytest.mark.parametrize("number", ["", "x", "999", "-1", "²"])
def test_address_of_no_booking_prefills_nothing(teacher, number):
    page = teacher.get(f"/laerer/ny/7/7a?planlagt={number}")
    assert page.status_code == 200
    assert '<option selected value="Åskolen">' not in page.text


def test_colleagues_booking_prefills_nothing(people, stores):
    book(people[COLLEAGUE], letter="B")
    (one,) = booked(stores)
    page = people[TEACHER].get(f"/laerer/ny/7/7a?planlagt={one.id}").text
    assert '<option selected value="B">' not in page


def test_year_shows_a_teacher_the_own_classes(people, stores):
    book(people[TEACHER], letter="B")
    book(people[COLLEAGUE], letter="D")
    page = people[TEACHER].get("/laerer/aarsplan").text
    assert re.search(r'aria-label="november: \d forløb, 1 planlagt"', page)
    assert page.count('class="year__booked"') == 1
    assert "7.B planlagt, november 2026" in page  # in the grid
    assert "7.B, Åskolen: " in page  # in the month
    assert "7.D" not in page


def test_set_found_in_a_month_to_come_is_booked_for_that_month(teacher):
    page = teacher.get("/laerer/aarsplan").text
    found = re.search(r'href="(/laerer/saet/\w+\?[^"]*maaned=2027-02)"', page)
    assert found
    opened = teacher.get(found[1].replace("&amp;", "&")).text
    assert '<option selected value="2027-02">' in opened
    assert "maaned=2026-08" not in page  # has passed


def test_year_shows_a_consultant_how_many(people, stores):
    for letter in "ABCDE":
        book(people[TEACHER], letter=letter)
    held_7a(stores, "E", "2026-09-21")
    page = people[CONSULTANT].get("/laerer/aarsplan").text
    assert page.count('class="year__booked"') == 4  # at most; the words say how many
    assert re.search(r'aria-label="november: \d forløb, 5 planlagt"', page)
    assert "4 planlagt</small>" in page
    assert "1 holdt</small>" in page
    assert f'href="{PAGE}?maaned=2026-11">5 planlagt' in page
    month = people[CONSULTANT].get(f"{PAGE}?maaned=2026-11").text
    assert month.count(f"af {TEACHER}") == 5
    other = people[CONSULTANT].get(f"{PAGE}?maaned=2027-03").text
    assert "Intet er planlagt her" in other
    for odd in ("2026-13", "x", "1" * 400):
        assert people[CONSULTANT].get(f"{PAGE}?maaned={odd}").status_code == 200


def test_diamonds_of_bookings_lie_beside_the_dots():
    plain, busy = (year_wheel.draw({8: 1}, 8, booked)[0] for booked in ({}, {8: 2}))
    assert plain.marks == ()
    assert len(busy.marks) == 2
    assert busy.dots == plain.dots
