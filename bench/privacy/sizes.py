"""How long requests and replies are does not tell what was answered.

Every option and every guess is sent to the production server as a browser sends it, and
the whole length of request and reply is taken: of looking an answer through, of going
back to it, of sending it, and of the page that comes after. On an encrypted connection
length is nearly all that the network sees.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.privacy import lessons, people
from bench.privacy.browser import Answer, Browser
from bench.privacy.figure import Figure, count
from bench.privacy.serving import Served, serve
from pejling.domain import sessions
from pejling.domain.question_sets import DECLINED, HONESTY, Role, Triad, options_of
from pejling.domain.sessions import GRID_MAX
from pejling.rehearsal import Page
from pejling.storage.connections import Stores

TYPED = "request: se, typed"
"""The one request whose length is known to tell: how many digits a guess has, and
which guess the pupil would rather not give."""


@dataclass
class Measured:
    """Lengths of everything that a pupil sends and gets.

    :ivar lengths: (triad, what) -> lengths in bytes.
    :ivar answers: how many different answers were sent.
    """

    lengths: dict[tuple[str, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    answers: int = 0

    @property
    def telling(self) -> list[tuple[str, str, list[int]]]:
        """What had more than one length, the known exception aside."""
        return [
            (triad, what, sorted(found))
            for (triad, what), found in sorted(self.lengths.items())
            if len(found) > 1 and what != TYPED
        ]

    @property
    def typed(self) -> int:
        """How many lengths a request with typed guesses had, at most."""
        found = [len(n) for (_, what), n in self.lengths.items() if what == TYPED]
        return max(found, default=0)


def measure(behaviours: int = 8, extra: int = 20) -> list[Figure]:
    """All answers of a class of 24, and of one so large that its guesses are typed."""
    small = send_all(24, behaviours, extra)
    large = send_all(2 * GRID_MAX, min(behaviours, 3), extra)
    return [
        _told("Lengths, class of 24", small),
        _told(f"Lengths, class of {2 * GRID_MAX}, where guesses are typed", large),
        Figure(
            name="The same: first request with typed guesses",
            how="the exception in docs/privacy.md: the digits of guesses, and which of "
            "them the pupil would rather not give",
            target="",
            value=f"{large.typed} different lengths of one request",
            passed=None,
        ),
    ]


def send_all(present: int, behaviours: int, extra: int) -> Measured:
    """Send every option and every guess once, and measure.

    :param behaviours: how many questions, the warm-up included and honesty beside them.
    :param extra: answers of chance combinations, to each question.
    """
    found, chance = Measured(), random.Random(present)  # noqa: S311 - the same each time
    core = [one for one in lessons.questions().triads if one.core][:behaviours]
    with (
        lessons.folder() as folder,
        serve(folder) as served,
        lessons.open_stores(served.data) as both,
    ):
        for triad in (*core, HONESTY):
            answers = [*each(triad, present), *_mixed(triad, present, extra, chance)]
            for first in range(0, len(answers), present):
                batch = answers[first : first + present]
                _class(served, both, triad, present, batch, found)
    return found


def each(triad: Triad, present: int) -> Iterator[dict[Role, int]]:
    """Answers in which each option of each item comes once, beside the same others."""
    options = {item.role: _options(triad, item.role, present) for item in triad.items}
    first = {role: codes[0] for role, codes in options.items()}
    for role, codes in options.items():
        yield from ({**first, role: code} for code in codes)


def _mixed(
    triad: Triad, present: int, many: int, chance: random.Random
) -> Iterator[dict[Role, int]]:
    roles = [item.role for item in triad.items]
    for _ in range(many):
        yield {one: chance.choice(_options(triad, one, present)) for one in roles}


def _options(triad: Triad, role: Role, present: int) -> list[int]:
    if role is Role.OWN:
        return [one.code for one in options_of(triad)]
    return [*range(present + 1), DECLINED]


# --- one pupil ------------------------------------------------------------------------


def _class(
    served: Served,
    both: Stores,
    triad: Triad,
    present: int,
    answers: Sequence[Mapping[Role, int]],
    found: Measured,
) -> None:
    """A class of its own for each batch of answers, a seat for each answer."""
    session = lessons.open_class(both, present, now=time.time())
    seats = lessons.take_seats(both, session, len(answers))
    while triad.id not in sessions.open_triads(session):
        session = lessons.go_on(both, session, time.time())
    for given, token in zip(answers, seats.values(), strict=True):
        pupil = served.browser()
        pupil.cookies["plads"] = f"{session.id}.{token}"
        _walk(pupil, triad.id, _fields(given, present), found, present > GRID_MAX)
        pupil.close()
        found.answers += 1


def _fields(given: Mapping[Role, int], present: int) -> dict[str, str]:
    """The answers as the page's form sends them: chosen in a grid, or typed."""
    if present <= GRID_MAX:
        return {role.value: f"{code:03d}" for role, code in given.items()}
    fields = {"til_stede": str(present)}
    for role, code in given.items():
        if role is Role.OWN:
            fields[role] = f"{code:03d}"
        elif code == DECLINED:
            fields |= {role: "", f"{role}_vil_ikke": "y"}
        else:
            fields[role] = str(code)
    return fields


def _walk(
    pupil: Browser,
    triad: str,
    given: Mapping[str, str],
    found: Measured,
    is_typed: bool,
) -> None:
    def post(
        step: str, fields: Mapping[str, str], status: int, said: str = ""
    ) -> Answer:
        request = pupil.request("POST", "/svar", {**fields, "trin": step})
        answer = pupil.ask(request)
        if answer.status != status:
            raise RuntimeError(f"{step} was answered with {answer.status}")
        found.lengths[triad, said or f"request: {step}"].add(len(request))
        found.lengths[triad, f"reply: {step}"].add(len(answer.raw))
        return answer

    token = pupil.get("/svar").token
    filled_in = people.form(triad, token, given)
    review = post("se", filled_in, 200, TYPED if is_typed else "")
    # From here on the browser sends what the form of the review holds.
    looked_through = Page(review.text).forms[0].hidden
    post("ret", looked_through, 200)
    post("send", looked_through, 303)
    found.lengths[triad, "reply: the page after"].add(len(pupil.get("/svar").raw))


def _told(name: str, measured: Measured) -> Figure:
    things = len(measured.lengths)
    telling = measured.telling
    first = f", the first {telling[0]}" if telling else ""
    return Figure(
        name=name,
        how=f"{count(measured.answers)} answers: each option of each item, and chance "
        f"combinations; {things} kinds of requests and replies, head and body",
        target="one length each",
        value=f"{len(telling)} with more than one{first}",
        passed=not telling,
    )
