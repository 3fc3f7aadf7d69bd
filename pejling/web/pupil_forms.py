"""Pupils' forms, and the words for what is wrong in them.

They carry a token made from the browser's cookie instead of Flask's session: a pupil
has one cookie, and a page that has stood open through a lesson still works.
"""

import hmac
from collections.abc import Mapping
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.csrf.core import CSRF
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pejling.domain import sessions
from pejling.domain.question_sets import DECLINED, Role, Triad, options_of
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

    def answers(self) -> dict[str, int]:
        """Item id -> option, for a valid form."""
        return {item.id: self._option(item.role) for item in self.triad.items}

    def words(self) -> list[tuple[Role, str]]:
        """The answers as the pupil reads them before sending."""
        labels = {option.code: option.label for option in options_of(self.triad)}
        chosen = {item.role: self._option(item.role) for item in self.triad.items}
        return [
            (role, labels[code] if role is Role.OWN else _guess_words(code))
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
        longest = {role: len("Vil ikke svare") for role in Role}
        longest[Role.OWN] = max(
            len(one.label.encode()) for one in options_of(self.triad)
        )
        return sum(longest[role] - len(words.encode()) for role, words in self.words())

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
    peers: str = "dine kammerater",
) -> TriadForm:
    """A form for one triad.

    :param present: pupils in the room: the largest guess.
    :param answers: form data to fill it with; the request's where none is given.
    :param peers: whom the guess about those in the room is about, in an error's words.
    """
    whom = {Role.OTHERS: "alle de andre", Role.FRIENDS: peers}
    fields: dict[str, Field] = {}
    for item in triad.items:
        if item.role is Role.OWN:
            fields[item.role.value] = _own_field(triad)
        elif present <= GRID_MAX:
            fields[item.role.value] = _grid_field(whom[item.role], present)
        else:
            fields[item.role.value] = _number_field(whom[item.role], present)
            fields[f"{item.role}_vil_ikke"] = BooleanField(
                "Vil ikke svare", false_values=(False, "", "0")
            )
    made = type("OneTriadForm", (base,), fields)
    form = cast(TriadForm, made() if answers is None else made(data=answers))
    form.triad = triad
    form.present = present
    return form


def _own_field(triad: Triad) -> Field:
    choices = [
        SelectChoice(value=code_for(option.code), label=option.label)
        for option in options_of(triad)
    ]
    return RadioField(
        choices=choices,
        validate_choice=False,
        validators=[_Chosen("Vælg dit eget svar")],
    )


def _grid_field(whom: str, present: int) -> Field:
    choices = [
        SelectChoice(value=code_for(guess), label=str(guess))
        for guess in range(present + 1)
    ]
    choices.append(SelectChoice(value=code_for(DECLINED), label="Vil ikke svare"))
    wanted = f"Vælg et tal for {whom}"
    return RadioField(
        choices=choices, validate_choice=False, validators=[_Chosen(wanted)]
    )


def _number_field(whom: str, present: int) -> Field:
    return StringField("Tal", validators=[_Number(whom, present)], filters=[_as_typed])


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
            raise ValidationError(f"{self.wanted}, eller vælg Vil ikke svare.")


class _Number:
    """A whole number of pupils, unless the pupil would rather not guess."""

    def __init__(self, whom: str, present: int) -> None:
        self.whom = whom
        self.present = present

    def __call__(self, form: Any, field: Any) -> None:
        if form[f"{field.name}_vil_ikke"].data:
            return
        text = (field.data or "").strip()
        good = text.isascii() and text.isdigit() and len(text) <= 3
        if not good or int(text) > self.present:
            raise ValidationError(
                f"Skriv et helt tal fra 0 til {self.present} for {self.whom}, eller "
                "vælg Vil ikke svare."
            )


def _guess_words(code: int) -> str:
    return "Vil ikke svare" if code == DECLINED else str(code)
