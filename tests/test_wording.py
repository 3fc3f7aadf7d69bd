"""The sentences, word by word."""

from dataclasses import replace

import builders
import pytest

from pejling.domain import elsewhere, wording
from pejling.domain.benchmarks import Level, shipped
from pejling.domain.disclosure import Withheld, code_ends
from pejling.domain.findings import Branch, Finding, classify
from pejling.domain.norms import Norms, Shares, summarise
from pejling.domain.question_sets import Direction, Fit

RISK, PROTECTIVE, SHARED, NEUTRAL = Direction


def headline(norms: Norms, direction: Direction) -> str:
    return wording.headline(norms, classify(norms, direction, 24))


@pytest.mark.parametrize(
    ("direction", "actual", "guess", "sentence"),
    [
        # 24 - 7 = 17 did not say yes.
        (RISK, 7, 12, "I gættede på 12. 17 ud af 24 svarede ikke ja."),
        # 0 to 2 are one: at least 22 did not say yes.
        (RISK, 0, 8.5, "I gættede på 8,5. Mindst 22 ud af 24 svarede ikke ja."),
        (
            RISK,
            7,
            8,
            "I gættede på 8, og 7 ud af 24 svarede ja. Her kender I hinanden godt.",
        ),
        (
            RISK,
            1,
            2,
            "I gættede på 2, og højst 2 ud af 24 svarede ja."
            " Her kender I hinanden godt.",
        ),
        (RISK, 15, 8, "I gættede på 8. 15 ud af 24 svarede ja."),
        (RISK, 10, 5, "I gættede på 5. 10 ud af 24 svarede ja."),
        (PROTECTIVE, 1, 8, "I gættede på 8. Højst 2 ud af 24 svarede ja."),
        (
            PROTECTIVE,
            18,
            12,
            "I gættede på 12. 18 ud af 24 svarede ja – flere, end I troede.",
        ),
        (
            PROTECTIVE,
            23,
            12,
            "I gættede på 12. Mindst 22 ud af 24 svarede ja – flere, end I troede.",
        ),
        (
            SHARED,
            9,
            4,
            "I gættede på 4. 9 ud af 24 svarede ja – flere, end I troede.",
        ),
        (NEUTRAL, 23, 24, "I gættede på 24, og mindst 22 ud af 24 svarede ja. Her"),
    ],
)
def test_headline(direction, actual, guess, sentence):
    assert headline(builders.norms(actual, guess), direction).startswith(sentence)


def test_guess_names_its_denominator_where_some_are_missing():
    norms = summarise(builders.own(yes=4, no=16), {10: 20}, present=25)
    assert headline(norms, RISK) == (
        "I gættede på 10 ud af 25. 16 ud af 20 svarede ikke ja."
    )


@pytest.mark.parametrize(
    ("actual", "words", "others"),
    [
        (0, "højst 2 ud af 24", "mindst 22 ud af 24"),
        (2, "højst 2 ud af 24", "mindst 22 ud af 24"),
        (3, "3 ud af 24", "21 ud af 24"),
        (21, "21 ud af 24", "3 ud af 24"),
        (22, "mindst 22 ud af 24", "højst 2 ud af 24"),
        (24, "mindst 22 ud af 24", "højst 2 ud af 24"),
    ],
)
def test_count_and_its_rest_are_coded_alike(actual, words, others):
    assert wording.out_of(code_ends(actual, 24)) == words
    assert wording.not_yes(code_ends(actual, 24)) == others


@pytest.mark.parametrize(
    ("actual", "sentence"),
    [
        (1, "Mindst 22 ud af 24 svarede ikke ja."),
        (11, "13 ud af 24 svarede ikke ja."),
        (12, "12 ud af 24 svarede ja."),
        (13, "13 ud af 24 svarede ja."),
        (24, "Mindst 22 ud af 24 svarede ja."),
    ],
)
def test_attitude_is_told_from_the_majority(actual, sentence):
    assert wording.alone(code_ends(actual, 24), Direction.RISK) == sentence


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        (Shares(16, 8, 0), "16 ud af 24 gættede for højt."),
        (Shares(4, 16, 4), "16 ud af 24 gættede næsten rigtigt."),
        (Shares(0, 8, 16), "16 ud af 24 gættede for lavt."),
        (Shares(12, 12, 0), "12 ud af 24 gættede for højt."),
        (Shares(0, 12, 12), "12 ud af 24 gættede næsten rigtigt."),
    ],
)
def test_largest_group_of_guesses_is_told(shares, sentence):
    assert wording.how_guesses_fell(shares) == sentence


@pytest.mark.parametrize(
    ("value", "words"), [(8.0, "8"), (8.5, "8,5"), (0.0, "0"), (119.5, "119,5")]
)
def test_numbers_are_danish(value, words):
    assert wording.number(value) == words


@pytest.mark.parametrize(
    ("shown", "seats", "words"),
    [
        (0, 24, "I er i gang"),
        (5, 24, "Mindst 5 af 24 har svaret"),
        (24, 24, "Alle har svaret"),
        (0, 0, "I er i gang"),
    ],
)
def test_progress_in_words(shown, seats, words):
    assert wording.progress(shown, seats) == words


