"""What a switch would change: a sample of its sheets made with the rule and without, before anything is kept.

Promise: the same sheets are taken each time, spread over the whole scope; corrected values do not count, since they
stay. Not here: keeping the switch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import lifecycle, workshop
from catalog.assembly import MadeSheet, plain
from catalog.models import Listing
from catalog.switches.comparing import differing, told
from catalog.switches.intervals import wilson
from catalog.switches.making import by_vendor, made_again
from catalog.switches.scopes import Scope, off_for

# Sheets made twice for a preview: 0.6 s at a million sheets, and a share of 30 % is told to within four points.
SAMPLE = 500
# Vendors in a sample: each has a workshop of its own, a tenth of a second to put together.
VENDORS = 8
EXAMPLES = 12
# Sheets are spread by this multiplier, so that variants, which follow one another, are not all taken or all left.
_SPREAD = 7919


@dataclass(frozen=True, slots=True)
class Example:
    """One value that would change, on one sheet."""

    listing_id: int
    title: str
    attribute: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """What was seen: sheets in scope, looked at and changed, values changed by attribute, sheets blocked or freed."""

    in_scope: int
    looked_at: int
    changed: int
    values: Mapping[str, int]
    examples: Sequence[Example]
    blocked: int
    freed: int

    @property
    def share(self) -> float:
        """The share of the sheets looked at that would change."""
        return self.changed / self.looked_at if self.looked_at else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of that share in the whole scope."""
        return (self.share, self.share) if self.looked_at >= self.in_scope else wilson(self.changed, self.looked_at)


def of(scope: Scope, *, lifting: int | None = None) -> Effect:
    """Return what switching this off would change; with `lifting`, what it would to lift that switch."""
    in_scope, batch = _sample(scope)
    pairs: list[tuple[Listing, MadeSheet, MadeSheet]] = []
    for (vendor, locale), sheets in by_vendor(batch).items():
        shop = workshop.of_vendor(vendor, locale)
        off = off_for(vendor, without=lifting)
        changed = shop.without(off if lifting else scope.added_to(off))
        pairs += zip(sheets, made_again(sheets, shop), made_again(sheets, changed), strict=True)
    return _effect(in_scope, pairs)


def _sample(scope: Scope) -> tuple[int, Sequence[Listing]]:
    conditions = scope.sheets()
    in_scope = db.session.scalar(sa.select(sa.func.count(Listing.id)).where(*conditions)) or 0
    step = max(1, in_scope // SAMPLE)
    spread = sa.select(Listing.id).where(*conditions, (Listing.id * _SPREAD) % step == 0).limit(SAMPLE)
    ids = db.session.scalars(spread).all()
    vendors = db.session.execute(
        sa.select(Listing.vendor_id, sa.func.count()).where(Listing.id.in_(ids)).group_by(Listing.vendor_id)
    ).all()
    most = sorted(vendors, key=lambda row: (-row[1], row[0]))[:VENDORS]
    taken = sa.select(Listing).where(Listing.id.in_(ids), Listing.vendor_id.in_([row[0] for row in most]))
    return in_scope, db.session.scalars(taken.order_by(Listing.id)).all()


def _effect(in_scope: int, pairs: Sequence[tuple[Listing, MadeSheet, MadeSheet]]) -> Effect:
    values: Counter[str] = Counter()
    examples: list[Example] = []
    changed = blocked = freed = 0
    for listing, now, then in pairs:
        found = differing(now.sheet.values, then.sheet.values)
        values.update(name for name, _before, _after in found)
        issues, would = plain(now.issues), plain(then.issues)
        changed += bool(found) or now.category != then.category or told(issues) != told(would)
        stops, would_stop = bool(lifecycle.blocking(issues)), bool(lifecycle.blocking(would))
        blocked += would_stop and not stops
        freed += stops and not would_stop
        examples += [Example(listing.id, listing.title or listing.sku, *one) for one in found[:2]]
    return Effect(in_scope, len(pairs), changed, dict(values.most_common()), examples[:EXAMPLES], blocked, freed)
