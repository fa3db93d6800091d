"""What a sheet said before: each version that ended, kept as what differs from the next, so that any can be shown again.

Promise: written in the transaction of the change, whoever makes it (an editor, a file, a plan), by one listener on the
session; only what differs is kept. Not here: who changed it and why (the audit trail), going back to it (an editor
corrects the sheet; an import is taken back).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import PASSIVE_OFF, get_history

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db
from catalog.lifecycle import ListingStatus
from catalog.models import Listing

# Parts of a listing that a version is made of; both are dictionaries of attributes.
PARTS = ("values", "mapped")
# Versions shown of a sheet; a price list sent every day makes one a day.
SHOWN = 100


class PastVersion(db.Model):
    """A version of a listing that ended: what it said where the next said something else, and its state."""

    __tablename__ = "listing_past"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # {"values": {attribute: value or null}, "mapped": {…}, "status": …}, each part only where it differs.
    said: Mapped[dict[str, Any]] = mapped_column(Json)


@dataclass(frozen=True, slots=True)
class Then:
    """A sheet as it was: its values, the vendor's words, its state."""

    version: int
    until: datetime
    values: Mapping[str, Any]
    mapped: Mapping[str, Any]
    status: ListingStatus


def keep_past(session: Session, _context: Any = None, _instances: Any = None) -> None:
    """Write the versions that end with what is about to be flushed."""
    ended = [_ended(one) for one in session.dirty if isinstance(one, Listing)]
    session.add_all(row for row in ended if row is not None)


def _ended(listing: Listing) -> PastVersion | None:
    before = get_history(listing, "version").deleted
    if not before or before[0] is None:
        return None
    said: dict[str, Any] = {part: _differing(listing, part) for part in PARTS}
    status = get_history(listing, "status").deleted
    said = {part: patch for part, patch in said.items() if patch} | ({"status": status[0]} if status else {})
    return PastVersion(listing_id=listing.id, version=before[0], said=said) if said else None


def _differing(listing: Listing, part: str) -> dict[str, Any]:
    history = get_history(listing, part, passive=PASSIVE_OFF)
    if not history.deleted or not history.added:
        return {}
    old, new = history.deleted[0] or {}, history.added[0] or {}
    return {name: old.get(name) for name in {*old, *new} if old.get(name) != new.get(name)}


def versions(listing: Listing) -> Sequence[PastVersion]:
    """Return the versions that ended, the latest first."""
    query = sa.select(PastVersion).where(PastVersion.listing_id == listing.id)
    return db.session.scalars(query.order_by(PastVersion.version.desc()).limit(SHOWN)).all()


def as_of(listing: Listing, version: int, ended: Iterable[PastVersion]) -> Then | None:
    """Return the sheet as that version said it, None for one that is not among those that ended."""
    parts: dict[str, dict[str, Any]] = {part: dict(getattr(listing, part)) for part in PARTS}
    status = listing.status
    for one in ended:
        for part in PARTS:
            parts[part] |= one.said.get(part, {})
        status = ListingStatus(one.said.get("status", status))
        if one.version == version:
            told = {part: {name: said for name, said in parts[part].items() if said is not None} for part in PARTS}
            return Then(version, one.until, told["values"], told["mapped"], status)
    return None


def register() -> None:
    """Have every session of the house keep the past; once, however many applications a process makes."""
    if not event.contains(db.session, "before_flush", keep_past):
        event.listen(db.session, "before_flush", keep_past)
