"""What each waiting sheet waits for, kept beside the queue so that sheets sharing one doubt are found at once.

Kept by a listener on what the doubts are made of, rather than by a line in every verb: a doubt comes and goes by a file,
an editor, a switch or a category's new duty, and none may be forgotten. Rows that an import inserts without the models are
told by the import itself (`of_import`). Not here: what a doubt is (`catalog.lifecycle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import lifecycle
from catalog.desk.models import WaitingReason
from catalog.lifecycle import ListingStatus
from catalog.models import Listing

AT_ONCE = 1000
# Of these columns the doubts of a sheet are made.
_TOLD = ("status", "issues", "changes", "dismissed")
_FRESH = "fresh_reasons"


def pairs(
    issues: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]], dismissed: Iterable[str], below: float
) -> set[tuple[str, str]]:
    """Return (code, attribute) of the doubts of a sheet: of an issue its code, of a doubtful change its rule."""
    kept = set(dismissed)
    found = {
        (issue["code"], issue["attribute"] or "")
        for issue in issues
        if issue["code"] in lifecycle.DOUBTS and issue["code"] not in kept
    }
    return found | {
        (change["rule"], change["attribute"])
        for change in changes
        if change["confidence"] < below and f"{change['rule']}:{change['attribute']}" not in kept
    }


def _rows(listing_id: int, vendor_id: int, issues: Any, changes: Any, dismissed: Any = ()) -> list[dict[str, Any]]:
    below = current_app.config["REVIEW_BELOW"]
    return [
        {"listing_id": listing_id, "vendor_id": vendor_id, "code": code, "attribute": attribute}
        for code, attribute in sorted(pairs(issues or (), changes or (), dismissed or (), below))
    ]


def _of(one: Any) -> list[dict[str, Any]]:
    return _rows(one.id, one.vendor_id, one.issues, one.changes, one.dismissed)


def of_import(vendor_id: int, waiting: Mapping[str, Mapping[str, Any]]) -> None:
    """Note what the sheets wait for that an import just made; `waiting` holds their columns by the vendor's number."""
    # By the number alone: with the status in the question, SQLite read every waiting sheet of the vendor for each chunk.
    query = sa.select(Listing.id, Listing.sku).where(Listing.vendor_id == vendor_id, Listing.sku.in_(list(waiting)))
    rows = [
        row
        for number, sku in db.session.execute(query)
        for row in _rows(number, vendor_id, waiting[sku]["issues"], waiting[sku]["changes"])
    ]
    if rows:
        db.session.execute(sa.insert(WaitingReason.__table__), rows)


@handler("desk.note_waiting", every=timedelta(days=1))
def note_waiting(after: int = 0) -> None:
    """Note what a batch of sheets wait for that began to wait before reasons were kept, and ask for the next batch."""
    noted = sa.select(WaitingReason.listing_id).where(WaitingReason.listing_id == Listing.id)
    said = sa.select(Listing.id, Listing.vendor_id, Listing.issues, Listing.changes, Listing.dismissed)
    waiting = said.where(Listing.status == ListingStatus.TO_REVIEW, Listing.id > after, ~noted.exists())
    batch = db.session.execute(waiting.order_by(Listing.id).limit(AT_ONCE)).all()
    rows = [row for one in batch for row in _of(one)]
    if rows:
        db.session.execute(sa.insert(WaitingReason.__table__), rows)
    if len(batch) == AT_ONCE:
        enqueue("desk.note_waiting", {"after": batch[-1].id})


def register() -> None:
    """Have every change of a sheet's doubts noted; once, however many applications a process makes."""
    if not event.contains(Session, "before_flush", _gather):
        event.listen(Session, "before_flush", _gather)
        event.listen(Session, "after_flush", _note)


def _gather(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    session.info[_FRESH] = [
        one
        for one in (*session.dirty, *session.new)
        if isinstance(one, Listing) and any(sa.inspect(one).attrs[name].history.has_changes() for name in _TOLD)
    ]


def _note(session: Session, _context: UOWTransaction) -> None:
    fresh: list[Listing] = session.info.pop(_FRESH, [])
    if not fresh:
        return
    session.execute(sa.delete(WaitingReason.__table__).where(WaitingReason.listing_id.in_([one.id for one in fresh])))
    waiting = [one for one in fresh if one.status == ListingStatus.TO_REVIEW]
    rows = [row for one in waiting for row in _of(one)]
    if rows:
        session.execute(sa.insert(WaitingReason.__table__), rows)
