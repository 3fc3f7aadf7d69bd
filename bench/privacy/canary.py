"""Nothing of a class turns up in a file that the server wrote: planted values.

A class is run against the production server. Each pupil comes with values that occur
nowhere else: an address (of the connection, and as a proxy tells it), a browser's name
and language, a cookie, a form with its answers. Wrong and broken requests carry more.
Then every file that the server can have written is searched: all that lies below its
folder (data with what SQLite keeps beside it, log, temporary files, home), and whatever
its processes have open or mapped, deleted files included.
"""

import base64
import contextlib
import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.privacy import browser, lessons, people
from bench.privacy.figure import Figure, count
from bench.privacy.people import Pupil, Teacher
from bench.privacy.serving import Served, serve
from pejling.domain.question_sets import HONESTY_ID, Role
from pejling.domain.sessions import CODE_ALPHABET, Session
from pejling.storage import archive

PROC = Path("/proc")

OPEN, CLOSED, STOPPED = "class open", "class closed, wall still on", "server stopped"

WHILE_OPEN = frozenset({"code", "QR", "seat"})
"""What the server has to know of an open session: how one gets in, and each seat by
the hash of its token."""


@dataclass
class Planted:
    """What was planted: kind -> the bytes that would betray it."""

    values: dict[str, set[bytes]] = field(default_factory=dict)

    def add(self, kind: str, text: str) -> str:
        """Plant a text: itself, and the forms in which a program might keep it."""
        plain = text.encode()
        found = self.values.setdefault(kind, set())
        found |= {plain, text.encode("utf-16-le"), plain.hex().encode()}
        found.add(base64.b64encode(plain).rstrip(b"="))
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, plain, usedforsecurity=False)
            found |= {digest.digest(), digest.hexdigest().encode()}
        return text

    def add_bytes(self, kind: str, raw: bytes) -> None:
        """Plant bytes that are many enough not to occur by chance."""
        self.values.setdefault(kind, set()).add(raw)

    def __len__(self) -> int:
        return sum(len(one) for one in self.values.values())


@dataclass
class Sweep:
    """One search through all files.

    :ivar hits: (kind, file) -> how many planted values were found there.
    """

    files: int = 0
    size: int = 0
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)

    def but(self, allowed: frozenset[str] = frozenset()) -> Counter[tuple[str, str]]:
        """The hits that may not be."""
        return Counter(
            {one: n for one, n in self.hits.items() if one[0] not in allowed}
        )


# --- the search -----------------------------------------------------------------------


def search(files: Mapping[str, Path], planted: Planted) -> Sweep:
    """Search files for what was planted.

    :param files: name to tell -> where its bytes can be read.
    """
    found = Sweep()
    for name, path in files.items():
        with contextlib.suppress(OSError):  # gone in the meantime
            raw = path.read_bytes()
            found.files += 1
            found.size += len(raw)
            for kind, values in planted.values.items():
                if n := sum(one in raw for one in values):
                    found.hits[kind, name] += n
    return found


def files_of(folder: Path, pid: int, since: float) -> dict[str, Path]:
    """Files below a folder, and those that a process and its children use.

    Of the latter only what was changed ``since`` (seconds since the epoch): the
    libraries of Python are mapped as well, and too large to be searched for nothing.
    """
    found = {
        one.relative_to(folder).as_posix(): one
        for one in folder.rglob("*")
        if one.is_file()
    }
    known = {one.resolve() for one in found.values()}
    for process in _family(pid):
        for path in _in_use(process):
            with contextlib.suppress(OSError):
                real = path.resolve()
                if path.is_file() and real not in known:
                    known.add(real)
                    if path.stat().st_mtime >= since:
                        found[str(real)] = path
    return found


def _family(pid: int) -> Iterator[Path]:
    """A process and all that descend from it; nothing where there is no /proc."""
    children: dict[int, list[int]] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold anything; the parent is second after it.
            parent = stat.read_text().rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(stat.parent.name))
    todo = [pid]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        yield PROC / str(one)


