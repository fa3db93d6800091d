"""How each rule did: changes it made in sheets that came in, those an editor saw, those taken back, and how sure that is.

Promise: a change is seen when an editor accepts its sheet or takes the change back, and counts once with the last word
on it; reading the figures of all rules is one pass over an index. Not here: changes nobody looked at; of them nothing is
claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.clock import now
from backoffice.extensions import db
from catalog.models import Listing
from catalog.switches.intervals import wilson
from catalog.switches.models import RuleDay, RuleVerdict

# Days that the figures may look back on.
PERIODS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a rule did in a period."""

    applied: int = 0
    seen: int = 0
    undone: int = 0

    @property
    def precision(self) -> float | None:
        """The share of the changes seen that were left as they are; None where none was seen."""
        return 1 - self.undone / self.seen if self.seen else None

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the precision, 95 % certain."""
        return wilson(self.seen - self.undone, self.seen)


def figures(days: int) -> dict[str, Figures]:
    """Return how every rule did in the last days."""
    since = _day(days)
    applied = dict(
        db.session.execute(
            sa.select(RuleDay.rule, sa.func.sum(RuleDay.applied)).where(RuleDay.day >= since).group_by(RuleDay.rule)
        ).all()
    )
    said = sa.select(RuleVerdict.rule, sa.func.count(), sa.func.sum(sa.cast(RuleVerdict.undone, sa.Integer)))
    judged = {
        rule: (seen, undone)
        for rule, seen, undone in db.session.execute(said.where(RuleVerdict.day >= since).group_by(RuleVerdict.rule))
    }
    return {
        rule: Figures(int(applied.get(rule, 0)), *map(int, judged.get(rule, (0, 0)))) for rule in {*applied, *judged}
    }


def _day(days_ago: int = 0) -> str:
    return (now() - timedelta(days=days_ago)).date().isoformat()


def accepted(listing: Listing) -> None:
    """Note that an editor accepted a sheet and saw its changes; those taken back earlier keep that word."""
    pairs = {(change["rule"], change["attribute"]) for change in listing.changes}
    _say(listing, sorted(pairs), undone=False)


def unaccepted(listing: Listing, *, since: datetime) -> None:
    """Forget what an accept of this day said of the rules, since that accept was taken back."""
    said = (
        RuleVerdict.listing_id == listing.id,
        RuleVerdict.undone.is_(False),
        RuleVerdict.day >= since.date().isoformat(),
    )
    db.session.execute(sa.delete(RuleVerdict).where(*said))


def judged(listing: Listing, rule: str, attribute: str, *, undone: bool) -> None:
    """Note that an editor took a change back, or put it back."""
    _say(listing, [(rule, attribute)], undone=undone)


def _say(listing: Listing, pairs: Iterable[tuple[str, str]], *, undone: bool) -> None:
    day = _day()
    rows = [
        {"listing_id": listing.id, "rule": rule, "attribute": attribute, "day": day, "undone": undone}
        for rule, attribute in pairs
    ]
    if rows:
        adding = _insert(RuleVerdict).values(rows)
        keys = ["listing_id", "rule", "attribute"]
        latest = {"day": adding.excluded.day, "undone": adding.excluded.undone}
        db.session.execute(adding.on_conflict_do_update(index_elements=keys, set_=latest))


def count_applied(made: Iterable[Mapping[str, Any]]) -> None:
    """Count the changes of sheets that came in, by rule, on today's rows."""
    counts = Counter(change["rule"] for columns in made for change in columns["changes"])
    if not counts:
        return
    # In one order for every worker, so that two of them never wait for each other's rows.
    rows = [{"rule": rule, "day": _day(), "applied": count} for rule, count in sorted(counts.items())]
    adding = _insert(RuleDay).values(rows)
    more = {"applied": RuleDay.applied + adding.excluded.applied}
    db.session.execute(adding.on_conflict_do_update(index_elements=["rule", "day"], set_=more))


def _insert(model: Any) -> Any:
    return {"sqlite": sqlite, "postgresql": postgresql}[db.engine.dialect.name].insert(model)
