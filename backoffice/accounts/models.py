"""Users, their sessions, single-use links, API tokens and login attempts as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import UtcDateTime, db, state_type
from backoffice.permissions import STAFF, Role

if TYPE_CHECKING:
    from backoffice.vendors.models import Vendor


class UserState(StrEnum):
    """How far a person is with us; follows from the row, so it is stored nowhere."""

    INVITED = "invited"
    JOINED = "joined"
    PUT_AWAY = "put_away"


class User(UserMixin, db.Model):
    """A person who logs in; a vendor user belongs to one vendor, a buyer is known by the orders' e-mail."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    role: Mapped[Role] = mapped_column(state_type(Role))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    locale: Mapped[str | None] = mapped_column(sa.String(2))
    theme: Mapped[str] = mapped_column(sa.String(8), default="auto")
    active: Mapped[bool] = mapped_column(default=True)
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    vendor: Mapped[Vendor | None] = relationship("Vendor", foreign_keys=[vendor_id])

    @property
    def display_name(self) -> str:
        """The name others see."""
        return self.name or self.email

    @property
    def is_active(self) -> bool:
        """Whether the user may log in (Flask-Login asks)."""
        return self.active

    @property
    def state(self) -> UserState:
        """Invited until a password was chosen, joined from then on, put away where deactivated."""
        if not self.active:
            return UserState.PUT_AWAY
        return UserState.JOINED if self.password_hash else UserState.INVITED

    @property
    def is_staff(self) -> bool:
        """Whether the user works for the marketplace."""
        return self.role in STAFF


class UserSession(db.Model):
    """A logged-in browser: the hash of its random id, when it was seen, when it was revoked."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(sa.String(200), default="")

    user: Mapped[User] = relationship(User, lazy="joined", innerjoin=True)


class SingleUseLink(db.Model):
    """An invitation or a password reset, usable once until it expires; only the hash is kept."""

    __tablename__ = "single_use_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(User)


class ApiToken(db.Model):
    """A program's key, for the operator (no vendor) or for one vendor; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginAttempt(db.Model):
    """A failed login, counted by e-mail and by address to slow guessing down."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(300), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
