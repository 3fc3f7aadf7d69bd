"""The layers: who may import whom, and where SQL and pandas may stand."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "pejling").rglob("*.py"))

ALLOWED = {
    "domain": ("pejling.domain",),
    "storage": ("pejling.domain", "pejling.storage"),
    "output": ("pejling.domain", "pejling.output"),
    "results": ("pejling.domain", "pejling.storage"),
    "older": ("pejling.domain", "pejling.storage", "pejling.results"),
    "compared": ("pejling.domain", "pejling.storage", "pejling.results"),
    "config": (),
}
"""Layer -> the parts of pejling that it may import; web, app and cli may use all."""

IMPURE = {"random", "secrets", "time", "datetime", "sqlite3"}
"""Of the standard library what the domain is handed, or has no business with."""

HEAVY = {"authlib", "joserfc", "pandas", "plotly"}
"""Imported where used, so that the server starts fast."""

SQL = re.compile(
    r"\s*(select\s+\S|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s"
    r"|(create|drop|alter)\s+(unique\s+)?(table|index)\s|pragma\s|begin\s+immediate"
    r"|vacuum\s*$)",
    re.IGNORECASE,
)


def layer(path: Path) -> str:
    """The layer of a module, or its own name where it lies at the top."""
    inside = path.parts[path.parts.index("pejling") + 1 :]
    return inside[0] if len(inside) > 1 else path.stem


def imported(node: ast.AST, path: Path) -> list[str]:
    """The full names that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = path.parts[path.parts.index("pejling") : -node.level]
        base = ".".join([*package, *filter(None, [node.module])])
    return [f"{base}.{alias.name}" for alias in node.names]


def starts_with(name: str, parents: tuple[str, ...] | set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in parents)


def import_fault(name: str, where: str) -> str:
    """Why a layer may not import this, or "" where it may."""
    top = name.partition(".")[0]
    if top == "pejling":
        if where in ALLOWED and not starts_with(name, ALLOWED[where]):
            return f"{where} must not import {name}"
    elif where == "domain":
        if top in IMPURE:
            return f"domain must not import {top}: it is handed in"
        if top not in sys.stdlib_module_names | {"pandas"}:
            return f"domain must not import {top}"
    return ""


def at_start(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            todo.extend(node.orelse)
            continue
        todo.extend(ast.iter_child_nodes(node))


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of strings that stand alone: read by people, not by SQLite."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def faults(path: Path, source: str) -> list[str]:
    """What breaks the layers in a module, as "file:line: what"."""
    tree = ast.parse(source)
    where = layer(path)
    found = []
    for node in ast.walk(tree):
        for name in imported(node, path):
            if fault := import_fault(name, where):
                found.append((node.lineno, fault))
        text = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and isinstance(text, str):
            is_said = id(node) in docstrings(tree)
            if where != "storage" and not is_said and SQL.match(text):
                found.append((node.lineno, "SQL belongs to storage"))
    for node in at_start(tree):
        for name in imported(node, path):
            if starts_with(name, HEAVY):
                found.append((node.lineno, f"import {name} where it is used"))
    file = path.relative_to(ROOT) if path.is_absolute() else path
    return [f"{file}:{line}: {what}" for line, what in sorted(found)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_to_its_layer(path):
    found = faults(path, path.read_text(encoding="utf-8"))
    assert not found, "\n" + "\n".join(found)


def test_all_layers_are_looked_at():
    assert {"domain", "storage", "results", "config"} <= {layer(one) for one in MODULES}


@pytest.mark.parametrize(
    ("file", "source", "what"),
    [
        ("domain/a.py", "import flask", "domain must not import flask"),
        ("domain/a.py", "from flask import g", "domain must not import flask"),
        ("domain/a.py", "import sqlite_utils", "domain must not import sqlite_utils"),
        ("domain/a.py", "def f():\n import sqlite3", "domain must not import sqlite3"),
        ("domain/a.py", "from random import choice", "must not import random"),
        ("domain/a.py", "import secrets", "must not import secrets"),
        ("domain/a.py", "import time", "must not import time"),
        ("domain/a.py", "from datetime import date", "must not import datetime"),
        ("domain/a.py", "from pejling import results", "pejling.results"),
        ("domain/a.py", "from pejling.storage import archive", "pejling.storage"),
        ("domain/a.py", "from ..storage import archive", "pejling.storage.archive"),
        ("storage/a.py", "from pejling import config", "pejling.config"),
        ("storage/a.py", "from pejling.output import charts", "pejling.output"),
        ("storage/a.py", "import pejling.web.pupil", "pejling.web.pupil"),
        ("output/a.py", "from pejling.storage import archive", "pejling.storage"),
        ("output/a.py", "from pejling import results", "pejling.results"),
        ("results.py", "from pejling.output import charts", "pejling.output.charts"),
        ("config.py", "from pejling.domain import norms", "pejling.domain.norms"),
        ("web/a.py", "import pandas as pd", "import pandas where it is used"),
        ("web/a.py", "from plotly import io", "import plotly.io where it is used"),
        ("app.py", "try:\n import pandas\nexcept E: pass", "import pandas where"),
        ("app.py", "class A:\n import pandas", "import pandas where"),
        ("web/a.py", "run('select 1')", "SQL belongs to storage"),
        ("web/a.py", "q = '''\n  DELETE FROM seat'''", "SQL belongs to storage"),
        ("web/a.py", "q = f'insert or ignore into {t}'", "SQL belongs to storage"),
        ("results.py", "q = 'update seat set a = 1'", "SQL belongs to storage"),
        ("cli.py", "q = 'pragma user_version'", "SQL belongs to storage"),
    ],
)
def test_breach_is_told_with_file_and_line(file, source, what):
    line = 1 if "\n" not in source or "'''" in source else 2
    (found,) = faults(Path("pejling") / file, source)
    assert found.startswith(f"pejling/{file}:{line}: ")
    assert what in found


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("domain/a.py", "import json\nfrom pejling.domain import norms"),
        ("domain/a.py", "def f():\n import pandas as pd"),
        ("domain/a.py", "from . import norms"),
        ("storage/a.py", "import sqlite3\nfrom pejling.storage import archive"),
        ("storage/a.py", "q = 'select 1'"),
        ("output/a.py", "from pejling.domain import norms"),
        ("results.py", "from pejling.storage import archive"),
        ("web/a.py", "from pejling import results\nfrom pejling.output import charts"),
        ("web/a.py", "def f():\n import plotly"),
        ("web/a.py", "if TYPE_CHECKING:\n import pandas"),
        ("web/a.py", "'''Select a class from a list.'''"),
        ("web/a.py", "word = 'selected'"),
    ],
)
def test_what_is_allowed(file, source):
    assert faults(Path("pejling") / file, source) == []
