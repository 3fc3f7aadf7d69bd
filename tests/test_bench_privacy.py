"""The privacy measurements, small: each holds, and sees what it is there to see."""

import os
import random
import secrets
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench.privacy import (
    browser,
    canary,
    doubles,
    figure,
    frames,
    guesser,
    one_address,
    order,
    pages,
    pools,
    report,
    routes,
    sizes,
)
from bench.privacy.canary import CLOSED, OPEN, WHILE_OPEN, Planted
from bench.privacy.figure import Figure
from pejling.domain import pooling
from pejling.domain.question_sets import Sensitivity
from pejling.storage import ballot_box
from pejling.web import throttle

# --- the order of answers -------------------------------------------------------------


def a_table(path: Path, rows: int) -> list[tuple[str, str, int]]:
    """A table as the ballot box has them, with rows of random keys in this order."""
    made = [("s1", secrets.token_hex(32), number) for number in range(rows)]
    conn = sqlite3.connect(path)
    conn.execute(
        "create table used (session text, token text, triad integer,"
        " primary key (session, token)) strict, without rowid"
    )
    for row in made:
        conn.execute("insert into used values (?, ?, ?)", row)
        conn.commit()
    conn.close()
    return made


def rows_of(path: Path) -> list[pages.Cell]:
    return pages.cells(path.read_bytes(), pages.tables(path)["used"])


def test_pages_are_read_as_sqlite_reads_them(tmp_path: Path):
    # More rows than fit on one page, so that there are inner pages too.
    made = a_table(tmp_path / "db", 300)
    found = rows_of(tmp_path / "db")
    assert sorted(one.row for one in found) == sorted(made)
    assert len({one.page for one in found}) > 5


def test_attacker_reads_the_order_of_rows_with_random_keys(tmp_path: Path):
    made = a_table(tmp_path / "db", 24)
    found = order.in_order(rows_of(tmp_path / "db"))
    assert [one.row for one in found] == made


def test_order_that_is_guessed_is_held_against_the_true_one():
    # Three rows, the oldest last on the page; guessed a, b, c and came b, a, c.
    places = ((90, "a"), (50, "b"), (7, "c"))
    rows = [pages.Cell(1, at, ("s1", key)) for at, key in places]
    read = order.Read()
    read.add(rows, ["b", "a", "c"])
    assert (read.pairs, read.near, read.whole) == ([2 / 3], [2 / 3], [0.0])


@pytest.fixture(scope="module")
def seen() -> order.Seen:
    return order.simulate(6)


def test_nothing_is_left_after_a_question_and_after_the_session(seen: order.Seen):
    assert seen.searches > 300
    assert seen.left == []


def test_no_order_is_read_after_a_question_is_closed(seen: order.Seen):
    # 18 and more have answered: by chance a whole order is read once in 10^15.
    assert len(seen.closed.whole) > 20
    assert sum(seen.closed.whole) == 0
    assert figure.rate(seen.closed.pairs).mean == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("when", ["warm_up", "together"])
def test_no_whole_order_is_read_from_a_copy_in_mid_lesson(seen: order.Seen, when: str):
    assert sum(getattr(seen, when).whole) == 0


# --- planted values -------------------------------------------------------------------


@pytest.mark.parametrize(
    "kept",
    [
        b"..192.0.2.77..",
        "192.0.2.77".encode("utf-16-le"),
        b"3139322e302e322e3737",  # its characters as hexadecimal digits
        b"MTkyLjAuMi43Nw==",  # as base64
        b"3a81f3e8",
    ],
    ids=["plain", "utf-16", "hex", "base64", "another"],
)
def test_planted_value_is_found_in_whatever_form(tmp_path: Path, kept: bytes):
    planted = Planted()
    planted.add("address", "192.0.2.77")
    (tmp_path / "log").write_bytes(b"\0" + kept)
    found = canary.search({"log": tmp_path / "log"}, planted)
    assert list(found.hits) == ([] if kept == b"3a81f3e8" else [("address", "log")])


def test_deleted_file_that_is_still_open_is_searched(tmp_path: Path):
    planted = Planted()
    planted.add("form", word := f"kanarie{secrets.token_hex(8)}")
    (tmp_path / "below").mkdir()
    with (tmp_path / "gone").open("w+") as gone:
        gone.write(word)
        gone.flush()
        (tmp_path / "gone").unlink()
        files = canary.files_of(tmp_path / "below", os.getpid(), time.time() - 60)
        assert canary.search(files, planted).hits.total() == 1


