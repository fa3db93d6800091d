"""What happens when a deadline ends: each timer fires once, whoever sees it first and however often.

Every timer has a job of its own at its time; a sweep each minute fires those whose job was lost. Both go through the
same compare-and-set, in the transaction of what follows from it. A silent vendor never ends a claim.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog

from backoffice.clock import now
from backoffice.errors import BackofficeError
from backoffice.extensions import db
from backoffice.jobs import handler
from disputes import moves, notices, offers, resolution
from disputes.deadlines import TimerKind
from disputes.models import Dispute, DisputeTimer
from disputes.vocabulary import Action, Party

log = structlog.get_logger(__name__)
SWEEP_BATCH = 200


def _to_mediator(dispute: Dispute) -> None:
    resolution.escalate(dispute, moves.SYSTEM)


def _remind_buyer(dispute: Dispute) -> None:
    notices.tell(dispute, [Party.BUYER], "dispute_reminder")


def _remind_mediator(dispute: Dispute) -> None:
    notices.tell(dispute, [Party.MEDIATOR], "dispute_overdue")


def _release(dispute: Dispute) -> None:
    moves.move(dispute, Action.RELEASE, moves.SYSTEM)
    notices.tell(dispute, [Party.MEDIATOR], "dispute_overdue")


ON_END: dict[TimerKind, Callable[[Dispute], None]] = {
    TimerKind.SELLER_ANSWER: _to_mediator,
    TimerKind.BUYER_REMINDER: _remind_buyer,
    TimerKind.BUYER_ANSWER: resolution.cancel_silent,
    TimerKind.INFORMATION: _to_mediator,
    TimerKind.OFFER: offers.expire,
    TimerKind.INQUIRY: _to_mediator,
    TimerKind.DELIVERY: _to_mediator,
    TimerKind.RETURN: _to_mediator,
    TimerKind.REVIEW: _remind_mediator,
    TimerKind.HOLD: _release,
    TimerKind.APPEAL_WINDOW: lambda dispute: resolution.close(dispute, moves.SYSTEM),
}


@handler("disputes.fire_timer")
def fire_one(timer_id: int) -> None:
    """Fire one timer at its own time."""
    fire(timer_id)


def fire(timer_id: int) -> bool:
    """Fire one timer if it is due, runs, and was not fired; returns whether it fired here."""
    moment = now()
    taken = db.session.execute(
        sa.update(DisputeTimer)
        .where(
            DisputeTimer.id == timer_id,
            DisputeTimer.due_at <= moment,
            DisputeTimer.fired_at.is_(None),
            DisputeTimer.stopped_at.is_(None),
        )
        .values(fired_at=moment)
        .returning(DisputeTimer.dispute_id, DisputeTimer.kind)
    ).first()
    if taken is None:
        return False
    dispute = db.session.get_one(Dispute, taken.dispute_id, populate_existing=True)
    ON_END[taken.kind](dispute)
    return True


@handler("disputes.fire_timers", every=timedelta(minutes=1))
def fire_due() -> None:
    """Fire every timer that is due, earliest first; one that cannot fire does not keep the others back."""
    query = sa.select(DisputeTimer.id).where(
        DisputeTimer.due_at <= now(), DisputeTimer.fired_at.is_(None), DisputeTimer.stopped_at.is_(None)
    )
    for timer_id in db.session.scalars(query.order_by(DisputeTimer.due_at, DisputeTimer.id).limit(SWEEP_BATCH)).all():
        try:
            with db.session.begin_nested():
                fire(timer_id)
        except BackofficeError as error:
            log.warning("timer could not fire", timer=timer_id, error=error.message)
