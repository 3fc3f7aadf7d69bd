"""The kommune's own question sets: begun, published, retired, given on as a file."""

from contextlib import suppress

from flask import Blueprint, Flask, Response, redirect, render_template, request
from flask import url_for as to
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from pejling.domain.content import drafts, set_files
from pejling.domain.content.problems import InvalidFile, Level, Problem, located
from pejling.domain.content.set_reader import check_set
from pejling.domain.grades import grades_name
from pejling.output import set_file
from pejling.storage import kommune, own_sets
from pejling.storage.accounts import Account, Role
from pejling.storage.own_sets import OwnSet
from pejling.web import access, errors, set_checks
from pejling.web.context import get_stores, library, now, question_sets
from pejling.web.set_forms import CopyForm, SetFileForm

bp = Blueprint("own_sets", __name__, url_prefix="/konsulent/saet")

LARGE = "own_sets.read_in"
"""Where a consultant may send a set's file: elsewhere a request holds 64 kB."""

_BROKEN_SHAPE = frozenset(
    {"unknown-key", "missing-key", "type", "choice", "count", "text", "id"}
)
"""Rules whose breach keeps a file from being a draft; an editor mends the others."""


def init_app(app: Flask) -> None:
    """Let a file be sent by who may read one in; before the form's token is read."""
    app.before_request(_allow_large)


def _allow_large() -> None:
    if request.endpoint != LARGE:
        return
    account = access.signed_in()
    if account is not None and account.role is Role.CONSULTANT:
        # Typed text is sent with three bytes for a letter like æ.
        request.max_content_length = 4 * set_files.LARGEST
        request.max_form_memory_size = 4 * set_files.LARGEST


@bp.get("/")
@access.staff(Role.CONSULTANT)
def page(account: Account) -> ResponseReturnValue:
    """All own sets, and the two ways to a new one."""
    return _page()


@bp.post("/kopi")
@access.staff(Role.CONSULTANT)
def copy(account: Account) -> ResponseReturnValue:
    """Begin a draft with the words of a set on offer."""
    source = question_sets().get(request.form.get("saet", ""))
    if source is None:
        return errors.page(errors.NO_SUCH_SET)
    store = get_stores().archive
    area = kommune.details(store).get("name", "").removesuffix(" Kommune")
    wanted = f"{drafts.slug(area)[:16] or 'egen'}_{source.id}"
    title = f"{source.title[:66]}, vores udgave"
    own_id = _begin(drafts.copy_of(source.raw, wanted, title), source.id, account)
    return redirect(to("set_editor.page", own_id=own_id), 303)


@bp.post("/fil")
@access.staff(Role.CONSULTANT)
@access.with_file
def read_in(account: Account) -> ResponseReturnValue:
    """Begin a draft with what a file holds; one that breaks its shape is refused."""
    try:
        raw = _sent()
    except InvalidFile as invalid:
        return _page(invalid.problems), 422
    source = next((one for one in question_sets() if raw["id"].endswith(f"_{one}")), "")
    own_id = _begin(drafts.settled(raw), source, account)
    return redirect(to("set_editor.page", own_id=own_id), 303)


@bp.post("/<own_id>/udgiv")
@access.staff(Role.CONSULTANT)
def publish(account: Account, own_id: str) -> ResponseReturnValue:
    """Offer the draft to the kommune's teachers, if it breaks no rule."""
    store = get_stores().archive
    found = own_sets.get(store, own_id)
    if set_checks.faults(found.raw):
        return set_checks.page(found, refused=True), 422
    revision = request.form.get("revision", "")
    if revision != str(found.revision.number):
        return set_checks.page(found, overtaken=True), 409
    try:
        own_sets.publish(store, own_id, found.revision.number, account.id, now())
    except own_sets.Overtaken:
        return set_checks.page(own_sets.get(store, own_id), overtaken=True), 409
    except own_sets.NothingNew:
        pass  # Pressed twice: it is published.
    return redirect(to("set_editor.page", own_id=own_id, udgivet=1), 303)


@bp.post("/<own_id>/brug")
@access.staff(Role.CONSULTANT)
def retire(account: Account, own_id: str) -> ResponseReturnValue:
    """Offer a set no more, or again: as the button said."""
    wanted = request.form.get("ud") == "1"
    own_sets.retire(get_stores().archive, own_id, wanted, account.id, now())
    return redirect(to("set_editor.page", own_id=own_id), 303)


