"""The order in which seats answered, read from a copy of the ballot box.

The attacker has the bytes of ``ballot_box.db`` and of all files beside it: once in the
warm-up, once among the questions, once after a question is closed and once after the
session. Without rowid the rows lie in the order of their keys, but only as SQL tells
them: within a page SQLite puts each new row before those that are there, and sorts the
list of where they begin, not the rows. That is what marks and tallies that are made
before the first answer take away.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from bench.privacy import lessons, pages
from bench.privacy.figure import Figure, count, rate
from bench.privacy.pages import Cell
from pejling.domain import sessions
from pejling.domain.question_sets import Role
from pejling.domain.sessions import Pacing, Session
from pejling.storage import ballot_box, connections
from pejling.storage.ballot_box import Seat
from pejling.storage.connections import Stores

FEW = 5
"""Seats below which an order is not worth reading."""

CLASSES_OF_A_FOLDER = 500
"""A new data folder after so many: the archive grows, the ballot box does not."""


@dataclass
class Read:
    """What could be read of the order in copies of one kind, class by class.

    :ivar pairs: share of pairs of seats put in the right order; 0.5 is chance.
    :ivar near: the same for pairs on one page of the file.
    :ivar whole: whether the whole order was read, 0 or 1; chance is below 1 in 120.
    """

    pairs: list[float] = field(default_factory=list)
    near: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    def add(self, rows: Sequence[Cell], truth: Sequence[str]) -> None:
        """Let the attacker read the order of these rows, and hold it against the truth.

        :param truth: token hashes in the order in which they came.
        """
        guessed = in_order(rows)
        place = {one.row[1]: at for at, one in enumerate(guessed)}
        page = {one.row[1]: one.page for one in rows}
        right, near = [], []
        for first, second in combinations(truth, 2):
            hit = place[first] < place[second]
            right.append(hit)
            if page[first] == page[second]:
                near.append(hit)
        self.pairs.append(sum(right) / len(right))
        if near:
            self.near.append(sum(near) / len(near))
        self.whole.append(float([one.row[1] for one in guessed] == list(truth)))


@dataclass
class Seen:
    """Everything that the attacker found in many classes.

    :ivar content: share of pairs put in order by how many questions each seat has sent:
        what the table says, however its rows lie.
    :ivar left: what was found where nothing may be: after a question was closed, and
        after the session; ``searches`` how many times something was looked for.
    """

    warm_up: Read = field(default_factory=Read)
    together: Read = field(default_factory=Read)
    stepwise: Read = field(default_factory=Read)
    joining: Read = field(default_factory=Read)
    closed: Read = field(default_factory=Read)
    content: list[float] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    searches: int = 0


@dataclass(frozen=True)
class Copy:
    """A copy of the ballot box, taken apart."""

    marks: Sequence[Cell]
    seat: Sequence[Cell]

    def senders(self, triad: str) -> list[Cell]:
        """The marks of the seats that have sent a triad, the seat's hash second."""
        return [
            replace(one, row=(session, token_hash))
            for one in self.marks
            for session, asked, token_hash, is_sent in [one.row]
            if asked == triad and is_sent
        ]


def take(folder: Path) -> Copy:
    """Copy the ballot box as it lies there now."""
    path = folder / connections.BALLOT_BOX
    raw, roots = path.read_bytes(), pages.tables(path)
    return Copy(*(pages.cells(raw, roots[one]) for one in ("mark", "seat")))


def in_order(rows: Iterable[Cell]) -> list[Cell]:
    """The rows as they probably came: on a page from its end, pages side by side."""
    by_page: dict[int, list[Cell]] = {}
    for one in rows:
        by_page.setdefault(one.page, []).append(one)
    placed = []
    for there in by_page.values():
        there.sort(key=lambda one: -one.offset)
        placed += [((at + 0.5) / len(there), one) for at, one in enumerate(there)]
    return [one for _, one in sorted(placed, key=lambda one: one[0])]


# --- many lessons ---------------------------------------------------------------------


