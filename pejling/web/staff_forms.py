"""Forms of staff, and the words for what is wrong in them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

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
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pejling.domain import agreement, kommune, sessions
from pejling.domain.disclosure import MIN_STORED
from pejling.domain.question_sets import QuestionSet, Triad
from pejling.domain.room_words import ROOMS
from pejling.domain.selection import Breach
from pejling.domain.sessions import PRESENT_RANGE, Mode, Pacing, Session
from pejling.storage.accounts import MAX_PASSWORD, MIN_PASSWORD, Role


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


LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: more than 10^8 guesses, safe against a slow hash."""

ROLE_NAMES: Mapping[Role, str] = {
    Role.TEACHER: "Lærer: egne pejlinger",
    Role.CONSULTANT: "SSP-konsulent: kommunens skoler, tal og konti",
    Role.BOARD: "Styregruppe: kun det, der er frigivet",
}


def _check_email(typed: str | None) -> None:
    name, at, host = (typed or "").strip().partition("@")
    good = name and at and "." in host and "@" not in host and len(typed or "") <= 120
    if not good or not (typed or "").strip().isprintable() or " " in host:
        raise ValidationError("Skriv en e-mail, for eksempel navn@kommune.dk.")


def weakness(password: str, *known: str) -> str:
    """Why a password is too easy to guess, in words; "" where it is not.

    Judged by zxcvbn, which knows common passwords, names, dates and keyboard walks.

    :param known: words that belong to the account, such as its e-mail.
    """
    import zxcvbn  # not at start: it reads its lists

    # Longer ones take it long, and the first 72 characters say enough.
    parts = [part for one in known for part in (one, *re.split(r"[@.]", one))]
    found = zxcvbn.zxcvbn(password[:72], user_inputs=[*parts, "pejling"])
    if found["score"] >= LEAST_SCORE:
        return ""
    return (
        "Den adgangskode er for let at gætte: den ligner en, der er brugt før. Brug "
        "for eksempel fire ord, der ikke hører sammen."
    )


class PasswordForm(StaffForm):
    """A new password."""

    known: tuple[str, ...] = ()

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
        if said := weakness(password, *self.known):
            raise ValidationError(said)


class NewPasswordForm(PasswordForm):
    """A new password in place of the one that holds now."""

    current = PasswordField(
        "Din nuværende adgangskode", validators=[_Needed("Skriv din adgangskode.")]
    )


class CodeForm(StaffForm):
    """Six digits of a phone, or a recovery code."""

    code = StringField(
        "Kode fra telefonen", validators=[_Needed("Skriv koden fra telefonen.")]
    )


class InviteForm(StaffForm):
    """Who is to have an account."""

    email = EmailField("E-mail")
    role = RadioField(
        "Rolle",
        choices=[
            SelectChoice(value=role.value, label=words)
            for role, words in ROLE_NAMES.items()
        ],
        default=Role.TEACHER.value,
        validate_choice=False,
    )

    def validate_email(self, field: Field) -> None:
        """Something that mail could be sent to."""
        _check_email(field.data)

    def validate_role(self, field: Field) -> None:
        """One of the three."""
        from_list(field, "Vælg en rolle.")


class SetupForm(PasswordForm):
    """The first account, and the schools to choose from."""

    email = EmailField("E-mail")
    schools = TextAreaField("Skoler, en på hver linje")

    def validate_email(self, field: Field) -> None:
        """Something that mail could be sent to."""
        _check_email(field.data)

    def validate_schools(self, field: Field) -> None:
        """At least one school, each of at most 80 characters."""
        check_schools(school_names(field.data), at_least=1)


class SchoolsForm(StaffForm):
    """More schools."""

    schools = TextAreaField("Skoler, en på hver linje")

    def validate_schools(self, field: Field) -> None:
        """At least one school, each of at most 80 characters."""
        check_schools(school_names(field.data), at_least=1)