def _in_use(process: Path) -> Iterator[Path]:
    """Links to what a process has open or mapped; they lead to deleted files too."""
    for kind in ("fd", "map_files"):
        with contextlib.suppress(OSError):
            yield from (process / kind).iterdir()


# --- a class --------------------------------------------------------------------------


def measure(pupils: int = 24, behaviours: int = 8) -> list[Figure]:
    """A class straight at the server, and one behind a proxy."""
    return [
        figure
        for proxies in (0, 1)
        for figure in run(pupils, behaviours, proxies).figures()
    ]


def run(pupils: int, behaviours: int, proxies: int) -> "Run":
    """A class from the code to the reveal, searched at each step."""
    with lessons.folder() as folder:
        found = Run(folder, proxies, pupils, behaviours)
        found.lesson()
    return found


@dataclass
class Run:
    """One class, what was planted in it, and what was found.

    :ivar proxies: whose ``X-Forwarded-For`` the server trusts.
    :ivar counted: answers that the archive has in the end: the planted ones arrived.
    """

    folder: Path
    proxies: int
    pupils: int
    behaviours: int
    planted: Planted = field(default_factory=Planted)
    sweeps: dict[str, Sweep] = field(default_factory=dict)
    counted: int = 0
    begun: float = field(default_factory=time.time)

    def lesson(self) -> None:
        """The whole of it."""
        settings = {"PEJLING_BEHIND_PROXIES": str(self.proxies)}
        with serve(self.folder, settings) as served:
            teacher, session = self._open(served)
            with contextlib.closing(_wall(served, session)):
                class_ = [self._pupil(served, session, n) for n in range(self.pupils)]
                self._plant_seats(served, class_)
                teacher.press("opvarmning")
                self._answer(class_)
                teacher.press("spoergsmaal")
                self._answer(class_)
                self._look(served, OPEN)
                teacher.close()
                self._look(served, CLOSED)
            for line in (teacher.browser, *(one.browser for one in class_)):
                line.close()
        self._look(served, STOPPED)
        with lessons.open_stores(served.data) as both:
            answered = archive.answered(both.archive, session.id)
        self.counted = sum(answered.values())

    def _look(self, served: Served, when: str) -> None:
        files = files_of(served.folder, served.process.pid, self.begun)
        self.sweeps[when] = search(files, self.planted)

    def _open(self, served: Served) -> tuple[Teacher, Session]:
        # Closed again at once: an open connection of ours would keep files that the
        # server would have cleared away.
        with lessons.open_stores(served.data) as both:
            now = time.time()
            session = lessons.open_class(
                both, self.pupils, now=now, behaviours=self.behaviours
            )
            account = lessons.a_teacher(both)
            teacher = people.sign_in(served.browser(), both, account, session, now)
        self.planted.add("code", session.code)
        self.planted.add("QR", session.join_secret)
        return teacher, session

    def _pupil(self, served: Served, session: Session, number: int) -> Pupil:
        """A pupil with planted values, who makes some mistakes on the way in."""
        one = Pupil(served.browser(self._source(number), **self._headers()))
        one.browser.get(f"/?{urlencode({'q': self._word('query')})}")
        one.browser.get(f"/{self._word('path')}")
        one.type_code(self.planted.add("wrong code", _wrong_code(session.code)))
        one.type_code(self._word("typed for a code"))
        one.browser.cookies["plads"] = f"{session.id}.{self._word('forged cookie')}"
        one.browser.get("/svar")
        one.browser.cookies.clear()
        one.join(session.code)
        token = one.browser.cookies["plads"].rpartition(".")[2]
        self.planted.add("cookie token", token)
        self.planted.add_bytes("cookie token", bytes.fromhex(token))
        self.planted.add("form token", one.browser.get("/").token)
        return one

    def _source(self, number: int) -> str:
        """The address of the connection: Linux has all of 127.0.0.0/8."""
        return self.planted.add("address", f"127.83.{19 + number // 200}.{number + 11}")

    def _headers(self) -> dict[str, str]:
        told = ipaddress.IPv6Address(0x20010DB8 << 96 | secrets.randbits(96))
        self.planted.add_bytes("address", told.packed)
        return {
            "X-Forwarded-For": self.planted.add("address", str(told)),
            "User-Agent": self._word("browser"),
            "Accept-Language": self._word("language"),
            "Referer": f"http://127.0.0.1/{self._word('referer')}",
        }

    def _word(self, kind: str) -> str:
        return self.planted.add(kind, f"kanarie{secrets.token_hex(8)}")

    def _plant_seats(self, served: Served, class_: list[Pupil]) -> None:
        with lessons.open_stores(served.data) as both:
            (key,) = both.ballots.conn.execute("select key from poll").fetchone()
        self.planted.add_bytes("seat", key)
        for one in class_:
            token = one.browser.cookies["plads"].rpartition(".")[2]
            seat = hmac.new(key, token.encode(), "sha256").hexdigest()
            self.planted.add_bytes("seat", seat.encode())

    def _answer(self, class_: list[Pupil]) -> None:
        for number, one in enumerate(class_):
            while (found := one.asked())[0]:
                triad, page = found
                given = self._given(triad, number)
                values = people.form(triad, page.token, given)
                odd = {"andre": self._word("typed for a guess"), "trin": "se"}
                one.browser.post("/svar", values | odd)
                forged = {"csrf_token": self._word("forged form token")}
                one.browser.post("/svar", values | forged)
                large = {"fyld": self._word("too large a form") * 4000}
                one.browser.post("/svar", values | large)
                values["fyld"] = self._word("form")
                if one.answer(values).status != 303:
                    raise RuntimeError("an answer was not taken")

    def _given(self, triad: str, number: int) -> dict[str, str]:
        """Answers that no other pupil gives, as their form sends them."""
        if triad == HONESTY_ID:
            return {Role.OWN.value: "000"}
        given = {
            Role.OTHERS.value: f"{number:03d}",
            Role.FRIENDS.value: f"{(7 * number + 3) % (self.pupils + 1):03d}",
            Role.OWN.value: f"{number % 2:03d}",
        }
        self.planted.add("answers", urlencode(given))
        return given

    # --- as figures ---------------------------------------------------------------

    def figures(self) -> list[Figure]:
        """What may not have been found, and was not; and where."""
        return [self._figure(when, one) for when, one in self.sweeps.items()]

    def _figure(self, when: str, found: Sweep) -> Figure:
        hits = found.but(WHILE_OPEN if when == OPEN else frozenset())
        where = ", ".join(sorted({f"{kind} in {name}" for kind, name in hits}))
        front = "behind a proxy" if self.proxies else "straight at the server"
        allowed = f" but {', '.join(sorted(WHILE_OPEN))}" if when == OPEN else ""
        arrived = self.counted == self.pupils * (self.behaviours + 1)
        return Figure(
            name=f"Planted values, {when}; {front}",
            how=f"{self.pupils} pupils, {len(self.planted.values)} kinds, "
            f"{count(len(self.planted))} byte strings in {found.files} files of "
            f"{count(found.size // 1024)} kB; {count(self.counted)} answers arrived",
            target=f"0{allowed}",
            value=count(hits.total()) + (f": {where}" if hits else ""),
            passed=not hits and arrived,
        )


def _wrong_code(right: str) -> str:
    # Of the right one itself a hit would say nothing.
    ends = [one for one in CODE_ALPHABET if one != right[-1]]
    code = [secrets.choice(CODE_ALPHABET) for _ in right[:-1]]
    return "".join([*code, secrets.choice(ends)])


def _wall(served: Served, session: Session) -> socket.socket:
    """A projector that follows the class: the server keeps a connection for it."""
    line = browser.connect(served.address)
    host, port = served.address
    where = f"/tavle/{session.wall_key}/stroem"
    line.sendall(f"GET {where} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    line.recv(4096)
    return line
