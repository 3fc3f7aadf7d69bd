"""Slips: each good for one seat, on its own or on a shared screen."""

import re

import builders
import pytest
from builders import NOW
from room import Clock, Room, answer_all, answer_one, open_room, token_of

from pejling.domain import sessions
from pejling.storage import archive, ballot_box, slips
from pejling.storage.ballot_box import SessionClosed, SessionFull
from pejling.storage.slips import SlipUsed


@pytest.fixture
def poll(stores) -> str:
    return builders.open_class(stores, present=3).id


# --- storage --------------------------------------------------------------------------


def test_slip_is_good_for_one_seat(stores, poll: str):
    one, other = slips.issue(stores.ballots, poll, 2)
    assert slips.session_of(stores.ballots, one) == poll
    seat = slips.redeem(stores.ballots, poll, one, "a")
    assert ballot_box.find_seat(stores.ballots, poll, "a") == seat
    with pytest.raises(SlipUsed):
        slips.session_of(stores.ballots, one)
    with pytest.raises(SlipUsed):
        slips.redeem(stores.ballots, poll, one, "b")
    assert slips.session_of(stores.ballots, other) == poll


def test_same_press_again_finds_its_seat(stores, poll: str):
    (one,) = slips.issue(stores.ballots, poll, 1)
    seat = slips.redeem(stores.ballots, poll, one, "a")
    assert slips.redeem(stores.ballots, poll, one, "a") == seat
    assert ballot_box.room(stores.ballots, poll).seats == 1


def test_new_slips_end_the_unused_ones_and_no_seat(stores, poll: str):
    used, unused = slips.issue(stores.ballots, poll, 2)
    slips.redeem(stores.ballots, poll, used, "a")
    (fresh,) = slips.issue(stores.ballots, poll, 1)
    with pytest.raises(SlipUsed):
        slips.session_of(stores.ballots, unused)
    assert slips.session_of(stores.ballots, fresh) == poll
    assert ballot_box.find_seat(stores.ballots, poll, "a")
    assert slips.count(stores.ballots, poll) == 1


def test_full_session_uses_no_slip_up(stores, poll: str):
    made = slips.issue(stores.ballots, poll, 3)
    more = slips.issue_one_more(stores.ballots, poll)
    for token, slip in zip("abc", made, strict=True):
        slips.redeem(stores.ballots, poll, slip, token)
    with pytest.raises(SessionFull):
        slips.redeem(stores.ballots, poll, more, "d")
    assert slips.session_of(stores.ballots, more) == poll


def test_slip_of_one_session_opens_no_other(stores, poll: str):
    other = builders.open_class(stores, present=3).id
    (one,) = slips.issue(stores.ballots, poll, 1)
    with pytest.raises(SlipUsed):
        slips.redeem(stores.ballots, other, one, "a")
    assert slips.session_of(stores.ballots, one) == poll


def test_slips_go_with_their_session(stores, poll: str):
    (one,) = slips.issue(stores.ballots, poll, 1)
    ballot_box.forget(stores.ballots, poll)
    with pytest.raises(SlipUsed):
        slips.session_of(stores.ballots, one)
    with pytest.raises(SessionClosed):
        slips.issue(stores.ballots, poll, 1)
    with pytest.raises(SessionClosed):
        slips.issue_one_more(stores.ballots, poll)


def test_nothing_tells_which_seat_came_of_which_slip(stores, poll: str, tmp_path):
    made = slips.issue(stores.ballots, poll, 3)
    hashes = [row["token_hash"] for row in stores.ballots.query("select * from slip")]
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in hashes)
    for slip, token in zip(made, "abc", strict=True):
        slips.redeem(stores.ballots, poll, slip, token)
    stores.close()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    for secret in (*hashes, *made):
        assert secret.encode() not in written


# --- in the room ----------------------------------------------------------------------


@pytest.fixture
def room(app, stores) -> Room:
    return open_room(app, stores, mode="sedler", present="12")


