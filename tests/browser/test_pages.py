"""Every page of every role: no complaint of the browser, nothing grave for axe, no sideways scroll on a phone."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from backoffice import jobs
from backoffice.accounts.passwords import set_password
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.orders import imports
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorStatus
from catalog import pipeline, uploads
from disputes.resolution import withdraw
from tests.browser.conftest import Visit
from tests.browser.house import PASSWORD, House, await_state
from tests.browser.rooms import PUBLIC, ROOMS, Room
from tests.browser.watching import faults
from tests.factories.accounts import make_user
from tests.factories.catalog import SHEET, csv_of
from tests.factories.disputes import BUYER as DISPUTING_BUYER
from tests.factories.disputes import make_dispute
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

BUYER = f"{Role.BUYER}@house.example"
DOUBTFUL = {**SHEET, "sku": "CAF-2", "description": "Une cafetière. Appelez le 06 12 34 56 78 pour en savoir plus."}

# The pages that between them have every component: counts, pills, marked words, facets, the desk.
DARK = ("home", "import", "sheet", "review", "duplicates", "products-found")
ORDERS = (
    b"basket;ordered_at;vendor;sku;quantity;amount;buyer_email\nCMD-9;2026-01-05;nobody;CAF-1;1;89,90;a@b.example\n"
)


@pytest.fixture(scope="module")
def inhabited(house: House) -> House:
    """The house with something on most pages: sheets, one in doubt and one in error, orders, disputes, vendors."""
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        for status in (VendorStatus.READY_FOR_REVIEW, VendorStatus.ONBOARDING, VendorStatus.SUSPENDED):
            make_vendor(status=status)
        set_password(make_user(Role.BUYER, email=BUYER, locale="fr"), PASSWORD)
        rows = [SHEET, DOUBTFUL, {**SHEET, "sku": "CAF-3", "titre": ""}]
        run = uploads.upload(vendor, io.BytesIO(csv_of(rows)), "sheets.csv", by=None)
        pipeline.confirm(run, by=None)
        imports.upload(io.BytesIO(ORDERS), "orders.csv", by=make_user(Role.ACCOUNT_MANAGER))
        make_dispute(make_order(vendor=vendor, buyer_email=BUYER))
        withdraw(make_dispute(make_order(vendor=vendor)), DISPUTING_BUYER)
        make_dispute(make_order(vendor=vendor, buyer_email=BUYER, lines=[{"amount_minor": 90_000}]))
        # The newest order of the buyer is one on which a dispute can still be opened.
        make_order(vendor=vendor, buyer_email=BUYER, ordered_at=now() - timedelta(days=4))
        await_state(_all_done, "the jobs of the house")
    return house


def _all_done() -> bool | None:
    failed, due = jobs.status()["failed"], jobs.backlog()[0]
    # Outside a request even a reader holds SQLite's write lock, which the jobs waited for need themselves.
    db.session.rollback()
    assert not failed, f"{failed} jobs of the house failed"
    return True if due == 0 else None


def looked_at(page: Page, rooms: Iterable[Room]) -> list[str]:
    """Return the faults of these pages; a page that cannot be reached is one."""
    return [fault for room in rooms for fault in (faults(page) if room.open(page) else [f"{room.name}: nothing there"])]


def test_every_page_of_every_role_is_sound(inhabited: House, enter: Visit) -> None:
    # One test: what is on the pages takes longer to make than the pages take to look at.
    found = [fault for role, rooms in ROOMS.items() for fault in looked_at(enter(role), rooms)]
    dark = [room for room in ROOMS[Role.CONTENT_EDITOR] if room.name in DARK]
    found += looked_at(enter(Role.CONTENT_EDITOR, color_scheme="dark"), dark)
    assert not found, "\n".join(found)


def test_public_pages_are_sound(visit: Visit) -> None:
    found = looked_at(visit("en"), PUBLIC)
    assert not found, "\n".join(found)
