"""A browser of a few lines over a socket: what it sent and got, to the byte."""

import re
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

Address = tuple[str, int]

PATIENCE = 60.0
"""Seconds until a server that says nothing counts as gone."""


@dataclass(frozen=True)
class Answer:
    """What came back.

    :ivar raw: every byte of it, the head included.
    :ivar milliseconds: from the first byte sent to the last one read.
    """

    status: int
    raw: bytes
    milliseconds: float

    @property
    def head(self) -> str:
        """Status line and headers."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def text(self) -> str:
        """The body."""
        return self.raw.partition(b"\r\n\r\n")[2].decode()

    def header(self, name: str) -> str:
        """A header, "" where there is none."""
        found = re.search(rf"(?im)^{re.escape(name)}: *(.*?)\r?$", self.head)
        return found[1] if found else ""

    @property
    def token(self) -> str:
        """The token of the first form on the page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text)
        if found is None:
            raise RuntimeError(f"no form on the page: {self.head.splitlines()[0]}")
        return found[1]


@dataclass
class Browser:
    """Keeps cookies and one connection.

    :ivar source: the address it comes from, where it is not the system's choice.
    :ivar headers: sent with every request.
    """

    server: Address
    source: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    times: list[tuple[int, float]] = field(default_factory=list)
    _socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask(self.request("GET", path))

    def post(self, path: str, values: Mapping[str, str | Sequence[str]]) -> Answer:
        """What follows a form."""
        return self.ask(self.request("POST", path, values))

    def request(
        self,
        method: str,
        path: str,
        values: Mapping[str, str | Sequence[str]] | None = None,
    ) -> bytes:
        """The bytes of a request, as this browser would send it now."""
        body = urlencode(values, doseq=True).encode() if values is not None else b""
        host, port = self.server
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.cookies:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            lines.append(f"Cookie: {'; '.join(pairs)}")
        if values is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def ask(self, request: bytes) -> Answer:
        """Send the bytes, and read what comes back; cookies are kept.

        A connection that the server has closed meanwhile is made anew once.
        """
        try:
            answer = self._ask(request)
        except (ConnectionError, EOFError):
            self.close()
            answer = self._ask(request)
        for name, value in re.findall(
            r"(?im)^set-cookie: *([^=;]+)=([^;\r\n]*)", answer.head
        ):
            self.cookies[name] = value
        self.times.append((answer.status, answer.milliseconds))
        return answer

    def close(self) -> None:
        """Give the connection up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = connect(self.server, self.source)
        begun = time.perf_counter()
        self._socket.sendall(request)
        raw = read(self._socket)
        took = 1000 * (time.perf_counter() - begun)
        answer = Answer(int(raw[9:12]), raw, took)
        if answer.header("Connection").lower() == "close":
            self.close()
        return answer


def connect(server: Address, source: str = "") -> socket.socket:
    """A connection that sends at once what it is given."""
    where = (source, 0) if source else None
    made = socket.create_connection(server, PATIENCE, source_address=where)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def read(connection: socket.socket) -> bytes:
    """All bytes of one answer, by its Content-Length.

    :raises EOFError: if the server ends before the answer does.
    """
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    found = re.search(rb"(?im)^content-length: *(\d+)", head)
    missing = int(found[1]) - len(body) if found else 0
    while missing > 0:
        chunk = _more(connection)
        raw += chunk
        missing -= len(chunk)
    return raw


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(65_536)
    if not chunk:
        raise EOFError
    return chunk
