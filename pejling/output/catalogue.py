"""The question sets as one table, for the documentation."""

from collections.abc import Iterable

from pejling.domain.content.set_rules import core_of
from pejling.domain.content.triad_rules import lix_limit, lix_of
from pejling.domain.grades import grades_name
from pejling.domain.question_sets import Audience, QuestionSet, Sensitivity

_HEAD = (
    "Set",
    "Version",
    "For",
    "Theme",
    "Items (core)",
    "Sensitivity",
    "Source",
    "LIX",
)


def table(sets: Iterable[QuestionSet]) -> str:
    """A Markdown table, a line for each set.

    Items are counted without the warm-up; the reading index stands beside its limit.
    """
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    lines += [_line(_cells(one)) for one in sorted(sets, key=_order)]
    return "\n".join(lines) + "\n"


def _order(one: QuestionSet) -> tuple[int, int, str]:
    return (list(Audience).index(one.audience), min(one.grades), one.id)


def _cells(one: QuestionSet) -> list[str]:
    roed = sum(triad.sensitivity is Sensitivity.RED for triad in one.triads)
    whom = grades_name(one.grades)
    if one.audience is Audience.PARENTS:
        whom = f"Forældre, {whom}"
    return [
        f"`{one.id}` {one.title}",
        str(one.version),
        whom,
        one.theme,
        f"{len(one.triads) - 1} ({len(core_of(one))})",
        one.sensitivity.value + (f", {roed} roed" if roed else ""),
        ", ".join(dict.fromkeys(source.kommune for source in one.sources)),
        f"{lix_of(one):.0f} of {lix_limit(one)}",
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
