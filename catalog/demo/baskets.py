"""Three hundred orders of the last ninety days, as the storefront reports them, and the commissions they are measured by.

    a plan (seeded: who buys where, when; the orders that disputes speak of stand in a table) ─► each day's report:
    new baskets with articles that are on sale that day, then what was shipped, delivered or cancelled

Not here: taking a report (`backoffice.orders.recording`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from backoffice.clock import now
from backoffice.demo import people
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from backoffice.orders import rates, recording
from backoffice.orders.intake import Basket, LineIn, OrderIn
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import Order
from backoffice.orders.rates import Rate
from backoffice.vendors.models import Vendor
from catalog.demo.buyers import BUYERS, Buyer
from catalog.lifecycle import ListingStatus
from catalog.models import Listing

ORDERS = 300
FIRST_DAY = 90
# How the sales are shared out; a vendor that sells more has more complaints without being worse.
_SHARES = {"maison-verlaine": 36, "voltamarine": 23, "brin-de-fil": 15, "kastanje": 12, "atelier-du-cap": 14}
_FREE_SHIPPING_FROM = 4900

# The orders that the disputes of `disputes.demo` stand on:
# basket | vendor | articles | days ago | buyer's place in the list | delivered after (days; - not yet)
_DISPUTED = """
CMD-70101 | maison-verlaine | MV-1001 MV-1017   | 78 | 1  | 4
CMD-70102 | voltamarine     | VM-1149           | 76 | 2  | 3
CMD-70103 | brin-de-fil     | BDF-1106          | 70 | 3  | 4
CMD-70104 | atelier-du-cap  | ADC-1184          | 72 | 4  | -
CMD-70105 | kastanje        | KST-1220 KST-1229 | 68 | 47 | 6
CMD-70106 | maison-verlaine | MV-1046           | 33 | 5  | 5
CMD-70107 | maison-verlaine | MV-1026           | 29 | 6  | 4
CMD-70108 | brin-de-fil     | BDF-1139          | 28 | 7  | 3
CMD-70110 | atelier-du-cap  | ADC-1204          | 34 | 8  | 5
CMD-70111 | kastanje        | KST-1216          | 25 | 9  | 4
CMD-70112 | voltamarine     | VM-1163           | 18 | 10 | 3
CMD-70113 | maison-verlaine | MV-1014*2 MV-1035 | 8  | 11 | 4
CMD-70114 | voltamarine     | VM-1175           | 14 | 12 | 4
CMD-70115 | atelier-du-cap  | ADC-1186          | 17 | 13 | 6
CMD-70116 | brin-de-fil     | BDF-1121          | 30 | 14 | 5
CMD-70117 | kastanje        | KST-1224          | 27 | 15 | 5
CMD-70118 | maison-verlaine | MV-1018 MV-1051   | 9  | 0  | 5
CMD-70119 | maison-verlaine | MV-1049           | 8  | 16 | 4
CMD-70120 | voltamarine     | VM-1178           | 20 | 17 | 4
CMD-70122 | maison-verlaine | MV-1062           | 12 | 0  | 4
CMD-70123 | kastanje        | KST-1227          | 14 | 48 | 5
CMD-70125 | maison-verlaine | MV-1008           | 11 | 0  | 5
CMD-70126 | voltamarine     | VM-1154 VM-1169   | 13 | 18 | 3
CMD-70127 | brin-de-fil     | BDF-1081          | 10 | 0  | 4
CMD-70128 | maison-verlaine | MV-1054           | 15 | 19 | 4
CMD-70129 | maison-verlaine | MV-1070           | 17 | 0  | 5
CMD-70130 | voltamarine     | VM-1170           | 21 | 20 | 4
CMD-70131 | voltamarine     | VM-1158           | 22 | 21 | 4
"""


@dataclass(frozen=True, slots=True)
class Sale:
    """One vendor's part of a planned basket; days are counted back, None where it has not come to that."""

    vendor: str
    shipped: int | None
    delivered: int | None
    cancelled: int | None = None
    articles: tuple[tuple[str, int], ...] = ()

    @property
    def reports(self) -> dict[int, OrderStatus]:
        """What the storefront says after the order itself, by the day it says it."""
        found = {
            OrderStatus.SHIPPED: self.shipped, OrderStatus.DELIVERED: self.delivered, OrderStatus.CANCELLED: self.cancelled,
        }  # fmt: skip
        return {day: status for status, day in found.items() if day is not None}


@dataclass(frozen=True, slots=True)
class Planned:
    """A basket of the plan."""

    number: str
    day: int
    buyer: Buyer
    sales: tuple[Sale, ...]


@cache
def plan() -> tuple[Planned, ...]:
    """Return every basket, the disputed ones first; the same at every call."""
    told = [_disputed([cell.strip() for cell in line.split("|")]) for line in _DISPUTED.strip().splitlines()]
    left, chance, found = ORDERS - len(told), _chance(7), list(told)
    number = 24001
    while left:
        day = chance.randrange(FIRST_DAY + 1)
        vendors = list(dict.fromkeys(chance.choices(list(_SHARES), list(_SHARES.values()), k=2)))
        vendors = vendors[: min(left, 2 if chance.random() < 0.2 else 1)]
        buyer = BUYERS[0] if number % 15 == 0 else chance.choice(BUYERS[1:])
        found.append(Planned(f"CMD-{number}", day, buyer, tuple(_sale(vendor, day, chance) for vendor in vendors)))
        left, number = left - len(vendors), number + 1
    return tuple(found)


def _chance(seed: int) -> Random:
    """Return a series of choices that is the same at every load."""
    return Random(seed)  # noqa: S311


