"""What the page of one dispute shows to this reader: the conversation, whose turn it is, and just the acts that work.

Not here: doing the acts (`thread_views`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from backoffice import audit, words
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from disputes import canned, forms, lifecycle, moves, offers, resolution, routing, threads
from disputes.access import Reader
from disputes.models import Dispute, DisputeMessage, DisputeTimer, RoutingDecision
from disputes.vocabulary import Action, Party, ReturnState, Stage

_STAFF = frozenset({Party.MEDIATOR, Party.ACCOUNT_MANAGER, Party.OBSERVER})


@dataclass(frozen=True, slots=True)
class Button:
    """One act as the page offers it; `asks` is "" for a plain button, else what must be given with it."""

    action: Action
    asks: str = ""
    tone: str = "secondary"


# In the order of the page; acts with a form of their own (write, offer, decide, question, take) are not here.
BUTTONS = (
    Button(Action.ACCEPT_OFFER, tone="primary"),
    Button(Action.DENY_OFFER, "reason"),
    Button(Action.CONFIRM_DELIVERY, tone="primary"),
    Button(Action.REPORT_NOT_DELIVERED, "reason"),
    Button(Action.ACKNOWLEDGE_RETURN, "state", tone="primary"),
    Button(Action.ANNOUNCE_PARCEL, "parcel"),
    Button(Action.RETRY_EXECUTION, tone="primary"),
    Button(Action.RELEASE, "required_reason"),
    Button(Action.ESCALATE, "reason"),
    Button(Action.APPEAL, "required_reason"),
    Button(Action.HOLD, "required_reason"),
    Button(Action.MERGE, "target"),
    Button(Action.REOPEN, "required_reason"),
    Button(Action.GO_EXTERNAL, "required_reason"),
    Button(Action.WITHDRAW, "reason", tone="quiet"),
    Button(Action.CLOSE),
)


def render(dispute: Dispute, reader: Reader, **state: Any) -> str:
    """Return the page; `state` carries the forms and errors of an act that could not be done."""
    allowed = moves.allowed_actions(dispute, reader)
    staff = reader.party in _STAFF
    messages = threads.messages_for(dispute, reader)
    context = {
        "layout": "base_public.html" if reader.token else "base.html",
        "dispute": dispute,
        "reader": reader,
        "staff": staff,
        "overdue": dispute.due_at < now(),
        "barred": _is_barred(dispute, reader),
        "allowed": allowed,
        "turn": lifecycle.turn(dispute.status, dispute.awaiting, reader.party),
        "messages": [_shown(dispute, message, reader) for message in messages],
        "audiences": [_audience(choice) for choice in threads.CHOICES.get(reader.party, ())],
        "canned": canned.replies(dispute, reader.party),
        "buttons": [button for button in BUTTONS if button.action in allowed],
        "return_states": list(ReturnState),
        "offers": offers.history(dispute),
        "rooms": resolution.rooms(dispute),
        "history": history(dispute, reader),
        **state,
    }
    if Action.OFFER in allowed:
        context.setdefault("offer_form", forms.offer_form(dispute))
    if Action.DECIDE in allowed:
        context.setdefault("decision_form", forms.decision_form(dispute))
    if staff:
        context |= _for_staff(dispute, allowed)
    return render_template("disputes/show.html", **context)


def _is_barred(dispute: Dispute, reader: Reader) -> bool:
    """Return whether the reader decided what is now appealed against, which another mediator must do."""
    decided_before = reader.actor.id is not None and reader.actor.id == dispute.former_mediator_id
    return decided_before and dispute.stage is Stage.APPEAL and dispute.awaiting is Party.MEDIATOR


def _for_staff(dispute: Dispute, allowed: Sequence[Action]) -> dict[str, Any]:
    decision = db.session.scalar(
        sa.select(RoutingDecision).where(RoutingDecision.dispute_id == dispute.id).order_by(RoutingDecision.id.desc())
    )
    timers = sa.select(DisputeTimer).where(
        DisputeTimer.dispute_id == dispute.id, DisputeTimer.fired_at.is_(None), DisputeTimer.stopped_at.is_(None)
    )
    return {
        "routing": decision,
        "routing_sentence": routing.sentence(decision.rule_id, str(get_locale() or "fr")) if decision else "",
        "timers": db.session.scalars(timers.order_by(DisputeTimer.due_at)).all(),
        "mediators": _mediators(dispute) if Action.TAKE in allowed else [],
    }


def _mediators(dispute: Dispute) -> list[User]:
    query = sa.select(User).where(User.role == Role.MEDIATOR, User.active.is_(True)).order_by(User.name)
    former = dispute.former_mediator_id if dispute.stage is Stage.APPEAL else None
    return [user for user in db.session.scalars(query) if user.id != former]


def _shown(dispute: Dispute, message: DisputeMessage, reader: Reader) -> dict[str, Any]:
    """Return a message as the conversation macro takes it."""
    internal = not message.audience & {Party.BUYER, Party.SELLER}
    return {
        "id": message.id,
        "author_label": author_label(message, reader),
        "audience_label": _audience_label(message, reader),
        "at": message.at,
        "body": threads.text_for(message, reader),
        "mine": message.author_party is reader.party,
        "internal": internal,
        "attachments": [
            {
                "name": attachment.file.name,
                "url": reader.url("attachment", dispute_id=dispute.id, attachment_id=attachment.id),
                "size_label": _size(attachment.file.size),
            }
            for attachment in message.attachments
        ],
    }


def author_label(message: DisputeMessage, reader: Reader) -> str:
    """Return who wrote: the capacity for everyone, with the name for staff and for one's own side."""
    capacity = _capital(words.label(message.author_party))
    named = reader.party in _STAFF or reader.party is message.author_party
    if named and message.author_name:
        return f"{message.author_name} ({words.label(message.author_party)})"
    return capacity


