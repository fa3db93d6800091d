"""What a full replacement leaves out: counted before the run, withdrawn at its end.

Promise: a file that would withdraw more than the operator's share of a vendor's sheets waits for a person. Not here:
taking it back (`takeback`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice.clock import now
from backoffice.extensions import db
from catalog.lifecycle import ListingStatus
from catalog.models import Import, ImportLine, Listing
from catalog.publishing import refresh
from catalog.takeback import traces
from catalog.takeback.traces import TraceAct

# Sheets withdrawn, with their traces and their pages, in one go.
AT_ONCE = 500


def _absent(run: Import) -> sa.Select[Any]:
    seen = sa.select(ImportLine.sku).where(ImportLine.import_id == run.id)
    live = (ListingStatus.PUBLISHED, ListingStatus.PENDING, ListingStatus.TO_REVIEW)
    return sa.select(Listing).where(
        Listing.vendor_id == run.vendor_id, Listing.status.in_(live), Listing.sku.not_in(seen)
    )


def withdraw_absent(run: Import) -> None:
    """Withdraw the live sheets that the file left out, with the traces to take that back. The caller commits."""
    run.lines_withdrawn, last = 0, 0
    while batch := db.session.scalars(_absent(run).where(Listing.id > last).order_by(Listing.id).limit(AT_ONCE)).all():
        traces.write([_withdraw(listing, run) for listing in batch])
        refresh(listing.product_id for listing in batch)
        run.lines_withdrawn += len(batch)
        last = batch[-1].id


def _withdraw(listing: Listing, run: Import) -> dict[str, Any]:
    earlier = traces.before(listing)
    listing.status = ListingStatus.WITHDRAWN
    listing.version += 1
    listing.updated_at = now()
    return traces.changed(run.id, earlier, listing, TraceAct.WITHDRAWN)


def would_withdraw(run: Import, figures: Mapping[str, int]) -> int:
    """Return how many live sheets the file leaves out, given how many of its lines change or repeat one."""
    if not run.full_replacement:
        return 0
    live = db.session.scalar(sa.select(sa.func.count()).select_from(_absent(run).subquery())) or 0
    return max(0, live - figures["changed"] - figures["unchanged"])


def withdraws_too_much(run: Import) -> bool:
    """Return whether a person should look before so many sheets are withdrawn."""
    total = run.forecast["withdrawn"] + run.forecast["changed"] + run.forecast["unchanged"]
    return bool(total) and run.forecast["withdrawn"] > current_app.config["WITHDRAW_STOP_SHARE"] * total