class DetailsForm(StaffForm):
    """The kommune's name, and whom to turn to: a field for each detail."""

    def values(self) -> dict[str, str]:
        """Detail id -> what was typed, cleaned."""
        return {
            one.id: kommune.cleaned(self[one.id].data or "") for one in kommune.DETAILS
        }


class _Fitting:
    """Looks like what the detail is."""

    def __init__(self, detail: kommune.Detail) -> None:
        self.detail = detail

    def __call__(self, _form: Any, field: Any) -> None:
        if fault := kommune.fault(self.detail, kommune.cleaned(field.data or "")):
            raise ValidationError(fault)


for _detail in kommune.DETAILS:
    setattr(
        DetailsForm,
        _detail.id,
        StringField(
            _detail.label, description=_detail.hint, validators=[_Fitting(_detail)]
        ),
    )


class SchoolNameForm(StaffForm):
    """Another name for a school."""

    name = StringField("Skolens navn")

    def cleaned(self) -> str:
        """The name without needless spaces."""
        return " ".join((self.name.data or "").split())

    def validate_name(self, field: Field) -> None:
        """As where schools are added."""
        check_schools([self.cleaned()] if self.cleaned() else [], at_least=1)


def school_name_form(name: str) -> SchoolNameForm:
    """The form with the name that holds now."""
    return SchoolNameForm(formdata=None, data={"name": name})


class ClassesForm(StaffForm):
    """The classes of a school, one on each line."""

    classes = TextAreaField("Klasser, en på hver linje")
    wanted: Mapping[tuple[int, str], int] = {}

    def validate_classes(self, field: Field) -> None:
        """Årgang and letter, and how many pupils: "7.A 24"; no names."""
        wanted: dict[tuple[int, str], int] = {}
        for line in (field.data or "").splitlines():
            if not line.strip():
                continue
            read = _CLASS.fullmatch(line)
            key = (int(read[1]), read[2].upper()) if read else (99, "")
            pupils = int(read[3] or 0) if read else 0
            if key[0] > 10 or key[1] not in sessions.LETTERS or pupils > 120:
                raise ValidationError(
                    f"Linjen ”{line.strip()[:30]}” kan ikke læses. Skriv årgang, "
                    "bogstav og antal elever, for eksempel 7.A 24."
                )
            if key in wanted:
                raise ValidationError(f"{key[0]}.{key[1]} står der to gange.")
            wanted[key] = pupils
        if len(wanted) > 100:
            raise ValidationError("En skole har højst 100 klasser.")
        self.wanted = wanted


_CLASS = re.compile(
    r"\s*([0-9]{1,2})\s*[.;,\t ]?\s*([A-Za-z]?)\s*(?:[;,:\t ]\s*([0-9]{1,3}))?\s*"
)


