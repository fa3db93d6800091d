"""What people read for the states, acts and reasons of a dispute, with the tone of each pill."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from babel.dates import format_timedelta
from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.things import Kind
from disputes.deadlines import TimerKind
from disputes.models import Dispute
from disputes.routing import Route
from disputes.threads import Audience
from disputes.vocabulary import (
    Action,
    DecidedBy,
    Fault,
    FundedBy,
    OfferState,
    Outcome,
    Party,
    Reason,
    Remedy,
    ReturnState,
    Stage,
    Status,
    Turn,
    Wish,
)

STATUSES: dict[Status, tuple[Any, words.Tone]] = {
    Status.OPEN: (_l("opened"), "information"),
    Status.WAITING_SELLER_RESPONSE: (_l("waiting for the vendor"), "attention"),
    Status.WAITING_BUYER_RESPONSE: (_l("waiting for the buyer"), "attention"),
    Status.OFFER_PENDING: (_l("settlement offered"), "information"),
    Status.WAITING_DELIVERY: (_l("parcel on its way"), "information"),
    Status.WAITING_RETURN: (_l("return expected"), "information"),
    Status.UNDER_REVIEW: (_l("with a mediator"), "attention"),
    Status.ON_HOLD: (_l("on hold"), "neutral"),
    Status.EXECUTING: (_l("being carried out"), "information"),
    Status.EXECUTION_FAILED: (_l("could not be carried out"), "blocked"),
    Status.RESOLVED: (_l("resolved"), "done"),
    Status.CLOSED: (_l("closed"), "neutral"),
    Status.MERGED: (_l("merged into another"), "neutral"),
}
# One table a list: members of two lists may be equal as texts, and in one table the later would hide the earlier.
LABELS: tuple[dict[Any, Any], ...] = (
    {
        Stage.INQUIRY: _l("inquiry"),
        Stage.CLAIM: _l("claim"),
        Stage.APPEAL: _l("appeal"),
        Stage.EXTERNAL: _l("external procedure"),
    },
    {
        Party.BUYER: _l("the buyer"),
        Party.SELLER: _l("the vendor"),
        Party.MEDIATOR: _l("the mediator"),
        Party.ACCOUNT_MANAGER: _l("the account manager"),
        Party.OBSERVER: _l("a reader"),
        Party.SYSTEM: _l("Comptoir"),
    },
    {
        Reason.NOT_RECEIVED: _l("Not received"),
        Reason.LATE: _l("Late"),
        Reason.NOT_AS_DESCRIBED: _l("Not as described"),
        Reason.DAMAGED: _l("Damaged"),
        Reason.DEFECTIVE: _l("Does not work"),
        Reason.MISSING_ITEM: _l("Something is missing"),
        Reason.WRONG_ITEM: _l("Another article came"),
        Reason.COUNTERFEIT: _l("Counterfeit"),
        Reason.CHANGED_MIND: _l("Changed my mind"),
        Reason.DUPLICATE_CHARGE: _l("Charged twice"),
        Reason.CREDIT_NOT_PROCESSED: _l("Refund not received"),
        Reason.INVOICE_ERROR: _l("Error on the invoice"),
        Reason.GENERAL: _l("Something else"),
    },
    {
        Wish.REFUND: _l("A refund"),
        Wish.PARTIAL_REFUND: _l("A part of the price back"),
        Wish.RETURN_AND_REFUND: _l("To send it back and be refunded"),
        Wish.REPLACEMENT: _l("A replacement"),
        Wish.DELIVERY: _l("To receive my parcel"),
        Wish.ANSWER: _l("An answer"),
    },
    {
        Outcome.BUYER_FAVOUR: _l("in the buyer’s favour"),
        Outcome.SELLER_FAVOUR: _l("in the vendor’s favour"),
        Outcome.OPERATOR_PAYOUT: _l("paid by the marketplace"),
        Outcome.DENIED: _l("complaint denied"),
        Outcome.CANCELLED_BY_BUYER: _l("cancelled by the buyer"),
    },
    {
        Remedy.REFUND_FULL: _l("full refund"),
        Remedy.REFUND_PARTIAL: _l("partial refund"),
        Remedy.REFUND_WITH_RETURN: _l("refund after return"),
        Remedy.REPLACEMENT: _l("replacement"),
        Remedy.REFUND_WITH_REPLACEMENT: _l("replacement and refund"),
        Remedy.RETURN_ONLY: _l("return only"),
        Remedy.GOODWILL: _l("goodwill gesture"),
        Remedy.REJECTED: _l("complaint rejected"),
        Remedy.NONE: _l("no solution needed"),
    },
    {
        Fault.SELLER: _l("vendor responsible"),
        Fault.BUYER: _l("buyer responsible"),
        Fault.CARRIER: _l("carrier responsible"),
        Fault.OPERATOR: _l("marketplace responsible"),
        Fault.NONE: _l("nobody responsible"),
    },
    {
        FundedBy.SELLER: _l("paid for by the vendor"),
        FundedBy.OPERATOR: _l("paid for by the marketplace"),
        FundedBy.CARRIER: _l("paid for by the carrier"),
        FundedBy.NONE: _l("nothing to pay"),
    },
    {
        DecidedBy.AGREEMENT: _l("by agreement"),
        DecidedBy.BUYER: _l("by the buyer"),
        DecidedBy.MEDIATOR: _l("by a mediator"),
        DecidedBy.TIMER: _l("by the end of a delay"),
        DecidedBy.RULE: _l("by rule"),
    },
    {
        Turn.REQUIRED_ACTION: _l("your turn"),
        Turn.WAITING_FOR_OTHER: _l("waiting for someone else"),
        Turn.FINISHED: _l("finished"),
    },
    {
        ReturnState.RECEIVED: _l("Received as it should be"),
        ReturnState.NOT_RECEIVED: _l("Not received"),
        ReturnState.DAMAGED: _l("Received damaged"),
        ReturnState.EMPTY_OR_DIFFERENT: _l("Empty, or something else"),
        ReturnState.ITEMS_MISSING: _l("Something is missing"),
    },
    {
        Route.SELLER: _l("the vendor first"),
        Route.MEDIATOR: _l("a mediator at once"),
    },
    {
        Audience.EVERYONE: _l("Everyone"),
        Audience.MARKETPLACE: _l("The marketplace only"),
        Audience.BUYER: _l("The buyer only"),
        Audience.SELLER: _l("The vendor only"),
        Audience.INTERNAL: _l("Internal note"),
    },
    {
        OfferState.LIVE: _l("waiting for an answer"),
        OfferState.ACCEPTED: _l("offer accepted"),
        OfferState.DENIED: _l("offer refused"),
        OfferState.SUPERSEDED: _l("offer replaced"),
        OfferState.EXPIRED: _l("offer expired"),
    },
    {
        TimerKind.SELLER_ANSWER: _l("the vendor’s answer"),
        TimerKind.BUYER_REMINDER: _l("reminder to the buyer"),
        TimerKind.BUYER_ANSWER: _l("the buyer’s answer"),
        TimerKind.INFORMATION: _l("answer to the mediator"),
        TimerKind.OFFER: _l("end of the offer"),
        TimerKind.INQUIRY: _l("end of the inquiry"),
        TimerKind.DELIVERY: _l("arrival of the parcel"),
        TimerKind.RETURN: _l("arrival of the return"),
        TimerKind.REVIEW: _l("the mediator’s decision"),
        TimerKind.HOLD: _l("end of the hold"),
        TimerKind.APPEAL_WINDOW: _l("end of the appeal window"),
    },
)
TONES: dict[Any, words.Tone] = {
    Stage.APPEAL: "attention",
    Stage.EXTERNAL: "blocked",
    Turn.REQUIRED_ACTION: "attention",
    Turn.FINISHED: "done",
    OfferState.LIVE: "attention",
    OfferState.ACCEPTED: "done",
    OfferState.DENIED: "blocked",
}
ACTIONS = {
    Action.ROUTE_TO_SELLER: (_l("Send to the vendor"), _l("sent the dispute to the vendor")),
    Action.ROUTE_TO_MEDIATOR: (_l("Send to a mediator"), _l("sent the dispute to a mediator")),
    Action.WRITE: (_l("Write"), _l("wrote")),
    Action.REPLY: (_l("Answer"), _l("answered")),
    Action.OFFER: (_l("Propose a settlement"), _l("proposed a settlement")),
    Action.ACCEPT_OFFER: (_l("Accept the offer"), _l("accepted the offer")),
    Action.DENY_OFFER: (_l("Refuse the offer"), _l("refused the offer")),
    Action.EXPIRE_OFFER: (_l("Let the offer expire"), _l("ended the offer")),
    Action.ANNOUNCE_PARCEL: (_l("Announce a parcel"), _l("announced a parcel")),
    Action.CONFIRM_DELIVERY: (_l("I received it"), _l("confirmed the delivery")),
    Action.REPORT_NOT_DELIVERED: (_l("I did not receive it"), _l("reported that nothing came")),
    Action.ACKNOWLEDGE_RETURN: (_l("The return arrived"), _l("confirmed the return")),
    Action.CONTEST_RETURN: (_l("Contest the return"), _l("contested the return")),
    Action.ESCALATE: (_l("Ask for a mediator"), _l("brought the dispute before a mediator")),
    Action.TAKE: (_l("Take"), _l("assigned the dispute")),
    Action.ASK_SELLER: (_l("Question the vendor"), _l("questioned the vendor")),
    Action.ASK_BUYER: (_l("Question the buyer"), _l("questioned the buyer")),
    Action.DECIDE: (_l("Decide"), _l("decided")),
    Action.HOLD: (_l("Put on hold"), _l("put the dispute on hold")),
    Action.RELEASE: (_l("Resume"), _l("resumed the dispute")),
    Action.MERGE: (_l("Merge into another"), _l("merged the dispute")),
    Action.WITHDRAW: (_l("Withdraw the complaint"), _l("withdrew the complaint")),
    Action.CANCEL_SILENT: (_l("Cancel for silence"), _l("ended the dispute: no answer from the buyer")),
    Action.AWAIT_RETURN: (_l("Await the return"), _l("is waiting for the return")),
    Action.AWAIT_DELIVERY: (_l("Await the parcel"), _l("is waiting for the parcel")),
    Action.CONFIRM_EXECUTION: (_l("Confirm"), _l("carried out the solution")),
    Action.FAIL_EXECUTION: (_l("Report a failure"), _l("could not carry out the solution")),
    Action.RETRY_EXECUTION: (_l("Try again"), _l("tried again")),
    Action.APPEAL: (_l("Appeal"), _l("appealed")),
    Action.REOPEN: (_l("Reopen"), _l("reopened the dispute")),
    Action.GO_EXTERNAL: (_l("Record an external procedure"), _l("recorded an external procedure")),
    Action.CLOSE: (_l("Close the dispute"), _l("closed the dispute")),
}
NOTIFICATIONS = {
    "dispute_opened": _l("Dispute %(number)s was opened on order %(basket)s."),
    "dispute_message": _l("New message in dispute %(number)s."),
    "dispute_question": _l("A mediator asks you a question in dispute %(number)s."),
    "dispute_offer": _l("A settlement is proposed to you in dispute %(number)s."),
    "dispute_offer_accepted": _l("Your offer in dispute %(number)s was accepted."),
    "dispute_offer_denied": _l("Your offer in dispute %(number)s was refused."),
    "dispute_offer_expired": _l("The offer in dispute %(number)s has expired."),
    "dispute_escalated": _l("Dispute %(number)s is with a mediator."),
    "dispute_decided": _l("Dispute %(number)s was decided."),
    "dispute_resolved": _l("Dispute %(number)s is resolved."),
    "dispute_appealed": _l("The decision in dispute %(number)s was appealed."),
    "dispute_reopened": _l("Dispute %(number)s was reopened."),
    "dispute_reminder": _l("Dispute %(number)s waits for your answer."),
    "dispute_overdue": _l("Dispute %(number)s waits for a mediator past its time."),
    "dispute_execution_failed": _l("The solution of dispute %(number)s could not be carried out."),
}

TASKS = {
    "disputes.execute": _l("Carry out what ends a dispute"),
    "disputes.fire_timer": _l("Act on a dispute's deadline"),
    "disputes.fire_timers": _l("Look for deadlines of disputes that have come"),
}


def register(app: Flask) -> None:
    """Add the words of disputes, and the filters by which mails say them."""
    words.register({status: label for status, (label, _tone) in STATUSES.items()})
    for labels in LABELS:
        words.register(labels)
    words.register({}, {status: tone for status, (_label, tone) in STATUSES.items()})
    words.register({}, TONES)
    words.register({action: label for action, (label, _verb) in ACTIONS.items()})
    words.register_verbs({f"dispute.{action}": verb for action, (_label, verb) in ACTIONS.items()})
    words.register_verbs({"dispute.open": _l("opened the dispute")})
    words.register_verbs({"order.mail_link": _l("mailed the buyer the link to the order")})
    words.register_notifications(NOTIFICATIONS)
    words.register_tasks(TASKS)
    words.register_fields(
        "dispute",
        {"status": (_l("status"), Status), "stage": (_l("stage"), Stage), "party": (_l("in the capacity of"), Party)},
    )
    numbers = sa.select(Dispute.id, Dispute.number.label("name"))
    things.register("dispute", Kind(_l("dispute"), numbers, "disputes.show", "dispute_id"))
    app.jinja_env.filters.update(
        remedy_words=lambda value: words.label(Remedy(value)),
        outcome_words=lambda value: words.label(Outcome(value)),
        from_iso=datetime.fromisoformat,
        span=_span,
    )


def _span(delay: timedelta | None) -> str:
    """Return a delay in the reader's words: 3 hours."""
    return "—" if delay is None else format_timedelta(delay, locale=get_locale())
