"""The teacher's way over HTTP: open, lead, reveal, take home."""

import re

import builders
import pytest
from builders import NOW
from flask import Flask
from room import Room, answer_all, answer_one, open_room, sign_in, token_of

from pejling.domain import sessions
from pejling.domain.sessions import OVERVIEW, Position, Stage, Step
from pejling.storage import accounts, archive, ballot_box, closing
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return open_room(app, stores)


def answered(room: Room, own: dict[str, int] | None = None) -> Room:
    """The room after 24 pupils have answered and the teacher has closed.

    All guess 12 of 24; everybody says no, but where ``own`` says how many say yes.
    """
    pupils = room.pupils(24)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    yes = dict(own or {})
    for number, pupil in enumerate(pupils):
        for triad in (*room.session.triads[1:], "aerlighed"):
            says_yes = number < yes.get(triad, 0)
            # hyppighed4 has "Nej" first; everywhere else "Ja" is first.
            code = int(says_yes) if triad == "alkohol_30" else int(not says_yes)
            assert answer_one(pupil, guess=12, own=code) == triad
    assert room.press("luk").status_code == 303
    return room


# --- opening --------------------------------------------------------------------------


def test_from_new_to_lobby_are_four_pages(room: Room):
    # "Ny pejling" -> årsplan -> the set -> items and class -> lobby.
    assert "/laerer/aarsplan" in room.teacher.get("/laerer/").text
    assert "/laerer/saet/7a" in room.teacher.get("/laerer/aarsplan").text
    assert "/laerer/ny/7/7a" in room.teacher.get("/laerer/saet/7a").text
    assert room.teacher.get("/laerer/ny/7/7a").status_code == 200
    assert "Klassen kommer ind" in room.teacher.get(f"/laerer/{room.session.id}").text


def test_core_items_are_chosen_beforehand(room: Room):
    core = [one.id for one in room.session.questions.triads if one.core]
    assert room.session.triads == tuple(core)


@pytest.mark.parametrize(
    "present", ["", "0", "1", "121", "x", "-5", "2.5", "٢٤", "9" * 9]
)
def test_wrong_number_of_pupils_opens_nothing(room: Room, present: str):
    page = room.teacher.get("/laerer/ny/7/7a")
    before = len(archive.open_sessions(room.stores.archive))
    answer = room.teacher.post(
        "/laerer/ny/7/7a",
        data={
            "csrf_token": token_of(page),
            "items": ["alkohol_30"],
            "school": "Åskolen",
            "letter": "A",
            "present": present,
            "pacing": "samlet",
        },
    )
    assert answer.status_code == 422
    assert "et tal fra 2 til 120" in answer.text
    assert len(archive.open_sessions(room.stores.archive)) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"school": "Emil og de tre andre"}, "Vælg en skole fra listen"),
        ({"letter": "Emils klasse"}, "Vælg en klasse fra listen"),
        ({"pacing": "x"}, "samlet eller et ad gangen"),
        ({"items": []}, "Vælg mindst ét spørgsmål"),
        ({"items": ["hash_aar"]}, "hører ikke til temaet"),
        ({"items": ["../x"]}, "hører ikke til temaet"),
    ],
)
def test_only_lists_can_be_chosen_from(room: Room, change: dict, words: str):
    page = room.teacher.get("/laerer/ny/7/7a")
    good = {
        "csrf_token": token_of(page),
        "items": ["alkohol_30"],
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "pacing": "samlet",
    }
    answer = room.teacher.post("/laerer/ny/7/7a", data=good | change)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    "path", ["/laerer/ny/5/7a", "/laerer/ny/7/nix", "/laerer/ny/x/7a"]
)
def test_unknown_theme_is_not_found(room: Room, path: str):
    assert room.teacher.get(path).status_code == 404


def test_roed_items_are_not_offered_without_a_figure(room: Room):
    page = room.teacher.get("/laerer/ny/9/9a").text
    assert "har røget hash" in page
    assert 'value="hash_aar"' not in page
    assert "Ungeprofilen" in page


# --- leading --------------------------------------------------------------------------


def test_start_over_gives_a_new_code_and_empty_seats(room: Room):
    pupil = room.pupil()
    assert room.press("forfra").status_code == 303
    assert room.now().code != room.session.code
    assert pupil.get("/svar").status_code == 403
    seats = ballot_box.room(room.stores.ballots, room.session.id)
    assert seats
    assert seats.seats == 0


