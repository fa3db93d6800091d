"""An earlier file read again under the vendor's newest mapping: counted first, applied when a person says so.

Promise: a replay is an import like any other, with its own report, and can be taken back; it replaces no whole
catalogue, so that it withdraws nothing. Not here: the run (`catalog.pipeline`), the counting (`catalog.forecast`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.errors import Conflict
from backoffice.extensions import db
from catalog import pipeline, uploads
from catalog.models import Import, ImportStatus
from catalog.rulebook import words

READ_BEFORE = (ImportStatus.DONE, ImportStatus.CANCELLED)


def files(vendor_id: int) -> sa.Select[Any]:
    """Return the vendor's imports whose file can be read again."""
    query = sa.select(Import).options(joinedload(Import.file), joinedload(Import.mapping_version))
    return query.where(Import.vendor_id == vendor_id, Import.status.in_(READ_BEFORE))


def later(import_id: int, vendor_id: int) -> int:
    """Return how many files of the vendor were taken after this one: their values would be gone over."""
    taken = sa.select(Import.id).where(Import.vendor_id == vendor_id, Import.status.in_(READ_BEFORE))
    query = sa.select(sa.func.count()).select_from(taken.where(Import.id > import_id).subquery())
    return db.session.scalar(query) or 0


def replay(run: Import, *, by: Any) -> Import:
    """Have the import's file read again; it stops with its counts before anything is written. The caller commits."""
    if run.status not in READ_BEFORE:
        raise Conflict(words.replay_impossible())
    again = Import(
        vendor_id=run.vendor_id,
        file_id=run.file_id,
        created_by_id=getattr(by, "id", None),
        locale=run.locale,
        overrides=run.overrides,
        clear_empty=run.clear_empty,
        ask_first=True,
        replay_of_id=run.id,
    )
    again.vendor, again.file = run.vendor, run.file
    db.session.add(again)
    db.session.flush()
    if uploads.look(again) is None:
        return again
    again.locale = run.locale
    audit.record("import.replay", again, by=by, changes={"file": (None, run.file.name)})
    pipeline.confirm(again, by=by)
    return again
