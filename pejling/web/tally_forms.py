"""The form in which a teacher types what was counted from ballots on paper."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from wtforms import Field, HiddenField, StringField, TextAreaField

from pejling.domain import disclosure, tally
from pejling.domain.question_sets import DECLINED, Role
from pejling.domain.sessions import Session
from pejling.output import ballot
from pejling.output.ballot import Block
from pejling.web.staff_forms import StaffForm

Counted = dict[str, Mapping[str, Mapping[int, int]]]
"""Triad id -> item id -> option -> ballots."""

MISSING = "Mangler. Skriv det, eller lad hele emnet stå tomt."


@dataclass
class Row:
    """One question to type the counts of.

    :ivar fields: one for guesses, one for each option of the own answer.
    :ivar told: what was understood, to be held against the ballots.
    """

    role: Role
    text: str
    fields: Sequence[Any]
    told: str = ""
    error: str = ""


@dataclass
class Part:
    """One behaviour of the form."""

    block: Block
    rows: Sequence[Row]


class TallyForm(StaffForm):
    """Counts of a whole class; fields are made by :func:`tally_form`."""

    ballots = StringField("Afleverede stemmesedler")
    looked_through = HiddenField()

    session: Session
    parts: Sequence[Part]
    counted: Counted

    @property
    def is_looked_through(self) -> bool:
        """Whether these very counts were on the page before."""
        return bool(self.looked_through.data == self._digest())

    def mark(self) -> None:
        """Remember on the page what it shows, to be held against what comes back."""
        self.looked_through.data = self._digest()

    def _digest(self) -> str:
        flat = sorted(
            (item, option, n)
            for items in self.counted.values()
            for item, options in items.items()
            for option, n in options.items()
        )
        return hashlib.sha256(repr(flat).encode()).hexdigest()

    @property
    def start(self) -> str:
        """Id of the field where typing begins, or goes on after an error."""
        rows = [row for part in self.parts for row in part.rows if row.error]
        if self.ballots.errors or not rows:
            return str(self.ballots.id)
        return str(rows[0].fields[0].id)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read everything; what can be understood is said back beside what cannot."""
        good = bool(super().validate(extra_validators))
        self.counted = {}
        ballots = self._ballots()
        if ballots is None:
            return False
        for part in self.parts:
            counts = {row.role: _read(row, self, part, ballots) for row in part.rows}
            good = good and self._keep(part, counts)
        if good and not self.counted:
            self.ballots.errors = ["Skriv tallene for mindst ét emne."]
            return False
        return good

    def _ballots(self) -> int | None:
        text = (self.ballots.data or "").strip()
        most = self.session.present
        good = text.isascii() and text.isdigit() and len(text) <= 3
        if good and 0 < int(text) <= most:
            if int(text) >= disclosure.MIN_STORED:
                return int(text)
            self.ballots.errors = [
                f"Der skal være mindst {disclosure.MIN_STORED} stemmesedler, før noget "
                "kan gemmes og vises. Kommer der ikke flere, så afslut pejlingen."
            ]
            return None
        self.ballots.errors = [
            f"Skriv, hvor mange stemmesedler I har: et tal fra 1 til {most}."
        ]
        return None

    def _keep(self, part: Part, counts: Mapping[Role, Counter[int] | None]) -> bool:
        """Whether a behaviour is typed as a whole, or not at all."""
        if any(row.error for row in part.rows):
            return False
        if all(one is None for one in counts.values()):
            return True
        for row in part.rows:
            if counts[row.role] is None:
                row.error = MISSING
                row.fields[0].errors = [MISSING]
        given = {
            item.id: one
            for item in part.block.triad.items
            if (one := counts[item.role]) is not None
        }
        if len(given) < len(part.rows):
            return False
        self.counted[part.block.triad.id] = given
        return True


def tally_form(session: Session) -> TallyForm:
    """An empty form for the session's ballots, or the request's."""
    found = ballot.blocks(session)
    fields: dict[str, Field] = {}
    for block in found:
        for guess in block.guesses:
            fields[_name(block, guess.role)] = TextAreaField(guess.text)
        for option in block.counted:
            fields[_name(block, Role.OWN, option.code)] = StringField(option.label)
    form = cast(TallyForm, type("OneTallyForm", (TallyForm,), fields)())
    form.session = session
    form.parts = [Part(block, _rows(form, block)) for block in found]
    form.counted = {}
    return form


def _rows(form: TallyForm, block: Block) -> list[Row]:
    rows = [
        Row(guess.role, guess.text, [form[_name(block, guess.role)]])
        for guess in block.guesses
    ]
    own = [form[_name(block, Role.OWN, option.code)] for option in block.counted]
    return [*rows, Row(Role.OWN, block.own, own)]


def _name(block: Block, role: Role, code: int | None = None) -> str:
    return f"{block.triad.id}-{role}" + ("" if code is None else f"-{code}")


def _read(row: Row, form: TallyForm, part: Part, ballots: int) -> Counter[int] | None:
    try:
        if row.role is Role.OWN:
            return _read_own(row, part, ballots)
        return _read_guesses(row, form.session.present, ballots)
    except tally.UnfitTally as error:
        row.error = str(error)
        row.fields[0].errors = [row.error]
        return None


def _read_guesses(row: Row, present: int, ballots: int) -> Counter[int] | None:
    field = row.fields[0]
    found = tally.guesses(field.data or "", present, ballots)
    if found is not None:
        field.data = tally.shortest(found)
        given = sorted(guess for guess in found if guess != DECLINED)
        row.told = _told("gæt", found)
        if given:
            row.told += f", fra {given[0]} til {given[-1]}"
    return found


def _read_own(row: Row, part: Part, ballots: int) -> Counter[int] | None:
    codes = [option.code for option in part.block.counted]
    typed = {
        code: field.data or "" for code, field in zip(codes, row.fields, strict=True)
    }
    found = tally.answers(typed, tuple(part.block.options), ballots)
    if found is not None:
        row.told = _told("svar", found)
    return found


def _told(what: str, found: Counter[int]) -> str:
    without = found[DECLINED]
    given = f"{found.total() - without} {what}"
    return f"{given}, {without} uden svar" if without else given
