"""Time in the demo: moments counted back from today, lived one after another as if they had happened then.

Promise: before each moment every job and deadline that was due by then has been done at its own time.
Not here: what happens at the moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from backoffice import clock, jobs
from backoffice.extensions import db
from backoffice.jobs import Job, JobState

# A moment planned for later than this before the load is brought forward: nothing of the demo lies in the future.
LATEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at a time; `act` writes through the session and does not commit."""

    at: datetime
    act: Callable[[], object]


class Calendar:
    """Days counted back from the day of the load, in the house's time zone."""

    def __init__(self, today: datetime, zone: str) -> None:
        self.today = today
        self._zone = ZoneInfo(zone)

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return that time of day so many days ago, or just before now where that is still to come."""
        local = (self.today.astimezone(self._zone) - timedelta(days=days)).replace(hour=hour, minute=minute)
        return min(local, self.today - LATEST)


Source = Callable[[Calendar], Iterable[Moment]]


def live(moments: Iterable[Moment], until: datetime) -> int:
    """Live the moments in their order, then what is due until the end; returns how many there were."""
    number = 0
    for moment in sorted(moments, key=lambda one: one.at):
        _pass_time(moment.at)
        with clock.frozen(moment.at):
            moment.act()
            db.session.commit()
            jobs.drain()
        number += 1
    _pass_time(until)
    jobs.drain()
    return number


def _pass_time(until: datetime) -> None:
    """Do what falls due before this time, each at its own."""
    while (due := _next_due()) is not None and due <= until:
        with clock.frozen(due):
            jobs.drain()
        # What failed waits for another try at a later time; what is due as before is held by someone else.
        if _next_due() == due:
            raise RuntimeError("A task of the demo is held by another process; stop it and load again.")


def _next_due() -> datetime | None:
    undone = Job.state.in_((JobState.WAITING, JobState.RUNNING))
    due = db.session.scalar(sa.select(sa.func.min(Job.due_at)).where(undone))
    db.session.rollback()
    return due


def calendar() -> Calendar:
    """Return the calendar of a load that is made now."""
    return Calendar(clock.now(), current_app.config["TIMEZONE"])
