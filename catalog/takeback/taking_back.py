"""Taking an import back, in turns that can be killed anywhere: each listing is what it was before, or is told.

Promise: a trace is worked on once, in the transaction that marks it; a listing that was changed since is left alone,
with the reason. Not here: what is kept (`traces.py`), the page (`catalog.views.taking_back`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.database import reading
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.notifications import notify
from backoffice.orders.models import Order, OrderLine
from backoffice.vendors.lifecycle import can_sell
from catalog import assembly, grouping, keywords, listings, publishing, uploads, workshop
from catalog.columns import columns_of
from catalog.lifecycle import ListingStatus, blocking
from catalog.models import Import, ImportStatus, Judgement, Listing, Product, Proposal
from catalog.sheets import MappedSheet
from catalog.takeback import words
from catalog.takeback.traces import Trace, TraceAct, TraceOutcome, patched

# Listings of one turn: half a second of making sheets without the lock, a tenth of writing with it.
TURN = 200
OVER = (ImportStatus.DONE, ImportStatus.CANCELLED)


def refusal(run: Import) -> str | None:
    """Return why this import cannot be taken back, None where it can."""
    if run.status not in OVER:
        return words.not_over()
    if run.taking_back_at is not None:
        return words.already_taken_back()
    return None if _left(run.id) else words.nothing_to_take_back()


def _left(import_id: int) -> bool:
    some = sa.select(Trace.listing_id).where(Trace.import_id == import_id, Trace.outcome.is_(None))
    return db.session.scalar(some.limit(1)) is not None


def begin(run: Import, *, by: Any) -> None:
    """Start taking the import back; the caller commits. Raises Conflict with the reason where it cannot be."""
    reason = refusal(run)
    if reason is not None:
        raise Conflict(reason)
    run.taking_back_at = now()
    audit.record("import.take_back", run, by=by)
    enqueue("catalog.take_back", {"import_id": run.id, "user_id": getattr(by, "id", None)})


def counts(run: Import) -> dict[TraceOutcome | None, int]:
    """Return how many listings came out how; None stands for those still to come."""
    query = sa.select(Trace.outcome, sa.func.count()).where(Trace.import_id == run.id).group_by(Trace.outcome)
    return dict(db.session.execute(query).all())


@handler("catalog.take_back", max_attempts=8)
def take_back(import_id: int, user_id: int | None = None) -> None:
    """Take a turn's listings back and ask for the next turn, or end."""
    with reading():
        made = _made(_turn(import_id))
        db.session.rollback()
    run = db.session.get_one(Import, import_id)
    traces = _turn(import_id)
    if not traces:
        _end(run, user_id)
        return
    found = {one.id: one for one in _listings(traces)}
    standing = {trace.listing_id: _standing(trace, found.get(trace.listing_id)) for trace in traces}
    used = _in_use([one for one in standing.values() if one is not None])
    may_sell, touched = can_sell(run.vendor), list[int]()
    for trace in traces:
        listing = standing[trace.listing_id]
        if listing is not None:
            touched.append(listing.product_id)
            _ACTS[trace.act](trace, listing, made.get(listing.id, {}), used=listing.id in used, may_sell=may_sell)
    db.session.flush()
    grouping.follow([one for one in standing.values() if one is not None and one.id in made])
    publishing.refresh(touched)
    enqueue("catalog.take_back", {"import_id": import_id, "user_id": user_id})


def _turn(import_id: int) -> Sequence[Trace]:
    query = sa.select(Trace).where(Trace.import_id == import_id, Trace.outcome.is_(None))
    return db.session.scalars(query.order_by(Trace.listing_id).limit(TURN)).all()


def _listings(traces: Iterable[Trace]) -> Sequence[Listing]:
    ids = [trace.listing_id for trace in traces]
    return db.session.scalars(sa.select(Listing).where(Listing.id.in_(ids)).with_for_update()).all()


def _made(traces: Sequence[Trace]) -> dict[int, dict[str, Any]]:
    """Return the columns of the changed listings with their earlier words, made in a batch where nothing was decided."""
    changed = {trace.listing_id: trace for trace in traces if trace.act == TraceAct.CHANGED}
    query = sa.select(Listing).where(Listing.id.in_(changed))
    batches: dict[tuple[int, str], list[tuple[Listing, MappedSheet]]] = {}
    made: dict[int, dict[str, Any]] = {}
    for listing in db.session.scalars(query):
        trace = changed[listing.id]
        sheet = _earlier(listing, trace.prior or {})
        if listing.version != trace.version:
            continue
        if listing.corrections or listing.undone:
            again = listings.remake_of(listing, sheet, corrections=listing.corrections, undone=listing.undone)
            made[listing.id] = columns_of(again)
        else:
            batches.setdefault((listing.vendor_id, listing.locale), []).append((listing, sheet))
    for (vendor_id, locale), pairs in batches.items():
        sheets = assembly.make([sheet for _listing, sheet in pairs], workshop.of_vendor(vendor_id, locale))
        made |= {listing.id: columns_of(one) for (listing, _sheet), one in zip(pairs, sheets, strict=True)}
    return made


def _earlier(listing: Listing, prior: Mapping[str, Any]) -> MappedSheet:
    mapped, sources = (
        patched(listing.mapped, prior.get("mapped", {})),
        patched(listing.sources, prior.get("sources", {})),
    )
    return MappedSheet(prior.get("row", listing.row), mapped, sources)


