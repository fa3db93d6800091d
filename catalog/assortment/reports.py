"""The reports of the assortment: what sells, what never did, what nobody has, odd prices, disputed sheets.

Promise: each report is a row of one table that its page, its CSV and its test read; lists that may be long are paged by
key, the others are the first hundred. Not here: how they are drawn, how an odd price is told (`prices`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.formatting import money, percent
from backoffice.jobs import handler
from backoffice.orders.models import Order, OrderLine
from backoffice.paging import Page, paginate
from backoffice.vendors.models import Vendor
from catalog import demand
from catalog.assortment.models import OddOffer
from catalog.assortment.prices import FEWEST_OFFERS, OddPrice, odd_among_variants, odd_prices
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.variants import differ

SHOWN = 100
# What was sold before says little of today's assortment.
SOLD_SINCE = timedelta(days=90)
# A sheet younger than this had no time to be sold.
OLD_ENOUGH = timedelta(days=30)
NAMED = (Listing.id, Listing.sku, Listing.title, Listing.vendor_id, Listing.product_id)
_VENDOR = joinedload(Listing.vendor).load_only(Vendor.name)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: what it is, where it is, and its figures in the order of the report's columns."""

    title: str
    url: str
    cells: Sequence[Any]


@dataclass(frozen=True)
class Report(ABC):
    """A report: its name, what it says, what stands where it is empty, its columns (label, whether numeric)."""

    label: Any
    says: Any
    empty: Any
    columns: Sequence[tuple[Any, bool]]

    @abstractmethod
    def page(self) -> Page:
        """Return the page of lines that the request's address asks for."""

    @abstractmethod
    def every(self) -> Iterator[Line]:
        """Yield every line, a few hundred in memory at a time."""


@dataclass(frozen=True)
class First(Report):
    """A report of the first lines alone, the most telling first."""

    lines: Callable[[], Iterable[Line]]

    def page(self) -> Page:
        """Return all lines: they are few."""
        return Page(list(self.lines()))

    def every(self) -> Iterator[Line]:
        """Yield all lines."""
        yield from self.lines()


@dataclass(frozen=True)
class Paged(Report):
    """A report that may be long: a query, its order, and how a row of it reads."""

    query: Callable[[], sa.Select[Any]]
    order: Sequence[tuple[Any, str]]
    line: Callable[[Any], Line]

    def page(self) -> Page:
        """Return the page of lines that the request's address asks for."""
        found = paginate(self.query(), order=self.order)
        return Page([self.line(one) for one in found.items], found.next_url, found.previous_url)

    def every(self) -> Iterator[Line]:
        """Yield every line, a few hundred in memory at a time."""
        ordered = self.query().order_by(*(column.desc() if way == "desc" else column for column, way in self.order))
        for one in db.session.scalars(ordered.execution_options(yield_per=500)):
            yield self.line(one)


def _sheet(listing: Listing, *cells: Any) -> Line:
    address = url_for("catalog.sheet", listing_id=listing.id)
    return Line(listing.title or listing.sku, address, (listing.vendor.name, *cells))


def _rated(listing: Listing) -> Line:
    return _sheet(listing, percent(listing.quality))


def _best_sellers() -> Iterator[Line]:
    pieces, paid = sa.func.sum(OrderLine.quantity), sa.func.sum(OrderLine.amount_minor)
    sold = (
        sa.select(Order.vendor_id, OrderLine.sku, Order.currency, pieces.label("pieces"), paid.label("paid"))
        .join(Order, OrderLine.order_id == Order.id)
        .where(Order.ordered_at >= now() - SOLD_SINCE)
        .group_by(Order.vendor_id, OrderLine.sku, Order.currency)
        .order_by(pieces.desc(), paid.desc(), OrderLine.sku)
        .limit(SHOWN)
        .subquery()
    )
    own = sa.and_(Listing.vendor_id == sold.c.vendor_id, Listing.sku == sold.c.sku)
    found = (
        sa.select(Listing, sold.c.pieces, sold.c.paid, sold.c.currency)
        .join(sold, own)
        .options(load_only(*NAMED), _VENDOR)
    )
    for listing, count, amount, currency in db.session.execute(
        found.order_by(sold.c.pieces.desc(), sold.c.paid.desc())
    ):
        yield _sheet(listing, count, money(amount, currency))


def _never_sold() -> sa.Select[Any]:
    line = (
        sa.select(OrderLine.id)
        .join(Order, OrderLine.order_id == Order.id)
        .where(OrderLine.sku == Listing.sku, Order.vendor_id == Listing.vendor_id)
    )
    shown = Listing.status == ListingStatus.PUBLISHED
    old = Listing.created_at < now() - OLD_ENOUGH
    return sa.select(Listing).options(load_only(*NAMED, Listing.quality), _VENDOR).where(shown, old, ~line.exists())


def _out_of_stock() -> sa.Select[Any]:
    other = aliased(Listing)
    left = sa.select(other.id).where(
        other.product_id == Listing.product_id,
        other.status == ListingStatus.PUBLISHED,
        sa.or_(other.stock.is_(None), other.stock > 0),
    )
    empty = (Listing.status == ListingStatus.PUBLISHED, Listing.stock == 0)
    return sa.select(Listing).options(load_only(*NAMED, Listing.quality), _VENDOR).where(*empty, ~left.exists())


def _without_offer() -> sa.Select[Any]:
    alive = (ListingStatus.PUBLISHED, ListingStatus.PENDING, ListingStatus.TO_REVIEW)
    offered = sa.select(Listing.id).where(Listing.product_id == Product.id, Listing.status.in_(alive))
    return sa.select(Product).where(Product.merged_into_id.is_(None), ~Product.published, ~offered.exists())


