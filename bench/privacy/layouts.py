"""Other layouts of the ballot box, which keep no order: an experiment.

One question is put to each layout: do the same answers of the same seats, sent in
another order, leave the same bytes? Where they do, no attack on the file can tell the
orders apart. Beside that the attack of :mod:`bench.privacy.order` is tried on it.
"""

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from bench.privacy import lessons, order, pages
from bench.privacy.figure import EXPERIMENT, Figure, count, rate
from bench.privacy.order import Read
from bench.privacy.pages import Cell
from pejling.domain.question_sets import Role, Triad, options_of
from pejling.storage import ballot_box, connections
from pejling.storage.ballot_box import Seat
from pejling.storage.connections import write

Sends = Sequence[tuple[Seat, Triad, Mapping[str, int]]]

PRESENT = 24
SESSION, KEY = "0123456789abcdef", bytes(range(32))
"""The same for each run, so that only the order differs."""


class Layout(Protocol):
    """A way to keep seats and counters."""

    name: str

    def open(self, db: Database) -> None:
        """Make room for the session."""

    def join(self, db: Database, token: str) -> Seat:
        """Take a seat."""

    def ask(self, db: Database, triads: Sequence[Triad]) -> None:
        """Let these triads take answers."""

    def send(
        self, db: Database, seat: Seat, triad: str, given: Mapping[str, int]
    ) -> None:
        """Count one pupil's answers."""

    def senders(self, raw: bytes, roots: Mapping[str, int], triad: str) -> list[Cell]:
        """The rows that say which seats have sent a triad."""


class AsItIs:
    """The product's own functions."""

    name = "as it is (for comparison)"

    def open(self, db: Database) -> None:
        """A poll with a key that is the same each time."""
        ballot_box.open_poll(db, SESSION, PRESENT)
        db.conn.execute("update poll set key = ?", [KEY])

    def join(self, db: Database, token: str) -> Seat:
        """As the view does."""
        return ballot_box.join(db, SESSION, token)

    def ask(self, db: Database, triads: Sequence[Triad]) -> None:
        """As the teacher's press does."""
        ballot_box.ask(db, SESSION, [one.id for one in triads])

    def send(
        self, db: Database, seat: Seat, triad: str, given: Mapping[str, int]
    ) -> None:
        """As the view does."""
        ballot_box.add_answers(db, seat, triad, given)

    def senders(self, raw: bytes, roots: Mapping[str, int], triad: str) -> list[Cell]:
        """A row is there when the seat has sent."""
        rows = pages.cells(raw, roots["used"])
        return [one for one in rows if one.row[2] == triad]


class Rewritten(AsItIs):
    """The same, and the file written anew after each seat and each answer."""

    name = "written anew (VACUUM) after each seat and answer"

    def join(self, db: Database, token: str) -> Seat:
        """As the view does, then anew."""
        seat = super().join(db, token)
        ballot_box.vacuum(db)
        return seat

    def send(
        self, db: Database, seat: Seat, triad: str, given: Mapping[str, int]
    ) -> None:
        """As the view does, then anew."""
        super().send(db, seat, triad, given)
        ballot_box.vacuum(db)


class InPlace(AsItIs):
    """Rows made before the first answer; an answer changes bytes where they lie.

    ``sent`` has a row for each seat and asked triad, with 0 or 1; both take no byte in
    the row, only another number in its head. ``count`` has a row for each option, with
    1000 added, so that it takes two bytes from none to all. The file is written anew
    when a triad is asked and when a seat is taken, not when somebody answers.
    """

    name = "with rows made beforehand and changed in place"

    def open(self, db: Database) -> None:
        """The same, and two tables in place of ``used`` and ``counter``."""
        super().open(db)
        for statement in (
            """
            create table sent (
                session     text not null references poll (session) on delete cascade,
                token_hash  text not null,
                triad       text not null,
                is_sent     integer not null check (is_sent in (0, 1)),
                primary key (session, token_hash, triad)
            ) strict, without rowid
            """,
            """
            create table count (
                session  text not null references poll (session) on delete cascade,
                item     text not null,
                option   integer not null,
                n        integer not null check (n between 1000 and 1120),
                primary key (session, item, option)
            ) strict, without rowid
            """,
        ):
            db.conn.execute(statement)

    def join(self, db: Database, token: str) -> Seat:
        """A seat, its rows for what is asked already, and the file anew."""
        with write(db):
            seat = ballot_box.take_seat(db, SESSION, token)
            db.conn.execute(
                "insert into sent select ?, ?, triad, 0 from asked where session = ?",
                [SESSION, seat.token_hash, SESSION],
            )
        ballot_box.vacuum(db)
        return seat

    def ask(self, db: Database, triads: Sequence[Triad]) -> None:
        """A row for each seat and each option, and the file anew."""
        super().ask(db, triads)
        with write(db):
            for triad in triads:
                db.conn.execute(
                    "insert into sent select session, token_hash, ?, 0 from seat"
                    " where session = ?",
                    [triad.id, SESSION],
                )
                db.conn.executemany(
                    "insert into count values (?, ?, ?, 1000)",
                    [
                        (SESSION, item.id, option)
                        for item in triad.items
                        for option in _options(triad, item.role)
                    ],
                )
        ballot_box.vacuum(db)

    def send(
        self, db: Database, seat: Seat, triad: str, given: Mapping[str, int]
    ) -> None:
        """One bit, and one more for each item."""
        with write(db):
            fresh = db.conn.execute(
                "update sent set is_sent = 1 where session = ? and token_hash = ?"
                " and triad = ? and is_sent = 0",
                [SESSION, seat.token_hash, triad],
            ).rowcount
            if not fresh:
                raise ballot_box.AlreadyAnswered
            db.conn.executemany(
                "update count set n = n + 1"
                " where session = ? and item = ? and option = ?",
                [(SESSION, item, option) for item, option in given.items()],
            )

    def senders(self, raw: bytes, roots: Mapping[str, int], triad: str) -> list[Cell]:
        """A row is always there; its last column says who has sent."""
        rows = pages.cells(raw, roots["sent"])
        return [one for one in rows if one.row[2] == triad and one.row[3] == 1]


