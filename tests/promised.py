"""docs/promises.md as data: which tests hold which sentence."""

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "promises.md"


def rows() -> list[tuple[str, str, list[str]]]:
    """Id, sentence in Danish and tests of each row, in order."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            tests = re.findall(r"`([^`]+)`", cells[2])
            found.append((cells[0].strip("`"), cells[1], tests))
    return found


def tests() -> frozenset[str]:
    """Every test that a promise rests on, as "file::name"."""
    return frozenset(test for _, _, named in rows() for test in named)


def rests_on(nodeid: str) -> bool:
    """Whether a promise rests on a test that pytest calls by this id.

    >>> rests_on("tests/test_pupil.py::test_nothing_is_chosen_beforehand[a]")
    True
    """
    return nodeid.removeprefix("tests/").partition("[")[0] in tests()


def judged(nodeid: str, report: Any) -> Any:
    """What pytest reports of a test: failed, where it was skipped and may not be."""
    if report.skipped and rests_on(nodeid):
        report.outcome = "failed"
        report.longrepr = "docs/promises.md rests on this test, and it was skipped"
    return report
