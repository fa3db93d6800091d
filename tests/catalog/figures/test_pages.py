"""The pages of quality: what staff see, what a vendor sees of itself, in how many statements."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.figures import counting, mending
from catalog.models import Listing
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, selling_vendor
from tests.factories.orders import make_order

pytestmark = pytest.mark.usefixtures("quick_reading")
WRONG = [{"sku": f"W{number}", "ean": "4006381333932"} for number in range(4)]
POOR = {"sku": "P", "description": "", "marque": "", "image": ""}
# Issue: no page of the catalogue asks the database more often.
MOST_QUERIES = 15


def _counted(vendor: Vendor, *rows: dict[str, str]) -> Vendor:
    import_rows(vendor, *rows)
    for job in (counting.count_quality, mending.rank_mending):
        job()
        db.session.commit()
    return vendor


def _own(app: Flask, vendor: Vendor) -> FlaskClient:
    return login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))


def test_a_vendor_reads_its_lessons_with_a_link_to_those_lines(app: Flask) -> None:
    vendor = _counted(selling_vendor(), *WRONG)
    page = _own(app, vendor).get(f"/quality/vendors/{vendor.id}").text
    assert "Copy the number printed under the barcode" in page
    assert "4006381333932" in page
    assert f"/quality/vendors/{vendor.id}/faults/invalid_gtin.csv" in page
    lines = _own(app, vendor).get(f"/quality/vendors/{vendor.id}/faults/invalid_gtin.csv").text
    assert lines.count("W") >= 4


def test_a_vendor_is_compared_with_the_median_and_nobody_is_named(app: Flask) -> None:
    others = [_counted(selling_vendor(name=f"Rival {number}"), {"sku": f"R{number}"}) for number in range(2)]
    vendor = _counted(selling_vendor(name="Nous"), POOR)
    page = _own(app, vendor).get(f"/quality/vendors/{vendor.id}").text
    assert "median of 3 vendors" in page
    assert not [other.name for other in others if other.name in page]


def test_with_two_vendors_no_median_is_told(app: Flask) -> None:
    _counted(selling_vendor(), {"sku": "R"})
    vendor = _counted(selling_vendor(), POOR)
    assert "median of" not in _own(app, vendor).get(f"/quality/vendors/{vendor.id}").text


def test_a_sheet_to_mend_says_what_to_reach_and_why_it_comes_first(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, POOR)
    make_order(vendor=vendor, lines=[{"sku": "P", "quantity": 2}])
    _counted(vendor, {"sku": "GOOD"})
    staff = login(app, make_user(Role.CONTENT_EDITOR)).get("/quality/mend-first").text
    own = _own(app, vendor).get("/quality/mend-first").text
    for page in (staff, own):
        assert "The description says something." in page
        assert "Views of pages are not known here" in page
    stranger = _own(app, selling_vendor()).get(f"/quality/mend-first?vendor={vendor.id}").text
    assert "The description says something." not in stranger


def test_staff_see_the_marketplace_by_vendor_and_by_category_and_take_the_table_away(app: Flask) -> None:
    vendor = _counted(selling_vendor(name="Atelier Durand"), {"sku": "A", "google_product_category": "604"}, POOR)
    browser = login(app, make_user(Role.ACCOUNT_MANAGER))
    assert "Atelier Durand" in browser.get("/quality/").text
    by_category = browser.get("/quality/?by=category").text
    category = db.session.query(Listing).filter_by(vendor_id=vendor.id, sku="A").one().category
    assert f"category={category}" in by_category
    assert "Atelier Durand" in browser.get(f"/quality/?category={category}&vendor={vendor.id}").text
    exported = browser.get("/quality/figures.csv").text
    assert "Atelier Durand;2;" in exported


def test_before_the_first_night_the_pages_say_so(app: Flask) -> None:
    vendor = selling_vendor()
    assert "Nothing is counted here yet" in login(app, make_user()).get("/quality/").text
    assert "No figures yet" in _own(app, vendor).get(f"/quality/vendors/{vendor.id}").text


def test_counting_again_is_a_task_that_the_page_asks_for(app: Flask) -> None:
    import_rows(selling_vendor(), {"sku": "A"})
    browser = login(app, make_user())
    narrowed = "/quality/count?vendor=1&by=category&days=30"
    assert unescape(browser.get(narrowed.replace("/count", "/")).text).count(narrowed) == 1
    assert browser.post(narrowed).location == "/quality/?vendor=1&by=category&days=30"
    jobs.drain()
    assert "Bands of quality" in browser.get("/quality/").text


@pytest.mark.parametrize(
    "path", ["/quality/", "/quality/?by=category&vendor={0}", "/quality/vendors/{0}", "/quality/mend-first"]
)
def test_no_page_asks_the_database_often(app: Flask, queries: list[str], path: str) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *WRONG, POOR)
    make_order(vendor=vendor, lines=[{"sku": "P", "quantity": 2}])
    _counted(vendor, {"sku": "GOOD"})
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    browser.get(path.format(vendor.id))
    queries.clear()
    assert browser.get(path.format(vendor.id)).status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)
