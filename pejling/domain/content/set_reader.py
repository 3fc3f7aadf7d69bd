"""Reading a question set from the mapping that its file holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from pejling.domain.content import set_rules, shape, translation_rules, triad_rules
from pejling.domain.content.problems import InvalidFile, Problem
from pejling.domain.content.set_format import FROZEN_SET, QUESTION_SET
from pejling.domain.content.shape import Notes
from pejling.domain.grades import YOUTH_EDUCATION
from pejling.domain.question_sets import (
    AnswerFormat,
    Audience,
    Direction,
    Facit,
    Fit,
    Item,
    Kind,
    Prompt,
    QuestionSet,
    Recall,
    Role,
    Sensitivity,
    Source,
    Topic,
    Translation,
    Triad,
    Word,
)
from pejling.domain.stems import recall_text


def parse_set(raw: Mapping[str, Any], file: str) -> QuestionSet:
    """The question set that a mapping describes, checked against every rule.

    :param file: what to call the file in messages.
    :raises InvalidFile: with every problem found; warnings alone raise nothing.
    """
    found, problems = check_set(raw, file)
    if found is None:
        raise InvalidFile(problems)
    return found


def check_set(
    raw: Mapping[str, Any], file: str
) -> tuple[QuestionSet | None, list[Problem]]:
    """The set, or None where an error keeps it from being used; and all problems."""
    notes = Notes(file, raw)
    found = _set(shape.read(notes, raw, QUESTION_SET), raw)
    triad_rules.check_order(notes, raw)
    set_rules.check(notes, found)
    translation_rules.check(notes, found)
    return (None if notes.errors else found), notes.problems


def thaw(raw: Mapping[str, Any]) -> QuestionSet:
    """A set that was frozen with a session, whatever the rules were at that time.

    Keys that came later are filled in: a session that was held stays readable.
    """
    notes = Notes("", raw)
    late = {"minutter": 45 if raw.get("varighed") == "45 min" else 90}
    triads = [{**one, "facit": _facit(one)} for one in _tables(raw, "spoergsmaal")]
    values = shape.read(notes, late | dict(raw) | {"spoergsmaal": triads}, FROZEN_SET)
    return _set(values, raw)


def _facit(triad: Mapping[str, Any]) -> str:
    # Once "ungeprofil:" and a name that nothing used.
    return str(triad.get("facit", "")).partition(":")[0]


def _set(values: Mapping[str, Any], raw: Mapping[str, Any]) -> QuestionSet:
    audience = Audience(values["maalgruppe"])
    grades = values["aargang"] or (0,)
    translated = _translated(values["oversat"])
    return QuestionSet(
        id=values["id"],
        version=values["version"],
        title=values["titel"],
        audience=audience,
        grades=grades,
        topic=Topic(values["emne"]),
        theme=values["tema"],
        minutes=values["minutter"],
        duration=values["varighed"],
        sensitivity=Sensitivity(values["hoejeste_foelsomhed"]),
        goals=values["laeringsmaal"],
        agreement=values["klasseaftale_start"],
        say=values["sig"],
        do_not_say=values["sig_ikke"],
        parents_guess=tuple(_pair(one) for one in values["gaet_elevernes_svar"]),
        sources=tuple(_source(one) for one in values["kilder"]),
        words=tuple(Word(one["ord"], one["betyder"]) for one in values["ord"]),
        prompts=tuple(
            Prompt(one["ved"], one["tekst"]) for one in values["samtalespoergsmaal"]
        ),
        triads=tuple(
            _triad(one, source, audience, grades, translated.get(one["id"], {}))
            for one, source in zip(
                values["spoergsmaal"], _tables(raw, "spoergsmaal"), strict=False
            )
        ),
        raw=raw,
        screen_words=_screen_words(values["skaermord"]),
    )


def _translated(
    rows: Sequence[Mapping[str, Any]],
) -> Mapping[str, Mapping[str, Translation]]:
    """Triad's id -> language -> its words."""
    found: dict[str, dict[str, Translation]] = {}
    for one in rows:
        words = Translation(one["kort"], one["selv"], one["tid"])
        found.setdefault(one["id"], {})[one["sprog"]] = words
    return found


def _screen_words(
    rows: Sequence[Mapping[str, Any]],
) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in rows:
        found.setdefault(one["sprog"], {})[one["noegle"]] = one["tekst"]
    return found


def _tables(raw: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = raw.get(key)
    return value if isinstance(value, list) else []


def _pair(text: str) -> tuple[str, str]:
    set_id, _, triad_id = text.partition("/")
    return set_id, triad_id


def _source(values: Mapping[str, Any]) -> Source:
    return Source(
        values["kommune"],
        values["dokument"],
        values["afsnit"],
        values["citat"],
        values["indhold"],
    )


def _triad(
    values: Mapping[str, Any],
    raw: Mapping[str, Any],
    audience: Audience,
    grades: Sequence[int],
    translated: Mapping[str, Translation],
) -> Triad:
    recall = Recall(values["tid"])
    return Triad(
        id=values["id"],
        kind=Kind(values["art"]),
        direction=Direction(values["retning"]),
        sensitivity=Sensitivity(values["foelsomhed"]),
        core=values["kerne"],
        act=values["kort"],
        own_act=values["selv_kort"] or values["kort"],
        recall=recall,
        recall_text=recall_text(recall, _youngest(audience, grades)),
        items=tuple(
            Item(f"{values['id']}.{role}", role, values[role.value])
            for role in Role
            if role in raw
        ),
        answer=AnswerFormat(values["svar"]),
        needs_occasion=values["kraever_anledning"],
        benchmark=Facit(values["facit"]),
        indicator=values["indikator"],
        note=values["note"],
        fit=Fit(values["indikator_passer"]),
        is_reversed=values["indikator_omvendt"],
        pupils=values.get("elever", ""),
        translated=translated,
    )


def _youngest(audience: Audience, grades: Sequence[int]) -> int:
    """The årgang whose words of time are used: parents read as grown-ups do."""
    return YOUTH_EDUCATION if audience is Audience.PARENTS else min(grades)
