"""Checks of quality that an editor set aside on a sheet, each with its reason, and the sheet's score without them.

Promise: a check set aside covers the faults that were found then and no later ones; what keeps a sheet from being
published cannot be set aside; setting aside and taking it back are on the sheet's history. Not here: the checks
themselves (`catalog.quality`), doubts that an editor settles by accepting a sheet (`catalog.review`).
"""

from __future__ import annotations

from typing import Any

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from catalog import publishing, quality, reports, words
from catalog.models import Listing
from catalog.quality import CheckResult, Quality, Standing
from catalog.sheets import HarmonizedSheet, KeywordGap, Severity

LONGEST_REASON = 300


def quality_of(listing: Listing) -> Quality:
    """Return the score, band and checks of a stored sheet, with what was set aside counted as settled."""
    gaps = [KeywordGap(one["kind"], one["term"], one["evidence"]) for one in listing.keywords]
    issues = [reports.issue_of(one) for one in listing.issues]
    settled = {code for entry in listing.set_aside.values() for code in entry["codes"]}
    return quality.quality(HarmonizedSheet(listing.row, listing.values, issues=issues), gaps, settled)


def rescore(listing: Listing) -> None:
    """Bring the stored score in line with what was set aside; without any, the score that was made is right already."""
    if listing.set_aside:
        listing.quality = quality_of(listing).score


def dismiss(listing: Listing, check: str, reason: str, *, by: Any) -> None:
    """Set a failed check aside; raises Invalid without a reason, or where it keeps the sheet from being published."""
    found = _failed(listing, check)
    if not reason.strip():
        raise Invalid(words.reason_for_check())
    blocking = {one["code"] for one in listing.issues if one["severity"] == Severity.ERROR}
    if blocking.intersection(found.found):
        raise Invalid(words.check_blocks())
    why = reason.strip()[:LONGEST_REASON]
    signed = {"by": getattr(by, "display_name", ""), "at": now().isoformat()}
    _keep(listing, {**listing.set_aside, check: {"codes": list(found.found), "reason": why, **signed}})
    audit.record("listing.dismiss_check", listing, by=by, changes={check: (None, Standing.SET_ASIDE)}, reason=why)


def restore(listing: Listing, check: str, *, by: Any) -> None:
    """Let a check that was set aside count again; raises Conflict where it was not."""
    if check not in listing.set_aside:
        raise Conflict(words.not_set_aside())
    _keep(listing, {name: entry for name, entry in listing.set_aside.items() if name != check})
    audit.record("listing.restore_check", listing, by=by, changes={check: (Standing.SET_ASIDE, None)})


def _failed(listing: Listing, check: str) -> CheckResult:
    for result in quality_of(listing).checks:
        if result.check.id == check and not result.passed:
            return result
    raise Invalid(words.check_passes())


def _keep(listing: Listing, entries: dict[str, Any]) -> None:
    listing.set_aside = entries
    listing.quality = quality_of(listing).score
    listing.version += 1
    listing.updated_at = now()
    # A page shows the best of its sheets first.
    publishing.refresh([listing.product_id])
