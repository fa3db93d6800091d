"""Settlement offers, and that what is given back never exceeds what was paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.jobs import drain
from disputes import offers, resolution
from disputes.models import Dispute, RemedyExecution, SettlementOffer
from disputes.vocabulary import (
    DecidedBy,
    FundedBy,
    OfferState,
    Outcome,
    Party,
    Remedy,
    ReturnState,
    Status,
)
from tests.factories.disputes import BUYER, make_dispute, seller_of
from tests.factories.orders import make_order


def amounts(dispute: Dispute, amount: int) -> dict[int, int]:
    return {dispute.lines[0].order_line_id: amount}


def offered(amount: int = 500) -> Dispute:
    dispute = make_dispute()
    offers.make(dispute, Remedy.REFUND_PARTIAL, amounts(dispute, amount), seller_of(dispute), words="Sorry.")
    return dispute


def test_an_accepted_offer_is_carried_out_and_resolves(app: Flask) -> None:
    dispute = offered()
    assert (dispute.status, dispute.awaiting) == (Status.OFFER_PENDING, Party.BUYER)
    offers.accept(dispute, BUYER)
    assert dispute.status is Status.EXECUTING
    db.session.commit()
    drain()
    db.session.refresh(dispute)
    assert (dispute.status, dispute.outcome) == (Status.RESOLVED, Outcome.BUYER_FAVOUR)
    assert (dispute.decided_by, dispute.funded_by) == (DecidedBy.AGREEMENT, FundedBy.SELLER)
    paid = db.session.scalars(sa.select(RemedyExecution)).one()
    assert (paid.amount_minor, paid.order_line_id) == (500, dispute.lines[0].order_line_id)


def test_carrying_out_twice_pays_once(app: Flask) -> None:
    dispute = offered()
    offers.accept(dispute, BUYER)
    db.session.commit()
    resolution.execute(dispute.id)
    resolution.execute(dispute.id)
    assert db.session.scalar(sa.select(sa.func.count(RemedyExecution.id))) == 1


def test_nobody_accepts_his_own_offer(app: Flask) -> None:
    dispute = offered()
    with pytest.raises(IllegalMove) as refused:
        offers.accept(dispute, seller_of(dispute))
    assert "offer" in refused.value.legal


def test_a_new_offer_takes_the_place_of_the_live_one(app: Flask) -> None:
    dispute = offered()
    offers.make(dispute, Remedy.REFUND_FULL, amounts(dispute, 2000), BUYER)
    states = db.session.scalars(sa.select(SettlementOffer.state).order_by(SettlementOffer.id)).all()
    assert states == [OfferState.SUPERSEDED, OfferState.LIVE]
    assert dispute.awaiting is Party.SELLER
    offers.accept(dispute, seller_of(dispute))
    assert dispute.granted == {str(dispute.lines[0].order_line_id): 2000}


def test_a_denied_offer_is_the_vendors_turn_again(app: Flask) -> None:
    dispute = offered()
    offers.deny(dispute, BUYER, reason="Too little.")
    assert dispute.status is Status.WAITING_SELLER_RESPONSE
    assert offers.history(dispute)[0].state is OfferState.DENIED


@pytest.mark.parametrize("amount", [2001, -1, 0])
def test_amounts_beyond_what_was_paid_are_refused_at_their_field(app: Flask, amount: int) -> None:
    dispute = make_dispute()
    with pytest.raises(Invalid) as refused:
        offers.make(dispute, Remedy.REFUND_PARTIAL, amounts(dispute, amount), seller_of(dispute))
    assert refused.value.details


def test_what_was_given_back_before_counts(app: Flask) -> None:
    order = make_order()
    first = make_dispute(order)
    offers.make(first, Remedy.REFUND_PARTIAL, amounts(first, 1500), seller_of(first))
    offers.accept(first, BUYER)
    db.session.commit()
    resolution.execute(first.id)
    db.session.commit()
    again = make_dispute(order)
    with pytest.raises(Invalid):
        offers.make(again, Remedy.REFUND_PARTIAL, amounts(again, 501), seller_of(again))
    offers.make(again, Remedy.REFUND_FULL, amounts(again, 500), seller_of(again))


def test_an_expired_offer_is_not_accepted_any_more(app: Flask) -> None:
    dispute = offered()
    with clock.frozen(clock.now() + timedelta(hours=app.config["OFFER_HOURS"], minutes=1)), pytest.raises(Conflict):
        offers.accept(dispute, BUYER)


def test_a_refund_after_return_waits_for_the_vendors_word(app: Flask) -> None:
    dispute = make_dispute()
    seller = seller_of(dispute)
    offers.make(dispute, Remedy.REFUND_WITH_RETURN, amounts(dispute, 2000), seller)
    offers.accept(dispute, BUYER)
    assert (dispute.status, dispute.awaiting) == (Status.WAITING_RETURN, Party.SELLER)
    resolution.acknowledge_return(dispute, seller, ReturnState.RECEIVED)
    assert dispute.status is Status.EXECUTING
    resolution.execute(dispute.id)
    assert dispute.status is Status.RESOLVED


def test_a_contested_return_goes_to_the_mediator_with_the_vendors_words(app: Flask) -> None:
    dispute = make_dispute()
    seller = seller_of(dispute)
    offers.make(dispute, Remedy.REFUND_WITH_RETURN, amounts(dispute, 2000), seller)
    offers.accept(dispute, BUYER)
    with pytest.raises(Invalid):
        resolution.acknowledge_return(dispute, seller, ReturnState.EMPTY_OR_DIFFERENT)
    resolution.acknowledge_return(dispute, seller, ReturnState.EMPTY_OR_DIFFERENT, reason="An empty box.")
    assert dispute.status is Status.UNDER_REVIEW


def test_a_replacement_waits_for_the_buyers_word(app: Flask) -> None:
    dispute = make_dispute()
    offers.make(dispute, Remedy.REPLACEMENT, {}, seller_of(dispute))
    offers.accept(dispute, BUYER)
    assert (dispute.status, dispute.awaiting) == (Status.WAITING_DELIVERY, Party.BUYER)
    resolution.confirm_delivery(dispute, BUYER)
    resolution.execute(dispute.id)
    assert (dispute.status, dispute.remedy) == (Status.RESOLVED, Remedy.REPLACEMENT)
