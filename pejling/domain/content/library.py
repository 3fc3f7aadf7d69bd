"""The library: the sets and plans of one folder, and what was left out, and why.

One bad file does not keep a kommune from teaching: the good ones are used, and the
consultant reads which one is missing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pejling.domain.content import plan_files, set_files
from pejling.domain.content.problems import InvalidFile, Level, Problem, located
from pejling.domain.content.set_reader import check_set
from pejling.domain.curriculum import COMMON, Course, Plan
from pejling.domain.grades import grade_name
from pejling.domain.question_sets import Audience, QuestionSet, Sensitivity


@dataclass(frozen=True)
class Library:
    """What a folder holds.

    :ivar sets: id -> question set, in the order of their ids.
    :ivar plans: id -> plan, the joined one first.
    :ivar problems: errors of files that are left out, and warnings.
    """

    sets: Mapping[str, QuestionSet]
    plans: Mapping[str, Plan]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def errors(self) -> list[Problem]:
        """What keeps a file, or a part of a plan, out."""
        return [one for one in self.problems if one.level is Level.ERROR]


def read(folder: Path) -> Library:
    """The library of a folder: ``*.toml`` and ``plans/*.toml``.

    :raises OSError: if the folder itself cannot be read.
    """
    problems: list[Problem] = []
    sets = _sets(folder, problems)
    plans = _plans(folder / plan_files.FOLDER, problems)
    told = {one.stem for one in _files(folder)} - set(sets)
    for one in sets.values():
        problems += _in_file(folder, _parents_guesses(one, sets))
    for plan in plans.values():
        faults = _plan_sets(plan, sets, told)
        problems += _in_file(folder / plan_files.FOLDER, faults)
    fitting = {key: _fitting(one, sets) for key, one in plans.items()}
    return Library(sets, fitting, tuple(problems))


def unchanged(found: Library, used: Mapping[tuple[str, int], str]) -> Library:
    """The library without sets whose words changed since they were used.

    :param used: (set id, version) -> fingerprint of the words that pupils read.
    """
    changed = {
        one.id: set_files.changed_wording(f"{one.id}.toml", one)
        for one in found.sets.values()
        if used.get((one.id, one.version), set_files.fingerprint(one))
        != set_files.fingerprint(one)
    }
    if not changed:
        return found
    sets = {key: one for key, one in found.sets.items() if key not in changed}
    plans = {key: _fitting(one, sets) for key, one in found.plans.items()}
    return Library(sets, plans, (*found.problems, *changed.values()))


@dataclass(frozen=True)
class Own:
    """A set of the kommune's own, as it was published.

    :ivar source: id of the set that it was made from, "" where there is none.
    """

    raw: Mapping[str, Any]
    source: str


def with_own(found: Library, own: Iterable[Own]) -> Library:
    """The library with the kommune's own sets, each where its source stands in plans.

    One whose words break a rule by now, or whose id a file has too, is left out.
    """
    sets, problems = dict(found.sets), list(found.problems)
    added: list[tuple[str, QuestionSet]] = []
    for one in own:
        name = f"{one.raw['id']}.toml"
        read, faults = check_set(one.raw, name)
        if one.raw["id"] in found.sets:
            what = "Et sæt, der følger med, har det samme kendeord."
            instead = "Hent kommunens sæt som fil, giv det et andet id, og læs det ind."
            problems.append(Problem(name, "", what, instead, "file-name"))
        elif read is None:
            problems += [one for one in faults if one.level is Level.ERROR]
        else:
            added.append((one.source, read))
            sets[read.id] = read
    plans = {key: _joined(one, sets, added) for key, one in found.plans.items()}
    return Library(dict(sorted(sets.items())), plans, tuple(problems))


def _joined(
    plan: Plan,
    sets: Mapping[str, QuestionSet],
    added: Sequence[tuple[str, QuestionSet]],
) -> Plan:
    """The plan with own sets behind those that they were made from, where they fit."""
    courses = []
    for course in plan.courses:
        behind = {
            source: [
                own.id
                for its, own in added
                if its == source and not _misfit(course, own.id, sets)
            ]
            for source in course.set_ids
        }
        ids = [id_ for source in course.set_ids for id_ in (source, *behind[source])]
        courses.append(replace(course, set_ids=tuple(ids)))
    return replace(plan, courses=tuple(courses))


def _files(folder: Path) -> list[Path]:
    """The TOML files of a folder; editors' own, which begin with a dot, are none."""
    return sorted(
        one
        for one in folder.iterdir()
        if one.suffix.lower() == ".toml" and not one.name.startswith(".")
    )


def _sets(folder: Path, problems: list[Problem]) -> dict[str, QuestionSet]:
    try:
        published = set_files.published(folder)
    except (InvalidFile, OSError) as error:
        published = {}
        problems += _told(Path(set_files.VERSIONS), error)
    sets = {}
    for path in _files(folder):
        try:
            found, faults = set_files.check_file(path, published)
        except OSError as error:
            problems += _told(path, error)
            continue
        problems += faults
        if found is not None:
            sets[found.id] = found
    return sets


def _plans(folder: Path, problems: list[Problem]) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}
    try:
        paths = _files(folder) if folder.exists() else []
    except OSError as error:
        problems += _told(folder, error)
        paths = []
    for path in paths:
        try:
            found, faults = plan_files.check_plan_file(path)
        except OSError as error:
            problems += _told(path, error)
            continue
        problems += faults
        if found is not None:
            plans[found.id] = found
    order = sorted(plans, key=lambda one: (one != COMMON, plans[one].title))
    return {one: plans[one] for one in order}


def _told(path: Path, error: InvalidFile | OSError) -> Iterable[Problem]:
    if isinstance(error, InvalidFile):
        return error.problems
    what = f"Den kan ikke åbnes ({error.strerror})."
    instead = "Se, hvem der må læse den."
    return [Problem(set_files.file_name(path), "", what, instead, "unreadable")]


def _in_file(folder: Path, problems: Iterable[Problem]) -> list[Problem]:
    """Problems found between files, with the line in the one to be mended."""
    return [
        found
        for one in problems
        for found in located([one], set_files.read_text(folder / one.file))
    ]


def _parents_guesses(
    one: QuestionSet, sets: Mapping[str, QuestionSet]
) -> Iterator[Problem]:
    """Parents guess at what pupils were asked, and never at a roed item."""
    for place, (set_id, triad_id) in enumerate(one.parents_guess):
        name = f"{set_id}/{triad_id}"
        triads = {t.id: t for t in sets[set_id].triads} if set_id in sets else {}
        if triad_id not in triads:
            what = f"{name!r} findes ikke."
            instead = "Skriv et sæt og et spørgsmål, der findes."
        elif triads[triad_id].sensitivity is Sensitivity.RED:
            what = f"{name!r} er rødt."
            instead = "Vælg et spørgsmål, som elever svarer på om sig selv."
        else:
            continue
        yield Problem(
            f"{one.id}.toml",
            "",
            what,
            instead,
            "parents-guess",
            Level.WARNING,
            ("gaet_elevernes_svar", place),
        )


def _plan_sets(
    plan: Plan, sets: Mapping[str, QuestionSet], told: Collection[str]
) -> Iterator[Problem]:
    """Sets that a plan names and cannot have; ``told`` are left out with a reason."""
    places = {"forloeb": 0, "foraeldremoeder": 0}
    for course in plan.courses:
        table = "foraeldremoeder" if course.for_parents else "forloeb"
        where = f"{grade_name(min(course.grades))}, {course.title}"
        path = (table, places[table], "saet")
        places[table] += 1
        for set_id in course.set_ids:
            if set_id not in told and (fault := _misfit(course, set_id, sets)):
                what, instead = fault
                yield Problem(
                    f"{plan.id}.toml", where, what, instead, "plan-set", path=path
                )


def _misfit(
    course: Course, set_id: str, sets: Mapping[str, QuestionSet]
) -> tuple[str, str] | None:
    """Why a set cannot stand in a course, and what to write instead."""
    found = sets.get(set_id)
    if found is None:
        return (
            f"Sættet {set_id!r} findes ikke.",
            "Skriv et sæt, der findes, eller tag det ud.",
        )
    if not set(course.grades) & set(found.grades):
        return (
            f"Sættet {set_id!r} er ikke til {grade_name(course.grades[0])}.",
            "Flyt det, eller vælg et andet.",
        )
    if course.for_parents != (found.audience is Audience.PARENTS):
        return (
            f"Sættet {set_id!r} hører til den anden slags møde.",
            "Forældresæt står under foraeldremoeder, andre under forloeb.",
        )
    return None


def _fitting(plan: Plan, sets: Mapping[str, QuestionSet]) -> Plan:
    """The plan with the sets that fit: the rest of it still holds."""
    courses = []
    for one in plan.courses:
        out = tuple(id_ for id_ in one.set_ids if _misfit(one, id_, sets))
        kept = tuple(id_ for id_ in one.set_ids if id_ not in out)
        courses.append(replace(one, set_ids=kept, left_out=(*one.left_out, *out)))
    return replace(plan, courses=tuple(courses))