@pytest.mark.parametrize(
    ("act", "recall", "question"),
    [
        ("har vapet", "", "Hvor mange i klassen har vapet?"),
        (
            "har vapet",
            "de seneste 30 dage",
            "Hvor mange i klassen har vapet de seneste 30 dage?",
        ),
        (
            "har drukket mere, end de havde lyst til",
            "det seneste år",
            "Hvor mange i klassen har drukket mere, end de havde lyst til,"
            " det seneste år?",
        ),
    ],
)
def test_question_about_the_class(act, recall, question):
    assert wording.question(act, recall) == question


def test_withheld_says_what_it_takes():
    assert wording.withheld(Withheld(10)) == "Vises ikke: der skal mindst 10 svar til."


def test_too_few_in_the_room_is_said_with_both_numbers():
    said = wording.NOT_ENOUGH.format(answered=15, present=24)
    assert said.startswith("Mange mangler: 15 ud af 24 har svaret.")


@pytest.mark.parametrize("branch", Branch)
def test_every_branch_has_a_name_and_advice(branch):
    assert wording.BRANCH_NAMES[branch]
    assert wording.ADVICE[branch].endswith((".", "?"))


def all_sentences() -> list[str]:
    said = [*wording.ADVICE.values(), *wording.BRANCH_NAMES.values()]
    said += [wording.TOO_FEW, wording.NOT_ENOUGH, wording.withheld(Withheld(10))]
    for actual in range(25):
        norms = builders.norms(actual, 8.5)
        said += [wording.alone(norms.actual, one) for one in Direction]
        said += [
            wording.headline(norms, Finding(branch, False, enough=True))
            for branch in Branch
        ]
    return said


@pytest.mark.parametrize("word", ["!", "forkert", "desværre", "normal", "burde"])
def test_nobody_is_shouted_at_or_told_off(word):
    assert [said for said in all_sentences() if word in said] == []


def test_sentences_begin_with_a_capital_and_end_with_a_stop():
    for actual in range(25):
        for guess in (0, 8.5, 24):
            norms = builders.norms(actual, guess)
            for direction in Direction:
                said = headline(norms, direction)
                assert said[0].isupper()
                assert said[-1] == "."


# --- elsewhere ------------------------------------------------------------------------


def beside(yes: int = 12, **changes):
    triad = replace(
        builders.a_question_set().triad("vape"), indicator="alcohol_drunk_last_30d"
    )
    figure = replace(
        shipped()[0],
        **{"percent": 40.0, "source": "ESPAD 2019", "population": "9. klasse"}
        | {"caveat": "", "year": 2019}
        | changes,
    )
    own = code_ends(yes, 24)
    return elsewhere.beside(triad, own, figure)


def test_figure_in_words_as_the_method_writes_it():
    found = beside()
    assert wording.elsewhere(found) == (
        "På landsplan var det 40 ud af 100 i 2019.",
        "I en klasse på 24 svarer det til cirka 10.",
    )
    assert wording.elsewhere_note(found) == (
        "De fleste klasser ligger mellem 5 og 14. I ligger på niveau. "
        "Kilde: ESPAD 2019, 9. klasse."
    )
    assert "højere end de fleste" in wording.elsewhere_note(beside(20))
    assert "lavere end de fleste" in wording.elsewhere_note(beside(3))


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"level": Level.KOMMUNE, "area": "Stevns"}, "I Stevns var det"),
        ({"level": Level.KOMMUNE, "area": "Thisted Kommune"}, "I Thisted Kommune var"),
        ({"level": Level.REGION, "area": "Region Sjælland"}, "I Region Sjælland var"),
        ({"level": Level.REGION, "area": "Midtjylland"}, "I Region Midtjylland var"),
        ({"percent": 12.5}, "På landsplan var det 13 ud af 100"),
        ({"percent": 99.7}, "På landsplan var det flere end 99 ud af 100"),
        ({"percent": 0.4, "is_rounded": True}, "På landsplan var det færre end 1 ud"),
        ({"level": Level.SCHOOL, "area": "Åskolen"}, "På Åskolen var det"),
        ({"source": "Ungeprofilen 2023"}, "I de kommuner, der deltog, var det"),
        ({"is_rounded": True}, "På landsplan var det omkring 40 ud af"),
        ({"percent": 0.4}, "På landsplan var det færre end 1 ud af 100"),
        ({"percent": 0.0}, "På landsplan var det 0 ud af 100"),
    ],
)
def test_where_and_how_many(changes, begins):
    assert wording.elsewhere(beside(**changes))[0].startswith(begins)


def test_less_than_one_pupil_and_a_range_of_one():
    assert wording.elsewhere(beside(percent=1.0))[1].endswith("til færre end 1.")
    assert "ligger på 0." in wording.elsewhere_note(beside(percent=0.0))


def test_difference_in_wording_and_caveat_stand_with_the_source():
    found = beside(match=Fit.CLOSE, caveat="kun 81 skoler", source="Rapport.")
    assert wording.source(found).endswith(
        "Kilde: Rapport, 9. klasse. Spurgt lidt anderledes. Kun 81 skoler."
    )
