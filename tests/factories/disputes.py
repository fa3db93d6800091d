"""Disputes opened as a buyer opens them, and readers in every capacity."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.orders.models import Order
from backoffice.permissions import Role
from disputes.access import LinkHolder, Reader
from disputes.models import Dispute
from disputes.opening import Complaint, open_dispute
from disputes.vocabulary import Party, Reason, Wish
from tests.factories.accounts import make_user
from tests.factories.orders import make_order

BUYER = Reader(Party.BUYER, LinkHolder("Alix Martin"))


def make_dispute(order: Order | None = None, **values: Any) -> Dispute:
    """Return a stored dispute on all lines of an order, opened by its buyer and routed."""
    order = order or make_order()
    given: dict[str, Any] = {
        "pieces": {line.id: line.quantity for line in order.lines},
        "reason": Reason.DAMAGED,
        "wish": Wish.REFUND,
        "words": "It arrived broken in two.",
        **values,
    }
    dispute = open_dispute(order, Complaint(**given), BUYER)
    db.session.commit()
    return dispute


def seller_of(dispute: Dispute) -> Reader:
    """Return a user of the dispute's vendor, as its reader."""
    query = sa.select(User).where(User.vendor_id == dispute.vendor_id, User.role == Role.VENDOR_USER)
    user = db.session.scalar(query) or make_user(Role.VENDOR_USER, vendor_id=dispute.vendor_id)
    return Reader(Party.SELLER, user)


def make_mediator() -> Reader:
    """Return a new mediator."""
    return Reader(Party.MEDIATOR, make_user(Role.MEDIATOR))
