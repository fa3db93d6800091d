"""The words of a dispute as closed lists: status, stage, action, party, reason, and what a decision consists of.

Outcome, remedy, fault, who pays and who decided are five different facts and are kept apart from the status.
Not here: what people read for each of them (`words`), and which move is legal (`lifecycle`).
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    WAITING_SELLER_RESPONSE = "waiting_seller_response"
    WAITING_BUYER_RESPONSE = "waiting_buyer_response"
    OFFER_PENDING = "offer_pending"
    WAITING_DELIVERY = "waiting_delivery"
    WAITING_RETURN = "waiting_return"
    UNDER_REVIEW = "under_review"
    ON_HOLD = "on_hold"
    EXECUTING = "executing"
    EXECUTION_FAILED = "execution_failed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


class Stage(StrEnum):
    """How far it has gone: the parties alone, the operator decides, a second mediator, outside; forward only."""

    INQUIRY = "inquiry"
    CLAIM = "claim"
    APPEAL = "appeal"
    EXTERNAL = "external"


class Party(StrEnum):
    """In which capacity someone reads or acts; an observer only reads what both parties read."""

    BUYER = "buyer"
    SELLER = "seller"
    MEDIATOR = "mediator"
    ACCOUNT_MANAGER = "account_manager"
    OBSERVER = "observer"
    SYSTEM = "system"


class Action(StrEnum):
    """Everything that can be done to a dispute, by people and by the clock."""

    ROUTE_TO_SELLER = "route_to_seller"
    ROUTE_TO_MEDIATOR = "route_to_mediator"
    WRITE = "write"
    REPLY = "reply"
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    DENY_OFFER = "deny_offer"
    EXPIRE_OFFER = "expire_offer"
    ANNOUNCE_PARCEL = "announce_parcel"
    CONFIRM_DELIVERY = "confirm_delivery"
    REPORT_NOT_DELIVERED = "report_not_delivered"
    ACKNOWLEDGE_RETURN = "acknowledge_return"
    CONTEST_RETURN = "contest_return"
    ESCALATE = "escalate"
    TAKE = "take"
    ASK_SELLER = "ask_seller"
    ASK_BUYER = "ask_buyer"
    DECIDE = "decide"
    HOLD = "hold"
    RELEASE = "release"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    CANCEL_SILENT = "cancel_silent"
    AWAIT_RETURN = "await_return"
    AWAIT_DELIVERY = "await_delivery"
    CONFIRM_EXECUTION = "confirm_execution"
    FAIL_EXECUTION = "fail_execution"
    RETRY_EXECUTION = "retry_execution"
    APPEAL = "appeal"
    REOPEN = "reopen"
    GO_EXTERNAL = "go_external"
    CLOSE = "close"


class Reason(StrEnum):
    """What the buyer complains of."""

    NOT_RECEIVED = "not_received"
    LATE = "late"
    NOT_AS_DESCRIBED = "not_as_described"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    MISSING_ITEM = "missing_item"
    WRONG_ITEM = "wrong_item"
    COUNTERFEIT = "counterfeit"
    CHANGED_MIND = "changed_mind"
    DUPLICATE_CHARGE = "duplicate_charge"
    CREDIT_NOT_PROCESSED = "credit_not_processed"
    INVOICE_ERROR = "invoice_error"
    GENERAL = "general"


class Wish(StrEnum):
    """What the buyer asks for."""

    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    RETURN_AND_REFUND = "return_and_refund"
    REPLACEMENT = "replacement"
    DELIVERY = "delivery"
    ANSWER = "answer"


class Outcome(StrEnum):
    """In whose favour it ended."""

    BUYER_FAVOUR = "buyer_favour"
    SELLER_FAVOUR = "seller_favour"
    OPERATOR_PAYOUT = "operator_payout"
    DENIED = "denied"
    CANCELLED_BY_BUYER = "cancelled_by_buyer"


class Remedy(StrEnum):
    """What is done about it."""

    REFUND_FULL = "refund_full"
    REFUND_PARTIAL = "refund_partial"
    REFUND_WITH_RETURN = "refund_with_return"
    REPLACEMENT = "replacement"
    REFUND_WITH_REPLACEMENT = "refund_with_replacement"
    RETURN_ONLY = "return_only"
    GOODWILL = "goodwill"
    REJECTED = "rejected"
    NONE = "none"


class Fault(StrEnum):
    """Who is responsible."""

    SELLER = "seller"
    BUYER = "buyer"
    CARRIER = "carrier"
    OPERATOR = "operator"
    NONE = "none"


class FundedBy(StrEnum):
    """Who pays for the remedy."""

    SELLER = "seller"
    OPERATOR = "operator"
    CARRIER = "carrier"
    NONE = "none"


class DecidedBy(StrEnum):
    """How it was settled."""

    AGREEMENT = "agreement"
    BUYER = "buyer"
    MEDIATOR = "mediator"
    TIMER = "timer"
    RULE = "rule"


class OfferState(StrEnum):
    """What became of a settlement offer."""

    LIVE = "live"
    ACCEPTED = "accepted"
    DENIED = "denied"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class Turn(StrEnum):
    """What one reader has to know of the status: is it up to me?"""

    REQUIRED_ACTION = "required_action"
    WAITING_FOR_OTHER = "waiting_for_other"
    FINISHED = "finished"


class ReturnState(StrEnum):
    """What the vendor found when the return arrived, or did not."""

    RECEIVED = "received"
    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    EMPTY_OR_DIFFERENT = "empty_or_different"
    ITEMS_MISSING = "items_missing"


MONEY_REMEDIES = frozenset(
    {
        Remedy.REFUND_FULL,
        Remedy.REFUND_PARTIAL,
        Remedy.REFUND_WITH_RETURN,
        Remedy.REFUND_WITH_REPLACEMENT,
        Remedy.GOODWILL,
    }
)
RETURN_REMEDIES = frozenset({Remedy.REFUND_WITH_RETURN, Remedy.RETURN_ONLY})
DELIVERY_REMEDIES = frozenset({Remedy.REPLACEMENT, Remedy.REFUND_WITH_REPLACEMENT})
FINISHED = frozenset({Status.RESOLVED, Status.CLOSED, Status.MERGED})
