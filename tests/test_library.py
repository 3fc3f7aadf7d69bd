"""A folder of sets and plans: the good ones are used, the others told."""

import json
import os
import shutil
from pathlib import Path

import builders
import pytest
from test_curriculum import PLAN
from test_set_rules import GOOD

from pejling import config
from pejling.app import create_app
from pejling.domain.content import library, set_files
from pejling.domain.content.problems import InvalidFile

FOLDER = config.question_set_folder("")


@pytest.fixture
def folder(tmp_path):
    """A folder with one good set and one good plan."""
    made = tmp_path / "sets"
    (made / "plans").mkdir(parents=True)
    (made / "proeve.toml").write_text(GOOD, encoding="utf-8")
    (made / "plans" / "by.toml").write_text(PLAN, encoding="utf-8")
    return made


def rules(read: library.Library) -> set[tuple[str, str]]:
    return {(one.file, one.rule) for one in read.problems}


def test_good_folder(folder):
    read = library.read(folder)
    assert (list(read.sets), list(read.plans)) == (["proeve"], ["by"])
    assert read.problems == ()


@pytest.mark.parametrize(
    ("name", "body", "rule"),
    [
        ("a.toml", b"titel = uden", "syntax"),
        ("a.toml", b"[[spoergsmaal]", "syntax"),
        ("a.toml", b'titel = "\xe6ble"', "encoding"),
        ("a.toml", b"\xff\xfet\x00i\x00", "encoding"),
        ("a.toml", b"", "missing-key"),
        ("a.toml", b"a = " + b"[\n" * 20_000, "syntax"),
        ("a.toml", b"a." * 20_000 + b"a = 1", "too-large"),
        ("a.toml", b"version = " + b"1" * 4_900, "syntax"),
        ("a.toml", b"version = 0x" + b"f" * 4_900, "choice"),
        ("a.toml", b"version = 2026-11-24", "choice"),
        ("a.toml", b"#" * 10_000_000, "too-large"),
        ("b.toml", GOOD.encode(), "file-name"),
        ("plans/a.toml", b"titel = uden", "syntax"),
        ("plans/a.toml", b"", "missing-key"),
        ("plans/b.toml", PLAN.encode(), "file-name"),
    ],
)
def test_bad_file_is_left_out_and_told(folder, name, body, rule):
    (folder / name).write_bytes(body)
    read = library.read(folder)
    assert (list(read.sets), list(read.plans)) == (["proeve"], ["by"])
    assert (Path(name).name, rule) in rules(read)


@pytest.mark.parametrize("name", ["pipe.toml", "plans/pipe.toml", "versions.json"])
def test_pipe_is_told_and_hangs_nothing(folder, name):
    os.mkfifo(folder / name)
    read = library.read(folder)
    assert (Path(name).name, "unreadable") in rules(read)
    assert list(read.sets) == ["proeve"]


def test_device_is_no_file(folder):
    (folder / "z.toml").symlink_to("/dev/zero")
    assert ("z.toml", "unreadable") in rules(library.read(folder))


def test_link_that_leads_nowhere_or_to_itself_is_told(folder):
    (folder / "a.toml").symlink_to("nix.toml")
    (folder / "b.toml").symlink_to("b.toml")
    assert {("a.toml", "unreadable"), ("b.toml", "unreadable")} <= rules(
        library.read(folder)
    )


def test_editors_own_files_are_no_sets(folder):
    (folder / ".#proeve.toml").symlink_to("nobody@nowhere")
    (folder / "._proeve.toml").write_bytes(b"\x00\x05\x16\x07")
    assert library.read(folder).problems == ()


def test_name_that_is_no_text_can_still_be_shown(folder):
    # As an archive packed elsewhere leaves it.
    (folder / os.fsdecode(b"\xe6ble.toml")).write_text("x")
    (problem,) = library.read(folder).problems
    assert str(problem).encode()
    assert json.dumps(problem.as_json())


def test_plans_that_are_no_folder_cost_no_set(folder):
    shutil.rmtree(folder / "plans")
    (folder / "plans").write_text("")
    read = library.read(folder)
    assert rules(read) == {("plans", "unreadable")}
    assert list(read.sets) == ["proeve"]


def test_set_that_does_not_fit_is_left_out_of_the_plan(folder):
    text = PLAN.replace("aargang = [7]", "aargang = [8]", 1)
    (folder / "plans" / "by.toml").write_text(text)
    read = library.read(folder)
    (problem,) = read.problems
    assert text.split("\n")[problem.line - 1].startswith("saet =")
    course = read.plans["by"].courses[0]
    assert (course.set_ids, course.left_out) == ((), ("proeve",))


def test_deep_record_of_versions_is_told(folder):
    (folder / "versions.json").write_text("[\n" * 100_000)
    assert rules(library.read(folder)) == {("versions.json", "syntax")}


def test_folder_named_like_a_file_is_told(folder):
    (folder / "mappe.toml").mkdir()
    read = library.read(folder)
    assert ("mappe.toml", "unreadable") in rules(read)
    assert list(read.sets) == ["proeve"]


def test_two_files_cannot_have_one_id(folder):
    (folder / "kopi.toml").write_text(GOOD)
    read = library.read(folder)
    assert list(read.sets) == ["proeve"]
    assert rules(read) == {("kopi.toml", "file-name")}


def test_syntax_error_tells_line_and_column(folder):
    (folder / "a.toml").write_text('id = "a"\ntitel = "En" prøve\n', encoding="utf-8")
    (problem,) = library.read(folder).problems
    assert (problem.line, problem.column) == (2, 14)
    assert str(problem).startswith("a.toml, linje 2, tegn 14: Filen er ikke gyldig")


