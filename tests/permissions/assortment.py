"""Who gets what from the assortment: staff read its reports, editors plan what becomes of a sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backoffice.clock import now
from backoffice.extensions import db
from catalog.assortment import schedule
from catalog.lifecycle import Action
from tests.permissions.catalog import EDITORS, make_listing
from tests.permissions.table import STAFF, Row


def _sheet(world: Any) -> dict[str, Any]:
    return {"listing_id": world.catalogued.sheet.id}


def _planned(world: Any) -> dict[str, Any]:
    listing = make_listing(world.vendor, world.catalogued.sheet.status)
    planned = schedule.plan(listing, Action.WITHDRAW, now() + timedelta(days=1), by=None)
    db.session.commit()
    return {"plan_id": planned.id}


ROWS = [
    Row("assortment.report", allowed=STAFF),
    Row("assortment.export_report", allowed=STAFF, values=lambda _world: {"name": "never-sold"}),
    Row("assortment.export_refused", allowed=STAFF),
    Row("assortment.export_catalogue", allowed=STAFF, values=lambda _world: {"extension": "xml"}),
    Row(
        "assortment.plan",
        "POST",
        EDITORS,
        302,
        values=_sheet,
        data=lambda _world: {"action": "withdraw", "due_at": (now() + timedelta(days=1)).isoformat()},
    ),
    Row("assortment.cancel_plan", "POST", EDITORS, 302, values=_planned),
]
