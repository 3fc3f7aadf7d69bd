"""Forms, and the words for what is wrong in them.

Pupils' forms carry a token made from their browser's cookie instead of Flask's session:
a pupil has one cookie, and a page that has stood open through a lesson still works.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.csrf.core import CSRF
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pejling.domain import sessions
from pejling.domain.question_sets import (
    DECLINED,
    QuestionSet,
    Role,
    Triad,
    options_of,
)
from pejling.domain.sessions import GRID_MAX, PRESENT_RANGE, Pacing
from pejling.storage.accounts import MAX_PASSWORD, MIN_PASSWORD
from pejling.web import access

EXPIRED = "Siden var for gammel. Prøv igen; intet er gemt."


class BrowserCSRF(CSRF):
    """A token that follows from the pupil's cookie."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """The token of this browser."""
        return access.form_token()

    def validate_csrf_token(self, form: Any, field: Field) -> None:
        """Refuse a form that was not made for this browser."""
        given = field.data or ""
        if not hmac.compare_digest(given.encode(), access.form_token().encode()):
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


WHOM = {Role.OTHERS: "alle de andre", Role.FRIENDS: "dine kammerater"}
"""Whom a guess is about, in an error's words."""


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


def triad_form(
    triad: Triad, present: int, answers: Mapping[str, str] | None = None
) -> TriadForm:
    """A form for one triad.

    :param present: pupils in the room: the largest guess.
    :param answers: form data to fill it with; the request's where none is given.
    """
    fields: dict[str, Field] = {}
    for item in triad.items:
        if item.role is Role.OWN:
            fields[item.role.value] = _own_field(triad)
        elif present <= GRID_MAX:
            fields[item.role.value] = _grid_field(WHOM[item.role], present)
        else:
            fields[item.role.value] = _number_field(WHOM[item.role], present)
            fields[f"{item.role}_vil_ikke"] = BooleanField(
                "Vil ikke svare", false_values=(False, "", "0")
            )
    made = type("OneTriadForm", (TriadForm,), fields)
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
        good = text.isascii() and text.isdigit() and int(text) <= self.present
        if not good:
            raise ValidationError(
                f"Skriv et helt tal fra 0 til {self.present} for {self.whom}, eller "
                "vælg Vil ikke svare."
            )


def _guess_words(code: int) -> str:
    return "Vil ikke svare" if code == DECLINED else str(code)


# --- staff ----------------------------------------------------------------------------


class StaffForm(FlaskForm):
    """A form on a page of staff; Flask-WTF's token in the session."""


