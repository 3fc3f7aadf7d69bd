"""The fixed words around an act: whom a question is about, and over what time.

Only the act differs from question to question, so a pupil who has read one triad can
read them all, and the three answers can be held against each other.
"""

import re
from collections.abc import Mapping, Sequence

from pejling.domain.grades import classes_phrase
from pejling.domain.question_sets import Audience, Recall

_FRIENDS: Mapping[Audience, str] = {
    Audience.PUPILS: "af dine kammerater i klassen",
    Audience.YOUTH: "af dine kammerater på holdet",
    Audience.PARENTS: "af de andre forældre i klassen",
}
_GROUP: Mapping[Audience, str] = {
    Audience.PUPILS: "i klassen",
    Audience.YOUTH: "på holdet",
    Audience.PARENTS: "blandt forældrene",
}


def _others(audience: Audience, grades: Sequence[int]) -> str:
    if audience is Audience.YOUTH:
        return "af alle de andre unge på din alder"
    whom = "i" if audience is Audience.PUPILS else "forældre til børn i"
    return f"af alle de andre {whom} {classes_phrase(grades)}"


def others_stem(audience: Audience, grades: Sequence[int]) -> str:
    """How a file's question about all the others begins, up to the act."""
    return f"Hvor mange {_others(audience, grades)} "


def friends_stem(audience: Audience) -> str:
    """How a file's question about the classmates begins, up to the act."""
    return f"Hvor mange {_FRIENDS[audience]} tror du "


def ask_others(audience: Audience, grade: int) -> str:
    """The question on the phone, where the act stands above it."""
    return f"Hvor mange {_others(audience, [grade])} tror du?"


def ask_friends(audience: Audience) -> str:
    """The question on the phone about those in the room."""
    return f"Hvor mange {_FRIENDS[audience]} tror du?"


def group(audience: Audience) -> str:
    """Those in the room, as the projector calls them: "i klassen"."""
    return _GROUP[audience]


def as_if(audience: Audience, present: int) -> str:
    """What a guess about all the others is out of, in the respondent's words."""
    whole = {
        Audience.PUPILS: "en klasse",
        Audience.YOUTH: "et hold",
        Audience.PARENTS: "en forældregruppe",
    }[audience]
    return f"Svar, som om det var {whole} på {present}."


def timed(act: str, recall: str) -> str:
    """An act with its time.

    >>> timed("har vapet", "de seneste 30 dage")
    'har vapet de seneste 30 dage'
    >>> timed("har hjulpet en, der faldt", "i dette skoleår")
    'har hjulpet en, der faldt, i dette skoleår'
    >>> timed("har brugt vape, snus eller cigaretter", "de seneste 30 dage")
    'har brugt vape, snus eller cigaretter de seneste 30 dage'
    """
    if not recall:
        return act
    # A subordinate clause before the time ends with a comma in Danish; a list does not.
    comma = "," if "," in _LIST.sub("", act) else ""
    return f"{act}{comma} {recall}"


_LIST = re.compile(r"\w+(?:, \w+)+ (?:eller|og) ")


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
