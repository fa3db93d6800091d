"""Reading the figures of mediation, what waits for whom, and what a file of them contains.

Not here: how a figure is computed (`figures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from backoffice import words
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.dashboard.finding import Found
from backoffice.dashboard.needs import NAMED_FIRST, First, Need
from backoffice.exporting import csv_line
from backoffice.extensions import db
from backoffice.orders.models import Order, OrderLine
from backoffice.permissions import Permission, may
from backoffice.vendors.models import Vendor
from disputes import opening, routing
from disputes.access import order_token, party_of, visible_to
from disputes.figures import Case, Figures, Rate, figures
from disputes.models import Dispute, DisputeLine, RemedyExecution, id_in
from disputes.vocabulary import FINISHED, Party, Stage, Status


def read_figures(start: datetime, end: datetime) -> Figures:
    """Return the figures of the disputes opened from `start` until before `end`."""
    opened = sa.and_(Dispute.opened_at >= start, Dispute.opened_at < end, Dispute.status != Status.MERGED)
    lines = _per_dispute(DisputeLine.dispute_id, sa.func.count(), opened)
    refunds = _per_dispute(RemedyExecution.dispute_id, sa.func.sum(RemedyExecution.amount_minor), opened)
    rows = db.session.execute(
        sa.select(
            Dispute.id,
            Dispute.opened_at,
            Dispute.reason,
            Dispute.stage,
            Dispute.amount_minor,
            Dispute.first_response_at,
            Dispute.answer_due_at,
            Dispute.resolved_at,
            Dispute.outcome,
            Dispute.remedy,
            Dispute.decided_by,
        ).where(opened)
    )
    cases = [
        Case(lines=lines.get(row.id, 0), refunded_minor=refunds.get(row.id, 0), **_without_id(row._mapping))
        for row in rows
    ]
    sold = sa.select(sa.func.count(OrderLine.id)).join(OrderLine.order)
    lines_sold = db.session.scalar(sold.where(Order.ordered_at >= start, Order.ordered_at < end)) or 0
    return figures(cases, lines_sold=lines_sold, moment=now())


def _without_id(row: sa.RowMapping) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "id"}


def _per_dispute(key: Any, value: Any, opened: sa.ColumnElement[bool]) -> dict[int, int]:
    query = sa.select(key, value).join(Dispute, Dispute.id == key).where(opened).group_by(key)
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


COLUMNS = [
    "number",
    "opened_at",
    "vendor",
    "order",
    "status",
    "stage",
    "reason",
    "amount",
    "currency",
    "first_response_at",
    "resolved_at",
    "outcome",
    "remedy",
    "fault",
    "funded_by",
    "decided_by",
]


def as_csv(start: datetime, end: datetime) -> Iterator[str]:
    """Yield the same disputes as CSV, one a line, codes and UTC times; no cell is a formula to a spreadsheet."""
    query = (
        sa.select(Dispute)
        .where(Dispute.opened_at >= start, Dispute.opened_at < end, Dispute.status != Status.MERGED)
        .options(joinedload(Dispute.vendor), joinedload(Dispute.order))
        .order_by(Dispute.id)
    )
    yield csv_line(COLUMNS)
    for dispute in db.session.scalars(query.execution_options(yield_per=500)):
        yield csv_line(_cells(dispute))


def _cells(dispute: Dispute) -> list[Any]:
    own = {
        "vendor": dispute.vendor.name,
        "order": dispute.order.basket,
        "amount": f"{dispute.amount_minor / 100:.2f}",
    }
    return [own[name] if name in own else getattr(dispute, name) for name in COLUMNS]


def waiting(user: User) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what waits for this user's act."""
    party = party_of(user)
    open_now = Dispute.status.not_in(FINISHED)
    if party is Party.MEDIATOR:
        return [
            open_now,
            Dispute.awaiting == party,
            sa.or_(Dispute.mediator_id == user.id, Dispute.mediator_id.is_(None)),
            # Who took the decision that is appealed cannot take the next one.
            sa.or_(Dispute.stage != Stage.APPEAL, Dispute.former_mediator_id.is_distinct_from(user.id)),
        ]
    if party in (Party.BUYER, Party.SELLER):
        return [open_now, Dispute.awaiting == party]
    return [sa.false()]


def waiting_count(user: User) -> sa.Select[Any]:
    """Return the query of how many disputes wait for this user; shown in the navigation."""
    return visible_to(user).where(*waiting(user)).with_only_columns(sa.func.count(Dispute.id))


def unassigned() -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what waits for a mediator and was taken by none."""
    return [Dispute.status.not_in(FINISHED), Dispute.mediator_id.is_(None), Dispute.awaiting == Party.MEDIATOR]


def overdue() -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what someone should have acted on by now."""
    return [Dispute.status.not_in(FINISHED), Dispute.due_at < now()]


