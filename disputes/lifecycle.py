"""The life of a dispute as one table: {(status, action): next status}, with who may act and what must hold besides.

`allowed_actions` and `next_state` read the same table, so a button that is shown is a move that works. From the claim
on, every answer returns to the mediator: `CLAIM_MOVES` takes precedence there. Stages only go forward.
Not here: writing the move down (`moves`), and what follows from it (timers, mails, execution).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from disputes.vocabulary import FINISHED, Action, DecidedBy, Party, Stage, Status, Turn

S, A, P = Status, Action, Party
STAGE_ORDER = (Stage.INQUIRY, Stage.CLAIM, Stage.APPEAL, Stage.EXTERNAL)


def _from(statuses: Iterable[Status], action: Action, following: Status) -> dict[tuple[Status, Action], Status]:
    return {(status, action): following for status in statuses}


TALKING = (S.WAITING_SELLER_RESPONSE, S.WAITING_BUYER_RESPONSE, S.OFFER_PENDING)
MOVING = (S.WAITING_DELIVERY, S.WAITING_RETURN)

MOVES: dict[tuple[Status, Action], Status] = {
    (S.OPEN, A.ROUTE_TO_SELLER): S.WAITING_SELLER_RESPONSE,
    (S.OPEN, A.ROUTE_TO_MEDIATOR): S.UNDER_REVIEW,
    (S.WAITING_SELLER_RESPONSE, A.REPLY): S.WAITING_BUYER_RESPONSE,
    (S.WAITING_BUYER_RESPONSE, A.REPLY): S.WAITING_SELLER_RESPONSE,
    **_from(TALKING, A.OFFER, S.OFFER_PENDING),
    (S.OFFER_PENDING, A.ACCEPT_OFFER): S.EXECUTING,
    (S.OFFER_PENDING, A.DENY_OFFER): S.WAITING_SELLER_RESPONSE,
    (S.OFFER_PENDING, A.EXPIRE_OFFER): S.WAITING_BUYER_RESPONSE,
    **_from((S.WAITING_SELLER_RESPONSE, S.WAITING_BUYER_RESPONSE), A.ANNOUNCE_PARCEL, S.WAITING_DELIVERY),
    (S.WAITING_DELIVERY, A.CONFIRM_DELIVERY): S.EXECUTING,
    (S.WAITING_DELIVERY, A.REPORT_NOT_DELIVERED): S.UNDER_REVIEW,
    (S.WAITING_RETURN, A.ACKNOWLEDGE_RETURN): S.EXECUTING,
    (S.WAITING_RETURN, A.CONTEST_RETURN): S.UNDER_REVIEW,
    **_from((*TALKING, *MOVING, S.EXECUTION_FAILED), A.ESCALATE, S.UNDER_REVIEW),
    (S.UNDER_REVIEW, A.ASK_SELLER): S.WAITING_SELLER_RESPONSE,
    (S.UNDER_REVIEW, A.ASK_BUYER): S.WAITING_BUYER_RESPONSE,
    (S.UNDER_REVIEW, A.DECIDE): S.EXECUTING,
    (S.UNDER_REVIEW, A.HOLD): S.ON_HOLD,
    (S.ON_HOLD, A.RELEASE): S.UNDER_REVIEW,
    **_from((*TALKING, S.UNDER_REVIEW, S.ON_HOLD), A.MERGE, S.MERGED),
    **_from((*TALKING, *MOVING, S.UNDER_REVIEW, S.ON_HOLD), A.WITHDRAW, S.RESOLVED),
    (S.WAITING_BUYER_RESPONSE, A.CANCEL_SILENT): S.RESOLVED,
    (S.EXECUTING, A.AWAIT_RETURN): S.WAITING_RETURN,
    (S.EXECUTING, A.AWAIT_DELIVERY): S.WAITING_DELIVERY,
    (S.EXECUTING, A.CONFIRM_EXECUTION): S.RESOLVED,
    (S.EXECUTING, A.FAIL_EXECUTION): S.EXECUTION_FAILED,
    (S.EXECUTION_FAILED, A.RETRY_EXECUTION): S.EXECUTING,
    (S.RESOLVED, A.APPEAL): S.UNDER_REVIEW,
    (S.RESOLVED, A.REOPEN): S.UNDER_REVIEW,
    (S.RESOLVED, A.GO_EXTERNAL): S.ON_HOLD,
    (S.RESOLVED, A.CLOSE): S.CLOSED,
    # Acts that leave the status alone are in the table too, so that one list drives every button.
    **{(status, A.WRITE): status for status in S if status not in (S.CLOSED, S.MERGED)},
    **{(status, A.TAKE): status for status in S if status not in FINISHED},
}

# Once the operator decides, what a party answers goes to the mediator and not to the other party.
CLAIM_MOVES: dict[tuple[Status, Action], Status] = {
    (S.WAITING_SELLER_RESPONSE, A.REPLY): S.UNDER_REVIEW,
    (S.WAITING_BUYER_RESPONSE, A.REPLY): S.UNDER_REVIEW,
    (S.OFFER_PENDING, A.DENY_OFFER): S.UNDER_REVIEW,
    (S.OFFER_PENDING, A.EXPIRE_OFFER): S.UNDER_REVIEW,
}

_PARTIES = frozenset({P.BUYER, P.SELLER})
_MEDIATOR = frozenset({P.MEDIATOR})
_SYSTEM = frozenset({P.SYSTEM})

ACTORS: dict[Action, frozenset[Party]] = {
    A.ROUTE_TO_SELLER: _SYSTEM,
    A.ROUTE_TO_MEDIATOR: _SYSTEM,
    A.WRITE: _PARTIES | {P.MEDIATOR, P.ACCOUNT_MANAGER},
    A.REPLY: _PARTIES,
    A.OFFER: _PARTIES,
    A.ACCEPT_OFFER: _PARTIES,
    A.DENY_OFFER: _PARTIES,
    A.EXPIRE_OFFER: _SYSTEM,
    A.ANNOUNCE_PARCEL: frozenset({P.SELLER}),
    A.CONFIRM_DELIVERY: frozenset({P.BUYER}),
    A.REPORT_NOT_DELIVERED: frozenset({P.BUYER}),
    A.ACKNOWLEDGE_RETURN: frozenset({P.SELLER, P.MEDIATOR}),
    A.CONTEST_RETURN: frozenset({P.SELLER}),
    A.ESCALATE: _PARTIES | {P.MEDIATOR, P.SYSTEM},
    A.TAKE: _MEDIATOR,
    A.ASK_SELLER: _MEDIATOR,
    A.ASK_BUYER: _MEDIATOR,
    A.DECIDE: _MEDIATOR,
    A.HOLD: _MEDIATOR,
    A.RELEASE: frozenset({P.MEDIATOR, P.SYSTEM}),
    A.MERGE: _MEDIATOR,
    A.WITHDRAW: frozenset({P.BUYER}),
    A.CANCEL_SILENT: _SYSTEM,
    A.AWAIT_RETURN: _SYSTEM,
    A.AWAIT_DELIVERY: _SYSTEM,
    A.CONFIRM_EXECUTION: _SYSTEM,
    A.FAIL_EXECUTION: _SYSTEM,
    A.RETRY_EXECUTION: _MEDIATOR,
    A.APPEAL: _PARTIES,
    A.REOPEN: _MEDIATOR,
    A.GO_EXTERNAL: _MEDIATOR,
    # A vendor never closes alone, nor does a buyer: the window's end does, or the mediator once nobody can appeal.
    A.CLOSE: frozenset({P.MEDIATOR, P.SYSTEM}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table needs to know of a dispute, and of the reader where it matters who he is."""

    status: Status
    stage: Stage = Stage.INQUIRY
    # Whose offer lies on the table, where one does.
    offer_by: Party | None = None
    seller_answered: bool = False
    decided_by: DecidedBy | None = None
    # The appeal window has not ended yet.
    window_open: bool = False
    # The reading mediator took the decision that is now appealed.
    decided_before: bool = False


