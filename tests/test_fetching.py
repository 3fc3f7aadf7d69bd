"""Requests to another server: bounded in time, in size, and never led elsewhere."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from pejling.web import fetching
from pejling.web.fetching import Nonsense, Reply, Unreachable, fetch

Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server of one connection that does what it is told; its address."""
    listeners, threads = [], []

    def start(talk: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        listeners.append(listener)

        def run() -> None:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(20)
                peer.recv(65_536)
                talk(peer)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/x?y=1"

    yield start
    for one in listeners:
        one.close()
    for one in threads:
        one.join(20)


def dripping(head: bytes, ended: list[bool]) -> Callable[[socket.socket], None]:
    """A byte at a time, each well within a socket's own timeout, without end."""

    def talk(peer: socket.socket) -> None:
        pause = threading.Event()
        try:
            peer.sendall(head)
            for _ in range(400):
                peer.sendall(b" ")
                pause.wait(0.05)
        except OSError:
            ended.append(True)

    return talk


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
    ids=["head", "body", "body until the end"],
)
def test_answer_in_drops_is_broken_off(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, head: bytes
):
    monkeypatch.setattr(fetching, "SECONDS", 0.4)
    ended: list[bool] = []
    with pytest.raises(Unreachable):
        fetch(serve(dripping(head, ended)))


def test_answer_comes_with_its_status(serve: Serve):
    def talk(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 7\r\n\r\n" + b'{"a":1}')

    reply = fetch(serve(talk))
    assert reply == Reply(400, b'{"a":1}')
    assert reply.json() == {"a": 1}


def test_redirect_is_an_answer_like_any_other(serve: Serve):
    asked: list[bool] = []
    elsewhere = serve(lambda _: asked.append(True))

    def talk(peer: socket.socket) -> None:
        head = (
            f"HTTP/1.1 302 There\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n"
        )
        peer.sendall(head.encode())

    assert fetch(serve(talk)).status == 302
    assert asked == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 x y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X" * 70_000,
    ],
    ids=["nothing", "another protocol", "no status", "endless line"],
)
def test_what_is_no_answer_is_none(serve: Serve, answer: bytes):
    with pytest.raises(Unreachable):
        fetch(serve(lambda peer: peer.sendall(answer)))


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        fetch(f"http://127.0.0.1:{port}/")


def test_so_many_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.1)
    monkeypatch.setattr(fetching, "_TURNS", threading.BoundedSemaphore(1))
    with fetching._TURNS, pytest.raises(Unreachable, match="too many"):
        fetch("http://127.0.0.1:9/")


def test_turn_is_given_back_whatever_happens(monkeypatch: pytest.MonkeyPatch):
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(fetching, "_TURNS", turns)
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1:1/")
    assert turns.acquire(blocking=False)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_nonsense(body: bytes):
    with pytest.raises(Nonsense):
        Reply(200, body).json()


def test_proxy_of_the_system_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("https_proxy", "http://proxy.example.dk:3128")
    monkeypatch.setenv("no_proxy", "inside.example.dk")
    through = fetching._connection("https://login.example.dk/x")
    assert (through.host, through.port) == ("proxy.example.dk", 3128)
    straight = fetching._connection("https://inside.example.dk/x")
    assert (straight.host, straight.port) == ("inside.example.dk", 443)
    here = fetching._connection("http://127.0.0.1:8000/x")
    assert (here.host, here.port) == ("127.0.0.1", 8000)
