"""What people are told: the letter to parents, the page on data, the statements.

Written in Markdown, from which both HTML and Word are made. Names and contacts are the
kommune's own; what it has not filled in stands as a gap in brackets.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from pejling.domain import curriculum, promises
from pejling.domain.help_lines import ForWhom, HelpLine
from pejling.domain.kommune import DETAILS
from pejling.domain.question_sets import QuestionSet, Role, Topic
from pejling.output.text_pages import plain

TEXTS = ("data", "was", "dpia")
"""The texts of ``pejling/data/texts``, in Danish and English."""

_LETTER = {
    "title": {"da": "Til forældre: {title}", "en": "To parents: {title}"},
    "questions": {"da": "Alle spørgsmål", "en": "All questions"},
    "help": {
        "da": "I kommunen kan I også få hjælp her:",
        "en": "In the kommune there is help here as well:",
    },
    "choice": {
        "da": "Om hvert emne gætter eleven først, hvor mange af alle de andre og af "
        "klassen det gælder. Så kommer spørgsmålet til eleven selv. Læreren vælger "
        "blandt disse:",
        "en": "On each topic the pupil first guesses for how many of all the others, "
        "and of the class, it is so. Then comes the question about the pupil. The "
        "teacher chooses among these, which are asked in Danish:",
    },
}

TOPICS: Mapping[Topic, str] = {
    Topic.WELLBEING: "well-being and fellowship",
    Topic.DIGITAL: "digital life",
    Topic.TRAFFIC: "traffic",
    Topic.NICOTINE: "nicotine",
    Topic.ALCOHOL: "alcohol and parties",
    Topic.DRUGS: "drugs",
    Topic.CRIME: "law and crime",
    Topic.CONTROL: "freedom and control",
    Topic.PASSAGE: "moving on",
}
"""The themes in English; in Danish they are those of the curriculum."""


def text(name: str, language: str, values: Mapping[str, str]) -> str:
    """One of ``TEXTS`` as Markdown, with names and contacts.

    :param values: what its words in braces stand for; those of the kommune may lack.
    :raises KeyError: if another word in braces is not among them.
    """
    path = files("pejling") / "data" / "texts" / language / f"{name}.md"
    raw = path.read_text(encoding="utf-8")
    return raw.format_map(_filled(values, language))


def letter(
    questions: QuestionSet,
    language: str,
    values: Mapping[str, str],
    deleted: str,
    help_lines: Sequence[HelpLine] = (),
) -> str:
    """The letter to parents about a set, as Markdown.

    :param deleted: the day by which the class's numbers are deleted, in words.
    :param help_lines: the kommune's own; the last part of the letter ends with them.
    """
    theme = {
        "da": curriculum.TOPIC_NAMES[questions.topic].lower(),
        "en": TOPICS[questions.topic],
    }[language]
    known = _filled({**values, "theme": theme, "deleted": deleted}, language)
    title = _LETTER["title"][language].format(title=plain(questions.title))
    lines = [f"# {title}", ""]
    for part in promises.of_page("letter"):
        lines += [f"## {part.heading[language]}", "", part.said(language, known), ""]
    if help_lines:
        lines += [_LETTER["help"][language], ""]
        lines += [*(f"- {_help_line(one, language)}" for one in help_lines), ""]
    lines += [f"## {_LETTER['questions'][language]}", "", _LETTER["choice"][language]]
    lines += ["", *_questions(questions)]
    return "\n".join(lines)


FOR_WHOM: Mapping[ForWhom, Mapping[str, str]] = {
    ForWhom.ALL: {"da": "", "en": ""},
    ForWhom.PUPILS: {"da": " (for børn og unge)", "en": " (for children and young)"},
    ForWhom.PARENTS: {"da": " (for forældre)", "en": " (for parents)"},
}


def _help_line(one: HelpLine, language: str) -> str:
    return plain(one.said) + FOR_WHOM[one.for_whom][language]


def _questions(questions: QuestionSet) -> list[str]:
    """What the pupil is asked about herself, behaviour by behaviour."""
    asked = [triad.item(Role.OWN) for triad in questions.triads]
    return [f"- {plain(item.text)}" for item in asked if item]


def _filled(values: Mapping[str, str], language: str) -> dict[str, str]:
    """The values as they may stand in Markdown, gaps where details lack."""
    place = promises.LANGUAGES.index(language)
    gaps = {one.id: f"\\[{one.gap[place]}\\]" for one in DETAILS}
    return gaps | {name: plain(value) for name, value in values.items() if value}
