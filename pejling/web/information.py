"""What people may read: data, accessibility, the letter to parents, the assessment."""

import datetime

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import curriculum, school_year
from pejling.domain.kommune import missing
from pejling.domain.promises import LANGUAGES
from pejling.domain.question_sets import QuestionSet
from pejling.output import information, text_pages, word
from pejling.storage import kommune
from pejling.storage.accounts import Account, Role
from pejling.web import access, headers
from pejling.web.context import get_stores, public_address, question_sets, today

bp = Blueprint("information", __name__)

READERS = (Role.TEACHER, Role.CONSULTANT)

WRITTEN = "2026-11-24"
"""When the accessibility statement was last gone through; to be renewed each year, and
whenever a page changes what it says."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def language() -> str:
    """The language that the address asks for: "da" where it asks for none."""
    wanted = request.args.get("sprog", "da")
    if wanted not in LANGUAGES:
        abort(404)
    return wanted


def written_day(iso: str, spoken: str) -> str:
    """A day in words.

    >>> written_day("2027-09-29", "da"), written_day("2027-09-29", "en")
    ('29. september 2027', '29 September 2027')
    """
    day = datetime.date.fromisoformat(iso)
    if spoken == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}. {curriculum.MONTHS[day.month - 1]} {day.year}"


def deleted_by() -> str:
    """The day by which what a class answers today is deleted, as an ISO date."""
    return school_year.deleted_by(school_year.of(today().isoformat()))


# --- for everybody --------------------------------------------------------------------


@bp.get("/dine-data")
@access.public
def data() -> ResponseReturnValue:
    """How data are used, in full."""
    headers.compress()
    return _page("data", with_flow=True)


@bp.get("/was")
@access.public
def was() -> ResponseReturnValue:
    """The accessibility statement, where the law wants it."""
    headers.compress()
    return _page("was")


# --- for staff ------------------------------------------------------------------------


@bp.get("/laerer/saet/<set_id>/brev")
@access.staff(*READERS)
def letter(account: Account, set_id: str) -> ResponseReturnValue:
    """The letter to parents about a set, to print."""
    spoken = language()
    return _shown(
        _letter(set_id, spoken),
        word_url=url_for(".letter_word", set_id=set_id, sprog=spoken),
        back=(url_for("curriculum.one_set", set_id=set_id), "Tilbage til sættet"),
        gaps=missing(_details()) if account.role is Role.CONSULTANT else [],
    )


@bp.get("/laerer/saet/<set_id>/brev.docx")
@access.staff(*READERS)
def letter_word(account: Account, set_id: str) -> ResponseReturnValue:
    """The same for Word."""
    spoken = language()
    return _file(_letter(set_id, spoken), spoken, f"brev-{set_id}")


@bp.get("/konsulent/konsekvensanalyse")
@access.staff(Role.CONSULTANT)
def assessment(account: Account) -> ResponseReturnValue:
    """The data protection impact assessment, as far as the program can fill it in."""
    return _page(
        "dpia",
        with_flow=True,
        word_url=url_for(".assessment_word", sprog=language()),
        back=(url_for("consultant.overview"), "Tilbage til Kommunen"),
        gaps=missing(_details()),
    )


@bp.get("/konsulent/konsekvensanalyse.docx")
@access.staff(Role.CONSULTANT)
def assessment_word(account: Account) -> ResponseReturnValue:
    """The same for Word."""
    spoken = language()
    return _file(_text("dpia", spoken), spoken, "konsekvensanalyse")


# --- what they are made of ------------------------------------------------------------


def _page(name: str, **more: object) -> ResponseReturnValue:
    return _shown(_text(name, language()), **more)


def _text(name: str, spoken: str) -> str:
    values = _values() | {"written": written_day(WRITTEN, spoken)}
    return information.text(name, spoken, values)


def _letter(set_id: str, spoken: str) -> str:
    questions: QuestionSet | None = question_sets().get(set_id)
    if questions is None:
        abort(404)
    return information.letter(
        questions, spoken, _values(), written_day(deleted_by(), spoken)
    )


def _shown(text: str, **more: object) -> str:
    title, _, rest = text.partition("\n")
    return render_template(
        "information/page.html",
        lang=language(),
        title=text_pages.unmarked(title),
        body=text_pages.html(rest),
        **{"word_url": "", "back": None, "gaps": [], "with_flow": False, **more},
    )


def _file(text: str, spoken: str, name: str) -> Response:
    response = Response(word.document(text, spoken), mimetype=DOCX)
    suffix = "" if spoken == "da" else f"-{spoken}"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}{suffix}.docx"'
    )
    return response


def _values() -> dict[str, str]:
    return _details() | {"address": public_address()}


def _details() -> dict[str, str]:
    return kommune.details(get_stores().archive)
