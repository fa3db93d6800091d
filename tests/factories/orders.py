"""Orders as the storefront would have reported them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.orders.models import Order, OrderLine, OrderStatus
from backoffice.vendors.models import Vendor
from tests.factories.vendors import make_vendor

_numbers = count(1)


def make_order(
    *,
    vendor: Vendor | None = None,
    buyer_email: str = "buyer@house.example",
    lines: Sequence[dict[str, Any]] = ({},),
    ordered_at: datetime | None = None,
    **values: Any,
) -> Order:
    """Return a stored, delivered order of a vendor with these lines; a line's values replace one article at 20 €."""
    number = next(_numbers)
    moment = ordered_at or now() - timedelta(days=5)
    given: dict[str, Any] = {
        "basket": f"CMD-{number:06d}",
        "buyer_name": "Alix Martin",
        "buyer_locale": "en",
        "status": OrderStatus.DELIVERED,
        "ordered_at": moment,
        "shipped_at": moment + timedelta(days=1),
        "delivered_at": moment + timedelta(days=3),
        "tracking_number": f"6A{number:011d}",
        **values,
    }
    order = Order(vendor_id=(vendor or make_vendor()).id, buyer_email=buyer_email, **given)
    for place, line in enumerate(lines, start=1):
        order.lines.append(OrderLine(**{**_article(number, place), **line}))
    db.session.add(order)
    db.session.commit()
    return order


def _article(number: int, place: int) -> dict[str, Any]:
    return {
        "number": place,
        "sku": f"SKU-{number}-{place}",
        "title": f"Article {number}-{place}",
        "quantity": 1,
        "amount_minor": 2000,
    }
