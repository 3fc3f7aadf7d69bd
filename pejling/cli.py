"""The commands: serve, demo, rehearse, sets, benchmarks, user."""

import datetime
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from pejling import __version__, config

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the pupils are in the local network


@click.group()
@click.version_option(__version__, prog_name="pejling")
def main() -> None:
    """Pejling: klassen ser, hvad den tror om sig selv, ved siden af det, den gør."""


# --- serve ----------------------------------------------------------------------------


@main.command()
@click.option("--host", default=EVERYWHERE, help="Adresse at lytte på.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="Port.")
@click.option("--data", type=click.Path(path_type=Path), help="Mappe til data.")
def serve(host: str, port: int, data: Path | None) -> None:
    """Start serveren."""
    folder = data or default_folder()
    with _one_line():
        from pejling import server
        from pejling.app import create_app

        _check_port(host, port)
        app = create_app(folder, LOCAL_URL=_local_url(host, port))
        lines = _welcome(app, folder, host, port)
    server.run(app, host, port, lambda: click.echo("\n".join(lines)))


def default_folder() -> Path:
    """Where data lie when nothing is said: the user's own data folder."""
    import platformdirs

    return platformdirs.user_data_path("pejling", appauthor=False)


def _local_url(host: str, port: int) -> str:
    """The address that pupils use where nobody has said one: the local network's."""
    from pejling import server

    if host in (EVERYWHERE, "::"):
        host = server.local_address() or "127.0.0.1"
    return f"http://{host}:{port}"


def _public_url(app: Any) -> str:
    from pejling.web import context

    with app.app_context():
        return context.public_url()


def _welcome(app: Any, folder: Path, host: str, port: int) -> list[str]:
    from pejling.storage import accounts, connections

    here = f"http://127.0.0.1:{port}"
    if host not in (EVERYWHERE, "::"):
        here = f"http://{host}:{port}"
    lines = [
        "Pejling kører. Stop med Ctrl+C.",
        f"  Adresse:         {here}/",
        f"  Til eleverne:    {_public_url(app)}/",
        f"  Personale:       {here}/log-ind",
        f"  Data:            {folder}",
    ]
    stores = connections.open_stores(folder)
    try:
        if not accounts.count(stores.archive):
            token = accounts.new_link(
                stores.archive, accounts.Purpose.SETUP, None, time.time()
            )
            lines.append("Opret den første konto (linket virker én gang, i ét døgn):")
            lines.append(f"  {here}/start/{token}")
    finally:
        stores.close()
    return lines


# --- demo -----------------------------------------------------------------------------


@main.command()
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="Port.")
@click.option("--json", "as_json", is_flag=True, help="Skriv adresserne som JSON.")
def demo(port: int, as_json: bool) -> None:
    """Start en kommune, der kun er til at prøve med, og som forsvinder igen."""
    parent = os.getpid()
    with tempfile.TemporaryDirectory(prefix="pejling-demo-") as folder, _one_line():
        from pejling import demo as kommune
        from pejling import server
        from pejling.app import create_app
        from pejling.storage import connections

        _check_port("127.0.0.1", port)
        base = f"http://127.0.0.1:{port}"
        app = create_app(Path(folder), PUBLIC_URL=base, DEMO=True)
        stores = connections.open_stores(Path(folder))
        try:
            today = datetime.date.today().isoformat()
            sets = app.config["LIBRARY"].sets
            missing = sorted({one[0] for one in kommune.CLOSED} - set(sets))
            if missing:
                _stop(
                    f"Demoen bruger sættet {missing[0]}, som mangler eller har fejl. "
                    "Se pejling sets check."
                )
            made = kommune.fill(stores, sets, time.time(), today)
        finally:
            stores.close()
        links = {
            "base_url": base,
            "code": made.code,
            "join_url": base + made.join,
            "projector_url": base + made.projector,
            "teacher_url": base + made.teacher,
            "consultant_url": base + made.consultant,
            "board_url": base + made.board,
        }
        text = json.dumps(links) if as_json else "\n".join(_tour(links))
        server.run(app, "127.0.0.1", port, lambda: click.echo(text))
        if os.getpid() != parent:
            # The worker is a fork: the folder is its parent's to remove.
            os._exit(0)


