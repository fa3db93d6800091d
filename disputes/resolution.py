"""How a dispute ends: decided, withdrawn, carried out, appealed, closed — and how it begins anew.

    agreed or decided ─► carry_on: return and parcel first ─► job: amounts written within what was paid ─► resolved

A decision always has its reasons; each amount is given back once, by its key. Not here: the transfer of the money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import BackofficeError, Invalid
from backoffice.events import dispute_resolved
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.orders.models import OrderLine
from backoffice.permissions import Permission, may
from disputes import deadlines, moves, notices, settlement, threads
from disputes.access import Reader
from disputes.deadlines import TimerKind
from disputes.models import Dispute, RemedyExecution
from disputes.settlement import Objection, Room
from disputes.vocabulary import (
    DELIVERY_REMEDIES,
    RETURN_REMEDIES,
    Action,
    DecidedBy,
    Fault,
    FundedBy,
    Outcome,
    Party,
    Remedy,
    ReturnState,
    Status,
)

BOTH = (Party.BUYER, Party.SELLER)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a mediator decides: five different facts, the amount by order line, and the reasons for both parties."""

    outcome: Outcome
    remedy: Remedy
    fault: Fault
    funded_by: FundedBy
    amounts: Mapping[int, int]
    reason: str


def rooms(dispute: Dispute, *, lock: bool = False) -> dict[int, Room]:
    """Return what may still be given back by order line; with `lock`, the lines are held until the transaction ends."""
    keys = [line.order_line_id for line in dispute.lines]
    if lock:
        db.session.execute(
            sa.select(OrderLine.id).where(OrderLine.id.in_(keys)).order_by(OrderLine.id).with_for_update()
        )
    executed = dict(
        db.session.execute(
            sa.select(RemedyExecution.order_line_id, sa.func.sum(RemedyExecution.amount_minor))
            .where(RemedyExecution.order_line_id.in_(keys))
            .group_by(RemedyExecution.order_line_id)
        ).all()
    )
    return {
        line.order_line_id: Room(
            line.amount_minor, line.order_line.amount_minor, int(executed.get(line.order_line_id, 0))
        )
        for line in dispute.lines
    }


def check_amounts(dispute: Dispute, remedy: Remedy, amounts: Mapping[int, int]) -> None:
    """Raise Invalid, by field, where the amounts cannot be taken; the lines stay locked."""
    found = settlement.faults(remedy, amounts, rooms(dispute, lock=True))
    if found:
        details = {f"amount_{line}" if line else "remedy": _objection(objection) for line, objection in found.items()}
        raise Invalid(next(iter(details.values())), details=details)


def _objection(objection: Objection) -> str:
    return {
        Objection.NEGATIVE: _("Write an amount of zero or more."),
        Objection.ABOVE_PAID: _("This is more than what is left of what was paid for this line."),
        Objection.MONEY_MISSING: _("Write the amount to give back."),
        Objection.MONEY_NOT_MEANT: _("This solution gives no money back: leave the amounts empty."),
        Objection.UNKNOWN_LINE: _("This line is not part of the dispute."),
        Objection.NOT_FULL: _("A full refund gives back everything that is left on the lines; choose a partial one."),
        Objection.OUTCOME_AGAINST_REMEDY: _("This solution contradicts the outcome."),
        Objection.WRONG_PAYER: _("Who pays contradicts the solution or the outcome."),
    }[objection]


def decide(dispute: Dispute, decision: Decision, reader: Reader) -> None:
    """Decide with reasons, as a mediator: recorded, told to both parties, and carried out."""
    moves.require(dispute, Action.DECIDE, reader)
    if not decision.reason.strip():
        raise Invalid(
            _("Give the reasons of the decision."), details={"reason": _("Give the reasons of the decision.")}
        )
    found = settlement.contradictions(decision.outcome, decision.remedy, decision.funded_by)
    if found:
        fields = {Objection.OUTCOME_AGAINST_REMEDY: "remedy", Objection.WRONG_PAYER: "funded_by"}
        raise Invalid(_objection(found[0]), details={fields[each]: _objection(each) for each in found})
    check_amounts(dispute, decision.remedy, decision.amounts)
    changes = {
        "outcome": decision.outcome,
        "remedy": decision.remedy,
        "fault": decision.fault,
        "funded_by": decision.funded_by,
        "decided_by": DecidedBy.MEDIATOR,
        "decided_by_id": reader.actor.id,
        "decided_at": now(),
        "decision_reason": decision.reason.strip(),
        "granted": {str(line): amount for line, amount in decision.amounts.items() if amount},
        "mediator_id": reader.actor.id,
    }
    moves.move(dispute, Action.DECIDE, reader, reason=decision.reason.strip(), changes=changes)
    total = sum(decision.amounts.values())
    told = {"outcome": decision.outcome.value, "remedy": decision.remedy.value, "reason": decision.reason.strip()}
    notices.tell(dispute, BOTH, "dispute_decided", amount_minor=total, currency=dispute.currency, **told)
    carry_on(dispute)


