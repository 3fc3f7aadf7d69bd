"""Curriculum plan files: the format, and reading them with every fault told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pejling.domain.content import shape
from pejling.domain.content.problems import InvalidFile, Problem, located
from pejling.domain.content.set_files import file_name, read_toml
from pejling.domain.content.set_format import ID
from pejling.domain.content.shape import Field, Many, Notes, Tables, Text, Whole
from pejling.domain.curriculum import SCHOOL_YEAR, Course, Plan, YearEvent
from pejling.domain.grades import GRADES
from pejling.domain.question_sets import Topic

FOLDER = "plans"
"""Where in the folder of sets the plans lie."""

PLACED = ("aargang", "emne", "saet", "minutter", "maaneder")

_MONTHS = Many(
    "maaneder",
    "Måneder, 1 til 12; ingen, hvor planen ikke siger det.",
    each=Whole("maaneder", "En måned.", low=1, high=12),
    least=0,
    most=12,
)

COURSE: tuple[Field, ...] = (
    Many(
        "aargang",
        "Årgange, 0 til 10; 11 er ungdomsuddannelse.",
        each=Whole("aargang", "En årgang.", high=GRADES[-1]),
        most=len(GRADES),
    ),
    Text("emne", "Emnet: kolonnen i årsplanen.", choices=tuple(Topic)),
    Text("titel", "Temaets navn i planen."),
    Many(
        "saet",
        "Pejlings sæt; ingen, hvor der undervises uden social pejling.",
        each=Text("saet", "Et sæts id.", longest=40, pattern=ID),
        least=0,
        most=6,
    ),
    Whole("minutter", "Længden; 0, hvor planen ikke siger den.", high=600),
    _MONTHS,
    Text("afsnit", "Afsnittet i dokumentet.", longest=160),
    Many(
        "placeret",
        "Det, som ikke står i dokumentet, men er placeret her.",
        needed=False,
        each=Text("placeret", "En nøgle.", choices=PLACED),
        least=0,
        most=len(PLACED),
    ),
    Text("note", "En bemærkning.", needed=False, longest=300),
)

EVENT: tuple[Field, ...] = (
    _MONTHS,
    Text("titel", "Det, der sker."),
    Text("afsnit", "Afsnittet i dokumentet.", longest=160),
    Text("note", "En bemærkning.", needed=False, longest=300),
)

PLAN: tuple[Field, ...] = (
    Text("id", "Kendeord; det er også filens navn.", longest=40, pattern=ID),
    Text("titel", "Planens titel.", longest=60),
    Text("kommune", "Kommunen; udelades i den fælles plan.", needed=False, longest=40),
    Text("dokument", "Dokumentet, planen er læst i.", longest=160),
    Text("omtale", "Hvad planen siger, og hvad der er placeret her.", longest=600),
    Tables("forloeb", "Det, en årgang lærer om et emne.", fields=COURSE),
    Tables("foraeldremoeder", "Forældremøder.", needed=False, fields=COURSE, least=0),
    Tables("aarshjul", "Andet i årets løb.", needed=False, fields=EVENT, least=0),
)
"""All keys of a plan, in the order in which the shipped files have them."""


def check_plan_file(path: Path) -> tuple[Plan | None, list[Problem]]:
    """The plan of a file, or None where an error keeps it out; and all problems.

    :raises OSError: if the file cannot be read.
    """
    try:
        raw, text = read_toml(path)
    except InvalidFile as invalid:
        return None, list(invalid.problems)
    notes = Notes(file_name(path), raw)
    plan = _plan(shape.read(notes, raw, PLAN))
    if not notes.errors and path.stem != plan.id:
        what = f"Filen hedder {file_name(path)}, men planen {plan.id!r}."
        notes.say("file-name", ("id",), what, f"Kald filen {plan.id}.toml.")
    return (None if notes.errors else plan), located(notes.problems, text)


def _plan(values: Mapping[str, Any]) -> Plan:
    return Plan(
        id=values["id"],
        title=values["titel"],
        kommune=values["kommune"],
        document=values["dokument"],
        about=values["omtale"],
        courses=(
            *(_course(one, for_parents=False) for one in values["forloeb"]),
            *(_course(one, for_parents=True) for one in values["foraeldremoeder"]),
        ),
        events=tuple(_event(one) for one in values["aarshjul"]),
    )


def _course(values: Mapping[str, Any], *, for_parents: bool) -> Course:
    return Course(
        grades=values["aargang"],
        topic=Topic(values["emne"]),
        title=values["titel"],
        set_ids=values["saet"],
        minutes=values["minutter"],
        months=_months(values),
        section=values["afsnit"],
        placed=values["placeret"],
        note=values["note"],
        for_parents=for_parents,
    )


def _event(values: Mapping[str, Any]) -> YearEvent:
    return YearEvent(values["titel"], _months(values), values["afsnit"], values["note"])


def _months(values: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(sorted(set(values["maaneder"]), key=SCHOOL_YEAR.index))
