"""The pupil's way over HTTP: in, through, and what happens when it goes wrong."""

import re

import builders
import pytest
from flask import Flask
from flask.testing import FlaskClient
from room import Clock, Room, answer_all, answer_one, first_load, open_room, token_of
from werkzeug.test import TestResponse

from pejling import results
from pejling.domain import wording
from pejling.domain.question_sets import HONESTY_ID
from pejling.output import captions
from pejling.storage import archive, ballot_box, closing
from pejling.storage.connections import Stores
from pejling.web import throttle


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return open_room(app, stores)


def counted(room: Room) -> dict:
    """All counters of the open session."""
    found: dict = {}
    for triad in (*room.session.triads, HONESTY_ID):
        found |= ballot_box.counters(room.stores.ballots, room.session.id, triad)
    return found


def form_on(pupil: FlaskClient, **changes: str) -> dict[str, str]:
    """The fields of the triad on the screen, filled in."""
    page = pupil.get("/svar")
    triad = re.search(r'name="tema"[^>]*value="(\w+)"', page.text)
    assert triad, page.text
    return {
        "csrf_token": token_of(page),
        "tema": triad.group(1),
        "andre": "009",
        "kammerater": "006",
        "selv": "001",
        "trin": "send",
        **changes,
    }


# --- joining --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}-{2}", "{1} {2}", "{3}"])
def test_code_is_found_however_it_is_typed(room: Room, typed: str):
    code = room.session.code
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))
    kode = typed.format(code, code[:3], code[3:], code.lower())
    answer = pupil.post("/", data={"csrf_token": token, "kode": kode})
    assert answer.status_code == 303
    assert answer.location == f"/Q/{room.session.join_secret}"


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 422, "Koden har seks tegn"),
        ("ABC", 422, "Koden har seks tegn"),
        ("AAAAAA", 422, "Koden har seks tegn"),
        ("<script>", 422, "Koden har seks tegn"),
        ("BBBBBB", 404, "Vi kan ikke finde koden"),
    ],
)
def test_wrong_code_says_what_to_do(room: Room, typed: str, status: int, words: str):
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))
    answer = pupil.post("/", data={"csrf_token": token, "kode": typed})
    assert answer.status_code == status
    assert words in answer.text
    assert "Fejl:" in answer.text


def test_forty_wrong_codes_cost_a_quarter_of_a_minute(room: Room, clock: Clock):
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))

    def knock(code: str) -> TestResponse:
        return pupil.post("/", data={"csrf_token": token, "kode": code})

    assert [knock("BBBBBB").status_code for _ in range(40)] == [404] * 40
    answer = knock(room.session.code)
    # 40 in ten minutes: one more comes back every 15 seconds.
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    # The QR holds 128 bits and is not held up.
    assert pupil.get(f"/Q/{room.session.join_secret}").status_code == 200
    clock.now += 15
    assert [knock(room.session.code).status_code for _ in range(3)] == [303] * 3


def test_right_codes_use_nothing_up(room: Room):
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))
    values = {"csrf_token": token, "kode": room.session.code}
    assert {pupil.post("/", data=values).status_code for _ in range(100)} == {303}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_wrong_codes_are_counted_by_who_can_choose_the_address(
    room: Room, one: str, other: str, same: bool
):
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))

    def knock(address: str) -> int:
        values = {"csrf_token": token, "kode": "BBBBBB"}
        where = {"REMOTE_ADDR": address}
        return pupil.post("/", data=values, environ_base=where).status_code

    for _ in range(40):
        knock(one)
    assert knock(other) == (429 if same else 404)


def test_seat_that_asks_too_often_waits_and_no_other(room: Room, clock: Clock):
    eager, calm = room.pupils(2)
    times, seconds = throttle.SEAT_PAGES
    answers = [eager.get("/svar") for _ in range(times + 1)]
    assert [one.status_code for one in answers] == [200] * times + [429]
    assert "Det gik lidt hurtigt" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "1"
    assert calm.get("/svar").status_code == 200
    clock.now += seconds / times
    assert eager.get("/svar").status_code == 200
    assert eager.get("/svar").status_code == 429


