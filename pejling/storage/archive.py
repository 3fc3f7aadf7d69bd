"""The archive: sessions with their frozen sets, and their final counters."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from pejling.domain.content.set_files import fingerprint
from pejling.domain.content.set_reader import thaw
from pejling.domain.disclosure import Omission
from pejling.domain.question_sets import (
    QuestionSet,
)
from pejling.domain.sessions import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Kind,
    Mode,
    Pacing,
    Position,
    Session,
    Stage,
    Step,
)
from pejling.storage import deletion, staff_log, tokens
from pejling.storage.connections import write
from pejling.storage.staff_log import Action


class MissingSession(LookupError):
    """No session has this id, code, secret or key."""


class SessionChanged(Exception):
    """Somebody else moved the session in the meantime."""


class BusyCodes(Exception):
    """No free code was found."""


@dataclass(frozen=True)
class NewSession:
    """What a teacher chooses when opening a session."""

    owner: int
    school: str
    grade: int
    letter: str
    questions: QuestionSet
    triads: tuple[str, ...]
    present: int
    pacing: Pacing
    day: str
    mode: Mode = Mode.SCREEN
    kind: Kind = Kind.CLASS
    linked: tuple[str, ...] = ()


# --- sessions -------------------------------------------------------------------------

# Column names of ours stand in the SQL text below; every value is a parameter.
_COLUMNS = (
    "id, owner, school, grade, letter, set_json, triads, present, pacing, day,"
    " stage, item, step, opened, version, code, join_secret, wall_key, mode, kind,"
    " (select json_group_array(other) from (select other from session_link"
    " where session = session.id order by place))"
)


def open_session(db: Database, new: NewSession, now: float) -> Session:
    """Store a new session in its lobby, with a free code and fresh secrets.

    Code and QR are for screens only: with slips or on paper there are none.

    :param now: seconds since the epoch.
    :raises BusyCodes: if no free code is found in 20 tries.
    """
    session_id = secrets.token_hex(8)
    by_code = new.mode is Mode.SCREEN
    with write(db):
        db.conn.execute(
            "insert into session (id, owner, school, grade, letter, set_id,"
            " set_version, set_json, triads, present, pacing, day, stage, item, step,"
            " opened, version, code, join_secret, wall_key, mode, kind)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'lobby', '', 'question', ?,"
            " 1, ?, ?, ?, ?, ?)",
            [
                session_id,
                new.owner,
                new.school,
                new.grade,
                new.letter,
                new.questions.id,
                new.questions.version,
                new.questions.frozen(),
                json.dumps(new.triads),
                new.present,
                new.pacing.value,
                new.day,
                now,
                _free_code(db) if by_code else "",
                tokens.new() if by_code else "",
                secrets.token_hex(16),
                new.mode.value,
                new.kind.value,
            ],
        )
        db.conn.executemany(
            "insert into session_link (session, place, other) values (?, ?, ?)",
            [(session_id, place, other) for place, other in enumerate(new.linked)],
        )
        staff_log.note(db, now, new.owner, Action.OPEN, session_id)
    return session(db, session_id)


def new_codes(db: Database, old: Session, now: float) -> Session:
    """Give a session in its lobby a new code and secret and a new ten minutes.

    Where there is no code, only the time begins anew.

    :raises SessionChanged: if the session is not as it was in ``old``.
    """
    by_code = old.mode is Mode.SCREEN
    with write(db):
        changed = db.conn.execute(
            "update session set code = ?, join_secret = ?, opened = ?,"
            " version = version + 1"
            " where id = ? and stage = 'lobby' and version = ?",
            [
                _free_code(db) if by_code else "",
                tokens.new() if by_code else "",
                now,
                old.id,
                old.version,
            ],
        ).rowcount
        if not changed:
            raise SessionChanged
    return session(db, old.id)


def resize(db: Database, old: Session, present: int) -> Session:
    """Change how many are in the room, in the lobby.

    :raises SessionChanged: if the session is not as it was in ``old``.
    """
    with write(db):
        changed = db.conn.execute(
            "update session set present = ?, version = version + 1"
            " where id = ? and stage = 'lobby' and version = ?",
            [present, old.id, old.version],
        ).rowcount
        if not changed:
            raise SessionChanged
    return session(db, old.id)


def session(db: Database, session_id: str) -> Session:
    """The session of an id.

    :raises MissingSession: if there is none.
    """
    return _one(db, "id", session_id)


def session_by_code(db: Database, code: str) -> Session:
    """The open session of a normalised code.

    :raises MissingSession: if no open session has it.
    """
    return _one(db, "code", code)


def session_by_secret(db: Database, secret: str) -> Session:
    """The open session that a QR leads to.

    :raises MissingSession: if no open session has it.
    """
    return _one(db, "join_secret", secret)


def session_by_wall(db: Database, key: str) -> Session:
    """The session of a projector's address.

    :raises MissingSession: if there is none.
    """
    return _one(db, "wall_key", key)


def sessions_of(
    db: Database, owner: int | None = None, *, most: int = -1, skip: int = 0
) -> list[Session]:
    """Sessions, those in progress first, then the newest: of one account, or all.

    :param most: at most so many, after leaving out ``skip``; -1 for all.
    """
    running = _ids(db, "stage <> 'closed'", owner)
    first = running[skip:] if most < 0 else running[skip : skip + most]
    left = most - len(first) if most >= 0 else -1
    ended = _ids(db, "stage = 'closed'", owner, left, max(0, skip - len(running)))
    return [session(db, one) for one in (*first, *ended)]


def _ids(
    db: Database, stage: str, owner: int | None, most: int = -1, skip: int = 0
) -> list[str]:
    """Ids alone, which an index holds: no row with its set is read to be left out."""
    # Two texts: "is null or" would keep SQLite from either index.
    where, values = ("", []) if owner is None else (" and owner = ?", [owner])
    rows = db.conn.execute(
        f"select id from session where {stage}{where}"  # noqa: S608 - our own text
        " order by day desc, opened desc, id limit ? offset ?",
        [*values, most, skip],
    )
    return [row[0] for row in rows]


def closed_between(db: Database, first: str, last: str) -> list[Session]:
    """Sessions that have ended, of these days and those between them (ISO dates)."""
    rows = db.conn.execute(
        f"select {_COLUMNS} from session"  # noqa: S608 - our own column names
        " where stage = 'closed' and day between ? and ? order by day, id",
        [first, last],
    )
    return [_session(row) for row in rows]


def used_wordings(db: Database) -> dict[tuple[str, int], str]:
    """(set id, version) -> fingerprint of the words that were asked under it."""
    gone = db.conn.execute("select set_id, set_version, fingerprint from used_wording")
    rows = db.conn.execute(
        "select set_id, set_version, set_json, max(day) from session"
        " group by set_id, set_version"
    )
    return {(set_id, number): mark for set_id, number, mark in gone} | {
        (set_id, number): fingerprint(_frozen_set(text))
        for set_id, number, text, _ in rows
    }


def open_sessions(db: Database) -> list[Session]:
    """All sessions that have not been closed."""
    rows = db.conn.execute(
        f"select {_COLUMNS} from session where stage <> 'closed'"  # noqa: S608 - our own column names
    )
    return [_session(row) for row in rows]


def version(db: Database, session_id: str) -> int:
    """The session's version: one small number, asked for often."""
    row = db.conn.execute(
        "select version from session where id = ?", [session_id]
    ).fetchone()
    return int(row[0]) if row else 0