def _standing(trace: Trace, listing: Listing | None) -> Listing | None:
    """Return the listing where it is still as the import left it; else mark the trace with the reason."""
    if listing is not None and listing.version == trace.version:
        return listing
    trace.outcome = TraceOutcome.KEPT
    trace.note = "gone" if listing is None else "editor" if listing.import_id == trace.import_id else "import"
    if listing is not None and trace.act == TraceAct.WITHDRAWN:
        trace.note = "editor"
    return None


def _in_use(standing: Sequence[Listing]) -> set[int]:
    """Return the ids of listings that something stands on without a foreign key: an order, a decision on a pair."""
    ids = [listing.id for listing in standing]
    skus = {(listing.vendor_id, listing.sku): listing.id for listing in standing}
    used: set[int] = set()
    ordered = sa.select(Order.vendor_id, OrderLine.sku).join(Order, OrderLine.order_id == Order.id)
    ordered = ordered.where(OrderLine.sku.in_([sku for _vendor, sku in skus]))
    used |= {skus[vendor, sku] for vendor, sku in db.session.execute(ordered) if (vendor, sku) in skus}
    judged = sa.select(Judgement.proposal_id)
    for side in (Proposal.left_id, Proposal.right_id):
        used |= set(db.session.scalars(sa.select(side).where(side.in_(ids), Proposal.id.in_(judged))))
    return used


def _remove(trace: Trace, listing: Listing, _made: Mapping[str, Any], *, used: bool, may_sell: bool) -> None:
    """Delete what the import made; withdraw it where something stands on it."""
    if used or not _deleted(listing):
        trace.outcome = TraceOutcome.WITHDRAWN
        listing.status = ListingStatus.WITHDRAWN
        # The same file sent again has it shown again.
        listing.content_hash = ""
        _moved(trace, listing, {})
        return
    trace.outcome, trace.note = TraceOutcome.REMOVED, (listing.title or listing.sku)[:200]


def _deleted(listing: Listing) -> bool:
    """Delete a listing with its undecided pairs and its page; returns whether nothing stood against it.

    A page to which others forward, or that a decision names, is held by its foreign keys.
    """
    number, page = listing.id, listing.product_id
    try:
        with db.session.begin_nested():
            pairs = sa.or_(Proposal.left_id == number, Proposal.right_id == number)
            db.session.execute(sa.delete(Proposal).where(pairs))
            db.session.execute(sa.delete(Listing).where(Listing.id == number))
            # The page of variants stays as long as one of them does.
            left = sa.exists().where(Listing.product_id == page)
            db.session.execute(sa.delete(Product).where(Product.id == page, ~left))
    except sa.exc.IntegrityError:
        return False
    return True


def _restore(trace: Trace, listing: Listing, made: Mapping[str, Any], *, used: bool, may_sell: bool) -> None:
    """Give a changed listing its earlier words again."""
    prior = trace.prior or {}
    decided = listing.keywords
    for name, value in made.items():
        setattr(listing, name, value)
    listing.keywords = keywords.carried(decided, listing.keywords)
    trace.outcome = TraceOutcome.RESTORED
    _moved(trace, listing, prior)
    _restate(listing, ListingStatus(prior["status"]), may_sell=may_sell)


def _show(trace: Trace, listing: Listing, _made: Mapping[str, Any], *, used: bool, may_sell: bool) -> None:
    """Put a withdrawn listing where it was."""
    prior = trace.prior or {}
    trace.outcome = TraceOutcome.RESTORED
    _moved(trace, listing, prior)
    _restate(listing, ListingStatus(prior["status"]), may_sell=may_sell)


def _restate(listing: Listing, status: ListingStatus, *, may_sell: bool) -> None:
    """Give the earlier state back as far as it may be now: what is blocked, or whose vendor left, is not shown."""
    shown = (ListingStatus.PENDING, ListingStatus.PUBLISHED)
    if status in shown:
        status = ListingStatus.PUBLISHED if may_sell else ListingStatus.PENDING
    listing.status = ListingStatus.CHANGES_REQUESTED if status in shown and blocking(listing.issues) else status


def _moved(trace: Trace, listing: Listing, prior: Mapping[str, Any]) -> None:
    """Raise the version, and let the import before this one know it, so that it too can be taken back."""
    for name in ("content_hash", "import_id", "row", "priority", "locale"):
        if name in prior:
            setattr(listing, name, prior[name])
    listing.version += 1
    listing.updated_at = now()
    earlier = sa.update(Trace).where(
        Trace.listing_id == listing.id, Trace.outcome.is_(None), Trace.version == prior.get("version", 0)
    )
    db.session.execute(earlier.values(version=listing.version), execution_options={"synchronize_session": False})


_ACTS = {TraceAct.CREATED: _remove, TraceAct.CHANGED: _restore, TraceAct.WITHDRAWN: _show}


def _end(run: Import, user_id: int | None) -> None:
    if run.taken_back_at is not None:
        return
    run.taken_back_at = now()
    found = counts(run)
    figures = {str(outcome): (None, number) for outcome, number in found.items() if outcome is not None}
    audit.record("import.taken_back", run, changes=figures)
    kept = found.get(TraceOutcome.KEPT, 0)
    done = sum(found.values()) - kept
    for user in uploads.told(run):
        notify(user, "import_taken_back", url=f"/imports/{run.id}/taken-back", file=run.file.name, done=done, kept=kept)
