"""Baskets become orders: split by vendor, taken once, moved forward by later reports, their commission frozen.

    basket ─ vendors by code ─► known (basket, vendor)? ─ no ──► order and lines, commission by the most specific rule
                                                       └ yes ─► a later status or tracking number moves it forward

Promise: the same basket sent twice, or by two senders at once, is one; a line's commission never changes afterwards.
Not here: reading files and payloads (`intake`); committing (the entry point does).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from backoffice import audit
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.orders import commissions, rates
from backoffice.orders.commissions import Article, Rule
from backoffice.orders.intake import Basket, LineIn, OrderIn
from backoffice.orders.lifecycle import OrderStatus, Report, reported
from backoffice.orders.models import Order, OrderLine
from backoffice.orders.problems import OrderIssue
from backoffice.vendors.models import Vendor

# What the catalogue, which stands above orders, adds at start: a sheet's category by (vendor id, article number); the
# categories above one, nearest first; and which of a vendor's article numbers have a sheet.
CATEGORY_OF: list[Callable[[int, str], str | None]] = []
ANCESTORS_OF: list[Callable[[str], Sequence[str]]] = []
KNOWN_SKUS: list[Callable[[int, Collection[str]], Collection[str]]] = []

BATCH = 200


@dataclass(slots=True)
class Recorded:
    """What became of baskets: orders new, moved forward and already as said, and what could not be taken."""

    created: list[Order] = field(default_factory=list)
    moved: list[Order] = field(default_factory=list)
    unchanged: list[Order] = field(default_factory=list)
    issues: list[OrderIssue] = field(default_factory=list)
    # (vendor id, sku) of the batch's articles that have a sheet; None where nobody knows.
    articles: set[tuple[int, str]] | None = None

    @property
    def orders(self) -> list[Order]:
        """Every order that the baskets speak of and that is stored."""
        return [*self.created, *self.moved, *self.unchanged]


def record(basket: Basket, *, by: Any) -> Recorded:
    """Store one basket; an order that cannot be taken is told in `issues` and leaves the others alone."""
    return record_all([basket], by=by)


def record_all(baskets: Sequence[Basket], *, by: Any) -> Recorded:
    """Store baskets in the caller's transaction, a batch at a time."""
    done, rules, known = Recorded(), rates.in_force(), dict[tuple[int, str], Article]()
    for start in range(0, len(baskets), BATCH):
        batch = baskets[start : start + BATCH]
        vendors, stored, fresh = _vendors(batch), _stored(batch), list[_Fresh]()
        done.articles = _known_articles(batch, vendors)
        for basket in batch:
            for order in basket.orders:
                vendor = vendors.get(order.vendor)
                if not _look(basket, order, vendor, stored, done) or vendor is None:
                    continue
                before = stored.get((basket.number, vendor.id))
                if before is None:
                    fresh.append(_Fresh(basket, order, vendor, _made(basket, order, vendor, rules, known)))
                else:
                    _follow(before, order, done, by)
        _store(fresh, done, by)
        db.session.flush()
    return done


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An order that is not stored yet, as reported and as it will be stored."""

    basket: Basket
    report: OrderIn
    vendor: Vendor
    row: Order


def problems_of(baskets: Sequence[Basket]) -> list[OrderIssue]:
    """Return what would keep orders from being taken, or should be looked at, without writing anything."""
    found = Recorded()
    for start in range(0, len(baskets), BATCH):
        batch = baskets[start : start + BATCH]
        vendors, stored = _vendors(batch), _stored(batch)
        found.articles = _known_articles(batch, vendors)
        for basket in batch:
            for order in basket.orders:
                _look(basket, order, vendors.get(order.vendor), stored, found)
    return found.issues


def _vendors(baskets: Iterable[Basket]) -> dict[str, Vendor]:
    codes = {order.vendor for basket in baskets for order in basket.orders}
    return {vendor.code: vendor for vendor in db.session.scalars(sa.select(Vendor).where(Vendor.code.in_(codes)))}


def _stored(baskets: Iterable[Basket]) -> dict[tuple[str, int], Order]:
    numbers = {basket.number for basket in baskets}
    query = sa.select(Order).where(Order.basket.in_(numbers)).options(selectinload(Order.lines))
    return {(order.basket, order.vendor_id): order for order in db.session.scalars(query)}


def _look(
    basket: Basket, order: OrderIn, vendor: Vendor | None, stored: Mapping[tuple[str, int], Order], done: Recorded
) -> bool:
    """Note an order's problems; return whether it can be taken."""
    if vendor is None:
        done.issues += [OrderIssue(line.row, "vendor", "unknown_vendor", order.vendor) for line in order.lines]
        return False
    before = stored.get((basket.number, vendor.id))
    if before is None:
        done.issues += _unknown_skus(vendor, order.lines, done.articles)
        return True
    first = order.lines[0].row
    if not _same(before, basket, order):
        done.issues += [OrderIssue(line.row, "basket", "order_differs", basket.number) for line in order.lines]
        return False
    if reported(before.status, order.status) is Report.IMPOSSIBLE:
        params = {"before": before.status.value}
        done.issues.append(OrderIssue(first, "status", "status_impossible", order.status.value, params))
        return False
    return True


