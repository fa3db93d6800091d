"""The forms of orders: sending a file, and adding a rule of commission."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from backoffice.extensions import db
from backoffice.options import options
from backoffice.orders.rates import Rate
from backoffice.vendors.models import Vendor

_AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")


class OrdersFileForm(FlaskForm):
    """A CSV of order lines."""

    file = FileField(_l("File of orders"), [FileRequired(_l("Choose a file."))])


def _minor(text: str | None) -> int | None:
    """Return "12,5" as 1250; nothing for nothing."""
    if not text or not text.strip():
        return None
    whole, _mark, decimals = text.strip().replace(",", ".").partition(".")
    return int(whole) * 100 + int(f"{decimals:0<2}")


def _hundredths(message: Any) -> Regexp:
    return Regexp(re.compile(rf"\s*{_AMOUNT.pattern}\s*\Z"), message=message)


class CommissionForm(FlaskForm):
    """A new rule: whom it is for and what it takes."""

    vendor = SelectField(_l("Vendor"))
    category = StringField(_l("Category code"), [Optional(), Length(max=40)])
    sku = StringField(_l("Article number"), [Optional(), Length(max=120)])
    rate = StringField(
        _l("Percentage"),
        [InputRequired(_l("This is needed.")), _hundredths(_l("Write a percentage such as 15 or 12.5."))],
    )
    fixed = StringField(_l("Fixed part a line"), [Optional(), _hundredths(_l("Write an amount such as 12.50."))])
    minimum = StringField(_l("At least"), [Optional(), _hundredths(_l("Write an amount such as 12.50."))])
    maximum = StringField(_l("At most"), [Optional(), _hundredths(_l("Write an amount such as 12.50."))])

    def offer_vendors(self) -> None:
        """Fill in the vendors to choose from."""
        rows = db.session.execute(sa.select(Vendor.id, Vendor.name).order_by(Vendor.name, Vendor.id))
        self.vendor.choices = options([("", _l("all vendors")), *((str(key), name) for key, name in rows)])

    def validate_rate(self, field: StringField) -> None:
        """Refuse more than the whole price."""
        if not field.errors and (_minor(field.data) or 0) > 10_000:
            raise ValidationError(_l("A commission cannot be more than the price."))

    def rate_asked(self) -> Rate:
        """Return what was typed, as a rate."""
        return Rate(
            vendor_id=int(self.vendor.data) if self.vendor.data else None,
            category=(self.category.data or "").strip() or None,
            sku=(self.sku.data or "").strip() or None,
            basis_points=_minor(self.rate.data) or 0,
            fixed_minor=_minor(self.fixed.data) or 0,
            minimum_minor=_minor(self.minimum.data),
            maximum_minor=_minor(self.maximum.data),
        )
