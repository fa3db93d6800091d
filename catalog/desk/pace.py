"""An editor's own pace and agreement with colleagues, shown to that editor alone.

Promise: nobody reads another's figures; there is no page, export or argument that would give them. Not here: what the
house measures of its machine (`sampling`), which names nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa

from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.extensions import db
from catalog.desk import opinions
from catalog.desk.models import BulkDecision

DAYS = 14
# Acts by which a sheet or a pair leaves the desk.
DECISIONS = ("listing.accept", "listing.send_back", "listing.reject", "match.same", "match.different")
# Two decisions further apart than this had a pause between them.
PAUSE = timedelta(minutes=5)
# Acts looked at: a very long fortnight.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How an editor did in the last days."""

    # (day, decisions), the oldest first, days without one among them.
    days: Sequence[tuple[date, int]]
    # Seconds between two decisions without a pause between them; None where there were no two.
    seconds: float | None
    # Answered questions between colleagues in which the editor had part: those that agreed, and all.
    alike: int
    asked: int

    @property
    def decided(self) -> int:
        """All decisions of these days."""
        return sum(count for _day, count in self.days)


def of(user: Any) -> Pace:
    """Return an editor's own figures."""
    query = sa.select(AuditEvent.at).where(
        AuditEvent.actor_id == user.id, AuditEvent.verb.in_(DECISIONS), AuditEvent.at >= now() - timedelta(days=DAYS)
    )
    moments = _one_a_group(user, db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(MOST)))
    counted = Counter(moment.date() for moment in moments)
    today = now().date()
    days = [(day, counted[day]) for day in (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))]
    alike, asked = opinions.agreement(user.id)
    return Pace(days, _between(moments), alike, asked)


def _one_a_group(user: Any, moments: Iterable[datetime]) -> list[datetime]:
    """Return when the editor decided, in order: a decision on a group once, not for each of its sheets."""
    groups = sa.select(BulkDecision.created_at, BulkDecision.finished_at).where(
        BulkDecision.actor_id == user.id, BulkDecision.created_at >= now() - timedelta(days=DAYS)
    )
    spans = [(begun, ended or now()) for begun, ended in db.session.execute(groups)]
    alone = (one for one in moments if not any(begun <= one <= ended for begun, ended in spans))
    return sorted([*alone, *(begun for begun, _ended in spans)])


def _between(moments: Sequence[datetime]) -> float | None:
    gaps = [later - earlier for earlier, later in pairwise(moments) if later - earlier < PAUSE]
    # Nobody reads a sheet in less than a second.
    seconds = [gap.total_seconds() for gap in gaps if gap.total_seconds() >= 1]
    return median(seconds) if seconds else None
