"""How the jobs that are not done stand, as the tasks page tells it: by tab, with counts.

A job that failed waits for a person, one that is due for a worker, a later one for its day.
"""

from __future__ import annotations

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import Job, JobState


def conditions() -> dict[str, sa.ColumnElement[bool]]:
    """Return the condition of each tab."""
    due, undone = Job.due_at <= now(), Job.state.in_((JobState.WAITING, JobState.RUNNING))
    return {"failed": Job.state == JobState.FAILED, "due": sa.and_(undone, due), "later": sa.and_(undone, ~due)}


def counts() -> dict[str, int]:
    """Return how many jobs each tab holds."""
    numbers = [sa.func.count().filter(condition).label(tab) for tab, condition in conditions().items()]
    return dict(db.session.execute(sa.select(*numbers).where(Job.state != JobState.DONE)).one()._mapping)
