"""Who may reach the pages and acts of disputes."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from werkzeug.datastructures import FileStorage

from backoffice.extensions import db
from backoffice.orders.models import Order
from disputes import access, threads
from disputes.models import Dispute, DisputeAttachment
from tests.factories.disputes import make_dispute, seller_of
from tests.factories.orders import make_order
from tests.permissions.table import EVERYONE, LOGGED_IN, STAFF, Row

OWNERS = ("vendor_owner", "buyer_owner")
MEDIATORS = ("administrator", "mediator")
# Staff who read disputes but act on none: the state table refuses them, naming what is possible.
BYSTANDER = {"account_manager": 409}


class Disputed:
    """An order of the owning buyer at the owning vendor, with an inquiry and a claim; made when a row first asks."""

    def __init__(self, world: Any) -> None:
        self._world = world

    @cached_property
    def order(self) -> Order:
        """The order, of three articles."""
        return make_order(
            vendor=self._world.vendor, buyer_email=self._world.users["buyer_owner"].email, lines=[{}, {}, {}]
        )

    @cached_property
    def inquiry(self) -> Dispute:
        """The first article's dispute, which waits for the vendor."""
        return make_dispute(self.order, pieces={self.order.lines[0].id: 1})

    @cached_property
    def claim(self) -> Dispute:
        """The second article's dispute, which is before a mediator."""
        return make_dispute(self.order, pieces={self.order.lines[1].id: 1}, safety_risk=True)

    @cached_property
    def attachment(self) -> DisputeAttachment:
        """A file that both parties may read."""
        upload = FileStorage(io.BytesIO(b"%PDF-1.4 proof"), filename="proof.pdf")
        message = threads.write(self.inquiry, "See the proof.", seller_of(self.inquiry), uploads=[upload])
        db.session.commit()
        return message.attachments[0]

    @cached_property
    def token(self) -> str:
        """The link of the order's buyer."""
        return access.order_token(self.order)


def extend(world: Any) -> None:
    """Add what is disputed."""
    world.disputed = Disputed(world)


def _dispute(world: Any) -> dict[str, Any]:
    return {"dispute_id": world.disputed.inquiry.id}


def _claim(world: Any) -> dict[str, Any]:
    return {"dispute_id": world.disputed.claim.id}


def _link(world: Any) -> dict[str, Any]:
    return {"token": world.disputed.token, "dispute_id": world.disputed.inquiry.id}


def _order(world: Any) -> dict[str, Any]:
    return {"token": world.disputed.token}


def _offer(world: Any) -> dict[str, Any]:
    return {"remedy": "goodwill", f"amount_{world.disputed.inquiry.lines[0].order_line_id}": "1,50"}


def _decision(world: Any) -> dict[str, Any]:
    return {"outcome": "denied", "remedy": "rejected", "fault": "none", "funded_by": "none", "reason": "As described."}


def _lines(world: Any) -> dict[str, Any]:
    return {"step": "lines", "line": str(world.disputed.order.lines[2].id)}


def _find(world: Any) -> dict[str, Any]:
    return {"basket": world.disputed.order.basket, "email": world.users["buyer_owner"].email}


ROWS = [
    Row(
        "disputes.mail_order_link",
        "POST",
        MEDIATORS,
        302,
        values=lambda world: {"order_id": world.disputed.order.id},
    ),
    Row("disputes.index", allowed=LOGGED_IN),
    Row("disputes.show", allowed=(*STAFF, *OWNERS), values=_dispute),
    Row("disputes.show_by_link", allowed=EVERYONE, values=_link),
    Row(
        "disputes.write",
        "POST",
        allowed=("administrator", "mediator", "account_manager", *OWNERS),
        status=302,
        values=_dispute,
        data=lambda _world: {"body": "hello"},
    ),
    Row(
        "disputes.write_by_link",
        "POST",
        allowed=EVERYONE,
        status=302,
        values=_link,
        data=lambda _world: {"body": "hello"},
    ),
    Row(
        "disputes.make_offer",
        "POST",
        allowed=OWNERS,
        status=302,
        values=_dispute,
        data=_offer,
        exceptions={**BYSTANDER, "administrator": 409, "mediator": 409},
    ),
    Row("disputes.make_offer_by_link", "POST", allowed=EVERYONE, status=302, values=_link, data=_offer),
    Row(
        "disputes.act",
        "POST",
        allowed=(*MEDIATORS, *OWNERS),
        status=302,
        values=lambda world: {**_dispute(world), "action": "escalate"},
        # The buyer's way to the mediator opens once the vendor has answered.
        exceptions={**BYSTANDER, "buyer_owner": 409},
    ),
    Row(
        "disputes.act_by_link",
        "POST",
        allowed=EVERYONE,
        status=302,
        values=lambda world: {**_link(world), "action": "withdraw"},
    ),
    Row("disputes.decide", "POST", allowed=MEDIATORS, status=302, values=_claim, data=_decision),
    Row(
        "disputes.ask",
        "POST",
        allowed=MEDIATORS,
        status=302,
        values=_claim,
        data=lambda _world: {"whom": "buyer", "question": "Which colour?"},
    ),
    Row(
        "disputes.attachment",
        allowed=(*STAFF, *OWNERS),
        values=lambda world: {**_dispute(world), "attachment_id": world.disputed.attachment.id},
    ),
    Row(
        "disputes.attachment_by_link",
        allowed=EVERYONE,
        values=lambda world: {**_link(world), "attachment_id": world.disputed.attachment.id},
    ),
    Row("disputes.find_order", allowed=EVERYONE),
    Row("disputes.send_order_link", "POST", allowed=EVERYONE, data=_find),
    Row("disputes.my_orders", allowed=("buyer_owner", "buyer_stranger")),
    Row("disputes.order_by_link", allowed=EVERYONE, values=_order),
    Row("disputes.open_dispute", allowed=EVERYONE, values=_order),
    Row("disputes.send_dispute", "POST", allowed=EVERYONE, values=_order, data=_lines),
    Row("disputes.report", allowed=STAFF),
    Row("disputes.report_csv", allowed=STAFF),
]
