"""The production server as a process of its own, and everything it writes."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.privacy.browser import Address, Browser
from pejling import server


@dataclass(frozen=True)
class Served:
    """A running server, and where it may leave something.

    :ivar folder: holds everything of it: data, log, temporary files, home.
    """

    process: subprocess.Popen[bytes]
    folder: Path
    address: Address

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def browser(self, source: str = "", **headers: str) -> Browser:
        """A fresh browser, on this server."""
        return Browser(self.address, source, headers)


@contextlib.contextmanager
def serve(
    folder: Path, settings: Mapping[str, str] | None = None, seconds: float = 900
) -> Iterator[Served]:
    """Serve ``folder / "data"`` on 127.0.0.1; the server is stopped at the end.

    Its output, temporary files, home and working directory lie in the same folder.

    :param settings: more of the environment, such as ``PEJLING_BEHIND_PROXIES``.
    :param seconds: after which it is stopped in any case.
    :raises RuntimeError: if it does not answer.
    """
    for name in ("data", "tmp", "home"):
        (folder / name).mkdir(exist_ok=True)
    port = server.free_port()
    words = [sys.executable, "-m", "pejling", "serve", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--data", str(folder / "data")]
    environment = {
        **os.environ,
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        # Run from elsewhere, the package is found where this one was.
        "PYTHONPATH": str(Path(server.__file__).parents[1]),
        **(settings or {}),
    }
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            words, stdout=log, stderr=log, env=environment, cwd=folder / "home"
        ) as process,
    ):
        served = Served(process, folder, ("127.0.0.1", port))
        watchdog = threading.Timer(seconds, process.terminate)
        watchdog.start()
        try:
            _wait_for(served)
            yield served
        finally:
            watchdog.cancel()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(served: Served) -> None:
    for _ in range(400):
        try:
            browser = served.browser()
            browser.get("/")
            browser.close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise RuntimeError("the server does not answer")
