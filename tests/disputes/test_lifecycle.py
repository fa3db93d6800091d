"""The table of a dispute's life, walked whole: every status, stage, act and party."""

from __future__ import annotations

from itertools import product

import pytest

from disputes.lifecycle import (
    ACTORS,
    CLAIM_MOVES,
    MOVES,
    STAGE_ORDER,
    Standing,
    allowed_actions,
    appealable,
    awaited,
    next_state,
    turn,
)
from disputes.vocabulary import FINISHED, Action, DecidedBy, Party, Stage, Status, Turn

S, A, P = Status, Action, Party
EVERYTHING = list(product(Status, Stage, Party))


def generous(status: Status, stage: Stage, party: Party) -> Standing:
    """A standing in which no guard stands in the way of this party."""
    other = P.SELLER if party is P.BUYER else P.BUYER
    offer_by = other if status is S.OFFER_PENDING else None
    return Standing(
        status, stage, offer_by=offer_by, seller_answered=True, decided_by=DecidedBy.MEDIATOR, window_open=True
    )


def test_every_act_has_an_actor_and_every_act_moves_something() -> None:
    assert set(ACTORS) == set(Action)
    assert {action for _status, action in MOVES} == set(Action)
    assert set(CLAIM_MOVES) <= set(MOVES)


@pytest.mark.parametrize(("status", "stage", "party"), EVERYTHING)
def test_an_act_is_allowed_exactly_where_the_table_has_it(status: Status, stage: Stage, party: Party) -> None:
    standing = generous(status, stage, party)
    for action in Action:
        following = next_state(standing, action, party)
        if (status, action) not in MOVES or party not in ACTORS[action]:
            assert following is None, action
        assert (action in allowed_actions(standing, party)) == (following is not None)


@pytest.mark.parametrize(("status", "stage", "party"), EVERYTHING)
def test_stages_only_go_forward(status: Status, stage: Stage, party: Party) -> None:
    standing = generous(status, stage, party)
    for action in Action:
        following = next_state(standing, action, party)
        if following is not None:
            assert STAGE_ORDER.index(following[1]) >= STAGE_ORDER.index(stage)


@pytest.mark.parametrize("stage", Stage)
def test_every_status_but_the_last_ones_can_be_left(stage: Stage) -> None:
    for status in set(Status) - {S.CLOSED, S.MERGED}:
        leaving = {
            following for (start, _action), following in MOVES.items() if start is status and following is not status
        }
        assert leaving, status
    for status in (S.CLOSED, S.MERGED):
        for party in Party:
            assert allowed_actions(generous(status, stage, party), party) == ()


def test_a_vendor_never_closes_and_never_withdraws() -> None:
    for status, stage in product(Status, Stage):
        assert not {A.CLOSE, A.WITHDRAW, A.MERGE, A.DECIDE} & set(
            allowed_actions(generous(status, stage, P.SELLER), P.SELLER)
        )


def test_observers_may_do_nothing_and_account_managers_only_write() -> None:
    for status, stage in product(Status, Stage):
        assert allowed_actions(generous(status, stage, P.OBSERVER), P.OBSERVER) == ()
        assert set(allowed_actions(generous(status, stage, P.ACCOUNT_MANAGER), P.ACCOUNT_MANAGER)) <= {A.WRITE}


@pytest.mark.parametrize("party", [P.BUYER, P.SELLER])
def test_nobody_accepts_or_denies_his_own_offer(party: Party) -> None:
    own = Standing(S.OFFER_PENDING, offer_by=party)
    assert next_state(own, A.ACCEPT_OFFER, party) is None
    assert next_state(own, A.DENY_OFFER, party) is None


def test_only_the_one_who_is_waited_for_replies() -> None:
    assert next_state(Standing(S.WAITING_SELLER_RESPONSE), A.REPLY, P.BUYER) is None
    assert next_state(Standing(S.WAITING_SELLER_RESPONSE), A.REPLY, P.SELLER) == (
        S.WAITING_BUYER_RESPONSE,
        Stage.INQUIRY,
    )


