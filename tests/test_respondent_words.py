"""A session read in another language: whole, as anonymous, and known to nobody."""

import re
import tomllib
from dataclasses import replace
from html import unescape
from pathlib import Path

import builders
import pytest
from flask.testing import FlaskClient
from room import Room, open_room, token_of
from test_meeting import open_meeting

from pejling.domain import promises, respondent_words, stems
from pejling.domain.content import set_files
from pejling.domain.content.set_files import fingerprint
from pejling.domain.content.set_reader import thaw
from pejling.domain.meeting import with_guesses
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    AnswerFormat,
    Audience,
    Recall,
    Role,
    options_of,
)
from pejling.domain.respondent_words import PROGRAM, Words, of_program
from pejling.domain.room_words import ROOMS
from pejling.storage import archive, ballot_box, kommune

DATA = Path(__file__).parent / "data"
SETS = Path(__file__).parent.parent / "question_sets"
PARENTS = ("f45", "f6", "f7", "f8", "f9")
AUDIENCES = pytest.mark.parametrize("audience", Audience)


def arabic() -> dict:
    """What a set carries to be asked in Arabic."""
    read = tomllib.loads((DATA / "arabisk.toml").read_text(encoding="utf-8"))
    words = [
        {"sprog": "ar", "noegle": key, "tekst": text}
        for key, text in read["skaermord"].items()
    ]
    return {"oversat": read["oversat"], "skaermord": words}


def a_parents_set(**changes):
    """A warm-up, a rule and a talk, in Danish and Arabic."""
    return builders.a_question_set(
        builders.WARM_UP,
        builders.a_triad("regel", "har en regel for skærm", foelsomhed="groen"),
        builders.a_triad("talt", "har talt om nettet", foelsomhed="groen"),
        **{"maalgruppe": "foraeldre", **arabic(), **changes},
    )


# --- the words ------------------------------------------------------------------------


@AUDIENCES
def test_every_language_has_the_same_keys_and_braces(audience):
    danish = of_program("da", audience).texts
    for language in PROGRAM[1:]:
        texts = of_program(language, audience).texts
        assert set(texts) - set(respondent_words.TIMES) == set(danish)
        assert set(respondent_words.TIMES) <= set(texts)
        wrong = [
            key
            for key, text in danish.items()
            if respondent_words.braces(text) != respondent_words.braces(texts[key])
        ]
        assert wrong == []


@AUDIENCES
def test_danish_is_that_of_the_questions_and_the_paper(audience):
    words = of_program("da", audience)
    asked = words.said("spoerg_andre", aargang=7)
    assert asked == stems.ask_others(audience, 7)
    assert words.said("spoerg_kammerater") == stems.ask_friends(audience)
    assert words.said("som_om", antal=24) == stems.as_if(audience, 24)
    room = ROOMS[audience]
    assert words.said("vent_leder") == f"Vent, til {room.leader} begynder."
    assert f"nu kommer {room.own} tal." in words.said("tak_lukket")
    assert words.said("navn_kammerater").lower() == room.peers
    assert room.peers in words.said("fejl_kammerater")
    assert words.said("ser_kun").startswith(f"{room.begin} ser kun")


@pytest.mark.parametrize("answer", AnswerFormat)
@pytest.mark.parametrize("occasion", [False, True])
def test_danish_options_are_those_that_are_counted(answer, occasion):
    questions = builders.a_question_set()
    triad = replace(questions.triads[1], answer=answer, needs_occasion=occasion)
    words = of_program("da", Audience.PUPILS)
    labels = [(one.code, one.label) for one in options_of(triad)]
    assert words.options(triad) == labels
    english = of_program("en", Audience.PUPILS).options(triad)
    assert [code for code, _ in english] == [code for code, _ in labels]
    assert len({text for _, text in english}) == len(english)


def test_danish_options_of_the_honesty_item_too():
    labels = [(one.code, one.label) for one in options_of(HONESTY)]
    assert of_program("da", Audience.PUPILS).options(HONESTY) == labels


def test_a_set_cannot_reach_into_the_program_by_braces():
    words = Words("ar", {"trin": "{nummer.__class__} {nummer} {andet} {0}"})
    assert words.said("trin", nummer=3) == "{nummer.__class__} 3 {andet} {0}"


