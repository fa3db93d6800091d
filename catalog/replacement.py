"""What a full replacement leaves out: counted before the run, withdrawn at its end.

Promise: a file that would withdraw more than the operator's share of a vendor's sheets waits for a person. Not here:
taking it back (`takeback`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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

# Sheets in these states are withdrawn where the file leaves them out; the others are not shown anyhow.
_LIVE = (ListingStatus.PUBLISHED, ListingStatus.PENDING, ListingStatus.TO_REVIEW)


def _live(vendor_id: int) -> sa.Select[Any]:
    return sa.select(Listing).where(Listing.vendor_id == vendor_id, Listing.status.in_(_LIVE))


def _absent(run: Import) -> sa.Select[Any]:
    seen = sa.select(ImportLine.sku).where(ImportLine.import_id == run.id)
    return _live(run.vendor_id).where(Listing.sku.not_in(seen))


def live_among(vendor_id: int, skus: Collection[str]) -> int:
    """Return how many of the vendor's sheets under these identifiers would be withdrawn if a file left them out."""
    return _count(_live(vendor_id).where(Listing.sku.in_(skus)))


def _count(listings: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(listings.subquery())) or 0


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
    # A file that names it again, be it with the same words, has it shown again.
    listing.content_hash = ""
    listing.version += 1
    listing.updated_at = now()
    return traces.changed(run.id, earlier, listing, TraceAct.WITHDRAWN)


def figures(run: Import, staying: int) -> dict[str, int]:
    """Return how many live sheets the file would withdraw and of how many, given how many of them it holds."""
    if not run.full_replacement:
        return {"withdrawn": 0}
    live = _count(_live(run.vendor_id))
    return {"withdrawn": max(0, live - staying), "live": live}


def live_sheets(forecast: Mapping[str, int]) -> int:
    """Return of how many sheets those that would be withdrawn are a part; older forecasts did not count them apart."""
    return forecast.get("live", forecast["withdrawn"] + forecast["changed"] + forecast["unchanged"])


def withdraws_too_much(run: Import) -> bool:
    """Return whether a person should look before so many sheets are withdrawn."""
    return run.forecast["withdrawn"] > current_app.config["WITHDRAW_STOP_SHARE"] * live_sheets(run.forecast)
