"""Who did what to which thing, and why: append-only rows in the transaction of the act, shown as each thing's timeline.

Not here: what a verb's and a field's words are (`backoffice.words`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.orm import Mapped, mapped_column

from backoffice import words
from backoffice.clock import now
from backoffice.extensions import BigKey, Json, UtcDateTime, db


class Actor(Protocol):
    """Whoever acts: a user, or None for the software itself."""

    id: Any


class AuditEvent(db.Model):
    """One act; never changed, never deleted. `changes` is {field: [before, after]}."""

    __tablename__ = "audit_event"
    __table_args__ = (sa.Index("ix_audit_object", "object_type", "object_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    actor_name: Mapped[str] = mapped_column(sa.String(254), default="")
    verb: Mapped[str] = mapped_column(sa.String(80))
    object_type: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[int] = mapped_column()
    changes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    request_id: Mapped[str] = mapped_column(sa.String(40), default="")
    content_hash: Mapped[str] = mapped_column(sa.String(64))


def record(
    verb: str,
    thing: Any,
    *,
    by: Any = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add a row for an act on `thing` (a model with an id) within the caller's transaction.

    `verb` is dotted, such as "vendor.approve"; `by` is a User or None where the software acts by itself.
    """
    if thing.id is None:
        db.session.flush()
    event = AuditEvent(
        at=now(),
        actor_id=getattr(by, "id", None),
        actor_name=getattr(by, "display_name", ""),
        verb=verb,
        object_type=thing.__tablename__,
        object_id=thing.id,
        changes={name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()},
        reason=reason,
        request_id=g.get("request_id", "") if has_request_context() else "",
    )
    event.content_hash = content_hash(event)
    db.session.add(event)
    return event


def content_hash(event: AuditEvent) -> str:
    """Return the hash of what the row says; a row edited behind our back no longer matches its own."""
    said = [
        event.at.isoformat(),
        event.actor_id,
        event.actor_name,
        event.verb,
        event.object_type,
        event.object_id,
        event.changes,
        event.reason,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline as the page shows it; `changes` keeps the codes that `details` says in words."""

    at: datetime
    actor_name: str
    verb: str
    verb_label: str
    details: list[tuple[str, Any, Any]]
    reason: str
    changes: Mapping[str, Any]


def timeline(*things: Any, limit: int = 50) -> list[TimelineEntry]:
    """Return the latest acts on these things, newest first, in one query."""
    places = [(thing.__tablename__, thing.id) for thing in things if thing is not None]
    query = (
        sa.select(AuditEvent)
        .where(sa.or_(sa.false(), *(_is(kind, key) for kind, key in places)))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return [entry(event) for event in db.session.scalars(query)] if places else []


def _is(kind: str, key: int) -> sa.ColumnElement[bool]:
    return sa.and_(AuditEvent.object_type == kind, AuditEvent.object_id == key)


def entry(event: AuditEvent) -> TimelineEntry:
    """Return an act in the reader's words."""
    details = [words.change(event.object_type, name, *pair) for name, pair in event.changes.items()]
    said = words.verb(event.verb)
    return TimelineEntry(event.at, event.actor_name, event.verb, said, details, event.reason, event.changes)


def altered(events: Iterable[AuditEvent]) -> list[int]:
    """Return the ids of the rows whose content no longer matches their hash."""
    return [event.id for event in events if content_hash(event) != event.content_hash]
