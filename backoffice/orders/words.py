"""The words for orders: states, history, and what the columns of a file are called on pages."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.files import StoredFile
from backoffice.orders.commissions import Scope
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import CommissionRule, Order, OrderImport, OrderImportState
from backoffice.things import Kind
from backoffice.vendors.models import Vendor


def register() -> None:
    """Add the words of orders, their files and their commissions."""
    words.register(
        {
            OrderStatus.PAID: _l("paid"),
            OrderStatus.SHIPPED: _l("shipped"),
            OrderStatus.DELIVERED: _l("delivered"),
            OrderStatus.CANCELLED: _l("order cancelled"),
        },
        {
            OrderStatus.PAID: "information",
            OrderStatus.SHIPPED: "information",
            OrderStatus.DELIVERED: "done",
            OrderStatus.CANCELLED: "neutral",
        },
    )
    words.register(
        {OrderImportState.UPLOADED: _l("orders to be taken"), OrderImportState.TAKEN: _l("orders taken")},
        {OrderImportState.UPLOADED: "attention", OrderImportState.TAKEN: "done"},
    )
    words.register(
        {
            Scope.ARTICLE: _l("one article"),
            Scope.VENDOR_CATEGORY: _l("a vendor's category"),
            Scope.VENDOR: _l("a vendor"),
            Scope.CATEGORY: _l("a category"),
            Scope.ALL: _l("everything else"),
        }
    )
    words.register_fields(
        Order.__tablename__,
        {"status": (_l("Status"), OrderStatus), "tracking_number": (_l("Tracking number"), None)},
    )
    words.register_fields(OrderImport.__tablename__, {"file": (_l("File"), None)})
    _register_things()
    words.register_verbs(
        {
            "order.report": _l("reported the order"),
            "order.move": _l("reported progress of the order"),
            "order_import.upload": _l("sent a file of orders"),
            "order_import.take": _l("took the orders of a file"),
            "commission.add": _l("added a commission rule"),
            "commission.retire": _l("retired a commission rule"),
        }
    )


def _register_things() -> None:
    files = sa.select(OrderImport.id, StoredFile.name).join(OrderImport.file)
    whose = sa.func.coalesce(Vendor.name, CommissionRule.category, CommissionRule.sku, "")
    rules = sa.select(CommissionRule.id, whose.label("name")).outerjoin(CommissionRule.vendor)
    kinds = {
        Order: Kind(_l("order"), sa.select(Order.id, Order.basket.label("name")), "orders.show", "order_id"),
        OrderImport: Kind(_l("file of orders"), files, "orders.show_import", "import_id"),
        CommissionRule: Kind(_l("commission rule"), rules, "orders.commission_rules"),
    }
    for model, kind in kinds.items():
        things.register(model.__tablename__, kind)
