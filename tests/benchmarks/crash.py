"""Kill workers with SIGKILL at random in the middle of jobs, and count the effects: none lost, none twice.

    python -m tests.benchmarks.crash --kills 100 [--database URL] [--broker amqp://…]

Three workers do jobs that each write one row in two steps; one of them is killed again and again. Last line: JSON
`jobs kills lost doubled integrity`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

import app as house
from backoffice import jobs
from backoffice.extensions import db
from backoffice.vendors import models as _vendors  # noqa: F401  (a user's mapper names the vendor's)

WORKERS = 3
JOBS_PER_KILL = 20
# Every fourth job is handed over late, as what gathers is.
LINGER = timedelta(milliseconds=200)


class CrashEffect(db.Model):
    """What one job leaves behind; without a unique key, so that a doubled effect is seen rather than refused."""

    __tablename__ = "crash_effect"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    step: Mapped[int] = mapped_column()


@jobs.handler("crash.effect", max_attempts=10_000)
def effect(number: int) -> None:
    """Write one half, dawdle where a kill hurts most, write the other half."""
    db.session.add(CrashEffect(number=number, step=1))
    db.session.flush()
    time.sleep(random.uniform(0, 0.02))
    db.session.add(CrashEffect(number=number, step=2))
    db.session.flush()


def light_house(folder: str, database: str, broker: str) -> Flask:
    """Return the application with its foundations only: jobs need no more, and workers start fast."""
    house.PACKAGES = ()
    environ = {
        "COMPTOIR_PROFILE": "test",
        "DATA_FOLDER": folder,
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "JOB_LEASE_SECONDS": "2",
        "SWEEP_SECONDS": "1",
        "LOG_LEVEL": "ERROR",
    }
    return house.create_app(environ)


def work(app: Flask) -> None:
    """Be one worker until killed."""
    jobs.connect(app, with_workers=True)
    while True:
        time.sleep(60)


def spawn(arguments: argparse.Namespace, folder: str) -> subprocess.Popen[bytes]:
    """Start a worker process."""
    command = [sys.executable, "-m", "tests.benchmarks.crash", "--worker", "--folder", folder]
    command += ["--database", arguments.database, "--broker", arguments.broker]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Do the whole run and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        app = light_house(folder, arguments.database, arguments.broker)
        with app.app_context():
            tables = [model.__table__ for model in (jobs.Job, jobs.ScheduleSlot, CrashEffect)]
            db.metadata.drop_all(db.engine, tables=tables)
            db.metadata.create_all(db.engine, tables=tables)
            workers = [spawn(arguments, folder) for _ in range(WORKERS)]
            try:
                kills, total = _kill_while_working(arguments, folder, workers)
                _wait_for_the_last()
            finally:
                for worker in workers:
                    worker.kill()
                    worker.wait()
            figures = _count(total)
            db.session.remove()
            db.engine.dispose()
        return {"jobs": total, "kills": kills, **figures}


def _kill_while_working(
    arguments: argparse.Namespace, folder: str, workers: list[subprocess.Popen[bytes]]
) -> tuple[int, int]:
    jobs.connect(current_app._get_current_object(), with_workers=False)
    total = kills = 0
    chance = random.Random(arguments.seed)
    while kills < arguments.kills:
        for _ in range(JOBS_PER_KILL):
            jobs.enqueue("crash.effect", {"number": total}, linger=LINGER if total % 4 == 0 else timedelta(0))
            total += 1
        db.session.commit()
        time.sleep(chance.uniform(0.1, 0.6))
        position = chance.randrange(len(workers))
        os.kill(workers[position].pid, signal.SIGKILL)
        workers[position].wait()
        workers[position] = spawn(arguments, folder)
        kills += 1
        if kills % 10 == 0:
            print(f"{kills} kills, {total} jobs", file=sys.stderr)
    return kills, total


def _wait_for_the_last(limit: float = 180.0) -> None:
    end = time.monotonic() + limit
    unfinished = sa.select(sa.func.count()).where(jobs.Job.state.in_([jobs.JobState.WAITING, jobs.JobState.RUNNING]))
    while db.session.scalar(unfinished.where(jobs.Job.kind == "crash.effect")) and time.monotonic() < end:
        db.session.rollback()
        time.sleep(0.5)
    db.session.rollback()


def _count(total: int) -> dict[str, Any]:
    halves = sa.select(CrashEffect.number, sa.func.count().label("rows")).group_by(CrashEffect.number)
    counts = dict(db.session.execute(halves).all())
    lost = sum(counts.get(number, 0) < 2 for number in range(total))
    doubled = sum(rows > 2 for rows in counts.values())
    return {"lost": lost, "doubled": doubled, "integrity": _integrity()}


def _integrity() -> str:
    if db.engine.dialect.name == "sqlite":
        return str(db.session.execute(sa.text("PRAGMA integrity_check")).scalar())
    stray = sa.select(sa.func.count()).where(jobs.Job.state == jobs.JobState.DONE, jobs.Job.finished_at.is_(None))
    return "ok" if not db.session.scalar(stray) else "done without a time"


def main() -> int:
    """Read the arguments; run as worker or as the whole benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", default="", help="a PostgreSQL address; SQLite in a temporary folder by default")
    parser.add_argument("--broker", default="", help="a RabbitMQ address; worker threads of each process by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(light_house(str(Path(arguments.folder)), arguments.database, arguments.broker))
    figures = run(arguments)
    print(json.dumps(figures))
    return 0 if figures["lost"] == figures["doubled"] == 0 and figures["integrity"] == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
