"""Who gets what from the figures of quality: staff the marketplace's, a vendor's user its own."""

from __future__ import annotations

from typing import Any

from tests.permissions.table import STAFF, Row

VENDORS = ("vendor_owner", "vendor_stranger")
OWN = (*STAFF, "vendor_owner")


def _vendor(world: Any) -> dict[str, Any]:
    return {"vendor_id": world.vendor.id}


def _fault(world: Any) -> dict[str, Any]:
    return {"vendor_id": world.vendor.id, "code": "invalid_gtin"}


ROWS = [
    Row("figures.overview", allowed=STAFF),
    Row("figures.export_figures", allowed=STAFF),
    Row("figures.count_now", "POST", STAFF, 302),
    Row("figures.own", allowed=(*STAFF, *VENDORS), status=302),
    Row("figures.vendor", allowed=OWN, values=_vendor),
    Row("figures.export_faulty", allowed=OWN, values=_fault),
    Row("figures.mend_first", allowed=(*STAFF, *VENDORS)),
]
