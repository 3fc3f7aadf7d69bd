"""A meeting of parents: what of the pupils' answers they guess at, in what words."""

from collections.abc import Sequence
from dataclasses import dataclass

from pejling.domain.content.set_reader import thaw
from pejling.domain.pupils_answer import MOST_CLASSES, OF
from pejling.domain.question_sets import (
    AnswerFormat,
    Facit,
    QuestionSet,
    Role,
    Sensitivity,
    Triad,
)
from pejling.domain.sessions import Session
from pejling.domain.stems import timed

MOST_GUESSES = 4
"""Of the pupils' answers that are guessed at: what an hour has room for beside the
parents' own (docs/method.md, "The lesson")."""


class UnfitClasses(ValueError):
    """Classes that a meeting cannot guess at together; the message says why."""


@dataclass(frozen=True)
class Released:
    """A class, and what it shows its parents.

    :ivar triads: of its set, in the order of its reveal.
    """

    session: Session
    triads: tuple[Triad, ...]


def guessed(
    questions: QuestionSet, school: str, classes: Sequence[Released]
) -> list[tuple[str, Triad]]:
    """The pupils' triads that a meeting guesses at: those of its set's list first.

    :param school: of the meeting.
    :return: "set/triad" and the triad; none without classes.
    :raises UnfitClasses: if they are too many, of another school, or share nothing.
    """
    if not classes:
        return []
    if len(classes) > MOST_CLASSES:
        raise UnfitClasses(f"Vælg højst {MOST_CLASSES} klasser.")
    if any(one.session.school != school for one in classes):
        raise UnfitClasses("Klassen går på en anden skole end den, du har valgt.")
    first, *others = classes
    name = first.session.questions.id
    shared = [
        one
        for one in first.triads
        if all(other.session.questions.id == name for other in others)
        and all(one in other.triads for other in others)
    ]
    if not shared:
        raise UnfitClasses(
            "De to klasser har ikke frigivet det samme spørgsmål. Vælg én klasse."
        )
    wished = [triad for set_id, triad in questions.parents_guess if set_id == name]
    # Those of the list first; sorting keeps the order of the reveal within each half.
    shared.sort(key=lambda one: one.id not in wished)
    return [(f"{name}/{one.id}", one) for one in shared[:MOST_GUESSES]]


def with_guesses(
    questions: QuestionSet, guesses: Sequence[tuple[str, Triad]], classes: int
) -> QuestionSet:
    """The parents' set with what is guessed of the pupils behind its own triads.

    :param guesses: as :func:`guessed` gives them.
    :param classes: whose pupils they are: one or two.
    """
    if not guesses:
        return questions
    whom = "klassen" if classes == 1 else "de to klasser"
    added = [
        {
            "id": f"elever_{place}",
            "art": triad.kind.value,
            "retning": triad.direction.value,
            "foelsomhed": Sensitivity.GREEN.value,  # no parent is asked about oneself
            "kerne": True,
            "kort": triad.act,
            "tid": triad.recall.value,
            Role.OTHERS.value: f"Hvor mange ud af {OF} elever i {whom} "
            f"{timed(triad.act, triad.recall_text)}?",
            "svar": AnswerFormat.YES_NO.value,
            "facit": Facit.NONE.value,
            "elever": name,
        }
        for place, (name, triad) in enumerate(guesses, 1)
    ]
    translated = [
        {"sprog": language, "id": f"elever_{place}", "kort": words.act, "selv": ""}
        | ({"tid": words.time} if words.time else {})
        for place, (_, triad) in enumerate(guesses, 1)
        for language, words in triad.translated.items()
    ]
    raw = questions.raw
    return thaw(
        {
            **raw,
            "spoergsmaal": [*raw["spoergsmaal"], *added],
            "oversat": [*raw.get("oversat", []), *translated],
        }
    )
