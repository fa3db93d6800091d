"""The night's figures: quality by vendor, category and day; arrivals by week; medians that name nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import Job
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import review
from catalog.figures import counting, course
from catalog.figures.models import ALL_VENDORS, QualityDay
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.quality import band_of
from catalog.review import Reason
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")
BLOCKED = {"ean": "4006381333932"}


def _count() -> None:
    counting.count_quality()
    db.session.commit()


def _vendor(*rows: dict[str, str]) -> Vendor:
    vendor = selling_vendor()
    import_rows(vendor, *rows)
    return vendor


def test_a_day_sums_its_sheets_by_vendor_and_category_and_over_all(app: Flask) -> None:
    one = _vendor({"sku": "A"}, {"sku": "B", "description": "", "marque": ""})
    two = _vendor({"sku": "C"})
    _count()
    day = course.last_day()
    assert day == now().date().isoformat()
    of_one, of_all = course.course(one.id, since=day)[day], course.course(since=day)[day]
    assert (of_one.sheets, of_all.sheets) == (2, 3)
    listings = db.session.scalars(sa.select(Listing).where(Listing.vendor_id == one.id)).all()
    assert of_one.quality == pytest.approx(sum(each.quality for each in listings) / 2)
    assert of_one.completeness == pytest.approx(sum(each.completeness for each in listings) / 2)
    bands = [band_of(each.quality) for each in listings]
    assert list(of_one.bands) == [bands.count(band) for band in "ABCDE"]
    category = listings[0].category
    assert course.course(two.id, category, since=day)[day].sheets == 1


def test_withdrawn_sheets_do_not_count(app: Flask) -> None:
    vendor = _vendor({"sku": "A"}, {"sku": "B"})
    review.act(listing_of(vendor, "A"), Action.WITHDRAW, by=make_user(), reason="x")
    _count()
    assert course.course(vendor.id, since="2000-01-01")[course.last_day() or ""].sheets == 1


def test_counted_twice_a_day_says_what_is_so_at_the_second_time(app: Flask) -> None:
    vendor = _vendor({"sku": "A"})
    _count()
    import_rows(vendor, {"sku": "B"})
    _count()
    assert course.course(vendor.id, since="2000-01-01")[course.last_day() or ""].sheets == 2


def test_the_course_has_a_point_a_day(app: Flask) -> None:
    vendor = _vendor({"sku": "A"})
    for ago in (2, 1, 0):
        with clock.frozen(now() - timedelta(days=ago)):
            _count()
    assert len(course.course(vendor.id, since=course.since(30))) == 3


def test_old_days_are_thinned_to_mondays(app: Flask) -> None:
    first = date(2026, 1, 5)
    for offset in range(14):
        day = (first + timedelta(days=offset)).isoformat()
        db.session.add(QualityDay(vendor_id=ALL_VENDORS, category="*", day=day))
    db.session.commit()
    _count()
    kept = db.session.scalars(sa.select(QualityDay.day).where(QualityDay.day < "2026-02-01")).all()
    assert sorted(kept) == ["2026-01-05", "2026-01-12"]


def test_a_sheet_passes_at_first_unless_it_was_blocked_or_sent_back_once(app: Flask) -> None:
    vendor = _vendor({"sku": "GOOD"}, {"sku": "BLOCKED", **BLOCKED}, {"sku": "BACK"})
    editor = make_user(Role.CONTENT_EDITOR)
    review.send_back(listing_of(vendor, "BACK"), [Reason("title", "Précisez")], by=editor)
    db.session.commit()
    # Both mended by the vendor: shown now, and still not accepted at first.
    import_rows(
        vendor, {"sku": "BLOCKED", "ean": "4006381333931"}, {"sku": "BACK", "titre": "Cafetière à piston en inox 1 L"}
    )
    assert listing_of(vendor, "BLOCKED").status == ListingStatus.PUBLISHED
    _count()
    [week] = course.arrivals(vendor.id)
    assert (week.arrived, week.decided, week.passed) == (3, 3, 1)
    assert week.week == counting.monday(now().date())


def test_a_sheet_that_waits_for_an_editor_is_not_decided(app: Flask) -> None:
    vendor = _vendor({"description": "Une cafetière compacte. Appelez le 06 12 34 56 78 pour la commander."})
    assert listing_of(vendor).status == ListingStatus.TO_REVIEW
    _count()
    [week] = course.arrivals(vendor.id)
    assert (week.arrived, week.decided, week.passed) == (1, 0, 0)


def test_the_median_needs_three_vendors(app: Flask) -> None:
    for number in range(2):
        _vendor({"sku": f"A{number}"})
    _count()
    assert course.medians(course.last_day() or "") == {}
    _vendor({"sku": "A3", "description": "", "marque": "", "image": ""})
    _count()
    found = course.medians(course.last_day() or "")
    assert found["quality"].vendors == 3
    every = sorted(course.course(one, since="2000-01-01")[course.last_day() or ""].quality for one in _vendors())
    assert found["quality"].value == pytest.approx(every[1])


def _vendors() -> list[int]:
    return list(db.session.scalars(sa.select(Listing.vendor_id).distinct()))


def test_rates_are_told_of_those_with_enough_decided_only() -> None:
    week = counting.monday(now().date())
    rows = [
        {"vendor_id": 1, "week": week, "decided": 20, "passed": 15},
        {"vendor_id": 2, "week": week, "decided": 3, "passed": 0},
        {"vendor_id": 3, "week": "2020-01-06", "decided": 50, "passed": 50},
    ]
    assert counting.rates(rows) == {1: 0.75}


def test_counting_asked_twice_waits_once(app: Flask) -> None:
    counting.ask()
    counting.ask()
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.kind == "catalog.count_quality")) == 1
    )


def test_counting_reads_no_sheet(app: Flask, queries: list[str]) -> None:
    """Every figure comes out of one index: at a million sheets their texts are gigabytes."""
    if db.engine.dialect.name != "sqlite":
        return
    counting.quality_rows()
    counting.arrival_rows()
    counted = [one for one in queries if "FROM listing" in one]
    assert len(counted) == 2
    connection: Any = db.session.connection().connection.driver_connection
    for statement in counted:
        told = connection.execute("EXPLAIN QUERY PLAN " + statement, [""] * statement.count("?")).fetchall()
        assert any("COVERING INDEX ix_listing_figures" in str(row) for row in told), told
