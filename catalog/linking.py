"""Finding which listings of a vendor are products that others sell already: index → matching → proposal → merge.

Runs as jobs after an import, a batch of listings each. Promise: the index is brought up to date first, so that
another vendor's file of a minute ago is seen; what the matcher is sure of is merged and can be taken back; what it
doubts waits at the duplicates desk. Of two sheets that claim one page the likelier gets it, whichever batch each was in.
Not here: the scoring (`catalog.matching`), the merge itself (`catalog.judgements`).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import aliased, load_only

from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import judgements, tree
from catalog.harmonization import lexicons
from catalog.matching import Matcher, Record, UnreadableModel, load_shipped, propose_all
from catalog.models import Judgement, Listing, Proposal, ProposalState
from catalog.search import sync
from catalog.search.port import CandidateQuery
from catalog.sheets import Decision, MatchProposal

log = structlog.get_logger(__name__)

# Listings weighed against each other at once, neighbours by title: those that claim one product are mostly together. Of
# two real catalogues of 1,354 and 3,226 sheets, F1 is 73.2 weighed in one, in batches of 200 it is 72.1, and 68.0 where
# these are as the file has them and merged in that order.
BATCH = 4_000
CANDIDATES = 20
# Variants of one page that a sheet is compared with; the rest differ from it in more words.
VARIANTS_COMPARED = 3
# Other vendors' listings read at once; of each only the words that are compared are kept, 4 KB.
READ_AT_ONCE = 1_000
# Merges of one transaction: a second, in which other writers wait.
MERGES = 200
_Left, _Right = aliased(Listing), aliased(Listing)


@handler("catalog.link_listings")
def link_listings(vendor_id: int, import_id: int, part: int = 0) -> None:
    """Propose products for a batch of an import's listings and ask for the next; after the last one, for the merges."""
    sync.drain()
    db.session.rollback()
    # Scoring takes a minute or two: no lock is held meanwhile.
    with reading():
        ids = _part(vendor_id, import_id, part) if _others_sell(vendor_id) else []
        batch = db.session.scalars(sa.select(Listing).where(Listing.id.in_(ids)).order_by(Listing.id)).all()
        found = proposals_for(batch) if batch else []
        db.session.rollback()
    _keep_all(found)
    if len(ids) == BATCH:
        enqueue("catalog.link_listings", {"vendor_id": vendor_id, "import_id": import_id, "part": part + 1})
        return
    _plan(vendor_id, import_id).unlink(missing_ok=True)
    enqueue("catalog.merge_found", {"vendor_id": vendor_id})


def link(batch: Sequence[Listing]) -> None:
    """Propose and, where the matcher is sure, merge these listings of one vendor; raises EngineUnavailable."""
    _keep_all(proposals_for(batch))
    while len(_merge_surest(batch[0].vendor_id)) == MERGES:
        pass


def _plan(vendor_id: int, import_id: int) -> Path:
    """Return where the order in which an import's listings are weighed is kept while they are."""
    return Path(current_app.config["DATA_FOLDER"]) / "spill" / f"link-{vendor_id}-{import_id}"


def _part(vendor_id: int, import_id: int, part: int) -> Sequence[int]:
    """Return the ids of a batch, by title; the whole order is asked of the database once and kept beside it."""
    plan = _plan(vendor_id, import_id)
    if not plan.exists():
        query = sa.select(Listing.id).where(Listing.vendor_id == vendor_id, Listing.import_id == import_id)
        by_title = query.order_by(sa.func.lower(Listing.title), Listing.id).execution_options(yield_per=READ_AT_ONCE)
        plan.parent.mkdir(parents=True, exist_ok=True)
        partial = plan.with_suffix(f".{os.getpid()}")
        partial.write_bytes(array("q", db.session.scalars(by_title)).tobytes())
        partial.replace(plan)
    ids = array("q")
    with plan.open("rb") as stream:
        stream.seek(part * BATCH * ids.itemsize)
        ids.frombytes(stream.read(BATCH * ids.itemsize))
    return ids


def proposals_for(batch: Sequence[Listing]) -> list[tuple[int, MatchProposal]]:
    """Return (listing's id, proposal) of these listings of one vendor; raises EngineUnavailable."""
    asks = [_ask(listing) for listing in batch]
    found = sync.engine().candidates_many(asks, limit=CANDIDATES)
    others = _representatives(sorted({candidate.id for row in found for candidate in row}), batch[0].vendor_id)
    records = [record_of(listing) for listing in batch]
    plausible = [
        [other for one in row if one.id in others for other in _nearest(record, others[one.id])]
        for record, row in zip(records, found, strict=True)
    ]
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
        kept = (stamp, _loaded(folder) if stamp else load_shipped())
        current_app.extensions["matcher"] = kept
    return kept[1]


def _loaded(folder: Path) -> Matcher:
    """Return the learned matcher; the shipped one where a newer version of the software cannot read it."""
    try:
        return Matcher.load(folder)
    except UnreadableModel as refused:
        log.warning("learned matcher left out", reason=str(refused))
        return load_shipped()


def _ask(listing: Listing) -> CandidateQuery:
    return CandidateQuery(
        title=listing.title,
        brand=listing.brand or "",
        codes=tuple(code for code in (listing.gtin, listing.mpn) if code),
        exclude_vendor=listing.vendor_id,
        locale=listing.locale,
    )