@pytest.fixture(scope="module")
def planted() -> canary.Run:
    return canary.run(pupils=6, behaviours=2, proxies=1)


def test_class_with_planted_values_was_counted(planted: canary.Run):
    # Two questions and the honesty item.
    assert planted.counted == 6 * 3
    assert len(planted.planted.values) == 19


def test_what_an_open_class_needs_is_found_where_it_is_kept(planted: canary.Run):
    kinds = {kind for kind, _ in planted.sweeps[OPEN].hits}
    assert kinds == WHILE_OPEN


def test_nothing_of_pupils_is_found_in_any_file(planted: canary.Run):
    found = [sweep.but(WHILE_OPEN) for sweep in planted.sweeps.values()]
    assert [one.total() for one in found] == [0, 0, 0]
    assert "seat" not in {kind for kind, _ in planted.sweeps[CLOSED].hits}


def test_code_is_in_no_file_once_the_class_is_closed(planted: canary.Run):
    assert planted.sweeps[CLOSED].but().total() == 0


# --- replies about an open session ----------------------------------------------------


def test_every_route_is_compared_or_left_out_with_a_reason(app):
    assert routes.unaccounted(app) == []


def test_new_route_is_not_forgotten(app):
    def view() -> str:
        return ""

    view.access = ("public", ())
    app.add_url_rule("/ny/<pupil>", "pupil.new", view)
    app.add_url_rule("/nyt-tryk", "pupil.press", view, methods=["POST"])
    app.add_url_rule("/ny-side", "pupil.page", view)
    app.add_url_rule("/uden-adgang", "pupil.undeclared", lambda: "")
    assert routes.unaccounted(app) == [
        "GET /ny/<pupil>",
        "GET /uden-adgang",
        "POST /nyt-tryk",
    ]
    # What needs nothing new is compared by itself.
    assert "pupil.page" in {one.endpoint for one in routes.askings(app)}


def test_no_reply_depends_on_an_answer():
    found = frames.compare(700)
    assert found.pairs >= 700
    assert len(found.askings) > 100
    assert found.differing == {}


def test_reply_that_depends_on_an_answer_is_seen(monkeypatch):
    room = ballot_box.room

    def telling(db, session):
        found = room(db, session)
        rows = db.conn.execute("select coalesce(sum(option * n), 0) from tally")
        return replace(found, revision=found.revision + rows.fetchone()[0])

    monkeypatch.setattr(ballot_box, "room", telling)
    found = frames.compare(200, scenes=frames.SCENES[:1])
    assert "GET projector.state by nobody" in found.differing
    assert found.unlike > 0


# --- pools ----------------------------------------------------------------------------


def test_pool_tells_nothing_beside_the_coded_results():
    assert pools.audit(300, pooling.pooled).beside.narrow == 0


def test_pool_does_not_tell_a_teacher_that_all_who_do_it_are_in_one_class():
    # 0 to 7 of 72 are told as 5 %: whoever knows of 7 knows that there are no others.
    cube = pools.Cube(pools._triad(Sensitivity.YELLOW), (24, 24, 24), (7, 0, 0))
    assert pools._Auditor(cube, pooling.pooled).sums([1, 2]) >= pools.WIDTH


def test_pool_tells_nothing_at_all():
    found = pools.audit(150, pooling.pooled)
    narrow = (found.others.narrow, found.each.narrow, found.beside.narrow)
    assert (found.pools > 100, narrow) == (True, (0, 0, 0))


def test_auditor_sees_through_a_rule_that_does_not_round():
    def exact(answers):
        yes = sum(one.counts.yes for one in answers)
        return [replace(one, percent=yes) for one in pooling.pooled(answers)]

    found = pools.audit(30, exact)
    assert found.others.narrow == found.pools > 0
    assert min(found.others.widths) == 1