def measure(classes: int, seed: int = 1) -> list[Figure]:
    """The order in copies of so many simulated classes, and what is left at the end."""
    return told(simulate(classes, seed), classes)


def simulate(classes: int, seed: int = 1) -> Seen:
    """Let the attacker look at so many classes, one after the other."""
    chance = random.Random(seed)  # noqa: S311 - the same classes every time
    seen = Seen()
    for first in range(0, classes, CLASSES_OF_A_FOLDER):
        with lessons.folder() as folder, lessons.open_stores(folder) as both:
            ballot_box.vacuum(both.ballots)
            empty = pages.without_counts(_bytes(folder)[connections.BALLOT_BOX])
            for number in range(first, min(classes, first + CLASSES_OF_A_FOLDER)):
                lesson = _Lesson(both, folder, chance, seen)
                lesson.run(list(Pacing)[number % 2], empty)
    return seen


@dataclass
class _Lesson:
    """One class, and the attacker beside it."""

    both: Stores
    folder: Path
    chance: random.Random
    seen: Seen

    def run(self, pacing: Pacing, empty: bytes) -> None:
        """From the lobby to the end; one copy in the warm-up, one in a question."""
        present = self.chance.randint(18, 28)
        session = lessons.open_class(self.both, present, pacing=pacing)
        tokens = lessons.take_seats(self.both, session, present)
        seats = list(tokens)
        self.seen.joining.add(take(self.folder).seat, [one.token_hash for one in seats])
        session = lessons.go_on(self.both, session)
        asked = 0
        copied = self.chance.randint(1, len(session.triads) - 1)
        while session.is_open:
            triads = sessions.open_triads(session)
            sends = lessons.paced(seats, triads, self.chance)
            look = asked == 0 or pacing is Pacing.TOGETHER or asked == copied
            self._answer(session, sends, look=look)
            secrets = self._secrets(session, tokens)
            session = lessons.go_on(self.both, session)
            if session.is_open:
                self._after_question(triads[0], sends)
            if session.is_open and not sessions.open_triads(session):
                session = lessons.go_on(self.both, session)
            asked += 1
        self._after_session(empty, secrets)

    def _answer(
        self, session: Session, sends: list[tuple[Seat, str]], *, look: bool
    ) -> None:
        stop = self.chance.randint(FEW, len(sends))
        for number, (seat, triad_id) in enumerate(sends, 1):
            triad = session.asked(triad_id)
            given = lessons.a_ballot(triad, session.present, self.chance)
            lessons.send(self.both, session, seat, triad_id, given)
            if look and number == stop:
                self._copy(session, sends[:number])

    def _copy(self, session: Session, sent: Sequence[tuple[Seat, str]]) -> None:
        copy = take(self.folder)
        for triad in {triad for _, triad in sent}:
            truth = _order(sent, triad)
            if len(truth) < FEW:
                continue
            self._read_of(session, triad).add(copy.senders(triad), truth)
            if triad != session.warm_up.id and session.pacing is Pacing.TOGETHER:
                self.seen.content.append(_by_content(copy, truth))

    def _read_of(self, session: Session, triad: str) -> Read:
        if triad == session.warm_up.id:
            return self.seen.warm_up
        is_together = session.pacing is Pacing.TOGETHER
        return self.seen.together if is_together else self.seen.stepwise

    def _after_question(self, triad: str, sends: Sequence[tuple[Seat, str]]) -> None:
        copy = take(self.folder)
        self.seen.closed.add(copy.senders(triad), _order(sends, triad))
        self._search("question", [f"{triad}.{role}".encode() for role in Role])

    def _after_session(self, empty: bytes, secrets: Iterable[bytes]) -> None:
        self._search("session", secrets)
        for name, raw in _bytes(self.folder).items():
            is_box = name == connections.BALLOT_BOX
            if (pages.without_counts(raw) != empty) if is_box else raw:
                self.seen.left.append(f"session: {name} is not as an empty one")

    def _secrets(self, session: Session, tokens: Mapping[Seat, str]) -> list[bytes]:
        (key,) = self.both.ballots.conn.execute("select key from poll").fetchone()
        texts = [session.id, *tokens.values(), *session.triads]
        texts += [one.token_hash for one in tokens]
        return [key, *(one.encode() for one in texts)]

    def _search(self, when: str, wanted: Iterable[bytes]) -> None:
        files = _bytes(self.folder)
        for one in wanted:
            self.seen.searches += 1
            self.seen.left += [
                f"{when}: {name}" for name in files if one in files[name]
            ]


