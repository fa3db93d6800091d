"""What to mend first: the sheets that customers meet and that lack most.

    times met = times asked of the searches that show it among their first ten + 30 for each piece sold
    effect    = times met × points missing to 100 (completeness and quality, half and half)

Views of pages are not known here: the storefront counts them. Searches and orders are, and stand for them; the page says
so. Promise: only what was asked and sold in the last 90 days counts; without a search engine, orders alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import handler
from backoffice.orders.models import Order, OrderLine
from catalog.figures.models import MendFirst
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, SearchCount
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query

log = structlog.get_logger(__name__)
RECENT = timedelta(days=90)
# Searches that are asked again to see what they show, the most asked first: a second of work.
QUERIES = 300
FIRST_RESULTS = 10
# A piece sold stands for the views it took: shops sell to about one visitor of a page in thirty.
MET_FOR_A_SALE = 30
# Rows kept; a house does not mend more than this many sheets before the next night.
KEPT = 100_000
BATCH = 500


@handler("catalog.rank_mending", every=timedelta(days=1))
def rank_mending() -> None:
    """Rank the sheets anew."""
    with reading():
        sold, found = _sold(), _found()
        rows = _rows(sold, found)
        db.session.rollback()
    db.session.execute(sa.delete(MendFirst))
    rows.sort(key=lambda row: (-row["effect"], row["listing_id"]))
    if rows:
        db.session.execute(sa.insert(MendFirst), rows[:KEPT])


def _sold() -> dict[int, int]:
    """Return the pieces sold of each listing."""
    own = sa.and_(Listing.vendor_id == Order.vendor_id, Listing.sku == OrderLine.sku)
    query = (
        sa.select(Listing.id, sa.func.sum(OrderLine.quantity))
        .select_from(OrderLine)
        .join(Order, OrderLine.order_id == Order.id)
        .join(Listing, own)
        .where(Order.ordered_at >= now() - RECENT)
        .group_by(Listing.id)
    )
    return {number: int(pieces) for number, pieces in db.session.execute(query)}


def _found() -> dict[int, int]:
    """Return how often each product stood among the first results of what customers asked."""
    asked = sa.func.sum(SearchCount.asked)
    since = (now() - RECENT).date().isoformat()
    query = sa.select(SearchCount.query, asked).where(SearchCount.day >= since).group_by(SearchCount.query)
    shown: Counter[int] = Counter()
    for text, times in db.session.execute(query.order_by(asked.desc()).limit(QUERIES)).all():
        try:
            hits = sync.engine().search(Query(text, "fr")).hits
        except EngineUnavailable as error:
            log.warning("searches do not count in what to mend first", error=repr(error))
            return {}
        for hit in hits[:FIRST_RESULTS]:
            shown[hit.id] += int(times)
    return dict(shown)


def _rows(sold: dict[int, int], found: dict[int, int]) -> list[dict[str, Any]]:
    columns = (
        Listing.id, Listing.vendor_id, Listing.product_id, Listing.completeness, Listing.quality, Listing.status,
    )  # fmt: skip
    kept: dict[int, dict[str, Any]] = {}
    for column, wanted in ((Listing.id, sorted(sold)), (Listing.product_id, sorted(found))):
        for start in range(0, len(wanted), BATCH):
            query = sa.select(*columns).where(column.in_(wanted[start : start + BATCH]))
            for row in db.session.execute(query.where(Listing.status == ListingStatus.PUBLISHED)):
                kept[row.id] = _row(row, sold.get(row.id, 0), found.get(row.product_id, 0))
    return [row for row in kept.values() if row["effect"] > 0]


def _row(row: Any, sold: int, found: int) -> dict[str, Any]:
    missing = round(50 * (1 - row.completeness) + 50 * (1 - row.quality), 2)
    effect = round((found + MET_FOR_A_SALE * sold) * missing, 2)
    keys = {"listing_id": row.id, "vendor_id": row.vendor_id}
    return {**keys, "sold": sold, "found": found, "missing": missing, "effect": effect}


def ranked(vendor: int | None) -> sa.Select[tuple[MendFirst]]:
    """Return the ranked sheets, of one vendor or of all, to be ordered by effect and id."""
    query = sa.select(MendFirst)
    return query if vendor is None else query.where(MendFirst.vendor_id == vendor)


def met(row: MendFirst) -> int:
    """Return how often customers met the sheet, as far as is known."""
    return row.found + MET_FOR_A_SALE * row.sold
