"""The kommune's settings: logo, help lines, address, languages, roed acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
)
from flask import url_for as to
from flask.typing import ResponseReturnValue
from werkzeug.sansio.utils import host_is_trusted

from pejling.domain import help_lines, selection
from pejling.domain.kommune import OptIn, missing
from pejling.domain.question_sets import Audience
from pejling.output import logo, qr
from pejling.storage import kommune, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action
from pejling.web import access, kommune_forms
from pejling.web.context import (
    AddressFrom,
    get_stores,
    known_address,
    now,
    offered_languages,
    own_help_lines,
    plan,
    question_sets,
    today,
)

bp = Blueprint("kommune_pages", __name__)

DESK = (Role.CONSULTANT,)

LOGO_POLICY = "default-src 'none'; sandbox"
"""The logo is a picture: opened by itself, it can neither run nor fetch anything."""

_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def init_app(app: Flask) -> None:
    """Let a logo be sent by who may change it; before the form's token is read."""
    app.before_request(_allow_large)


def _allow_large() -> None:
    if request.endpoint != f"{bp.name}.set_logo":
        return
    account = access.signed_in()
    if account is not None and account.role is Role.CONSULTANT:
        # Enough to say in the form that a file is too large; beyond it 413 says so.
        request.max_content_length = 5 * logo.MOST_BYTES


# --- the way through the settings -----------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A page of the settings, and what holds there now."""

    url: str
    name: str
    state: str


def sections() -> list[Section]:
    """All pages of the settings."""
    store = get_stores().archive
    lines, chosen = own_help_lines(), plan()
    lacking = len(missing(kommune.details(store)))
    found = kommune.logo_address(store)
    return [
        Section(
            to("consultant.details"),
            "Navn og kontakter",
            f"{lacking} mangler" if lacking else "Udfyldt",
        ),
        Section(_to("logo_page"), "Logo", found[1].upper() if found else "Intet"),
        Section(
            _to("help_page"),
            "Hjælpelinjer",
            f"{len(lines)} af kommunens egne" if lines else "De nationale",
        ),
        Section(_to("address_page"), "Adresse", known_address()[0].split("//")[1]),
        Section(
            _to("languages_page"),
            "Sprog",
            "Dansk og engelsk" if len(offered_languages()) > 1 else "Kun dansk",
        ),
        Section(
            _to("roed_page"),
            "Røde spørgsmål om én selv",
            "Fra 15 år" if kommune.opt_in(store) else "Stilles ikke",
        ),
        Section(to("curriculum.page"), "Årsplan", chosen.title if chosen else "Ingen"),
    ]


def _to(view: str) -> str:
    """A page of ours, also from the pages of another part."""
    return to(f"{bp.name}.{view}")


def _page(name: str, **more: object) -> str:
    return render_template(
        f"kommune/{name}.html",
        sections=sections(),
        is_kept="gemt" in request.args and request.method == "GET",
        **more,
    )


def _kept(
    account: Account, action: Action, endpoint: str, touched: str = ""
) -> ResponseReturnValue:
    staff_log.add(get_stores().archive, now(), account.id, action, touched)
    return redirect(to(endpoint, gemt=1), 303)


# --- logo -----------------------------------------------------------------------------


@bp.get("/logo/<digest>")
@access.public
def picture(digest: str) -> ResponseReturnValue:
    """The logo itself; for good, since its address changes with it."""
    found = kommune.logo(get_stores().archive)
    if found is None or found.digest != digest:
        abort(404)
    response = Response(found.picture, mimetype=_TYPES[found.kind])
    response.headers["Content-Security-Policy"] = LOGO_POLICY
    response.headers["Content-Disposition"] = f'inline; filename="logo.{found.kind}"'
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/konsulent/oplysninger/logo")
@access.staff(*DESK)
def logo_page(account: Account) -> ResponseReturnValue:
    """The logo that holds now, and a place to send another."""
    return _logo_page(kommune_forms.LogoForm(formdata=None))


@bp.post("/konsulent/oplysninger/logo")
@access.with_file
@access.staff(*DESK)
def set_logo(account: Account) -> ResponseReturnValue:
    """Take in a logo; what was left out of it is told on the page that follows."""
    form = kommune_forms.LogoForm()
    if set(request.files) - {"fil"}:
        abort(400)
    if not form.validate():
        return _logo_page(form), 422
    store = get_stores().archive
    kommune.set_logo(store, form.taken.logo)
    staff_log.add(store, now(), account.id, Action.LOGO, form.taken.logo.kind)
    return _logo_page(
        kommune_forms.LogoForm(formdata=None), form.taken.left_out, is_new=True
    )


@bp.post("/konsulent/oplysninger/logo/fjern")
@access.staff(*DESK)
def remove_logo(account: Account) -> ResponseReturnValue:
    """Be without a logo again."""
    kommune.remove_logo(get_stores().archive)
    return _kept(account, Action.LOGO, ".logo_page")


def _logo_page(
    form: kommune_forms.LogoForm, left_out: Sequence[str] = (), *, is_new: bool = False
) -> str:
    found = kommune.logo_address(get_stores().archive)
    return _page(
        "logo",
        form=form,
        kind=found[1] if found else "",
        left_out=left_out,
        is_new=is_new,
        most=logo.MOST_BYTES // 1024,
        box=logo.BOX,
    )


# --- help lines -----------------------------------------------------------------------


