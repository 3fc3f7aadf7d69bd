"""The figures as a page and as JSON."""

import datetime
import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.privacy.figure import EXPERIMENT, Figure

INTRODUCTION = """\
# Privacy figures

What was measured of the promises in [privacy.md](privacy.md), and where they do not
hold. Written by `make bench-privacy`; do not edit. Every measurement is a module of
`bench/privacy`, whose first lines say what it does; `tests/test_bench_privacy.py` runs
them small.
"""


def page(figures: Sequence[Figure], day: str, commit: str) -> str:
    """docs/privacy_figures.md."""
    ours = [one for one in figures if not one.name.startswith(EXPERIMENT)]
    tried = [one for one in figures if one.name.startswith(EXPERIMENT)]
    met = [one for one in ours if one.passed is not None]
    failing = sum(not one.passed for one in met)
    parts = [
        INTRODUCTION,
        f"{day}, commit `{commit}`. {_machine()}. ± is one standard error.\n",
        f"Of {len(met)} figures with a target {failing} do not meet it.\n",
        "## Figures\n",
        _table(ours),
    ]
    if tried:
        parts += [
            "\n## Experiments\n",
            "Nothing of this is in the program: it is what the same measures give of "
            "other ways.\n",
            _table(tried),
        ]
    return "\n".join(parts)


def as_json(
    figures: Sequence[Figure], day: str, commit: str, seconds: dict[str, float]
) -> str:
    """The same for a program, with how long each measurement took."""
    whole: dict[str, Any] = {
        "day": day,
        "commit": commit,
        "machine": _machine(),
        "seconds": seconds,
        "figures": [one.as_row() for one in figures],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def today() -> str:
    """The day of the measurement, as ISO date."""
    return datetime.date.today().isoformat()


def commit(root: Path) -> str:
    """The commit that was measured; "-dirty" where files were changed since."""
    words = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        found = subprocess.run(
            words, cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _table(figures: Iterable[Figure]) -> str:
    lines = [
        "| Figure | How | Target | Result | Target met |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in figures:
        name = one.name.removeprefix(EXPERIMENT).strip()
        cells = (name, one.how, one.target, one.value, one.verdict)
        lines.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
