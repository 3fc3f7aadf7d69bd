"""What a question set is made of, and that every shipped one is one."""

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import a_triad
from hypothesis import given, settings
from hypothesis import strategies as st

from pejling import config
from pejling.domain import question_sets
from pejling.domain.content import library
from pejling.domain.content.problems import InvalidFile
from pejling.domain.content.set_files import fingerprint, published, read_set
from pejling.domain.content.set_reader import parse_set, thaw
from pejling.domain.grades import GRADES
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY,
    HONESTY_OPTIONS,
    Audience,
    Direction,
    Facit,
    Kind,
    Meaning,
    Role,
    Sensitivity,
    options_of,
)

FOLDER = config.question_set_folder("")
SHIPPED = sorted(FOLDER.glob("*.toml"))
by_file = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


# --- the sets that ship ---------------------------------------------------------------


def test_twenty_six_sets_ship():
    # 2 + 2 + 3 + 3 + 3 + 4 for 4. to 9. årgang, 4 for youth education, 5 for parents.
    names = "4a 4b 5a 5b 6a 6b 6c 7a 7b 7c 8a 8b 8c 9a 9b 9c 9d p1 p2 p3 p4"
    parents = "f45 f6 f7 f8 f9"
    assert [path.stem for path in SHIPPED] == sorted(f"{names} {parents}".split())


@pytest.fixture(scope="module")
def shipped():
    return library.read(FOLDER)


def test_shipped_content_passes_the_checker_without_a_warning(shipped):
    assert "\n".join(map(str, shipped.problems)) == ""
    assert len(shipped.sets) == len(SHIPPED)


def test_shipped_wordings_are_recorded(shipped):
    record = published(FOLDER)
    assert {
        one.id: record.get(one.id, {}).get(str(one.version))
        for one in shipped.sets.values()
    } == {one.id: fingerprint(one) for one in shipped.sets.values()}


def test_every_audience_is_served(shipped):
    served = {
        (one.audience, grade) for one in shipped.sets.values() for grade in one.grades
    }
    assert served == {
        *((Audience.PUPILS, grade) for grade in (4, 5, 6, 7, 8, 9)),
        *((Audience.PARENTS, grade) for grade in (4, 5, 6, 7, 8, 9)),
        (Audience.YOUTH, GRADES[-1]),
    }


@by_file
def test_shipped_file_leads_an_editor_to_its_schema(path):
    assert path.read_text().splitlines()[0] == "#:schema question_set.schema.json"


@by_file
def test_shipped_questions_say_sidste_up_to_6_and_seneste_from_7(path):
    questions = read_set(path)
    young = max(questions.grades) <= 6 and questions.audience is Audience.PUPILS
    wrong = " seneste " if young else " sidste "
    texts = [item.text for triad in questions.triads for item in triad.items]
    # "sidste skoledag" is a day of its own.
    assert [one for one in texts if wrong in one.replace("sidste skoledag", "")] == []


@by_file
def test_own_question_asks_about_the_same_act(path):
    # The act's words return in the pupil's own question, its verb turned to "du":
    # "har vapet" -> "Har du selv vapet". Words of two letters and pronouns may differ.
    for triad in read_set(path).triads:
        own = triad.item(Role.OWN).text.lower()
        act = triad.own_act.lower()
        stems_ = [word.strip(",.?”")[:4] for word in act.split() if len(word) > 5]
        kept = [one for one in stems_ if one in own]
        assert 3 * len(kept) >= 2 * len(stems_), (act, own)


@by_file
def test_shipped_set_can_run_without_ungeprofil(path):
    # Roed items are left out where there is no figure: enough must remain.
    usable = [
        triad
        for triad in read_set(path).triads
        if not triad.is_warm_up and triad.sensitivity is not Sensitivity.RED
    ]
    assert len(usable) >= 5


@by_file
def test_shipped_figure_is_asked_for_where_there_is_one(path):
    for triad in read_set(path).triads:
        assert bool(triad.indicator) == (triad.benchmark is Facit.UNGEPROFIL)
        assert triad.is_warm_up == (triad.benchmark is Facit.NONE)


@by_file
def test_frozen_set_reads_back_as_itself(path):
    questions = read_set(path)
    assert thaw(json.loads(questions.frozen())) == questions


