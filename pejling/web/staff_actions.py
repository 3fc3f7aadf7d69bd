"""The log of what staff did, to search and to keep as a file."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from pejling.output import export
from pejling.storage import staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action, Entry
from pejling.web import access, filters
from pejling.web.context import get_stores

bp = Blueprint("staff_actions", __name__, url_prefix="/konsulent/log")

MOST = 500

WORDS: Mapping[Action, str] = {
    Action.OPEN: "Åbnede en pejling",
    Action.WARM_UP: "Begyndte opvarmningen",
    Action.ANSWERING: "Begyndte spørgsmålene",
    Action.CLOSED: "Lukkede en pejling",
    Action.DELETE: "Slettede en pejling",
    Action.SIGN_IN: "Loggede ind",
    Action.SIGN_OUT_ALL: "Loggede ud overalt",
    Action.INVITE: "Inviterede",
    Action.RESET: "Lavede et nyt link",
    Action.PASSWORD: "Skiftede adgangskode",
    Action.ROLE: "Skiftede rolle",
    Action.DEACTIVATE: "Slog en konto fra",
    Action.ACTIVATE: "Slog en konto til",
    Action.SECOND_FACTOR: "Slog to trin til",
    Action.NO_SECOND_FACTOR: "Slog to trin fra",
    Action.DETAILS: "Ændrede kommunens oplysninger",
    Action.SCHOOLS: "Ændrede skolerne",
    Action.CLASSES: "Skrev en skoles klasser",
    Action.BOOKED: "Planlagde en pejling",
    Action.UNBOOKED: "Tog en planlagt pejling ud",
    Action.PLAN: "Valgte en årsplan",
    Action.FIGURES: "Skrev tal ind",
    Action.FIGURES_BACK: "Tog tal tilbage",
    Action.PAGE_OPEN: "Åbnede klassens side",
    Action.PAGE_END: "Lukkede klassens side",
    Action.GIVE_ON: "Gav svar videre til yngre klasser",
    Action.TAKE_BACK: "Tog svar tilbage fra yngre klasser",
    Action.SET_BEGIN: "Begyndte et eget sæt",
    Action.SET_PUBLISH: "Udgav et eget sæt",
    Action.SET_RETIRE: "Tog et eget sæt ud af brug",
    Action.SET_REVIVE: "Tog et eget sæt i brug igen",
    Action.SET_DELETE: "Slettede en kladde til et sæt",
    Action.LOGO: "Skiftede kommunens logo",
    Action.HELP_LINES: "Ændrede kommunens hjælpelinjer",
    Action.ADDRESS: "Ændrede adressen",
    Action.LANGUAGES: "Ændrede sprogene",
    Action.ROED_ON: "Slog røde spørgsmål om én selv til",
    Action.ROED_OFF: "Slog røde spørgsmål om én selv fra",
    Action.PROVIDER_SIGN_IN: "Loggede ind med fælles login",
    Action.PROVIDER_ACCOUNT: "Fik en konto ved fælles login",
    Action.PROVIDER_LINK: "Forbandt kontoen med fælles login",
}


@bp.get("/")
@access.staff(Role.CONSULTANT)
def page(account: Account) -> ResponseReturnValue:
    """The newest first, by who or what, and by action."""
    return render_template(
        "consultant/log.html",
        entries=_entries(MOST),
        who=request.args.get("hvem", ""),
        what=request.args.get("hvad", ""),
        actions=WORDS,
        words=_words,
        most=MOST,
    )


@bp.get("/log.csv")
@access.staff(Role.CONSULTANT)
def download(account: Account) -> ResponseReturnValue:
    """All of the year that fits, for Danish Excel."""
    rows = [
        {
            "hvornaar": filters.moment(one.at),
            "hvem": one.email,
            "handling": _words(one.action),
            "paa_hvad": one.touched,
        }
        for one in _entries(1_000_000)
    ]
    response = Response(
        export.table(rows, ("hvornaar", "hvem", "handling", "paa_hvad")),
        mimetype="text/csv",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="pejling-log.csv"'
    return response


def _entries(most: int) -> list[Entry]:
    what = request.args.get("hvad", "")
    return staff_log.find(
        get_stores().archive,
        email=request.args.get("hvem", "")[:120],
        actions=[what] if what else (),
        most=most,
    )


def _words(action: str) -> str:
    return WORDS[Action(action)] if action in list(Action) else action
