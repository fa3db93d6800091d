"""Sheets as the desks need them: many that wait for one doubt, without a file for each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product

CONTACT = {
    "code": "contact_in_text", "severity": "warning", "attribute": "description", "value": "06 12 34 56 78",
    "params": {}, "column": None, "row": 1,
}  # fmt: skip


def make_sheets(vendor: Vendor, count: int, **values: Any) -> list[Listing]:
    """Return so many listings of a vendor, each on its page, that wait for an editor because of a telephone number."""
    start = (db.session.scalar(sa.select(sa.func.max(Listing.id))) or 0) + 1
    made = [_sheet(vendor, start + place, **values) for place in range(count)]
    db.session.add_all(made)
    db.session.commit()
    return made


def _sheet(vendor: Vendor, number: int, **values: Any) -> Listing:
    said = {"title": f"Théière en fonte n° {number}", "brand": "Atelier", "description": "Appelez le 06 12 34 56 78."}
    plain: dict[str, Any] = {
        "vendor_id": vendor.id,
        "sku": f"D-{number}",
        "product": Product(title=said["title"]),
        "status": ListingStatus.TO_REVIEW,
        "priority": -10,
        "content_hash": f"{number:064x}",
        "mapped": said,
        "values": said,
        "issues": [CONTACT],
        "title": said["title"],
        "brand": said["brand"],
    }
    return Listing(**{**plain, **values})
