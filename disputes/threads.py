"""The conversation of a dispute: who writes what for whom, and who gets to read it.

Promise: the audience is part of the query, so a message that someone may not read is never loaded for him; what buyer
and vendor write to each other reaches the other with contact details masked, and mediators as it was written.
Public words are not deletable: there is no act for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import FileStorage

from backoffice.clock import now
from backoffice.errors import Invalid, NotFound
from backoffice.extensions import db
from disputes import attachments, masking, moves, notices
from disputes.access import Reader
from disputes.models import Dispute, DisputeAttachment, DisputeMessage
from disputes.vocabulary import Action, Party, Stage

MAX_LETTERS = 10_000


class Audience(StrEnum):
    """For whom a message is; what each writer may choose is in `CHOICES`."""

    EVERYONE = "everyone"
    MARKETPLACE = "marketplace"
    BUYER = "buyer"
    SELLER = "seller"
    INTERNAL = "internal"


_STAFF = frozenset({Party.MEDIATOR, Party.ACCOUNT_MANAGER})
# A buyer's confidence to the mediator is not the account manager's, who is on the vendor's side of the house.
READERS: dict[Audience, frozenset[Party]] = {
    Audience.EVERYONE: frozenset({Party.BUYER, Party.SELLER}) | _STAFF,
    Audience.MARKETPLACE: frozenset({Party.MEDIATOR}),
    Audience.BUYER: frozenset({Party.BUYER, Party.MEDIATOR}),
    Audience.SELLER: frozenset({Party.SELLER}) | _STAFF,
    Audience.INTERNAL: _STAFF,
}
CHOICES: dict[Party, tuple[Audience, ...]] = {
    Party.BUYER: (Audience.EVERYONE, Audience.MARKETPLACE),
    Party.SELLER: (Audience.EVERYONE, Audience.MARKETPLACE),
    Party.MEDIATOR: (Audience.EVERYONE, Audience.BUYER, Audience.SELLER, Audience.INTERNAL),
    Party.ACCOUNT_MANAGER: (Audience.INTERNAL, Audience.SELLER),
}
_FLAGS = {
    Party.BUYER: DisputeMessage.for_buyer,
    Party.SELLER: DisputeMessage.for_seller,
    Party.MEDIATOR: DisputeMessage.for_mediator,
    Party.ACCOUNT_MANAGER: DisputeMessage.for_account_manager,
}
_SIDES = frozenset({Party.BUYER, Party.SELLER})


def readable_by(party: Party) -> sa.ColumnElement[bool]:
    """Return the condition under which a message may be read in this capacity; observers read what both sides read."""
    if party in _FLAGS:
        return _FLAGS[party].is_(True)
    return sa.and_(DisputeMessage.for_buyer.is_(True), DisputeMessage.for_seller.is_(True))


def messages_for(dispute: Dispute, reader: Reader) -> Sequence[DisputeMessage]:
    """Return the messages that the reader may read, oldest first, with their attachments."""
    query = (
        sa.select(DisputeMessage)
        .where(DisputeMessage.dispute_id == dispute.id, readable_by(reader.party))
        .options(selectinload(DisputeMessage.attachments))
        .order_by(DisputeMessage.id)
    )
    return db.session.scalars(query).all()


def text_for(message: DisputeMessage, reader: Reader) -> str:
    """Return a message's words as this reader gets them: mediators and the writer's own side unmasked."""
    unmasked = reader.party is Party.MEDIATOR or reader.party is message.author_party
    return message.body if unmasked else message.masked_body


def attachment_for(dispute: Dispute, attachment_id: int, reader: Reader) -> DisputeAttachment:
    """Return an attachment of a message that the reader may read; raises NotFound otherwise."""
    query = (
        sa.select(DisputeAttachment)
        .join(DisputeAttachment.message)
        .where(
            DisputeAttachment.id == attachment_id,
            DisputeMessage.dispute_id == dispute.id,
            readable_by(reader.party),
        )
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def write(
    dispute: Dispute,
    body: str,
    reader: Reader,
    *,
    audience: Audience = Audience.EVERYONE,
    uploads: Iterable[FileStorage] = (),
) -> DisputeMessage:
    """Add a message for an audience; where it is the awaited answer, the dispute moves on. Tells those it is for."""
    moves.require(dispute, Action.WRITE, reader)
    if audience not in CHOICES.get(reader.party, ()):
        raise Invalid(_("Choose who reads this message."), details={"audience": _("Choose who reads this message.")})
    message = add_message(dispute, body, reader, audience=audience, uploads=uploads)
    _count_response(dispute, message)
    if _answers(dispute, message) and Action.REPLY in moves.allowed_actions(dispute, reader):
        moves.move(dispute, Action.REPLY, reader)
    notices.message_written(dispute, message)
    return message


def add_message(
    dispute: Dispute, body: str, reader: Reader, *, audience: Audience, uploads: Iterable[FileStorage] = ()
) -> DisputeMessage:
    """Add a message without asking whether one may be written now; raises Invalid for an empty or endless one."""
    text = body.strip()
    uploads = [upload for upload in uploads if upload and upload.filename]
    if not text and not uploads:
        raise Invalid(_("Write your message."), details={"body": _("Write your message.")})
    if len(text) > MAX_LETTERS:
        words = _("Write at most %(number)s characters.", number=MAX_LETTERS)
        raise Invalid(words, details={"body": words})
    masked = masking.mask(text, known=_known_terms(dispute)).text if reader.party in _SIDES else text
    message = DisputeMessage(
        dispute_id=dispute.id,
        author_party=reader.party,
        author_id=reader.actor.id,
        author_name=reader.actor.display_name,
        body=text,
        masked_body=masked,
        at=now(),
    )
    message.audience = READERS[audience] | ({reader.party} & frozenset(_FLAGS))
    db.session.add(message)
    db.session.flush()
    attachments.attach(message, uploads, by=reader.actor)
    return message


def _known_terms(dispute: Dispute) -> list[str]:
    """Return the texts of this order that look like contact details to a machine and are none."""
    order = dispute.order
    own = current_app.config["BASE_URL"].split("//", 1)[-1]
    return [order.basket, order.tracking_number, dispute.number, own, *(line.sku for line in dispute.lines)]


def _answers(dispute: Dispute, message: DisputeMessage) -> bool:
    """Return whether the message reaches the one who waits: the other party, or the mediator once he decides."""
    if dispute.stage is not Stage.INQUIRY:
        return message.author_party in _SIDES
    return message.audience >= _SIDES and message.author_party in _SIDES


def _count_response(dispute: Dispute, message: DisputeMessage) -> None:
    """Note the first public human reply, and the vendor's first; the clocks of the report."""
    public = message.audience >= _SIDES
    if public and message.author_party is not Party.BUYER and dispute.first_response_at is None:
        dispute.first_response_at = message.at
    if public and message.author_party is Party.SELLER and dispute.seller_answered_at is None:
        dispute.seller_answered_at = message.at
