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

LONGEST_LINE = 5_000
"""Characters; the longest text that any key takes has 600."""

VERSIONS = "versions.json"
"""Beside the sets: set id -> version -> fingerprint of its wording."""

Published = Mapping[str, Mapping[str, str]]


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """What a TOML file holds, and its text.

    :raises InvalidFile: if it is too large, not UTF-8 or not TOML; with its line.
    :raises OSError: if it cannot be read.
    """
    return parse_toml(read_text(path), file_name(path))


def parse_toml(text: str, name: str) -> tuple[dict[str, Any], str]:
    """What a TOML text holds, and the text.

    :param name: what to call the file in messages.
    :raises InvalidFile: if it is not TOML; with its line.
    """
    try:
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:
        # Besides its own error tomllib lets through numbers and nests without end.
        raise InvalidFile([_not_toml(name, str(error), text)]) from None


def read_text(path: Path) -> str:
    """The text of a file of reasonable size; a pipe or a device is none.

    :raises InvalidFile: if it is too large, has an endless line, or is not UTF-8.
    :raises OSError: if it cannot be read.
    """
    name = file_name(path)
    if path.is_dir():
        raise InvalidFile([_unreadable(name, "Det er en mappe, ikke en fil.")])
    if path.exists() and not path.is_file():
        raise InvalidFile([_unreadable(name, "Det er ikke en almindelig fil.")])
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    return decoded(body, name, max(path.stat().st_size, len(body)))


def decoded(body: bytes, name: str, size: int = 0) -> str:
    """The text of a file's bytes.

    :param size: the size to tell of a file that was not read to its end, in bytes.
    :raises InvalidFile: if it is too large, has an endless line, or is not UTF-8.
    """
    if len(body) > LARGEST:
        what = f"Filen er på {max(size, len(body)) // 1024} kB."
        instead = f"Et spørgeskema eller en plan er højst {LARGEST // 1024} kB."
        raise InvalidFile([Problem(name, "", what, instead, "too-large")])
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what, instead = "Filen er ikke UTF-8.", "Gem den som UTF-8."
        line = body[: error.start].count(b"\n") + 1
        raise InvalidFile(
            [Problem(name, "", what, instead, "encoding", line=line)]
        ) from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if len(line_text) > LONGEST_LINE:
            # tomllib takes minutes over a key with a hundred thousand dots.
            what = f"Linjen er på {len(line_text)} tegn."
            instead = f"En linje er højst {LONGEST_LINE} tegn."
            raise InvalidFile(
                [Problem(name, "", what, instead, "too-large", line=number)]
            )
    return text


def file_name(path: Path) -> str:
    """A file's name as it can be shown: not every name is text everywhere."""
    return path.name.encode("utf-8", "replace").decode()


def _unreadable(name: str, what: str) -> Problem:
    return Problem(name, "", what, "Læg en fil der, eller fjern den.", "unreadable")


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
        line, column = text.rstrip("\n").count("\n") + 1, 0
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
    found, problems = check_set(raw, file_name(path))
    if found is None:
        return None, located(problems, text)
    faults = [*_name_faults(path, found), *_version_faults(path, found, published)]
    return (None if faults else found), located([*problems, *faults], text)


def _name_faults(path: Path, found: QuestionSet) -> list[Problem]:
    """A set lies in the file of its own name, so that two cannot have one id."""
    if path.stem == found.id:
        return []
    what = f"Filen hedder {file_name(path)}, men sættet {found.id!r}."
    instead = f"Kald filen {found.id}.toml."
    return [Problem(file_name(path), "", what, instead, "file-name", path=("id",))]


def _version_faults(
    path: Path, found: QuestionSet, published: Published | None
) -> list[Problem]:
    known = (published or {}).get(found.id, {}).get(str(found.version))
    if known is None or known == fingerprint(found):
        return []
    return [changed_wording(file_name(path), found)]


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
        found = json.loads(read_text(path))
        if not all(isinstance(one, dict) for one in found.values()):
            raise ValueError
    except InvalidFile:
        raise
    except (ValueError, AttributeError, RecursionError):
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
        # What a meeting guesses at pupils belongs to their set.
        if not triad.is_about_pupils
    ]
    text = json.dumps(wording, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
