"""Work that outlives the request: rows with leases in the database, ids carried by Dramatiq.

    enqueue() ─ row in the caller's transaction ─ commit ─► message with the id (may be lost: costs latency)
    perform(id) ─ claim the lease by compare-and-set ─► effect + acknowledgement in ONE transaction, fenced by
    owner and attempt (a duplicate message or a late worker costs a no-op); a living worker renews its lease
    sweep() ─ sends due rows without a live lease again, and opens the slots of schedules

Promise: every effect exactly once, whatever is killed. Not here: what a job does (handlers register with `@handler`).
Effects outside the database (a mail, a search index) are made idempotent by their handlers.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import BigKey, Json, UtcDateTime, db, state_type
from backoffice.heartbeat import beating

log = structlog.get_logger(__name__)
SWEEP_BATCH = 500
BACKOFF_SECONDS = (2, 10, 60, 300, 1800)
# A worker killed in the middle is no fault of the job's, up to a point: a job that kills its workers must stop.
CRASHES_FORGIVEN = 5
# RabbitMQ takes a message back after 30 minutes without acknowledgement (Dramatiq #827).
LONGEST_JOB = timedelta(minutes=25)
# A broker that did not answer is left alone for so long, so that pages do not wait for it one after another.
BROKER_PAUSE_SECONDS = 5
KEEP_DONE = timedelta(days=30)


class JobState(StrEnum):
    """Where a job stands; `failed` waits for a person."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(db.Model):
    """One task: its kind and arguments, when it is due, who holds it until when, and how it went."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(sa.String(60), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    unique_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    priority: Mapped[int] = mapped_column(default=0)
    state: Mapped[JobState] = mapped_column(state_type(JobState), default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owner: Mapped[str | None] = mapped_column(sa.String(60))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScheduleSlot(db.Model):
    """One turn of a schedule; unique, so that of many sweepers one opens it."""

    __tablename__ = "schedule_slot"
    task: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    slot: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


Handler = Callable[..., None]
HANDLERS: dict[str, tuple[Handler, int]] = {}
SCHEDULES: dict[str, timedelta] = {}
# Set where messages can be carried: RabbitMQ, or this process's own worker threads.
# Takes a job's id, and after how long a worker is to have it.
_send: Callable[[int, timedelta], None] | None = None
_broker_rests_until = 0.0


def handler(kind: str, *, max_attempts: int = 5, every: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind; with `every`, a job is opened once per slot of that length.

    The function takes the job's arguments by name, writes through `db.session` and does not commit.
    """

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = (function, max_attempts)
        if every is not None:
            SCHEDULES[kind] = every
        return function

    return register


def enqueue(
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    priority: int = 0,
    unique_key: str | None = None,
    linger: timedelta = timedelta(0),
) -> Job:
    """Add a job within the caller's transaction; it is carried to a worker once that commits, and `linger` has passed.

    Where a job with this `unique_key` exists already, whatever its state, that one is returned and none is added.
    """
    if unique_key is not None:
        known = db.session.scalar(sa.select(Job).where(Job.unique_key == unique_key))
        if known is not None:
            return known
    moment = now()
    job = Job(
        kind=kind, arguments=dict(arguments or {}), due_at=due_at or moment, priority=priority, unique_key=unique_key
    )
    db.session.add(job)
    if job.due_at <= moment and _send is not None:
        job.sent_at = moment
        db.session.info.setdefault("fresh_jobs", []).append((job, linger))
    return job


def perform(job_id: int) -> bool:
    """Do one job if its lease is free; returns whether it was done here."""
    owner = f"{os.getpid()}-{secrets.token_hex(4)}"
    job = _claim(job_id, owner)
    if job is None:
        return False
    kind, arguments, attempt = job
    function, max_attempts = HANDLERS.get(kind, (_unknown, 1))
    try:
        if attempt > max_attempts + CRASHES_FORGIVEN:
            raise RuntimeError("its workers died each time")
        with _kept_lease(job_id, owner, attempt):
            function(**arguments)
        if not _acknowledge(job_id, owner, attempt):
            db.session.rollback()
            return False
        db.session.commit()
        return True
    except Exception as error:  # every failure of a job is kept on its row and retried
        db.session.rollback()
        log.warning("job failed", job=job_id, kind=kind, attempt=attempt, error=repr(error))
        _put_back(job_id, owner, attempt, error, final=attempt >= max_attempts)
        return False


def _unknown(**_arguments: Any) -> None:
    raise LookupError("this version of the software has no handler for it")


