"""From listings to the shared product page, and from the page to the search index's documents.

A product shows what its best listing says: published before waiting, better quality before worse, older before newer.
Promise: a page is published exactly while one of its listings is; each change raises its version and marks it dirty in
the same transaction. Not here: which listings belong together (`catalog.judgements`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import IllegalMove
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, enqueue, handler
from backoffice.vendors.lifecycle import can_sell, go_live
from backoffice.vendors.models import Vendor, VendorStatus
from catalog import tree, words
from catalog.lifecycle import MOVES, Action, ListingStatus, actions, blocking
from catalog.models import Listing, Product
from catalog.search import sync
from catalog.search.schema import ProductDocument
from catalog.search.wording import said
from catalog.variants import shared_title

# Listings of a vendor that are published or taken down in one transaction when the vendor's state changes.
VENDOR_BATCH = 500
# What is decided within this time is indexed together, and not while the next sheet is being shown.
GATHERING = timedelta(seconds=1)
# All that an index document is made of, read as plain rows: a listing's other columns are most of its bytes, and nothing
# of it is changed, so that no objects need be made.
PAGE_COLUMNS = (
    Product.id, Product.version, Product.title, Product.brand, Product.category, Product.published, Product.updated_at,
)  # fmt: skip
INDEXED_COLUMNS = (
    Listing.id, Listing.product_id, Listing.vendor_id, Listing.status, Listing.quality, Listing.locale, Listing.values,
    Listing.keywords, Listing.gtin, Listing.mpn, Listing.price_minor, Listing.currency, Listing.stock, Listing.group_key,
    Listing.sku,
)  # fmt: skip


def move(listing: Listing, action: Action, *, by: Any = None, reason: str = "") -> None:
    """Change a listing's state by the table; raises IllegalMove naming what is possible instead."""
    before = listing.status
    after = MOVES.get((before, action))
    if after is None:
        raise IllegalMove(words.cannot(action, before), legal=[str(a) for a in actions(before)])
    if action == Action.ACCEPT and blocking(listing.issues):
        raise IllegalMove(words.still_blocked(), legal=[str(a) for a in actions(before) if a != Action.ACCEPT])
    listing.status = after
    listing.version += 1
    listing.updated_at = now()
    audit.record(f"listing.{action}", listing, by=by, changes={"status": (before, after)}, reason=reason)
    if after == ListingStatus.PENDING:
        publish_if_allowed(listing)


def publish_if_allowed(listing: Listing) -> None:
    """Publish a listing that waits for nothing but its vendor's right to sell, where there is that right."""
    if listing.status == ListingStatus.PENDING and not blocking(listing.issues) and can_sell(listing.vendor):
        listing.status = ListingStatus.PUBLISHED
        note_first_sale(listing.vendor)


def note_first_sale(vendor: Vendor) -> None:
    """Tell the vendor's file that it is live, once an approved vendor has a sheet that customers see."""
    if vendor.status != VendorStatus.APPROVED:
        return
    shown = sa.select(Listing.id).where(Listing.vendor_id == vendor.id, Listing.status == ListingStatus.PUBLISHED)
    if db.session.scalar(shown.limit(1)) is not None:
        go_live(vendor)


def refresh(product_ids: Iterable[int]) -> None:
    """Make the products say what their listings say now, and see that the index hears of it soon."""
    if show_again(product_ids):
        ask_for_indexing()


def show_again(product_ids: Iterable[int]) -> bool:
    """Make the products say what their listings say now, raise their versions and mark them; False where there are none."""
    ids = sorted(set(product_ids))
    if not ids:
        return False
    db.session.flush()
    listings = defaultdict(list)
    for listing in db.session.scalars(sa.select(Listing).where(Listing.product_id.in_(ids))):
        listings[listing.product_id].append(listing)
    for product in db.session.scalars(sa.select(Product).where(Product.id.in_(ids))):
        _show(product, listings.get(product.id, []))
    sync.mark_dirty(ids)
    return True


def _show(product: Product, listings: Sequence[Listing]) -> None:
    product.version += 1
    product.updated_at = now()
    product.published = any(listing.status == ListingStatus.PUBLISHED for listing in listings)
    best = best_of(listings)
    if best is not None:
        product.title, product.brand, product.category = _title(best, listings), best.brand, best.category


def _title(best: Listing, listings: Sequence[Listing]) -> str:
    """Return the page's title: its best sheet's; of a page with variants, what the variants of one vendor all say."""
    leading = best_of([one for one in listings if one.group_key is not None])
    if leading is None:
        return best.title
    ours = (leading.vendor_id, leading.group_key)
    others = [one.title for one in listings if one is not leading and (one.vendor_id, one.group_key) == ours]
    return shared_title([leading.title, *others])


def best_of(listings: Sequence[Listing]) -> Listing | None:
    """Return the listing whose words the product page shows."""
    ranked = sorted(listings, key=lambda one: (one.status != ListingStatus.PUBLISHED, -one.quality, one.id))
    return ranked[0] if ranked else None


