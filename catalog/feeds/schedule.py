"""When a feed is fetched next: by its schedule, and after a failure. Pure.

Promise: a time of day is the marketplace's local time, summer and winter; feeds of the same hour are spread over it, so
that neither we nor a host of many shops meet them all in one minute.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How often a feed is fetched."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


# How long a feed rests after its first, second, … failure in a row. Together a day, so that a night of maintenance
# stops nobody's feed.
WAITS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=12))
# At this many failures in a row the feed stops.
MOST_FAILURES = len(WAITS) + 1


def minute_of(feed_id: int) -> int:
    """Return the minute of the hour at which a feed is fetched: 7 has no factor in common with 60."""
    return feed_id * 7 % 60


def next_turn(every: Every, *, hour: int, weekday: int, minute: int, after: datetime, zone: str) -> datetime:
    """Return the first turn of a schedule after a moment; `weekday` is 0 on Monday, the hour local."""
    if every == Every.HOUR:
        turn = after.astimezone(UTC).replace(minute=minute, second=0, microsecond=0)
        return turn if turn > after else turn + timedelta(hours=1)
    day = after.astimezone(ZoneInfo(zone)).date()
    while True:
        turn = datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
        if turn > after and (every == Every.DAY or day.weekday() == weekday):
            return turn
        day += timedelta(days=1)


def retry(failures: int, after: datetime) -> datetime:
    """Return when a feed that failed so many times in a row is tried again."""
    return after + WAITS[min(failures, len(WAITS)) - 1]
