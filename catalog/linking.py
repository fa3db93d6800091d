"""Finding which listings of a vendor are products that others sell already: index → matching → proposal → merge.

Runs as jobs after an import, a batch of listings each. Promise: the index is brought up to date first, so that
another vendor's file of a minute ago is seen; what the matcher is sure of is merged and can be taken back; what it
doubts waits at the duplicates desk. Not here: the scoring (`catalog.matching`), the merge itself (`catalog.judgements`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import judgements, tree
from catalog.matching import Matcher, Record, load_shipped, propose_all
from catalog.models import Listing, Proposal
from catalog.search import sync
from catalog.search.port import CandidateQuery
from catalog.sheets import Decision, MatchProposal

# Listings matched in one transaction: at 1,200 pairs a second and 20 candidates each, under ten seconds.
BATCH = 200
CANDIDATES = 20


@handler("catalog.link_listings")
def link_listings(vendor_id: int, import_id: int | None = None, after: int = 0) -> None:
    """Propose products for a batch of a vendor's listings and ask for the next batch."""
    if not _others_sell(vendor_id):
        return
    sync.drain()
    query = sa.select(Listing).where(Listing.vendor_id == vendor_id, Listing.id > after)
    if import_id is not None:
        query = query.where(Listing.import_id == import_id)
    batch = db.session.scalars(query.order_by(Listing.id).limit(BATCH)).all()
    if not batch:
        return
    link(batch)
    if len(batch) == BATCH:
        enqueue("catalog.link_listings", {"vendor_id": vendor_id, "import_id": import_id, "after": batch[-1].id})


def link(batch: Sequence[Listing]) -> None:
    """Propose and, where the matcher is sure, merge these listings of one vendor; raises EngineUnavailable."""
    engine = sync.engine()
    asks = [_ask(listing) for listing in batch]
    found = engine.candidates_many(asks, limit=CANDIDATES)
    pages = _representatives({candidate.id for row in found for candidate in row}, batch[0].vendor_id)
    records = [record_of(listing) for listing in batch]
    others = {page: record_of(listing) for page, listing in pages.items()}
    plausible = [[others[one.id] for one in row if one.id in others] for row in found]
    for listing, proposals in zip(batch, propose_all(records, plausible, matcher()), strict=True):
        for proposal in proposals:
            _keep(listing, int(proposal.right), proposal)


def model_folder() -> Path:
    """Return where the matcher learned from this marketplace's decisions is kept."""
    return Path(current_app.config["DATA_FOLDER"]) / "models" / "matcher"


def matcher() -> Matcher:
    """Return the matcher learned here where there is one, the shipped one otherwise; kept while the process lives."""
    folder = model_folder()
    stamp = (folder / "card.json").stat().st_mtime_ns if (folder / "card.json").exists() else 0
    kept: tuple[int, Matcher] | None = current_app.extensions.get("matcher")
    if kept is None or kept[0] != stamp:
        kept = (stamp, Matcher.load(folder) if stamp else load_shipped())
        current_app.extensions["matcher"] = kept
    return kept[1]


def _ask(listing: Listing) -> CandidateQuery:
    return CandidateQuery(
        title=listing.title,
        brand=listing.brand or "",
        codes=tuple(code for code in (listing.gtin, listing.mpn) if code),
        exclude_vendor=listing.vendor_id,
        locale=listing.locale,
    )


def _representatives(product_ids: set[int], vendor_id: int) -> Mapping[int, Listing]:
    """Return one listing of another vendor for each product: the one whose words stand for the page."""
    query = (
        sa.select(Listing)
        .where(Listing.product_id.in_(product_ids), Listing.vendor_id != vendor_id)
        .order_by(Listing.quality.desc(), Listing.id)
    )
    pages: dict[int, Listing] = {}
    for listing in db.session.scalars(query):
        pages.setdefault(listing.product_id, listing)
    return pages


def record_of(listing: Listing) -> Record:
    """Return the listing's words ready for comparison, keyed by its id."""
    values: dict[str, Any] = {**listing.values}
    path = tree.current().path(listing.category, listing.locale)
    if path:
        values["category"] = path
    return Record.of(values, key=str(listing.id))


def _keep(listing: Listing, other_id: int, proposal: MatchProposal) -> None:
    """Store a proposal once; a pair that was proposed before keeps what was decided of it."""
    left, right = sorted((listing.id, other_id))
    query = sa.select(Proposal).where(Proposal.left_id == left, Proposal.right_id == right)
    if db.session.scalar(query) is not None:
        return
    row = Proposal(
        left_id=left,
        right_id=right,
        score=proposal.score,
        decision=proposal.decision,
        route=proposal.route,
        evidence=[asdict(evidence) for evidence in proposal.evidence],
    )
    db.session.add(row)
    db.session.flush()
    if proposal.decision == Decision.SAME and _mergeable(row):
        judgements.decide(row, Decision.SAME, by=None)


def _mergeable(row: Proposal) -> bool:
    """Whether the machine may merge by itself; a refused merge waits at the desk with its reason shown there."""
    left, right = row.left.product, row.right.product
    return left.id != right.id and judgements.merge_refusal(left, right) is None


def _others_sell(vendor_id: int) -> bool:
    return db.session.scalar(sa.select(Listing.id).where(Listing.vendor_id != vendor_id).limit(1)) is not None