def test_program_has_no_words_of_other_languages():
    with pytest.raises(KeyError):
        of_program("../da", Audience.PUPILS)


@pytest.mark.parametrize(
    ("tag", "good"),
    [
        ("en", True),
        ("ckb", True),
        ("pt-BR", True),
        ("ku-Arab", True),
        ("", False),
        ("EN", False),
        ("english", False),
        ("en_GB", False),
        ("en.", False),
        ("e" * 3 + "-abcdefgh-abcdefgh-x", False),
    ],
)
def test_names_of_languages(tag, good):
    assert respondent_words.is_language(tag) is good


def test_which_way_a_language_is_read():
    way = respondent_words.direction
    assert [way(one) for one in ("ar", "fa", "ur", "ckb", "he")] == ["rtl"] * 5
    assert [way(one) for one in ("da", "en", "so", "fa-Latn")] == ["ltr"] * 4
    assert way("ku-Arab") == "rtl"


# --- what is offered ------------------------------------------------------------------


def languages(questions, triads=None, program=PROGRAM) -> list[str]:
    triads = questions.triads if triads is None else triads
    found = respondent_words.offered(questions, triads, program)
    return [one.language for one in found]


def test_language_is_offered_where_all_of_it_is_there():
    assert languages(a_parents_set()) == ["da", "ar"]


def test_language_is_not_offered_without_one_of_the_chosen_questions():
    partly = arabic()["oversat"][:2]
    questions = a_parents_set(oversat=partly)
    assert languages(questions) == ["da"]
    # The one that lacks it is not asked: then all is there.
    assert languages(questions, questions.triads[:2]) == ["da", "ar"]


def test_language_is_not_offered_without_one_word_of_the_screen():
    needed = respondent_words.needed(Audience.PARENTS)
    assert len(arabic()["skaermord"]) == len(needed)
    for place in range(len(needed)):
        words = arabic()["skaermord"]
        del words[place]
        assert languages(a_parents_set(skaermord=words)) == ["da"]


@pytest.mark.parametrize("name", PARENTS)
def test_shipped_parents_sets_are_whole_in_english(name):
    questions = set_files.read_set(SETS / f"{name}.toml")
    assert languages(questions) == ["da", "en"]
    assert languages(questions, program=("da",)) == ["da"]
    english = of_program("en", Audience.PARENTS)
    for triad in questions.triads:
        own = english.own(triad)
        assert own.endswith("?")
        # The own question names the time, as the Danish one does.
        assert english.time(triad) in own, own


def test_english_is_not_part_of_a_version():
    questions = set_files.read_set(SETS / "f7.toml")
    without = thaw({**questions.raw, "oversat": []})
    assert fingerprint(without) == fingerprint(questions)
    recorded = set_files.published(SETS)["f7"]
    assert recorded[str(questions.version)] == fingerprint(questions)


def test_time_is_the_languages_own_unless_the_set_has_another():
    rows = [
        {"sprog": "en", "id": one, "kort": "have a rule", "selv": "Have you?"}
        for one in ("dyr", "regel", "talt")
    ]
    rows[1]["tid"] = "lately"
    questions = a_parents_set(oversat=rows)
    monthly = [replace(one, recall=Recall.MONTH) for one in questions.triads]
    words = of_program("en", Audience.PARENTS)
    assert [words.time(one) for one in monthly] == [
        "in the last 30 days",
        "lately",
        "in the last 30 days",
    ]


def test_guesses_at_the_pupils_are_asked_in_their_sets_languages():
    parents = set_files.read_set(SETS / "f7.toml")
    pupils = builders.a_question_set(
        oversat=[{"sprog": "en", "id": "vape", "kort": "vape", "selv": "Do you vape?"}]
    )
    known, unknown = pupils.triads[1], pupils.triads[2]
    asked = with_guesses(parents, [("proeve/vape", known)], 1)
    assert languages(asked) == ["da", "en"]
    words = of_program("en", Audience.PARENTS)
    assert words.act(asked.triad("elever_1")) == "vape"
    assert words.heading(asked.triad("elever_1")) == "vape"
    # One that is in Danish only keeps the whole meeting in Danish.
    both = [("proeve/vape", known), ("proeve/ok_at_sige_nej", unknown)]
    assert languages(with_guesses(parents, both, 1)) == ["da"]


