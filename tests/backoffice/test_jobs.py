"""Jobs: claimed once, effect and acknowledgement in one transaction, retried, swept, scheduled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock, jobs
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, ScheduleSlot
from backoffice.notifications import Notification
from tests.factories.accounts import make_user


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers, schedules and transport of the test alone."""
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs, "SCHEDULES", {})
    monkeypatch.setattr(jobs, "_send", None)
    monkeypatch.setattr(jobs, "_broker_rests_until", 0.0)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids handed to a broker that takes everything and delivers nothing."""
    ids: list[int] = []
    monkeypatch.setattr(jobs, "_send", lambda job_id, _linger: ids.append(job_id))
    return ids


@pytest.fixture
def person(app: Flask) -> int:
    """Whose bell shows the effects: one line an effect."""
    return make_user().id


def effect(person: int, then: Callable[[], None] = lambda: None, **options: Any) -> None:
    """Register a handler whose effect is a row, followed by `then`."""

    @jobs.handler("test.effect", **options)
    def ring() -> None:
        db.session.add(Notification(user_id=person, kind="rung"))
        db.session.flush()
        then()


def effects() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(Notification.kind == "rung")) or 0


def queued(**values: Any) -> Job:
    job = jobs.enqueue("test.effect", **values)
    db.session.commit()
    return job


def expire_lease(job: Job) -> None:
    job.lease_until = now() - timedelta(seconds=1)
    db.session.commit()


def test_a_job_is_done_once_however_often_its_message_comes(person: int) -> None:
    effect(person)
    job = queued()
    assert [jobs.perform(job.id) for _ in range(3)] == [True, False, False]
    assert effects() == 1
    assert (job.state, job.attempts, job.lease_until) == (JobState.DONE, 1, None)


def test_a_held_lease_is_not_taken_and_an_expired_one_is(person: int) -> None:
    effect(person)
    job = queued()
    assert jobs._claim(job.id, "first")
    assert jobs._claim(job.id, "second") is None
    expire_lease(job)
    assert jobs._claim(job.id, "second")


def test_a_worker_that_comes_late_leaves_no_effect(app: Flask, person: int) -> None:
    job_id: list[int] = []

    def someone_else_takes_over() -> None:
        other = sa.update(Job).where(Job.id == job_id[0]).values(owner="other", attempts=Job.attempts + 1)
        db.session.execute(other)

    effect(person, someone_else_takes_over)
    job_id.append(queued().id)
    assert not jobs.perform(job_id[0])
    assert effects() == 0


def test_a_failure_takes_its_effect_back_and_is_tried_again_later_and_later(person: int) -> None:
    def fail() -> None:
        raise ValueError("no luck")

    effect(person, fail, max_attempts=3)
    job, start = queued(), now()
    waits = []
    for _ in range(3):
        with clock.frozen(start):
            assert not jobs.perform(job.id)
            assert not jobs.perform(job.id)
        waits.append((job.due_at - start).total_seconds())
        start = job.due_at + timedelta(seconds=1)
    assert waits == [2, 10, 60]
    assert effects() == 0
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 3, "ValueError: no luck")
    with clock.frozen(start + timedelta(days=1)):
        assert not jobs.perform(job.id)


def test_a_failed_job_waits_for_a_person_who_may_try_again(person: int) -> None:
    effect(person)
    job = queued()
    job.state, job.attempts, job.error = JobState.FAILED, 5, "gone"
    db.session.commit()
    assert jobs.drain() == 0
    jobs.retry(job)
    db.session.commit()
    assert jobs.drain() == 1
    assert (job.state, job.error) == (JobState.DONE, "")


def test_a_job_that_kills_its_workers_stops_at_last(person: int) -> None:
    effect(person, max_attempts=2)
    job = queued()
    for _ in range(2 + jobs.CRASHES_FORGIVEN):
        assert jobs._claim(job.id, "dies")
        expire_lease(job)
    assert not jobs.perform(job.id)
    assert job.state == JobState.FAILED
    assert "workers died" in job.error


def test_a_kind_nobody_knows_is_a_failure_that_says_so(app: Flask) -> None:
    job = queued()
    assert not jobs.perform(job.id)
    assert job.state == JobState.FAILED
    assert "no handler" in job.error


def test_long_work_keeps_its_lease(app: Flask, person: int) -> None:
    seen: list[float] = []
    app.config["JOB_LEASE_SECONDS"] = 0.3
    try:

        @jobs.handler("test.effect")
        def slow() -> None:
            time.sleep(0.5)
            lease = db.session.scalar(sa.select(Job.lease_until))
            seen.append((lease - now()).total_seconds())

        assert jobs.perform(queued().id)
    finally:
        app.config["JOB_LEASE_SECONDS"] = 120
    assert seen[0] > 0


def test_a_job_due_later_waits(person: int) -> None:
    effect(person)
    queued(due_at=now() + timedelta(hours=1))
    assert jobs.drain() == 0
    with clock.frozen(now() + timedelta(hours=2)):
        assert jobs.drain() == 1


def test_urgent_jobs_come_first(app: Flask) -> None:
    order: list[str] = []
    jobs.handler("test.effect")(order.append)
    for name, priority in (("calm", 0), ("urgent", 9), ("later", 0)):
        jobs.enqueue("test.effect", {"object": name}, priority=priority)
    db.session.commit()
    jobs.HANDLERS["test.effect"] = (lambda object: order.append(object), 5)
    jobs.drain()
    assert order == ["urgent", "calm", "later"]


def test_a_unique_key_is_one_job_for_ever(person: int) -> None:
    effect(person)
    first = queued(unique_key="once")
    assert queued(unique_key="once").id == first.id
    jobs.drain()
    assert queued(unique_key="once").id == first.id
    jobs.drain()
    assert effects() == 1


def test_the_message_leaves_with_the_commit_and_not_before(app: Flask, sent: list[int]) -> None:
    job = jobs.enqueue("test.effect")
    db.session.flush()
    with db.session.begin_nested():
        pass
    assert sent == []
    db.session.commit()
    assert sent == [job.id]


def test_a_rolled_back_job_sends_no_message(app: Flask, sent: list[int]) -> None:
    jobs.enqueue("test.effect")
    db.session.flush()
    db.session.rollback()
    kept = jobs.enqueue("test.effect")
    savepoint = db.session.begin_nested()
    jobs.enqueue("test.effect")
    db.session.flush()
    savepoint.rollback()
    db.session.commit()
    assert sent == [kept.id]


def test_a_lost_message_costs_latency_only(app: Flask, sent: list[int], person: int) -> None:
    effect(person)
    job = queued()
    assert sent == [job.id]
    assert jobs.sweep() == 0
    with clock.frozen(now() + timedelta(seconds=31)):
        assert jobs.sweep() == 1
        assert sent == [job.id] * 2
        assert jobs.sweep() == 0


def test_a_dead_workers_job_is_sent_again_once_its_lease_is_over(app: Flask, sent: list[int], person: int) -> None:
    effect(person)
    job = queued()
    jobs._claim(job.id, "dies")
    with clock.frozen(now() + timedelta(seconds=60)):
        assert jobs.sweep() == 0
    with clock.frozen(now() + timedelta(seconds=121)):
        assert jobs.sweep() == 1


def test_a_broker_away_never_breaks_a_commit_and_is_left_alone_for_a_while(
    app: Flask, monkeypatch: pytest.MonkeyPatch, person: int
) -> None:
    tries: list[int] = []

    def away(job_id: int, _linger: timedelta) -> None:
        tries.append(job_id)
        raise ConnectionError("refused")

    monkeypatch.setattr(jobs, "_send", away)
    effect(person)
    for _ in range(5):
        queued()
    assert len(tries) == 1
    assert jobs.status()["waiting"] == 5
    monkeypatch.setattr(jobs, "_send", lambda job_id, _linger: tries.append(job_id))
    monkeypatch.setattr(jobs, "_broker_rests_until", 0.0)
    with clock.frozen(now() + timedelta(seconds=31)):
        assert jobs.sweep() == 5


def test_a_schedule_opens_each_slot_once(person: int) -> None:
    effect(person, every=timedelta(minutes=10))
    start = now().replace(minute=0, second=1)
    for minutes in (0, 1, 9):
        with clock.frozen(start + timedelta(minutes=minutes)):
            jobs.sweep()
            jobs.drain()
    assert effects() == 1
    with clock.frozen(start + timedelta(minutes=10)):
        jobs.sweep()
        jobs.sweep()
        jobs.drain()
    assert effects() == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ScheduleSlot)) == 1


def test_the_second_of_two_sweepers_opens_nothing(person: int) -> None:
    effect(person, every=timedelta(minutes=10))
    slot = jobs._slot(timedelta(minutes=10))
    jobs._open_slot("test.effect", slot)
    db.session.expunge_all()
    jobs._open_slot("test.effect", slot)
    assert jobs.status()["waiting"] == 1


def test_an_idle_sweeper_takes_no_write_lock(app: Flask, sent: list[int], queries: list[str]) -> None:
    jobs.sweep()
    queries.clear()
    jobs.sweep()
    assert "BEGIN IMMEDIATE" not in queries


def test_jobs_done_long_ago_are_forgotten(person: int) -> None:
    effect(person)
    queued()
    jobs.drain()
    with clock.frozen(now() + timedelta(days=31)):
        queued()
        jobs.forget_done()
        db.session.commit()
    assert jobs.status() == {"waiting": 1, "running": 0, "done": 0, "failed": 0}


@pytest.fixture
def workers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Worker threads of this process, as in the serving process of one machine."""
    monkeypatch.setattr(jobs, "_sweep_for_ever", lambda _app: None)
    db.session.rollback()
    worker = jobs.connect(app, with_workers=True)
    yield worker
    worker.stop()


def test_worker_threads_do_what_is_committed(app: Flask, workers: Any, person: int) -> None:
    done = threading.Event()
    effect(person, done.set)
    queued()
    assert done.wait(10)
    end = time.monotonic() + 10
    while effects() < 1 and time.monotonic() < end:
        time.sleep(0.02)
    assert effects() == 1


def test_a_job_that_lingers_is_due_at_once_and_reaches_a_worker_later(app: Flask, workers: Any, person: int) -> None:
    done = threading.Event()
    effect(person, done.set)
    jobs.enqueue("test.effect", linger=timedelta(seconds=0.5))
    db.session.commit()
    assert len(jobs.due_ids()) == 1
    db.session.rollback()
    assert not done.wait(0.2)
    assert done.wait(10)