def print_slips(room: Room) -> list[str]:
    page = room.press("sedler")
    assert page.status_code == 200, page.text
    return re.findall(r"/S/([A-Z2-7]{26})<", page.text)


def draw(room: Room, slip: str, browser=None):
    """A pupil's browser that has used a slip, and the answer it got."""
    browser = browser or room.app.test_client()
    page = browser.get(f"/S/{slip}")
    assert page.status_code == 200, page.text
    assert "Sådan bruger vi dit svar" in page.text
    data = {"csrf_token": token_of(page), "pejling": room.session.id}
    return browser, browser.post(f"/S/{slip}", data=data)


def test_there_is_no_other_way_in(room: Room):
    assert (room.now().code, room.now().join_secret) == ("", "")
    assert room.app.test_client().get("/Q/").status_code == 404
    wall = room.app.test_client().get(f"/tavle/{room.session.wall_key}")
    assert "Tag en seddel" in wall.text
    assert "<svg" not in wall.text
    lead = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "der er ingen kode på tavlen" in lead


def test_class_gets_in_by_slips_and_answers(room: Room):
    made = print_slips(room)
    assert len(set(made)) == 12
    pupils = []
    for slip in made:
        browser, answer = draw(room, slip.lower())
        assert (answer.status_code, answer.location) == (303, "/svar")
        pupils.append(browser)
    wall = f"/tavle/{room.session.wall_key}"
    assert "12 af 12 er med" in room.app.test_client().get(wall).text
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    assert all(answer_all(pupil) > 1 for pupil in pupils)
    room.press("luk")
    warm_up = room.session.warm_up.id
    assert archive.answered(room.stores.archive, room.session.id)[warm_up] == 12


def test_address_may_be_typed_in_small_letters(room: Room):
    slip, *_ = print_slips(room)
    page = room.app.test_client().get(f"/s/{slip.lower()}")
    assert page.status_code == 200
    assert f'action="/S/{slip.lower()}"' in page.text


def test_used_slip_leads_its_pupil_back_and_nobody_else(room: Room):
    slip, *_ = print_slips(room)
    pupil, _ = draw(room, slip)
    assert pupil.get(f"/S/{slip}").location == "/svar"
    other = room.app.test_client().get(f"/S/{slip}")
    assert other.status_code == 410
    assert "Sedlen kan ikke bruges" in other.text


def test_lost_reply_costs_no_slip(room: Room):
    slip, *_ = print_slips(room)
    browser = room.app.test_client()
    page = browser.get(f"/S/{slip}")
    before = browser.get_cookie("plads").value
    data = {"csrf_token": token_of(page), "pejling": room.session.id}
    assert browser.post(f"/S/{slip}", data=data).status_code == 303
    browser.set_cookie("plads", before)  # the reply never came
    assert browser.post(f"/S/{slip}", data=data).status_code == 303
    assert browser.get("/svar").status_code == 200
    assert ballot_box.room(room.stores.ballots, room.session.id).seats == 1


def test_press_from_a_page_that_has_been_used_leads_on(room: Room):
    slip, *_ = print_slips(room)
    browser, _ = draw(room, slip)
    token = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/").text
    ).group(1)
    data = {"csrf_token": token, "pejling": room.session.id}
    assert browser.post(f"/S/{slip}", data=data).location == "/svar"
    data["pejling"] = "0" * 16
    assert browser.post(f"/S/{slip}", data=data).status_code == 410


def test_second_slip_on_a_shared_screen_is_a_new_pupil(room: Room):
    first, second, *_ = print_slips(room)
    browser, _ = draw(room, first)
    room.press("opvarmning")
    answer_one(browser)
    browser, answer = draw(room, second, browser)
    assert answer.status_code == 303
    assert answer_one(browser) == room.session.warm_up.id
    assert ballot_box.room(room.stores.ballots, room.session.id).seats == 2


def test_looking_uses_nothing_up(room: Room):
    slip, *_ = print_slips(room)
    for _ in range(3):
        assert room.app.test_client().get(f"/S/{slip}").status_code == 200
    assert slips.count(room.stores.ballots, room.session.id) == 12


