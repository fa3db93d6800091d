"""One import from file to published listings, in jobs that can be killed anywhere and go on.

    upload ─► read: file → mapped sheets, spilled in chunks beside the file; what they teach is learned; a forecast
           ─► (a full replacement that would withdraw too much waits for a person, and so does one who asked to see first)
           ─► chunk 0 … n, each one transaction: harmonize → write listings, products, lines, marks for the index
           ─► finish: withdraw what a full replacement left out, tell the vendor, look for duplicates

Promise: every line is accounted for once (unique by import and line); an unchanged sheet is not written; memory is
bounded by a chunk. Chunks are read from the spill, never from the vendor's file again. Not here: the stages themselves.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice import audit
from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, enqueue, handler
from backoffice.notifications import notify
from backoffice.vendors.lifecycle import can_sell
from catalog import grouping, keywords, listings, makers, reports, set_aside, spill, uploads, workshop
from catalog.assembly import Recipe
from catalog.columns import columns_of, sku_of
from catalog.desk import reasons, trust
from catalog.desk.selection import TrustLevel
from catalog.figures import lessons
from catalog.forecast import Forecast, hashes
from catalog.intake import Table, UnreadableFile
from catalog.lifecycle import ListingStatus
from catalog.mapping import Rules, map_rows
from catalog.models import Import, ImportLine, ImportStatus, LineOutcome, Listing, Product
from catalog.publishing import ask_for_indexing, note_first_sale, refresh, touch
from catalog.rulebook import versions
from catalog.search import sync
from catalog.sheets import MappedSheet, Severity
from catalog.spill import Line
from catalog.switches import record
from catalog.takeback import traces
from catalog.takeback.traces import TraceAct

Columns = Mapping[str, Any]
# An import of fewer chunks is over before a child that makes sheets ahead is ready.
AHEAD_FROM_CHUNKS = 6
# Chunks written between two turns of the indexer: its commits cost less for many sheets than for few.
INDEXED_CHUNKS = 4
# Traces of withdrawn sheets written together.
TRACED_AT_ONCE = 500
LIVE = (ImportStatus.READING, ImportStatus.RUNNING)
IMPORT_JOBS = ("catalog.read_import", "catalog.import_chunk", "catalog.finish_import")


def confirm(run: Import, *, by: Any) -> None:
    """Start the import with its mapping as it stands; the caller commits."""
    run.status = ImportStatus.READING
    run.started_at = now()
    run.mapping_version = versions.newest(run.vendor_id)
    audit.record("import.confirm", run, by=by)
    enqueue("catalog.read_import", {"import_id": run.id})


def spill_folder(run_id: int) -> Path:
    """Return where an import's chunks wait to be written."""
    return Path(current_app.config["DATA_FOLDER"]) / "spill" / str(run_id)


@handler("catalog.read_import", max_attempts=3)
def read_import(import_id: int) -> None:
    """Read the whole file once: spill it in chunks, learn from it, count what it would change."""
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.READING:
        return
    # Reading takes minutes on a large file: no lock is held meanwhile.
    file, columns, vendor_id, locale = uploads.opened(run), uploads.columns_of(run), run.vendor_id, run.locale
    rules = Rules(versions.usable(run.mapping_version)[0], file.headers)
    forecast = Forecast(vendor_id, in_detail=run.ask_first)
    db.session.rollback()
    try:
        _spill(import_id, file, map_rows(file.rows(), columns, rules), forecast)
    except UnreadableFile as error:
        _refuse(db.session.get_one(Import, import_id), error.code, error.params)
        return
    workshop.learn(vendor_id, locale, forecast.sample)
    run = db.session.get_one(Import, import_id)
    run.lines_total, run.chunks_total = forecast.lines, forecast.chunks
    if run.lines_total == 0:
        _refuse(run, "no_records", {"name": run.file.name})
        return
    db.session.merge(forecast.study(import_id))
    run.forecast = {**forecast.figures, "withdrawn": _would_withdraw(run, forecast.figures)}
    if run.ask_first or _withdraws_too_much(run):
        run.status = ImportStatus.AWAITING_CONFIRMATION
        return
    proceed(run)


def proceed(run: Import) -> None:
    """Open the first chunk of an import that has been read; the caller commits."""
    run.status = ImportStatus.RUNNING
    enqueue("catalog.import_chunk", {"import_id": run.id, "chunk": 0})


