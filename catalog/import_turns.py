"""Whose turn it is among the imports of one vendor: they are read and written one after another, as they were sent.

Promise: what the later file says stays, and what it changes or withdraws is counted over what the earlier one wrote; an
import whose task was given up holds up nobody. Not here: reading and writing (`pipeline`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, enqueue
from catalog.models import Import, ImportStatus

LIVE = (ImportStatus.READING, ImportStatus.RUNNING)
IMPORT_JOBS = ("catalog.read_import", "catalog.begin_import", "catalog.import_chunk", "catalog.finish_import")
ASKED_AGAIN = timedelta(seconds=3)


def has_turn(run: Import, task: str, arguments: Mapping[str, Any]) -> bool:
    """Begin this import if its turn has come; else have the task come back later. Commits where it begins."""
    if run.started_at is not None:
        return True
    if waits(run):
        enqueue(task, arguments, due_at=now() + ASKED_AGAIN)
        return False
    run.started_at = now()
    # Before the file is read, which takes minutes: the others see at once that this one has begun.
    db.session.commit()
    return True


def waits(run: Import) -> bool:
    """Return whether another import of the vendor has begun and is not over, or was sent before and is to begin."""
    if run.status not in LIVE or run.started_at is not None:
        return False
    before = sa.select(Import.id).where(
        Import.vendor_id == run.vendor_id,
        Import.id != run.id,
        Import.status.in_(LIVE),
        sa.or_(Import.started_at.is_not(None), Import.id < run.id),
    )
    return any(broken_job(number) is None for number in db.session.scalars(before))


def broken_job(import_id: int) -> Job | None:
    """Return the task of this import that was given up after its last try, if there is one."""
    of_import = Job.arguments["import_id"].as_integer() == import_id
    failed = sa.select(Job).where(Job.state == JobState.FAILED, Job.kind.in_(IMPORT_JOBS), of_import)
    return db.session.scalar(failed.order_by(Job.id).limit(1))
