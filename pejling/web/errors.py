"""Trouble as a page: what happened, and what to do now. In Danish, with its status."""

import logging
import sqlite3
from dataclasses import dataclass

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pejling.domain.content.drafts import NoSuchTriad
from pejling.storage.accounts import LastConsultant, LinkGone, MissingAccount
from pejling.storage.archive import BusyCodes, MissingSession, SessionChanged
from pejling.storage.ballot_box import NoSeat, SessionClosed, SessionFull, TriadFull
from pejling.storage.bookings import MissingBooking, NotTheirs
from pejling.storage.class_pages import NoPage
from pejling.storage.own_sets import MissingSet, Overtaken, WasPublished
from pejling.storage.remotes import NotARemote, RemoteGone
from pejling.storage.schools import InUse, MissingSchool
from pejling.storage.slips import SlipUsed

log = logging.getLogger("pejling")


@dataclass(frozen=True)
class Trouble:
    """What a page of trouble says."""

    title: str
    text: str
    status: int


NOT_FOUND = Trouble(
    "Siden findes ikke",
    "Adressen er forkert, eller siden er flyttet. Gå til forsiden, og begynd der.",
    404,
)
NO_SESSION = Trouble(
    "Pejlingen findes ikke",
    "Den er måske slettet, eller adressen er skrevet forkert. Gå til forsiden.",
    404,
)
NO_PAGE = Trouble(
    "Siden er ikke åben",
    "Linket er lukket, eller det er skrevet forkert. Spørg din lærer om et nyt.",
    404,
)
LOCKED = Trouble(
    "Du kan ikke komme med længere",
    "Koden virker kun i de første 10 minutter. Sig det til din lærer.",
    410,
)
SLIP_USED = Trouble(
    "Sedlen kan ikke bruges",
    "En seddel virker én gang, og kun den nyeste udskrift gælder. Tag en anden seddel "
    "fra skålen, eller sig det til din lærer.",
    410,
)
FULL = Trouble(
    "Alle pladser er taget",
    "Der er lige så mange med, som der er elever i lokalet. Sig det til din lærer; "
    "læreren kan frigøre en plads før det første spørgsmål.",
    409,
)
TRIAD_FULL = Trouble(
    "Svaret kunne ikke tælles med",
    "Der er allerede lige så mange svar, som der er elever. En skærm, der var gået ud, "
    "har svaret. Sig det til din lærer, og gå videre til det næste.",
    409,
)
NOT_FREED = Trouble(
    "Der kan ikke frigøres flere pladser",
    "Er der ingen med endnu, er alle pladser frie. Er fem frigjort, så begynd forfra, "
    "så alle kommer med igen. Intet er ændret.",
    409,
)
CLOSED = Trouble(
    "Der er lukket for svar",
    "Din lærer har lukket for svarene. Det, du har sendt, er talt med. Se på tavlen.",
    409,
)
NO_SEAT = Trouble(
    "Du er ikke med endnu",
    "Skriv koden fra tavlen, eller scan din seddel. Har du allerede været med på denne "
    "skærm, så er pejlingen slut.",
    403,
)
NO_COOKIE = Trouble(
    "Din browser gemmer ikke pladsen",
    "Pejling bruger én cookie til at huske din plads, ikke hvem du er. Tillad "
    "cookies for denne side, eller brug en anden skærm.",
    400,
)
EXPIRED_FORM = Trouble(
    "Siden var for gammel",
    "Den hører ikke længere sammen med din browser. Gå tilbage, hent siden igen, og "
    "prøv en gang til. Intet er gemt.",
    400,
)
FORBIDDEN = Trouble(
    "Det har du ikke adgang til",
    "Siden hører til en anden konto eller en anden rolle. Gå til forsiden.",
    403,
)
LINK_GONE = Trouble(
    "Linket virker ikke længere",
    "Det kan kun bruges én gang og kun i ét døgn. Bed om et nyt.",
    410,
)
REMOTE_GONE = Trouble(
    "Koden virker ikke længere",
    "Den kan bruges én gang og i fem minutter, og højst fire telefoner kan styre. Tryk "
    "på Fjernbetjening på computeren igen.",
    410,
)
NO_REMOTE = Trouble(
    "Denne telefon styrer ikke længere",
    "Tiden er gået, eller fjernbetjeningen er slået fra. Tryk på Fjernbetjening på "
    "computeren, og scan den nye kode.",
    403,
)
CHANGED = Trouble(
    "Pejlingen er kommet videre",
    "En anden skærm har trykket i mellemtiden. Gå tilbage til styringen, og se, hvor "
    "I er.",
    409,
)
NOT_YET = Trouble(
    "Der er ikke noget resultat endnu",
    "Luk for svarene først. Så længe klassen svarer, kan ingen se tallene.",
    409,
)
STILL_OPEN = Trouble(
    "Pejlingen er ikke slut",
    "Afslut den først. Så længe klassen er i gang, kan den ikke slettes. Intet er "
    "slettet.",
    409,
)
IS_FOLLOW_UP = Trouble(
    "Det her er selv en opfølgning",
    "En opfølgning holdes op mod den første pejling. Gå til den, og åbn en ny "
    "opfølgning derfra.",
    409,
)
NOTHING_TO_FOLLOW = Trouble(
    "Der er ikke noget at følge op på",
    "En opfølgning kan kun holdes af en klasses egen pejling med svar, der er gemt. "
    "Åbn en ny pejling i stedet.",
    409,
)
NOT_PAPER = Trouble(
    "Denne pejling er ikke på papir",
    "Klassen svarer på skærm. Skal den svare på papir, så åbn en ny pejling, og vælg "
    "På papir.",
    409,
)
NO_SUCH_PLAN = Trouble(
    "Den plan findes ikke",
    "Måske er filen taget ud. Gå til Årsplan, og vælg en af dem, der står der.",
    404,
)
NO_SUCH_ACCOUNT = Trouble(
    "Den konto findes ikke",
    "Gå til Personale, og vælg en af dem, der står der. Intet er ændret.",
    404,
)
LAST_CONSULTANT = Trouble(
    "Kommunen skal have en SSP-konsulent",
    "Det er den sidste, der kan lukke andre ind. Invitér en konsulent mere først, og "
    "lad den vælge adgangskode. Intet er ændret.",
    409,
)
SWITCHED_OFF = Trouble(
    "Kontoen er slået fra",
    "Slå den til på siden Personale, og lav så et nyt link.",
    409,
)
NO_SUCH_SCHOOL = Trouble(
    "Den skole findes ikke",
    "Gå til Skoler, og vælg en af dem, der står der. Intet er ændret.",
    404,
)
SCHOOL_IN_USE = Trouble(
    "Skolen har haft pejlinger",
    "Den kan ikke slettes, for det, den har haft, hører med til årets overblik. Sæt "
    "den som nedlagt i stedet: så kan den ikke vælges mere. Intet er slettet.",
    409,
)
NO_SUCH_BOOKING = Trouble(
    "Det er ikke planlagt længere",
    "Måske er det taget ud allerede, eller der er trykket to gange. Gå til "
    "Planlægning, og se efter. Intet er ændret.",
    404,
)
NOT_YOUR_BOOKING = Trouble(
    "Det har en anden planlagt",
    "Du kan tage det ud, som du selv har planlagt. SSP-konsulenten kan tage det ud for "
    "andre. Intet er ændret.",
    403,
)
NO_SUCH_BATCH = Trouble(
    "Tallene er taget tilbage allerede",
    "Måske har du trykket to gange. Gå til siden med kommunens tal, og se efter.",
    404,
)
NO_SUCH_SET = Trouble(
    "Det sæt findes ikke",
    "Måske er det slettet eller taget ud af brug. Gå til Egne sæt, og vælg et af dem, "
    "der står der. Intet er ændret.",
    404,
)
NO_SUCH_QUESTION = Trouble(
    "Det spørgsmål er taget ud",
    "En anden har taget det ud af sættet imens. Gå tilbage, og kopiér det, du har "
    "skrevet. Under Tidligere udgaver kan hele sættet hentes tilbage. Intet er ændret.",
    404,
)
NO_SUCH_REVISION = Trouble(
    "Den udgave er her ikke mere",
    "Kun de seneste udgaver gemmes. Vælg en af dem, der står på listen. Intet er "
    "ændret.",
    404,
)
SET_FULL = Trouble(
    "Sættet er fuldt",
    "Der er plads til 12 spørgsmål med opvarmningen. Tag et ud først. Intet er ændret.",
    409,
)
SET_OVERTAKEN = Trouble(
    "En anden har gemt imens",
    "Gå tilbage til sættet, se, hvad der er ændret, og prøv igen. Intet er tabt.",
    409,
)
SET_PUBLISHED = Trouble(
    "Sættet er udgivet",
    "Det kan ikke slettes, for klasser kan have brugt det. Tag det ud af brug i "
    "stedet: så tilbydes det ikke mere. Intet er slettet.",
    409,
)
TOO_MANY = Trouble(
    "Vent et øjeblik",
    "Der er prøvet mange forkerte koder. Vent et kvart minut, og prøv igen. QR-koden "
    "på tavlen virker med det samme.",
    429,
)
TOO_MANY_LINKS = Trouble(
    "Vent et øjeblik",
    "Der er prøvet mange links, som ikke virker. Vent et kvart minut, og prøv igen. Et "
    "link, der er åbent, virker med det samme.",
    429,
)
TOO_FAST = Trouble(
    "Det gik lidt hurtigt",
    "Vent et par sekunder, og tryk igen. Er dit svar ikke sendt endnu, er det der "
    "stadig, når du går tilbage.",
    429,
)
BUSY = Trouble(
    "Det kunne ikke gemmes",
    "Serveren kunne ikke skrive lige nu. Intet er talt to gange. Vent et øjeblik, og "
    "tryk igen; bliver det ved, så sig det til den, der passer serveren.",
    503,
)
FAILED = Trouble(
    "Der skete en fejl hos os",
    "Det er ikke din skyld, og intet er talt to gange. Prøv igen om lidt.",
    500,
)

