"""Sheets that wait for the same doubt: counted, listed with what a decision would do to each, and named in words.

A group is a code and an attribute, over all vendors or of one. Promise: counting is one pass over an index, whatever the
length of the queue. Not here: deciding on a group (`bulk`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from backoffice.extensions import db
from backoffice.formatting import MANY
from backoffice.vendors.models import Vendor
from catalog import issues, listings, reports, sheet_page
from catalog.desk.models import BulkOutcome, WaitingReason
from catalog.harmonization import RULES
from catalog.issues import attribute_label
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.sheets import Locale

# Groups on a page, the largest first.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Group:
    """A doubt that sheets share: of one vendor's or of all."""

    code: str
    attribute: str
    vendor_id: int | None = None

    def members(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on `WaitingReason` that its rows meet."""
        found = [WaitingReason.code == self.code, WaitingReason.attribute == self.attribute]
        return found if self.vendor_id is None else [*found, WaitingReason.vendor_id == self.vendor_id]

    def count(self) -> int:
        """Return how many sheets wait for it."""
        counted = sa.select(sa.func.count()).select_from(WaitingReason).where(*self.members())
        return db.session.scalar(counted) or 0

    def name(self, locale: Locale) -> str:
        """Return the doubt in words: what the rule does, or the issue's remedy, and the attribute."""
        said = RULES[self.code].text[locale] if self.code in RULES else self._remedy(locale)
        return f"{attribute_label(self.attribute, locale)} · {said}" if self.attribute else said

    def _remedy(self, locale: Locale) -> str:
        return issues.fix(issues.issue(self.code, self.attribute), locale) if self.of_issue else self.code

    @property
    def known(self) -> bool:
        """Whether a rule or an issue of today has this code."""
        return self.code in RULES or self.of_issue

    @property
    def of_issue(self) -> bool:
        """Whether the vendor can be told in the words of an issue."""
        return self.code in issues.ISSUES


def listed(vendor_id: int | None = None) -> list[tuple[Group, int, int]]:
    """Return (group, sheets, vendors) of the largest groups, of one vendor or of all."""
    sheets = sa.func.count()
    query = sa.select(
        WaitingReason.code, WaitingReason.attribute, sheets, sa.func.count(WaitingReason.vendor_id.distinct())
    ).group_by(WaitingReason.code, WaitingReason.attribute)
    if vendor_id is not None:
        query = query.where(WaitingReason.vendor_id == vendor_id)
    ordered = query.order_by(sheets.desc(), WaitingReason.code, WaitingReason.attribute).limit(SHOWN)
    return [
        (Group(code, name, vendor_id), count, vendors) for code, name, count, vendors in db.session.execute(ordered)
    ]


def vendors_of(group: Group) -> list[tuple[int, str, int]]:
    """Return (id, name, sheets) of the vendors whose sheets wait for the doubt, the most sheets first."""
    count = sa.func.count().label("sheets")
    # Counted in the index before the names are looked up: joined first, each row would fetch its vendor.
    counted = sa.select(WaitingReason.vendor_id, count).where(*Group(group.code, group.attribute).members())
    found = counted.group_by(WaitingReason.vendor_id).order_by(count.desc()).limit(SHOWN).subquery()
    query = sa.select(Vendor.id, Vendor.name, found.c.sheets).join(found, found.c.vendor_id == Vendor.id)
    ordered = query.order_by(found.c.sheets.desc(), Vendor.id)
    return [(number, name, sheets) for number, name, sheets in db.session.execute(ordered)]


def members(group: Group) -> tuple[sa.Select[Any], list[tuple[Any, str]]]:
    """Return the query of the group's sheets and its order.

    As the index lies: over all vendors that is one vendor's after another's, and nothing is sorted.
    """
    shown = (Listing.title, Listing.sku, Listing.vendor_id, Listing.issues, Listing.changes, Listing.values)
    listing = joinedload(WaitingReason.listing)
    loaded = listing.load_only(*shown, Listing.dismissed, Listing.flags), listing.joinedload(Listing.vendor)
    query = sa.select(WaitingReason).where(*group.members()).options(loaded[0], loaded[1].load_only(Vendor.name))
    return query, [(WaitingReason.vendor_id, "asc"), (WaitingReason.listing_id, "asc")]


def line(listing: Listing, group: Group, locale: Locale) -> dict[str, Any]:
    """Return what the page shows of one sheet: the doubt, the value before and after, and what accepting would do."""
    change = _of(listing.changes, "rule", group)
    issue = _of(listing.issues, "code", group)
    value = sheet_page.shown(listing.values.get(group.attribute), group.attribute) if group.attribute else ""
    outcome, others = foreseen(listing, group)
    return {
        "message": reports.words(issue, locale) if issue else "",
        "before": sheet_page.shown(change["before"], group.attribute) if change else "",
        "after": sheet_page.shown(change["after"], group.attribute) if change else value,
        "outcome": outcome,
        "others": [_doubt(listing, key).name(locale) for key in others],
    }


def _doubt(listing: Listing, key: str) -> Group:
    """Return the doubt behind one of a sheet's keys; an issue's does not name its attribute."""
    code, _colon, name = key.partition(":")
    of_issue = (one["attribute"] for one in listing.issues if one["code"] == code)
    return Group(code, name or next(of_issue, None) or "")


def keys(listing: Listing, group: Group) -> list[str]:
    """Return the keys of the group's doubt among those that the sheet waits for."""
    ours = (group.code, f"{group.code}:{group.attribute}")
    return [key for key in listings.doubts_of(listing) if key in ours]


def foreseen(listing: Listing, group: Group) -> tuple[BulkOutcome, list[str]]:
    """Return what accepting the group would do to a sheet as it stands, and the doubts it would go on waiting for."""
    if listing.flags:
        return BulkOutcome.LEFT, []
    settled = keys(listing, group)
    others = [key for key in listings.doubts_of(listing) if key not in settled]
    return BulkOutcome.LIGHTER if others else BulkOutcome.DECIDED, others


def prospects(group: Group) -> dict[BulkOutcome, int]:
    """Return how many of the group's first `MANY` sheets accepting would decide, lighten and leave."""
    first = sa.select(WaitingReason.listing_id).where(*group.members()).limit(MANY).subquery()
    other, disputed = aliased(WaitingReason), aliased(Listing)
    # An issue is settled wherever in the sheet it stands; a rule's change, in its attribute.
    differs = other.code != group.code
    if not group.of_issue:
        differs = sa.or_(differs, other.attribute != group.attribute)
    left = sa.exists().where(
        disputed.id == first.c.listing_id,
        disputed.status == ListingStatus.TO_REVIEW,
        disputed.priority <= listings.FLAG_PRIORITY,
    )
    waits = sa.exists().where(other.listing_id == first.c.listing_id, differs)
    decided, lighter, kept = (one.value for one in (BulkOutcome.DECIDED, BulkOutcome.LIGHTER, BulkOutcome.LEFT))
    outcome = sa.case((left, kept), (waits, lighter), else_=decided)
    counted = sa.select(outcome.label("outcome"), sa.func.count()).select_from(first).group_by("outcome")
    return {BulkOutcome(found): count for found, count in db.session.execute(counted)}


def _of(stored: Sequence[dict[str, Any]], name: str, group: Group) -> dict[str, Any] | None:
    """Return the issue or change of a listing that the group is about."""
    ours = (one for one in stored if one[name] == group.code and (one["attribute"] or "") == group.attribute)
    return next(ours, None)


def issue_of(listing: Listing, group: Group) -> dict[str, Any] | None:
    """Return the listing's issue that the group is about, where it is about one."""
    return _of(listing.issues, "code", group)