def test_start_over_is_refused_after_the_first_question(room: Room):
    room.press("opvarmning")
    assert room.press("forfra").status_code == 409
    assert room.now().code == room.session.code


def test_starting_over_late_leaves_the_seats_alone(room: Room, monkeypatch):
    room.pupils(3)

    def other_remote_is_faster(*values):
        monkeypatch.undo()
        closing.advance(stores, room.now(), sessions.start_warm_up(room.now()), NOW)
        return archive.new_codes(*values)

    stores = room.stores
    monkeypatch.setattr(archive, "new_codes", other_remote_is_faster)
    assert room.press("forfra").status_code == 409
    found = ballot_box.room(stores.ballots, room.session.id)
    assert found
    assert found.seats == 3


def test_session_that_was_opened_on_a_full_disk_comes_to_life(room: Room):
    ballot_box.forget(room.stores.ballots, room.session.id)
    assert room.teacher.get(f"/laerer/{room.session.id}").status_code == 200
    room.pupil()


def test_a_press_on_an_old_screen_counts_nothing(room: Room):
    room.press("opvarmning")
    late = room.press("spoergsmaal", version=str(room.session.version))
    assert late.status_code == 409
    assert room.now().stage is Stage.WARM_UP


@pytest.mark.parametrize("where", ["", "opvarmning"])
def test_session_can_be_ended_from_its_screen_at_any_time(room: Room, where: str):
    if where:
        room.press(where)
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert f'action="/laerer/{room.session.id}/slut"' in page
    assert room.press("slut").status_code == 303
    assert room.now().stage is Stage.CLOSED
    after = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "/slut" not in after


def test_stages_cannot_be_skipped(room: Room):
    assert room.press("spoergsmaal").status_code == 409
    assert room.press("naeste-spoergsmaal").status_code == 409
    assert room.press("gaa-til", item="alkohol_30").status_code == 409
    assert room.now().stage is Stage.LOBBY


def test_private_screen_names_the_findings(room: Room):
    # 24 guess 12; 3 of 24 drink: tolerance 2, so A. 20 of 24 had fun without: E.
    # 14 of 24 have been drunk: a majority, so C, hidden.
    answered(room, {"alkohol_30": 3, "fest_uden_alkohol": 20, "fuld_nogensinde": 14})
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "I gættede på 12. 21 ud af 24 svarede ikke ja." in page
    assert "I gættede på 12. 20 ud af 24 svarede ja – flere, end I troede." in page
    assert "Flertallet svarede ja" in page
    assert "Er ikke på tavlen" in page


def test_reveal_walks_through_every_step_and_back(room: Room):
    answered(room, {"fest_uden_alkohol": 20, "alkohol_30": 3})
    seen = []
    for _ in range(60):
        room.press("frem")
        seen.append(room.now().position)
        if seen[-1].item == OVERVIEW:
            break
    # The surprise comes first.
    assert seen[0] == Position("fest_uden_alkohol", Step.QUESTION)
    assert [one.step for one in seen[:5]] == [
        Step.QUESTION,
        Step.GUESSES,
        Step.FACIT,
        Step.SENTENCE,
        Step.FIGURES,
    ]
    room.press("tilbage")
    assert room.now().position == seen[-2]


def test_hidden_finding_is_shown_only_when_the_teacher_says_so(room: Room):
    answered(room, {"fuld_nogensinde": 14})
    wall = room.app.test_client()
    state = f"/tavle/{room.session.wall_key}/tilstand"
    assert room.press("gaa-til", item="fuld_nogensinde").status_code == 400
    assert room.press("vis", item="fuld_nogensinde", vis="1").status_code == 303
    assert room.press("gaa-til", item="fuld_nogensinde").status_code == 303
    assert "prøvet at være fulde" in wall.get(state).get_json()["html"]
    room.press("vis", item="fuld_nogensinde", vis="0")
    assert "prøvet at være fulde" not in wall.get(state).get_data(as_text=True)


def test_fewer_than_five_answers_keep_nothing(room: Room):
    pupils = room.pupils(4)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    for pupil in pupils:
        answer_all(pupil)
    room.press("luk")
    assert archive.counters(room.stores.archive, room.session.id) == {}
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "for få svar" in page


# --- who may --------------------------------------------------------------------------


