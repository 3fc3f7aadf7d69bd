"""The commands: first start, trouble in one line, the demo, and the rehearsal."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from pejling import cli, server
from pejling.storage import migrations

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def run(*words: str, **environ: str) -> tuple[int, str]:
    """A command's exit status and all it printed."""
    result = CliRunner().invoke(cli.main, list(words), env=environ)
    return result.exit_code, result.output


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen]:
    """A command of its own process; stopped as Ctrl+C stops it, whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pejling", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def read_until(process: subprocess.Popen, words: str) -> str:
    """What a process prints, up to a line that holds these words."""
    lines = []
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


# --- serve ----------------------------------------------------------------------------


def test_first_start_makes_the_folder_and_prints_a_setup_link(tmp_path: Path):
    port = str(server.free_port())
    data = tmp_path / "nested" / "data"
    words = ("serve", "--host", "127.0.0.1", "--port", port, "--data", str(data))
    with running(*words) as process:
        printed = read_until(process, "/start/")
        link = re.search(r"http://127.0.0.1:\d+/start/\S+", printed)
        assert link, printed
        with DIRECT.open(link.group(), timeout=10) as page:
            assert "Den første konto" in page.read().decode()
        with DIRECT.open(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert page.status == 200
    names = {path.name for path in data.iterdir()}
    assert {"archive.db", "ballot_box.db", "secret.key"} <= names
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600


def test_server_answers_while_a_stream_is_open_and_stops_when_told(tmp_path: Path):
    port = server.free_port()
    with running("demo", "--port", str(port), "--json") as process:
        links = json.loads(read_until(process, "base_url").splitlines()[-1])
        stream = DIRECT.open(links["projector_url"] + "/stroem", timeout=10)
        assert stream.readline().startswith((b"id:", b"retry:"))
        with DIRECT.open(links["join_url"], timeout=10) as page:
            assert "Sådan bruger vi dit svar" in page.read().decode()
        stream.close()


def test_unwritable_folder_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    code, printed = run(
        "serve", "--port", free(), "--data", str(tmp_path / "file" / "x")
    )
    assert code == 1
    assert len(printed.splitlines()) == 1
    assert "--data" in printed


def test_port_in_use_is_one_line(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for command in ("serve", "demo"):
            words = ("--data", str(tmp_path)) if command == "serve" else ()
            code, printed = run(command, "--port", port, *words)
            assert code == 1
            assert printed == f"Port {port} er i brug. Vælg en anden med --port.\n"


@pytest.mark.parametrize("name", ["archive.db", "ballot_box.db"])
def test_newer_database_is_one_line(tmp_path: Path, name: str):
    migrations.migrate(tmp_path)
    with sqlite3.connect(tmp_path / name) as conn:
        if name == "archive.db":
            conn.execute(
                "insert into _sqlite_migrations (migration_set, name, applied_at)"
                " values ('archive', 'm999_later', '')"
            )
        else:
            conn.execute("pragma user_version = 999")
    conn.close()
    code, printed = run("serve", "--port", free(), "--data", str(tmp_path))
    assert code == 1
    assert printed == f"{name} er skrevet af en nyere Pejling. Opdater programmet.\n"


def test_file_that_is_no_database_is_one_line(tmp_path: Path):
    (tmp_path / "archive.db").write_text("noget helt andet" * 100)
    code, printed = run("serve", "--port", free(), "--data", str(tmp_path))
    assert code == 1
    assert len(printed.splitlines()) == 1


def test_bad_setting_is_one_line(tmp_path: Path):
    words = ("serve", "--port", free(), "--data", str(tmp_path))
    code, printed = run(*words, PEJLING_THREADS="mange")
    assert code == 1
    assert len(printed.splitlines()) == 1
    assert "PEJLING_THREADS" in printed


def free() -> str:
    return str(server.free_port())


# --- demo and rehearse ----------------------------------------------------------------


def folders() -> set[str]:
    """Temporary folders of demos."""
    import tempfile

    return {one for one in os.listdir(tempfile.gettempdir()) if "pejling-demo" in one}


def get(url: str, opener: urllib.request.OpenerDirector = DIRECT) -> str:
    with opener.open(url, timeout=10) as page:
        return page.read().decode()


def test_demo_shows_every_page_and_leaves_nothing_behind():
    before = folders()
    port = server.free_port()
    with running("demo", "--port", str(port), "--json") as process:
        links = json.loads(read_until(process, "base_url").splitlines()[-1])
        assert set(links) == {
            "base_url",
            "code",
            "join_url",
            "projector_url",
            "teacher_url",
            "consultant_url",
            "board_url",
        }
        assert folders() - before
        expected = {
            "join_url": "Sådan bruger vi dit svar",
            "projector_url": links["code"][:3],
            "teacher_url": "Klassen kommer ind",
            "consultant_url": "Holdte pejlinger",
            "board_url": "Frigivne tal",
        }
        for name, words in expected.items():
            jar = urllib.request.HTTPCookieProcessor()
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
            assert words in get(links[name], opener), name
    assert folders() == before


def test_rehearsed_class_is_counted_exactly():
    """What the pupils sent is what the server counted, item by item."""
    port = server.free_port()
    with running("demo", "--port", str(port), "--json") as process:
        links = json.loads(read_until(process, "base_url").splitlines()[-1])
        teacher = Teacher(links)
        words = ("rehearse", links["code"], "--url", links["base_url"], "--json")
        with running(*words, "--pupils", "12", "--seed", "7") as class_:
            teacher.wait("<b>12</b> af 24")
            teacher.press("Begynd opvarmningen")
            teacher.wait("<b>12</b> svar er på tavlen")
            teacher.press("Videre til spørgsmålene")
            teacher.wait("Alle har svaret")
            sent = json.loads(read_until(class_, "items").splitlines()[-1])
        teacher.press("Luk for svar, og se tallene")
        assert sent["pupils"] == 12
        rows = teacher.csv()
    assert len(rows) == 9  # eight core items and the warm-up
    for row in rows:
        own = sent["items"][f"{row['emne']}.selv"]
        assert sum(own.values()) == int(row["svaret"]) == 12
        guesses = sent["items"][f"{row['emne']}.kammerater"]
        each = sorted(
            int(guess)
            for guess, n in guesses.items()
            for _ in range(n)
            if guess != "999"
        )
        half = len(each) // 2
        median = each[half] if len(each) % 2 else (each[half - 1] + each[half]) / 2
        assert float(row["gaet_klassen"]) == median


def test_rehearsal_of_an_unknown_code_says_what_is_wrong():
    port = server.free_port()
    with running("demo", "--port", str(port), "--json") as process:
        read_until(process, "base_url")
        code, printed = run("rehearse", "BBBBBB", "--url", f"http://127.0.0.1:{port}")
    assert code == 1
    assert len(printed.splitlines()) == 1


@pytest.mark.parametrize("url", ["127.0.0.1:1", "ftp://x"])
def test_rehearsal_wants_an_address(url: str):
    code, printed = run("rehearse", "K7T3QX", "--url", url)
    assert code == 1
    assert "er ikke en adresse" in printed


class Teacher:
    """A teacher's browser without script, reading and pressing."""

    def __init__(self, links: dict[str, str]) -> None:
        jar = urllib.request.HTTPCookieProcessor()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self.base = links["base_url"]
        self.page = get(links["teacher_url"], self.opener)
        path = re.search(r"til=(\S+)", links["teacher_url"])
        assert path
        self.where = self.base + path.group(1)

    def wait(self, words: str) -> None:
        """Look again until the page says so; half a minute at most."""
        for _ in range(150):
            self.page = get(self.where, self.opener)
            if words in self.page:
                return
            time.sleep(0.2)
        raise AssertionError(f"{words!r} never came")

    def press(self, text: str) -> None:
        """The button with this text."""
        for form in re.findall(r"<form.*?</form>", self.page, re.S):
            if f">{text}</button>" in form:
                action = re.search(r'action="([^"]+)"', form)
                assert action
                fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
                body = urllib.parse.urlencode(fields).encode()
                with self.opener.open(self.base + action.group(1), body, timeout=20):
                    pass
                self.page = get(self.where, self.opener)
                return
        raise AssertionError(f"no button {text!r}")

    def csv(self) -> list[dict[str, str]]:
        """The result, read as a program reads it."""
        import csv
        import io

        text = get(self.where + "/resultat.csv?form=komma", self.opener)
        return list(csv.DictReader(io.StringIO(text)))


