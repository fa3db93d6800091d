"""What is still to decide of missing keywords, and what was decided together."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db
from catalog.models import Listing

if TYPE_CHECKING:
    from backoffice.accounts.models import User
    from backoffice.vendors.models import Vendor


class OpenGap(db.Model):
    """A suggestion nobody has decided on, copied from its sheet so that all of them can be put in order.

    `volume` is how often customers searched the word in the last 90 days; the sheet alone says whether it is open.
    """

    __tablename__ = "open_gap"
    __table_args__ = (
        sa.UniqueConstraint("listing_id", "term"),
        sa.Index("ix_open_gap_volume", "volume", "id"),
        sa.Index("ix_open_gap_vendor", "vendor_id", "volume", "id"),
        sa.Index("ix_open_gap_kind", "kind", "volume", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    term: Mapped[str] = mapped_column(sa.String(200))
    volume: Mapped[int] = mapped_column(default=0)

    listing: Mapped[Listing] = relationship(Listing)
    vendor: Mapped[Vendor] = relationship("Vendor")


class GapBatch(db.Model):
    """Decisions taken together: [[listing, term]], what they became and why; taken back by a date."""

    __tablename__ = "gap_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    items: Mapped[list[list[Any]]] = mapped_column(Json)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User | None] = relationship("User")
