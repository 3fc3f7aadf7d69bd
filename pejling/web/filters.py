"""What templates may call: sentences and numbers from :mod:`pejling.domain.wording`."""

from flask import Flask

from pejling.domain import sessions, wording
from pejling.web import access, context


def init_app(app: Flask) -> None:
    """Make words, numbers and the signed-in account known to the templates."""
    app.jinja_env.filters.update(
        number=wording.number,
        coded=wording.coded,
        out_of=wording.out_of,
        code=sessions.show_code,
        day=_day,
    )
    app.jinja_env.globals.update(
        signed_in=access.signed_in, public_address=context.public_address
    )


_MONTHS = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]


def _day(iso: str) -> str:
    """An ISO date as Danes write it: 3. februar 2027."""
    year, month, day = iso.split("-")
    return f"{int(day)}. {_MONTHS[int(month) - 1]} {year}"
