"""Forms of the kommune's settings besides its name and contacts."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pejling.domain import help_lines, kommune, public_address
from pejling.domain.help_lines import ForWhom, HelpLine
from pejling.output import logo
from pejling.output.logo import Taken
from pejling.output.unfit_logo import UnfitLogo
from pejling.web.staff_forms import StaffForm


class LogoForm(StaffForm):
    """A file that is to be the logo."""

    fil = FileField("Logoets fil")
    taken: Taken

    def validate_fil(self, field: Field) -> None:
        """A PNG or an SVG, as it can be kept."""
        if not hasattr(field.data, "read") or not field.data.filename:
            raise ValidationError("Vælg en fil først: logoet som SVG eller PNG.")
        try:
            self.taken = logo.take(field.data.read(logo.MOST_BYTES + 1))
        except UnfitLogo as error:
            raise ValidationError(str(error)) from None


WHOM = {
    ForWhom.ALL: "Elever og forældre",
    ForWhom.PUPILS: "Elever",
    ForWhom.PARENTS: "Forældre",
}


class _Contact:
    """A name or a contact of a line: both or none of them, and each as it must be."""

    def __init__(self, part: str, place: int) -> None:
        self.part = part
        self.place = place

    def __call__(self, form: Any, field: Any) -> None:
        name, contact = form.typed(self.place)
        mine, other = (name, contact) if self.part == "navn" else (contact, name)
        if not mine and other:
            missing = "navnet" if self.part == "navn" else "nummer eller adresse"
            raise ValidationError(f"Skriv {missing} i linje {self.place} også.")
        check = {"navn": help_lines.name_fault, "kontakt": help_lines.contact_fault}
        if fault := check[self.part](mine):
            raise ValidationError(f"Linje {self.place}: {fault}")


class HelpLinesForm(StaffForm):
    """Up to five help lines, a row for each; an empty row is none."""

    def typed(self, place: int) -> tuple[str, str]:
        """Name and contact of a row, cleaned."""
        name, contact = (
            kommune.cleaned(self[f"{part}_{place}"].data or "")
            for part in ("navn", "kontakt")
        )
        return name, contact

    def lines(self) -> list[HelpLine]:
        """The rows that are filled in."""
        return [
            HelpLine(*self.typed(place), ForWhom(self[f"hvem_{place}"].data))
            for place in PLACES
            if any(self.typed(place))
        ]


PLACES = range(1, help_lines.MOST + 1)


def _known_whom(_form: Any, field: Any) -> None:
    if field.data not in tuple(ForWhom):
        raise ValidationError("Vælg fra listen, hvem linjen er for.")


for _place in PLACES:
    for _part, _label in (("navn", "Navn"), ("kontakt", "Nummer eller adresse")):
        setattr(
            HelpLinesForm,
            f"{_part}_{_place}",
            StringField(_label, validators=[_Contact(_part, _place)]),
        )
    setattr(
        HelpLinesForm,
        f"hvem_{_place}",
        SelectField(
            "For hvem",
            choices=[SelectChoice(value=one.value, label=WHOM[one]) for one in WHOM],
            default=ForWhom.ALL.value,
            validators=[_known_whom],
            validate_choice=False,
        ),
    )


def help_lines_form(lines: Sequence[HelpLine]) -> HelpLinesForm:
    """The form with the lines that hold now."""
    known = {}
    for place, one in enumerate(lines, 1):
        known[f"navn_{place}"] = one.name
        known[f"kontakt_{place}"] = one.contact
        known[f"hvem_{place}"] = one.for_whom.value
    return HelpLinesForm(formdata=None, data=known)


class AddressForm(StaffForm):
    """The public address; empty is the one that the server found."""

    adresse = StringField("Adressen, som elever og forældre bruger")

    def cleaned(self) -> str:
        """The address as it is kept."""
        return public_address.cleaned(self.adresse.data or "")

    def validate_adresse(self, field: Field) -> None:
        """A host by https, or one in a private network."""
        if (fault := public_address.fault(self.cleaned())) and self.cleaned():
            raise ValidationError(fault)


class LanguagesForm(StaffForm):
    """Languages besides Danish."""

    engelsk = BooleanField("Engelsk", default=False)


class RoedForm(StaffForm):
    """The kommune's decision on roed acts of those in youth education."""

    besluttet_af = StringField("Hvem har besluttet det?")
    vurderet = BooleanField(
        "Konsekvensanalysen er gennemgået med kommunens databeskyttelsesrådgiver",
        default=False,
    )
    grundlag = BooleanField(
        "Kommunen har taget stilling til at spørge om strafbare forhold og helbred "
        "(artikel 9 og 10)",
        default=False,
    )

    def decided_by(self) -> str:
        """Who decided it, without needless spaces."""
        return kommune.cleaned(self.besluttet_af.data or "")

    def validate_besluttet_af(self, field: Field) -> None:
        """An office or a board, in few words."""
        said = self.decided_by()
        if not said:
            raise ValidationError("Skriv, hvem der har besluttet det.")
        if len(said) > 120:
            raise ValidationError("Skriv højst 120 tegn.")
        if not said.isprintable() or "<" in said or ">" in said:
            raise ValidationError("Skriv det uden < og > og uden usynlige tegn.")

    def validate_vurderet(self, field: Field) -> None:
        """It has been gone through."""
        if not field.data:
            raise ValidationError(
                "Gennemgå konsekvensanalysen med databeskyttelsesrådgiveren først."
            )

    def validate_grundlag(self, field: Field) -> None:
        """There is a ground in law."""
        if not field.data:
            raise ValidationError(
                "Kommunen skal tage stilling til artikel 9 og 10 først."
            )
