"""A class that answers over HTTP, and copies of it in which it answers otherwise.

The data folder is copied when all have come in and nobody has answered; so every copy
has the same session, the same seats and the same cookies, and two of them differ by
what was sent and by nothing else.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import builders
from builders import NO, YES
from everyone import (
    Building,
    Visitor,
    add_remote,
    browser_with,
    cookies_of,
    form_token,
    gather,
    join,
)
from flask import Flask
from flask.testing import FlaskClient
from room import Clock
from sqlite_utils import Database
from werkzeug.test import TestResponse

from pejling.app import create_app
from pejling.config import question_set_folder
from pejling.domain.question_sets import HONESTY_ID, QuestionSet
from pejling.domain.sessions import Pacing, Session
from pejling.storage import archive
from pejling.storage.connections import Stores

QUESTIONS = ("vape", "ok_at_sige_nej", "hjulpet")
"""What is asked after the warm-up, "dyr"; then whether one was honest."""


@dataclass(frozen=True)
class Answer:
    """One pupil's answer to one triad."""

    own: int = NO
    friends: int = 5
    others: int = 6


@dataclass(frozen=True)
class Ready:
    """A data folder in which a class has come in, and everybody's cookies."""

    folder: Path
    session: str
    cookies: Mapping[Visitor, Mapping[str, str]]
    pupils: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Lesson:
    """A running application on a copy of it."""

    folder: Path
    there: Building
    opened: Session
    pupils: Sequence[FlaskClient]
    tokens: Sequence[str]

    @property
    def stores(self) -> Stores:
        """Both databases."""
        return self.there.stores

    @property
    def session(self) -> Session:
        """The session as it is stored."""
        return archive.session(self.stores.archive, self.opened.id)

    @property
    def teacher(self) -> FlaskClient:
        """The teacher's browser."""
        return self.there.browsers[Visitor.TEACHER]

    def press(self, where: str, **values: str) -> TestResponse:
        """A button of the teacher's screen; closing is meant, whoever is missing."""
        path = f"/laerer/{self.opened.id}"
        known = {"csrf_token": form_token(self.teacher.get(path).text)}
        known |= {"version": str(self.session.version), "alligevel": "1"}
        answer = self.teacher.post(f"{path}/{where}", data=known | values)
        assert answer.status_code == 303, answer.text
        return answer

    def form(self, pupil: int, triad: str, answer: Answer, step: str = "send") -> dict:
        """What a pupil's browser sends."""
        fields = {"csrf_token": self.tokens[pupil], "tema": triad, "trin": step}
        fields["selv"] = f"{answer.own:03d}"
        if triad != HONESTY_ID:
            fields["andre"] = f"{answer.others:03d}"
            fields["kammerater"] = f"{answer.friends:03d}"
        return fields

    def send(self, pupil: int, triad: str, answer: Answer) -> TestResponse:
        """One pupil's answer, sent."""
        sent = self.pupils[pupil].post("/svar", data=self.form(pupil, triad, answer))
        assert sent.status_code == 303, sent.text
        return sent

    def ask(self) -> None:
        """Past the warm-up, which nobody answers here, to the questions."""
        self.press("opvarmning")
        self.press("spoergsmaal")

    def answer_all(self, given: Sequence[Mapping[str, Answer]]) -> None:
        """Each pupil's answers, and "Ja, på det hele" to the last question."""
        for pupil, answers in enumerate(given):
            for triad, answer in answers.items():
                self.send(pupil, triad, answer)
            self.send(pupil, HONESTY_ID, Answer(YES))


def prepare(
    folder: Path,
    present: int = 12,
    pacing: Pacing = Pacing.TOGETHER,
    questions: QuestionSet | None = None,
) -> Ready:
    """A class that has come in: all seats are taken, nothing is answered."""
    app = an_app(folder)
    with builders.open_stores(folder) as stores:
        browsers = gather(app, stores)
        session = builders.open_class(stores, present, pacing, questions)
        pupils = [join(app, session) for _ in range(present)]
        browsers[Visitor.PUPIL] = pupils[0]
        browsers[Visitor.REMOTE] = add_remote(app, stores, session)
        return Ready(
            folder,
            session.id,
            {visitor: cookies_of(browser) for visitor, browser in browsers.items()},
            [cookies_of(pupil) for pupil in pupils],
        )


@contextmanager
def lesson(ready: Ready, name: str, **settings: object) -> Iterator[Lesson]:
    """A copy of the class, whose lesson begins."""
    folder = ready.folder.with_name(f"{ready.folder.name}-{name}")
    shutil.copytree(ready.folder, folder)
    app = an_app(folder, **settings)
    with builders.open_stores(folder) as stores:
        browsers = {
            visitor: browser_with(app, cookies)
            for visitor, cookies in ready.cookies.items()
        }
        pupils = [browser_with(app, cookies) for cookies in ready.pupils]
        tokens = [form_token(pupil.get("/").text) for pupil in pupils]
        session = archive.session(stores.archive, ready.session)
        yield Lesson(folder, Building(app, stores, browsers), session, pupils, tokens)


def an_app(folder: Path, **settings: object) -> Flask:
    """An application whose clock stands still, with one question set to read.

    To read and check all of them takes most of the time in which one starts.
    """
    sets = folder.with_name("sets")
    if not sets.exists():
        sets.mkdir()
        shutil.copy(question_set_folder("") / "7a.toml", sets)
    known = {"PUBLIC_URL": "http://localhost", "QUESTION_SETS": str(sets)}
    return create_app(folder, clock=Clock(), **known | settings)


def knock(browser: FlaskClient, token: str, address: str) -> int:
    """The status of a wrong code, typed from an address."""
    data = {"csrf_token": token, "kode": "XYXYXY"}
    where = {"REMOTE_ADDR": address}
    return browser.post("/", data=data, environ_base=where).status_code


# --- what is in the folder ------------------------------------------------------------


def dump(stores: Stores) -> dict[str, list[tuple]]:
    """Table -> all its rows, of both databases, in the order of their keys."""
    return {
        f"{name}.{table}": _rows(db, table)
        for name, db in (("ballots", stores.ballots), ("archive", stores.archive))
        for table in db.table_names()
    }


def counts(stores: Stores) -> dict[tuple[str, str, int], int]:
    """(session, item, option) -> pupils, wherever they are counted just now."""
    found: dict[tuple[str, str, int], int] = {}
    rows = [*_rows(stores.ballots, "tally"), *_rows(stores.archive, "counter")]
    for session, item, option, n in rows:
        found[session, item, option] = found.get((session, item, option), 0) + int(n)
    return {where: n for where, n in found.items() if n}


def _rows(db: Database, table: str) -> list[tuple]:
    rows = db.conn.execute(f"select * from [{table}]")  # noqa: S608 - our own tables
    return sorted(rows.fetchall(), key=repr)


def contents(folder: Path, names: str = "*") -> dict[str, bytes]:
    """Every file of a folder, to the byte."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.glob(names))
        if path.is_file()
    }
