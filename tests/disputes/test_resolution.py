"""Decisions, appeals, rounds, merging and closing; and that of two who act at once one is told so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.events import dispute_resolved
from backoffice.extensions import db
from backoffice.jobs import drain
from backoffice.notifications import OutgoingMail
from disputes import moves, resolution, threads
from disputes.access import Reader
from disputes.models import Dispute, RemedyExecution
from disputes.resolution import Decision
from disputes.vocabulary import Action, DecidedBy, Fault, FundedBy, Outcome, Party, Remedy, Stage, Status
from tests.factories.disputes import BUYER, make_dispute, make_mediator, seller_of
from tests.factories.orders import make_order


def claim() -> Dispute:
    """A dispute that lies before a mediator."""
    return make_dispute(safety_risk=True)


def decision(dispute: Dispute, amount: int = 1200, **values: Any) -> Decision:
    given: dict[str, Any] = {
        "outcome": Outcome.BUYER_FAVOUR,
        "remedy": Remedy.REFUND_PARTIAL,
        "fault": Fault.SELLER,
        "funded_by": FundedBy.SELLER,
        "amounts": {dispute.lines[0].order_line_id: amount},
        "reason": "The photos show a broken handle.",
    }
    return Decision(**{**given, **values})


def decided(mediator: Reader) -> Dispute:
    dispute = claim()
    resolution.decide(dispute, decision(dispute), mediator)
    db.session.commit()
    drain()
    db.session.refresh(dispute)
    return dispute


def test_a_decision_keeps_its_five_facts_and_is_carried_out(app: Flask) -> None:
    mediator = make_mediator()
    dispute = decided(mediator)
    assert (dispute.status, dispute.stage) == (Status.RESOLVED, Stage.CLAIM)
    assert (dispute.outcome, dispute.remedy) == (Outcome.BUYER_FAVOUR, Remedy.REFUND_PARTIAL)
    assert (dispute.fault, dispute.funded_by, dispute.decided_by) == (Fault.SELLER, FundedBy.SELLER, DecidedBy.MEDIATOR)
    assert (dispute.decided_by_id, dispute.mediator_id) == (mediator.actor.id, mediator.actor.id)
    assert db.session.scalars(sa.select(RemedyExecution.amount_minor)).all() == [1200]
    bodies = db.session.scalars(sa.select(OutgoingMail.body).where(OutgoingMail.subject.like("Decision%"))).all()
    assert bodies
    assert all("The photos show a broken handle." in body for body in bodies)


def test_those_who_listen_hear_of_the_resolution_once(app: Flask) -> None:
    heard: list[Dispute] = []

    def hear(sender: Dispute, **_rest: Any) -> None:
        heard.append(sender)

    with dispute_resolved.connected_to(hear):
        dispute = decided(make_mediator())
    assert [sender.id for sender in heard] == [dispute.id]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"outcome": Outcome.DENIED}, "remedy"),
        ({"funded_by": FundedBy.NONE}, "funded_by"),
        ({"remedy": Remedy.REFUND_FULL}, "remedy"),
    ],
)
def test_a_decision_without_reasons_or_against_itself_is_refused_at_its_field(
    app: Flask, values: dict[str, Any], field: str
) -> None:
    dispute = claim()
    with pytest.raises(Invalid) as refused:
        resolution.decide(dispute, decision(dispute, **values), make_mediator())
    assert field in refused.value.details


def test_nobody_but_a_mediator_decides(app: Flask) -> None:
    dispute = claim()
    for reader in (BUYER, seller_of(dispute)):
        with pytest.raises(IllegalMove) as refused:
            resolution.decide(dispute, decision(dispute), reader)
        assert "decide" not in refused.value.legal
        assert set(refused.value.details["allowed_actions"]) == set(refused.value.legal)


def test_of_two_mediators_who_take_it_at_once_one_is_told(app: Flask) -> None:
    mediator, dispute = make_mediator(), claim()
    db.session.execute(
        sa.update(Dispute).where(Dispute.id == dispute.id).values(version=dispute.version + 1),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(Conflict, match="it is now: "):
        resolution.take(dispute, mediator)
    db.session.rollback()
    assert db.session.get_one(Dispute, dispute.id).mediator_id is None


def test_a_page_made_before_another_act_is_refused(app: Flask) -> None:
    dispute = claim()
    seen = dispute.version
    resolution.take(dispute, make_mediator())
    with pytest.raises(Conflict, match="it is now: "):
        moves.check_version(dispute, seen)
    moves.check_version(dispute, dispute.version)


def test_an_appeal_goes_to_another_mediator_and_can_add_up_to_what_was_paid(app: Flask) -> None:
    mediator = make_mediator()
    dispute = decided(mediator)
    with pytest.raises(Invalid):
        resolution.appeal(dispute, BUYER, reason="")
    resolution.appeal(dispute, BUYER, reason="All of it is broken.")
    assert (dispute.status, dispute.stage, dispute.round) == (Status.UNDER_REVIEW, Stage.APPEAL, 2)
    assert dispute.mediator_id is None
    for act in (resolution.take, lambda d, r: resolution.decide(d, decision(d, 800), r)):
        with pytest.raises(IllegalMove):
            act(dispute, mediator)
    other = make_mediator()
    with pytest.raises(Invalid):
        resolution.decide(dispute, decision(dispute, 801), other)
    resolution.decide(dispute, decision(dispute, 800), other)
    resolution.execute(dispute.id)
    assert dispute.status is Status.RESOLVED
    assert sum(db.session.scalars(sa.select(RemedyExecution.amount_minor))) == 2000
    with pytest.raises(IllegalMove):
        resolution.appeal(dispute, seller_of(dispute), reason="Again.")


def test_after_the_window_nothing_is_appealed(app: Flask) -> None:
    dispute = decided(make_mediator())
    late = clock.now() + timedelta(days=app.config["APPEAL_DAYS"], minutes=1)
    with clock.frozen(late), pytest.raises(IllegalMove):
        resolution.appeal(dispute, BUYER, reason="Late.")


def test_a_mediator_gives_it_to_another_but_not_to_the_former_one(app: Flask) -> None:
    former, other = make_mediator(), make_mediator()
    dispute = decided(former)
    resolution.appeal(dispute, BUYER, reason="No.")
    with pytest.raises(Invalid):
        resolution.take(dispute, other, mediator=former.actor)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        resolution.take(dispute, other, mediator=seller_of(dispute).actor)  # type: ignore[arg-type]
    resolution.take(dispute, other, mediator=other.actor)  # type: ignore[arg-type]
    assert dispute.mediator_id == other.actor.id


def test_what_cannot_be_given_back_waits_for_a_mediator(app: Flask) -> None:
    dispute = claim()
    mediator = make_mediator()
    resolution.decide(dispute, decision(dispute, 2000, remedy=Remedy.REFUND_FULL), mediator)
    line = dispute.lines[0].order_line_id
    meanwhile = RemedyExecution(
        dispute_id=dispute.id,
        order_line_id=line,
        remedy=Remedy.GOODWILL,
        amount_minor=1,
        funded_by=FundedBy.OPERATOR,
        idempotency_key="by another way",
    )
    db.session.add(meanwhile)
    db.session.flush()
    resolution.execute(dispute.id)
    assert (dispute.status, dispute.awaiting) == (Status.EXECUTION_FAILED, Party.MEDIATOR)
    assert db.session.scalar(sa.select(sa.func.sum(RemedyExecution.amount_minor))) == 1
    db.session.delete(meanwhile)
    db.session.flush()
    resolution.retry(dispute, mediator)
    resolution.execute(dispute.id)
    assert dispute.status is Status.RESOLVED


def test_a_withdrawn_dispute_is_resolved_and_can_be_reopened_with_a_reason(app: Flask) -> None:
    dispute = make_dispute()
    resolution.withdraw(dispute, BUYER)
    assert (dispute.status, dispute.outcome) == (Status.RESOLVED, Outcome.CANCELLED_BY_BUYER)
    mediator = make_mediator()
    with pytest.raises(Invalid):
        resolution.reopen(dispute, mediator, reason=" ")
    resolution.reopen(dispute, mediator, reason="Withdrawn by mistake.")
    assert (dispute.status, dispute.stage, dispute.round) == (Status.UNDER_REVIEW, Stage.CLAIM, 2)


def test_an_external_procedure_holds_the_dispute_at_its_last_stage(app: Flask) -> None:
    dispute = decided(make_mediator())
    resolution.plain(dispute, Action.GO_EXTERNAL, make_mediator(), reason="Consumer mediator, file 12.")
    assert (dispute.status, dispute.stage) == (Status.ON_HOLD, Stage.EXTERNAL)


def test_a_duplicate_forwards_and_takes_no_more_words(app: Flask) -> None:
    order = make_order(lines=[{}, {}])
    first = make_dispute(order, pieces={order.lines[0].id: 1})
    second = make_dispute(order, pieces={order.lines[1].id: 1})
    mediator = make_mediator()
    with pytest.raises(Invalid):
        resolution.merge(second, make_dispute(), mediator)
    resolution.merge(second, first, mediator)
    assert (second.status, second.merged_into_id) == (Status.MERGED, first.id)
    with pytest.raises(IllegalMove):
        threads.write(second, "hello", BUYER)


def test_a_parcel_announced_and_received_settles_the_inquiry(app: Flask) -> None:
    dispute = make_dispute()
    resolution.plain(dispute, Action.ANNOUNCE_PARCEL, seller_of(dispute), reason="Colissimo 6A1")
    assert dispute.status is Status.WAITING_DELIVERY
    resolution.confirm_delivery(dispute, BUYER)
    resolution.execute(dispute.id)
    assert (dispute.status, dispute.decided_by) == (Status.RESOLVED, DecidedBy.AGREEMENT)


def test_a_resolution_without_outcome_cannot_be_stored(app: Flask) -> None:
    dispute = make_dispute()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Dispute).where(Dispute.id == dispute.id).values(status=Status.RESOLVED))
    db.session.rollback()
