"""The way of a follow-up over HTTP: reminded of, opened, held, deleted."""

import re

import builders
import pytest
from builders import NOW, tallies
from flask import Flask
from room import Clock, Room, answer_one, open_room, token_of

from pejling.domain.question_sets import HONESTY_ID, Meaning, Role, options_of
from pejling.domain.sessions import Kind, Mode, Session, Stage
from pejling.storage import (
    archive,
    ballot_box,
    deletion,
    follow_ups,
    schools,
    year_end,
)
from pejling.storage.connections import Stores

DAY = 86_400
WEEKS_7 = 49 * DAY


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    """A first run of 24 in which 3 say yes to everything and all guess 12, closed."""
    room = open_room(app, stores)
    closed(room, 24, guess=12)
    return room


def closed(room: Room, n: int, guess: int, yes: int = 3) -> None:
    """Store what so many pupils answered, as closing hands it on."""
    session, found = room.now(), {}
    for triad in session.chosen[1:]:
        code = {one.meaning: one.code for one in reversed(options_of(triad))}
        counted = {item.id: {guess: n} for item in triad.items}
        own = {code[Meaning.YES]: yes, code[Meaning.NO]: n - yes}
        found[triad.id] = (n, counted | {f"{triad.id}.{Role.OWN}": own})
    ballot_box.forget(room.stores.ballots, session.id)
    archive.store_closed(room.stores.archive, session.id, found, finish=NOW)


def answer_everything(room: Room, n: int, guess: int) -> None:
    """So many pupils answer all there is over HTTP, 3 of them yes, and it is closed."""
    pupils = room.pupils(n)
    room.press("opvarmning")
    if not room.now().skips_warm_up:
        for pupil in pupils:
            answer_one(pupil)
        room.press("spoergsmaal")
    for number, pupil in enumerate(pupils):
        says_yes = number < 3
        for triad in (*room.session.triads[1:], HONESTY_ID):
            # hyppighed4 has "Nej" first; everywhere else "Ja" is first.
            code = int(says_yes) if triad == "alkohol_30" else int(not says_yes)
            assert answer_one(pupil, guess=guess, own=code) == triad
    assert room.press("luk").status_code == 303


def later(room: Room, clock: Clock, seconds: int = WEEKS_7) -> None:
    clock.now += seconds
    room.come_back()


def path(session: Session) -> str:
    return f"/laerer/{session.id}/opfoelgning"


def fields(room: Room, session: Session, **changes: object) -> dict:
    page = room.teacher.get(path(session))
    chosen = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    return {
        "csrf_token": token_of(room.teacher.get("/konto/")),
        "items": chosen,
        "present": "22",
        "mode": "skaerm",
        **changes,
    }


def follow(room: Room, **changes: object) -> Room:
    """The room of a follow-up that the teacher has opened."""
    answer = room.teacher.post(
        path(room.session), data=fields(room, room.session, **changes)
    )
    assert answer.status_code == 303, answer.text
    found = archive.session(room.stores.archive, answer.location.rpartition("/")[2])
    return Room(room.app, room.stores, room.teacher, room.account, found)


def put_back(stores: Stores, session: Session, day: str) -> None:
    stores.archive["session"].update(session.id, {"day": day})


# --- opening --------------------------------------------------------------------------


def test_follow_up_asks_the_same_of_the_same_class(room: Room, clock: Clock):
    later(room, clock)
    found = follow(room).session
    first = room.now()
    assert (found.kind, found.linked) == (Kind.FOLLOW_UP, (first.id,))
    assert (found.school, found.grade, found.letter) == ("Åskolen", 7, "A")
    assert found.triads == first.triads
    assert found.questions == first.questions
    assert (found.present, first.present) == (22, 24)


def test_words_are_those_of_the_first_run(room: Room, app: Flask, clock: Clock):
    # The set has been taken out of the library since.
    later(room, clock)
    library = app.config["LIBRARY"]
    sets = {key: one for key, one in library.sets.items() if key != "7a"}
    app.config["LIBRARY"] = type(library)(**{**vars(library), "sets": sets})
    assert follow(room).session.questions == room.now().questions


def test_too_early_says_the_day_from_which_it_can_be_held(room: Room, clock: Clock):
    # First run 21 September; the 28th day after is 19 October.
    lead = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "fra den 20. oktober 2026" in lead
    data = fields(room, room.session, items=list(room.session.triads[1:]))
    for days in (0, 28):
        clock.now = NOW + days * DAY
        room.come_back()
        data["csrf_token"] = token_of(room.teacher.get("/konto/"))
        page = room.teacher.get(path(room.session))
        assert page.status_code == 200
        assert "kan holdes fra den 20. oktober 2026" in page.text
        assert '<form method="post" novalidate' not in page.text
        refused = room.teacher.post(path(room.session), data=data)
        assert refused.status_code == 409
        assert "20. oktober 2026" in refused.text
    clock.now = NOW + 29 * DAY
    room.come_back()
    assert follow(room).session.kind is Kind.FOLLOW_UP