def _kept_lease(job_id: int, owner: str, attempt: int) -> AbstractContextManager[None]:
    """Renew the lease while the job runs; on SQLite its own transaction may hold the lock, which protects as well."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    lease = app.config["JOB_LEASE_SECONDS"]
    mine = sa.update(Job).where(Job.id == job_id, Job.owner == owner, Job.attempts == attempt)

    def renew() -> None:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(mine.values(lease_until=now() + timedelta(seconds=lease)))

    return beating(renew, every=lease / 3)


def _claim(job_id: int, owner: str) -> tuple[str, dict[str, Any], int] | None:
    moment = now()
    free = sa.or_(
        Job.state == JobState.WAITING,
        sa.and_(Job.state == JobState.RUNNING, Job.lease_until < moment),
    )
    lease = moment + timedelta(seconds=current_app.config["JOB_LEASE_SECONDS"])
    taken = db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.due_at <= moment, free)
        .values(state=JobState.RUNNING, owner=owner, lease_until=lease, attempts=Job.attempts + 1)
        .returning(Job.kind, Job.arguments, Job.attempts)
    ).first()
    db.session.commit()
    return (taken.kind, taken.arguments, taken.attempts) if taken else None


def _acknowledge(job_id: int, owner: str, attempt: int) -> bool:
    done = sa.update(Job).where(Job.id == job_id, Job.owner == owner, Job.attempts == attempt)
    result = db.session.execute(
        done.values(state=JobState.DONE, lease_until=None, error="", finished_at=now()),
        execution_options={"synchronize_session": False},
    )
    return bool(result.rowcount == 1)


def _put_back(job_id: int, owner: str, attempt: int, error: Exception, *, final: bool) -> None:
    wait = BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS)) - 1]
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.owner == owner, Job.attempts == attempt)
        .values(
            state=JobState.FAILED if final else JobState.WAITING,
            lease_until=None,
            due_at=now() + timedelta(seconds=wait),
            sent_at=None,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
    )
    db.session.commit()


def retry(job: Job) -> None:
    """Put a failed job back in the queue, at a person's word; the caller commits."""
    job.state, job.attempts, job.due_at, job.sent_at = JobState.WAITING, 0, now(), None


def due_ids(limit: int = SWEEP_BATCH, *, unsent_only: bool = False) -> list[int]:
    """Return the ids of the jobs that are due and held by nobody, most urgent first."""
    moment = now()
    query = sa.select(Job.id).where(
        Job.due_at <= moment,
        sa.or_(Job.state == JobState.WAITING, sa.and_(Job.state == JobState.RUNNING, Job.lease_until < moment)),
    )
    if unsent_only:
        query = query.where(sa.or_(Job.sent_at.is_(None), Job.sent_at < moment - _resend_after()))
    return list(db.session.scalars(query.order_by(Job.priority.desc(), Job.id).limit(limit)))


def _resend_after() -> timedelta:
    """Return how long a message that was sent is probably still queued, and not worth sending again."""
    settings = current_app.config
    return timedelta(seconds=max(settings["SWEEP_SECONDS"], settings["JOB_LEASE_SECONDS"] / 4))


def drain(limit: int = 100_000) -> int:
    """Do every due job here and now, in order; returns how many were done. For commands and tests."""
    done = 0
    while done < limit and (ids := due_ids(50)):
        progressed = [perform(job_id) for job_id in ids]
        done += sum(progressed)
        if not any(progressed):
            break
    db.session.rollback()
    return done


def sweep() -> int:
    """Open the due slots of schedules and send due jobs again; returns how many messages were sent.

    Looks first and writes only where there is something to write: an idle house does not take the database's lock.
    """
    with reading():
        wanted = {task: _slot(every) for task, every in SCHEDULES.items()}
        slots = db.session.execute(sa.select(ScheduleSlot.task, ScheduleSlot.slot))
        opened = {(task, slot) for task, slot in slots}
        db.session.rollback()
    for task, slot in wanted.items():
        if (task, slot) not in opened:
            _open_slot(task, slot)
    if _send is None:
        return 0
    with reading():
        ids = due_ids(unsent_only=True)
        db.session.rollback()
    sent = [job_id for job_id in ids if _carry(job_id)]
    if sent:
        db.session.execute(sa.update(Job).where(Job.id.in_(sent)).values(sent_at=now()))
        db.session.commit()
    return len(sent)


