"""A vendor's file before it runs: kept, looked at in a child process, its mapping proposed and decided.

Promise: a decision on a column is remembered for the vendor as a new version with its author, and helps other vendors
as a proposal; an upload that cannot be read says so and writes nothing of the catalogue. Not here: the run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from backoffice import audit, files
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.notifications import notify
from backoffice.vendors.models import Vendor
from catalog import words
from catalog.attributes import ATTRIBUTES
from catalog.intake import Limits, Overrides, Preview, Table, UnreadableFile, preview_of, safe_open_table
from catalog.intake.limits import MEGABYTE
from catalog.mapping import ColumnMapping, apply_mapping, propose_mapping
from catalog.models import Import, ImportStatus, MappingVersion
from catalog.text import language

# Vendors whose latest mapping counts as a word on what a header means; more would not change the proposals.
DICTIONARY_VENDORS = 500
# Previews kept in memory: 300 rows each, under a megabyte.
PREVIEWS = 32


def upload(vendor: Vendor, stream: IO[bytes], name: str, *, by: Any, locale: str | None = None) -> Import:
    """Keep a vendor's file and look at it; the caller commits. An unreadable file gives a refused import, not an error."""
    kept = files.store(stream, name, by=by)
    db.session.flush()
    run = Import(vendor_id=vendor.id, file_id=kept.id, file=kept, created_by_id=getattr(by, "id", None))
    run.vendor, run.locale = vendor, locale or vendor.locale or current_app.config["DEFAULT_LOCALE"]
    db.session.add(run)
    db.session.flush()
    look(run)
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
    memory = remembered(run.vendor_id), dictionary(run.vendor_id)
    if key in kept:
        seen = kept[key]
        return replace(seen, columns=tuple(propose_mapping(seen.table.headers, seen.rows, *memory)))
    if len(kept) >= PREVIEWS:
        kept.clear()
    kept[key] = preview = preview_of(opened(run), *memory)
    return preview


def look(run: Import) -> Preview | None:
    """Read the file's head and propose a mapping into the import; None where it is refused."""
    try:
        preview = preview_for(run)
    except UnreadableFile as error:
        refuse(run, error.code, error.params)
        return None
    run.format, run.encoding = preview.table.format, preview.table.encoding or ""
    run.delimiter, run.lines_total = preview.table.delimiter or "", preview.records
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
    remember(run.vendor_id, run.columns, by=by)


def override(run: Import, **choices: Any) -> Preview | None:
    """Read the file again the way a person says: encoding, delimiter, sheet_name; the mapping is proposed anew."""
    if run.status not in (ImportStatus.UPLOADED, ImportStatus.REFUSED):
        raise Conflict(words.import_started())
    run.overrides = {name: value for name, value in choices.items() if value}
    run.status, run.refusal, run.finished_at = ImportStatus.UPLOADED, {}, None
    return look(run)


def remember(vendor_id: int, columns: Mapping[str, str | None], *, by: Any, reason: str = "") -> MappingVersion | None:
    """Keep a mapping as the vendor's newest version; None where it says nothing new."""
    newest = _newest(vendor_id)
    merged = {**(newest.columns if newest else {}), **columns}
    if newest is not None and merged == newest.columns:
        return None
    version = MappingVersion(
        vendor_id=vendor_id,
        version=(newest.version if newest else 0) + 1,
        columns=merged,
        author_id=getattr(by, "id", None),
        reason=reason,
    )
    db.session.add(version)
    audit.record("mapping.change", version, by=by, reason=reason)
    return version


def _newest(vendor_id: int) -> MappingVersion | None:
    query = sa.select(MappingVersion).where(MappingVersion.vendor_id == vendor_id)
    return db.session.scalars(query.order_by(MappingVersion.version.desc()).limit(1)).first()


def remembered(vendor_id: int) -> dict[str, str | None]:
    """Return the vendor's own decisions on headers."""
    newest = _newest(vendor_id)
    return dict(newest.columns) if newest else {}


def dictionary(but_vendor: int) -> dict[str, dict[str, int]]:
    """Return how many other vendors decided each attribute for a header."""
    latest = (
        sa.select(MappingVersion.vendor_id, sa.func.max(MappingVersion.version).label("version"))
        .where(MappingVersion.vendor_id != but_vendor)
        .group_by(MappingVersion.vendor_id)
        .limit(DICTIONARY_VENDORS)
        .subquery()
    )
    query = sa.select(MappingVersion.columns).join(
        latest,
        sa.and_(MappingVersion.vendor_id == latest.c.vendor_id, MappingVersion.version == latest.c.version),
    )
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for columns in db.session.scalars(query):
        for header, attribute in columns.items():
            if attribute:
                counts[header][attribute] += 1
    return {header: dict(found) for header, found in counts.items()}


def of_reader(user: Any) -> sa.Select[Any]:
    """Return the imports that this user may see: staff all, a vendor's user those of the vendor."""
    query = sa.select(Import).options(joinedload(Import.vendor), joinedload(Import.file))
    return query if user.is_staff else query.where(Import.vendor_id == user.vendor_id)


def attribute_choices(locale: str) -> Sequence[tuple[str, str]]:
    """Return (name, label) of every attribute, for a person to choose from."""
    return sorted(((one.name, one.label(locale)) for one in ATTRIBUTES.values()), key=lambda pair: pair[1].lower())