def move(db: Database, old: Session, new: Session, now: float) -> Session:
    """Store a new stage and position, and the day and hour of a begun session.

    :raises SessionChanged: if the session is not as it was in ``old``; two remotes
        pressed at once, and only one press counts.
    """
    with write(db):
        changed = db.conn.execute(
            "update session set stage = ?, item = ?, step = ?, day = ?, opened = ?,"
            " version = version + 1 where id = ? and version = ?",
            [
                new.stage,
                new.position.item,
                new.position.step,
                new.day,
                new.opened,
                old.id,
                old.version,
            ],
        ).rowcount
        if not changed:
            raise SessionChanged
        if new.stage is not old.stage:
            staff_log.note(db, now, old.owner, new.stage, old.id)
    return session(db, old.id)


def store_closed(
    db: Database,
    session_id: str,
    triads: Mapping[str, tuple[int, Mapping[str, Mapping[int, int]]]],
    *,
    finish: float | None = None,
) -> None:
    """Keep the counters of closed triads; doing it again changes nothing.

    :param triads: triad id -> pupils who answered, and item -> option -> pupils (empty
        where too few answered).
    :param finish: when the session ended, in seconds since the epoch, if it is over:
        its time, code and secret go.
    """
    with write(db):
        _insert_closed(db, session_id, triads)
        if finish is not None:
            _finish(db, session_id, finish)
        elif triads:
            # There is something new to see, after the position has moved already.
            db.conn.execute(
                "update session set version = version + 1 where id = ?", [session_id]
            )


