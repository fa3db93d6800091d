"""The dictionary of all vendors' decisions: kept with each version, counted for the next vendor, nobody named.

Promise: a decision counts once a vendor, as its newest version has it; no word of a vendor is shown to another, only
how many decided alike on a word that this one has too, from `ENOUGH` vendors on. Not here: what is made of the counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.mapping.verbs import Rule, key_of
from catalog.rulebook.models import MappingDecision

# Of one other vendor alone, a count would say what that vendor does.
ENOUGH = 2
COLUMN = "column"
LONGEST = 200
# Headers of all vendors together that are looked through for a proposal: 0.02 s.
MOST_HEADERS = 20_000
# Words asked for in one statement.
ASKED_AT_ONCE = 500

Votes = dict[str, dict[str, int]]


def keep(vendor_id: int, columns: Mapping[str, str | None], rules: Iterable[Rule]) -> None:
    """Put a version's decisions in place of the vendor's earlier ones, within the caller's transaction."""
    db.session.execute(sa.delete(MappingDecision).where(MappingDecision.vendor_id == vendor_id))
    rows = {
        (topic, key): {"vendor_id": vendor_id, "topic": topic, "key": key, "value": value}
        for topic, key, value in _decided(columns, rules)
        if key and len(key) <= LONGEST and len(value) <= LONGEST
    }
    if rows:
        db.session.execute(sa.insert(MappingDecision), list(rows.values()))


def _decided(columns: Mapping[str, str | None], rules: Iterable[Rule]) -> Iterator[tuple[str, str, str]]:
    for header, attribute in columns.items():
        if attribute:
            yield COLUMN, header, attribute
    for rule in rules:
        if rule.verb == "lookup":
            yield from ((rule.target, key_of(left), right) for left, right in reversed(rule.pairs))


def headers(but_vendor: int) -> Votes:
    """Return how many other vendors decided each attribute for a header: header → attribute → vendors."""
    query = _votes(but_vendor).where(MappingDecision.topic == COLUMN)
    return _gathered(query.order_by(sa.func.count().desc()).limit(MOST_HEADERS))


def votes(topic: str, keys: Iterable[str], but_vendor: int) -> Votes:
    """Return how many other vendors decided each value for these words: key → value → vendors."""
    wanted, found = sorted(set(keys)), Votes()
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        found |= _gathered(
            _votes(but_vendor).where(MappingDecision.topic == topic, MappingDecision.key.in_(some)), enough=ENOUGH
        )
    return found


def _votes(but_vendor: int) -> sa.Select[Any]:
    said = (MappingDecision.key, MappingDecision.value)
    return sa.select(*said, sa.func.count()).where(MappingDecision.vendor_id != but_vendor).group_by(*said)


def _gathered(query: sa.Select[Any], enough: int = 1) -> Votes:
    found = Votes()
    for key, value, vendors in db.session.execute(query):
        found.setdefault(key, {})[value] = vendors
    return {key: counts for key, counts in found.items() if sum(counts.values()) >= enough}
