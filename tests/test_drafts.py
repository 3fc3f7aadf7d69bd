"""A set while it is written: what changes with a part, and what follows from it."""

import json
import tomllib
from pathlib import Path

import pytest

from pejling.domain.content import drafts, set_reader
from pejling.domain.content.drafts import ABOUT
from pejling.output import set_file

FOLDER = Path(__file__).parent.parent / "question_sets"
SHIPPED = sorted(one.stem for one in FOLDER.glob("*.toml"))


def shipped(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.fixture
def raw() -> dict:
    return shipped("7a")


def ids(raw: dict) -> list[str]:
    return [one["id"] for one in raw["spoergsmaal"]]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sets_are_as_their_drafts_would_be(name):
    # So what an editor derives is what a person has written, word for word.
    assert json.dumps(drafts.settled(shipped(name))) == json.dumps(shipped(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_set_written_as_a_file_is_read_as_the_same(name):
    raw = shipped(name)
    text = set_file.write(raw)
    assert json.dumps(tomllib.loads(text)) == json.dumps(raw)
    assert set_file.write(tomllib.loads(text)) == text


def test_a_file_keeps_marks_and_letters_of_every_kind():
    raw = shipped("7a") | {"titel": 'Æ "ø" \\ å', "tema": "a\tb… ”c” 🐟"}
    assert tomllib.loads(set_file.write(raw)) == raw


def test_copy_has_an_id_and_a_title_of_its_own(raw):
    copied = drafts.copy_of(raw, "stevns_7a", "Vores fest")
    assert (copied["id"], copied["version"]) == ("stevns_7a", 1)
    assert copied["titel"] == "Vores fest"
    assert copied["spoergsmaal"] == raw["spoergsmaal"]
    assert set_reader.check_set(copied, "")[0] is not None


def test_guesses_follow_the_act_and_its_time(raw):
    changed = drafts.with_part(
        raw, "alkohol_30", {"kort": "har drukket øl", "tid": "uge", "kammerater": True}
    )
    one = changed["spoergsmaal"][2]
    assert one["andre"] == (
        "Hvor mange af alle de andre i 7. klasse har drukket øl de seneste 7 dage?"
    )
    assert one["kammerater"] == (
        "Hvor mange af dine kammerater i klassen tror du har drukket øl de seneste "
        "7 dage?"
    )
    keys = list(one)
    assert keys.index("andre") < keys.index("kammerater") < keys.index("selv")


def test_guesses_follow_the_grade(raw):
    changed = drafts.with_part(raw, ABOUT, {"aargang": [8, 9]})
    assert all(
        one["andre"].startswith("Hvor mange af alle de andre i 8. eller 9. klasse ")
        for one in changed["spoergsmaal"]
    )


def test_class_is_not_guessed_at_where_nobody_asks(raw):
    changed = drafts.with_part(raw, "alkohol_30", {"kammerater": False})
    assert "kammerater" not in changed["spoergsmaal"][2]
    assert drafts.part(changed, "alkohol_30").get("kammerater", False) is False
    again = drafts.with_part(changed, "alkohol_30", {"kammerater": True})
    assert again == raw


def test_highest_sensitivity_follows_from_the_questions(raw):
    changed = drafts.with_part(raw, "alkohol_30", {"foelsomhed": "roed"})
    assert changed["hoejeste_foelsomhed"] == "roed"
    green = raw
    for name in ids(raw):
        values = {"foelsomhed": "groen", "kammerater": True}
        green = drafts.with_part(green, name, values)
    assert green["hoejeste_foelsomhed"] == "groen"


def test_what_may_be_left_out_and_is_empty_is_left_out(raw):
    changed = drafts.with_part(
        raw, "alkohol_30", {"note": "", "indikator": "", "kammerater": True}
    )
    assert "note" not in changed["spoergsmaal"][2]
    assert "indikator" not in changed["spoergsmaal"][2]
    assert "ord" not in drafts.with_part(raw, ABOUT, {"ord": []})


def test_one_part_does_not_change_with_another(raw):
    changed = drafts.with_part(raw, ABOUT, {"aargang": [8], "titel": "Andet"})
    for name in ids(raw):
        assert drafts.part(changed, name) == drafts.part(raw, name)
    other = drafts.with_part(raw, "sang", {"kort": "har danset", "kammerater": True})
    assert drafts.part(other, ABOUT) == drafts.part(raw, ABOUT)
    assert drafts.part(other, "alkohol_30") == drafts.part(raw, "alkohol_30")


def test_a_new_question_stands_before_the_last(raw):
    changed, name = drafts.with_new(raw, "har danset til én fest")
    assert name == "har_danset_til_en_fest"
    assert ids(changed) == [*ids(raw)[:-1], name, ids(raw)[-1]]
    again, second = drafts.with_new(changed, "har danset til én fest")
    assert second == "har_danset_til_en_fest_2"
    assert len(again["spoergsmaal"]) == len(raw["spoergsmaal"]) + 2


def test_a_set_holds_twelve(raw):
    while len(raw["spoergsmaal"]) < 12:
        raw, _ = drafts.with_new(raw, "")
    with pytest.raises(drafts.TooMany):
        drafts.with_new(raw, "én mere")


def test_questions_move_and_go(raw):
    before = ids(raw)
    down = ids(drafts.moved(raw, before[1], 1))
    assert down == [before[0], before[2], before[1], *before[3:]]
    assert ids(drafts.moved(raw, before[0], -1)) == before
    assert ids(drafts.moved(raw, before[-1], 1)) == before
    assert ids(drafts.without(raw, before[1])) == [before[0], *before[2:]]


def test_a_question_that_is_not_there_is_told(raw):
    for change in (
        lambda: drafts.without(raw, "x"),
        lambda: drafts.moved(raw, "x", 1),
        lambda: drafts.with_part(raw, "x", {}),
    ):
        with pytest.raises(drafts.NoSuchTriad):
            change()
    assert drafts.part(raw, "x") is None


def test_ids_are_short_and_free():
    assert drafts.slug("Høje-Taastrup Kommune") == "hoeje_taastrup_kommune"
    assert drafts.slug("…!") == ""
    assert len(drafts.slug("x" * 100)) == 40
    long = "x" * 60
    taken = {long[:40]}
    assert drafts.free_id(long, taken) == "x" * 38 + "_2"
    assert drafts.free_id("a", {"a", "a_2"}) == "a_3"


# --- other languages ------------------------------------------------------------------


def languages_of(raw: dict) -> list[str]:
    """Ids of the questions that are there in English."""
    return [one["id"] for one in raw.get("oversat", [])]


def test_translations_are_carried_along_untouched():
    raw = shipped("f6")
    copied = drafts.copy_of(raw, "stevns_f6", "Vores møde")
    assert copied["oversat"] == raw["oversat"]
    for name in (ABOUT, "fri_skaerm"):
        part = drafts.part(copied, name)
        assert drafts.with_part(copied, name, part) == copied
    noted = drafts.with_part(copied, "fri_skaerm", {"note": "Ny", "kerne": False})
    assert noted["oversat"] == raw["oversat"]
    assert drafts.moved(copied, "fri_skaerm", 2)["oversat"] == raw["oversat"]


def test_a_question_that_asks_something_else_loses_its_translation():
    raw = shipped("f6")
    other = [one for one in languages_of(raw) if one != "fri_skaerm"]
    for change in ({"kort": "har gæster"}, {"selv": "Hvad?"}, {"tid": "uge"}):
        changed = drafts.with_part(raw, "fri_skaerm", change)
        assert languages_of(changed) == other


def test_a_question_that_is_gone_takes_its_translation_along():
    raw = drafts.without(shipped("f6"), "fri_skaerm")
    assert "fri_skaerm" not in languages_of(raw)
    assert [one.rule for one in set_reader.check_set(raw, "")[1]] == []


def test_a_new_question_is_told_to_be_missing_in_english():
    raw, _ = drafts.with_new(shipped("f6"), "har gæster")
    said = [str(one) for one in set_reader.check_set(raw, "")[1]]
    assert any("På en mangler: har gæster." in one for one in said)