LAYOUTS: tuple[Layout, ...] = (AsItIs(), InPlace(), Rewritten())


@dataclass(frozen=True)
class Tried:
    """What a layout gave.

    :ivar same: of so many pairs of runs, how many left the same bytes.
    :ivar times: milliseconds for an answer, each.
    """

    same: int
    read: Read
    times: list[float]


def measure(classes: int, seed: int = 1) -> list[Figure]:
    """The same answers in two orders, and the attack, on each layout."""
    return [_told(one, try_out(one, classes, seed), classes) for one in LAYOUTS]


def try_out(layout: Layout, classes: int, seed: int = 1) -> Tried:
    """Two runs of each class, that differ in the order of joining and of answering."""
    chance = random.Random(seed)  # noqa: S311 - the same classes every time
    same, read, times = 0, Read(), []
    triads = [one for one in lessons.questions().triads if one.core][1:5]
    for _ in range(classes):
        tokens = [f"{chance.getrandbits(128):032x}" for _ in range(PRESENT)]
        given = {
            (token, triad.id): lessons.a_ballot(triad, PRESENT, chance)
            for token in tokens
            for triad in triads
        }
        left = []
        for _ in range(2):
            chance.shuffle(tokens)
            with lessons.folder() as folder, lessons.open_stores(folder) as both:
                run = _Run(layout, both.ballots, folder, triads)
                times += run.lesson(tokens, given, chance, read)
                left.append(run.whole_file())
        same += left[0] == left[1]
    return Tried(same, read, times)


@dataclass(frozen=True)
class _Run:
    layout: Layout
    db: Database
    folder: Path
    triads: Sequence[Triad]

    def lesson(
        self,
        tokens: Sequence[str],
        given: Mapping[tuple[str, str], Mapping[str, int]],
        chance: random.Random,
        read: Read,
    ) -> list[float]:
        """All join and answer; the attacker copies after some of the answers."""
        self.layout.open(self.db)
        token_of = {self.layout.join(self.db, one): one for one in tokens}
        self.layout.ask(self.db, self.triads)
        sends = lessons.paced(list(token_of), [one.id for one in self.triads], chance)
        stop, times = chance.randint(len(tokens), len(sends)), []
        for number, (seat, triad) in enumerate(sends, 1):
            begun = time.perf_counter()
            self.layout.send(self.db, seat, triad, given[token_of[seat], triad])
            times.append(1000 * (time.perf_counter() - begun))
            if number == stop:
                self._attack(sends[:number], read)
        return times

    def whole_file(self) -> bytes:
        """The whole file, without what counts the writes to it."""
        return pages.without_counts(self._path.read_bytes())

    @property
    def _path(self) -> Path:
        return self.folder / connections.BALLOT_BOX

    def _attack(self, sent: Sequence[tuple[Seat, str]], read: Read) -> None:
        raw, roots = self._path.read_bytes(), pages.tables(self._path)
        first = self.triads[0].id
        truth = [seat.token_hash for seat, triad in sent if triad == first]
        if len(truth) >= order.FEW:
            read.add(self.layout.senders(raw, roots, first), truth)


def _options(triad: Triad, role: Role) -> list[int]:
    own = [one.code for one in options_of(triad)]
    return own if role is Role.OWN else [*range(PRESENT + 1), own[-1]]


def _told(layout: Layout, tried: Tried, classes: int) -> Figure:
    return Figure(
        name=f"{EXPERIMENT} ballot box {layout.name}",
        how=f"{count(classes)} classes of {PRESENT}, the same seats and answers in two "
        "orders: the same bytes? And the attack on one of four questions, halfway",
        target="all the same; 50 % of pairs",
        value=f"{count(tried.same)} the same; {rate(tried.read.pairs)} of pairs; "
        f"{statistics.median(tried.times):.2f} ms an answer, in memory",
        passed=tried.same == classes and rate(tried.read.pairs).is_chance(),
    )