def _spill(import_id: int, file: Table, sheets: Iterable[MappedSheet], forecast: Forecast) -> None:
    """Write the lines in chunks and count what they would change; a crash in the middle starts the folder afresh."""
    folder = spill_folder(import_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for lines in spill.write(folder, sheets, file.drain_problems, size=current_app.config["CHUNK_ROWS"]):
        forecast.add(lines)


@handler("catalog.import_chunk", max_attempts=8)
def import_chunk(import_id: int, chunk: int) -> None:
    """Make and write one chunk, count it, and open the next one or the end."""
    with reading():
        run = db.session.get_one(Import, import_id)
        if run.status != ImportStatus.RUNNING or run.chunks_done > chunk:
            return
        recipe = workshop.recipe_of(run.vendor_id, run.locale)
        lines = spill.read(spill_folder(import_id), chunk)
        made = _taken_ahead(import_id, chunk)
        if chunk + 1 < run.chunks_total and run.chunks_total >= AHEAD_FROM_CHUNKS:
            _begin_ahead(run, chunk + 1, recipe)
        left = [
            line for line in _fresh(run.vendor_id, lines) if made.get(line.sku, {}).get("content_hash") != line.digest
        ]
        db.session.rollback()
        fresh = makers.columns_made([line.sheet for line in left], workshop.made_by(recipe))
        made |= {line.sku: columns for line, columns in zip(left, fresh, strict=True)}
    _write(import_id, chunk, lines, made)


def _fresh(vendor_id: int, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that say something new."""
    known = hashes(vendor_id, lines)
    return [line for line in lines if line.first is None and known.get(line.sku) != line.digest]


def _maker() -> makers.Maker | None:
    """Return this process's maker; where a broker feeds several workers these share the cores already."""
    if current_app.config["BROKER_URL"] or (os.cpu_count() or 1) < 2:
        return None
    found: makers.Maker = current_app.extensions.setdefault("maker", makers.Maker())
    return found


def _begin_ahead(run: Import, chunk: int, recipe: Recipe) -> None:
    maker = _maker()
    if maker is not None:
        lines = _fresh(run.vendor_id, spill.read(spill_folder(run.id), chunk))
        maker.begin((run.id, chunk), recipe, [line.sheet for line in lines])


def _taken_ahead(import_id: int, chunk: int) -> dict[str, dict[str, Any]]:
    """Return what was made ahead of this chunk, by identifier; nothing where its turn comes unexpected."""
    maker = _maker()
    made = maker.take((import_id, chunk)) if maker is not None else None
    return {sku_of(columns["mapped"]): columns for columns in made or ()}


@dataclass(frozen=True, slots=True)
class _Taking:
    """How a chunk's lines are taken: by which run, which attributes its file speaks of, what waits for an editor."""

    run: Import
    named: frozenset[str]
    below: float
    may_sell: bool
    trust: TrustLevel


def _write(import_id: int, chunk: int, lines: Sequence[Line], made: Mapping[str, Columns]) -> None:
    """Write a chunk's listings, products and lines in the job's transaction."""
    run = db.session.get_one(Import, import_id)
    query = sa.select(Listing).where(Listing.vendor_id == run.vendor_id, Listing.sku.in_(list(made)))
    existing = {listing.sku: listing for listing in db.session.scalars(query)}
    below, level = current_app.config["REVIEW_BELOW"], trust.level_of(run.vendor_id)
    taking = _Taking(run, _attributes_of(run), below, can_sell(run.vendor), level)
    created = _create(taking, {sku: one for sku, one in made.items() if sku not in existing})
    record.count_applied(made.values())
    sheets = {line.sku: line.sheet for line in lines if line.first is None}
    updated = [sku for sku in made if sku in existing]
    traces.write([_update(existing[sku], sheets[sku], made[sku], taking) for sku in updated])
    grouping.follow([existing[sku] for sku in updated])
    rows = [_line(run, line, made.get(line.sku) if line.first is None else None, existing) for line in lines]
    db.session.execute(sa.insert(ImportLine.__table__), rows)
    _count(run, rows)
    run.chunks_done = chunk + 1
    sync.mark_dirty([*created, *(existing[sku].product_id for sku in updated)])
    following = chunk + 1 < run.chunks_total
    if not following or run.chunks_done % INDEXED_CHUNKS == 0:
        ask_for_indexing()
    kind, more = ("catalog.import_chunk", {"chunk": chunk + 1}) if following else ("catalog.finish_import", {})
    enqueue(kind, {"import_id": import_id, **more})


def _line(run: Import, line: Line, made: Columns | None, existing: Container[str]) -> dict[str, Any]:
    faults = [_issue_json(asdict(fault), line.sheet) for fault in line.faults]
    issues = [*(_issue_json(issue, line.sheet) for issue in (made or {}).get("issues", ())), *faults]
    outcome = LineOutcome.UNCHANGED
    if any(issue["severity"] == Severity.ERROR for issue in issues):
        outcome = LineOutcome.ERROR
    elif made is not None:
        outcome = LineOutcome.UPDATED if line.sku in existing else LineOutcome.CREATED
    return {"import_id": run.id, "row": line.sheet.row, "outcome": outcome, "sku": line.sku, "issues": issues}


def _issue_json(issue: Mapping[str, Any], sheet: MappedSheet) -> dict[str, Any]:
    """Return a fault as the line keeps it: with the vendor's column, without the row that the line has already."""
    column = issue["column"] or sheet.sources.get(issue["attribute"] or "")
    kept = ("code", "severity", "attribute", "value", "params")
    return {**{name: issue[name] for name in kept}, "column": column}


def _create(taking: _Taking, made: Mapping[str, Columns]) -> list[int]:
    """Insert new listings, each on a product page of its own or on that of its variants; returns the pages' ids."""
    if not made:
        return []
    times = {"created_at": now(), "updated_at": now()}
    rows = [{**_row(taking, sku, one), **times} for sku, one in made.items()]
    places = grouping.places(taking.run.vendor_id, rows, taking.named)
    pages = [_page(row) | times for row in places.leaders]
    # Asked for in the order of the rows, the ids would cost SQLite a statement a row. In any order they do as well:
    # of two new pages that say the same, either may be either listing's. The tables are written to rather than the
    # models, which would take the rows apart by what is absent in them.
    blank = defaultdict(list)
    told = (Product.id, Product.title, Product.brand, Product.category, Product.published)
    for number, *says in db.session.execute(sa.insert(Product.__table__).returning(*told), pages) if pages else ():
        blank[tuple(says)].append(number)
    for row in places.leaders:
        row["product_id"] = blank[tuple(_page(row).values())].pop()
    shared = places.settle()
    db.session.execute(sa.insert(Listing.__table__), rows)
    traces.write_created(taking.run, made)
    reasons.of_import(taking.run.vendor_id, (row["sku"] for row in rows if row["status"] == ListingStatus.TO_REVIEW))
    refresh(shared)
    return [row["product_id"] for row in rows]


def _page(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of a single listing says."""
    said = {name: row[name] for name in ("title", "brand", "category")}
    return {**said, "published": row["status"] == ListingStatus.PUBLISHED}


def _row(taking: _Taking, sku: str, columns: Columns) -> dict[str, Any]:
    state = listings.state_of(columns, dismissed=(), flagged=False, below=taking.below, trust=taking.trust)
    if state["status"] == ListingStatus.PENDING and taking.may_sell:
        state["status"] = ListingStatus.PUBLISHED
    returned = state["status"] == ListingStatus.CHANGES_REQUESTED
    keys = {"vendor_id": taking.run.vendor_id, "sku": sku, "import_id": taking.run.id}
    return {**columns, **state, **keys, "returned": returned}


def _update(listing: Listing, sent: MappedSheet, columns: Columns, taking: _Taking) -> dict[str, Any]:
    """Bring a listing up to the vendor's new words; what editors decided stays as far as those words are the same.

    Returns the trace by which that can be taken back.
    """
    digest, run, earlier = columns["content_hash"], taking.run, traces.before(listing)
    mapped = _merged(listing, sent, named=taking.named, clear=run.clear_empty)
    if listing.corrections or listing.undone or mapped is not sent:
        made = listings.remake_of(listing, mapped, corrections=listing.corrections, undone=listing.undone)
        columns = columns_of(made)
    columns = {**columns, "keywords": keywords.carried(listing.keywords, columns["keywords"])}
    dismissed, flagged = listing.dismissed, bool(listing.flags)
    state = listings.state_of(columns, dismissed=dismissed, flagged=flagged, below=taking.below, trust=taking.trust)
    if listing.status in (ListingStatus.WITHDRAWN, ListingStatus.REJECTED):
        state["status"] = ListingStatus.TO_REVIEW if listing.status == ListingStatus.REJECTED else state["status"]
    if state["status"] == ListingStatus.PENDING and taking.may_sell:
        state["status"] = ListingStatus.PUBLISHED
    for name, value in {**columns, **state, "content_hash": digest, "import_id": run.id}.items():
        setattr(listing, name, value)
    set_aside.rescore(listing)
    listing.version += 1
    listing.updated_at = now()
    _follow(listing)
    return traces.changed(run.id, earlier, listing)


def _attributes_of(run: Import) -> frozenset[str]:
    """Return what the file says something about: the attributes of its columns, and those that a rule makes."""
    made = Rules(versions.usable(run.mapping_version)[0], run.columns.keys()).made
    return made.union(attribute for attribute in run.columns.values() if attribute)


def _merged(listing: Listing, mapped: MappedSheet, *, named: frozenset[str], clear: bool) -> MappedSheet:
    """An absent column leaves the value; an empty cell clears it only where the import says so."""
    kept = {
        name: text
        for name, text in listing.mapped.items()
        if name not in mapped.values and not (clear and name in named)
    }
    if not kept:
        return mapped
    return MappedSheet(mapped.row, {**kept, **mapped.values}, {**listing.sources, **mapped.sources}, mapped.extras)


def _follow(listing: Listing) -> None:
    product = listing.product
    product.version += 1
    product.updated_at = now()
    if len(product.listings) == 1:
        product.title, product.brand, product.category = listing.title, listing.brand, listing.category
    product.published = any(one.status == ListingStatus.PUBLISHED for one in product.listings)


def _count(run: Import, lines: Sequence[Mapping[str, Any]]) -> None:
    run.lines_read += len(lines)
    for line in lines:
        outcome = line["outcome"]
        run.lines_in_error += outcome == LineOutcome.ERROR
        run.lines_created += outcome == LineOutcome.CREATED
        run.lines_updated += outcome == LineOutcome.UPDATED
        run.lines_unchanged += outcome == LineOutcome.UNCHANGED
        run.lines_with_warning += outcome != LineOutcome.ERROR and bool(line["issues"])


@handler("catalog.finish_import", max_attempts=8)
def finish_import(import_id: int) -> None:
    """Withdraw what a full replacement left out, tell the vendor, and look for duplicates."""
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.RUNNING:
        return
    if run.full_replacement:
        _withdraw_absent(run)
    note_first_sale(run.vendor)
    run.status = ImportStatus.DONE
    run.finished_at = now()
    run.faults = reports.counts(run)
    shutil.rmtree(spill_folder(import_id), ignore_errors=True)
    maker = _maker()
    if maker is not None:
        maker.stop(lambda key: key[0] == import_id)
    for user in uploads.told(run):
        notify(
            user,
            "import_done",
            url=f"/imports/{run.id}",
            mail=True,
            file=run.file.name,
            success=run.lines_in_success,
            errors=run.lines_in_error,
            # In the reader's own words already: a mail is written once.
            frequent=lessons.most_frequent(run.faults, "en" if user.locale == "en" else "fr"),
        )
    enqueue("catalog.link_listings", {"vendor_id": run.vendor_id, "import_id": run.id})
    enqueue("catalog.count_lessons", {"vendor_id": run.vendor_id})
    enqueue("desk.weigh_trust", {"vendor_id": run.vendor_id})
    enqueue("catalog.weigh_gaps")
    if current_app.config["IMAGES_CHECKED"]:
        enqueue("catalog.note_pictures", {"import_id": run.id})


def _absent(run: Import) -> sa.Select[Any]:
    seen = sa.select(ImportLine.sku).where(ImportLine.import_id == run.id)
    live = (ListingStatus.PUBLISHED, ListingStatus.PENDING, ListingStatus.TO_REVIEW)
    return sa.select(Listing).where(
        Listing.vendor_id == run.vendor_id, Listing.status.in_(live), Listing.sku.not_in(seen)
    )


def _withdraw_absent(run: Import) -> None:
    touched, kept = list[int](), list[dict[str, Any]]()
    for listing in db.session.scalars(_absent(run).execution_options(yield_per=500)):
        earlier = traces.before(listing)
        listing.status = ListingStatus.WITHDRAWN
        listing.version += 1
        listing.updated_at = now()
        _follow(listing)
        kept.append(traces.changed(run.id, earlier, listing, TraceAct.WITHDRAWN))
        touched.append(listing.product_id)
        if len(kept) == TRACED_AT_ONCE:
            traces.write(kept)
            kept.clear()
    traces.write(kept)
    run.lines_withdrawn = len(touched)
    if touched:
        touch(touched)


def _would_withdraw(run: Import, figures: Mapping[str, int]) -> int:
    if not run.full_replacement:
        return 0
    live = db.session.scalar(sa.select(sa.func.count()).select_from(_absent(run).subquery())) or 0
    return max(0, live - figures["changed"] - figures["unchanged"])


def _withdraws_too_much(run: Import) -> bool:
    total = run.forecast["withdrawn"] + run.forecast["changed"] + run.forecast["unchanged"]
    return bool(total) and run.forecast["withdrawn"] > current_app.config["WITHDRAW_STOP_SHARE"] * total


def _refuse(run: Import, code: str, params: Mapping[str, Any]) -> None:
    uploads.refuse(run, code, params)
    shutil.rmtree(spill_folder(run.id), ignore_errors=True)


def broken_job(import_id: int) -> Job | None:
    """Return the task of this import that was given up after its last try, if there is one."""
    query = sa.select(Job).where(Job.state == JobState.FAILED, Job.kind.in_(IMPORT_JOBS))
    return next((job for job in db.session.scalars(query) if job.arguments.get("import_id") == import_id), None)
