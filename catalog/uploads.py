"""A vendor's file before it runs: kept, looked at in a child process, its mapping proposed and decided.

Promise: a decision on a column is remembered for the vendor as a new version with its author, and helps other vendors
as a proposal; an upload that cannot be read says so and writes nothing of the catalogue. Not here: the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from backoffice import audit, files
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.database import reading
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.notifications import notify
from backoffice.options import in_reading_order
from backoffice.vendors.models import Vendor
from catalog import words
from catalog.attributes import ATTRIBUTES
from catalog.intake import Limits, Overrides, Preview, Table, UnreadableFile, preview_of, safe_open_table
from catalog.intake.limits import MEGABYTE
from catalog.mapping import ColumnMapping, apply_mapping, propose_mapping
from catalog.models import Import, ImportStatus
from catalog.rulebook import decisions, versions
from catalog.rulebook.words import confirmed_with
from catalog.text import language

# Previews kept in memory: 300 rows each, under a megabyte.
PREVIEWS = 32
# A file up to this size is looked at while its sender waits: 0.2 s. Telling the encoding of 100 MB takes 2 s.
LOOKED_AT_ONCE = 8 * MEGABYTE
# Lines counted between two looks at whether the number is still wanted.
COUNTED_BETWEEN = 20_000


def upload(
    vendor: Vendor, stream: IO[bytes], name: str, *, by: Any, locale: str | None = None, later: str | None = None
) -> Import:
    """Keep a vendor's file and look at it; the caller commits. An unreadable file gives a refused import, not an error.

    `later` names the job that looks at a large file: the answer waits for nothing but the bytes.
    """
    kept = files.store(stream, name, by=by)
    db.session.flush()
    run = Import(vendor_id=vendor.id, file_id=kept.id, file=kept, created_by_id=getattr(by, "id", None))
    run.vendor, run.locale = vendor, locale or vendor.locale or current_app.config["DEFAULT_LOCALE"]
    db.session.add(run)
    db.session.flush()
    see(run, later=later)
    audit.record("import.upload", run, by=by, changes={"file": (None, kept.name)})
    return run


def limits() -> Limits:
    """Return what reading one file may take, by the settings."""
    settings = current_app.config
    return Limits(process_bytes=settings["PARSE_MEMORY_MB"] * MEGABYTE, seconds=float(settings["PARSE_SECONDS"]))


def opened(run: Import) -> Table:
    """Return the import's file as a table, parsed in a child process; raises UnreadableFile."""
    overrides = Overrides(**run.overrides) if run.overrides else None
    return safe_open_table(run.file.path, file_name=run.file.name, overrides=overrides, limits=limits())


def preview_for(run: Import) -> Preview:
    """Return the preview of the import's file, read once by this process; raises UnreadableFile.

    The page that shows it is opened again and again while its columns are decided, and reading starts a child process.
    """
    kept: dict[Any, Preview] = current_app.extensions.setdefault("previews", {})
    key = (run.file.path, run.file.name, tuple(sorted(run.overrides.items())))
    memory = versions.remembered(run.vendor_id), decisions.headers(run.vendor_id)
    if key in kept:
        seen = kept[key]
        return replace(seen, columns=tuple(propose_mapping(seen.table.headers, seen.rows, *memory)))
    if len(kept) >= PREVIEWS:
        kept.clear()
    kept[key] = preview = preview_of(opened(run), *memory, count_all=False)
    return preview


def see(run: Import, *, later: str | None) -> None:
    """Look at the import's file now, or where it is large and may wait, have this job look."""
    if later and run.file.size > LOOKED_AT_ONCE:
        run.format = ""
        enqueue(later, {"import_id": run.id})
        return
    preview = look(run)
    if preview is not None and preview.records is None:
        enqueue("catalog.count_import", {"import_id": run.id})


def unseen(run: Import) -> bool:
    """Return whether the file has not been looked at yet."""
    return run.status == ImportStatus.UPLOADED and not run.format


LOOK = "catalog.look_import"


@handler(LOOK, max_attempts=3)
def look_import(import_id: int) -> None:
    """Look at a large file; what it is and how it is mapped stands on the import's page afterwards."""
    with reading():
        run = db.session.get_one(Import, import_id)
        if not unseen(run):
            return
        try:
            # Kept for the line below: no lock is held while the file is read.
            preview_for(run)
        except UnreadableFile as error:
            refusal: UnreadableFile | None = error
        else:
            refusal = None
        db.session.rollback()
    run = db.session.get_one(Import, import_id)
    if refusal is not None:
        refuse(run, refusal.code, refusal.params)
    elif unseen(run):
        see(run, later=None)