def _representatives(product_ids: Sequence[int], vendor_id: int) -> Mapping[int, list[Record]]:
    """Return one listing of another vendor for each product, ready for comparison; of a page with variants, all of them."""
    pages: dict[int, list[Record]] = {}
    compared = load_only(Listing.product_id, Listing.values, Listing.category, Listing.locale, Listing.group_key)
    for start in range(0, len(product_ids), READ_AT_ONCE):
        ids = product_ids[start : start + READ_AT_ONCE]
        query = sa.select(Listing).options(compared).where(Listing.product_id.in_(ids), Listing.vendor_id != vendor_id)
        for listing in db.session.scalars(query.order_by(Listing.quality.desc(), Listing.id)):
            found = pages.setdefault(listing.product_id, [])
            if not found or listing.group_key is not None:
                found.append(record_of(listing))
    return pages


def _nearest(record: Record, variants: Sequence[Record]) -> Sequence[Record]:
    """Return the variants of a page that say most of what a sheet says: one of them is the sheet's own, if any is."""
    if len(variants) <= VARIANTS_COMPARED:
        return variants
    words = set(record.full_tokens)
    return sorted(variants, key=lambda other: -len(words.intersection(other.full_tokens)))[:VARIANTS_COMPARED]


def record_of(listing: Listing) -> Record:
    """Return the listing's words ready for comparison, keyed by its id."""
    values = _in_one_language(listing.values) if listing.locale != "fr" else {**listing.values}
    path = tree.current().path(listing.category, listing.locale)
    if path:
        values["category"] = path
    return Record.of(values, key=str(listing.id))


# Attributes whose values are words of a closed list that each language has.
_LISTS = {"color": "colour_list", "material": "material_list"}


@lru_cache(maxsize=1)
def _french() -> Mapping[tuple[str, str], str]:
    return {(name, row["en"]): row["fr"] for name, words in _LISTS.items() for row in lexicons.table(words)}


def _in_one_language(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an English sheet's values with those of closed lists in French: "black" and "noir" do not contradict."""
    listed = {name: values[name] for name in _LISTS if isinstance(values.get(name), list)}
    said = {name: [_french().get((name, one), one) for one in found] for name, found in listed.items()}
    return {**values, **said}


def _keep_all(found: Sequence[tuple[int, MatchProposal]]) -> None:
    """Store proposals, each pair once: one that was judged stays as it is, one that waits takes what is found now."""
    made = {_pair(listing_id, proposal): _columns(listing_id, proposal) for listing_id, proposal in found}
    known = _known({listing_id for listing_id, _ in found})
    fresh = [
        {"left_id": left, "right_id": right, **columns}
        for (left, right), columns in made.items()
        if (left, right) not in known
    ]
    if fresh:
        db.session.execute(sa.insert(Proposal), fresh)
    again = [{"id": known[pair], **columns} for pair, columns in made.items() if known.get(pair) is not None]
    if again:
        db.session.execute(sa.update(Proposal), again)


def _pair(listing_id: int, proposal: MatchProposal) -> tuple[int, int]:
    other = int(proposal.right)
    return min(listing_id, other), max(listing_id, other)


def _columns(listing_id: int, proposal: MatchProposal) -> dict[str, Any]:
    told = [asdict(evidence) for evidence in proposal.evidence]
    if listing_id > int(proposal.right):
        # The pair is kept with the older sheet on the left: its evidence speaks of the sides in that order.
        told = [one | {"left": one["right"], "right": one["left"]} for one in told]
    return {"score": proposal.score, "decision": proposal.decision, "route": proposal.route, "evidence": told}


def _known(listing_ids: Set[int]) -> dict[tuple[int, int], int | None]:
    """Return the pairs of these listings that were proposed before, with the proposal's id where nobody judged it."""
    known: dict[tuple[int, int], int | None] = {}
    ids = sorted(listing_ids)
    for start in range(0, len(ids), READ_AT_ONCE):
        some = ids[start : start + READ_AT_ONCE]
        told = sa.select(Proposal.id, Proposal.left_id, Proposal.right_id, _unjudged())
        for side in (Proposal.left_id, Proposal.right_id):
            for number, left, right, free in db.session.execute(told.where(side.in_(some))):
                known[left, right] = number if free else None
    return known


def _unjudged() -> sa.ColumnElement[bool]:
    """A pair on which neither a person nor the software has ever decided, also not one taken back."""
    return sa.and_(Proposal.state == ProposalState.PENDING, ~sa.exists().where(Judgement.proposal_id == Proposal.id))


@handler("catalog.merge_found")
def merge_found(vendor_id: int) -> None:
    """Merge what the matcher is sure of, the surest of all batches first, and ask for the next."""
    if len(_merge_surest(vendor_id)) == MERGES:
        enqueue("catalog.merge_found", {"vendor_id": vendor_id})
    else:
        enqueue("desk.weigh_pairs")


def _merge_surest(vendor_id: int) -> Sequence[Proposal]:
    """Merge the vendor's surest pairs; one whose pages may not become one waits at the desk, with the reason there."""
    query = sa.select(Proposal).join(Proposal.left.of_type(_Left)).join(Proposal.right.of_type(_Right))
    query = query.where(Proposal.decision == Decision.SAME, _unjudged())
    query = query.where(sa.or_(_Left.vendor_id == vendor_id, _Right.vendor_id == vendor_id))
    surest = db.session.scalars(query.order_by(Proposal.score.desc(), Proposal.id).limit(MERGES)).all()
    for proposal in surest:
        left, right = proposal.left.product, proposal.right.product
        if left.id == right.id or judgements.merge_refusal(left, right) is None:
            judgements.decide(proposal, Decision.SAME, by=None)
        else:
            proposal.decision, proposal.route = Decision.UNSURE, f"{proposal.route}_refused"
    db.session.flush()
    return surest


def _others_sell(vendor_id: int) -> bool:
    return db.session.scalar(sa.select(Listing.id).where(Listing.vendor_id != vendor_id).limit(1)) is not None
