"""Disputes and what belongs to them, as stored.

A dispute's status, stage, due date and version are written by `moves.move` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.files import StoredFile
from backoffice.orders.models import Order, OrderLine
from backoffice.vendors.models import Vendor
from disputes.deadlines import TimerKind
from disputes.routing import Route
from disputes.vocabulary import (
    DecidedBy,
    Fault,
    FundedBy,
    OfferState,
    Outcome,
    Party,
    Reason,
    Remedy,
    Stage,
    Status,
    Wish,
)

_DECIDED = (
    "decided_by IS NOT NULL AND outcome IS NOT NULL AND remedy IS NOT NULL"
    " AND fault IS NOT NULL AND funded_by IS NOT NULL"
)


class Dispute(db.Model):
    """A buyer's complaint about lines of one order, with where it stands and how it ended."""

    __tablename__ = "dispute"
    __table_args__ = (
        sa.CheckConstraint(
            f"status NOT IN ('resolved', 'closed') OR (resolved_at IS NOT NULL AND {_DECIDED})",
            name="resolved_has_outcome",
        ),
        sa.CheckConstraint(
            "coalesce(decided_by, '') <> 'mediator' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL"
            " AND decision_reason <> '')",
            name="decision_has_reason",
        ),
        sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_forwards"),
        sa.CheckConstraint("status <> 'closed' OR closed_at IS NOT NULL", name="closed_has_date"),
        sa.Index("ix_dispute_due", "due_at", "id"),
        sa.Index("ix_dispute_mediator_status", "mediator_id", "status"),
        sa.Index("ix_dispute_vendor_status", "vendor_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("purchase_order.id"), index=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    buyer_email: Mapped[str] = mapped_column(sa.String(254), index=True)

    status: Mapped[Status] = mapped_column(state_type(Status), default=Status.OPEN)
    stage: Mapped[Stage] = mapped_column(state_type(Stage), default=Stage.INQUIRY)
    awaiting: Mapped[Party | None] = mapped_column(state_type(Party))
    round: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    reason: Mapped[Reason] = mapped_column(state_type(Reason))
    wish: Mapped[Wish] = mapped_column(state_type(Wish))
    words: Mapped[str] = mapped_column(sa.Text)
    safety_risk: Mapped[bool] = mapped_column(default=False)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")

    mediator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Who decided the round that is appealed: never the one who decides the appeal.
    former_mediator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(state_type(Outcome))
    remedy: Mapped[Remedy | None] = mapped_column(state_type(Remedy))
    fault: Mapped[Fault | None] = mapped_column(state_type(Fault))
    funded_by: Mapped[FundedBy | None] = mapped_column(state_type(FundedBy))
    decided_by: Mapped[DecidedBy | None] = mapped_column(state_type(DecidedBy))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # {order line id: minor units} of what was agreed or decided and is carried out once return and parcel are in.
    granted: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dispute.id"))

    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seller_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[Order] = relationship(Order)
    vendor: Mapped[Vendor] = relationship(Vendor)
    mediator: Mapped[User | None] = relationship(User, foreign_keys=[mediator_id])
    lines: Mapped[list[DisputeLine]] = relationship(back_populates="dispute", order_by="DisputeLine.id")
    merged_into: Mapped[Dispute | None] = relationship("Dispute", remote_side=[id])

    @hybrid_property
    def number(self) -> str:
        """What people call it: D-2026-000123."""
        return f"D-{self.opened_at.year}-{self.id:06d}"

    @number.inplace.expression
    @classmethod
    def _number_in_sql(cls) -> sa.ColumnElement[str]:
        year, key = (sa.cast(part, sa.String) for part in (sa.extract("year", cls.opened_at), cls.id))
        padded = sa.func.substr(sa.literal("000000") + key, sa.func.length(key) + 1)
        return sa.literal("D-") + year + "-" + sa.case((cls.id < 1_000_000, padded), else_=key)


def id_in(number: str) -> int | None:
    """Return the key inside a dispute's number, or None where it is none."""
    parts = number.strip().upper().split("-")
    if len(parts) == 3 and parts[0] == "D" and all(part.isascii() and part.isdigit() for part in parts[1:]):
        return int(parts[2][:12])
    return None


class DisputeLine(db.Model):
    """A line of the order that the dispute stands on: how many pieces, and what was paid for them."""

    __tablename__ = "dispute_line"
    __table_args__ = (
        sa.UniqueConstraint("dispute_id", "order_line_id"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"))
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), index=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    sku: Mapped[str] = mapped_column(sa.String(120))
    quantity: Mapped[int] = mapped_column()
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)

    dispute: Mapped[Dispute] = relationship(Dispute, back_populates="lines")
    order_line: Mapped[OrderLine] = relationship(OrderLine)


class DisputeMessage(db.Model):
    """What someone wrote, and for whom; `body` is the original, `masked_body` what the other party reads."""

    __tablename__ = "dispute_message"
    __table_args__ = (sa.Index("ix_dispute_message_thread", "dispute_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"))
    author_party: Mapped[Party] = mapped_column(state_type(Party))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(sa.String(160), default="")
    body: Mapped[str] = mapped_column(sa.Text)
    masked_body: Mapped[str] = mapped_column(sa.Text)
    for_buyer: Mapped[bool] = mapped_column(default=False)
    for_seller: Mapped[bool] = mapped_column(default=False)
    for_mediator: Mapped[bool] = mapped_column(default=True)
    for_account_manager: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    dispute: Mapped[Dispute] = relationship(Dispute)
    attachments: Mapped[list[DisputeAttachment]] = relationship(
        back_populates="message", order_by="DisputeAttachment.id"
    )

    @property
    def audience(self) -> frozenset[Party]:
        """The parties that read it."""
        flags = {
            Party.BUYER: self.for_buyer,
            Party.SELLER: self.for_seller,
            Party.MEDIATOR: self.for_mediator,
            Party.ACCOUNT_MANAGER: self.for_account_manager,
        }
        return frozenset(party for party, reads in flags.items() if reads)

    @audience.setter
    def audience(self, parties: Iterable[Party]) -> None:
        readers = frozenset(parties)
        self.for_buyer, self.for_seller = Party.BUYER in readers, Party.SELLER in readers
        self.for_mediator = Party.MEDIATOR in readers
        self.for_account_manager = Party.ACCOUNT_MANAGER in readers


class DisputeAttachment(db.Model):
    """A picture or document sent with a message; whoever may read the message may have it."""

    __tablename__ = "dispute_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute_message.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))

    message: Mapped[DisputeMessage] = relationship(DisputeMessage, back_populates="attachments")
    file: Mapped[StoredFile] = relationship(StoredFile, lazy="joined", innerjoin=True)


class SettlementOffer(db.Model):
    """What one party proposes to the other; one is live at a time."""

    __tablename__ = "settlement_offer"
    __table_args__ = (
        sa.Index("uq_settlement_offer_live", "dispute_id", unique=True, sqlite_where=sa.text("state = 'live'"),
                 postgresql_where=sa.text("state = 'live'")),
        sa.CheckConstraint("made_by IN ('buyer', 'seller')", name="made_by_party"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"), index=True)
    made_by: Mapped[Party] = mapped_column(state_type(Party))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    remedy: Mapped[Remedy] = mapped_column(state_type(Remedy))
    # {order line id: minor units}
    amounts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[OfferState] = mapped_column(state_type(OfferState), default=OfferState.LIVE)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DisputeTimer(db.Model):
    """A deadline as a row; fired once, or stopped when the dispute went on before it."""

    __tablename__ = "dispute_timer"
    __table_args__ = (
        sa.UniqueConstraint("dispute_id", "kind", "due_at"),
        sa.Index("ix_dispute_timer_due", "due_at", "fired_at", "stopped_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"), index=True)
    kind: Mapped[TimerKind] = mapped_column(state_type(TimerKind))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    calendar_version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    fired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoutingDecision(db.Model):
    """Which rule sent a dispute where, with the facts it saw."""

    __tablename__ = "dispute_routing"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"), index=True)
    rule_id: Mapped[str] = mapped_column(sa.String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    result: Mapped[Route] = mapped_column(state_type(Route))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class RemedyExecution(db.Model):
    """One amount given back on one line; the key lets a repeated execution pay nothing twice."""

    __tablename__ = "dispute_remedy_execution"
    __table_args__ = (sa.CheckConstraint("amount_minor > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), index=True)
    remedy: Mapped[Remedy] = mapped_column(state_type(Remedy))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    funded_by: Mapped[FundedBy] = mapped_column(state_type(FundedBy))
    idempotency_key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    executed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
