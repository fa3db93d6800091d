"""What may be given back on a line, and which decisions contradict themselves."""

from __future__ import annotations

import pytest

from disputes.settlement import OUTCOME_REMEDIES, Objection, Room, contradictions, faults, share_of_line
from disputes.vocabulary import FundedBy, Outcome, Remedy

ROOMS = {
    1: Room(disputed_minor=2000, paid_minor=3000),
    2: Room(disputed_minor=1000, paid_minor=1000, executed_minor=400),
}


def test_no_more_than_what_is_left_of_what_was_paid() -> None:
    assert faults(Remedy.REFUND_PARTIAL, {1: 2000, 2: 600}, ROOMS) == {}
    assert faults(Remedy.REFUND_PARTIAL, {1: 2001}, ROOMS) == {1: Objection.ABOVE_PAID}
    assert faults(Remedy.REFUND_PARTIAL, {2: 601}, ROOMS) == {2: Objection.ABOVE_PAID}


def test_a_full_refund_gives_back_all_that_is_left() -> None:
    assert faults(Remedy.REFUND_FULL, {1: 2000, 2: 600}, ROOMS) == {}
    assert faults(Remedy.REFUND_FULL, {1: 2000}, ROOMS) == {None: Objection.NOT_FULL}


def test_money_where_it_is_meant_and_only_there() -> None:
    assert faults(Remedy.REFUND_PARTIAL, {1: 0}, ROOMS) == {None: Objection.MONEY_MISSING}
    assert faults(Remedy.REPLACEMENT, {1: 5}, ROOMS) == {None: Objection.MONEY_NOT_MEANT}
    assert faults(Remedy.REPLACEMENT, {1: 0}, ROOMS) == {}


def test_strange_amounts_are_refused() -> None:
    assert faults(Remedy.REFUND_PARTIAL, {1: -5, 2: 10}, ROOMS)[1] is Objection.NEGATIVE
    assert faults(Remedy.REFUND_PARTIAL, {3: 5}, ROOMS)[3] is Objection.UNKNOWN_LINE


@pytest.mark.parametrize("amount", [1, 99, 100, 1001])
def test_the_parts_of_a_line_never_exceed_the_whole(amount: int) -> None:
    assert sum(share_of_line(amount, 3, 1) for _piece in range(3)) <= amount
    assert share_of_line(amount, 3, 3) == amount


def test_a_mediator_cannot_decide_that_the_buyer_cancelled() -> None:
    assert Outcome.CANCELLED_BY_BUYER not in OUTCOME_REMEDIES
    assert contradictions(Outcome.CANCELLED_BY_BUYER, Remedy.NONE, FundedBy.NONE) == [Objection.OUTCOME_AGAINST_REMEDY]


def test_who_pays_agrees_with_what_is_paid() -> None:
    assert contradictions(Outcome.BUYER_FAVOUR, Remedy.REFUND_FULL, FundedBy.SELLER) == []
    assert contradictions(Outcome.BUYER_FAVOUR, Remedy.REFUND_FULL, FundedBy.NONE) == [Objection.WRONG_PAYER]
    assert contradictions(Outcome.DENIED, Remedy.REJECTED, FundedBy.SELLER) == [Objection.WRONG_PAYER]
    assert contradictions(Outcome.OPERATOR_PAYOUT, Remedy.GOODWILL, FundedBy.SELLER) == [Objection.WRONG_PAYER]
    assert contradictions(Outcome.DENIED, Remedy.REFUND_FULL, FundedBy.SELLER) == [Objection.OUTCOME_AGAINST_REMEDY]
