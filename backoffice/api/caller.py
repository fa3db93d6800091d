"""Who calls: the program behind a bearer token, acting for the operator or for one vendor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app, g, request
from flask_babel import gettext as _

from backoffice.accounts import tokens
from backoffice.accounts.models import ApiToken
from backoffice.clock import now
from backoffice.database import reading, writing
from backoffice.errors import BackofficeError, Forbidden, Invalid, NotFound
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from backoffice.vendors.portfolio import find_by_code

# When a token was last used is written at most this often, so that reading does not write.
USED_EVERY = timedelta(minutes=5)


class NotAuthorized(BackofficeError):
    """No token, or one that is unknown or revoked."""

    status = 401
    code = "not_authorized"


@dataclass(frozen=True, slots=True)
class Caller:
    """The program: its token, the name it has in histories, and the vendor it acts for (None for the operator)."""

    token_id: int
    display_name: str
    vendor_id: int | None = None
    # Histories keep users by id; a program has none there.
    id: None = None

    @property
    def is_operator(self) -> bool:
        """Whether the program acts for the marketplace."""
        return self.vendor_id is None


def authenticate() -> None:
    """Find the caller of this request and count it; raises NotAuthorized or TooManyRequests."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotAuthorized(_("Send an API key: “Authorization: Bearer …”."))
    moment = now()
    with reading():
        row = tokens.find(secret.strip())
        caller = Caller(row.id, row.name, row.vendor_id) if row is not None else None
        stale = row is not None and (row.last_used_at is None or row.last_used_at + USED_EVERY < moment)
        # The request's own transaction begins after this, with the lock that its method needs.
        db.session.rollback()
    if caller is None:
        raise NotAuthorized(_("This API key is unknown or was revoked."))
    current_app.extensions["api_throttle"].count(caller.token_id)
    if stale:
        with writing():
            db.session.execute(sa.update(ApiToken).where(ApiToken.id == caller.token_id).values(last_used_at=moment))
            db.session.commit()
    g.api_caller = caller


def current() -> Caller:
    """Return the caller of this request."""
    found: Caller = g.api_caller
    return found


def require_operator() -> None:
    """Raise Forbidden for a vendor's token."""
    if not current().is_operator:
        raise Forbidden(_("This needs an API key of the marketplace."))


def vendor_of(code: str | None) -> Vendor:
    """Return the vendor that a request is about: the token's own, or the one that the operator's program names.

    Raises NotFound for another vendor's code, Invalid where the operator names none.
    """
    caller = current()
    if not caller.is_operator:
        own = db.session.get_one(Vendor, caller.vendor_id)
        if code and code != own.code:
            raise NotFound(_("There is no vendor “%(code)s”.", code=code[:60]))
        return own
    if not code:
        words = _("Name the vendor by its code.")
        raise Invalid(words, details={"vendor": words})
    vendor = find_by_code(code)
    if vendor is None:
        raise NotFound(_("There is no vendor “%(code)s”.", code=code[:60]))
    return vendor
