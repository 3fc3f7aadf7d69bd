"""What people may read: the promise, data, accessibility, letter, assessment."""

import hashlib
import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from docx import Document
from room import open_room, sign_in
from test_kommune import GOOD

from pejling.domain import promises
from pejling.domain.content.readability import lix
from pejling.output import information, text_pages, word
from pejling.storage import kommune
from pejling.storage.accounts import Role
from pejling.web import information as pages

LANGUAGES = pytest.mark.parametrize("language", promises.LANGUAGES)
MOST = 20
"""Reading index of the promise page: very easy, for 4. klasse (docs/method.md)."""


@pytest.fixture
def desk(app, stores):
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def words_of(page: str) -> str:
    """A page as one reads it: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


# --- the promise ----------------------------------------------------------------------


@LANGUAGES
def test_promise_page_says_all_of_its_sentences(app, stores, language):
    room = open_room(app, stores)
    address = f"/Q/{room.session.join_secret}?sprog={language}"
    page = words_of(app.test_client().get(address).text)
    said = [one for part in promises.of_page("pupil") for one in part.sentences]
    assert [one.id for one in said if one.words[language] not in page] == []


def test_promise_page_is_very_easy_to_read():
    said = [
        one.words["da"] for part in promises.of_page("pupil") for one in part.sentences
    ]
    assert lix(said) <= MOST


def test_unknown_language_is_not_found(client):
    assert client.get("/dine-data?sprog=tlh").status_code == 404


# --- for everybody --------------------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize("where", ["/dine-data", "/was"])
def test_everybody_reads_how_data_are_used(client, stores, where, language):
    kommune.fill_in(stores.archive, GOOD)
    page = client.get(f"{where}?sprog={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert "Stevns Kommune" in page.text
    assert "[" not in words_of(page.text)


def test_pages_are_found_from_the_start(client):
    start = client.get("/").text
    assert 'href="/dine-data"' in start
    assert 'href="/was"' in start


def test_what_the_kommune_has_not_filled_in_is_a_gap(client, desk):
    assert "[kommunens navn]" in client.get("/dine-data").text
    assert "[name of the kommune]" in client.get("/dine-data?sprog=en").text
    assert "Udfyld kommunens oplysninger" in desk.get("/laerer/saet/7a/brev").text


@LANGUAGES
def test_way_of_an_answer_is_a_picture_with_its_words(client, language):
    page = client.get(f"/dine-data?sprog={language}").text
    assert page.count('class="flow__box"') == 5
    told = {"da": "Svaret findes ikke mere", "en": "The answer no longer exists"}
    desc = re.search(r"<desc[^>]*>(.*?)</desc>", page, re.S)
    assert desc
    assert told[language] in desc.group(1)


@LANGUAGES
@pytest.mark.parametrize("name", information.TEXTS)
def test_both_languages_have_the_same_parts(name, language):
    def shape(spoken: str) -> list[str]:
        text = information.text(
            name, spoken, {"address": "x", "written": "y", "roed": "z"}
        )
        return [one.type for one in text_pages.tokens(text)]

    assert shape(language) == shape("da")


GONE_THROUGH = ("2026-11-24", "701ffe8e1ff29b87")
"""The day on which the accessibility statement was gone through, and its words then."""


def test_statement_is_not_changed_without_a_new_day():
    folder = Path(information.__file__).parents[1] / "data" / "texts"
    words = b"".join((folder / one / "was.md").read_bytes() for one in ("da", "en"))
    now = (pages.WRITTEN, hashlib.sha256(words).hexdigest()[:16])
    # Both together: whoever changes one has gone through the other.
    assert now == GONE_THROUGH


# --- the letter -----------------------------------------------------------------------


@LANGUAGES
def test_letter_says_all_of_its_sentences(desk, stores, language):
    kommune.fill_in(stores.archive, GOOD)
    page = words_of(desk.get(f"/laerer/saet/7a/brev?sprog={language}").text)
    theme = {"da": "alkohol og fest", "en": "alcohol and parties"}[language]
    day = {"da": "29. september 2027", "en": "29 September 2027"}[language]
    values = GOOD | {"theme": theme, "deleted": day, "address": "localhost"}
    said = [one for part in promises.of_page("letter") for one in part.sentences]
    missing = [one.id for one in said if one.said(language, values) not in page]
    assert missing == []


def test_letter_tells_the_day_of_deletion(desk, clock):
    assert "slettes senest 29. september 2027" in desk.get("/laerer/saet/7a/brev").text


def test_letter_names_the_kommune_and_whom_to_turn_to(desk, stores):
    kommune.fill_in(stores.archive, GOOD)
    page = words_of(desk.get("/laerer/saet/7a/brev").text)
    assert "Stevns Kommune er dataansvarlig." in page
    assert "SSP-sekretariatet: ssp@example.dk, 12 34 56 78." in page
    assert "Databeskyttelsesrådgiver: dpo@example.dk." in page


@LANGUAGES
def test_letter_lists_every_question(app, desk, language):
    questions = app.config["LIBRARY"].sets["7a"]
    page = words_of(desk.get(f"/laerer/saet/7a/brev?sprog={language}").text)
    own = [one.text for triad in questions.triads for one in triad.items[-1:]]
    assert [one for one in own if one not in page] == []


def test_every_set_of_pupils_has_its_letter(app, desk):
    for set_id in app.config["LIBRARY"].sets:
        assert desk.get(f"/laerer/saet/{set_id}/brev").status_code == 200
    assert desk.get("/laerer/saet/findes-ikke/brev").status_code == 404
    assert desk.get("/laerer/saet/findes-ikke/brev.docx").status_code == 404


def test_staff_only_read_letter_and_assessment(app, stores):
    visitor = app.test_client()
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    for path in ("/laerer/saet/7a/brev", "/laerer/saet/7a/brev.docx"):
        assert visitor.get(path).status_code == 303
        assert teacher.get(path).status_code == 200
    for path in ("/konsulent/konsekvensanalyse", "/konsulent/konsekvensanalyse.docx"):
        assert visitor.get(path).status_code == 303
        assert teacher.get(path).status_code == 403


# --- Word -----------------------------------------------------------------------------


def opened(answer):
    return Document(io.BytesIO(answer.data))


@LANGUAGES
def test_letter_for_word_has_the_same_words(desk, stores, language):
    kommune.fill_in(stores.archive, GOOD)
    page = words_of(desk.get(f"/laerer/saet/7a/brev?sprog={language}").text)
    answer = desk.get(f"/laerer/saet/7a/brev.docx?sprog={language}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    made = opened(answer)
    read = [one.text for one in made.paragraphs if one.text]
    assert [one for one in read if " ".join(one.split()) not in page] == []
    assert made.paragraphs[0].style.name == "Title"
    assert [one.style.name for one in made.paragraphs].count("Heading 1") == 7
    assert made.core_properties.author == ""
    assert made.core_properties.title == read[0]


@LANGUAGES
def test_assessment_for_word_has_its_tables(desk, language):
    answer = desk.get(f"/konsulent/konsekvensanalyse.docx?sprog={language}")
    made = opened(answer)
    assert [(len(one.rows), len(one.columns)) for one in made.tables] == [
        (9, 2),
        (8, 3),
        (12, 4),
        (5, 2),
    ]
    names = {"da": "da-DK", "en": "en-GB"}
    styles = zipfile.ZipFile(io.BytesIO(answer.data)).read("word/styles.xml").decode()
    assert f'w:val="{names[language]}"' in styles
    assert "kommunens navn" in made.tables[0].rows[1].cells[1].text or language == "en"


def test_word_knows_strong_words_and_lists():
    text = "# Til\n\nEn **stærk**\nlinje.\n\n- et\n- to\n\n1. først\n"
    made = Document(io.BytesIO(word.document(text, "da")))
    title, line, *points = made.paragraphs
    assert (title.text, line.text) == ("Til", "En stærk linje.")
    assert [run.text for run in line.runs if run.bold] == ["stærk"]
    assert [(one.text, one.style.name) for one in points] == [
        ("et", "List Bullet"),
        ("to", "List Bullet"),
        ("først", "List Number"),
    ]


# --- what is typed means nothing ------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["**x**", "1. x", "[x](y)", "`x`", "a\nb", "| x |", "# x", "&amp;", "*"]
)
def test_typed_words_stand_as_they_were_typed(typed):
    text = f"# T\n\nFra {text_pages.plain(typed)} her."
    assert (
        words_of(str(text_pages.html(text))) == f"T Fra {' '.join(typed.split())} her."
    )
    made = Document(io.BytesIO(word.document(text, "da")))
    assert made.paragraphs[1].text == f"Fra {' '.join(typed.split())} her."


def test_html_in_a_text_is_shown_and_not_read():
    assert "<script>" not in text_pages.html("# T\n\n<script>alert(1)</script>")
