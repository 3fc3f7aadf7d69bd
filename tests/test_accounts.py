"""Accounts, one-time links, and browsers that are signed in."""

import subprocess
import sys
import threading

import builders
import pytest
from builders import NOW

from pejling.storage import accounts
from pejling.storage.accounts import (
    EmailTaken,
    LinkGone,
    Purpose,
    Role,
    WrongPassword,
)

PASSWORD = "korrekt hest batteri"
MINUTE, HOUR = 60, 3600


@pytest.fixture
def db(stores):
    return stores.archive


@pytest.fixture
def teacher(stores):
    return builders.a_teacher(stores)


def dump(db) -> str:
    """The whole archive as text."""
    return "\n".join(db.conn.iterdump())


# --- accounts -------------------------------------------------------------------------


def test_first_start_has_no_account(db):
    assert accounts.count(db) == 0


@pytest.mark.parametrize("typed", ["a@b.dk", "A@B.dk", " a@b.dk "])
def test_account_is_found_however_the_email_is_typed(db, typed):
    made = accounts.add(db, "a@b.dk", Role.TEACHER)
    assert accounts.find(db, typed) == made
    assert accounts.get(db, made.id) == made
    with pytest.raises(EmailTaken):
        accounts.add(db, typed, Role.CONSULTANT)
    assert accounts.count(db) == 1


def test_missing_account(db):
    assert accounts.find(db, "a@b.dk") is None
    with pytest.raises(LookupError):
        accounts.get(db, 1)


@pytest.mark.parametrize("role", Role)
def test_role_is_kept(db, role):
    assert accounts.get(db, accounts.add(db, "a@b.dk", role).id).role is role


def test_password_is_kept_as_argon2id_only(db):
    accounts.add(db, "a@b.dk", Role.TEACHER, PASSWORD)
    assert PASSWORD not in dump(db)
    (kept,) = db.conn.execute("select password_hash from account").fetchone()
    # OWASP: argon2id, 19 MiB, two passes, one lane.
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_right_password(db):
    made = accounts.add(db, "a@b.dk", Role.TEACHER, PASSWORD)
    assert accounts.check_password(db, "A@b.dk", PASSWORD) == made


@pytest.mark.parametrize(
    ("email", "password"),
    [("a@b.dk", "forkert hest"), ("a@b.dk", ""), ("x@b.dk", PASSWORD), ("", "")],
)
def test_wrong_password(db, email, password):
    accounts.add(db, "a@b.dk", Role.TEACHER, PASSWORD)
    with pytest.raises(WrongPassword):
        accounts.check_password(db, email, password)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_account_without_a_password_is_entered_by_link_only(db, teacher, password):
    with pytest.raises(WrongPassword):
        accounts.check_password(db, teacher.email, password)


def test_new_password_signs_all_browsers_out(db, teacher):
    token = accounts.sign_in(db, teacher, NOW)
    accounts.set_password(db, teacher, PASSWORD)
    assert accounts.signed_in(db, token, NOW) is None
    assert accounts.check_password(db, teacher.email, PASSWORD).id == teacher.id


# --- one-time links -------------------------------------------------------------------


def test_link_is_used_once(db, teacher):
    token = accounts.new_link(db, Purpose.SIGN_IN, teacher, NOW)
    link = accounts.find_link(db, token, NOW)
    assert (link.purpose, link.account) == (Purpose.SIGN_IN, teacher)
    accounts.use_link(db, link)
    with pytest.raises(LinkGone):
        accounts.find_link(db, token, NOW)
    with pytest.raises(LinkGone):
        accounts.use_link(db, link)


@pytest.mark.parametrize("hours", [0, 24])
def test_link_works_for_a_day(db, teacher, hours):
    token = accounts.new_link(db, Purpose.PASSWORD, teacher, NOW)
    assert accounts.find_link(db, token, NOW + hours * HOUR).account == teacher


def test_link_is_gone_after_a_day(db, teacher):
    token = accounts.new_link(db, Purpose.PASSWORD, teacher, NOW)
    with pytest.raises(LinkGone):
        accounts.find_link(db, token, NOW + 24 * HOUR + 1)


@pytest.mark.parametrize("token", ["", "unknown", "æ"])
def test_link_that_never_was(db, token):
    with pytest.raises(LinkGone):
        accounts.find_link(db, token, NOW)


def test_newer_link_ends_the_older_of_its_kind(db, teacher):
    other = accounts.add(db, "anden@example.dk", Role.TEACHER)
    old = accounts.new_link(db, Purpose.PASSWORD, teacher, NOW)
    kept = [
        accounts.new_link(db, Purpose.SIGN_IN, teacher, NOW),
        accounts.new_link(db, Purpose.PASSWORD, other, NOW),
        accounts.new_link(db, Purpose.PASSWORD, teacher, NOW),
    ]
    with pytest.raises(LinkGone):
        accounts.find_link(db, old, NOW)
    assert [accounts.find_link(db, one, NOW).token for one in kept] == kept


