"""One import from file to published listings, in jobs that can be killed anywhere and go on.

    upload ─► read: file → mapped sheets, spilled in chunks beside the file; what they teach is learned; a forecast
           ─► (a full replacement that would withdraw too much waits for a person, and so does one who asked to see first)
           ─► chunk 0 … n, each one transaction: harmonize → write listings, products, lines, marks for the index
           ─► finish: withdraw what a full replacement left out, tell the vendor, look for duplicates

Promise: every line is accounted for once (unique by import and line); an unchanged sheet is not written; memory is
bounded by a chunk. Chunks are read from the spill, never from the vendor's file again. Not here: the stages themselves,
and whose turn it is among a vendor's imports (`import_turns`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice import audit
from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.notifications import notify
from catalog import makers, replacement, reports, spill, uploads, workshop, writing
from catalog.assembly import Recipe
from catalog.columns import sku_of
from catalog.figures import lessons
from catalog.forecast import Forecast, hashes
from catalog.import_turns import has_turn
from catalog.intake import Table, UnreadableFile
from catalog.mapping import Rules, map_rows
from catalog.models import Import, ImportStatus, Listing
from catalog.publishing import ask_for_indexing, note_first_sale
from catalog.rulebook import versions
from catalog.search import sync
from catalog.sheets import MappedSheet
from catalog.spill import Line

# An import of fewer chunks is over before a child that makes sheets ahead is ready.
AHEAD_FROM_CHUNKS = 6
# Chunks written between two turns of the indexer: its commits cost less for many sheets than for few.
INDEXED_CHUNKS = 6


def confirm(run: Import, *, by: Any) -> None:
    """Start the import with its mapping as it stands; the caller commits."""
    run.status = ImportStatus.READING
    run.mapping_version = versions.newest(run.vendor_id)
    audit.record("import.confirm", run, by=by)
    enqueue("catalog.read_import", {"import_id": run.id})


def spill_folder(run_id: int) -> Path:
    """Return where an import's chunks wait to be written."""
    return Path(current_app.config["DATA_FOLDER"]) / "spill" / str(run_id)


LOOK_AND_START = "catalog.start_import"


@handler(LOOK_AND_START, max_attempts=3)
def start_import(import_id: int) -> None:
    """Look at a large file that a program sent, and start its import where a column holds the title."""
    uploads.look_import(import_id)
    start_if_mapped(db.session.get_one(Import, import_id), by=None)


def start_if_mapped(run: Import, *, by: Any) -> None:
    """Start the import of a file that was looked at where its columns make sheets; else it waits for a person."""
    if run.status == ImportStatus.UPLOADED and makes_sheets(run, run.columns):
        confirm(run, by=by)


def makes_sheets(run: Import, columns: Mapping[str, str | None]) -> bool:
    """Tell whether a column or a rule says the title, or names sheets that the vendor has and whose titles stay."""
    made = Rules(versions.usable(versions.newest(run.vendor_id))[0], columns.keys()).made
    named = {*made, *columns.values()}
    if "title" in named or not named & {"id", "gtin"}:
        return "title" in named
    return db.session.scalar(sa.select(Listing.id).where(Listing.vendor_id == run.vendor_id).limit(1)) is not None


@handler("catalog.read_import", max_attempts=3)
def read_import(import_id: int) -> None:
    """Read the whole file once: spill it in chunks, learn from it, count what it would change."""
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.READING or not has_turn(run, "catalog.read_import", {"import_id": import_id}):
        return
    maker = _maker()
    if (
        maker is not None
        and not run.ask_first
        and run.lines_total >= AHEAD_FROM_CHUNKS * current_app.config["CHUNK_ROWS"]
    ):
        maker.warm()
    _read(run)
    if db.session.get_one(Import, import_id).status != ImportStatus.RUNNING:
        _stop_ahead(import_id)


def _read(run: Import) -> None:
    # Reading takes minutes on a large file: no lock is held meanwhile.
    import_id, vendor_id, locale = run.id, run.vendor_id, run.locale
    file, columns = uploads.opened(run), uploads.columns_of(run)
    rules = Rules(versions.usable(run.mapping_version)[0], file.headers)
    named = writing.attributes_of(run)
    forecast = Forecast(
        vendor_id, in_detail=run.ask_first, replacing=run.full_replacement, named=named, clear=run.clear_empty
    )
    db.session.rollback()
    try:
        _spill(import_id, file, map_rows(file.rows(), columns, rules), forecast)
    except UnreadableFile as error:
        _refuse(db.session.get_one(Import, import_id), error.code, error.params)
        return
    workshop.learn(vendor_id, locale, forecast.sample)
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.READING:
        # Cancelled while it was read: going on would write what its sender has just been told will not be.
        _forget(import_id)
        return
    run.lines_total, run.chunks_total = forecast.lines, forecast.chunks
    if run.lines_total == 0:
        _refuse(run, "no_records", {"name": run.file.name})
        return
    db.session.merge(forecast.study(import_id))
    run.forecast = {**forecast.figures, **replacement.figures(run, forecast.staying)}
    if run.ask_first or replacement.withdraws_too_much(run):
        run.status = ImportStatus.AWAITING_CONFIRMATION
        return
    _open(run)


