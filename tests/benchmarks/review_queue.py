"""Milliseconds of the review desk over a long queue: its page, the groups, the draws; figures only.

    python -m tests.benchmarks.review_queue [--sheets 100000]

Last line: JSON `sheets`, and by page `p50_ms p95_ms queries`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog.desk.models import WaitingReason
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from tests.benchmarks.import_throughput import house
from tests.benchmarks.pages import timed
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import CONTACT

PAGES = ("/review", "/review?tab=asked", "/review?tab=blocked", "/review?tab=mine", "/review?tab=automatic",
         "/review/audit", "/review/groups", "/review/group?code=contact_in_text&attribute=description",
         "/duplicates", "/duplicates/audit", "/review/pace")  # fmt: skip
STATES = (ListingStatus.TO_REVIEW, ListingStatus.PUBLISHED)
BATCH = 5_000


def fill(count: int) -> None:
    """Store so many sheets that wait for an editor, and as many that the machine accepted."""
    vendors = [selling_vendor().id for _ in range(5)]
    for start in range(1, 2 * count + 1, BATCH):
        numbers = range(start, min(start + BATCH, 2 * count + 1))
        db.session.execute(sa.insert(Product), [{"id": one, "title": f"Lampe n° {one}"} for one in numbers])
        db.session.execute(sa.insert(Listing), [_sheet(one, vendors[one % 5]) for one in numbers])
        waiting = [one for one in numbers if _status(one) == ListingStatus.TO_REVIEW]
        reasons = [
            {"listing_id": one, "vendor_id": vendors[one % 5], "code": CONTACT["code"], "attribute": "description"}
            for one in waiting
        ]
        db.session.execute(sa.insert(WaitingReason), reasons)
        db.session.commit()


def _status(number: int) -> ListingStatus:
    return STATES[number % 2]


def _sheet(number: int, vendor: int) -> dict[str, Any]:
    words = {"title": f"Lampe n° {number}", "description": "Appelez le 06 12 34 56 78. " * 20}
    return {
        "id": number, "vendor_id": vendor, "sku": f"L-{number}", "product_id": number, "status": _status(number),
        "priority": -10 * (number % 3), "content_hash": f"{number:064x}", "mapped": words, "values": words,
        "title": words["title"], "issues": [CONTACT] if _status(number) == ListingStatus.TO_REVIEW else [],
    }  # fmt: skip


def measure(app: Flask, count: int) -> dict[str, Any]:
    """Fill the house and ask for every page; returns the figures."""
    with app.app_context():
        fill(count)
        browser = login(app, make_user(Role.CONTENT_EDITOR))
        statements: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        db.session.commit()
        db.session.remove()
    found: dict[str, Any] = {}
    for page in PAGES:
        started = time.perf_counter()
        figures = timed(browser, page, statements)
        print(f"{page}: {figures} in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        found[page] = figures
    return {"sheets": count, "pages": found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(house(folder), given.sheets)))


if __name__ == "__main__":
    main()
