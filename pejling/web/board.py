"""The styregruppe's page: released figures only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pejling.storage.accounts import Account, Role
from pejling.web import access

bp = Blueprint("board", __name__, url_prefix="/styregruppe")


@bp.get("/")
@access.staff(Role.BOARD, Role.CONSULTANT)
def releases(account: Account) -> ResponseReturnValue:
    """What has been released, and what it takes."""
    return render_template("board/releases.html")