_BY_EXCEPTION: dict[type[Exception], Trouble] = {
    MissingSession: NO_SESSION,
    NoPage: NO_PAGE,
    SessionClosed: CLOSED,
    SessionFull: FULL,
    NoSeat: NO_SEAT,
    SlipUsed: SLIP_USED,
    TriadFull: TRIAD_FULL,
    SessionChanged: CHANGED,
    LinkGone: LINK_GONE,
    MissingAccount: NO_SUCH_ACCOUNT,
    LastConsultant: LAST_CONSULTANT,
    MissingSchool: NO_SUCH_SCHOOL,
    InUse: SCHOOL_IN_USE,
    MissingSet: NO_SUCH_SET,
    NoSuchTriad: NO_SUCH_QUESTION,
    Overtaken: SET_OVERTAKEN,
    WasPublished: SET_PUBLISHED,
    MissingBooking: NO_SUCH_BOOKING,
    NotTheirs: NOT_YOUR_BOOKING,
    RemoteGone: REMOTE_GONE,
    NotARemote: NO_REMOTE,
    BusyCodes: BUSY,
    CSRFError: EXPIRED_FORM,
}

_BY_STATUS = {
    400: Trouble(
        "Det forstod vi ikke",
        "Noget i det, der blev sendt, kan ikke bruges. Gå tilbage, og prøv igen. "
        "Intet er gemt.",
        400,
    ),
    403: FORBIDDEN,
    404: NOT_FOUND,
    405: Trouble(
        "Sådan kan siden ikke bruges",
        "Gå til forsiden, og begynd der. Intet er gemt.",
        405,
    ),
    409: CHANGED,
    410: LOCKED,
    413: Trouble(
        "Det var for meget på én gang",
        "Der blev sendt mere, end siden kan tage imod. Gå tilbage, og prøv igen. "
        "Intet er gemt.",
        413,
    ),
    429: TOO_MANY,
    503: BUSY,
}


