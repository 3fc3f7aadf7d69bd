"""The form for a follow-up: which of the first run's questions, how many, and how."""

from collections.abc import Sequence

from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pejling.domain import selection
from pejling.domain.question_sets import QuestionSet, Triad
from pejling.domain.sessions import Mode
from pejling.web.staff_forms import MODES, OpenForm


class FollowUpForm(OpenForm):
    """As for a first run, less what follows from it: made by :func:`follow_up_form`."""

    school = letter = pacing = accept = told = replaces = None
    offered: Sequence[Triad]

    def validate_items(self, field: Field) -> None:
        """The questions of the first run, and not the risks alone."""
        chosen = field.data or []
        if any(one not in [triad.id for triad in self.offered] for one in chosen):
            raise ValidationError(
                "En opfølgning stiller de samme spørgsmål som første gang. Vælg blandt "
                "dem, der står her."
            )
        if not chosen:
            raise ValidationError("Vælg mindst ét af spørgsmålene.")
        found = selection.breaches(self.questions, chosen, self.offered)
        final = [one for one in found if one.is_final]
        if final:
            raise ValidationError(f"{final[0].what} {final[0].why}")


def follow_up_form(questions: QuestionSet, offered: Sequence[Triad]) -> FollowUpForm:
    """A form to ask a class again, all of it chosen beforehand.

    :param offered: triads to choose among, without the warm-up.
    """
    form = FollowUpForm(
        data={"items": [one.id for one in offered], "mode": Mode.SCREEN.value}
    )
    form.questions = questions
    form.offered = offered
    form.items.choices = [SelectChoice(value=one.id, label=one.act) for one in offered]
    form.mode.choices = [
        SelectChoice(value=mode.value, label=words) for mode, words in MODES.items()
    ]
    return form
