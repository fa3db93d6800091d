"""Listings by the real pipeline: a small file in, everything drained."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from backoffice import jobs
from backoffice.extensions import db
from backoffice.vendors.models import Vendor, VendorStatus
from catalog import pipeline, uploads
from catalog.models import Import, Listing
from tests.factories.vendors import make_vendor

SHEET = {
    "sku": "CAF-1",
    "titre": "Cafetière à capsules Nespresso Essenza Mini noire",
    "description": "Machine à café compacte pour capsules Nespresso, réservoir de 0,6 L, pression de 19 bars.",
    "marque": "Krups",
    "prix": "89,90 €",
    "ean": "",
    "image": "https://img.example/caf-1.jpg",
    "stock": "12",
}


def selling_vendor(**values: Any) -> Vendor:
    """Return a vendor whose sheets may be published."""
    return make_vendor(**{"status": VendorStatus.LIVE, "locale": "fr", **values})


def csv_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return rows as a semicolon file with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def import_rows(vendor: Vendor, *rows: Mapping[str, str], by: Any = None, **settings: Any) -> Import:
    """Import rows for a vendor and do every job; returns the import as it ended."""
    return import_bytes(vendor, csv_of([{**SHEET, **row} for row in rows] or [SHEET]), by=by, **settings)


def import_bytes(
    vendor: Vendor, content: bytes, name: str = "sheets.csv", *, by: Any = None, **settings: Any
) -> Import:
    """Import a file's bytes for a vendor and do every job."""
    run = uploads.upload(vendor, io.BytesIO(content), name, by=by)
    for key, value in settings.items():
        setattr(run, key, value)
    if run.status == "uploaded":
        pipeline.confirm(run, by=by)
    db.session.commit()
    number = run.id
    jobs.drain()
    return db.session.get_one(Import, number)


def listing_of(vendor: Vendor, sku: str = "CAF-1") -> Listing:
    """Return a vendor's listing as it stands."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Listing).where(Listing.vendor_id == vendor.id, Listing.sku == sku)).one()