def store_counted(
    db: Database,
    old: Session,
    triads: Mapping[str, tuple[int, Mapping[str, Mapping[int, int]]]],
    now: float,
    day: str,
) -> None:
    """Keep what was counted on paper and end the session: all of it, or nothing.

    :param triads: as for :func:`store_closed`.
    :raises SessionChanged: if the session is not as it was in ``old``, or is over.
    """
    with write(db):
        changed = db.conn.execute(
            "update session set day = ?"
            " where id = ? and version = ? and stage <> 'closed'",
            [day, old.id, old.version],
        ).rowcount
        if not changed:
            raise SessionChanged
        _insert_closed(db, old.id, triads)
        _finish(db, old.id, now)


def _insert_closed(
    db: Database,
    session_id: str,
    triads: Mapping[str, tuple[int, Mapping[str, Mapping[int, int]]]],
) -> None:
    (warm_up,) = db.conn.execute(
        "select json_extract(triads, '$[0]') from session where id = ?", [session_id]
    ).fetchone()
    for triad, (answered, items) in triads.items():
        fresh = db.conn.execute(
            "insert or ignore into closed_triad (session, triad, answered)"
            " values (?, ?, ?)",
            [session_id, triad, answered],
        ).rowcount
        if fresh and items and triad != warm_up:
            deletion.replace_earlier(db, session_id)
        if fresh:
            db.conn.executemany(
                "insert into counter (session, item, option, n) values (?, ?, ?, ?)",
                [
                    (session_id, item, option, n)
                    for item, options in items.items()
                    for option, n in options.items()
                ],
            )


def _finish(db: Database, session_id: str, now: float) -> None:
    owner = db.conn.execute(
        "select owner from session where id = ? and stage <> 'closed'", [session_id]
    ).fetchone()
    if owner:
        staff_log.note(db, now, owner[0], Action.CLOSED, session_id)
    db.conn.execute(
        "update session set stage = 'closed', opened = 0, code = '',"
        " join_secret = '', version = version + 1,"
        # What was being asked when time ran out, or the way in, has no reveal.
        " item = iif(step = 'asked' or item = '<', '', item),"
        " step = iif(step = 'asked', 'question', step) where id = ?",
        [session_id],
    )


def answered(db: Database, session_id: str) -> dict[str, int]:
    """Closed triad id -> pupils who answered it; 0 where too few did."""
    rows = db.conn.execute(
        "select triad, answered from closed_triad where session = ?", [session_id]
    )
    return dict(rows.fetchall())


def counters(db: Database, session_id: str) -> dict[str, dict[int, int]]:
    """Item id -> option -> pupils, of the closed triads. Only `results` asks."""
    found: dict[str, dict[int, int]] = {}
    rows = db.conn.execute(
        "select item, option, n from counter where session = ?", [session_id]
    )
    for item, option, n in rows:
        found.setdefault(item, {})[option] = n
    return found


def choices(db: Database, session_id: str) -> dict[str, bool]:
    """Triad id -> whether the teacher shows it, where the teacher has chosen."""
    rows = db.conn.execute(
        "select triad, shown from choice where session = ?", [session_id]
    )
    return {triad: bool(shown) for triad, shown in rows}


def choose(db: Database, session_id: str, triad: str, shown: bool) -> None:
    """Let a triad be shown, or hold it back."""
    with write(db):
        db.conn.execute(
            "insert into choice (session, triad, shown) values (?, ?, ?)"
            " on conflict do update set shown = excluded.shown",
            [session_id, triad, int(shown)],
        )
        db.conn.execute(
            "update session set version = version + 1 where id = ?", [session_id]
        )