def _slot(every: timedelta) -> datetime:
    length = every.total_seconds()
    return datetime.fromtimestamp(now().timestamp() // length * length, tz=UTC)


def _open_slot(task: str, slot: datetime) -> None:
    try:
        db.session.add(ScheduleSlot(task=task, slot=slot))
        db.session.flush()
        db.session.execute(sa.delete(ScheduleSlot).where(ScheduleSlot.task == task, ScheduleSlot.slot < slot))
        enqueue(task, unique_key=f"{task}@{slot.isoformat()}")
        db.session.commit()
    except IntegrityError:  # another sweeper was first
        db.session.rollback()


def _carry(job_id: int, linger: timedelta = timedelta(0)) -> bool:
    """Hand one id to the broker; a broker that does not answer costs latency only."""
    global _broker_rests_until
    if _send is None or time.monotonic() < _broker_rests_until:
        return False
    try:
        _send(job_id, linger)
    except Exception as error:  # any transport's failure: the sweeper sends the row again
        _broker_rests_until = time.monotonic() + BROKER_PAUSE_SECONDS
        log.warning("broker does not answer", job=job_id, error=repr(error))
        return False
    return True


@sa.event.listens_for(Session, "after_commit")
def _carry_fresh(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released: nobody else sees the rows yet
    for job, linger in session.info.pop("fresh_jobs", []):
        identity = sa.inspect(job).identity
        if identity is not None:
            _carry(identity[0], linger)


@sa.event.listens_for(Session, "after_soft_rollback")
def _forget_fresh(session: Session, transaction: SessionTransaction) -> None:
    # After a savepoint's rollback the others still commit; its own have lost their identity and are passed over.
    if not transaction.nested:
        session.info.pop("fresh_jobs", None)


def connect(app: Flask, *, with_workers: bool) -> Any:
    """Choose the transport: RabbitMQ where BROKER_URL is set, else threads of this process where `with_workers`.

    Returns the running Dramatiq worker, or None where this process only sends.
    """
    global _send
    import dramatiq
    from dramatiq.brokers.stub import StubBroker

    url = app.config["BROKER_URL"]
    if not url and not with_workers:
        return None
    if url:
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        # Without confirmation a message to a missing queue is dropped in silence (Dramatiq #832).
        impatient = "socket_timeout=3&connection_attempts=1&blocked_connection_timeout=5"
        address = url if "?" in url else f"{url}?{impatient}"
        broker: Any = RabbitmqBroker(url=address, confirm_delivery=True)
    else:
        broker = StubBroker()

    def carried(job_id: int) -> None:
        with app.app_context():
            perform(job_id)

    def send(job_id: int, linger: timedelta) -> None:
        actor.send_with_options(args=(job_id,), delay=linger or None)

    longest = int(LONGEST_JOB.total_seconds() * 1000)
    options: dict[str, Any] = {"max_retries": 0, "time_limit": longest}
    actor = dramatiq.actor(carried, actor_name="perform", queue_name="comptoir", broker=broker, **options)
    _send = send
    if not with_workers:
        return None
    worker = dramatiq.Worker(broker, worker_threads=app.config["WORKER_THREADS"])
    worker.start()
    threading.Thread(target=_sweep_for_ever, args=(app,), daemon=True, name="sweeper").start()
    return worker


def _sweep_for_ever(app: Flask) -> None:
    pause = threading.Event()
    while True:
        try:
            with app.app_context():
                sweep()
        except Exception as error:  # the database may be away for a moment; the sweeper must outlive it
            log.warning("sweep failed", error=repr(error))
        pause.wait(app.config["SWEEP_SECONDS"])


def status() -> dict[str, int]:
    """Return how many jobs stand in each state."""
    counts = {state.value: 0 for state in JobState}
    for state, number in db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state)):
        counts[JobState(state).value] = number
    return counts


def backlog() -> tuple[int, float]:
    """Return how many jobs are due and undone, and for how many seconds the oldest has waited."""
    moment = now()
    due = sa.select(sa.func.count(), sa.func.min(Job.due_at)).where(
        Job.due_at <= moment, Job.state.in_((JobState.WAITING, JobState.RUNNING))
    )
    number, oldest = db.session.execute(due).one()
    return int(number), (moment - oldest).total_seconds() if oldest is not None else 0.0


@handler("jobs.forget", every=timedelta(days=1))
def forget_done() -> None:
    """Drop the rows of jobs done long ago."""
    db.session.execute(sa.delete(Job).where(Job.state == JobState.DONE, Job.finished_at < now() - KEEP_DONE))
