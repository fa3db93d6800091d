"""What every resource of the API has in common, and how packages hang theirs on.

A package above defines `bp = Resources("api_things", __name__)`, routes on it, and calls `add(app, bp)` when it
registers. The token, the throttle, the shape of errors and the OpenAPI document then hold for it without further ado.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NoReturn

import flask_smorest
import marshmallow as ma
from flask import Flask, Request
from flask_babel import gettext as _
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from backoffice.api import caller
from backoffice.api.sentences import in_words
from backoffice.errors import Invalid
from backoffice.extensions import csrf
from backoffice.permissions import public

PREFIX = "/api/v1"


class ErrorBodySchema(ma.Schema):
    """What went wrong: a code for programs, a sentence for people."""

    code = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    details = ma.fields.Dict(required=True, metadata={"description": "Fields and sentences, or what is possible."})


class ErrorSchema(ma.Schema):
    """Every error."""

    error = ma.fields.Nested(ErrorBodySchema, required=True)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The API's document; errors are answered by the house's one handler, which knows programs from people."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        return


class _Parser(FlaskParser):
    """Reads arguments by schema; what does not fit is one error with a sentence a field."""

    # Besides webargs' own places: a form with files in it, which it would read in two halves.
    __location_map__: ClassVar[dict[str, Any]] = {**FlaskParser.__location_map__, "multipart": "load_multipart"}

    def load_multipart(self, incoming: Request, schema: ma.Schema) -> Any:
        """Return the fields and files of a form as one."""
        sent = [*incoming.form.items(multi=True), *incoming.files.items(multi=True)]
        return self._makeproxy(MultiDict(sent), schema)

    def handle_error(self, error: ma.ValidationError, *_request: Any, **_named: Any) -> NoReturn:
        details = dict(_flat(error.messages))
        raise Invalid(_("Some fields need a correction."), details=details) from error


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (dotted place, sentences) of nested messages; webargs' outermost level is where the arguments came from."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            outer = not path and name in ("json", "query", "multipart")
            yield from _flat(inner, "" if outer else f"{path}.{name}".strip("."))
    else:
        said = messages if isinstance(messages, list) else [messages]
        yield path or "body", " ".join(in_words(str(one)) for one in said)


class Resources(flask_smorest.Blueprint):  # type: ignore[misc]
    """A blueprint of resources under the API's address: open to the wall of logins, behind that of tokens."""

    ARGUMENTS_PARSER = _Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": "multipart/form-data",
    }

    def __init__(self, name: str, import_name: str, *, description: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self.before_request(caller.authenticate)

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any) -> None:
        """Add a resource; whoever has a token may ask for it."""
        super().add_url_rule(rule, endpoint, public(view_func), **options)


IDEMPOTENCY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Sent again with the same key and body, the request is answered as before and done once.",
}


def add(app: Flask, resources: Resources) -> None:
    """Hang resources on the application's API; forms' tokens are not asked for, since no cookie is believed here."""
    csrf.exempt(resources)
    app.extensions["api"].register_blueprint(resources)