# --- on the phone ---------------------------------------------------------------------


@pytest.fixture
def room(app, stores) -> Room:
    return open_room(app, stores)


@pytest.fixture
def meeting(stores, room) -> Room:
    answer = open_meeting(room)
    session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    return replace(room, session=session)


@pytest.fixture
def in_arabic(stores, room) -> Room:
    """A meeting about a set of the tests, in its lobby."""
    session = builders.open_class(stores, present=12, questions=a_parents_set())
    owner = room.account.id
    with stores.archive.conn:
        stores.archive.execute(
            "update session set owner = ? where id = ?", [owner, session.id]
        )
    return replace(room, session=archive.session(stores.archive, session.id))


def enter_in(room: Room, language: str) -> FlaskClient:
    """A browser that has joined in a language."""
    browser = room.app.test_client()
    browser.speaks = language
    address = f"/Q/{room.session.join_secret}"
    promise = browser.get(f"{address}?sprog={language}")
    assert f'name="sprog" value="{language}"' in promise.text
    form = {"csrf_token": token_of(promise), "sprog": language}
    assert browser.post(address, data=form).status_code == 303
    return browser


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def asked(page: str) -> str:
    found = re.search(r'name="tema"[^>]*value="(\w+)"', page)
    return found.group(1) if found else ""


def screens(room: Room, browser: FlaskClient) -> list[str]:
    """Every page of a respondent, the wrong answers' too, to the thanks."""
    seen = [browser.get("/svar").text]
    for stage in ("opvarmning", "spoergsmaal"):
        room.press(stage)
        while triad := asked(page := browser.get("/svar").text):
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            form = {"csrf_token": token.group(1), "tema": triad}
            good = {"andre": "003", "kammerater": "003", "selv": "000"}
            for sent in ({"trin": "se"}, good | {"trin": "se"}):
                seen.append(browser.post("/svar", data=form | sent).text)
            browser.post("/svar", data=form | good | {"trin": "send"})
            seen.append(page)
        seen.append(browser.get("/svar").text)
    return seen


DANISH_WORDS = re.compile(
    r"\b(og|ikke|hvor|dine|svar|du|der|alle|forældre|klassen|tror|eller|vælg)\b", re.I
)


def test_meeting_is_english_from_the_promise_to_the_thanks(meeting):
    browser = enter_in(meeting, "en")
    pages = screens(meeting, browser)
    assert len(pages) > 20
    for page in pages:
        assert DANISH_WORDS.findall(text_of(page)) == [], text_of(page)
        assert '<html lang="en">' in page
    said = text_of(" ".join(pages))
    for words in (
        *("Wait until the person holding the meeting begins.", "All the others"),
        *("This is about those who", "have looked for their keys"),
        *("in the last 7 days", "How many of the other parents in the class"),
        *("Prefer not to say", "Error:", "Is this right?", "Did you answer honestly?"),
        "Thank you for your answers",
    ):
        assert words in said, words


def test_answers_in_english_count_as_the_danish_ones(meeting):
    english, danish = enter_in(meeting, "en"), meeting.pupil()
    meeting.press("opvarmning")
    for browser in (english, danish):
        page = browser.get("/svar")
        values = re.findall(r'name="(\w+)"[^>]*value="(\d{3})"', page.text)
        assert ("selv", "000") in values
        assert ("selv", f"{DECLINED}") in values
        form = {"csrf_token": token_of(page), "trin": "send", "selv": "000"}
        form |= {"tema": "ledt_efter_noegler", "andre": "004", "kammerater": "005"}
        assert browser.post("/svar", data=form).status_code == 303
    warm_up = meeting.session.warm_up.id
    counted = ballot_box.counters(meeting.stores.ballots, meeting.session.id, warm_up)
    assert counted == {
        f"{warm_up}.andre": {4: 2},
        f"{warm_up}.kammerater": {5: 2},
        f"{warm_up}.selv": {0: 2},
    }


