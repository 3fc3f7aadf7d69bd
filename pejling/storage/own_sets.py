"""The kommune's own question sets: drafts with what was saved before, and editions.

An edition is what was published: its words never change, and a session that was held
keeps its own copy besides. A draft goes on from the last edition.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from pejling.domain.content.set_files import fingerprint
from pejling.domain.content.set_reader import thaw
from pejling.domain.question_sets import Topic
from pejling.storage import staff_log
from pejling.storage.connections import write
from pejling.storage.staff_log import Action

KEPT_REVISIONS = 50
"""Earlier states of a draft that can be fetched back."""


class MissingSet(LookupError):
    """The kommune has no set of this id."""


class IdTaken(Exception):
    """A set has this id already."""


class Overtaken(Exception):
    """Somebody else saved the draft in the meantime."""


class NothingNew(Exception):
    """The draft is what was published last."""


class WasPublished(Exception):
    """A published set can be retired, not deleted."""


@dataclass(frozen=True)
class Revision:
    """A state of a draft.

    :ivar saved: seconds since the epoch.
    :ivar email: of the account that saved it; "" where that is gone.
    """

    number: int
    saved: int
    email: str


@dataclass(frozen=True)
class OwnSet:
    """A set of the kommune's own.

    :ivar source: id of the set that it was made from; "" where it came as a file.
    :ivar raw: the newest draft, as a set's file has it.
    :ivar version: of the last edition; 0 where nothing was published.
    :ivar published: when that was, in seconds since the epoch; 0 likewise.
    :ivar has_news: whether the draft differs from the last edition.
    """

    id: str
    source: str
    is_retired: bool
    raw: dict[str, Any]
    revision: Revision
    version: int
    published: int
    has_news: bool


@dataclass(frozen=True)
class Edition:
    """The words of a set that was published last."""

    id: str
    source: str
    is_retired: bool
    raw: dict[str, Any]


# --- reading --------------------------------------------------------------------------

_OWN_SET = """
    select own_set.id, source, is_retired, draft.raw, draft.revision, draft.saved,
           coalesce(account.email, ''), coalesce(edition.version, 0),
           coalesce(edition.published, 0), coalesce(edition.raw, '')
    from own_set
    join own_draft as draft on draft.set_id = own_set.id and draft.revision =
        (select max(revision) from own_draft where set_id = own_set.id)
    left join account on account.id = draft.account
    left join own_edition as edition on edition.set_id = own_set.id
        and edition.edition =
        (select max(edition) from own_edition where set_id = own_set.id)
