"""What the things of the history are: the kind in words, each one's name, and the page it has.

    (table, id) pairs of a list of acts ─► one statement for all names ─► Thing(kind, name, address)

Capabilities register theirs at start; a thing that is audited and was not registered is a defect that a test finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for

from backoffice.extensions import db


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: what it is called, its names (a select of `id` and `name`), and the endpoint of its page.

    `argument` is the value of the endpoint that takes the id; "" where the page is a list that holds the thing.
    """

    label: Any
    names: sa.Select[Any]
    endpoint: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as a list of acts shows it."""

    kind: str
    name: str
    url: str


_kinds: dict[str, Kind] = {}


def register(table: str, kind: Kind) -> None:
    """Add what the things of a table are."""
    _kinds[table] = kind


def known() -> Mapping[str, Kind]:
    """Return every kind by its table."""
    return _kinds


def find(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """Return the things behind these (table, id) pairs; one that is gone keeps its kind and number."""
    wanted: dict[str, set[int]] = {}
    for table, key in places:
        if table in _kinds:
            wanted.setdefault(table, set()).add(key)
    names = _names(wanted)
    return {
        (table, key): Thing(str(_kinds[table].label), names.get((table, key)) or f"{key}", _address(_kinds[table], key))
        for table, keys in wanted.items()
        for key in keys
    }


def _names(wanted: Mapping[str, set[int]]) -> dict[tuple[str, int], str]:
    parts = []
    for table, keys in wanted.items():
        named = _kinds[table].names.subquery()
        parts.append(sa.select(sa.literal(table), named.c.id, named.c.name).where(named.c.id.in_(sorted(keys))))
    if not parts:
        return {}
    return {(row[0], row[1]): row[2] for row in db.session.execute(sa.union_all(*parts))}


def _address(kind: Kind, key: int) -> str:
    return url_for(kind.endpoint, **({kind.argument: key} if kind.argument else {}))


def is_named(table: Any, key: Any, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that the thing in these two columns has this text in its name, or has it as its number."""
    conditions: list[sa.ColumnElement[bool]] = []
    for name, kind in _kinds.items():
        named = kind.names.subquery()
        matching = sa.select(named.c.id).where(named.c.name.icontains(text, autoescape=True))
        conditions.append(sa.and_(table == name, key.in_(matching)))
    return sa.or_(sa.false(), *conditions)
