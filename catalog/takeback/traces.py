"""What an import did to each listing, kept so that it can be taken back: small, and not for ever.

Promise: of a changed listing only what differs is kept; a trace is written in the transaction of the change. Not here:
taking back (`taking_back.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import db, state_type
from backoffice.jobs import enqueue, handler
from catalog.models import Import, Listing

# A price list of 100,000 lines leaves 12 MB of traces, a first import of as many 3 MB.
KEPT_FOR = timedelta(days=30)
KEPT_RUNS = 5
# Traces forgotten in one transaction: 0.1 s.
FORGOTTEN_AT_ONCE = 5_000

Before = Mapping[str, Any]
# What of a listing an import changes and its words do not tell.
_KEPT = ("content_hash", "import_id", "row", "priority", "locale")


class TraceAct(StrEnum):
    """What the import did to the listing."""

    CREATED = "created"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class TraceOutcome(StrEnum):
    """What became of the listing when the import was taken back."""

    RESTORED = "restored"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"


class Trace(db.Model):
    """What one import did to one listing; `version` is the listing's afterwards, `prior` what it said before.

    `prior`: {"mapped": {attribute: text or null}, "sources": {…}, "status", "version", and what else differs}.
    """

    __tablename__ = "import_trace"
    __table_args__ = (
        sa.Index("ix_import_trace_outcome", "import_id", "outcome", "listing_id"),
        sa.Index("ix_import_trace_listing", "listing_id"),
    )

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("catalog_import.id"), primary_key=True)
    # No foreign key: the trace of a listing that was deleted says so.
    listing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[TraceAct] = mapped_column(state_type(TraceAct))
    version: Mapped[int] = mapped_column()
    prior: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    outcome: Mapped[TraceOutcome | None] = mapped_column(state_type(TraceOutcome))
    # Why it was left as it is: "editor" or "import"; the title of a listing that is gone.
    note: Mapped[str | None] = mapped_column(sa.String(200))

    listing: Mapped[Listing | None] = relationship(
        Listing, primaryjoin=sa.orm.foreign(listing_id) == Listing.id, viewonly=True
    )


def before(listing: Listing) -> Before:
    """Return what the listing says now, before an import changes it."""
    kept = {name: getattr(listing, name) for name in _KEPT}
    said = {"mapped": listing.mapped, "sources": listing.sources}
    return {**kept, **said, "status": listing.status.value, "version": listing.version}


def changed(run_id: int, earlier: Before, listing: Listing, act: TraceAct = TraceAct.CHANGED) -> dict[str, Any]:
    """Return the row of a listing that the import changed or withdrew."""
    prior = {name: earlier[name] for name in _KEPT if earlier[name] != getattr(listing, name)}
    prior |= {"status": earlier["status"], "version": earlier["version"]}
    for name in ("mapped", "sources"):
        patch = _patch(earlier[name], getattr(listing, name))
        if patch:
            prior[name] = patch
    fixed = {"act": act, "version": listing.version, "prior": prior}
    return {"import_id": run_id, "listing_id": listing.id, **fixed}


def _patch(earlier: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str | None]:
    """Return what must be put over the later words to have the earlier ones; None takes a word away."""
    names = earlier.keys() | later.keys()
    return {name: earlier.get(name) for name in sorted(names) if earlier.get(name) != later.get(name)}


def patched(later: Mapping[str, str], patch: Mapping[str, str | None]) -> dict[str, str]:
    """Return the earlier words again."""
    whole = {**later, **patch}
    return {name: text for name, text in whole.items() if text is not None}


def write(rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the rows of what an import changed or withdrew."""
    if rows:
        db.session.execute(sa.insert(Trace.__table__), list(rows))


def write_created(run: Import, skus: Iterable[str]) -> None:
    """Keep that the import made these listings of its vendor, in one statement."""
    made = sa.select(
        sa.literal(run.id), Listing.id, sa.literal(TraceAct.CREATED, Trace.act.type), Listing.version
    ).where(Listing.vendor_id == run.vendor_id, Listing.sku.in_(list(skus)))
    columns = ["import_id", "listing_id", "act", "version"]
    db.session.execute(sa.insert(Trace.__table__).from_select(columns, made, include_defaults=False))


@handler("catalog.forget_traces", every=timedelta(days=1))
def forget_traces() -> None:
    """Forget the traces of old imports, a batch a job."""
    kept = sa.func.row_number().over(partition_by=Import.vendor_id, order_by=Import.id.desc()).label("place")
    runs = sa.select(Import.id, Import.finished_at, Import.taking_back_at, Import.taken_back_at, kept).subquery()
    old = sa.select(runs.c.id).where(
        sa.or_(runs.c.finished_at < now() - KEPT_FOR, runs.c.place > KEPT_RUNS),
        sa.or_(runs.c.taking_back_at.is_(None), runs.c.taken_back_at < now() - KEPT_FOR),
    )
    keys = sa.select(Trace.import_id, Trace.listing_id).where(Trace.import_id.in_(old)).limit(FORGOTTEN_AT_ONCE)
    rows = db.session.execute(keys).all()
    if rows:
        db.session.execute(sa.delete(Trace).where(sa.tuple_(Trace.import_id, Trace.listing_id).in_(rows)))
    if len(rows) == FORGOTTEN_AT_ONCE:
        enqueue("catalog.forget_traces")
