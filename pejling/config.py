"""The settings: one table of name, default and meaning.

Each may stand in the environment as ``PEJLING_<NAME>`` or in ``pejling.toml`` in the
data folder; the environment wins. Thresholds of disclosure are not settings.
"""

import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET_FILE = "secret.key"  # noqa: S105 - a file name
SETTINGS_FILE = "pejling.toml"
KEY_BYTES = 32


@dataclass(frozen=True)
class Setting:
    """One setting: what it is called, what it is without a word, what it does."""

    name: str
    default: str | int
    meaning: str


SETTINGS = (
    Setting(
        "PUBLIC_URL",
        "",
        "Address that pupils use, in the QR and on the projector, such as "
        "https://pejling.example.dk; empty: the address in the local network.",
    ),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "Host names that are answered, with commas between; empty: any.",
    ),
    Setting("BEHIND_PROXIES", 0, "Reverse proxies in front whose headers are trusted."),
    Setting(
        "THREADS",
        512,
        "Blocking threads of the server; each open projector or teacher's screen "
        "holds one.",
    ),
    Setting("QUESTION_SETS", "", "Folder of question sets; empty: those that ship."),
)


class BadSetting(ValueError):
    """A setting that cannot be used; the message says which and why."""


def read_settings(
    folder: Path, environ: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """All settings by name, from defaults, the data folder's file and the environment.

    :raises BadSetting: on an unknown name, a wrong type or an address that is none.
    """
    found: dict[str, Any] = {one.name: one.default for one in SETTINGS}
    found.update(_from_file(folder / SETTINGS_FILE))
    for one in SETTINGS:
        if f"PEJLING_{one.name}" in environ:
            found[one.name] = _convert(one, environ[f"PEJLING_{one.name}"])
    _check(found)
    return found


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path.name}: {error}") from None
    known = {one.name.lower(): one for one in SETTINGS}
    found = {}
    for key, value in raw.items():
        if key not in known:
            raise BadSetting(f"{path.name}: {key} is not a setting")
        if type(value) is not type(known[key].default):
            raise BadSetting(f"{path.name}: {key} has the wrong type")
        found[known[key].name] = value
    return found


def _convert(setting: Setting, value: str) -> str | int:
    if isinstance(setting.default, str):
        return value
    try:
        return int(value)
    except ValueError:
        raise BadSetting(f"PEJLING_{setting.name}: {value!r} is not a number") from None


def _check(found: Mapping[str, Any]) -> None:
    if found["PUBLIC_URL"] and not _is_address(found["PUBLIC_URL"]):
        raise BadSetting(
            f"PUBLIC_URL: {found['PUBLIC_URL']!r} is not an address like https://host"
        )
    if not 8 <= found["THREADS"] <= 4096:
        raise BadSetting("THREADS: 8 to 4096")
    if not 0 <= found["BEHIND_PROXIES"] <= 5:
        raise BadSetting("BEHIND_PROXIES: 0 to 5")


def _is_address(url: str) -> bool:
    """Whether this is a scheme and a host, perhaps a port, and no more."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(host)
        and port != 0
        and parts.username is None
        and parts.path in ("", "/")
        and not parts.query
        and not parts.fragment
        and url.isprintable()
    )


def secret_key(folder: Path) -> bytes:
    """The key that signs cookies and forms: made once, readable by the owner only.

    :raises OSError: if the file can neither be read nor made.
    :raises BadSetting: if it is too short to be a key.
    """
    path = folder / SECRET_FILE
    if not path.exists():
        _make_key(folder, path)
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise BadSetting(f"{SECRET_FILE} is too short; delete it")
    return key


def _make_key(folder: Path, path: Path) -> None:
    handle, draft = tempfile.mkstemp(dir=folder)  # readable by the owner only
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    # Two processes may start at once: the key appears whole, and the first one stays.
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


def question_set_folder(setting: str) -> Path:
    """The folder of question sets: the one set, or the one that ships.

    In a wheel the sets lie inside the package, in a checkout beside it.

    :raises BadSetting: if there is no such folder.
    """
    if setting:
        if not Path(setting).is_dir():
            raise BadSetting(f"QUESTION_SETS: {setting} is not a folder")
        return Path(setting)
    inside = Path(__file__).parent / "question_sets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "question_sets"
