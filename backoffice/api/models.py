"""Idempotency keys as stored: which request a key stood for, and what it was answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db


class IdempotencyKey(db.Model):
    """A key of one token: in flight while `status_code` is empty and the lease runs, done afterwards."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        sa.UniqueConstraint("token_id", "key"),
        sa.CheckConstraint("status_code IS NULL OR answer IS NOT NULL", name="done_has_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(sa.String(200))
    # The print of method, address and body: the same key with another one is a mistake of the sender.
    request_hash: Mapped[str] = mapped_column(sa.String(64))
    owner: Mapped[str] = mapped_column(sa.String(32))
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    status_code: Mapped[int | None] = mapped_column()
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
