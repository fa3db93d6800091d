"""The shapes of orders, vendors and tokens in the API. Money is in minor units, times are in ISO 8601 with zone."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from backoffice.api.paging import PageArgs
from backoffice.orders.fields import CURRENCIES, MOST_MINOR, MOST_PIECES
from backoffice.orders.lifecycle import OrderStatus

STATUSES = [status.value for status in OrderStatus]


def moment(**options: Any) -> fields.String:
    """Return a field of a time that is dumped as it is."""
    return fields.String(metadata={"format": "date-time"}, **options)


class MoneySchema(ma.Schema):
    """An amount in minor units."""

    amount = fields.Integer(required=True)
    currency = fields.String(required=True)


class BuyerInSchema(ma.Schema):
    """Who paid."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    name = fields.String(load_default="", validate=validate.Length(max=160))
    locale = fields.String(load_default="fr", validate=validate.OneOf(["fr", "en"]))


class LineInSchema(ma.Schema):
    """One article of a basket; the amount is of the whole line, VAT included."""

    vendor = fields.String(required=True, validate=validate.Length(1, 60), metadata={"description": "Vendor's code."})
    sku = fields.String(required=True, validate=validate.Length(1, 120))
    title = fields.String(load_default="", validate=validate.Length(max=300))
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_PIECES))
    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_MINOR))
    vat_basis_points = fields.Integer(load_default=2000, strict=True, validate=validate.Range(0, 10_000))


class ParcelInSchema(ma.Schema):
    """What belongs to one vendor's part of the basket."""

    vendor = fields.String(required=True, validate=validate.Length(1, 60))
    status = fields.String(load_default="paid", validate=validate.OneOf(STATUSES))
    shipping_minor = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_MINOR))
    tracking_number = fields.String(load_default="", validate=validate.Length(max=80))
    shipped_at = fields.AwareDateTime(load_default=None, allow_none=True)
    delivered_at = fields.AwareDateTime(load_default=None, allow_none=True)


class BasketInSchema(ma.Schema):
    """What a buyer paid at once; lines of several vendors become one order each."""

    basket = fields.String(required=True, validate=validate.Length(1, 80))
    ordered_at = fields.AwareDateTime(required=True)
    currency = fields.String(load_default="EUR", validate=validate.OneOf(sorted(CURRENCIES)))
    buyer = fields.Nested(BuyerInSchema, required=True)
    lines = fields.List(fields.Nested(LineInSchema), required=True, validate=validate.Length(1, 1000))
    parcels = fields.List(fields.Nested(ParcelInSchema), load_default=list, validate=validate.Length(max=1000))


class LineSchema(ma.Schema):
    """One line with its frozen commission."""

    number = fields.Integer(required=True)
    sku = fields.String(required=True)
    title = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    quantity = fields.Integer(required=True)
    amount_minor = fields.Integer(required=True)
    vat_basis_points = fields.Integer(required=True)
    commission_minor = fields.Integer(required=True)
    commission_rule = fields.Integer(required=True, allow_none=True)


class BuyerSchema(ma.Schema):
    """The buyer; vendors are not given the address, messages go through the marketplace."""

    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    locale = fields.String(required=True)


class OrderSchema(ma.Schema):
    """One vendor's part of a basket."""

    id = fields.Integer(required=True)
    basket = fields.String(required=True)
    vendor = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    currency = fields.String(required=True)
    total_minor = fields.Integer(required=True)
    shipping_minor = fields.Integer(required=True)
    ordered_at = moment(required=True)
    shipped_at = moment(required=True, allow_none=True)
    delivered_at = moment(required=True, allow_none=True)
    tracking_number = fields.String(required=True)
    buyer = fields.Nested(BuyerSchema, required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)


class WarningSchema(ma.Schema):
    """Something to know that kept nothing from being taken."""

    line = fields.Integer(required=True, allow_none=True)
    field = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class RecordedSchema(ma.Schema):
    """What became of a basket: its orders, and how many of them are new, moved forward, or were known as they are."""

    orders = fields.List(fields.Nested(OrderSchema), required=True)
    created = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class OrdersArgs(PageArgs):
    """Which orders."""

    status = fields.String(validate=validate.OneOf(STATUSES))
    basket = fields.String()
    vendor = fields.String(metadata={"description": "Vendor's code."})


class VendorSchema(ma.Schema):
    """A vendor of the marketplace."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True)
    country = fields.String(required=True)
    created_at = moment(required=True)


class VendorsArgs(PageArgs):
    """Which vendors."""

    status = fields.String()


class AccountSchema(ma.Schema):
    """Whose the API key is."""

    token = fields.String(required=True)
    scope = fields.String(required=True, validate=validate.OneOf(["operator", "vendor"]))
    vendor = fields.String(required=True, allow_none=True)
    operator = fields.String(required=True)
