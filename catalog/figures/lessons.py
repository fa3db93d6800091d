"""What a vendor's sheets teach it: the faults that recur, how many sheets have them, since when, and one of its own.

Promise: counted once after an import or a night, outside the database's lock, in one pass over the vendor's sheets; a
fault that a rule mended counts too, since the vendor can stop making it. Not here: a sheet's faults on its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import issues, reports, sheet_page
from catalog.figures.counting import LIVE
from catalog.figures.models import VendorFault
from catalog.harmonization import RULES
from catalog.models import Import, Listing
from catalog.sheets import Locale, Severity

# A fault of fewer sheets is an accident, not a habit.
RECURRING = 3
# Lessons shown: more than ten at once teach nothing.
SHOWN = 10
# Texts of an example are cut here, like those of messages.
LONGEST_EXAMPLE = 300


class _Told(NamedTuple):
    """What one sheet tells of a code: the first change that mends it, the issue that still stands."""

    change: Mapping[str, Any] | None = None
    issue: Mapping[str, Any] | None = None


@dataclass(slots=True)
class _Found:
    """One code while a vendor's sheets are read."""

    standing: int = 0
    mended: int = 0
    since: datetime | None = None
    listing: int = 0
    example: dict[str, Any] = field(default_factory=dict)
    issue: dict[str, Any] = field(default_factory=dict)

    def show(self, row: Any, told: _Told) -> None:
        """Keep the first example, and one that shows what it should be in place of one that does not."""
        mends = told.change is not None and told.change["after"] is not None
        if not self.example or (mends and "after" not in self.example):
            self.listing, self.example, self.issue = row.id, _example(row, told), dict(told.issue or {})


@handler("catalog.count_lessons")
def count_lessons(vendor_id: int) -> None:
    """Count a vendor's recurring faults anew."""
    with reading():
        found = _found_in(vendor_id)
        db.session.rollback()
    known = {one.code: one for one in db.session.scalars(_faults(vendor_id))}
    for code in known.keys() - found.keys():
        db.session.delete(known[code])
    for code, one in found.items():
        earlier = known[code].since if code in known else None
        since = min(filter(None, (earlier, one.since)), default=now())
        figures = {"standing": one.standing, "mended": one.mended, "since": since, "counted_at": now()}
        told = {"listing_id": one.listing, "example": one.example, "issue": one.issue}
        db.session.merge(VendorFault(vendor_id=vendor_id, code=code, **figures, **told))


@handler("catalog.count_all_lessons", every=timedelta(days=1))
def count_all_lessons() -> None:
    """Have the recurring faults of every vendor with sheets counted anew."""
    for vendor_id in db.session.scalars(sa.select(Listing.vendor_id).distinct()):
        enqueue("catalog.count_lessons", {"vendor_id": vendor_id})


def _faults(vendor_id: int) -> sa.Select[tuple[VendorFault]]:
    return sa.select(VendorFault).where(VendorFault.vendor_id == vendor_id)


def _found_in(vendor_id: int) -> dict[str, _Found]:
    """Return the vendor's recurring faults by code."""
    brought = dict(
        db.session.execute(sa.select(Import.id, Import.created_at).where(Import.vendor_id == vendor_id)).all()
    )
    alone = sa.case((Listing.import_id.is_(None), Listing.created_at)).label("created_at")
    columns = (Listing.id, Listing.import_id, alone, Listing.issues, Listing.changes)
    query = sa.select(*columns).where(Listing.vendor_id == vendor_id, Listing.status.in_(LIVE)).order_by(Listing.id)
    found: dict[str, _Found] = {}
    for row in db.session.execute(query.execution_options(yield_per=1_000)):
        came = brought.get(row.import_id, row.created_at)
        for code, told in _of_sheet(row).items():
            one = found.setdefault(code, _Found())
            one.standing += told.issue is not None
            one.mended += told.issue is None
            one.since = min(one.since or came, came)
            one.show(row, told)
    return {code: one for code, one in found.items() if one.standing + one.mended >= RECURRING}


def _of_sheet(row: Any) -> dict[str, _Told]:
    """Return what a sheet tells of its faults, by code."""
    found: dict[str, _Told] = {}
    for change in row.changes:
        code = RULES[change["rule"]].fixes if change["rule"] in RULES else None
        if code:
            found.setdefault(code, _Told(change))
    for issue in row.issues:
        found[issue["code"]] = _Told(found.get(issue["code"], _Told()).change, issue)
    return found


def _example(row: Any, told: _Told) -> dict[str, Any]:
    """Return the fault as it stood on this sheet, and what it became where it was mended."""
    issue = told.issue or {}
    if told.change is not None:
        attribute, said = told.change["attribute"], {"before": told.change["before"]}
        said |= {"after": told.change["after"]} if told.change["after"] is not None else {}
        column = None
    else:
        attribute, said, column = issue.get("attribute"), {"before": issue.get("value")}, issue.get("column")
    texts = {name: sheet_page.text_of(value)[:LONGEST_EXAMPLE] for name, value in said.items()}
    return {"attribute": attribute, "column": column or _column(row.id, attribute or ""), **texts}


def _column(listing_id: int, attribute: str) -> str:
    """Return the vendor's column that an attribute of a sheet came from; asked for the few examples alone."""
    sources = db.session.scalar(sa.select(Listing.sources).where(Listing.id == listing_id))
    return (sources or {}).get(attribute) or ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One recurring fault as its vendor reads it."""

    code: str
    severity: Severity
    sentence: str
    remedy: str
    standing: int
    mended: int
    since: datetime
    listing_id: int
    attribute: str
    column: str
    before: str
    after: str | None


def of_vendor(vendor_id: int, locale: Locale) -> list[Lesson]:
    """Return a vendor's lessons, blocking faults first, then by how many sheets they concern."""
    faults = [one for one in db.session.scalars(_faults(vendor_id)) if one.code in issues.ISSUES]
    worst = sorted(faults, key=lambda one: (_severity(one) != Severity.ERROR, -one.standing - one.mended, one.code))
    return [_lesson(one, locale) for one in worst[:SHOWN]]


def _severity(fault: VendorFault) -> Severity:
    return Severity(fault.issue["severity"]) if fault.issue else Severity.WARNING


def _lesson(fault: VendorFault, locale: Locale) -> Lesson:
    example = fault.example
    stored = fault.issue or {
        "code": fault.code, "severity": Severity.WARNING, "attribute": example.get("attribute"),
        "value": example.get("before"),
    }  # fmt: skip
    return Lesson(
        fault.code,
        _severity(fault),
        reports.words(stored, locale),
        issues.fix(reports.issue_of(stored), locale),
        fault.standing,
        fault.mended,
        fault.since,
        fault.listing_id,
        issues.attribute_label(example["attribute"], locale) if example.get("attribute") else "",
        example.get("column", ""),
        example.get("before", ""),
        example.get("after"),
    )


def most_frequent(faults: Iterable[Iterable[Any]], locale: Locale, most: int = 3) -> list[tuple[str, int]]:
    """Return (what is to be done, lines) of an import's commonest faults: blocking ones first."""
    known = [(str(code), int(lines)) for code, lines, _first in faults if code in issues.ISSUES]
    known.sort(key=lambda one: (issues.severity_of(one[0]) != Severity.ERROR, -one[1], one[0]))
    return [(issues.fix(code, locale), lines) for code, lines in known[:most]]