def test_answer_that_came_too_fast_is_not_counted_and_can_be_sent(
    room: Room, clock: Clock
):
    room.press("opvarmning")
    (pupil,) = room.pupils(1)
    page = pupil.get("/svar")
    triad = room.session.warm_up.id
    values = {"csrf_token": token_of(page), "tema": triad, "trin": "se"}
    values |= {"selv": "000", "andre": "009", "kammerater": "009"}
    times, seconds = throttle.SEAT_POSTS
    looks = [pupil.post("/svar", data=values).status_code for _ in range(times)]
    assert looks == [200] * times
    send = values | {"trin": "send"}
    assert pupil.post("/svar", data=send).status_code == 429
    assert builders.count_answered(room.stores.ballots, room.session.id, triad) == 0
    clock.now += seconds / times
    assert pupil.post("/svar", data=send).status_code == 303
    assert builders.count_answered(room.stores.ballots, room.session.id, triad) == 1


def test_bucket_that_is_full_again_is_forgotten():
    buckets = throttle.Buckets()
    for who in range(63):
        buckets.take(f"seat {who}", throttle.SEAT_PAGES, 0.0)
    buckets.take("late", throttle.SEAT_PAGES, 1000.0)
    assert len(buckets._full) == 1


def test_what_was_used_is_paid_back_and_not_forgotten():
    # 60 at once, then one a second for ten minutes; never a second burst.
    buckets = throttle.Buckets()
    passed = 0
    for tenth in range(6000):
        at = 1000.0 + tenth / 10
        while not buckets.take("all", throttle.ALL_CODES, at):
            passed += 1
    assert passed == 60 + 599


def test_many_keys_do_not_make_another_kind_forgotten(app: Flask):
    kept: throttle.Throttle = app.extensions["throttle"]
    kept.codes.use("all", throttle.ALL_CODES, 0.0)
    for who in range(throttle.MOST + 10):
        kept.accounts.count(f"{who}@example.dk", 0.0)
    assert len(kept.accounts._wrong) == throttle.MOST
    assert len(kept.codes._full) == 1


def test_clock_that_is_set_back_gives_a_seat_nothing():
    buckets = throttle.Buckets()
    for _ in range(throttle.SEAT_PAGES[0]):
        assert buckets.take("seat", throttle.SEAT_PAGES, 100.0) == 0
    assert buckets.take("seat", throttle.SEAT_PAGES, 99.9) == 0  # shuts nobody out
    for _ in range(throttle.SEAT_PAGES[0]):
        buckets.take("seat", throttle.SEAT_PAGES, 99.9)
    assert buckets.take("seat", throttle.SEAT_PAGES, 99.9) > 0


def test_promise_comes_before_a_seat_is_taken(room: Room):
    pupil = room.app.test_client()
    page = pupil.get(f"/Q/{room.session.join_secret}")
    assert "Sådan bruger vi dit svar" in page.text
    seats = ballot_box.room(room.stores.ballots, room.session.id)
    assert seats
    assert seats.seats == 0


def test_pressing_join_twice_takes_one_seat(room: Room):
    pupil = room.pupil()
    where = f"/Q/{room.session.join_secret}"
    again = pupil.post(where, data={"csrf_token": token_of(pupil.get(where))})
    assert again.status_code == 303
    seats = ballot_box.room(room.stores.ballots, room.session.id)
    assert seats
    assert seats.seats == 1


def test_full_session_refuses_the_twenty_fifth(room: Room):
    room.pupils(24)
    late = room.app.test_client()
    where = f"/Q/{room.session.join_secret}"
    answer = late.post(where, data={"csrf_token": token_of(late.get(where))})
    assert answer.status_code == 409
    assert "Alle pladser er taget" in answer.text


def test_after_ten_minutes_code_and_qr_are_gone(room: Room, clock: Clock):
    seated = room.pupil()
    clock.now += 10 * 60 + 1
    late = room.app.test_client()
    answer = late.get(f"/Q/{room.session.join_secret}")
    assert answer.status_code == 410
    assert "Du kan ikke komme med længere" in answer.text
    # Who is in already stays in.
    assert seated.get(f"/Q/{room.session.join_secret}").status_code == 200


def test_clock_that_is_set_back_shuts_nobody_out(room: Room, clock: Clock):
    pupil = room.app.test_client()
    token = token_of(pupil.get("/"))
    pupil.post("/", data={"csrf_token": token, "kode": "BBBBBB"})
    clock.now -= 3600
    values = {"csrf_token": token, "kode": room.session.code}
    assert pupil.post("/", data=values).status_code == 303
    assert pupil.get(f"/Q/{room.session.join_secret}").status_code == 200


def test_joining_without_a_cookie_says_so(room: Room):
    pupil = room.app.test_client(use_cookies=False)
    where = f"/Q/{room.session.join_secret}"
    answer = pupil.post(where, data={"csrf_token": token_of(pupil.get(where))})
    assert answer.status_code == 400
    assert "cookie" in answer.text


