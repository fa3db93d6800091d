"""Figures as stored: quality by day, arrivals by week, medians, a vendor's recurring faults, sheets to mend first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db
from catalog.models import Listing

# In place of a vendor and of a category: all of them; rows of sums stand beside those they sum up.
ALL_VENDORS, ALL_CATEGORIES = 0, "*"


class QualityDay(db.Model):
    """The sheets of one vendor and category on one day: how many in each band, and the sums of both scores.

    `vendor_id` 0 stands for all vendors, `category` "*" for all and "" for sheets without one.
    """

    __tablename__ = "quality_day"
    # The key serves a curve over time; this, a table of one day.
    __table_args__ = (sa.Index("ix_quality_day_table", "day", "category", "vendor_id"),)

    vendor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    sheets: Mapped[int] = mapped_column(default=0)
    band_a: Mapped[int] = mapped_column(default=0)
    band_b: Mapped[int] = mapped_column(default=0)
    band_c: Mapped[int] = mapped_column(default=0)
    band_d: Mapped[int] = mapped_column(default=0)
    band_e: Mapped[int] = mapped_column(default=0)
    completeness: Mapped[float] = mapped_column(default=0.0)
    quality: Mapped[float] = mapped_column(default=0.0)


class ArrivalWeek(db.Model):
    """Of the sheets that first arrived in one week: how many, how many were decided on, how many passed at first."""

    __tablename__ = "arrival_week"

    vendor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The Monday.
    week: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    arrived: Mapped[int] = mapped_column(default=0)
    decided: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)


class MarketFigure(db.Model):
    """One figure of the whole marketplace on a day: a median over vendors, how many they were, and when it was counted."""

    __tablename__ = "market_figure"

    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[float] = mapped_column()
    vendors: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class VendorFault(db.Model):
    """A fault that recurs in a vendor's sheets: how many have it, how many we mended, since when, and one example."""

    __tablename__ = "vendor_fault"

    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    # Sheets that have the fault now, and sheets in which a rule mended it.
    standing: Mapped[int] = mapped_column(default=0)
    mended: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    # {"attribute", "column", "before", "after"}; without "after" where nothing was mended.
    example: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # The issue of the example as stored, for its words in any language.
    issue: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    listing: Mapped[Listing] = relationship(Listing)


class MendFirst(db.Model):
    """A sheet that customers meet and that could be better: by its effect, the most first."""

    __tablename__ = "mend_first"
    __table_args__ = (
        sa.Index("ix_mend_first_effect", "effect", "listing_id"),
        sa.Index("ix_mend_first_vendor", "vendor_id", "effect", "listing_id"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    vendor_id: Mapped[int] = mapped_column()
    # Pieces sold, and times asked of the searches among whose first ten results it stands.
    sold: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    # Points missing to 100, of completeness and quality together; and times met × those points.
    missing: Mapped[float] = mapped_column()
    effect: Mapped[float] = mapped_column()

    listing: Mapped[Listing] = relationship(Listing)