def test_another_run_meanwhile_counts_too(room: Room, clock: Clock):
    # A run of the same class and set on 1 November would be deleted until 29 November.
    later(room, clock)
    other = builders.closed_class(room.stores, vape=tallies("vape", 3, 21))
    room.stores.archive["session"].update(
        other.id, {"set_id": "7a", "day": "2026-11-01", "owner": room.account.id}
    )
    assert "30. november 2026" in room.teacher.get(path(room.session)).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": ["hash_aar"]}, "stiller de samme spørgsmål"),
        ({"items": ["alkohol_30", "../x"]}, "stiller de samme spørgsmål"),
        ({"items": []}, "Vælg mindst ét af spørgsmålene"),
        ({"items": ["alkohol_30"]}, "ingen holdninger"),
        ({"present": "1"}, "et tal fra 2 til 120"),
        ({"present": "x"}, "et tal fra 2 til 120"),
        ({"mode": "telefon"}, "Vælg, om I svarer på skærm"),
        ({"mode": "papir", "present": "4"}, "mindst 5 elever"),
    ],
)
def test_what_cannot_be_opened_is_told_beside_its_field(
    room: Room, clock: Clock, change: dict, words: str
):
    later(room, clock)
    answer = room.teacher.post(
        path(room.session), data=fields(room, room.session, **change)
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Fejl: " in answer.text
    assert follow_ups.of_first(room.stores.archive, room.now()) == []


def test_part_of_the_questions_may_be_asked(room: Room, clock: Clock):
    later(room, clock)
    good = [one.id for one in room.session.chosen[1:] if one.is_good_or_attitude]
    found = follow(room, items=good[:1]).session
    assert found.triads == (room.session.triads[0], good[0])


def test_roed_is_not_asked_again(app: Flask, stores: Stores, clock: Clock):
    room = open_room(app, stores)
    session = builders.closed_class(
        stores,
        questions=builders.a_question_set(
            builders.WARM_UP, builders.RED, builders.ATTITUDE
        ),
        hash=tallies("hash", 3, 21),
        ok_at_sige_nej=tallies("ok_at_sige_nej", 20, 4),
    )
    stores.archive["session"].update(session.id, {"owner": room.account.id})
    later(room, clock)
    page = room.teacher.get(path(session)).text
    assert 'value="hash"' not in page
    assert "bliver ikke stillet igen" in page
    refused = room.teacher.post(
        path(session), data=fields(room, session, items=["hash"])
    )
    assert refused.status_code == 422


def test_follow_up_of_a_follow_up_is_refused(room: Room, clock: Clock):
    later(room, clock)
    second = follow(room)
    closed(second, 22, guess=6)
    later(room, clock)
    page = room.teacher.get(path(second.session))
    assert page.status_code == 409
    assert "er selv en opfølgning" in page.text
    # The second one is held against the first run as well.
    assert follow(room).session.linked == (room.session.id,)


@pytest.mark.parametrize("which", ["open", "empty", "parents"])
def test_nothing_to_follow_is_said(app: Flask, stores: Stores, clock: Clock, which):
    room = open_room(app, stores)
    session = room.session
    if which != "open":
        session = builders.closed_class(
            stores, **({} if which == "empty" else {"vape": tallies("vape", 3, 21)})
        )
        kind = "foraeldre" if which == "parents" else "klasse"
        stores.archive["session"].update(
            session.id, {"owner": room.account.id, "kind": kind}
        )
    clock.now += DAY
    room.come_back()
    answer = room.teacher.get(path(session))
    assert answer.status_code == 409
    again = room.teacher.post(
        path(session), data={"csrf_token": token_of(room.teacher.get("/konto/"))}
    )
    assert again.status_code == 409


# --- holding it -----------------------------------------------------------------------


def test_ten_minutes_begin_with_the_questions(room: Room, clock: Clock):
    later(room, clock)
    second = follow(room)
    assert (
        "Begynd spørgsmålene" in room.teacher.get(f"/laerer/{second.session.id}").text
    )
    pupil = second.pupil()
    second.press("opvarmning")
    assert second.now().stage is Stage.ANSWERING
    page = pupil.get("/svar").text
    # Five questions and whether one was honest; the warm-up is not among them.
    asked = len(second.session.triads) - 1 + 1
    assert f"1 af {asked}" in page
    assert second.session.warm_up.act not in page


def test_on_paper_the_warm_up_is_on_the_ballot(room: Room, clock: Clock):
    later(room, clock)
    found = follow(room, mode="papir").session
    assert found.mode is Mode.PAPER
    assert not found.skips_warm_up
    page = room.teacher.get(f"/laerer/{found.id}/stemmesedler").text
    assert found.warm_up.act in page


def test_class_that_answers_twice_keeps_both_runs(
    app: Flask, stores: Stores, clock: Clock
):
    room = open_room(app, stores)
    answer_everything(room, 24, guess=12)
    later(room, clock)
    second = follow(room)
    answer_everything(second, 22, guess=6)
    assert second.now().stage is Stage.CLOSED
    assert archive.answered(room.stores.archive, room.session.id)
    assert archive.answered(room.stores.archive, second.session.id)


# --- the reminder ---------------------------------------------------------------------


def reminded(room: Room) -> bool:
    return "Tid til opfølgning" in room.teacher.get("/laerer/").text


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, False), (41, False), (42, True), (56, True), (84, True), (85, False)],
)
def test_reminder_comes_after_six_weeks_and_goes_after_twelve(
    room: Room, clock: Clock, days: int, expected: bool
):
    later(room, clock, days * DAY)
    assert reminded(room) is expected


