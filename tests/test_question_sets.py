"""Every shipped set obeys the rules, and every fault in a set is named."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import builders
import pytest
from builders import a_set, a_triad
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling import config
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    HONESTY_OPTIONS,
    Direction,
    Meaning,
    Recall,
    Role,
    Sensitivity,
    options_of,
)
from pejling.domain.set_files import (
    InvalidSet,
    parse_set,
    read_folder,
    read_set,
    recall_text,
)

FOLDER = config.question_set_folder("")
SHIPPED = sorted(FOLDER.glob("*.toml"))
by_file = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


# --- the sets that ship ---------------------------------------------------------------


def test_shipped_sets():
    assert {"4a", "6a", "7a", "9a"} <= set(read_folder(FOLDER))


@by_file
def test_shipped_file_is_named_as_its_set(path):
    assert read_set(path).id == path.stem


@by_file
def test_shipped_set_begins_with_the_warm_up_and_ends_on_something_good(path):
    triads = read_set(path).triads
    assert [one.is_warm_up for one in triads] == [True] + [False] * (len(triads) - 1)
    assert triads[-1].direction is Direction.PROTECTIVE


@by_file
def test_shipped_set_has_core_items_for_its_time(path):
    # Without the warm-up: 5 core items in 45 minutes, else 6 to 8.
    questions = read_set(path)
    core = sum(one.core for one in questions.triads if not one.is_warm_up)
    wanted = [5] if questions.duration == "45 min" else [6, 7, 8]
    assert core in wanted
    assert questions.triads[0].core


@by_file
def test_shipped_questions_have_one_sentence_pattern(path):
    questions = read_set(path)
    for triad in questions.triads:
        others = triad.item(Role.OTHERS).text
        act = others.removeprefix(
            f"Hvor mange af alle de andre i {questions.grades[0]}. klasse "
        )
        assert act.startswith(triad.act), others
        friends = triad.item(Role.FRIENDS)
        if friends is not None:
            stem = "Hvor mange af dine kammerater i klassen tror du "
            assert friends.text == stem + act


@by_file
def test_shipped_questions_say_the_same_time_in_all_three(path):
    for triad in read_set(path).triads:
        for item in triad.items:
            if item.role is Role.OWN and triad.own_act != triad.act:
                continue
            assert triad.recall_text in item.text


@by_file
def test_shipped_questions_say_sidste_up_to_6_and_seneste_from_7(path):
    questions = read_set(path)
    wrong = " seneste " if max(questions.grades) <= 6 else " sidste "
    texts = [item.text for triad in questions.triads for item in triad.items]
    assert [text for text in texts if wrong in text] == []


@by_file
def test_shipped_set_talks_about_each_finding(path):
    prompts = read_set(path).prompts
    assert {one.when for one in prompts} == {
        "overdrivelse",
        "overensstemmelse",
        "flere_end_vi_troede",
        "alle",
    }


@by_file
def test_frozen_set_reads_back_as_itself(path):
    questions = read_set(path)
    assert parse_set(json.loads(questions.frozen()), "arkiv") == questions


# --- what a set is made of ------------------------------------------------------------


def test_own_options_end_with_vil_ikke_svare():
    triad = builders.a_question_set().triad("vape")
    assert [(one.code, one.label) for one in triad.options] == [
        (0, "Ja"),
        (1, "Nej"),
        (DECLINED, "Vil ikke svare"),
    ]


@pytest.mark.parametrize(
    ("scale", "yes", "no"),
    [
        ("ja_nej", ["Ja"], ["Nej"]),
        ("hyppighed4", ["1 gang", "2–3 gange", "4 gange eller flere"], ["Nej"]),
        (
            "hyppighed_uge",
            ["1–2 aftener", "3–4 aftener", "5 aftener eller flere"],
            ["Ingen aftener"],
        ),
        ("holdning_ja_nej", ["Ja"], ["Nej", "Ved ikke"]),
    ],
)
def test_any_time_at_all_counts_as_yes(scale, yes, no):
    triads = (builders.WARM_UP, a_triad(svar=scale), builders.PROTECTIVE)
    options = builders.a_question_set(*triads).triad("vape").options
    assert [one.label for one in options if one.meaning is Meaning.YES] == yes
    assert [one.label for one in options if one.meaning is Meaning.NO] == no


def test_pupil_without_the_occasion_counts_as_no():
    triads = (builders.WARM_UP, a_triad(kraever_anledning=True), builders.PROTECTIVE)
    option = builders.a_question_set(*triads).triad("vape").options[-2]
    assert option.label == "Har ikke været i situationen"
    assert (option.code, option.meaning) == (2, Meaning.NO)


def test_honesty_item_asks_about_the_pupil_only():
    assert options_of(HONESTY) == HONESTY_OPTIONS
    assert [one.role for one in HONESTY.items] == [Role.OWN]


def test_options_of_other_items_are_their_own():
    triad = builders.a_question_set().triad("vape")
    assert options_of(triad) == triad.options


def test_item_that_is_not_asked_is_none():
    triads = (builders.WARM_UP, builders.RED, builders.PROTECTIVE)
    questions = builders.a_question_set(*triads, hoejeste_foelsomhed="roed")
    assert questions.triad("hash").item(Role.FRIENDS) is None


def test_set_without_the_triad_says_so():
    with pytest.raises(KeyError, match="findes_ikke"):
        builders.a_question_set().triad("findes_ikke")


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
    assert recall_text(recall, 6) == sixth
    assert recall_text(recall, 7) == seventh


# --- faults ---------------------------------------------------------------------------

Change = Callable[[dict], Any]


def top(**values: Any) -> Change:
    """A set where these keys are different."""
    return lambda raw: raw.update(values)


def without(key: str) -> Change:
    return lambda raw: raw.pop(key)


def second(**values: Any) -> Change:
    """A set whose second question, a yellow risk, is different."""
    return lambda raw: raw["spoergsmaal"][1].update(values)


def second_without(key: str) -> Change:
    return lambda raw: raw["spoergsmaal"][1].pop(key)


def triads(*those: dict) -> Change:
    return lambda raw: raw.update(spoergsmaal=list(those))


def out_of_order(raw: dict) -> None:
    triad = raw["spoergsmaal"][1]
    triad["andre"] = triad.pop("andre")


W, R, A, P = builders.WARM_UP, builders.RISK, builders.ATTITUDE, builders.PROTECTIVE
RED = builders.RED

FAULTS: dict[str, tuple[Change, list[str]]] = {
    "unknown key": (top(titell="x"), ["'titell' findes ikke", "titel"]),
    "unknown key of a question": (
        second(kortt="x"),
        ["spørgsmål 2 (vape)", "'kortt' findes ikke"],
    ),
    "unknown key of a source": (
        top(kilder=[{"kommune": "Vejen", "by": "x"}]),
        ["kilder", "'by' findes ikke", "kommune"],
    ),
    "missing key": (without("titel"), ["'titel' mangler", "Skriv titel ="]),
    "missing version": (without("version"), ["'version' mangler"]),
    "missing questions": (without("spoergsmaal"), ["'spoergsmaal' mangler"]),
    "no question": (top(spoergsmaal=[]), ["'spoergsmaal' er tom", "mindst én"]),
    "no goal": (top(laeringsmaal=[]), ["'laeringsmaal' skal være en liste"]),
    "missing wording of others": (
        second_without("andre"),
        ["spørgsmål 2 (vape)", "'andre' mangler"],
    ),
    "missing wording of friends": (
        second_without("kammerater"),
        ["spørgsmål 2 (vape)", "'kammerater' mangler", "Kun røde"],
    ),
    "missing own wording": (
        second_without("selv"),
        ["spørgsmål 2 (vape)", "'selv' mangler", "Skriv selv ="],
    ),
    "empty wording": (second(selv=" "), ["spørgsmål 2 (vape)", "selv", "er tom"]),
    "triad out of order": (
        out_of_order,
        ["spørgsmål 2 (vape)", "kammerater, selv, andre", "Skriv andre, kammerater"],
    ),
    "other beginning": (
        second(andre="Hvor mange har vapet?"),
        ["'andre' begynder anderledes", "Hvor mange af alle de andre i "],
    ),
    "no question mark": (second(selv="Har du vapet"), ["'selv' slutter uden '?'"]),
    "no time": (
        second(tid="uge"),
        ["spørgsmål 2 (vape)", "nævner ikke tiden", "de seneste 7 dage"],
    ),
    "roed item in 5. årgang": (
        lambda raw: (
            top(aargang=[5], hoejeste_foelsomhed="roed")(raw),
            triads(W, RED, P)(raw),
        ),
        ["spørgsmål 2 (hash)", "5. årgang", "tidligst i 7. årgang"],
    ),
    "roed item in 6. and 7. årgang": (
        lambda raw: (
            top(aargang=[7, 6], hoejeste_foelsomhed="roed")(raw),
            triads(W, RED, P)(raw),
        ),
        ["spørgsmål 2 (hash)", "6. årgang"],
    ),
    "roed item that guesses on the class": (
        triads(W, a_triad(**RED | {"kammerater": R["kammerater"]}), P),
        ["må ikke gætte på klassen", "Slet 'kammerater'"],
    ),
    "roed item that asks for a confession": (
        triads(W, a_triad(**RED | {"svar": "ja_nej"}), P),
        ["må ikke spørge, om eleven selv", "holdning_ja_nej"],
    ),
    "roed item without an attitude of its own": (
        triads(W, a_triad(**RED | {"selv_kort": RED["kort"]}), P),
        ["må ikke spørge, om eleven selv", "selv_kort"],
    ),
    "unknown kind": (second(art="vane"), ["'art' er 'vane'", "adfaerd"]),
    "unknown direction": (second(retning="op"), ["'retning' er 'op'", "risiko"]),
    "unknown sensitivity": (second(foelsomhed="blå"), ["'blå'", "groen, gul, roed"]),
    "unknown time": (second(tid="måned"), ["'tid' er 'måned'", "30dage"]),
    "unknown scale": (second(svar="stjerner"), ["'stjerner'", "hyppighed4"]),
    "unknown occasion for a prompt": (
        top(samtalespoergsmaal=[{"ved": "fest", "tekst": "Hvorfor?"}]),
        ["samtalespoergsmaal", "'ved' er 'fest'", "overensstemmelse"],
    ),
    "neutral kind beside a direction": (
        second(art="neutral"),
        ["'art' og 'retning' passer ikke sammen"],
    ),
    "title too long": (top(titel="x" * 81), ["'titel' er på 81 tegn", "højst 80"]),
    "wording too long": (
        second(selv="x" * 160 + "?"),
        ["spørgsmål 2 (vape)", "161 tegn", "højst 160"],
    ),
    "space at the end": (top(tema="Damp "), ["'tema' har mellemrum i enden"]),
    "line break": (top(tema="Da\nmp"), ["'tema' har usynlige tegn"]),
    "zero width space": (top(tema="Da\u200bmp"), ["'tema' har usynlige tegn"]),
    "text turned around": (top(tema="Da\u202emp"), ["'tema' har usynlige tegn"]),
    "byte order mark": (top(tema="Da\ufeffmp"), ["'tema' har usynlige tegn"]),
    "soft hyphen": (top(tema="Da\u00admp"), ["'tema' har usynlige tegn"]),
    "word joiner": (top(tema="Da\u2060mp"), ["'tema' har usynlige tegn"]),
    "no warm-up": (triads(R, P), ["Opvarmningen skal stå først", "neutral"]),
    "warm-up not first": (triads(R, W, P), ["Opvarmningen skal stå først"]),
    "two warm-ups": (
        triads(W, a_triad(**W | {"id": "hund"}), P),
        ["Opvarmningen skal stå først og alene"],
    ),
    "risk last": (
        triads(W, P, R),
        ["spørgsmål 3 (vape)", "stolt", "beskyttende"],
    ),
    "same id twice": (triads(W, R, R, P), ["id 'vape' står to gange"]),
    "id of the honesty item": (second(id="aerlighed"), ["'aerlighed' er optaget"]),
    "id with a space": (top(id="7 a"), ["'7 a' kan ikke bruges", "a-z, 0-9"]),
    "id of a question in capitals": (second(id="Vape"), ["id 'Vape' kan ikke"]),
    "more than twelve": (
        triads(W, *(a_triad(f"vape{one}") for one in range(11)), P),
        ["Der er 13", "højst 12"],
    ),
    "sensitivity of the set too low": (
        top(hoejeste_foelsomhed="groen"),
        ["hoejeste_foelsomhed", "'groen'", "Skriv 'gul'"],
    ),
    "version 0": (top(version=0), ["0 er ikke en version", "version = 1"]),
    "version that SQLite cannot hold": (top(version=2**63), ["er ikke en version"]),
    "11. årgang": (top(aargang=[11]), ["[11] er ikke årgange", "aargang = [7]"]),
    "no årgang": (top(aargang=[]), ["[] er ikke årgange"]),
}


def refused(raw: dict) -> str:
    with pytest.raises(InvalidSet) as invalid:
        parse_set(raw, "proeve.toml")
    return str(invalid.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_message_names_file_place_and_remedy(fault):
    change, words = FAULTS[fault]
    raw = a_set()
    change(raw)
    message = refused(raw)
    assert message.startswith("proeve.toml")
    assert [word for word in words if word not in message] == [], message


def test_good_set_is_accepted():
    # Without this the table above could pass on a set that is wrong anyway.
    questions = parse_set(a_set(), "proeve.toml")
    assert [one.id for one in questions.triads] == [
        "dyr",
        "vape",
        "ok_at_sige_nej",
        "hjulpet",
    ]
    assert questions.sensitivity is Sensitivity.YELLOW


def test_all_faults_are_told_at_once():
    message = refused(a_set(titel="", varighed=3, version=0))
    assert [word in message for word in ("titel", "varighed", "version")] == [True] * 3


@pytest.mark.parametrize("value", ["", 3, "x" * 200, "x\u200b?"])
def test_message_speaks_of_keys_not_of_code(value):
    raw = a_set()
    second(andre=value)(raw)
    message = refused(raw)
    assert "'andre'" in message
    assert "Role" not in message


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """The path of every value in a set."""
    if path:
        yield path
    inside: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inside = enumerate(value)
    for key, one in inside:
        yield from places(one, (*path, key))


def put(raw: dict, path: tuple, value: Any) -> dict:
    """A copy of a set with one value replaced."""
    changed = copy.deepcopy(raw)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


EVERYTHING = a_set(
    W,
    a_triad(kraever_anledning=True, indikator="vaping", note="Damp."),
    a_triad(**RED),
    P,
    hoejeste_foelsomhed="roed",
)


@pytest.mark.parametrize("path", list(places(EVERYTHING)), ids=str)
def test_wrong_type_is_refused_everywhere(path):
    current: Any = EVERYTHING
    for key in path:
        current = current[key]
    for value in (3, 2.5, True, "ord", [], {}, None):
        if type(value) is not type(current):
            message = refused(put(EVERYTHING, path, value))
            named = [key for key in path if isinstance(key, str)][-1]
            # A question is told by its number.
            named = named.replace("spoergsmaal", "sp")
            assert named in message, (value, message)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*a_set(), *a_triad(), "ved", "tekst", "kommune", "?"]),
            inner,
            max_size=8,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*a_set()]) | st.text(max_size=5), json_like))
def test_any_mapping_is_read_or_refused(raw):
    with pytest.raises(InvalidSet):
        parse_set(raw, "x.toml")


@settings(deadline=None, max_examples=300)
@given(
    path=st.sampled_from(list(places(EVERYTHING))),
    value=json_like | st.lists(st.builds(dict, st.just(R))),
)
def test_any_change_to_a_good_set_is_read_or_refused(path, value):
    try:
        questions = parse_set(put(EVERYTHING, path, value), "x.toml")
    except InvalidSet:
        return
    assert parse_set(json.loads(questions.frozen()), "x.toml") == questions


# --- files ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"titel = uden anf\xc3\xb8rsel", "ikke gyldig TOML"),
        (b"[[spoergsmaal]", "ikke gyldig TOML"),
        (b'titel = "\xe6ble"', "ikke UTF-8"),
        (b"\xff\xfet\x00i\x00", "ikke UTF-8"),
        (b"", "'id' mangler"),
        (b"a = " + b"[" * 20_000, "ikke gyldig TOML"),
        (b"version = " + b"1" * 5_000, "ikke gyldig TOML"),
    ],
    ids=["bare", "broken", "latin1", "utf16", "empty", "deep", "long number"],
)
def test_file_that_is_no_set_is_named(tmp_path, content, words):
    path = tmp_path / "7x.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidSet, match=words) as invalid:
        read_set(path)
    assert str(invalid.value).startswith("7x.toml")


def test_folder_tells_the_faults_of_all_files(tmp_path):
    (tmp_path / "a.toml").write_text("")
    (tmp_path / "b.toml").write_text("x")
    with pytest.raises(InvalidSet) as invalid:
        read_folder(tmp_path)
    assert {one.file for one in invalid.value.problems} == {"a.toml", "b.toml"}


def test_two_files_of_one_id_are_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes(SHIPPED[0].read_bytes())
    with pytest.raises(InvalidSet, match=r"b\.toml, id: Et andet spørgeskema"):
        read_folder(tmp_path)
