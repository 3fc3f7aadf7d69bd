"""Static files: bundled, compressed once at start, named by what is in them.

Each page loads one stylesheet. The parts are served joined and without their comments;
the address holds a hash of all static files, so that a browser may keep them for good
and a new version is a new address.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from pejling.web import access, plotly_bundle

FOLDER = Path(__file__).parent.parent / "static"

STYLES: Mapping[str, tuple[str, ...]] = {
    "phone.css": ("tokens", "base", "components", "phone"),
    "desk.css": ("tokens", "base", "components", "desk", "print"),
    "poster.css": ("tokens", "base", "components", "poster", "paper-a4"),
    "poster-a3.css": ("tokens", "base", "components", "poster", "paper-a3"),
    "guide.css": ("tokens", "base", "components", "guide"),
    "class-page.css": ("tokens", "base", "components", "class-page"),
    "ballots.css": ("tokens", "base", "components", "print-page", "ballots"),
    "tally-sheet.css": ("tokens", "base", "components", "print-page", "tally-sheet"),
    "slips.css": ("tokens", "base", "components", "print-page", "slips"),
    "patterns.css": ("tokens", "base", "components", "desk", "phone", "patterns"),
    "reading.css": ("tokens", "base", "components", "reading"),
    "wall.css": ("tokens", "base", "components", "wall"),
}
"""Bundle -> the parts it is made of, in this order."""

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    zipped: bytes
    type: str


def init_app(app: Flask) -> None:
    """Read all static files, and make ``asset()`` known to the templates."""
    files = _read()
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name].body)
    # plotly.js is read when it is asked for; its version stands for what is in it.
    digest.update(metadata.version("plotly").encode())
    version = digest.hexdigest()[:12]
    app.extensions["assets"] = (version, files)
    app.jinja_env.globals["asset"] = lambda name: f"/s/{version}/{name}"
    app.jinja_env.globals["plotly_map_id"] = plotly_bundle.map_style_id()
    app.jinja_env.globals["plotly_global_id"] = plotly_bundle.GLOBAL_ID
    app.register_blueprint(bp)


@bp.get("/s/<version>/<path:name>")
@access.public
def send(version: str, name: str) -> Response:
    """A static file; for good, since its address changes with it."""
    current, files = current_app.extensions["assets"]
    if version != current:
        abort(404)
    asset: Asset | plotly_bundle.Bundle | None = files.get(name)
    if name == "plotly.js":
        asset = plotly_bundle.asset()
    if asset is None:
        abort(404)
    zipped = bool(request.accept_encodings["gzip"])
    response = Response(asset.zipped if zipped else asset.body, mimetype=asset.type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _read() -> dict[str, Asset]:
    files = {
        name: _asset("text/css", "\n".join(_part(part) for part in parts))
        for name, parts in STYLES.items()
    }
    files["plotly.css"] = _asset("text/css", plotly_bundle.rules())
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in (".mjs", ".js", ".svg", ".png", ".ico"):
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            name = path.relative_to(FOLDER).as_posix()
            body = path.read_bytes()
            files[name] = Asset(body, gzip.compress(body, 9, mtime=0), kind)
    return files


def _part(name: str) -> str:
    text = (FOLDER / "css" / f"{name}.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _asset(kind: str, text: str) -> Asset:
    body = text.encode()
    return Asset(body, gzip.compress(body, 9, mtime=0), kind)
