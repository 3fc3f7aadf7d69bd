"""Posters: only findings that may hang on a wall, told in coded numbers."""

import builders
import pytest
from builders import tallies
from flask import Flask
from room import Room, open_room, sign_in
from test_results import results_of
from test_teacher import answered

from pejling.output import poster
from pejling.output.poster import Design
from pejling.storage import archive
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores


def found(stores, **counted):
    """Allowed posters of a class, by the id of their triad."""
    read = results_of(stores, **counted)
    return {one.triad.id: one for one in poster.allowed(read)}


def vape(stores, yes: int, guess: int = 12):
    counted = tallies("vape", yes, 24 - yes, guesses={guess: 24})
    return found(stores, vape=counted)


# --- which ----------------------------------------------------------------------------


def test_overestimated_risk_is_told_by_those_who_do_not(stores):
    # 5 of 24 vape, 12 were guessed: 19 did not say yes.
    what = poster.message(vape(stores, 5)["vape"])
    assert (what.number, what.answer) == ("19 ud af 24", "svarede ikke ja")
    assert what.guess == "Vi havde gættet på 12 ja-svar ud af 24."
    assert (what.majority, what.hatched, what.n) == (19, 0, 24)


def test_good_thing_that_more_do_than_believed_is_told(stores):
    # 18 of 24 have helped, 8 were guessed.
    counted = tallies("hjulpet", 18, 6, guesses={8: 24})
    what = poster.message(found(stores, hjulpet=counted)["hjulpet"])
    assert (what.number, what.answer) == ("18 ud af 24", "svarede ja")
    assert (what.majority, what.hatched) == (18, 0)


@pytest.mark.parametrize(
    ("yes", "guess"),
    [
        (13, 18),  # C: the majority does it
        (8, 2),  # D: more than believed
        (9, 9),  # B: the class knew
    ],
)
def test_other_findings_are_no_posters(stores, yes, guess):
    assert vape(stores, yes, guess) == {}


def test_warm_up_is_no_poster(stores):
    counted = tallies("dyr", 3, 21, guesses={12: 24})
    assert found(stores, dyr=counted) == {}


def test_too_few_answers_are_no_poster(stores):
    # 18 of 24 answered: under 80 %.
    counted = tallies("vape", 4, 14, guesses={12: 18})
    assert found(stores, vape=counted) == {}


def test_message_of_another_result_is_refused(stores):
    counted = tallies("vape", 13, 11, guesses={18: 24})
    result = results_of(stores, vape=counted).item("vape")
    with pytest.raises(ValueError, match="vape"):
        poster.message(result)


# --- coded ----------------------------------------------------------------------------


@pytest.mark.parametrize("design", Design)
def test_none_one_and_two_make_the_same_poster(stores, design):
    drawn = {
        poster.draw(poster.message(vape(stores, yes)["vape"]), "7.A", design)
        for yes in (0, 1, 2)
    }
    assert len(drawn) == 1
    assert "22 ud af 24" in drawn.pop().replace("</tspan>", " ") or design == "tal"


def test_figures_of_a_coded_end_are_hatched(stores):
    what = poster.message(vape(stores, 1)["vape"])
    assert (what.number, what.majority, what.hatched) == ("Mindst 22 ud af 24", 22, 2)
    drawn = poster.draw(what, "7.A", Design.FIGURES)
    assert drawn.count('fill="url(#h)"') == 2
    assert drawn.count("<circle") == 24


def test_marks_in_a_question_are_escaped(stores):
    triads = (
        builders.WARM_UP,
        builders.a_triad("vape", "har vapet", selv='Har du <b>"vapet"</b> & mere?'),
        builders.PROTECTIVE,
    )
    questions = builders.a_question_set(*triads)
    counted = tallies("vape", 5, 19, guesses={12: 24})
    (result,) = found(stores, questions=questions, vape=counted).values()
    drawn = poster.draw(poster.message(result), "<7.A>", Design.NUMBER)
    assert "<b>" not in drawn
    assert "&lt;b&gt;&quot;vapet&quot;&lt;/b&gt; &amp; mere?" in drawn
    assert "&lt;7.A&gt;" in drawn


# --- over HTTP ------------------------------------------------------------------------


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    return open_room(app, stores)


def test_posters_can_be_seen_printed_and_kept(room: Room):
    answered(room, {"alkohol_30": 4})
    base = f"/laerer/{room.session.id}"
    page = room.teacher.get(f"{base}/plakater")
    assert page.status_code == 200
    assert f"{base}/plakat/alkohol_30/figurer.svg" in page.text
    svg = room.teacher.get(f"{base}/plakat/alkohol_30/figurer.svg")
    assert svg.mimetype == "image/svg+xml"
    assert "20 ud af 24" in svg.text
    kept = room.teacher.get(f"{base}/plakat/alkohol_30/tal.svg?hent=1")
    assert "vidste-du-alkohol-30-tal.svg" in kept.headers["Content-Disposition"]
    for paper in ("", "?papir=a3"):
        printed = room.teacher.get(f"{base}/plakat/alkohol_30/gaet{paper}")
        assert printed.status_code == 200
        assert "<svg" in printed.text


def test_what_is_held_back_is_no_poster_and_not_on_the_sheet(room: Room):
    answered(room, {"alkohol_30": 4})
    base = f"/laerer/{room.session.id}"
    assert "mindst ét glas alkohol" in room.teacher.get(f"{base}/ark").text
    room.press("vis", item="alkohol_30", vis="0")
    assert "alkohol_30" not in room.teacher.get(f"{base}/plakater").text
    assert room.teacher.get(f"{base}/plakat/alkohol_30/tal.svg").status_code == 404
    assert "mindst ét glas alkohol" not in room.teacher.get(f"{base}/ark").text


def test_sheet_has_the_agreement_or_lines_to_write_it_on(room: Room):
    answered(room, {"alkohol_30": 4})
    base = f"/laerer/{room.session.id}"
    assert "guide__blank" in room.teacher.get(f"{base}/ark").text
    archive.agree(room.stores.archive, room.session.id, ["Vi siger til."])
    page = room.teacher.get(f"{base}/ark").text
    assert "Vi siger til." in page
    assert "guide__blank" not in page


@pytest.mark.parametrize(
    "path", ["plakat/nix/tal.svg", "plakat/alkohol_30/nix.svg", "plakat/alkohol_30/x"]
)
def test_unknown_poster_is_not_found(room: Room, path: str):
    answered(room, {"alkohol_30": 4})
    assert room.teacher.get(f"/laerer/{room.session.id}/{path}").status_code == 404


def test_nothing_is_taken_home_while_the_class_answers(room: Room):
    base = f"/laerer/{room.session.id}"
    assert room.teacher.get(f"{base}/plakater").status_code == 409
    assert room.teacher.get(f"{base}/ark").status_code == 409
    assert room.teacher.get(f"{base}/plakat/alkohol_30/tal.svg").status_code == 404


def test_another_teacher_takes_nothing_home(room: Room):
    answered(room, {"alkohol_30": 4})
    other = sign_in(room.app, room.stores, "anden@example.dk", Role.TEACHER)
    for path in ("plakater", "ark", "plakat/alkohol_30/tal.svg"):
        answer = other.get(f"/laerer/{room.session.id}/{path}")
        assert answer.status_code in (403, 404)
