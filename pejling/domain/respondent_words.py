"""The fixed words of a respondent's screens, in the languages that there are.

Danish and English lie in ``pejling/data/respondent/``; a question set may carry the
words of a language that the program lacks. A language is offered for a session only
where every question and every word of its screens is there: half a translation is
worse than none for who needs it.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pejling.domain import promises
from pejling.domain.question_sets import (
    DECLINED,
    HONESTY_ID,
    Audience,
    Option,
    QuestionSet,
    Recall,
    Role,
    Triad,
    options_of,
)

DANISH = "da"

PROGRAM = promises.LANGUAGES
"""Languages that the program has itself; a set cannot bring other words for them."""

PROMISE = "loefte_"
"""Begins the keys of the promise's sentences, where a set brings a language."""

PAGES: Mapping[Audience, str] = {
    Audience.PUPILS: "pupil",
    Audience.YOUTH: "pupil",
    Audience.PARENTS: "parents",
}
"""Audience -> its page in :mod:`pejling.domain.promises`."""

_TIMED = (Recall.WEEK, Recall.MONTH, Recall.QUARTER, Recall.SCHOOL_YEAR, Recall.YEAR)
TIMES = tuple(f"tid_{one}" for one in _TIMED)
"""Keys of the words of time, which every language but Danish has."""

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_BRACES = re.compile(r"\{(\w+)\}")
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
_LONGEST_TAG = 20


@dataclass(frozen=True)
class Words:
    """What one respondent reads: the words of a language for an audience.

    :ivar language: BCP 47: "da", "en", "ar".
    :ivar texts: key -> words, with braces where something is filled in.
    """

    language: str
    texts: Mapping[str, str]

    def said(self, key: str, **values: object) -> str:
        """The words of a key with what stands in braces filled in.

        Not by ``str.format``: a set's words may be anybody's.

        :raises KeyError: if the language has no such words.
        """
        return _BRACES.sub(
            lambda found: str(values.get(found[1], found[0])), self.texts[key]
        )

    @property
    def direction(self) -> str:
        """Which way the language is read: "ltr" or "rtl"."""
        return direction(self.language)

    @property
    def is_danish(self) -> bool:
        """Whether it is the language in which the session is led."""
        return self.language == DANISH

    def act(self, triad: Triad) -> str:
        """What is asked about, after the words that stand above it."""
        return triad.act if self.is_danish else triad.translated[self.language].act

    def own(self, triad: Triad) -> str:
        """The own question; "" where none is asked."""
        if triad.id == HONESTY_ID:
            return self.said("svarede_du_aerligt")
        if not self.is_danish:
            return triad.translated[self.language].own
        item = triad.item(Role.OWN)
        return item.text if item else ""

    def time(self, triad: Triad) -> str:
        """The time that is asked about, "" where the act carries it."""
        if self.is_danish or triad.id == HONESTY_ID:
            return triad.recall_text
        fixed = self.texts.get(f"tid_{triad.recall}", "")
        return triad.translated[self.language].time or fixed

    def heading(self, triad: Triad) -> str:
        """What the review is about, in one line."""
        if triad.item(Role.OTHERS) is None:
            return self.own(triad)
        if self.is_danish and len(triad.items) == 1:
            return triad.items[0].text
        return self.act(triad)

    def option(self, triad: Triad, option: Option) -> str:
        """An option of the own question as it is tapped."""
        if option.code == DECLINED:
            return self.said("vil_ikke_svare")
        name = HONESTY_ID if triad.id == HONESTY_ID else triad.answer.value
        known = self.texts.get(f"svar_{name}_{option.code}")
        return known or self.said("svar_ingen_anledning")

    def options(self, triad: Triad) -> list[tuple[int, str]]:
        """Code and words of each option of the own question."""
        return [(one.code, self.option(triad, one)) for one in options_of(triad)]

    def promise(self, part: promises.Part) -> str:
        """A part of the promise as running text."""
        if self.language in PROGRAM:
            return part.said(self.language)
        return " ".join(self.said(f"{PROMISE}{one.id}") for one in part.sentences)


def direction(language: str) -> str:
    """Which way a language is read: "ltr" or "rtl".

    >>> direction("ar"), direction("ku-Arab"), direction("fa-Latn"), direction("so")
    ('rtl', 'rtl', 'ltr', 'ltr')
    """
    first, *rest = language.split("-")
    scripts = [one for one in rest if len(one) == 4 and one.isalpha()]
    if scripts:
        return "rtl" if scripts[0].title() in ("Arab", "Hebr", "Thaa") else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def is_language(tag: str) -> bool:
    """Whether it could be the name of a language at all, as BCP 47 writes them."""
    return len(tag) <= _LONGEST_TAG and _TAG.fullmatch(tag) is not None


def of_program(language: str, audience: Audience) -> Words:
    """The program's own words of a language for those who answer.

    :raises KeyError: if the program does not have the language.
    """
    if language not in PROGRAM:
        raise KeyError(language)
    return _of_program(language, audience)


@cache
def _of_program(language: str, audience: Audience) -> Words:
    path = files("pejling") / "data" / "respondent" / f"{language}.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {key: one for key, one in read.items() if isinstance(one, str)}
    return Words(language, texts | read[audience.value])


def needed(audience: Audience) -> Mapping[str, str]:
    """Key -> Danish words of all that a set has to bring for a language of its own."""
    danish = _of_program(DANISH, audience).texts
    sentences = [
        said for part in promises.of_page(PAGES[audience]) for said in part.sentences
    ]
    return {
        **danish,
        **dict.fromkeys(TIMES, ""),
        **{f"{PROMISE}{one.id}": one.words[DANISH] for one in sentences},
    }


def braces(text: str) -> frozenset[str]:
    """What is filled in, by the names in braces.

    >>> sorted(braces("{nummer} af {antal}"))
    ['antal', 'nummer']
    """
    return frozenset(_BRACES.findall(text))


def offered(
    questions: QuestionSet, triads: Sequence[Triad], program: Collection[str] = PROGRAM
) -> list[Words]:
    """The languages in which all of a session is there, Danish first.

    :param triads: those that are asked in it.
    :param program: the program's languages that the kommune offers.
    """
    audience = questions.audience
    found = [_of_program(DANISH, audience)]
    for language in (*PROGRAM[1:], *sorted(questions.screen_words)):
        if not all(language in one.translated for one in triads):
            continue
        if language in PROGRAM:
            if language in program:
                found.append(_of_program(language, audience))
            continue
        texts = questions.screen_words[language]
        if needed(audience).keys() <= texts.keys():
            found.append(Words(language, texts))
    return found
