"""Promises: what pupils and parents are told about their answers, sentence by sentence.

The sentences lie in ``pejling/data/promises.toml`` in Danish and English, each with an
id; docs/promises.md names the tests that hold each of them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Sentence:
    """One sentence, by language."""

    id: str
    words: Mapping[str, str]

    def said(self, language: str, values: Mapping[str, str] | None = None) -> str:
        """The sentence with the words in braces filled in.

        :raises KeyError: if a word is not among the values.
        """
        return self.words[language].format_map(values or {})


@dataclass(frozen=True)
class Part:
    """Sentences that stand together.

    :ivar place: where on its page; several parts may have the same.
    """

    page: str
    place: str
    heading: Mapping[str, str]
    sentences: tuple[Sentence, ...]

    def said(self, language: str, values: Mapping[str, str] | None = None) -> str:
        """All of it as running text."""
        return " ".join(one.said(language, values) for one in self.sentences)


@cache
def parts() -> tuple[Part, ...]:
    """All parts, in the order of their pages."""
    text = (files("pejling") / "data" / "promises.toml").read_text(encoding="utf-8")
    return tuple(
        Part(
            one["page"],
            one["place"],
            one.get("heading", {}),
            tuple(
                Sentence(said["id"], {name: said[name] for name in LANGUAGES})
                for said in one["sentences"]
            ),
        )
        for one in tomllib.loads(text)["part"]
    )


def of_page(page: str, place: str = "") -> list[Part]:
    """The parts of a page, or of one place on it."""
    return [one for one in parts() if one.page == page and place in ("", one.place)]


def sentences() -> list[Sentence]:
    """All sentences, in order."""
    return [said for one in parts() for said in one.sentences]
