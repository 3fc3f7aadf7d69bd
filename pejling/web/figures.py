"""Tal og kilder: figures from elsewhere, and entering the kommune's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request
from flask import url_for as to
from flask.typing import ResponseReturnValue

from pejling.domain import benchmarks, elsewhere, school_year
from pejling.domain.benchmarks import Figure, Indicator, Level
from pejling.domain.content import figure_rows, figure_table
from pejling.domain.content.figure_rows import Reading, Row
from pejling.domain.content.figure_table import Fault
from pejling.domain.question_sets import QuestionSet
from pejling.output import series
from pejling.storage import figures, kommune, pools, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action
from pejling.web import access, errors, staff_forms
from pejling.web.context import get_stores, now, question_sets, today

bp = Blueprint("figures", __name__)

FORM_ROWS = 12
"""Rows to type in at once; a longer table is pasted or sent as a file."""

FORM_COLUMNS = (
    "indicator_id",
    "grade",
    "area_type",
    "area_name",
    "season",
    "percent",
    "n",
    "question_da",
    "source_title",
)

LARGE = ("figures.look", "figures.keep")
"""Where a consultant may send a table: elsewhere a request holds 64 kB."""


def init_app(app: Flask) -> None:
    """Let a table be sent by who may enter one; before the form's token is read."""
    app.before_request(_allow_large)


def _allow_large() -> None:
    if request.endpoint not in LARGE:
        return
    account = access.signed_in()
    if account is not None and account.role is Role.CONSULTANT:
        # A file may be sent, and comes back once more as text in the preview.
        request.max_content_length = 2 * figure_table.MOST_BYTES
        request.max_form_memory_size = 2 * figure_table.MOST_BYTES
        request.max_form_parts = FORM_ROWS * len(FORM_COLUMNS) + 10


# --- to read --------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An indicator, and all figures about it, the newest first."""

    indicator: Indicator
    figures: list[Figure]

    @property
    def has_series(self) -> bool:
        """Whether a population of it has more than one year."""
        return bool(series.lines(self.figures))


@bp.get("/tal")
@access.staff(Role.TEACHER, Role.CONSULTANT)
def page(account: Account) -> ResponseReturnValue:
    """Every figure, by indicator, with what it may be used for."""
    topic, grade = request.args.get("tema", ""), request.args.get("aargang", "")
    sets = question_sets().values()
    is_consultant = account.role is Role.CONSULTANT
    found = _readable(figures.everything(get_stores().archive), account)
    asked = _indicators_of(sets, topic)
    entries = [
        Entry(one, mine)
        for one in benchmarks.indicators().values()
        if (not topic or one.id in asked)
        and (mine := _of(one, found, grade)) is not None
    ]
    return render_template(
        "figures/page.html",
        entries=entries,
        pools=[
            (school_year.name(year), one)
            for year, one in pools.everything(get_stores().archive)
            if grade in ("", str(one.grade))
        ]
        if not topic
        else [],
        topics=sorted({one.theme for one in sets if _has_indicator(one)}),
        topic=topic,
        grade=grade,
        may_enter=is_consultant,
    )


@bp.get("/tal/<indicator_id>")
@access.staff(Role.TEACHER, Role.CONSULTANT)
def indicator(account: Account, indicator_id: str) -> ResponseReturnValue:
    """One indicator: its figures, and their years as lines where there are several."""
    known = benchmarks.indicators().get(indicator_id)
    if known is None:
        abort(404)
    found = _readable(figures.about(get_stores().archive, {known.id}), account)
    entry = Entry(known, _of(known, found, "") or [])
    drawn = series.lines(entry.figures)
    return render_template(
        "figures/indicator.html",
        entry=entry,
        figure=series.draw(drawn) if drawn else None,
        label=series.describe(drawn),
    )


def _readable(ours: Iterable[Figure], account: Account) -> list[Figure]:
    """The kommune's and those that ship, as far as this account reads them."""
    return [
        one
        for one in (*ours, *benchmarks.shipped())
        # A teacher reads those of the own school beside a class.
        if account.role is Role.CONSULTANT or one.level is not Level.SCHOOL
    ]


def _of(
    indicator: Indicator, found: Iterable[Figure], grade: str
) -> list[Figure] | None:
    """The figures of an indicator for an årgang; None where there are none of it."""
    mine = [one for one in found if one.indicator == indicator.id]
    if grade.isascii() and grade.isdigit():
        number = int(grade[:2])
        mine = [
            one
            for one in mine
            if one.grades and one.grades[0] <= number <= one.grades[1]
        ]
        if not mine:
            return None
    return sorted(mine, key=lambda one: (not one.is_own, -one.year, one.id))


def _has_indicator(questions: QuestionSet) -> bool:
    return any(one.indicator for one in questions.triads)


def _indicators_of(sets: Iterable[QuestionSet], theme: str) -> set[str]:
    return {
        triad.indicator
        for one in sets
        if one.theme == theme
        for triad in one.triads
        if triad.indicator
    }


# --- to enter -------------------------------------------------------------------------


@bp.get("/konsulent/tal")
@access.staff(Role.CONSULTANT)
def entry(account: Account) -> ResponseReturnValue:
    """A form for some rows, a place to paste, a file; and what was entered before."""
    return _entry()


