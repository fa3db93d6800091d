"""How far a vendor's sheets are trusted: what its past says, counted once a night and after each of its imports.

    sheets that came and were never blocked nor sent back ─┐
    articles sold that buyers dispute as not as described ─┴─► score, level ─► which sheets a person sees (`selection`)

Promise: few sheets prove nothing: both shares count with their intervals; the level is one row that an import reads once.
Not here: blocking problems, which no trust passes over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.orders.models import Order, OrderLine
from backoffice.vendors.models import Vendor
from catalog.desk import words
from catalog.desk.models import Misdescription, VendorTrust
from catalog.desk.selection import TrustLevel
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.switches.intervals import wilson

# Half a year: a vendor that learned is not held to last year's files.
PERIOD = timedelta(days=180)
# Trusted: surely 95 of 100 sheets pass at first, which takes 73 sheets without a fault or 153 with two.
TRUSTED_FROM = 0.95
# Distrusted: surely fewer than 80 of 100 pass, or surely more than one article sold in a hundred is disputed as wrong. Set
# by reasoning, not by a measurement: no marketplace's own disputes were at hand.
DISTRUSTED_BELOW = 0.80
DISPUTED_ABOVE = 0.01
# Trusted vendors have surely fewer disputes than this on what they sold, or none.
TRUSTED_DISPUTES = 0.05
# A dispute weighs on the score as much as five sheets sent back.
DISPUTE_WEIGHT = 5


def level_of(vendor_id: int) -> TrustLevel:
    """Return how far a vendor is trusted now: as usual, where nothing was counted."""
    kept = db.session.scalar(sa.select(VendorTrust.level).where(VendorTrust.vendor_id == vendor_id))
    return kept or TrustLevel.USUAL


def judge(arrived: int, passed: int, sold: int, disputed: int) -> tuple[TrustLevel, float]:
    """Return the level and the score (0 to 1) of a vendor with this past."""
    low, high = wilson(passed, arrived)
    sold = max(sold, disputed)
    least, most = wilson(disputed, sold)
    share = disputed / sold if sold else 0.0
    score = round(low * max(0.0, 1 - DISPUTE_WEIGHT * share), 4)
    if (arrived and high < DISTRUSTED_BELOW) or (disputed and least > DISPUTED_ABOVE):
        return TrustLevel.DISTRUSTED, score
    calm = not disputed or most < TRUSTED_DISPUTES
    return (TrustLevel.TRUSTED if low >= TRUSTED_FROM and calm else TrustLevel.USUAL), score


def _past(vendor_id: int) -> dict[str, int]:
    """Return the figures of a vendor's last half year."""
    since = now() - PERIOD
    decided = (Listing.vendor_id == vendor_id, Listing.created_at >= since, Listing.status != ListingStatus.TO_REVIEW)
    returned = sa.func.coalesce(sa.func.sum(sa.cast(Listing.returned, sa.Integer)), 0)
    arrived, back = db.session.execute(sa.select(sa.func.count(), returned).where(*decided)).one()
    lines = sa.select(sa.func.count()).select_from(OrderLine).join(Order, OrderLine.order_id == Order.id)
    sold = db.session.scalar(lines.where(Order.vendor_id == vendor_id, Order.ordered_at >= since)) or 0
    told = sa.select(sa.func.count()).select_from(Misdescription)
    disputed = db.session.scalar(told.where(Misdescription.vendor_id == vendor_id, Misdescription.at >= since)) or 0
    return {"arrived": arrived, "passed": arrived - int(back), "sold": sold, "disputed": disputed}


@handler("desk.weigh_trust")
def weigh(vendor_id: int) -> None:
    """Count a vendor's past and keep how far its sheets are trusted."""
    with reading():
        past = _past(vendor_id)
        db.session.rollback()
    level, score = judge(**past)
    kept = db.session.get(VendorTrust, vendor_id) or VendorTrust(vendor_id=vendor_id)
    for name, value in {**past, "level": level, "score": score, "counted_at": now()}.items():
        setattr(kept, name, value)
    db.session.add(kept)


@handler("desk.weigh_all_trust", every=timedelta(days=1))
def weigh_all() -> None:
    """Ask for the trust of every vendor that has sheets."""
    sells = sa.exists().where(Listing.vendor_id == Vendor.id)
    for vendor_id in db.session.scalars(sa.select(Vendor.id).where(sells).order_by(Vendor.id)):
        enqueue("desk.weigh_trust", {"vendor_id": vendor_id})


def note_disputes(dispute: Any, *, lines: Iterable[tuple[int, str]] = (), **_details: Any) -> None:
    """Keep that a dispute says these sheets are wrong, each (vendor id, the vendor's identifier), and weigh again."""
    for vendor_id, sku in lines:
        if db.session.get(Misdescription, (sku, dispute.number)) is None:
            db.session.add(Misdescription(vendor_id=vendor_id, sku=sku, dispute=dispute.number))
            db.session.flush()
            enqueue("desk.weigh_trust", {"vendor_id": vendor_id})


def panel(vendor: Vendor) -> dict[str, Any]:
    """Return the panel of a vendor's page: the score, what it is made of, and what it changes."""
    kept = db.session.get(VendorTrust, vendor.id)
    effect = words.EFFECTS[kept.level] if kept else None
    return {"template": "desk/trust_panel.html", "context": {"trust": kept, "effect": effect}}
