"""The pattern page: each component in its states, for those who draw the next page."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from pejling.domain import lesson
from pejling.storage.accounts import Account, Role
from pejling.web import access, pupil_forms, staff_forms
from pejling.web.context import question_sets

bp = Blueprint("patterns", __name__)

COLOURS = (
    *("paper", "panel", "sea", "sea-deep", "sand", "rule", "edge", "ink", "ink-2"),
    *("press", "beacon", "guess", "guess-text", "fact", "fact-text", "rest"),
)
"""The colours of ``tokens.css``, each with its class in ``patterns.css``."""

GRID, NUMBER = 24, 60
"""Pupils present where a guess is tapped, and where it is typed."""


@bp.get("/moenstre")
@access.staff(Role.TEACHER, Role.CONSULTANT, Role.BOARD)
def page(account: Account) -> ResponseReturnValue:
    """Tokens and components; nothing on it is sent anywhere."""
    questions = next(iter(question_sets().values()), None)
    if questions is None:
        abort(404)  # no set could be read: the consultant's page says why
    triad = next(one for one in questions.triads if not one.is_warm_up)
    tapped = pupil_forms.triad_form(
        triad, GRID, {"kammerater": pupil_forms.code_for(9), "tema": triad.id}
    )
    typed = pupil_forms.triad_form(triad, NUMBER, {"tema": triad.id})
    for field in typed:
        # Two forms on one page: an id stands once.
        field.id = field.label.field_id = f"stor-{field.id}"
    typed["andre"].errors = ["Skriv et helt tal fra 0 til 60 for alle de andre."]
    code = pupil_forms.CodeForm(formdata=None)
    password = staff_forms.PasswordForm(formdata=None)
    password.password.errors = ["Adgangskoden skal have mindst 12 tegn."]
    parts = lesson.flow(questions)
    return render_template(
        "patterns/page.html",
        colours=COLOURS,
        triad=triad,
        tapped=tapped,
        typed=typed,
        code=code,
        password=password,
        parts=parts,
        place=min(3, len(parts) - 1),
    )
