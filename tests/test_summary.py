"""The summary after the lesson: what goes home, in which words, and what never does."""

import io
from dataclasses import replace

import builders
import pytest
from builders import tallies
from docx import Document
from flask import Flask
from room import Room, open_room, sign_in
from test_information import words_of
from test_kommune import GOOD
from test_results import results_of

from pejling.domain import promises, summary
from pejling.domain.disclosure import Omission
from pejling.domain.help_lines import ForWhom, HelpLine
from pejling.domain.question_sets import Topic
from pejling.output import summary as written
from pejling.storage import accounts, archive, kommune
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores

LANGUAGES = pytest.mark.parametrize("language", promises.LANGUAGES)


def allowed(stores: Stores, **counted) -> dict:
    """What of a class may go home, by the id of its triad."""
    found = results_of(stores, **counted)
    return {one.triad.id: one for one in summary.allowed(found)}


def one(stores: Stores, triad: str, yes: int, guess: int) -> dict:
    counted = tallies(triad, yes, 24 - yes, guesses={guess: 24})
    return allowed(stores, **{triad: counted})


# --- which ----------------------------------------------------------------------------


def test_overestimated_risk_is_told_by_those_who_do_not(stores):
    # 5 of 24 vape, 12 were guessed: 19 did not say yes.
    result = one(stores, "vape", 5, 12)["vape"]
    assert summary.told(result, "da") == (
        "Klassen gættede på 12 ud af 24. 19 ud af 24 svarede ikke ja."
    )
    assert summary.told(result, "en") == (
        "The class guessed 12 out of 24. 19 out of 24 did not answer yes."
    )


def test_good_surprise_is_told_by_those_who_do(stores):
    result = one(stores, "hjulpet", 18, 8)["hjulpet"]
    assert summary.told(result, "da") == (
        "Klassen gættede på 8 ud af 24. 18 ud af 24 svarede ja, og det er flere, end "
        "den troede."
    )


def test_what_the_class_knew_is_told_from_the_majority_too(stores):
    result = one(stores, "vape", 5, 5)["vape"]
    assert summary.told(result, "da") == (
        "Klassen gættede næsten rigtigt: 19 ud af 24 svarede ikke ja."
    )
    assert summary.told(result, "en") == (
        "The class guessed nearly right: 19 out of 24 did not answer yes."
    )


@pytest.mark.parametrize(
    ("triad", "yes", "guess"),
    [
        ("vape", 13, 18),  # the majority does it
        ("vape", 8, 2),  # more than believed
        ("hjulpet", 8, 4),  # fewer than half do the good thing
        ("hjulpet", 18, 22),  # fewer than believed
    ],
)
def test_other_findings_stay_in_the_room(stores, triad, yes, guess):
    assert one(stores, triad, yes, guess) == {}


def test_what_is_held_back_is_never_offered(stores):
    counted = tallies("vape", 5, 19, guesses={12: 24})
    session = builders.closed_class(stores, vape=counted)
    archive.choose(stores.archive, session.id, "vape", False)
    assert summary.allowed(_results(stores, session)) == []
    archive.choose(stores.archive, session.id, "vape", True)
    assert len(summary.allowed(_results(stores, session))) == 1
    archive.omit(stores.archive, session.id, "vape", Omission.NOT_SERIOUS)
    assert summary.allowed(_results(stores, session)) == []


def test_what_is_shown_against_the_advice_stays_in_the_room(stores):
    counted = tallies("vape", 13, 11, guesses={18: 24})
    session = builders.closed_class(stores, vape=counted)
    archive.choose(stores.archive, session.id, "vape", True)
    found = _results(stores, session)
    assert "vape" in found.order
    assert summary.allowed(found) == []


def test_few_answers_of_many_pupils_stay_in_the_room(stores):
    # 18 of 24 is 75 %: below the 80 % that a headline takes.
    counted = tallies("vape", 4, 14, guesses={12: 18})
    assert allowed(stores, vape=counted) == {}


def _results(stores, session):
    from pejling import results

    return results.of_session(stores, session)


def test_shared_experience_that_few_have_stays_in_the_room(stores):
    alone = builders.a_triad(
        "ensom",
        "har følt sig alene",
        art="oplevelse",
        retning="faelles_vilkaar",
        foelsomhed="groen",
    )
    questions = builders.a_question_set(builders.WARM_UP, alone)
    for yes, guess, is_told in ((6, 14, False), (14, 6, True)):
        counted = tallies("ensom", yes, 24 - yes, guesses={guess: 24})
        session = builders.closed_class(stores, questions=questions, ensom=counted)
        found = _results(stores, session)
        assert "ensom" in found.order
        assert bool(summary.allowed(found)) == is_told


def test_own_roed_act_stays_in_the_room(stores):
    roed = builders.a_triad(
        "hash", "har røget hash", foelsomhed="roed", selv="Har du selv røget hash?"
    )
    questions = builders.a_question_set(builders.WARM_UP, roed)
    counted = tallies("hash", 5, 19, guesses={12: 24})
    session = builders.closed_class(stores, questions=questions, hash=counted)
    found = _results(stores, session)
    assert "hash" in found.order
    assert summary.allowed(found) == []


