"""Threats f: traces in files, logs, memory, and in the length of what travels."""

import http.cookiejar
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import builders
import pytest
from builders import NO, YES
from everyone import form_token
from flask import Flask
from lessons import QUESTIONS, Answer, contents, dump, knock, lesson, prepare
from planted import the_set

from pejling import server
from pejling.domain import sessions
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import Pacing, Session
from pejling.storage import archive, closing
from pejling.storage.connections import Stores
from pejling.web import throttle

# --- the order of sending -------------------------------------------------------------


@pytest.mark.parametrize("pacing", list(Pacing))
def test_f1_once_a_question_is_closed_no_byte_tells_who_sent_first(
    tmp_path: Path, pacing: Pacing
):
    # Nine pupils with a guess each: sent from the first to the last, the other way
    # round, and shuffled. Seats, marks and counters are those of the same class.
    asked = QUESTIONS[:2] if pacing is Pacing.TOGETHER else QUESTIONS[:1]
    orders = [list(range(9)), list(reversed(range(9))), list(range(9))]
    random.Random(5).shuffle(orders[2])  # noqa: S311 - the same order every time
    ready = prepare(tmp_path / "data", 9, pacing)
    files, tables = [], []
    for name, order in zip(("up", "down", "shuffled"), orders, strict=True):
        with lesson(ready, name) as running:
            running.ask()
            for pupil in order:
                for triad in asked:
                    given = Answer((YES, NO)[pupil % 2], pupil, 9 - pupil)
                    running.send(pupil, triad, given)
            # No log beside the file, which would hold every step.
            beside = contents(running.folder, "ballot_box.db-*")
            assert set(beside.values()) <= {b""}
            running.press("luk")
            tables.append(dump(running.stores))
        files.append(contents(running.folder, "ballot_box*"))
    assert tables[0] == tables[1] == tables[2]
    assert files[0] == files[1] == files[2]
    assert len(tables[0]["archive.counter"]) > 18


@pytest.mark.parametrize("pacing", list(Pacing))
def test_f1_copy_in_mid_lesson_is_the_same_to_the_byte(tmp_path: Path, pacing: Pacing):
    # However they sent: three orders of the same answers.
    orders = [list(range(9)), list(reversed(range(9))), list(range(9))]
    random.Random(5).shuffle(orders[2])  # noqa: S311 - the same order every time
    ready = prepare(tmp_path / "data", 9, pacing)
    files = []
    for name, order in zip(("up", "down", "shuffled"), orders, strict=True):
        with lesson(ready, name) as running:
            running.press("opvarmning")
            for pupil in order:
                running.send(pupil, "dyr", Answer(NO, 3, 3))
            running.press("spoergsmaal")
            asked = QUESTIONS[:2] if pacing is Pacing.TOGETHER else QUESTIONS[:1]
            for pupil in order:
                for triad in asked:
                    given = Answer((YES, NO)[pupil % 2], pupil, 9 - pupil)
                    running.send(pupil, triad, given)
            files.append(contents(running.folder, "ballot_box*"))
    assert files[0] == files[1] == files[2]


def test_f1_archive_is_written_in_the_order_of_its_keys(tmp_path: Path):
    # Its log beside it keeps every page as it was written.
    ready = prepare(tmp_path / "data")
    pages = []
    for name, order in (("up", range(12)), ("down", reversed(range(12)))):
        with lesson(ready, name) as running:
            running.ask()
            for pupil in order:
                running.send(pupil, "vape", Answer(NO, pupil, pupil))
            # A reader keeps the log from being folded into the file.
            running.stores.archive.conn.execute("begin")
            running.stores.archive.conn.execute("select 1 from session").fetchone()
            running.press("luk")
            pages.append(counter_pages(running.folder / "archive.db-wal"))
            running.stores.archive.conn.execute("rollback")
    assert pages[0] == pages[1] != []


def counter_pages(log: Path) -> list[bytes]:
    """The pages of a log that hold counters (https://sqlite.org/fileformat.html, 4)."""
    frames, size = log.read_bytes()[32:], 24 + 4096
    pages = [frames[at + 24 : at + size] for at in range(0, len(frames), size)]
    return [page for page in pages if b"vape.kammerater" in page]


# --- files, logs ----------------------------------------------------------------------