def _known_articles(baskets: Iterable[Basket], vendors: Mapping[str, Vendor]) -> set[tuple[int, str]] | None:
    """Return (vendor id, sku) of the articles that have a sheet, asked once a vendor; None where nobody knows."""
    if not KNOWN_SKUS:
        return None
    sold: dict[int, set[str]] = {}
    for order in (order for basket in baskets for order in basket.orders if order.vendor in vendors):
        sold.setdefault(vendors[order.vendor].id, set()).update(line.sku for line in order.lines)
    return {(number, sku) for number, skus in sold.items() for ask in KNOWN_SKUS for sku in ask(number, skus)}


def _unknown_skus(vendor: Vendor, lines: Sequence[LineIn], known: set[tuple[int, str]] | None) -> list[OrderIssue]:
    return [
        OrderIssue(line.row, "sku", "unknown_sku", line.sku, warning=True)
        for line in lines
        if known is not None and (vendor.id, line.sku) not in known
    ]


def _same(before: Order, basket: Basket, order: OrderIn) -> bool:
    """Return whether a report speaks of the same sale: same articles, money and buyer; titles may be rewritten."""
    kept = sorted((line.sku, line.quantity, line.amount_minor) for line in before.lines)
    return (
        kept == sorted((line.sku, line.quantity, line.amount_minor) for line in order.lines)
        and before.currency == basket.currency
        and before.buyer_email == basket.buyer_email
    )


def _store(fresh: Sequence[_Fresh], done: Recorded, by: Any) -> None:
    """Store new orders together; where another sender was quicker with one of them, one by one."""
    try:
        with db.session.begin_nested():
            db.session.add_all([one.row for one in fresh])
    except IntegrityError:
        if len(fresh) > 1:
            for one in fresh:
                _store([one], done, by)
            return
        # Theirs is the order, and this report may move it.
        basket, report, vendor = fresh[0].basket, fresh[0].report, fresh[0].vendor
        stored = _stored([basket])
        if _look(basket, report, vendor, stored, done):
            _follow(stored[basket.number, vendor.id], report, done, by)
        return
    for one in fresh:
        audit.record("order.report", one.row, by=by, changes={"status": (None, one.row.status)})
        done.created.append(one.row)


def _made(
    basket: Basket, order: OrderIn, vendor: Vendor, rules: Sequence[Rule], known: dict[tuple[int, str], Article]
) -> Order:
    """Return an order with its lines, each with its commission, as it will be stored."""
    shipped, delivered = _moments(order)
    row = Order(
        basket=basket.number,
        vendor_id=vendor.id,
        buyer_email=basket.buyer_email,
        buyer_name=basket.buyer_name,
        buyer_locale=basket.buyer_locale,
        status=order.status,
        currency=basket.currency,
        shipping_minor=order.shipping_minor,
        ordered_at=basket.ordered_at,
        shipped_at=shipped,
        delivered_at=delivered,
        tracking_number=order.tracking_number,
    )
    row.vendor = vendor
    for number, line in enumerate(order.lines, start=1):
        # A file repeats its articles: the catalogue is asked once for each.
        if (vendor.id, line.sku) not in known:
            known[vendor.id, line.sku] = _article(vendor.id, line.sku)
        row.lines.append(_line(number, line, known[vendor.id, line.sku], rules))
    return row


def _moments(order: OrderIn) -> tuple[Any, Any]:
    """Return when the parcel left and arrived, as said or else the moment it was reported."""
    on_its_way = order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
    shipped = order.shipped_at or (now() if on_its_way else None)
    return shipped, order.delivered_at or (now() if order.status is OrderStatus.DELIVERED else None)


def _article(vendor_id: int, sku: str) -> Article:
    """Return what is sold, with its category and the ones above it where the catalogue knows them."""
    category = next((code for ask in CATEGORY_OF if (code := ask(vendor_id, sku))), None)
    above = [code for ask in ANCESTORS_OF for code in ask(category)] if category is not None else []
    return Article(vendor_id, sku, tuple(dict.fromkeys([category, *above])) if category is not None else ())


def _line(number: int, line: LineIn, article: Article, rules: Sequence[Rule]) -> OrderLine:
    rule = commissions.choose(rules, article)
    return OrderLine(
        number=number,
        sku=line.sku,
        title=line.title,
        category=article.categories[0] if article.categories else None,
        quantity=line.quantity,
        amount_minor=line.amount_minor,
        vat_basis_points=line.vat_basis_points,
        commission_minor=commissions.amount(rule, line.amount_minor),
        commission_rule_id=rule.id if rule is not None else None,
    )


def _follow(order: Order, report: OrderIn, done: Recorded, by: Any) -> None:
    """Move a stored order forward as a later report says."""
    changes: dict[str, tuple[Any, Any]] = {}
    if reported(order.status, report.status) is Report.NEWS:
        changes["status"] = (order.status, report.status)
        order.status = report.status
        shipped, delivered = _moments(report)
        order.shipped_at, order.delivered_at = order.shipped_at or shipped, order.delivered_at or delivered
    if report.tracking_number and report.tracking_number != order.tracking_number:
        changes["tracking_number"] = (order.tracking_number, report.tracking_number)
        order.tracking_number = report.tracking_number
    if changes:
        audit.record("order.move", order, by=by, changes=changes)
    (done.moved if changes else done.unchanged).append(order)
