"""The consultant lets staff in and out: invitations, roles, accounts switched off."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.output import qr
from pejling.storage import accounts, identities, second_factor, staff_log
from pejling.storage.accounts import Account, Purpose, Role
from pejling.storage.staff_log import Action
from pejling.web import access, errors, staff_forms
from pejling.web.context import get_stores, now, public_url

bp = Blueprint("people", __name__, url_prefix="/konsulent/personale")


@bp.get("/")
@access.staff(Role.CONSULTANT)
def page(account: Account) -> ResponseReturnValue:
    """All accounts, and a form to invite one more."""
    return _page(account, staff_forms.InviteForm(formdata=None))


@bp.post("/inviter")
@access.staff(Role.CONSULTANT)
def invite(account: Account) -> ResponseReturnValue:
    """Make an account and its link, shown once."""
    form = staff_forms.InviteForm()
    if not form.validate():
        return _page(account, form), 422
    store = get_stores().archive
    try:
        made = accounts.add(store, form.email.data, Role(form.role.data))
    except accounts.EmailTaken:
        form.email.errors = ["Den e-mail har allerede en konto. Giv den et nyt link."]
        return _page(account, form), 422
    staff_log.add(store, now(), account.id, Action.INVITE, made.email)
    return _link(made, accounts.INVITATION_SECONDS)


@bp.post("/<int:number>/link")
@access.staff(Role.CONSULTANT)
def link(account: Account, number: int) -> ResponseReturnValue:
    """A new link to an account: for one who was invited, or has lost the password."""
    found = _found(number)
    if not found.is_active:
        return errors.page(errors.SWITCHED_OFF)
    staff_log.add(get_stores().archive, now(), account.id, Action.RESET, found.email)
    is_new = not (found.has_password or found.has_identity)
    return _link(
        found, accounts.INVITATION_SECONDS if is_new else accounts.LINK_SECONDS
    )


@bp.post("/<int:number>/rolle")
@access.staff(Role.CONSULTANT)
def role(account: Account, number: int) -> ResponseReturnValue:
    """Another role, from the list."""
    wanted = request.form.get("role", "")
    if wanted not in list(Role):
        return errors.page(errors.NO_SUCH_ACCOUNT)
    found = _found(number)
    store = get_stores().archive
    accounts.set_role(store, found, Role(wanted))
    staff_log.add(store, now(), account.id, Action.ROLE, f"{found.email}: {wanted}")
    return redirect(url_for(".page"), 303)


@bp.post("/<int:number>/slaa-fra")
@access.staff(Role.CONSULTANT)
def deactivate(account: Account, number: int) -> ResponseReturnValue:
    """Let an account in no more."""
    found = _found(number)
    accounts.deactivate(get_stores().archive, found)
    _note(account, Action.DEACTIVATE, found)
    return redirect(url_for(".page"), 303)


@bp.post("/<int:number>/slaa-til")
@access.staff(Role.CONSULTANT)
def activate(account: Account, number: int) -> ResponseReturnValue:
    """Let an account in again."""
    found = _found(number)
    accounts.activate(get_stores().archive, found)
    _note(account, Action.ACTIVATE, found)
    return redirect(url_for(".page"), 303)


@bp.post("/<int:number>/log-ud")
@access.staff(Role.CONSULTANT)
def sign_out(account: Account, number: int) -> ResponseReturnValue:
    """Sign all browsers of an account out."""
    found = _found(number)
    accounts.sign_out_everywhere(get_stores().archive, found)
    _note(account, Action.SIGN_OUT_ALL, found)
    return redirect(url_for(".page"), 303)


@bp.post("/<int:number>/totrin-fra")
@access.staff(Role.CONSULTANT)
def no_second_factor(account: Account, number: int) -> ResponseReturnValue:
    """For one who has lost both phone and recovery codes."""
    found = _found(number)
    second_factor.turn_off(get_stores().archive, found)
    _note(account, Action.NO_SECOND_FACTOR, found)
    return redirect(url_for(".page"), 303)


def _found(number: int) -> Account:
    return accounts.get(get_stores().archive, number)


def _note(account: Account, action: Action, touched: Account) -> None:
    staff_log.add(get_stores().archive, now(), account.id, action, touched.email)


def _page(account: Account, form: staff_forms.InviteForm) -> str:
    return render_template(
        "people/page.html",
        me=account,
        form=form,
        people=accounts.everybody(get_stores().archive),
        names=identities.names(get_stores().archive),
        roles=staff_forms.ROLE_NAMES,
        token=staff_forms.StaffForm(),
    )


def _link(account: Account, seconds: int) -> str:
    token = accounts.new_link(
        get_stores().archive, Purpose.PASSWORD, account, now(), seconds
    )
    address = f"{public_url()}{url_for('auth.enter', token=token)}"
    return render_template(
        "people/link.html",
        invited=account,
        address=address,
        days=seconds // (24 * 60 * 60),
        picture=qr.draw(address, f"QR-kode med link til {account.email}"),
    )
