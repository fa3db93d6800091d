"""Finding orders: the reader's own, filtered, exported, counted for the home page, and found by a word.

Every fetch is narrowed to its reader: staff see all, a vendor's user the vendor's, a buyer those of their address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from backoffice.accounts.models import User
from backoffice.dashboard.finding import Found
from backoffice.dashboard.needs import NAMED_FIRST, First, Need
from backoffice.database import key_in
from backoffice.errors import NotFound
from backoffice.exporting import csv_line
from backoffice.extensions import db
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import Order, OrderImport, OrderImportState, OrderLine
from backoffice.permissions import Permission, Role, may
from backoffice.vendors.models import Vendor

EXPORTED = (
    *("basket", "ordered_at", "vendor", "sku", "title", "quantity", "amount", "currency", "vat_rate", "shipping"),
    *("buyer_email", "buyer_name", "buyer_locale", "status", "tracking_number", "commission", "commission_rule"),
)
# When a paid order should have left; set by judgement: a buyer begins to ask after the third day.
HANDLING = timedelta(days=3)
# The marketplace stands between buyer and vendor: a vendor's file says who, not how to reach them past us.
FOR_STAFF = frozenset({"buyer_email"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the list to; empty means all."""

    vendor: str = ""
    status: str = ""
    text: str = ""


def visible_to(user: User) -> sa.Select[Any]:
    """Return the select of the orders that this user may know of."""
    query = sa.select(Order)
    if user.is_staff:
        return query
    if user.role == Role.BUYER:
        return query.where(sa.func.lower(Order.buyer_email) == user.email.lower())
    return query.where(Order.vendor_id == (user.vendor_id or -1))


def find(order_id: int, user: User) -> Order:
    """Return an order with its lines and their rules; raises NotFound for a stranger."""
    query = visible_to(user).where(Order.id == order_id).options(joinedload(Order.vendor))
    query = query.options(selectinload(Order.lines).joinedload(OrderLine.commission_rule))
    order = db.session.scalar(query)
    if order is None:
        raise NotFound()
    return order


def filtered(filters: Filters, user: User) -> sa.Select[Any]:
    """Return the select of a list page, with what its rows show."""
    query = visible_to(user)
    if (vendor := key_in(filters.vendor)) is not None:
        query = query.where(Order.vendor_id == vendor)
    if filters.status in list(OrderStatus):
        query = query.where(Order.status == OrderStatus(filters.status))
    if filters.text.strip():
        query = query.where(_matches(filters.text.strip(), user))
    return query.options(joinedload(Order.vendor), selectinload(Order.lines))


def _matches(text: str, user: User) -> sa.ColumnElement[bool]:
    columns = [Order.basket, Order.buyer_name, Order.tracking_number]
    if user.is_staff:
        columns.append(Order.buyer_email)
    found = [column.icontains(text, autoescape=True) for column in columns]
    return sa.or_(*found, Order.id.in_(sa.select(OrderLine.order_id).where(OrderLine.sku == text)))


def vendors_with_orders() -> list[tuple[str, str]]:
    """Return (id, name) of the vendors that have orders, to filter by."""
    query = sa.select(Vendor.id, Vendor.name).where(sa.exists().where(Order.vendor_id == Vendor.id))
    return [(str(key), name) for key, name in db.session.execute(query.order_by(Vendor.name))]


def as_csv(query: sa.Select[Any], user: User) -> Iterator[str]:
    """Yield the orders' lines in the columns that the import takes, with the commission; no cell is a formula."""
    shown = [name for name in EXPORTED if user.is_staff or name not in FOR_STAFF]
    yield csv_line(shown)
    for order in db.session.scalars(query.order_by(Order.id).execution_options(yield_per=500)):
        for line in order.lines:
            cells = _cells(order, line)
            yield csv_line(cells[name] for name in shown)


def _cells(order: Order, line: OrderLine) -> dict[str, Any]:
    own = {
        "ordered_at": order.ordered_at.isoformat(),
        "vendor": order.vendor.code,
        "status": order.status.value,
        "amount": decimal_of(line.amount_minor),
        "shipping": decimal_of(order.shipping_minor),
        "vat_rate": decimal_of(line.vat_basis_points),
        "commission": decimal_of(line.commission_minor),
        "commission_rule": line.commission_rule_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
    }
    return {name: own[name] if name in own else getattr(order, name) for name in EXPORTED}


def decimal_of(minor: int) -> str:
    """Return hundredths as a decimal number with a point: 1999 → "19.99"."""
    return f"{minor // 100}.{minor % 100:02d}"


def to_ship(user: User) -> int:
    """Return how many of a vendor's orders wait to be sent."""
    query = visible_to(user).where(Order.status == OrderStatus.PAID)
    return db.session.scalar(query.with_only_columns(sa.func.count(Order.id))) or 0


def home_items(user: User) -> list[Need]:
    """Return what the home page shows of orders."""
    items = []
    if user.role == Role.VENDOR_USER:
        oldest = visible_to(user).where(Order.status == OrderStatus.PAID)
        count, first = db.session.execute(
            oldest.with_only_columns(sa.func.count(Order.id), sa.func.min(Order.ordered_at))
        ).one()
        due = first + HANDLING if first else None
        address = url_for("orders.index", status=OrderStatus.PAID.value)
        items.append(Need(_("Orders to send"), count, address, due, first=_first_to_send(oldest) if count else ()))
    if may(user, Permission.MANAGE_ORDERS):
        waiting = sa.select(sa.func.count(OrderImport.id)).where(OrderImport.state == OrderImportState.UPLOADED)
        items.append(Need(_("Order files to take"), db.session.scalar(waiting) or 0, url_for("orders.imports")))
    return items


def _first_to_send(waiting: sa.Select[Any]) -> list[First]:
    found = db.session.scalars(waiting.order_by(Order.ordered_at, Order.id).limit(NAMED_FIRST))
    return [
        First(one.basket, url_for("orders.show", order_id=one.id), due_at=one.ordered_at + HANDLING) for one in found
    ]


def find_orders(query: str, user: User, limit: int) -> list[Found]:
    """Return the reader's orders whose number, buyer or parcel has this word, for the search over everything."""
    if not may(user, Permission.READ_ORDERS):
        return []
    found = visible_to(user).where(_matches(query, user)).options(joinedload(Order.vendor))
    rows = db.session.scalars(found.order_by(Order.id.desc()).limit(limit))
    return [
        Found(_l("Orders"), one.basket, url_for("orders.show", order_id=one.id), one.vendor.name, one.status)
        for one in rows
    ]
