"""Who works for a vendor: its people invite one another, and the staff invite for them.

All of a vendor's users have the same rights. Promise: nobody reaches another vendor's people, and one person stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.accounts import invitations
from backoffice.accounts.models import User
from backoffice.errors import IllegalMove, NotFound
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorStatus
from backoffice.words import label

# Before its own invitation a vendor has nobody, and afterwards nobody new joins one that is gone.
CLOSED = frozenset({VendorStatus.PROSPECT, VendorStatus.REJECTED, VendorStatus.TERMINATED})


def members(vendor: Vendor) -> list[User]:
    """Return everyone who was ever invited to work for the vendor, those put away last."""
    query = sa.select(User).where(User.vendor_id == vendor.id, User.role == Role.VENDOR_USER)
    return list(db.session.scalars(query.order_by(User.active.desc(), User.id)))


def member(vendor: Vendor, user_id: int) -> User:
    """Return one of the vendor's people, or raise NotFound."""
    person = db.session.get(User, user_id)
    if person is None or person.vendor_id != vendor.id or person.role != Role.VENDOR_USER:
        raise NotFound()
    return person


def is_open(vendor: Vendor) -> bool:
    """Return whether people can be invited to work for the vendor now."""
    return vendor.status not in CLOSED


def invite(vendor: Vendor, email: str, *, name: str, by: User) -> User:
    """Invite someone more to work for the vendor; raises Conflict where the e-mail belongs to somebody."""
    if not is_open(vendor):
        said = _("Nobody can be invited while the vendor is in the state “%(status)s”.", status=label(vendor.status))
        raise IllegalMove(said)
    person, _path = invitations.invite(
        email, Role.VENDOR_USER, by=by, name=name, locale=vendor.locale, vendor_id=vendor.id
    )
    return person
