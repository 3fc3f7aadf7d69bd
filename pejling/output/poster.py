"""Posters "Vidste du?": one allowed finding, told from the majority's side, as SVG.

Which findings may hang on a wall: an overestimated risk, told by those who do not, and
a good or shared thing that is more common than believed (docs/method.md, "Posters").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from textwrap import wrap

from pejling.domain import wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.findings import Branch
from pejling.domain.question_sets import Direction, Role
from pejling.domain.revealed import Result, Results
from pejling.output.plot import PALETTE

WIDTH, HEIGHT = 840, 1188
"""A4 upright, four units to the millimetre; A3 has the same proportions."""

MARGIN = 72
_VOICE = "Iowan Old Style, Sitka Heading, Constantia, DejaVu Serif, Georgia, serif"
_TEXT = "Seravek, Segoe UI, Ubuntu, Noto Sans, DejaVu Sans, sans-serif"
_PAPER, _INK = PALETTE["paper"], PALETTE["ink"]
_EDGE, _FACT = PALETTE["edge"], PALETTE["fact"]


class Design(StrEnum):
    """How a poster looks."""

    FIGURES = "figurer"
    NUMBER = "tal"
    CONTRAST = "gaet"


NAMES: Mapping[Design, str] = {
    Design.FIGURES: "Figurer",
    Design.NUMBER: "Stort tal",
    Design.CONTRAST: "Gæt og svar",
}


@dataclass(frozen=True)
class Message:
    """What a poster says.

    :ivar number: the coded majority: "Mindst 22 ud af 24".
    :ivar answer: what they answered: "svarede ikke ja".
    :ivar question: what they were asked.
    :ivar guess: what the class believed, as a sentence.
    :ivar majority: those told of, coded, in pupils out of ``n``.
    :ivar hatched: pupils of whom it is not told on which side they are.
    """

    number: str
    answer: str
    question: str
    guess: str
    majority: int
    hatched: int
    n: int


def allowed(found: Results) -> list[Result]:
    """The results that may become a poster, in the order of the reveal."""
    shown = [one for one in map(found.item, found.order) if one is not None]
    return [one for one in shown if is_allowed(one)]


def is_allowed(result: Result) -> bool:
    """Whether a result may become a poster."""
    if result.finding is None or result.hidden or not result.finding.enough:
        return False
    if result.finding.branch is Branch.OVERESTIMATE:
        return result.triad.direction is Direction.RISK
    return result.finding.branch is Branch.MORE_THAN_THOUGHT


def message(result: Result) -> Message:
    """What the poster of an allowed result says.

    :raises ValueError: if the result may not become a poster.
    """
    own, norms = result.own, result.norms
    if not is_allowed(result) or not isinstance(own, Shown) or norms is None:
        raise ValueError(result.triad.id)
    asked = result.triad.item(Role.OWN)
    says_no = result.finding is not None and (
        result.finding.branch is Branch.OVERESTIMATE
    )
    number = wording.not_yes(own) if says_no else wording.out_of(own)
    # Coded: 1 stands for 0 to 2, so at the ends two more are hatched.
    ends = own.coding is not Coding.EXACT
    majority = own.n - own.value if says_no else own.value
    return Message(
        number=number[:1].upper() + number[1:],
        answer="svarede ikke ja" if says_no else "svarede ja",
        question=asked.text if asked else "",
        guess=(
            f"Vi havde gættet på {wording.number(norms.perceived)} ja-svar "
            f"ud af {norms.present}."
        ),
        majority=majority - 1 if ends else majority,
        hatched=2 if ends else 0,
        n=own.n,
    )


def draw(what: Message, who: str, design: Design) -> str:
    """The poster as SVG, made to hang: everything in ink, readable in black and white.

    :param who: class and day, for the last line.
    """
    body = _DESIGNS[design](what)
    foot = _text([f"{who} · social pejling"], MARGIN, HEIGHT - MARGIN + 20, 22, _TEXT)
    label = escape(f"Vidste du? {what.number} {what.answer}: {what.question}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-label="{label}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>'
        '<defs><pattern id="h" width="8" height="8" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)">'
        f'<path d="M0 4h8" stroke="{_FACT}"'
        ' stroke-width="3"/></pattern></defs>'
        f'<g fill="{_INK}">{body}{foot}</g></svg>'
    )


# --- designs --------------------------------------------------------------------------


class _Column:
    """Lines of text one under the other, from the top margin down."""

    def __init__(self, top: float) -> None:
        self.y = top
        self.parts: list[str] = []

    def say(self, text: str, size: float, gap: float, **look: str) -> None:
        """A text in as many lines as it takes, after a gap."""
        lines = _lines(text, size)
        self.y += gap + size
        self.parts.append(_text(lines, MARGIN, self.y, size, **look))
        self.y += 1.2 * size * (len(lines) - 1)

    def rule(self, gap: float) -> None:
        """A line across, after a gap."""
        self.y += gap
        self.parts.append(_rule(self.y))

    def __str__(self) -> str:
        return "".join(self.parts)


def _figures(what: Message) -> str:
    column = _Column(MARGIN)
    column.say("Vidste du?", 40, 0, family=_TEXT)
    column.say(what.number, 60, 40)
    column.say(what.answer, 60, 14)
    column.say(what.question, 42, 34)
    column.say(what.guess, 28, 26, family=_TEXT)
    top, bottom = column.y + 50, HEIGHT - MARGIN - 50
    columns = 6 if what.n <= 30 else 10 if what.n <= 70 else 12
    rows = -(-what.n // columns)
    cell = min((WIDTH - 2 * MARGIN) / columns, (bottom - top) / rows)
    left = (WIDTH - columns * cell) / 2
    people = []
    for place in range(what.n):
        row, across = divmod(place, columns)
        x, y = left + (across + 0.5) * cell, top + (row + 0.5) * cell
        people.append(_person(x, y, cell, _look(place, what)))
    return str(column) + "".join(people)


def _number(what: Message) -> str:
    first, _, rest = what.number.partition(" ud af ")
    before, _, digits = first.rpartition(" ")
    column = _Column(MARGIN)
    column.say("Vidste du?", 56, 0)
    if before:
        column.say(before, 56, 60)
    column.say(digits, 340, -20 if before else 60)
    column.say(f"ud af {rest}", 64, 30)
    column.say(what.answer, 64, 14)
    column.rule(56)
    column.say(what.question, 46, 34)
    column.say(what.guess, 28, 30, family=_TEXT)
    return str(column)


def _contrast(what: Message) -> str:
    column = _Column(MARGIN)
    column.say("Vidste du?", 40, 0, family=_TEXT)
    column.say(what.question, 52, 40)
    column.rule(60)
    guess_text, fact_text = PALETTE["guess-text"], PALETTE["fact-text"]
    column.say("Det troede vi", 36, 36, family=_TEXT, fill=guess_text)
    column.say(what.guess, 44, 26)
    column.rule(60)
    column.say("Sådan er det", 36, 36, family=_TEXT, fill=fact_text)
    column.say(what.number, 60, 30)
    column.say(what.answer, 60, 16)
    return str(column)


_DESIGNS: Mapping[Design, Callable[[Message], str]] = {
    Design.FIGURES: _figures,
    Design.NUMBER: _number,
    Design.CONTRAST: _contrast,
}


# --- parts ----------------------------------------------------------------------------


def _lines(text: str, size: float) -> list[str]:
    """A text in lines between the margins, wide letters reckoned with."""
    width = int((WIDTH - 2 * MARGIN) / (0.58 * size))
    return wrap(text, width, break_on_hyphens=False)


def _text(
    lines: Sequence[str],
    x: float,
    y: float,
    size: float,
    family: str = _VOICE,
    fill: str = _INK,
) -> str:
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + 1.2 * size * place:.1f}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return (
        f'<text font-family="{family}" font-size="{size:g}" fill="{fill}">{spans}'
        "</text>"
    )


def _rule(y: float) -> str:
    return (
        f'<path d="M{MARGIN} {y:g}H{WIDTH - MARGIN}" stroke="{_EDGE}"'
        ' stroke-width="2"/>'
    )


def _look(place: int, what: Message) -> str:
    if place < what.majority:
        return f'fill="{_FACT}"'
    if place < what.majority + what.hatched:
        return f'fill="url(#h)" stroke="{_FACT}" stroke-width="2"'
    return f'fill="none" stroke="{_EDGE}" stroke-width="2"'


def _person(x: float, y: float, cell: float, look: str) -> str:
    head, broad = 0.15 * cell, 0.25 * cell
    feet = y + 0.42 * cell
    return (
        f'<g {look}><circle cx="{x:.1f}" cy="{y - 0.27 * cell:.1f}" r="{head:.1f}"/>'
        f'<path d="M{x - broad:.1f} {feet:.1f}v{-0.16 * cell:.1f}'
        f"a{broad:.1f} {0.27 * cell:.1f} 0 0 1 {2 * broad:.1f} 0"
        f'v{0.16 * cell:.1f}z"/></g>'
    )
