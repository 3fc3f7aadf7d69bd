"""Pupils' forms, and the words for what is wrong in them.

They carry a token made from the browser's cookie instead of Flask's session: a pupil
has one cookie, and a page that has stood open through a lesson still works.
"""

import hmac
from collections.abc import Mapping
from typing import Any, cast

from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.csrf.core import CSRF
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pejling.domain import respondent_words, sessions
from pejling.domain.question_sets import DECLINED, Audience, Role, Triad
from pejling.domain.respondent_words import Words
from pejling.domain.sessions import GRID_MAX
from pejling.web import seats

EXPIRED = "Siden var for gammel. Prøv igen; intet er gemt."


class BrowserCSRF(CSRF):
    """A token that follows from the pupil's cookie."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """The token of this browser."""
        return seats.form_token()

    def validate_csrf_token(self, form: Any, field: Field) -> None:
        """Refuse a form that was not made for this browser."""
        given = field.data or ""
        if not hmac.compare_digest(given.encode(), seats.form_token().encode()):
            raise ValidationError(EXPIRED)


class PupilForm(FlaskForm):
    """A form on a pupil's page."""

    class Meta:
        """The browser's own token in place of Flask's session."""

        csrf = True
        csrf_class = BrowserCSRF
        csrf_field_name = "csrf_token"

    @property
    def is_foreign(self) -> bool:
        """Whether the form was not made for this browser."""
        return "csrf_token" in self.errors


class CodeForm(PupilForm):
    """The code from the projector."""

    kode = StringField("Kode fra tavlen")

    def validate_kode(self, field: Field) -> None:
        """A code has six characters of 24."""
        if not sessions.is_code(sessions.normalise_code(field.data or "")):
            raise ValidationError(
                "Koden har seks tegn, for eksempel K7T-3QX. Se på tavlen, og prøv igen."
            )

    @property
    def code(self) -> str:
        """The code as stored."""
        return sessions.normalise_code(self.kode.data or "")


class PlainForm(PupilForm):
    """A single button."""


def code_for(option: int) -> str:
    """An option as it travels: always three digits, so that none is shorter."""
    return f"{option:03d}"


class TriadForm(PupilForm):
    """The answers to one triad; fields are made by :func:`triad_form`."""

    tema = HiddenField()
    trin = HiddenField()

    triad: Triad
    present: int
    spoken: Words

    def answers(self) -> dict[str, int]:
        """Item id -> option, for a valid form."""
        return {item.id: self._option(item.role) for item in self.triad.items}

    def words(self) -> list[tuple[Role, str]]:
        """The answers as the pupil reads them before sending."""
        labels = dict(self.spoken.options(self.triad))
        chosen = {item.role: self._option(item.role) for item in self.triad.items}
        return [
            (role, labels[code] if role is Role.OWN else self._guess_words(code))
            for role, code in chosen.items()
        ]

    def sent(self) -> dict[str, str]:
        """The answers as the review sends them on: all of the same length."""
        fields = {}
        for role, code in (
            (item.role, self._option(item.role)) for item in self.triad.items
        ):
            fields[role.value] = code_for(code)
            if f"{role}_vil_ikke" in self:
                fields[f"{role}_vil_ikke"] = "1" if code == DECLINED else "0"
        return fields

    def shorter_by(self) -> int:
        """Bytes by which the chosen answers are shorter than the longest there are."""
        own = [words for _, words in self.spoken.options(self.triad)]
        # A declined guess is the longest: no number has more than three digits.
        longest = dict.fromkeys(Role, _size(self._guess_words(DECLINED)))
        longest[Role.OWN] = max(_size(words) for words in own)
        return sum(longest[role] - _size(words) for role, words in self.words())

    def _guess_words(self, code: int) -> str:
        return self.spoken.said("vil_ikke_svare") if code == DECLINED else str(code)

    def _option(self, role: Role) -> int:
        if f"{role}_vil_ikke" in self and self[f"{role}_vil_ikke"].data:
            return DECLINED
        return int(self[role.value].data)


class TrialForm(TriadForm):
    """The same for staff who try a set: Flask-WTF's token stands beside the form."""

    class Meta:
        """The guard of all staff's forms has looked at the token already."""

        csrf = False


def triad_form(
    triad: Triad,
    present: int,
    answers: Mapping[str, str] | None = None,
    base: type[TriadForm] = TriadForm,
    *,
    spoken: Words | None = None,
) -> TriadForm:
    """A form for one triad.

    :param present: pupils in the room: the largest guess.
    :param answers: form data to fill it with; the request's where none is given.
    :param spoken: the words of its screen; a pupil's Danish where none are given.
    """
    spoken = spoken or respondent_words.of_program("da", Audience.PUPILS)
    fields: dict[str, Field] = {}
    for item in triad.items:
        if item.role is Role.OWN:
            fields[item.role.value] = _own_field(triad, spoken)
        elif present <= GRID_MAX:
            fields[item.role.value] = _grid_field(item.role, present, spoken)
        else:
            fields[item.role.value] = _number_field(item.role, present, spoken)
            fields[f"{item.role}_vil_ikke"] = BooleanField(
                spoken.said("vil_ikke_svare"), false_values=(False, "", "0")
            )
    made = type("OneTriadForm", (base,), fields)
    form = cast(TriadForm, made() if answers is None else made(data=answers))
    form.triad = triad
    form.present = present
    form.spoken = spoken
    return form


def _own_field(triad: Triad, spoken: Words) -> Field:
    choices = [
        SelectChoice(value=code_for(code), label=words)
        for code, words in spoken.options(triad)
    ]
    wanted = spoken.said("fejl_selv")
    return RadioField(
        choices=choices, validate_choice=False, validators=[_Chosen(wanted)]
    )


def _grid_field(role: Role, present: int, spoken: Words) -> Field:
    choices = [
        SelectChoice(value=code_for(guess), label=str(guess))
        for guess in range(present + 1)
    ]
    declined = spoken.said("vil_ikke_svare")
    choices.append(SelectChoice(value=code_for(DECLINED), label=declined))
    wanted = spoken.said(f"fejl_{role}")
    return RadioField(
        choices=choices, validate_choice=False, validators=[_Chosen(wanted)]
    )


def _number_field(role: Role, present: int, spoken: Words) -> Field:
    wanted = spoken.said(f"fejl_{role}_skriv", mest=present)
    return StringField(
        "Tal", validators=[_Number(wanted, present)], filters=[_as_typed]
    )


def _as_typed(text: str | None) -> str:
    """A guess as a pupil would write it: the review sends it on as three digits."""
    typed = (text or "").strip()
    if typed == code_for(DECLINED):
        return ""
    return typed.lstrip("0") or "0" if typed.isdigit() else typed


class _Chosen:
    """One of the choices, in words that say what to do."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data not in [option.data for option in field]:
            raise ValidationError(self.wanted)


class _Number:
    """A whole number of pupils, unless the pupil would rather not guess."""

    def __init__(self, wanted: str, present: int) -> None:
        self.wanted = wanted
        self.present = present

    def __call__(self, form: Any, field: Any) -> None:
        if form[f"{field.name}_vil_ikke"].data:
            return
        text = (field.data or "").strip()
        good = text.isascii() and text.isdigit() and len(text) <= 3
        if not good or int(text) > self.present:
            raise ValidationError(self.wanted)


def _size(words: str) -> int:
    """Bytes that the words take on a page."""
    return len(escape(words).encode())
