"""A sheet in an editor's hands: the others' queues skip it, and who opens it all the same is told.

A lease is taken by a POST: the decision on the sheet before, the desk's own script, or its button. Reading takes none, so
that a page fetched ahead holds nothing. Promise: an editor holds one sheet at a time, and none for longer than `LEASE`
without a sign of life. Not here: the last defence of a decision, which is the sheet's version (`review.hold`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice.clock import now
from backoffice.extensions import db
from catalog.desk.models import DeskLease
from catalog.models import Listing

# The desk's script renews every two minutes while someone is active: four missed signs, and the sheet is free again.
LEASE = timedelta(minutes=10)


def free_for(user_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that nobody else has the sheet in hand."""
    elsewhere = sa.exists().where(
        DeskLease.listing_id == Listing.id, DeskLease.holder_id != user_id, DeskLease.until > now()
    )
    return ~elsewhere


def of(listing_id: int) -> DeskLease | None:
    """Return the lease on a sheet that runs now, with its holder."""
    query = sa.select(DeskLease).where(DeskLease.listing_id == listing_id, DeskLease.until > now())
    return db.session.scalar(query.options(joinedload(DeskLease.holder)))


def take(listing_id: int, user_id: int) -> bool:
    """Take or renew the lease on a sheet, and let go of any other; returns False where someone else has it."""
    lease = db.session.get(DeskLease, listing_id, with_for_update=True)
    if lease is not None and lease.holder_id != user_id and lease.until > now():
        return False
    others = sa.delete(DeskLease).where(DeskLease.holder_id == user_id, DeskLease.listing_id != listing_id)
    db.session.execute(others)
    values: dict[str, Any] = {"holder_id": user_id, "until": now() + LEASE}
    if lease is None:
        db.session.add(DeskLease(listing_id=listing_id, **values))
    else:
        lease.holder_id, lease.until = values["holder_id"], values["until"]
    db.session.flush()
    return True


def release(listing_id: int, user_id: int) -> None:
    """Let go of a sheet that was decided."""
    mine = sa.delete(DeskLease).where(DeskLease.listing_id == listing_id, DeskLease.holder_id == user_id)
    db.session.execute(mine)
