"""How hard a text is to read: LIX, and how long its sentences are.

LIX is the mean number of words in a sentence and the share of long words in per cent,
added (Björnsson, C.-H. 1968: Läsbarhet). It was made for Swedish and is what Danish
schools use. Two lines need no library; those that have it bring word lists of English.
"""

import re
from collections.abc import Sequence

LONG_WORD = 7
"""Letters from which a word counts as long: Björnsson's "more than six"."""

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of a text; numbers are words, marks are not.

    >>> words("Har du selv læst i dag (før kl. 20)?")
    ['Har', 'du', 'selv', 'læst', 'i', 'dag', 'før', 'kl', '20']
    """
    return _WORD.findall(text)


def lix(sentences: Sequence[str]) -> float:
    """The reading index of sentences, each of which counts as one.

    Sentences are handed in apart, because "6. klasse" and "kl. 22" do not end one.

    :return: about 15 (very easy) to 60; 0 where there is no word.

    >>> lix(["Har du selv trøstet en kammerat de sidste 7 dage?"])
    30.0
    """
    found = [word for sentence in sentences for word in words(sentence)]
    if not found:
        return 0.0
    long = sum(len(word) >= LONG_WORD for word in found)
    return len(found) / len(sentences) + 100 * long / len(found)
