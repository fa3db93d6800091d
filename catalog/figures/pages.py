"""What the pages of quality show, put together from counted rows: charts' points, comparisons, sheets to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date
from sqlalchemy.orm import joinedload

from backoffice.extensions import db
from backoffice.formatting import day as day_words
from backoffice.formatting import percent
from backoffice.vendors.models import Vendor
from catalog import issues, quality, set_aside
from catalog.figures import course, mending
from catalog.figures.counting import RATE_SHEETS, RATE_WEEKS
from catalog.figures.models import ArrivalWeek, MarketFigure, MendFirst
from catalog.models import Listing
from catalog.requirements import Requirements
from catalog.sheets import Locale
from catalog.taxonomies import levels

# Lacks named of one sheet: the heaviest say what to do.
LACKS = 3
_READ = (
    Listing.id, Listing.sku, Listing.title, Listing.vendor_id, Listing.row, Listing.values, Listing.issues,
    Listing.keywords, Listing.set_aside, Listing.category, Listing.completeness, Listing.quality,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A share of one vendor beside the marketplace's median, where there is one to tell."""

    own: float | None
    median: MarketFigure | None

    @property
    def tone(self) -> str:
        """Return how the vendor's share stands to the median."""
        if self.own is None or self.median is None:
            return "neutral"
        return "attention" if self.own < self.median.value else "done"


def points(stood: Mapping[str, course.Standing], name: str) -> list[dict[str, Any]]:
    """Return the points of a curve of one score over the counted days."""
    values = [(day, getattr(one, name)) for day, one in stood.items() if one.sheets]
    return [
        {"label": day_words(course.day_of(day)), "value": value, "display": percent(value)} for day, value in values
    ]


def acceptance(weeks: Sequence[ArrivalWeek]) -> list[dict[str, Any]]:
    """Return the points of first acceptance by week of arrival, for the weeks in which something was decided."""
    return [
        {
            "label": format_date(course.day_of(one.week), "d MMM"),
            "value": one.passed / one.decided,
            "display": f"{percent(one.passed / one.decided)} ({one.passed}/{one.decided})",
        }
        for one in weeks
        if one.decided
    ]


def rate(weeks: Sequence[ArrivalWeek]) -> float | None:
    """Return the share accepted at first of the last weeks; None where too few sheets were decided."""
    last = weeks[-RATE_WEEKS:]
    decided = sum(one.decided for one in last)
    return sum(one.passed for one in last) / decided if decided >= RATE_SHEETS else None


@dataclass(frozen=True, slots=True)
class ToMend:
    """A sheet to mend, with what it lacks in words."""

    listing: Listing
    sold: int
    found: int
    met: int
    missing: float
    effect: float
    # Aims that the sheet does not reach yet, and attributes that its category asks for.
    aims: list[str]
    missed: list[str]


def with_sheets(query: sa.Select[tuple[MendFirst]]) -> sa.Select[tuple[MendFirst]]:
    """Return the query with all that a line of it shows, so that no line asks again."""
    sheet = joinedload(MendFirst.listing)
    return query.options(sheet.load_only(*_READ), sheet.joinedload(Listing.vendor).load_only(Vendor.name))


def to_mend(row: MendFirst, requirements: Requirements, locale: Locale) -> ToMend:
    """Return a ranked sheet as its line shows it."""
    listing = row.listing
    failed = [one for one in set_aside.quality_of(listing).checks if not one.passed and not one.dismissed]
    failed.sort(key=lambda one: -one.check.weight)
    aims = [one.check.text[locale] for one in failed[:LACKS]]
    _share, missing = quality.completeness(listing.values, listing.category, requirements)
    named = [issues.attribute_label(name, locale) for name in missing[:LACKS]]
    return ToMend(listing, row.sold, row.found, mending.met(row), row.missing, row.effect, aims, named)


def first_to_mend(vendor: int, locale: Locale, most: int) -> list[ToMend]:
    """Return the vendor's sheets whose mending matters most."""
    query = mending.ranked(vendor).order_by(MendFirst.effect.desc(), MendFirst.listing_id.desc()).limit(most)
    rows = db.session.scalars(with_sheets(query)).all()
    asked = levels.current() if rows else Requirements({})
    return [to_mend(row, asked, locale) for row in rows]
