"""Question set files: TOML read from disk, and the versions that were published."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pejling.domain.content.problems import InvalidFile, Problem, located
from pejling.domain.content.set_reader import check_set
from pejling.domain.question_sets import QuestionSet

LARGEST = 256 * 1024
"""Bytes of a file; the largest that ships has some 10,000."""

VERSIONS = "versions.json"
"""Beside the sets: set id -> version -> fingerprint of its wording."""

Published = Mapping[str, Mapping[str, str]]


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """What a TOML file holds, and its text.

    :raises InvalidFile: if it is too large, not UTF-8 or not TOML; with its line.
    :raises OSError: if it cannot be read.
    """
    if path.stat().st_size > LARGEST:
        size = path.stat().st_size // 1024
        what = f"Filen er på {size} kB."
        instead = f"Et spørgeskema eller en plan er højst {LARGEST // 1024} kB."
        raise InvalidFile([Problem(path.name, "", what, instead, "too-large")])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what, instead = "Filen er ikke UTF-8.", "Gem den som UTF-8."
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidFile(
            [Problem(path.name, "", what, instead, "encoding", line=line)]
        ) from None
    try:
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:
        # Besides its own error tomllib lets through numbers and nests without end.
        raise InvalidFile([_not_toml(path.name, str(error), text)]) from None


_REASONS = {
    "overwrite a value": ("Samme nøgle står to gange.", "Slet den ene."),
    "declare": ("Samme nøgle står to gange.", "Slet den ene."),
    "Unclosed array": ("En liste er ikke lukket.", "Skriv ] efter den."),
    "Unterminated string": ("En tekst er ikke lukket.", 'Skriv " efter den.'),
    "Illegal character": ("Et tegn må ikke stå her.", 'Er der lukket med "?'),
}


def _not_toml(name: str, reason: str, text: str) -> Problem:
    what, instead = next(
        (words for start, words in _REASONS.items() if start in reason),
        ("", 'Skriv tekster i anførselstegn, for eksempel titel = "…".'),
    )
    place = re.search(r"line (\d+), column (\d+)", reason)
    line, column = (int(place[1]), int(place[2])) if place else (0, 0)
    if place is None and "end of document" in reason:
        line, column = max(1, len(text.splitlines())), 0
    what = f"Filen er ikke gyldig TOML. {what}".strip()
    return Problem(name, "", what, instead, "syntax", line=line, column=column)


def read_set(path: Path, published: Published | None = None) -> QuestionSet:
    """The question set of one TOML file.

    :param published: fingerprints of versions whose wording must not change.
    :raises InvalidFile: if the file is not TOML in UTF-8, or breaks a rule.
    :raises OSError: if the file cannot be read.
    """
    found, problems = check_file(path, published)
    if found is None:
        raise InvalidFile(problems)
    return found


def check_file(
    path: Path, published: Published | None = None
) -> tuple[QuestionSet | None, list[Problem]]:
    """The set of a file, or None where an error keeps it out; and all problems.

    :raises OSError: if the file cannot be read.
    """
    try:
        raw, text = read_toml(path)
    except InvalidFile as invalid:
        return None, list(invalid.problems)
    found, problems = check_set(raw, path.name)
    if found is None:
        return None, located(problems, text)
    faults = [*_name_faults(path, found), *_version_faults(path, found, published)]
    return (None if faults else found), located([*problems, *faults], text)


def _name_faults(path: Path, found: QuestionSet) -> list[Problem]:
    """A set lies in the file of its own name, so that two cannot have one id."""
    if path.stem == found.id:
        return []
    what = f"Filen hedder {path.name}, men sættet {found.id!r}."
    instead = f"Kald filen {found.id}.toml."
    return [Problem(path.name, "", what, instead, "file-name", path=("id",))]


def _version_faults(
    path: Path, found: QuestionSet, published: Published | None
) -> list[Problem]:
    known = (published or {}).get(found.id, {}).get(str(found.version))
    if known is None or known == fingerprint(found):
        return []
    return [changed_wording(path.name, found)]


def changed_wording(file: str, found: QuestionSet) -> Problem:
    """A version was published with other words: its answers cannot be put together."""
    what = f"Ordlyden er ændret, men versionen er stadig {found.version}."
    instead = f"Skriv version = {found.version + 1}."
    return Problem(file, "", what, instead, "version", path=("version",))


def published(folder: Path) -> Published:
    """The fingerprints beside the sets; none where the folder keeps no record.

    :raises InvalidFile: if the record cannot be read.
    :raises OSError: if there is one that cannot be opened.
    """
    path = folder / VERSIONS
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(one, dict) for one in found.values()):
            raise ValueError
    except (ValueError, AttributeError):
        what, instead = "Filen kan ikke læses.", "Hent den sidste, der virkede."
        raise InvalidFile([Problem(VERSIONS, "", what, instead, "syntax")]) from None
    return {str(key): dict(value) for key, value in found.items()}


def publish(folder: Path, sets: Mapping[str, QuestionSet]) -> list[str]:
    """Record the versions that are new in a folder; those recorded stay.

    :return: what was added, as "7a version 2".
    :raises InvalidFile: if a recorded version has other words now.
    """
    record = {key: dict(value) for key, value in published(folder).items()}
    added = []
    for one in sets.values():
        known = record.setdefault(one.id, {})
        if str(one.version) not in known:
            known[str(one.version)] = fingerprint(one)
            added.append(f"{one.id} version {one.version}")
        elif known[str(one.version)] != fingerprint(one):
            raise InvalidFile([changed_wording(f"{one.id}.toml", one)])
    if added:
        text = json.dumps(record, indent=1, sort_keys=True)
        (folder / VERSIONS).write_text(text + "\n", encoding="utf-8")
    return added


def fingerprint(found: QuestionSet) -> str:
    """16 hex digits that change with what pupils read and answer, and nothing else."""
    wording = [
        [
            triad.id,
            triad.act,
            triad.own_act,
            triad.recall.value,
            triad.answer.value,
            triad.needs_occasion,
            [[item.role.value, item.text] for item in triad.items],
        ]
        for triad in found.triads
    ]
    text = json.dumps(wording, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
