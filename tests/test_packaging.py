"""What is handed out: sdist and wheel are complete, and pins name versions only."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command and give what it printed; the test fails with its output."""
    # The checkout must not be importable where the installed package is tried.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_below(folder: str, pattern: str = "*") -> set[str]:
    """The files of a folder and those below, as paths from the root."""
    found = (ROOT / folder).rglob(pattern)
    return {
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """A folder with the sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(dist) -> Path:
    return next(dist.glob("*.whl"))


@pytest.mark.parametrize(
    ("folder", "pattern", "inside"),
    [
        ("pejling", "*.py", "pejling"),
        ("pejling/templates", "*", "pejling/templates"),
        ("pejling/static", "*", "pejling/static"),
        ("question_sets", "*.toml", "pejling/question_sets"),
    ],
)
def test_wheel_holds_every_file_of(wheel, folder, pattern, inside):
    expected = {
        inside + name.removeprefix(folder) for name in files_below(folder, pattern)
    }
    assert expected, f"{folder} is empty"
    with zipfile.ZipFile(wheel) as archive:
        assert expected - set(archive.namelist()) == set()


def test_wheel_holds_the_package_only(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pejling"}


def test_sdist_holds_what_developing_needs(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"Makefile", "constraints.txt", "pyproject.toml", "CHANGELOG.md"}
    expected |= files_below("tests", "*.py") | files_below("docs", "*.md")
    assert expected - names == set()


def test_installed_wheel_runs_without_the_checkout(wheel, tmp_path):
    env = tmp_path / "venv"
    venv.create(env, with_pip=False, symlinks=True)
    python = env / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    # The dependencies come from the environment that runs the tests, so that no net is
    # needed. A .pth file does not read the .pth files behind it, so the checkout, which
    # is installed there as editable, stays out of reach.
    packages = sysconfig.get_path("purelib", vars={"base": str(env)})
    (Path(packages) / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")

    empty = tmp_path / "empty"
    empty.mkdir()
    where = run(python, "-c", "import pejling; print(pejling.__file__)", cwd=empty)
    assert where.startswith(str(env))
    assert run(env / "bin" / "pejling", "sets", "check", cwd=empty)


def test_constraints_pin_exact_versions():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = project["build-system"]["requires"] + project["project"]["dependencies"]
    for group in project["dependency-groups"].values():
        direct += group
    pinned = {pin.lower() for pin in pins}
    assert [pin for pin in direct if pin.lower() not in pinned] == []


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of the files")
    names = run(git, "ls-files", "-z").split("\0")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_names_a_package_registry(tracked):
    # Put together here, so that this file does not match itself.
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "yarn" + "pkg"]
    options = ["index" + "-url", "find" + "-links"]
    pattern = re.compile("|".join(map(re.escape, hosts + options)).encode())
    found = [path.name for path in tracked if pattern.search(path.read_bytes())]
    assert found == []


def test_no_lock_file(tracked):
    # They hold the address that each package was fetched from.
    names = re.compile(r".*\.lockb?|pylock.*\.toml|.*(-lock|-shrinkwrap)\.(json|yaml)")
    assert [path.name for path in tracked if names.fullmatch(path.name)] == []
