"""Disputes in the API: a vendor's program, or the marketplace's, reads them, sees what it may do, and writes.

A vendor's key reads as the vendor, a key of the marketplace as a mediator; both through the same narrowed query and the
same masking as the pages.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Flask
from flask_babel import gettext as _
from marshmallow import fields, validate
from sqlalchemy.orm import joinedload, selectinload

from backoffice.api import caller, registry
from backoffice.api.idempotency import Answer, once
from backoffice.api.paging import PageArgs, page_of, seek
from backoffice.api.registry import IDEMPOTENCY, Resources
from backoffice.api.schemas import MoneySchema, moment
from backoffice.errors import NotFound
from backoffice.extensions import db
from disputes import thread_page, threads
from disputes.access import LinkHolder, Reader
from disputes.models import Dispute, DisputeMessage, id_in
from disputes.threads import Audience
from disputes.vocabulary import Action, Party, Reason, Stage, Status, Turn

bp = Resources("api_disputes", __name__, description="Disputes on order lines")


def _values(states: Any) -> Any:
    return validate.OneOf([state.value for state in states])


class DisputesArgs(PageArgs):
    """Which disputes."""

    status = fields.String(validate=_values(Status))


class DisputeLineSchema(ma.Schema):
    """A line of the order that the dispute stands on."""

    sku = fields.String(required=True)
    quantity = fields.Integer(required=True)
    amount_minor = fields.Integer(required=True)


class MessageSchema(ma.Schema):
    """A message that the caller may read, as the caller may read it."""

    id = fields.Integer(required=True)
    author = fields.String(required=True, validate=_values(Party))
    visible_to = fields.List(fields.String(validate=_values(Party)), required=True)
    body = fields.String(required=True)
    at = moment(required=True)


class DisputeSchema(ma.Schema):
    """A dispute, whose turn it is, and the acts that the caller's side may do now."""

    number = fields.String(required=True)
    order = fields.String(required=True, metadata={"description": "The basket's number."})
    vendor = fields.String(required=True)
    status = fields.String(required=True, validate=_values(Status))
    stage = fields.String(required=True, validate=_values(Stage))
    turn = fields.String(required=True, validate=_values(Turn))
    due_at = moment(required=True)
    opened_at = moment(required=True)
    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=_values(Reason))
    wish = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)
    lines = fields.List(fields.Nested(DisputeLineSchema), required=True)
    outcome = fields.String(required=True, allow_none=True)
    remedy = fields.String(required=True, allow_none=True)
    allowed_actions = fields.List(fields.String(validate=_values(Action)), required=True)


class DisputeThreadSchema(DisputeSchema):
    """A dispute with its conversation."""

    messages = fields.List(fields.Nested(MessageSchema), required=True)


class MessageInSchema(ma.Schema):
    """What is written, and who reads it."""

    body = fields.String(required=True, validate=validate.Length(1, threads.MAX_LETTERS))
    audience = fields.String(load_default=Audience.EVERYONE.value, validate=_values(Audience))


def _reader() -> Reader:
    who = caller.current()
    return Reader(Party.MEDIATOR if who.is_operator else Party.SELLER, LinkHolder(who.display_name))


def _visible() -> sa.Select[Any]:
    who = caller.current()
    query = sa.select(Dispute).options(joinedload(Dispute.order), joinedload(Dispute.vendor))
    query = query.options(selectinload(Dispute.lines))
    return query if who.is_operator else query.where(Dispute.vendor_id == who.vendor_id)


def _dispute(number: str) -> Dispute:
    key = id_in(number)
    found = db.session.scalar(_visible().where(Dispute.id == key)) if key is not None and key < 2**31 else None
    if found is None or found.number != number.upper():
        raise NotFound(_("There is no such dispute."))
    return found


@bp.route("/disputes", methods=["GET"])
@bp.arguments(DisputesArgs, location="query")
@bp.response(200, page_of(DisputeSchema))
def list_disputes(args: dict[str, Any]) -> dict[str, Any]:
    """List disputes, newest first; a vendor's key sees its own."""
    query = _visible()
    if "status" in args:
        query = query.where(Dispute.status == Status(args["status"]))
    rows, following = seek(query, args, order=[(Dispute.id, "desc")])
    reader = _reader()
    return {"items": [_as_json(dispute, reader) for dispute in rows], "next_page_token": following}


@bp.route("/disputes/<number>", methods=["GET"])
@bp.response(200, DisputeThreadSchema)
def get_dispute(number: str) -> dict[str, Any]:
    """Return one dispute with the messages that the caller may read."""
    dispute, reader = _dispute(number), _reader()
    messages = threads.messages_for(dispute, reader)
    return {**_as_json(dispute, reader), "messages": [_message(message, reader) for message in messages]}


@bp.route("/disputes/<number>/messages", methods=["POST"])
@bp.doc(parameters=[IDEMPOTENCY])
@bp.arguments(MessageInSchema)
@bp.response(201, MessageSchema)
@once
def write_message(message: dict[str, Any], number: str) -> Answer:
    """Write a message; where it is the awaited answer, the dispute moves on."""
    dispute, reader = _dispute(number), _reader()
    written = threads.write(dispute, message["body"], reader, audience=Audience(message["audience"]))
    db.session.flush()
    return _message(written, reader), 201


def _as_json(dispute: Dispute, reader: Reader) -> dict[str, Any]:
    return {
        **thread_page.as_json(dispute, reader),
        "order": dispute.order.basket,
        "vendor": dispute.vendor.code,
        "opened_at": dispute.opened_at.isoformat(),
    }


def _message(message: DisputeMessage, reader: Reader) -> dict[str, Any]:
    return {
        "id": message.id,
        "author": message.author_party.value,
        "visible_to": sorted(party.value for party in message.audience),
        "body": threads.text_for(message, reader),
        "at": message.at.isoformat(),
    }


def register(app: Flask) -> None:
    """Add the disputes' resources to the API."""
    registry.add(app, bp)
