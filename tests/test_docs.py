"""The documentation says what the program does: names, defaults, promises, links."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import test_set_rules

from pejling import config
from pejling.cli import main
from pejling.domain import disclosure
from pejling.domain.content import library, plan_files, set_format
from pejling.domain.content.set_reader import parse_set
from pejling.domain.question_sets import (
    AnswerFormat,
    Direction,
    Facit,
    Fit,
    Kind,
    Recall,
    Sensitivity,
)
from pejling.output import catalogue

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
SOURCES = sorted((ROOT / "pejling").rglob("*.py"))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    """The headings of a page, of all levels, as written."""
    return re.findall(r"^#+ +(.+?) *$", text, re.M)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) +{re.escape(heading)} *$", text, re.M)
    assert found, f"no section {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, without heads and rules, cells stripped."""
    lines = text.splitlines()
    table = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("|") and not after.startswith("| ---")
    ]
    return [cells for cells in table if set("".join(cells)) - set("-: ")]


def code(cell: str) -> str:
    """What stands in backticks."""
    found = re.search(r"`([^`]+)`", cell)
    assert found, f"no name in {cell!r}"
    return found[1]


# --- reading tables -------------------------------------------------------------------


def test_table_is_read_without_head_and_rule():
    text = "| A | B |\n| --- | --- |\n| `x` | 1 |\n| `y` | 2 |\n\nno table"
    assert rows(text) == [["`x`", "1"], ["`y`", "2"]]


def test_section_ends_at_the_next_of_its_level():
    text = "# P\n\n## A\na\n### B\nb\n## C\nc"
    assert section(text, "A").split() == ["a", "###", "B", "b"]


# --- settings -------------------------------------------------------------------------


def settings_rows() -> dict[str, list[str]]:
    table = rows(page("settings.md").partition("\n## ")[0])
    return {code(cells[0]): cells for cells in table}


def test_settings_page_has_exactly_the_settings():
    assert list(settings_rows()) == [one.name for one in config.SETTINGS]


@pytest.mark.parametrize("setting", config.SETTINGS, ids=lambda one: one.name)
def test_setting_is_described_as_in_the_code(setting: config.Setting, tmp_path: Path):
    _, default, meaning, environment, line = settings_rows()[setting.name]
    assert default == (str(setting.default) if setting.default != "" else "empty")
    assert meaning == setting.meaning
    assert code(environment) == f"PEJLING_{setting.name}"
    # The line as it stands in the page is one that the program reads.
    (tmp_path / config.SETTINGS_FILE).write_text(code(line) + "\n")
    read = config.read_settings(tmp_path, environ={})
    assert read[setting.name] != setting.default


# --- commands -------------------------------------------------------------------------


def commands(
    command: click.Command, words: tuple[str, ...] = ("pejling",)
) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, by its full name and arguments."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*words, name))
        return
    arguments = [
        one.human_readable_name if one.required else f"[{one.human_readable_name}]"
        for one in command.params
        if isinstance(one, click.Argument)
    ]
    yield " ".join([*words, *arguments]), command


COMMANDS = dict(commands(main))


def options(command: click.Command) -> dict[str, str]:
    """Option -> its default, as the page writes it."""
    found = {}
    for one in command.params:
        if isinstance(one, click.Option):
            default = one.to_info_dict()["default"]
            if one.is_flag:
                default = "on" if default else "off"
            found[one.opts[0]] = "none" if default is None else str(default)
    return found


def test_commands_page_has_exactly_the_commands():
    described = re.findall(r"^### `(pejling [^`]+)`$", page("commands.md"), re.M)
    assert sorted(described) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_exactly_these_options_and_defaults(name: str):
    table = rows(section(page("commands.md"), f"`{name}`"))
    described = {code(cells[0]): cells[1].strip("`") for cells in table}
    assert described == options(COMMANDS[name])


def test_commands_page_has_exactly_the_make_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony
    helped = re.findall(r"^([a-z-]+):.*## ", makefile, re.M)
    assert set(helped) <= set(phony[1].split())
    described = [code(cells[0]) for cells in rows(section(page("commands.md"), "make"))]
    assert sorted(described) == sorted(f"make {one}" for one in phony[1].split())


# --- question sets --------------------------------------------------------------------


def key_rows(heading: str) -> dict[str, list[str]]:
    table = rows(section(page("question_sets.md"), heading))
    return {code(cells[0]): cells for cells in table}


FORMATS = {
    "The set": set_format.QUESTION_SET,
    "A question": set_format.TRIAD,
    "A plan": plan_files.PLAN,
    "A course": plan_files.COURSE,
}


@pytest.mark.parametrize("heading", FORMATS)
def test_question_sets_page_has_exactly_the_keys(heading: str):
    needed = {one.key: "yes" if one.needed else "no" for one in FORMATS[heading]}
    described = {key: cells[1] for key, cells in key_rows(heading).items()}
    assert list(described.items()) == list(needed.items())


