"""When a feed is fetched next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog.feeds.schedule import MOST_FAILURES, WAITS, Every, minute_of, next_turn, retry

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("every", "hour", "weekday", "minute", "expected"),
    [
        (Every.HOUR, 4, 0, 35, "2026-11-25T12:35"),
        (Every.HOUR, 4, 0, 0, "2026-11-25T13:00"),
        # Paris is an hour ahead of UTC in November.
        (Every.DAY, 4, 0, 14, "2026-11-26T03:14"),
        (Every.DAY, 14, 0, 14, "2026-11-25T13:14"),
        (Every.WEEK, 4, 0, 14, "2026-11-30T03:14"),
        (Every.WEEK, 4, 2, 14, "2026-12-02T03:14"),
        (Every.WEEK, 14, 2, 14, "2026-11-25T13:14"),
    ],
)
def test_a_turn_is_the_first_of_its_schedule(every: Every, hour: int, weekday: int, minute: int, expected: str) -> None:
    turn = next_turn(every, hour=hour, weekday=weekday, minute=minute, after=NOON, zone="Europe/Paris")
    assert turn.strftime("%Y-%m-%dT%H:%M") == expected


def test_an_hour_of_the_day_stays_through_summer_time() -> None:
    turns, after = [], datetime(2026, 3, 27, 12, tzinfo=UTC)
    for _day in range(4):
        after = next_turn(Every.DAY, hour=4, weekday=0, minute=0, after=after, zone="Europe/Paris")
        turns.append(after.hour)
    assert turns == [3, 2, 2, 2]


def test_feeds_of_one_hour_are_spread_over_it() -> None:
    assert len({minute_of(number) for number in range(60)}) == 60


def test_a_failing_feed_rests_longer_each_time_and_a_night_stops_none() -> None:
    waits = [retry(failures, NOON) - NOON for failures in range(1, MOST_FAILURES)]
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(hours=12)
    assert retry(99, NOON) - NOON == WAITS[-1]
