"""Merge and unmerge: an editor finds two sheets to be one product from the keyboard, and parts them again from its page."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import publishing
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Proposal
from catalog.sheets import Decision
from tests.browser.conftest import Visit
from tests.browser.house import House, await_state, speaking
from tests.browser.watching import sound
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

say = speaking("fr")
OTHER = "Comptoir du Thé"


@pytest.fixture
def pages(house: House) -> list[int]:
    """The pages of two vendors' sheets of one teapot, brought before an editor; in the index with what they say."""
    with house.inside():
        ours = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        sheets = [
            make_sheets(vendor, 1, status=ListingStatus.PUBLISHED, issues=[])[0]
            for vendor in (ours, selling_vendor(name=OTHER))
        ]
        left, right = sheets
        # The longest of the verdicts, beside numbers that no line breaks in.
        for one, number in zip(sheets, ("3799400000594", "3799400000587"), strict=True):
            one.values = {**one.values, "mpn": number}
        told = {"attribute": "mpn", "left": "3799400000594", "right": "3799400000587", "verdict": "conflict"}
        db.session.add(
            Proposal(left=left, right=right, score=0.62, decision=Decision.UNSURE, route="model", evidence=[told])
        )
        publishing.refresh([one.product_id for one in sheets])
        db.session.commit()
        return [one.product_id for one in sheets]


def offers(page: Page, product: int) -> list[str]:
    """Return the vendors that offer a product, as its page lists them."""
    page.goto(f"/products/{product}")
    rows = page.get_by_role("region", name=say("Offers")).first.locator("tbody th")
    return [text.strip() for text in rows.all_inner_texts()]


def test_two_sheets_become_one_product_and_two_again(enter: Visit, house: House, pages: list[int]) -> None:
    page = enter(Role.CONTENT_EDITOR)
    assert [offers(page, one) for one in pages] == [["Maison Exemple"], [OTHER]]
    page.goto("/duplicates")
    main = page.get_by_role("main")
    expect(main).to_contain_text(say("Side by side"))
    sound(page)

    page.keyboard.press("a")
    expect(main).to_contain_text(say("No pair waits for a decision"))
    sound(page)
    # One page holds both offers, and the other's address leads to it.
    kept = [offers(page, one) for one in pages]
    assert kept[0] == kept[1]
    assert sorted(kept[0]) == sorted(["Maison Exemple", OTHER])
    sound(page)

    page.get_by_role("button", name=say("Separate again")).click()
    expect(page.locator(".alert, [role=status]").first).to_be_visible()
    assert sorted(offers(page, one) for one in pages) == [[OTHER], ["Maison Exemple"]]

    def stands_apart() -> bool | None:
        with house.inside():
            held = db.session.scalars(sa.select(Listing.product_id).order_by(Listing.product_id)).all()
            return True if held == sorted(pages) else None

    await_state(stands_apart, "two pages with a listing each")
