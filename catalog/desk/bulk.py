"""One decision on all sheets of a group, in turns that can be killed anywhere, and its taking back.

    begin ─► an item a sheet, with the version seen ─► job, `TURN` sheets a turn: the editor's single decision on each
          ─► decided, lighter by this doubt (it waits for another), or left with the reason
    undo  ─► job ─► each decided sheet as it was; one that changed since is kept, with the reason

Accepting a group settles its doubt alone: a sheet with another doubt goes on waiting for that one. Promise: each sheet
once, whatever is killed; a sheet in another version than was seen is left; a sheet that buyers dispute is never decided
with others. Not here: the decision on one sheet (`catalog.review`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import BackofficeError, Conflict, Invalid
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.notifications import notify
from catalog import attributes, listings, publishing, reports, review
from catalog.desk import opinions, prior, words
from catalog.desk.groups import Group, issue_of, keys
from catalog.desk.models import BulkAct, BulkDecision, BulkItem, BulkOutcome, BulkState, WaitingReason
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.review import Reason

# Sheets of one turn: half a second with the lock.
TURN = 50
# The version noted of a sheet that changed after the editor had looked: none has it, so that it is left.
UNSEEN = 0


def begin(
    group: Group, act: BulkAct, *, text: str = "", seen: int, looked_at: datetime | None = None, by: Any
) -> BulkDecision:
    """Decide on all sheets that wait for a doubt; the caller commits.

    `seen` is how many the editor was shown, and when: Conflict where there are more now, and what changed since is left.
    Invalid where words or a value are missing.
    """
    _check(group, act, text)
    count = group.count()
    if not count:
        raise Conflict(words.empty_group())
    if count > seen:
        raise Conflict(words.group_grew(count, seen))
    bulk = BulkDecision(
        act=act, code=group.code, attribute=group.attribute, vendor_id=group.vendor_id, text=text, actor_id=by.id
    )
    bulk.total = count
    db.session.add(bulk)
    db.session.flush()
    nothing = sa.literal({}, BulkItem.__table__.c.prior.type)
    version: Any = Listing.version
    if looked_at is not None:
        version = sa.case((Listing.updated_at > looked_at, UNSEEN), else_=version)
    members = sa.select(sa.literal(bulk.id), Listing.id, version, nothing, sa.literal(""))
    members = members.join(WaitingReason, WaitingReason.listing_id == Listing.id).where(*group.members())
    columns = ["bulk_id", "listing_id", "version", "prior", "note"]
    db.session.execute(sa.insert(BulkItem.__table__).from_select(columns, members, include_defaults=False))
    audit.record("bulk.decide", bulk, by=by, changes={"act": (None, act), "sheets": (None, count)}, reason=text)
    enqueue("desk.decide_group", {"bulk_id": bulk.id, "after": 0})
    return bulk


def _check(group: Group, act: BulkAct, text: str) -> None:
    if act == BulkAct.SEND_BACK and not text and not group.of_issue:
        raise Invalid(words.words_needed(), details={"text": words.words_needed()})
    if act == BulkAct.CORRECT:
        if not text or group.attribute not in attributes.EDITABLE:
            raise Invalid(words.value_needed(), details={"value": words.value_needed()})
        if group.attribute == "category":
            review.category_named(text, "fr")
        else:
            listings.read_value(group.attribute, text, "fr")
            listings.check_value(group.attribute, text, "fr")


def undo(bulk: BulkDecision, *, by: Any) -> None:
    """Start taking a finished decision back; the caller commits."""
    if bulk.state != BulkState.DONE:
        raise Conflict(words.bulk_not_over())
    bulk.state, bulk.after, bulk.done, bulk.undone_by_id = BulkState.UNDOING, 0, 0, by.id
    audit.record("bulk.undo", bulk, by=by)
    enqueue("desk.undo_group", {"bulk_id": bulk.id, "after": 0})


def counts(bulk: BulkDecision) -> dict[BulkOutcome | None, int]:
    """Return how many sheets came out how; None stands for those still to come."""
    query = sa.select(BulkItem.outcome, sa.func.count()).where(BulkItem.bulk_id == bulk.id)
    return dict(db.session.execute(query.group_by(BulkItem.outcome)).all())


@handler("desk.decide_group", max_attempts=8)
def decide_group(bulk_id: int, after: int) -> None:
    """Decide on one turn's sheets and ask for the next."""
    bulk = _locked(bulk_id)
    if bulk.state != BulkState.RUNNING or bulk.after != after:
        return
    by = db.session.get(User, bulk.actor_id)
    items = _turn(bulk)
    for item in items:
        _decide(bulk, item, by)
    if _over(bulk, items, "desk.decide_group"):
        bulk.state, bulk.finished_at = BulkState.DONE, now()
        if bulk.act == BulkAct.SEND_BACK:
            _tell(bulk)


@handler("desk.undo_group", max_attempts=8)
def undo_group(bulk_id: int, after: int) -> None:
    """Take one turn's sheets back and ask for the next."""
    bulk = _locked(bulk_id)
    if bulk.state != BulkState.UNDOING or bulk.after != after:
        return
    by = db.session.get(User, bulk.undone_by_id)
    items = _turn(bulk)
    for item in items:
        if item.outcome in (BulkOutcome.DECIDED, BulkOutcome.LIGHTER):
            _restore(bulk, item, by)
    publishing.refresh(item.listing.product_id for item in items if item.outcome == BulkOutcome.RESTORED)
    if _over(bulk, items, "desk.undo_group"):
        bulk.state = BulkState.UNDONE


