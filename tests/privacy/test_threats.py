"""Every threat has a test that is named after it, and none of them is left out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from threats import THREATS

HERE = Path(__file__).parent

LEAVES_OUT = re.compile(r"\b(skip|skipif|xfail|importorskip|skipTest)\b")


def named_after(source: str, threat: str) -> list[str]:
    """The names of the tests in a module that are named after a threat."""
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(f"test_{threat}_")
    ]


def left_out(source: str) -> Iterator[str]:
    """What makes a module, or a test in it, not run or not count, with its line."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.Name):
            names = [node.id]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        if any(LEAVES_OUT.fullmatch(name) for name in names):
            yield f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


MODULES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted(HERE.glob("test_*.py"))
    if path != Path(__file__)
}


@pytest.mark.parametrize("threat", THREATS, ids=lambda one: one.id)
def test_threat_has_its_test(threat):
    found = [name for text in MODULES.values() for name in named_after(text, threat.id)]
    assert found, threat.what


def test_no_test_is_left_out():
    found = {name: list(left_out(text)) for name, text in MODULES.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_numbered_test_names_a_threat_that_there_is():
    known = {one.id for one in THREATS}
    assert len(known) == len(THREATS)
    named = re.findall(r"^def test_([a-h]\d)_", "\n".join(MODULES.values()), re.M)
    assert set(named) == known


@pytest.mark.parametrize(
    "source",
    [
        "@pytest.mark.skip\ndef test_a1_x(): pass",
        "@pytest.mark.xfail(reason='later')\ndef test_a1_x(): pass",
        "@pytest.mark.skipif(True, reason='x')\ndef test_a1_x(): pass",
        "def test_a1_x():\n pytest.skip('no browser')",
        "from pytest import xfail as expected\ndef test_a1_x(): pass",
        "x = pytest.importorskip('x')\ndef test_a1_x(): pass",
        "pytestmark = pytest.mark.skip\ndef test_a1_x(): pass",
        "t = [pytest.param(1, marks=pytest.mark.xfail)]\ndef test_a1_x(): pass",
    ],
)
def test_test_that_is_left_out_is_found(source: str):
    assert len(list(left_out(source))) == 1


def test_only_a_test_of_the_module_counts():
    source = (
        "def test_a1_x(): pass\ndef test_a10_y(): pass\nclass T:\n def test_a1_z(s): 1"
    )
    assert named_after(source, "a1") == ["test_a1_x"]


def test_page_on_privacy_names_every_threat_with_all_its_tests():
    page = (HERE.parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-h]\d) \| (.+?) \| (.+?) \| (.+?) \|$", page, re.M)
    assert [(name, what) for name, what, *_ in rows] == [(*one,) for one in THREATS]
    for name, _, defence, held in rows:
        assert defence
        named = set(re.findall(r"`privacy/\w+\.py::(\w+)`", held))
        there = {test for text in MODULES.values() for test in named_after(text, name)}
        assert named == there