def test_post_without_cookie_or_token_uses_nothing_up(room: Room):
    slip, *_ = print_slips(room)
    blind = room.app.test_client()
    assert blind.post(f"/S/{slip}", data={}).status_code == 400
    seeing = room.app.test_client()
    seeing.get(f"/S/{slip}")
    assert seeing.post(f"/S/{slip}", data={"csrf_token": "x"}).status_code == 400
    assert slips.count(room.stores.ballots, room.session.id) == 12


@pytest.mark.parametrize("nonsense", ["x", "A" * 26, "ÆØÅ", "%00", "'--"])
def test_nonsense_is_no_slip(room: Room, nonsense: str):
    assert room.app.test_client().get(f"/S/{nonsense}").status_code == 410


def test_new_print_ends_the_old_one(room: Room):
    old = print_slips(room)
    draw(room, old[0])
    assert (
        "11 sedler er ikke brugt" in room.teacher.get(f"/laerer/{room.session.id}").text
    )
    new = print_slips(room)
    assert len(new) == 11
    assert room.app.test_client().get(f"/S/{old[1]}").status_code == 410
    assert draw(room, new[0])[1].status_code == 303


def test_loading_the_print_again_makes_no_others(room: Room):
    version = str(room.now().version)
    page = room.press("sedler", version=version)
    slip = re.findall(r"/S/([A-Z2-7]{26})<", page.text)[0]
    assert room.press("sedler", version=version).status_code == 409
    assert draw(room, slip)[1].status_code == 303


def test_raised_number_gets_a_slip_without_freeing_a_seat(room: Room):
    made = print_slips(room)
    for slip in made[:6]:
        draw(room, slip)
    room.press("til-stede", present="13")
    page = room.press("plads")
    (extra,) = re.findall(r"/S/([A-Z2-7]{26})<", page.text)
    for slip in (*made[6:], extra):
        assert draw(room, slip)[1].status_code == 303
    assert ballot_box.room(room.stores.ballots, room.session.id).seats == 13


def test_waiting_session_does_not_keep_its_teacher_signed_in(room: Room, clock: Clock):
    clock.now += 31 * 60
    assert room.teacher.get("/laerer/").status_code == 303


def test_slips_are_made_in_the_lobby_of_such_a_session_only(room: Room, app, stores):
    room.press("opvarmning")
    assert room.press("sedler").status_code == 409
    assert room.press("plads").status_code == 409


def test_session_by_code_has_no_slips(app, stores):
    assert open_room(app, stores).press("sedler").status_code == 409


def test_late_slip_works_until_the_end(room: Room):
    first, second, *_ = print_slips(room)
    room.press("opvarmning")
    room.press("spoergsmaal")
    pupil, answer = draw(room, first)
    assert answer.status_code == 303
    assert answer_one(pupil) not in ("", room.session.warm_up.id)
    room.press("luk")
    assert room.app.test_client().get(f"/S/{second}").status_code == 410


def test_prepared_session_waits_for_its_class(room: Room, clock: Clock):
    days = 24 * 60 * 60
    assert room.now().is_waiting
    clock.now += 13 * days
    assert not sessions.is_overdue(room.now(), clock())
    room.come_back()
    room.press("opvarmning")
    begun = room.now()
    assert begun.opened == clock()
    assert begun.day != room.session.day
    assert not sessions.is_overdue(begun, clock() + sessions.OPEN_SECONDS)
    assert sessions.is_overdue(begun, clock() + sessions.OPEN_SECONDS + 1)


def test_prepared_session_does_not_wait_for_ever(room: Room):
    late = NOW + sessions.WAIT_SECONDS
    assert not sessions.is_overdue(room.now(), late)
    assert sessions.is_overdue(room.now(), late + 1)


def test_begun_afresh_needs_new_slips(room: Room):
    slip, *_ = print_slips(room)
    assert room.press("forfra").status_code == 303
    assert room.now().code == ""
    assert room.app.test_client().get(f"/S/{slip}").status_code == 410
    assert len(print_slips(room)) == 12
