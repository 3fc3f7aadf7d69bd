"""Staff in by the kommune's own sign-in (OpenID Connect), where one is set up.

There by a link and back by a GET: Chromium holds ``form-action`` against where a form
is led on to. The staff's cookie is Strict and does not come along from the provider:
the way back has one of its own (:mod:`pejling.web.flows`), and the page after it is
asked for by a page of ours, where the staff's comes along again.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pejling import config
from pejling.domain import claims
from pejling.domain.claims import Person, Rules
from pejling.storage import accounts, identities, schools, staff_log
from pejling.storage.accounts import Account, Purpose, Role
from pejling.storage.identities import Identity
from pejling.storage.staff_log import Action
from pejling.web import access, flows, staff_forms, throttle
from pejling.web.context import get_stores, now, public_url
from pejling.web.fetching import Nonsense, Unreachable
from pejling.web.flows import Flow
from pejling.web.provider import NotBelieved, Provider, Registration

bp = Blueprint("oidc", __name__, url_prefix="/log-ind/faelles")

log = logging.getLogger("pejling")

_ROLES = dict(
    zip(config.ROLES, (Role.CONSULTANT, Role.TEACHER, Role.BOARD), strict=True)
)


class Declined(Exception):
    """The provider, or whoever sat there, said no."""


class NotInvited(Exception):
    """Only who was invited is let in, and this person was not."""


class SwitchedOff(Exception):
    """The account lets nobody in."""


class HasSecondFactor(Exception):
    """A link alone does not open an account that asks for a code as well."""


@dataclass(frozen=True)
class Sso:
    """What is set up: the provider, what its claims must say, and its name."""

    provider: Provider
    rules: Rules
    label: str
    invited_only: bool


def init_app(app: Flask) -> None:
    """Set up what the settings say; nothing is imported or asked where they are empty.

    :raises config.BadSetting: if they do not fit together.
    """
    app.extensions["oidc"] = _set_up(app.config) if app.config["OIDC_ISSUER"] else None
    flows.init_app(app)
    sso = app.extensions["oidc"]
    app.jinja_env.globals["provider_label"] = sso.label if sso else ""


def _set_up(settings: Mapping[str, Any]) -> Sso:
    config.check_sign_in(settings)
    return Sso(
        provider=Provider(
            Registration(
                issuer=settings["OIDC_ISSUER"],
                client_id=settings["OIDC_CLIENT_ID"],
                client_secret=config.client_secret(settings),
                scope=settings["OIDC_SCOPE"],
                acr=settings["OIDC_ACR"],
            )
        ),
        rules=Rules(
            role_claim=settings["OIDC_ROLE_CLAIM"],
            roles=[
                (role, frozenset(config.listing(settings[name])))
                for name, role in _ROLES.items()
            ],
            school_claim=settings["OIDC_SCHOOL_CLAIM"],
            required=config.pairs(settings["OIDC_REQUIRED"]),
            domains=frozenset(config.listing(settings["OIDC_DOMAINS"].lower())),
        ),
        label=settings["OIDC_LABEL"].strip(),
        invited_only=bool(settings["OIDC_INVITED_ONLY"]),
    )


# --- there and back -------------------------------------------------------------------


@bp.get("/")
@access.public
def begin() -> ResponseReturnValue:
    """To the provider, with a cookie to know the browser by when it comes back."""
    sso = _sso()
    flow = flows.new(
        # In a cookie, which a browser takes up to 4 kB.
        target=access.local_path(request.args.get("til", "")[:500]) or "",
        link=request.args.get("link", "")[:64],
    )
    try:
        address = sso.provider.address(
            flow.state, flow.derived("nonce"), flow.derived("verifier"), _back(), now()
        )
    except (Unreachable, Nonsense) as error:
        return _refused(error)
    return flows.with_cookie(redirect(address, 303), flow)


@bp.get("/retur")
@access.public
def back() -> ResponseReturnValue:
    """From the provider: who it is, what they may do, and in."""
    if (wait := throttle.address_wait()) > 0:
        return _said(429, f"Der er prøvet mange gange. Vent {int(wait) + 1} sekunder.")
    try:
        flow = flows.ended()
        person = _person(flow)
        account, school = _account(flow, person)
    except tuple(_WORDS) as error:
        throttle.wrong_at_address()
        return flows.with_cookie(_refused(error), None)
    access.start_browser(account, Action.PROVIDER_SIGN_IN)
    onward = url_for(
        ".onward",
        til=flow.target or None,
        skole=1 if person.schools and not school else None,
    )
    return flows.with_cookie(redirect(onward, 303), None)


@bp.get("/videre")
@access.public
def onward() -> ResponseReturnValue:
    """A page of ours that leads on: then the staff's cookie comes along."""
    return render_template(
        "auth/onward.html",
        target=access.local_path(request.args.get("til")) or url_for("auth.sign_in"),
        no_school="skole" in request.args,
    )


