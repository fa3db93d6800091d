"""What a decision on a possible duplicate is worth, so that the pairs which matter come first; and how many are left.

    worth = 4·p·(1 − p) · log2(2 + pieces sold of both sheets in `PERIOD` + offers on both pages beyond the first two)

The first factor is how little is known before the decision (1 at p = 0.5, 0 where the matcher is sure, and 1 for one
barcode under two brands, of which one is wrong whatever the matcher thinks of the pair), the second how many customers
and offers it touches: doubling, since the hundredth sale of a page matters less than its first. A tenth of it where one
vendor has an offer on both pages: they cannot become one, so that a decision only teaches. A pair has its first factor
when it is proposed; the others are counted at night and after each linking. Not here: deciding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import log2

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.orders.models import Order, OrderLine
from catalog.matching.cascade import CLASH
from catalog.models import Judgement, Listing, Proposal, ProposalState, uncertainty
from catalog.sheets import Decision

PERIOD = timedelta(days=90)
# Pairs weighed in one turn: 0.1 s of counting, 20 ms of writing.
TURN = 500
# Pairs summed up for the estimate; beyond them the figure says "more than".
SUMMED = 100_000
# What is left of the worth of a pair whose pages cannot become one.
HELD_APART = 0.1
# A pair whose worth moves by less keeps its place.
_STILL = 0.01


def worth(score: float, sold: int, offers: int, *, clash: bool = False, apart: bool = False) -> float:
    """Return the worth of deciding on a pair: its likelihood, pieces sold of both sheets, offers on both pages."""
    doubt = 1.0 if clash else uncertainty(score) * (HELD_APART if apart else 1.0)
    return round(doubt * log2(2 + sold + max(0, offers - 2)), 4)


@handler("desk.weigh_pairs")
def weigh_pairs(after: int = 0) -> None:
    """Weigh a turn of the pairs that wait, and ask for the next."""
    with reading():
        query = sa.select(Proposal).where(Proposal.state == ProposalState.PENDING, Proposal.id > after)
        batch = db.session.scalars(query.order_by(Proposal.id).limit(TURN)).all()
        found = _weighed(batch)
        last = batch[-1].id if len(batch) == TURN else None
        db.session.rollback()
    if found:
        db.session.execute(sa.update(Proposal), [{"id": number, "value": value} for number, value in found.items()])
    if last is not None:
        enqueue("desk.weigh_pairs", {"after": last})


@handler("desk.weigh_pairs_again", every=timedelta(days=1))
def weigh_pairs_again() -> None:
    """Begin to weigh all pairs that wait: what was sold since moves them."""
    enqueue("desk.weigh_pairs")


def _weighed(batch: Sequence[Proposal]) -> dict[int, float]:
    """Return the worth of those pairs whose worth moved."""
    sides = {number for one in batch for number in (one.left_id, one.right_id)}
    places = sa.select(Listing.id, Listing.vendor_id, Listing.sku, Listing.product_id).where(Listing.id.in_(sides))
    listings = {row.id: row for row in db.session.execute(places)}
    sold = _sold([row.sku for row in listings.values()])
    sellers = _sellers({row.product_id for row in listings.values()})
    found: dict[int, float] = {}
    for one in batch:
        both = [listings[one.left_id], listings[one.right_id]]
        pieces = sum(sold.get((row.vendor_id, row.sku), 0) for row in both)
        left, right = (sellers[row.product_id] for row in both)
        apart = both[0].product_id != both[1].product_id and not left.variants | right.variants
        apart = apart and not left.vendors.isdisjoint(right.vendors)
        value = worth(one.score, pieces, left.offers + right.offers, clash=one.route == CLASH, apart=apart)
        if abs(value - one.value) > _STILL:
            found[one.id] = value
    return found


def _sold(skus: Sequence[str]) -> Mapping[tuple[int, str], int]:
    query = (
        sa.select(Order.vendor_id, OrderLine.sku, sa.func.sum(OrderLine.quantity))
        .join(Order, OrderLine.order_id == Order.id)
        .where(OrderLine.sku.in_(skus), Order.ordered_at >= now() - PERIOD)
        .group_by(Order.vendor_id, OrderLine.sku)
    )
    return {(vendor, sku): int(pieces) for vendor, sku, pieces in db.session.execute(query)}


@dataclass(slots=True)
class _Page:
    """The offers on a page, who sells there, and whether any is of a variant."""

    offers: int = 0
    vendors: set[int] = field(default_factory=set)
    variants: bool = False


def _sellers(product_ids: set[int]) -> Mapping[int, _Page]:
    query = sa.select(Listing.product_id, Listing.vendor_id, Listing.group_key.is_not(None), sa.func.count())
    query = query.where(Listing.product_id.in_(product_ids))
    pages = {number: _Page() for number in product_ids}
    grouped = query.group_by(Listing.product_id, Listing.vendor_id, Listing.group_key.is_not(None))
    for number, vendor, variants, count in db.session.execute(grouped):
        page = pages[number]
        page.offers += count
        page.vendors.add(vendor)
        page.variants |= bool(variants)
    return pages


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far the desk is: pairs decided by people, pairs that wait, and how many of these are probably the same."""

    decided: int
    waiting: int
    same: float


def remaining() -> Remaining:
    """Return how far the desk is; an estimate of the same products among the pairs that wait.

    The sum of the likelihoods, corrected by how they fared: what people called the same, over the likelihoods' sum on the
    pairs that people decided (one of each added, so that few decisions correct little).
    """
    pending = sa.select(Proposal.score).where(Proposal.state == ProposalState.PENDING).limit(SUMMED).subquery()
    judged = (
        sa.select(Judgement.decision, Proposal.score)
        .join(Proposal, Judgement.proposal_id == Proposal.id)
        .where(Judgement.judge_id.is_not(None), Judgement.undone_at.is_(None), Judgement.decision != Decision.UNSURE)
        .order_by(Judgement.id.desc())
        .limit(SUMMED)
        .subquery()
    )
    same = sa.func.coalesce(sa.func.sum(sa.case((judged.c.decision == Decision.SAME, 1), else_=0)), 0)
    sums = [sa.func.coalesce(sa.func.sum(table.c.score), 0.0) for table in (pending, judged)]
    waiting, likely = db.session.execute(sa.select(sa.func.count(), sums[0]).select_from(pending)).one()
    decided, called_same, expected = db.session.execute(
        sa.select(sa.func.count(), same, sums[1]).select_from(judged)
    ).one()
    return Remaining(decided, waiting, likely * (called_same + 1) / (expected + 1))
