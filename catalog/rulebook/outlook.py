"""What the pages of an import say of its mapping and of taking it back, beside what they said before."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.intake import Preview
from catalog.mapping.rule_checks import check
from catalog.models import Import, ImportStatus, Listing
from catalog.rulebook import replays, versions
from catalog.rulebook.models import ImportStudy
from catalog.takeback import taking_back


def of_preview(run: Import, preview: Preview, locale: str) -> dict[str, Any]:
    """Return how many rules the vendor has, what is wrong with them on this file, and whether sheets stand that it may change."""
    read = versions.read_of(versions.newest(run.vendor_id))
    stands = sa.select(sa.exists().where(Listing.vendor_id == run.vendor_id))
    return {
        "rules": len(read.rules),
        "rule_faults": check(read, versions.known(preview.table.headers, locale)),
        "repeated": db.session.scalar(stands),
    }


def of_run(run: Import) -> dict[str, Any]:
    """Return what a run that waits would change, and whether one that is over can be taken back."""
    if run.status == ImportStatus.AWAITING_CONFIRMATION:
        study = db.session.get(ImportStudy, run.id)
        later = replays.later(run.replay_of_id, run.vendor_id) if run.replay_of_id else 0
        return {"differences": study.differences if study else [], "later": later, "can_take_back": False}
    return {"differences": [], "later": 0, "can_take_back": taking_back.refusal(run) is None}
