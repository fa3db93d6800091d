"""The desks as stored: leases, what sheets wait for, decisions and their undoing, second opinions, audits, trust."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from catalog.desk.selection import TrustLevel
from catalog.models import Judgement, Listing

if TYPE_CHECKING:
    from backoffice.accounts.models import User
    from backoffice.vendors.models import Vendor


class BulkAct(StrEnum):
    """What is decided of a group of sheets."""

    ACCEPT = "accept"
    SEND_BACK = "send_back"
    CORRECT = "correct"


class BulkState(StrEnum):
    """Where a decision on a group stands."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class BulkOutcome(StrEnum):
    """What became of one sheet of the group, and of its being taken back."""

    DECIDED = "decided"
    LIGHTER = "lighter"
    LEFT = "left"
    RESTORED = "restored"
    KEPT = "kept"


class DeskLease(db.Model):
    """A sheet in an editor's hands until a moment; an editor holds one at a time."""

    __tablename__ = "desk_lease"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)

    holder: Mapped[User] = relationship("User")


class WaitingReason(db.Model):
    """One doubt for which a sheet waits at the desk: an issue's code or a rule, and the attribute ("" for the sheet)."""

    __tablename__ = "waiting_reason"
    __table_args__ = (
        sa.Index("ix_waiting_reason_group", "code", "attribute", "vendor_id", "listing_id"),
        sa.Index("ix_waiting_reason_vendor", "vendor_id", "code", "attribute", "listing_id"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    attribute: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))

    listing: Mapped[Listing] = relationship(Listing)


class BulkDecision(db.Model):
    """One decision on all sheets of a group: who, what, how far it came, and whether it was taken back."""

    __tablename__ = "bulk_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[BulkAct] = mapped_column(state_type(BulkAct))
    code: Mapped[str] = mapped_column(sa.String(60))
    attribute: Mapped[str] = mapped_column(sa.String(60), default="")
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"))
    # The words of the sending back, or the value put in place.
    text: Mapped[str] = mapped_column(sa.String(500), default="")
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    state: Mapped[BulkState] = mapped_column(state_type(BulkState), default=BulkState.RUNNING)
    total: Mapped[int] = mapped_column(default=0)
    # The sheet that the turns have come to.
    after: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    vendor: Mapped[Vendor | None] = relationship("Vendor")
    actor: Mapped[User | None] = relationship("User", foreign_keys=[actor_id])


class BulkItem(db.Model):
    """One sheet of a decision on a group: the version it was seen in, what it was before, and what became of it."""

    __tablename__ = "bulk_item"
    __table_args__ = (sa.Index("ix_bulk_item_outcome", "bulk_id", "outcome", "listing_id"),)

    bulk_id: Mapped[int] = mapped_column(sa.ForeignKey("bulk_decision.id"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    # The version that was seen; once decided, the one that the decision left.
    version: Mapped[int] = mapped_column()
    # What of the listing the decision changed: {column: value before}.
    prior: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    outcome: Mapped[BulkOutcome | None] = mapped_column(state_type(BulkOutcome))
    # Why it was left as it is, in the words of the refusal.
    note: Mapped[str] = mapped_column(sa.String(500), default="")

    listing: Mapped[Listing] = relationship(Listing)


class LastDecision(db.Model):
    """The last decision on a sheet alone: what was done, what the sheet was before, and the version that it left."""

    __tablename__ = "last_decision"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column()
    # An action of `catalog.lifecycle`.
    action: Mapped[str] = mapped_column(sa.String(20))
    # What of the listing the decision changed: {column: value before}.
    prior: Mapped[dict[str, Any]] = mapped_column(Json)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondOpinion(db.Model):
    """A colleague asked about a sheet: what the asker leaned to and why, and what was decided; both are kept."""

    __tablename__ = "second_opinion"
    __table_args__ = (
        sa.Index("ix_second_opinion_asked", "asked_id", "answered_at"),
        sa.Index("ix_second_opinion_listing", "listing_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    asked_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # An action of `catalog.lifecycle` that the asker leans to, and the one that was taken.
    leaning: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.String(500))
    decision: Mapped[str] = mapped_column(sa.String(20), default="")
    decider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    listing: Mapped[Listing] = relationship(Listing)
    asker: Mapped[User] = relationship("User", foreign_keys=[asker_id])
    asked: Mapped[User] = relationship("User", foreign_keys=[asked_id])
    decider: Mapped[User | None] = relationship("User", foreign_keys=[decider_id])


class SheetAudit(db.Model):
    """An editor's verdict on a sheet drawn at random from those that the machine accepted."""

    __tablename__ = "sheet_audit"
    __table_args__ = (sa.Index("ix_sheet_audit_at", "at", "right"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    auditor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    version: Mapped[int] = mapped_column()
    right: Mapped[bool] = mapped_column()
    # The attribute that is wrong.
    attribute: Mapped[str] = mapped_column(sa.String(60), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    listing: Mapped[Listing] = relationship(Listing)


class MergeAudit(db.Model):
    """An editor's verdict on a merge drawn at random from those that the machine made."""

    __tablename__ = "merge_audit"
    __table_args__ = (sa.Index("ix_merge_audit_at", "at", "right"),)

    judgement_id: Mapped[int] = mapped_column(sa.ForeignKey("judgement.id"), primary_key=True)
    auditor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    right: Mapped[bool] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    judgement: Mapped[Judgement] = relationship(Judgement)


class Misdescription(db.Model):
    """A dispute that says a vendor's sheet is wrong; kept when the sheet's flag is settled."""

    __tablename__ = "misdescription"
    __table_args__ = (sa.Index("ix_misdescription_vendor", "vendor_id", "at"),)

    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    sku: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    dispute: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class VendorTrust(db.Model):
    """How far a vendor's sheets are trusted, with what that stands on; counted at night and after each of its imports."""

    __tablename__ = "vendor_trust"

    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), primary_key=True)
    level: Mapped[TrustLevel] = mapped_column(state_type(TrustLevel), default=TrustLevel.USUAL)
    score: Mapped[float] = mapped_column(default=0.0)
    # Sheets that came and were decided on, those of them never blocked nor sent back; articles sold, those disputed.
    arrived: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    disputed: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
