"""A sheet's past: every version that ended can be shown again, whoever ended it."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import past, publishing
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")


@pytest.fixture
def sheet(app: Flask) -> Listing:
    """A sheet that two files changed and an editor withdrew: four versions, the last of them the present."""
    vendor = selling_vendor()
    import_rows(vendor, {"prix": "89,90 €"})
    import_rows(vendor, {"prix": "79,90 €"})
    import_rows(vendor, {"prix": "79,90 €", "titre": "Théière en fonte émaillée rouge"})
    listing = listing_of(vendor, "CAF-1")
    publishing.move(listing, Action.WITHDRAW, by=make_user(Role.CONTENT_EDITOR), reason="no longer made")
    db.session.commit()
    return listing


def test_each_version_says_what_it_said(sheet: Listing) -> None:
    ended = past.versions(sheet)
    told = [past.as_of(sheet, one.version, ended) for one in ended]
    assert [then.values["price"]["amount"] for then in told if then] == [7990, 7990, 8990]
    assert [then.values["title"][:7] for then in told if then] == ["Théière", "Cafetiè", "Cafetiè"]
    assert [then.status for then in told if then] == [ListingStatus.PUBLISHED] * 3
    assert sheet.status == ListingStatus.WITHDRAWN


def test_what_never_was_is_no_version_and_the_same_file_makes_none(sheet: Listing) -> None:
    ended = past.versions(sheet)
    assert past.as_of(sheet, 999, ended) is None
    import_rows(sheet.vendor, {"prix": "79,90 €", "titre": "Théière en fonte émaillée rouge"})
    assert len(past.versions(sheet)) == len(ended)


def test_what_is_rolled_back_leaves_no_version(sheet: Listing) -> None:
    before = len(past.versions(sheet))
    sheet.values = {**sheet.values, "title": "Autre"}
    sheet.version += 1
    db.session.flush()
    db.session.rollback()
    assert len(past.versions(sheet)) == before


def test_the_page_shows_then_beside_now_and_nothing_to_a_stranger(app: Flask, sheet: Listing) -> None:
    editor = login(app, make_user(Role.CONTENT_EDITOR))
    ended = past.versions(sheet)
    page = editor.get(f"/sheets/{sheet.id}/past/{ended[-1].version}").text
    assert "89.90" in page
    assert "79.90" in page
    # In French "État" is a goods' condition, which a sheet has too: where a sheet stands is its status.
    assert "Status then:" in page
    assert '<div class="small muted">Status</div>' in page
    assert editor.get(f"/sheets/{sheet.id}/past/999").status_code == 404
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=selling_vendor().id))
    assert stranger.get(f"/sheets/{sheet.id}/past").status_code == 404