AWAITED: dict[Status, Party] = {
    S.WAITING_SELLER_RESPONSE: P.SELLER,
    S.WAITING_BUYER_RESPONSE: P.BUYER,
    S.WAITING_DELIVERY: P.BUYER,
    S.WAITING_RETURN: P.SELLER,
    S.UNDER_REVIEW: P.MEDIATOR,
    S.ON_HOLD: P.MEDIATOR,
    S.EXECUTION_FAILED: P.MEDIATOR,
}


def awaited(status: Status, offer_by: Party | None = None) -> Party | None:
    """Return whose act is waited for; None where it is the software's, or nobody's any more."""
    if status is S.OFFER_PENDING:
        return P.SELLER if offer_by is P.BUYER else P.BUYER
    return AWAITED.get(status)


def turn(status: Status, waiting_for: Party | None, party: Party) -> Turn:
    """Return what this reader has to know of the status."""
    if status in FINISHED:
        return Turn.FINISHED
    return Turn.REQUIRED_ACTION if waiting_for is party else Turn.WAITING_FOR_OTHER


def appealable(standing: Standing) -> bool:
    """Return whether a mediator's decision may still be appealed; an agreement may not, and nothing twice."""
    return standing.decided_by is DecidedBy.MEDIATOR and standing.stage is Stage.CLAIM and standing.window_open


