"""A meeting of parents: their own set, in their own words, as anonymous as a class."""

import json
import re
from dataclasses import replace

import builders
import pytest
from room import Room, open_room, sign_in, token_of

from pejling.domain import promises
from pejling.domain.content.set_files import fingerprint
from pejling.domain.disclosure import Omission
from pejling.domain.sessions import Kind
from pejling.storage import accounts, archive, releases
from pejling.storage.accounts import Role


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
def room(app, stores) -> Room:
    """A teacher with an open class."""
    return open_room(app, stores)


@pytest.fixture
def meeting(stores, room) -> Room:
    answer = open_meeting(room)
    assert answer.status_code == 303, answer.text
    session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    return replace(room, session=session)


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


# --- gæt elevernes svar ---------------------------------------------------------------


def answered_class(app, stores, *, yes=6, n=24, **columns):
    """7a, answered by 7.A: 6 of 24 say yes to two risks, and guess 15."""
    few, owner = min(yes, n // 4), "laerer@example.dk"
    questions = app.config["LIBRARY"].sets["7a"]
    account = accounts.find(stores.archive, owner)
    counts = {
        "lov_hjemmefra": builders.tallies(
            "lov_hjemmefra", few, n - few, guesses={min(15, n): n}
        ),
        "skal_drikke_for_sjov": builders.tallies(
            "skal_drikke_for_sjov", n // 4, n - n // 4, guesses={min(15, n): n}
        ),
        # "Nej" is its first answer: most say that they did, so the wall holds it back.
        "alkohol_30": builders.tallies("alkohol_30", 3, n - 3, guesses={min(15, n): n}),
        "fest_uden_alkohol": builders.tallies(
            "fest_uden_alkohol", n - 4, 4, guesses={5: n}
        ),
    }
    triads = [one.id for one in questions.triads]
    chosen = [one for one in triads if one in counts or one == triads[0]]
    return builders.closed_class(
        stores,
        present=n,
        questions=questions,
        columns={
            "triads": json.dumps(chosen),
            "owner": account.id,
            "day": "2026-09-14",
            **columns,
        },
        **counts,
    )


def release(room: Room, session, *triads: str, consent: bool = True):
    page = room.teacher.get(f"/laerer/{session.id}/foraeldre")
    data = {"csrf_token": token_of(page), "triade": list(triads)}
    if consent:
        data["samtykke"] = "1"
    return room.teacher.post(f"/laerer/{session.id}/foraeldre", data=data)


def offered(room: Room, session) -> set[str]:
    page = room.teacher.get(f"/laerer/{session.id}/foraeldre").text
    return set(re.findall(r'name="triade" value="(\w+)"', page))


def hold(room: Room, stores, *classes, parents: int = 6, guess: str = "008") -> None:
    """A meeting that guesses at these classes, answered and closed."""
    opened = open_meeting(
        room,
        present=str(parents),
        classes=[one.id for one in classes],
        letter=classes[0].letter,
    )
    assert opened.status_code == 303, opened.text
    room.session = archive.session(stores.archive, opened.location.rpartition("/")[2])
    browsers = room.pupils(parents)
    room.press("opvarmning")
    for one in browsers:
        answer_parent(one, guess)
    room.press("spoergsmaal")
    for one in browsers:
        while answer_parent(one, guess):
            pass
    room.press("luk")


def answer_parent(browser, guess: str) -> str:
    page = browser.get("/svar")
    found = re.search(r'name="tema"[^>]*value="(\w+)"', page.text)
    if not found:
        return ""
    sent = {"csrf_token": token_of(page), "tema": found.group(1), "trin": "send"}
    sent |= {"selv": "000", "andre": "003", "kammerater": "003"}
    if found.group(1).startswith("elever_"):
        sent["andre"] = guess
    answer = browser.post("/svar", data=sent)
    assert answer.status_code == 303, answer.text
    return found.group(1)


def wall_at(room: Room, triad: str, steps: int) -> str:
    """The wall so many presses after an item's question."""
    room.press("gaa-til", item=triad)
    for _ in range(steps):
        room.press("frem")
    return room.teacher.get(f"/tavle/{room.session.wall_key}").text


def test_only_what_the_wall_may_show_is_offered(app, stores, room):
    session = answered_class(app, stores)
    held = archive.session(stores.archive, session.id)
    assert offered(room, session) == {
        "lov_hjemmefra",
        "skal_drikke_for_sjov",
        "fest_uden_alkohol",
    }
    archive.choose(stores.archive, held.id, "skal_drikke_for_sjov", False)
    archive.omit(stores.archive, held.id, "lov_hjemmefra", Omission.MISREAD)
    assert offered(room, session) == {"fest_uden_alkohol"}
    refused = release(room, session, "lov_hjemmefra")
    assert refused.status_code == 422
    assert releases.of_session(stores.archive, session.id) == ()


def test_without_the_class_s_consent_nothing_is_shown(app, stores, room):
    session = answered_class(app, stores)
    refused = release(room, session, "lov_hjemmefra", consent=False)
    assert refused.status_code == 422
    assert "Klassen skal have sagt ja" in refused.text
    assert "checked" in refused.text
    assert releases.of_session(stores.archive, session.id) == ()
    assert session.id not in room.teacher.get("/laerer/ny/7/f7").text


def test_parents_guess_what_the_class_answered(app, stores, room):
    session = answered_class(app, stores)
    kept = release(room, session, "skal_drikke_for_sjov", "lov_hjemmefra")
    assert "et forældremøde gætte" in room.teacher.get(kept.location).text
    form = room.teacher.get(f"/laerer/ny/7/f7?klasse={session.id}").text
    assert re.search(rf'<input checked[^>]*value="{session.id}"', form)
    hold(room, stores, session)
    assert room.session.linked == (session.id,)
    # 6 of 24 are 5 of 20; they guessed 15 of 24, which is 12.5 of 20.
    wall = wall_at(room, "elever_1", 2)
    assert "I gættede på 8 ud af 20, børnene selv på 12,5." in wall
    assert "Cirka 5 ud af 20 svarede ja." in wall
    # What the parents' set names comes first.
    assert "må drikke alkohol" in wall_at(room, "elever_1", 0)
    assert "skal drikke for at have det sjovt" in wall_at(room, "elever_2", 0)
    guesses = wall_at(room, "elever_1", 1)
    assert "Hvad tror I?" in guesses
    assert "svarede ja" not in guesses


def test_phones_ask_for_twenty_pupils(app, stores, room):
    session = answered_class(app, stores)
    release(room, session, "lov_hjemmefra")
    opened = open_meeting(room, present="6", classes=[session.id])
    room.session = archive.session(stores.archive, opened.location.rpartition("/")[2])
    parent = room.pupil()
    room.press("opvarmning")
    answer_parent(parent, "008")
    room.press("spoergsmaal")
    while not (page := parent.get("/svar").text).count('value="elever_1"'):
        answer_parent(parent, "008")
    assert "Hvor mange af eleverne tror du?" in page
    assert "Svar, som om det var 20 elever." in page
    assert 'value="020"' in page
    assert 'value="021"' not in page
    assert 'name="selv"' not in page
    assert 'name="kammerater"' not in page


def test_what_is_taken_back_is_gone_in_the_middle_of_a_meeting(app, stores, room):
    session = answered_class(app, stores)
    release(room, session, "lov_hjemmefra")
    hold(room, stores, session)
    assert "Cirka 5 ud af 20" in wall_at(room, "elever_1", 2)
    release(room, session)
    assert "kan ikke vises mere" in wall_at(room, "elever_1", 2)
    release(room, session, "lov_hjemmefra")
    archive.choose(stores.archive, session.id, "lov_hjemmefra", False)
    wall = wall_at(room, "elever_1", 2)
    assert "kan ikke vises mere" in wall
    assert "Cirka 5" not in wall


def test_a_class_deleted_since_leaves_the_guesses(app, stores, room):
    session = answered_class(app, stores)
    release(room, session, "lov_hjemmefra")
    hold(room, stores, session)
    stores.archive.conn.execute("delete from session where id = ?", [session.id])
    wall = wall_at(room, "elever_1", 2)
    assert "I gættede på 8 ud af 20. Klassens tal kan ikke vises mere." in wall
    assert room.teacher.get(f"/laerer/{room.session.id}").status_code == 200


def test_a_class_of_nine_shows_guesses_only(app, stores, room):
    session = answered_class(app, stores, n=9)
    assert "skal_drikke_for_sjov" in offered(room, session)
    release(room, session, "skal_drikke_for_sjov")
    hold(room, stores, session)
    wall = wall_at(room, "elever_1", 2)
    assert "for lille til, at svarene kan vises" in wall
    assert "svarede ja" not in wall


def test_two_classes_of_a_school_are_joined(app, stores, room):
    one = answered_class(app, stores)
    other = answered_class(app, stores, letter="B")
    for session in (one, other):
        release(room, session, "lov_hjemmefra", "skal_drikke_for_sjov")
    hold(room, stores, one, other)
    assert "i de to klasser" in wall_at(room, "elever_1", 0)
    assert "Cirka 5 ud af 20 svarede ja." in wall_at(room, "elever_1", 2)


def test_classes_that_do_not_fit_are_refused_with_the_reason(app, stores, room):
    ours = answered_class(app, stores)
    other_school = answered_class(app, stores, school="Bakkeskolen")
    other_items = answered_class(app, stores, letter="B")
    more = [answered_class(app, stores, letter=one) for one in "CD"]
    release(room, ours, "lov_hjemmefra")
    release(room, other_school, "lov_hjemmefra")
    release(room, other_items, "skal_drikke_for_sjov")
    for one in more:
        release(room, one, "lov_hjemmefra")
    for classes, says in (
        ([other_school.id], "på en anden skole"),
        ([ours.id, other_items.id], "ikke frigivet det samme"),
        ([ours.id, *(one.id for one in more)], "højst 2 klasser"),
        (["x"], "viser ikke noget mere"),
    ):
        refused = open_meeting(room, classes=classes)
        assert refused.status_code == 422
        assert says in refused.text
    on_paper = open_meeting(room, classes=[ours.id], mode="papir")
    assert "gættes kun på skærm" in on_paper.text


def test_a_colleague_holds_no_meeting_about_my_class(app, stores, room):
    session = answered_class(app, stores)
    release(room, session, "lov_hjemmefra")
    other = sign_in(app, stores, "kollega@example.dk", Role.TEACHER)
    assert session.id not in other.get("/laerer/ny/7/f7").text
    assert other.get(f"/laerer/{session.id}/foraeldre").status_code == 403
    consultant = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    assert session.id in consultant.get("/laerer/ny/7/f7").text


def test_a_class_of_last_year_is_offered_no_more(app, stores, room, clock):
    session = answered_class(app, stores, day="2025-09-01")
    release(room, session, "lov_hjemmefra")
    assert session.id not in room.teacher.get("/laerer/ny/7/f7").text


def test_only_a_closed_class_shows_something(meeting, room):
    for session in (meeting.session, room.session):
        for browser in (meeting.teacher, room.teacher):
            answer = browser.get(f"/laerer/{session.id}/foraeldre")
            assert answer.status_code == 409


def test_the_parents_set_stays_as_it_is_when_pupils_are_guessed_at(app, stores, room):
    session = answered_class(app, stores)
    release(room, session, "lov_hjemmefra")
    hold(room, stores, session)
    shipped = app.config["LIBRARY"].sets["f7"]
    used = archive.used_wordings(stores.archive)
    assert used[("f7", shipped.version)] == fingerprint(shipped)
    # Guesses at pupils are in no file and no rollup.
    csv = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv").text
    assert "elever_1" not in csv


@pytest.mark.parametrize("yes", [1, 2])
def test_nothing_on_a_meeting_s_wall_tells_none_from_two(app, stores, room, yes):
    walls = []
    for count, letter in ((0, "A"), (yes, "B")):
        session = answered_class(app, stores, yes=count, letter=letter)
        release(room, session, "lov_hjemmefra")
        hold(room, stores, session)
        seen = []
        for steps in range(3):
            wall_at(room, "elever_1", steps)
            wall = room.teacher.get(f"/tavle/{room.session.wall_key}/tilstand").json
            seen.append((wall["title"], wall["html"], json.dumps(wall["figure"])))
        walls.append(seen)
    assert walls[0] == walls[1]
