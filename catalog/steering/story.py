"""A query's story: how often it is asked, what changed its results, and the sheets that should have been found.

Promise: what should have matched is shown with what of it meets the query and what keeps customers from it; nothing is
guessed that the index does not say. Not here: the pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice.extensions import db
from catalog import publishing, searching
from catalog.gap_words import ADDED
from catalog.gaps import trademarks
from catalog.models import Product
from catalog.search import sync
from catalog.search.port import CandidateQuery, Reason
from catalog.search.queries import Query
from catalog.sheets import Locale
from catalog.steering import active

# Sheets shown that should have matched; past these the likeness is chance.
NEAREST = 8


@dataclass(frozen=True, slots=True)
class Missed:
    """A product that should have been found: what meets the query, why customers do not see it, and its best sheet.

    `hidden` is "" or "unpublished"; `listing` is None where nothing of the page can be given a word; `objection` says
    why the query may not be added to that sheet.
    """

    product: Product
    reasons: tuple[Reason, ...]
    hidden: str
    listing: int | None
    objection: str


def nearest(text: str, locale: Locale, *, found: frozenset[int]) -> list[Missed]:
    """Return the products likest to a query that its answer lacks, published or not; raises EngineUnavailable."""
    engine = sync.engine()
    suggestion = engine.suggest(active.steered(Query(text, locale)))
    asks = [CandidateQuery(one, locale=locale) for one in dict.fromkeys((text, suggestion or text))]
    scored: dict[int, float] = {}
    for answers in engine.candidates_many(asks, limit=NEAREST * 2):
        for one in answers:
            scored[one.id] = max(scored.get(one.id, 0.0), one.score)
    # What is spelled nearly so is no candidate by whole words: the ladder mends it.
    _query, loose = searching.search(Query(text, locale, limit=NEAREST, published=False))
    for hit in loose.hits:
        scored.setdefault(hit.id, 0.0)
    ranked = sorted(scored, key=lambda number: (-scored[number], number))
    numbers = [number for number in ranked if number not in found][:NEAREST]
    return _told(numbers, Query(suggestion or text, locale, published=False), text, locale)


def _told(numbers: list[int], query: Query, text: str, locale: Locale) -> list[Missed]:
    shown = sa.select(Product).where(Product.id.in_(numbers), Product.merged_into_id.is_(None))
    products = {one.id: one for one in db.session.scalars(shown.options(joinedload(Product.listings))).unique()}
    engine, told = sync.engine(), []
    for number in numbers:
        product = products.get(number)
        if product is None:
            continue
        best = publishing.best_of(product.listings)
        reasons = tuple(engine.explain(query, number))
        judged = trademarks.judge(text, ADDED, best.values) if best is not None else None
        objection = judged.why(locale) if judged and judged.standing not in trademarks.ADDABLE else ""
        hidden = "" if product.published else "unpublished"
        told.append(Missed(product, reasons, hidden, best.id if best is not None else None, objection))
    return told
