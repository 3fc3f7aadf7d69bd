"""The reading index by hand."""

import pytest

from pejling.domain.content import readability


@pytest.mark.parametrize(
    ("sentences", "index"),
    [
        ([], 0),
        (["…"], 0),
        (["Jeg er her"], 3),  # 3 words, none long
        (["Har du selv trøstet en kammerat de sidste 7 dage?"], 30),  # 10 + 2 of 10
        (["en sommerferie", "nu"], 1.5 + 100 / 3),  # 3 words in 2, 1 long
    ],
)
def test_lix(sentences, index):
    assert readability.lix(sentences) == pytest.approx(index)


def test_word_of_six_letters_is_short_and_of_seven_long():
    assert readability.lix(["kaffen"]) == 1
    assert readability.lix(["kaffens"]) == 101


def test_abbreviation_does_not_end_a_sentence():
    # One sentence of 6 words, none longer than six letters.
    assert readability.lix(["oppe efter kl. 23 i 6."]) == 6


def test_words():
    assert readability.words("”online-spil”, 2–3 gange og SoMe") == [
        "online-spil",
        "2",
        "3",
        "gange",
        "og",
        "SoMe",
    ]
