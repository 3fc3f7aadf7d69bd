"""What a request carries: the two databases, the clock, the signed-in account."""

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.routing import IntegerConverter, Map

from pejling.domain.content.library import Library, Own, with_own
from pejling.domain.curriculum import Plan
from pejling.domain.help_lines import HelpLine
from pejling.domain.promises import LANGUAGES
from pejling.domain.question_sets import QuestionSet
from pejling.storage import connections, kommune, own_sets
from pejling.storage.connections import Stores


class RowNumber(IntegerConverter):
    """A number in an address, no larger than SQLite takes: others are not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


def init_app(app: Flask) -> None:
    """Give the databases back when a request ends, and read numbers in addresses."""
    app.url_map.converters["int"] = RowNumber
    app.config.setdefault("CLOCK", time.time)
    app.config.setdefault("LOCAL_URL", "http://localhost")
    app.jinja_env.globals["shown_logo"] = shown_logo
    app.teardown_appcontext(_give_back)


def get_stores() -> Stores:
    """The databases of this request."""
    if "stores" not in g:
        g.stores = connections.open_stores(data_folder())
    return cast(Stores, g.stores)


def data_folder() -> Path:
    """The data folder of this application."""
    return cast(Path, current_app.config["DATA"])


def now() -> float:
    """Seconds since the epoch, from the clock that the application was handed."""
    clock = cast(Callable[[], float], current_app.config["CLOCK"])
    return clock()


def library() -> Library:
    """The question sets and plans on offer: those of the files, and the kommune's own.

    Read anew when an own set was published or retired, by whatever process.
    """
    if "library" not in g:
        store = get_stores().archive
        files = cast(Library, current_app.config["LIBRARY"])
        kept = current_app.extensions.get("library")
        # The number first: a set published in between makes the next request look.
        key = (id(files), own_sets.generation(store))
        if kept is None or kept[0] != key:
            own = [
                Own(one.raw, one.source)
                for one in own_sets.editions(store)
                if not one.is_retired
            ]
            kept = (key, with_own(files, own) if own else files)
            current_app.extensions["library"] = kept
        g.library = kept[1]
    return cast(Library, g.library)


def question_sets() -> Mapping[str, QuestionSet]:
    """The question sets that this application offers, by id."""
    return library().sets


def plan() -> Plan | None:
    """The plan that the kommune follows: its own choice, else the joined one."""
    plans = library().plans
    chosen = kommune.plan(get_stores().archive)
    return plans.get(chosen) or next(iter(plans.values()), None)


def today() -> datetime.date:
    """The day, by the application's clock."""
    return datetime.datetime.fromtimestamp(now()).date()


PAGE_ROWS = 50
"""Sessions on one page of a list."""


def page_number() -> int:
    """The page of a list that the address asks for, from 1."""
    wanted = request.args.get("side", "1")
    is_number = wanted.isascii() and wanted.isdigit() and 1 <= len(wanted) <= 6
    return max(1, int(wanted)) if is_number else 1


class AddressFrom(StrEnum):
    """Where the public address comes from."""

    SETTING = "setting"
    TYPED = "typed"
    SERVER = "server"


def public_url() -> str:
    """Scheme and host that pupils use; never from a Host header.

    From the settings; else what a consultant typed; else what the server found itself.
    """
    return known_address()[0]


def known_address() -> tuple[str, AddressFrom]:
    """The public address without a last "/", and where it comes from."""
    if chosen := cast(str, current_app.config["PUBLIC_URL"]):
        return chosen.rstrip("/"), AddressFrom.SETTING
    if typed := kommune.public_address(get_stores().archive):
        return typed, AddressFrom.TYPED
    return cast(str, current_app.config["LOCAL_URL"]).rstrip("/"), AddressFrom.SERVER


def public_address() -> str:
    """The address as it is read aloud: without the scheme."""
    return urlsplit(public_url()).netloc


def is_https() -> bool:
    """Whether cookies may be bound to encrypted connections.

    By the settings alone: a typed address may be wrong, and must lock nobody out.
    """
    return cast(str, current_app.config["PUBLIC_URL"]).startswith("https://")


# --- what the kommune has chosen ------------------------------------------------------


@dataclass(frozen=True)
class ShownLogo:
    """The kommune's logo as a page shows it; ``alt`` is the kommune's name."""

    url: str
    width: int
    height: int
    alt: str


def shown_logo() -> ShownLogo | None:
    """The logo, where there is one; asked for once in a request."""
    if "logo" not in g:
        store = get_stores().archive
        found = kommune.logo_address(store)
        g.logo = None
        if found:
            digest, _, width, height = found
            name = kommune.details(store).get("name") or "Kommunens logo"
            g.logo = ShownLogo(f"/logo/{digest}", width, height, name)
    return cast("ShownLogo | None", g.logo)


def offered_languages() -> tuple[str, ...]:
    """The languages of texts for parents and pupils, Danish always and first."""
    english = kommune.offers_english(get_stores().archive)
    return LANGUAGES if english else LANGUAGES[:1]


def own_help_lines() -> list[HelpLine]:
    """The help lines that the kommune has added to the national ones."""
    return kommune.help_lines(get_stores().archive)


def _give_back(_error: BaseException | None) -> None:
    stores = g.pop("stores", None)
    if stores is not None:
        stores.close()
