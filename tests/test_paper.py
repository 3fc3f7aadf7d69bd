"""A class on paper: ballots, the sheet to count on, typing the counts, the reveal."""

import re

import builders
import pytest
from room import Clock, Room, open_room, sign_in, token_of

from pejling import results
from pejling.domain.question_sets import DECLINED, HONESTY_ID
from pejling.domain.sessions import Mode, Stage
from pejling.output import ballot
from pejling.storage import archive, ballot_box, closing
from pejling.storage.accounts import Role


@pytest.fixture
def room(app, stores) -> Room:
    return open_room(app, stores, mode="papir", pacing="trin", present="28")


def counts(room: Room, ballots: str = "26", **changes: str) -> dict[str, str]:
    """A whole class as it is typed: 3 ja, 22 nej, 1 without an answer."""
    typed = {"ballots": ballots}
    for block in ballot.blocks(room.now()):
        name = block.triad.id
        for guess in block.guesses:
            typed[f"{name}-{guess.role}"] = "5 8x10 12x10 20x4"
        typed |= {f"{name}-selv-{option.code}": "" for option in block.counted}
        typed[f"{name}-selv-0"] = "3"
        typed[f"{name}-selv-1"] = "22"
    return typed | changes


def send(room: Room, step: str = "gem", **typed: str):
    page = room.teacher.get(f"/laerer/{room.session.id}/optaelling")
    data = {
        "csrf_token": token_of(page),
        "version": str(room.now().version),
        "trin": step,
        **typed,
    }
    if step == "gem":
        checked = room.teacher.post(
            f"/laerer/{room.session.id}/optaelling", data=data | {"trin": "tjek"}
        )
        found = re.search(r'name="looked_through"[^>]*value="(\w+)"', checked.text)
        data["looked_through"] = found.group(1) if found else ""
    return room.teacher.post(f"/laerer/{room.session.id}/optaelling", data=data)


def stored(room: Room) -> dict[str, dict[int, int]]:
    return archive.counters(room.stores.archive, room.session.id)


# --- printing -------------------------------------------------------------------------


def test_ballot_asks_what_the_screen_asks(room: Room):
    page = room.teacher.get(f"/laerer/{room.session.id}/stemmesedler").text
    for triad in room.session.chosen:
        assert triad.act in page
        own = triad.items[-1].text
        assert own in page
    assert "Svarede du ærligt?" in page
    assert page.count("Skriv ikke dit navn") == 2
    assert "Udskriv 14 eksemplarer" in page
    asked = sum(len(block.guesses) for block in ballot.blocks(room.session))
    assert page.count("<li>28</li>") == 2 * asked
    assert "<li>29</li>" not in page
    assert page.count("Vil ikke svare</span>") == 2 * (
        asked + len(room.session.triads) + 1
    )


def test_large_class_writes_its_guesses(app, stores):
    room = open_room(app, stores, mode="papir", present="60")
    page = room.teacher.get(f"/laerer/{room.session.id}/stemmesedler").text
    assert "<li>0</li>" not in page
    assert "ud af 60" in page
    sheet = room.teacher.get(f"/laerer/{room.session.id}/optaellingsark").text
    assert "strokes__free" in sheet


def test_sides_hold_all_blocks_in_order():
    session = builders.a_session(present=28, mode=Mode.PAPER)
    found = ballot.blocks(session) * 4
    sides = ballot.sides(found)
    assert [block for side in sides for block in side] == found
    assert all(side for side in sides)
    for place, side in enumerate(sides):
        room = ballot.SIDE_MM - (0 if place else ballot.HEAD_MM)
        assert sum(block.height for block in side) <= room


def test_tally_sheet_has_every_question(room: Room):
    page = room.teacher.get(f"/laerer/{room.session.id}/optaellingsark").text
    for triad in room.session.chosen:
        assert triad.items[-1].text in page
    assert page.count("<li>28</li>") == sum(
        len(block.guesses) for block in ballot.blocks(room.session)
    )


@pytest.mark.parametrize("page", ["stemmesedler", "optaellingsark", "optaelling"])
def test_session_on_screens_has_no_paper(app, stores, page: str):
    room = open_room(app, stores)
    answer = room.teacher.get(f"/laerer/{room.session.id}/{page}")
    assert answer.status_code == 409
    assert "ikke på papir" in answer.text
    assert room.press("optaelling").status_code == 409


