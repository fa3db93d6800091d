"""Missing keywords decided, one or many together, and taken back together.

Promise: a batch adds only what needs no second look: another's trademark is passed over and said; what somebody decided
otherwise meanwhile is left alone, on the way there and on the way back. Not here: one sheet's page (`catalog.review`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from catalog import publishing, review
from catalog.gaps import trademarks, weighing, words
from catalog.gaps.models import GapBatch, OpenGap
from catalog.models import Listing
from catalog.sheets import Locale
from catalog.steering import snapshots

ACCEPTED, REFUSED, SYNONYM = "accepted", "refused", "synonym"
STATES = (ACCEPTED, REFUSED, SYNONYM)
MOST = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a batch: its row (None where nothing was decided), and (term, why) of what was passed over."""

    batch: GapBatch | None
    passed: tuple[tuple[str, str], ...] = ()


def decide(ids: Sequence[int], state: str, *, by: Any, reader: Locale, reason: str = "") -> Decided:
    """Take, refuse or settle these gaps by a synonym; one alone that may not be taken raises Invalid with why."""
    if state not in STATES or not ids:
        raise Invalid(words.choose_some())
    if state == REFUSED and not reason.strip():
        raise Invalid(words.reason_needed())
    query = sa.select(OpenGap).where(OpenGap.id.in_(list(ids)[:MOST])).options(joinedload(OpenGap.listing))
    gaps = db.session.scalars(query.order_by(OpenGap.id)).all()
    chosen, passed = [], []
    for gap in gaps:
        why = _objection(gap, state, reader, alone=len(ids) == 1)
        if why and len(ids) == 1:
            raise Invalid(why)
        if why:
            passed.append((gap.term, why))
        else:
            chosen.append(gap)
    if not chosen:
        return Decided(None, tuple(passed))
    if state == ACCEPTED:
        for term, locale in dict.fromkeys((one.term, one.listing.locale) for one in chosen[:5]):
            snapshots.before_keyword(term, "en" if locale == "en" else "fr", term)
    for gap in chosen:
        review.settle_keyword(gap.listing, gap.term, state, by=by, reason=reason.strip())
    batch = GapBatch(state=state, reason=reason.strip()[:300], author_id=by.id if by else None)
    batch.items = [[gap.listing_id, gap.term] for gap in chosen]
    db.session.add(batch)
    _renew([gap.listing for gap in chosen])
    return Decided(batch, tuple(passed))


def _objection(gap: OpenGap, state: str, reader: Locale, *, alone: bool) -> str | None:
    still = any(one["term"] == gap.term and one["state"] == "open" for one in gap.listing.keywords)
    if not still:
        return words.decided_meanwhile()
    if state == REFUSED:
        return None
    judged = trademarks.judge(gap.term, gap.kind, gap.listing.values)
    allowed = trademarks.ADDABLE if alone else trademarks.IN_A_BATCH
    return None if judged.standing in allowed else judged.why(reader)


def undo(batch: GapBatch, *, by: Any) -> int:
    """Open again what the batch decided and nobody decided otherwise since; returns how many. Twice is a Conflict."""
    if batch.undone_at is not None:
        raise Conflict(words.undone_already())
    terms: dict[int, set[str]] = {}
    for listing_id, term in batch.items:
        terms.setdefault(listing_id, set()).add(term)
    found = db.session.scalars(sa.select(Listing).where(Listing.id.in_(terms))).all()
    opened = 0
    for listing in found:
        for one in list(listing.keywords):
            if one["term"] in terms[listing.id] and one["state"] == batch.state:
                review.settle_keyword(listing, one["term"], "open", by=by)
                opened += 1
    batch.undone_at = now()
    _renew(found)
    return opened


def _renew(listings: Sequence[Listing]) -> None:
    publishing.refresh({one.product_id for one in listings})
    weighing.renew({one.id for one in listings})
