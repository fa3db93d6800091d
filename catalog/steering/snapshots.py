"""What a query showed before and after something changed, kept with its date, so that its story can be told.

Promise: only what changed is kept; where the index hears of a change later, the second half is taken when it has.
Not here: trying a change before it is saved (`previewing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
import structlog

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import searching
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query
from catalog.sheets import Locale
from catalog.steering import previewing
from catalog.steering.models import Cause, SearchSnapshot
from catalog.steering.previewing import Comparison

log = structlog.get_logger(__name__)

# The index is told of a changed sheet within a minute; by then the second half can be taken.
HEARD_AFTER = timedelta(minutes=2)
# After so long what has not changed will not: the sheet may have been withdrawn since.
GIVEN_UP_AFTER = timedelta(days=1)
# Queries of one accepted word whose results are kept.
OF_A_WORD = 3
KEPT = timedelta(days=400)


def keep(comparisons: Iterable[Comparison], locale: Locale, cause: Cause, what: str) -> None:
    """Keep those of the comparisons that changed. The caller commits."""
    for one in comparisons:
        if one.changed:
            row = SearchSnapshot(query=one.query, locale=locale, cause=cause, what=what[:300])
            row.before, row.after = [list(hit) for hit in one.before], [list(hit) for hit in one.after]
            row.total_before, row.total_after = one.total_before, one.total_after
            db.session.add(row)


def before_keyword(term: str, locale: Locale, what: str, *, also: Iterable[str] = ()) -> None:
    """Keep what the queries with a word show before a sheet takes it; the rest is taken when the index has it."""
    queries = {**dict.fromkeys(also), **dict(previewing.holding(term, locale, OF_A_WORD))}
    try:
        for text in list(queries)[:OF_A_WORD]:
            found = searching.search(Query(text, locale, limit=previewing.FIRST))[1]
            row = SearchSnapshot(query=text, locale=locale, cause=Cause.KEYWORD, what=what[:300], after=None)
            row.before, row.total_before = [list(hit) for hit in previewing.top(found)], found.total
            db.session.add(row)
    except EngineUnavailable as error:
        log.info("no snapshot before a keyword", term=term, error=str(error))
    enqueue("catalog.finish_snapshots", due_at=now() + HEARD_AFTER)


@handler("catalog.finish_snapshots", every=timedelta(hours=1))
def finish_snapshots() -> None:
    """Take the second half of the snapshots that wait for it; forget those too old to tell anything."""
    waiting = sa.select(SearchSnapshot).where(SearchSnapshot.total_after.is_(None)).order_by(SearchSnapshot.id)
    for row in db.session.scalars(waiting.limit(200)):
        locale: Locale = "en" if row.locale == "en" else "fr"
        found = searching.search(Query(row.query, locale, limit=previewing.FIRST))[1]
        after = [list(hit) for hit in previewing.top(found)]
        if after != row.before or found.total != row.total_before:
            row.after, row.total_after = after, found.total
        elif row.taken_at < now() - GIVEN_UP_AFTER:
            db.session.delete(row)
    db.session.execute(sa.delete(SearchSnapshot).where(SearchSnapshot.taken_at < now() - KEPT))


def of_query(query: str, limit: int = 20) -> list[SearchSnapshot]:
    """Return what changed the results of a query, the latest first."""
    found = sa.select(SearchSnapshot).where(SearchSnapshot.query == query).order_by(SearchSnapshot.id.desc())
    return list(db.session.scalars(found.limit(limit)))