@pytest.mark.parametrize("stage", [Stage.CLAIM, Stage.APPEAL])
def test_from_the_claim_on_every_answer_returns_to_the_mediator(stage: Stage) -> None:
    assert next_state(Standing(S.WAITING_SELLER_RESPONSE, stage), A.REPLY, P.SELLER) == (S.UNDER_REVIEW, stage)
    assert next_state(Standing(S.WAITING_BUYER_RESPONSE, stage), A.REPLY, P.BUYER) == (S.UNDER_REVIEW, stage)
    offered = Standing(S.OFFER_PENDING, stage, offer_by=P.SELLER)
    assert next_state(offered, A.DENY_OFFER, P.BUYER) == (S.UNDER_REVIEW, stage)
    assert next_state(offered, A.EXPIRE_OFFER, P.SYSTEM) == (S.UNDER_REVIEW, stage)


def test_the_buyer_asks_for_a_mediator_once_the_vendor_has_answered() -> None:
    assert next_state(Standing(S.WAITING_SELLER_RESPONSE), A.ESCALATE, P.BUYER) is None
    answered = Standing(S.WAITING_SELLER_RESPONSE, seller_answered=True)
    assert next_state(answered, A.ESCALATE, P.BUYER) == (S.UNDER_REVIEW, Stage.CLAIM)


def test_silence_cancels_an_inquiry_only() -> None:
    assert next_state(Standing(S.WAITING_BUYER_RESPONSE), A.CANCEL_SILENT, P.SYSTEM) == (S.RESOLVED, Stage.INQUIRY)
    assert next_state(Standing(S.WAITING_BUYER_RESPONSE, Stage.CLAIM), A.CANCEL_SILENT, P.SYSTEM) is None
    assert next_state(Standing(S.WAITING_SELLER_RESPONSE), A.CANCEL_SILENT, P.SYSTEM) is None


def test_an_agreement_cannot_be_appealed_and_nothing_twice_or_late() -> None:
    decided = Standing(S.RESOLVED, Stage.CLAIM, decided_by=DecidedBy.MEDIATOR, window_open=True)
    assert appealable(decided)
    assert next_state(decided, A.APPEAL, P.BUYER) == (S.UNDER_REVIEW, Stage.APPEAL)
    agreed = Standing(S.RESOLVED, Stage.CLAIM, decided_by=DecidedBy.AGREEMENT, window_open=True)
    late = Standing(S.RESOLVED, Stage.CLAIM, decided_by=DecidedBy.MEDIATOR)
    again = Standing(S.RESOLVED, Stage.APPEAL, decided_by=DecidedBy.MEDIATOR, window_open=True)
    for standing in (agreed, late, again):
        assert next_state(standing, A.APPEAL, P.BUYER) is None


def test_a_mediator_does_not_close_while_somebody_may_still_appeal() -> None:
    decided = Standing(S.RESOLVED, Stage.CLAIM, decided_by=DecidedBy.MEDIATOR, window_open=True)
    assert next_state(decided, A.CLOSE, P.MEDIATOR) is None
    assert next_state(decided, A.CLOSE, P.SYSTEM) == (S.CLOSED, Stage.CLAIM)


def test_the_appeal_is_not_decided_by_the_mediator_who_decided_before() -> None:
    former = Standing(S.UNDER_REVIEW, Stage.APPEAL, decided_before=True)
    assert not {A.DECIDE, A.TAKE} & set(allowed_actions(former, P.MEDIATOR))
    assert A.DECIDE in allowed_actions(Standing(S.UNDER_REVIEW, Stage.APPEAL), P.MEDIATOR)


def test_the_one_waited_for_is_the_one_who_can_act() -> None:
    for status in set(Status) - FINISHED - {S.OPEN, S.EXECUTING}:
        offer_by = P.SELLER if status is S.OFFER_PENDING else None
        party = awaited(status, offer_by)
        assert party is not None
        acts = set(allowed_actions(Standing(status, offer_by=offer_by), party)) - {A.WRITE, A.TAKE, A.WITHDRAW}
        assert acts, status
    assert awaited(S.OFFER_PENDING, P.BUYER) is P.SELLER


def test_each_reader_gets_his_own_label() -> None:
    assert turn(S.WAITING_SELLER_RESPONSE, P.SELLER, P.SELLER) is Turn.REQUIRED_ACTION
    assert turn(S.WAITING_SELLER_RESPONSE, P.SELLER, P.BUYER) is Turn.WAITING_FOR_OTHER
    assert turn(S.CLOSED, None, P.BUYER) is Turn.FINISHED
