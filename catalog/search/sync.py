"""The index in step with the database, which alone is the truth.

    change ─ mark_dirty() in the same transaction ─ commit ─► drain(): re-reads the rows, writes them with the row's
    version, takes the marks off ─► differences(): ids and versions of both, walked side by side ─► rebuild() beside

Promise: what was rolled back is never indexed; an older state never replaces a newer one; while the engine is down work
goes on and the marks wait; one bad document keeps none back; a rebuild replaces the live index only when it is whole.
Not here: which products are indexed and how they read (the loader that the catalogue registers), the engines.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import handler
from catalog.search.engines import build_engine
from catalog.search.models import IndexDirty
from catalog.search.port import EngineUnavailable, Rebuild, SearchEngine
from catalog.search.queries import Query
from catalog.search.schema import ProductDocument

log = structlog.get_logger(__name__)
T = TypeVar("T")

# Rows read or written at once.
BATCH = 500
# Products indexed with one commit of the engine: with its merges, 30,000 took 13.4 s at 2,000 and 10.6 s at 3,000; more
# make the child that works ahead wait.
CARRIED = 3_000
# A mark that failed so often waits for the next change or check; its error shows in `backlog`.
MAX_ATTEMPTS = 5
# Differences mended before a rebuild is accepted; what changes meanwhile is written to both indexes.
MENDING_ROUNDS = 3
# Products that a new index must find by their own titles before it goes live.
GOLDEN_QUERIES = 20


@dataclass(frozen=True, slots=True)
class Loader:
    """How the catalogue reads its products: documents by id, and (id, version) of all by ascending id, after one."""

    documents_for: Callable[[Sequence[int]], list[ProductDocument]]
    versions_after: Callable[[int, int], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What one turn of the indexer did, and how many marks are left."""

    written: int = 0
    deleted: int = 0
    failed: int = 0
    left: int = 0


class RebuildRefused(Exception):
    """The new index was not whole; the live one was kept. The message says what was missing."""


def init_app(app: Flask, loader: Loader) -> None:
    """Give the application its engine (nothing is asked of it yet) and its way to read products."""
    app.extensions["search_engine"] = build_engine(SimpleNamespace(**app.config))
    app.extensions["search_loader"] = loader


def engine() -> SearchEngine:
    """Return the search engine of the running application."""
    found: SearchEngine = current_app.extensions["search_engine"]
    return found


def _loader() -> Loader:
    found: Loader = current_app.extensions["search_loader"]
    return found


# ---- marks --------------------------------------------------------------------------------------------------------


