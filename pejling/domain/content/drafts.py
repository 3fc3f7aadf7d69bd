"""A question set while it is being written: what its editor changes, piece by piece.

A draft is the mapping that a set's file holds (:mod:`set_format`), with every key of
the right type; its words may still break rules. What follows from other keys is never
typed: the sentences about the others and the class, and the highest sensitivity.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pejling.domain import stems
from pejling.domain.content.set_format import (
    MOST_TRIADS,
    QUESTION_SET,
    SOURCE,
    TRANSLATION,
    TRIAD,
)
from pejling.domain.content.set_reader import thaw
from pejling.domain.content.shape import Field
from pejling.domain.question_sets import (
    AnswerFormat,
    Direction,
    Facit,
    Kind,
    Recall,
    Role,
    Sensitivity,
)

Raw = dict[str, Any]
"""Key -> value, as the set's file has them."""

ABOUT = "om"
"""The part of a draft that is not a triad: its title, words, prompts, sources."""

_ASKED = ("kort", "selv", "selv_kort", "tid", "svar", "kraever_anledning")
"""What a translation says in another language: changed, it says something else."""

_LEVELS = [one.value for one in Sensitivity]
_LONGEST_ID = 40
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u"})


class NoSuchTriad(LookupError):
    """The draft has no triad of this id."""


class TooMany(ValueError):
    """A set holds at most :data:`MOST_TRIADS` triads."""


def copy_of(raw: Mapping[str, Any], set_id: str, title: str) -> Raw:
    """A draft of a set's words under another id and title, as version 1."""
    return settled({**raw, "id": set_id, "version": 1, "titel": title})


def settled(raw: Mapping[str, Any]) -> Raw:
    """The draft in the order of the format, with all that follows from other keys."""
    read = thaw(raw)
    triads = []
    for values, triad in zip(raw["spoergsmaal"], read.triads, strict=True):
        asked = f"{stems.timed(triad.act, triad.recall_text)}?"
        sentences = {
            Role.OTHERS: stems.others_stem(read.audience, read.grades) + asked,
            Role.FRIENDS: stems.friends_stem(read.audience) + asked,
        }
        guesses = {
            role.value: text
            for role, text in sentences.items()
            if role is Role.OTHERS or role.value in values
        }
        triads.append(_ordered({**values, **guesses}, TRIAD))
    levels = [one.sensitivity.value for one in read.triads] or [_LEVELS[0]]
    highest = max(levels, key=_LEVELS.index)
    sources = [_ordered(one, SOURCE) for one in raw["kilder"]]
    ids = {one["id"] for one in triads}
    derived = {
        "spoergsmaal": triads,
        "kilder": sources,
        "hoejeste_foelsomhed": highest,
        "oversat": [
            _ordered(one, TRANSLATION)
            for one in raw.get("oversat", [])
            if one["id"] in ids
        ],
    }
    return _ordered({**raw, **derived}, QUESTION_SET)


def _ordered(values: Mapping[str, Any], fields: Sequence[Field]) -> Raw:
    """The keys in their order; what may be left out and is empty, left out."""
    return {
        one.key: values[one.key]
        for one in fields
        if one.key in values and (one.needed or not _is_empty(values[one.key]))
    }


def _is_empty(value: Any) -> bool:
    return value is False or value == "" or value == []


# --- its parts ------------------------------------------------------------------------


def part(raw: Mapping[str, Any], name: str) -> Raw | None:
    """A part as it stands: :data:`ABOUT`, or a triad by its id; None if there is none.

    Without what is derived, so that one part never changes with another.
    """
    if name == ABOUT:
        left_out = {"id", "version", "hoejeste_foelsomhed", "spoergsmaal"}
        left_out |= {"oversat", "skaermord"}  # carried along, not typed
        return {key: value for key, value in raw.items() if key not in left_out}
    for one in raw["spoergsmaal"]:
        if one["id"] == name:
            return {
                key: key in one if key == Role.FRIENDS else value
                for key, value in one.items()
                if key != Role.OTHERS
            }
    return None


