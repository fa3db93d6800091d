"""What a sheet was before a decision, kept so that the decision can be taken back whole.

Promise: `put_back` gives the sheet what `of` read of it, in a version of its own; the decisions that had left it so can
then be taken back in their turn. Not here: whether it may be put back,
who does it and what is told of it (`bulk` for groups, `undoing` for single sheets).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from catalog import listings
from catalog.desk.models import BulkDecision, BulkItem, BulkOutcome, BulkState, LastDecision
from catalog.lifecycle import ListingStatus
from catalog.models import Listing

# What of a listing a decision changes and its corrections do not tell.
_KEPT = ("status", "priority", "dismissed", "flags", "feedback", "automatic", "returned", "reviewed_by_id")

# Decisions on groups that are looked at for one that left a sheet as it is again.
LATEST = 100
_LEFT_IT_SO = (BulkOutcome.DECIDED, BulkOutcome.LIGHTER)


def of(listing: Listing) -> dict[str, Any]:
    """Return what a decision on the sheet may change."""
    told = {"corrections": listing.corrections, "version": listing.version}
    return {name: getattr(listing, name) for name in _KEPT} | told


def put_back(listing: Listing, prior: Mapping[str, Any]) -> None:
    """Give a sheet back what a decision changed of it; the caller refreshes its product."""
    if listing.corrections != prior["corrections"]:
        listings.rebuild(listing, corrections=prior["corrections"])
    else:
        listing.version += 1
    for name in _KEPT:
        setattr(listing, name, prior[name])
    listing.status = ListingStatus(prior["status"])
    if listing.reviewed_by_id is None:
        listing.reviewed_at = None
    listing.updated_at = now()
    if "version" in prior:
        _stand_again(listing, prior["version"])


def _stand_again(listing: Listing, version: int) -> None:
    """Have the decisions that left the sheet in the version which is back stand on the one it has now."""
    done = sa.select(BulkDecision.id).where(BulkDecision.state == BulkState.DONE)
    latest = done.order_by(BulkDecision.id.desc()).limit(LATEST).subquery()
    of_groups = sa.and_(BulkItem.bulk_id.in_(sa.select(latest.c.id)), BulkItem.outcome.in_(_LEFT_IT_SO))
    for table, standing in ((BulkItem, of_groups), (LastDecision, sa.true())):
        at_that = (table.listing_id == listing.id, table.version == version)
        db.session.execute(sa.update(table).where(standing, *at_that).values(version=listing.version))