def mark_dirty(product_ids: Iterable[int]) -> None:
    """Note within the caller's transaction that these products must be indexed again; marking twice is once."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.session.get_bind().dialect.name]
    statement = insert(IndexDirty.__table__)
    fresh = {name: statement.excluded[name] for name in ("stamp", "marked_at", "attempts", "error")}
    renewing = statement.on_conflict_do_update(index_elements=["product_id"], set_=fresh)
    for ids in _batches(dict.fromkeys(product_ids), BATCH):
        plain = {"marked_at": now(), "attempts": 0, "error": ""}
        rows = [{"product_id": number, "stamp": secrets.randbits(62), **plain} for number in ids]
        db.session.execute(renewing, rows)


def backlog() -> dict[str, Any]:
    """Return {"waiting", "failed", "oldest"}: marks to be drained, marks given up, and since when the oldest waits."""
    given_up = IndexDirty.attempts >= MAX_ATTEMPTS
    query = sa.select(
        sa.func.count().filter(~given_up), sa.func.count().filter(given_up), sa.func.min(IndexDirty.marked_at)
    )
    waiting, failed, oldest = db.session.execute(query).one()
    return {"waiting": waiting, "failed": failed, "oldest": oldest}


def drain(limit: int = 20_000) -> DrainReport:
    """Index up to `limit` marked products; raises EngineUnavailable with the marks of what is not indexed kept.

    Commits what is pending, then every batch: nothing is locked while products are read and indexed, and what is
    killed between the engine's commit and the database's is indexed once more.
    """
    db.session.commit()
    _fill_empty_index()
    db.session.commit()
    written = deleted = failed = 0
    tried: set[int] = set()
    while len(tried) < limit:
        with reading():
            marks = _marks(min(CARRIED, limit - len(tried)), tried)
            gone, errors = _carry(list(marks))
            db.session.rollback()
        if not marks:
            break
        tried.update(marks)
        _take_off({number: stamp for number, stamp in marks.items() if number not in errors})
        _keep_errors(errors)
        db.session.commit()
        deleted += gone
        failed += len(errors)
        written += len(marks) - gone - len(errors)
    return DrainReport(written, deleted, failed, backlog()["waiting"])


def _marks(limit: int, tried: set[int]) -> dict[int, int]:
    query = (
        sa.select(IndexDirty.product_id, IndexDirty.stamp)
        .where(IndexDirty.attempts < MAX_ATTEMPTS)
        .order_by(IndexDirty.attempts, IndexDirty.marked_at, IndexDirty.product_id)
        .limit(limit)
    )
    return {number: stamp for number, stamp in db.session.execute(query) if number not in tried}


def _carry(ids: Sequence[int]) -> tuple[int, dict[int, str]]:
    """Write what the database holds now, take out what it no longer holds; returns (taken out, errors by id)."""
    if not ids:
        return 0, {}
    documents = _loader().documents_for(ids)
    gone = sorted(set(ids) - {document.id for document in documents})
    report = engine().index(documents)
    if gone:
        engine().delete(gone)
    return len(gone), dict(report.errors)


def _take_off(marks: dict[int, int]) -> None:
    table = IndexDirty.__table__
    same = sa.and_(table.c.product_id == sa.bindparam("number"), table.c.stamp == sa.bindparam("seen"))
    if marks:
        rows = [{"number": number, "seen": stamp} for number, stamp in marks.items()]
        db.session.execute(sa.delete(table).where(same), rows)


def _keep_errors(errors: dict[int, str]) -> None:
    for number, error in errors.items():
        log.warning("product not indexed", product=number, error=error)
        statement = sa.update(IndexDirty).where(IndexDirty.product_id == number)
        db.session.execute(statement.values(attempts=IndexDirty.attempts + 1, error=error[:2000]))


def _fill_empty_index() -> None:
    """Mark every product where the index holds none: it is new, was lost, or is of an older version."""
    health = engine().health()
    if not health.ok:
        raise EngineUnavailable(health.message)
    if health.documents == 0:
        mark_dirty(number for number, _ in _database_versions())


# ---- differences --------------------------------------------------------------------------------------------------


def check() -> dict[str, int]:
    """Return {"database", "index", "missing", "stale", "surplus"}: how many on each side, and how they differ."""
    counts = {"database": 0, "index": 0, "missing": 0, "stale": 0, "surplus": 0}
    with reading():
        for number, ours, theirs in side_by_side(_database_versions(), engine().versions()):
            counts["database"] += ours is not None
            counts["index"] += theirs is not None
            kind = difference(ours, theirs)
            if kind:
                counts[kind] += 1
                log.info("index differs", product=number, difference=kind, database=ours, index=theirs)
    return counts


def reconcile() -> int:
    """Mark every product on which index and database differ; returns how many. The caller commits, then drains."""
    pairs = side_by_side(_database_versions(), engine().versions())
    differing = [number for number, ours, theirs in pairs if difference(ours, theirs)]
    mark_dirty(differing)
    return len(differing)


def side_by_side(
    left: Iterable[tuple[int, int]], right: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int | None, int | None]]:
    """Yield (id, version left, version right) of two streams by ascending id, None where a side lacks the id."""
    ours, theirs = iter(left), iter(right)
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], None
            one = next(ours, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(theirs, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(ours, None), next(theirs, None)


def difference(ours: int | None, theirs: int | None) -> str:
    """Return "missing" (from the index), "stale", "surplus", or nothing where both agree."""
    if theirs is None:
        return "missing"
    if ours is None:
        return "surplus"
    return "" if ours == theirs else "stale"


def _database_versions() -> Iterator[tuple[int, int]]:
    last = 0
    while page := _loader().versions_after(last, BATCH * 4):
        yield from page
        last = page[-1][0]


# ---- rebuild ------------------------------------------------------------------------------------------------------


def rebuild(golden: Sequence[str] = ()) -> int:
    """Build the index anew beside the live one and put it in its place; returns the number of documents.

    `golden` are queries that must still find something if they do now. Reads in short transactions that it ends itself:
    call it with nothing pending. Raises RebuildRefused, or EngineUnavailable, with the live index kept.
    """
    live = engine()
    with live.rebuild() as fresh, reading():
        for batch in _batches(_database_versions(), BATCH):
            _write_beside(fresh, [number for number, _ in batch])
        _mend(fresh)
        _prove(fresh, live, golden)
        fresh.accept()
    return live.health().documents


def _write_beside(fresh: Rebuild, ids: Sequence[int]) -> None:
    db.session.rollback()
    documents = _loader().documents_for(ids)
    report = fresh.index(documents)
    if report.errors:
        number, error = next(iter(report.errors.items()))
        raise RebuildRefused(f"{len(report.errors)} products cannot be indexed, the first is {number}: {error}")


def _mend(fresh: Rebuild) -> None:
    """Bring the new index to the database's present state; what other processes change meanwhile is written to both."""
    for _ in range(MENDING_ROUNDS):
        db.session.rollback()
        pairs = list(islice(_differing(fresh), BATCH * 20))
        if not pairs:
            return
        fresh.delete([number for number, kind in pairs if kind == "surplus"])
        for batch in _batches([number for number, kind in pairs if kind != "surplus"], BATCH):
            _write_beside(fresh, batch)
    left = sum(1 for _ in _differing(fresh))
    if left > backlog()["waiting"] + backlog()["failed"]:
        raise RebuildRefused(f"the new index differs from the database on {left} products")


