"""Feeds and their fetches as stored."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.sealing import Sealed
from catalog.feeds.lifecycle import Credential, FeedState, FetchOutcome
from catalog.feeds.schedule import Every
from catalog.models import Import

if TYPE_CHECKING:
    from backoffice.vendors.models import Vendor


class Feed(db.Model):
    """An address at which a vendor keeps its sheets, and when it is fetched.

    The secret is needed as it is to be sent, and sealed where it is kept; it is in no page, no answer, no history, and gone
    when the feed is removed.
    """

    __tablename__ = "vendor_feed"
    __table_args__ = (
        sa.Index("ix_vendor_feed_due", "state", "next_at"),
        sa.Index("ix_vendor_feed_vendor", "vendor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(2000))
    every: Mapped[Every] = mapped_column(state_type(Every), default=Every.DAY)
    # Local hour of a day's or week's turn, and the day of a week's: 0 is Monday.
    hour: Mapped[int] = mapped_column(default=4)
    weekday: Mapped[int] = mapped_column(default=0)
    full_replacement: Mapped[bool] = mapped_column(default=False)
    clear_empty: Mapped[bool] = mapped_column(default=False)
    credential: Mapped[Credential] = mapped_column(state_type(Credential), default=Credential.NONE)
    # The user's name, or the header's.
    credential_name: Mapped[str] = mapped_column(sa.String(120), default="")
    secret: Mapped[str] = mapped_column(Sealed, default="")
    state: Mapped[FeedState] = mapped_column(state_type(FeedState), default=FeedState.ACTIVE)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Failures in a row.
    failures: Mapped[int] = mapped_column(default=0)
    # What the last content was known by, at the server and here.
    etag: Mapped[str] = mapped_column(sa.String(200), default="")
    last_modified: Mapped[str] = mapped_column(sa.String(60), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship("Vendor")


class FeedFetch(db.Model):
    """One fetch: when, how long, how much, and what came of it."""

    __tablename__ = "feed_fetch"
    __table_args__ = (
        sa.Index("ix_feed_fetch_feed", "feed_id", "id"),
        sa.Index(
            "ix_feed_fetch_open", "feed_id", sqlite_where=sa.text("NOT told"), postgresql_where=sa.text("NOT told")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor_feed.id"))
    outcome: Mapped[FetchOutcome] = mapped_column(state_type(FetchOutcome))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float] = mapped_column(default=0.0)
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # Why nothing was taken: {"code": …, "params": …} of `backoffice.egress` or of the catalogue's intake.
    refusal: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("catalog_import.id"), index=True)
    # Whether the end of the import has been looked at, and those it concerns were told what it asks of them.
    told: Mapped[bool] = mapped_column(default=True)

    feed: Mapped[Feed] = relationship(Feed)
    run: Mapped[Import | None] = relationship(Import)
