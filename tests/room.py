"""A room: a signed-in teacher and pupils' browsers, all over the test client."""

import gzip
import re
from dataclasses import dataclass

import pages
from builders import NOW
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import Session
from pejling.storage import accounts, archive, schools
from pejling.storage.accounts import Account, Role
from pejling.storage.connections import Stores


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


PASSWORD = "en god lang adgangskode"


def token_of(answer: TestResponse) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert found, answer.text
    return found.group(1)


@dataclass
class Room:
    """Who is in it."""

    app: Flask
    stores: Stores
    teacher: FlaskClient
    account: Account
    session: Session

    def now(self) -> Session:
        """The session as it is stored."""
        return archive.session(self.stores.archive, self.session.id)

    def press(self, where: str, **values: str) -> TestResponse:
        """A button of the teacher's screen, with a fresh version."""
        page = self.teacher.get(f"/laerer/{self.session.id}")
        # Tests close when they have seen enough, whoever has not answered.
        anyway = {"alligevel": "1"} if where == "luk" else {}
        values = {"version": str(self.now().version), **anyway, **values}
        return self.teacher.post(
            f"/laerer/{self.session.id}/{where}",
            data={"csrf_token": token_of(page), **values},
        )

    def come_back(self) -> None:
        """The teacher signs in again, after a day or more."""
        self.teacher = enter(self.app, self.account.email)

    def pupil(self) -> FlaskClient:
        """A browser that has joined by the code."""
        browser = self.app.test_client()
        start = browser.get("/")
        found = browser.post(
            "/", data={"csrf_token": token_of(start), "kode": self.session.code}
        )
        assert found.status_code == 303, found.text
        promise = browser.get(found.location)
        seated = browser.post(found.location, data={"csrf_token": token_of(promise)})
        assert seated.status_code == 303, seated.text
        return browser

    def pupils(self, n: int) -> list[FlaskClient]:
        """So many of them."""
        return [self.pupil() for _ in range(n)]


def sign_in(app: Flask, stores: Stores, email: str, role: Role) -> FlaskClient:
    """A browser signed in to a new account."""
    accounts.add(stores.archive, email, role, PASSWORD)
    return enter(app, email)


def enter(app: Flask, email: str) -> FlaskClient:
    """A browser signed in to an account with the password of the tests."""
    browser = app.test_client()
    page = browser.get("/log-ind")
    answer = browser.post(
        "/log-ind",
        data={"csrf_token": token_of(page), "email": email, "password": PASSWORD},
    )
    assert answer.status_code == 303, answer.text
    return browser


def open_room(app: Flask, stores: Stores, **choices: object) -> Room:
    """A teacher of Åskolen who has opened 7a for 7.A."""
    schools.add(stores.archive, ["Åskolen", "Bakkeskolen"])
    teacher = sign_in(app, stores, "laerer@example.dk", Role.TEACHER)
    account = accounts.find(stores.archive, "laerer@example.dk")
    assert account
    page = teacher.get("/laerer/ny/7/7a")
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    values = {
        "csrf_token": token_of(page),
        "items": core,
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "pacing": "samlet",
        **choices,
    }
    answer = teacher.post("/laerer/ny/7/7a", data=values)
    assert answer.status_code == 303, answer.text
    session_id = answer.location.rpartition("/")[2]
    return Room(
        app, stores, teacher, account, archive.session(stores.archive, session_id)
    )


def first_load(browser: FlaskClient, path: str) -> int:
    """Bytes of a page and all that it loads, with their headers, as a phone asks."""
    zipped = {"Accept-Encoding": "gzip"}
    page = browser.get(path, headers=zipped)
    assert page.content_encoding == "gzip"
    html = gzip.decompress(page.data).decode()
    pages.check(html)
    loaded = re.findall(r'(?:href|src)="(/s/[^"]+)"', html)
    main = next((one for one in loaded if one.endswith("main.mjs")), "")
    for module in set(re.findall(r'data-module="(\w+)"', html)):
        loaded.append(main.replace("main.mjs", f"{module}.mjs"))
    parts = [page, *(browser.get(address, headers=zipped) for address in loaded)]
    assert {one.status_code for one in parts} == {200}
    return sum(
        len(one.data) + sum(len(f"{key}: {value}\r\n") for key, value in one.headers)
        for one in parts
    )


def answer_one(
    pupil: FlaskClient, guess: int = 9, own: int = 1, others: int | None = None
) -> str:
    """Answer the triad on the screen, through the review: its id, or ""."""
    page = pupil.get("/svar")
    found = re.search(r'name="tema"[^>]*value="(\w+)"', page.text)
    if not found:
        return ""
    values = {"csrf_token": token_of(page), "tema": found.group(1), "trin": "se"}
    values["selv"] = f"{own:03d}"
    if found.group(1) != HONESTY_ID:
        values["andre"] = f"{guess if others is None else others:03d}"
        values["kammerater"] = f"{guess:03d}"
    review = pupil.post("/svar", data=values)
    assert review.status_code == 200, review.text
    sent = pupil.post("/svar", data={**values, "trin": "send"})
    assert sent.status_code == 303, sent.text
    return found.group(1)


def answer_all(pupil: FlaskClient, guess: int = 9, own: int = 1) -> int:
    """Answer until nothing is asked; how many triads that were."""
    n = 0
    while answer_one(pupil, guess, own):
        n += 1
    return n
