"""All routes of the application: who may ask for each, with what, and what is left out.

Read from the application itself, so that a new route cannot be forgotten: one that is
neither asked for nor left out with a reason is an error (:func:`unaccounted`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from pejling.storage.accounts import Role

METHODS = frozenset({"GET", "POST"})

NO_SESSION = "reads and writes nothing of any session"
SIGNING = "signs somebody in or out, and is about no session"

LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("GET", "assets.send"): "a file of the package",
    ("GET", "kommune_pages.picture"): "the kommune's logo",
    ("GET", "auth.setup"): SIGNING,
    ("GET", "auth.enter"): SIGNING,
    ("POST", "auth.check"): SIGNING,
    ("POST", "auth.sign_out"): SIGNING,
    ("POST", "auth.set_up"): SIGNING,
    ("POST", "auth.choose_password"): SIGNING,
    ("POST", "remote.accept"): "makes a browser the remote, and leads to its page",
    ("POST", "opening.open_session"): "opens another session, and leads to its page",
    ("POST", "follow_up.open_it"): "refused while the session is open",
    ("GET", "information.letter_word"): "holds the second it was made in",
    ("GET", "information.assessment_word"): "the same",
    ("GET", "summary.for_word"): "the same; its words are those of the page",
    ("GET", "auth.second"): SIGNING,
    ("POST", "auth.check_second"): SIGNING,
    ("GET", "oidc.begin"): SIGNING,
    ("GET", "oidc.back"): SIGNING,
    ("GET", "oidc.out"): SIGNING,
    ("GET", "profile.second"): "a new secret each time; about no session",
    ("POST", "profile.turn_on"): SIGNING,
    ("POST", "profile.turn_off"): SIGNING,
    ("POST", "profile.change_password"): SIGNING,
    ("POST", "profile.sign_out_everywhere"): SIGNING,
    **{
        ("POST", f"people.{one}"): SIGNING
        for one in (
            *("invite", "link", "role", "deactivate", "activate", "sign_out"),
            "no_second_factor",
        )
    },
    **{
        ("POST", f"school_pages.{one}"): NO_SESSION
        for one in ("add", "rename", "retire", "delete", "set_classes")
    },
    ("POST", "bookings.book"): NO_SESSION,
    ("POST", "bookings.unbook"): NO_SESSION,
    ("POST", "consultant.fill_in"): NO_SESSION,
    **{
        ("POST", f"own_sets.{one}"): NO_SESSION
        for one in ("copy", "read_in", "publish", "retire", "delete", "restore")
    },
    ("GET", "own_sets.download"): NO_SESSION,
    **{("GET", f"set_editor.{one}"): NO_SESSION for one in ("page", "triad", "about")},
    **{
        ("POST", f"set_editor.{one}"): NO_SESSION
        for one in ("save_triad", "save_about", "add", "arrange")
    },
    ("GET", "trial.draft"): NO_SESSION,
    ("GET", "trial.offered"): NO_SESSION,
    ("POST", "trial.answer_draft"): NO_SESSION,
    ("POST", "trial.answer_offered"): NO_SESSION,
    **{
        ("POST", f"kommune_pages.{one}"): NO_SESSION
        for one in (
            *("set_logo", "remove_logo", "set_help", "set_address", "set_languages"),
            *("opt_in", "opt_out"),
        )
    },
    ("POST", "meeting.release"): "refused while the session is open",
    ("POST", "deleting.delete"): "refused while the session is open",
    ("POST", "class_page.release"): "refused while the session is open",
    ("POST", "older_pages.pass_on"): "refused while the session is open",
    ("POST", "older_pages.show"): "refused while the session is open",
    ("POST", "class_page.end"): "ends a page; there is none while it is open",
    ("POST", "consultant.follow"): NO_SESSION,
    ("POST", "figures.look"): NO_SESSION,
    ("POST", "figures.keep"): NO_SESSION,
    ("POST", "figures.take_back"): NO_SESSION,
}
"""(method, endpoint) -> why it is not compared."""

ARGUMENTS = frozenset(
    {
        "session_id", "key", "secret", "proof", "slip", "token", "grade", "set_id",
        "triad_id", "design", "indicator_id", "number", "digest",
        "page_key",
    }
)  # fmt: skip
"""Parts of an address that are known for a session; a new one is to be added here."""

FORMS: Mapping[str, Mapping[str, str]] = {
    "pupil.find": {"kode": "{code}"},
    "pupil.join": {},
    "pupil.slip_join": {"pejling": "{session_id}"},
    "pupil.answer": {
        "tema": "{triad_id}", "andre": "007", "kammerater": "007", "selv": "001",
        "trin": "send",
    },
    "pupil.leave": {},
    "remote.invite": {},
    "remote.end": {},
    "teacher.warm_up": {},
    "teacher.way_in": {},
    "teacher.ask": {},
    "teacher.close": {},
    "teacher.ask_next": {},
    "teacher.finish": {},
    "teacher.forward": {},
    "teacher.backward": {},
    "teacher.go_to": {"item": "{triad_id}"},
    "teacher.show": {"item": "{triad_id}", "vis": "1"},
    "teacher.show_elsewhere": {"item": "{triad_id}", "vis": "1"},
    "teacher.leave_out": {"item": "{triad_id}", "grund": "misforstaaet"},
    "teacher.agree": {"agreement": "Vi siger det, som det er."},
    "follow_up.not_now": {},
    "lobby.start_over": {},
    "lobby.resize": {"present": "28"},
    "lobby.free_seat": {},
    "lobby.issue_slips": {},
    "paper.count": {},
}  # fmt: skip
"""Endpoint of a press -> its form, besides token and version."""

WARM_UP = frozenset(
    {
        "projector.show", "projector.state", "projector.stream", "teacher.lead",
        "teacher.stream", "teacher.agree", "lobby.resize", "remote.page",
        "remote.stream",
    }
)  # fmt: skip
"""Where the neutral warm-up moves while it is answered: that is what it is for."""


SELDOM = frozenset(
    {
        "auth", "oidc", "board", "bookings", "curriculum", "figures", "patterns",
        "opening.prepare",
    }
)  # fmt: skip
"""Parts and endpoints that read no session; they are compared all the same, not as
often."""


@dataclass(frozen=True)
class Asking:
    """A route, and somebody who may ask for it.

    :ivar who: a key of the people of :mod:`bench.privacy.frames`.
    """

    method: str
    endpoint: str
    arguments: frozenset[str]
    who: str

    @property
    def is_stream(self) -> bool:
        """Whether the reply has no end."""
        return self.endpoint.endswith(".stream")

    @property
    def is_seldom(self) -> bool:
        """Whether it takes long, or reads no session."""
        part = self.endpoint.partition(".")[0]
        return self.is_stream or part in SELDOM or self.endpoint in SELDOM


def unaccounted(app: Flask) -> list[str]:
    """Routes that would be forgotten, and reasons for routes that are gone."""
    found = {(method, rule.endpoint): rule for rule, method in _all(app)}
    forgotten = [
        f"{method} {rule.rule}"
        for (method, endpoint), rule in found.items()
        if (method, endpoint) not in LEFT_OUT
        and (
            not rule.arguments <= ARGUMENTS
            or (method == "POST" and endpoint not in FORMS)
            or not _who(app, endpoint)
        )
    ]
    gone = [
        f"{method} {name}" for method, name in LEFT_OUT if (method, name) not in found
    ]
    gone += [f"POST {name}" for name in FORMS if ("POST", name) not in found]
    return sorted([*forgotten, *gone])


def askings(app: Flask) -> list[Asking]:
    """Every route with everybody who may ask for it, in the application's order."""
    found = {
        Asking(method, rule.endpoint, frozenset(rule.arguments), who): None
        for rule, method in _all(app)
        if (method, rule.endpoint) not in LEFT_OUT
        for who in _who(app, rule.endpoint)
    }
    return list(found)


def _all(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(METHODS & (rule.methods or set())):
            yield rule, method


def _who(app: Flask, endpoint: str) -> list[str]:
    """Everybody whom the view's own declaration lets in."""
    level, roles = getattr(app.view_functions[endpoint], "access", ("", ()))
    if level == "staff":
        return [_STAFF[role] for role in roles]
    return _LEVELS.get(level, [])


_STAFF = {
    Role.TEACHER: "teacher",
    Role.CONSULTANT: "consultant",
    Role.BOARD: "board",
}
_LEVELS = {
    "public": ["nobody", "who has answered"],
    "wall": ["nobody", "teacher"],
    "took_part": ["nobody", "who has answered"],
    "class page": ["nobody", "who has answered"],
    "seat": ["who has answered", "who answers otherwise", "who has not answered"],
    "own session": ["teacher", "consultant"],
    "may move": ["teacher", "consultant", "remote"],
}
