"""How far an order is, as the storefront says, and which later report may move it; pure.

Reports may arrive late or out of order: one that says what was already past changes nothing.
"""

from __future__ import annotations

from enum import StrEnum


class OrderStatus(StrEnum):
    """How far the storefront says the vendor's parcel is."""

    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Report(StrEnum):
    """What a reported status means for the stored one."""

    NEWS = "news"
    OLD = "old"
    IMPOSSIBLE = "impossible"


# What may follow each status; a parcel on its way can still be stopped, a delivered one comes back through a dispute.
FOLLOWING: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PAID: frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}


def reported(stored: OrderStatus, status: OrderStatus) -> Report:
    """Return what a report of `status` means for an order that stands at `stored`."""
    if status in FOLLOWING[stored]:
        return Report.NEWS
    return Report.OLD if status == stored or stored in FOLLOWING[status] else Report.IMPOSSIBLE
