"""What the assortment keeps: acts planned for a date, and the offers whose price was found odd last night."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import UtcDateTime, db, state_type
from catalog.lifecycle import Action
from catalog.models import Listing

if TYPE_CHECKING:
    from backoffice.accounts.models import User


class PlannedAct(db.Model):
    """A sheet to be withdrawn or restored at a time; done once, and kept with what came of it."""

    __tablename__ = "planned_act"
    __table_args__ = (sa.Index("ix_planned_act_due", "done_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), index=True)
    action: Mapped[Action] = mapped_column(state_type(Action))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why it could not be done when its time came; empty where it was.
    refusal: Mapped[str] = mapped_column(sa.String(300), default="")

    listing: Mapped[Listing] = relationship(Listing)
    planned_by: Mapped[User | None] = relationship("User")


class OddOffer(db.Model):
    """An offer whose price stands apart from the others of its product; all of them are found anew each night."""

    __tablename__ = "odd_offer"
    __table_args__ = (sa.Index("ix_odd_offer_distance", "distance", "listing_id"),)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), primary_key=True)
    price_minor: Mapped[int] = mapped_column(sa.BigInteger)
    median_minor: Mapped[int] = mapped_column(sa.BigInteger)
    # Modified z-score: how far, and for sorting its absolute value.
    score: Mapped[float] = mapped_column()
    distance: Mapped[float] = mapped_column()
    offers: Mapped[int] = mapped_column()
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    listing: Mapped[Listing] = relationship(Listing)
