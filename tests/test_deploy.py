"""The examples for nginx and systemd keep what Pejling promises, line by line."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pejling import config
from pejling.domain.content import figure_table
from pejling.web import live

DEPLOY = Path(__file__).parent.parent / "docs" / "deploy"


def directives(text: str) -> list[tuple[str, str]]:
    """Block ("" outside, else "server", "location /x") and directive, in order."""
    found, blocks = [], [""]
    plain = re.sub(r"#.*", "", text)
    for part in re.findall(r"[^;{}]+[;{]|}", plain):
        words = " ".join(part.rstrip(";{").split())
        if part == "}":
            blocks.pop()
        elif part.endswith("{"):
            blocks.append(words)
        else:
            found.append((blocks[-1], words))
    assert blocks == [""]
    return found


NGINX = directives((DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
SERVED = [words for block, words in NGINX if block == "server"]
LOCATIONS = sorted({block for block, _ in NGINX if block.startswith("location")})


@pytest.mark.parametrize(
    "line",
    [
        "access_log off",
        "error_log /dev/null crit",
        "client_body_in_file_only off",
        "proxy_max_temp_file_size 0",
        "proxy_cache off",
        "gzip off",
        "ssl_session_tickets off",
        "server_tokens off",
        "client_header_timeout 10s",
        "client_body_timeout 10s",
    ],
)
def test_nginx_says(line: str):
    assert line in SERVED


def test_no_block_of_nginx_logs():
    logs = [words for _, words in NGINX if words.split()[0].endswith("_log")]
    assert set(logs) == {"access_log off", "error_log /dev/null crit"}
    assert len(logs) == 4  # both servers, the one that redirects too


def test_every_body_fits_into_memory():
    # What nginx takes and cannot hold it writes to a file.
    for block in ("server", *LOCATIONS):
        mine = dict(words.split(" ", 1) for at, words in NGINX if at == block)
        assert mine.get("client_max_body_size") == mine.get("client_body_buffer_size")
    (large,) = [
        words
        for at, words in NGINX
        if at == "location /konsulent/tal" and "max_body" in words
    ]
    assert large == f"client_max_body_size {2 * figure_table.MOST_BYTES // 10**6}m"


@pytest.mark.parametrize("block", LOCATIONS)
def test_headers_are_those_that_the_proxy_sees(block: str):
    handed = {
        words.split()[1]: words.split()[2]
        for at, words in NGINX
        if at == block and words.startswith("proxy_set_header")
    }
    assert handed == {
        "Connection": '""',
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": "$host",
        "Forwarded": '""',
    }


def test_streams_may_be_silent_between_two_heartbeats():
    (words,) = [words for _, words in NGINX if words.startswith("proxy_read_timeout")]
    assert int(words.split()[1].rstrip("s")) >= 2 * live.HEARTBEAT_SECONDS


# --- systemd --------------------------------------------------------------------------


def service() -> dict[str, list[str]]:
    """Directive of [Service] -> its values."""
    found: dict[str, list[str]] = {}
    lines = (DEPLOY / "pejling.service").read_text(encoding="utf-8").splitlines()
    for line in lines[lines.index("[Service]") + 1 : lines.index("[Install]")]:
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LimitCORE", "0"),
        ("MemorySwapMax", "0"),
        ("UMask", "0077"),
        ("StateDirectoryMode", "0700"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
    ],
)
def test_service_says(name: str, value: str):
    assert service()[name] == [value]


def test_service_is_a_unit_file():
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / "pejling.service", encoding="utf-8")
    assert parser.sections() == ["Unit", "Service", "Install"]


def test_settings_of_the_service_can_be_used(tmp_path):
    environ = dict(one.split("=", 1) for one in service()["Environment"])
    found = config.read_settings(tmp_path, environ)
    assert found["BEHIND_PROXIES"] == 1
    assert found["PUBLIC_URL"] == f"https://{found['TRUSTED_HOSTS']}"


def test_service_listens_to_the_proxy_only():
    (command,) = service()["ExecStart"]
    assert "--host 127.0.0.1 --port 8000" in command
    assert ("location /", "proxy_pass http://127.0.0.1:8000") in NGINX


# --- memory ---------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such flag")
def test_server_forbids_pictures_of_its_memory():
    script = (
        "import resource; from pejling import server; server.forbid_dumps();"
        "import ctypes; print(resource.getrlimit(resource.RLIMIT_CORE),"
        " ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["(0,", "0)", "0"]


def test_nginx_itself_reads_the_example(tmp_path):
    nginx = shutil.which("nginx")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("there is no nginx here")
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (tmp_path / "site.conf").write_text(
        text.replace("/etc/ssl/pejling", str(tmp_path))
        .replace("listen [::]:80;", "")
        .replace("listen [::]:443 ssl;", "")
        .replace("listen 80;", f"listen unix:{tmp_path}/a;")
        .replace("listen 443 ssl;", f"listen unix:{tmp_path}/b ssl;"),
        encoding="utf-8",
    )
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=pejling.example.dk"),
            *("-keyout", tmp_path / "privkey.pem"),
            *("-out", tmp_path / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}"
    )
    done = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
