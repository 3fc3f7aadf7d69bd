"""Writing a question set: its questions, and what stands around them.

Every part has a page of its own that works without script; with it, the checker's
words come while one types. Two who write in different parts do not meet; who saves a
part that another has saved meanwhile is told, and nothing of either is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask import url_for as to
from flask.typing import ResponseReturnValue

from pejling.domain import benchmarks
from pejling.domain.content import drafts
from pejling.domain.content.drafts import ABOUT
from pejling.domain.content.page_words import ORDER, Remark
from pejling.domain.content.set_reader import thaw
from pejling.domain.question_sets import Audience, Role, Sensitivity
from pejling.storage import own_sets
from pejling.storage.accounts import Account
from pejling.storage.accounts import Role as StaffRole
from pejling.storage.own_sets import OwnSet
from pejling.web import access, errors, set_checks
from pejling.web.context import get_stores, now, question_sets
from pejling.web.set_forms import (
    MOST_SOURCES,
    SOURCE_LABELS,
    AboutForm,
    NewTriadForm,
    TriadForm,
    about_form,
    triad_form,
)

bp = Blueprint("set_editor", __name__, url_prefix="/konsulent/saet")

TRIES = 5
"""How often a save is tried when others save other parts at the same moment."""


@dataclass(frozen=True)
class Outcome:
    """What became of a save.

    :ivar own: the set as it is now.
    :ivar overtaken: whether another has changed the same part; then nothing was saved.
    """

    own: OwnSet
    overtaken: bool


@bp.get("/<own_id>")
@access.staff(StaffRole.CONSULTANT)
def page(account: Account, own_id: str) -> ResponseReturnValue:
    """The draft as a whole."""
    return set_checks.page(_own(own_id))


# --- a triad --------------------------------------------------------------------------


@bp.get("/<own_id>/spoergsmaal/<triad_id>")
@access.staff(StaffRole.CONSULTANT)
def triad(account: Account, own_id: str, triad_id: str) -> ResponseReturnValue:
    """One behaviour: its words, and whom they are asked."""
    own = _own(own_id)
    values = drafts.part(own.raw, triad_id)
    if values is None:
        abort(404)
    return _triad_page(own, triad_id, _triad_form(values | _revision(own)), own.raw)


@bp.post("/<own_id>/spoergsmaal/<triad_id>")
@access.staff(StaffRole.CONSULTANT)
def save_triad(account: Account, own_id: str, triad_id: str) -> ResponseReturnValue:
    """Check what was typed, or save it."""
    own = _own(own_id)
    form = _triad_form()
    return _checked_or_saved(
        account,
        own,
        triad_id,
        form,
        lambda own, raw, **more: _triad_page(own, triad_id, form, raw, **more),
    )


def _triad_form(values: Mapping[str, Any] | None = None) -> TriadForm:
    return triad_form(benchmarks.indicators().values(), values)


def _triad_page(
    own: OwnSet,
    triad_id: str,
    form: TriadForm,
    raw: Mapping[str, Any],
    **more: Any,
) -> str:
    place = drafts.place_of(raw, triad_id)
    read = thaw(raw).triads
    return render_template(
        "own_sets/triad.html",
        own=own,
        form=form,
        triad=read[place],
        asked=_asked(raw, triad_id),
        place=place,
        before=read[place - 1] if place else None,
        after=read[place + 1] if place + 1 < len(read) else None,
        remarks=set_checks.by_field(set_checks.remarks_on(raw), place),
        red=Sensitivity.RED.value,
        **_told(**more),
    )


def _asked(raw: Mapping[str, Any], triad_id: str) -> list[str]:
    """The sentences that follow from the act and its time."""
    one = raw["spoergsmaal"][drafts.place_of(raw, triad_id)]
    return [one[role.value] for role in (Role.OTHERS, Role.FRIENDS) if role in one]


# --- what stands around them ----------------------------------------------------------


@bp.get("/<own_id>/om")
@access.staff(StaffRole.CONSULTANT)
def about(account: Account, own_id: str) -> ResponseReturnValue:
    """Title, årgange, goals, words, prompts and sources."""
    own = _own(own_id)
    values = drafts.part(own.raw, ABOUT) or {}
    form = about_form(_guessable(own), values=values | _revision(own))
    return _about_page(own, form, own.raw)


@bp.post("/<own_id>/om")
@access.staff(StaffRole.CONSULTANT)
def save_about(account: Account, own_id: str) -> ResponseReturnValue:
    """Check what was typed, or save it."""
    own = _own(own_id)
    form = about_form(_guessable(own), sent=request.form)
    return _checked_or_saved(
        account,
        own,
        ABOUT,
        form,
        lambda own, raw, **more: _about_page(own, form, raw, **more),
    )


def _guessable(own: OwnSet) -> list[tuple[str, str]]:
    """Pupils' acts that parents may guess at: of the same årgange, none roed.

    Those that are chosen come first, in their order.
    """
    grades = set(own.raw["aargang"])
    chosen = own.raw.get("gaet_elevernes_svar", [])
    found = [
        (f"{one.id}/{triad.id}", f"{one.title}: {triad.act}")
        for one in question_sets().values()
        if one.audience is not Audience.PARENTS and grades & set(one.grades)
        for triad in one.triads
        if not triad.is_warm_up and triad.sensitivity is not Sensitivity.RED
    ]
    order = {name: place for place, name in enumerate(chosen)}
    return sorted(found, key=lambda one: order.get(one[0], len(order)))


def _about_page(
    own: OwnSet, form: AboutForm, raw: Mapping[str, Any], **more: Any
) -> str:
    empty = dict.fromkeys(SOURCE_LABELS, "")
    sources = [one for one in form.sources if any(one.values())][:MOST_SOURCES]
    return render_template(
        "own_sets/about.html",
        own=own,
        form=form,
        sources=[*sources, empty][:MOST_SOURCES],
        source_labels=SOURCE_LABELS.items(),
        for_parents=raw["maalgruppe"] == Audience.PARENTS,
        remarks=set_checks.by_field(set_checks.remarks_on(raw), None),
        **_told(**more),
    )


# --- its questions in order -----------------------------------------------------------


@bp.post("/<own_id>/spoergsmaal")
@access.staff(StaffRole.CONSULTANT)
def add(account: Account, own_id: str) -> ResponseReturnValue:
    """One more behaviour, and on to its page."""
    act = NewTriadForm().act()[:80]
    made: list[str] = []

    def change(raw: Mapping[str, Any]) -> dict[str, Any]:
        found, name = drafts.with_new(raw, act)
        made[:] = [name]
        return found

    try:
        _change(account, own_id, change)
    except drafts.TooMany:
        return errors.page(errors.SET_FULL)
    return redirect(to(".triad", own_id=own_id, triad_id=made[0]), 303)


MOVES: Mapping[str, Callable[[Mapping[str, Any], str], dict[str, Any]]] = {
    "op": lambda raw, name: drafts.moved(raw, name, -1),
    "ned": lambda raw, name: drafts.moved(raw, name, 1),
    "ud": drafts.without,
}
"""What may be done to a triad from the list."""


@bp.post("/<own_id>/orden")
@access.staff(StaffRole.CONSULTANT)
def arrange(account: Account, own_id: str) -> ResponseReturnValue:
    """Move a triad up or down, or take it out."""
    move = MOVES.get(request.form.get("trin", ""))
    name = request.form.get("triade", "")
    if move is None:
        abort(400)
    _change(account, own_id, lambda raw: move(raw, name))
    return redirect(to(".page", own_id=own_id) + "#spoergsmaal", 303)


# --- saving ---------------------------------------------------------------------------


def _checked_or_saved(
    account: Account,
    own: OwnSet,
    name: str,
    form: TriadForm | AboutForm,
    show: Callable[..., str],
) -> ResponseReturnValue:
    values = form.values()
    raw = drafts.with_part(own.raw, name, values)
    if request.form.get("trin") == "tjek":
        if request.accept_mimetypes.best == "application/json":
            return _as_json(raw, name)
        return show(own, raw, is_checked=True)
    outcome = _save_part(account, own.id, name, values, _based_on(form))
    if outcome.overtaken:
        # Sent again, it goes in place of what the other wrote, who is in the list.
        form.revision.data = str(outcome.own.revision.number)
        theirs = drafts.part(outcome.own.raw, name)
        return show(outcome.own, raw, theirs=theirs), 409
    if name == ABOUT:
        return redirect(to(".about", own_id=own.id, gemt=1), 303)
    return redirect(to(".triad", own_id=own.id, triad_id=name, gemt=1), 303)


def _save_part(
    account: Account, own_id: str, name: str, values: Mapping[str, Any], based_on: int
) -> Outcome:
    """Save one part of a draft, whatever others did to the other parts."""
    store = get_stores().archive
    base = own_sets.draft(store, own_id, based_on)
    before = drafts.part(base, name) if base is not None else None
    for _ in range(TRIES):
        own = own_sets.get(store, own_id)
        current = drafts.part(own.raw, name)
        raw = drafts.with_part(own.raw, name, values)
        wanted = drafts.part(raw, name)
        if wanted == current:
            return Outcome(own, overtaken=False)
        if current != before and own.revision.number != based_on:
            return Outcome(own, overtaken=True)
        try:
            own_sets.save(store, own_id, raw, own.revision.number, account.id, now())
        except own_sets.Overtaken:
            continue
        return Outcome(own_sets.get(store, own_id), overtaken=False)
    return Outcome(own_sets.get(store, own_id), overtaken=True)


def _change(
    account: Account,
    own_id: str,
    change: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> None:
    """Change the newest draft, and again where somebody saved in between."""
    store = get_stores().archive
    for _ in range(TRIES):
        own = own_sets.get(store, own_id)
        raw = change(own.raw)
        if raw == own.raw:
            return
        try:
            own_sets.save(store, own_id, raw, own.revision.number, account.id, now())
        except own_sets.Overtaken:
            continue
        return
    raise own_sets.Overtaken(own_id)


def _based_on(form: TriadForm | AboutForm) -> int:
    sent = form.revision.data or ""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _own(own_id: str) -> OwnSet:
    return own_sets.get(get_stores().archive, own_id)


def _revision(own: OwnSet) -> dict[str, int]:
    return {"revision": own.revision.number}


def _told(
    *,
    is_checked: bool = False,
    theirs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What a page says of the save."""
    return {
        "is_saved": "gemt" in request.args and request.method == "GET",
        "is_checked": is_checked,
        "theirs": theirs,
    }


def _as_json(raw: Mapping[str, Any], name: str) -> ResponseReturnValue:
    """The checker's words on one part, for the script beside the fields."""
    place = None if name == ABOUT else drafts.place_of(raw, name)
    found = set_checks.by_field(set_checks.remarks_on(raw), place)
    if name == ABOUT:
        found.pop(ORDER, None)
    return jsonify(
        asked=[] if name == ABOUT else _asked(raw, name),
        remarks={field: [_said(one) for one in its] for field, its in found.items()},
    )


def _said(one: Remark) -> dict[str, Any]:
    return {"text": one.text, "why": one.why, "error": one.is_error}
