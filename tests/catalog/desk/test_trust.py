"""A vendor's past and what it changes: which doubts a person sees, which sound sheets, and never what blocks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from backoffice import events, jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.desk import selection, trust
from catalog.desk.models import VendorTrust
from catalog.desk.selection import TrustLevel
from catalog.lifecycle import ListingStatus
from catalog.listings import state_of
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")
PHONE = {"description": "Machine à café 19 bars. Contactez-nous au 06 12 34 56 78."}
LANGUAGE = {"code": "wrong_language", "severity": "warning", "attribute": "description"}
SUSPECT = {"code": "price_suspect", "severity": "warning", "attribute": "price"}
WRONG = {"code": "invalid_gtin", "severity": "error", "attribute": "gtin"}


def _change(attribute: str) -> dict[str, Any]:
    return {"rule": "some.rule", "attribute": attribute, "confidence": 0.1}


def _state(level: TrustLevel, *issues: Any, changes: Any = (), digest: str = "f" * 64, dismissed: Any = ()) -> str:
    columns = {"issues": list(issues), "changes": list(changes), "content_hash": digest}
    return str(state_of(columns, dismissed=dismissed, flagged=False, below=0.8, trust=level)["status"])


@pytest.mark.parametrize(
    ("past", "level"),
    [
        ((0, 0, 0, 0), TrustLevel.USUAL),
        ((72, 72, 0, 0), TrustLevel.USUAL),
        ((73, 73, 0, 0), TrustLevel.TRUSTED),
        ((1000, 970, 500, 0), TrustLevel.TRUSTED),
        ((1000, 900, 500, 0), TrustLevel.USUAL),
        ((1000, 700, 500, 0), TrustLevel.DISTRUSTED),
        ((10, 7, 0, 0), TrustLevel.USUAL),
        ((1000, 1000, 1000, 40), TrustLevel.DISTRUSTED),
        ((1000, 1000, 10, 1), TrustLevel.DISTRUSTED),
        ((1000, 1000, 60, 1), TrustLevel.USUAL),
        ((1000, 1000, 1000, 2), TrustLevel.TRUSTED),
    ],
)
def test_few_sheets_prove_nothing_and_disputes_weigh(past: tuple[int, int, int, int], level: TrustLevel) -> None:
    found, score = trust.judge(*past)
    assert found == level
    assert 0 <= score <= 1


def test_a_minor_doubt_skips_the_desk_for_a_trusted_vendor_only() -> None:
    minor = [_change("material")]
    assert _state(TrustLevel.USUAL, LANGUAGE) == _state(TrustLevel.USUAL, changes=minor) == ListingStatus.TO_REVIEW
    assert _state(TrustLevel.TRUSTED, LANGUAGE) == _state(TrustLevel.TRUSTED, changes=minor) == ListingStatus.PENDING
    assert _state(TrustLevel.TRUSTED, SUSPECT) == ListingStatus.TO_REVIEW
    assert _state(TrustLevel.TRUSTED, changes=[_change("price")]) == ListingStatus.TO_REVIEW


@pytest.mark.parametrize("level", list(TrustLevel))
def test_what_blocks_blocks_whoever_the_vendor_is(level: TrustLevel) -> None:
    assert _state(level, WRONG) == ListingStatus.CHANGES_REQUESTED


def test_chance_brings_a_fifth_of_a_distrusted_vendor_s_sound_sheets_to_the_desk() -> None:
    digests = [f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(1, 1001)]
    found = [_state(TrustLevel.DISTRUSTED, digest=one) for one in digests]
    share = found.count(ListingStatus.TO_REVIEW) / len(found)
    assert abs(share - selection.SHARE) < 0.03
    assert found == [_state(TrustLevel.DISTRUSTED, digest=one) for one in digests]
    for level in (TrustLevel.USUAL, TrustLevel.TRUSTED):
        assert {_state(level, digest=one) for one in digests} == {ListingStatus.PENDING}


def test_a_drawn_sheet_that_was_accepted_is_not_drawn_again() -> None:
    assert _state(TrustLevel.DISTRUSTED, digest="0" * 64) == ListingStatus.TO_REVIEW
    assert _state(TrustLevel.DISTRUSTED, digest="0" * 64, dismissed=[selection.DRAWN]) == ListingStatus.PENDING


def _level(vendor: Vendor, level: TrustLevel) -> None:
    db.session.merge(VendorTrust(vendor_id=vendor.id, level=level))
    db.session.commit()


def test_an_import_follows_the_trust_that_its_vendor_has(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = selling_vendor()
    monkeypatch.setattr(selection, "SHARE", 1.0)
    _level(vendor, TrustLevel.DISTRUSTED)
    import_rows(vendor, {"sku": "A"})
    assert listing_of(vendor, "A").status == ListingStatus.TO_REVIEW
    editor = login(app, make_user(Role.CONTENT_EDITOR))
    editor.post(f"/sheets/{listing_of(vendor, 'A').id}/accept", data={"version": listing_of(vendor, "A").version})
    _level(vendor, TrustLevel.DISTRUSTED)
    import_rows(vendor, {"sku": "A", "stock": "3"})
    assert listing_of(vendor, "A").status == ListingStatus.PUBLISHED
    _level(vendor, TrustLevel.TRUSTED)
    import_rows(vendor, {"sku": "B", **PHONE})
    assert listing_of(vendor, "B").status == ListingStatus.TO_REVIEW


def test_a_file_and_a_dispute_have_the_trust_counted_and_the_vendor_s_page_shows_it(app: Flask) -> None:
    vendor = selling_vendor()
    make_sheets(vendor, 90, status=ListingStatus.PUBLISHED, issues=[])
    import_rows(vendor)
    kept = db.session.get_one(VendorTrust, vendor.id)
    assert (kept.level, kept.arrived, kept.passed) == (TrustLevel.TRUSTED, 91, 91)
    for _again in range(2):
        events.product_misdescribed.send(SimpleNamespace(number="L-7"), quote="Blue.", lines=[(vendor.id, "CAF-1")])
    db.session.commit()
    jobs.drain()
    db.session.refresh(kept)
    assert (kept.level, kept.disputed) == (TrustLevel.DISTRUSTED, 1)
    page = login(app, make_user(Role.ACCOUNT_MANAGER, locale="en")).get(f"/vendors/{vendor.id}").text
    assert "Trust in its sheets" in page
    assert "checked more often" in page
    trust.weigh_all()
    assert jobs.due_ids()
