"""The form that books a set for a class and a month, wherever it stands."""

from typing import Any

from wtforms import Field, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pejling.domain import bookings, school_year, sessions
from pejling.domain.coverage import Booking
from pejling.domain.curriculum import MONTHS
from pejling.domain.grades import grade_name
from pejling.domain.question_sets import Audience, QuestionSet
from pejling.storage import schools
from pejling.web.context import get_stores, question_sets, today
from pejling.web.staff_forms import StaffForm, from_list


class BookingForm(StaffForm):
    """Four lists, so that nothing can be typed."""

    saet = SelectField("Sæt og årgang", validate_choice=False)
    school = SelectField("Skole", validate_choice=False)
    letter = SelectField("Klasse", validate_choice=False)
    month = SelectField("Måned", validate_choice=False)
    til = HiddenField()

    def validate_saet(self, field: Field) -> None:
        """A set together with one of its årgange."""
        from_list(field, "Vælg et sæt og en årgang fra listen.")

    def validate_school(self, field: Field) -> None:
        """One that is there, and not retired."""
        from_list(field, "Vælg en skole fra listen. En nedlagt skole kan ikke vælges.")

    def validate_letter(self, field: Field) -> None:
        """One of the list."""
        from_list(field, "Vælg en klasse fra listen.")

    def validate_month(self, field: Field) -> None:
        """From this month on."""
        months = bookings.on_offer(today().isoformat())
        if field.data not in months:
            raise ValidationError(
                f"Vælg en måned fra listen, fra {bookings.month_name(months[0])} til "
                f"{bookings.month_name(months[-1])}."
            )

    def wanted(self, account: int) -> Booking:
        """What a valid form asks for, by an account, today."""
        set_id, _, grade = self.saet.data.rpartition("/")
        return Booking(
            0,
            self.school.data,
            int(grade),
            self.letter.data,
            set_id,
            int(self.month.data[5:]),
            school_year.of(f"{self.month.data}-01"),
            today().isoformat(),
            account,
        )


def sent() -> BookingForm:
    """The form as it was sent."""
    return _with_lists(BookingForm(), question_sets().values())


def empty(
    *,
    only: QuestionSet | None = None,
    grade: int | None = None,
    school: str = "",
    month: str = "",
) -> BookingForm:
    """The form before it is sent.

    :param only: offer this set alone.
    :param grade: an årgang to choose beforehand, where the set is for it.
    :param school: chosen beforehand, as is ``month`` where it is on offer.
    """
    months = bookings.on_offer(today().isoformat())
    data = {
        "saet": f"{only.id}/{grade}" if only else "",
        "school": school,
        "letter": "A",
        "month": month if month in months else months[0],
    }
    sets = [only] if only else question_sets().values()
    return _with_lists(BookingForm(formdata=None, data=data), sets)


def may_be_booked(questions: QuestionSet) -> bool:
    """Whether a class may have it; a meeting of parents is another kind."""
    return questions.audience is not Audience.PARENTS


def _with_lists(form: BookingForm, sets: Any) -> BookingForm:
    of_grades = sorted(
        (grade, one.title, one.id)
        for one in sets
        if may_be_booked(one)
        for grade in one.grades
    )
    form.saet.choices = _choices(
        "Vælg sæt",
        [
            (f"{id_}/{grade}", f"{grade_name(grade)}: {t}")
            for grade, t, id_ in of_grades
        ],
    )
    names = schools.names(get_stores().archive)
    form.school.choices = _choices("Vælg skole", [(name, name) for name in names])
    form.letter.choices = [
        SelectChoice(value=one, label=one or "Hele årgangen")
        for one in sessions.LETTERS
    ]
    form.month.choices = [
        SelectChoice(value=one, label=f"{MONTHS[int(one[5:]) - 1]} {one[:4]}")
        for one in bookings.on_offer(today().isoformat())
    ]
    return form


def _choices(first: str, found: list[tuple[str, str]]) -> list[SelectChoice]:
    """A list that begins with nothing chosen, unless there is no choice."""
    listed = [SelectChoice(value=value, label=label) for value, label in found]
    return (
        listed if len(listed) == 1 else [SelectChoice(value="", label=first), *listed]
    )