# --- the way in -----------------------------------------------------------------------


def test_nobody_can_join(room: Room):
    session = room.now()
    assert (session.code, session.join_secret) == ("", "")
    assert session.pacing == "samlet"
    wall = room.app.test_client().get(f"/tavle/{session.wall_key}").text
    assert "Svar på papir" in wall
    assert "Kom med" not in wall


def test_there_is_no_warm_up_to_begin(room: Room):
    assert room.press("opvarmning").status_code == 409
    assert room.now().stage is Stage.LOBBY
    assert room.press("til-stede", present="20").status_code == 409
    assert room.press("plads").status_code == 409
    lead = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Klassen svarer på papir" in lead
    remote = room.teacher.get(f"/fjern/{room.session.id}").text
    assert "Skriv tallene ind på computeren" in remote


# --- counting -------------------------------------------------------------------------


def test_counts_close_the_session(room: Room):
    answer = send(room, **counts(room))
    assert answer.status_code == 303, answer.text
    session = room.now()
    assert session.stage is Stage.CLOSED
    assert set(archive.answered(room.stores.archive, session.id)) == {
        *session.triads,
        HONESTY_ID,
    }
    for triad in session.chosen:
        assert stored(room)[f"{triad.id}.selv"] == {0: 3, 1: 22, DECLINED: 1}
        assert stored(room)[f"{triad.id}.kammerater"] == {
            5: 1,
            8: 10,
            12: 10,
            20: 4,
            DECLINED: 1,
        }
    assert ballot_box.polls(room.stores.ballots) == []


def test_looking_through_stores_nothing(room: Room):
    page = send(room, "tjek", **counts(room))
    assert page.status_code == 200
    assert "Passer det med sedlerne?" in page.text
    assert "25 gæt, 1 uden svar, fra 5 til 20" in page.text
    assert "25 svar, 1 uden svar" in page.text
    assert room.now().stage is Stage.LOBBY
    assert stored(room) == {}


def test_paper_gives_the_same_result_as_screens(room: Room):
    send(room, **counts(room))
    found = results.of_session(room.stores, room.now())
    vape = found.items[1]
    assert (vape.present, vape.answered) == (28, 26)
    assert (vape.own.value, vape.own.n) == (3, 26)
    assert vape.norms.perceived == 12
    assert vape.declined == 0


def test_reveal_begins_with_the_warm_up(room: Room):
    send(room, **counts(room))
    room.press("frem")
    assert room.now().position.item == room.session.warm_up.id
    wall = f"/tavle/{room.session.wall_key}/tilstand"
    assert room.session.warm_up.act in room.app.test_client().get(wall).json["html"]
    seen = []
    while (at := room.now().position.item) not in seen[-1:] or at != "=":
        if at not in seen:
            seen.append(at)
        before = room.now().position
        room.press("frem")
        if room.now().position == before:
            break
    assert seen[0] == room.session.warm_up.id
    assert seen[-2:] == ["*", "="]
    found = results.of_session(room.stores, room.now())
    assert seen[1:-2] == list(found.order)
    assert room.session.warm_up.id not in found.order


def test_ends_cannot_be_told_apart_on_paper_either(stores):
    seen = set()
    for yes in range(3):
        session = builders.open_class(stores)
        _, counted = builders.tallies("vape", yes, 24 - yes)
        closed = closing.close_counted(
            stores, session, {"vape": counted}, builders.NOW, "2026-10-01"
        )
        found = results.of_session(stores, closed).item("vape")
        seen.add((found.own, found.norms, found.finding, found.sentence))
    assert len(seen) == 1


def test_day_is_that_of_the_counting(room: Room, clock: Clock):
    clock.now += 3 * 24 * 60 * 60
    room.come_back()
    send(room, **counts(room))
    assert room.now().day != room.session.day


def test_what_is_not_counted_has_too_few_answers(room: Room):
    left = room.session.triads[1]
    typed = {
        name: "" if name.startswith(f"{left}-") else value
        for name, value in counts(room).items()
    }
    assert send(room, **typed).status_code == 303
    assert archive.answered(room.stores.archive, room.session.id)[left] == 0
    assert not any(item.startswith(f"{left}.") for item in stored(room))