@bp.get("/konsulent/oplysninger/hjaelp")
@access.staff(*DESK)
def help_page(account: Account) -> ResponseReturnValue:
    """The national lines, and those of the kommune to fill in."""
    return _help_page(kommune_forms.help_lines_form(own_help_lines()))


@bp.post("/konsulent/oplysninger/hjaelp")
@access.staff(*DESK)
def set_help(account: Account) -> ResponseReturnValue:
    """Keep them."""
    form = kommune_forms.HelpLinesForm()
    if not form.validate():
        return _help_page(form), 422
    kommune.set_help_lines(get_stores().archive, form.lines())
    return _kept(account, Action.HELP_LINES, ".help_page")


def _help_page(form: kommune_forms.HelpLinesForm) -> str:
    return _page(
        "help",
        form=form,
        places=kommune_forms.PLACES,
        lengths={
            "navn": help_lines.LONGEST_NAME,
            "kontakt": help_lines.LONGEST_CONTACT,
        },
    )


# --- address --------------------------------------------------------------------------


@bp.get("/konsulent/oplysninger/adresse")
@access.staff(*DESK)
def address_page(account: Account) -> ResponseReturnValue:
    """The address that holds now, where it comes from, and a code to try it."""
    known, source = known_address()
    typed = known if source is AddressFrom.TYPED else ""
    return _address_page(
        kommune_forms.AddressForm(formdata=None, data={"adresse": typed})
    )


@bp.post("/konsulent/oplysninger/adresse")
@access.staff(*DESK)
def set_address(account: Account) -> ResponseReturnValue:
    """Keep an address, or only show its code to be tried first."""
    form = kommune_forms.AddressForm()
    if known_address()[1] is AddressFrom.SETTING:
        form.validate()
        form.adresse.errors = [
            "Adressen er sat på serveren og kan ikke ændres her. Spørg dem, der driver "
            "den."
        ]
        return _address_page(form), 422
    if not form.validate() or not _is_answered(form):
        return _address_page(form), 422
    if request.form.get("trin") == "proev" and form.cleaned():
        return _address_page(form, tried=form.cleaned())
    kommune.set_public_address(get_stores().archive, form.cleaned())
    return _kept(account, Action.ADDRESS, ".address_page", form.cleaned())


def _is_answered(form: kommune_forms.AddressForm) -> bool:
    """Whether the server answers to that name; any where its settings list none."""
    names = current_app.config["TRUSTED_HOSTS"]
    host = urlsplit(form.cleaned()).netloc
    if not host or not names or host_is_trusted(host, names):
        return True
    form.adresse.errors = [
        f"Serveren svarer kun på {', '.join(names)}. Skriv en af dem, eller bed dem, "
        "der driver den, om at tilføje adressen."
    ]
    return False


def _address_page(form: kommune_forms.AddressForm, tried: str = "") -> str:
    known, source = known_address()
    shown = tried or known
    return _page(
        "address",
        form=form,
        known=known,
        source=source.value,
        tried=tried,
        shown=shown,
        code=qr.draw(f"{shown}/".upper(), "QR-kode til at prøve adressen"),
    )


# --- languages ------------------------------------------------------------------------


@bp.get("/konsulent/oplysninger/sprog")
@access.staff(*DESK)
def languages_page(account: Account) -> ResponseReturnValue:
    """Danish, and what is offered beside it."""
    english = kommune.offers_english(get_stores().archive)
    form = kommune_forms.LanguagesForm(formdata=None, data={"engelsk": english})
    return _page("languages", form=form)


@bp.post("/konsulent/oplysninger/sprog")
@access.staff(*DESK)
def set_languages(account: Account) -> ResponseReturnValue:
    """Keep the choice."""
    form = kommune_forms.LanguagesForm()
    kommune.offer_english(
        get_stores().archive, is_offered=bool(form.engelsk.data and form.validate())
    )
    return _kept(account, Action.LANGUAGES, ".languages_page")


# --- roed acts ------------------------------------------------------------------------


@bp.get("/konsulent/oplysninger/roede")
@access.staff(*DESK)
def roed_page(account: Account) -> ResponseReturnValue:
    """What it means to ask, and the decision that holds now."""
    return _roed_page(kommune_forms.RoedForm(formdata=None))


@bp.post("/konsulent/oplysninger/roede")
@access.staff(*DESK)
def opt_in(account: Account) -> ResponseReturnValue:
    """Let them be asked from now on."""
    form = kommune_forms.RoedForm()
    if not form.validate():
        return _roed_page(form), 422
    store = get_stores().archive
    decision = OptIn(form.decided_by(), today().isoformat())
    kommune.opt_into_roed(store, decision)
    staff_log.add(store, now(), account.id, Action.ROED_ON, decision.decided_by)
    return redirect(to(".roed_page", gemt=1), 303)


@bp.post("/konsulent/oplysninger/roede/fra")
@access.staff(*DESK)
def opt_out(account: Account) -> ResponseReturnValue:
    """Do not ask any more."""
    kommune.opt_out_of_roed(get_stores().archive)
    return _kept(account, Action.ROED_OFF, ".roed_page")


def _roed_page(form: kommune_forms.RoedForm) -> str:
    return _page(
        "roed",
        form=form,
        decision=kommune.opt_in(get_stores().archive),
        least=selection.LEAST_OWN_ROED,
        concerned=[
            (one, triad)
            for one in question_sets().values()
            if one.audience is Audience.YOUTH
            for triad in one.triads
            if selection.asks_own_roed(triad)
        ],
    )
