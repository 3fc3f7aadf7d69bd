"""A meeting of parents: their own set, in their own words, as anonymous as a class."""

import re

import pytest
from room import Room, open_room, token_of

from pejling.domain import promises
from pejling.domain.sessions import Kind
from pejling.storage import archive


def open_meeting(room: Room, present: str = "19", grade_set: str = "7/f7", **more):
    """A session of parents, opened by the room's teacher."""
    page = room.teacher.get(f"/laerer/ny/{grade_set}")
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    return room.teacher.post(
        f"/laerer/ny/{grade_set}",
        data={
            "csrf_token": token_of(page),
            "items": core,
            "school": "Åskolen",
            "letter": "A",
            "present": present,
            "pacing": "samlet",
            "mode": "skaerm",
            **more,
        },
    )


@pytest.fixture
def meeting(app, stores) -> Room:
    room = open_room(app, stores)
    answer = open_meeting(room)
    assert answer.status_code == 303, answer.text
    room.session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    return room


def test_a_meeting_is_opened_from_the_parents_set(meeting):
    assert meeting.session.kind is Kind.PARENTS
    page = meeting.teacher.get("/laerer/saet/f7").text
    assert "Åbn forældremøde i 7. årgang" in page
    plan = meeting.teacher.get("/laerer/aarsplan").text
    assert "/laerer/saet/f7" in plan


def test_parents_are_promised_what_pupils_are(meeting, client):
    page = client.get(f"/Q/{meeting.session.join_secret}")
    for one in promises.of_page("parents"):
        assert one.said("da") in page.text
    assert "dine forældre og politiet" not in page.text
    english = client.get(f"/Q/{meeting.session.join_secret}?sprog=en")
    for one in promises.of_page("parents"):
        assert one.said("en") in english.text
    # Looking takes no seat, and one may go without.
    seats = meeting.stores.ballots.conn.execute("select count(*) from seat").fetchone()
    assert seats == (0,)


def test_nobody_calls_a_parent_a_pupil(meeting):
    parents = meeting.pupils(6)
    seen = [meeting.teacher.get(f"/laerer/{meeting.session.id}").text]
    seen.append(parents[0].get("/svar").text)
    meeting.press("opvarmning")
    for one in parents:
        seen.append(answer(one))
    meeting.press("spoergsmaal")
    for one in parents:
        while page := answer(one):
            seen.append(page)
    seen.append(parents[0].get("/svar").text)
    seen.append(meeting.teacher.get(f"/laerer/{meeting.session.id}").text)
    meeting.press("luk")
    wall = f"/tavle/{meeting.session.wall_key}"
    for _ in range(8):
        seen.append(meeting.teacher.get(wall).text)
        meeting.press("frem")
    seen.append(meeting.teacher.get(f"/laerer/{meeting.session.id}").text)
    seen.append(meeting.teacher.get(f"/laerer/{meeting.session.id}/ark").text)
    for page in seen:
        words = re.sub(r"<[^>]+>|skærmvisning.*?skærme\.", " ", page)
        # The children are pupils; the set's own notes and prompts speak of them.
        for wrong in (
            *("din lærer", "Eleverne scanner", "bag eleverne", "kammerater"),
            *("Klassens aftale", "Elever til stede", "Klassen gættede"),
        ):
            assert wrong not in words, (wrong, words)


def answer(browser) -> str:
    """Answer what is on the screen, through its review; the page, "" if none is."""
    page = browser.get("/svar")
    found = re.search(r'name="tema"[^>]*value="(\w+)"', page.text)
    if not found:
        return ""
    sent = {"csrf_token": token_of(page), "tema": found.group(1), "trin": "se"}
    sent |= {"selv": "000", "andre": "003", "kammerater": "003"}
    review = browser.post("/svar", data=sent)
    browser.post("/svar", data={**sent, "trin": "send"})
    wrong = browser.post("/svar", data={**sent, "selv": "", "kammerater": ""})
    return page.text + review.text + wrong.text


def test_three_parents_are_too_few_and_140_too_many(app, stores):
    room = open_room(app, stores)
    refused = open_meeting(room, present="140")
    assert refused.status_code == 422
    assert "hvor mange forældre der er til stede: et tal fra 2 til 120" in refused.text
    opened = open_meeting(room, present="3")
    room.session = archive.session(stores.archive, opened.location.rpartition("/")[2])
    parents = room.pupils(3)
    room.press("opvarmning")
    for one in parents:
        answer(one)
    room.press("spoergsmaal")
    for one in parents:
        while answer(one):
            pass
    room.press("luk")
    wall = room.teacher.get(f"/tavle/{room.session.wall_key}").text
    assert "for få svar" in wall
    assert stores.archive["counter"].count == 0


def test_120_parents_find_a_seat_each_and_type_their_guesses(app, stores):
    room = open_room(app, stores)
    opened = open_meeting(room, present="120")
    room.session = archive.session(stores.archive, opened.location.rpartition("/")[2])
    parent = room.pupil()
    room.press("opvarmning")
    page = parent.get("/svar").text
    assert 'inputmode="numeric"' in page
    assert "af de andre forældre i klassen tror du?" in page


def test_the_lesson_of_a_meeting_has_its_own_minutes(meeting):
    page = meeting.teacher.get(f"/laerer/{meeting.session.id}").text
    assert "Samtale ved bordene" in page
    assert "Forældrenes aftale" in page
