"""Single-use links: a random token goes out by mail, its hash stays here, and the first use within its life counts.

Not here: what a link is for (`invitations`: joining, and choosing a new password).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.accounts.models import SingleUseLink, User
from backoffice.accounts.sessions import digest_of
from backoffice.clock import now
from backoffice.errors import NotFound
from backoffice.extensions import db


class Purpose(StrEnum):
    """What a link lets its holder do."""

    INVITATION = "invitation"
    RESET = "reset"


LIFETIME = {Purpose.INVITATION: timedelta(days=14), Purpose.RESET: timedelta(hours=1)}


def create(user: User, purpose: Purpose) -> str:
    """Return the token of a new link for the user; earlier links of this purpose stop working."""
    if user.id is None:
        db.session.flush()
    forget(user, purpose)
    token = secrets.token_urlsafe(32)
    db.session.add(
        SingleUseLink(digest=digest_of(token), purpose=purpose, user_id=user.id, expires_at=now() + LIFETIME[purpose])
    )
    return token


def find(token: str, purpose: Purpose) -> SingleUseLink:
    """Return the live link behind a token; raises NotFound for one unknown, used, expired, or of a user put away."""
    query = sa.select(SingleUseLink).where(SingleUseLink.digest == digest_of(token), SingleUseLink.purpose == purpose)
    link = db.session.scalar(query)
    if link is None or link.used_at is not None or link.expires_at < now() or not link.user.active:
        raise NotFound(_("This link was used already or has expired. Ask for a new one."))
    return link


def use(token: str, purpose: Purpose) -> User:
    """Spend the link and return its user; of two at once, one gets it."""
    link = find(token, purpose)
    query = sa.update(SingleUseLink).where(SingleUseLink.id == link.id, SingleUseLink.used_at.is_(None))
    if db.session.execute(query.values(used_at=now())).rowcount != 1:
        raise NotFound(_("This link was used already or has expired. Ask for a new one."))
    return link.user


def forget(user: User, purpose: Purpose) -> None:
    """Make the user's unused links of this purpose useless."""
    query = sa.update(SingleUseLink).where(
        SingleUseLink.user_id == user.id, SingleUseLink.purpose == purpose, SingleUseLink.used_at.is_(None)
    )
    db.session.execute(query.values(used_at=now()))
