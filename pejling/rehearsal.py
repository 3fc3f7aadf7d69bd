"""Simulated pupils that go through the pupils' own pages over real HTTP.

A teacher's dress rehearsal, and everyone's test tool: what they sent is counted here,
apart from the server, so that the two can be compared.
"""

import http.client
import http.cookiejar
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pejling import simulated
from pejling.domain.question_sets import DECLINED, Direction, Role

Tallies = dict[str, dict[int, int]]
"""Item id -> option -> how many pupils sent it."""

DECLINING = 0.02
"""Share of simulated answers that are "Vil ikke svare"."""


class RehearsalFailed(Exception):
    """The simulated class could not get through; the message says why."""


@dataclass
class Form:
    """A form on a page: where it goes, and its controls."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a pupil's browser sees of a page: forms, heading, whether it waits."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.waits = False
        self.heading = ""
        self._in_heading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms and their controls."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv") == "refresh":
            self.waits = True
        elif tag == "h1":
            self._in_heading = True
        elif tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and tag == "input":
            self._input(self.forms[-1], given)
        elif self.forms and tag == "button" and given.get("name"):
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave the heading."""
        if tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        """Remember the heading."""
        if self._in_heading:
            self.heading += data

    def _input(self, form: Form, given: Mapping[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind == "hidden":
            form.hidden[name] = given.get("value", "")
        elif kind == "radio":
            form.radios.setdefault(name, []).append(given.get("value", ""))
        elif kind in ("text", "number"):
            form.texts.append(name)


class Pupil:
    """One simulated pupil with a browser of its own."""

    def __init__(
        self,
        base: str,
        seed: str,
        deadline: float,
        directions: Mapping[str, Direction],
    ) -> None:
        self.base = base
        self.directions = directions
        self.random = random.Random(seed)  # noqa: S311 - a rehearsal, not a secret
        self.deadline = deadline
        self.sent: list[tuple[str, int]] = []
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(jar),
        )

    def join(self, code: str) -> None:
        """From the start page to the seat.

        :raises RehearsalFailed: if the code is not let in.
        """
        start = self.get("/")
        promise = self.post(start.forms[0], {"kode": code}, "/")
        if not promise.forms or "kode" in promise.forms[0].texts:
            raise RehearsalFailed(promise.heading.strip())
        self.post(promise.forms[0], {}, "/")

    def answer_all(self) -> None:
        """Answer what is asked until there is nothing more."""
        while time.monotonic() < self.deadline:
            page = self.get("/svar")
            form = next((one for one in page.forms if one.radios), None)
            if form is not None:
                self.answer(form)
            elif page.waits:
                time.sleep(0.2 + 0.2 * self.random.random())
            else:
                return
        raise RehearsalFailed("Tiden gik, før pejlingen var slut.")

    def answer(self, form: Form) -> None:
        """One triad: choose, look through, send."""
        triad = form.hidden["tema"]
        chosen = self.choose(triad, form)
        review = self.post(form, {**chosen, "trin": "se"}, "/svar")
        send = next(
            (one for one in review.forms if ("trin", "send") in one.buttons), None
        )
        if send is None:
            return  # Closed in the meantime: the answer was not sent.
        after = self.post(send, {"trin": "send"}, "/svar")
        if after.heading.strip() == "Der er lukket for svar":
            return
        for role, value in chosen.items():
            self.sent.append((f"{triad}.{role}", int(value)))

    def choose(self, triad: str, form: Form) -> dict[str, str]:
        """Answers that look like a class: guesses around the truth and above it."""
        # The same for the whole class, so that there is a norm to misperceive.
        whole = random.Random(triad)  # noqa: S311 - a rehearsal, not a secret
        direction = self.directions.get(triad) or whole.choice(list(Direction))
        share = simulated.norm(direction, whole)
        chosen = {}
        for role, values in form.radios.items():
            codes = [value for value in values if int(value) != DECLINED]
            if self.random.random() < DECLINING:
                chosen[role] = f"{DECLINED}"
            elif role == Role.OWN:
                chosen[role] = self._own(codes, simulated.says_yes(share, self.random))
            else:
                largest = len(codes) - 1
                chosen[role] = codes[simulated.guess(share, largest, self.random)]
        for role in form.texts:
            largest = self._largest(form)
            chosen[role] = str(simulated.guess(share, largest, self.random))
        return chosen

    def _own(self, codes: list[str], says_yes: bool) -> str:
        # Scales of two or three begin with "Ja", those of frequency with "never".
        yes, no = (1, 0) if len(codes) > 3 else (0, 1)
        return codes[yes if says_yes else no]

    def _largest(self, form: Form) -> int:
        return int(form.hidden.get("til_stede", "31"))

    def get(self, path: str) -> Page:
        """A page."""
        return self._open(urllib.request.Request(self.base + path))  # noqa: S310 - http

    def post(self, form: Form, values: Mapping[str, str], default: str) -> Page:
        """The page that follows a form."""
        body = urllib.parse.urlencode({**form.hidden, **values}).encode()
        address = urllib.parse.urljoin(self.base + default, form.action)
        return self._open(urllib.request.Request(address, body))  # noqa: S310 - http

    def _open(self, request: urllib.request.Request) -> Page:
        tries = 0
        while True:
            try:
                with self.opener.open(request, timeout=30) as answer:
                    return Page(answer.read().decode())
            except urllib.error.HTTPError as error:
                with error:
                    page = Page(error.read().decode(errors="replace"))
                if error.code != 503:
                    return page
                # The server was busy; the same again counts once at most.
                tries += 1
                if tries > 10 or time.monotonic() > self.deadline:
                    raise RehearsalFailed(page.heading.strip()) from None
                time.sleep(0.1 * tries)
            except (OSError, http.client.HTTPException) as error:
                tries += 1
                if tries > 10 or time.monotonic() > self.deadline:
                    reason = getattr(error, "reason", error)
                    raise RehearsalFailed(f"Ingen forbindelse: {reason}") from None
                time.sleep(0.1 * tries)


def rehearse(
    base: str,
    code: str,
    pupils: int,
    seed: int,
    directions: Mapping[str, Direction],
    seconds: float = 3600,
) -> Tallies:
    """Let simulated pupils join and answer; what they sent, per item and option.

    :param base: scheme and host of the server.
    :param directions: triad id -> which way its answers lean, where that is known.
    :param seconds: how long to wait for the teacher before giving up.
    :raises RehearsalFailed: if a pupil did not get in or through.
    """
    deadline = time.monotonic() + seconds
    everyone = [Pupil(base, f"{seed}-{i}", deadline, directions) for i in range(pupils)]
    for pupil in everyone:
        pupil.join(code)
    trouble: list[Exception] = []

    def go(pupil: Pupil) -> None:
        try:
            pupil.answer_all()
        except Exception as error:
            trouble.append(error)

    threads = [
        threading.Thread(target=go, args=(one,), daemon=True) for one in everyone
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()) + 5)
    if trouble:
        raise RehearsalFailed(str(trouble[0]) or type(trouble[0]).__name__)
    return count(answer for pupil in everyone for answer in pupil.sent)


def count(answers: Iterable[tuple[str, int]]) -> Tallies:
    """Item id -> option -> times."""
    tallies: Tallies = {}
    for (item, option), n in sorted(Counter(answers).items()):
        tallies.setdefault(item, {})[option] = n
    return tallies