"""


def everything(db: Database) -> list[OwnSet]:
    """All own sets, those in use first, by title."""
    found = [_own_set(row) for row in db.conn.execute(_OWN_SET)]
    return sorted(found, key=lambda one: (one.is_retired, one.raw["titel"], one.id))


def get(db: Database, set_id: str) -> OwnSet:
    """An own set with its newest draft.

    :raises MissingSet: if there is none.
    """
    row = db.conn.execute(f"{_OWN_SET} where own_set.id = ?", [set_id]).fetchone()
    if row is None:
        raise MissingSet(set_id)
    return _own_set(row)


def _own_set(row: tuple[Any, ...]) -> OwnSet:
    raw = json.loads(row[3])
    last = json.loads(row[9]) if row[9] else {}
    return OwnSet(
        id=row[0],
        source=row[1],
        is_retired=bool(row[2]),
        raw=raw,
        revision=Revision(row[4], row[5], row[6]),
        version=row[7],
        published=row[8],
        has_news={**raw, "version": 0} != {**last, "version": 0},
    )


def revisions(db: Database, set_id: str) -> list[Revision]:
    """The states of a draft that are kept, the newest first."""
    rows = db.conn.execute(
        "select revision, saved, coalesce(account.email, '') from own_draft"
        " left join account on account.id = own_draft.account"
        " where set_id = ? order by revision desc",
        [set_id],
    )
    return [Revision(*row) for row in rows]


def draft(db: Database, set_id: str, revision: int) -> dict[str, Any] | None:
    """The draft as it was saved then; None where that is no longer kept."""
    row = db.conn.execute(
        "select raw from own_draft where set_id = ? and revision = ?",
        [set_id, revision],
    ).fetchone()
    return dict(json.loads(row[0])) if row else None


def editions(db: Database) -> list[Edition]:
    """The last edition of every set that was published, by id."""
    rows = db.conn.execute(
        "select own_set.id, source, is_retired, raw from own_set join own_edition"
        " on set_id = own_set.id and edition ="
        " (select max(edition) from own_edition where set_id = own_set.id)"
        " order by own_set.id"
    )
    return [
        Edition(set_id, source, bool(is_retired), json.loads(raw))
        for set_id, source, is_retired, raw in rows
    ]


def topics(db: Database) -> dict[str, Topic]:
    """Set id -> topic, of all that was ever published, also of what is retired."""
    return {one.id: Topic(one.raw["emne"]) for one in editions(db)}


def generation(db: Database) -> int:
    """A number that grows when the sets on offer change: asked for at each request."""
    row = db.conn.execute("select generation from own_library").fetchone()
    return int(row[0]) if row else 0


# --- drafts ---------------------------------------------------------------------------


def create(
    db: Database, raw: Mapping[str, Any], source: str, account: int, now: float
) -> None:
    """Begin a draft under the id that it holds.

    :param now: seconds since the epoch, here and below.
    :raises IdTaken: if a set of the kommune has that id.
    """
    set_id = raw["id"]
    with write(db):
        taken = db.conn.execute("select 1 from own_set where id = ?", [set_id])
        if taken.fetchone():
            raise IdTaken(set_id)
        db.conn.execute(
            "insert into own_set (id, source, is_retired) values (?, ?, 0)",
            [set_id, source],
        )
        _keep(db, set_id, 1, raw, account, now)
        staff_log.note(db, now, account, Action.SET_BEGIN, set_id)


def save(
    db: Database,
    set_id: str,
    raw: Mapping[str, Any],
    based_on: int,
    account: int,
    now: float,
) -> int:
    """Keep the draft as its next revision, and give that revision's number.

    :param based_on: the revision that ``raw`` was made from.
    :raises MissingSet: if the set is gone.
    :raises Overtaken: if there is a newer revision.
    """
    with write(db):
        _expect(db, set_id, based_on)
        _keep(db, set_id, based_on + 1, raw, account, now)
        db.conn.execute(
            "delete from own_draft where set_id = ? and revision <= ?",
            [set_id, based_on + 1 - KEPT_REVISIONS],
        )
    return based_on + 1


def _expect(db: Database, set_id: str, revision: int) -> None:
    row = db.conn.execute(
        "select max(revision) from own_draft where set_id = ?", [set_id]
    ).fetchone()
    if row[0] is None:
        raise MissingSet(set_id)
    if row[0] != revision:
        raise Overtaken(set_id)


def _keep(
    db: Database,
    set_id: str,
    revision: int,
    raw: Mapping[str, Any],
    account: int,
    now: float,
) -> None:
    db.conn.execute(
        "insert into own_draft (set_id, revision, raw, saved, account)"
        " values (?, ?, ?, ?, ?)",
        [set_id, revision, _text(raw), int(now), account],
    )


def _text(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, ensure_ascii=False)


def delete(db: Database, set_id: str, account: int, now: float) -> None:
    """Delete a set that was never published, with its drafts.

    :raises MissingSet: if there is none.
    :raises WasPublished: if it was.
    """
    with write(db):
        found = get(db, set_id)
        if found.version:
            raise WasPublished(set_id)
        db.conn.execute("delete from own_set where id = ?", [set_id])
        staff_log.note(db, now, account, Action.SET_DELETE, set_id)


# --- editions -------------------------------------------------------------------------


def publish(db: Database, set_id: str, revision: int, account: int, now: float) -> int:
    """Make a draft the edition that classes are asked from now on; give its version.

    The version grows when pupils' words do; what only the teacher reads may change
    within one.

    :param revision: the draft that was looked at; its rules are the caller's to check.
    :raises MissingSet: if the set is gone.
    :raises Overtaken: if there is a newer draft.
    :raises NothingNew: if nothing has changed since the last edition.
    """
    with write(db):
        _expect(db, set_id, revision)
        found = get(db, set_id)
        if not found.has_news:
            raise NothingNew(set_id)
        number, last = db.conn.execute(
            "select edition, raw from own_edition where set_id = ?"
            " order by edition desc limit 1",
            [set_id],
        ).fetchone() or (0, None)
        version = max(1, found.version)
        if last and _wording(json.loads(last)) != _wording(found.raw):
            version += 1
        raw = {**found.raw, "version": version}
        db.conn.execute(
            "insert into own_edition (set_id, edition, version, raw, published,"
            " account) values (?, ?, ?, ?, ?, ?)",
            [set_id, number + 1, version, _text(raw), int(now), account],
        )
        _renew(db)
        staff_log.note(
            db, now, account, Action.SET_PUBLISH, f"{set_id} version {version}"
        )
    return version


def _wording(raw: Mapping[str, Any]) -> str:
    return fingerprint(thaw(raw))


def retire(
    db: Database, set_id: str, is_retired: bool, account: int, now: float
) -> None:
    """Offer a set no more, or again; what was held with it stays.

    :raises MissingSet: if there is none.
    """
    with write(db):
        found = get(db, set_id)
        db.conn.execute(
            "update own_set set is_retired = ? where id = ?",
            [int(is_retired), found.id],
        )
        _renew(db)
        action = Action.SET_RETIRE if is_retired else Action.SET_REVIVE
        staff_log.note(db, now, account, action, set_id)


def _renew(db: Database) -> None:
    db.conn.execute(
        "insert into own_library (id, generation) values (1, 1)"
        " on conflict do update set generation = generation + 1"
    )
