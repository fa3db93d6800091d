"""Baskets are split by vendor, taken once, moved forward by later reports, and their commission frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.orders import intake, rates, recording
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import Order, OrderLine
from backoffice.orders.rates import Rate
from backoffice.orders.recording import Recorded
from backoffice.vendors.models import Vendor
from tests.factories.vendors import make_vendor

HEADERS = ("basket", "ordered_at", "vendor", "sku", "quantity", "amount", "buyer_email", "status", "tracking_number")


def rows(*lines: dict[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield lines of one basket, what is not said being an article at 20 €."""
    usual = {
        "basket": "CMD-1",
        "ordered_at": "2026-11-20T10:00",
        "sku": "A",
        "quantity": "1",
        "amount": "20.00",
        "buyer_email": "alix@buyer.example",
    }
    for number, line in enumerate(lines, start=2):
        yield number, {**usual, **line}


def report(*lines: dict[str, str]) -> Recorded:
    """Record these lines and commit."""
    reading = intake.read_rows(rows(*lines), UTC)
    assert not reading.issues
    done = recording.record_all(reading.baskets, by=None)
    db.session.commit()
    return done


def stored() -> list[Order]:
    return list(db.session.scalars(sa.select(Order).order_by(Order.id)))


def test_a_mixed_basket_becomes_one_order_a_vendor_with_numbered_lines(app: Flask) -> None:
    lamps, chairs = make_vendor(), make_vendor()
    report(
        {"vendor": lamps.code, "sku": "A", "shipping": "4.90"},
        {"vendor": chairs.code, "sku": "B", "quantity": "2", "amount": "80"},
        {"vendor": lamps.code, "sku": "C", "amount": "5.50"},
    )
    first, second = stored()
    assert [(line.number, line.sku) for line in first.lines] == [(1, "A"), (2, "C")]
    assert [(line.number, line.quantity, line.amount_minor) for line in second.lines] == [(1, 2, 8000)]
    assert (first.total_minor, second.total_minor) == (2000 + 550 + 490, 8000)
    assert first.basket == second.basket


def test_the_same_basket_sent_twice_is_taken_once(app: Flask) -> None:
    vendor = make_vendor()
    report({"vendor": vendor.code})
    again = report({"vendor": vendor.code})
    assert (len(again.created), len(again.moved), len(again.unchanged)) == (0, 0, 1)
    assert len(stored()) == 1
    assert db.session.scalar(sa.select(sa.func.count(OrderLine.id))) == 1


@pytest.mark.parametrize(
    ("before", "after", "stands", "moved"),
    [
        ("paid", "shipped", "shipped", 1),
        ("paid", "delivered", "delivered", 1),
        ("shipped", "cancelled", "cancelled", 1),
        # A report that was overtaken on its way changes nothing.
        ("delivered", "shipped", "delivered", 0),
        ("cancelled", "paid", "cancelled", 0),
    ],
)
def test_a_later_report_moves_the_status_forward_only(
    app: Flask, before: str, after: str, stands: str, moved: int
) -> None:
    vendor = make_vendor()
    report({"vendor": vendor.code, "status": before})
    done = report({"vendor": vendor.code, "status": after})
    assert len(done.moved) == moved
    assert stored()[0].status == OrderStatus(stands)


def test_moving_forward_sets_the_dates_and_the_tracking_number(app: Flask) -> None:
    vendor = make_vendor()
    report({"vendor": vendor.code})
    report({"vendor": vendor.code, "status": "shipped", "tracking_number": "6A1", "shipped_at": "2026-11-21T08:00"})
    report({"vendor": vendor.code, "status": "delivered"})
    order = stored()[0]
    assert order.tracking_number == "6A1"
    assert order.shipped_at is not None
    assert order.shipped_at.day == 21
    assert order.delivered_at is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "cancelled"}, "status_impossible"),
        ({"amount": "25"}, "order_differs"),
        ({"sku": "B"}, "order_differs"),
        ({"vendor": "nobody"}, "unknown_vendor"),
    ],
)
def test_what_cannot_be_taken_is_told_and_leaves_what_came_first(app: Flask, change: dict[str, str], code: str) -> None:
    vendor = make_vendor()
    report({"vendor": vendor.code, "status": "delivered"})
    done = report({"vendor": vendor.code, "status": "delivered", **change})
    assert [(issue.row, issue.code) for issue in done.issues] == [(2, code)]
    order = stored()[0]
    assert (order.status, order.lines[0].amount_minor, len(stored())) == (OrderStatus.DELIVERED, 2000, 1)


