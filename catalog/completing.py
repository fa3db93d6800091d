"""How a begun search may go on: what others ask, brands, categories, and words of the catalogue that find something.

    popular queries ─┐
    brands           ├─► one sorted list in memory, read anew every few minutes ─► prefix of any word ─► first ten
    categories       ┘            catalogue's own words (the engine) fill what is left

Promise: a keystroke reads no table but one version stamp; nothing is proposed that finds nothing. Not here: mending
(`catalog.search.suggestions`).
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import sqlalchemy as sa
from flask import current_app

from backoffice.extensions import db
from catalog import demand, tree
from catalog.models import Product
from catalog.search import sync
from catalog.sheets import Locale
from catalog.text import fold

SHOWN = 8
MOST = 20
# Read again after so many seconds: what customers ask changes by the day.
FRESH_SECONDS = 300.0
POPULAR, BRANDS = 5_000, 20_000
# Entries looked at for one prefix; one letter begins thousands, of which the weightiest are wanted.
LOOKED_AT = 2_000
SHORTEST = 2


class Source(StrEnum):
    """Where a proposal comes from."""

    QUERY = "query"
    BRAND = "brand"
    CATEGORY = "category"
    WORD = "word"


# Another's search says most, a category least: its name is seldom what people type.
RANK = {Source.QUERY: 0, Source.BRAND: 1, Source.CATEGORY: 2, Source.WORD: 3}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A search to go on with, and where it comes from."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class _Entry:
    proposal: Proposal
    weight: int


class _Known:
    """The entries of one language by the words they hold, sorted for looking up prefixes."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        keyed = [(start, entry) for entry in entries for start in _starts(entry.proposal.text)]
        keyed.sort(key=lambda one: one[0])
        self._keys = [key for key, _ in keyed]
        self._entries = [entry for _, entry in keyed]
        self.read_at = time.monotonic()

    def beginning(self, prefix: str) -> list[Proposal]:
        """Return what holds a word that begins so, by source and weight."""
        first = bisect_left(self._keys, prefix)
        last = bisect_left(self._keys, prefix + "\uffff")
        found = self._entries[first : min(last, first + LOOKED_AT)]
        found.sort(key=lambda one: (RANK[one.proposal.source], -one.weight, one.proposal.text))
        return list(dict.fromkeys(one.proposal for one in found))


def _starts(text: str) -> Iterator[str]:
    """Yield a text from its beginning and from each of its further words on, folded."""
    words = fold(text).split()
    for at in range(min(len(words), 4)):
        yield " ".join(words[at:])


def complete(prefix: str, locale: Locale, limit: int = SHOWN) -> list[Proposal]:
    """Return searches that go on from what was typed, best first; raises EngineUnavailable."""
    typed = " ".join(fold(prefix[:80]).split())
    if len(typed) < SHORTEST:
        return []
    found = {fold(one.text): one for one in reversed(list(islice(_known(locale).beginning(typed), limit)))}
    proposals = list(reversed(found.values()))[:limit]
    if len(proposals) < limit:
        engine, room = sync.engine(), limit - len(proposals)
        words = engine.complete(prefix[:80], locale=locale, limit=room)
        # People search in both languages; a sheet is found by its own.
        words = words or engine.complete(prefix[:80], locale="en" if locale == "fr" else "fr", limit=room)
        proposals += [Proposal(text, Source.WORD) for text in words if fold(text) not in found]
    return proposals[:limit]


_reading = threading.Lock()


def _known(locale: Locale) -> _Known:
    cache: dict[str, _Known] = current_app.extensions.setdefault("search_completions", {})
    known = cache.get(locale)
    if known is not None and time.monotonic() - known.read_at < FRESH_SECONDS:
        return known
    # One request reads anew; the others go on with what they have.
    if known is not None and not _reading.acquire(blocking=False):
        return known
    if known is None:
        _reading.acquire()
    try:
        cache[locale] = _Known(_entries(locale))
    finally:
        _reading.release()
    return cache[locale]


def _entries(locale: Locale) -> Iterator[_Entry]:
    for text, times in demand.popular(POPULAR):
        yield _Entry(Proposal(text, Source.QUERY), times)
    brands = sa.select(Product.brand, sa.func.count()).where(Product.published, Product.brand.is_not(None))
    for brand, count in db.session.execute(brands.group_by(Product.brand).limit(BRANDS)):
        yield _Entry(Proposal(brand, Source.BRAND), count)
    categories = tree.current()
    held = sa.select(Product.category, sa.func.count()).where(Product.published, Product.category.is_not(None))
    for code, count in db.session.execute(held.group_by(Product.category)):
        label = categories.label(code, locale)
        if label:
            yield _Entry(Proposal(label, Source.CATEGORY), count)


def forget() -> None:
    """Read the entries again when they are next asked for."""
    current_app.extensions.pop("search_completions", None)
