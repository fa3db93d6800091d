"""The demo's vendors and sheets, found by the names that its tables use.

Not here: its people (`backoffice.demo.people`).
"""

from __future__ import annotations

import sqlalchemy as sa

from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog.models import Listing


def vendor(code: str) -> Vendor:
    """Return a vendor by its code."""
    return db.session.scalars(sa.select(Vendor).where(Vendor.code == code)).one()


def listing(sku: str) -> Listing:
    """Return a sheet by its vendor's number; the demo's vendors share none."""
    return db.session.scalars(sa.select(Listing).where(Listing.sku == sku)).one()