def test_half_a_behaviour_is_refused(room: Room):
    one = room.session.triads[1]
    answer = send(room, **counts(room, **{f"{one}-andre": ""}))
    assert answer.status_code == 422
    assert "Mangler. Skriv det, eller lad hele emnet stå tomt." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert stored(room) == {}


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("ballots", "", "et tal fra 1 til 28"),
        ("ballots", "29", "et tal fra 1 til 28"),
        ("ballots", "0", "et tal fra 1 til 28"),
        ("ballots", "-3", "et tal fra 1 til 28"),
        ("ballots", "9" * 40, "et tal fra 1 til 28"),
        ("ballots", "00261", "et tal fra 1 til 28"),
        ("ballots", "0028" + "9" * 5000, "et tal fra 1 til 28"),
        ("ballots", "4", "mindst 5 stemmesedler"),
        ("ballots", "20", "25 gæt, men kun 20 stemmesedler"),
        ("andre", "5 otte", "otte” kan ikke læses"),
        ("andre", "29", "29 er flere end 28"),
        ("andre", "<script>", "&lt;script&gt;” kan ikke læses"),
        ("selv-0", "27", "49 svar, men kun 26"),
        ("selv-1", "mange", "et helt tal ved ”Nej”"),
    ],
)
def test_what_cannot_be_right_is_told_and_kept(room: Room, field, typed, says):
    name = field if field == "ballots" else f"{room.session.triads[1]}-{field}"
    answer = send(room, **counts(room, **{name: typed}))
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Fejl: " in answer.text
    assert "5 8x10 12x10 20x4" in answer.text
    assert stored(room) == {}
    assert room.now().stage is Stage.LOBBY


def test_nothing_typed_is_told(room: Room):
    answer = send(room, ballots="26")
    assert answer.status_code == 422
    assert "mindst ét emne" in answer.text


def test_no_guess_at_all_is_typed_as_a_dash(room: Room):
    one = room.session.triads[1]
    assert send(room, **counts(room, **{f"{one}-andre": "-"})).status_code == 303
    assert stored(room)[f"{one}.andre"] == {DECLINED: 26}


def test_order_of_the_ballots_does_not_come_back(room: Room):
    one = room.session.triads[1]
    page = send(room, "tjek", **counts(room, **{f"{one}-andre": "20 5 8 5 8 12"}))
    assert "5x2 8x2 12 20" in page.text
    assert "20 5 8 5 8 12" not in page.text


def test_counting_twice_counts_once(room: Room):
    version = str(room.now().version)
    assert send(room, **counts(room)).status_code == 303
    before = stored(room)
    again = room.teacher.post(
        f"/laerer/{room.session.id}/optaelling",
        data={
            "csrf_token": token_of(room.teacher.get(f"/laerer/{room.session.id}")),
            "version": version,
            "trin": "gem",
            **counts(room, **{f"{room.session.triads[1]}-selv-0": "4"}),
        },
    )
    assert again.status_code == 409
    assert stored(room) == before
    gone = room.teacher.get(f"/laerer/{room.session.id}/optaelling")
    assert gone.location == f"/laerer/{room.session.id}"


def test_counts_that_were_changed_are_looked_through_again(room: Room):
    one = room.session.triads[1]
    page = send(room, "tjek", **counts(room))
    seen = re.search(r'name="looked_through"[^>]*value="(\w+)"', page.text).group(1)
    data = {
        "csrf_token": token_of(page),
        "version": str(room.now().version),
        "trin": "gem",
        "looked_through": seen,
        **counts(room, **{f"{one}-selv-0": "2"}),
    }
    where = f"/laerer/{room.session.id}/optaelling"
    again = room.teacher.post(where, data=data)
    assert again.status_code == 200
    assert "Passer det med sedlerne?" in again.text
    assert stored(room) == {}
    data["looked_through"] = ""
    assert room.teacher.post(where, data=data).status_code == 200
    assert stored(room) == {}


def test_more_ballots_than_pupils_are_never_stored(stores):
    session = builders.open_class(stores, present=12)
    _, counted = builders.tallies("vape", 3, 10)
    with pytest.raises(ValueError, match="more ballots"):
        closing.close_counted(
            stores, session, {"vape": counted}, builders.NOW, "2026-10-01"
        )
    assert archive.session(stores.archive, session.id).version == session.version