def test_setup_link_makes_the_first_account_only(db):
    token = accounts.new_link(db, Purpose.SETUP, None, NOW)
    assert accounts.find_link(db, token, NOW).account is None
    accounts.add(db, "a@b.dk", Role.CONSULTANT)
    with pytest.raises(LinkGone):
        accounts.find_link(db, token, NOW)


def test_restart_gives_a_new_setup_link(db):
    old = accounts.new_link(db, Purpose.SETUP, None, NOW)
    new = accounts.new_link(db, Purpose.SETUP, None, NOW)
    assert accounts.find_link(db, new, NOW).purpose is Purpose.SETUP
    with pytest.raises(LinkGone):
        accounts.find_link(db, old, NOW)


def test_tokens_are_kept_as_hashes(db, teacher):
    tokens = [
        accounts.new_link(db, Purpose.PASSWORD, teacher, NOW),
        accounts.sign_in(db, teacher, NOW),
    ]
    kept = dump(db)
    assert [token for token in tokens if token in kept] == []
    # 128 bits in base64 without padding: 22 characters.
    assert [len(token) for token in tokens] == [22, 22]


# --- signed-in browsers ---------------------------------------------------------------


def test_browser_is_known_until_it_signs_out(db, teacher):
    token = accounts.sign_in(db, teacher, NOW)
    other = accounts.sign_in(db, teacher, NOW)
    assert accounts.signed_in(db, token, NOW) == teacher
    accounts.sign_out(db, token)
    assert accounts.signed_in(db, token, NOW) is None
    assert accounts.signed_in(db, other, NOW) == teacher


@pytest.mark.parametrize("token", ["", "forged"])
def test_forged_token_is_nobody(db, teacher, token):
    accounts.sign_in(db, teacher, NOW)
    assert accounts.signed_in(db, token, NOW) is None


@pytest.mark.parametrize(("minutes", "known"), [(30, True), (31, False)])
def test_idle_browser_is_signed_out_after_half_an_hour(db, teacher, minutes, known):
    token = accounts.sign_in(db, teacher, NOW)
    found = accounts.signed_in(db, token, NOW + minutes * MINUTE)
    assert (found == teacher) is known


def test_browser_in_use_stays_signed_in(db, teacher):
    token = accounts.sign_in(db, teacher, NOW)
    for minutes in range(20, 480, 20):
        assert accounts.signed_in(db, token, NOW + minutes * MINUTE) == teacher


def test_lesson_is_not_broken_by_a_long_talk(stores, db, teacher):
    token = accounts.sign_in(db, teacher, NOW)
    session = builders.open_class(stores)
    assert accounts.signed_in(db, token, NOW + 2 * HOUR) == teacher
    builders.archive.store_closed(db, session.id, {}, finish=NOW)
    assert accounts.signed_in(db, token, NOW + 4 * HOUR) is None


def test_nobody_stays_signed_in_for_more_than_eight_hours(stores, db, teacher):
    token = accounts.sign_in(db, teacher, NOW)
    builders.open_class(stores)
    assert accounts.signed_in(db, token, NOW + 8 * HOUR) == teacher
    assert accounts.signed_in(db, token, NOW + 8 * HOUR + 1) is None


# --- many at once ---------------------------------------------------------------------


def test_crowd_of_unknown_accounts_works_out_one_hash_for_nobody(stores, monkeypatch):
    made = []
    monkeypatch.setattr(accounts, "_hash", lambda typed: made.append(typed) or "x")
    accounts._nobodys_hash.cache_clear()
    together = threading.Barrier(20)

    def ask() -> None:
        together.wait(timeout=20)
        accounts._nobody()

    crowd = [threading.Thread(target=ask) for _ in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    accounts._nobodys_hash.cache_clear()
    assert len(made) == 1


HASH_AND_TELL = """
import threading
from pejling import server
from pejling.storage import accounts
server.give_memory_back()
crowd = [threading.Thread(target=accounts._hash, args=("kode",)) for _ in range(40)]
for one in crowd: one.start()
for one in crowd: one.join()
print(open("/proc/self/status").read())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, sets glibc's malloc")
def test_hashes_of_a_crowd_leave_no_memory_behind():
    # Python itself takes 38 MiB; without the setting 20 hashes of 19 MiB are left.
    words = [sys.executable, "-W", "ignore", "-c", HASH_AND_TELL]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    status = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    left, most = (int(status[one].split()[0]) / 1024 for one in ("VmRSS", "VmHWM"))
    assert left < 38 + 2 * 19
    assert most < left + accounts.HASHES_AT_ONCE * 19 + 19