def test_an_unknown_vendor_does_not_keep_the_others_of_the_basket_out(app: Flask) -> None:
    vendor = make_vendor()
    done = report({"vendor": "nobody"}, {"vendor": vendor.code})
    assert len(done.created) == 1
    assert [issue.code for issue in done.issues] == ["unknown_vendor"]


@pytest.fixture
def catalogue() -> Iterator[None]:
    """A catalogue that knows the article A, in category 604 under 600."""
    hooks: list[tuple[list[Any], Any]] = [
        (recording.CATEGORY_OF, lambda _vendor, sku: "604" if sku == "A" else None),
        (recording.ANCESTORS_OF, lambda _code: ["600"]),
        (recording.KNOWN_SKUS, lambda _vendor, skus: {"A"} & set(skus)),
    ]
    before = [list(hooked) for hooked, _hook in hooks]
    for hooked, hook in hooks:
        hooked[:] = [hook]
    yield
    for (hooked, _hook), kept in zip(hooks, before, strict=True):
        hooked[:] = kept


def test_a_line_keeps_the_commission_of_the_day_it_arrived(app: Flask, catalogue: None) -> None:
    vendor = make_vendor()
    usual = rates.add(Rate(basis_points=1000), by=None)
    above = rates.add(Rate(category="600", basis_points=1500), by=None)
    db.session.commit()
    report({"vendor": vendor.code, "sku": "A"}, {"vendor": vendor.code, "sku": "B"})
    rates.add(Rate(category="600", basis_points=5000), by=None)
    report({"vendor": vendor.code, "sku": "A", "status": "shipped"}, {"vendor": vendor.code, "sku": "B"})
    first, second = stored()[0].lines
    assert (first.category, first.commission_minor, first.commission_rule_id) == ("604", 300, above.id)
    assert (second.category, second.commission_minor, second.commission_rule_id) == (None, 200, usual.id)


def test_an_article_without_a_sheet_is_taken_with_a_warning(app: Flask, catalogue: None) -> None:
    vendor = make_vendor()
    done = report({"vendor": vendor.code, "sku": "B"})
    assert [(issue.code, issue.warning) for issue in done.issues] == [("unknown_sku", True)]
    assert len(done.created) == 1


def test_a_hundred_orders_are_recorded_without_asking_for_each(app: Flask, queries: list[str]) -> None:
    vendor: Vendor = make_vendor()
    lines = [{"vendor": vendor.code, "basket": f"CMD-{number}"} for number in range(100)]
    queries.clear()
    report(*lines)
    assert len(stored()) == 100
    asked = [statement for statement in queries if statement.startswith("SELECT")]
    assert len(asked) < 10


def test_an_order_that_another_sender_stored_a_moment_before_is_moved_instead_of_doubled(app: Flask) -> None:
    vendor = make_vendor()
    rivals = [rows({"vendor": vendor.code})]

    def quicker(_vendor: int, _sku: str) -> None:
        # The catalogue is asked after the stored orders were read and before the new one is written.
        if rivals:
            recording.record_all(intake.read_rows(rivals.pop(), UTC).baskets, by=None)

    recording.CATEGORY_OF.append(quicker)
    try:
        done = report({"vendor": vendor.code, "status": "shipped"}, {"vendor": vendor.code, "basket": "CMD-2"})
    finally:
        recording.CATEGORY_OF.remove(quicker)
    assert [order.basket for order in done.created] == ["CMD-2"]
    assert [(order.basket, order.status) for order in done.moved] == [("CMD-1", OrderStatus.SHIPPED)]
    assert len(stored()) == 2