@bp.post("/<own_id>/slet")
@access.staff(Role.CONSULTANT)
def delete(account: Account, own_id: str) -> ResponseReturnValue:
    """Delete a draft that was never published."""
    own_sets.delete(get_stores().archive, own_id, account.id, now())
    return redirect(to(".page"), 303)


@bp.post("/<own_id>/tilbage")
@access.staff(Role.CONSULTANT)
def restore(account: Account, own_id: str) -> ResponseReturnValue:
    """Save an earlier state of the draft once more, as its newest."""
    store = get_stores().archive
    wanted = request.form.get("udgave", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    raw = own_sets.draft(store, own_id, number) if number < 10**9 else None
    found = own_sets.get(store, own_id)
    if raw is None:
        return errors.page(errors.NO_SUCH_REVISION)
    try:
        own_sets.save(store, own_id, raw, found.revision.number, account.id, now())
    except own_sets.Overtaken:
        return set_checks.page(own_sets.get(store, own_id), overtaken=True), 409
    return redirect(to("set_editor.page", own_id=own_id), 303)


@bp.get("/<own_id>.toml")
@access.staff(Role.CONSULTANT)
def download(account: Account, own_id: str) -> ResponseReturnValue:
    """The draft as a file, to be read in here or in another kommune."""
    found = own_sets.get(get_stores().archive, own_id)
    raw = {**found.raw, "version": max(1, found.version)}
    response = Response(set_file.write(raw), mimetype="application/toml")
    response.headers["Content-Disposition"] = f'attachment; filename="{own_id}.toml"'
    return response


# --- what they are made of ------------------------------------------------------------


def _begin(raw: drafts.Raw, source: str, account: Account) -> str:
    """Begin a draft under its id, or one like it where that is taken; give the id."""
    store = get_stores().archive
    while True:
        taken = {one.id for one in own_sets.everything(store)} | set(question_sets())
        own_id = drafts.free_id(raw["id"], taken)
        with suppress(own_sets.IdTaken):  # by somebody who began at the same moment
            own_sets.create(store, {**raw, "id": own_id}, source, account.id, now())
            return own_id


def _sent() -> drafts.Raw:
    """What the file or the text of a request holds.

    :raises InvalidFile: with what is wrong, and in which line.
    """
    upload = request.files.get("fil")
    if upload is not None and upload.filename:
        name = _clean(upload.filename)
        with upload.stream as stream:
            body = stream.read(set_files.LARGEST + 1)
    else:
        name = "Indsat"
        # A browser sends a text field's line breaks as two characters.
        typed = request.form.get("tekst", "").replace("\r\n", "\n")
        body = typed.encode("utf-8", "replace")
    if not body.strip():
        what, instead = "Der er ingen fil.", "Vælg en fil, eller sæt dens tekst ind."
        raise InvalidFile([Problem(name, "", what, instead, "unreadable")])
    raw, text = set_files.parse_toml(set_files.decoded(body, name), name)
    _, problems = check_set(raw, name)
    faults = [
        one
        for one in problems
        if one.level is Level.ERROR and one.rule in _BROKEN_SHAPE
    ]
    if faults:
        raise InvalidFile(located(faults, text))
    return raw


def _clean(name: str) -> str:
    return " ".join("".join(one for one in name if one.isprintable()).split())[:80]


def _page(problems: tuple[Problem, ...] = ()) -> str:
    form = CopyForm(formdata=None)
    form.saet.choices = [
        SelectChoice(value=one.id, label=f"{grades_name(one.grades)}: {one.title}")
        for one in sorted(question_sets().values(), key=lambda one: one.grades)
    ]
    return render_template(
        "own_sets/list.html",
        sets=own_sets.everything(get_stores().archive),
        copying=form,
        reading=SetFileForm(formdata=None),
        problems=problems,
        state=_state,
    )


def _state(one: OwnSet) -> str:
    """What a set of the kommune's is at, in words."""
    if one.is_retired:
        return "ude af brug"
    if not one.version:
        return "kladde"
    if one.id not in library().sets:
        return "udeladt: reglerne er ændret"
    state = f"udgivet, version {one.version}"
    return f"{state}, med ændringer i en kladde" if one.has_news else state
