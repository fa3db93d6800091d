"""The navigation by role: one table of entries that capabilities add to, with counts of what waits behind each.

A page is reachable from here or from a page that is; a convention test walks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, request, url_for
from flask_login import current_user

from backoffice.extensions import db
from backoffice.permissions import STAFF, Permission, Role, may

OUTSIDERS = frozenset({Role.VENDOR_USER, Role.BUYER})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: who sees it, where it leads, and the query of the number beside it."""

    label: Any
    endpoint: str
    icon: str
    permission: Permission | None = None
    roles: frozenset[Role] = STAFF
    order: int = 100
    count: Callable[[Any], sa.Select[Any]] | None = None


_entries: list[Entry] = []


def add(*entries: Entry) -> None:
    """Add lines to the navigation; adding the same endpoint and roles again replaces the line."""
    for entry in entries:
        _entries[:] = [old for old in _entries if (old.endpoint, old.roles) != (entry.endpoint, entry.roles)]
        _entries.append(entry)
    _entries.sort(key=lambda entry: entry.order)


def entries_for(user: Any) -> list[Entry]:
    """Return the lines that this user may follow."""
    role = Role(user.role)
    return [e for e in _entries if role in e.roles and (e.permission is None or may(user, e.permission))]


def _visible() -> list[dict[str, Any]]:
    if not current_user.is_authenticated:
        return []
    entries = entries_for(current_user)
    here, counts = _standing(entries) or _nearest(entries, request.path), _counts(entries)
    return [
        {
            "label": entry.label,
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "count": counts.get(entry.endpoint),
            "active": entry is here,
        }
        for entry in entries
    ]


def _counts(entries: list[Entry]) -> dict[str, int]:
    """Return the numbers beside the entries by endpoint, all of them in one statement: every page asks for them."""
    queries = {entry.endpoint: entry.count(current_user).scalar_subquery() for entry in entries if entry.count}
    if not queries:
        return {}
    row = db.session.execute(sa.select(*queries.values())).one()
    return {endpoint: number or 0 for endpoint, number in zip(queries, row, strict=True)}


def stand_at(endpoint: str) -> None:
    """Mark this entry on the page being made, where its address is that of an act and not of the page it shows."""
    g.navigation_stands_at = endpoint


def _standing(entries: list[Entry]) -> Entry | None:
    return next((entry for entry in entries if entry.endpoint == g.get("navigation_stands_at")), None)


def _nearest(entries: list[Entry], path: str) -> Entry | None:
    """Return the entry whose address the page's own begins with, the longest such."""
    found = [(url_for(entry.endpoint), entry) for entry in entries]
    under = [(url, entry) for url, entry in found if path == url or (url != "/" and path.startswith(url + "/"))]
    return max(under, key=lambda pair: len(pair[0]))[1] if under else None


def register(app: Flask) -> None:
    """Give every page its navigation, computed only where a template asks for it."""

    @app.context_processor
    def navigation() -> dict[str, Any]:
        return {"navigation": _Lazy(_visible)}


class _Lazy:
    """A list made on first use: error pages and fragments do not pay for counts."""

    def __init__(self, make: Callable[[], list[dict[str, Any]]]) -> None:
        self._make = make
        self._made: list[dict[str, Any]] | None = None

    def __iter__(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return iter(self._made)

    def __len__(self) -> int:
        return len(list(iter(self)))