@bp.get("/ud")
@access.public
def out() -> ResponseReturnValue:
    """Out at the provider too, where it has a page for that."""
    sso = _sso()
    there = f"{public_url()}{url_for('auth.sign_in')}"
    try:
        address = sso.provider.end_address(there, now())
    except (Unreachable, Nonsense) as error:
        return _refused(error)
    return redirect(address or url_for("auth.sign_in"), 303)


def _person(flow: Flow) -> Person:
    sso = _sso()
    sso.provider.check_sender(request.args.get("iss", ""), now())
    code = request.args.get("code", "")
    if "error" in request.args or not code:
        raise Declined
    found = sso.provider.claims(
        code,
        flow.derived("nonce"),
        flow.derived("verifier"),
        _back(),
        now(),
        sso.rules.wanted(),
    )
    return claims.read(found, sso.rules)


# --- the account ----------------------------------------------------------------------


def _account(flow: Flow, person: Person) -> tuple[Account, str]:
    """The account of a person, and the school that is offered first ("" for none)."""
    sso, store = _sso(), get_stores().archive
    school = claims.school_of(person, schools.names(store))
    issuer = sso.provider.registration.issuer
    who = Identity(issuer, person.subject, person.name, school)
    role = Role(person.role)
    if flow.link:
        return _redeem(flow.link, who, role), school
    found = identities.find(store, issuer, person.subject)
    if found is None:
        return _new_account(who, person.email, role), school
    if not found.is_active:
        raise SwitchedOff
    account = identities.renew(store, found, who, role)
    if found.role is not role:
        _note(account, Action.ROLE, f"{account.email}: {role}")
    return account, school


def _redeem(token: str, who: Identity, role: Role) -> Account:
    store = get_stores().archive
    link = accounts.find_link(store, token, now())
    if link.purpose is not Purpose.PASSWORD or link.account is None:
        raise accounts.LinkGone
    if link.account.has_second_factor:
        raise HasSecondFactor
    account = identities.link(store, who, link, role)
    _note(account, Action.PROVIDER_LINK, account.email)
    return account


def _new_account(who: Identity, email: str, role: Role) -> Account:
    if _sso().invited_only:
        raise NotInvited
    account = identities.add(get_stores().archive, who, email, role)
    _note(account, Action.PROVIDER_ACCOUNT, f"{account.email}: {role}")
    return account


def _note(account: Account, action: Action, touched: str) -> None:
    staff_log.add(get_stores().archive, now(), account.id, action, touched)


# --- what is said ---------------------------------------------------------------------

