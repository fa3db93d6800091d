"""Deadlines fire once, at their time, whoever sees them first; a silent vendor never ends a claim."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.jobs import Job, drain, sweep
from backoffice.notifications import OutgoingMail
from disputes import moves, offers, resolution, threads, timers
from disputes.deadlines import TimerKind
from disputes.models import Dispute, DisputeTimer
from disputes.vocabulary import Action, DecidedBy, OfferState, Outcome, Party, Remedy, Stage, Status
from tests.factories.disputes import BUYER, make_dispute, make_mediator, seller_of
from tests.factories.orders import make_order

# A Saturday before the clocks of Paris go forward: 48 hours later they have.
START = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
# The night in which they go back: 02:00–03:00 passes twice.
AUTUMN = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.frozen(moment):
        yield


def opened_at(moment: datetime) -> Dispute:
    with at(moment):
        return make_dispute(make_order(ordered_at=moment - timedelta(days=2)))


def work(moment: datetime) -> None:
    """What the workers do at a moment: the sweep opens its slots, the due jobs are done."""
    db.session.commit()
    with at(moment):
        sweep()
        drain()
    db.session.expire_all()


def fired(dispute: Dispute, kind: TimerKind) -> int:
    query = sa.select(sa.func.count(DisputeTimer.id)).where(
        DisputeTimer.dispute_id == dispute.id, DisputeTimer.kind == kind, DisputeTimer.fired_at.is_not(None)
    )
    return db.session.scalar(query) or 0


def times(dispute: Dispute, action: Action) -> int:
    query = sa.select(sa.func.count(AuditEvent.id)).where(
        AuditEvent.object_id == dispute.id, AuditEvent.verb == f"dispute.{action}"
    )
    return db.session.scalar(query) or 0


@pytest.mark.parametrize("start", [START, AUTUMN], ids=["clocks forward", "clocks back"])
def test_a_vendor_silent_for_48_hours_brings_the_mediator_once_and_no_minute_before(
    app: Flask, start: datetime
) -> None:
    dispute = opened_at(start)
    work(start + timedelta(hours=48) - timedelta(minutes=1))
    assert dispute.status is Status.WAITING_SELLER_RESPONSE
    for late in (timedelta(), timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=5)):
        work(start + timedelta(hours=48) + late)
    assert (dispute.status, dispute.stage) == (Status.UNDER_REVIEW, Stage.CLAIM)
    assert times(dispute, Action.ESCALATE) == 1
    assert fired(dispute, TimerKind.SELLER_ANSWER) == 1


def test_a_timer_whose_job_was_lost_is_fired_by_the_sweep(app: Flask) -> None:
    dispute = opened_at(START)
    db.session.execute(sa.delete(Job).where(Job.kind == "disputes.fire_timer"))
    work(START + timedelta(hours=49))
    assert dispute.status is Status.UNDER_REVIEW


def test_the_same_timer_fired_twice_at_once_acts_once(app: Flask) -> None:
    dispute = opened_at(START)
    timer = db.session.scalars(sa.select(DisputeTimer).where(DisputeTimer.kind == TimerKind.SELLER_ANSWER)).one()
    with at(START + timedelta(hours=48)):
        assert [timers.fire(timer.id), timers.fire(timer.id)] == [True, False]
    assert times(dispute, Action.ESCALATE) == 1


def test_an_answer_in_time_stops_the_timer(app: Flask) -> None:
    dispute = opened_at(START)
    with at(START + timedelta(hours=47)):
        threads.write(dispute, "Here we are.", seller_of(dispute))
    work(START + timedelta(hours=60))
    assert dispute.status is Status.WAITING_BUYER_RESPONSE
    assert fired(dispute, TimerKind.SELLER_ANSWER) == 0


def test_a_second_deadline_of_the_same_kind_is_not_hidden_by_the_first(app: Flask) -> None:
    dispute = opened_at(START)
    seller = seller_of(dispute)
    with at(START + timedelta(hours=1)):
        threads.write(dispute, "Yes?", seller)
    with at(START + timedelta(hours=2)):
        threads.write(dispute, "Broken.", BUYER)
    work(START + timedelta(hours=49))
    assert dispute.status is Status.WAITING_SELLER_RESPONSE
    work(START + timedelta(hours=50))
    assert dispute.status is Status.UNDER_REVIEW


def test_a_silent_buyer_is_reminded_and_then_cancelled(app: Flask) -> None:
    dispute = opened_at(START)
    with at(START + timedelta(hours=1)):
        threads.write(dispute, "Please send a photo.", seller_of(dispute))
    work(START + timedelta(days=4))
    assert dispute.status is Status.WAITING_BUYER_RESPONSE
    subjects = db.session.scalars(sa.select(OutgoingMail.subject)).all()
    assert sum("waits for your answer" in subject for subject in subjects) == 1
    work(START + timedelta(days=8))
    assert (dispute.status, dispute.outcome) == (Status.RESOLVED, Outcome.CANCELLED_BY_BUYER)
    assert dispute.decided_by is DecidedBy.TIMER


def test_an_offer_that_nobody_answers_expires(app: Flask) -> None:
    dispute = opened_at(START)
    line = dispute.lines[0].order_line_id
    with at(START):
        offers.make(dispute, Remedy.GOODWILL, {line: 300}, seller_of(dispute))
    work(START + timedelta(hours=app.config["OFFER_HOURS"]))
    assert dispute.status is Status.WAITING_BUYER_RESPONSE
    assert offers.history(dispute)[0].state is OfferState.EXPIRED


def test_a_vendor_who_lets_the_buyers_offer_pass_is_a_silent_vendor(app: Flask) -> None:
    dispute = opened_at(START)
    line = dispute.lines[0].order_line_id
    with at(START):
        offers.make(dispute, Remedy.REFUND_PARTIAL, {line: 300}, BUYER)
    work(START + timedelta(hours=app.config["OFFER_HOURS"]))
    assert dispute.status is Status.UNDER_REVIEW
    assert offers.history(dispute)[0].state is OfferState.EXPIRED


def test_two_offers_in_the_same_instant_share_one_deadline(app: Flask) -> None:
    dispute = opened_at(START)
    line = dispute.lines[0].order_line_id
    seller = seller_of(dispute)
    with at(START):
        offers.make(dispute, Remedy.GOODWILL, {line: 300}, seller)
        offers.make(dispute, Remedy.GOODWILL, {line: 400}, seller)
    work(START + timedelta(hours=app.config["OFFER_HOURS"]))
    assert [offer.state for offer in offers.history(dispute)] == [OfferState.EXPIRED, OfferState.SUPERSEDED]
    assert fired(dispute, TimerKind.OFFER) == 1


@pytest.mark.parametrize("whom", [Party.BUYER, Party.SELLER])
def test_an_unanswered_question_comes_back_to_the_mediator(app: Flask, whom: Party) -> None:
    dispute = opened_at(START)
    mediator = make_mediator()
    with at(START):
        resolution.escalate(dispute, mediator)
        resolution.ask(dispute, whom, "Which colour?", mediator)
    work(START + timedelta(hours=48))
    assert dispute.status is Status.UNDER_REVIEW


def test_the_inquiry_has_its_own_limit_however_much_is_written(app: Flask) -> None:
    dispute = opened_at(START)
    seller = seller_of(dispute)
    for day in range(1, 20, 2):
        with at(START + timedelta(days=day)):
            threads.write(dispute, "and?", seller if day % 4 == 1 else BUYER)
    work(START + timedelta(days=19, hours=22))
    assert dispute.status is not Status.UNDER_REVIEW
    work(START + timedelta(days=20))
    assert dispute.status is Status.UNDER_REVIEW
    assert fired(dispute, TimerKind.INQUIRY) == 1


def test_the_appeal_windows_end_closes(app: Flask) -> None:
    dispute = opened_at(START)
    with at(START):
        resolution.withdraw(dispute, BUYER)
    days = app.config["APPEAL_DAYS"]
    work(START + timedelta(days=days - 1))
    assert dispute.status is Status.RESOLVED
    work(START + timedelta(days=days))
    assert dispute.status is Status.CLOSED
    assert dispute.closed_at is not None


def test_a_vendor_silent_for_ever_never_ends_the_claim(app: Flask) -> None:
    dispute = opened_at(START)
    for days in (3, 10, 40, 400):
        work(START + timedelta(days=days))
    assert dispute.status is Status.UNDER_REVIEW


def test_one_timer_that_cannot_fire_does_not_keep_the_others_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = opened_at(START), opened_at(START)
    first.status = Status.CLOSED
    first.closed_at = first.resolved_at = START
    first.outcome, first.remedy, first.fault = Outcome.DENIED, Remedy.REJECTED, "none"
    first.funded_by, first.decided_by = "none", DecidedBy.RULE
    db.session.execute(sa.delete(Job))
    db.session.commit()
    with ExitStack() as stack:
        stack.enter_context(at(START + timedelta(hours=50)))
        timers.fire_due()
        db.session.commit()
    db.session.expire_all()
    assert second.status is Status.UNDER_REVIEW
    assert fired(first, TimerKind.SELLER_ANSWER) == 0


def test_a_hold_ends_at_its_limit(app: Flask) -> None:
    dispute = opened_at(START)
    mediator = make_mediator()
    with at(START):
        resolution.escalate(dispute, mediator)
        resolution.plain(dispute, Action.HOLD, mediator, reason="carrier inquiry")
    assert dispute.status is Status.ON_HOLD
    work(START + timedelta(days=10))
    assert dispute.status is Status.UNDER_REVIEW


def test_the_due_date_of_the_list_is_the_next_real_deadline(app: Flask) -> None:
    dispute = opened_at(START)
    with at(START):
        threads.write(dispute, "Hello", seller_of(dispute))
        # The reminder comes before, but nothing ends with it.
        assert dispute.due_at == moves.deadlines.due(TimerKind.BUYER_ANSWER, START, moves.terms())
