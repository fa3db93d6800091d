"""Who gets what from the API without a key: nothing but its document, whoever is logged in."""

from __future__ import annotations

from typing import Any

from tests.permissions.table import EVERYONE, Row

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _number(_world: Any) -> dict[str, Any]:
    return {"number": "D-2026-000001"}


def _import(_world: Any) -> dict[str, Any]:
    return {"import_id": 1}


ROWS = [
    Row("api.openapi", allowed=EVERYONE),
    *(Row("api.nowhere", method, EVERYONE, 401, values=lambda _world: {"address": "nothing"}) for method in METHODS),
    Row("api_account.account", allowed=EVERYONE, status=401),
    Row("api_account.list_vendors", allowed=EVERYONE, status=401),
    Row("api_orders.report_order", "POST", EVERYONE, 401, json=True),
    Row("api_orders.list_orders", allowed=EVERYONE, status=401),
    Row("api_orders.get_order", allowed=EVERYONE, status=401, values=lambda _world: {"order_id": 1}),
    Row("api_catalog.import_products", "POST", EVERYONE, 401),
    Row("api_catalog.get_import", allowed=EVERYONE, status=401, values=_import),
    Row("api_catalog.get_error_report", allowed=EVERYONE, status=401, values=_import),
    Row("api_catalog.search_products", allowed=EVERYONE, status=401),
    Row("api_catalog.suggest_searches", allowed=EVERYONE, status=401),
    Row("api_catalog.list_offers", allowed=EVERYONE, status=401),
    Row("api_disputes.list_disputes", allowed=EVERYONE, status=401),
    Row("api_disputes.get_dispute", allowed=EVERYONE, status=401, values=_number),
    Row("api_disputes.write_message", "POST", EVERYONE, 401, values=_number, json=True),
]
