"""The ballot box: seats and counters of open sessions; never a row per pupil.

One answer is one transaction: the triad is marked as sent by the seat, and one is added
to each counter. What is stored is what the frozen chart is computed from, and nothing
more. Marks and counters are there before the first answer and are only overwritten, so
that their place in the file tells no order. See docs/privacy.md, "Storage".
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from pejling.domain import disclosure
from pejling.domain.question_sets import Role
from pejling.storage.connections import write

Counters = Mapping[str, Mapping[int, int]]
"""Item id -> option (guess in pupils, or position on the scale) -> pupils."""

Scales = Mapping[str, Sequence[int]]
"""Item id -> every option that it can be answered with."""


@dataclass(frozen=True)
class Seat:
    """An anonymous place in an open session: only its token's hash is known here."""

    session: str
    token_hash: str


@dataclass(frozen=True)
class Room:
    """What the room may know of an open session while pupils answer.

    :ivar seats: pupils who have joined, without those whose seat was freed.
    :ivar revision: grows when one of the others may be seen to have changed.
    """

    seats: int
    revision: int


class SessionClosed(Exception):
    """The session, or the triad, takes no more answers."""


class SessionFull(Exception):
    """All seats are taken."""


class TriadFull(Exception):
    """As many have answered the triad as there are pupils in the room."""


class AlreadyAnswered(Exception):
    """The seat has answered the triad; the answer is counted and stays."""


class NoSeat(Exception):
    """The token has no seat in the session."""


MOST_FREED = 5
"""Seats that may be freed; where more devices fail, the class begins anew."""


def new_token() -> str:
    """128 random bits; exists in the pupil's cookie only."""
    return secrets.token_hex(16)


# --- the session's life --------------------------------------------------------------


def open_poll(db: Database, session: str, seats: int) -> None:
    """Make room for a session: its key, and how many may join."""
    with write(db):
        _insert_poll(db, session, seats)


def start_over(db: Database, session: str, seats: int) -> None:
    """Throw all seats away and make a new key; only before the first question.

    :raises SessionClosed: if a triad has been opened already.
    """
    with write(db):
        if _is_asked(db, session):
            raise SessionClosed
        db.conn.execute("delete from poll where session = ?", [session])
        _insert_poll(db, session, seats)


def _insert_poll(db: Database, session: str, seats: int) -> None:
    db.conn.execute(
        "insert or ignore into poll (session, key, seats, revision, is_asking)"
        " values (?, ?, ?, 0, 1)",
        [session, secrets.token_bytes(32), seats],
    )


def ask(db: Database, session: str, triads: Mapping[str, Scales]) -> None:
    """Let these triads take answers; one that has ended stays ended.

    So a press that was stored but had to wait here cannot open again what a later
    press has closed and counted. All marks and counters of a triad are made now.

    :param triads: triad id -> the scales of its items.
    """
    with write(db):
        if not _is_asking(db, session):
            return
        for triad, scales in sorted(triads.items()):
            db.conn.execute(
                "insert or ignore into asked (session, triad, is_open)"
                " values (?, ?, 1)",
                [session, triad],
            )
            if _is_open(db, session, triad):
                _lay_out(db, session, triad, scales)


def _lay_out(db: Database, session: str, triad: str, scales: Scales) -> None:
    db.conn.execute(
        "insert or ignore into mark (session, triad, token_hash, is_sent)"
        " select session, ?, token_hash, 0 from seat where session = ?"
        " order by token_hash",
        [triad, session],
    )
    db.conn.executemany(
        "insert or ignore into tally (session, item, option, n)"
        " values (?, ?, ?, '000')",
        [
            (session, item, option)
            for item, options in sorted(scales.items())
            for option in sorted(options)
        ],
    )


def end(db: Database, session: str, triads: Iterable[str]) -> None:
    """Let these triads take no more answers, for good."""
    with write(db):
        if _key(db, session) is not None:
            db.conn.executemany(
                "insert into asked (session, triad, is_open) values (?, ?, 0)"
                " on conflict do update set is_open = 0",
                [(session, triad) for triad in triads],
            )


def shut(db: Database, session: str) -> None:
    """Let nothing of a session take answers, for good: it is about to be archived."""
    with write(db):
        db.conn.execute("update poll set is_asking = 0 where session = ?", [session])


def open_triads(db: Database, session: str) -> list[str]:
    """Ids of the triads that take answers."""
    rows = db.conn.execute(
        "select triad from asked where session = ? and is_open = 1 order by triad",
        [session],
    )
    return [row[0] for row in rows]


def forget(db: Database, session: str) -> None:
    """Delete everything about a session and leave nothing of it in the file."""
    with write(db):
        db.conn.execute("delete from poll where session = ?", [session])
    vacuum(db)


def vacuum(db: Database) -> None:
    """Write the file anew, so that free pages hold nothing either."""
    db.conn.execute("vacuum")


def polls(db: Database) -> list[str]:
    """Ids of all sessions in the ballot box."""
    rows = db.conn.execute("select session from poll order by session")
    return [row[0] for row in rows]


