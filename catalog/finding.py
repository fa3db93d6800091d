"""Sheets by a word: an identifier is asked of the database, words of the search index, whatever the sheet's state.

Promise: flat in the size of the catalogue; where the index does not answer, identifiers still find theirs, and the
answer says so. Not here: the search over published products (`catalog.searching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.models import Listing
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from catalog.search.queries import MAX_WINDOW, Filters, Query
from catalog.sheets import Locale


@dataclass(frozen=True, slots=True)
class Near:
    """The pages that a word is nearest to, best first; whether there are `more`, and whether the index `answered`."""

    word: str
    pages: Sequence[int]
    more: bool = False
    answered: bool = True


def near(word: str, *, locale: Locale, vendor: int | None = None, limit: int = MAX_WINDOW) -> Near:
    """Return the pages whose words meet these, of one vendor or of all; in the other language where this finds none."""
    other: Locale = "en" if locale == "fr" else "fr"
    try:
        for language in (locale, other):
            asked = Query(word, language, Filters(vendor=vendor), published=False)
            pages = sync.engine().nearest(asked, limit=limit + 1)
            if pages:
                return Near(word, pages[:limit], more=len(pages) > limit)
    except EngineUnavailable:
        return Near(word, (), answered=False)
    return Near(word, ())


def narrowed(query: sa.Select[Any], found: Near) -> sa.Select[Any]:
    """Narrow a select of listings to those that a word finds: by identifier, by barcode, or on one of the pages."""
    # Each by its own index: a database that is left the choice among three reads the whole table.
    ways = (Listing.sku == found.word, Listing.gtin == found.word, Listing.product_id.in_(found.pages))
    return query.where(Listing.id.in_(sa.union(*(sa.select(Listing.id).where(way) for way in ways))))


def best(query: sa.Select[Any], word: str, *, locale: Locale, vendor: int | None, limit: int) -> Sequence[Listing]:
    """Return the listings nearest to a word: those whose identifier it is, then by the words they share."""
    found = near(word, locale=locale, vendor=vendor, limit=limit)
    rank = {page: place for place, page in enumerate(found.pages)}
    listings = db.session.scalars(narrowed(query, found)).all()
    exact = [one for one in listings if word in (one.sku, one.gtin)]
    rest = sorted((one for one in listings if one not in exact), key=lambda one: (rank[one.product_id], one.id))
    return [*exact, *rest][:limit]
