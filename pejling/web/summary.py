"""The summary after the lesson: chosen by the teacher, to copy, to print, for Word.

What is chosen stands in the address and nowhere else: nothing is stored.
"""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling import results
from pejling.domain import summary as home
from pejling.domain import wording
from pejling.domain.question_sets import Audience
from pejling.domain.revealed import Result, Results
from pejling.domain.sessions import Session
from pejling.output import summary
from pejling.storage import archive, kommune
from pejling.web import access, errors, information
from pejling.web.context import get_stores, offered_languages, own_help_lines

bp = Blueprint("summary", __name__, url_prefix="/laerer")


@bp.get("/<session_id>/hjem")
@access.own_session
def choose(session: Session) -> ResponseReturnValue:
    """Which findings go home, and the text to copy."""
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found = _results(session)
    try:
        return _page(session, found, home.choose(found, _wanted()))
    except home.UnfitChoice as error:
        return _refused(session, found, error)


@bp.get("/<session_id>/hjem/side")
@access.own_session
def printed(session: Session) -> ResponseReturnValue:
    """The text as a page of A4."""
    return _made(session, as_file=False)


@bp.get("/<session_id>/hjem/tekst.docx")
@access.own_session
def for_word(session: Session) -> ResponseReturnValue:
    """The same for Word."""
    return _made(session, as_file=True)


def _made(session: Session, *, as_file: bool) -> ResponseReturnValue:
    spoken = information.language()
    if session.is_open:
        return errors.page(errors.NOT_YET)
    found = _results(session)
    try:
        chosen = home.choose(found, _wanted())
    except home.UnfitChoice as error:
        return _refused(session, found, error)
    if not _has_numbers(found):
        return _page(session, found, [])
    text = summary.markdown(_written(session, chosen, spoken))
    if as_file:
        name = f"til-foraeldre-{session.day}"
        return information.word_file(text, spoken, name, information.logo_for_word())
    query = _query(chosen)
    return information.shown(
        text,
        one_sheet=True,
        word_url=url_for(".for_word", session_id=session.id, sprog=spoken, **query),
        back=(url_for(".choose", session_id=session.id, **query), "Tilbage til valget"),
        other=url_for(
            ".printed",
            session_id=session.id,
            sprog="en" if spoken == "da" else "da",
            **query,
        ),
    )


def _page(
    session: Session, found: Results, chosen: list[Result], fault: str = ""
) -> str:
    has_text = _has_numbers(found) and not fault
    texts = {
        spoken: summary.text(_written(session, chosen, spoken))
        for spoken in offered_languages()
        if has_text
    }
    return render_template(
        "takeaway/summary.html",
        session=session,
        allowed=home.allowed(found),
        ids=[one.triad.id for one in chosen],
        told=home.told,
        texts=texts,
        query=_query(chosen),
        most=home.MOST,
        fault=fault,
        nothing="" if _has_numbers(found) else wording.TOO_FEW,
    )


def _refused(
    session: Session, found: Results, error: home.UnfitChoice
) -> ResponseReturnValue:
    return _page(session, found, [], str(error)), 422


def _results(session: Session) -> Results:
    if session.questions.audience is Audience.PARENTS:
        abort(404)  # They were there themselves.
    return results.of_session(get_stores(), session)


def _has_numbers(found: Results) -> bool:
    """Whether the class has any number that may be seen, the warm-up's aside."""
    return any(one.can_show for one in found.items if not one.triad.is_warm_up)


def _wanted() -> list[str] | None:
    """The findings that the address asks for; None where nothing was chosen yet."""
    return request.args.getlist("fund") if "valgt" in request.args else None


def _query(chosen: list[Result]) -> dict[str, Any]:
    return {"valgt": 1, "fund": [one.triad.id for one in chosen]}


def _written(session: Session, chosen: list[Result], spoken: str) -> summary.Summary:
    store = get_stores().archive
    day = information.written_day(session.day, spoken)
    values = kommune.details(store) | {"day": day}
    agreed = archive.agreement(store, session.id)
    return summary.write(session, chosen, agreed, spoken, values, own_help_lines())
