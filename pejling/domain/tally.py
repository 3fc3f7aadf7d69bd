"""Tallies: what was counted from ballots on paper, as the teacher types it.

Counted by question and never by ballot: what is typed is how often each answer was
given, so that no row of one pupil's answers ever enters the program. What is missing
up to the number of ballots counts as "Vil ikke svare", as an empty line on paper does.
"""

import re
from collections import Counter
from collections.abc import Mapping

from pejling.domain.question_sets import DECLINED, Option

NOBODY = "-"
"""Typed where not one pupil made a guess."""

LONGEST = 2000
"""Characters of one tally: 120 guesses of three digits need 480."""

_TIMES = re.compile(r"([0-9]{1,3})(?:[x×*]([0-9]{1,3}))?")


class UnfitTally(ValueError):
    """A tally that cannot be right; the message says why and what to do."""


def guesses(text: str, present: int, ballots: int) -> Counter[int] | None:
    """The guesses in a text: "5 8 8 10x3" is six guesses.

    :param present: pupils in the room: the largest guess.
    :param ballots: ballots handed in: the largest number of guesses.
    :return: guess -> how many gave it, with ``DECLINED`` for ballots without one;
        None where nothing was typed.
    :raises UnfitTally: naming the word that cannot be read, or the guesses too many.
    """
    if len(text) > LONGEST:
        raise UnfitTally("Det er for langt. Skriv kun gættene, med mellemrum.")
    words = re.sub(r"\s*([x×*])\s*", r"\1", re.sub("[,;]", " ", text.lower())).split()
    found: Counter[int] = Counter()
    for word in words:
        if word == NOBODY:
            continue
        read = _TIMES.fullmatch(word)
        if read is None:
            raise UnfitTally(
                f"”{word[:12]}” kan ikke læses. Skriv tal med mellemrum, for eksempel "
                "5 8 8 10x3."
            )
        guess, times = int(read[1]), int(read[2] or 1)
        if guess > present:
            raise UnfitTally(f"{guess} er flere end {present}, som der gættes ud af.")
        found[guess] += times
    return _filled(+found, ballots, "gæt") if words else None


def answers(
    typed: Mapping[int, str], options: tuple[Option, ...], ballots: int
) -> Counter[int] | None:
    """The own answers: how many ballots carry each option.

    :param typed: option code -> what was typed; an empty one is 0.
    :return: option code -> how many; ``DECLINED`` is what is left of the ballots.
        None where nothing was typed.
    :raises UnfitTally: if a number cannot be read, or they are more than the ballots.
    """
    found: Counter[int] = Counter()
    asked = [option for option in options if option.code != DECLINED]
    for option in asked:
        text = typed.get(option.code, "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise UnfitTally(f"Skriv et helt tal ved ”{option.label}”.")
        found[option.code] = int(text or 0)
    if not any(typed.get(option.code, "").strip() for option in asked):
        return None
    return _filled(+found, ballots, "svar")


def shortest(counted: Counter[int]) -> str:
    """Guesses in their shortest form, sorted: nothing of the ballots' order is left.

    >>> shortest(Counter({8: 2, 5: 1}))
    '5 8x2'
    """
    words = [
        f"{guess}x{times}" if times > 1 else str(guess)
        for guess, times in sorted(counted.items())
        if guess != DECLINED
    ]
    return " ".join(words) or NOBODY


def _filled(found: Counter[int], ballots: int, what: str) -> Counter[int]:
    typed = found.total()
    if typed > ballots:
        raise UnfitTally(
            f"Her er {typed} {what}, men kun {ballots} stemmesedler. Tæl igen."
        )
    if typed < ballots:
        found[DECLINED] = ballots - typed
    return found
