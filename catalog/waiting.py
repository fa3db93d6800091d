"""What the catalogue tells the rest of the house: what waits for whom, what can be found, what an article is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, load_only

from backoffice.dashboard.finding import Found
from backoffice.dashboard.needs import NAMED_FIRST, First, Need
from backoffice.extensions import db
from backoffice.formatting import MANY
from backoffice.permissions import Permission, may
from backoffice.vendors.lifecycle import can_sell
from backoffice.vendors.models import Vendor
from catalog import finding, judgements, listings, review, tree
from catalog.lifecycle import ListingStatus
from catalog.models import Import, ImportStatus, Listing, Proposal

# A vendor's sheets of one state are counted so far on its page: 4 ms each.
COUNTED_SHEETS = 100_000
AT_DESK = "catalog.review_sheet"
# What a line of results says of a sheet: the rest of it, many kilobytes, is left where it is.
NAMED = (Listing.id, Listing.sku, Listing.gtin, Listing.title, Listing.status, Listing.product_id)


def _counting(query: sa.Select[Any], most: int = MANY) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(query.limit(most).subquery())


def _count(query: sa.Select[Any]) -> int:
    return db.session.scalar(_counting(query)) or 0


def reviews(_user: Any = None) -> sa.Select[Any]:
    """Return the query of how many sheets wait for an editor, counted up to a thousand."""
    return _counting(sa.select(Listing.id).where(Listing.status == ListingStatus.TO_REVIEW))


def comparisons(_user: Any = None) -> sa.Select[Any]:
    """Return the query of how many possible duplicates wait for an editor, counted up to a thousand."""
    return _counting(judgements.waiting(sa.select(Proposal.id)))


def to_review() -> int:
    """Return how many sheets wait for an editor, counted up to a thousand."""
    return db.session.scalar(reviews()) or 0


def to_compare() -> int:
    """Return how many possible duplicates wait for an editor, counted up to a thousand."""
    return db.session.scalar(comparisons()) or 0


def home_items(user: Any) -> list[Need]:
    """Return the catalogue's lines of the reader's home page."""
    items: list[Need] = []
    if may(user, Permission.REVIEW_SHEETS):
        queued, disputed = review.queue(), Listing.priority <= listings.FLAG_PRIORITY
        desk = url_for("catalog.review")
        items += [
            _sheets(_("Sheets that buyers say are wrong"), queued.where(disputed), desk, AT_DESK, "blocked"),
            _sheets(_("Sheets to review"), queued, desk, AT_DESK, named=~disputed),
            Need(_("Possible duplicates to decide"), to_compare(), url_for("catalog.duplicates"), first=_first_pairs()),
        ]
    if may(user, Permission.IMPORT_SHEETS):
        waiting = (ImportStatus.UPLOADED, ImportStatus.AWAITING_CONFIRMATION)
        mine = sa.select(Import).where(Import.status.in_(waiting))
        if not user.is_staff:
            mine = mine.where(Import.vendor_id == user.vendor_id)
        items.append(_files(mine))
        items += _first_file(user)
    if user.vendor_id is not None:
        sent_back = review.queue(status=ListingStatus.CHANGES_REQUESTED).where(Listing.vendor_id == user.vendor_id)
        address = url_for("catalog.sheets", status=ListingStatus.CHANGES_REQUESTED.value)
        items.append(_sheets(_("Sheets to mend"), sent_back, address, "catalog.sheet"))
    return items


def _first_file(user: Any) -> list[Need]:
    """Return what a vendor that may sell is asked for before all: product sheets, where it never sent any."""
    if user.vendor_id is None or not can_sell(db.session.get_one(Vendor, user.vendor_id)):
        return []
    sent = sa.select(Import.id).where(Import.vendor_id == user.vendor_id)
    return [] if _count(sent) else [Need(_("Send your first product sheets"), 1, url_for("catalog.new_import"))]


def _sheets(
    label: str,
    query: sa.Select[Any],
    url: str,
    page: str,
    tone: str = "attention",
    *,
    named: sa.ColumnElement[bool] | None = None,
) -> Need:
    """Return the need of these sheets, those named first that the desk shows first; `page` shows one of them.

    `named` keeps from the names what another need names already.
    """
    number = _count(query.with_only_columns(Listing.id))
    told = query if named is None else query.where(named)
    shown = told.options(load_only(Listing.id, Listing.sku, Listing.title), joinedload(Listing.vendor))
    found = db.session.scalars(shown.order_by(Listing.priority, Listing.id).limit(NAMED_FIRST)) if number else ()
    first = [First(each.title or each.sku, url_for(page, listing_id=each.id), each.vendor.name) for each in found]
    return Need(label, number, url, tone=tone, first=first)


def _first_pairs() -> list[First]:
    pairs = judgements.waiting(sa.select(Proposal)).order_by(Proposal.value.desc(), Proposal.id.desc())
    with_title = joinedload(Proposal.left).load_only(Listing.title, Listing.sku)
    return [
        First(pair.left.title or pair.left.sku, url_for("catalog.duplicate", proposal_id=pair.id))
        for pair in db.session.scalars(pairs.options(with_title).limit(NAMED_FIRST))
    ]


def _files(query: sa.Select[Any]) -> Need:
    number = _count(query.with_only_columns(Import.id))
    shown = query.options(joinedload(Import.file), joinedload(Import.vendor)).order_by(Import.id).limit(NAMED_FIRST)
    found = db.session.scalars(shown) if number else ()
    first = [First(one.file.name, url_for("catalog.show_import", import_id=one.id), one.vendor.name) for one in found]
    return Need(_("Files to confirm"), number, url_for("catalog.imports", status="uploaded"), first=first)


def find(query: str, user: Any, limit: int) -> list[Found]:
    """Return the sheets that a word finds: by identifier, barcode or words, within what the reader may see."""
    if not may(user, Permission.READ_CATALOG):
        return []
    vendor = None if user.is_staff else user.vendor_id
    shown = sa.select(Listing).options(load_only(*NAMED))
    if vendor is not None:
        shown = shown.where(Listing.vendor_id == vendor)
    found = finding.best(shown, query, locale="en" if user.locale == "en" else "fr", vendor=vendor, limit=limit)
    return [
        Found(
            _("Product sheets"), one.title or one.sku, url_for("catalog.sheet", listing_id=one.id), one.sku, one.status
        )
        for one in found
    ]


def vendor_panel(vendor: Vendor) -> Mapping[str, Any]:
    """Return the panel of a vendor's page: its sheets by state and its last imports."""
    states = {
        status: _counting(
            sa.select(Listing.id).where(Listing.vendor_id == vendor.id, Listing.status == status), COUNTED_SHEETS
        ).scalar_subquery()
        for status in ListingStatus
    }
    found = zip(states, db.session.execute(sa.select(*states.values())).one(), strict=True)
    counts = {status: number for status, number in found if number}
    runs = db.session.scalars(
        sa.select(Import)
        .where(Import.vendor_id == vendor.id)
        .options(joinedload(Import.file))
        .order_by(Import.id.desc())
        .limit(5)
    ).all()
    return {
        "template": "catalog/vendor_panel.html",
        "context": {"counts": counts, "runs": runs, "most": COUNTED_SHEETS},
    }


def category_of(vendor_id: int, sku: str) -> str | None:
    """Return the category of a vendor's article, by which the commission of an order line may be set."""
    return db.session.scalar(sa.select(Listing.category).where(Listing.vendor_id == vendor_id, Listing.sku == sku))


def ancestors_of(code: str) -> list[str]:
    """Return the codes of the categories above this one, the nearest first."""
    taxonomy = tree.current().taxonomy
    standing = taxonomy.standing(code)
    return [one.id for one in reversed(taxonomy.ancestors(standing))] if standing else []


def known_skus(vendor_id: int, skus: Collection[str]) -> set[str]:
    """Return those of a vendor's identifiers that the catalogue knows."""
    query = sa.select(Listing.sku).where(Listing.vendor_id == vendor_id, Listing.sku.in_(skus))
    return set(db.session.scalars(query))