_WORDS: Mapping[type[Exception], tuple[int, str]] = {
    Unreachable: (
        503,
        "Der er ingen forbindelse til {label} lige nu. Prøv igen om lidt. Har du en "
        "adgangskode, kan du logge ind med den herunder.",
    ),
    Nonsense: (
        502,
        "Svaret fra {label} kan ikke bruges. Det er ikke din skyld: sig det til den, "
        "der passer Pejling. Har du en adgangskode, kan du logge ind med den herunder.",
    ),
    NotBelieved: (
        403,
        "Svaret fra {label} kunne ikke godkendes. Prøv igen. Bliver det ved, så sig "
        "det til den, der passer Pejling.",
    ),
    flows.NoFlow: (
        400,
        "Loginet blev ikke gjort færdigt her i browseren, eller det tog mere end ti "
        "minutter. Tryk på Log ind med {label} igen.",
    ),
    Declined: (
        403,
        "Du blev ikke logget ind med {label}. Prøv igen. Har du en adgangskode, kan "
        "du logge ind med den herunder.",
    ),
    claims.NotOurs: (
        403,
        "Du er kendt af {label}, men din konto hører ikke til dem, der bruger denne "
        "Pejling. Er det en fejl, så sig det til kommunens SSP-konsulent.",
    ),
    claims.NoRole: (
        403,
        "Du er kendt af {label}, men står ikke som lærer, SSP-konsulent eller med i "
        "styregruppen. Bed kommunens SSP-konsulent om hjælp. Er du elev, så skriv "
        "koden fra tavlen: elever logger aldrig ind.",
    ),
    NotInvited: (
        403,
        "Du er kendt af {label}, men har ingen konto i Pejling endnu. Bed kommunens "
        "SSP-konsulent om et link, åbn det, og vælg Log ind med {label} der.",
    ),
    accounts.EmailTaken: (
        409,
        "Der er allerede en konto med din e-mail. Bed kommunens SSP-konsulent om et "
        "nyt link til den, åbn det, og vælg Log ind med {label} der. Indtil da kan du "
        "bruge kontoens adgangskode herunder.",
    ),
    identities.IdentityTaken: (
        409,
        "Du har allerede en anden konto med {label}. Tryk på Log ind med {label} for "
        "at bruge den. Linket er ikke brugt.",
    ),
    accounts.LinkGone: (
        410,
        "Linket virker ikke længere. Har du allerede brugt det, så tryk på Log ind "
        "med {label}. Ellers bed kommunens SSP-konsulent om et nyt.",
    ),
    HasSecondFactor: (
        409,
        "Kontoen bruger en kode fra telefonen. Slå to trin fra på Din konto, eller "
        "bed kommunens SSP-konsulent om det, og åbn så linket igen.",
    ),
    SwitchedOff: (
        403,
        "Din konto i Pejling er slået fra. Bed kommunens SSP-konsulent om at slå den "
        "til igen.",
    ),
    accounts.LastConsultant: (
        409,
        "Ifølge {label} er du ikke længere SSP-konsulent, men du er den sidste, der "
        "kan lukke andre ind. Log ind med adgangskode, og invitér en konsulent mere. "
        "Intet er ændret.",
    ),
}
"""Trouble -> status, and what happened and what to do now."""


def _refused(error: Exception) -> Response:
    status, words = _WORDS[type(error)]
    if isinstance(error, Unreachable | Nonsense | NotBelieved | claims.Refused):
        # Names of fields and errors only; for whoever sets it up.
        log.warning("sign-in by provider: %s: %s", type(error).__name__, error)
    return _said(status, words.format(label=_sso().label))


def _said(status: int, words: str) -> Response:
    """The sign-in page, with what went wrong at its top."""
    form = staff_forms.SignInForm(formdata=None)
    page = render_template("auth/sign_in.html", form=form, trouble=words)
    headers = {"Retry-After": "30"} if status in (429, 503) else {}
    return Response(page, status, headers)


def _sso() -> Sso:
    sso = current_app.extensions["oidc"]
    if sso is None:
        abort(404)
    return cast(Sso, sso)


def _back() -> str:
    """Our address that the provider has on its list. Never from a Host header."""
    return f"{public_url()}{url_for('.back')}"
