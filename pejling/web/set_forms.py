"""The forms of a question set's editor: a draft's part as fields, and back.

Nothing here judges what is typed; the checker does, and its words stand beside the
fields. A form only sees to it that a draft keeps its shape.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from pejling.domain import curriculum
from pejling.domain.benchmarks import Indicator
from pejling.domain.content.page_words import LABELS
from pejling.domain.content.set_format import MINUTES, WHEN
from pejling.domain.grades import GRADES, grade_name
from pejling.domain.question_sets import Topic
from pejling.web.staff_forms import StaffForm

MOST_SOURCES = 8
"""Places in plans that a set may name."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "art": {
        "adfaerd": "Noget, man gør",
        "holdning": "Noget, man synes",
        "oplevelse": "Noget, man har oplevet",
        "neutral": "Opvarmning: noget harmløst",
    },
    "retning": {
        "risiko": "At lade være",
        "beskyttende": "At gøre det",
        "faelles_vilkaar": "At vide, at man ikke er alene om det",
        "neutral": "Ingen af delene: opvarmning",
    },
    "foelsomhed": {
        "groen": "Grøn: kan siges højt",
        "gul": "Gul: vises kun, når gruppen er stor nok",
        "roed": "Rød: ulovligt eller intimt",
    },
    "tid": {
        "uge": "De seneste 7 dage",
        "30dage": "De seneste 30 dage",
        "3mdr": "De seneste 3 måneder",
        "skoleaar": "I dette skoleår",
        "aar": "Det seneste år",
        "nu": "Nu for tiden; tiden står i ordene",
        "nogensinde": "Nogensinde; tiden står i ordene",
        "ingen": "Ingen tid, for eksempel en holdning",
    },
    "svar": {
        "ja_nej": "Ja, nej",
        "hyppighed4": "Nej, 1 gang, 2–3 gange, 4 gange eller flere",
        "hyppighed_uge": "Ingen aftener, 1–2, 3–4, 5 eller flere",
        "holdning_ja_nej": "Ja, nej, ved ikke",
    },
    "facit": {
        "ingen": "Ingenting",
        "kommunens_samlede_svar": "Det, kommunens klasser har svaret tilsammen",
        "ungeprofil": "Et tal fra en undersøgelse, for eksempel Ungeprofilen",
    },
    "indikator_passer": {
        "praecis": "Præcist: samme ord og tid",
        "naer": "Nær: næsten det samme",
        "loest": "Løst: det samme emne",
    },
    "maalgruppe": {
        "elever": "Elever",
        "unge": "Unge på en ungdomsuddannelse",
        "foraeldre": "Forældre",
    },
}
"""Key -> the values that it may have, in words."""

PROMPTS: Mapping[str, str] = {
    "overdrivelse": "Når klassen gættede for højt",
    "overensstemmelse": "Når gættet passede",
    "flere_end_vi_troede": "Når det var flere, end klassen troede",
    "alle": "Altid",
}
"""When a prompt fits -> the label of its field."""


def _number(sent: Any) -> int:
    """A number that was sent; -1 for anything else."""
    text = str(sent)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _choice(key: str) -> SelectField:
    return SelectField(
        LABELS[key],
        choices=[
            SelectChoice(value=value, label=label)
            for value, label in WORDS[key].items()
        ],
        validate_choice=False,
    )


