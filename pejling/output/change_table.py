"""Before and after as words and as a table, from the same values as the figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from pejling.domain import change_wording, wording
from pejling.domain.change_wording import SHORT, perceived
from pejling.domain.disclosure import Shown
from pejling.domain.follow_up import Change, Count
from pejling.domain.revealed import Result
from pejling.output import captions


@dataclass(frozen=True)
class ChangeRow:
    """One behaviour in the table.

    :ivar seen: whether a change of the guesses can be seen, in words.
    :ivar way: which way those astray guess: "for højt" or "for lavt".
    """

    topic: str
    before: str
    after: str
    seen: str
    way: str
    astray_before: str
    astray_after: str
    yes: str


def table(pairs: Sequence[tuple[Result, Change]]) -> tuple[ChangeRow, ...]:
    """A row for each behaviour; of the own answers those of the later run."""
    return tuple(_row(result, change) for result, change in pairs)


def _row(result: Result, change: Change) -> ChangeRow:
    before, after = change.before.norms, change.after.norms
    own = result.own
    return ChangeRow(
        topic=captions.topic(result),
        before=f"{wording.number(before.perceived)} ud af {before.present}",
        after=f"{wording.number(after.perceived)} ud af {after.present}",
        seen=_seen(change),
        way="for lavt" if change.asks_too_low else "for højt",
        astray_before=_of(change.astray_before),
        astray_after=_of(change.astray_after),
        yes=wording.out_of(own) if isinstance(own, Shown) else "–",
    )


def describe(result: Result, change: Change) -> str:
    """What the picture of one behaviour shows, in words."""
    words = [
        "En prik for hvert gæt, sidst øverst og nu nederst.",
        *change_wording.guesses(change),
    ]
    if isinstance(result.own, Shown):
        words.append(f"Facit nu: {wording.out_of(result.own)} svarede ja.")
    return " ".join(words)


def describe_all(pairs: Sequence[tuple[Result, Change]]) -> str:
    """What the overview shows, in words."""
    words = []
    for result, change in pairs:
        first, second = perceived(change)
        topic = captions.topic(result, time=False)
        own = result.own
        facit = f", facit nu {wording.out_of(own)}" if isinstance(own, Shown) else ""
        words.append(f"{topic}: sidst {first}, nu {second}, {_seen(change)}{facit}.")
    return " ".join(words)


def _seen(change: Change) -> str:
    return SHORT[change.believed] if change_wording.is_moved(change) else "det samme"


def _of(count: Count) -> str:
    return f"{count.value} ud af {count.n}"