def _differing(fresh: Rebuild) -> Iterator[tuple[int, str]]:
    for number, ours, theirs in side_by_side(_database_versions(), fresh.versions()):
        kind = difference(ours, theirs)
        if kind:
            yield number, kind


def _prove(fresh: Rebuild, live: SearchEngine, golden: Sequence[str]) -> None:
    """Refuse a new index that does not find products by their own titles, or loses a golden query."""
    sample = [number for number, _ in islice(_database_versions(), GOLDEN_QUERIES)]
    for document in _loader().documents_for(sample):
        if document.title.strip() and not fresh.search(Query(document.title, document.locale, published=False)).total:
            raise RebuildRefused(f'the new index does not find product {document.id} by its title "{document.title}"')
    for text in golden:
        if live.search(Query(text)).total and not fresh.search(Query(text)).total:
            raise RebuildRefused(f'the new index finds nothing for "{text}", the live one does')


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


# ---- jobs ---------------------------------------------------------------------------------------------------------


@handler("catalog.drain_index", every=timedelta(minutes=1))
def drain_index() -> None:
    """Carry the marks to the index; while the engine is down they wait for the next minute."""
    try:
        report = drain()
    except EngineUnavailable as error:
        log.warning("index not drained", waiting=backlog()["waiting"], error=str(error))
        return
    if report.written or report.deleted or report.failed:
        log.debug("index drained", **asdict(report))


@handler("catalog.reconcile_index", every=timedelta(days=1))
def reconcile_index() -> None:
    """Compare index and database, and have every difference indexed again."""
    differing = reconcile()
    log.info("index compared", differing=differing)
