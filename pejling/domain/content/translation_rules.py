"""The rules for the other languages of a set: whole, about what is there, and safe.

What is missing is a warning: the set works in Danish, and a language is offered only
where all that is asked and all that stands around it is there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pejling.domain import respondent_words
from pejling.domain.content.problems import Level
from pejling.domain.content.shape import Notes
from pejling.domain.question_sets import QuestionSet

Rule = Callable[[Notes, QuestionSet], None]


def check(notes: Notes, found: QuestionSet) -> None:
    """Every rule about the other languages of a set."""
    for rule in _RULES:
        rule(notes, found)


def _rows(found: QuestionSet, key: str) -> Sequence[Mapping[str, Any]]:
    rows = found.raw.get(key)
    is_tables = isinstance(rows, list) and all(isinstance(one, dict) for one in rows)
    return rows if is_tables and rows else []


def _languages(notes: Notes, found: QuestionSet) -> None:
    for key in ("oversat", "skaermord"):
        for place, one in enumerate(_rows(found, key)):
            tag = one.get("sprog")
            known = isinstance(tag, str) and respondent_words.is_language(tag)
            if known and tag != respondent_words.DANISH:
                continue
            what = f"Sproget {tag!r} kan ikke bruges."
            instead = "Skriv det som en, ar eller pt-BR; dansk står i selve sættet."
            notes.say("language", (key, place, "sprog"), what, instead)


def _translations(notes: Notes, found: QuestionSet) -> None:
    ids = {triad.id for triad in found.triads}
    seen = set()
    for place, one in enumerate(_rows(found, "oversat")):
        name, tag = str(one.get("id")), str(one.get("sprog"))
        if name not in ids:
            what = f"Der er intet spørgsmål med id {name!r}."
            instead = "Brug et id, som et spørgsmål i sættet har."
            notes.say("translation", ("oversat", place, "id"), what, instead)
        if (tag, name) in seen:
            what = f"{name!r} er oversat to gange til {tag}."
            notes.say("translation", ("oversat", place), what, "Slet den ene.")
        seen.add((tag, name))


def _missing(notes: Notes, found: QuestionSet) -> None:
    languages = {tag for triad in found.triads for tag in triad.translated}
    for tag in sorted(languages):
        left = [one.act for one in found.triads if tag not in one.translated]
        if left:
            what = f"På {tag} mangler: {'; '.join(left)}."
            instead = "Oversæt dem, eller slet sproget."
            notes.say(
                "translation-missing",
                ("spoergsmaal",),
                what,
                instead,
                Level.WARNING,
            )


def _screen_words(notes: Notes, found: QuestionSet) -> None:
    needed = respondent_words.needed(found.audience)
    seen = set()
    for place, one in enumerate(_rows(found, "skaermord")):
        key, tag = str(one.get("noegle")), str(one.get("sprog"))
        path = ("skaermord", place, "noegle")
        if tag in respondent_words.PROGRAM:
            what = f"Programmet har selv skærmens ord på {tag}."
            notes.say("screen-word", path, what, "Slet dem her.")
        elif key not in needed:
            what = "Skærmen har ingen ord med det navn."
            instead = f"{key!r} findes ikke; se pejling/data/respondent/da.toml."
            notes.say("screen-word", path, what, instead)
        elif respondent_words.braces(str(one.get("tekst"))) != (
            wanted := respondent_words.braces(needed[key])
        ):
            names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "ingen"
            what = "Det, der sættes ind i skærmens ord, passer ikke."
            instead = f"Skriv i krøllede parenteser: {names}."
            notes.say("screen-word", ("skaermord", place, "tekst"), what, instead)
        if (tag, key) in seen:
            what = f"Skærmens ord står to gange på {tag}."
            notes.say("screen-word", path, what, f"Slet det ene {key!r}.")
        seen.add((tag, key))


def _screen_words_missing(notes: Notes, found: QuestionSet) -> None:
    needed = respondent_words.needed(found.audience)
    asked = {tag for triad in found.triads for tag in triad.translated}
    for tag in sorted(asked - set(respondent_words.PROGRAM)):
        left = [key for key in needed if key not in found.screen_words.get(tag, {})]
        if left:
            what = f"Af skærmens ord på {tag} mangler {len(left)}."
            instead = f"Skriv under [[skaermord]]: {', '.join(left)}."
            notes.say(
                "screen-word-missing",
                ("spoergsmaal",),
                what,
                instead,
                Level.WARNING,
            )


_RULES: Sequence[Rule] = (
    _languages,
    _translations,
    _missing,
    _screen_words,
    _screen_words_missing,
)