def _boxes(key: str, coerce: Callable[[Any], Any] = str) -> SelectMultipleField:
    return SelectMultipleField(
        LABELS[key],
        coerce=coerce,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class TriadForm(StaffForm):
    """One behaviour: what is asked, of whom, and what the guess is held against."""

    revision = HiddenField()
    kort = StringField(LABELS["kort"])
    tid = _choice("tid")
    selv = StringField(LABELS["selv"])
    selv_kort = StringField(LABELS["selv_kort"])
    svar = _choice("svar")
    kraever_anledning = BooleanField(LABELS["kraever_anledning"])
    art = _choice("art")
    retning = _choice("retning")
    foelsomhed = _choice("foelsomhed")
    kammerater = BooleanField(LABELS["kammerater"])
    kerne = BooleanField(LABELS["kerne"])
    facit = _choice("facit")
    indikator = SelectField(LABELS["indikator"], choices=[], validate_choice=False)
    indikator_passer = _choice("indikator_passer")
    indikator_omvendt = BooleanField(LABELS["indikator_omvendt"])
    note = TextAreaField(LABELS["note"])

    def values(self) -> dict[str, Any]:
        """Key -> value of the triad, ``kammerater`` as yes or no."""
        found: dict[str, Any] = {
            one: _line(self[one].data) for one in ("kort", "selv", "selv_kort", "note")
        }
        for key in ("tid", "svar", "art", "retning", "foelsomhed", "facit"):
            found[key] = _one_of(self[key].data, WORDS[key])
        for key in ("kraever_anledning", "kammerater", "kerne"):
            found[key] = bool(self[key].data)
        known = [one.value for one in self.indikator.choices]
        found["indikator"] = _one_of(self.indikator.data, known)
        has_figure = bool(found["indikator"])
        fit = _one_of(self.indikator_passer.data, WORDS["indikator_passer"])
        found["indikator_passer"] = fit if has_figure else ""
        found["indikator_omvendt"] = has_figure and bool(self.indikator_omvendt.data)
        return found


def triad_form(
    indicators: Iterable[Indicator], values: Mapping[str, Any] | None = None
) -> TriadForm:
    """The form of a triad.

    :param indicators: those that may be chosen.
    :param values: what to show; what was sent, where there is none.
    """
    form = TriadForm() if values is None else TriadForm(formdata=None, data=values)
    form.indikator.choices = [
        SelectChoice(value="", label="Intet"),
        *(
            SelectChoice(value=one.id, label=f"{one.label} ({one.id})")
            for one in indicators
        ),
    ]
    return form


class AboutForm(StaffForm):
    """What a set is, besides its questions."""

    revision = HiddenField()
    titel = StringField(LABELS["titel"])
    maalgruppe = _choice("maalgruppe")
    aargang = _boxes("aargang", _number)
    emne = SelectField(
        LABELS["emne"],
        choices=[
            SelectChoice(value=one.value, label=curriculum.TOPIC_NAMES[one])
            for one in Topic
        ],
        validate_choice=False,
    )
    tema = StringField(LABELS["tema"])
    minutter = RadioField(
        LABELS["minutter"],
        choices=[SelectChoice(value=one, label=f"{one} minutter") for one in MINUTES],
        coerce=_number,
        validate_choice=False,
    )
    varighed = StringField(LABELS["varighed"])
    laeringsmaal = TextAreaField(LABELS["laeringsmaal"])
    sig = TextAreaField(LABELS["sig"])
    sig_ikke = TextAreaField(LABELS["sig_ikke"])
    klasseaftale_start = StringField(LABELS["klasseaftale_start"])
    overdrivelse = TextAreaField(PROMPTS["overdrivelse"])
    overensstemmelse = TextAreaField(PROMPTS["overensstemmelse"])
    flere_end_vi_troede = TextAreaField(PROMPTS["flere_end_vi_troede"])
    alle = TextAreaField(PROMPTS["alle"])
    ord = TextAreaField(LABELS["ord"])
    gaet_elevernes_svar = _boxes("gaet_elevernes_svar")

    sources: list[dict[str, str]]

    def values(self) -> dict[str, Any]:
        """Key -> value of the set."""
        found: dict[str, Any] = {
            one: _line(self[one].data)
            for one in ("titel", "tema", "varighed", "klasseaftale_start")
        }
        audience = _one_of(self.maalgruppe.data, WORDS["maalgruppe"])
        topics = [one.value for one in Topic]
        offered = [one.value for one in self.gaet_elevernes_svar.choices or []]
        return found | {
            "maalgruppe": audience,
            "aargang": sorted({one for one in self.aargang.data if one in GRADES}),
            "emne": _one_of(self.emne.data, topics),
            "minutter": _one_of(self.minutter.data, MINUTES),
            "laeringsmaal": _lines(self.laeringsmaal.data),
            "sig": _lines(self.sig.data),
            "sig_ikke": _lines(self.sig_ikke.data),
            "gaet_elevernes_svar": [
                one for one in self.gaet_elevernes_svar.data or [] if one in offered
            ],
            "kilder": [one for one in self.sources if any(one.values())],
            "ord": [_word(one) for one in _lines(self.ord.data)],
            "samtalespoergsmaal": [
                {"ved": when, "tekst": line}
                for when in WHEN
                for line in _lines(self[when].data)
            ],
        }


SOURCE_LABELS: Mapping[str, str] = {
    "kommune": "Kommune",
    "dokument": "Dokument",
    "afsnit": "Afsnit",
    "citat": "Temaets navn, ord for ord",
    "indhold": "Eller hvad der står, med egne ord",
}
"""Key of a source -> the label of its field."""


def about_form(
    acts: Sequence[tuple[str, str]],
    sent: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> AboutForm:
    """The form of what a set is.

    :param acts: (set/triad, the act) that parents may guess at.
    :param sent: what was sent, for the places of sources.
    :param values: what to show in place of that.
    """
    if values is None:
        form = AboutForm()
        form.sources = [
            {
                key: _line((sent or {}).get(f"kilde{place}-{key}"))
                for key in SOURCE_LABELS
            }
            for place in range(MOST_SOURCES)
        ]
    else:
        form = AboutForm(formdata=None, data=_as_fields(values))
        form.sources = [
            {key: one.get(key, "") for key in SOURCE_LABELS} for one in values["kilder"]
        ]
    form.aargang.choices = [
        SelectChoice(value=one, label=grade_name(one)) for one in GRADES
    ]
    form.gaet_elevernes_svar.choices = [
        SelectChoice(value=name, label=act) for name, act in acts
    ]
    return form


def _as_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's part as the form shows it: a line for each of a list."""
    found = dict(values)
    for key in ("laeringsmaal", "sig", "sig_ikke"):
        found[key] = "\n".join(values[key])
    found["ord"] = "\n".join(
        f"{one['ord']}: {one['betyder']}" for one in values.get("ord", ())
    )
    for when in WHEN:
        found[when] = "\n".join(
            one["tekst"] for one in values["samtalespoergsmaal"] if one["ved"] == when
        )
    return found


class NewTriadForm(StaffForm):
    """The act of a triad that is to be added."""

    kort = StringField("Nyt spørgsmål: hvad gør eller synes man?")

    def act(self) -> str:
        """The act as it is kept."""
        return _line(self.kort.data)


class CopyForm(StaffForm):
    """Which set to adapt."""

    saet = SelectField("Sæt at begynde med", choices=[], validate_choice=False)


class SetFileForm(StaffForm):
    """A set from elsewhere: its file, or its text."""

    fil = FileField("Fil")
    tekst = TextAreaField("Eller sæt filens tekst ind")


# --- from text to values --------------------------------------------------------------


def _line(typed: str | None) -> str:
    """What was typed, in one line with plain spaces."""
    return " ".join((typed or "").split())


def _lines(typed: str | None) -> list[str]:
    return [line for one in (typed or "").splitlines() if (line := _line(one))]


def _word(line: str) -> dict[str, str]:
    word, _, meaning = line.partition(":")
    return {"ord": word.strip(), "betyder": meaning.strip()}


def _one_of(sent: Any, known: Iterable[Any]) -> Any:
    """What was sent, if it is known; else the first."""
    choices = list(known)
    return sent if sent in choices else choices[0]
