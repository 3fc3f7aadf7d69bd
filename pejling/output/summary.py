"""The summary after the lesson as a text: for Aula, for a page, for Word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pejling.domain import curriculum, promises, summary
from pejling.domain.grades import YOUTH_EDUCATION
from pejling.domain.help_lines import HelpLine
from pejling.domain.revealed import Result
from pejling.domain.sessions import Session
from pejling.output.information import FOR_WHOM, TOPICS
from pejling.output.text_pages import plain


@dataclass(frozen=True)
class Part:
    """What stands under one heading.

    :ivar points: a list; each with what is set in strong letters, or "", and the rest.
    """

    heading: str
    before: str = ""
    points: tuple[tuple[str, str], ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Summary:
    """A text of one page."""

    title: str
    parts: tuple[Part, ...]


_TITLE = {"da": "Til forældre {of}: {title}", "en": "To parents of {of}: {title}"}
_AGREEMENT = {"da": "Klassens aftale", "en": "The agreement of the class"}
_LESSON = {
    "da": "Et af timens spørgsmål var: ”{text}”",
    "en": "One of the questions of the lesson, in Danish: ”{text}”",
}
_IN_DANISH = {
    "da": "",
    "en": "The questions were asked in Danish and stand here as they were asked. ",
}


def write(
    session: Session,
    chosen: Sequence[Result],
    agreed: Sequence[str],
    language: str,
    values: Mapping[str, str],
    help_lines: Sequence[HelpLine] = (),
) -> Summary:
    """What the class did, found and agreed on, and what to talk about at home.

    :param chosen: of :func:`pejling.domain.summary.allowed`.
    :param agreed: the class's agreement; left out where it is empty.
    :param values: the day in words as "day", and the kommune's details.
    :param help_lines: the kommune's own; the text ends with them.
    """
    questions = session.questions
    known = {
        **values,
        "class": session.class_name,
        "theme": {
            "da": curriculum.TOPIC_NAMES[questions.topic].lower(),
            "en": TOPICS[questions.topic],
        }[language],
    }
    heading, did = _said("what", language, known)
    parts = [Part(heading, did)]
    if chosen:
        heading, coded = _said("found", language, known)
        points = tuple((_asked(one), summary.told(one, language)) for one in chosen)
        parts.append(Part(heading, "", points, _IN_DANISH[language] + coded))
    parts.append(_talk(session, language, known))
    if agreed:
        points = tuple(("", one) for one in agreed)
        parts.append(Part(_AGREEMENT[language], questions.agreement, points))
    parts.append(_help(language, known, help_lines))
    of = session.class_name
    if language == "da":
        is_class = session.letter and session.grade != YOUTH_EDUCATION
        of = f"i {of}" if is_class else f"på {of}"
    title = _TITLE[language].format(of=of, title=questions.title)
    return Summary(title, tuple(parts))


def _talk(session: Session, language: str, known: Mapping[str, str]) -> Part:
    """Questions for the table at home, and one of those that the class had."""
    heading, own_choice = _said("talk", language, known)
    points = [("", one) for one in summary.questions(session.questions.topic, language)]
    for prompt in session.questions.prompts:
        if prompt.when == "alle":
            points.append(("", _LESSON[language].format(text=prompt.text)))
            break
    return Part(heading, "", tuple(points), own_choice)


def _help(
    language: str, known: Mapping[str, str], help_lines: Sequence[HelpLine]
) -> Part:
    heading, words = _said("help", language, known)
    details = ("contact", "contact_email", "contact_phone")
    # A gap in brackets would be sent to all parents: better no sentence than half one.
    if all(known.get(one) for one in details):
        words += f" {_said('contact', language, known)[1]}"
    lines = [("", one.said + FOR_WHOM[one.for_whom][language]) for one in help_lines]
    return Part(heading, words, tuple(lines))


def _said(place: str, language: str, known: Mapping[str, str]) -> tuple[str, str]:
    (part,) = promises.of_page("summary", place)
    return part.heading[language], part.said(language, known)


def _asked(result: Result) -> str:
    if result.is_about_others:
        return result.question_about_others
    return result.question


def markdown(what: Summary) -> str:
    """The text as Markdown, from which page and Word file are made."""
    lines = [f"# {plain(what.title)}", ""]
    for part in what.parts:
        lines += [f"## {part.heading}", ""]
        lines += [plain(part.before), ""] if part.before else []
        for strong, rest in part.points:
            bold = f"**{plain(strong)}** " if strong else ""
            lines.append(f"- {bold}{plain(rest)}")
        lines += [""] if part.points else []
        lines += [plain(part.after), ""] if part.after else []
    return "\n".join(lines)


def text(what: Summary) -> str:
    """The text without any marks, as it goes into a message on Aula."""
    blocks = [what.title]
    for part in what.parts:
        lines = [part.heading, part.before]
        lines += [
            f"– {strong} {rest}".replace("  ", " ") for strong, rest in part.points
        ]
        lines.append(part.after)
        blocks.append("\n".join(one for one in lines if one))
    return "\n\n".join(blocks)
