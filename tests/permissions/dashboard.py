"""Permission rows of the dashboard."""

from __future__ import annotations

from typing import Any

from backoffice import jobs
from backoffice.extensions import db
from tests.permissions.table import EVERYONE, LOGGED_IN, Row


def extend(world: Any) -> None:
    """Add a failed task."""
    world.job = jobs.Job(kind="notifications.forget", state=jobs.JobState.FAILED)
    db.session.add(world.job)
    db.session.commit()


ROWS = [
    Row("dashboard.home", allowed=LOGGED_IN),
    Row("dashboard.search", allowed=LOGGED_IN, query={"q": "a"}),
    Row("dashboard.trail", allowed=("administrator",)),
    Row("dashboard.trail_csv", allowed=("administrator",)),
    Row("dashboard.tasks", allowed=("administrator",)),
    Row("dashboard.retry_task", "POST", ("administrator",), 302, values=lambda world: {"job_id": world.job.id}),
    Row("dashboard.style", allowed=EVERYONE),
    Row("dashboard.healthz", allowed=EVERYONE),
    Row("dashboard.readyz", allowed=EVERYONE, status=None),
]