def test_good_attitude_of_few_stays_in_the_room(stores):
    found = results_of(
        stores, ok_at_sige_nej=tallies("ok_at_sige_nej", 6, 18, guesses={12: 4})
    )
    (attitude,) = [one for one in found.items if one.triad.id == "ok_at_sige_nej"]
    alone = replace(attitude, friends=None, norms=None, finding=None)
    assert not alone.hidden
    assert not summary.may_leave_the_room(alone)
    many = replace(alone, own=builders.own(yes=18, no=6))
    assert summary.told(many, "da") == "18 ud af 24 svarede ja."
    assert summary.may_leave_the_room(many)


def test_most_telling_comes_first_and_three_are_chosen(stores):
    # Gaps: vape 17-5 = 12, hjulpet 18-8 = 10; the attitude was guessed right.
    found = results_of(
        stores,
        vape=tallies("vape", 5, 19, guesses={17: 24}),
        hjulpet=tallies("hjulpet", 18, 6, guesses={8: 24}),
        ok_at_sige_nej=tallies("ok_at_sige_nej", 20, 4, guesses={20: 24}),
    )
    chosen = [one.triad.id for one in summary.choose(found, None)]
    assert chosen == ["hjulpet", "vape", "ok_at_sige_nej"]
    assert [one.triad.id for one in summary.choose(found, ["vape"])] == ["vape"]
    assert summary.choose(found, []) == []
    with pytest.raises(summary.UnfitChoice, match="Et af fundene"):
        summary.choose(found, ["dyr"])


@LANGUAGES
def test_ends_cannot_be_told_apart_at_home(tmp_path, language):
    for yes in ((0, 1, 2), (22, 23, 24)):
        said = []
        triad, guess = ("vape", 12) if yes[0] == 0 else ("hjulpet", 12)
        for place, n in enumerate(yes):
            with builders.open_stores(tmp_path / f"{yes[0]}-{place}") as stores:
                result = one(stores, triad, n, guess)[triad]
                said.append(summary.told(result, language))
        assert len(set(said)) == 1
        most = {"da": "indst 22 ud af 24", "en": "t least 22 out of 24"}[language]
        assert most in said[0]


# --- the text -------------------------------------------------------------------------


def test_every_theme_has_its_questions_in_both_languages():
    for topic in Topic:
        da, en = (summary.questions(topic, one) for one in promises.LANGUAGES)
        assert len(da) == len(en) == 4
        assert all(one.endswith("?") for one in (*da, *en))


def a_text(language: str = "da", agreed: tuple[str, ...] = (), **values: str) -> str:
    session = builders.a_session()
    values = {"day": "21. september 2026", **values}
    return written.text(written.write(session, [], agreed, language, values))


def test_text_for_aula_has_no_marks(stores):
    result = one(stores, "vape", 1, 12)["vape"]
    session = builders.a_session()
    made = written.write(session, [result], ["Vi *siger* til."], "da", {"day": "i dag"})
    text = written.text(made)
    assert "– Hvor mange i klassen har vapet? Klassen gættede på 12 ud af 24." in text
    assert "– Vi *siger* til." in text
    assert "\\" not in text
    assert text.startswith("Til forældre i 7.A: En prøve\n\nDet lavede klassen\n")


def test_whole_year_and_youth_are_named_in_good_danish():
    for letter, grade, words in (
        *(("", 7, "på 7. årgang"), ("B", 8, "i 8.B"), ("A", 11, "på Hold A")),
    ):
        session = builders.a_session(letter=letter, grade=grade)
        made = written.write(session, [], [], "da", {"day": "i dag"})
        assert made.title == f"Til forældre {words}: En prøve"


def test_contact_is_said_where_all_of_it_is_known():
    known = {name: GOOD[name] for name in ("contact", "contact_email", "contact_phone")}
    words = "I kommunen svarer SSP-sekretariatet på spørgsmål: ssp@example.dk"
    assert words in a_text(**known)
    assert "I kommunen svarer" not in a_text(**(known | {"contact_phone": ""}))
    assert "[" not in a_text()


def test_help_lines_of_the_kommune_end_the_text():
    line = HelpLine("SSP-huset", "12 34 56 78", ForWhom.PARENTS)
    made = written.write(builders.a_session(), [], [], "da", {"day": "i dag"}, [line])
    assert written.text(made).endswith("– SSP-huset: 12 34 56 78 (for forældre)")


# --- the pages ------------------------------------------------------------------------


@pytest.fixture
def room(app: Flask, stores: Stores) -> Room:
    """A class of 24 that guesses 12 of all; 20 do the good thing, nobody the rest."""
    questions = app.config["LIBRARY"].sets["7a"]
    # hyppighed4 has "Nej" first; everywhere else "Ja" is first.
    yes = {"fest_uden_alkohol": 20, "alkohol_30": 24}
    counted = {
        one.id: tallies(one.id, yes.get(one.id, 0), 24 - yes.get(one.id, 0))
        for one in questions.triads
    }
    for _, items in counted.values():
        for item in items:
            if not item.endswith(".selv"):
                items[item] = {12: 24}
    session = builders.closed_class(stores, questions=questions, **counted)
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    account = accounts.find(stores.archive, "t@example.dk")
    stores.archive["session"].update(session.id, {"owner": account.id})
    return Room(app, stores, teacher, account, session)


