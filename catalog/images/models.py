"""Pictures as stored: one row an address, whatever the number of sheets that name it, and which sheet names which."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import UtcDateTime, db
from backoffice.files import StoredFile


class Picture(db.Model):
    """A picture's address and what was seen there last; `fault` is the code of what kept it from being looked at."""

    __tablename__ = "picture"
    __table_args__ = (sa.Index("ix_picture_due", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    url: Mapped[str] = mapped_column(sa.String(2000))
    host: Mapped[str] = mapped_column(sa.String(255), default="")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str | None] = mapped_column(sa.String(40))
    # Failures in a row that another try may mend; the picture is not called unreachable before the last of them.
    failures: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str] = mapped_column(sa.String(200), default="")
    last_modified: Mapped[str] = mapped_column(sa.String(60), default="")
    format: Mapped[str] = mapped_column(sa.String(10), default="")
    size: Mapped[int] = mapped_column(default=0)
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    blank: Mapped[bool] = mapped_column(default=False)
    fingerprint: Mapped[str] = mapped_column(sa.String(16), default="", index=True)
    small_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))

    small: Mapped[StoredFile | None] = relationship(StoredFile)


class ListingPicture(db.Model):
    """A sheet names a picture: the main one at place 0, further ones after it."""

    __tablename__ = "listing_picture"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), index=True)

    picture: Mapped[Picture] = relationship(Picture)
