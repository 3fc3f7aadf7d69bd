"""Disclosure control: which counts may be seen, and in what form.

Every number that a person sees has passed through here. The ends are coded: 0, 1 and 2
become one value, and so do n-2, n-1 and n; what is computed later (finding, sentence,
picture, file) is computed from the coded value, so that nothing tells them apart.

Sources of the thresholds: Danmarks Statistik treats cells of one or two persons as
unfit to show; n >= 10 is the commonest minimum group in US school statistics (NCES
2011-603); Eurostat/ESSnet's handbook on disclosure control names group disclosure (all
or none) as the neglected risk. See docs/privacy.md, "Thresholds".
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median_high, median_low

from pejling.domain.question_sets import Meaning, Sensitivity, Triad, options_of

MIN_STORED = 5
"""Answers below which nothing is kept or shown, not even guesses."""

MIN_OWN: Mapping[Sensitivity, int] = {
    Sensitivity.GREEN: 5,
    Sensitivity.YELLOW: 10,
    Sensitivity.RED: 15,
}
"""Answers below which own answers are withheld, by sensitivity."""

END = 2
"""Counts within this distance of none or all are coded."""

WARM_UP_STEP = 3
"""Answers between two pictures of the warm-up, so that no step shows one pupil."""

PROGRESS_STEP = 5
"""Progress on the projector moves in steps of this many answers."""

MIN_PROGRESS = 10
"""Pupils below which progress is only "i gang" and "alle har svaret"."""


class Coding(StrEnum):
    """What a coded value stands for."""

    LOW = "low"
    EXACT = "exact"
    HIGH = "high"


@dataclass(frozen=True)
class Shown:
    """A count that may be seen.

    :ivar value: pupils; 1 stands for 0-2 and ``n - 1`` for ``n-2``..``n``.
    :ivar n: how many answered, the denominator, in pupils.
    """

    value: int
    n: int
    coding: Coding


@dataclass(frozen=True)
class Withheld:
    """A count that may not be seen: the group is too small."""

    needed: int


class Omission(StrEnum):
    """Why a teacher has left a behaviour out: from a list, so no name can be typed."""

    NOT_SERIOUS = "ikke_alvorligt"
    MISREAD = "misforstaaet"
    DISTURBED = "forstyrret"


@dataclass(frozen=True)
class OwnCounts:
    """Own answers of one class on one behaviour, in pupils, as stored."""

    yes: int
    no: int
    declined: int

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.declined) < 0:
            raise ValueError("counts are at least 0")

    @classmethod
    def of(cls, triad: Triad, options: Mapping[int, int]) -> "OwnCounts":
        """Option -> pupils, summed up by what the options mean."""
        sums = dict.fromkeys(Meaning, 0)
        for option in options_of(triad):
            sums[option.meaning] += options.get(option.code, 0)
        return cls(sums[Meaning.YES], sums[Meaning.NO], sums[Meaning.DECLINED])

    @property
    def base(self) -> int:
        """The denominator: those who answered yes or no, and one or two who declined.

        One or two who declined are not taken out: a denominator of 23 beside "alle 24
        har svaret" would show the class that one pupil did not want to answer. They
        count as not having said yes; the sentences say "svarede ikke ja".
        """
        return self.yes + self.no + (self.declined if self.declined <= END else 0)


def disclose_own(own: OwnCounts, sensitivity: Sensitivity) -> Shown | Withheld:
    """The own answers as they may be seen: coded, or withheld.

    The base, not the number of valid answers, is held against the minimum: otherwise
    whether a figure is shown would tell if someone declined.
    """
    needed = MIN_OWN[sensitivity]
    if own.base < needed:
        return Withheld(needed)
    return code_ends(own.yes, own.base)


def code_ends(count: int, n: int) -> Shown:
    """``count`` of ``n`` pupils with the ends coded.

    :raises ValueError: if ``count`` is outside 0..n, or n too small for two ends.
    """
    if not 0 <= count <= n or n < MIN_STORED:
        raise ValueError(f"{count} of {n}")
    if count <= END:
        return Shown(END - 1, n, Coding.LOW)
    if count >= n - END:
        return Shown(n - END + 1, n, Coding.HIGH)
    return Shown(count, n, Coding.EXACT)


def bounds(shown: Shown) -> tuple[int, int]:
    """The smallest and largest count that a coded value stands for."""
    if shown.coding is Coding.LOW:
        return 0, END
    if shown.coding is Coding.HIGH:
        return shown.n - END, shown.n
    return shown.value, shown.value


def disclose_declined(declined: int) -> int:
    """How many declined, with 0-2 as 0: fewer than three are never told apart."""
    return declined if declined > END else 0


def disclose_guesses(
    guesses: Mapping[int, int], declined: int
) -> Mapping[int, int] | Withheld:
    """Guesses (guess in pupils -> how many guessed it), exact from 5 answers on.

    One or two who would not guess stand in the middle, where they do not move the
    median: 23 dots beside "alle 24 har svaret" would show that there is one. As with
    own answers, everything is computed from what is shown.
    """
    given = sorted(guess for guess, n in guesses.items() for _ in range(n))
    hidden = declined if declined <= END else 0
    if len(given) + hidden < MIN_STORED:
        return Withheld(MIN_STORED)
    middle = (median_low(given), median_high(given))
    return dict(sorted(Counter([*given, *middle[:hidden]]).items()))


def may_store(answered: int) -> bool:
    """Whether a triad answered by this many pupils is kept when it is closed."""
    return answered >= MIN_STORED


def progress(answered: int, seats: int) -> int:
    """How many have answered as the room may see it: in steps of 5, or all.

    :return: pupils; 0 while a class below 10 is on its way, ``seats`` when all have
        answered.
    """
    if seats and answered >= seats:
        return seats
    if seats < MIN_PROGRESS:
        return 0
    return answered - answered % PROGRESS_STEP


def warm_up_moves(answered: int, shown: int, seats: int) -> bool:
    """Whether the warm-up's chart may move to ``answered`` pupils from ``shown``.

    Each picture differs from the last by at least three answers, and the first holds
    at least five. The steps are laid so that the last one falls when all have answered;
    if the class stops before, the rest is never shown.
    """
    if answered < MIN_STORED or answered - shown < WARM_UP_STEP:
        return False
    rest = seats - answered
    return rest == 0 or rest >= WARM_UP_STEP