def test_start_page_leads_a_seated_pupil_back(room: Room):
    assert "Fortsæt, hvor du slap" in room.pupil().get("/").text
    assert "Fortsæt" not in room.app.test_client().get("/").text


def test_unknown_qr_is_a_page(client: FlaskClient):
    answer = client.get("/Q/" + "A" * 26)
    assert answer.status_code == 404
    assert "Pejlingen findes ikke" in answer.text


# --- answering ------------------------------------------------------------------------


def test_warm_up_comes_alone_and_then_all_others(room: Room):
    pupil = room.pupil()
    assert "Vent, til din lærer begynder" in pupil.get("/svar").text
    room.press("opvarmning")
    assert answer_one(pupil) == "sang"
    assert answer_one(pupil) == ""
    room.press("spoergsmaal")
    # 7a: 7 core triads besides the warm-up, and the honesty item.
    assert answer_all(pupil) == len(room.session.triads) - 1 + 1
    assert "Tak for dine svar" in pupil.get("/svar").text


def test_answer_is_counted_as_it_was_given(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    answer_one(pupil, guess=6, own=0, others=9)
    assert counted(room) == {
        "sang.andre": {9: 1},
        "sang.kammerater": {6: 1},
        "sang.selv": {0: 1},
    }


def test_review_counts_nothing(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    review = pupil.post("/svar", data=form_on(pupil, trin="se"))
    assert "Passer det?" in review.text
    assert counted(room) == {}


def test_going_back_from_the_review_keeps_the_choices(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    page = pupil.post("/svar", data=form_on(pupil, trin="ret"))
    assert re.search(r'<input checked[^>]*name="kammerater"[^>]*value="006"', page.text)
    assert counted(room) == {}


def test_sending_twice_counts_once_and_thanks_the_same(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    form = form_on(pupil)
    first = pupil.post("/svar", data=form)
    again = pupil.post("/svar", data=form)
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert sum(counted(room)["sang.selv"].values()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"andre": "025"},
        {"andre": "-01"},
        {"kammerater": ""},
        {"kammerater": "6"},
        {"kammerater": "x"},
        {"selv": "002"},
        {"selv": ""},
        {"selv": "000\x00"},
        {"selv": "٣٣٣"},
    ],
)
def test_answer_outside_the_scale_is_refused_with_words(room: Room, change: dict):
    pupil = room.pupil()
    room.press("opvarmning")
    answer = pupil.post("/svar", data=form_on(pupil, **change))
    assert answer.status_code == 422
    assert "eller vælg Vil ikke svare" in answer.text
    assert "<title>Fejl:" in answer.text
    assert counted(room) == {}


def test_answer_to_another_triad_is_refused(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    answer = pupil.post("/svar", data=form_on(pupil, tema="alkohol_30"))
    assert answer.status_code == 409
    assert counted(room) == {}


def test_answer_to_an_unknown_triad_is_refused(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    assert pupil.post("/svar", data=form_on(pupil, tema="x")).status_code == 400


def test_answer_after_close_is_refused_and_changes_nothing(room: Room):
    pupils = room.pupils(5)
    room.press("opvarmning")
    form = form_on(pupils[0])
    for pupil in pupils[1:]:
        answer_one(pupil)
    room.press("slut")
    answer = pupils[0].post("/svar", data=form)
    assert answer.status_code == 409
    assert "Der er lukket for svar" in answer.text
    assert archive.answered(room.stores.archive, room.session.id)["sang"] == 0


@pytest.mark.parametrize("token", ["", "0" * 32, "x"])
def test_forged_form_token_is_refused(room: Room, token: str):
    pupil = room.pupil()
    room.press("opvarmning")
    answer = pupil.post("/svar", data=form_on(pupil, csrf_token=token))
    assert answer.status_code == 400
    assert counted(room) == {}


def test_without_a_cookie_nothing_is_counted(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    form = form_on(pupil)
    stranger = room.app.test_client(use_cookies=False)
    assert stranger.post("/svar", data=form).status_code == 403
    assert counted(room) == {}


@pytest.mark.parametrize(
    "cookie", ["", ".", "x", "{id}.", "{id}." + "0" * 32, "{id}.%00", "x" * 3000]
)
def test_forged_cookie_has_no_seat(room: Room, cookie: str):
    pupil = room.app.test_client()
    pupil.set_cookie("plads", cookie.format(id=room.session.id))
    answer = pupil.get("/svar")
    assert answer.status_code == 403
    assert "Du er ikke med endnu" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
        {"Origin": "http://\xa0℀.com".encode().decode("latin-1")},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_origin_is_refused(room: Room, headers: dict):
    pupil = room.pupil()
    room.press("opvarmning")
    answer = pupil.post("/svar", data=form_on(pupil), headers=headers)
    assert answer.status_code == 403
    assert counted(room) == {}


def test_too_large_a_body_is_refused(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    answer = pupil.post("/svar", data=form_on(pupil, fyld="x" * 70_000))
    assert answer.status_code == 413
    assert counted(room) == {}


def test_large_class_types_its_guesses(app: Flask, stores: Stores):
    room = open_room(app, stores, present="60")
    pupil = room.pupil()
    room.press("opvarmning")
    page = pupil.get("/svar")
    assert 'inputmode="numeric"' in page.text
    form = form_on(pupil, andre="61", kammerater="12")
    review = pupil.post("/svar", data={**form, "andre": "7", "trin": "se"})
    assert 'name="andre" value="007"' in review.text
    long = pupil.post("/svar", data={**form, "andre": "9" * 5000})
    assert long.status_code == 422
    wrong = pupil.post("/svar", data=form)
    assert wrong.status_code == 422
    assert "Skriv et helt tal fra 0 til 60" in wrong.text
    right = pupil.post("/svar", data={**form, "andre": "", "andre_vil_ikke": "y"})
    assert right.status_code == 303
    assert counted(room)["sang.andre"] == {999: 1}
    assert counted(room)["sang.kammerater"] == {12: 1}


def test_stepwise_session_asks_one_at_a_time(app: Flask, stores: Stores):
    room = open_room(app, stores, pacing="trin")
    pupils = room.pupils(6)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    first = room.session.triads[1]
    assert [answer_one(pupil) for pupil in pupils] == [first] * 6
    assert answer_one(pupils[0]) == ""
    room.press("luk")
    assert answer_one(pupils[0]) == ""
    assert archive.answered(stores.archive, room.session.id)[first] == 6
    room.press("naeste-spoergsmaal")
    assert answer_one(pupils[0]) == room.session.triads[2]


def test_leaving_lets_the_next_pupil_in_on_the_same_screen(room: Room):
    pupil = room.pupil()
    page = pupil.get("/")
    assert (
        pupil.post("/faerdig", data={"csrf_token": token_of(page)}).status_code == 303
    )
    assert pupil.get("/svar").status_code == 403


# --- what the pages must keep ---------------------------------------------------------


def test_every_answer_gives_pages_of_the_same_size(room: Room, clock: Clock):
    pupil = room.pupil()
    room.press("opvarmning")
    room.press("spoergsmaal")
    asked = 0
    while 'name="tema"' in (screen := pupil.get("/svar").text):
        own = sorted(set(re.findall(r'name="selv"[^>]*value="(\d+)"', screen)))
        sizes = set()
        for guess in ("000", "007", "024", "999"):
            for code in own:
                values = form_on(pupil, kammerater=guess, selv=code, trin="se")
                page = pupil.post("/svar", data=values)
                assert page.status_code == 200
                sizes.add(len(page.data))
                clock.now += 5  # a seat may send twenty a minute
        assert len(sizes) == 1
        asked += len(own)
        answer_one(pupil)
    # Eight screens; the frequency and the occasion scales have more to choose from.
    assert asked > 8 * 3


def test_nothing_is_chosen_beforehand(room: Room):
    pupil = room.pupil()
    room.press("opvarmning")
    assert "checked" not in pupil.get("/svar").text


def test_pupil_has_one_cookie_without_a_way_for_scripts(room: Room):
    pupil = room.app.test_client()
    answer = pupil.get("/")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Strict" in cookies[0]


def test_cookie_is_bound_to_the_host_where_there_is_encryption(app: Flask):
    app.config["PUBLIC_URL"] = "https://pejling.example.dk"
    cookie = app.test_client().get("/").headers["Set-Cookie"]
    assert cookie.startswith("__Host-plads=")
    assert "Secure" in cookie


def test_first_load_fits_into_one_round_trip(app: Flask, stores: Stores):
    # 10 segments of 1,460 bytes: the first window of a fresh connection (RFC 6928).
    room = open_room(app, stores, present="30")
    pupil = room.pupil()
    room.press("opvarmning")
    total = first_load(pupil, "/svar")
    print(f"first load of a class of 30: {total} bytes")  # noqa: T201 - pytest -rP
    assert total <= 14_336, f"{total} bytes"


def test_waiting_page_asks_again_by_itself_without_script(room: Room):
    page = room.pupil().get("/svar").text
    assert '<noscript><meta http-equiv="refresh"' in page


def test_waiting_page_is_sent_again_only_when_it_has_changed(room: Room):
    pupils = room.pupils(5)
    pupil = pupils[0]

    def state() -> str:
        found = re.search(r'data-state="(\d+)"', pupil.get("/svar").text)
        assert found
        return found.group(1)

    def again(known: str) -> int:
        return pupil.get("/svar", headers={"If-None-Match": known}).status_code

    waiting = state()
    assert again(waiting) == 304
    assert again("x") == 200
    room.press("opvarmning")
    assert again(waiting) == 200
    assert "fieldset" in pupil.get("/svar").text
    answer_one(pupil)
    sent = state()
    assert sent != waiting
    for other in pupils[1:]:
        answer_one(other)
        assert again(sent) == 304
    room.press("spoergsmaal")
    assert again(sent) == 200
    room.press("luk")
    assert again(sent) == 409


def test_own_answers_travel_nowhere_before_close(room: Room):
    pupils = room.pupils(12)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    before = room.teacher.get(f"/laerer/{room.session.id}").data
    answer_one(pupils[0], own=0)
    after = room.teacher.get(f"/laerer/{room.session.id}").data
    assert _without_tokens(before) == _without_tokens(after)


def _without_tokens(page: bytes) -> bytes:
    return re.sub(rb'name="csrf_token" value="[^"]+"', b"", page)


def test_session_closes_by_itself_after_four_hours(room: Room, clock: Clock):
    pupil = room.pupil()
    clock.now += 4 * 60 * 60 + 1
    closing.close_overdue(room.stores, clock.now)
    assert pupil.get("/svar").status_code == 409


# --- the facit beside one's own guess -------------------------------------------------


def facit_address(page: str) -> str:
    found = re.search(r'data-facit="([^"]+)"', page)
    assert found
    return found.group(1)


def test_phones_read_the_facit_that_is_on_the_wall_and_no_other(room: Room):
    pupils = room.pupils(24)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    for number, pupil in enumerate(pupils):
        while answer_one(pupil, guess=12, own=int(number > 3)) != HONESTY_ID:
            pass
    pages_of_two = [one.get("/svar").text for one in pupils[:2]]
    address = facit_address(pages_of_two[0])
    assert facit_address(pages_of_two[1]) == address  # the class shares it
    phone = pupils[0]
    assert phone.get(address).get_json() == []
    room.press("luk")
    found = results.of_session(room.stores, room.now())
    first = found.item(found.order[0])
    seen = []
    for _ in first.steps:
        room.press("frem")
        seen.append(phone.get(address).get_json())
    assert [len(one) for one in seen] == [0, 0, 1, 1, 1]
    assert seen[-1] == [
        {
            "id": first.triad.id,
            "topic": captions.topic(first),
            "present": room.session.present,
            "facit": wording.out_of(first.own),
        }
    ]
    room.press("frem")
    assert phone.get(address).get_json() == []
    room.press("gaa-til", item="*")
    shown = [one["id"] for one in phone.get(address).get_json()]
    assert sorted(shown) == sorted(found.order)
    room.press("udelad", item=found.order[0], grund="misforstaaet")
    assert first.triad.id not in str(phone.get(address).get_json())


def test_one_at_a_time_the_facit_comes_with_its_own_reveal(app: Flask, stores: Stores):
    room = open_room(app, stores, pacing="trin")
    pupils = room.pupils(24)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    for number, pupil in enumerate(pupils):
        first = answer_one(pupil, guess=12, own=int(number > 19))
    address = facit_address(pupils[0].get("/svar").text)
    seen = []
    for where in ("luk", "frem", "frem", "naeste-spoergsmaal"):
        room.press(where)
        seen.append([one["id"] for one in pupils[0].get(address).get_json()])
    assert seen == [[], [], [first], []]


def test_address_of_the_facit_is_not_guessed_and_lasts_a_day(room: Room, clock: Clock):
    pupil = room.pupil()
    room.press("opvarmning")
    answer_one(pupil)
    address = facit_address(pupil.get("/svar").text)
    assert pupil.get(address).status_code == 200
    assert (
        pupil.get(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code
        == 404
    )
    assert pupil.get(address + "å").status_code == 404
    clock.now += 24 * 60 * 60
    assert pupil.get(address).status_code == 404
