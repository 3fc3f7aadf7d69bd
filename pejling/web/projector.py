"""The projector: one thought per screen, nothing that the teacher has not chosen."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from pejling import compared, older, results
from pejling.domain import change_wording, sessions, wording
from pejling.domain.disclosure import Shown
from pejling.domain.elsewhere import Outside
from pejling.domain.findings import Branch
from pejling.domain.follow_up import Change, Compared
from pejling.domain.norms import perceived_norm
from pejling.domain.revealed import Result, Results
from pejling.domain.room_words import ROOMS
from pejling.domain.sessions import (
    AGREEMENT,
    OVERVIEW,
    Mode,
    Session,
    Stage,
    Step,
)
from pejling.output import captions, change_table, changes, charts, qr
from pejling.output.captions import Row
from pejling.output.change_table import ChangeRow
from pejling.output.plot import Figure
from pejling.storage import archive, ballot_box
from pejling.storage.ballot_box import Room
from pejling.web import access, live
from pejling.web.context import get_stores, now, public_url

bp = Blueprint("projector", __name__, url_prefix="/tavle")

NO_NUMBERS = "I dag taler vi sammen uden tal."
HIDDEN = "Vi går videre til det næste."


@dataclass(frozen=True)
class Scene:
    """One screen of the projector.

    :ivar name: its template, ``projector/_scene_<name>.html``.
    :ivar heading: the screen's one ``h1``, and its title.
    :ivar say: the sentences that are read aloud too; each keeps to a line if it can.
    :ivar note: a quiet line under it.
    :ivar key: the chart's name; between two scenes that share it the chart moves.
    :ivar label: the chart in words.
    :ivar seats: how many have joined, for each seat whether it is taken.
    :ivar older: what an older class answered, as a line of its own.
    """

    name: str
    heading: str
    say: tuple[str, ...] = ()
    note: str = ""
    key: str = ""
    figure: Figure | None = None
    label: str = ""
    rows: Sequence[Row] | Sequence[ChangeRow] = ()
    qr: str = ""
    seats: Sequence[bool] = ()
    code: str = ""
    older: str = ""


# --- pages ----------------------------------------------------------------------------


@bp.get("/<key>")
@access.wall
def show(session: Session) -> ResponseReturnValue:
    """The screen as it is now; the script takes over from here."""
    room = _room(session)
    return render_template(
        "projector/wall.html",
        session=session,
        scene=_scene(session, room),
        version=live.version_of(session, room),
        may_lead=access.may_lead(access.signed_in(), session),
    )


@bp.get("/<key>/tilstand")
@access.wall
def state(session: Session) -> ResponseReturnValue:
    """The screen as the script wants it: a fragment and a figure."""
    room = _room(session)
    scene = _scene(session, room)
    return jsonify(
        version=live.version_of(session, room),
        title=scene.heading,
        html=render_template(
            f"projector/_scene_{scene.name}.html", scene=scene, session=session
        ),
        figure=scene.figure,
        again=_again(session),
    )


@bp.get("/<key>/stroem")
@access.wall
def stream(session: Session) -> ResponseReturnValue:
    """Changes as they happen."""
    return live.stream(session.id)


def _room(session: Session) -> Room | None:
    # Read before what the screen shows: a version that is behind is mended by the next
    # event, one that is ahead never.
    return ballot_box.room(get_stores().ballots, session.id)


def _again(session: Session) -> int | None:
    """Seconds until the screen changes by itself: when the code stops working."""
    if not session.code or not sessions.may_join(session, now()):
        return None
    return math.ceil(session.opened + sessions.JOIN_SECONDS - now()) + 1


def _scene(session: Session, room: Room | None) -> Scene:
    stores = get_stores()
    joinable = sessions.may_join(session, now())
    seats = room.seats if room else 0
    if session.stage is Stage.LOBBY or session.position.item == sessions.WAY_IN:
        return _way_in(session, seats)
    # For who comes late, while there is a free seat.
    code = session.code if joinable and seats < session.present else ""
    if session.stage is Stage.WARM_UP:
        return warm_up(results.of_warm_up(stores, session), seats, code)
    asked = sessions.last_asked(session)
    if asked:
        answered = ballot_box.progress(stores.ballots, session.id, asked)
        leader = ROOMS[session.questions.audience].leader
        return progress(answered, seats, code, leader)
    return reveal(session, results.of_session(stores, session))


def _way_in(session: Session, seats: int) -> Scene:
    if session.mode is Mode.PAPER:
        return Scene("paper", "Svar på papir")
    if session.mode is Mode.SLIPS:
        return by_slip(session, seats)
    link = f"{public_url()}/Q/{session.join_secret}".upper()
    joinable = sessions.may_join(session, now())
    return lobby(session, seats, qr.svg(link) if joinable else "")


# --- scenes ---------------------------------------------------------------------------


def lobby(session: Session, seats: int, picture: str) -> Scene:
    """The way in, or the news that it is closed.

    :param picture: the QR as SVG; "" when code and QR have stopped working.
    """
    taken = [place < seats for place in range(session.present)]
    joined = f"{seats} af {session.present} er med"
    if picture:
        return Scene("lobby", "Kom med", say=(joined,), qr=picture, seats=taken)
    everyone = seats >= session.present
    return Scene(
        "lobby",
        "Koden er lukket",
        say=("Alle er med." if everyone else f"{joined}.",),
        seats=taken,
    )


def by_slip(session: Session, seats: int) -> Scene:
    """The way in where each pupil has drawn a slip: nothing to scan on the wall."""
    return Scene(
        "slips",
        "Tag en seddel",
        say=(f"{seats} af {session.present} er med",),
        seats=[place < seats for place in range(session.present)],
    )


def warm_up(result: Result, seats: int, code: str) -> Scene:
    """The neutral item, whose picture moves while the answers come."""
    note = "Svar på din egen skærm. Billedet kommer, når fem har svaret."
    if result.answered:
        note = (
            f"{result.answered} har svaret. Billedet flytter sig, "
            "når mindst tre flere har svaret."
        )
        if seats and result.answered >= seats:
            note = "Alle har svaret."
    return Scene(
        "warm_up",
        result.question,
        note=note,
        key="warm_up",
        figure=charts.warm_up(result),
        label=captions.describe(result, Step.FACIT),
        rows=captions.table([result]) if result.friends else (),
        code=code,
    )


def progress(answered: int, seats: int, code: str, leader: str = "din lærer") -> Scene:
    """How far the class is; nothing about what was answered."""
    words = wording.progress(answered, seats)
    done = bool(seats) and answered >= seats
    return Scene(
        "progress",
        words,
        say=(words,) if done else (),
        note=(
            f"Vent, til {leader} går videre."
            if done
            else "Svar på din egen skærm. Kig ikke på andres."
        ),
        key="progress",
        figure=charts.progress(answered, seats),
        label=words,
        code=code,
    )


def reveal(session: Session, found: Results) -> Scene:
    """The screen of a position, once there is something to reveal."""
    item = session.position.item
    if session.stage is Stage.CLOSED and not any(
        one.can_show
        for one in found.items
        if one.triad.id != session.warm_up.id or session.reveals_warm_up
    ):
        left_out = any(one.omission for one in found.items)
        return Scene("words", NO_NUMBERS if left_out else wording.TOO_FEW)
    if not item:
        return Scene("rules", "Nu ser vi på tallene.")
    beside = compared.of(get_stores(), found)
    if item == OVERVIEW:
        screen = sessions.overview_screen(session.position)
        before_and_after = _on_wall(found, beside)
        if before_and_after:
            return all_changes(before_and_after, screen)
        return overview(found, screen)
    if item == AGREEMENT:
        own = archive.agreement(get_stores().archive, session.id)
        return agreement(session, own, beside.agreed if beside else ())
    result = found.item(item)
    if result is None or result.hidden:
        return Scene("words", HIDDEN)
    if beside and item in beside.on_wall and session.position.step is Step.FIGURES:
        return change(result, beside.changes[item])
    scene = behaviour(result, session.position.step)
    if result.nearest(session.position.step) not in (Step.SENTENCE, Step.FIGURES):
        return scene
    passed = older.shown(get_stores(), session, found).get(item)
    return replace(scene, older=passed.sentence) if passed else scene


def behaviour(result: Result, step: Step) -> Scene:
    """One behaviour at one step of its reveal."""
    step = result.nearest(step)
    heading, rows = result.question, captions.table([result], step)
    if result.is_about_others and step is not Step.FIGURES:
        heading = result.question_about_others
    label = captions.describe(result, step)
    if step is Step.QUESTION:
        return Scene("words", heading)
    if step is Step.FIGURES and result.triad.is_about_pupils:
        return Scene(
            "item",
            heading,
            say=_sentences(result.sentence),
            key="pupils",
            figure=charts.pupils(result),
            label=label,
        )
    if step is Step.FIGURES:
        return Scene(
            "item",
            heading,
            say=_sentences(result.sentence),
            key="figures",
            figure=charts.figures(result),
            label=label,
            rows=rows,
        )
    say, note = _words(result, step)
    return Scene(
        "item",
        heading,
        say=say,
        note=note,
        key=f"guesses-{result.triad.id}",
        figure=charts.guesses(result, step),
        label=label,
        rows=rows,
    )


def _words(result: Result, step: Step) -> tuple[tuple[str, ...], str]:
    """The sentences and the quiet line of a step."""
    if result.is_about_others and result.outside is not None:
        return _words_about_others(result.outside, step)
    if result.triad.is_about_pupils:
        middle = wording.number(perceived_norm(result.friends or {}))
        return ("Hvad tror I?",), f"Hver prik er et gæt. Det midterste gæt er {middle}."
    found = result.norms
    if found is None or not isinstance(result.own, Shown):
        return (), ""
    if step is Step.GUESSES:
        middle = wording.number(found.perceived)
        return ("Hvad tror I?",), f"Hver prik er et gæt. Det midterste gæt er {middle}."
    if step is Step.ELSEWHERE and result.elsewhere is not None:
        found_there = result.elsewhere
        return wording.elsewhere(found_there), wording.elsewhere_note(found_there)
    if step is Step.FACIT:
        return (), captions.facit_note(result, result.own)
    branch = result.finding.branch if result.finding else None
    telling = branch in (Branch.OVERESTIMATE, Branch.MORE_THAN_THOUGHT)
    note = wording.how_guesses_fell(found.shares) if telling else ""
    return _sentences(result.sentence), note


def _words_about_others(found: Outside, step: Step) -> tuple[tuple[str, ...], str]:
    if step is Step.GUESSES:
        middle = wording.number(found.norms.perceived)
        return ("Hvad tror I?",), f"Hver prik er et gæt. Det midterste gæt er {middle}."
    if step is Step.FACIT:
        return (), wording.outside_note(found)
    return _sentences(wording.outside(found)), wording.outside_note(found)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"(?<=\.) ", text))


def overview(found: Results, screen: int = 0) -> Scene:
    """All that was revealed, side by side, the largest misperception first.

    :param screen: which part, from 0, where there are too many for one wall.
    """
    everything = found.by_gap
    if not everything:
        return Scene("words", "Tak for jeres svar. Nu taler vi sammen.")
    screens = sessions.overview_screens(len(everything))
    rows = math.ceil(len(everything) / screens)
    screen = min(screen, screens - 1)
    shown = everything[screen * rows : (screen + 1) * rows]
    key = f"overview-{screen}" if screens > 1 else "overview"
    honest = found.honesty
    return Scene(
        "overview",
        "Det troede vi, og sådan er det",
        note=(
            f"Svarede I ærligt? Ja, på det hele, siger {wording.out_of(honest)}."
            if isinstance(honest, Shown)
            else ""
        ),
        key=key,
        figure=charts.closing_bars(shown),
        label=captions.describe_bars(shown),
        rows=captions.table(shown),
    )


def _on_wall(found: Results, beside: Compared | None) -> list[tuple[Result, Change]]:
    """What of a follow-up stands beside its first run on the wall."""
    if beside is None:
        return []
    return [
        (one, beside.changes[one.triad.id])
        for one in found.by_gap
        if one.triad.id in beside.on_wall
    ]


def change(result: Result, change: Change) -> Scene:
    """One behaviour then and now: in place of the figures of a first run."""
    note = [
        change_wording.unseen(change, result.audience),
        change_wording.shares(change),
    ]
    return Scene(
        "change",
        result.question,
        say=(change_wording.headline(change),),
        note=" ".join(one for one in note if one),
        key=f"change-{result.triad.id}",
        figure=changes.guesses(result, change),
        label=change_table.describe(result, change),
        rows=change_table.table([(result, change)]),
    )


def all_changes(pairs: Sequence[tuple[Result, Change]], screen: int = 0) -> Scene:
    """All that can be held against the first run, side by side.

    :param screen: as for :func:`overview`.
    """
    screens = sessions.overview_screens(len(pairs))
    rows = math.ceil(len(pairs) / screens)
    screen = min(screen, screens - 1)
    shown = pairs[screen * rows : (screen + 1) * rows]
    change = shown[0][1]
    note = "Åben prik: sidst. Fyldt prik: nu. Blå streg: sådan er det nu."
    if not change.same_size:
        note += f" Sidst er tegnet, som om I var {change.present}."
    return Scene(
        "changes",
        "Sidst og nu",
        note=note,
        key=f"changes-{screen}",
        figure=changes.overview(shown),
        label=change_table.describe_all(shown),
        rows=change_table.table(shown),
    )


def agreement(
    session: Session, sentences: Sequence[str], then: Sequence[str] = ()
) -> Scene:
    """What the class agrees on; until it has, how the sentence begins.

    :param then: what a class that is followed up agreed on the first time.
    """
    begin = session.questions.agreement
    if then and not sentences:
        return Scene("agreement", "Holder vi den?", say=tuple(then), note=begin)
    heading = ROOMS[session.questions.audience].agreement
    return Scene("agreement", heading, say=tuple(sentences), note=begin)
