"""The schema of both databases, step by step. A released step is never edited."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlite_utils import Database, Migrations

from pejling.storage import connections

archive = Migrations("archive")


@archive()
def m001_people(db: Database) -> None:
    """Staff, the links that let them in, and what they did. Nothing about pupils."""
    for statement in (
        """
        create table school (
            id    integer primary key,
            name  text not null unique check (length(name) between 1 and 80)
        ) strict
        """,
        """
        create table account (
            id             integer primary key,
            email          text not null unique,
            role           text not null
                           check (role in ('laerer', 'konsulent', 'styregruppe')),
            password_hash  text not null  -- argon2id; '' until a password is chosen
        ) strict
        """,
        """
        create table link (
            token_hash  text primary key,  -- SHA-256 of 128 random bits
            kind        text not null check (kind in ('setup', 'password', 'signin')),
            account     integer references account (id) on delete cascade,
            expires     integer not null   -- seconds since the epoch
        ) strict, without rowid
        """,
        """
        create table staff_session (
            token_hash  text primary key,
            account     integer not null references account (id) on delete cascade,
            started     integer not null,
            seen        integer not null
        ) strict, without rowid
        """,
        """
        create table staff_log (
            id       integer primary key,
            at       integer not null,
            account  integer,             -- kept when the account is gone
            action   text not null,
            object   text not null
        ) strict
        """,
    ):
        db.conn.execute(statement)


@archive()
def m002_sessions(db: Database) -> None:
    """Sessions with their frozen question set, and the counters of closed triads.

    ``opened``, ``code``, ``join_secret`` are emptied when the session closes: what
    stays here is a date without a time. When the teacher opened and closed stands in
    the staff log; when a pupil answered stands nowhere.
    """
    for statement in (
        """
        create table session (
            id           text primary key,
            owner        integer not null references account (id),
            school       text not null,
            grade        integer not null check (grade between 0 and 10),
            letter       text not null,
            set_id       text not null,
            set_version  integer not null,
            set_json     text not null,     -- the set as it was asked
            triads       text not null,     -- JSON list of ids, order of asking
            present      integer not null check (present between 2 and 120),
            pacing       text not null check (pacing in ('samlet', 'trin')),
            day          text not null check (length(day) = 10),
            stage        text not null
                check (stage in ('lobby', 'warm_up', 'answering', 'closed')),
            item         text not null,
            step         text not null,
            opened       real not null,
            version      integer not null,
            code         text not null,
            join_secret  text not null,
            wall_key     text not null unique
        ) strict, without rowid
        """,
        "create unique index session_code on session (code) where code <> ''",
        """
        create unique index session_join_secret on session (join_secret)
            where join_secret <> ''
        """,
        """
        create table closed_triad (
            session   text not null references session (id) on delete cascade,
            triad     text not null,
            answered  integer not null,  -- 0 where too few answered: nothing is kept
            primary key (session, triad)
        ) strict, without rowid
        """,
        """
        create table counter (
            session  text not null references session (id) on delete cascade,
            item     text not null,     -- item id in the question set
            option   integer not null,  -- guess in pupils, or position on the scale
            n        integer not null check (n > 0),
            primary key (session, item, option)
        ) strict, without rowid
        """,
        """
        create table choice (           -- what the teacher shows against the advice
            session  text not null references session (id) on delete cascade,
            triad    text not null,
            shown    integer not null check (shown in (0, 1)),
            primary key (session, triad)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m003_youth_education(db: Database) -> None:
    """Sessions in youth education, grade 11; and what the kommune has chosen.

    SQLite cannot change a check in place: the tables are made anew and filled. Those
    that refer to ``session`` go first, so that dropping it deletes nothing of theirs.
    """
    for statement in (
        """
        create table new_session (
            id           text primary key,
            owner        integer not null references account (id),
            school       text not null,
            grade        integer not null check (grade between 0 and 11),
            letter       text not null,
            set_id       text not null,
            set_version  integer not null,
            set_json     text not null,
            triads       text not null,
            present      integer not null check (present between 2 and 120),
            pacing       text not null check (pacing in ('samlet', 'trin')),
            day          text not null check (length(day) = 10),
            stage        text not null
                check (stage in ('lobby', 'warm_up', 'answering', 'closed')),
            item         text not null,
            step         text not null,
            opened       real not null,
            version      integer not null,
            code         text not null,
            join_secret  text not null,
            wall_key     text not null unique
        ) strict, without rowid
        """,
        "insert into new_session select id, owner, school, grade, letter, set_id,"
        " set_version, set_json, triads, present, pacing, day, stage, item, step,"
        " opened, version, code, join_secret, wall_key from session",
        """
        create table new_closed_triad (
            session   text not null references new_session (id) on delete cascade,
            triad     text not null,
            answered  integer not null,
            primary key (session, triad)
        ) strict, without rowid
        """,
        "insert into new_closed_triad select session, triad, answered"
        " from closed_triad",
        """
        create table new_counter (
            session  text not null references new_session (id) on delete cascade,
            item     text not null,
            option   integer not null,
            n        integer not null check (n > 0),
            primary key (session, item, option)
        ) strict, without rowid
        """,
        "insert into new_counter select session, item, option, n from counter",
        """
        create table new_choice (
            session  text not null references new_session (id) on delete cascade,
            triad    text not null,
            shown    integer not null check (shown in (0, 1)),
            primary key (session, triad)
        ) strict, without rowid
        """,
        "insert into new_choice select session, triad, shown from choice",
        "drop table choice",
        "drop table counter",
        "drop table closed_triad",
        "drop table session",
        "alter table new_session rename to session",
        "alter table new_closed_triad rename to closed_triad",
        "alter table new_counter rename to counter",
        "alter table new_choice rename to choice",
        "create unique index session_code on session (code) where code <> ''",
        """
        create unique index session_join_secret on session (join_secret)
            where join_secret <> ''
        """,
        """
        create table kommune (          -- one row: what holds for all its schools
            id    integer primary key check (id = 1),
            plan  text not null         -- id of the curriculum plan it follows
        ) strict
        """,
    ):
        db.conn.execute(statement)


@archive()
def m004_agreement(db: Database) -> None:
    """What a class agreed on: sentences about all of it, typed by the teacher."""
    db.conn.execute(
        """
        create table agreement (
            session  text primary key references session (id) on delete cascade,
            text     text not null      -- one sentence on each line
                     check (length(text) between 1 and 400)
        ) strict, without rowid
        """
    )


@archive()
def m005_omission(db: Database) -> None:
    """Behaviours that a teacher has left out, each with its reason."""
    db.conn.execute(
        """
        create table omission (
            session  text not null references session (id) on delete cascade,
            triad    text not null,
            reason   text not null
                     check (reason in ('ikke_alvorligt', 'misforstaaet', 'forstyrret')),
            primary key (session, triad)
        ) strict, without rowid
        """
    )


@archive()
def m006_remote(db: Database) -> None:
    """Phones of teachers that may move one session, and invitations to become one."""
    db.conn.execute(
        """
        create table remote (
            token_hash  text primary key,  -- SHA-256 of 130 random bits
            session     text not null references session (id) on delete cascade,
            kind        text not null check (kind in ('invitation', 'phone')),
            expires     integer not null   -- seconds since the epoch
        ) strict, without rowid
        """
    )


@archive()
def m007_mode(db: Database) -> None:
    """How a session's answers are collected: on screens, with slips, on paper."""
    db.conn.execute(
        """
        alter table session add column mode text not null default 'skaerm'
            check (mode in ('skaerm', 'sedler', 'papir'))
        """
    )


@archive()
def m008_figures(db: Database) -> None:
    """The kommune's own figures, in batches that can be taken back; and choices.

    A figure in a later batch stands in front of an earlier one with the same key and
    leaves it in place: when the batch goes, the earlier one is there again.
    """
    for statement in (
        """
        create table figure_batch (
            id       integer primary key autoincrement,  -- none comes twice
            day      text not null check (length(day) = 10),
            account  integer,            -- kept when the account is gone
            name     text not null       -- of the file, or how it was entered
        ) strict
        """,
        """
        create table figure (
            id         integer primary key,
            batch      integer not null references figure_batch (id) on delete cascade,
            key        text not null,    -- indicator, who, where, season
            indicator  text not null,
            percent    real not null check (percent between 0 and 100),
            grade_min  integer check (grade_min between 0 and 10),
            grade_max  integer check (grade_max between 0 and 10),
            age_min    integer,
            age_max    integer,
            level      text not null
                       check (level in ('school', 'kommune', 'region', 'national')),
            area       text not null check (length(area) between 1 and 60),
            season     text not null,
            year       integer not null,
            n          integer check (n >= 10),
            question   text not null,
            counted    text not null,
            source     text not null check (length(source) between 1 and 200),
            url        text not null,
            note       text not null,
            unique (batch, key)
        ) strict
        """,
        "create index figure_indicator on figure (indicator)",
        "create index figure_key on figure (key, id)",
        """
        create table elsewhere_choice (  -- what the teacher shows against the advice
            session  text not null references session (id) on delete cascade,
            triad    text not null,
            figure   text not null,    -- which one: another is chosen about anew
            shown    integer not null check (shown in (0, 1)),
            primary key (session, triad)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m009_pools(db: Database) -> None:
    """What the classes of a school year that is over answered together: coded.

    A year is frozen once; a session that is deleted later, or counted late, does not
    change it, so that two looks never differ by a class.
    """
    for statement in (
        """
        create table pool_year (
            year  integer primary key  -- in which the school year begins
        ) strict
        """,
        """
        create table pool (
            year     integer not null references pool_year (year),
            grade    integer not null check (grade between 0 and 11),
            triad    text not null,
            wording  text not null,    -- of the question; another is another pool
            asked    text not null,    -- the act and its time, to be read
            classes  integer not null check (classes >= 3),
            answers  integer not null check (answers >= 60 and answers % 10 = 0),
            percent  integer not null
                     check (percent between 5 and 95 and percent % 5 = 0),
            primary key (year, grade, triad, wording)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m010_kommune_details(db: Database) -> None:
    """The kommune's name, and whom pupils and parents may turn to."""
    db.conn.execute(
        """
        create table kommune_detail (
            id     text primary key,
            value  text not null check (length(value) between 1 and 160)
        ) strict, without rowid
        """
    )


@archive()
def m011_retention(db: Database) -> None:
    """What is left of a school year when the numbers of its classes are deleted.

    ``rollup`` holds several classes at a time, in whole fives; ``held`` which sets were
    held where; ``used_wording`` that a version of a set has been asked, so that its
    words stay as they were.
    """
    for statement in (
        """
        create table rollup (
            year      integer not null,
            school    text not null,     -- '' for schools that are too small alone
            grade     integer not null check (grade between 0 and 11),
            triad     text not null,
            wording   text not null,
            asked     text not null,
            classes   integer not null check (classes >= 2),
            answers   integer not null check (answers >= 20 and answers % 5 = 0),
            yes       integer not null check (yes % 5 = 0),
            too_high  integer not null check (too_high % 5 = 0),
            primary key (year, school, grade, triad, wording)
        ) strict, without rowid
        """,
        """
        create table held (
            year     integer not null,
            school   text not null,
            grade    integer not null check (grade between 0 and 11),
            set_id   text not null,
            classes  integer not null check (classes > 0),
            primary key (year, school, grade, set_id)
        ) strict, without rowid
        """,
        """
        create table used_wording (
            set_id       text not null,
            set_version  integer not null,
            fingerprint  text not null,
            primary key (set_id, set_version)
        ) strict, without rowid
        """,
        "create index session_class on session (school, grade, letter, set_id, day)",
    ):
        db.conn.execute(statement)


@archive()
def m012_second_factor(db: Database) -> None:
    """Accounts that are switched off, and codes of a phone beside the password."""
    for statement in (
        "alter table account add column is_active integer not null default 1"
        " check (is_active in (0, 1))",
        # Base32; '' where there is none. Whoever reads it still lacks the password.
        "alter table account add column totp text not null default ''",
        # The half minute of the last code: each code opens once.
        "alter table account add column totp_step integer not null default 0",
        """
        create table recovery_code (
            account    integer not null references account (id) on delete cascade,
            code_hash  text not null,  -- SHA-256 of 73 random bits
            primary key (account, code_hash)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m013_schools(db: Database) -> None:
    """Schools that are retired, their classes, and what has been booked for whom."""
    for statement in (
        "alter table school add column is_retired integer not null default 0"
        " check (is_retired in (0, 1))",
        """
        create table school_class (
            school  text not null,
            grade   integer not null check (grade between 0 and 11),
            letter  text not null,
            pupils  integer not null check (pupils between 0 and 120),
            primary key (school, grade, letter)
        ) strict, without rowid
        """,
        """
        create table booking (
            id       integer primary key,
            school   text not null,
            grade    integer not null check (grade between 0 and 11),
            letter   text not null,     -- '' for all of the årgang
            set_id   text not null,
            year     integer not null,  -- in which the school year begins
            month    integer not null check (month between 1 and 12),
            account  integer,           -- who booked it; kept when the account is gone
            unique (school, grade, letter, set_id, year)
        ) strict
        """,
    ):
        db.conn.execute(statement)


@archive()
def m014_own_sets(db: Database) -> None:
    """The kommune's own question sets: drafts, and what was published of them."""
    for statement in (
        """
        create table own_set (
            id          text primary key,
            source      text not null,   -- the set it was made from; '' for a file
            is_retired  integer not null check (is_retired in (0, 1))
        ) strict, without rowid
        """,
        """
        create table own_draft (
            set_id    text not null references own_set (id) on delete cascade,
            revision  integer not null check (revision > 0),
            raw       text not null,     -- JSON of what the set's file would hold
            saved     integer not null,  -- seconds since the epoch
            account   integer not null,  -- kept when the account is gone
            primary key (set_id, revision)
        ) strict, without rowid
        """,
        """
        create table own_edition (
            set_id     text not null references own_set (id),
            edition    integer not null check (edition > 0),
            version    integer not null check (version > 0),
            raw        text not null,
            published  integer not null,
            account    integer not null,
            primary key (set_id, edition)
        ) strict, without rowid
        """,
        """
        create table own_library (       -- one row: grows when what is on offer changes
            id          integer primary key check (id = 1),
            generation  integer not null
        ) strict
        """,
    ):
        db.conn.execute(statement)


@archive()
def m015_kinds(db: Database) -> None:
    """Follow-ups and meetings of parents, and the sessions they are held against."""
    for statement in (
        """
        alter table session add column kind text not null default 'klasse'
            check (kind in ('klasse', 'opfoelgning', 'foraeldre'))
        """,
        """
        create table session_link (
            session  text not null references session (id) on delete cascade,
            place    integer not null check (place >= 0),
            other    text not null,  -- the other may be deleted: then it says nothing
            primary key (session, place)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m016_booking_day(db: Database) -> None:
    """The day of booking: a pejling before it is not what was booked."""
    db.conn.execute("alter table booking add column day text not null default ''")


@archive()
def m017_kommune_settings(db: Database) -> None:
    """The kommune's logo, own help lines and choices, and the opt-in to roed acts."""
    for statement in (
        """
        create table kommune_logo (
            id       integer primary key check (id = 1),
            kind     text not null check (kind in ('png', 'svg')),
            picture  blob not null check (length(picture) between 1 and 600000),
            width    integer not null check (width > 0),   -- of the picture, in px
            height   integer not null check (height > 0),
            digest   text not null       -- of what is in it; part of its address
        ) strict
        """,
        """
        create table help_line (
            place    integer primary key check (place between 1 and 5),
            name     text not null check (length(name) between 1 and 60),
            contact  text not null check (length(contact) between 1 and 80),
            for_whom text not null check (for_whom in ('elever', 'foraeldre', 'alle'))
        ) strict
        """,
        """
        create table kommune_choice (
            id     text primary key,
            value  text not null check (length(value) between 1 and 160)
        ) strict, without rowid
        """,
        """
        create table roed_opt_in (           -- a row: own roed acts may be asked
            id          integer primary key check (id = 1),
            decided_by  text not null check (length(decided_by) between 1 and 120),
            day         text not null        -- of the decision, ISO
        ) strict
        """,
    ):
        db.conn.execute(statement)


@archive()
def m018_identity(db: Database) -> None:
    """Who an account is at the provider of sign-ins; of its tokens nothing is kept."""
    db.conn.execute("""
        create table identity (
            account  integer primary key references account (id) on delete cascade,
            issuer   text not null,
            subject  text not null,  -- the provider's own, never an e-mail
            name     text not null,
            school   text not null,  -- offered first; '' for none
            unique (issuer, subject)
        ) strict
    """)


@archive()
def m019_released(db: Database) -> None:
    """What a class has agreed to show its parents."""
    db.conn.execute("""
        create table released (
            session  text not null references session (id) on delete cascade,
            place    integer not null check (place >= 0),
            triad    text not null,
            primary key (session, triad)
        ) strict, without rowid
    """)


@archive()
def m020_indexes(db: Database) -> None:
    """What is asked of all sessions is read from indexes.

    A session's row holds its frozen set, some 10 kB: reading through ten thousand of
    them for a list, or for each page of staff, is reading 100 MB. The stage stands in
    each index although it is the same in all of it: without it SQLite reads the row.
    """
    for statement in (
        "create index session_open on session (owner, stage, mode)"
        " where stage <> 'closed'",
        "create index session_ended on session (day desc, opened desc, id, stage)"
        " where stage = 'closed'",
        "create index session_own_ended on session"
        " (owner, day desc, opened desc, id, stage) where stage = 'closed'",
        "create index session_held on session"
        " (day, school, grade, letter, set_id, stage) where stage = 'closed'",
    ):
        db.conn.execute(statement)


@archive()
def m021_class_pages(db: Database) -> None:
    """Pages that a class reads behind a link, and what its teacher put on each."""
    for statement in (
        """
        create table class_page (
            session     text primary key references session (id) on delete cascade,
            token_hash  text not null unique,  -- SHA-256 of 130 random bits
            until       text not null          -- its last day, an ISO date
        ) strict, without rowid
        """,
        """
        create table on_class_page (
            session  text not null references class_page (session) on delete cascade,
            triad    text not null,
            primary key (session, triad)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


@archive()
def m022_from_older(db: Database) -> None:
    """What older classes pass on, and where younger ones show it.

    What is taken back, or deleted with its session, is gone from where it was shown.
    """
    for statement in (
        """
        create table passed_on (
            session  text not null references session (id) on delete cascade,
            triad    text not null,
            primary key (session, triad)
        ) strict, without rowid
        """,
        """
        create table from_older (
            session      text not null references session (id) on delete cascade,
            triad        text not null,
            other        text not null,
            other_triad  text not null,
            primary key (session, triad),
            foreign key (other, other_triad)
                references passed_on (session, triad) on delete cascade
        ) strict, without rowid
        """,
        "create index from_older_other on from_older (other, other_triad)",
    ):
        db.conn.execute(statement)


@archive()
def m023_follow_ups(db: Database) -> None:
    """Of which sessions a teacher wants no reminder of a follow-up.

    What was held is read without follow-ups: the index tells the kind too, or the rows
    would be read again.
    """
    for statement in (
        """
        create table no_follow_up (
            session  text primary key references session (id) on delete cascade
        ) strict, without rowid
        """,
        "create index session_link_other on session_link (other)",
        "drop index session_held",
        "create index session_held on session"
        " (day, school, grade, letter, set_id, stage, kind) where stage = 'closed'",
    ):
        db.conn.execute(statement)


def b001_ballots(db: Database) -> None:
    """Open sessions: anonymous seats, used triads, counters; never a row per pupil.

    No table holds both a token and an option, and none holds a time. Without rowid the
    rows lie in key order, not in the order of sending (docs/privacy.md).
    """
    for statement in (
        """
        create table poll (
            session   text primary key,
            key       blob not null,     -- dies with the session
            seats     integer not null,  -- at most so many may join
            revision  integer not null,  -- grows when the room may see something new
            is_asking integer not null check (is_asking in (0, 1))
        ) strict, without rowid
        """,
        """
        create table asked (             -- 1 takes answers, 0 has ended for good
            session  text not null references poll (session) on delete cascade,
            triad    text not null,
            is_open  integer not null check (is_open in (0, 1)),
            primary key (session, triad)
        ) strict, without rowid
        """,
        """
        create table seat (
            session     text not null references poll (session) on delete cascade,
            token_hash  text not null,   -- HMAC-SHA256(session key, token)
            primary key (session, token_hash)
        ) strict, without rowid
        """,
        """
        create table used (
            session     text not null references poll (session) on delete cascade,
            token_hash  text not null,
            triad       text not null,
            primary key (session, token_hash, triad)
        ) strict, without rowid
        """,
        """
        create table counter (
            session  text not null references poll (session) on delete cascade,
            item     text not null,
            option   integer not null,
            n        integer not null check (n > 0),
            primary key (session, item, option)
        ) strict, without rowid
        """,
        """
        create table shown (             -- the warm-up as the room last saw it
            session  text not null references poll (session) on delete cascade,
            item     text not null,
            option   integer not null,
            n        integer not null check (n > 0),
            primary key (session, item, option)
        ) strict, without rowid
        """,
    ):
        db.conn.execute(statement)


def b002_slips(db: Database) -> None:
    """Unused slips, and seats that may be taken beyond those whose phone went dead.

    A slip is deleted in the transaction that makes its seat, so that nothing tells
    which seat came of which slip.
    """
    for statement in (
        """
        create table slip (
            token_hash  text primary key,  -- SHA-256 of 130 random bits
            session     text not null references poll (session) on delete cascade
        ) strict, without rowid
        """,
        "alter table poll add column freed integer not null default 0",
    ):
        db.conn.execute(statement)


def b003_no_order(db: Database) -> None:
    """Marks and counters that are there before the first answer, and never move.

    A page of SQLite is filled from its end, whatever its keys: the place of a row in it
    tells when it was made. So all rows of a triad are made when it is opened, in the
    order of their keys, and an answer only overwrites: a mark that turns from 0 to 1,
    a number of three digits that stays as long (docs/privacy.md, "Storage").
    """
    for statement in (
        """
        create table mark (              -- has this seat sent this triad
            session     text not null references poll (session) on delete cascade,
            triad       text not null,
            token_hash  text not null,
            is_sent     integer not null check (is_sent in (0, 1)),
            primary key (session, triad, token_hash)
        ) strict, without rowid
        """,
        "insert into mark select session, triad, token_hash, 1 from used"
        " order by session, triad, token_hash",
        "drop table used",
        """
        create table tally (
            session  text not null references poll (session) on delete cascade,
            item     text not null,
            option   integer not null,
            n        text not null       -- three digits: as long at 0 as at 120
                     check (n glob '[0-9][0-9][0-9]'),
            primary key (session, item, option)
        ) strict, without rowid
        """,
        "insert into tally select session, item, option, printf('%03d', n)"
        " from counter order by session, item, option",
        "drop table counter",
    ):
        db.conn.execute(statement)


BALLOT_STEPS: Sequence[Callable[[Database], None]] = (
    b001_ballots,
    b002_slips,
    b003_no_order,
)
"""Applied in order and counted in ``user_version``: the record that sqlite-utils keeps
of migrations has a time in it, and the ballot box has no time in any table."""


class NewerDatabase(Exception):
    """The data folder was written by a later version of the program."""


def migrate(folder: Path) -> None:
    """Bring both databases of a folder up to date; makes what is missing.

    :raises NewerDatabase: if a file knows steps that this program does not.
    :raises OSError: if the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _try_writing(folder)
    stores = connections.open_stores(folder)
    try:
        _migrate_archive(stores.archive)
        _migrate_ballots(stores.ballots)
    finally:
        stores.close()
    for name in (connections.ARCHIVE, connections.BALLOT_BOX):
        (folder / name).chmod(0o600)


def _try_writing(folder: Path) -> None:
    probe = folder / ".writable"
    probe.touch()
    probe.unlink()
    if not os.access(folder, os.W_OK):
        raise PermissionError(folder)


def _migrate_archive(db: Database) -> None:
    ours = {name for name in globals() if name.startswith("m0")}
    if {applied.name for applied in archive.applied(db)} - ours:
        raise NewerDatabase(connections.ARCHIVE)
    archive.apply(db)


def _migrate_ballots(db: Database) -> None:
    with connections.write(db):
        done = int(db.conn.execute("pragma user_version").fetchone()[0])
        if done > len(BALLOT_STEPS):
            raise NewerDatabase(connections.BALLOT_BOX)
        for step in BALLOT_STEPS[done:]:
            step(db)
        # A pragma takes no parameters; the number is ours.
        db.conn.execute(f"pragma user_version = {len(BALLOT_STEPS):d}")
