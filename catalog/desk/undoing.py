"""The last decision on a sheet, taken back: a key that came too fast costs another key, not a correspondence.

    remember ─► what the sheet was before, and the version that the decision left
    undo     ─► the sheet as it was, back in its queue; refused once anything has changed it since

Not here: decisions on groups (`bulk`), which are taken back together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict
from backoffice.extensions import db
from catalog import publishing
from catalog.desk import opinions, prior, words
from catalog.desk.models import LastDecision
from catalog.lifecycle import Action
from catalog.models import Listing
from catalog.switches import record


def remember(listing: Listing, action: Action, before: Mapping[str, Any], *, by: Any) -> None:
    """Keep what a decision changed of the sheet (`prior.of`), in place of the decision before it."""
    db.session.merge(
        LastDecision(
            listing_id=listing.id,
            version=listing.version,
            action=action,
            prior=dict(before),
            actor_id=getattr(by, "id", None),
            at=now(),
        )
    )


def of(listing: Listing) -> LastDecision | None:
    """Return the decision that can still be taken back, None where there is none or the sheet has changed since."""
    last = db.session.get(LastDecision, listing.id)
    return last if last is not None and last.version == listing.version else None


def undo(listing: Listing, *, by: Any) -> None:
    """Make the sheet what it was before its last decision; Conflict where it has changed since or nothing is known."""
    last = of(listing)
    if last is None:
        raise Conflict(words.nothing_to_take_back())
    status = listing.status
    prior.put_back(listing, last.prior)
    opinions.reopen(listing, since=last.at)
    if last.action == Action.ACCEPT:
        record.unaccepted(listing, since=last.at)
    audit.record("listing.undo_decision", listing, by=by, changes={"status": (status, listing.status)})
    db.session.delete(last)
    publishing.refresh([listing.product_id])
