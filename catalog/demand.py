"""What customers search: each query counted by day, without the person, and what the catalogue answers it with.

Promise: no person, session or address is kept with a query; what looks like a person's address or number is not counted
at all, and a query that few typed is forgotten once it says nothing of demand any more.
Not here: the search itself (`catalog.searching`), the gaps of one sheet (`catalog.keywords`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import handler
from catalog.harmonization.identifiers import has_check_digit
from catalog.models import SearchCount
from catalog.text import fold

# Queries shown of those that find nothing; the page is a working list, not an archive.
SHOWN = 20
# Days whose searches count: what nobody asked since is no demand.
RECENT = timedelta(days=90)
# A year and a month: this season can be laid beside the last.
KEPT = timedelta(days=396)
# What fewer asked in all is forgotten when it is no longer recent: a name or a sentence that one person typed.
FEWEST_TO_KEEP = 3
# Fewer products than these leave a customer nothing to choose from: a phone shows four at once.
FEW = 4
LONGEST = 120
WEEKS = 26
# Signs alone ask for nothing: they are answered with the whole catalogue.
_WORDS = re.compile(r"[^\W_]")
# Addresses, and runs of digits as of telephones, cards and orders; a barcode, which proves itself, is a product's.
_ADDRESS = re.compile(r"\S@\S|https?:|www\.")
_DIGITS = re.compile(r"\d(?:[ .\-/]?\d){8,}")


def normalized(text: str) -> str:
    """Return a query as it is counted: folded, one space between words."""
    return " ".join(fold(text).split())[:LONGEST]


def personal(query: str) -> bool:
    """Return whether a query looks like something of a person: an address, a telephone, card or account number."""
    if _ADDRESS.search(query):
        return True
    runs = [re.sub(r"\D", "", run) for run in _DIGITS.findall(query)]
    return any(not (len(run) in (12, 13, 14) and has_check_digit(run)) for run in runs)


def count(text: str, *, found: int, times: int = 1) -> None:
    """Count a query of today; a poor answer is counted apart. The caller commits."""
    empty, few = int(found == 0), int(0 < found < FEW)
    _add(text, asked=times, empty=times * empty, few=times * few)


def count_click(text: str, *, times: int = 1) -> None:
    """Count that a result of a query was opened. The caller commits."""
    _add(text, clicked=times)


def _add(text: str, **figures: int) -> None:
    query = normalized(text)
    if not _WORDS.search(query) or personal(query):
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.session.get_bind().dialect.name]
    none = dict.fromkeys(("asked", "empty", "few", "clicked"), 0)
    statement = insert(SearchCount).values(day=now().date().isoformat(), query=query, **{**none, **figures})
    more = {name: getattr(SearchCount, name) + value for name, value in figures.items()}
    db.session.execute(statement.on_conflict_do_update(index_elements=["day", "query"], set_=more))


def recent_days() -> sa.ColumnElement[bool]:
    """Return the clause for the days whose searches count."""
    return SearchCount.day >= (now() - RECENT).date().isoformat()


def without_results(limit: int = SHOWN) -> list[tuple[str, int]]:
    """Return the queries that found nothing of late, with how often they were asked, the most asked first."""
    asked = sa.func.sum(SearchCount.empty)
    query = sa.select(SearchCount.query, asked).where(recent_days(), SearchCount.empty > 0).group_by(SearchCount.query)
    return [(text, int(times)) for text, times in db.session.execute(query.order_by(asked.desc()).limit(limit))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of late: how often it was asked, found nothing, found little, and led to a product."""

    query: str
    asked: int
    empty: int
    few: int
    clicked: int


# What the list of queries is narrowed to: {name: the figure that must not be nothing, and that orders it}.
KINDS = {"all": "asked", "empty": "empty", "few": "few", "clicked": "clicked"}


def queries(kind: str = "all", word: str = "", *, limit: int = 50, after: int = 0) -> list[Asked]:
    """Return the queries of late, most first, from the one at place `after` on; `word` narrows to those that hold it."""
    sums = [sa.func.sum(getattr(SearchCount, name)) for name in ("asked", "empty", "few", "clicked")]
    ordering = sa.func.sum(getattr(SearchCount, KINDS.get(kind, "asked")))
    query = sa.select(SearchCount.query, *sums).where(recent_days()).group_by(SearchCount.query)
    if word:
        query = query.where(SearchCount.query.contains(normalized(word), autoescape=True))
    query = query.having(ordering > 0).order_by(ordering.desc(), SearchCount.query)
    return [Asked(row[0], *map(int, row[1:])) for row in db.session.execute(query.limit(limit).offset(after))]


def totals() -> Asked:
    """Return the sums of all searches of late."""
    sums = [
        sa.func.coalesce(sa.func.sum(getattr(SearchCount, name)), 0) for name in ("asked", "empty", "few", "clicked")
    ]
    return Asked("", *map(int, db.session.execute(sa.select(*sums).where(recent_days())).one()))


def of_query(query: str) -> Asked:
    """Return how often one query was asked of late."""
    sums = [
        sa.func.coalesce(sa.func.sum(getattr(SearchCount, name)), 0) for name in ("asked", "empty", "few", "clicked")
    ]
    row = db.session.execute(sa.select(*sums).where(recent_days(), SearchCount.query == normalized(query))).one()
    return Asked(normalized(query), *map(int, row))


def by_week(query: str, weeks: int = WEEKS) -> list[tuple[date, int, int]]:
    """Return (Monday, asked, found nothing) of each of the last weeks, the oldest first, quiet weeks included."""
    today = now().date()
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    rows = sa.select(SearchCount.day, SearchCount.asked, SearchCount.empty)
    rows = rows.where(SearchCount.query == normalized(query), SearchCount.day >= first.isoformat())
    found = {first + timedelta(weeks=at): [0, 0] for at in range(weeks)}
    for day, asked, empty in db.session.execute(rows):
        monday = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
        if monday in found:
            found[monday][0] += asked
            found[monday][1] += empty
    return [(monday, asked, empty) for monday, (asked, empty) in found.items()]


def popular(limit: int) -> Sequence[tuple[str, int]]:
    """Return the queries of late that found something, the most asked first: what others may want to ask too."""
    fruitful = sa.func.sum(SearchCount.asked - SearchCount.empty)
    query = sa.select(SearchCount.query, fruitful).where(recent_days()).group_by(SearchCount.query)
    # Once is no habit, and may be somebody's slip.
    query = query.having(fruitful >= FEWEST_TO_KEEP).order_by(fruitful.desc(), SearchCount.query)
    return [(text, int(times)) for text, times in db.session.execute(query.limit(limit))]


@handler("catalog.forget_searches", every=timedelta(days=1))
def forget_searches() -> None:
    """Forget the days beyond what is kept, and queries that few asked once they are no longer recent."""
    db.session.execute(sa.delete(SearchCount).where(SearchCount.day < (now() - KEPT).date().isoformat()))
    often = sa.select(SearchCount.query).group_by(SearchCount.query)
    often = often.having(sa.func.sum(SearchCount.asked) >= FEWEST_TO_KEEP)
    db.session.execute(sa.delete(SearchCount).where(~recent_days(), SearchCount.query.not_in(often)))
