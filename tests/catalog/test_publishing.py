"""From listings to pages: what a page says, when it is shown, and that the index hears of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors import lifecycle as vendors
from backoffice.vendors.models import SuspensionReason, VendorStatus
from catalog import publishing, review
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.search import sync
from catalog.search.queries import Query
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.vendors import make_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")


def _editor() -> User:
    return make_user(Role.CONTENT_EDITOR)


def _found(text: str) -> list[int]:
    return [hit.id for hit in sync.engine().search(Query(text)).hits]


def _done() -> None:
    db.session.commit()
    jobs.drain()


def test_a_suspended_vendor_s_sheets_leave_the_shop_and_come_back(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    assert _found("Nespresso")
    vendor.status, vendor.suspension_reason = VendorStatus.SUSPENDED, SuspensionReason.MANUAL
    publishing.vendor_changed(vendor)
    _done()
    assert listing_of(vendor).status == ListingStatus.PENDING
    assert not _found("Nespresso")
    vendor.status, vendor.suspension_reason = VendorStatus.LIVE, None
    publishing.vendor_changed(vendor)
    _done()
    assert listing_of(vendor).status == ListingStatus.PUBLISHED
    assert _found("Nespresso")


def test_the_catalogue_hears_when_a_vendor_s_state_changes(app: Flask) -> None:
    vendor = make_vendor(status=VendorStatus.LIVE, locale="fr")
    import_rows(vendor)
    vendors.move(vendor, vendors.Action.GO_ON_VACATION, by=make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    db.session.commit()
    kinds = set(db.session.scalars(sa.select(jobs.Job.kind).where(jobs.Job.state == jobs.JobState.WAITING)))
    assert "catalog.follow_vendor" in kinds


def test_a_withdrawn_sheet_is_not_found_and_a_restored_one_waits_for_an_editor(app: Flask) -> None:
    vendor, editor = selling_vendor(), _editor()
    import_rows(vendor)
    review.act(listing_of(vendor), Action.WITHDRAW, by=editor)
    _done()
    assert not _found("Nespresso")
    review.act(listing_of(vendor), Action.RESTORE, by=editor)
    _done()
    assert listing_of(vendor).status == ListingStatus.TO_REVIEW
    assert not _found("Nespresso")
    review.accept(listing_of(vendor), by=editor)
    _done()
    assert _found("Nespresso")


def test_a_page_shows_its_best_published_sheet(app: Flask) -> None:
    def sheet(**values: object) -> Listing:
        return Listing(**{"id": 1, "quality": 0.5, "status": ListingStatus.PUBLISHED, **values})

    plain, better = sheet(id=1), sheet(id=2, quality=0.9)
    waiting = sheet(id=3, quality=1.0, status=ListingStatus.TO_REVIEW)
    assert publishing.best_of([plain, waiting, better]) is better
    assert publishing.best_of([waiting]) is waiting
    assert publishing.best_of([]) is None


def test_a_page_s_price_and_stock_are_those_of_the_offers_that_are_shown(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": "3045386381456", "stock": "0"})
    import_rows(other, {"sku": "B", "ean": "3045386381456", "prix": "79,90 €"})
    page = listing_of(one).product_id
    assert listing_of(other, "B").product_id == page
    (document,) = publishing.documents_for([page])
    assert (document.price_min_minor, document.offers, document.available) == (7990, 2, True)
    review.act(listing_of(other, "B"), Action.WITHDRAW, by=_editor())
    db.session.commit()
    (document,) = publishing.documents_for([page])
    assert (document.price_min_minor, document.offers, document.available) == (8990, 1, False)