def _locked(bulk_id: int) -> BulkDecision:
    return db.session.scalars(sa.select(BulkDecision).where(BulkDecision.id == bulk_id).with_for_update()).one()


def _turn(bulk: BulkDecision) -> Sequence[BulkItem]:
    within = sa.select(BulkItem).where(BulkItem.bulk_id == bulk.id, BulkItem.listing_id > bulk.after)
    items = db.session.scalars(within.order_by(BulkItem.listing_id).limit(TURN)).all()
    held = sa.select(Listing).where(Listing.id.in_([one.listing_id for one in items])).with_for_update(of=Listing)
    db.session.scalars(held.options(sa.orm.joinedload(Listing.vendor))).all()
    return items


def _over(bulk: BulkDecision, items: Sequence[BulkItem], kind: str) -> bool:
    bulk.done += len(items)
    if len(items) < TURN:
        return True
    bulk.after = items[-1].listing_id
    enqueue(kind, {"bulk_id": bulk.id, "after": bulk.after})
    return False


def _decide(bulk: BulkDecision, item: BulkItem, by: Any) -> None:
    listing, group = item.listing, Group(bulk.code, bulk.attribute)
    refusal = _refusal(listing, item, group)
    if refusal:
        item.outcome, item.note = BulkOutcome.LEFT, refusal
        return
    item.prior = prior.of(listing)
    try:
        with db.session.begin_nested():
            _ACTS[bulk.act](bulk, listing, by)
    except BackofficeError as refused:
        item.outcome, item.note, item.prior = BulkOutcome.LEFT, refused.message[:500], {}
        return
    item.version = listing.version
    waits = listing.status == ListingStatus.TO_REVIEW
    item.outcome = BulkOutcome.LIGHTER if waits else BulkOutcome.DECIDED
    if not waits:
        opinions.answer(listing, Action.SEND_BACK if bulk.act == BulkAct.SEND_BACK else Action.ACCEPT, by=by)


def _refusal(listing: Listing, item: BulkItem, group: Group) -> str | None:
    if listing.version != item.version:
        return words.CHANGED_SINCE
    if listing.status != ListingStatus.TO_REVIEW or not keys(listing, group):
        return words.NO_LONGER_WAITS
    return words.DISPUTED if listing.flags else None


def _accept(bulk: BulkDecision, listing: Listing, by: Any) -> None:
    """Settle the group's doubt; the sheet is accepted where that was the last one."""
    listing.dismissed = sorted({*listing.dismissed, *keys(listing, Group(bulk.code, bulk.attribute))})
    left = listings.doubts_of(listing)
    if not left:
        review.accept(listing, by=by, reason=words.bulk_reason(bulk.id), seen=False)
        return
    listing.priority = len(left) * listings.ROUTINE_PRIORITY
    listing.version += 1
    listing.updated_at = now()
    audit.record("listing.bulk_settle", listing, by=by, reason=words.bulk_reason(bulk.id))


def _send_back(bulk: BulkDecision, listing: Listing, by: Any) -> None:
    issue = issue_of(listing, Group(bulk.code, bulk.attribute))
    said = bulk.text or (reports.words(issue, listing.vendor.locale) if issue else "")
    review.send_back(listing, [Reason(bulk.attribute, said, bulk.code if issue else "")], by=by, tell=False)


def _correct(bulk: BulkDecision, listing: Listing, by: Any) -> None:
    """Put the value in place; the doubt about the one before is settled with it."""
    review.correct(listing, bulk.attribute, bulk.text, by=by)
    _accept(bulk, listing, by)


_ACTS = {BulkAct.ACCEPT: _accept, BulkAct.SEND_BACK: _send_back, BulkAct.CORRECT: _correct}


def _tell(bulk: BulkDecision) -> None:
    """Tell each vendor once how many of its sheets came back."""
    decided = sa.select(Listing.vendor_id).join(BulkItem, BulkItem.listing_id == Listing.id)
    decided = decided.where(BulkItem.bulk_id == bulk.id, BulkItem.outcome == BulkOutcome.DECIDED)
    sheets = Counter(db.session.scalars(decided))
    for user in db.session.scalars(sa.select(User).where(User.vendor_id.in_(sheets), User.active)):
        reason = bulk.text or Group(bulk.code, bulk.attribute).name("fr" if user.locale == "fr" else "en")
        address = f"/sheets?status={ListingStatus.CHANGES_REQUESTED.value}"
        notify(user, "sheets_sent_back", url=address, count=sheets[user.vendor_id or 0], reason=reason)


def _restore(bulk: BulkDecision, item: BulkItem, by: Any) -> None:
    """Give a sheet back what the decision changed of it; one that changed since is kept."""
    listing = item.listing
    if listing.version != item.version:
        item.outcome, item.note = BulkOutcome.KEPT, words.CHANGED_SINCE
        return
    prior.put_back(listing, item.prior)
    opinions.reopen(listing, since=bulk.created_at)
    item.outcome = BulkOutcome.RESTORED
    audit.record("listing.bulk_undo", listing, by=by, reason=words.bulk_reason(bulk.id))
