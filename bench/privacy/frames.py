"""Nothing that an open session sends out depends on what was answered.

Two classes that differ in one answer of one pupil are asked for all that there is to
get, by everybody who may ask (:mod:`bench.privacy.routes`), and the replies are
compared byte for byte, head and body. A chain of classes is compared, each with the one
before, so that each reply counts once.

Left out of the comparison is a pupil's own review, which shows the own answers to who
gave them; its length is measured in :mod:`bench.privacy.sizes`.
"""

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count as count_up
from itertools import islice

from flask import Flask
from flask.testing import FlaskClient

from bench.privacy import lessons, routes
from bench.privacy.figure import Figure, count
from bench.privacy.routes import Asking
from pejling.app import create_app
from pejling.domain import sessions
from pejling.domain.question_sets import Role as Whom
from pejling.domain.question_sets import options_of
from pejling.domain.sessions import GRID_MAX, Mode, Pacing, Session
from pejling.output.poster import Design
from pejling.storage import accounts, connections, remotes, slips
from pejling.storage.accounts import Purpose, Role
from pejling.storage.ballot_box import Seat
from pejling.storage.connections import Stores
from pejling.web import seats
from pejling.web.throttle import Throttle


@dataclass(frozen=True)
class Noise:
    """What is random by design, and left out of a reply.

    :ivar only: endpoints in whose replies it is left out; all, where none is named.
    """

    what: str
    pattern: re.Pattern[bytes]
    only: frozenset[str] = frozenset()


NOISE = (
    Noise(
        "form tokens of staff, signed with the second",
        re.compile(rb"I[\w-]{40,}\.[\w-]{6}\.[\w-]{27}"),
    ),
    Noise("staff's cookie, signed with the second", re.compile(rb"personale=[^;\n]+")),
    Noise(
        "when a waiting phone asks again, after 3 to 5 seconds",
        re.compile(rb'(data-seconds|http-equiv="refresh" content)="\d"'),
        frozenset({"pupil.current"}),
    ),
    Noise(
        "fresh QRs of a remote and of slips",
        re.compile(rb"<svg.*?</svg>|[A-Z2-7]{26}|Content-Length: \d+", re.S),
        frozenset({"remote.invite", "lobby.issue_slips"}),
    ),
)

NOBODY = f".{'0' * 32}"
"""The cookie of a browser that has no seat: one that is sent needs no random one."""

SELDOM = 12
"""Of so many classes in a row two are asked for event streams, which take long, and for
pages that read no session."""


@dataclass(frozen=True)
class Scene:
    """A state of a session in which it is looked at."""

    name: str
    pacing: Pacing = Pacing.TOGETHER
    mode: Mode = Mode.SCREEN
    present: int = 24
    presses: int = 2
    share: float = 0.6

    @property
    def is_warm_up(self) -> bool:
        """Whether the warm-up moves, which is not compared where it is shown."""
        return self.presses == 1


SCENES = (
    Scene("all at once, some have answered"),
    Scene("all at once, all have answered", share=1.0),
    Scene("one at a time, the first question", pacing=Pacing.STEPWISE),
    Scene("one at a time, after a reveal", pacing=Pacing.STEPWISE, presses=4),
    Scene("with slips", mode=Mode.SLIPS, share=0.3),
    Scene("typed guesses", present=2 * GRID_MAX, share=0.2),
    Scene("the warm-up", presses=1, share=0.8),
)


@dataclass
class Compared:
    """What comparing found.

    :ivar differing: asking -> how many of its pairs of replies differed.
    :ivar unlike: how many bytes differed in all.
    :ivar statuses: how the replies began: most are pages, not refusals.
    """

    pairs: int = 0
    classes: int = 0
    unlike: int = 0
    askings: set[str] = field(default_factory=set)
    differing: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
        """The replies about two classes that differ in one answer."""
        self.classes += 1
        for name, reply in after.items():
            self.statuses[int(reply[:3])] += 1
            self.askings.add(name)
            if name in before:
                self.pairs += 1
                if before[name] != reply:
                    self.differing[name] += 1
                    self.unlike += _differing(before[name], reply)


def measure(pairs: int, seed: int = 1) -> list[Figure]:
    """So many pairs of replies, over all scenes."""
    found = compare(pairs, seed)
    noise = "; ".join(one.what for one in NOISE)
    ways = ", ".join(f"{count(n)} × {one}" for one, n in sorted(found.statuses.items()))
    first = "".join(f"; {one}" for one in sorted(found.differing)[:3])
    return [
        Figure(
            name="Replies about an open session",
            how=f"{count(found.pairs)} pairs about classes that differ in one answer: "
            f"{len(found.askings)} routes and people in {len(SCENES)} scenes, "
            f"{count(found.classes)} classes, answered {ways}. Left out: the warm-up "
            f"where it is shown; {noise}",
            target="0 bytes differ",
            value=f"{count(found.unlike)} bytes in {count(found.differing.total())} "
            f"pairs{first}",
            passed=not found.differing,
        )
    ]


