"""Settings that the marketplace's own people change while it runs, kept beside those of the environment.

    register(Key("CATEGORY_ACCEPT", label, read)) ─► value("CATEGORY_ACCEPT") = stored, else configured
                                                  ─► put(…, by=…) = checked, stored, in the history

Promise: a stored value is typed by its key; without one the configured default counts; every change has an author.
Not here: what a process needs to start (`config`), secrets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, g
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from backoffice import audit, things, words
from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db
from backoffice.things import Kind


class MarketplaceSetting(db.Model):
    """One stored setting: its key, its value in plain types, since when."""

    __tablename__ = "marketplace_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), unique=True)
    # {"value": …}: SQLite takes a JSON column that holds a bare number for a number.
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


@dataclass(frozen=True, slots=True)
class Key:
    """A setting that may be stored: its name, its words, how a value is read (ValueError where it is none)."""

    name: str
    label: Any
    read: Callable[[Any], Any]
    default: Any = None


_keys: dict[str, Key] = {}


def register(key: Key) -> None:
    """Add a setting; without a default of its own the configured value of the same name counts."""
    _keys[key.name] = key


def value(name: str) -> Any:
    """Return a setting's stored value, else its default."""
    key, kept = _keys[name], _stored()
    if name in kept:
        return key.read(kept[name])
    return current_app.config.get(name, key.default)


def is_stored(name: str) -> bool:
    """Return whether a person has set this."""
    return name in _stored()


def _stored() -> dict[str, Any]:
    if "marketplace_settings" not in g:
        rows = db.session.execute(sa.select(MarketplaceSetting.key, MarketplaceSetting.value))
        g.marketplace_settings = {name: kept["value"] for name, kept in rows}
    kept: dict[str, Any] = g.marketplace_settings
    return kept


def put(name: str, said: Any, *, by: Any, reason: str = "") -> MarketplaceSetting:
    """Store a setting; the caller commits. Raises ValueError where the value is none of this setting."""
    read, before = _keys[name].read(said), value(name)
    row = _row(name) or MarketplaceSetting(key=name)
    db.session.add(row)
    row.value, row.updated_at = {"value": read}, now()
    audit.record("setting.change", row, by=by, changes={name: (before, read)}, reason=reason)
    g.pop("marketplace_settings", None)
    return row


def _row(name: str) -> MarketplaceSetting | None:
    return db.session.scalar(sa.select(MarketplaceSetting).where(MarketplaceSetting.key == name))


def history(name: str) -> list[audit.TimelineEntry]:
    """Return who changed a setting."""
    return audit.timeline(_row(name))


def register_words(endpoint: str) -> None:
    """Give the history the words of settings; `endpoint` is the page on which they are changed."""
    words.register_verbs({"setting.change": _l("changed the setting")})
    words.register_fields("marketplace_setting", {key.name: (key.label, None) for key in _keys.values()})
    names = sa.select(MarketplaceSetting.id, MarketplaceSetting.key.label("name"))
    things.register("marketplace_setting", Kind(_l("setting"), names, endpoint))