def test_reminder_leads_to_the_form_in_one_press(room: Room, clock: Clock):
    later(room, clock)
    page = room.teacher.get("/laerer/").text
    assert "for 7 uger siden" in page
    assert f'href="{path(room.session)}"' in page


def test_reminder_goes_with_the_follow_up(room: Room, clock: Clock):
    later(room, clock)
    follow(room)
    assert not reminded(room)


def test_not_now_takes_the_reminder_away(room: Room, clock: Clock):
    later(room, clock)
    token = token_of(room.teacher.get("/laerer/"))
    answer = room.teacher.post(
        f"{path(room.session)}/ikke-nu", data={"csrf_token": token}
    )
    assert answer.status_code == 303
    assert not reminded(room)
    # The way to it stays on the session's own page.
    assert "Åbn en opfølgning" in room.teacher.get(f"/laerer/{room.session.id}").text


def test_reminder_is_of_the_latest_run_only(room: Room, clock: Clock):
    later(room, clock)
    other = builders.closed_class(room.stores, vape=tallies("vape", 3, 21))
    room.stores.archive["session"].update(
        other.id, {"set_id": "7a", "day": "2026-11-01", "owner": room.account.id}
    )
    assert not reminded(room)


def test_nobody_is_reminded_of_a_class_that_did_not_answer(
    app: Flask, stores: Stores, clock: Clock
):
    room = open_room(app, stores)
    room.press("slut")
    later(room, clock)
    assert not reminded(room)


# --- sums -----------------------------------------------------------------------------


def test_follow_up_is_not_held_once_more(stores: Stores):
    first = builders.closed_class(stores, vape=tallies("vape", 3, 21))
    second = builders.closed_class(
        stores,
        vape=tallies("vape", 3, 21),
        columns={"kind": "opfoelgning", "day": "2026-11-09"},
    )
    assert [one.day for one in schools.held(stores.archive, 2026)] == [first.day]
    deletion.delete_session(stores.archive, first, 1, NOW)
    assert schools.held(stores.archive, 2026) == []
    assert archive.session(stores.archive, second.id).kind is Kind.FOLLOW_UP


def test_year_end_counts_a_class_with_its_first_run_only(stores: Stores):
    # Two classes of 12: 20 answers and more, so that a rollup stays of the first runs.
    for letter in "AB":
        for kind, day, yes in (
            ("klasse", "2026-09-21", 3),
            ("opfoelgning", "2026-11-09", 9),
        ):
            builders.closed_class(
                stores,
                present=12,
                columns={"letter": letter, "kind": kind, "day": day},
                vape=tallies("vape", yes, 12 - yes),
            )
    clock = NOW + 400 * DAY
    (gone,) = year_end.let_go(stores, clock)
    assert gone.sessions == 4
    (kept,) = stores.archive.query("select classes, answers, yes from rollup")
    # 3 and 3 of 24 are 6, in whole fives 5; with the follow-ups it would be 20 of 45.
    assert kept == {"classes": 2, "answers": 20, "yes": 5}
    (held,) = stores.archive.query("select classes from held")
    assert held == {"classes": 2}