def init_app(app: Flask) -> None:
    """Answer every exception with a page."""
    for kind in _BY_EXCEPTION:
        app.register_error_handler(kind, _known)
    app.register_error_handler(sqlite3.Error, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def page(trouble: Trouble, retry: int = 5) -> ResponseReturnValue:
    """A page of trouble, with its status.

    :param retry: seconds after which trying again makes sense, where it does at all.
    """
    headers = {"Retry-After": str(retry)} if trouble.status in (429, 503) else {}
    return (
        render_template(
            "errors/trouble.html",
            trouble=trouble,
            closed=trouble is CLOSED,
            onward=trouble is TRIAD_FULL,
        ),
        trouble.status,
        headers,
    )


def _known(error: Exception) -> ResponseReturnValue:
    return page(_BY_EXCEPTION[type(error)])


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    trouble = _BY_STATUS.get(status)
    if trouble is None:
        trouble = Trouble(FAILED.title, FAILED.text, status)
    return page(trouble)


def _database(error: sqlite3.Error) -> ResponseReturnValue:
    # The rule only: messages of SQLite name tables, never values.
    log.error("database at %s: %s", request.url_rule, error)
    return page(BUSY)


def _unknown(error: Exception) -> ResponseReturnValue:
    # No traceback and no body: both may hold what a pupil answered.
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else "?"
    log.error("%s at %s in %s", type(error).__name__, request.url_rule, place)
    return page(FAILED)
