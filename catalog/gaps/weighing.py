"""Every open suggestion with how often customers search its word, copied from the sheets so that they can be ordered.

Promise: a copy only; read outside the database's lock, and only differences are written. Not here: deciding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import handler
from catalog import demand, tree
from catalog.gaps.models import OpenGap
from catalog.keywords import KeywordContext
from catalog.models import OPEN_KEYWORDS, Listing
from catalog.sheets import Locale

# Queries whose words are weighed; what is asked less often than twenty thousand others moves nothing.
WEIGHED = 20_000
LONGEST = 200

Rows = dict[tuple[int, str], dict[str, Any]]


def demanded() -> Mapping[str, KeywordContext]:
    """Return, by language, how often customers of late searched each word."""
    asked = {one.query: one.asked for one in demand.queries(limit=WEIGHED)}
    taxonomy = tree.current().taxonomy
    locales: tuple[Locale, ...] = ("fr", "en")
    return {locale: KeywordContext.default(locale, taxonomy).with_queries(asked) for locale in locales}


@handler("catalog.weigh_gaps", every=timedelta(minutes=15))
def weigh_gaps() -> None:
    """Bring the copy in line with the sheets and with what is searched."""
    with reading():
        weights = demanded()
        wanted: Rows = {}
        opened = sa.select(Listing.id, Listing.vendor_id, Listing.locale, Listing.keywords).where(_open())
        for row in db.session.execute(opened.execution_options(yield_per=2_000)):
            wanted |= _rows(row, weights)
        kept = {(one.listing_id, one.term): one for one in db.session.execute(sa.select(OpenGap.__table__))}
        db.session.rollback()
    _write(wanted, kept)


def renew(listing_ids: Iterable[int]) -> None:
    """Bring the copy of these sheets in line at once, within the caller's transaction."""
    ids = list(listing_ids)
    weights = demanded()
    db.session.flush()
    query = sa.select(Listing.id, Listing.vendor_id, Listing.locale, Listing.keywords).where(Listing.id.in_(ids))
    wanted: Rows = {}
    for row in db.session.execute(query.where(_open())):
        wanted |= _rows(row, weights)
    table = OpenGap.__table__
    kept = {
        (one.listing_id, one.term): one
        for one in db.session.execute(sa.select(table).where(table.c.listing_id.in_(ids)))
    }
    _write(wanted, kept)


def _open() -> sa.TextClause:
    return OPEN_KEYWORDS[f"{db.session.get_bind().dialect.name}_where"]


def _rows(row: Any, weights: Mapping[str, KeywordContext]) -> Rows:
    context = weights["en" if row.locale == "en" else "fr"]
    return {
        (row.id, one["term"][:LONGEST]): {
            "listing_id": row.id,
            "vendor_id": row.vendor_id,
            "kind": one["kind"],
            "term": one["term"][:LONGEST],
            "volume": context.searches(one["term"]),
        }
        for one in row.keywords
        if one["state"] == "open"
    }


def _write(wanted: Rows, kept: Mapping[tuple[int, str], Any]) -> None:
    gone = [one.id for key, one in kept.items() if key not in wanted]
    for at in range(0, len(gone), 500):
        db.session.execute(sa.delete(OpenGap).where(OpenGap.id.in_(gone[at : at + 500])))
    fresh = [row for key, row in wanted.items() if key not in kept]
    if fresh:
        db.session.execute(sa.insert(OpenGap), fresh)
    changed = [
        {"id": kept[key].id, "kind": row["kind"], "volume": row["volume"]}
        for key, row in wanted.items()
        if key in kept and (kept[key].kind, kept[key].volume) != (row["kind"], row["volume"])
    ]
    if changed:
        db.session.execute(sa.update(OpenGap), changed)