# --- the pupil ------------------------------------------------------------------------


def join(db: Database, session: str, token: str) -> Seat:
    """Take a seat, or find the one that this token has.

    :raises SessionClosed: if the session is not in the ballot box.
    :raises SessionFull: if all seats are taken by others.
    """
    with write(db):
        return take_seat(db, session, token)


def take_seat(db: Database, session: str, token: str) -> Seat:
    """What :func:`join` does, within a transaction of the caller's."""
    seat = _seat(db, session, token)
    if seat is None:
        raise SessionClosed
    if not _has_seat(db, seat):
        seats, freed = _limits(db, session)
        if _count_all_seats(db, session) >= seats + freed:
            raise SessionFull
        db.conn.execute(
            "insert into seat (session, token_hash) values (?, ?)",
            [session, seat.token_hash],
        )
        # Who comes late finds triads open already.
        db.conn.execute(
            "insert into mark (session, triad, token_hash, is_sent)"
            " select session, triad, ?, 0 from asked"
            " where session = ? and is_open = 1 order by triad",
            [seat.token_hash, session],
        )
        _touch(db, session)
    return seat


def free_seat(db: Database, session: str) -> None:
    """Let one more join, for a pupil whose device went dead; before any question.

    Whose seat it is cannot be known. Should the dead one come back, there is a seat
    too many, but never an answer too many: see :func:`add_answers`.

    :raises SessionClosed: if a triad has been opened already.
    :raises SessionFull: if five seats have been freed, or none is taken.
    """
    with write(db):
        if _is_asked(db, session) or _key(db, session) is None:
            raise SessionClosed
        _, freed = _limits(db, session)
        if freed >= MOST_FREED or freed >= _count_all_seats(db, session):
            raise SessionFull
        db.conn.execute(
            "update poll set freed = freed + 1, revision = revision + 1"
            " where session = ?",
            [session],
        )


def resize(db: Database, session: str, seats: int) -> None:
    """Change how many may join; before any question.

    :raises SessionClosed: if a triad has been opened already.
    :raises SessionFull: if more have joined.
    """
    with write(db):
        if _is_asked(db, session):
            raise SessionClosed
        if _count_seats(db, session) > seats:
            raise SessionFull
        db.conn.execute("update poll set seats = ? where session = ?", [seats, session])


def find_seat(db: Database, session: str, token: str) -> Seat:
    """The seat of a token.

    :raises NoSeat: if the token has none, or the session is over.
    """
    seat = _seat(db, session, token)
    if seat is None or not _has_seat(db, seat):
        raise NoSeat
    return seat


def answered(db: Database, seat: Seat) -> frozenset[str]:
    """Ids of the triads that this seat has answered."""
    rows = db.conn.execute(
        "select triad from mark where session = ? and token_hash = ? and is_sent = 1",
        [seat.session, seat.token_hash],
    )
    return frozenset(row[0] for row in rows)


def full(db: Database, session: str) -> frozenset[str]:
    """Ids of the triads that as many have answered as are in the room.

    Empty where no seat was freed: then every seat has its answer to give.
    """
    seats, freed = _limits(db, session)
    if not freed:
        return frozenset()
    rows = db.conn.execute(
        "select triad from mark where session = ?"
        " group by triad having sum(is_sent) >= ?",
        [session, seats],
    )
    return frozenset(row[0] for row in rows)


def add_answers(
    db: Database,
    seat: Seat,
    triad: str,
    answers: Mapping[str, int],
    *,
    warm_up: bool = False,
) -> None:
    """Count one pupil's answers to a triad: all of them, and only once.

    :param answers: item id -> option (guess in pupils, or position on the scale).
    :param warm_up: whether the room sees this triad's chart move.
    :raises AlreadyAnswered: if this seat has answered the triad.
    :raises SessionClosed: if the triad takes no answers.
    :raises NoSeat: if the seat is gone.
    :raises TriadFull: if as many have answered as are in the room: a seat was freed
        for a pupil whose own device came back.
    :raises ValueError: if an option is not on its item's scale.
    """
    with write(db):
        if triad in answered(db, seat):
            raise AlreadyAnswered
        if not _is_open(db, seat.session, triad):
            raise SessionClosed
        if not _has_seat(db, seat):
            raise NoSeat
        before = _count_used(db, seat.session, triad)
        if before >= _limits(db, seat.session)[0]:
            raise TriadFull
        db.conn.execute(
            "update mark set is_sent = 1"
            " where session = ? and triad = ? and token_hash = ?",
            [seat.session, triad, seat.token_hash],
        )
        for item, option in answers.items():
            _add_one(db, seat.session, item, option)
        _let_room_see(db, seat.session, triad, before + 1, warm_up)


def _add_one(db: Database, session: str, item: str, option: int) -> None:
    added = db.conn.execute(
        "update tally set n = printf('%03d', n + 1)"
        " where session = ? and item = ? and option = ?",
        [session, item, option],
    ).rowcount
    if not added:
        raise ValueError(f"{item} has no option {option}")