def test_another_teacher_sees_and_moves_nothing(room: Room):
    other = sign_in(room.app, room.stores, "anden@example.dk", Role.TEACHER)
    assert other.get(f"/laerer/{room.session.id}").status_code == 403
    token = token_of(other.get("/laerer/ny/7/7a"))
    for where in ("opvarmning", "luk", "vis", "frem", "forfra"):
        answer = other.post(
            f"/laerer/{room.session.id}/{where}", data={"csrf_token": token}
        )
        assert answer.status_code == 403
    assert other.get(f"/laerer/{room.session.id}/resultat.csv").status_code == 403


def test_without_a_form_token_nothing_moves(room: Room):
    answer = room.teacher.post(
        f"/laerer/{room.session.id}/opvarmning", data={"version": "1"}
    )
    assert answer.status_code == 400
    assert room.now().stage is Stage.LOBBY


def test_signed_out_is_sent_to_sign_in(room: Room):
    stranger = room.app.test_client()
    answer = stranger.get(f"/laerer/{room.session.id}")
    assert answer.status_code == 303
    assert answer.location.startswith("/log-ind?til=")


# --- take home ------------------------------------------------------------------------


def test_result_is_not_given_before_close(room: Room):
    answer = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv")
    assert answer.status_code == 409


def test_csv_holds_the_coded_numbers(room: Room):
    answered(room, {"alkohol_30": 2, "fest_uden_alkohol": 23, "lov_hjemmefra": 5})
    body = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv").data
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").splitlines()
    heads = lines[0].split(";")
    rows = {
        line.split(";")[5]: dict(zip(heads, line.split(";"), strict=False))
        for line in lines[1:]
    }
    assert rows["alkohol_30"]["ja"] == "højst 2"
    assert rows["fest_uden_alkohol"]["ja"] == "mindst 22"
    assert rows["lov_hjemmefra"]["ja"] == "5"
    assert rows["lov_hjemmefra"]["gaet_klassen"] == "12"
    plain = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv?form=komma").data
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert re.search(rb"^dato,skole,klasse,", plain)


# --- one at a time --------------------------------------------------------------------


def test_stepwise_session_is_led_to_its_end(app: Flask, stores: Stores):
    items = ["alkohol_30", "sagt_nej_tak"]
    told = "Der er kun 2 spørgsmål ud over opvarmningen."
    room = open_room(
        app,
        stores,
        pacing="trin",
        items=items,
        present="12",
        accept="1",
        told=told,
    )
    pupils = room.pupils(12)
    room.press("opvarmning")
    for pupil in pupils:
        answer_one(pupil)
    room.press("spoergsmaal")
    wall = f"/tavle/{room.session.wall_key}/tilstand"
    for triad in room.session.triads[1:]:
        for number, pupil in enumerate(pupils):
            # 4 of 12 drink ("Nej" is first there), 9 of 12 have said no.
            yes = number < (4 if triad == "alkohol_30" else 9)
            own = int(yes) if triad == "alkohol_30" else int(not yes)
            assert answer_one(pupil, guess=9, own=own) == triad
        assert room.press("luk").status_code == 303
        assert room.now().position == Position(triad, Step.QUESTION)
        for _ in range(6):
            room.press("frem")
        # "Frem" stays within the item; the next one is asked by its own button.
        assert room.now().position == Position(triad, Step.FIGURES)
        assert "ud af 12" in room.teacher.get(wall).get_json()["html"]
        room.press("naeste-spoergsmaal")
    assert [answer_one(pupil) for pupil in pupils] == ["aerlighed"] * 12
    assert room.press("luk").status_code == 303
    assert room.now().stage is Stage.CLOSED
    lines = room.teacher.get(f"/laerer/{room.session.id}/resultat.csv").text
    assert [line.split(";")[15] for line in lines.splitlines()[2:]] == ["4", "9"]


def test_stepwise_item_with_too_few_answers_is_passed_over(app: Flask, stores: Stores):
    room = open_room(app, stores, pacing="trin")
    pupils = room.pupils(6)
    room.press("opvarmning")
    room.press("spoergsmaal")
    for pupil in pupils[:4]:
        answer_one(pupil)
    room.press("luk")
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Er ikke på tavlen" in page
    room.press("frem")
    wall = room.teacher.get(f"/tavle/{room.session.wall_key}/tilstand").get_json()
    assert "Vi går videre til det næste" in wall["html"]
    assert room.press("naeste-spoergsmaal").status_code == 303
    # The two who were too late for the first are asked the second like all others.
    assert {answer_one(pupil) for pupil in pupils} == {room.session.triads[2]}


