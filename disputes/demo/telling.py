"""Tells the stories: each step becomes a moment at which someone acts, through the verbs that pages call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import sqlalchemy as sa

from backoffice.accounts import invitations
from backoffice.accounts.models import User
from backoffice.demo import people
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from backoffice.orders.models import Order
from backoffice.permissions import Role
from disputes import offers, opening, resolution, threads
from disputes.access import LinkHolder, Reader
from disputes.demo.stories import Step, Story, stories
from disputes.models import Dispute
from disputes.opening import Complaint
from disputes.resolution import Decision
from disputes.threads import Audience
from disputes.vocabulary import MONEY_REMEDIES, Action, Fault, FundedBy, Outcome, Party, Remedy, ReturnState

Act = Callable[[Dispute, Reader, Step], object]


def moments(calendar: Calendar) -> Iterator[Moment]:
    """Tell every story, from its opening to where it stands."""
    for story in stories():
        at = calendar.today - story.ago
        yield Moment(at, partial(_open, story))
        for step in story.steps:
            at += step.after
            yield Moment(at, partial(_act, story, step))


def _order(story: Story) -> Order:
    return db.session.scalars(sa.select(Order).where(Order.basket == story.basket)).one()


def _open(story: Story) -> None:
    order = _order(story)
    lines = order.lines if story.lines == "all" else [order.lines[int(story.lines) - 1]]
    complaint = Complaint({line.id: line.quantity for line in lines}, story.reason, story.wish, story.words)
    opening.open_dispute(order, complaint, _buyer(order))


def _dispute(story: Story) -> Dispute:
    query = sa.select(Dispute).join(Dispute.order)
    return db.session.scalars(query.where(Order.basket == story.basket, Dispute.words == story.words)).one()


def _act(story: Story, step: Step) -> None:
    dispute = _dispute(story)
    ACTS[step.act](dispute, READERS[step.who](dispute), step)


def _buyer(order: Order) -> Reader:
    account = invitations.find_by_email(order.buyer_email)
    return Reader(Party.BUYER, account if account is not None else LinkHolder(order.buyer_name))


def _seller(dispute: Dispute) -> Reader:
    query = sa.select(User).where(User.vendor_id == dispute.vendor_id, User.role == Role.VENDOR_USER)
    return Reader(Party.SELLER, db.session.scalars(query).one())


READERS: Mapping[str, Callable[[Dispute], Reader]] = {
    "buyer": lambda dispute: _buyer(dispute.order),
    "seller": _seller,
    "mediator": lambda _dispute: Reader(Party.MEDIATOR, people.find(people.MEDIATOR)),
    "mediator2": lambda _dispute: Reader(Party.MEDIATOR, people.find(people.SECOND_MEDIATOR)),
}


def _write(dispute: Dispute, reader: Reader, step: Step) -> None:
    audience = Audience(step.details[1]) if step.details[:1] == ("to",) else Audience.EVERYONE
    threads.write(dispute, step.words, reader, audience=audience)


def _amounts(dispute: Dispute, remedy: Remedy, share: str) -> dict[int, int]:
    """Return that share of what is left on each line, in minor units."""
    if remedy not in MONEY_REMEDIES:
        return {}
    percent = int(share.removesuffix("%"))
    return {line: room.left_minor * percent // 100 for line, room in resolution.rooms(dispute).items()}


def _offer(dispute: Dispute, reader: Reader, step: Step) -> None:
    remedy, share = Remedy(step.details[0]), [*step.details[1:], "0%"][0]
    offers.make(dispute, remedy, _amounts(dispute, remedy, share), reader, words=step.words)


def _decide(dispute: Dispute, reader: Reader, step: Step) -> None:
    outcome, remedy, fault, payer, share = step.details
    amounts = _amounts(dispute, Remedy(remedy), share)
    decision = Decision(Outcome(outcome), Remedy(remedy), Fault(fault), FundedBy(payer), amounts, step.words)
    resolution.decide(dispute, decision, reader)


def _merge(dispute: Dispute, reader: Reader, _step: Step) -> None:
    others = sa.select(Dispute).where(Dispute.order_id == dispute.order_id, Dispute.id != dispute.id)
    resolution.merge(dispute, db.session.scalars(others.order_by(Dispute.id)).first() or dispute, reader)


ACTS: Mapping[str, Act] = {
    "writes": _write,
    "notes": lambda dispute, reader, step: threads.write(dispute, step.words, reader, audience=Audience.INTERNAL),
    "offers": _offer,
    "accepts": lambda dispute, reader, _step: offers.accept(dispute, reader),
    "denies": lambda dispute, reader, step: offers.deny(dispute, reader, reason=step.words),
    "escalates": lambda dispute, reader, step: resolution.escalate(dispute, reader, reason=step.words),
    "withdraws": lambda dispute, reader, step: resolution.withdraw(dispute, reader, reason=step.words),
    "announces": lambda dispute, reader, step: resolution.plain(
        dispute, Action.ANNOUNCE_PARCEL, reader, reason=step.words
    ),
    "confirms": lambda dispute, reader, _step: resolution.confirm_delivery(dispute, reader),
    "returned": lambda dispute, reader, step: resolution.acknowledge_return(
        dispute, reader, ReturnState(step.details[0]), reason=step.words
    ),
    "takes": lambda dispute, reader, _step: resolution.take(dispute, reader),
    "asks": lambda dispute, reader, step: resolution.ask(dispute, Party(step.details[0]), step.words, reader),
    "decides": _decide,
    "holds": lambda dispute, reader, step: resolution.plain(dispute, Action.HOLD, reader, reason=step.words),
    "merges": _merge,
    "appeals": lambda dispute, reader, step: resolution.appeal(dispute, reader, reason=step.words),
    "reopens": lambda dispute, reader, step: resolution.reopen(dispute, reader, reason=step.words),
}