def test_arabic_is_read_from_the_right_to_the_thanks(in_arabic):
    address = f"/Q/{in_arabic.session.join_secret}"
    danish = in_arabic.app.test_client().get(address).text
    assert '<a href="?sprog=ar" lang="ar" dir="rtl" hreflang="ar">' in danish
    assert "بالعربية" in danish
    browser = enter_in(in_arabic, "ar")
    promise = text_of(browser.get(f"{address}?sprog=ar").text)
    sentences = [one for part in promises.of_page("parents") for one in part.sentences]
    brought = {one["noegle"]: one["tekst"] for one in arabic()["skaermord"]}
    for one in sentences:
        assert brought[f"loefte_{one.id}"] in promise
    pages = screens(in_arabic, browser)
    for page in pages:
        assert '<html lang="ar" dir="rtl">' in page
        latin = re.findall(r"[A-Za-zæøåÆØÅ]{2,}", text_of(page))
        assert set(latin) <= {"Pejling", "SSP"}, latin
    assert "لديهم قاعدة لوقت الشاشة" in " ".join(pages)
    # More about data is there in English, not in Arabic.
    assert "/dine-data?sprog=en" in browser.get(f"{address}?sprog=ar").text


def test_one_who_chose_another_language_may_change_it(meeting):
    browser = enter_in(meeting, "en")
    address = f"/Q/{meeting.session.join_secret}"
    browser.speaks = ""
    promise = browser.get(address)
    browser.post(address, data={"csrf_token": token_of(promise)})
    assert "Du er med" in browser.get("/svar").text


# --- languages that are not there -----------------------------------------------------


@pytest.mark.parametrize("language", ["de", "ar", "%22%3E", "x" * 300, ""])
def test_language_without_translation_is_danish_and_says_so(meeting, language):
    address = f"/Q/{meeting.session.join_secret}?sprog={language}"
    page = meeting.app.test_client().get(address)
    assert page.status_code == 200
    assert '<html lang="da">' in page.text
    assert "not offered in the language you asked for" in page.text
    assert "Jeg er med" in page.text


@pytest.mark.parametrize("language", ["de", "ar", "<b>", "en.en", "x" * 300])
def test_language_that_is_not_there_is_danish_behind_the_promise(meeting, language):
    browser = meeting.app.test_client()
    address = f"/Q/{meeting.session.join_secret}"
    form = {"csrf_token": token_of(browser.get(address)), "sprog": language}
    assert browser.post(address, data=form).status_code == 303
    page = browser.get("/svar").text
    assert '<html lang="da">' in page
    assert "Du er med" in page


def test_english_promise_before_danish_questions_says_so(room):
    questions = room.app.config["LIBRARY"].sets["7b"]
    room.session = builders.open_class(room.stores, questions=questions)
    address = f"/Q/{room.session.join_secret}?sprog=en"
    page = room.app.test_client().get(address).text
    assert "You do not write your name." in page
    assert "The questions that follow are in Danish only." in page
    browser = enter_in(room, "en")
    browser.speaks = ""
    assert '<html lang="da">' in browser.get("/svar").text


def test_a_class_reads_a_set_in_english_where_it_is_translated(room):
    browser = enter_in(room, "en")
    page = browser.get("/svar").text
    assert '<html lang="en"' in page
    room.press("opvarmning")
    page = browser.get("/svar").text
    assert "have sung in the shower" in page
    assert "Have you sung in the shower in the last 7 days?" in page
    assert "sunget" not in page


SHIPPED = ("4a", "5a", "6a", "7a", "8a", "9a", "9b")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_parents_guess_of_these_sets_has_its_english(room, name):
    sets = room.app.config["LIBRARY"].sets
    parents = sets["f7"]
    guesses = [(f"{name}/{one.id}", one) for one in sets[name].triads[1:4]]
    whole = with_guesses(parents, guesses, 1)
    offered = respondent_words.offered(whole, whole.triads, ("da", "en"))
    assert [one.language for one in offered] == ["da", "en"]


def test_meeting_in_english_does_not_say_that_it_is_danish(meeting):
    address = f"/Q/{meeting.session.join_secret}?sprog=en"
    assert "Danish only" not in meeting.app.test_client().get(address).text


def test_english_is_gone_where_the_kommune_switched_it_off(meeting):
    browser = enter_in(meeting, "en")
    kommune.offer_english(meeting.stores.archive, is_offered=False)
    browser.speaks = "da"
    assert "Du er med" in browser.get("/svar").text
    address = f"/Q/{meeting.session.join_secret}?sprog=en"
    assert "offered in Danish only" in browser.get(address).text


