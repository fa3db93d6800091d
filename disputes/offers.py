"""Settlement offers: one party proposes, the other accepts or denies, or it expires; one is live at a time.

Promise: what is offered and what was given back never exceed what was paid for a line; the lines are locked while that
is added up. Nobody accepts his own offer (`lifecycle`).
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from disputes import deadlines, moves, notices, resolution, threads
from disputes.access import Reader
from disputes.deadlines import TimerKind
from disputes.models import Dispute, SettlementOffer
from disputes.vocabulary import (
    MONEY_REMEDIES,
    Action,
    DecidedBy,
    Fault,
    FundedBy,
    OfferState,
    Outcome,
    Party,
    Remedy,
    Stage,
)

# What the parties may agree on between themselves; "rejected" is a decision, not an offer.
OFFERABLE = (
    Remedy.REFUND_FULL,
    Remedy.REFUND_PARTIAL,
    Remedy.REFUND_WITH_RETURN,
    Remedy.REPLACEMENT,
    Remedy.REFUND_WITH_REPLACEMENT,
    Remedy.RETURN_ONLY,
    Remedy.GOODWILL,
)


def make(
    dispute: Dispute, remedy: Remedy, amounts: Mapping[int, int], reader: Reader, *, words: str = ""
) -> SettlementOffer:
    """Lay an offer on the table in the place of the live one; `amounts` are minor units by order line."""
    moves.require(dispute, Action.OFFER, reader)
    if remedy not in OFFERABLE:
        raise Invalid(_("Choose what you offer."), details={"remedy": _("Choose what you offer.")})
    resolution.check_amounts(dispute, remedy, amounts)
    _settle(dispute, OfferState.SUPERSEDED)
    moment = now()
    offer = SettlementOffer(
        dispute_id=dispute.id,
        made_by=reader.party,
        made_by_id=reader.actor.id,
        remedy=remedy,
        amounts={str(line): amount for line, amount in amounts.items() if amount},
        amount_minor=sum(amounts.values()),
        made_at=moment,
        expires_at=deadlines.due(TimerKind.OFFER, moment, moves.terms()),
    )
    db.session.add(offer)
    if words.strip():
        threads.add_message(dispute, words, reader, audience=threads.Audience.EVERYONE)
    if reader.party is Party.SELLER:
        dispute.first_response_at = dispute.first_response_at or moment
        dispute.seller_answered_at = dispute.seller_answered_at or moment
    moves.move(dispute, Action.OFFER, reader, offer_by=reader.party)
    notices.offer_made(dispute, offer)
    return offer


def accept(dispute: Dispute, reader: Reader) -> None:
    """Accept the live offer of the other party: what it says becomes the outcome, and is carried out."""
    moves.require(dispute, Action.ACCEPT_OFFER, reader)
    offer = _live(dispute)
    if offer.expires_at <= now():
        raise Conflict(_("This offer has expired."))
    paid = offer.remedy in MONEY_REMEDIES
    changes = {
        "outcome": Outcome.BUYER_FAVOUR,
        "remedy": offer.remedy,
        "fault": Fault.NONE,
        "funded_by": FundedBy.SELLER if paid else FundedBy.NONE,
        "decided_by": DecidedBy.AGREEMENT,
        "decided_by_id": None,
        "decided_at": now(),
        "decision_reason": "",
        "granted": offer.amounts,
    }
    moves.move(dispute, Action.ACCEPT_OFFER, reader, changes=changes)
    _settle(dispute, OfferState.ACCEPTED)
    notices.tell(dispute, [_other(reader.party)], "dispute_offer_accepted")
    resolution.carry_on(dispute)


def deny(dispute: Dispute, reader: Reader, *, reason: str = "") -> None:
    """Deny the live offer of the other party, with or without words."""
    moves.move(dispute, Action.DENY_OFFER, reader, reason=reason)
    _settle(dispute, OfferState.DENIED)
    if reason.strip():
        threads.add_message(dispute, reason, reader, audience=threads.Audience.EVERYONE)
    notices.tell(dispute, [_other(reader.party)], "dispute_offer_denied")


def expire(dispute: Dispute) -> None:
    """End the live offer at its time; a vendor who let the buyer's offer pass is a silent vendor."""
    offer = _live(dispute)
    silent_seller = offer.made_by is Party.BUYER and dispute.stage is Stage.INQUIRY
    _settle(dispute, OfferState.EXPIRED)
    moves.move(dispute, Action.ESCALATE if silent_seller else Action.EXPIRE_OFFER, moves.SYSTEM)
    notices.tell(dispute, [Party.BUYER, Party.SELLER], "dispute_offer_expired")


def history(dispute: Dispute) -> list[SettlementOffer]:
    """Return every offer of the dispute, newest first."""
    query = sa.select(SettlementOffer).where(SettlementOffer.dispute_id == dispute.id)
    return list(db.session.scalars(query.order_by(SettlementOffer.id.desc())))


def _live(dispute: Dispute) -> SettlementOffer:
    offer = moves.live_offer(dispute)
    if offer is None:
        raise Conflict(_("There is no offer on the table any more."))
    return offer


def _settle(dispute: Dispute, state: OfferState) -> None:
    db.session.execute(
        sa.update(SettlementOffer)
        .where(SettlementOffer.dispute_id == dispute.id, SettlementOffer.state == OfferState.LIVE)
        .values(state=state, settled_at=now())
    )


def _other(party: Party) -> Party:
    return Party.SELLER if party is Party.BUYER else Party.BUYER
