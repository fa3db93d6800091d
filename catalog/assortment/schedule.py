"""Sheets withdrawn or restored at a time that a person set: a row until it is due, then the act of the sheet's table.

Promise: each plan is carried out once, by the same verb as a button; one that is no longer possible says why and alters
nothing. Not here: what the acts do (`catalog.publishing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import lifecycle, listings, publishing
from catalog.assortment.models import PlannedAct
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing

PLANNABLE = (Action.WITHDRAW, Action.RESTORE)
# Acts of one turn: a second, in which other writers wait.
BATCH = 200
LATEST = timedelta(days=2 * 365)


def plan(listing: Listing, action: Action, due_at: datetime, *, by: Any) -> PlannedAct:
    """Note that a sheet is to be withdrawn or restored at a time to come; raises Invalid for another act or time."""
    if action not in PLANNABLE:
        raise Invalid(_("Only withdrawing and restoring can be planned."))
    if not now() < due_at <= now() + LATEST:
        raise Invalid(_("Give a time to come, within two years."), details={"due_at": due_at.isoformat()})
    planned = PlannedAct(listing_id=listing.id, action=action, due_at=due_at, planned_by_id=by.id if by else None)
    db.session.add(planned)
    audit.record("listing.plan", listing, by=by, changes={str(action): (None, due_at.isoformat())})
    return planned


def cancel(planned: PlannedAct, *, by: Any) -> None:
    """Take a plan back; raises IllegalMove for one that was carried out."""
    if planned.done_at is not None:
        raise IllegalMove(_("This plan was carried out already."), legal=[])
    audit.record(
        "listing.unplan", planned.listing, by=by, changes={str(planned.action): (planned.due_at.isoformat(), None)}
    )
    db.session.delete(planned)


def plans_of(listing: Listing) -> Sequence[PlannedAct]:
    """Return what is still planned for a sheet, the nearest first."""
    waiting = sa.select(PlannedAct).where(PlannedAct.listing_id == listing.id, PlannedAct.done_at.is_(None))
    return db.session.scalars(waiting.order_by(PlannedAct.due_at, PlannedAct.id)).all()


@handler("catalog.keep_plans", every=timedelta(minutes=1))
def keep_plans() -> None:
    """Carry out the plans that are due, oldest first; more than a batch of them go on in a further job."""
    due = sa.select(PlannedAct).where(PlannedAct.done_at.is_(None), PlannedAct.due_at <= now())
    batch = db.session.scalars(due.order_by(PlannedAct.due_at, PlannedAct.id).limit(BATCH)).all()
    for planned in batch:
        planned.done_at = now()
        try:
            _carry_out(planned)
        except IllegalMove as refusal:
            planned.refusal = str(refusal)[:300]
            audit.record("listing.plan_refused", planned.listing, by=None, reason=planned.refusal)
    publishing.refresh(planned.listing.product_id for planned in batch)
    if len(batch) == BATCH:
        enqueue("catalog.keep_plans")


def _carry_out(planned: PlannedAct) -> None:
    listing = planned.listing
    publishing.move(listing, planned.action, by=planned.planned_by, reason=_("as planned"))
    sound = not lifecycle.blocking(listing.issues) and not listings.doubts_of(listing)
    if planned.action == Action.RESTORE and listing.status == ListingStatus.TO_REVIEW and sound:
        # It was shown before and nothing is doubtful since: a restored sheet need not queue for an editor.
        publishing.move(listing, Action.ACCEPT, by=planned.planned_by, reason=_("as planned"))
