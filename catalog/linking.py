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
from sqlalchemy.orm import load_only

from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import judgements, tree
from catalog.matching import Matcher, Record, load_shipped, propose_all
from catalog.models import Listing, Proposal
from catalog.search import sync
from catalog.search.port import CandidateQuery
from catalog.sheets import Decision, MatchProposal

# Listings weighed against each other: a product that two of a batch claim goes to the better one. Of two real catalogues
# of 1,354 and 3,039 sheets, F1 is 60.8 in batches of 200, and 72.3 in one.
BATCH = 4_000
CANDIDATES = 20
# Other vendors' listings read at once; of each only the words that are compared are kept, 4 KB.
READ_AT_ONCE = 1_000


@handler("catalog.link_listings")
def link_listings(vendor_id: int, import_id: int | None = None, after: int = 0) -> None:
    """Propose products for a batch of a vendor's listings and ask for the next batch."""
    sync.drain()
    db.session.rollback()
    # Scoring takes a minute or two: no lock is held meanwhile.
    with reading():
        batch = _batch(vendor_id, import_id, after)
        last, full = (batch[-1].id if batch else after), len(batch) == BATCH
        found = proposals_for(batch) if batch and _others_sell(vendor_id) else []
        db.session.rollback()
    _keep_all(found)
    if full:
        enqueue("catalog.link_listings", {"vendor_id": vendor_id, "import_id": import_id, "after": last})


def link(batch: Sequence[Listing]) -> None:
    """Propose and, where the matcher is sure, merge these listings of one vendor; raises EngineUnavailable."""
    _keep_all(proposals_for(batch))


def _batch(vendor_id: int, import_id: int | None, after: int) -> Sequence[Listing]:
    query = sa.select(Listing).where(Listing.vendor_id == vendor_id, Listing.id > after)
    if import_id is not None:
        query = query.where(Listing.import_id == import_id)
    return db.session.scalars(query.order_by(Listing.id).limit(BATCH)).all()


def proposals_for(batch: Sequence[Listing]) -> list[tuple[int, MatchProposal]]:
    """Return (listing's id, proposal) of these listings of one vendor; raises EngineUnavailable."""
    asks = [_ask(listing) for listing in batch]
    found = sync.engine().candidates_many(asks, limit=CANDIDATES)
    others = _representatives(sorted({candidate.id for row in found for candidate in row}), batch[0].vendor_id)
    records = [record_of(listing) for listing in batch]
    plausible = [[others[one.id] for one in row if one.id in others] for row in found]
    scored = propose_all(records, plausible, matcher())
    return [(listing.id, one) for listing, row in zip(batch, scored, strict=True) for one in row]


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


def _representatives(product_ids: Sequence[int], vendor_id: int) -> Mapping[int, Record]:
    """Return one listing of another vendor for each product, ready for comparison: the one that stands for the page."""
    pages: dict[int, Record] = {}
    compared = load_only(Listing.product_id, Listing.values, Listing.category, Listing.locale)
    for start in range(0, len(product_ids), READ_AT_ONCE):
        ids = product_ids[start : start + READ_AT_ONCE]
        query = sa.select(Listing).options(compared).where(Listing.product_id.in_(ids), Listing.vendor_id != vendor_id)
        for listing in db.session.scalars(query.order_by(Listing.quality.desc(), Listing.id)):
            if listing.product_id not in pages:
                pages[listing.product_id] = record_of(listing)
    return pages


def record_of(listing: Listing) -> Record:
    """Return the listing's words ready for comparison, keyed by its id."""
    values: dict[str, Any] = {**listing.values}
    path = tree.current().path(listing.category, listing.locale)
    if path:
        values["category"] = path
    return Record.of(values, key=str(listing.id))


def _keep_all(found: Sequence[tuple[int, MatchProposal]]) -> None:
    for listing_id, proposal in found:
        _keep(listing_id, int(proposal.right), proposal)


def _keep(listing_id: int, other_id: int, proposal: MatchProposal) -> None:
    """Store a proposal once; a pair that was proposed before keeps what was decided of it."""
    left, right = sorted((listing_id, other_id))
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
