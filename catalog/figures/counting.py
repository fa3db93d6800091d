"""The night's count: quality by vendor and category, arrivals by week, the marketplace's medians.

Promise: read from one index without looking into a sheet, outside the database's lock; counted again the same day it
replaces that day's rows. Daily rows are kept for two months, then those of Mondays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, enqueue, handler
from catalog.figures.models import ALL_CATEGORIES, ALL_VENDORS, ArrivalWeek, MarketFigure, QualityDay
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.quality import BANDS

# A sheet taken down or refused is no longer one to mend.
LIVE = (ListingStatus.PENDING, ListingStatus.TO_REVIEW, ListingStatus.CHANGES_REQUESTED, ListingStatus.PUBLISHED)
ACCEPTED = (ListingStatus.PENDING, ListingStatus.PUBLISHED)
DAILY_FOR = timedelta(days=60)
WEEKS = 26
# The median of fewer vendors would tell one of them how another does.
FEWEST_VENDORS = 3
# Weeks of arrivals that make a vendor's rate, and the fewest decided sheets it is told of.
RATE_WEEKS, RATE_SHEETS = 8, 10
_SUMS = ("sheets", "band_a", "band_b", "band_c", "band_d", "band_e", "completeness", "quality")


def ask() -> None:
    """See that the figures will be counted anew, unless that waits already; the caller commits."""
    waiting = sa.select(Job.id).where(Job.kind == "catalog.count_quality", Job.state == JobState.WAITING)
    if db.session.scalar(waiting.limit(1)) is None:
        enqueue("catalog.count_quality")


@handler("catalog.count_quality", every=timedelta(days=1))
def count_quality() -> None:
    """Count today's figures and put them in the place of those counted earlier today."""
    with reading():
        quality = quality_rows()
        arrivals = arrival_rows()
        db.session.rollback()
    today = now().date().isoformat()
    for model, rows, day in ((QualityDay, quality, QualityDay.day == today), (ArrivalWeek, arrivals, None)):
        db.session.execute(sa.delete(model) if day is None else sa.delete(model).where(day))
        if rows:
            db.session.execute(sa.insert(model), rows)
    _keep_medians(today, quality, arrivals)
    _thin_out()


def quality_rows() -> list[dict[str, Any]]:
    """Return today's rows of quality with their sums over vendors and categories."""
    band = [_least(place) for place in range(len(BANDS) + 1)]
    counted = [sa.func.sum(sa.case((condition, 1), else_=0)) for condition in band]
    # Grouped as the index lies; a condition on the state would have SQLite read the sheets of each state one by one.
    groups = (Listing.vendor_id, Listing.category, Listing.status)
    scores = (sa.func.sum(Listing.completeness), sa.func.sum(Listing.quality))
    query = sa.select(*groups, sa.func.count(), *counted, *scores).group_by(*groups)
    sums: defaultdict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0] * len(_SUMS))
    for vendor, category, status, *figures in db.session.execute(query):
        for key in _sums_of(vendor, category or "") if status in LIVE else ():
            sums[key] = [total + figure for total, figure in zip(sums[key], figures, strict=True)]
    day = now().date().isoformat()
    return [
        {"vendor_id": vendor, "category": category, "day": day, **dict(zip(_SUMS, figures, strict=True))}
        for (vendor, category), figures in sorted(sums.items())
    ]


def _sums_of(vendor: int, category: str) -> Iterable[tuple[int, str]]:
    return ((vendor, category), (vendor, ALL_CATEGORIES), (ALL_VENDORS, category), (ALL_VENDORS, ALL_CATEGORIES))


def _least(place: int) -> sa.ColumnElement[bool]:
    """Return the condition of the band at this place, the best first."""
    least = Listing.quality >= BANDS[place][0] if place < len(BANDS) else sa.true()
    return sa.and_(least, Listing.quality < BANDS[place - 1][0]) if place else least


def arrival_rows() -> list[dict[str, Any]]:
    """Return the arrivals of the last weeks by vendor and Monday.

    First-pass is a sheet that is accepted or shown and was never blocked nor sent back since it came; a refused one is
    decided and did not pass; one that waits for an editor is not decided.
    """
    day = sa.func.date(Listing.created_at)
    first = now() - timedelta(weeks=WEEKS)
    query = (
        sa.select(Listing.vendor_id, day, Listing.status, Listing.returned, sa.func.count())
        .where(Listing.created_at >= first)
        .group_by(Listing.vendor_id, day, Listing.status, Listing.returned)
    )
    weeks: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for vendor, arrived, status, returned, count in db.session.execute(query):
        figures = weeks[vendor, monday(date.fromisoformat(str(arrived)))]
        accepted = status in ACCEPTED
        figures[0] += count
        figures[1] += count if returned or accepted or status == ListingStatus.REJECTED else 0
        figures[2] += count if accepted and not returned else 0
    return [
        {"vendor_id": vendor, "week": week, "arrived": arrived, "decided": decided, "passed": passed}
        for (vendor, week), (arrived, decided, passed) in sorted(weeks.items())
    ]


def monday(day: date) -> str:
    """Return the Monday of a day's week."""
    return (day - timedelta(days=day.weekday())).isoformat()


def _keep_medians(today: str, quality: Iterable[Mapping[str, Any]], arrivals: Iterable[Mapping[str, Any]]) -> None:
    whole = [row for row in quality if row["vendor_id"] != ALL_VENDORS and row["category"] == ALL_CATEGORIES]
    shares = {
        "quality": [row["quality"] / row["sheets"] for row in whole],
        "completeness": [row["completeness"] / row["sheets"] for row in whole],
        "acceptance": list(rates(arrivals).values()),
    }
    db.session.execute(sa.delete(MarketFigure).where(MarketFigure.day == today))
    for name, values in shares.items():
        if len(values) >= FEWEST_VENDORS:
            db.session.add(MarketFigure(day=today, name=name, value=median(values), vendors=len(values)))
    db.session.add(MarketFigure(day=today, name="counted", value=sum(r["sheets"] for r in whole), vendors=len(whole)))


def rates(arrivals: Iterable[Mapping[str, Any]]) -> dict[int, float]:
    """Return the share accepted at first of each vendor's sheets of the last weeks, of those with enough decided."""
    since = monday((now() - timedelta(weeks=RATE_WEEKS)).date())
    passed: defaultdict[int, int] = defaultdict(int)
    decided: defaultdict[int, int] = defaultdict(int)
    for row in arrivals:
        if row["week"] >= since:
            passed[row["vendor_id"]] += row["passed"]
            decided[row["vendor_id"]] += row["decided"]
    return {vendor: passed[vendor] / count for vendor, count in decided.items() if count >= RATE_SHEETS}


def _thin_out() -> None:
    """Drop the daily rows that are old, but for those of Mondays."""
    last = now().date() - DAILY_FOR
    days = db.session.scalars(sa.select(QualityDay.day).where(QualityDay.day < last.isoformat()).distinct()).all()
    gone = [day for day in days if date.fromisoformat(day).weekday() != 0]
    if gone:
        db.session.execute(sa.delete(QualityDay).where(QualityDay.day.in_(gone)))