@dataclass
class Canary:
    """A pupil's browser with an address and a name that are found again.

    :ivar marks: what must be in no file: address, browser, seat.
    """

    base: str
    number: int
    marks: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._jar)
        )
        address, agent = f"198.51.100.{200 + self.number}", f"Kanariefugl/{self.number}"
        self._opener.addheaders = [
            ("X-Forwarded-For", address),
            ("User-Agent", agent),
            ("Referer", f"{self.base}/kanarie-{self.number}"),
        ]
        self.marks |= {address, agent, f"kanarie-{self.number}"}

    def open(self, path: str, data: dict | None = None) -> str:
        """A page, after its redirects."""
        body = urlencode(data).encode() if data else None
        try:
            with self._opener.open(self.base + path, body, timeout=30) as answer:
                page = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                page = error.read().decode()
        for cookie in self._jar:
            session, _, token = (cookie.value or "").partition(".")
            self.marks |= {token} if session and token else set()
        return page


@contextmanager
def serving(folder: Path, port: int) -> Iterator[None]:
    """A server behind a proxy, whose every writable place lies in one folder."""
    places = {
        one: str(folder / one.lower()) for one in ("HOME", "TMPDIR", "XDG_CACHE_HOME")
    }
    for place in places.values():
        Path(place).mkdir()
    words = [sys.executable, "-m", "pejling", "serve", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--data", str(folder / "data")]
    with (folder / "err.log").open("wb") as errors:
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **places, "PEJLING_BEHIND_PROXIES": "1"},
            start_new_session=True,
        )
        said = ""
        try:
            assert process.stdout
            while "Adresse" not in said:
                line = process.stdout.readline()
                assert line, "the server stopped"
                said += line
            yield
        finally:
            process.send_signal(signal.SIGINT)
            try:
                said += process.communicate(timeout=20)[0]
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
            (folder / "out.log").write_text(said)


def move(stores: Stores, session: Session, step) -> Session:
    """The teacher's press, straight into the files."""
    now = archive.session(stores.archive, session.id)
    return closing.advance(stores, now, step(now), time.time())


def swept(folder: Path, marks: set[str]) -> list[tuple[str, str]]:
    """(file, mark) wherever a mark stands in a file of a folder."""
    return [
        (path.relative_to(folder).as_posix(), mark)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for mark in sorted(marks)
        if mark.encode() in path.read_bytes()
    ]


def test_f2_nothing_of_a_pupil_is_written_anywhere(tmp_path: Path):
    # Addresses, browsers, seats, wrong codes and odd forms: six pupils at a running
    # server, and then every file that it wrote, its log among them.
    port = server.free_port()
    pupils = [Canary(f"http://127.0.0.1:{port}", number) for number in range(6)]
    with builders.open_stores(tmp_path / "data") as stores:
        session = builders.open_class(stores, 6)
        stores.archive["session"].update(session.id, {"opened": time.time()})
        secrets = {session.code, session.join_secret}
        with serving(tmp_path, port):
            for pupil in pupils:
                wrong = {"csrf_token": form_token(pupil.open("/")), "kode": "XYXYXY"}
                assert "Vi kan ikke finde koden" in pupil.open("/", wrong)
                page = pupil.open("/", wrong | {"kode": session.code})
                join = {"csrf_token": form_token(page), "pejling": session.id}
                assert "Du er med" in pupil.open(f"/Q/{session.join_secret}", join)
            move(stores, session, sessions.start_warm_up)
            move(stores, session, sessions.start_answering)
            for pupil in pupils:
                token = form_token(pupil.open("/svar"))
                form = {"csrf_token": token, "tema": "vape", "andre": "003"}
                form |= {"kammerater": "004", "selv": "000", "trin": "send"}
                odd = form | {"selv": f"kanarie-{pupil.number}"}
                assert "Fejl:" in pupil.open("/svar", odd)
                assert "kanarie" not in pupil.open("/svar", form)
            marks = set().union(*(pupil.marks for pupil in pupils)) | {"XYXYXY"}
            assert len(marks) == 6 * 4 + 1
            assert swept(tmp_path, marks) == []
            move(stores, session, sessions.close)
            pupils[0].open("/svar")
        assert archive.counters(stores.archive, session.id)["vape.selv"] == {YES: 6}
    # Stopped, the log is folded in: code and QR are gone from the file too.
    assert swept(tmp_path, marks | secrets) == []
    assert swept(tmp_path, {"Pejling kører"}) == [("out.log", "Pejling kører")]


# --- memory ---------------------------------------------------------------------------


def remembered(counted: object) -> str:
    """All that is kept of who asked too much."""
    return repr([vars(kind) for kind in vars(counted).values()])


