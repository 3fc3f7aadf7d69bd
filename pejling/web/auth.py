"""Staff in and out: first set-up, one-time links, password, sign-out."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pejling.storage import accounts, schools, second_factor
from pejling.storage.accounts import Account, Purpose, Role
from pejling.web import access, staff_forms, throttle
from pejling.web.context import get_stores, now

bp = Blueprint("auth", __name__)

WRONG = "E-mail og adgangskode passer ikke sammen. Prøv igen."


@bp.get("/log-ind")
@access.public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    account = access.signed_in()
    if account is not None:
        return redirect(_home(account), 303)
    form = staff_forms.SignInForm(data={"til": request.args.get("til", "")})
    return render_template("auth/sign_in.html", form=form, is_out="ud" in request.args)


@bp.post("/log-ind")
@access.public
def check() -> ResponseReturnValue:
    """E-mail and password; the same words for an unknown account."""
    form = staff_forms.SignInForm()
    if not form.validate():
        return render_template("auth/sign_in.html", form=form), 422
    email = form.email.data
    wait = throttle.sign_in_wait(email)
    if wait > 0:
        form.password.errors = [
            f"Der er prøvet for mange gange. Vent {int(wait) + 1} sekunder, "
            "og prøv igen."
        ]
        page = render_template("auth/sign_in.html", form=form)
        return page, 429, {"Retry-After": str(int(wait) + 1)}
    try:
        account = accounts.check_password(
            get_stores().archive, email, form.password.data
        )
    except accounts.WrongPassword:
        throttle.wrong_password(email)
        form.password.errors = [WRONG]
        return render_template("auth/sign_in.html", form=form), 422
    target = access.local_path(form.til.data)
    if account.has_second_factor:
        # What went wrong is not forgotten before the second step is through.
        access.remember_first_step(account, target or "")
        return redirect(url_for(".second"), 303)
    throttle.right_password(email)
    access.start_browser(account)
    return redirect(target or _home(account), 303)


@bp.get("/log-ind/kode")
@access.public
def second() -> ResponseReturnValue:
    """The second step: a code from the phone."""
    if access.first_step() is None:
        return redirect(url_for(".sign_in"), 303)
    return render_template("auth/second.html", form=staff_forms.CodeForm(formdata=None))


@bp.post("/log-ind/kode")
@access.public
def check_second() -> ResponseReturnValue:
    """In with a code of the phone, or a recovery code."""
    found = access.first_step()
    if found is None:
        return redirect(url_for(".sign_in"), 303)
    account, target = found
    form = staff_forms.CodeForm()
    if not form.validate():
        return render_template("auth/second.html", form=form), 422
    wait = throttle.sign_in_wait(account.email)
    if wait > 0:
        form.code.errors = [
            f"Der er prøvet for mange gange. Vent {int(wait) + 1} sekunder."
        ]
        page = render_template("auth/second.html", form=form)
        return page, 429, {"Retry-After": str(int(wait) + 1)}
    if not second_factor.open_with(
        get_stores().archive, account, form.code.data, now()
    ):
        throttle.wrong_password(account.email)
        form.code.errors = ["Koden passer ikke, eller den er brugt. Prøv den næste."]
        return render_template("auth/second.html", form=form), 422
    throttle.right_password(account.email)
    access.start_browser(account)
    return redirect(access.local_path(target) or _home(account), 303)


@bp.post("/log-ud")
@access.public
def sign_out() -> ResponseReturnValue:
    """Out, on the server too, and nothing typed stays in the browser."""
    account = access.signed_in()
    # On a computer that others use, the provider still knows who it was.
    elsewhere = 1 if account is not None and account.has_identity else None
    access.end_browser()
    response = redirect(url_for(".sign_in", ud=elsewhere), 303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.get("/start/<token>")
@access.public
def setup(token: str) -> ResponseReturnValue:
    """The first account of a new server."""
    _find(token, Purpose.SETUP)
    return render_template("auth/setup.html", form=staff_forms.SetupForm(), token=token)


@bp.post("/start/<token>")
@access.public
def set_up(token: str) -> ResponseReturnValue:
    """Make the first account and the schools, and sign in."""
    link = _find(token, Purpose.SETUP)
    form = staff_forms.SetupForm()
    if not form.validate():
        return render_template("auth/setup.html", form=form, token=token), 422
    store = get_stores().archive
    accounts.use_link(store, link)
    account = accounts.add(store, form.email.data, Role.CONSULTANT, form.password.data)
    schools.add(store, staff_forms.school_names(form.schools.data))
    access.start_browser(account)
    # A kommune with one account needs somebody to hold a pejling: the form is there.
    return redirect(url_for("people.page"), 303)


@bp.get("/adgang/<token>")
@access.public
def enter(token: str) -> ResponseReturnValue:
    """Through a one-time link: choose a password, or straight in."""
    link = accounts.find_link(get_stores().archive, token, now())
    if link.account is None:
        raise accounts.LinkGone
    if link.purpose is Purpose.PASSWORD:
        return render_template(
            "auth/password.html",
            form=staff_forms.PasswordForm(),
            token=token,
            account=link.account,
        )
    # In the throw-away kommune of `pejling demo` a link may be opened in two browsers.
    if not current_app.config.get("DEMO"):
        accounts.use_link(get_stores().archive, link)
    access.start_browser(link.account)
    target = access.local_path(request.args.get("til"))
    return redirect(target or _home(link.account), 303)


@bp.post("/adgang/<token>")
@access.public
def choose_password(token: str) -> ResponseReturnValue:
    """The password of an invited account."""
    link = _find(token, Purpose.PASSWORD)
    if link.account is None:
        raise accounts.LinkGone
    form = staff_forms.PasswordForm()
    form.known = (link.account.email,)
    if not form.validate():
        return (
            render_template(
                "auth/password.html", form=form, token=token, account=link.account
            ),
            422,
        )
    accounts.use_link(get_stores().archive, link)
    accounts.set_password(get_stores().archive, link.account, form.password.data)
    if link.account.has_second_factor:
        # A link is one thing that one has; the phone is asked for as well.
        access.remember_first_step(link.account, "")
        return redirect(url_for(".second"), 303)
    access.start_browser(link.account)
    is_new = not link.account.has_password
    return redirect(_first(link.account) if is_new else _home(link.account), 303)


def _find(token: str, purpose: Purpose) -> accounts.Link:
    link = accounts.find_link(get_stores().archive, token, now())
    if link.purpose is not purpose:
        raise accounts.LinkGone
    return link


def _first(account: Account) -> str:
    """Where somebody new begins: a teacher without a pejling looks for a set."""
    if account.role is Role.TEACHER:
        return url_for("curriculum.page")
    return _home(account)


def _home(account: Account) -> str:
    if account.role is Role.BOARD:
        return url_for("board.releases")
    return url_for("opening.overview")