def with_part(raw: Mapping[str, Any], name: str, values: Mapping[str, Any]) -> Raw:
    """The draft with other values in one of its parts.

    :param values: key -> value; for a triad ``kammerater`` says whether it is asked.
    :raises NoSuchTriad: if the part is a triad that is not there.
    """
    if name == ABOUT:
        return settled({**raw, **values})
    place = place_of(raw, name)
    triads = list(raw["spoergsmaal"])
    changed = {**triads[place], **values, "id": name}
    if changed.pop(Role.FRIENDS.value, False):
        changed[Role.FRIENDS.value] = ""
    kept = list(raw.get("oversat", []))
    if any(changed.get(key) != triads[place].get(key) for key in _ASKED):
        # In another language it would go on asking what was asked before.
        kept = [one for one in kept if one["id"] != name]
    triads[place] = changed
    return settled({**raw, "spoergsmaal": triads, "oversat": kept})


def with_new(raw: Mapping[str, Any], act: str) -> tuple[Raw, str]:
    """The draft with one triad more before the last, and that triad's id.

    The last is something to be proud of, and stays the last.

    :raises TooMany: if the set is full.
    """
    triads = list(raw["spoergsmaal"])
    if len(triads) >= MOST_TRIADS:
        raise TooMany
    name = free_id(slug(act) or "spoergsmaal", {one["id"] for one in triads})
    new = {
        "id": name,
        "art": Kind.ATTITUDE.value if act.startswith("synes") else Kind.BEHAVIOUR.value,
        "retning": Direction.PROTECTIVE.value,
        "foelsomhed": Sensitivity.GREEN.value,
        "kerne": False,
        "kort": act,
        "tid": Recall.NONE.value,
        Role.OTHERS.value: "",
        Role.FRIENDS.value: "",
        Role.OWN.value: "",
        "svar": AnswerFormat.YES_NO.value,
        "facit": Facit.POOLED.value,
    }
    return settled({**raw, "spoergsmaal": [*triads[:-1], new, *triads[-1:]]}), name


def without(raw: Mapping[str, Any], name: str) -> Raw:
    """The draft without a triad.

    :raises NoSuchTriad: if it is not there.
    """
    place = place_of(raw, name)
    triads = [*raw["spoergsmaal"][:place], *raw["spoergsmaal"][place + 1 :]]
    return settled({**raw, "spoergsmaal": triads})


def moved(raw: Mapping[str, Any], name: str, steps: int) -> Raw:
    """The draft with a triad so many places further down; at an end it stays.

    :raises NoSuchTriad: if it is not there.
    """
    place = place_of(raw, name)
    triads = list(raw["spoergsmaal"])
    one = triads.pop(place)
    triads.insert(max(0, min(len(triads), place + steps)), one)
    return settled({**raw, "spoergsmaal": triads})


def place_of(raw: Mapping[str, Any], name: str) -> int:
    """Where a triad stands, from 0.

    :raises NoSuchTriad: if it is not there.
    """
    for place, one in enumerate(raw["spoergsmaal"]):
        if one["id"] == name:
            return place
    raise NoSuchTriad(name)


# --- ids ------------------------------------------------------------------------------


def slug(text: str) -> str:
    """Words as an id: "har sunget i badet" is har_sunget_i_badet; "" if none is left.

    >>> slug("Høje-Taastrup Kommune"), slug("…")
    ('hoeje_taastrup_kommune', '')
    """
    plain = text.lower().translate(_LETTERS)
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_ID].strip("_")


def free_id(wanted: str, taken: Collection[str]) -> str:
    """An id like the one wanted that is not taken: with a number behind it, if need be.

    >>> free_id("stevns_7a", {"stevns_7a"})
    'stevns_7a_2'
    """
    found, number = wanted[:_LONGEST_ID], 1
    while found in taken:
        number += 1
        ending = f"_{number}"
        found = wanted[: _LONGEST_ID - len(ending)] + ending
    return found
