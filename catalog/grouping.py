"""Variants on one page: where an import's sheets of a group go, and what becomes of a sheet whose group changes.

Promise: one vendor's sheets of one group stand on one page, whichever chunk or file each came in, the parent's own line
included; a file that names no group costs nothing. A sheet that is no kin of its group keeps a page of its own. Not
here: what makes variants (`catalog.variants`, pure), two vendors' pages becoming one (`catalog.judgements`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from catalog import judgements, publishing
from catalog.models import Listing, Product
from catalog.variants import MOST_VARIANTS, Named, key_of, kin

# Attributes of which a file must name one for any of its sheets to have a group.
NAMING = frozenset({"item_group_id", "parent_id"})


@dataclass(slots=True)
class _Group:
    """A group as far as it is known: what it is called, its page once there is one, how many sheets it has."""

    named: Named
    page: int | None
    sheets: int
    leader: dict[str, Any] | None = None


@dataclass(slots=True)
class Places:
    """Where new rows go: those that need a page of their own, and those that go on the page of a group."""

    leaders: list[dict[str, Any]] = field(default_factory=list)
    _followers: list[tuple[dict[str, Any], _Group]] = field(default_factory=list)

    def settle(self) -> set[int]:
        """Give the followers the page of their group, once the leaders have theirs; returns the groups' pages."""
        for row, group in self._followers:
            row["product_id"] = group.page if group.leader is None else group.leader["product_id"]
        return {row["product_id"] for row, _group in self._followers}


def places(vendor_id: int, rows: Sequence[dict[str, Any]], named: Collection[str]) -> Places:
    """Return where these new rows of a vendor go; writes each row's `group_key`, None where its group is not believed."""
    for row in rows:
        row["group_key"] = None
    if NAMING.isdisjoint(named):
        return Places(list(rows))
    wanted = {row["sku"]: key_of(row["values"]) for row in rows}
    groups = _known(vendor_id, {key for key in wanted.values() if key}, wanted)
    named_here = {key for key in wanted.values() if key}
    found = Places()
    for row in rows:
        # The parent's own line names no parent: it is one where others name it.
        key = wanted[row["sku"]] or (row["sku"] if row["sku"] in named_here or row["sku"] in groups else None)
        _place(found, row, key, groups)
    return found


def _place(found: Places, row: dict[str, Any], key: str | None, groups: dict[str, _Group]) -> None:
    named = Named(row["title"], row["brand"])
    group = groups.get(key) if key else None
    believed = key is not None and (group is None or (kin(group.named, named) and group.sheets < MOST_VARIANTS))
    row["group_key"] = key if believed else None
    if key is not None and group is None:
        groups[key] = _Group(named, None, 1, leader=row)
    if believed and group is not None:
        group.sheets += 1
        found._followers.append((row, group))
    else:
        found.leaders.append(row)


def _known(vendor_id: int, keys: Collection[str], skus: Iterable[str]) -> dict[str, _Group]:
    """Return the vendor's groups of these keys, or whose parent's line is among these identifiers, as they are stored."""
    _adopt_parents(vendor_id, keys)
    columns = (
        Listing.group_key, sa.func.min(Listing.product_id), sa.func.min(Listing.title), sa.func.min(Listing.brand),
        sa.func.count(),
    )  # fmt: skip
    asked = sorted({*keys, *skus})
    query = sa.select(*columns).where(Listing.vendor_id == vendor_id, Listing.group_key.in_(asked))
    found = db.session.execute(query.group_by(Listing.group_key))
    return {key: _Group(Named(title, brand), page, count) for key, page, title, brand, count in found}


def _adopt_parents(vendor_id: int, keys: Collection[str]) -> None:
    """Make sheets that others now name as their parent the first of their group."""
    if keys:
        alone = (Listing.vendor_id == vendor_id, Listing.sku.in_(sorted(keys)), Listing.group_key.is_(None))
        db.session.execute(sa.update(Listing).where(*alone).values(group_key=Listing.sku))


def follow(listings: Sequence[Listing]) -> None:
    """Bring sheets that were changed onto the page of the group they name now, and their pages up to date."""
    touched: set[int] = set()
    for listing in listings:
        wanted = key_of(listing.values)
        is_parent = wanted is None and listing.group_key == listing.sku
        if wanted == listing.group_key or is_parent:
            touched |= {listing.product_id} if listing.group_key else set()
        elif wanted is None:
            touched |= _leave(listing)
        else:
            touched |= _join(listing, wanted)
    if touched:
        publishing.refresh(touched)


def _join(listing: Listing, key: str) -> set[int]:
    """Move a sheet, and what else stands on its page, onto its group's page; returns the pages that changed."""
    touched = _leave(listing) if listing.group_key is not None else set()
    db.session.flush()
    group = _known(listing.vendor_id, {key}, ()).get(key)
    if group is None or group.page == listing.product_id:
        listing.group_key = key
        return touched | {listing.product_id}
    page, old = db.session.get_one(Product, group.page), listing.product
    believed = kin(group.named, Named(listing.title, listing.brand)) and group.sheets < MOST_VARIANTS
    # Other vendors' offers on the sheet's page come along, where they may.
    if not believed or (len(old.listings) > 1 and judgements.merge_refusal(page, old) is not None):
        return touched
    listing.group_key = key
    for one in list(old.listings):
        one.product = page
    old.merged_into_id = page.id
    return touched | {page.id, old.id}


def _leave(listing: Listing) -> set[int]:
    """Give a sheet that is no longer of its group a page of its own."""
    left = listing.product
    listing.group_key = None
    if len(left.listings) == 1:
        return {left.id}
    moment = now()
    page = Product(title=listing.title, created_at=moment, updated_at=moment)
    db.session.add(page)
    listing.product = page
    db.session.flush()
    return {left.id, page.id}