def where(room: Room, rest: str = "") -> str:
    return f"/laerer/{room.session.id}/hjem{rest}"


@LANGUAGES
def test_summary_says_all_of_its_sentences(room, language):
    kommune.fill_in(room.stores.archive, GOOD)
    page = words_of(room.teacher.get(where(room, f"/side?sprog={language}")).text)
    values = GOOD | {
        "theme": {"da": "alkohol og fest", "en": "alcohol and parties"}[language],
        "day": {"da": "21. september 2026", "en": "21 September 2026"}[language],
        "class": "7.A",
    }
    said = [one for part in promises.of_page("summary") for one in part.sentences]
    assert said
    missing = [one.id for one in said if one.said(language, values) not in page]
    assert missing == []


def test_page_offers_findings_and_both_texts_to_copy(room):
    page = room.teacher.get(where(room)).text
    assert 'name="fund" value="fest_uden_alkohol" checked' in page
    assert 'id="text-da" lang="da" rows="16" readonly' in page
    assert "20 ud af 24 svarede ja, og det er flere, end den troede." in page
    assert "20 out of 24 answered yes, more than it had thought." in page


def test_choice_of_none_tells_no_number(room):
    page = words_of(room.teacher.get(where(room, "/side?valgt=1")).text)
    assert "Det lavede klassen" in page
    assert "ud af 24" not in page


def test_page_and_word_file_say_the_same(room):
    archive.agree(room.stores.archive, room.session.id, ("Vi siger til.",))
    page = words_of(room.teacher.get(where(room, "/side")).text)
    answer = room.teacher.get(where(room, "/tekst.docx"))
    name = answer.headers["Content-Disposition"]
    assert name == 'attachment; filename="til-foraeldre-2026-09-21.docx"'
    made = Document(io.BytesIO(answer.data))
    read = [one.text for one in made.paragraphs if one.text]
    assert [one for one in read if " ".join(one.split()) not in page] == []
    assert "Vi siger til." in read
    assert made.core_properties.title == read[0]


def test_before_it_is_over_there_is_nothing(app, stores):
    room = open_room(app, stores)
    for rest in ("", "/side", "/tekst.docx"):
        assert room.teacher.get(where(room, rest)).status_code == 409


def test_class_below_the_minimum_has_no_text(stores, app):
    teacher = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    session = builders.closed_class(stores, present=4)
    for rest in ("", "/side", "/tekst.docx"):
        page = teacher.get(f"/laerer/{session.id}/hjem{rest}").text
        assert "Der er for få svar" in page
        assert "<textarea" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?valgt=1&fund=findes_ikke", "Et af fundene kan ikke sendes hjem"),
        ("?valgt=1&fund=%00", "Et af fundene kan ikke sendes hjem"),
        ("?valgt=1&fund=sang", "Et af fundene kan ikke sendes hjem"),  # the warm-up
    ],
)
@pytest.mark.parametrize("rest", ["", "/side", "/tekst.docx"])
def test_unfit_choice_is_told(room, rest, query, words):
    answer = room.teacher.get(where(room, rest + query))
    assert answer.status_code == 422
    assert answer.text.count(words) == 2  # at the top, and beside the field
    assert "<title>Fejl: " in answer.text


def test_more_than_three_are_refused(room):
    triads = room.session.triads[1:]
    answered_all = room.teacher.get(where(room)).text
    offered = [one for one in triads if f'name="fund" value="{one}"' in answered_all]
    assert len(offered) > 3
    query = "?valgt=1" + "".join(f"&fund={one}" for one in offered)
    answer = room.teacher.get(where(room, query))
    assert answer.status_code == 422
    assert "Vælg højst 3 fund." in answer.text


def test_where_english_is_not_offered_there_is_one_text(room):
    kommune.offer_english(room.stores.archive, is_offered=False)
    page = room.teacher.get(where(room)).text
    assert 'id="text-da"' in page
    assert 'id="text-en"' not in page


def test_unknown_language_is_not_found(room):
    assert room.teacher.get(where(room, "/side?sprog=tlh")).status_code == 404


def test_ways_to_both_letters(room):
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert f'href="{where(room)}"' in page
    shown = room.teacher.get("/laerer/saet/7a").text
    assert 'href="/laerer/saet/7a/brev"' in shown
    assert f'href="{where(room)}"' in shown
    assert f'href="{where(room)}"' not in room.teacher.get("/laerer/saet/7b").text


def test_parents_session_has_no_summary(stores, app):
    teacher = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    questions = builders.a_question_set(maalgruppe="foraeldre")
    session = builders.closed_class(stores, questions=questions)
    assert teacher.get(f"/laerer/{session.id}/hjem").status_code == 404