# --- known to nobody ------------------------------------------------------------------


def test_language_is_in_the_browsers_cookie_and_goes_with_the_seat(meeting):
    browser = enter_in(meeting, "en")
    assert browser.get_cookie("plads").value.endswith(".en")
    danish = meeting.pupil()
    assert danish.get_cookie("plads").value.count(".") == 1
    meeting.press("luk")
    browser.speaks = ""
    token = token_of(browser.get("/"))
    browser.post("/faerdig", data={"csrf_token": token})
    assert browser.get_cookie("plads") is None


def test_language_is_stored_nowhere(in_arabic, caplog):
    browser = enter_in(in_arabic, "ar")
    in_arabic.press("opvarmning")
    page = browser.get("/svar")
    form = {"csrf_token": token_of(page), "tema": "dyr", "trin": "send"}
    form |= {"andre": "003", "kammerater": "003", "selv": "000"}
    browser.post("/svar", data=form)
    stores = in_arabic.stores
    session = in_arabic.session.id
    ballots = "\n".join(stores.ballots.conn.iterdump())
    assert session in ballots  # it is there to be looked for
    assert re.findall(r"'ar'|\.ar\b|[\u0600-\u06ff]", ballots) == []
    # Its set, which is everybody's, has Arabic words; nothing else has.
    kept = "\n".join(
        line
        for line in stores.archive.conn.iterdump()
        if not line.startswith(('INSERT INTO "session"', 'INSERT INTO "frozen'))
    )
    assert re.findall(r"'ar'|\.ar\b|[\u0600-\u06ff]", kept) == []
    assert "sprog" not in caplog.text


def test_leader_sees_nothing_of_a_language(in_arabic):
    lead = f"/laerer/{in_arabic.session.id}"
    wall = f"/tavle/{in_arabic.session.wall_key}"
    one = in_arabic.pupil()
    ways = (lead, wall)

    def seen() -> list[str]:
        pages = [in_arabic.teacher.get(way).text for way in ways]
        # Form tokens are signed with the second, wherever they stand.
        return [re.sub(r'"[\w-]{20,}\.[\w-]+\.[\w-]+"', '""', page) for page in pages]

    one.get("/svar")
    before = seen()
    # The same seat goes on in Arabic: nothing that the leader sees may differ.
    one.speaks = "ar"
    address = f"/Q/{in_arabic.session.join_secret}"
    form = {"csrf_token": token_of(one.get(f"{address}?sprog=ar")), "sprog": "ar"}
    one.post(address, data=form)
    assert 'dir="rtl"' in one.get("/svar").text
    assert seen() == before
    assert not any(re.search("[\u0600-\u06ff]", page) for page in before)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_reply_is_as_long_whatever_is_answered(meeting, in_arabic, language):
    room = meeting if language == "en" else in_arabic
    triad = room.session.warm_up.id
    browser = enter_in(room, language)
    room.press("opvarmning")
    token = token_of(browser.get("/svar"))
    sizes = {
        len(
            browser.post(
                "/svar",
                data={"csrf_token": token, "tema": triad, "trin": step}
                | {"andre": others, "kammerater": friends, "selv": own},
            ).data
        )
        for step in ("se",)
        for others in ("000", "012", "999")
        for friends in ("000", "012", "999")
        for own in ("000", "001", "999")
    }
    assert len(sizes) == 1


def test_length_counts_what_a_page_writes_for_an_apostrophe(app):
    # "I'd rather not" takes four bytes more on a page than it has letters.
    words = of_program("en", Audience.PARENTS)
    said = {**words.texts, "vil_ikke_svare": "I'd rather not"}
    from pejling.web import pupil_forms

    triad = set_files.read_set(SETS / "f7.toml").triads[0]
    with app.test_request_context("/svar"):
        answers = {"tema": triad.id, "andre": "999", "kammerater": "003", "selv": "999"}
        form = pupil_forms.triad_form(triad, 19, answers, spoken=Words("en", said))
        # Only the number is shorter: 1 byte instead of 14 + 4.
        assert [role for role, _ in form.words()] == list(Role)
        assert form.shorter_by() == 17
