"""Imports of one vendor take turns: in the order in which they were sent, whoever works on them."""

from __future__ import annotations

import io

import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import import_turns, pipeline, uploads
from catalog.models import Import, ImportStatus
from tests.factories.accounts import login, make_user
from tests.factories.catalog import listing_of, selling_vendor


def _sent(vendor: Vendor, title: str, *, begin: bool = True) -> Import:
    run = uploads.upload(vendor, io.BytesIO(f"sku,titre,prix\nCAF-1,{title},30\n".encode()), "un.csv", by=None)
    run.ask_first = not begin
    pipeline.confirm(run, by=None)
    db.session.commit()
    return run


def _work(moments: int = 1) -> None:
    """Do what is due, and what was put off until a little later."""
    for _moment in range(moments):
        jobs.drain()
        db.session.execute(sa.update(jobs.Job).where(jobs.Job.state == jobs.JobState.WAITING).values(due_at=now()))
        db.session.commit()


def test_imports_of_a_vendor_are_read_and_written_in_the_order_in_which_they_were_sent(app: Flask) -> None:
    vendor, other = selling_vendor(), selling_vendor()
    first, second = _sent(vendor, "Cafetière en inox"), _sent(vendor, "Cafetière en verre")
    # The later one comes to a worker first, and a third is no concern of theirs.
    pipeline.read_import(second.id)
    db.session.commit()
    third = _sent(other, "Théière en fonte")
    assert (second.status, second.started_at, import_turns.waits(second)) == (ImportStatus.READING, None, True)
    assert import_turns.waits(third) is False
    manager = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    news = manager.get(f"/imports/{second.id}/progress").get_json()
    assert (news["state"], news["label"]) == ("running", "Waiting for an earlier import of this vendor to end")
    _work(3)
    assert [one.status for one in (first, second, third)] == [ImportStatus.DONE] * 3
    assert first.started_at < second.started_at
    assert listing_of(vendor, "CAF-1").title == "Cafetière en verre"


def test_an_import_that_waited_for_a_person_takes_its_turn_behind_those_under_way(app: Flask) -> None:
    vendor = selling_vendor()
    asked = _sent(vendor, "Cafetière en inox", begin=False)
    jobs.drain()
    assert asked.status == ImportStatus.AWAITING_CONFIRMATION
    under_way = _sent(vendor, "Cafetière en verre")
    under_way.started_at = now()
    pipeline.proceed(asked)
    db.session.commit()
    pipeline.begin_import(asked.id)
    assert import_turns.waits(asked)
    _work(3)
    assert [one.status for one in (asked, under_way)] == [ImportStatus.DONE] * 2
    assert listing_of(vendor, "CAF-1").title == "Cafetière en inox"


def test_an_import_whose_task_was_given_up_holds_up_nobody(app: Flask) -> None:
    vendor = selling_vendor()
    broken = _sent(vendor, "Cafetière en inox")
    db.session.execute(sa.update(jobs.Job).values(state=jobs.JobState.FAILED))
    following = _sent(vendor, "Cafetière en verre")
    _work()
    assert (broken.status, following.status) == (ImportStatus.READING, ImportStatus.DONE)
