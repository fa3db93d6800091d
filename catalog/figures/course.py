"""The figures as pages show them: how things stand, their course over time, a table by vendor or category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import tree
from catalog.figures.models import ALL_CATEGORIES, ALL_VENDORS, ArrivalWeek, MarketFigure, QualityDay
from catalog.quality import Band

# Lines of a table of vendors or categories, those with the most sheets first.
SHOWN = 100
BAND_TONES = {Band.A: "done", Band.B: "info", Band.C: "accent", Band.D: "attention", Band.E: "blocked"}
_COUNTED = (
    QualityDay.sheets, QualityDay.band_a, QualityDay.band_b, QualityDay.band_c, QualityDay.band_d, QualityDay.band_e,
    QualityDay.completeness, QualityDay.quality,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Sheets of a scope on a day: how many, by band, and the means of completeness and quality (0 to 1)."""

    sheets: int
    bands: Sequence[int]
    completeness: float
    quality: float

    @classmethod
    def of(cls, row: Sequence[Any]) -> Standing:
        """Return the standing of summed columns: sheets, five bands, and the two sums of scores."""
        sheets = int(row[0] or 0)
        whole = sheets or 1
        return cls(sheets, [int(one or 0) for one in row[1:6]], (row[6] or 0) / whole, (row[7] or 0) / whole)

    def segments(self) -> list[dict[str, Any]]:
        """Return the bands as the parts of a bar."""
        return [
            {"label": str(band), "value": count, "tone": BAND_TONES[band]}
            for band, count in zip(Band, self.bands, strict=True)
        ]


def last_day() -> str | None:
    """Return the day that was counted last."""
    return db.session.scalar(sa.select(sa.func.max(MarketFigure.day)))


def counted_at(day: str) -> datetime | None:
    """Return when the figures of a day were counted."""
    return db.session.scalar(sa.select(MarketFigure.at).where(MarketFigure.day == day, MarketFigure.name == "counted"))


NOTHING = Standing(0, (0, 0, 0, 0, 0), 0.0, 0.0)


def course(vendor: int = ALL_VENDORS, category: str | None = None, *, since: str) -> dict[str, Standing]:
    """Return how the sheets of a vendor and a category's branch stood on each counted day; 0 and None stand for all."""
    query = (
        sa.select(QualityDay.day, *(sa.func.sum(one) for one in _COUNTED))
        .where(
            QualityDay.vendor_id == vendor,
            QualityDay.category.in_(_branch(category)),
            QualityDay.day >= since,
        )
        .group_by(QualityDay.day)
        .order_by(QualityDay.day)
    )
    return {day: Standing.of(row) for day, *row in db.session.execute(query)}


def _branch(category: str | None) -> list[str]:
    if not category:
        return [ALL_CATEGORIES]
    known = tree.current().taxonomy
    return known.branch(category) if category in known else [category]


def since(days: int) -> str:
    """Return the day so many days ago."""
    return (now().date() - timedelta(days=days)).isoformat()


def by_vendor(day: str, category: str | None) -> list[tuple[int, str, Standing]]:
    """Return (id, name, standing) of the vendors with the most sheets in a category's branch."""
    sums = [sa.func.sum(one) for one in _COUNTED]
    query = (
        sa.select(QualityDay.vendor_id, Vendor.name, *sums)
        .join(Vendor, Vendor.id == QualityDay.vendor_id)
        .where(QualityDay.day == day, QualityDay.category.in_(_branch(category)))
        .group_by(QualityDay.vendor_id, Vendor.name)
        .order_by(sums[0].desc(), QualityDay.vendor_id)
        .limit(SHOWN)
    )
    return [(number, name, Standing.of(row)) for number, name, *row in db.session.execute(query)]


def by_category(day: str, vendor: int, category: str | None) -> list[tuple[str, Standing]]:
    """Return (code, standing) of a vendor's categories with the most sheets, within a branch where one is named."""
    within = [QualityDay.category != ALL_CATEGORIES] if not category else [QualityDay.category.in_(_branch(category))]
    query = (
        sa.select(QualityDay.category, *_COUNTED)
        .where(QualityDay.day == day, QualityDay.vendor_id == vendor, *within)
        .order_by(QualityDay.sheets.desc(), QualityDay.category)
        .limit(SHOWN)
    )
    return [(code, Standing.of(row)) for code, *row in db.session.execute(query)]


def arrivals(vendor: int) -> list[ArrivalWeek]:
    """Return a vendor's arrivals by week, the oldest first."""
    query = sa.select(ArrivalWeek).where(ArrivalWeek.vendor_id == vendor).order_by(ArrivalWeek.week)
    return list(db.session.scalars(query))


def medians(day: str) -> dict[str, MarketFigure]:
    """Return the marketplace's medians of a day by name, those that enough vendors stand behind."""
    query = sa.select(MarketFigure).where(MarketFigure.day == day, MarketFigure.name != "counted")
    return {one.name: one for one in db.session.scalars(query)}


def day_of(text: str) -> date:
    """Return a stored day as a date."""
    return date.fromisoformat(text)
