"""Bulk decision undone: an editor accepts a group of sheets from its examples, and takes the whole decision back."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import review
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.watching import sound
from tests.factories.desk import make_sheets

SHEETS = 60


@pytest.fixture
def alike(house: House) -> list[int]:
    """So many sheets that share one doubt, more than one turn decides."""
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        return [one.id for one in make_sheets(vendor, SHEETS)]


def _states(house: House, ids: list[int]) -> set[ListingStatus]:
    with house.inside():
        return set(db.session.scalars(sa.select(Listing.status).where(Listing.id.in_(ids))))


def test_a_decision_on_a_group_is_taken_back_but_for_what_changed_since(
    enter: Visit, house: House, alike: list[int]
) -> None:
    page = enter(Role.ADMINISTRATOR, "en")
    page.goto("/review")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Sheets that share a doubt").click()
    sound(page)
    page.get_by_role("row", name=re.compile(f" {SHEETS} ")).get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(f"Decide on all {SHEETS}")
    sound(page)

    # One key decides on all; the page of the decision follows the work to its end.
    page.keyboard.press("a")
    expect(page.get_by_role("main")).to_contain_text("all sheets decided")
    sound(page)
    assert ListingStatus.TO_REVIEW not in _states(house, alike)

    # Someone corrects one of the sheets before the decision is taken back.
    with house.inside():
        review.correct(db.session.get_one(Listing, alike[0]), "brand", "Cuistot", by=None)
        db.session.commit()
    page.get_by_role("button", name="Take all of it back").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("as before the decision")
    expect(main).to_contain_text("The sheet was changed since.")
    assert _states(house, alike[1:]) == {ListingStatus.TO_REVIEW}
    assert ListingStatus.TO_REVIEW not in _states(house, alike[:1])
