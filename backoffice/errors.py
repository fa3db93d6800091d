"""One family of errors, and the one place that turns them into pages and JSON.

An error is raised where work cannot go on. Bad *data* is not an error: it is collected as issues and shown in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException


class BackofficeError(Exception):
    """Work that cannot go on; `message` is a sentence for the reader, `code` is stable for programs."""

    status = 400
    code = "error"

    def __init__(self, message: str, *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = dict(details or {})


class NotFound(BackofficeError):
    """The thing does not exist, or the reader may not know that it does."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This page does not exist, or it is not yours to see."))


class Forbidden(BackofficeError):
    """The reader's role does not include this act."""

    status = 403
    code = "forbidden"


class Invalid(BackofficeError):
    """The input cannot be taken; `details` maps field names to sentences."""

    status = 422
    code = "invalid"


class IllegalMove(BackofficeError):
    """A state machine refused a move; `legal` names what is possible instead."""

    status = 409
    code = "illegal_move"

    def __init__(self, message: str, *, legal: Sequence[str] = ()) -> None:
        super().__init__(message, details={"allowed_actions": list(legal)})
        self.legal = tuple(legal)


class Conflict(BackofficeError):
    """Someone else changed the thing first; nothing was written."""

    status = 409
    code = "conflict"


class TooManyRequests(BackofficeError):
    """Tried too often; `retry_after` seconds must pass."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, details={"retry_after": retry_after})
        self.retry_after = retry_after


class Unavailable(BackofficeError):
    """A part that this page needs does not answer just now; nothing was lost."""

    status = 503
    code = "unavailable"


def wants_json() -> bool:
    """Return whether the client is a program rather than a person."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


# What a page says where werkzeug raised the error itself, by status.
def _http_words(status: int) -> str:
    words = {
        400: _("This request could not be understood. Go back, reload the page and try again."),
        401: _("Log in to go on."),
        403: _("Your role does not include this."),
        404: _("This page does not exist, or it is not yours to see."),
        405: _("This address does not take that kind of request."),
        413: _("This file is too large."),
        429: _("Too many tries. Wait a little, then try again."),
        500: _("Something broke on our side. It has been recorded; nothing was half-written."),
    }
    return words.get(status, words[400] if status < 500 else words[500])


def _title(status: int) -> str:
    titles = {
        401: _("Not signed in"),
        403: _("Not for your role"),
        404: _("Not found"),
        409: _("Not possible now"),
        413: _("Too large"),
        422: _("Something to correct"),
        429: _("Too many tries"),
        503: _("Not available just now"),
    }
    return titles.get(status, _("This did not work"))


def _way_back() -> list[dict[str, str]]:
    """Return the link to the page whose button was pressed: it shows what is possible now."""
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or came_from.netloc != request.host or not came_from.path.startswith("/"):
        return []
    path = "/" + came_from.path.lstrip("/")
    return [{"label": _("Back to the page"), "url": f"{path}?{came_from.query}" if came_from.query else path}]


def _answer(status: int, code: str, message: str, details: Mapping[str, Any]) -> Response:
    if wants_json():
        response = jsonify({"error": {"code": code, "message": message, "details": details}})
    else:
        reference = g.get("request_id") if status >= 500 else None
        page = render_template(
            "error.html", code=status, title=_title(status), message=message, reference=reference, actions=_way_back()
        )
        response = Response(page)
    response.status_code = status
    if "retry_after" in details:
        response.headers["Retry-After"] = str(details["retry_after"])
    return response


def register(app: Flask) -> None:
    """Answer every error of the family, of werkzeug, and every unforeseen one, in the reader's form and language."""
    from backoffice.extensions import db

    @app.errorhandler(BackofficeError)
    def ours(error: BackofficeError) -> Response:
        db.session.rollback()
        return _answer(error.status, error.code, error.message, error.details)

    @app.errorhandler(HTTPException)
    def theirs(error: HTTPException) -> Response | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        db.session.rollback()
        return _answer(status, error.name.lower().replace(" ", "_"), _http_words(status), {})

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        db.session.rollback()
        app.logger.exception("unforeseen error at %s", request.path)
        if app.testing:
            raise error
        return _answer(500, "internal_error", _http_words(500), {})
