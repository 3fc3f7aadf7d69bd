"""The fixed words around an act."""

import pytest

from pejling.domain import stems
from pejling.domain.question_sets import Audience, Recall


@pytest.mark.parametrize(
    ("audience", "grades", "others", "friends"),
    [
        (
            Audience.PUPILS,
            [7],
            "Hvor mange af alle de andre i 7. klasse ",
            "Hvor mange af dine kammerater i klassen tror du ",
        ),
        (
            Audience.YOUTH,
            [11],
            "Hvor mange af alle de andre unge på din alder ",
            "Hvor mange af dine kammerater på holdet tror du ",
        ),
        (
            Audience.PARENTS,
            [4, 5],
            "Hvor mange af alle de andre forældre til børn i 4. eller 5. klasse ",
            "Hvor mange af de andre forældre i klassen tror du ",
        ),
    ],
)
def test_stems_in_a_file(audience, grades, others, friends):
    assert stems.others_stem(audience, grades) == others
    assert stems.friends_stem(audience) == friends


def test_stems_on_the_phone_name_the_class_at_hand():
    assert (
        stems.ask_others(Audience.PUPILS, 7)
        == "Hvor mange af alle de andre i 7. klasse tror du?"
    )
    assert stems.ask_friends(Audience.YOUTH) == (
        "Hvor mange af dine kammerater på holdet tror du?"
    )


@pytest.mark.parametrize(
    ("act", "recall", "words"),
    [
        ("har vapet", "", "har vapet"),
        ("har vapet", "i dette skoleår", "har vapet i dette skoleår"),
        (
            "har set, at nogen græd",
            "det seneste år",
            "har set, at nogen græd, det seneste år",
        ),
        (
            "har brugt a, b eller c",
            "det seneste år",
            "har brugt a, b eller c det seneste år",
        ),
    ],
)
def test_act_with_its_time(act, recall, words):
    assert stems.timed(act, recall) == words


@pytest.mark.parametrize(
    ("recall", "sixth", "seventh"),
    [
        (Recall.WEEK, "de sidste 7 dage", "de seneste 7 dage"),
        (Recall.MONTH, "de sidste 30 dage", "de seneste 30 dage"),
        (Recall.QUARTER, "de sidste 3 måneder", "de seneste 3 måneder"),
        (Recall.SCHOOL_YEAR, "i dette skoleår", "i dette skoleår"),
        (Recall.YEAR, "det sidste år", "det seneste år"),
        (Recall.NOW, "", ""),
        (Recall.EVER, "", ""),
        (Recall.NONE, "", ""),
    ],
)
def test_time_in_words(recall, sixth, seventh):
    assert stems.recall_text(recall, 6) == sixth
    assert stems.recall_text(recall, 7) == seventh