@bp.get("/konsulent/tal/skabelon.csv")
@access.staff(Role.CONSULTANT)
def template(account: Account) -> ResponseReturnValue:
    """The columns, with rows that show how they are written."""
    response = Response(
        figure_table.write_rows(figure_rows.EXAMPLES), mimetype="text/csv"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="pejling-tal.csv"'
    return response


@bp.get("/konsulent/tal/egne.csv")
@access.staff(Role.CONSULTANT)
def own_rows(account: Account) -> ResponseReturnValue:
    """The kommune's own figures as a file that can be read in again."""
    rows = figures.rows(get_stores().archive)
    response = Response(
        figure_table.write_rows(map(figure_rows.cells_of, rows)), mimetype="text/csv"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="egne-tal.csv"'
    return response


@bp.post("/konsulent/tal/gennemse")
@access.staff(Role.CONSULTANT)
@access.with_file
def look(account: Account) -> ResponseReturnValue:
    """What a table would change, line by line; nothing is written."""
    name, reading = _read()
    if reading.faults:
        return _entry(reading, name), 422
    return _preview(reading, name)


@bp.post("/konsulent/tal/gem")
@access.staff(Role.CONSULTANT)
def keep(account: Account) -> ResponseReturnValue:
    """Write the table that was looked through: all of it, or nothing."""
    name = _clean(request.form.get("navn", "")) or "Indtastet"
    text = request.form.get("tabel", "")
    reading = figure_rows.read_text(text, today().year, small=True)
    if reading.faults:
        return _entry(reading, name), 422
    store = get_stores().archive
    if set(reading.rows) <= set(figures.rows(store)):
        # Pressed twice: all of it is there already.
        return redirect(to(".entry"), 303)
    figures.add(store, reading.rows, name, today().isoformat(), account.id)
    staff_log.add(store, now(), account.id, Action.FIGURES, name)
    return redirect(to(".entry"), 303)


@bp.post("/konsulent/tal/fortryd")
@access.staff(Role.CONSULTANT)
def take_back(account: Account) -> ResponseReturnValue:
    """Take back what was entered at once; what it replaced is there again."""
    batch = request.form.get("portion", "")
    if not (batch.isascii() and batch.isdigit() and len(batch) < 10):
        abort(400)
    try:
        figures.take_back(get_stores().archive, int(batch))
    except figures.NoSuchBatch:
        return errors.page(errors.NO_SUCH_BATCH)
    staff_log.add(get_stores().archive, now(), account.id, Action.FIGURES_BACK, batch)
    return redirect(to(".entry"), 303)


def _read() -> tuple[str, Reading]:
    """The table of a request, from its file, its text or its form; and its name."""
    small = bool(request.form.get("smaa"))
    year = today().year
    upload = request.files.get("fil")
    if upload is not None and upload.filename:
        name = _clean(upload.filename)
        with upload.stream as stream:
            content = stream.read()
        return name, figure_rows.read_file(content, year, small=small)
    pasted = request.form.get("indsat", "")
    if pasted.strip() and _is_typed():
        message = "Der er både skrevet rækker og sat en tabel ind. Send én ad gangen."
        return "Indsat", Reading(faults=[Fault(0, "", "", message)])
    if pasted.strip():
        return "Indsat", figure_rows.read_text(pasted, year, small=small)
    table = [
        (
            place + 1,
            {one: request.form.get(f"r{place}-{one}", "") for one in FORM_COLUMNS},
        )
        for place in range(FORM_ROWS)
    ]
    # The list of areas is never empty; a row without anything else is no row.
    typed = [
        (line, cells if any(v for k, v in cells.items() if k != "area_type") else {})
        for line, cells in table
    ]
    return "Indtastet", figure_rows.read_cells(typed, year, small=small)


def _is_typed() -> bool:
    typed = [one for one in FORM_COLUMNS if one != "area_type"]
    return any(
        request.form.get(f"r{place}-{one}", "").strip()
        for place in range(FORM_ROWS)
        for one in typed
    )


def _clean(name: str) -> str:
    """A file's name as it is shown: nothing in it that cannot be seen."""
    return " ".join("".join(one for one in name if one.isprintable()).split())[:80]


def _entry(reading: Reading | None = None, name: str = "") -> str:
    store = get_stores().archive
    return render_template(
        "figures/entry.html",
        form=staff_forms.StaffForm(),
        reading=reading,
        name=name,
        typed=request.form,
        columns=[(one, figure_table.COLUMNS[one][0]) for one in FORM_COLUMNS],
        places=range(FORM_ROWS),
        indicators=benchmarks.indicators().values(),
        batches=figures.batches(store),
        asks_small=reading is not None
        and any(one.line == 0 and one.column == "procent" for one in reading.faults),
    )


def _preview(reading: Reading, name: str) -> str:
    before = figures.keys(get_stores().archive)
    return render_template(
        "figures/preview.html",
        form=staff_forms.StaffForm(),
        name=name,
        rows=[(one, before.get(one.key)) for one in reading.rows],
        warnings=reading.warnings,
        labels={one.id: one.label for one in benchmarks.indicators().values()},
        table=_as_text(reading.rows),
        grades={one.key: figure_rows.cells_of(one) for one in reading.rows},
        oldest=today().year - elsewhere.OLDEST_YEARS,
        kommuner=_kommuner(reading.rows),
        own_kommune=kommune.details(get_stores().archive).get("name", ""),
    )


def _kommuner(rows: Iterable[Row]) -> list[str]:
    """Names of the kommuner that figures would be of, with those that are there."""
    everything = [*rows, *figures.rows(get_stores().archive)]
    return sorted({one.area for one in everything if one.level is Level.KOMMUNE})


def _as_text(rows: Iterable[Row]) -> str:
    return figure_table.write_rows(map(figure_rows.cells_of, rows)).decode("utf-8-sig")
