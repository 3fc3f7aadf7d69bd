"""What people may read: data, accessibility, the letter to parents, the assessment."""

import datetime
from dataclasses import replace

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.domain import curriculum, school_year, selection
from pejling.domain.kommune import Logo, missing
from pejling.domain.promises import LANGUAGES
from pejling.domain.question_sets import QuestionSet
from pejling.output import information, text_pages, word
from pejling.storage import kommune
from pejling.storage.accounts import Account, Role
from pejling.web import access, headers
from pejling.web.context import (
    get_stores,
    offered_languages,
    own_help_lines,
    public_address,
    question_sets,
    today,
)

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
    """The language that the address asks for: "da" where it asks for none.

    Danish too where the kommune does not offer the other; the page then says so.
    """
    wanted = request.args.get("sprog", "da")
    if wanted not in LANGUAGES:
        abort(404)
    return wanted if wanted in offered_languages() else "da"


def spoken_values() -> dict[str, object]:
    """What a page in several languages has to know of them."""
    spoken = language()
    return {
        "lang": spoken,
        "has_english": len(offered_languages()) > 1,
        "only_danish": request.args.get("sprog", "da") != spoken,
    }


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
    return shown(
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
    return word_file(_letter(set_id, spoken), spoken, f"brev-{set_id}", logo_for_word())


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
    return word_file(_text("dpia", spoken), spoken, "konsekvensanalyse")


# --- what they are made of ------------------------------------------------------------


def _page(name: str, **more: object) -> ResponseReturnValue:
    return shown(_text(name, language()), **more)


def _text(name: str, spoken: str) -> str:
    values = _values() | {
        "written": written_day(WRITTEN, spoken),
        "roed": _roed(spoken),
    }
    return information.text(name, spoken, values)


def _letter(set_id: str, spoken: str) -> str:
    questions: QuestionSet | None = question_sets().get(set_id)
    if questions is None:
        abort(404)
    return information.letter(
        _asked(questions),
        spoken,
        _values(),
        written_day(deleted_by(), spoken),
        own_help_lines(),
    )


def _asked(questions: QuestionSet) -> QuestionSet:
    """The set without what the kommune does not let be asked at all."""
    opted_in = kommune.opt_in(get_stores().archive) is not None
    grade = max(questions.grades)
    if selection.may_ask_own_roed(questions, grade, opted_in=opted_in):
        return questions
    triads = [one for one in questions.triads if not selection.asks_own_roed(one)]
    return replace(questions, triads=tuple(triads))


def logo_for_word() -> Logo | None:
    """The kommune's logo, where Word can draw it."""
    found = kommune.logo(get_stores().archive)
    return found if found and found.kind == "png" else None


_PLAIN: dict[str, object] = {
    "word_url": "",
    "back": None,
    "gaps": [],
    "with_flow": False,
    "other": "",
    "one_sheet": False,
}


def shown(text: str, **more: object) -> str:
    """A text in Markdown as a page to read and to print.

    :param more: ``word_url``, ``back`` (address, words), ``gaps``, ``with_flow``, and
        ``other``, the address of the other language where it is not this one, and
        ``one_sheet``, for what must print on one side.
    """
    title, _, rest = text.partition("\n")
    return render_template(
        "information/page.html",
        **spoken_values(),
        title=text_pages.unmarked(title),
        body=text_pages.html(rest),
        **(_PLAIN | more),
    )


def word_file(text: str, spoken: str, name: str, logo: Logo | None = None) -> Response:
    """The same as a file for Word; its name gets the language."""
    name_of_logo = _details().get("name", "") if logo else ""
    response = Response(word.document(text, spoken, logo, name_of_logo), mimetype=DOCX)
    suffix = "" if spoken == "da" else f"-{spoken}"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}{suffix}.docx"'
    )
    return response


def _values() -> dict[str, str]:
    return _details() | {"address": public_address()}


def _roed(spoken: str) -> str:
    """Whether those in youth education are asked about roed acts of their own."""
    decision = kommune.opt_in(get_stores().archive)
    if decision is None:
        return {"da": "Stilles ikke", "en": "Not asked"}[spoken]
    who, since = decision.decided_by, written_day(decision.day, spoken)
    return {
        "da": f"Stilles på ungdomsuddannelser, besluttet af {who}; slået til {since}",
        "en": f"Asked in youth education, decided by {who}; turned on {since}",
    }[spoken]


def _details() -> dict[str, str]:
    return kommune.details(get_stores().archive)
