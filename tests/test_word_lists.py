"""Sentences that an author could write, and what the word lists find in them."""

import unicodedata

import pytest

from pejling.domain.content import word_lists


@pytest.mark.parametrize(
    "text",
    [
        "har drukket en øl",
        "har drukket en breezer",
        "har smagt vodka",
        "har været fuld",
        "har været beruset",
        "har haft tømmermænd",
        "har været stiv til en fest",
        "har drukket fem genstande",
        "har vapet",
        "har prøvet en e-smøg",
        "har fået en smøg",
        "har prøvet vandpibe",
        "har haft poser under læben",
        "har røget i skolegården",
        "har været til fest med alkohol",
    ],
)
def test_tobacco_and_alcohol_are_found(text):
    assert word_lists.RISKY.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "er fuld af energi",
        "har set en fuldmåne",
        "har drukket vand til maden",
        "har drukket varm kakao",
        "er druknet i lektier",
        "har puffet til en i køen",
        "har snust til en blomst",
        "har fundet en genstand på stranden",
        "har spist røget laks",
        "har lavet rygøvelser",
        "har glemt deres rygsæk",
        "har hørt et rygte",
        "har spist øllebrød",
        "har spist vindruer",
        "har spillet for fulde huse",
        "har syet med stof",
    ],
)
def test_harmless_words_are_left_alone(text):
    assert not word_lists.RISKY.search(text)
    assert not word_lists.ILLEGAL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "har stjålet en cykel",
        "har hugget noget i en butik",
        "har nappet slik i en butik",
        "har taget slik uden at betale",
        "har røget hash",
        "har prøvet et stof",
        "har prøvet andre stoffer",
        "har prøvet cannabis",
        "har ødelagt noget med vilje",
        "har lavet hærværk",
        "har delt et nøgenbillede",
        "har delt intime billeder",
    ],
)
def test_illegal_acts_are_found(text):
    assert word_lists.ILLEGAL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ville du prøve det?",
        "Vil du prøve det?",
        "Kunne du tænke dig at prøve det?",
        "Kan du finde på at prøve det?",
        "Regner du med at prøve det?",
        "Har du lyst til at prøve det?",
        "Har du planer om at prøve det?",
        "Tænker du på at prøve det?",
        "Gad du prøve det?",
        "Kommer du til at prøve det?",
        "Vil man prøve det?",
    ],
)
def test_questions_about_the_future_are_found(text):
    assert word_lists.INTENTION.search(text)


@pytest.mark.parametrize(
    "text",
    ["har spurgt, om en ny måtte lege med", "Har du selv haft lyst til at grine?"],
)
def test_questions_about_what_was_are_not(text):
    assert not word_lists.INTENTION.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "Har du virkelig vapet?",
        "Har du vel ikke vapet?",
        "Har du ligesom de fleste vapet?",
        "Er du også en af dem, der har vapet?",
        "har desværre vapet",
    ],
)
def test_leading_words_are_found(text):
    assert word_lists.LEADING.search(text)


@pytest.mark.parametrize(
    "text", ["har leget med en jo-jo", "har gået med bare tæer", "har grinet for sjov"]
)
def test_plain_words_lead_nowhere(text):
    assert not word_lists.LEADING.search(text)


def test_letters_in_two_parts_are_one_to_the_rules():
    from pejling.domain.content import triad_rules

    apart = unicodedata.normalize("NFD", "har  stjålet")
    assert apart != "har stjålet"
    assert triad_rules._plain(apart) == "har stjålet"
