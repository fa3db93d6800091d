"""Who gets what from the pages of orders and commissions."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from backoffice.extensions import db
from backoffice.orders import imports, rates
from backoffice.orders.models import CommissionRule, Order, OrderImport
from backoffice.orders.rates import Rate
from tests.factories.orders import make_order
from tests.permissions.table import LOGGED_IN, STAFF, Row

MANAGERS = ("administrator", "account_manager")
HEADER = b"basket;ordered_at;vendor;sku;quantity;amount;buyer_email\n"


class Ordered:
    """The owning buyer's order at the owning vendor, a file of orders and a rule; made when a row first asks."""

    def __init__(self, world: Any) -> None:
        self._world = world

    @cached_property
    def order(self) -> Order:
        """The order."""
        return make_order(vendor=self._world.vendor, buyer_email=self._world.users["buyer_owner"].email)

    @cached_property
    def file(self) -> OrderImport:
        """A file that has not been taken."""
        line = f"CMD-9;2026-11-01;{self._world.vendor.code};A;1;20,00;alix@buyer.example\n".encode()
        run = imports.upload(io.BytesIO(HEADER + line), "orders.csv", by=self._world.users["administrator"])
        db.session.commit()
        return run

    @cached_property
    def rule(self) -> CommissionRule:
        """A rule in force."""
        rule = rates.add(Rate(basis_points=1500), by=self._world.users["administrator"])
        db.session.commit()
        return rule


def extend(world: Any) -> None:
    """Add what is ordered."""
    world.ordered = Ordered(world)


def _file(world: Any) -> dict[str, Any]:
    return {"import_id": world.ordered.file.id}


ROWS = [
    Row("orders.index", allowed=LOGGED_IN),
    Row("orders.export", allowed=LOGGED_IN),
    Row(
        "orders.show",
        allowed=(*STAFF, "vendor_owner", "buyer_owner"),
        values=lambda world: {"order_id": world.ordered.order.id},
    ),
    Row("orders.imports", allowed=MANAGERS),
    Row("orders.new_import", allowed=MANAGERS),
    Row("orders.new_import", "POST", MANAGERS, 422),
    Row("orders.show_import", allowed=MANAGERS, values=_file),
    Row("orders.take_import", "POST", MANAGERS, 302, values=_file),
    Row("orders.import_report", allowed=MANAGERS, values=_file),
    Row("orders.commission_rules", allowed=MANAGERS),
    Row("orders.add_commission_rule", "POST", MANAGERS, 302, data=lambda _world: {"vendor": "", "rate": "15"}),
    Row(
        "orders.retire_commission_rule",
        "POST",
        MANAGERS,
        302,
        values=lambda world: {"rule_id": world.ordered.rule.id},
    ),
]