def carry_on(dispute: Dispute) -> None:
    """Take the next step of what was agreed or decided: await the return, await the parcel, or give back the money."""
    if dispute.remedy in RETURN_REMEDIES and dispute.returned_at is None:
        moves.move(dispute, Action.AWAIT_RETURN, moves.SYSTEM)
    elif dispute.remedy in DELIVERY_REMEDIES and dispute.delivered_at is None:
        moves.move(dispute, Action.AWAIT_DELIVERY, moves.SYSTEM)
    else:
        key = f"dispute-execute-{dispute.id}-{dispute.version}"
        enqueue("disputes.execute", {"dispute_id": dispute.id}, unique_key=key)


@handler("disputes.execute")
def execute(dispute_id: int) -> None:
    """Write what is given back and resolve the dispute; what cannot be given back waits for a mediator."""
    dispute = db.session.get(Dispute, dispute_id, populate_existing=True)
    if dispute is None or dispute.status is not Status.EXECUTING:
        return
    try:
        with db.session.begin_nested():
            _give_back(dispute)
    except BackofficeError as error:
        moves.move(dispute, Action.FAIL_EXECUTION, moves.SYSTEM, reason=error.message)
        notices.tell(dispute, [Party.MEDIATOR], "dispute_execution_failed")
        return
    _resolve(dispute, Action.CONFIRM_EXECUTION, moves.SYSTEM)


def _give_back(dispute: Dispute) -> None:
    held = rooms(dispute, lock=True)
    for line, amount in dispute.granted.items():
        key = f"dispute-{dispute.id}-{dispute.round}-{line}"
        if db.session.scalar(sa.select(RemedyExecution.id).where(RemedyExecution.idempotency_key == key)):
            continue
        if amount > held[int(line)].left_minor:
            raise Invalid(_objection(Objection.ABOVE_PAID))
        db.session.add(
            RemedyExecution(
                dispute_id=dispute.id,
                order_line_id=int(line),
                remedy=dispute.remedy,
                amount_minor=amount,
                funded_by=dispute.funded_by,
                idempotency_key=key,
            )
        )
    db.session.flush()


def _resolve(dispute: Dispute, action: Action, reader: Reader, *, reason: str = "", **changes: Any) -> None:
    moment = now()
    until = deadlines.due(TimerKind.APPEAL_WINDOW, moment, moves.terms())
    moves.move(
        dispute, action, reader, reason=reason, changes={**changes, "resolved_at": moment, "appeal_until": until}
    )
    dispute_resolved.send(dispute, actor=reader.actor if reader.party is not Party.SYSTEM else None)
    notices.tell(dispute, BOTH, "dispute_resolved", outcome=dispute.outcome.value if dispute.outcome else "")


def withdraw(dispute: Dispute, reader: Reader, *, reason: str = "") -> None:
    """Let the buyer take the complaint back."""
    _resolve(dispute, Action.WITHDRAW, reader, reason=reason, **_cancelled(DecidedBy.BUYER))


def cancel_silent(dispute: Dispute) -> None:
    """End an inquiry whose buyer stayed silent after a reminder."""
    _resolve(dispute, Action.CANCEL_SILENT, moves.SYSTEM, **_cancelled(DecidedBy.TIMER))


def _cancelled(decided_by: DecidedBy) -> dict[str, Any]:
    return {
        "outcome": Outcome.CANCELLED_BY_BUYER,
        "remedy": Remedy.NONE,
        "fault": Fault.NONE,
        "funded_by": FundedBy.NONE,
        "decided_by": decided_by,
        "decided_by_id": None,
        "decided_at": now(),
        "granted": {},
    }


def confirm_delivery(dispute: Dispute, reader: Reader) -> None:
    """Let the buyer say that the parcel came; without another agreement, that settles it."""
    changes: dict[str, Any] = {"delivered_at": now()}
    if dispute.decided_by is None:
        changes |= {**_cancelled(DecidedBy.AGREEMENT), "outcome": Outcome.BUYER_FAVOUR}
    moves.move(dispute, Action.CONFIRM_DELIVERY, reader, changes=changes)
    carry_on(dispute)