def _may_escalate(standing: Standing, party: Party) -> bool:
    if party in (P.MEDIATOR, P.SYSTEM):
        return True
    if standing.stage is not Stage.INQUIRY or standing.status is S.EXECUTION_FAILED:
        return False
    # The two talk first: the buyer's way to the mediator opens with the vendor's first answer, or with his silence.
    return party is P.SELLER or standing.status is not S.WAITING_SELLER_RESPONSE or standing.seller_answered


def _other_mediator(standing: Standing, party: Party) -> bool:
    return not (standing.stage is Stage.APPEAL and standing.decided_before)


Guard = Callable[[Standing, Party], bool]
GUARDS: dict[Action, Guard] = {
    A.REPLY: lambda standing, party: awaited(standing.status) is party,
    A.ACCEPT_OFFER: lambda standing, party: standing.offer_by not in (None, party),
    A.DENY_OFFER: lambda standing, party: standing.offer_by not in (None, party),
    A.ESCALATE: _may_escalate,
    # A silent buyer ends an inquiry only; once the operator decides, silence is decided upon.
    A.CANCEL_SILENT: lambda standing, _party: standing.stage is Stage.INQUIRY,
    A.ANNOUNCE_PARCEL: lambda standing, _party: standing.stage is Stage.INQUIRY,
    A.TAKE: _other_mediator,
    A.DECIDE: _other_mediator,
    A.APPEAL: lambda standing, _party: appealable(standing),
    A.REOPEN: lambda standing, _party: standing.stage is not Stage.EXTERNAL,
    A.CLOSE: lambda standing, party: party is P.SYSTEM or not appealable(standing),
}


def allowed_actions(standing: Standing, party: Party) -> tuple[Action, ...]:
    """Return every act that this party may do now, in the order of the vocabulary."""
    return tuple(action for action in Action if next_state(standing, action, party) is not None)


def next_state(standing: Standing, action: Action, party: Party) -> tuple[Status, Stage] | None:
    """Return the status and stage after the act, or None where it is not legal for this party now."""
    key = (standing.status, action)
    if key not in MOVES or party not in ACTORS[action]:
        return None
    guard = GUARDS.get(action)
    if guard is not None and not guard(standing, party):
        return None
    following = MOVES[key]
    if standing.stage is not Stage.INQUIRY:
        following = CLAIM_MOVES.get(key, following)
    return following, _stage_after(standing.stage, action, following)


def _stage_after(stage: Stage, action: Action, following: Status) -> Stage:
    reached = {A.APPEAL: Stage.APPEAL, A.GO_EXTERNAL: Stage.EXTERNAL}.get(action)
    if reached is None:
        reached = Stage.CLAIM if following is S.UNDER_REVIEW else stage
    return max(stage, reached, key=STAGE_ORDER.index)
