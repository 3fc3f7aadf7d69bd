"""A teacher and pupils over HTTP, on the production server's own pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bench.privacy.browser import Answer, Browser
from pejling.domain.sessions import Session
from pejling.storage import accounts
from pejling.storage.accounts import Account, Purpose
from pejling.storage.connections import Stores


@dataclass
class Teacher:
    """A signed-in browser that leads one session."""

    browser: Browser
    session: str

    def press(self, where: str, **values: str) -> Answer:
        """A button of the teacher's screen, with what the screen says now."""
        page = self.browser.get(f"/laerer/{self.session}")
        version = re.search(r'name="version" value="(\d+)"', page.text)
        sent = {"csrf_token": page.token, "version": version[1] if version else ""}
        answer = self.browser.post(f"/laerer/{self.session}/{where}", sent | values)
        if answer.status != 303:
            raise RuntimeError(f"{where} was answered with {answer.status}")
        return answer

    def close(self) -> Answer:
        """No more answers, whoever is missing."""
        return self.press("luk", alligevel="1")


def sign_in(
    browser: Browser, both: Stores, account: Account, session: Session, now: float
) -> Teacher:
    """A teacher at the screen of a session, let in by a link."""
    token = accounts.new_link(both.archive, Purpose.SIGN_IN, account, now)
    browser.get(f"/adgang/{token}")
    return Teacher(browser, session.id)


@dataclass
class Pupil:
    """A pupil's browser."""

    browser: Browser

    def type_code(self, code: str) -> Answer:
        """The start page, filled in."""
        start = self.browser.get("/")
        return self.browser.post("/", {"csrf_token": start.token, "kode": code})

    def join(self, code: str) -> None:
        """From the code to the seat.

        :raises RuntimeError: if the code is not let in, or there is no seat.
        """
        found = self.type_code(code)
        if found.status != 303:
            raise RuntimeError(f"the code was answered with {found.status}")
        where = found.header("Location")
        promise = self.browser.get(where)
        seated = self.browser.post(where, {"csrf_token": promise.token})
        if seated.status != 303:
            raise RuntimeError(f"joining was answered with {seated.status}")

    def asked(self) -> tuple[str, Answer]:
        """The triad on the screen, "" where nothing is asked, and the page."""
        page = self.browser.get("/svar")
        found = re.search(r'name="tema"[^>]*value="(\w+)"', page.text)
        return (found[1] if found else ""), page

    def answer(self, values: Mapping[str, str]) -> Answer:
        """Look a filled-in form through, and send it; the answer to the last."""
        review = self.browser.post("/svar", {**values, "trin": "se"})
        if review.status != 200:
            raise RuntimeError(f"a review was answered with {review.status}")
        return self.browser.post("/svar", {**values, "trin": "send"})


def form(triad: str, token: str, given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a triad in the order of the page.

    :param given: role -> option as it travels, in the order of asking.
    """
    return {"csrf_token": token, "tema": triad, **given}


def as_sent(ballot: Mapping[str, int]) -> dict[str, str]:
    """Item id -> option, as the fields of a form: role -> three digits."""
    return {item.rpartition(".")[2]: f"{option:03d}" for item, option in ballot.items()}
