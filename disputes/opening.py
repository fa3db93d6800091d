"""Opening a dispute on lines of an order: what may be opened, what is kept, and to whom it goes first.

lines, reason, words, wish ─► within the filing window, not disputed already ─► dispute ─► routed by rule ─► told
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from backoffice.clock import now
from backoffice.errors import Invalid
from backoffice.events import product_misdescribed
from backoffice.extensions import db
from backoffice.orders.models import Order, OrderLine
from disputes import deadlines, moves, notices, routing, settlement, threads
from disputes.access import Reader
from disputes.deadlines import TimerKind
from disputes.models import Dispute, DisputeLine, RoutingDecision
from disputes.routing import Facts, Route
from disputes.vocabulary import FINISHED, Action, Party, Reason, Wish


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the buyer says: pieces by order line, reason, wish, words, and whether someone could be hurt."""

    pieces: Mapping[int, int]
    reason: Reason
    wish: Wish
    words: str
    safety_risk: bool = False


def open_lines(order: Order) -> dict[int, Dispute]:
    """Return, by order line, the dispute that is open on it."""
    query = (
        sa.select(DisputeLine.order_line_id, Dispute)
        .join(DisputeLine.dispute)
        .where(Dispute.order_id == order.id, Dispute.status.not_in(FINISHED))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def window_ends(order: Order) -> bool:
    """Return whether the time for opening a dispute on this order is over."""
    return now() > deadlines.filing_ends(order.ordered_at, moves.terms())


def check_pieces(order: Order, pieces: Mapping[int, int]) -> None:
    """Raise Invalid, by field, where these pieces cannot be disputed."""
    if window_ends(order):
        ended = _("The time for opening a dispute on this order is over.")
        raise Invalid(ended, details={"lines": ended})
    if not pieces:
        raise Invalid(_("Choose at least one article."), details={"lines": _("Choose at least one article.")})
    known = {line.id: line for line in order.lines}
    taken = open_lines(order)
    details = {}
    for line_id, quantity in pieces.items():
        if line_id not in known:
            details["lines"] = _("This article is not part of the order.")
        elif line_id in taken:
            details[f"line_{line_id}"] = _("A dispute is open on this article already.")
        elif not 1 <= quantity <= known[line_id].quantity:
            details[f"line_{line_id}"] = _("Write a number from 1 to %(most)s.", most=known[line_id].quantity)
    if details:
        raise Invalid(next(iter(details.values())), details=details)


def open_dispute(order: Order, complaint: Complaint, reader: Reader, *, uploads: Iterable[FileStorage] = ()) -> Dispute:
    """Open, route and announce a dispute; raises Invalid where the complaint cannot be taken."""
    # Two windows of the same buyer must not both pass the check below.
    db.session.execute(sa.select(Order.id).where(Order.id == order.id).with_for_update())
    check_pieces(order, complaint.pieces)
    dispute = _stored(order, complaint)
    moves.note(dispute, "dispute.open", reader, changes={})
    everyone = threads.Audience.EVERYONE
    message = threads.add_message(dispute, complaint.words, reader, audience=everyone, uploads=uploads)
    decision = routing.route(_facts(dispute))
    db.session.add(
        RoutingDecision(dispute_id=dispute.id, rule_id=decision.rule_id, facts=decision.facts, result=decision.route)
    )
    to_seller = decision.route is Route.SELLER
    moves.move(dispute, Action.ROUTE_TO_SELLER if to_seller else Action.ROUTE_TO_MEDIATOR, moves.SYSTEM)
    told = [Party.BUYER, Party.SELLER, Party.ACCOUNT_MANAGER] + ([] if to_seller else [Party.MEDIATOR])
    notices.tell(dispute, told, "dispute_opened", basket=order.basket)
    if complaint.reason is Reason.NOT_AS_DESCRIBED:
        lines = [(line.vendor_id, line.sku) for line in dispute.lines]
        # The sheet is its vendor's, who reads the buyer's words there as in the thread: without contact details.
        product_misdescribed.send(dispute, actor=reader.actor, quote=message.masked_body, lines=lines)
    return dispute


def _stored(order: Order, complaint: Complaint) -> Dispute:
    moment = now()
    lines = [
        DisputeLine(
            order_line=line,
            vendor_id=order.vendor_id,
            sku=line.sku,
            quantity=complaint.pieces[line.id],
            amount_minor=settlement.share_of_line(line.amount_minor, line.quantity, complaint.pieces[line.id]),
        )
        for line in order.lines
        if line.id in complaint.pieces
    ]
    dispute = Dispute(
        order=order,
        vendor_id=order.vendor_id,
        buyer_email=order.buyer_email,
        reason=complaint.reason,
        wish=complaint.wish,
        words=complaint.words.strip(),
        safety_risk=complaint.safety_risk,
        amount_minor=sum(line.amount_minor for line in lines),
        currency=order.currency,
        lines=lines,
        opened_at=moment,
        answer_due_at=deadlines.due(TimerKind.SELLER_ANSWER, moment, moves.terms()),
    )
    db.session.add(dispute)
    db.session.flush()
    return dispute


def _facts(dispute: Dispute) -> Facts:
    sold, disputed = vendor_record(dispute.vendor_id)
    return Facts(
        reason=dispute.reason,
        safety_risk=dispute.safety_risk,
        amount_minor=dispute.amount_minor,
        mediator_amount_minor=current_app.config["MEDIATOR_AMOUNT_MINOR"],
        vendor_lines=sold,
        vendor_disputed_lines=disputed,
    )


def vendor_record(vendor_id: int) -> tuple[int, int]:
    """Return how many lines the vendor sold in the last RECORD_DAYS, and on how many of those there was a dispute."""
    sold, disputed = db.session.execute(sa.select(*record_queries(vendor_id))).one()
    return sold, disputed


def record_queries(vendor_id: int) -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[int]]:
    """Return the two numbers of a vendor's record as parts of a query."""
    since = now() - timedelta(days=routing.RECORD_DAYS)
    sold = (
        sa.select(sa.func.count(OrderLine.id))
        .join(OrderLine.order)
        .where(Order.vendor_id == vendor_id, Order.ordered_at >= since)
    )
    disputed = (
        sa.select(sa.func.count(sa.distinct(DisputeLine.order_line_id)))
        .join(DisputeLine.order_line)
        .join(OrderLine.order)
        .where(DisputeLine.vendor_id == vendor_id, Order.ordered_at >= since)
    )
    return sold.scalar_subquery(), disputed.scalar_subquery()
