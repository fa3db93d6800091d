"""Orders, their lines, the files they came in, and the rules of commission as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.files import StoredFile
from backoffice.orders.lifecycle import OrderStatus

if TYPE_CHECKING:
    from backoffice.accounts.models import User
    from backoffice.vendors.models import Vendor


class OrderImportState(StrEnum):
    """Where a file of orders stands: looked at, or taken."""

    UPLOADED = "uploaded"
    TAKEN = "taken"


class Order(db.Model):
    """One vendor's part of a basket: `basket` is the storefront's number for the whole, unique with the vendor."""

    # "order" is a reserved word of SQL.
    __tablename__ = "purchase_order"
    __table_args__ = (sa.UniqueConstraint("basket", "vendor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    basket: Mapped[str] = mapped_column(sa.String(80), index=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    buyer_email: Mapped[str] = mapped_column(sa.String(254), index=True)
    buyer_name: Mapped[str] = mapped_column(sa.String(160), default="")
    buyer_locale: Mapped[str] = mapped_column(sa.String(2), default="fr")
    status: Mapped[OrderStatus] = mapped_column(state_type(OrderStatus), default=OrderStatus.PAID)
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    shipping_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    shipped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tracking_number: Mapped[str] = mapped_column(sa.String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship("Vendor")
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.number")

    @property
    def total_minor(self) -> int:
        """What the buyer paid this vendor, shipping included, in minor units."""
        return sum(line.amount_minor for line in self.lines) + self.shipping_minor


class OrderLine(db.Model):
    """One article of an order, with the commission frozen when it arrived."""

    __tablename__ = "order_line"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "number"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        sa.Index("ix_order_line_sku", "sku"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("purchase_order.id"), index=True)
    number: Mapped[int] = mapped_column()
    sku: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    category: Mapped[str | None] = mapped_column(sa.String(40))
    quantity: Mapped[int] = mapped_column()
    # The whole line as paid, VAT included, in minor units.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    vat_basis_points: Mapped[int] = mapped_column(default=2000)
    commission_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    commission_rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commission_rule.id"))

    order: Mapped[Order] = relationship(Order, back_populates="lines")
    commission_rule: Mapped[CommissionRule | None] = relationship("CommissionRule")


class CommissionRule(db.Model):
    """A rate for a vendor, a category, an article, or all; retired, never changed, since lines keep its id."""

    __tablename__ = "commission_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"))
    category: Mapped[str | None] = mapped_column(sa.String(40))
    sku: Mapped[str | None] = mapped_column(sa.String(120))
    basis_points: Mapped[int] = mapped_column(default=0)
    fixed_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    minimum_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    vendor: Mapped[Vendor | None] = relationship("Vendor")


class OrderImport(db.Model):
    """A file of order lines: kept as sent, looked at before it is taken, with the problems of its lines."""

    __tablename__ = "order_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    state: Mapped[OrderImportState] = mapped_column(state_type(OrderImportState), default=OrderImportState.UPLOADED)
    lines_read: Mapped[int] = mapped_column(default=0)
    lines_in_error: Mapped[int] = mapped_column(default=0)
    orders_created: Mapped[int] = mapped_column(default=0)
    orders_moved: Mapped[int] = mapped_column(default=0)
    orders_unchanged: Mapped[int] = mapped_column(default=0)
    # [{"row", "column", "code", "value", "params", "warning"}]
    issues: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    file: Mapped[StoredFile] = relationship(StoredFile, lazy="joined", innerjoin=True)
    created_by: Mapped[User | None] = relationship("User")

    @property
    def lines_in_success(self) -> int:
        """Lines whose order was taken, or can be."""
        return self.lines_read - self.lines_in_error