def elsewhere_choices(db: Database, session_id: str) -> dict[str, tuple[str, bool]]:
    """Triad id -> the figure that was chosen about, and whether it is shown."""
    rows = db.conn.execute(
        "select triad, figure, shown from elsewhere_choice where session = ?",
        [session_id],
    )
    return {triad: (figure, bool(shown)) for triad, figure, shown in rows}


def choose_elsewhere(
    db: Database, session_id: str, triad: str, figure: str, shown: bool
) -> None:
    """Show this figure from elsewhere beside a triad, or hold it back.

    :param figure: its mark (:attr:`pejling.domain.benchmarks.Figure.mark`).
    """
    with write(db):
        db.conn.execute(
            "insert into elsewhere_choice (session, triad, figure, shown)"
            " values (?, ?, ?, ?) on conflict do update"
            " set figure = excluded.figure, shown = excluded.shown",
            [session_id, triad, figure, int(shown)],
        )
        db.conn.execute(
            "update session set version = version + 1 where id = ?", [session_id]
        )


def omitted(db: Database, session_id: str) -> dict[str, Omission]:
    """Triad id -> why the teacher has left it out."""
    rows = db.conn.execute(
        "select triad, reason from omission where session = ?", [session_id]
    )
    return {triad: Omission(reason) for triad, reason in rows}


def omit(db: Database, session_id: str, triad: str, reason: Omission | None) -> None:
    """Leave a triad out with a reason, in place of an earlier one; None takes it in."""
    with write(db):
        db.conn.execute(
            "delete from omission where session = ? and triad = ?", [session_id, triad]
        )
        if reason is not None:
            db.conn.execute(
                "insert into omission (session, triad, reason) values (?, ?, ?)",
                [session_id, triad, reason.value],
            )
        db.conn.execute(
            "update session set version = version + 1 where id = ?", [session_id]
        )


def agreement(db: Database, session_id: str) -> tuple[str, ...]:
    """The sentences that a class agreed on; none until there are some."""
    row = db.conn.execute(
        "select text from agreement where session = ?", [session_id]
    ).fetchone()
    return tuple(row[0].split("\n")) if row else ()


def agree(db: Database, session_id: str, sentences: Sequence[str]) -> None:
    """Keep a class's agreement in place of an earlier one; none takes it away."""
    with write(db):
        db.conn.execute("delete from agreement where session = ?", [session_id])
        if sentences:
            db.conn.execute(
                "insert into agreement (session, text) values (?, ?)",
                [session_id, "\n".join(sentences)],
            )
        db.conn.execute(
            "update session set version = version + 1 where id = ?", [session_id]
        )


def _free_code(db: Database) -> str:
    for _ in range(20):
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if not db.conn.execute(
            "select 1 from session where code = ?", [code]
        ).fetchone():
            return code
    raise BusyCodes


def _one(db: Database, column: str, value: str) -> Session:
    row = None
    if value:
        row = db.conn.execute(
            f"select {_COLUMNS} from session where {column} = ?",  # noqa: S608 - our own column names
            [value],
        ).fetchone()
    if row is None:
        raise MissingSession
    return _session(row)


_READ_SETS: dict[str, QuestionSet] = {}


def _frozen_set(text: str) -> QuestionSet:
    # The same few sets are read by every request; a hundred are plenty to remember.
    if text not in _READ_SETS:
        if len(_READ_SETS) >= 100:
            _READ_SETS.clear()
        _READ_SETS[text] = thaw(json.loads(text))
    return _READ_SETS[text]


def _session(row: Sequence[Any]) -> Session:
    return Session(
        id=row[0],
        owner=row[1],
        school=row[2],
        grade=row[3],
        letter=row[4],
        questions=_frozen_set(row[5]),
        triads=tuple(json.loads(row[6])),
        present=row[7],
        pacing=Pacing(row[8]),
        day=row[9],
        stage=Stage(row[10]),
        position=Position(row[11], Step(row[12])),
        opened=row[13],
        version=row[14],
        code=row[15],
        join_secret=row[16],
        wall_key=row[17],
        mode=Mode(row[18]),
        kind=Kind(row[19]),
        linked=tuple(json.loads(row[20])),
    )