def classes_form(classes: Mapping[tuple[int, str], int]) -> ClassesForm:
    """The form with the classes that hold now."""
    lines = [
        f"{grade}.{letter} {pupils or ''}".rstrip()
        for (grade, letter), pupils in classes.items()
    ]
    return ClassesForm(formdata=None, data={"classes": "\n".join(lines)})


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
    mode = RadioField("Svar", validate_choice=False)
    pacing = RadioField("Forløb", validate_choice=False)
    classes = SelectMultipleField(
        "Gæt elevernes svar",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    accept = BooleanField("Jeg har læst det og åbner alligevel", default=False)
    told = HiddenField()
    replaces = BooleanField(
        "De nye tal skal træde i stedet for de gamle", default=False
    )

    questions: QuestionSet

    def accepts(self, breaches: Sequence[Breach]) -> bool:
        """Whether a choice may be opened: the method is told, the teacher decides."""
        now = "|".join(one.what for one in breaches)
        # Accepting counts for what stood on the page, not for what came after it.
        accepted = bool(self.accept.data) and self.told.data == now
        self.told.data = now
        self.accept.data = accepted
        if any(one.is_final for one in breaches):
            return False
        return not breaches or accepted

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
        from_list(field, "Vælg en skole fra listen.")

    def validate_letter(self, field: Field) -> None:
        """One of the list: no name can be typed."""
        from_list(field, "Vælg en klasse fra listen.")

    def validate_mode(self, field: Field) -> None:
        """One of the three."""
        from_list(field, "Vælg, om I svarer på skærm, med sedler eller på papir.")

    def validate_pacing(self, field: Field) -> None:
        """One of the two."""
        from_list(field, "Vælg, om I svarer samlet eller et ad gangen.")

    def validate_present(self, field: Field) -> None:
        """A whole number of pupils; on paper as many as a result takes."""
        _check_present(field.data, ROOMS[self.questions.audience].several)
        if self.mode.data == Mode.PAPER.value and int(field.data) < MIN_STORED:
            raise ValidationError(
                f"På papir skal der være mindst {MIN_STORED} "
                f"{ROOMS[self.questions.audience].several}. Færre svar kan "
                "ikke gemmes."
            )


class PresentForm(StaffForm):
    """How many are in the room, when it is not as many as was said."""

    present = StringField("Til stede")
    several: str

    def validate_present(self, field: Field) -> None:
        """A whole number of people."""
        _check_present(field.data, self.several)


def present_form(session: Session, *, sent: bool = False) -> PresentForm:
    """The form with the number that holds now."""
    form = (
        PresentForm()
        if sent
        else PresentForm(formdata=None, data={"present": str(session.present)})
    )
    form.several = ROOMS[session.questions.audience].several
    form.present.label.text = _present_label(form.several)
    return form


def _present_label(several: str) -> str:
    return f"{several[:1].upper()}{several[1:]} til stede"


def _check_present(typed: str | None, several: str) -> None:
    low, high = PRESENT_RANGE
    text = (typed or "").strip()
    good = text.isascii() and text.isdigit() and len(text) <= 4
    if not good or not low <= int(text) <= high:
        raise ValidationError(
            f"Skriv, hvor mange {several} der er til stede: et tal fra {low} "
            f"til {high}."
        )


def open_form(
    questions: QuestionSet,
    offered: Sequence[Triad],
    schools: Sequence[str],
    school: str = "",
) -> OpenForm:
    """A form to open a session with a set, its core items preselected.

    :param offered: triads to choose among, without the warm-up, which always comes.
    :param school: the teacher's own, preselected where it is among them; "" for none.
    """
    form = OpenForm(
        data={
            "items": [triad.id for triad in offered if triad.core],
            "pacing": Pacing.TOGETHER.value,
            "mode": Mode.SCREEN.value,
            "letter": "A",
            "school": school if school in schools else "",
        }
    )
    form.questions = questions
    form.present.label.text = _present_label(ROOMS[questions.audience].several)
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
    form.mode.choices = [
        SelectChoice(value=mode.value, label=words) for mode, words in MODES.items()
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


MODES: Mapping[Mode, str] = {
    Mode.SCREEN: "På skærm: QR og kode på tavlen",
    Mode.SLIPS: "På skærm med sedler: hver elev trækker en seddel med sin egen QR",
    Mode.PAPER: "På papir: I udfylder stemmesedler, og du skriver tallene ind",
}


class AgreementForm(StaffForm):
    """What the class agrees on."""

    agreement = TextAreaField("Klassens aftale, en sætning på hver linje")
    sentences: tuple[str, ...] = ()

    def validate_agreement(self, field: Field) -> None:
        """Few and short enough to be read from the last row."""
        try:
            self.sentences = agreement.sentences(field.data or "")
        except agreement.UnfitAgreement as error:
            raise ValidationError(str(error)) from None


def from_list(field: Any, message: str) -> None:
    """Refuse what is not in the list of a field.

    :raises ValidationError: with the message.
    """
    known = [value for value, *_ in field.iter_choices()]
    if not field.data or field.data not in known:
        # "Hele årgangen" is the empty letter, and a real choice.
        if field.data == "" and "" in known and field.name == "letter":
            return
        raise ValidationError(message)