def _product(product: Product) -> Line:
    address = url_for("catalog.product", product_id=product.id)
    return Line(product.title or str(product.id), address, (product.brand or "",))


def _odd_prices() -> sa.Select[Any]:
    sheet = contains_eager(OddOffer.listing)
    loaded = sheet.load_only(*NAMED, Listing.currency), sheet.joinedload(Listing.vendor)
    # Found by night: an offer that was withdrawn or has another price since is none of these any more.
    still = (Listing.status == ListingStatus.PUBLISHED, Listing.price_minor == OddOffer.price_minor)
    return sa.select(OddOffer).join(OddOffer.listing).where(*still).options(*loaded)


def _odd(found: OddOffer) -> Line:
    currency = found.listing.currency
    prices = (money(found.price_minor, currency), money(found.median_minor, currency))
    return _sheet(found.listing, *prices, found.score, found.offers)


def _disputed() -> Iterator[Line]:
    """Yield the sheets whose articles are disputed most, as the disputes tell it; one line a sheet."""
    counted: Mapping[tuple[int, str], int] = {}
    for ask in current_app.extensions.get("disputed_articles", ()):
        counted = ask(now() - SOLD_SINCE, SHOWN)
    if not counted:
        return
    own = sa.tuple_(Listing.vendor_id, Listing.sku).in_(list(counted))
    found = db.session.scalars(sa.select(Listing).options(load_only(*NAMED), _VENDOR).where(own)).all()
    for listing in sorted(found, key=lambda one: (-counted[one.vendor_id, one.sku], one.id)):
        yield _sheet(listing, counted[listing.vendor_id, listing.sku])


def _asked_in_vain() -> Iterator[Line]:
    for text, times in demand.without_results(SHOWN):
        yield Line(text, url_for("catalog.products", q=text), (times,))


_SELLER = (_l("Vendor"), False)
_RATED = (_SELLER, (_l("Quality"), True))
REPORTS: Mapping[str, Report] = {
    "best-sellers": First(
        _l("Best-sellers"), _l("What customers bought most in the last 90 days."),
        _l("Nothing was sold in the last 90 days"),
        (_SELLER, (_l("Pieces"), True), (_l("Turnover"), True)), _best_sellers,
    ),
    "never-sold": Paged(
        _l("Never sold"), _l("Sheets shown for more than 30 days that nobody has ordered."),
        _l("Every sheet shown for a month was ordered"), _RATED, _never_sold, [(Listing.id, "asc")], _rated,
    ),
    "out-of-stock": Paged(
        _l("Out of stock"), _l("Products of which no vendor has a piece left."),
        _l("Every product shown is in stock somewhere"), _RATED, _out_of_stock, [(Listing.id, "asc")], _rated,
    ),
    "without-offer": Paged(
        _l("Without an offer"), _l("Product pages that no vendor sells any more."),
        _l("Every product page has an offer"), ((_l("Brand"), False),),
        _without_offer, [(Product.id, "asc")], _product,
    ),
    "odd-prices": Paged(
        _l("Odd prices"),
        _l("Offers whose price stands apart from the others of their product (modified z-score of 3.5 or more)."),
        _l("No offer's price stands apart"),
        (_SELLER, (_l("Price"), True), (_l("Median"), True), (_l("Distance"), True), (_l("Offers"), True)),
        _odd_prices, [(OddOffer.distance, "desc"), (OddOffer.listing_id, "desc")], _odd,
    ),
    "disputed": First(
        _l("Disputed sheets"), _l("Sheets whose articles buyers disputed in the last 90 days."),
        _l("No article was disputed in the last 90 days"), (_SELLER, (_l("Disputes"), True)), _disputed,
    ),
    "asked-in-vain": First(
        _l("Asked in vain"), _l("What customers searched in the last 90 days and nobody offers."),
        _l("Every search found something"), ((_l("Times"), True),), _asked_in_vain,
    ),
}  # fmt: skip


@handler("catalog.check_prices", every=timedelta(days=1))
def check_prices() -> None:
    """Find the odd prices of all products anew."""
    priced = (Listing.status == ListingStatus.PUBLISHED, Listing.price_minor > 0)
    several = sa.select(Listing.product_id).where(*priced).group_by(Listing.product_id)
    several = several.having(sa.func.count() >= FEWEST_OFFERS)
    columns = (Listing.product_id, Listing.currency, Listing.id, Listing.price_minor, Listing.group_key, Listing.values)
    query = sa.select(*columns)
    query = query.where(*priced, Listing.product_id.in_(several)).order_by(
        Listing.product_id, Listing.currency, Listing.id
    )
    found: list[dict[str, Any]] = []
    moment = now()
    for _key, offers in groupby(db.session.execute(query.execution_options(yield_per=5_000)), lambda row: row[:2]):
        group = list(offers)
        for odd in _odd_of_page(group):
            row = group[odd.place]
            found.append(
                {
                    "listing_id": row.id, "price_minor": row.price_minor, "median_minor": round(odd.median),
                    "score": odd.score, "distance": abs(odd.score), "offers": odd.offers, "found_at": moment,
                }
            )  # fmt: skip
    db.session.execute(sa.delete(OddOffer))
    if found:
        db.session.execute(sa.insert(OddOffer), found)


def _odd_of_page(offers: Sequence[Any]) -> list[OddPrice]:
    """Return the odd prices of a page's offers; where it sells variants, each among those of its own variant."""
    prices = [row.price_minor for row in offers]
    if all(row.group_key is None for row in offers):
        return odd_prices(prices)
    return odd_among_variants(prices, lambda one, other: not differ(offers[one].values, offers[other].values))
