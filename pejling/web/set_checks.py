"""What the checker says of a draft, as its editor's pages show it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from pejling.domain.content.page_words import ORDER, Remark, remarks
from pejling.domain.content.set_reader import check_set, thaw
from pejling.domain.curriculum import TOPIC_NAMES
from pejling.storage import own_sets
from pejling.storage.own_sets import OwnSet
from pejling.web.context import get_stores, question_sets

SENSITIVITY = {"groen": "grøn", "gul": "gul", "roed": "rød"}


def remarks_on(raw: Mapping[str, Any]) -> list[Remark]:
    """Every fault and warning of a draft, in a page's words."""
    _, problems = check_set(raw, "")
    return remarks(problems, {one["id"]: one["kort"] for one in raw["spoergsmaal"]})


def faults(raw: Mapping[str, Any]) -> list[Remark]:
    """What keeps a draft from being published."""
    return [one for one in remarks_on(raw) if one.is_error]


def by_field(found: Sequence[Remark], place: int | None) -> dict[str, list[Remark]]:
    """Field -> what is said of it, for one triad or for the rest of the set."""
    fields: dict[str, list[Remark]] = {}
    for one in found:
        if one.place == place:
            fields.setdefault(one.field, []).append(one)
    return fields


def page(own: OwnSet, *, refused: bool = False, overtaken: bool = False) -> str:
    """A draft as a whole: its state, its questions in order, what is to be mended.

    :param refused: whether it was to be published and may not be.
    :param overtaken: whether somebody else saved it in the meantime.
    """
    found = remarks_on(own.raw)
    questions = thaw(own.raw)
    return render_template(
        "own_sets/set.html",
        own=own,
        questions=questions,
        source=question_sets().get(own.source),
        triads=list(enumerate(questions.triads)),
        whole=by_field(found, None).get(ORDER, []),
        about=[one for one in found if one.place is None and one.field != ORDER],
        of_triad=lambda place: [one for one in found if one.place == place],
        faults=[one for one in found if one.is_error],
        refused=refused,
        overtaken=overtaken,
        is_published="udgivet" in request.args and not own.has_news,
        revisions=own_sets.revisions(get_stores().archive, own.id),
        topic_names=TOPIC_NAMES,
        sensitivity=SENSITIVITY,
    )