def test_ended_meanwhile_is_told_and_nothing_is_stored(stores):
    session = builders.open_class(stores, present=28)
    closing.close_session(stores, session, builders.NOW)
    _, counted = builders.tallies("vape", 3, 21)
    with pytest.raises(archive.SessionChanged):
        closing.close_counted(
            stores, session, {"vape": counted}, builders.NOW, "2026-10-01"
        )
    assert archive.counters(stores.archive, session.id) == {}


def test_warm_up_can_be_shown_gone_to_and_left_out(room: Room):
    send(room, **counts(room, ballots="20", **fewer(room)))
    warm_up = room.session.warm_up.id
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert page.count("Vis på tavlen") >= 2
    assert room.press("gaa-til", item=warm_up).status_code == 400
    assert room.press("vis", item=warm_up, vis="1").status_code == 303
    assert room.press("gaa-til", item=warm_up).status_code == 303
    assert room.press("udelad", item=warm_up, grund="forstyrret").status_code == 303
    found = results.of_session(room.stores, room.now())
    assert found.item(warm_up).omission
    assert room.press("udelad", item=warm_up, grund="").status_code == 303


def fewer(room: Room) -> dict[str, str]:
    """What twenty ballots say: less than 80 % of the class."""
    typed = {}
    for name in counts(room):
        if name.endswith(("-andre", "-kammerater")):
            typed[name] = "8x20"
        elif name.endswith("-selv-1"):
            typed[name] = "16"
    return typed


def test_warm_up_alone_is_revealed_too(room: Room):
    warm_up = room.session.warm_up.id
    typed = {
        name: value if name.startswith((f"{warm_up}-", "ballots")) else ""
        for name, value in counts(room).items()
    }
    assert send(room, **typed).status_code == 303
    room.press("frem")
    wall = room.app.test_client().get(f"/tavle/{room.session.wall_key}/tilstand")
    assert room.session.warm_up.act in wall.json["html"]


def test_paper_needs_as_many_as_a_result_takes(app, stores):
    room = open_room(app, stores, mode="papir", present="5")
    page = room.teacher.get("/laerer/ny/7/7a")
    answer = room.teacher.post(
        "/laerer/ny/7/7a",
        data={
            "csrf_token": token_of(page),
            "items": re.findall(
                r'checked[^>]*name="items"[^>]*value="(\w+)"', page.text
            ),
            "school": "Åskolen",
            "letter": "A",
            "present": "4",
            "mode": "papir",
            "pacing": "samlet",
        },
    )
    assert answer.status_code == 422
    assert "På papir skal der være mindst 5 elever" in answer.text


def test_teacher_is_told_until_when_it_waits(room: Room):
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "venter på klassen til" in page
    assert room.press("forfra").status_code == 409


def test_of_two_tallies_at_once_the_first_stays(stores):
    session = builders.open_class(stores, present=28)
    n, first = builders.tallies("vape", 3, 21)
    _, second = builders.tallies("vape", 9, 15)
    assert n == 24
    closing.close_counted(stores, session, {"vape": first}, builders.NOW, "2026-10-01")
    with pytest.raises(archive.SessionChanged):
        closing.close_counted(stores, session, {"vape": second}, builders.NOW, "x" * 10)
    assert archive.counters(stores.archive, session.id)["vape.selv"] == {0: 3, 1: 21}


def test_paper_waits_for_its_class_and_ends_by_itself(room: Room, clock: Clock):
    clock.now += 13 * 24 * 60 * 60
    closing.close_overdue(room.stores, clock())
    assert room.now().is_open
    clock.now += 2 * 24 * 60 * 60
    closing.close_overdue(room.stores, clock())
    assert room.now().stage is Stage.CLOSED
    assert stored(room) == {}


def test_prepared_session_is_listed_as_such(room: Room):
    page = room.teacher.get("/laerer/").text
    assert re.search(r"Forberedt .*, på papir", page)


def test_other_teachers_see_nothing_of_it(room: Room, app, stores):
    other = sign_in(app, stores, "anden@example.dk", Role.TEACHER)
    for page in ("stemmesedler", "optaellingsark", "optaelling"):
        assert other.get(f"/laerer/{room.session.id}/{page}").status_code == 403
