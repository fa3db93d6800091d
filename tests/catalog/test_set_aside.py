"""A check of quality set aside with its reason: what it does to the score, how long it holds, what it may not do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.audit import AuditEvent
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import quality, review, set_aside
from catalog.models import Listing
from catalog.requirements import default_requirements
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")
CHECK = "description.present"
BARE = {"description": ""}


def _sheet(**cells: str) -> Listing:
    vendor = selling_vendor()
    import_rows(vendor, {**BARE, **cells})
    return listing_of(vendor)


def test_a_check_set_aside_no_longer_lowers_the_score_and_counts_again_when_taken_back(app: Flask) -> None:
    listing, editor = _sheet(), make_user(Role.CONTENT_EDITOR, name="Élodie")
    before = listing.quality
    set_aside.dismiss(listing, CHECK, "Un accessoire se passe de texte", by=editor)
    assert listing.quality == pytest.approx(before + 10 / 114, abs=0.01)
    assert listing.set_aside[CHECK]["by"] == editor.display_name
    set_aside.restore(listing, CHECK, by=editor)
    assert (listing.quality, listing.set_aside) == (before, {})
    verbs = db.session.execute(sa.select(AuditEvent.verb, AuditEvent.reason).order_by(AuditEvent.id.desc()).limit(2))
    assert [tuple(row) for row in verbs] == [
        ("listing.restore_check", ""),
        ("listing.dismiss_check", "Un accessoire se passe de texte"),
    ]


def test_it_holds_when_the_sheet_is_made_again_and_when_the_vendor_sends_other_words(app: Flask) -> None:
    listing = _sheet()
    set_aside.dismiss(listing, CHECK, "Pas besoin", by=make_user())
    high = listing.quality
    review.correct(listing, "stock", "3", by=make_user())
    assert listing.quality == high
    db.session.commit()
    import_rows(listing.vendor, {**BARE, "stock": "7"})
    assert listing_of(listing.vendor).quality == high


def test_a_fault_that_was_not_there_then_counts(app: Flask) -> None:
    listing = _sheet()
    set_aside.dismiss(listing, CHECK, "Pas besoin", by=make_user())
    high = listing.quality
    db.session.commit()
    import_rows(listing.vendor, {"description": listing.title})
    fresh = listing_of(listing.vendor)
    assert "description_equals_title" in {one["code"] for one in fresh.issues}
    assert fresh.quality < high


def test_what_keeps_a_sheet_from_being_published_cannot_be_set_aside(app: Flask) -> None:
    listing = _sheet(ean="4006381333932")
    with pytest.raises(Invalid):
        set_aside.dismiss(listing, "identifier.sound", "Tant pis", by=make_user())


@pytest.mark.parametrize(("check", "why"), [(CHECK, "   "), ("title.whole", "Rien à dire"), ("none.such", "Rien")])
def test_without_a_reason_or_a_fault_nothing_is_set_aside(app: Flask, check: str, why: str) -> None:
    with pytest.raises(Invalid):
        set_aside.dismiss(_sheet(), check, why, by=make_user())


def test_what_is_not_set_aside_cannot_be_taken_back(app: Flask) -> None:
    with pytest.raises(Conflict):
        set_aside.restore(_sheet(), CHECK, by=make_user())


def test_the_page_sets_a_check_aside_shows_why_and_takes_it_back(app: Flask) -> None:
    listing = _sheet()
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    form = {"version": str(listing.version), "check": CHECK, "why": "Le titre dit tout"}
    assert browser.post(f"/sheets/{listing.id}/check", data=form).status_code == 302
    for page in (f"/sheets/{listing.id}", f"/review/{listing.id}"):
        assert "Le titre dit tout" in browser.get(page).text
    form = {"version": str(listing_of(listing.vendor).version), "check": CHECK, "undo": "1"}
    browser.post(f"/sheets/{listing.id}/check", data=form)
    assert listing_of(listing.vendor).set_aside == {}


def test_a_refused_reason_comes_back_with_the_desk(app: Flask) -> None:
    listing = _sheet()
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    answer = browser.post(f"/sheets/{listing.id}/check", data={"version": str(listing.version), "check": CHECK})
    assert answer.status_code == 422
    assert "Say why" in answer.text


def test_a_french_sheet_is_not_complete_in_english() -> None:
    values = {"title": "Théière", "description": "En fonte", "brand": "Atelier", "title_en": "Teapot"}
    found = quality.completeness_by_locale(values, None, default_requirements(), "fr")
    assert list(found) == ["fr", "en"]
    assert found["fr"][0] > found["en"][0]
    assert "description" in found["en"][1]
    assert "title" not in found["en"][1]
