"""What a sheet was before a decision, kept so that the decision can be taken back whole.

Promise: `put_back` gives the sheet what `of` read of it, in a version of its own. Not here: whether it may be put back,
who does it and what is told of it (`bulk` for groups, `undoing` for single sheets).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice.clock import now
from catalog import listings
from catalog.lifecycle import ListingStatus
from catalog.models import Listing

# What of a listing a decision changes and its corrections do not tell.
_KEPT = ("status", "priority", "dismissed", "flags", "feedback", "automatic", "returned", "reviewed_by_id")


def of(listing: Listing) -> dict[str, Any]:
    """Return what a decision on the sheet may change."""
    return {name: getattr(listing, name) for name in _KEPT} | {"corrections": listing.corrections}


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
