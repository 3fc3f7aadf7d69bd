"""The projector: each scene, the same again after a reload, and nothing too early."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import builders
import pytest
from room import sign_in

from pejling import results
from pejling.domain import sessions, wording
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import OVERVIEW, Pacing, Position, Session, Step
from pejling.output import captions
from pejling.storage import archive, ballot_box, closing
from pejling.storage.accounts import Role
from pejling.web import projector

REVEALED = ("vape", "ok_at_sige_nej", "hjulpet")


def page(client, session) -> str:
    answer = client.get(f"/tavle/{session.wall_key}")
    assert answer.status_code == 200
    return answer.text


def state(client, session) -> dict:
    answer = client.get(f"/tavle/{session.wall_key}/tilstand")
    assert answer.status_code == 200
    return answer.get_json()


def heading(client, session) -> str:
    """The h1; page and state agree on it, and a reload changes nothing."""
    html = page(client, session)
    found = state(client, session)
    assert found["html"].strip() in html
    assert page(client, session) == html
    assert state(client, session) == found
    (title,) = re.findall("<h1[^>]*>(.*?)</h1>", html)
    assert found["title"] == title
    assert f"<title>{title} – Pejling</title>" in html
    return title


def put(stores, session, item, step=Step.QUESTION) -> Session:
    """Let the projector stand somewhere."""
    following = replace(session, position=Position(item, step))
    return archive.move(stores.archive, session, following, builders.NOW)


def to_the_questions(stores, pacing=Pacing.TOGETHER):
    """A class of 24 that has answered the warm-up, and its seats."""
    session = builders.open_class(stores, pacing=pacing)
    seats = builders.take_seats(stores, session)
    session = builders.go_on(stores, session)
    builders.answer(stores, seats, "dyr", yes=9, guess=12)
    return builders.go_on(stores, session), seats


@pytest.fixture
def closed(stores) -> Session:
    """3 of 24 vape and all guess 8; 14 may say no, 20 have helped; all guess 10."""
    return builders.closed_class(
        stores,
        dyr=builders.tallies("dyr", 9, 15),
        vape=builders.tallies("vape", 3, 21),
        ok_at_sige_nej=builders.tallies("ok_at_sige_nej", 14, 10, guesses={10: 24}),
        hjulpet=builders.tallies("hjulpet", 20, 4, guesses={10: 24}),
        aerlighed=(24, {"aerlighed.selv": {0: 20, 1: 4}}),
    )


# --- the lobby ------------------------------------------------------------------------


def test_lobby_shows_the_ways_in(client, stores):
    session = builders.open_class(stores)
    builders.take_seats(stores, session, 20)
    html = page(client, session)
    assert heading(client, session) == "Kom med"
    assert sessions.show_code(session.code) in html
    assert '<b class="lobby__address">localhost</b>' in html
    assert 'aria-label="QR-kode til at komme med"' in html
    assert "20 af 24 er med" in html
    assert html.count('<i class="taken">') == 20
    assert html.count("<i>") == 4
    assert "Ingen navne. Ingen kan finde dit svar bagefter." in html


def test_qr_leads_to_the_session(client, stores, monkeypatch):
    session = builders.open_class(stores)
    drawn = []
    monkeypatch.setattr(
        projector.qr, "svg", lambda text: drawn.append(text) or "<svg/>"
    )
    state(client, session)
    assert drawn == [f"HTTP://LOCALHOST/Q/{session.join_secret}"]


def test_lobby_closes_after_ten_minutes(client, stores, clock):
    session = builders.open_class(stores)
    builders.take_seats(stores, session, 22)
    clock.now += sessions.JOIN_SECONDS - 5
    assert state(client, session)["again"] == 6
    clock.now += 6
    html = page(client, session)
    assert heading(client, session) == "Koden er lukket"
    assert "22 af 24 er med." in html
    assert sessions.show_code(session.code) not in html
    assert session.join_secret not in html
    assert "<svg" not in html
    assert state(client, session)["again"] is None
    builders.take_seats(stores, session, 24)
    assert "Alle er med." in page(client, session)


def test_who_comes_late_finds_the_code_until_all_seats_are_taken(client, stores, clock):
    session = builders.open_class(stores)
    seats = builders.take_seats(stores, session, 22)
    session = builders.go_on(stores, session)
    code = sessions.show_code(session.code)
    assert code in page(client, session)
    clock.now += sessions.JOIN_SECONDS + 1
    assert code not in page(client, session)
    clock.now = builders.NOW
    builders.take_seats(stores, session, 24)
    assert len(seats) == 22
    assert code not in page(client, session)


# --- while answers come ---------------------------------------------------------------


def test_warm_up_begins_with_an_empty_axis(client, stores):
    session = builders.open_class(stores)
    builders.take_seats(stores, session)
    session = builders.go_on(stores, session)
    assert heading(client, session) == "Hvor mange i klassen har et kæledyr?"
    found = state(client, session)
    assert found["figure"]["data"] == []
    assert "når fem har svaret" in found["html"]


def test_warm_up_moves_in_steps(client, stores):
    session = builders.open_class(stores)
    seats = builders.take_seats(stores, session)
    session = builders.go_on(stores, session)
    pictures = []
    for seat in seats:
        builders.answer(stores, [seat], "dyr", yes=1, guess=12)
        pictures.append(len(json.dumps(state(client, session)["figure"])))
    # 5, 8, 11, 14, 17, 20, and all 24 (23 would leave a last one by himself).
    moves = [at for at, (a, b) in enumerate(pairwise([0, *pictures]), 1) if a != b]
    assert moves == [1, 5, 8, 11, 14, 17, 20, 24]
    dots = next(
        one for one in state(client, session)["figure"]["data"] if one["uid"] == "dots"
    )
    assert dots["x"] == [12] * 24
    assert "Alle har svaret." in page(client, session)


def test_progress_moves_in_fives(client, stores):
    session, seats = to_the_questions(stores)
    assert heading(client, session) == "I er i gang"
    for triad in REVEALED:
        builders.answer(stores, seats, triad)
    builders.answer(stores, seats[:17], HONESTY_ID)
    assert heading(client, session) == "Mindst 15 af 24 har svaret"
    assert state(client, session)["figure"]["data"][0]["x"] == [15]
    builders.answer(stores, seats[17:], HONESTY_ID)
    assert heading(client, session) == "Alle har svaret"


@pytest.mark.parametrize("pacing", list(Pacing))
def test_nothing_on_the_wall_depends_on_what_is_answered(client, stores, pacing):
    seen = []
    for yes, guess in ((0, 0), (20, 24)):
        session, seats = to_the_questions(stores, pacing)
        asked = REVEALED if pacing is Pacing.TOGETHER else REVEALED[:1]
        views = []
        for triad in asked:
            for number, seat in enumerate(seats):
                builders.answer(
                    stores, [seat], triad, yes=int(number < yes), guess=guess
                )
                views.append(state(client, session))
        seen.append(json.dumps(views).replace(sessions.show_code(session.code), ""))
    assert seen[0] == seen[1]


# --- the reveal -----------------------------------------------------------------------


def test_after_closing_the_rules_come_first(client, closed):
    assert heading(client, closed) == "Nu ser vi på tallene."
    html = page(client, closed)
    assert "Vi taler om tal, ikke om personer." in html
    assert "Vi gætter ikke på, hvem der har svaret hvad." in html
    assert "Ingen skal fortælle, hvad de selv har svaret." in html
    assert state(client, closed)["figure"] is None


def test_question_stands_alone(client, stores, closed):
    closed = put(stores, closed, "vape", Step.QUESTION)
    assert heading(client, closed) == "Hvor mange i klassen har vapet?"
    assert state(client, closed)["figure"] is None
    assert "<table" not in page(client, closed)


def test_guesses_come_before_the_facit(client, stores, closed):
    closed = put(stores, closed, "vape", Step.GUESSES)
    found = state(client, closed)
    assert "Hvad tror I?" in found["html"]
    assert "Det midterste gæt er 8." in found["html"]
    uids = [one["uid"] for one in found["figure"]["data"]]
    assert uids == ["median", "dots"]
    assert "svarede ja" not in json.dumps(found, ensure_ascii=False).lower()


def test_facit_drops_into_the_same_chart(client, stores, closed):
    closed = put(stores, closed, "vape", Step.GUESSES)
    before = state(client, closed)
    closed = put(stores, closed, "vape", Step.FACIT)
    after = state(client, closed)
    key = 'data-key="guesses-vape"'
    assert key in before["html"]
    assert key in after["html"]
    assert after["figure"]["data"][:2] == before["figure"]["data"]
    assert after["figure"]["data"][2]["x"] == [3, 3]
    assert "svarede ikke ja" not in after["html"]


def test_sentence_comes_with_the_same_numbers(client, stores, closed):
    closed = put(stores, closed, "vape", Step.SENTENCE)
    html = page(client, closed)
    assert "I gættede på 8." in html
    assert "21 ud af 24 svarede ikke ja." in html
    assert "24 ud af 24 gættede for højt." in html
    cells = re.findall("<td>(.*?)</td>", html)
    assert cells == ["8", "8", "3", "24"]


def test_figures_are_two_arrays(client, stores, closed):
    closed = put(stores, closed, "vape", Step.FIGURES)
    found = state(client, closed)
    texts = [one["text"] for one in found["figure"]["layout"]["annotations"]]
    assert texts == ["Det troede vi", "8 af 24", "Sådan er det", "3 af 24"]
    assert (
        'aria-label="En figur for hver elev. Det troede vi: 8 af 24.' in found["html"]
    )


def test_overview_has_bars_table_and_honesty(client, stores, closed):
    closed = put(stores, closed, OVERVIEW)
    html = page(client, closed)
    order = results.of_session(stores, closed).order
    assert set(order) == set(REVEALED)
    assert len(state(client, closed)["figure"]["data"]) == 6
    assert html.count('<th scope="row">') == 3
    assert "Svarede I ærligt? Ja, på det hele, siger 20 ud af 24." in html
    assert "kæledyr" not in html


def test_overview_begins_with_the_largest_misperception(client, stores, closed):
    # 10 guessed and 20 helped; 8 guessed and 3 vape; 10 guessed and 14 may say no.
    closed = put(stores, closed, OVERVIEW)
    found = results.of_session(stores, closed)
    assert [one.triad.id for one in found.by_gap] == [
        "hjulpet",
        "vape",
        "ok_at_sige_nej",
    ]
    topics = re.findall(r'<th scope="row">([^<]+)<', page(client, closed))
    assert topics == [captions.topic(one) for one in found.by_gap]
    label = state(client, closed)["html"]
    places = [label.index(captions.topic(one, time=False)) for one in found.by_gap]
    assert places == sorted(places)


def test_every_step_of_every_item_is_drawn(client, stores, closed):
    found = results.of_session(stores, closed)
    for item, steps in found.reveal:
        for step in steps:
            closed = put(stores, closed, item, step)
            assert heading(client, closed) == found.item(item).question


def test_version_grows_with_each_step(client, stores, closed):
    before = state(client, closed)["version"]
    closed = put(stores, closed, "vape")
    assert state(client, closed)["version"] == f"{closed.version}.0" != before
    assert f'data-version="{closed.version}.0"' in page(client, closed)


# --- what is not shown ----------------------------------------------------------------


def hidden_class(stores) -> Session:
    """20 of 24 vape: the method keeps that off the wall."""
    return builders.closed_class(
        stores,
        vape=builders.tallies("vape", 20, 4),
        hjulpet=builders.tallies("hjulpet", 20, 4, guesses={10: 24}),
    )


def test_hidden_result_is_nowhere(client, stores):
    session = hidden_class(stores)
    for position in ("", "hjulpet", OVERVIEW):
        for step in Step:
            session = put(stores, session, position, step)
            both = page(client, session) + json.dumps(state(client, session))
            assert "vapet" not in both
            assert "vape" not in both


def test_position_on_a_held_back_item_shows_nothing_of_it(client, stores):
    session = put(stores, hidden_class(stores), "vape", Step.SENTENCE)
    assert heading(client, session) == "Vi går videre til det næste."
    both = page(client, session) + json.dumps(state(client, session))
    assert "vape" not in both
    assert state(client, session)["figure"] is None


def test_teacher_may_show_it_and_hold_it_back_again(client, stores):
    session = put(stores, hidden_class(stores), "vape", Step.SENTENCE)
    archive.choose(stores.archive, session.id, "vape", True)
    session = archive.session(stores.archive, session.id)
    assert heading(client, session) == "Hvor mange i klassen har vapet?"
    archive.choose(stores.archive, session.id, "vape", False)
    session = archive.session(stores.archive, session.id)
    assert heading(client, session) == "Vi går videre til det næste."


def test_all_held_back_says_nothing_of_numbers(client, stores):
    session = builders.closed_class(stores, vape=builders.tallies("vape", 20, 4))
    assert heading(client, session) == "Nu ser vi på tallene."
    session = put(stores, session, OVERVIEW)
    assert heading(client, session) == "Tak for jeres svar. Nu taler vi sammen."


def test_too_few_answers_show_nothing(client, stores):
    session = builders.closed_class(stores, vape=(0, {}))
    assert heading(client, session) == wording.TOO_FEW
    assert "<table" not in page(client, session)


def test_step_that_an_attitude_has_not_is_its_question(client, stores):
    attitude = builders.tallies("ok_at_sige_nej", 20, 4)
    answered, counters = attitude
    own = {"ok_at_sige_nej.selv": counters["ok_at_sige_nej.selv"]}
    session = builders.closed_class(stores, ok_at_sige_nej=(answered, own))
    session = put(stores, session, "ok_at_sige_nej", Step.FACIT)
    assert state(client, session)["figure"] is None
    session = put(stores, session, "ok_at_sige_nej", Step.FIGURES)
    assert "20 ud af 24 svarede ja." in page(client, session)


def test_in_steps_a_hidden_result_is_passed_by(client, stores):
    session, seats = to_the_questions(stores, Pacing.STEPWISE)
    assert heading(client, session) == "I er i gang"
    builders.answer(stores, seats, "vape", yes=20)
    session = closing.advance(
        stores, session, sessions.after_asking(session), builders.NOW
    )
    assert heading(client, session) == "Vi går videre til det næste."
    assert "vape" not in page(client, session)


def test_in_steps_each_item_is_revealed_after_its_answers(client, stores):
    session, seats = to_the_questions(stores, Pacing.STEPWISE)
    builders.answer(stores, seats, "vape", yes=3)
    session = closing.advance(
        stores, session, sessions.after_asking(session), builders.NOW
    )
    assert heading(client, session) == "Hvor mange i klassen har vapet?"
    session = put(stores, session, "vape", Step.SENTENCE)
    assert "21 ud af 24 svarede ikke ja." in page(client, session)


@pytest.mark.parametrize("ends", [(0, 1, 2), (22, 23, 24)])
def test_ends_cannot_be_told_apart_on_the_wall(client, stores, ends):
    seen = []
    for yes in ends:
        session = builders.closed_class(
            stores, hjulpet=builders.tallies("hjulpet", yes, 24 - yes)
        )
        archive.choose(stores.archive, session.id, "hjulpet", True)
        session = archive.session(stores.archive, session.id)
        views = []
        for item, step in [*(("hjulpet", one) for one in Step), (OVERVIEW, Step.ASKED)]:
            session = put(stores, session, item, step)
            views.append(state(client, session))
        seen.append(json.dumps(views))
    assert len(set(seen)) == 1


# --- who may --------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["", "/tilstand", "/stroem"])
def test_unknown_key_is_404(client, where):
    assert client.get(f"/tavle/{'0' * 32}{where}").status_code == 404


def test_wall_of_a_stranger_has_no_keys(client, closed):
    html = page(client, closed)
    assert "data-next" not in html
    assert "data-token" not in html
    assert closed.id not in html


def test_wall_of_its_teacher_has_the_keys(app, stores):
    browser = sign_in(app, stores, "en@example.dk", Role.TEACHER)
    other = builders.open_class(stores)
    assert "data-next" not in page(browser, other)
    consultant = sign_in(app, stores, "to@example.dk", Role.CONSULTANT)
    html = page(consultant, other)
    assert f'data-next="/laerer/{other.id}/frem"' in html
    assert f'data-back="/laerer/{other.id}/tilbage"' in html
    assert re.search('data-token="[^"]{20,}"', html)


def test_press_on_the_wall_counts_once(app, stores, closed):
    consultant = sign_in(app, stores, "to@example.dk", Role.CONSULTANT)
    html = page(consultant, closed)
    (token,) = re.findall('data-token="([^"]+)"', html)
    press = {
        "data": {"version": str(closed.version)},
        "headers": {"X-CSRFToken": token},
    }
    path = f"/laerer/{closed.id}/frem"
    assert consultant.post(path, **press).status_code == 303
    assert consultant.post(path, **press).status_code == 409
    moved = archive.session(stores.archive, closed.id)
    assert moved.position.step is Step.QUESTION
    assert moved.version == closed.version + 1


def test_stream_is_server_sent_events(client, stores):
    session = builders.open_class(stores)
    answer = client.get(f"/tavle/{session.wall_key}/stroem", buffered=False)
    lines = answer.iter_encoded()
    assert next(lines) == b"retry: 1000\n\n"
    assert next(lines) == b"id: 1.0\ndata: 1.0\n\n"
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    ballot_box.join(stores.ballots, session.id, "a")
    assert b"1.1" in next(lines)
    answer.close()


def test_page_works_without_script(client, stores, closed):
    closed = put(stores, closed, "vape", Step.SENTENCE)
    html = page(client, closed)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    assert "<table" in html
    assert "<style" not in html


def test_overview_of_many_takes_two_screens(stores):
    ids = [f"r{one}" for one in range(9)]
    risks = [builders.a_triad(one, f"har prøvet {one}") for one in ids]
    questions = builders.a_question_set(builders.WARM_UP, *risks)
    many = {
        one: builders.tallies(one, 3, 21, guesses={8 + place: 24})
        for place, one in enumerate(ids)
    }
    session = builders.closed_class(stores, questions=questions, **many)
    found = results.of_session(stores, session)
    screens = [projector.overview(found, one) for one in range(3)]
    rows = [[row.topic for row in screen.rows] for screen in screens]
    assert [len(one) for one in rows] == [5, 4, 4]
    assert rows[1] == rows[2]
    assert len({*rows[0], *rows[1]}) == 9
    assert screens[0].key != screens[1].key
    assert "r8" in rows[0][0]
