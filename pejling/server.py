"""The production server: granian, one worker, blocking threads for the streams."""

import ctypes
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from pejling.web import live

QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["err"]},
    "loggers": {
        # No access log: an address beside a pupil's path says who was where.
        "granian.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "pejling": {"level": "INFO"},
    },
}
"""Logging of the server: what went wrong, by route; no address, no path, no answer."""


class PortInUse(OSError):
    """Something else listens there."""


def check_port(host: str, port: int) -> None:
    """Make sure that we may listen.

    :raises PortInUse: if something does already.
    :raises OSError: if the host is not ours, or the port not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in _IN_USE:
                raise PortInUse(*error.args) from None
            raise
        # On Linux a second listener with the same options could bind as well.
        try:
            probe.listen()
        except OSError as error:
            raise PortInUse(*error.args) from None


_IN_USE = (48, 98, 10048)  # macOS, Linux, Windows


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def local_address() -> str | None:
    """The machine's address in the local network, or None. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address for documentation: connecting only looks up a route.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith(("127.", "0.")) else address


def forbid_dumps() -> None:
    """Let no picture of this process's memory be written, nor read by another program.

    For a moment an answer and its seat are both in memory. A limit of 0 keeps the
    kernel from writing a core file; where it hands dumps to a program instead, only
    "not dumpable" does. Other systems than Linux have the limit alone.
    """
    try:
        import resource
    except ImportError:  # Windows has no core files
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_PR_SET_DUMPABLE = 4  # from linux/prctl.h


def give_memory_back() -> None:
    """Let the C library return every large block as soon as it is freed.

    A password's hash takes 19 MiB. glibc would keep such blocks after the first, in a
    heap for each of many threads: a hundred sign-ins came to 695 MB (bench/sign_in.py).
    A threshold that is set no longer grows by itself (mallopt(3)).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if sys.platform == "linux" and mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, 1024 * 1024)


_M_MMAP_THRESHOLD = -3  # from malloc.h


def run(app: Flask, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until the process is told to stop.

    :param ready: called once when the first connection would be answered.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    def load(_target: str) -> Any:
        forbid_dumps()
        give_memory_back()
        # In the worker: threads do not survive the fork that made it.
        live.start_housekeeping(app)
        threading.Thread(
            target=_when_answering, args=(host, port, ready), daemon=True
        ).start()
        return app

    forbid_dumps()
    logging.captureWarnings(True)
    Granian(
        "pejling",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=app.config["THREADS"],
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.error,
        log_dictconfig=QUIET,
        websockets=False,
    ).serve(target_loader=load)


def _when_answering(host: str, port: int, ready: Callable[[], None]) -> None:
    reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - no binding
    for _ in range(200):
        try:
            socket.create_connection((reachable, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
            continue
        break
    ready()
    sys.stdout.flush()
