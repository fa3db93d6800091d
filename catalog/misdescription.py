"""What disputes tell the catalogue: a buyer says the sheet is wrong, and the editors see it with the buyer's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import review
from catalog.models import Listing


def flag_sheets(dispute: Any, *, quote: str, lines: Iterable[tuple[int, str]] = (), **_details: Any) -> None:
    """Flag the sheets behind the disputed lines, each (vendor id, the vendor's identifier of the article)."""
    for vendor_id, sku in lines:
        listing = db.session.scalar(sa.select(Listing).where(Listing.vendor_id == vendor_id, Listing.sku == sku))
        if listing is not None:
            review.flag(listing, dispute=dispute.number, quote=quote)