def _disputed(cells: Sequence[str]) -> Planned:
    number, vendor, articles, day, buyer, after = cells
    ordered = int(day)
    wanted = [(sku, int(count or 1)) for sku, _, count in (one.partition("*") for one in articles.split())]
    delivered = None if after == "-" else ordered - int(after)
    return Planned(number, ordered, BUYERS[int(buyer)], (Sale(vendor, ordered - 1, delivered, None, tuple(wanted)),))


def _sale(vendor: str, day: int, chance: Random) -> Sale:
    if chance.random() < 0.03:
        return Sale(vendor, None, None, max(0, day - 1))
    shipped = day - chance.choice((1, 1, 1, 2, 2, 3) if vendor != "atelier-du-cap" else (2, 4, 6, 8))
    delivered = shipped - chance.choice((1, 2, 2, 3, 4))
    return Sale(vendor, shipped if shipped >= 0 else None, delivered if delivered >= 0 else None)


def moments(calendar: Calendar) -> Iterator[Moment]:
    """Set the commissions, then report each day's orders and parcels."""
    yield Moment(calendar.ago(115, 9, 20), _set_commissions)
    for day in range(FIRST_DAY, -1, -1):
        yield Moment(calendar.ago(day, 7, 30), partial(_report_parcels, day))
        yield Moment(calendar.ago(day, 8), partial(_report_orders, day))


def _set_commissions() -> None:
    by = people.find(people.ADMINISTRATOR)
    shop = db.session.scalars(sa.select(Vendor.id).where(Vendor.code == "brin-de-fil")).one()
    wholesale = db.session.scalars(sa.select(Vendor.id).where(Vendor.code == "voltamarine")).one()
    for rate in (
        Rate(basis_points=1500, minimum_minor=50),
        Rate(category="222", basis_points=800, fixed_minor=30),
        Rate(category="604", basis_points=1200),
        Rate(vendor_id=shop, basis_points=1800),
        Rate(vendor_id=wholesale, category="638", basis_points=1000, maximum_minor=3000),
        Rate(vendor_id=wholesale, sku="VM-1149", basis_points=500),
    ):
        rates.add(rate, by=by)


def _report_orders(day: int) -> None:
    chance = _chance(1000 + day)
    baskets = [_basket(planned, chance) for planned in plan() if planned.day == day]
    recording.record_all([basket for basket in baskets if basket.orders], by=None)


def _basket(planned: Planned, chance: Random) -> Basket:
    orders = tuple(_order(sale, chance) for sale in planned.sales)
    buyer = planned.buyer
    # The storefront reports in the morning what was bought the day before, between nine and eleven at night.
    bought_at = now() - timedelta(minutes=9 * 60 + chance.randrange(14 * 60))
    return Basket(planned.number, bought_at, buyer.email, orders, "EUR", buyer.name, buyer.locale)


def _order(sale: Sale, chance: Random) -> OrderIn:
    if sale.articles:
        query = _ARTICLES.where(Listing.sku.in_([sku for sku, _ in sale.articles]))
        by_sku = {article.sku: article for article in db.session.execute(query)}
        chosen = [(by_sku[sku], quantity) for sku, quantity in sale.articles]
    else:
        on_sale = _on_sale(sale.vendor)
        picked = chance.sample(on_sale, k=min(chance.choice((1, 2, 3, 4, 5)), len(on_sale)))
        chosen = [(article, chance.choice((1, 1, 1, 1, 2, 3))) for article in picked]
    lines = tuple(_line(row, article, quantity) for row, (article, quantity) in enumerate(chosen, start=2))
    shipping = 0 if sum(line.amount_minor for line in lines) >= _FREE_SHIPPING_FROM else 590
    return OrderIn(sale.vendor, lines, shipping_minor=shipping)


_ARTICLES = sa.select(Listing.sku, Listing.title, Listing.price_minor)


def _on_sale(code: str) -> Sequence[Any]:
    """Return what the vendor has on sale today, but for prices that nobody would pay."""
    query = _ARTICLES.join(Listing.vendor).where(Vendor.code == code, Listing.status == ListingStatus.PUBLISHED)
    return db.session.execute(query.where(Listing.price_minor.between(500, 40_000)).order_by(Listing.id)).all()


def _line(row: int, article: Any, quantity: int) -> LineIn:
    return LineIn(row, article.sku, article.title[:300], quantity, (article.price_minor or 0) * quantity, 2000)


def _report_parcels(day: int) -> None:
    """Report again the orders of which something was heard that day."""
    heard = defaultdict(list)
    for planned in plan():
        for sale in planned.sales:
            if day in sale.reports and planned.day != day:
                heard[planned.number].append((sale.vendor, sale.reports[day]))
    query = sa.select(Order, Vendor.code).join(Vendor, Order.vendor_id == Vendor.id).where(Order.basket.in_(heard))
    stored = {
        (order.basket, code): order for order, code in db.session.execute(query.options(selectinload(Order.lines)))
    }
    told = [(stored[number, vendor], vendor, status) for number, news in heard.items() for vendor, status in news]
    recording.record_all([_again(*one) for one in told], by=None)


def _again(order: Order, vendor: str, status: OrderStatus) -> Basket:
    """Return the report of a stored order with its news."""
    lines = tuple(
        LineIn(row, line.sku, line.title, line.quantity, line.amount_minor, line.vat_basis_points)
        for row, line in enumerate(order.lines, start=2)
    )
    tracking = "" if status is OrderStatus.CANCELLED else f"6A{order.id:011d}"
    report = OrderIn(vendor, lines, status, order.shipping_minor, tracking)
    return Basket(
        order.basket,
        order.ordered_at,
        order.buyer_email,
        (report,),
        order.currency,
        order.buyer_name,
        order.buyer_locale,
    )