def test_question_sets_page_has_the_table_of_sets():
    # Renewed by `pejling sets table`.
    sets = library.read(config.question_set_folder("")).sets
    table = catalogue.table(sets.values())
    assert f"<!-- table of sets -->\n\n{table}\n<!-- end" in page("question_sets.md")


def test_level_of_each_rule_is_as_the_page_says():
    described = {
        key: cells[1] for key, cells in key_rows("What the checker asks for").items()
    }
    warnings = {key for key, level in described.items() if level == "warning"}
    assert warnings == test_set_rules.WARNINGS


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("art", Kind),
        ("retning", Direction),
        ("foelsomhed", Sensitivity),
        ("tid", Recall),
        ("svar", AnswerFormat),
        ("facit", Facit),
        ("indikator_passer", Fit),
    ],
)
def test_question_sets_page_has_exactly_the_choices(key: str, kind: Any):
    # What follows the list, after a bracket or a semicolon, leads elsewhere.
    listed = re.split(r" \(|;", key_rows("A question")[key][2])[0]
    assert set(re.findall(r"`(\w+)`", listed)) == {one.value for one in kind}


def test_example_of_the_page_is_accepted():
    block = re.search(r"```toml\n(.+?)```", page("question_sets.md"), re.S)
    assert block
    (example,) = tomllib.loads(block[1])["spoergsmaal"]
    good = tomllib.loads(test_set_rules.GOOD)
    good["spoergsmaal"][1] = example
    assert parse_set(good, "proeve.toml").triads[1].id == example["id"]


# --- what the code refers to ----------------------------------------------------------

REFERENCE = re.compile(
    r"docs/(?P<page>[\w-]+\.md)"
    r'(?:, (?:"(?P<quoted>[^"]+)"|(?P<plain>[A-Z][\w ]+)(?=\))))?'
)


def references(text: str) -> list[tuple[str, str]]:
    """Page and section of each reference; "" where none is named."""
    joined = re.sub(r"`(docs/[\w-]+\.md)`", r"\1", re.sub(r"\s+", " ", text))
    return [
        (one["page"], one["quoted"] or one["plain"] or "")
        for one in REFERENCE.finditer(joined)
    ]


def lost(text: str) -> list[tuple[str, str]]:
    """References that lead nowhere."""
    return [
        (name, heading)
        for name, heading in references(text)
        if not (DOCS / name).is_file()
        or (heading and heading not in headings(page(name)))
    ]


def test_reference_is_found_across_lines_and_without_quotes():
    assert references('see docs/a.md,\n    "Two words".') == [("a.md", "Two words")]
    assert references("whom (docs/a.md, Sensitivity).") == [("a.md", "Sensitivity")]
    assert references("(docs/a.md). Then `docs/b.md`.") == [("a.md", ""), ("b.md", "")]
    assert lost("docs/nowhere.md") == [("nowhere.md", "")]
    assert lost('docs/method.md, "Nowhere"') == [("method.md", "Nowhere")]


def test_code_refers_to_pages_and_sections_that_exist():
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    assert any(references(text) for text in texts.values())
    assert {path.name: lost(text) for path, text in texts.items() if lost(text)} == {}


def test_pages_refer_to_sections_that_exist():
    texts = {path.name: path.read_text(encoding="utf-8") for path in PAGES}
    assert {name: lost(text) for name, text in texts.items() if lost(text)} == {}


def test_every_relative_link_leads_to_a_file():
    dead = [
        f"{path.name}: {target}"
        for path in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", target)
        and not (path.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_module_has_its_line_in_the_architecture():
    described = [
        code(cells[0]) for cells in rows(section(page("architecture.md"), "The house"))
    ]
    modules = [
        path.relative_to(ROOT / "pejling").as_posix()
        for path in SOURCES
        if path.name not in ("__init__.py", "__main__.py")
    ]
    assert sorted(described) == modules


def test_every_constant_of_disclosure_stands_among_the_thresholds():
    table = rows(section(page("privacy.md"), "Thresholds"))
    values = {code(cells[0]): cells[1] for cells in table}
    own = ", ".join(f"{one.value} {n}" for one, n in disclosure.MIN_OWN.items())
    constants = {
        name: own if name == "MIN_OWN" else str(value)
        for name, value in vars(disclosure).items()
        if name.isupper()
    }
    assert values == constants


# --- tests -------------------------------------------------------------------------


def known_tests() -> set[str]:
    """Every Python test as "file::name"."""
    return {
        f"{path.relative_to(ROOT / 'tests').as_posix()}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_that_a_page_names_exists():
    existing = known_tests() | {one.partition("::")[0] for one in known_tests()}
    named = {
        (path.name, one.removeprefix("tests/"))
        for path in PAGES
        for one in re.findall(
            r"`([\w/]*test_\w+\.py(?:::\w+)?)`", path.read_text(encoding="utf-8")
        )
    }
    assert named
    assert [one for one in sorted(named) if one[1] not in existing] == []


# --- changelog ------------------------------------------------------------------------


def test_changelog_speaks_to_its_four_readers():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = set(re.findall(r"^### (.+)$", text, re.M))
    assert found == {"For teachers", "For pupils", "Question sets", "For developers"}