class _Needed:
    """Not empty, in words."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(self.message)


class SignInForm(StaffForm):
    """E-mail and password."""

    email = EmailField("E-mail", validators=[_Needed("Skriv din e-mail.")])
    password = PasswordField(
        "Adgangskode", validators=[_Needed("Skriv din adgangskode.")]
    )
    til = HiddenField()


class PasswordForm(StaffForm):
    """A new password."""

    password = PasswordField(f"Adgangskode, mindst {MIN_PASSWORD} tegn", validators=[])

    def validate_password(self, field: Field) -> None:
        """Long enough, and not only one character."""
        password = field.data or ""
        if len(password) < MIN_PASSWORD:
            raise ValidationError(f"Adgangskoden skal have mindst {MIN_PASSWORD} tegn.")
        if len(password) > MAX_PASSWORD:
            raise ValidationError(f"Adgangskoden må have højst {MAX_PASSWORD} tegn.")
        if len(set(password)) < 5:
            raise ValidationError("Brug mindst fem forskellige tegn.")


class SetupForm(PasswordForm):
    """The first account, and the schools to choose from."""

    email = EmailField("E-mail")
    schools = TextAreaField("Skoler, en på hver linje")

    def validate_email(self, field: Field) -> None:
        """Something that mail could be sent to."""
        name, at, host = (field.data or "").strip().partition("@")
        if not (name and at and "." in host) or len(field.data) > 120:
            raise ValidationError("Skriv en e-mail, for eksempel navn@kommune.dk.")

    def validate_schools(self, field: Field) -> None:
        """At least one school, each of at most 80 characters."""
        check_schools(school_names(field.data), at_least=1)


class SchoolsForm(StaffForm):
    """More schools."""

    schools = TextAreaField("Skoler, en på hver linje")

    def validate_schools(self, field: Field) -> None:
        """At least one school, each of at most 80 characters."""
        check_schools(school_names(field.data), at_least=1)


def school_names(text: str | None) -> list[str]:
    """The names in a text with one on each line."""
    return [
        " ".join(line.split()) for line in (text or "").splitlines() if line.strip()
    ]


def check_schools(names: Sequence[str], at_least: int) -> None:
    """Refuse names that cannot be a school's.

    :raises ValidationError: with what to do.
    """
    if len(names) < at_least:
        raise ValidationError("Skriv navnet på mindst én skole.")
    if len(names) > 500:
        raise ValidationError("Skriv højst 500 skoler.")
    for name in names:
        if len(name) > 80:
            raise ValidationError(f"Navnet {name[:30]}… er over 80 tegn.")
        if not name.isprintable():
            raise ValidationError("Et navn har usynlige tegn. Skriv det igen.")


class OpenForm(StaffForm):
    """Which items, which class, how many: made by :func:`open_form`."""

    items = SelectMultipleField(
        "Spørgsmål",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    school = SelectField("Skole", validate_choice=False)
    letter = SelectField("Klasse", validate_choice=False)
    present = StringField("Elever til stede")
    pacing = RadioField("Forløb", validate_choice=False)

    questions: QuestionSet

    def validate_items(self, field: Field) -> None:
        """At least one besides the warm-up, all of this set."""
        known = [value for value, *_ in field.iter_choices()]
        chosen = field.data or []
        if any(one not in known for one in chosen):
            raise ValidationError("Et spørgsmål hører ikke til temaet. Vælg igen.")
        if not chosen:
            raise ValidationError("Vælg mindst ét spørgsmål ud over opvarmningen.")

    def validate_school(self, field: Field) -> None:
        """One of the list: no name can be typed."""
        _from_list(field, "Vælg en skole fra listen.")

    def validate_letter(self, field: Field) -> None:
        """One of the list: no name can be typed."""
        _from_list(field, "Vælg en klasse fra listen.")

    def validate_pacing(self, field: Field) -> None:
        """One of the two."""
        _from_list(field, "Vælg, om I svarer samlet eller et ad gangen.")

    def validate_present(self, field: Field) -> None:
        """A whole number of pupils."""
        low, high = PRESENT_RANGE
        text = (field.data or "").strip()
        good = text.isascii() and text.isdigit() and len(text) <= 4
        if not good or not low <= int(text) <= high:
            raise ValidationError(
                f"Skriv, hvor mange elever der er til stede: et tal fra {low} til "
                f"{high}."
            )


def open_form(
    questions: QuestionSet, offered: Sequence[Triad], schools: Sequence[str]
) -> OpenForm:
    """A form to open a session with a set, its core items preselected.

    :param offered: triads to choose among, without the warm-up, which always comes.
    """
    form = OpenForm(
        data={
            "items": [triad.id for triad in offered if triad.core],
            "pacing": Pacing.TOGETHER.value,
            "letter": "A",
        }
    )
    form.questions = questions
    form.items.choices = [
        SelectChoice(value=triad.id, label=triad.act) for triad in offered
    ]
    form.school.choices = [
        SelectChoice(value="", label="Vælg skole"),
        *(SelectChoice(value=name, label=name) for name in schools),
    ]
    if len(schools) == 1:
        form.school.choices = form.school.choices[1:]
    form.letter.choices = [
        SelectChoice(value=letter, label=letter or "Hele årgangen")
        for letter in sessions.LETTERS
    ]
    form.pacing.choices = [
        SelectChoice(
            value=Pacing.TOGETHER.value,
            label="Samlet: alle svarer først, så ser I på tallene",
        ),
        SelectChoice(
            value=Pacing.STEPWISE.value, label="Trin for trin: svar på ét, se på ét"
        ),
    ]
    return form


def _from_list(field: Any, message: str) -> None:
    known = [value for value, *_ in field.iter_choices()]
    if not field.data or field.data not in known:
        # "Hele årgangen" is the empty letter, and a real choice.
        if field.data == "" and "" in known and field.name == "letter":
            return
        raise ValidationError(message)
