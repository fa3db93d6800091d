"""Orders in the API: the storefront reports baskets, vendors and the operator read their orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from backoffice.api import caller
from backoffice.api.idempotency import Answer, once
from backoffice.api.paging import page_of, seek
from backoffice.api.registry import IDEMPOTENCY, Resources
from backoffice.api.schemas import BasketInSchema, OrdersArgs, OrderSchema, RecordedSchema
from backoffice.errors import Invalid, NotFound
from backoffice.extensions import db
from backoffice.orders import intake, problems, recording
from backoffice.orders.archive import decimal_of
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import Order, OrderLine
from backoffice.orders.problems import OrderIssue

bp = Resources("api_orders", __name__, description="Orders as the storefront reports them")


@bp.route("/orders", methods=["POST"])
@bp.doc(parameters=[IDEMPOTENCY])
@bp.arguments(BasketInSchema)
@bp.response(201, RecordedSchema)
@bp.alt_response(200, schema=RecordedSchema, description="The basket was known: nothing new, or moved forward")
@once
def report_order(basket: dict[str, Any]) -> Answer:
    """Report a basket; the same one again is taken once, and a later status moves its orders forward."""
    caller.require_operator()
    reading = intake.read_rows(_rows(basket), UTC)
    _refuse(reading.issues)
    done = recording.record(reading.baskets[0], by=caller.current())
    _refuse([issue for issue in done.issues if not issue.warning])
    db.session.flush()
    body = {
        "orders": [as_json(order) for order in done.orders],
        "created": len(done.created),
        "moved": len(done.moved),
        "unchanged": len(done.unchanged),
        "warnings": [_problem(issue) for issue in done.issues],
    }
    return body, 201 if done.created else 200


def _rows(basket: dict[str, Any]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield a basket's lines as the lines of a file, so that one reader judges both."""
    parcels = {parcel["vendor"]: parcel for parcel in basket["parcels"]}
    strangers = set(parcels) - {line["vendor"] for line in basket["lines"]}
    if strangers or len(parcels) < len(basket["parcels"]):
        words = _("Each parcel belongs to a vendor of the basket's lines, and each vendor has one.")
        raise Invalid(words, details={"parcels": words})
    buyer = basket["buyer"]
    common = {
        "basket": basket["basket"].strip(),
        "ordered_at": basket["ordered_at"].isoformat(),
        "currency": basket["currency"],
        "buyer_email": buyer["email"],
        "buyer_name": buyer["name"].strip(),
        "buyer_locale": buyer["locale"],
    }
    for number, line in enumerate(basket["lines"], start=1):
        yield number, common | _line_cells(line) | _parcel_cells(parcels.get(line["vendor"]))


def _line_cells(line: dict[str, Any]) -> dict[str, str]:
    return {
        "vendor": line["vendor"],
        "sku": line["sku"].strip(),
        "title": line["title"].strip(),
        "quantity": str(line["quantity"]),
        "amount": decimal_of(line["amount_minor"]),
        "vat_rate": decimal_of(line["vat_basis_points"]),
    }


def _parcel_cells(parcel: dict[str, Any] | None) -> dict[str, str]:
    if parcel is None:
        return {}
    times = {name: parcel[name].isoformat() for name in ("shipped_at", "delivered_at") if parcel[name]}
    own = {"status": parcel["status"], "tracking_number": parcel["tracking_number"].strip()}
    return {**own, **times, "shipping": decimal_of(parcel["shipping_minor"])}


def _refuse(issues: Sequence[OrderIssue]) -> None:
    if issues:
        found = [_problem(issue) for issue in issues if issue.code != "order_refused"]
        raise Invalid(_("This basket cannot be taken; nothing of it was."), details={"issues": found})


def _problem(issue: OrderIssue) -> dict[str, Any]:
    said = problems.sentence(issue, str(get_locale() or "en"))
    return {"line": issue.row, "field": issue.column, "code": issue.code, "message": said}


@bp.route("/orders", methods=["GET"])
@bp.arguments(OrdersArgs, location="query")
@bp.response(200, page_of(OrderSchema))
def list_orders(args: dict[str, Any]) -> dict[str, Any]:
    """List orders, newest first; a vendor's key sees its own."""
    query = visible()
    if "status" in args:
        query = query.where(Order.status == OrderStatus(args["status"]))
    if "basket" in args:
        query = query.where(Order.basket == args["basket"])
    if "vendor" in args:
        query = query.where(Order.vendor_id == caller.vendor_of(args["vendor"]).id)
    rows, following = seek(query, args, order=[(Order.id, "desc")])
    return {"items": [as_json(order) for order in rows], "next_page_token": following}


@bp.route("/orders/<int:order_id>", methods=["GET"])
@bp.response(200, OrderSchema)
def get_order(order_id: int) -> dict[str, Any]:
    """Return one order."""
    order = db.session.scalar(visible().where(Order.id == order_id))
    if order is None:
        raise NotFound(_("There is no such order."))
    return as_json(order)


def visible() -> sa.Select[Any]:
    """Return the select of the orders that the caller may read, with their lines."""
    query = sa.select(Order).options(joinedload(Order.vendor), selectinload(Order.lines))
    who = caller.current()
    return query if who.is_operator else query.where(Order.vendor_id == who.vendor_id)


def as_json(order: Order) -> dict[str, Any]:
    """Return an order as the caller may read it."""
    email = order.buyer_email if caller.current().is_operator else None
    return {
        "id": order.id,
        "basket": order.basket,
        "vendor": order.vendor.code,
        "status": order.status.value,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "shipping_minor": order.shipping_minor,
        "ordered_at": _iso(order.ordered_at),
        "shipped_at": _iso(order.shipped_at),
        "delivered_at": _iso(order.delivered_at),
        "tracking_number": order.tracking_number,
        "buyer": {"name": order.buyer_name, "email": email, "locale": order.buyer_locale},
        "lines": [_line(line) for line in order.lines],
    }


def _iso(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value is not None else None


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "sku": line.sku,
        "title": line.title,
        "category": line.category,
        "quantity": line.quantity,
        "amount_minor": line.amount_minor,
        "vat_basis_points": line.vat_basis_points,
        "commission_minor": line.commission_minor,
        "commission_rule": line.commission_rule_id,
    }
