"""The application: settings, parts, blueprints; calls only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from pejling import config
from pejling.domain.content import library
from pejling.domain.content.library import Library
from pejling.storage import archive, connections, migrations
from pejling.web import (
    access,
    assets,
    auth,
    board,
    bookings,
    class_page,
    consultant,
    context,
    curriculum,
    deleting,
    errors,
    figures,
    filters,
    follow_up,
    headers,
    information,
    kommune_pages,
    live,
    lobby,
    meeting,
    oidc,
    older_pages,
    opening,
    own_sets,
    paper,
    patterns,
    people,
    profile,
    projector,
    pupil,
    remote,
    school_pages,
    seats,
    set_editor,
    staff_actions,
    summary,
    takeaway,
    teacher,
    throttle,
    trial,
)


def create_app(
    data: Path,
    clock: Callable[[], float] | None = None,
    **overrides: Any,
) -> Flask:
    """The application on a data folder, which is made and brought up to date.

    :param clock: gives seconds since the epoch; the system's where none is given.
    :param overrides: settings that stand above file and environment.
    :raises config.BadSetting: if a setting cannot be used.
    :raises migrations.NewerDatabase: if a later version has written the folder.
    :raises OSError: if the folder cannot be written.
    """
    migrations.migrate(data)
    settings = {**config.read_settings(data), **overrides}
    app = Flask(__name__, static_folder=None)
    app.config.update(settings)
    app.config.update(
        DATA=data,
        SECRET_KEY=config.secret_key(data),
        LIBRARY=_library(data, settings["QUESTION_SETS"]),
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=100,
        SESSION_COOKIE_NAME="personale",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings["PUBLIC_URL"].startswith("https://"),
        # A page that has stood open through a double lesson still works.
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings["TRUSTED_HOSTS"]:
        app.config["TRUSTED_HOSTS"] = [
            host.strip() for host in settings["TRUSTED_HOSTS"].split(",")
        ]
    else:
        app.config["TRUSTED_HOSTS"] = None
    if clock is not None:
        app.config["CLOCK"] = clock
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if hops := settings["BEHIND_PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask says
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    for part in (figures, kommune_pages, own_sets):
        part.init_app(app)  # before the token, which reads the whole form
    csrf = CSRFProtect(app)
    # Pupils have no session cookie; their forms carry a token made from their seat.
    csrf.exempt(pupil.bp)
    for part in (
        *(context, errors, headers, access, seats),
        *(throttle, assets, filters, live, oidc),
    ):
        part.init_app(app)
    for blueprint in (
        pupil,
        auth,
        oidc,
        curriculum,
        opening,
        follow_up,
        teacher,
        lobby,
        paper,
        takeaway,
        summary,
        class_page,
        older_pages,
        deleting,
        meeting,
        remote,
        projector,
        consultant,
        kommune_pages,
        people,
        school_pages,
        bookings,
        staff_actions,
        profile,
        figures,
        own_sets,
        set_editor,
        trial,
        board,
        information,
        patterns,
    ):
        app.register_blueprint(blueprint.bp)
    return app


def _library(data: Path, folder: str) -> Library:
    """Sets and plans; those with a fault are left out and told to the consultant."""
    found = library.read(config.question_set_folder(folder))
    stores = connections.open_stores(data)
    try:
        return library.unchanged(found, archive.used_wordings(stores.archive))
    finally:
        stores.close()