# --- what the room may see while the session is open ----------------------------------


def room(db: Database, session: str) -> Room | None:
    """Seats and revision of an open session; None when it is over."""
    row = db.conn.execute(
        "select revision, max((select count(*) from seat"
        " where session = poll.session) - freed, 0) from poll where session = ?",
        [session],
    ).fetchone()
    return Room(seats=row[1], revision=row[0]) if row else None


def progress(db: Database, session: str, triad: str) -> int:
    """How many have answered a triad, as the room may see it, in pupils."""
    return disclosure.progress(
        _count_used(db, session, triad), _count_seats(db, session)
    )


def shown_warm_up(db: Database, session: str) -> Counters:
    """The warm-up's counters as the room last saw them."""
    return _counters(db, "select item, option, n from shown where session = ?", session)


def counters(db: Database, session: str, triad: str) -> Counters:
    """The counters of one triad. Only closing may ask for them."""
    found = _counters(
        db,
        "select item, option, cast(n as integer) from tally"
        " where session = ? and n > '000'",
        session,
    )
    return {
        item: options
        for item, options in found.items()
        if item.rpartition(".")[0] == triad
    }


def drop_triad(db: Database, session: str, triad: str) -> None:
    """Delete a triad's counters after they were archived."""
    with write(db):
        for table in ("tally", "shown"):
            db.conn.execute(
                f"delete from {table} where session = ?"  # noqa: S608 - our own names
                " and item in (?, ?, ?)",
                [session, *(f"{triad}.{role}" for role in Role)],
            )


# --- within a transaction -------------------------------------------------------------


def _let_room_see(
    db: Database, session: str, triad: str, answered_now: int, warm_up: bool
) -> None:
    seats = _count_seats(db, session)
    if warm_up:
        if not disclosure.warm_up_moves(answered_now, _count_shown(db, session), seats):
            return
        db.conn.execute("delete from shown where session = ?", [session])
        db.conn.execute(
            "insert into shown (session, item, option, n)"
            " select session, item, option, cast(n as integer) from tally"
            " where session = ? and n > '000'",
            [session],
        )
        _touch(db, session)
    elif disclosure.progress(answered_now, seats) != disclosure.progress(
        answered_now - 1, seats
    ):
        _touch(db, session)


def _count_shown(db: Database, session: str) -> int:
    row = db.conn.execute(
        "select coalesce(sum(n), 0) from shown"
        " where session = ? and item like '%.selv'",
        [session],
    ).fetchone()
    return int(row[0])


def _touch(db: Database, session: str) -> None:
    db.conn.execute(
        "update poll set revision = revision + 1 where session = ?", [session]
    )


def _key(db: Database, session: str) -> bytes | None:
    row = db.conn.execute(
        "select key from poll where session = ?", [session]
    ).fetchone()
    return row[0] if row else None


def _seat(db: Database, session: str, token: str) -> Seat | None:
    key = _key(db, session)
    if key is None:
        return None
    mac = hmac.new(key, token.encode(), hashlib.sha256)
    return Seat(session, mac.hexdigest())


def _has_seat(db: Database, seat: Seat) -> bool:
    row = db.conn.execute(
        "select 1 from seat where session = ? and token_hash = ?",
        [seat.session, seat.token_hash],
    ).fetchone()
    return row is not None


def _limits(db: Database, session: str) -> tuple[int, int]:
    """Pupils in the room, and how many seats were freed; none when it is over."""
    row = db.conn.execute(
        "select seats, freed from poll where session = ?", [session]
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _count_seats(db: Database, session: str) -> int:
    """Pupils with a seat, without the dead ones: a freed seat counts as left."""
    _, freed = _limits(db, session)
    return max(_count_all_seats(db, session) - freed, 0)


def _count_all_seats(db: Database, session: str) -> int:
    row = db.conn.execute(
        "select count(*) from seat where session = ?", [session]
    ).fetchone()
    return int(row[0])


def _count_used(db: Database, session: str, triad: str) -> int:
    row = db.conn.execute(
        "select coalesce(sum(is_sent), 0) from mark where session = ? and triad = ?",
        [session, triad],
    ).fetchone()
    return int(row[0])


def _is_asked(db: Database, session: str) -> bool:
    row = db.conn.execute("select 1 from asked where session = ?", [session]).fetchone()
    return row is not None


def _is_open(db: Database, session: str, triad: str) -> bool:
    row = db.conn.execute(
        "select 1 from asked join poll using (session)"
        " where session = ? and triad = ? and is_open = 1 and is_asking = 1",
        [session, triad],
    ).fetchone()
    return row is not None


def _is_asking(db: Database, session: str) -> bool:
    row = db.conn.execute(
        "select 1 from poll where session = ? and is_asking = 1", [session]
    ).fetchone()
    return row is not None


def _counters(db: Database, query: str, session: str) -> Counters:
    found: dict[str, dict[int, int]] = {}
    for item, option, n in db.conn.execute(query, [session]):
        found.setdefault(item, {})[option] = n
    return found