def touch(product_ids: Sequence[int]) -> None:
    """Mark products dirty and see that a job will carry them to the index soon."""
    sync.mark_dirty(product_ids)
    ask_for_indexing()


def ask_for_indexing() -> None:
    """See that a job will carry the marks to the index soon: what is decided one after the other goes together."""
    waiting = sa.select(Job.id).where(Job.kind == "catalog.drain_index", Job.state == JobState.WAITING).limit(1)
    if db.session.scalar(waiting) is None:
        enqueue("catalog.drain_index", linger=GATHERING)


def vendor_changed(vendor: Vendor, **_details: Any) -> None:
    """Publish or take down a vendor's listings after its state changed; the work is a job, the mark is now."""
    enqueue("catalog.follow_vendor", {"vendor_id": vendor.id})


@handler("catalog.follow_vendor")
def follow_vendor(vendor_id: int, after: int = 0) -> None:
    """Bring a batch of the vendor's listings in line with its right to sell, and ask for the next batch."""
    vendor = db.session.get(Vendor, vendor_id)
    if vendor is None:
        return
    held, shown = ListingStatus.PENDING, ListingStatus.PUBLISHED
    before, target = (held, shown) if can_sell(vendor) else (shown, held)
    batch = db.session.scalars(
        sa.select(Listing)
        .where(Listing.vendor_id == vendor_id, Listing.status == before, Listing.id > after)
        .order_by(Listing.id)
        .limit(VENDOR_BATCH)
    ).all()
    for listing in batch:
        listing.status = target
        listing.updated_at = now()
    refresh(listing.product_id for listing in batch)
    note_first_sale(vendor)
    if len(batch) == VENDOR_BATCH:
        enqueue("catalog.follow_vendor", {"vendor_id": vendor_id, "after": batch[-1].id})


def documents_for(ids: Sequence[int]) -> list[ProductDocument]:
    """Return the index documents of these products as the database has them now; merged or unknown ones are absent."""
    pages = sa.select(*PAGE_COLUMNS).where(Product.id.in_(ids), Product.merged_into_id.is_(None))
    products = db.session.execute(pages.order_by(Product.id)).all()
    listings = defaultdict(list)
    query = sa.select(*INDEXED_COLUMNS).where(Listing.product_id.in_(ids)).order_by(Listing.id)
    for listing in db.session.execute(query):
        listings[listing.product_id].append(listing)
    categories = tree.current()
    return [_document(product, listings[product.id], categories) for product in products]


def versions_after(after: int, limit: int) -> list[tuple[int, int]]:
    """Return (id, version) of the products that the index must hold, by ascending id from after this one."""
    query = sa.select(Product.id, Product.version).where(Product.id > after, Product.merged_into_id.is_(None))
    return [(number, version) for number, version in db.session.execute(query.order_by(Product.id).limit(limit))]


def offered(listings: Sequence[Listing]) -> list[Listing]:
    """Return the sheets that can be bought: one that stands for its variants cannot."""
    return [one for one in listings if not _is_parent(one, listings)]


def _is_parent(one: Listing, listings: Sequence[Listing]) -> bool:
    if one.group_key != one.sku or one.price_minor is not None:
        return False
    return any(other is not one and other.group_key == one.group_key for other in listings)


def _document(product: Any, listings: Sequence[Any], categories: tree.Tree) -> ProductDocument:
    best = best_of(listings)
    if best is None:
        return ProductDocument(id=product.id, version=product.version, title=product.title)
    shown = [listing for listing in listings if listing.status == ListingStatus.PUBLISHED]
    prices = [listing.price_minor for listing in shown if listing.price_minor is not None]
    values = best.values
    # Every variant is to be found by its own colour and size, and counts as one product.
    variants = [one.values for one in listings if one.group_key is not None] or [values]
    locale: Any = best.locale
    return ProductDocument(
        id=product.id,
        version=product.version,
        locale=locale,
        title=product.title,
        brand=product.brand or "",
        category_ids=categories.lineage(product.category),
        category_path=categories.path(product.category, best.locale) or str(values.get("product_type") or ""),
        **said([values, *(one for one in variants if one is not values)], locale),
        gtins=tuple(sorted({listing.gtin for listing in listings if listing.gtin})),
        mpns=tuple(sorted({listing.mpn for listing in listings if listing.mpn})),
        price_min_minor=min(prices, default=None),
        currency=best.currency,
        offers=len(offered(shown)),
        vendor_ids=tuple(sorted({listing.vendor_id for listing in listings})),
        available=any(listing.stock is None or listing.stock > 0 for listing in shown),
        published=product.published,
        keywords=tuple(listing_keywords(best)),
        updated_at=product.updated_at,
    )


def listing_keywords(listing: Listing) -> list[str]:
    """Return the search terms that an editor accepted for the sheet."""
    return [keyword["term"] for keyword in listing.keywords if keyword.get("state") == "accepted"]
