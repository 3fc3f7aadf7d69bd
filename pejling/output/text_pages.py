"""Texts in Markdown as HTML: letters, information, statements.

Parsed by markdown-it-py (CommonMark with tables) with HTML switched off, so that a text
can hold nothing but what Markdown has.
"""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


@cache
def _parser() -> MarkdownIt:
    # No links: a text leads nowhere, and addresses are read as they are written.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("link")


def tokens(text: str) -> Sequence[Token]:
    """The text as a list of opening, closing and inline parts."""
    return _parser().parse(text)


def html(text: str) -> Markup:
    """The text as HTML; whatever looks like HTML in it is shown as it is written."""
    return Markup(_parser().render(text))  # noqa: S704 - rendered with HTML off


def plain(value: str) -> str:
    r"""A value that goes into a text as it is: no mark in it means anything.

    >>> plain("1. maj *og* [mere]")
    '1\\. maj \\*og\\* \\[mere\\]'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(value.split()))


def unmarked(line: str) -> str:
    r"""A heading's line as plain text.

    >>> unmarked("# Til forældre\\: fest")
    'Til forældre: fest'
    """
    (inline,) = [one for one in tokens(line) if one.type == "inline"]
    return words(inline)


def words(inline: Token) -> str:
    """What a reader sees of a line."""
    return "".join(one.content for one in inline.children or ())