@handler("catalog.count_import", max_attempts=3)
def count_import(import_id: int) -> None:
    """Count the lines of a file that waits for its mapping; once it is imported, they are counted by that."""
    refusal: UnreadableFile | None = None
    lines = 0
    with reading():
        try:
            lines = _counted(db.session.get_one(Import, import_id))
        except UnreadableFile as error:
            refusal = error
        db.session.rollback()
    run = db.session.get_one(Import, import_id)
    if run.status != ImportStatus.UPLOADED:
        return
    if refusal is not None:
        refuse(run, refusal.code, refusal.params)
    run.lines_total = lines


def _counted(run: Import) -> int:
    """Return the number of lines; stops where the import has been started meanwhile."""
    number, lines = run.id, 0
    if run.status != ImportStatus.UPLOADED:
        return 0
    still_waits = sa.select(Import.id).where(Import.id == number, Import.status == ImportStatus.UPLOADED)
    for lines, _row in enumerate(opened(run).rows(), 1):
        if lines % COUNTED_BETWEEN == 0:
            db.session.rollback()
            if db.session.scalar(still_waits) is None:
                break
    return lines


def look(run: Import) -> Preview | None:
    """Read the file's head and propose a mapping into the import; None where it is refused."""
    try:
        preview = preview_for(run)
    except UnreadableFile as error:
        refuse(run, error.code, error.params)
        return None
    run.format, run.encoding = preview.table.format, preview.table.encoding or ""
    run.delimiter, run.lines_total = preview.table.delimiter or "", preview.records or 0
    run.columns = {column.header: column.attribute for column in preview.columns}
    run.locale = spoken(preview) or run.locale
    if preview.records == 0:
        refuse(run, "no_records", {"name": run.file.name})
        return None
    return preview


def spoken(preview: Preview) -> str | None:
    """Return the language that most of the file's first sheets are written in; None where it cannot be told."""
    sheets = [apply_mapping(row, preview.columns) for row in preview.rows]
    texts = (f"{one.values.get('title', '')} {one.values.get('description', '')}" for one in sheets)
    counts = Counter(found for text in texts if (found := language(text)) is not None)
    return counts.most_common(1)[0][0] if counts else None


def refuse(run: Import, code: str, params: Mapping[str, Any]) -> None:
    """End an import whose file cannot be read, with the sentence that says why; nothing of it was written."""
    run.status = ImportStatus.REFUSED
    run.refusal = {"code": code, "params": dict(params)}
    run.finished_at = now()
    for user in told(run):
        notify(user, "import_refused", url=f"/imports/{run.id}", file=run.file.name)


def told(run: Import) -> Sequence[User]:
    """Return who is told how the import ended: who started it."""
    return db.session.scalars(sa.select(User).where(User.id == run.created_by_id)).all()


def columns_of(run: Import) -> list[ColumnMapping]:
    """Return the import's columns as they will be read, with units and companions that headers carry."""
    table = opened(run)
    sample = [row for row, _ in zip(table.rows(), range(300), strict=False)]
    return propose_mapping(table.headers, sample, run.columns)


def choose(run: Import, columns: Mapping[str, str | None], *, by: Any) -> None:
    """Set the mapping of an import that has not started; raises Invalid for an unknown attribute."""
    if run.status != ImportStatus.UPLOADED:
        raise Conflict(words.import_started())
    unknown = sorted({name for name in columns.values() if name and name not in ATTRIBUTES})
    if unknown:
        raise Invalid(words.unknown_attribute(unknown[0]))
    run.columns = {header: columns.get(header) or None for header in run.columns}
    versions.remember(run.vendor_id, run.columns, by=by, reason=confirmed_with(run.file.name))


def override(run: Import, **choices: Any) -> None:
    """Read the file again the way a person says: encoding, delimiter, sheet_name; the mapping is proposed anew."""
    if run.status not in (ImportStatus.UPLOADED, ImportStatus.REFUSED):
        raise Conflict(words.import_started())
    run.overrides = {name: value for name, value in choices.items() if value}
    run.status, run.refusal, run.finished_at = ImportStatus.UPLOADED, {}, None
    see(run, later=LOOK)


def everything() -> sa.Select[Any]:
    """Return every import with its vendor and file."""
    return sa.select(Import).options(joinedload(Import.vendor), joinedload(Import.file))


def of_reader(user: Any) -> sa.Select[Any]:
    """Return the imports that this user may see: staff all, a vendor's user those of the vendor."""
    query = everything()
    return query if user.is_staff else query.where(Import.vendor_id == user.vendor_id)


def attribute_choices(locale: str) -> Sequence[tuple[str, str]]:
    """Return (name, label) of every attribute, for a person to choose from."""
    return in_reading_order((one.name, one.label(locale)) for one in ATTRIBUTES.values())
