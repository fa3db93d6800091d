"""Our small copies of pictures, given out under an address of our own that no browser takes for anything else."""

from __future__ import annotations

from flask import Blueprint, Flask, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from backoffice.errors import NotFound
from backoffice.permissions import Permission, requires
from catalog.images import checking, noting, showing, telling

blueprint = Blueprint("pictures", __name__)
# Imported for the jobs they handle.
_HANDLERS = (checking, noting, telling)
# A new look has a new address, so an old one may be kept for long.
KEPT_SECONDS = 30 * 24 * 3600


@blueprint.get("/pictures/<int:picture_id>")
@requires(Permission.READ_CATALOG)
def small(picture_id: int) -> ResponseReturnValue:
    """Give the small copy of a picture, drawn by us."""
    picture = showing.seen_by(picture_id, current_user)
    if picture is None or picture.small is None:
        raise NotFound()
    answer = send_file(picture.small.path, mimetype="image/jpeg", etag=picture.small.sha256, conditional=True)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return answer


def register(app: Flask) -> None:
    """Add the pictures' address and jobs to the house."""
    app.register_blueprint(blueprint)
