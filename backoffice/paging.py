"""Keyset paging: a page of any list costs the same at row ten and at row ten million, and its address can be kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import request

from backoffice.extensions import db

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its items, and the addresses of its neighbours where there are any."""

    items: Sequence[Any]
    next_url: str | None = None
    previous_url: str | None = None
    count: int | None = None


def encode_key(values: Sequence[Any]) -> str:
    """Return an opaque token for the sort values of the last row seen."""
    plain = [[_KINDS.get(type(value), "v"), value.isoformat() if type(value) in _KINDS else value] for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_key(token: str) -> list[Any] | None:
    """Return the sort values behind a token, or None where it is not one of ours."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return [_READERS[kind](value) for kind, value in plain]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


_KINDS: dict[type, str] = {datetime: "t", date: "d"}
_READERS: dict[str, Callable[[Any], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "v": lambda value: value,
}


def _fits(order: Sequence[tuple[Any, str]], values: Sequence[Any]) -> bool:
    """Return whether the values are such as these columns hold; a token made up by hand is passed over."""
    return len(values) == len(order) and all(
        _is_of(column.type, value) for (column, _way), value in zip(order, values, strict=True)
    )


def _is_of(kind: Any, value: Any) -> bool:
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl
    expected = str if isinstance(kind, sa.Enum) else kind.python_type
    if type(value) is not expected or (isinstance(value, str) and "\0" in value):
        return False
    if isinstance(kind, sa.Enum):
        return value in kind.enums
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return not isinstance(value, int) or abs(value) < 2**31


def paginate(
    query: sa.Select[Any], *, order: Sequence[tuple[Any, str]], size: int = PAGE_SIZE, token: str | None = None
) -> Page:
    """Return the page after the `after` token of the request's address.

    `order` lists (column, "asc" | "desc") and must end in a unique column; the select must be of one entity, whose
    attributes carry the columns' keys. NULLs are not allowed in sort columns.
    """
    token = token if token is not None else request.args.get("after", "")
    values = decode_key(token) if token else None
    if values is not None and not _fits(order, values):
        values = None
    if values is not None:
        query = query.where(_after(order, values))
    ordered = query.order_by(*(column.desc() if way == "desc" else column.asc() for column, way in order))
    rows = list(db.session.scalars(ordered.limit(size + 1)).unique())
    more = len(rows) > size
    rows = rows[:size]
    following = None
    if more:
        following = encode_key([getattr(rows[-1], column.key) for column, _ in order])
    return Page(rows, _address(following) if following else None, _address(None) if values is not None else None)


def _after(order: Sequence[tuple[Any, str]], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    clauses = []
    for position, (column, way) in enumerate(order):
        equal = [other == value for (other, _), value in zip(order[:position], values, strict=False)]
        beyond = column < values[position] if way == "desc" else column > values[position]
        clauses.append(sa.and_(*equal, beyond))
    return sa.or_(*clauses)


def _address(token: str | None) -> str:
    """Return this page's address with another `after`; without one, the first page."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "after"]
    if token:
        arguments.append(("after", token))
    path = request.script_root + quote(request.path)
    return f"{path}?{urlencode(arguments)}" if arguments else path
