"""A change of the steering tried on real queries: their first ten before and after, with what moved, came and went.

Promise: nothing is saved by looking; the queries are those that customers asked, the most asked and those that hold the
words of the change. Not here: keeping what changed (`snapshots`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from catalog import demand, searching
from catalog.models import SearchCount
from catalog.search.port import Results
from catalog.search.queries import Query, roots_of
from catalog.sheets import Locale
from catalog.steering.active import Steering
from catalog.text import fold

FIRST = 10
# Each query is two searches of a few milliseconds; a page of sixteen answers in a fifth of a second.
MOST_ASKED = 4
HOLDING = 12


class Mark(StrEnum):
    """What became of a product among the first ten."""

    SAME = "same"
    UP = "up"
    DOWN = "down"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """A product among the first ten of either side; a place is None where it is not among them."""

    product: int
    title: str
    before: int | None
    after: int | None

    @property
    def mark(self) -> Mark:
        """What became of it."""
        if self.before is None:
            return Mark.ADDED
        if self.after is None:
            return Mark.REMOVED
        return Mark.SAME if self.before == self.after else Mark.UP if self.after < self.before else Mark.DOWN


@dataclass(frozen=True, slots=True)
class Comparison:
    """One query before and after, with how often it was asked of late."""

    query: str
    asked: int
    before: tuple[tuple[int, str], ...]
    after: tuple[tuple[int, str], ...]
    total_before: int
    total_after: int

    @property
    def changed(self) -> bool:
        """Whether customers would see something else."""
        return self.before != self.after or self.total_before != self.total_after

    @property
    def lines(self) -> list[Line]:
        """Every product of either side: those of the new order first, then those that left."""
        return lines(self.before, self.after)


def lines(before: Sequence[Sequence[object]], after: Sequence[Sequence[object]]) -> list[Line]:
    """Return two orders of (product, title) as one list, marked."""
    places = {product: place for place, (product, _title) in enumerate(before, 1)}
    found = [Line(int(str(one)), str(title), places.get(one), place) for place, (one, title) in enumerate(after, 1)]
    kept = {one for one, _title in after}
    gone = [Line(int(str(one)), str(title), places[one], None) for one, title in before if one not in kept]
    return found + gone


def compare(before: Steering, after: Steering, queries: Iterable[tuple[str, int]], locale: Locale) -> list[Comparison]:
    """Ask each (query, times asked) in both ways, as a customer's search is asked; raises EngineUnavailable."""
    found = []
    for text, asked in queries:
        plain = Query(text, locale, limit=FIRST)
        _query, first = searching.search(plain, before.steer)
        alike = all(before.steer(one) == after.steer(one) for one in (plain, searching.in_other_language(plain)))
        second = first if alike else searching.search(plain, after.steer)[1]
        found.append(Comparison(text, asked, top(first), top(second), first.total, second.total))
    return found


def top(results: Results) -> tuple[tuple[int, str], ...]:
    """Return the first ten as (product, title)."""
    return tuple((hit.id, hit.title) for hit in results.hits[:FIRST])


def real_queries(words: Iterable[str], locale: Locale) -> list[tuple[str, int]]:
    """Return the queries to try a change of these words on: the words themselves, those that hold them, the most asked."""
    given = [" ".join(fold(one).split()) for one in words]
    found: dict[str, int] = {one: 0 for one in given if one}
    for one in given:
        found |= dict(holding(one, locale))
    found |= dict(_asked(MOST_ASKED))
    return list(found.items())


def holding(words: str, locale: Locale, limit: int = HOLDING) -> list[tuple[str, int]]:
    """Return the queries of late that hold all of these words in any form, the most asked first."""
    wanted = set(roots_of(words, locale))
    if not wanted:
        return []
    like = [SearchCount.query.contains(root, autoescape=True) for root in wanted if root.isalpha()]
    return [row for row in _asked(limit * 20, *like) if wanted <= set(roots_of(row[0], locale))][:limit]


def _asked(limit: int, *narrowed: sa.ColumnElement[bool]) -> list[tuple[str, int]]:
    since = (now() - demand.RECENT).date().isoformat()
    times = sa.func.sum(SearchCount.asked)
    query = sa.select(SearchCount.query, times).where(SearchCount.day >= since, *narrowed).group_by(SearchCount.query)
    rows = db.session.execute(query.order_by(times.desc(), SearchCount.query).limit(limit))
    return [(text, int(count)) for text, count in rows]