def compare(pairs: int, seed: int = 1, scenes: Sequence[Scene] = SCENES) -> Compared:
    """Compare in each scene, until there are so many pairs.

    :raises RuntimeError: if a route is neither compared nor left out with a reason.
    """
    found = Compared()
    for place, scene in enumerate(scenes, 1):
        chance = random.Random(f"{seed} {scene.name}")  # noqa: S311 - repeatable
        with _looked_at(scene, chance) as room:
            chain = room.chain()
            replies = next(chain)
            while found.pairs < pairs * place // len(scenes):
                following = next(chain)
                found.add(replies, following)
                replies = following
    return found


def _differing(one: bytes, other: bytes) -> int:
    unlike = sum(a != b for a, b in zip(one, other, strict=False))
    return unlike + abs(len(one) - len(other))


# --- one scene ------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody who asks: the cookie, and the token of the forms."""

    cookie: str
    token: str


Sends = list[tuple[Seat, str, dict[str, int]]]


@dataclass
class Room:
    """A session in a scene: who is there, and what is sent.

    :ivar mine: sends of the one who is asked, and who answers otherwise each time.
    :ivar others: sends of others, who do so too.
    """

    app: Flask
    both: Stores
    scene: Scene
    session: Session
    mine: Sends
    others: Sends
    people: Mapping[str, Person]
    values: Mapping[str, str]
    chance: random.Random

    def chain(self) -> Iterator[dict[str, bytes]]:
        """All replies about class after class, each with one answer unlike the last."""
        before = _Saved(self.both)
        for number in count_up():
            _send(self.both, self.session, [*self.mine, *self.others])
            yield self._replies(with_seldom=number % SELDOM in (0, 1))
            before.put_back()
            self._change_one()

    def _change_one(self) -> None:
        """One pupil gives one other answer; every second time the one who is asked."""
        whose = self.mine if self.chance.random() < 0.5 else self.others
        _, triad_id, given = self.chance.choice(whose)
        triad = self.session.asked(triad_id)
        item = self.chance.choice(triad.items)
        options = [one.code for one in options_of(triad)]
        if item.role is not Whom.OWN:
            options = [*range(self.session.present + 1), options[-1]]
        options.remove(given[item.id])
        given[item.id] = self.chance.choice(options)

    def _replies(self, *, with_seldom: bool) -> dict[str, bytes]:
        as_it_is = _Saved(self.both)
        # What is remembered of earlier classes would refuse one and not the other.
        self.app.extensions["throttle"] = Throttle()
        found = {}
        for asking in routes.askings(self.app):
            if self.scene.is_warm_up and asking.endpoint in routes.WARM_UP:
                continue
            if asking.is_seldom and not with_seldom:
                continue
            name = f"{asking.method} {asking.endpoint} by {asking.who}"
            found[name] = self._ask(asking)
            as_it_is.put_back_if_changed()
        as_it_is.close()
        return found

    def _ask(self, asking: Asking) -> bytes:
        who = self.people[asking.who]
        known = {one: self.values[one] for one in asking.arguments}
        path = self.app.url_map.bind("localhost").build(asking.endpoint, known)
        form = None
        if asking.method == "POST":
            form = {
                name: text.format(**self.values)
                for name, text in routes.FORMS[asking.endpoint].items()
            }
            form |= {"csrf_token": who.token, "version": str(self.session.version)}
        return _reply(self.app, asking, path, who, form)


def _reply(
    app: Flask, asking: Asking, path: str, who: Person, form: dict[str, str] | None
) -> bytes:
    browser = app.test_client(use_cookies=False)
    answer = browser.open(
        path,
        method=asking.method,
        data=form,
        headers={"Cookie": who.cookie},
        buffered=False,
    )
    if asking.is_stream and answer.status_code == 200:
        # Settings, and the version that it begins with.
        body = b"".join(islice(answer.iter_encoded(), 2))
    else:
        body = answer.get_data()
    answer.close()
    reply = f"{answer.status}\n{answer.headers}".encode() + body
    for one in NOISE:
        if not one.only or asking.endpoint in one.only:
            reply = one.pattern.sub(b"", reply)
    return reply


# --- setting the scene ----------------------------------------------------------------


class _Saved:
    """Both databases as they are now, to be put back."""

    def __init__(self, both: Stores) -> None:
        self.files = [
            (db, sqlite3.connect(":memory:")) for db in (both.ballots, both.archive)
        ]
        for db, copy in self.files:
            db.conn.backup(copy)
        self.seen = self._versions()

    def put_back(self) -> None:
        """Everything is as it was."""
        for db, copy in self.files:
            copy.backup(db.conn)
        self.seen = self._versions()

    def put_back_if_changed(self) -> None:
        """The same, where the application has written meanwhile."""
        if self._versions() != self.seen:
            self.put_back()

    def close(self) -> None:
        """Forget it."""
        for _, copy in self.files:
            copy.close()

    def _versions(self) -> list[int]:
        return [connections.data_version(db) for db, _ in self.files]


