"""Telling the parties: a line under the bell and a mail, each in the reader's own language, the buyer's with his link.

Not here: what a mail says (`templates/mail/dispute_*.txt`) and when it leaves (the outbox).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.notifications import notify, send_mail
from backoffice.orders.models import Order
from backoffice.permissions import Role
from disputes.access import buyer_link, order_token, path_to
from disputes.models import Dispute, DisputeMessage, SettlementOffer
from disputes.vocabulary import Party

_QUOTE = 400


def tell(dispute: Dispute, parties: Iterable[Party], kind: str, **params: Any) -> None:
    """Tell the parties: the vendor's users and the buyer by bell and mail, staff by bell."""
    values = {"number": dispute.number, **params}
    for party in parties:
        if party is Party.BUYER:
            _tell_buyer(dispute, kind, values)
        elif party is Party.SELLER:
            for user in _users(User.role == Role.VENDOR_USER, User.vendor_id == dispute.vendor_id):
                notify(user, kind, url=_page(dispute), mail=True, **values)
        elif party is Party.MEDIATOR:
            _tell_mediators(dispute, kind, values)
        elif party is Party.ACCOUNT_MANAGER and dispute.vendor.account_manager_id:
            for user in _users(User.id == dispute.vendor.account_manager_id):
                notify(user, kind, url=_page(dispute), **values)


def _page(dispute: Dispute) -> str:
    return path_to("show", dispute_id=dispute.id)


def _tell_buyer(dispute: Dispute, kind: str, values: dict[str, Any]) -> None:
    order = dispute.order
    user = db.session.scalar(
        sa.select(User).where(sa.func.lower(User.email) == dispute.buyer_email.lower(), User.active)
    )
    if user is not None:
        notify(user, kind, url=_page(dispute), **values)
    locale = (user.locale if user else None) or order.buyer_locale
    send_mail(dispute.buyer_email, kind, locale=locale, url=buyer_link(dispute), **values)


def _tell_mediators(dispute: Dispute, kind: str, values: dict[str, Any]) -> None:
    one = User.id == dispute.mediator_id if dispute.mediator_id else User.role == Role.MEDIATOR
    for user in _users(one):
        notify(user, kind, url=_page(dispute), **values)


def _users(*conditions: sa.ColumnElement[bool]) -> list[User]:
    return list(db.session.scalars(sa.select(User).where(*conditions, User.active.is_(True)).order_by(User.id)))


def message_written(dispute: Dispute, message: DisputeMessage) -> None:
    """Tell those for whom a message is that it is there, with its beginning as they may read it."""
    readers = message.audience - {message.author_party}
    quote = message.masked_body[:_QUOTE]
    # A mediator is told of what parties write once the case is his; before, the desk shows it.
    told: list[Party] = [party for party in (Party.BUYER, Party.SELLER) if party in readers]
    if dispute.mediator_id and Party.MEDIATOR in readers:
        told.append(Party.MEDIATOR)
    tell(dispute, told, "dispute_message", quote=quote)


def offer_made(dispute: Dispute, offer: SettlementOffer) -> None:
    """Tell the other party that an offer lies on the table."""
    other = Party.SELLER if offer.made_by is Party.BUYER else Party.BUYER
    tell(
        dispute,
        [other],
        "dispute_offer",
        remedy=offer.remedy.value,
        amount_minor=offer.amount_minor,
        currency=dispute.currency,
        due_at=offer.expires_at.isoformat(),
    )


def order_link(order: Order) -> None:
    """Mail the order's buyer the link by which the order and its disputes are reached."""
    path = path_to("order_by_link", token=order_token(order))
    told = {"basket": order.basket, "vendor": order.vendor.name}
    send_mail(order.buyer_email, "dispute_order_link", locale=order.buyer_locale, url=path, **told)
