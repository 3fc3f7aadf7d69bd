"""One request to another server: bounded in time and size, and never led elsewhere.

Over http.client, which follows no redirect and knows no other protocol. A socket's
timeout begins anew with every byte, so a timer ends what comes in drops.
"""

import http.client
import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SECONDS = 5.0
"""Longest that one request may take, from the first packet to the last."""

MOST = 256 * 1024
"""Bytes of an answer; documents and keys of large providers have some 30 kB."""

AT_ONCE = 8
"""Requests under way at a time: a provider that hangs holds no more of our threads."""

_TURNS = threading.BoundedSemaphore(AT_ONCE)


class Unreachable(Exception):
    """No answer in time, or none that is one; the message says which."""


class Nonsense(Exception):
    """An answer that is not what was asked for; the message says what is wrong."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in the answer.

        :raises Nonsense: if there is none.
        """
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Nonsense("no JSON") from None
        if not isinstance(found, dict):
            raise Nonsense("no JSON object")
        return found


def fetch(
    url: str, body: str | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """The answer to a GET, or to a POST where there is a body.

    :param url: checked by the caller (``config.is_safe``).
    :raises Unreachable: within :data:`SECONDS`, twice that where others wait too.
    """
    if not _TURNS.acquire(timeout=SECONDS):
        raise Unreachable("too many at once")
    try:
        return _fetch(url, body, {"Accept": "application/json", **(headers or {})})
    finally:
        _TURNS.release()


def _fetch(url: str, body: str | None, headers: dict[str, str]) -> Reply:
    connection = _connection(url)
    ended, held = threading.Event(), list[socket.socket]()
    timer = threading.Timer(SECONDS, _end, (held, ended))
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        # Kept here: the connection lets go of it once the head of the answer is read.
        held.append(connection.sock)
        method = "GET" if body is None else "POST"
        connection.request(method, _target(url), body, headers)
        answer = connection.getresponse()
        text = answer.read(MOST + 1)
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # Of a connection that the timer has closed any of these may come.
        raise Unreachable(type(error).__name__) from None
    finally:
        timer.cancel()
        connection.close()
    if ended.is_set():
        raise Unreachable("too slow")
    if len(text) > MOST:
        raise Unreachable("too long")
    return Reply(answer.status, text)


def _connection(url: str) -> http.client.HTTPConnection:
    """A connection, through the proxy of the system where it has one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":  # on this machine
        return http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    context = ssl.create_default_context()
    proxy = urlsplit(urllib.request.getproxies().get("https", ""))
    if not proxy.hostname or urllib.request.proxy_bypass(host):
        return http.client.HTTPSConnection(
            host, parts.port, timeout=SECONDS, context=context
        )
    through = http.client.HTTPSConnection(
        proxy.hostname, proxy.port, timeout=SECONDS, context=context
    )
    through.set_tunnel(host, parts.port or 443)
    return through


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _end(held: list[socket.socket], ended: threading.Event) -> None:
    ended.set()
    for one in held:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
