"""Who reads a dispute, and in which capacity; every page fetches through here, so a stranger gets 404.

Someone is logged in, or holds a signed link that was mailed to the order's buyer. The link carries the order and a
print of its buyer's address; it stops working when it is old, when it was altered, or when the order changed hands.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy.orm import contains_eager, selectinload

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import BackofficeError, NotFound
from backoffice.extensions import db
from backoffice.orders.models import Order, OrderLine
from backoffice.permissions import Permission, Role, may
from disputes.models import Dispute, DisputeLine
from disputes.vocabulary import Party

# Longer than filing, twenty days of inquiry and the appeal window take together for an order disputed on its last day.
LINK_LIFE = timedelta(days=180)


class LinkExpired(BackofficeError):
    """The link was ours, but is too old; its holder can have another one sent."""

    status = 410
    code = "link_expired"


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Someone who acts through a mailed link and has no account; the history keeps the name."""

    display_name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads or acts, in which capacity, and through which link where it is one."""

    party: Party
    actor: User | LinkHolder
    token: str = ""

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of disputes for this reader: through the link where there is one."""
        if self.token:
            return url_for(f"disputes.{endpoint}_by_link", token=self.token, **values)
        return url_for(f"disputes.{endpoint}", **values)


class _ClockSigner(TimestampSigner):
    """Signs with the house's clock, so that tests and the demo can travel."""

    def get_timestamp(self) -> int:
        return int(now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="disputes.order", signer=_ClockSigner)


def order_token(order: Order) -> str:
    """Return the signed text by which the order's buyer comes in without an account."""
    return str(_serializer().dumps([order.id, _print_of(order.buyer_email)]))


def _print_of(email: str) -> str:
    """Return a keyed print of an address, so that no log of addresses visited holds anyone's mail address."""
    key = current_app.config["SECRET_KEY"].encode()[:64]
    return hashlib.blake2b(email.lower().encode(), key=key, digest_size=9).hexdigest()


def order_of(token: str) -> Order:
    """Return the order behind a link with its lines and vendor.

    Raises NotFound for a forged link, LinkExpired for an old one.
    """
    try:
        order_id, mark = _serializer().loads(token, max_age=int(LINK_LIFE.total_seconds()))
    except SignatureExpired as error:
        raise LinkExpired(_("This link is too old. Ask for a new one with your order number.")) from error
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound() from error
    query = sa.select(Order).where(Order.id == order_id)
    order = db.session.scalar(query.options(selectinload(Order.lines), selectinload(Order.vendor)))
    if order is None or not hmac.compare_digest(_print_of(order.buyer_email), str(mark)):
        raise NotFound()
    return order


def link_reader(order: Order, token: str) -> Reader:
    """Return the reader who holds the link; a logged-in buyer of that address is kept by name in the history."""
    if current_user.is_authenticated and current_user.email.lower() == order.buyer_email.lower():
        return Reader(Party.BUYER, current_user, token)
    return Reader(Party.BUYER, LinkHolder(order.buyer_name or _("Buyer")), token)


def login_reader() -> Reader:
    """Return the logged-in reader in the capacity of their role."""
    return Reader(party_of(current_user), current_user)


def party_of(user: User) -> Party:
    """Return in which capacity a user meets disputes."""
    if may(user, Permission.MEDIATE):
        return Party.MEDIATOR
    roles = {
        Role.ACCOUNT_MANAGER: Party.ACCOUNT_MANAGER,
        Role.VENDOR_USER: Party.SELLER,
        Role.BUYER: Party.BUYER,
    }
    return roles.get(user.role, Party.OBSERVER)


def visible_to(user: User) -> sa.Select[tuple[Dispute]]:
    """Return the query of the disputes that this user may know of; vendors and buyers know their own."""
    query = sa.select(Dispute)
    if user.role == Role.VENDOR_USER:
        return query.where(Dispute.vendor_id == user.vendor_id)
    if user.role == Role.BUYER:
        return query.where(sa.func.lower(Dispute.buyer_email) == user.email.lower())
    return query if may(user, Permission.READ_DISPUTES) else query.where(sa.false())


def dispute_for(user: User, dispute_id: int) -> Dispute:
    """Return a dispute that the user may know of, with what its page shows; raises NotFound for a stranger."""
    return _one(visible_to(user), dispute_id)


def dispute_by_link(order: Order, dispute_id: int) -> Dispute:
    """Return a dispute of the link's order; raises NotFound for another order's."""
    return _one(sa.select(Dispute).where(Dispute.order_id == order.id), dispute_id)


def _one(query: sa.Select[tuple[Dispute]], dispute_id: int) -> Dispute:
    found = db.session.scalar(
        query.where(Dispute.id == dispute_id)
        .join(Dispute.order)
        .join(Dispute.vendor)
        .options(contains_eager(Dispute.order), contains_eager(Dispute.vendor))
        .options(selectinload(Dispute.lines).joinedload(DisputeLine.order_line).joinedload(OrderLine.order))
        # The row may have been loaded before another process wrote it.
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def path_to(endpoint: str, **values: Any) -> str:
    """Return the path of a page of disputes; unlike `url_for` also in a job, which answers no request."""
    return current_app.url_map.bind("house").build(f"disputes.{endpoint}", values)


def buyer_link(dispute: Dispute) -> str:
    """Return the path of the dispute's page for the buyer, to be mailed."""
    return path_to("show_by_link", token=order_token(dispute.order), dispute_id=dispute.id)