# --- presses too early ----------------------------------------------------------------


def close_once(room: Room):
    """The button as it stands on the page, which may ask before it closes."""
    page = room.teacher.get(f"/laerer/{room.session.id}")
    data = {"csrf_token": token_of(page), "version": str(room.now().version)}
    return room.teacher.post(f"/laerer/{room.session.id}/luk", data=data)


def test_closing_before_all_have_answered_is_asked_about_once(room: Room):
    pupils = room.pupils(12)
    room.press("opvarmning")
    room.press("spoergsmaal")
    for pupil in pupils[1:]:
        answer_all(pupil, guess=12)
    answer = close_once(room)
    assert room.now().stage is Stage.ANSWERING
    page = room.teacher.get(answer.location).text
    assert "Ikke alle har svaret endnu" in page
    assert "Luk alligevel" in page
    assert 'name="alligevel" value="1"' in page
    assert "Luk alligevel" not in room.teacher.get(f"/laerer/{room.session.id}").text
    answer_all(pupils[0], guess=12)
    assert "Luk alligevel" not in room.teacher.get(answer.location).text
    close_once(room)
    assert room.now().stage is Stage.CLOSED


def test_closing_with_nobody_in_is_asked_about_too(room: Room):
    room.press("opvarmning")
    room.press("spoergsmaal")
    close_once(room)
    assert room.now().stage is Stage.ANSWERING
    assert room.press("luk").status_code == 303
    assert room.now().stage is Stage.CLOSED


def test_remote_is_asked_too(room: Room):
    room.press("opvarmning")
    room.press("spoergsmaal")
    page = room.teacher.get(f"/fjern/{room.session.id}")
    answer = room.teacher.post(
        f"/laerer/{room.session.id}/luk",
        data={
            "csrf_token": token_of(page),
            "version": str(room.now().version),
            "fra": "fjern",
        },
    )
    assert answer.location.startswith("/fjern/")
    assert "Luk alligevel" in room.teacher.get(answer.location).text


def test_press_that_is_behind_is_not_asked_about(room: Room):
    room.press("opvarmning")
    room.press("spoergsmaal")
    page = room.teacher.get(f"/laerer/{room.session.id}")
    data = {"csrf_token": token_of(page), "version": "1"}
    where = f"/laerer/{room.session.id}/luk"
    assert room.teacher.post(where, data=data).status_code == 409


def test_code_is_shown_again_during_the_warm_up(room: Room):
    wall = f"/tavle/{room.session.wall_key}"
    browser = room.app.test_client()
    pupils = room.pupils(5)
    room.press("opvarmning")
    assert "lobby__code" not in browser.get(wall).text
    assert room.press("vis-koden").status_code == 303
    assert "lobby__code" in browser.get(wall).text
    assert "Vis opvarmningen" in room.teacher.get(f"/laerer/{room.session.id}").text
    for pupil in [*pupils, room.pupil()]:
        assert answer_one(pupil) == room.session.warm_up.id
    room.press("vis-koden")
    assert "lobby__code" not in browser.get(wall).text
    room.press("vis-koden")
    room.press("spoergsmaal")
    assert room.now().position == Position()
    assert room.press("vis-koden").status_code == 409


def test_closed_while_the_code_is_shown(room: Room, stores: Stores):
    room.press("opvarmning")
    room.press("vis-koden")
    closing.close_session(stores, room.now(), NOW)
    assert room.now().position == Position()


def test_long_list_has_pages(app, stores):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    owner = accounts.find(stores.archive, "t@example.dk").id
    for n in range(51):
        day = f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
        columns = {"owner": owner, "day": day, "school": f"Skole {n}"}
        builders.closed_class(stores, columns=columns)
    first, second = teacher.get("/laerer/").text, teacher.get("/laerer/?side=2").text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 2)  # with their heads
    assert 'href="/laerer/?side=2"' in first
    assert 'href="/laerer/?side=1"' in second
    assert "Ældre" not in second
    for odd in ("0", "-1", "x", "9999999"):
        assert teacher.get(f"/laerer/?side={odd}").status_code == 200
    assert "Du har ikke holdt nogen" not in first