def home_items(user: User) -> list[Need]:
    """Return what the home page shows of disputes."""
    party = party_of(user)
    shown: dict[Party, list[tuple[str, Any, list[sa.ColumnElement[bool]]]]] = {
        Party.MEDIATOR: [
            ("todo", _l("Disputes for you to decide"), waiting(user)),
            ("unassigned", _l("Disputes that no mediator has taken"), unassigned()),
        ],
        Party.ACCOUNT_MANAGER: [("overdue", _l("Disputes past their time"), overdue())],
        Party.SELLER: [("todo", _l("Disputes waiting for your answer"), waiting(user))],
        Party.BUYER: [("todo", _l("Disputes waiting for your answer"), waiting(user))],
    }
    return [_home_item(user, *item) for item in shown.get(party, [])]


def _home_item(user: User, view: str, label: Any, conditions: list[sa.ColumnElement[bool]]) -> Need:
    late = sa.func.sum(sa.case((Dispute.due_at < now(), 1), else_=0))
    query = visible_to(user).where(*conditions)
    number, due, past = db.session.execute(
        query.with_only_columns(sa.func.count(Dispute.id), sa.func.min(Dispute.due_at), late)
    ).one()
    first = query.order_by(Dispute.due_at.is_(None), Dispute.due_at, Dispute.id).limit(NAMED_FIRST)
    named = [_named(one) for one in db.session.scalars(first.options(joinedload(Dispute.vendor)))] if number else []
    return Need(label, number, url_for("disputes.index", view=view), due, "blocked" if past else "attention", named)


def _named(dispute: Dispute) -> First:
    what = f"{words.label(dispute.reason)} · {dispute.number}"
    return First(what, url_for("disputes.show", dispute_id=dispute.id), dispute.vendor.name, dispute.due_at)


def find(query: str, user: User, limit: int) -> list[Found]:
    """Return the disputes whose number or order number is this, for the search over everything."""
    number = id_in(query)
    wanted = Dispute.id == number if number is not None else Order.basket.ilike(f"{_literal(query)}%", escape="\\")
    found = visible_to(user).join(Dispute.order).where(wanted).order_by(Dispute.id.desc()).limit(limit)
    return [
        Found(_l("Dispute"), dispute.number, url_for("disputes.show", dispute_id=dispute.id), status=dispute.status)
        for dispute in db.session.scalars(found)
    ]


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def vendor_panel(vendor: Vendor) -> dict[str, Any]:
    """Return what a vendor's page shows of its disputes: the incident rate, how many are open, and the latest five."""
    own = Dispute.vendor_id == vendor.id
    unfinished = sa.select(sa.func.count(Dispute.id)).where(own, Dispute.status.not_in(FINISHED))
    numbers = (*opening.record_queries(vendor.id), unfinished.scalar_subquery())
    sold, disputed, open_count = db.session.execute(sa.select(*numbers)).one()
    latest = sa.select(Dispute).where(own).order_by(Dispute.id.desc()).limit(5)
    context = {
        "incident": Rate(disputed, sold),
        "days": routing.RECORD_DAYS,
        "open_count": open_count,
        "disputes": db.session.scalars(latest).all(),
    }
    return {"template": "disputes/vendor_panel.html", "context": context}


def order_panel(order: Order, user: User) -> dict[str, Any] | None:
    """Return what an order's page shows of its disputes, and for its buyer the way to open one."""
    if not may(user, Permission.READ_DISPUTES):
        return None
    own = visible_to(user).where(Dispute.order_id == order.id).order_by(Dispute.id.desc())
    buyer = may(user, Permission.OPEN_DISPUTE)
    link = url_for("disputes.order_by_link", token=order_token(order)) if buyer else None
    context = {"disputes": db.session.scalars(own).all(), "link": link}
    return {"template": "disputes/order_panel.html", "context": context}


def listed(disputes: Iterable[Dispute]) -> list[dict[str, Any]]:
    """Return disputes as plain values for programs."""
    return [
        {
            "number": dispute.number,
            "status": dispute.status.value,
            "stage": dispute.stage.value,
            "reason": dispute.reason.value,
            "vendor": dispute.vendor.code,
            "order": dispute.order.basket,
            "amount_minor": dispute.amount_minor,
            "currency": dispute.currency,
            "awaiting": dispute.awaiting.value if dispute.awaiting else None,
            "due_at": dispute.due_at.isoformat(),
            "opened_at": dispute.opened_at.isoformat(),
        }
        for dispute in disputes
    ]


def disputed_articles(since: datetime, limit: int) -> dict[tuple[int, str], int]:
    """Return the articles disputed most since then, by vendor's id and the vendor's identifier: how many disputes."""
    times = sa.func.count(sa.distinct(Dispute.id))
    counted = (
        sa.select(Dispute.vendor_id, DisputeLine.sku, times)
        .join(Dispute, DisputeLine.dispute_id == Dispute.id)
        .where(Dispute.opened_at >= since, Dispute.status != Status.MERGED)
        .group_by(Dispute.vendor_id, DisputeLine.sku)
        .order_by(times.desc(), DisputeLine.sku)
        .limit(limit)
    )
    return {(vendor, sku): count for vendor, sku, count in db.session.execute(counted)}