def acknowledge_return(dispute: Dispute, reader: Reader, state: ReturnState, *, reason: str = "") -> None:
    """Say what came back: received goes on with what was agreed, anything else goes to the mediator."""
    if state is ReturnState.RECEIVED:
        moves.move(dispute, Action.ACKNOWLEDGE_RETURN, reader, changes={"returned_at": now()})
        carry_on(dispute)
        return
    if not reason.strip():
        raise Invalid(_("Say what you received."), details={"reason": _("Say what you received.")})
    moves.move(dispute, Action.CONTEST_RETURN, reader, reason=f"{state.value}: {reason.strip()}")
    threads.add_message(dispute, reason, reader, audience=threads.Audience.EVERYONE)
    notices.tell(dispute, [Party.BUYER, Party.MEDIATOR], "dispute_escalated")


def escalate(dispute: Dispute, reader: Reader, *, action: Action = Action.ESCALATE, reason: str = "") -> None:
    """Bring the dispute before a mediator: by a party, by a mediator, or by the clock."""
    moves.move(dispute, action, reader, reason=reason)
    told = [party for party in (*BOTH, Party.MEDIATOR) if party is not reader.party]
    notices.tell(dispute, told, "dispute_escalated")


def ask(dispute: Dispute, whom: Party, question: str, reader: Reader) -> None:
    """Ask one party for information, as the mediator; the answer comes back to the desk."""
    action, audience = {
        Party.BUYER: (Action.ASK_BUYER, threads.Audience.BUYER),
        Party.SELLER: (Action.ASK_SELLER, threads.Audience.SELLER),
    }[whom]
    moves.require(dispute, action, reader)
    message = threads.add_message(dispute, question, reader, audience=audience)
    dispute.first_response_at = dispute.first_response_at or message.at
    moves.move(dispute, action, reader)
    notices.tell(dispute, [whom], "dispute_question", quote=message.body[:400])


def take(dispute: Dispute, reader: Reader, *, mediator: User | None = None) -> None:
    """Take the dispute on, or give it to another mediator; of two who take it at once, one gets it."""
    chosen = mediator if mediator is not None else reader.actor
    if mediator is not None and (not may(mediator, Permission.MEDIATE) or mediator.id == dispute.former_mediator_id):
        words = _("Choose a mediator who has not decided on this dispute.")
        raise Invalid(words, details={"mediator": words})
    moves.move(dispute, Action.TAKE, reader, changes={"mediator_id": chosen.id}, reason=chosen.display_name)


def appeal(dispute: Dispute, reader: Reader, *, reason: str) -> None:
    """Ask another mediator to look at a decision again, within the window and with reasons."""
    if not reason.strip():
        raise Invalid(_("Say why you appeal."), details={"reason": _("Say why you appeal.")})
    changes = {**_anew(dispute), "former_mediator_id": dispute.decided_by_id, "mediator_id": None}
    moves.move(dispute, Action.APPEAL, reader, reason=reason.strip(), changes=changes)
    threads.add_message(dispute, reason, reader, audience=threads.Audience.EVERYONE)
    told = [Party.SELLER if reader.party is Party.BUYER else Party.BUYER, Party.MEDIATOR]
    notices.tell(dispute, told, "dispute_appealed")


def reopen(dispute: Dispute, reader: Reader, *, reason: str) -> None:
    """Begin a new round of a resolved dispute, as a mediator with reasons."""
    _with_reason(reason)
    moves.move(dispute, Action.REOPEN, reader, reason=reason.strip(), changes=_anew(dispute))
    notices.tell(dispute, BOTH, "dispute_reopened")


def _anew(dispute: Dispute) -> dict[str, Any]:
    fresh = dict.fromkeys(("resolved_at", "appeal_until", "returned_at", "delivered_at"))
    return {**fresh, "granted": {}, "round": dispute.round + 1}


def close(dispute: Dispute, reader: Reader) -> None:
    """Close a resolved dispute that nobody can appeal any more."""
    moves.move(dispute, Action.CLOSE, reader, changes={"closed_at": now()})


def merge(dispute: Dispute, target: Dispute, reader: Reader) -> None:
    """Close a duplicate: it stays as a sign that forwards to the dispute on the same order that goes on."""
    if target.id == dispute.id or target.order_id != dispute.order_id or target.status is Status.MERGED:
        words = _("Choose another dispute on the same order.")
        raise Invalid(words, details={"target": words})
    moves.move(dispute, Action.MERGE, reader, reason=target.number, changes={"merged_into_id": target.id})


def plain(dispute: Dispute, action: Action, reader: Reader, *, reason: str) -> None:
    """Do a mediator's act that needs nothing but its reason: hold, release, go outside."""
    _with_reason(reason)
    moves.move(dispute, action, reader, reason=reason.strip())


def retry(dispute: Dispute, reader: Reader) -> None:
    """Carry out again what failed."""
    moves.move(dispute, Action.RETRY_EXECUTION, reader)
    carry_on(dispute)


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Give the reason."), details={"reason": _("Give the reason.")})
