"""Question set files: the TOML format, read strictly.

A set is refused as a whole when anything in it is wrong, and every fault is told at
once: which file, which question, what is wrong, what to write instead. The texts are
read by consultants, so they are in Danish.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pejling.domain.question_sets import (
    HONESTY_ID,
    AnswerFormat,
    Direction,
    Item,
    Kind,
    Prompt,
    QuestionSet,
    Recall,
    Role,
    Sensitivity,
    Source,
    Triad,
)

YOUNGEST_ROED = 7
"""Lowest årgang that may be asked about illegal acts at all (docs/method.md)."""


@dataclass(frozen=True)
class Problem:
    """One fault of a file: where, what, and what to write instead."""

    file: str
    where: str
    what: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.what} {self.instead}".strip()


class InvalidSet(ValueError):
    """A question set that cannot be used; ``problems`` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def read_folder(folder: Path) -> dict[str, QuestionSet]:
    """All question sets of a folder, id -> set, in the order of their ids.

    :raises InvalidSet: with the problems of all files, if any has one.
    """
    sets: dict[str, QuestionSet] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            one = read_set(path)
        except InvalidSet as invalid:
            problems.extend(invalid.problems)
            continue
        if one.id in sets:
            problems.append(
                Problem(
                    path.name,
                    "id",
                    f"Et andet spørgeskema hedder også {one.id!r}.",
                    "Vælg et nyt id.",
                )
            )
        sets[one.id] = one
    if problems:
        raise InvalidSet(problems)
    return sets