def _tour(links: dict[str, str]) -> list[str]:
    return [
        "Pejling, til at prøve: alt forsvinder igen, når du stopper med Ctrl+C.",
        "",
        f"  1. Læreren:   {links['teacher_url']}",
        f"  2. Tavlen:    {links['projector_url']}",
        f"  3. En elev:   {links['join_url']}",
        f"     eller gå til {links['base_url']}/ og skriv {links['code']}",
        "  4. En klasse: skriv i et andet vindue",
        f"     {_own_name()} rehearse {links['code']} --url {links['base_url']}"
        " --pupils 23",
        "     og tryk så Begynd opvarmningen hos læreren.",
        "",
        f"  SSP-konsulenten:  {links['consultant_url']}",
        f"  Styregruppen:     {links['board_url']}",
    ]


def _own_name() -> str:
    """How this program was called, so that the line can be typed again."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m pejling"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return called.name


# --- rehearse -------------------------------------------------------------------------


@main.command()
@click.argument("code")
@click.option("--url", default="http://127.0.0.1:8000", help="Serverens adresse.")
@click.option("--pupils", default=24, type=click.IntRange(1, 120), help="Hvor mange.")
@click.option("--seed", default=1, help="Samme tal giver samme svar.")
@click.option("--json", "as_json", is_flag=True, help="Skriv tallene som JSON.")
def rehearse(code: str, url: str, pupils: int, seed: int, as_json: bool) -> None:
    """Lad en klasse, der ikke findes, være med i en åben pejling."""
    from pejling import rehearsal

    if not url.startswith(("http://", "https://")):
        _stop(f"{url} er ikke en adresse; skriv for eksempel http://127.0.0.1:8000.")
    try:
        tallies = rehearsal.rehearse(url.rstrip("/"), code, pupils, seed, _directions())
    except rehearsal.RehearsalFailed as error:
        _stop(str(error))
    if as_json:
        click.echo(json.dumps({"pupils": pupils, "seed": seed, "items": tallies}))
        return
    for item, options in tallies.items():
        sent = ", ".join(f"{option}: {n}" for option, n in options.items())
        click.echo(f"{item}: {sent}")


def _directions() -> dict[str, Any]:
    """Triad id -> direction in the sets that ship: lets the class answer like one."""
    from pejling.domain.content import library

    sets = library.read(config.question_set_folder("")).sets
    return {triad.id: triad.direction for one in sets.values() for triad in one.triads}


# --- question sets --------------------------------------------------------------------


@main.group()
def sets() -> None:
    """Spørgeskemaer."""


@sets.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Skriv alt som JSON.")
def check_sets(path: Path | None, as_json: bool) -> None:
    """Læs spørgeskemaer og planer igennem, og sig alt, hvad der er galt.

    PATH er en fil eller en mappe; uden PATH læses dem, der følger med. Fejl giver
    status 1, advarsler gør ikke.
    """
    from pejling.domain.content.problems import Level

    where = path or config.question_set_folder("")
    found, problems = _read_library(where)
    if not found and not problems:
        what = "Her er ingen spørgeskemaer."
        problems = [_fault(where, what, "Læg filer, der ender på .toml, i mappen.")]
    errors = [one for one in problems if one.level is Level.ERROR]
    if as_json:
        listed = [one.as_json() for one in problems]
        click.echo(json.dumps({"files": found, "problems": listed}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(f"{problem.level.value}: {problem}", err=True)
        for line in found:
            click.echo(line)
    if errors:
        sys.exit(1)


def _read_library(where: Path) -> tuple[list[str], list[Any]]:
    """What is in order, a line each, and all problems of a file or folder."""
    from pejling.domain.content import library, plan_files, set_files
    from pejling.domain.content.problems import InvalidFile

    where = where.resolve()
    try:
        if where.is_dir() and where.name == plan_files.FOLDER:
            read = library.read(where.parent)
            names = {path.name for path in where.iterdir()}
            problems = [one for one in read.problems if one.file in names]
            return [_plan_line(one) for one in read.plans.values()], problems
        if where.is_dir():
            read = library.read(where)
            lines = [_set_line(one) for one in read.sets.values()]
            lines += [_plan_line(one) for one in read.plans.values()]
            return lines, list(read.problems)
        if where.parent.name == plan_files.FOLDER:
            plan, problems = plan_files.check_plan_file(where)
            return [_plan_line(plan)] if plan else [], problems
        one, problems = set_files.check_file(where, set_files.published(where.parent))
        return [_set_line(one)] if one else [], problems
    except InvalidFile as invalid:
        return [], list(invalid.problems)
    except OSError as error:
        what = f"Den kan ikke åbnes ({error.strerror})."
        return [], [_fault(where, what, "Se, om stien er rigtig.")]


def _fault(where: Path, what: str, instead: str) -> Any:
    from pejling.domain.content.problems import Problem
    from pejling.domain.content.set_files import file_name

    return Problem(file_name(where) or str(where), "", what, instead, "unreadable")


def _set_line(one: Any) -> str:
    return (
        f"{one.id} version {one.version}: {one.title}, "
        f"{len(one.triads)} spørgsmål, i orden"
    )


def _plan_line(plan: Any) -> str:
    return f"plan {plan.id}: {plan.title}, {len(plan.courses)} forløb, i orden"


@sets.command("publish")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def publish_sets(path: Path | None) -> None:
    """Skriv nye versioner op, så deres ordlyd ikke kan ændres ubemærket.

    PATH er mappen med spørgeskemaer; de skal være uden fejl.
    """
    from pejling.domain.content import library, set_files

    where = path or config.question_set_folder("")
    with _one_line():
        if not where.is_dir():
            _stop(f"{where} er ikke en mappe.")
        found = library.read(where)
        if found.errors:
            _stop(str(found.errors[0]))
        added = set_files.publish(where, found.sets)
    for line in added:
        click.echo(f"{line} er skrevet op.")
    if not added:
        click.echo("Alle versioner var skrevet op i forvejen.")


@sets.command("schema")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def write_schemas(path: Path | None) -> None:
    """Skriv JSON Schema for spørgeskemaer og planer, så en editor kan hjælpe."""
    from pejling.domain.content import schemas

    where = path or config.question_set_folder("")
    with _one_line():
        if not where.is_dir():
            _stop(f"{where} er ikke en mappe.")
        for name, text in schemas.schemas().items():
            (where / name).parent.mkdir(exist_ok=True)
            (where / name).write_text(text, encoding="utf-8")
            click.echo(f"{where / name}")


@sets.command("table")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def print_table(path: Path | None) -> None:
    """Skriv en oversigt over spørgeskemaerne som en tabel i Markdown."""
    from pejling.domain.content import library
    from pejling.output import catalogue

    where = path or config.question_set_folder("")
    with _one_line():
        if not where.is_dir():
            _stop(f"{where} er ikke en mappe.")
        found = library.read(where)
    click.echo(catalogue.table(found.sets.values()), nl=False)


# --- figures from elsewhere -----------------------------------------------------------


@main.group()
def benchmarks() -> None:
    """Tal fra andre steder: kommunens egne."""


@benchmarks.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Se kun efter; skriv intet.")
@click.option("--small", is_flag=True, help="Tallene er procent, selv om alle er små.")
@click.option("--data", type=click.Path(path_type=Path), help="Mappe til data.")
def import_benchmarks(
    file: Path, dry_run: bool, small: bool, data: Path | None
) -> None:
    """Læs kommunens egne tal ind fra en CSV-fil: alle, eller ingen."""
    from pejling.domain.content import figure_rows
    from pejling.storage import figures

    day = datetime.date.today()
    with _one_line():
        content = _read_table(file)
        reading = figure_rows.read_file(content, day.year, small=small)
        if reading.faults:
            for fault in reading.faults:
                click.echo(fault, err=True)
            _stop(f"{file}: intet er læst ind.")
        for warning in reading.warnings:
            click.echo(warning, err=True)
        with _archive(data) as store:
            before = figures.keys(store)
            replaced = sum(row.key in before for row in reading.rows)
            if not dry_run:
                plain = file.name.encode("utf-8", "replace").decode()
                name = f"{plain[:60]} (kommandolinje)"
                figures.add(store, reading.rows, name, day.isoformat(), None)
    verb = "ville blive læst ind" if dry_run else "er læst ind"
    total = len(reading.rows)
    click.echo(
        f"{total} tal {verb}: {total - replaced} nye, {replaced} i stedet for andre."
    )


def _read_table(file: Path) -> bytes:
    """A file's content, and no more of it than a table may have.

    :raises OSError: if it cannot be read; a pipe would not end.
    """
    from pejling.domain.content.figure_table import MOST_BYTES

    if not file.is_file():
        _stop(f"{file} er ikke en fil.")
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


# --- retention ------------------------------------------------------------------------


@main.command()
@click.option("--dry-run", is_flag=True, help="Sig kun, hvad der ville ske.")
@click.option("--data", type=click.Path(path_type=Path), help="Mappe til data.")
def retention(dry_run: bool, data: Path | None) -> None:
    """Læg klassernes tal sammen og slet dem, 60 dage efter skoleåret.

    Serveren gør det selv, når den starter og derefter løbende.
    """
    from pejling.domain import school_year
    from pejling.storage import year_end

    verb = "ville blive slettet" if dry_run else "er slettet"
    with _one_line(), _stores(data) as stores:
        work = year_end.due if dry_run else year_end.let_go
        found = work(stores, time.time())
    for one in found:
        click.echo(
            f"{school_year.name(one.year)}: {one.sessions} pejlinger {verb}; "
            f"{one.rollups} resultater for flere klasser bliver, "
            f"{one.schools} skoler for sig."
        )
    if not found:
        click.echo("Intet er for gammelt. Klassernes tal slettes 29. september.")


# --- accounts -------------------------------------------------------------------------


@main.group()
def user() -> None:
    """Konti for personale."""


@user.command("add")
@click.argument("email")
@click.option(
    "--role",
    default="laerer",
    type=click.Choice(["laerer", "konsulent", "styregruppe"]),
    help="Hvad kontoen må.",
)
@click.option("--data", type=click.Path(path_type=Path), help="Mappe til data.")
@click.option("--url", default="http://127.0.0.1:8000", help="Serverens adresse.")
def add_user(email: str, role: str, data: Path | None, url: str) -> None:
    """Opret en konto, og skriv et link, hvor adgangskoden vælges."""
    from pejling.storage import accounts

    if "@" not in email:
        _stop(f"{email} er ikke en e-mail.")
    with _one_line(), _archive(data) as store:
        try:
            account = accounts.add(store, email, accounts.Role(role))
        except accounts.EmailTaken:
            _stop(f"{email} har allerede en konto. Brug pejling user link.")
        _print_link(store, account, url)


@user.command("link")
@click.argument("email")
@click.option("--data", type=click.Path(path_type=Path), help="Mappe til data.")
@click.option("--url", default="http://127.0.0.1:8000", help="Serverens adresse.")
def link_user(email: str, data: Path | None, url: str) -> None:
    """Skriv et nyt link til en konto, der har mistet sin adgangskode."""
    from pejling.storage import accounts

    with _one_line(), _archive(data) as store:
        account = accounts.find(store, email)
        if account is None:
            _stop(f"{email} har ingen konto. Brug pejling user add.")
        _print_link(store, account, url)


def _print_link(store: Any, account: Any, url: str) -> None:
    from pejling.storage import accounts

    token = accounts.new_link(store, accounts.Purpose.PASSWORD, account, time.time())
    click.echo("Linket virker én gang, i ét døgn:")
    click.echo(f"  {url.rstrip('/')}/adgang/{token}")


@contextmanager
def _stores(data: Path | None) -> Iterator[Any]:
    from pejling.storage import connections, migrations

    folder = data or default_folder()
    migrations.migrate(folder)
    stores = connections.open_stores(folder)
    try:
        yield stores
    finally:
        stores.close()


@contextmanager
def _archive(data: Path | None) -> Iterator[Any]:
    with _stores(data) as stores:
        yield stores.archive


# --- trouble --------------------------------------------------------------------------


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what an operator can mend into one clear line and exit status 1."""
    import sqlite3

    from pejling.domain.content.problems import InvalidFile
    from pejling.storage.migrations import NewerDatabase

    try:
        yield
    except InvalidFile as error:
        _stop(str(error.problems[0]))
    except config.BadSetting as error:
        _stop(f"En indstilling kan ikke bruges. {error}.")
    except NewerDatabase as error:
        _stop(f"{error} er skrevet af en nyere Pejling. Opdater programmet.")
    except sqlite3.Error as error:
        _stop(f"Databasen kan ikke bruges: {error}.")
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _stop(f"{place}{error.strerror or error}. Vælg en anden mappe med --data.")


def _check_port(host: str, port: int) -> None:
    from pejling import server

    try:
        server.check_port(host, port)
    except server.PortInUse:
        _stop(f"Port {port} er i brug. Vælg en anden med --port.")
    except OSError as error:
        _stop(f"Kan ikke lytte på {host}:{port}: {error.strerror}.")


def _stop(line: str) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(1)