def _bytes(folder: Path) -> dict[str, bytes]:
    return pages.files(folder, connections.BALLOT_BOX.removesuffix(".db"))


def _order(sends: Iterable[tuple[Seat, str]], triad: str) -> list[str]:
    return [seat.token_hash for seat, sent in sends if sent == triad]


def _by_content(copy: Copy, truth: Sequence[str]) -> float:
    sent = dict.fromkeys(truth, 0)
    for _, _, token_hash, is_sent in (cell.row for cell in copy.marks):
        if is_sent and token_hash in sent:
            sent[str(token_hash)] += 1
    return sum(_credit(sent, pairs) for pairs in combinations(truth, 2)) / max(
        len(truth) * (len(truth) - 1) / 2, 1
    )


def _credit(sent: Mapping[str, int], pair: tuple[str, str]) -> float:
    first, second = (sent[one] for one in pair)
    return 0.5 if first == second else float(first > second)


# --- as figures -----------------------------------------------------------------------


def told(seen: Seen, classes: int) -> list[Figure]:
    """What was seen, as rows of docs/privacy_figures.md."""
    some, all_ = "at a chance moment", "when all have joined"
    half = classes // 2
    return [
        _mid_lesson("in the warm-up", some, seen.warm_up, classes),
        _mid_lesson("where questions come one at a time", some, seen.stepwise, half),
        _mid_lesson("where they come all at once", some, seen.together, half),
        replace(
            _mid_lesson("of the lobby: who joined when", all_, seen.joining, classes),
            how="seats lie as they came until the lobby is left, when the file is "
            "written anew; before any question",
            target="",
            passed=None,
        ),
        Figure(
            name="The same by content, where they come all at once",
            how="pairs put in order by how many questions each seat has sent: what the "
            "table is there to say, however its rows lie",
            target="",
            value=f"{rate(seen.content)} of pairs",
            passed=None,
        ),
        Figure(
            name="Order, after a question is closed",
            how=f"{count(len(seen.closed.pairs))} closed questions: rows as they lie",
            target="50 % of pairs, no whole order",
            value=f"{rate(seen.closed.pairs)} of pairs, {_whole(seen.closed)}",
            passed=_is_blind(seen.closed),
        ),
        Figure(
            name="Traces, after a question and after the session",
            how=f"{count(classes)} classes: items of the question; key, seats, tokens, "
            f"ids; {count(seen.searches)} searches in the file and those beside it, "
            "which after the session is held against an empty one byte by byte",
            target="0",
            value=count(len(seen.left)),
            passed=not seen.left,
        ),
    ]


def _mid_lesson(where: str, when: str, read: Read, classes: int) -> Figure:
    near = f" ({rate(read.near)} on one page)" if read.near != read.pairs else ""
    return Figure(
        name=f"Order in a copy {where}",
        how=f"{count(classes)} classes of 18 to 28, each alone in the file and copied "
        f"once, {when}: {count(len(read.pairs))} orders of five seats and more, read "
        "from where the rows lie",
        target="50 % of pairs, no whole order",
        value=f"{rate(read.pairs)} of pairs{near}, {_whole(read)}",
        passed=_is_blind(read),
    )


def _whole(read: Read) -> str:
    return f"{count(int(sum(read.whole)))} of {count(len(read.whole))} whole orders"


def _is_blind(read: Read) -> bool:
    # 1 in 120 by chance where only five have sent; far fewer with more.
    return rate(read.pairs).is_chance() and rate(read.whole).mean < 0.01