def read_set(path: Path) -> QuestionSet:
    """The question set of one TOML file.

    :raises InvalidSet: if the file is not TOML in UTF-8, or breaks a rule.
    :raises OSError: if the file cannot be read.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidSet(
            [Problem(path.name, "", "Filen er ikke UTF-8.", "Gem den som UTF-8.")]
        ) from None
    except (ValueError, RecursionError) as error:
        # Besides its own error tomllib lets through numbers and nests without end.
        reason = str(error)[:80]
        what = f"Filen er ikke gyldig TOML ({reason})."
        instead = 'Skriv tekster i anførselstegn, for eksempel titel = "…".'
        raise InvalidSet([Problem(path.name, "", what, instead)]) from None
    return parse_set(raw, path.name)


def parse_set(raw: Mapping[str, Any], file: str) -> QuestionSet:
    """The question set that a mapping describes.

    :param file: what to call the file in messages.
    :raises InvalidSet: with every problem found.
    """
    check = _Check(file)
    found = _set(check, raw)
    if check.problems or found is None:
        raise InvalidSet(check.problems)
    return found


# --- reading with every fault collected ---------------------------------------------

_ID = re.compile(r"[a-z0-9_]{1,40}")
_HIDDEN = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)

_SET_KEYS = {
    "id",
    "version",
    "titel",
    "aargang",
    "tema",
    "varighed",
    "hoejeste_foelsomhed",
    "klasseaftale_start",
    "laeringsmaal",
    "kilder",
    "samtalespoergsmaal",
    "spoergsmaal",
}
_TRIAD_KEYS = {
    "id",
    "art",
    "retning",
    "foelsomhed",
    "kerne",
    "kort",
    "tid",
    "andre",
    "kammerater",
    "selv",
    "selv_kort",
    "svar",
    "kraever_anledning",
    "facit",
    "indikator",
    "note",
}
_OPTIONAL = {"kammerater", "selv_kort", "kraever_anledning", "indikator", "note"}
_Choice = TypeVar("_Choice", bound=StrEnum)
_WHEN = ("overdrivelse", "overensstemmelse", "flere_end_vi_troede", "alle")


class _Check:
    """Collects problems while a mapping is read; every reader returns a safe value."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def say(self, where: str, what: str, instead: str) -> None:
        self.problems.append(Problem(self.file, where, what, instead))

    def keys(
        self, raw: Mapping[str, Any], where: str, known: set[str], optional: set[str]
    ) -> None:
        for key in raw:
            if key not in known:
                self.say(
                    where,
                    f"Nøglen {key!r} findes ikke.",
                    f"Brug en af: {', '.join(sorted(known))}.",
                )
        for key in sorted(known - optional):
            if key not in raw:
                self.say(where, f"{key!r} mangler.", f"Skriv {key} = …")

    def text(
        self,
        raw: Mapping[str, Any],
        key: str,
        where: str,
        longest: int,
        needed: bool = True,
    ) -> str:
        if key not in raw:
            return ""
        value = raw[key]
        if not isinstance(value, str):
            self.say(where, f"{key!r} skal være tekst.", f'Skriv {key} = "…".')
            return ""
        if needed and not value.strip():
            self.say(where, f"{key!r} er tom.", f'Skriv {key} = "…".')
        if value != value.strip():
            self.say(where, f"{key!r} har mellemrum i enden.", "Fjern dem.")
        if len(value) > longest:
            self.say(
                where,
                f"{key!r} er på {len(value)} tegn.",
                f"Skriv højst {longest} tegn.",
            )
        if _HIDDEN.search(value):
            self.say(where, f"{key!r} har usynlige tegn.", "Skriv teksten igen.")
        return value

    def texts(
        self, raw: Mapping[str, Any], key: str, where: str, longest: int
    ) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not value:
            self.say(where, f"{key!r} skal være en liste.", f'Skriv {key} = ["…"].')
            return ()
        return tuple(self.text({key: one}, key, where, longest) for one in value)

    def choice(
        self, raw: Mapping[str, Any], key: str, where: str, kind: type[_Choice]
    ) -> _Choice:
        values = list(kind)
        if key in raw and raw[key] in [one.value for one in values]:
            return kind(raw[key])
        if key in raw:
            self.say(
                where,
                f"{key!r} er {raw[key]!r}.",
                f"Brug en af: {', '.join(values)}.",
            )
        return values[0]

    def flag(self, raw: Mapping[str, Any], key: str, where: str) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.say(where, f"{key!r} er {value!r}.", "Skriv true eller false.")
            return False
        return value

    def tables(self, raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.say(key, f"{key!r} skal være tabeller.", f"Skriv [[{key}]].")
            return
        if not value and key in raw:
            self.say(key, f"{key!r} er tom.", f"Skriv mindst én [[{key}]].")
        yield from value


def _set(check: _Check, raw: Mapping[str, Any]) -> QuestionSet | None:
    check.keys(raw, "", _SET_KEYS, set())
    set_id = check.text(raw, "id", "", 40)
    if set_id and not _ID.fullmatch(set_id):
        check.say("id", f"{set_id!r} kan ikke bruges.", "Brug a-z, 0-9 og _.")
    version = raw.get("version", 1)
    if type(version) is not int or not 1 <= version <= 9999:
        check.say("version", f"{version!r} er ikke en version.", "Skriv version = 1.")
    grades = _grades(check, raw)
    sensitivity = check.choice(raw, "hoejeste_foelsomhed", "", Sensitivity)
    triads = tuple(
        _triad(check, one, place, grades)
        for place, one in enumerate(check.tables(raw, "spoergsmaal"), 1)
    )
    found = QuestionSet(
        id=set_id,
        version=version if type(version) is int else 1,
        title=check.text(raw, "titel", "", 80),
        grades=grades,
        theme=check.text(raw, "tema", "", 120),
        duration=check.text(raw, "varighed", "", 40),
        sensitivity=sensitivity,
        goals=check.texts(raw, "laeringsmaal", "laeringsmaal", 160),
        agreement=check.text(raw, "klasseaftale_start", "", 120),
        sources=tuple(_source(check, one) for one in check.tables(raw, "kilder")),
        prompts=tuple(
            _prompt(check, one) for one in check.tables(raw, "samtalespoergsmaal")
        ),
        triads=triads,
        raw=raw,
    )
    _check_whole(check, found)
    return found


def _grades(check: _Check, raw: Mapping[str, Any]) -> tuple[int, ...]:
    value = raw.get("aargang", [])
    good = isinstance(value, list) and value
    if not good or not all(type(v) is int and 0 <= v <= 10 for v in value):
        if "aargang" in raw:
            check.say("aargang", f"{value!r} er ikke årgange.", "Skriv aargang = [7].")
        return (0,)
    return tuple(value)


def _source(check: _Check, raw: Mapping[str, Any]) -> Source:
    optional = {"citat", "afsnit", "indhold"}
    check.keys(raw, "kilder", {"kommune"} | optional, optional)
    return Source(
        check.text(raw, "kommune", "kilder", 40),
        check.text(raw, "citat", "kilder", 120),
        check.text(raw, "afsnit", "kilder", 120),
        check.text(raw, "indhold", "kilder", 300),
    )


def _prompt(check: _Check, raw: Mapping[str, Any]) -> Prompt:
    where = "samtalespoergsmaal"
    check.keys(raw, where, {"ved", "tekst"}, set())
    when = check.text(raw, "ved", where, 40)
    if when and when not in _WHEN:
        check.say(where, f"'ved' er {when!r}.", f"Brug en af: {', '.join(_WHEN)}.")
    return Prompt(when, check.text(raw, "tekst", where, 200))


def _triad(
    check: _Check, raw: Mapping[str, Any], place: int, grades: tuple[int, ...]
) -> Triad:
    named = raw.get("id")
    where = f"spørgsmål {place}" + (f" ({named})" if isinstance(named, str) else "")
    check.keys(raw, where, _TRIAD_KEYS, _OPTIONAL)
    triad_id = check.text(raw, "id", where, 40)
    if triad_id and not _ID.fullmatch(triad_id):
        check.say(where, f"id {triad_id!r} kan ikke bruges.", "Brug a-z, 0-9 og _.")
    if triad_id == HONESTY_ID:
        check.say(where, f"id {triad_id!r} er optaget.", "Vælg et andet id.")
    recall = check.choice(raw, "tid", where, Recall)
    act = check.text(raw, "kort", where, 80)
    triad = Triad(
        id=triad_id,
        kind=check.choice(raw, "art", where, Kind),
        direction=check.choice(raw, "retning", where, Direction),
        sensitivity=check.choice(raw, "foelsomhed", where, Sensitivity),
        core=check.flag(raw, "kerne", where),
        act=act,
        own_act=check.text(raw, "selv_kort", where, 80) or act,
        recall=recall,
        recall_text=recall_text(recall, min(grades)),
        items=tuple(
            Item(f"{triad_id}.{role}", role, check.text(raw, role.value, where, 160))
            for role in Role
            if role in raw
        ),
        answer=check.choice(raw, "svar", where, AnswerFormat),
        needs_occasion=check.flag(raw, "kraever_anledning", where),
        benchmark=check.text(raw, "facit", where, 80),
        indicator=check.text(raw, "indikator", where, 60),
        note=check.text(raw, "note", where, 400),
    )
    _check_order(check, raw, where)
    _check_wording(check, triad, where)
    _check_rules(check, triad, where, grades)
    return triad


def recall_text(recall: Recall, grade: int) -> str:
    """The time in words: "sidste" up to 6. årgang, "seneste" from 7. on."""
    last = "sidste" if grade <= 6 else "seneste"
    return {
        Recall.WEEK: f"de {last} 7 dage",
        Recall.MONTH: f"de {last} 30 dage",
        Recall.QUARTER: f"de {last} 3 måneder",
        Recall.SCHOOL_YEAR: "i dette skoleår",
        Recall.YEAR: f"det {last} år",
    }.get(recall, "")


# --- rules --------------------------------------------------------------------------


def _check_order(check: _Check, raw: Mapping[str, Any], where: str) -> None:
    """Others, classmates, self: a commitment to a guess comes before the own answer."""
    order = [key for key in raw if key in tuple(Role)]
    if order != [role for role in Role if role in raw]:
        check.say(
            where,
            f"De tre spørgsmål står i rækkefølgen {', '.join(order)}.",
            "Skriv andre, kammerater, selv i den rækkefølge.",
        )


_STEMS = {
    Role.OTHERS: "Hvor mange af alle de andre i ",
    Role.FRIENDS: "Hvor mange af dine kammerater i klassen tror du ",
}


def _check_wording(check: _Check, triad: Triad, where: str) -> None:
    """The same sentence pattern and the same time in all three questions."""
    for item in triad.items:
        if not item.text:
            continue
        stem = _STEMS.get(item.role, "")
        if not item.text.startswith(stem):
            check.say(
                where,
                f"{item.role.value!r} begynder anderledes end de andre spørgsmål.",
                f"Begynd med: {stem}…",
            )
        if not item.text.endswith("?"):
            check.say(where, f"{item.role.value!r} slutter uden '?'.", "Skriv '?'.")
        asks_attitude = item.role is Role.OWN and triad.own_act != triad.act
        if not asks_attitude and triad.recall_text not in item.text:
            check.say(
                where,
                f"{item.role.value!r} nævner ikke tiden.",
                f"Skriv: {triad.recall_text}.",
            )


def _check_rules(
    check: _Check, triad: Triad, where: str, grades: tuple[int, ...]
) -> None:
    """What may be asked of whom (docs/method.md, Sensitivity)."""
    if (triad.kind is Kind.NEUTRAL) != (triad.direction is Direction.NEUTRAL):
        check.say(
            where,
            "'art' og 'retning' passer ikke sammen.",
            "Skriv neutral begge steder eller ingen af stederne.",
        )
    if triad.sensitivity is not Sensitivity.RED:
        if triad.item(Role.FRIENDS) is None:
            check.say(
                where,
                "'kammerater' mangler.",
                "Kun røde spørgsmål springer gættet om klassen over.",
            )
        return
    if min(grades) < YOUNGEST_ROED:
        check.say(
            where,
            f"Et rødt spørgsmål kan ikke stilles i {min(grades)}. årgang.",
            f"Brug det tidligst i {YOUNGEST_ROED}. årgang, eller tag det ud.",
        )
    if triad.item(Role.FRIENDS) is not None:
        check.say(
            where,
            "Et rødt spørgsmål må ikke gætte på klassen.",
            "Slet 'kammerater'.",
        )
    if triad.answer is not AnswerFormat.ATTITUDE or triad.own_act == triad.act:
        check.say(
            where,
            "Et rødt spørgsmål må ikke spørge, om eleven selv har gjort det.",
            'Spørg om holdningen: svar = "holdning_ja_nej" og selv_kort = "synes, …".',
        )


_LEVELS = tuple(Sensitivity)


def _check_whole(check: _Check, found: QuestionSet) -> None:
    """Rules about the set as one: warm-up first, something to be proud of last."""
    triads = found.triads
    ids = [triad.id for triad in triads]
    for repeated in sorted({one for one in ids if ids.count(one) > 1}):
        check.say("spoergsmaal", f"id {repeated!r} står to gange.", "Ret det ene.")
    if len(triads) > 12:
        check.say("spoergsmaal", f"Der er {len(triads)}.", "Brug højst 12.")
    if not triads:
        return
    if not triads[0].is_warm_up or any(triad.is_warm_up for triad in triads[1:]):
        check.say(
            "spoergsmaal",
            "Opvarmningen skal stå først og alene.",
            'Skriv ét spørgsmål med art = "neutral", og sæt det øverst.',
        )
    if triads[-1].direction is not Direction.PROTECTIVE:
        check.say(
            f"spørgsmål {len(triads)} ({triads[-1].id})",
            "Det sidste spørgsmål skal være noget at være stolt af.",
            'Slut med et spørgsmål med retning = "beskyttende".',
        )
    highest = max((triad.sensitivity for triad in triads), key=_LEVELS.index)
    if highest is not found.sensitivity:
        check.say(
            "hoejeste_foelsomhed",
            f"Den er {found.sensitivity.value!r}.",
            f"Skriv {highest.value!r}; det er det højeste i sættet.",
        )