def test_f3_addresses_are_counted_in_memory_and_under_a_key(
    app: Flask, stores: Stores, tmp_path: Path, clock
):
    session = builders.open_class(stores)
    app.test_client_class = None
    browser = app.test_client()
    token = form_token(browser.get("/").text)
    address = "203.0.113.77"
    assert [knock(browser, token, address) for _ in range(41)] == [404] * 40 + [429]
    # The right code is held up too, from there and not from elsewhere.
    assert knock(browser, token, "203.0.113.78") == 404
    counted = app.extensions["throttle"]
    assert address not in remembered(counted)
    assert swept(tmp_path, {address, "203.0.113"}) == []
    # Ten minutes later it is forgotten; after a restart at once.
    clock.now += 601
    assert [knock(browser, token, address) for _ in range(40)] == [404] * 40
    assert knock(browser, token, address) == 429
    with lesson(prepare(tmp_path / "other"), "restarted") as running:
        other = running.there.app.test_client()
        assert knock(other, form_token(other.get("/").text), address) == 404
    assert session.code not in remembered(counted)


def test_f3_same_address_has_another_key_after_a_restart(tmp_path: Path):
    ready, keys = prepare(tmp_path / "data"), []
    for name in ("first", "second"):
        with lesson(ready, name) as running:
            browser = running.there.app.test_client()
            knock(browser, form_token(browser.get("/").text), "203.0.113.77")
            counted = remembered(running.there.app.extensions["throttle"])
            keys.append(set(re.findall("[0-9a-f]{64}", counted)))
    assert keys[0].isdisjoint(keys[1])
    assert keys[0]


# --- length ---------------------------------------------------------------------------


class Choices(HTMLParser):
    """What can be chosen on a page: name -> values, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.radios: dict[str, list[str]] = {}
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "radio":
            self.radios.setdefault(given["name"], []).append(given["value"])
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[given["name"]] = given["value"]


def travelled(answer) -> tuple[int, int]:
    """Status, and bytes of head and body."""
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    return answer.status_code, head + len(answer.data)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_f5_every_answer_travels_in_the_same_number_of_bytes(
    tmp_path: Path, encoding: str, monkeypatch
):
    # One pupil looks more often here than a seat may.
    monkeypatch.setattr(throttle, "SEAT_POSTS", (10_000, 180.0))
    # All ways of answering; what the browser sends, what it gets, and the page after.
    ready = prepare(tmp_path / "data", 6, questions=the_set())
    heads = {"Accept-Encoding": encoding}
    with lesson(ready, encoding) as running:
        running.ask()
        pupil = running.pupils[0]
        asked = 0
        while True:
            form = Choices(pupil.get("/svar").text)
            if not form.radios:
                break
            asked += 1
            sizes: dict[str, set] = {"se": set(), "send": set(), "ret": set()}
            middle = {name: values[1] for name, values in form.radios.items()}
            for name, values in form.radios.items():
                for value in values:
                    data = form.hidden | middle | {name: value}
                    chosen = data | {"trin": "se"}
                    review = pupil.post("/svar", data=chosen, headers=heads)
                    assert review.status_code == 200
                    sizes["se"].add((len(urlencode(chosen)), travelled(review)))
                    again = Choices(review.text).hidden
                    sizes["send"].add(len(urlencode(again | {"trin": "send"})))
                    back = pupil.post(
                        "/svar", data=data | {"trin": "ret"}, headers=heads
                    )
                    sizes["ret"].add((len(urlencode(data)), travelled(back)))
            assert {step: len(found) for step, found in sizes.items()} == {
                "se": 1,
                "send": 1,
                "ret": 1,
            }
            pupil.post("/svar", data=form.hidden | middle | {"trin": "send"})
    # All but the warm-up, and the one about honesty.
    assert asked == len(running.opened.triads)


def test_f5_what_comes_after_sending_has_one_length_whatever_was_sent(tmp_path: Path):
    ready = prepare(tmp_path / "data", 6)
    sizes = []
    for name, given in (("yes", Answer(YES, 0, 0)), ("declined", Answer(999, 999, 6))):
        with lesson(ready, name) as running:
            running.ask()
            pupil, found = running.pupils[0], []
            for triad in (*QUESTIONS, HONESTY_ID):
                sent = running.send(0, triad, given)
                found += [travelled(sent), travelled(pupil.get("/svar"))]
                found.append(
                    travelled(pupil.get("/svar", headers={"Accept-Encoding": "gzip"}))
                )
            sizes.append(found)
    assert sizes[0] == sizes[1]