# --- sets and users -------------------------------------------------------------------


def test_shipped_sets_are_in_order():
    code, printed = run("sets", "check")
    assert code == 0
    lines = printed.splitlines()
    assert len([one for one in lines if " version " in one]) == 26
    assert len([one for one in lines if one.startswith("plan ")]) == 6
    assert all(one.endswith(", i orden") for one in lines)


def test_faulty_set_names_file_item_and_remedy(tmp_path: Path):
    good = Path(__file__).parent.parent / "question_sets" / "7a.toml"
    text = good.read_text(encoding="utf-8")
    (tmp_path / "7a.toml").write_text(
        text.replace('retning = "risiko"', 'retning = "farlig"', 1), encoding="utf-8"
    )
    code, printed = run("sets", "check", str(tmp_path))
    assert code == 1
    assert "spørgsmål 3 (alkohol_30): 'retning' er 'farlig'." in printed
    assert "fejl: 7a.toml, linje " in printed
    assert "Brug en af: risiko" in printed


@pytest.mark.parametrize("where", ["nix", "tom"])
def test_nothing_to_check_is_an_error(tmp_path: Path, where: str):
    (tmp_path / "tom").mkdir()
    code, printed = run("sets", "check", str(tmp_path / where))
    assert code == 1
    assert len(printed.splitlines()) == 1


