"""How right the machine is: one of its decisions drawn at random, an editor's verdict on it, without end.

The draw is the same until the verdict is given, so that nobody passes over what is hard to judge; reading it writes
nothing. Promise: every decision of the machine that still stands has the same chance, whatever came between the ids; one
that was judged is not drawn again. Not here: what was wrong being put right (the desks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict
from backoffice.extensions import db
from catalog.desk import words
from catalog.desk.models import MergeAudit, SheetAudit
from catalog.lifecycle import ListingStatus
from catalog.models import Judgement, Listing
from catalog.sheets import Decision
from catalog.switches.intervals import wilson

# Days whose verdicts make the figure: longer, and it would speak of a machine that has learned since.
PERIOD = timedelta(days=90)
# Ids tried at once. Where one in fifty stands, a draw misses once in two million.
TRIES = 700


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the machine's decisions were judged, and how many were right."""

    seen: int
    right: int

    @property
    def share(self) -> float | None:
        """The share that was right; None where none was judged."""
        return self.right / self.seen if self.seen else None

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds between which the machine's precision lies, 95 % certain."""
        return wilson(self.right, self.seen)


def of_sheets() -> Precision:
    """Return how right the machine was on the sheets that it accepted."""
    return _precision(SheetAudit.at, SheetAudit.right)


def of_merges() -> Precision:
    """Return how right the machine was on the pages that it merged."""
    return _precision(MergeAudit.at, MergeAudit.right)


def _precision(at: Any, right: Any) -> Precision:
    counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(right, sa.Integer)), 0))
    seen, good = db.session.execute(counted.where(at >= now() - PERIOD)).one()
    return Precision(seen, int(good))


def draw_sheet(user_id: int) -> int | None:
    """Return the id of a sheet that the machine accepted and nobody has judged, None where there is none."""
    judged = sa.exists().where(SheetAudit.listing_id == Listing.id, SheetAudit.version == Listing.version)
    query = sa.select(Listing.id).where(Listing.automatic, Listing.status == ListingStatus.PUBLISHED, ~judged)
    return _draw(query, Listing.id, user_id, SheetAudit)


def draw_merge(user_id: int) -> int | None:
    """Return the id of a judgement by which the machine merged two pages and nobody has judged."""
    judged = sa.exists().where(MergeAudit.judgement_id == Judgement.id)
    query = sa.select(Judgement.id).where(
        Judgement.judge_id.is_(None),
        Judgement.decision == Decision.SAME,
        Judgement.merged_product_id.is_not(None),
        Judgement.undone_at.is_(None),
        ~judged,
    )
    return _draw(query, Judgement.id, user_id, MergeAudit)


def _draw(query: sa.Select[Any], key: Any, user_id: int, kept: Any) -> int | None:
    """Draw ids until one stands: what came between the ids makes no difference. Few among many are drawn from a list."""
    low, high, given = db.session.execute(
        sa.select(
            sa.select(sa.func.min(key)).scalar_subquery(),
            sa.select(sa.func.max(key)).scalar_subquery(),
            sa.select(sa.func.count()).select_from(kept).where(kept.auditor_id == user_id).scalar_subquery(),
        )
    ).one()
    if low is None:
        return None
    chance = Random(f"{user_id}:{given}")  # noqa: S311  (a sample, no secret)
    drawn = [chance.randint(low, high) for _ in range(TRIES)]
    standing = set(db.session.scalars(query.where(key.in_(set(drawn)))))
    found = next((one for one in drawn if one in standing), None)
    if found is not None:
        return found
    few = db.session.scalars(query.order_by(key).limit(TRIES)).all()
    return chance.choice(few) if few else None


def judge_sheet(listing: Listing, *, right: bool, attribute: str = "", by: Any) -> SheetAudit:
    """Keep an editor's verdict on a sheet that the machine accepted; raises Conflict where that was judged before."""
    same = sa.select(SheetAudit.id).where(SheetAudit.listing_id == listing.id, SheetAudit.version == listing.version)
    if not listing.automatic or db.session.scalar(same) is not None:
        raise Conflict(words.judged_already())
    kept = SheetAudit(
        listing_id=listing.id, auditor_id=by.id, version=listing.version, right=right, attribute=attribute
    )
    db.session.add(kept)
    verb = "listing.audit_right" if right else "listing.audit_wrong"
    audit.record(verb, listing, by=by, reason=attribute)
    return kept


def judge_merge(judgement: Judgement, *, right: bool, by: Any) -> MergeAudit:
    """Keep an editor's verdict on a merge that the machine made; raises Conflict where that was judged before."""
    if judgement.judge_id is not None or db.session.get(MergeAudit, judgement.id) is not None:
        raise Conflict(words.judged_already())
    kept = MergeAudit(judgement_id=judgement.id, auditor_id=by.id, right=right)
    db.session.add(kept)
    audit.record("match.audit_right" if right else "match.audit_wrong", judgement.proposal, by=by)
    return kept