def _capital(words_of_party: str) -> str:
    """Return the words as they begin a line."""
    return words_of_party[:1].upper() + words_of_party[1:]


def _audience_label(message: DisputeMessage, reader: Reader) -> str:
    """Return who reads the message, and that the other party does so without the contact details in it."""
    order = (Party.BUYER, Party.SELLER, Party.MEDIATOR, Party.ACCOUNT_MANAGER)
    label = ", ".join(words.label(party) for party in order if party in message.audience)
    if message.audience >= {Party.BUYER, Party.SELLER}:
        label = words.label(threads.Audience.EVERYONE)
    whole = message.body == message.masked_body or threads.text_for(message, reader) == message.masked_body
    return label if whole else _("%(audience)s — contact details hidden from the other party", audience=label)


def _audience(choice: threads.Audience) -> dict[str, Any]:
    return {"value": choice.value, "label": words.label(choice), "internal": choice is threads.Audience.INTERNAL}


def _size(size: int) -> str:
    return _("%(size)s kB", size=max(1, size // 1024))


# What outsiders are not told: how the house shares its work out.
_INSIDE = frozenset({f"dispute.{Action.TAKE}"})
# Of what an act changed; in which capacity someone acted stands before it.
_SHOWN = frozenset({"status", "stage"})


def history(dispute: Dispute, reader: Reader) -> list[dict[str, Any]]:
    """Return the dispute's history; outsiders read who acted by capacity, and no internal reasons."""
    staff = reader.party in _STAFF
    return [_entry(entry, staff=staff) for entry in audit.timeline(dispute) if staff or entry.verb not in _INSIDE]


def _entry(entry: audit.TimelineEntry, *, staff: bool) -> dict[str, Any]:
    _before, party = entry.changes.get("party", (None, Party.SYSTEM))
    capacity = _capital(words.label(Party(party)))
    return {
        "at": entry.at,
        "actor_name": entry.actor_name if staff and entry.actor_name else capacity,
        "verb_label": words.verb(entry.verb),
        "details": [said for name, said in zip(entry.changes, entry.details, strict=True) if name in _SHOWN],
        "reason": entry.reason if staff else "",
    }


def as_json(dispute: Dispute, reader: Reader) -> dict[str, Any]:
    """Return the dispute as a program reads it, with the acts that this reader may do now."""
    return {
        "number": dispute.number,
        "status": dispute.status.value,
        "stage": dispute.stage.value,
        "turn": lifecycle.turn(dispute.status, dispute.awaiting, reader.party).value,
        "due_at": dispute.due_at.isoformat(),
        "version": dispute.version,
        "reason": dispute.reason.value,
        "wish": dispute.wish.value,
        "amount": {"amount": dispute.amount_minor, "currency": dispute.currency},
        "lines": [
            {"sku": line.sku, "quantity": line.quantity, "amount_minor": line.amount_minor} for line in dispute.lines
        ],
        "outcome": dispute.outcome.value if dispute.outcome else None,
        "remedy": dispute.remedy.value if dispute.remedy else None,
        "allowed_actions": [action.value for action in moves.allowed_actions(dispute, reader)],
    }
