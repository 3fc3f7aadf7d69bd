"""One's own account: password, second factor, sign-ins, and out everywhere."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from pejling.output import qr
from pejling.storage import accounts, identities, second_factor, staff_log
from pejling.storage.accounts import Account, Role
from pejling.storage.staff_log import Action
from pejling.web import access, staff_forms, throttle
from pejling.web.context import get_stores, now

bp = Blueprint("profile", __name__, url_prefix="/konto")

EVERYBODY = (Role.TEACHER, Role.CONSULTANT, Role.BOARD)

WRONG_CODE = (
    "Koden passer ikke. Vent på den næste, og prøv igen. Går telefonens ur rigtigt?"
)


@bp.get("/")
@access.staff(*EVERYBODY)
def page(account: Account) -> ResponseReturnValue:
    """What one may change about one's own account."""
    return _page(account, staff_forms.NewPasswordForm(formdata=None))


@bp.post("/adgangskode")
@access.staff(*EVERYBODY)
def change_password(account: Account) -> ResponseReturnValue:
    """A new password in place of the old; other browsers are signed out."""
    form = staff_forms.NewPasswordForm()
    form.known = (account.email,)
    store = get_stores().archive
    if (wait := throttle.sign_in_wait(account.email)) > 0:
        form.current.errors = [f"Vent {int(wait) + 1} sekunder, og prøv igen."]
        return _page(account, form), 429
    if not form.validate():
        return _page(account, form), 422
    try:
        accounts.check_password(store, account.email, form.current.data)
    except accounts.WrongPassword:
        throttle.wrong_password(account.email)
        form.current.errors = ["Det er ikke din adgangskode. Prøv igen."]
        return _page(account, form), 422
    accounts.set_password(store, account, form.password.data)
    staff_log.add(store, now(), account.id, Action.PASSWORD, account.email)
    access.start_browser(account)
    return redirect(url_for(".page", gemt=1), 303)


@bp.post("/log-ud-overalt")
@access.staff(*EVERYBODY)
def sign_out_everywhere(account: Account) -> ResponseReturnValue:
    """Out in all browsers, this one too."""
    store = get_stores().archive
    accounts.sign_out_everywhere(store, account)
    staff_log.add(store, now(), account.id, Action.SIGN_OUT_ALL, account.email)
    access.end_browser()
    return redirect(url_for("auth.sign_in"), 303)


# --- second factor --------------------------------------------------------------------


@bp.get("/totrin")
@access.staff(*EVERYBODY)
def second(account: Account) -> ResponseReturnValue:
    """A QR for the phone, and a field for its first code."""
    # In the signed cookie until the phone has shown that it has it.
    cookie["totp"] = second_factor.new_secret()
    return _second_page(account, staff_forms.CodeForm(formdata=None))


@bp.post("/totrin")
@access.staff(*EVERYBODY)
def turn_on(account: Account) -> ResponseReturnValue:
    """Ask for codes from now on; recovery codes are shown once."""
    form = staff_forms.CodeForm()
    secret = cookie.get("totp", "")
    if not secret:
        return redirect(url_for(".second"), 303)
    if not form.validate():
        return _second_page(account, form), 422
    step = second_factor.fits(secret, form.code.data, now())
    if not step:
        form.code.errors = [WRONG_CODE]
        return _second_page(account, form), 422
    cookie.pop("totp")
    store = get_stores().archive
    codes = second_factor.turn_on(store, account, secret, step)
    staff_log.add(store, now(), account.id, Action.SECOND_FACTOR, account.email)
    return render_template("profile/codes.html", codes=codes)


@bp.post("/totrin/fra")
@access.staff(*EVERYBODY)
def turn_off(account: Account) -> ResponseReturnValue:
    """Ask for the password only; a code shows that it is the one with the phone."""
    form = staff_forms.CodeForm()
    store = get_stores().archive
    if throttle.sign_in_wait(account.email) > 0 or not form.validate():
        return redirect(url_for(".page", kode=1), 303)
    if not second_factor.open_with(store, account, form.code.data, now()):
        throttle.wrong_password(account.email)
        return redirect(url_for(".page", kode=1), 303)
    second_factor.turn_off(store, account)
    staff_log.add(store, now(), account.id, Action.NO_SECOND_FACTOR, account.email)
    return redirect(url_for(".page"), 303)


def _page(account: Account, form: staff_forms.NewPasswordForm) -> str:
    store = get_stores().archive
    return render_template(
        "profile/page.html",
        me=account,
        who=identities.of(store, account.id),
        form=form,
        code=staff_forms.CodeForm(formdata=None, prefix="fra-"),
        is_kept="gemt" in request.args and not form.errors,
        is_wrong="kode" in request.args,
        sign_ins=staff_log.own_sign_ins(store, account.id),
        codes_left=second_factor.codes_left(store, account),
    )


def _second_page(account: Account, form: staff_forms.CodeForm) -> str:
    secret = cookie["totp"]
    return render_template(
        "profile/second.html",
        form=form,
        secret=" ".join(secret[place : place + 4] for place in range(0, 32, 4)),
        picture=qr.draw(
            second_factor.address(account, secret), "QR-kode til telefonens kodeprogram"
        ),
    )
