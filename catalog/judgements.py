"""Decisions on possible duplicates: merging two pages into one with both offers, and taking that back exactly.

Promise: a merge moves listings and leaves a forwarding page; undoing it restores both pages, their listings and their
index rows. One vendor has one offer on a page, or one for each variant; two listings once judged different never meet on
one, unless as variants: such a merge is refused with the reason. Not here: how likely two sheets are the same
(`catalog.matching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as product_of
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict
from backoffice.extensions import db
from catalog import publishing, words
from catalog.models import Judgement, Listing, Product, Proposal, ProposalState
from catalog.sheets import Decision
from catalog.variants import differ


def decide(proposal: Proposal, decision: Decision, *, by: Any) -> Judgement:
    """Record a decision on a pair and carry it out; raises Conflict where someone decided first or a merge is refused."""
    if proposal.state != ProposalState.PENDING:
        raise Conflict(words.already_decided())
    if decision == Decision.DIFFERENT and _on_one_page(proposal):
        raise Conflict(words.on_one_page())
    judgement = Judgement(proposal=proposal, decision=decision, judge_id=getattr(by, "id", None))
    db.session.add(judgement)
    if decision == Decision.SAME:
        _merge(judgement, proposal)
        proposal.state = ProposalState.ACCEPTED
    elif decision == Decision.DIFFERENT:
        proposal.state = ProposalState.REJECTED
    db.session.flush()
    audit.record(f"match.{decision}", proposal, by=by, changes={"score": (None, round(proposal.score, 3))})
    return judgement


def _on_one_page(proposal: Proposal) -> bool:
    left, right = proposal.left, proposal.right
    if left.product_id != right.product_id:
        return False
    return not (_have_variants(left.product) and differ(left.values, right.values))


def waiting(query: sa.Select[Any], *, later: bool = False) -> sa.Select[Any]:
    """Narrow a select of proposals to those to decide now, or to those that someone was unsure of and left for later."""
    unsure = sa.exists().where(
        Judgement.proposal_id == Proposal.id, Judgement.decision == Decision.UNSURE, Judgement.undone_at.is_(None)
    )
    return query.where(Proposal.state == ProposalState.PENDING, unsure if later else ~unsure)


def standing(proposal: Proposal) -> Judgement | None:
    """Return the decision on a pair that holds now, if there is one."""
    query = sa.select(Judgement).where(Judgement.proposal_id == proposal.id, Judgement.undone_at.is_(None))
    return db.session.scalars(query.order_by(Judgement.id.desc()).limit(1)).first()


def _merge(judgement: Judgement, proposal: Proposal) -> None:
    left, right = _held(proposal)
    if left.id == right.id:
        return
    kept, merged = sorted((left, right), key=lambda product: (not product.published, product.id))
    refusal = merge_refusal(kept, merged)
    if refusal:
        raise Conflict(refusal)
    moved = list(merged.listings)
    judgement.kept_product_id, judgement.merged_product_id = kept.id, merged.id
    judgement.moved_listings = [listing.id for listing in moved]
    for listing in moved:
        listing.product = kept
    merged.merged_into_id = kept.id
    publishing.refresh([kept.id, merged.id])


def _held(proposal: Proposal) -> tuple[Product, Product]:
    """Return both pages, kept from other merges until this one is over; raises Conflict where one came first."""
    ids = (proposal.left.product_id, proposal.right.product_id)
    pages = sa.select(Product).where(Product.id.in_(ids)).order_by(Product.id).with_for_update()
    found = {page.id: page for page in db.session.scalars(pages.execution_options(populate_existing=True))}
    for listing in (proposal.left, proposal.right):
        db.session.refresh(listing, ["product_id"])
    if ids != (proposal.left.product_id, proposal.right.product_id):
        raise Conflict(words.moved_meanwhile())
    return found[ids[0]], found[ids[1]]


def merge_refusal(kept: Product, merged: Product) -> str | None:
    """Return the sentence that says why two pages may not become one, or None where they may."""
    variants = _have_variants(kept, merged)
    pairs = product_of(kept.listings, merged.listings)
    own = ((one, other) for one, other in pairs if one.vendor_id == other.vendor_id)
    twice = next((one for one, other in own if not (variants and differ(one.values, other.values))), None)
    if twice is not None:
        return words.one_offer_per_vendor(twice.vendor.name)
    left, right = ([listing.id for listing in product.listings] for product in (kept, merged))
    apart = sa.select(Proposal).where(
        Proposal.state == ProposalState.REJECTED,
        sa.or_(
            sa.and_(Proposal.left_id.in_(left), Proposal.right_id.in_(right)),
            sa.and_(Proposal.left_id.in_(right), Proposal.right_id.in_(left)),
        ),
    )
    for against in db.session.scalars(apart):
        if not (variants and differ(against.left.values, against.right.values)):
            return words.judged_different(against.left.title, against.right.title)
    return None


def _have_variants(*pages: Product) -> bool:
    """Return whether offers on these pages are of several variants, each told by its options."""
    return any(one.group_key is not None for page in pages for one in page.listings)


def undo(judgement: Judgement, *, by: Any, reason: str = "") -> None:
    """Take a decision back; raises Conflict where the listings have moved on since, naming what stands in the way."""
    if judgement.undone_at is not None:
        raise Conflict(words.already_undone())
    if judgement.merged_product_id is not None:
        _unmerge(judgement)
    judgement.undone_at = now()
    # What a person took back is not proposed again by itself: it waits for a decision.
    judgement.proposal.state = ProposalState.PENDING
    audit.record("match.undo", judgement.proposal, by=by, reason=reason)


def _unmerge(judgement: Judgement) -> None:
    merged = db.session.get_one(Product, judgement.merged_product_id)
    listings = [*db.session.scalars(sa.select(Listing).where(Listing.id.in_(judgement.moved_listings)))]
    listings += _later_variants(listings, judgement.kept_product_id)
    if any(listing.product_id != judgement.kept_product_id for listing in listings):
        raise Conflict(words.moved_since())
    for listing in listings:
        listing.product = merged
    merged.merged_into_id = None
    publishing.refresh([merged.id, judgement.kept_product_id or merged.id])


def _later_variants(moved: Sequence[Listing], kept_id: int | None) -> list[Listing]:
    """Return the variants of the moved sheets that came to the kept page since: a group stays together."""
    groups = {(one.vendor_id, one.group_key) for one in moved if one.group_key is not None}
    if not groups:
        return []
    of_group = sa.tuple_(Listing.vendor_id, Listing.group_key).in_(sorted(groups))
    ids = [one.id for one in moved]
    query = sa.select(Listing).where(Listing.product_id == kept_id, of_group, Listing.id.not_in(ids))
    return list(db.session.scalars(query))


def kept_page(product: Product) -> Product:
    """Follow the forwarding of merged pages to the one that stands."""
    seen = set()
    while product.merged_into_id is not None and product.id not in seen:
        seen.add(product.id)
        product = db.session.get_one(Product, product.merged_into_id)
    return product


# A page that is much merged and separated shows its latest decisions.
MOST_TOLD = 50


def of_product(product: Product) -> list[Judgement]:
    """Return the decisions that merged this page with another or were taken back since, the latest first."""
    sides = (Proposal.left, Proposal.right)
    pages = sa.or_(Judgement.kept_product_id == product.id, Judgement.merged_product_id == product.id)
    query = sa.select(Judgement).where(pages)
    query = query.options(*(joinedload(Judgement.proposal).joinedload(side) for side in sides))
    return list(db.session.scalars(query.order_by(Judgement.id.desc()).limit(MOST_TOLD)))