def cancel(run: Import, *, by: Any) -> None:
    """Stop the import between two chunks: what was written stays; the caller commits."""
    if run.status == ImportStatus.AWAITING_CONFIRMATION:
        # No task comes by that would put its chunks away.
        _forget(run.id)
    run.status, run.finished_at = ImportStatus.CANCELLED, now()
    audit.record("import.cancel", run, by=by)


def _forget(import_id: int) -> None:
    """Put away the chunks of an import that will not be written, and let the child that makes them end."""
    shutil.rmtree(spill_folder(import_id), ignore_errors=True)
    _stop_ahead(import_id)


def proceed(run: Import) -> None:
    """Go on with an import that waited for a person, once others that had their turn meanwhile are over.

    The caller commits.
    """
    run.status, run.started_at = ImportStatus.RUNNING, None
    enqueue("catalog.begin_import", {"import_id": run.id})


@handler("catalog.begin_import", max_attempts=3)
def begin_import(import_id: int) -> None:
    """Open the first chunk of an import that has been read, when its turn has come."""
    run = db.session.get_one(Import, import_id)
    if run.status == ImportStatus.RUNNING and has_turn(run, "catalog.begin_import", {"import_id": import_id}):
        _open(run)


def _open(run: Import) -> None:
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
        if run.status == ImportStatus.CANCELLED:
            _forget(import_id)
        if run.status != ImportStatus.RUNNING or run.chunks_done > chunk:
            return
        recipe = workshop.recipe_of(run.vendor_id, run.locale)
        lines = spill.read(spill_folder(import_id), chunk)
        made = _taken_ahead(import_id, chunk)
        _begin_ahead(run, chunk, recipe)
        left = [
            line for line in _fresh(run.vendor_id, lines) if made.get(line.sku, {}).get("content_hash") != line.digest
        ]
        db.session.rollback()
        fresh = makers.columns_made([line.sheet for line in left], workshop.made_by(recipe))
        made |= {line.sku: columns for line, columns in zip(left, fresh, strict=True)}
    _write(import_id, chunk, lines, made, recipe)


def _write(import_id: int, chunk: int, lines: Sequence[Line], made: Mapping[str, Any], recipe: Recipe) -> None:
    """Write the chunk and ask for what follows it, in the job's transaction."""
    run = db.session.get_one(Import, import_id)
    # Another import of the vendor may have written since the chunk was compared: what said nothing new then does now.
    overtaken = [line for line in _fresh(run.vendor_id, lines) if line.sku not in made]
    late = makers.columns_made([line.sheet for line in overtaken], workshop.made_by(recipe))
    made = {**made, **{line.sku: columns for line, columns in zip(overtaken, late, strict=True)}}
    sync.mark_dirty(writing.write(run, lines, made))
    run.chunks_done = chunk + 1
    following = chunk + 1 < run.chunks_total
    if not following or run.chunks_done % INDEXED_CHUNKS == 0:
        ask_for_indexing()
    kind, more = ("catalog.import_chunk", {"chunk": chunk + 1}) if following else ("catalog.finish_import", {})
    enqueue(kind, {"import_id": import_id, **more})


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
    """Have the child make the chunks that come after this one, as many as it takes."""
    maker = _maker()
    if maker is None or run.chunks_total < AHEAD_FROM_CHUNKS:
        return
    for number in range(chunk + 1, min(chunk + 1 + makers.AHEAD, run.chunks_total)):
        if maker.takes((run.id, number)):
            lines = _fresh(run.vendor_id, spill.read(spill_folder(run.id), number))
            maker.begin((run.id, number), recipe, [line.sheet for line in lines])


def _taken_ahead(import_id: int, chunk: int) -> dict[str, dict[str, Any]]:
    """Return what was made ahead of this chunk, by identifier; nothing where its turn comes unexpected."""
    maker = _maker()
    made = maker.take((import_id, chunk), workshop.made_by) if maker is not None else None
    return {sku_of(columns["mapped"]): columns for columns in made or ()}


def _stop_ahead(import_id: int) -> None:
    """Let the child end where no other import needs it."""
    maker = _maker()
    if maker is not None:
        maker.stop(lambda key: key[0] == import_id)


@handler("catalog.finish_import", max_attempts=8)
def finish_import(import_id: int) -> None:
    """Withdraw what a full replacement left out, tell the vendor, and look for duplicates."""
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.RUNNING:
        return
    if run.full_replacement:
        replacement.withdraw_absent(run)
    note_first_sale(run.vendor)
    run.status = ImportStatus.DONE
    run.finished_at = now()
    run.faults = reports.counts(run)
    _forget(import_id)
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


def _refuse(run: Import, code: str, params: Mapping[str, Any]) -> None:
    uploads.refuse(run, code, params)
    shutil.rmtree(spill_folder(run.id), ignore_errors=True)
