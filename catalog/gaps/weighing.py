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
from backoffice.jobs import enqueue, handler
from catalog import demand, tree
from catalog.gaps.models import OpenGap
from catalog.keywords import KeywordContext
from catalog.models import OPEN_KEYWORDS, Listing
from catalog.sheets import Locale

# Queries whose words are weighed; what is asked less often than twenty thousand others moves nothing.
WEIGHED = 20_000
LONGEST = 200
# Sheets with open suggestions read in a turn: half a second, and memory does not grow with the catalogue.
TURN = 5_000

Rows = dict[tuple[int, str], dict[str, Any]]


def demanded() -> Mapping[str, KeywordContext]:
    """Return, by language, how often customers of late searched each word."""
    asked = {one.query: one.asked for one in demand.queries(limit=WEIGHED)}
    taxonomy = tree.current().taxonomy
    locales: tuple[Locale, ...] = ("fr", "en")
    return {locale: KeywordContext.default(locale, taxonomy).with_queries(asked) for locale in locales}


@handler("catalog.weigh_gaps", every=timedelta(minutes=15))
def weigh_gaps(after: int = 0) -> None:
    """Bring the copy in line with the sheets and with what is searched, a turn of sheets by ascending id."""
    with reading():
        rows = db.session.execute(_opened().where(Listing.id > after).order_by(Listing.id).limit(TURN)).all()
        last = rows[-1].id if len(rows) == TURN else None
        copied = OpenGap.listing_id > after
        wanted, kept = _rows(rows), _kept(copied if last is None else sa.and_(copied, OpenGap.listing_id <= last))
        db.session.rollback()
    _write(wanted, kept)
    if last is not None:
        enqueue("catalog.weigh_gaps", {"after": last})


def renew(listing_ids: Iterable[int]) -> None:
    """Bring the copy of these sheets in line at once, within the caller's transaction."""
    ids = list(listing_ids)
    db.session.flush()
    rows = db.session.execute(_opened().where(Listing.id.in_(ids))).all()
    _write(_rows(rows), _kept(OpenGap.listing_id.in_(ids)))


def _opened() -> sa.Select[Any]:
    open_ = OPEN_KEYWORDS[f"{db.session.get_bind().dialect.name}_where"]
    return sa.select(Listing.id, Listing.vendor_id, Listing.locale, Listing.keywords).where(open_)


def _kept(condition: sa.ColumnElement[bool]) -> dict[tuple[int, str], Any]:
    rows = db.session.execute(sa.select(OpenGap.__table__).where(condition))
    return {(one.listing_id, one.term): one for one in rows}


def _rows(listings: Iterable[Any]) -> Rows:
    """Return what the copy should hold of these sheets."""
    weights = demanded()
    return {
        (row.id, one["term"][:LONGEST]): {
            "listing_id": row.id,
            "vendor_id": row.vendor_id,
            "kind": one["kind"],
            "term": one["term"][:LONGEST],
            "volume": weights["en" if row.locale == "en" else "fr"].searches(one["term"]),
        }
        for row in listings
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