def test_set_frozen_before_there_were_audiences_is_still_read():
    raw = tomllib.loads((FOLDER / "7a.toml").read_text())
    late = ("maalgruppe", "emne", "minutter", "sig", "sig_ikke", "ord")
    old = {key: value for key, value in raw.items() if key not in late}
    triads = [dict(one) for one in raw["spoergsmaal"]]
    for triad in triads:
        if triad["facit"] == "ungeprofil":
            triad["facit"] = "ungeprofil:et_navn"
        triad.pop("indikator_passer", None)
    found = thaw(old | {"spoergsmaal": triads, "varighed": "90 min"})
    now = read_set(FOLDER / "7a.toml")
    assert (found.audience, found.minutes) == (Audience.PUPILS, 90)
    assert [one.benchmark for one in found.triads] == [
        one.benchmark for one in now.triads
    ]
    assert fingerprint(found) == fingerprint(now)


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
    questions = builders.a_question_set(*triads)
    assert questions.triad("hash").item(Role.FRIENDS) is None


def test_set_without_the_triad_says_so():
    with pytest.raises(KeyError, match="findes_ikke"):
        builders.a_question_set().triad("findes_ikke")


@pytest.mark.parametrize(
    ("text", "word", "holds"),
    [
        ("har vapet", "vapet", True),
        ("Har du selv hæleri i tankerne?", "hæleri", True),
        ("har vapet", "vape", False),
        ("en flov besked", "flov besked", True),
        ("har hørt (om) noget", "om", True),
    ],
)
def test_word_stands_in_a_text_as_a_whole(text, word, holds):
    assert question_sets.holds_word(text, word) is holds


def test_pupil_reads_the_words_of_the_triad_at_hand():
    questions = builders.a_question_set(ord=[{"ord": "vapet", "betyder": "Damp."}])
    assert [one.word for one in questions.explained(questions.triad("vape"))] == [
        "vapet"
    ]
    assert questions.explained(questions.triad("hjulpet")) == ()


def test_kinds_of_items():
    questions = builders.a_question_set(
        builders.WARM_UP, builders.RISK, builders.RED, builders.ATTITUDE
    )
    warm_up, risk, red, attitude = questions.triads
    assert [one.is_risk_act for one in questions.triads] == [False, True, True, False]
    assert [one.is_good_or_attitude for one in (warm_up, risk, attitude)] == [
        False,
        False,
        True,
    ]
    assert (risk.asks_own_act, red.asks_own_act) == (True, False)
    assert (red.kind, red.direction) == (Kind.BEHAVIOUR, Direction.RISK)


# --- any mapping at all ---------------------------------------------------------------


GOOD = tomllib.loads((Path(__file__).parent / "data" / "proeve.toml").read_text())


def refused(raw: dict) -> str:
    with pytest.raises(InvalidFile) as invalid:
        parse_set(raw, "proeve.toml")
    return str(invalid.value)


def test_all_faults_are_told_at_once():
    message = refused(GOOD | {"titel": "", "varighed": 3, "version": 0})
    assert [word in message for word in ("titel", "varighed", "version")] == [True] * 3


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


@pytest.mark.parametrize("path", list(places(GOOD)), ids=str)
def test_wrong_type_is_refused_everywhere(path):
    current: Any = GOOD
    for key in path:
        current = current[key]
    for value in (3, 2.5, True, "ord", [], {}, None):
        if type(value) is not type(current):
            message = refused(put(GOOD, path, value))
            named = [key for key in path if isinstance(key, str)][-1]
            # A question is told by its number.
            named = named.replace("spoergsmaal", "sp")
            assert named in message, (value, message)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*GOOD, *a_triad(), "ved", "tekst", "kommune", "?"]),
            inner,
            max_size=8,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD]) | st.text(max_size=5), json_like))
def test_any_mapping_is_read_or_refused(raw):
    with pytest.raises(InvalidFile):
        parse_set(raw, "x.toml")


@settings(deadline=None, max_examples=300)
@given(
    path=st.sampled_from(list(places(GOOD))),
    value=json_like | st.lists(st.just(GOOD["spoergsmaal"][1])),
)
def test_any_change_to_a_good_set_is_read_or_refused(path, value):
    try:
        questions = parse_set(put(GOOD, path, value), "x.toml")
    except InvalidFile:
        return
    assert thaw(json.loads(questions.frozen())) == questions
