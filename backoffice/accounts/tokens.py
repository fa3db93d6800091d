"""Programs' keys: made once, shown once, kept as a hash, revoked at once; for the operator, or for one vendor."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from backoffice import audit
from backoffice.accounts.models import ApiToken, User
from backoffice.accounts.sessions import digest_of
from backoffice.clock import now
from backoffice.extensions import db

# A recognisable beginning, so that a token in a log or a repository can be found by a scanner.
PREFIX = "cpt_"
# Accounts stand below vendors: of a vendor they know the row and its name, to say whose a key is.
_VENDORS = sa.table("vendor", sa.column("id"), sa.column("name"))


def vendor_names() -> dict[int, str]:
    """Return the vendors' names by id, by name."""
    rows = db.session.execute(sa.select(_VENDORS.c.id, _VENDORS.c.name).order_by(_VENDORS.c.name))
    return {int(key): str(name) for key, name in rows}


def listed(vendor_id: int | None = None) -> list[ApiToken]:
    """Return the tokens, live ones first; of one vendor, or all."""
    query = sa.select(ApiToken).order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    return list(db.session.scalars(query if vendor_id is None else query.where(ApiToken.vendor_id == vendor_id)))


def create(name: str, *, by: User, vendor_id: int | None = None) -> tuple[ApiToken, str]:
    """Return a new token's row and its secret, which nobody can see again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(digest=digest_of(secret), name=name.strip(), vendor_id=vendor_id, created_by_id=by.id)
    db.session.add(row)
    audit.record("token.create", row, by=by, changes={"name": (None, row.name)})
    return row, secret


def find(secret: str) -> ApiToken | None:
    """Return the live token behind a secret."""
    query = sa.select(ApiToken).where(ApiToken.digest == digest_of(secret), ApiToken.revoked_at.is_(None))
    return db.session.scalar(query) if secret.startswith(PREFIX) else None


def revoke(row: ApiToken, *, by: User) -> None:
    """Make the token useless from now on."""
    if row.revoked_at is None:
        row.revoked_at = now()
        audit.record("token.revoke", row, by=by, changes={"name": (row.name, None)})
