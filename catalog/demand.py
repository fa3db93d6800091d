"""What customers search: each query counted by day, without the person, and what the catalogue answers it with.

Not here: the search itself (`catalog.searching`), the gaps of one sheet (`catalog.keywords`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.paging import paginate
from catalog.models import Listing, ListingStatus, SearchCount
from catalog.text import fold

# Queries shown of those that find nothing; the page is a working list, not an archive.
SHOWN = 20
LONGEST = 120


def count(text: str, *, found: int) -> None:
    """Count a query of today; a poor answer is counted apart. The caller commits."""
    query = " ".join(fold(text).split())[:LONGEST]
    if not query:
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.session.get_bind().dialect.name]
    empty = int(found == 0)
    statement = insert(SearchCount).values(day=now().date().isoformat(), query=query, asked=1, empty=empty)
    more = {"asked": SearchCount.asked + 1, "empty": SearchCount.empty + empty}
    db.session.execute(statement.on_conflict_do_update(index_elements=["day", "query"], set_=more))


def without_results(limit: int = SHOWN) -> list[tuple[str, int]]:
    """Return the queries that found nothing, with how often they were asked, the most asked first."""
    asked = sa.func.sum(SearchCount.empty)
    query = sa.select(SearchCount.query, asked).group_by(SearchCount.query).having(asked > 0)
    return [(text, int(times)) for text, times in db.session.execute(query.order_by(asked.desc()).limit(limit))]


def page(locale: str) -> dict[str, Any]:
    """Return what the page of missing keywords shows: searches without results, sheets with open suggestions."""
    with_gaps = (
        sa.select(Listing)
        .where(sa.func.length(sa.cast(Listing.keywords, sa.Text)) > 2, Listing.status != ListingStatus.WITHDRAWN)
        .where(sa.cast(Listing.keywords, sa.Text).contains("open"))
    )
    return {
        "searches": without_results(),
        "page": paginate(with_gaps, order=[(Listing.id, "desc")]),
        "language": locale,
    }