@pytest.mark.parametrize("set_id", ["mangler", "../proeve"])
def test_plan_that_names_no_set_is_told(folder, set_id):
    (folder / "plans" / "by.toml").write_text(PLAN.replace('"proeve"', f'"{set_id}"'))
    read = library.read(folder)
    words = "\n".join(map(str, read.errors))
    assert repr(set_id) in words
    if set_id == "mangler":
        # The rest of the plan still holds.
        (course, _) = read.plans["by"].courses
        assert (course.set_ids, course.left_out) == ((), ("mangler",))
        assert rules(read) == {("by.toml", "plan-set")}
    else:
        assert read.plans == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("aargang = [7]", "aargang = [8]", "'proeve' er ikke til 8. årgang"),
        ("saet = []\n", 'saet = ["proeve"]\n', "hører til den anden slags møde"),
    ],
)
def test_plan_with_a_set_in_the_wrong_place_is_told(folder, old, new, words):
    (folder / "plans" / "by.toml").write_text(PLAN.replace(old, new, 1))
    assert words in "\n".join(map(str, library.read(folder).errors))


def test_parents_guess_only_at_what_pupils_were_asked():
    read = library.read(FOLDER)
    guessed = [pair for one in read.sets.values() for pair in one.parents_guess]
    assert guessed
    for set_id, triad_id in guessed:
        assert read.sets[set_id].triad(triad_id).sensitivity != "roed"


# --- versions -------------------------------------------------------------------------


def test_published_wording_cannot_change_unnoticed(folder):
    assert set_files.publish(folder, library.read(folder).sets) == ["proeve version 1"]
    changed = GOOD.replace("har vapet", "har dampet").replace(
        "selv vapet", "selv dampet"
    )
    changed = changed.replace('ord = "vapet"', 'ord = "dampet"')
    (folder / "proeve.toml").write_text(changed)
    read = library.read(folder)
    assert rules(read) == {("proeve.toml", "version")}
    assert list(read.sets) == []
    (folder / "proeve.toml").write_text(changed.replace("version = 1", "version = 2"))
    read = library.read(folder)
    assert read.problems == ()
    assert set_files.publish(folder, read.sets) == ["proeve version 2"]
    assert sorted(json.loads((folder / "versions.json").read_text())["proeve"]) == [
        "1",
        "2",
    ]


def test_teachers_words_may_change_within_a_version(folder):
    set_files.publish(folder, library.read(folder).sets)
    (folder / "proeve.toml").write_text(GOOD.replace("En prøve", "En anden prøve"))
    assert library.read(folder).problems == ()


def test_publishing_again_changes_nothing(folder):
    sets = library.read(folder).sets
    set_files.publish(folder, sets)
    before = (folder / "versions.json").read_bytes()
    assert set_files.publish(folder, sets) == []
    assert (folder / "versions.json").read_bytes() == before


def test_changed_wording_is_not_published(folder):
    sets = library.read(folder).sets
    set_files.publish(folder, sets)
    other = builders.a_question_set(id="proeve")
    with pytest.raises(InvalidFile, match="Skriv version = 2"):
        set_files.publish(folder, {"proeve": other})


@pytest.mark.parametrize("body", ["{", "[]", '{"proeve": 3}'])
def test_broken_record_of_versions_is_told(folder, body):
    (folder / "versions.json").write_text(body)
    read = library.read(folder)
    assert rules(read) == {("versions.json", "syntax")}
    assert list(read.sets) == ["proeve"]


def test_set_that_was_used_with_other_words_is_left_out(tmp_path, folder):
    data = tmp_path / "data"
    with builders.open_stores(data) as stores:
        builders.open_class(
            stores, questions=set_files.read_set(folder / "proeve.toml")
        )
    changed = GOOD.replace("har vapet", "har dampet").replace(
        "selv vapet", "selv dampet"
    )
    changed = changed.replace('ord = "vapet"', 'ord = "dampet"')
    (folder / "proeve.toml").write_text(changed)
    found = create_app(data, QUESTION_SETS=str(folder)).config["LIBRARY"]
    assert list(found.sets) == []
    assert "Skriv version = 2" in str(found.problems[0])
    assert found.plans["by"].courses[0].left_out == ("proeve",)


def test_set_that_was_used_with_these_words_is_offered(tmp_path, folder):
    data = tmp_path / "data"
    with builders.open_stores(data) as stores:
        builders.open_class(
            stores, questions=set_files.read_set(folder / "proeve.toml")
        )
    found = create_app(data, QUESTION_SETS=str(folder)).config["LIBRARY"]
    assert list(found.sets) == ["proeve"]
    assert found.problems == ()


# --- the server -----------------------------------------------------------------------


def test_server_starts_without_any_good_set(tmp_path):
    empty = tmp_path / "sets"
    empty.mkdir()
    (empty / "a.toml").write_text("x")
    found = create_app(tmp_path / "data", QUESTION_SETS=str(empty)).config["LIBRARY"]
    assert found.sets == {}
    assert len(found.errors) == 1


def test_folder_that_is_none_is_a_bad_setting(tmp_path):
    with pytest.raises(config.BadSetting, match="not a folder"):
        create_app(tmp_path, QUESTION_SETS=str(tmp_path / "mangler"))


def test_symbolic_link_is_read_as_the_file_it_leads_to(folder, tmp_path):
    # Mounted configuration comes as links.
    real = tmp_path / "real.toml"
    os.replace(folder / "proeve.toml", real)
    (folder / "proeve.toml").symlink_to(real)
    assert list(library.read(folder).sets) == ["proeve"]
