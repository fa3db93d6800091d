"""What the index still has to be told: one row for each product that changed since it was last indexed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.clock import now
from backoffice.extensions import UtcDateTime, db


class IndexDirty(db.Model):
    """A mark set in the transaction of the change; `stamp` differs with every mark, so that a new one is not taken off
    by an indexer that read the product before it. No foreign key: the product may be gone, which is told as well."""

    __tablename__ = "index_dirty"

    product_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(sa.BigInteger)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.Text, default="")