def test_auditor_counts_what_remains_possible():
    def in_tens(answers):
        yes = sum(one.counts.yes for one in answers)
        return [replace(one, percent=yes // 10) for one in pooling.pooled(answers)]

    # 20 to 29 of 72 are told as one; of the known class there are 12: 8 to 17 others,
    # counted up to four each way of their 11.
    cube = pools.Cube(pools._triad(Sensitivity.YELLOW), (24, 24, 24), (12, 6, 5))
    auditor = pools._Auditor(cube, in_tens)
    assert auditor.sums([1, 2]) == 1 + 3 + 4
    assert len(auditor.of_one(1, [1, 2])) == pools.WIDTH


# --- many at once ---------------------------------------------------------------------


def test_copies_of_an_answer_are_counted_once():
    sent = doubles.send(rounds=4, copies=30)
    assert (sent.rounds, sent.wrong, dict(sent.statuses)) == (4, 0, {303: 120})


def test_pupils_behind_one_address_are_not_held_up(monkeypatch):
    monkeypatch.setattr(one_address, "THINK_SECONDS", 0.05)
    met = one_address.go(classes=2, present=4)
    # Every fourth of the eight mistypes once.
    assert (met.typos, met.trouble) == (2, [])
    assert met.statuses.count(404) == 2
    assert 429 not in met.statuses


# --- guessing codes -------------------------------------------------------------------


def test_guesser_finds_nothing_in_eight_hours():
    one, _, subscriber, flood = guesser.measure(hours=0.02, flood=50)
    assert [each.passed for each in (one, subscriber, flood)] == [True] * 3
    # 40 at once, and one more each quarter of a minute, of which 72 s have four.
    assert one.value.startswith("44 attempts let through")


def test_guesser_with_many_addresses_gets_one_attempt_a_second():
    # 60 at once, and one more each second of three minutes.
    with guesser._classes() as room:
        chance = random.Random(1)  # noqa: S311 - the same guesses every time
        tries = guesser._guess(room, guesser._many(), 0.05, chance)
    assert tries.at_once == 60
    assert tries.let_through <= 60 + 180


def test_right_code_is_a_hit():
    with guesser._classes() as room:
        assert len(room.codes) == guesser.JOINABLE
        room.knock(min(room.codes), "192.0.2.1")
        room.knock("BBBBBB", "192.0.2.1")
    assert (room.tries.let_through, room.tries.hits) == (2, 1)


def test_wrong_codes_are_not_forgotten_for_sign_ins(app):
    with app.test_request_context("/"):
        for _ in range(60):
            throttle.wrong_code()
        assert throttle.code_wait() > 0
        for number in range(10_001):
            throttle.sign_in_wait(f"{number}@example.dk")
        assert throttle.code_wait() > 0


# --- lengths --------------------------------------------------------------------------


def test_every_answer_is_as_long_as_every_other():
    measured = sizes.send_all(24, behaviours=1, extra=2)
    # 26 guesses twice and 3 options of the warm-up, 4 of honesty, and 2 mixed of each.
    assert measured.answers == 2 * 26 + 3 + 4 + 2 * 2
    assert len(measured.lengths) == 2 * 7
    assert measured.telling == []


def test_only_the_first_request_tells_how_long_a_typed_guess_is():
    measured = sizes.send_all(31, behaviours=1, extra=0)
    # One or two digits of a guess, or the box ticked beside either of the two.
    assert measured.typed == 4
    assert measured.telling == []


def test_length_that_tells_is_seen():
    measured = sizes.Measured()
    measured.lengths["sang", sizes.TYPED] |= {1, 2, 3}
    measured.lengths["sang", "reply: se"] |= {4, 5}
    assert (measured.telling, measured.typed) == ([("sang", "reply: se", [4, 5])], 3)


# --- the page -------------------------------------------------------------------------


def test_page_says_what_is_not_met_and_keeps_experiments_apart():
    met = Figure("A", "so", "0", "0 | 0", True)
    rest = [
        replace(met, name="B", passed=False),
        replace(met, name="C", target="", passed=None),
        replace(met, name="Experiment: D", passed=False),
    ]
    page = report.page([met, *rest], "2026-09-21", "abc1234")
    ours, _, tried = page.partition("## Experiments")
    assert "2026-09-21, commit `abc1234`." in page
    assert "Of 2 figures with a target 1 do not meet it." in page
    assert "| A | so | 0 | 0 \\| 0 | yes |" in ours
    assert "| B | so | 0 | 0 \\| 0 | **no** |" in ours
    assert "| C | so |  | 0 \\| 0 | has none |" in ours
    assert "| D |" in tried


def test_answer_is_read_to_its_last_byte():
    one, other = browser.socket.socketpair()
    with one, other:
        other.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
        other.sendall(b"cde")
        raw = browser.read(one)
    answer = browser.Answer(200, raw, 1.0)
    assert (answer.text, answer.header("content-length")) == ("abcde", "5")
