"""Who may read exact counts: the gate, closing, and the end of a school year.

Everything else gets its numbers from ``results``, coded. Read out of the source, so
that a page that asks for itself is named with its line.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "pejling").rglob("*.py"))

READERS = {
    "counters": {"results.py", "storage/closing.py", "storage/year_end.py"},
    "shown_warm_up": {"results.py", "storage/closing.py"},
}
"""Function of ``archive`` or ``ballot_box`` -> who may call it."""

TABLES = {"storage/archive.py", "storage/ballot_box.py", "storage/migrations.py"}
"""Whose SQL may name a table of counts."""

NAMES_A_TABLE = re.compile(
    r"\b(from|join|into|update|table|exists)\s+(new_)?(counter|tally|shown)\b",
    re.IGNORECASE,
)


def faults(name: str, source: str) -> list[str]:
    """What a module asks that it may not, as "file:line: what"."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for asked in READERS.keys() & _names(node):
            if name not in READERS[asked]:
                found.append((node.lineno, f"{asked} is for the gate"))
        text = getattr(node, "value", None)
        is_text = isinstance(node, ast.Constant) and isinstance(text, str)
        if is_text and name not in TABLES and NAMES_A_TABLE.search(text):
            found.append((node.lineno, "a table of counts"))
    return [f"{name}:{line}: {what}" for line, what in sorted(found)]


def _names(node: ast.AST) -> set[str]:
    """The names that a node takes from elsewhere, spelled out or as a text."""
    if isinstance(node, ast.Attribute):
        return {node.attr}
    if isinstance(node, ast.ImportFrom):
        return {alias.name for alias in node.names}
    is_getattr = isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr"
    if is_getattr and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        return {str(node.args[1].value)}
    return set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_takes_its_numbers_from_the_gate(path: Path):
    name = path.relative_to(ROOT / "pejling").as_posix()
    assert faults(name, path.read_text(encoding="utf-8")) == []


def test_those_who_may_ask_do():
    # A name in the list that nobody uses would hide one who comes later.
    for asked, readers in READERS.items():
        for name in readers:
            tree = ast.parse((ROOT / "pejling" / name).read_text(encoding="utf-8"))
            assert any(asked in _names(node) for node in ast.walk(tree)), name


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("web/a.py", "archive.counters(db, s)"),
        ("web/a.py", "get = ballot_box.counters"),
        ("web/a.py", "from pejling.storage.archive import counters"),
        ("web/a.py", "import pejling.storage.archive as a\na.counters(db, s)"),
        ("web/a.py", "getattr(archive, 'counters')(db, s)"),
        ("web/a.py", "ballot_box.shown_warm_up(db, s)"),
        ("output/a.py", "db.execute('select n from counter where session = ?')"),
        ("output/a.py", "db.execute(f'select n from {x} join counter using (s)')"),
        ("cli.py", "db.execute('''\n  SELECT * FROM Counter''')"),
        ("storage/pools.py", "q = 'insert into counter values (1)'"),
        ("storage/year_end.py", "ballot_box.shown_warm_up(db, s)"),
    ],
)
def test_who_asks_for_exact_counts_is_named(name: str, source: str):
    (found,) = faults(name, source)
    assert found.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("results.py", "archive.counters(db, s)"),
        ("storage/closing.py", "ballot_box.counters(db, s, t)"),
        ("web/a.py", "results.of_session(stores, session)"),
        ("web/a.py", "'a counter from nobody'"),
        ("storage/archive.py", "q = 'select n from counter'"),
    ],
)
def test_who_may_ask_is_not_named(name: str, source: str):
    assert faults(name, source) == []