@contextmanager
def _looked_at(scene: Scene, chance: random.Random) -> Iterator[Room]:
    with lessons.folder() as folder:
        app = create_app(
            folder, clock=lambda: lessons.NOW + 60, PUBLIC_URL="http://localhost"
        )
        if forgotten := routes.unaccounted(app):
            raise RuntimeError(f"not accounted for: {', '.join(forgotten)}")
        with lessons.open_stores(folder) as both:
            yield _set_up(app, both, scene, chance)


def _set_up(app: Flask, both: Stores, scene: Scene, chance: random.Random) -> Room:
    session = lessons.open_class(
        both, scene.present, pacing=scene.pacing, mode=scene.mode
    )
    # One seat stays free, for whoever is let in while we look.
    tokens = lessons.take_seats(both, session, scene.present - 1)
    slip = slips.issue(both.ballots, session.id, 1)[0]
    people = {
        **_staff(app, both),
        "remote": _remote(app, both, session),
        **_pupils(app, session, list(tokens.values())),
    }
    for _ in range(scene.presses):
        _send(both, session, _paced(session, list(tokens), chance))
        session = lessons.go_on(both, session)
    first, otherwise, *rest, last = tokens
    mine = _paced(session, [otherwise], chance)
    others = _paced(session, rest if scene.share < 1 else [*rest, last], chance)
    _send(both, session, _paced(session, [first], chance))
    return Room(
        app=app,
        both=both,
        scene=scene,
        session=session,
        mine=mine,
        others=others[: round(scene.share * len(others))],
        people=people,
        values=_values(app, both, session, slip),
        chance=chance,
    )


def _paced(session: Session, seats: Sequence[Seat], chance: random.Random) -> Sends:
    """What seats send to everything that is asked now, in some order."""
    return [
        (seat, triad, lessons.a_ballot(session.asked(triad), session.present, chance))
        for seat, triad in lessons.paced(seats, sessions.open_triads(session), chance)
    ]


def _send(both: Stores, session: Session, sends: Sends) -> None:
    for seat, triad, given in sends:
        lessons.send(both, session, seat, triad, given)


def _values(app: Flask, both: Stores, session: Session, slip: str) -> dict[str, str]:
    """What addresses and forms of this session are made of."""
    with app.test_request_context():
        proof = seats.facit_path(session).rpartition("/")[2]
    asked = sessions.last_asked(session) or session.triads[-1]
    first = (sessions.open_triads(session) or (asked,))[0]
    return {
        "session_id": session.id,
        "key": session.wall_key,
        "code": session.code,
        "secret": session.join_secret or "A" * 26,
        "proof": proof,
        "page_key": "A" * 26,  # a page there can be when the session is over
        "slip": slip,
        "token": remotes.invite(both.archive, session.id, lessons.NOW),
        "grade": str(session.grade),
        "set_id": session.questions.id,
        "triad_id": first,
        "number": "1",
        "design": next(iter(Design)).value,
        "indicator_id": next(
            one.indicator for one in session.questions.triads if one.indicator
        ),
    }


def _staff(app: Flask, both: Stores) -> dict[str, Person]:
    """A teacher, who leads the session, a consultant and a member of the board."""
    found = {}
    for name, role in (
        ("teacher", Role.TEACHER),
        ("consultant", Role.CONSULTANT),
        ("board", Role.BOARD),
    ):
        email = lessons.a_teacher(both).email
        if role is not Role.TEACHER:
            accounts.add(both.archive, email := f"{name}@example.dk", role)
        account = accounts.find(both.archive, email)
        token = accounts.new_link(both.archive, Purpose.SIGN_IN, account, lessons.NOW)
        browser = app.test_client()
        home = browser.get(f"/adgang/{token}").location
        found[name] = _as_person(browser, home)
    return found


def _remote(app: Flask, both: Stores, session: Session) -> Person:
    invitation = remotes.invite(both.archive, session.id, lessons.NOW)
    phone = app.test_client()
    page = phone.get(f"/F/{invitation}").text
    answer = phone.post(f"/F/{invitation}", data={"csrf_token": _token(page)})
    return _as_person(phone, answer.location)


def _as_person(browser: FlaskClient, page: str) -> Person:
    token = _token(browser.get(page).text)
    cookie = browser.get_cookie("personale")
    if cookie is None:
        raise RuntimeError("nobody was let in")
    return Person(f"personale={cookie.value}; plads={NOBODY}", token)


def _pupils(app: Flask, session: Session, tokens: Sequence[str]) -> dict[str, Person]:
    cookies = {
        "nobody": NOBODY,
        "who has answered": f"{session.id}.{tokens[0]}",
        "who answers otherwise": f"{session.id}.{tokens[1]}",
        "who has not answered": f"{session.id}.{tokens[-1]}",
    }
    found = {}
    for name, value in cookies.items():
        browser = app.test_client()
        browser.set_cookie("plads", value)
        found[name] = Person(f"plads={value}", _token(browser.get("/").text))
    return found


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1]