def test_added_user_gets_a_link_and_a_second_is_refused(tmp_path: Path):
    words = ("user", "add", "laerer@example.dk", "--data", str(tmp_path))
    code, printed = run(*words)
    assert code == 0
    assert "/adgang/" in printed
    assert run(*words)[0] == 1
    assert run("user", "link", "laerer@example.dk", "--data", str(tmp_path))[0] == 0
    assert run("user", "link", "nix@example.dk", "--data", str(tmp_path))[0] == 1
    assert run("user", "add", "uden-snabel-a", "--data", str(tmp_path))[0] == 1


def test_starting_imports_neither_pandas_nor_plotly():
    """They cost a third of a second and 60 MB, and one class needs neither.

    Nor Authlib and its cryptography: 14 MB, for who signs in by a provider.
    """
    heavy = ("pandas", "plotly", "numpy", "authlib", "joserfc", "cryptography")
    code = (
        "import sys, pejling.app; "
        f"print([one for one in {heavy} if one in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_problems_come_as_json_for_editors(tmp_path: Path):
    (tmp_path / "a.toml").write_text('id = "a"\ntitel = uden\n')
    code, printed = run("sets", "check", str(tmp_path), "--json")
    assert code == 1
    (line,) = printed.splitlines()
    found = json.loads(line)
    assert found["files"] == []
    (problem,) = found["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("a.toml", 2, 9)
    assert (problem["level"], problem["rule"]) == ("fejl", "syntax")


def test_warnings_alone_are_no_failure(tmp_path: Path):
    text = (Path(__file__).parent / "data" / "proeve.toml").read_text()
    text = text.replace('  "Det er ikke en prøve.",\n', "")
    (tmp_path / "proeve.toml").write_text(text)
    code, printed = run("sets", "check", str(tmp_path))
    assert code == 0
    assert "advarsel: proeve.toml, linje 16: 'sig' har én linje." in printed


def test_one_file_is_checked_alone(tmp_path: Path):
    sets = Path(__file__).parent.parent / "question_sets"
    code, printed = run("sets", "check", str(sets / "7a.toml"))
    assert (code, len(printed.splitlines())) == (0, 1)
    code, printed = run("sets", "check", str(sets / "plans" / "stevns.toml"))
    assert (code, printed.startswith("plan stevns")) == (0, True)
    code, printed = run("sets", "check", str(tmp_path / ".." / "nix.toml"))
    assert (code, len(printed.splitlines())) == (1, 1)


def test_versions_schemas_and_table_are_written(tmp_path: Path):
    good = (Path(__file__).parent / "data" / "proeve.toml").read_text()
    (tmp_path / "proeve.toml").write_text(good)
    assert run("sets", "publish", str(tmp_path)) == (
        0,
        "proeve version 1 er skrevet op.\n",
    )
    assert "i forvejen" in run("sets", "publish", str(tmp_path))[1]
    (tmp_path / "a.toml").write_text("x")
    code, printed = run("sets", "publish", str(tmp_path))
    assert (code, len(printed.splitlines())) == (1, 1)
    assert run("sets", "publish", str(tmp_path / "proeve.toml"))[0] == 1
    assert run("sets", "schema", str(tmp_path))[0] == 0
    assert (tmp_path / "plans" / "plan.schema.json").is_file()
    code, printed = run("sets", "table", str(tmp_path))
    assert (code, printed.splitlines()[-1].split(" | ")[0]) == (
        0,
        "| `proeve` En prøve",
    )


@pytest.mark.parametrize("what", ["nix", "tom", "versions"])
def test_json_is_json_whatever_is_wrong(tmp_path: Path, what: str):
    (tmp_path / "tom").mkdir()
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "versions.json").mkdir()
    code, printed = run("sets", "check", str(tmp_path / what), "--json")
    assert code == 1
    assert json.loads(printed)["problems"]


def test_plans_are_known_from_inside_their_folder(monkeypatch):
    sets = Path(__file__).parent.parent / "question_sets"
    monkeypatch.chdir(sets / "plans")
    assert run("sets", "check", "rebild.toml")[1].startswith("plan rebild")
    code, printed = run("sets", "check", ".")
    assert (code, len(printed.splitlines())) == (0, 6)


def test_demo_without_its_sets_is_one_line(tmp_path: Path):
    code, printed = run("demo", PEJLING_QUESTION_SETS=str(tmp_path))
    assert code == 1
    (line,) = printed.splitlines()
    assert "6a" in line


@pytest.mark.parametrize("command", ["schema", "table", "publish"])
def test_folder_that_is_none_is_one_line(tmp_path: Path, command: str):
    code, printed = run("sets", command, str(tmp_path / "nix"))
    assert (code, len(printed.splitlines())) == (1, 1)
    assert not (tmp_path / "nix").exists()


# --- benchmarks -----------------------------------------------------------------------

TABLE = "\n".join(
    [
        "indikator;klassetrin;niveau;område;sæson;procent;antal;kilde",
        "vape_last_30d;7;kommune;Ærø;2025/26;12,5;200;Ungeprofilen",
        "vape_last_30d;8;kommune;Ærø;2025/26;9;40;Ungeprofilen",
    ]
)


def test_benchmarks_are_read_in_and_a_dry_run_writes_nothing(tmp_path):
    file = tmp_path / "tal.csv"
    file.write_bytes(TABLE.encode("cp1252"))
    data = str(tmp_path / "data")
    words = ("benchmarks", "import", str(file), "--data", data)
    status, out = run(*words, "--dry-run")
    assert status == 0
    assert "2 tal ville blive læst ind: 2 nye, 0 i stedet for andre.\n" in out
    assert "Linje 3, antal ”40”: Få svar" in out
    _, out = run(*words)
    assert "2 tal er læst ind: 2 nye, 0 i stedet for andre.\n" in out
    _, out = run(*words)
    assert "2 tal er læst ind: 0 nye, 2 i stedet for andre.\n" in out


def test_benchmarks_with_a_fault_are_not_read_in(tmp_path):
    file = tmp_path / "tal.csv"
    file.write_text(TABLE.replace("12,5", "101"), encoding="utf-8")
    data = str(tmp_path / "data")
    status, err = run("benchmarks", "import", str(file), "--data", data)
    assert status == 1
    assert "Linje 2, procent ”101”: Procent går fra 0 til 100." in err
    assert "intet er læst ind" in err
    assert not (tmp_path / "data").exists()


def test_benchmarks_of_no_file(tmp_path):
    for path in (tmp_path, tmp_path / "nej.csv"):
        status, err = run("benchmarks", "import", str(path))
        assert status == 1
        assert "er ikke en fil" in err
