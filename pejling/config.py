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
    Setting(
        "OIDC_ISSUER",
        "",
        "Issuer of the OpenID provider that staff sign in with; empty: passwords only.",
    ),
    Setting("OIDC_CLIENT_ID", "", "What the provider calls this Pejling."),
    Setting("OIDC_CLIENT_SECRET", "", "The secret that the provider gave with it."),
    Setting("OIDC_CLIENT_SECRET_FILE", "", "A file that holds the secret instead."),
    Setting(
        "OIDC_LABEL",
        "kommunens login",
        'What the button says after "Log ind med".',
    ),
    Setting("OIDC_SCOPE", "openid profile email", "Scopes that are asked for."),
    Setting("OIDC_ACR", "", "Level of assurance that is asked for; empty: any."),
    Setting("OIDC_ROLE_CLAIM", "roles", "Claim that says what somebody is."),
    Setting("OIDC_TEACHER", "", "Its values of teachers, with commas between."),
    Setting("OIDC_CONSULTANT", "", "Its values of SSP consultants."),
    Setting("OIDC_BOARD", "", "Its values of the steering group."),
    Setting("OIDC_SCHOOL_CLAIM", "", "Claim with the name of a school; empty: none."),
    Setting(
        "OIDC_REQUIRED",
        "",
        "Claims that must be there, as claim=value with commas between; of a claim "
        "named twice either value will do.",
    ),
    Setting(
        "OIDC_DOMAINS",
        "",
        "Domains of e-mails that are let in, with commas between; empty: any.",
    ),
    Setting(
        "OIDC_INVITED_ONLY",
        0,
        "1: only who has opened a link from a consultant is let in.",
    ),
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
    if found["OIDC_ISSUER"] and not is_safe(found["OIDC_ISSUER"]):
        raise BadSetting("OIDC_ISSUER: https://, or http:// on this machine only")
    pairs(found["OIDC_REQUIRED"])
    if found["OIDC_INVITED_ONLY"] not in (0, 1):
        raise BadSetting("OIDC_INVITED_ONLY: 0 or 1")


def check_sign_in(found: Mapping[str, Any]) -> None:
    """Settings of a provider that fit together; the secret is in no message.

    :raises BadSetting: naming those with which nobody, or too many, could sign in.
    """
    for name in ("OIDC_ISSUER", "PUBLIC_URL"):
        if not is_safe(found[name]):
            raise BadSetting(
                f"{name}: with a provider https://, or http:// on this machine only"
            )
    if not found["OIDC_CLIENT_ID"]:
        raise BadSetting("OIDC_CLIENT_ID: needed with OIDC_ISSUER")
    if bool(found["OIDC_CLIENT_SECRET"]) == bool(found["OIDC_CLIENT_SECRET_FILE"]):
        raise BadSetting("OIDC_CLIENT_SECRET or OIDC_CLIENT_SECRET_FILE: one of them")
    if not found["OIDC_LABEL"].strip() or not found["OIDC_ROLE_CLAIM"].strip():
        raise BadSetting("OIDC_LABEL and OIDC_ROLE_CLAIM: must not be empty")
    if "openid" not in found["OIDC_SCOPE"].split():
        raise BadSetting("OIDC_SCOPE: openid must be among them")
    listed = [one for name in ROLES for one in listing(found[name])]
    if not listed:
        raise BadSetting(f"{', '.join(ROLES)}: with none nobody could sign in")
    if len(listed) != len(set(listed)):
        raise BadSetting(f"{', '.join(ROLES)}: a value stands twice")


ROLES = ("OIDC_CONSULTANT", "OIDC_TEACHER", "OIDC_BOARD")
"""Settings with values of a role, in the order in which the first that fits holds."""


def listing(text: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def pairs(text: str) -> dict[str, frozenset[str]]:
    """Claim -> values, from ``claim=value`` with commas between.

    :raises BadSetting: if a part is none.
    """
    found: dict[str, frozenset[str]] = {}
    for part in listing(text):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not (name and equals and value):
            raise BadSetting(f"OIDC_REQUIRED: {part!r} is not claim=value")
        found[name] = found.get(name, frozenset()) | {value}
    return found


def is_safe(url: str) -> bool:
    """Whether this is https, or http that does not leave the machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        bool(host)
        and port != 0
        and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
        and parts.username is None
        and not parts.fragment
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )


LOOPBACK = ("127.0.0.1", "::1", "localhost")


def client_secret(settings: Mapping[str, Any]) -> str:
    """The secret that goes with ``OIDC_CLIENT_ID``.

    :raises BadSetting: if its file cannot be read, or is empty.
    """
    if not settings["OIDC_CLIENT_SECRET_FILE"]:
        return str(settings["OIDC_CLIENT_SECRET"])
    try:
        found = Path(settings["OIDC_CLIENT_SECRET_FILE"]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise BadSetting("OIDC_CLIENT_SECRET_FILE: cannot be read, or is empty")
    return found


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
