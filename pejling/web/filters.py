"""What templates may call: sentences and numbers from :mod:`pejling.domain.wording`."""

import datetime
import re

from flask import Flask
from markupsafe import Markup

from pejling.domain import curriculum, grades, sessions, wording
from pejling.domain.question_sets import Direction, Kind, Triad
from pejling.domain.room_words import ROOMS, RoomWords
from pejling.domain.sessions import Session
from pejling.web import access, context


def init_app(app: Flask) -> None:
    """Make words, numbers and the signed-in account known to the templates."""
    app.jinja_env.filters.update(
        number=wording.number,
        coded=wording.coded,
        out_of=wording.out_of,
        code=sessions.show_code,
        day=day,
        date=_date,
        moment=moment,
        grade=grades.grade_name,
        grades=grades.grades_name,
        months=curriculum.months_name,
        placed=_placed,
        breakable=_breakable,
        kind=_kind,
        finding=_finding,
        room=_room,
    )
    app.jinja_env.globals.update(
        signed_in=access.signed_in, public_address=context.public_address
    )


def day(iso: str) -> str:
    """An ISO date as Danes write it: 3. februar 2027."""
    year, month, day = iso.split("-")
    return f"{int(day)}. {curriculum.MONTHS[int(month) - 1]} {year}"


def _date(seconds: float) -> str:
    """A moment as its day, where the server stands."""
    return day(datetime.date.fromtimestamp(seconds).isoformat())


def moment(seconds: float) -> str:
    """A moment where the server stands: 3. februar 2027 kl. 14.05."""
    at = datetime.datetime.fromtimestamp(seconds)
    return f"{day(at.date().isoformat())} kl. {at:%H.%M}"


_PLACED = {
    "aargang": "årgang",
    "emne": "emne",
    "saet": "sæt",
    "minutter": "længde",
    "maaneder": "måneder",
}


# Second parts of long words in plans; browsers without Danish hyphenation break
# anywhere else.
_JOINTS = re.compile(r"(?<=\w{4})(?=uddannelse|start|mægling|aftale|kontrol|bevidst)")


def _breakable(text: str) -> Markup:
    """A text that may also break after a slash and at the joints of long words."""
    parts = [Markup("&shy;").join(_JOINTS.split(one)) for one in text.split("/")]
    return Markup("/<wbr>").join(parts)  # join escapes the parts


def _placed(keys: tuple[str, ...]) -> str:
    """What of a course is this project's choice, in words."""
    return ", ".join(_PLACED[key] for key in keys) or "–"


def _kind(triad: Triad) -> str:
    """What sort of item it is, in the teacher's words."""
    if triad.is_warm_up:
        return "opvarmning"
    if triad.kind is Kind.ATTITUDE:
        return "holdning"
    return {
        Direction.RISK: "risiko",
        Direction.PROTECTIVE: "beskyttende",
        Direction.SHARED: "fælles vilkår",
    }.get(triad.direction, "")


def _room(session: Session) -> RoomWords:
    """How those in the room of a session are called."""
    return ROOMS[session.questions.audience]


def _finding(when: str) -> str:
    """When a prompt fits."""
    return {
        "overdrivelse": "ved overdrivelse",
        "overensstemmelse": "når gættet passede",
        "flere_end_vi_troede": "når det var flere, end I troede",
        "alle": "altid",
    }[when]
