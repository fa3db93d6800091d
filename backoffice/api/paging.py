"""Seek paging of the API: `limit` and `page_token` in, a page's rows and the next token out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.errors import Invalid
from backoffice.paging import decode_key, encode_key, paginate

MOST = 200


class PageArgs(ma.Schema):
    """Which page of a list."""

    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, MOST))
    page_token = ma.fields.String(
        load_default="", metadata={"description": "next_page_token of the page before; the first page without."}
    )


def page_of(schema: type[ma.Schema]) -> type[ma.Schema]:
    """Return the schema of a page of these."""
    fields = {
        "items": ma.fields.List(ma.fields.Nested(schema), required=True),
        "next_page_token": ma.fields.String(required=True, allow_none=True),
    }
    return type(schema.__name__.replace("Schema", "PageSchema"), (ma.Schema,), fields)


def seek(
    query: sa.Select[Any], args: dict[str, Any], *, order: Sequence[tuple[Any, str]]
) -> tuple[list[Any], str | None]:
    """Return one page's rows and the token of the next; raises Invalid for a token that is none of ours."""
    token = args["page_token"]
    if token and decode_key(token) is None:
        words = _("This page token is not one of ours.")
        raise Invalid(words, details={"page_token": words})
    page = paginate(query, order=order, size=args["limit"], token=token)
    rows = list(page.items)
    following = encode_key([getattr(rows[-1], column.key) for column, _way in order]) if page.next_url else None
    return rows, following
