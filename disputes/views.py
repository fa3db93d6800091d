"""The list of disputes, each reader's own, and the registration of everything this package adds to the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice import navigation, words
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.database import key_in
from backoffice.errors import wants_json
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.orders import panels as order_panels
from backoffice.orders.models import Order
from backoffice.paging import paginate
from backoffice.permissions import STAFF, Permission, Role, requires
from backoffice.vendors import panels
from backoffice.vendors.models import Vendor
from disputes import reporting
from disputes import words as own_words
from disputes.access import party_of, visible_to
from disputes.blueprint import bp
from disputes.models import Dispute, id_in
from disputes.vocabulary import FINISHED, Party, Reason, Stage, Status

Conditions = Callable[[User], list[sa.ColumnElement[bool]]]
_OPEN = Dispute.status.not_in(FINISHED)

# The views of the desk: the name in the address, its words, which disputes it has, and for whom it is.
VIEWS: dict[str, tuple[Any, Conditions, frozenset[Party]]] = {
    "todo": (
        _l("To do"),
        reporting.waiting,
        frozenset({Party.MEDIATOR, Party.SELLER, Party.BUYER}),
    ),
    "mine": (_l("Mine"), lambda user: [_OPEN, Dispute.mediator_id == user.id], frozenset({Party.MEDIATOR})),
    "unassigned": (
        _l("Unassigned"),
        lambda _user: reporting.unassigned(),
        frozenset({Party.MEDIATOR}),
    ),
    "overdue": (
        _l("Overdue"),
        lambda _user: reporting.overdue(),
        frozenset({Party.MEDIATOR, Party.ACCOUNT_MANAGER, Party.OBSERVER}),
    ),
    "open": (_l("Open disputes"), lambda _user: [_OPEN], frozenset(Party)),
    "finished": (_l("Finished"), lambda _user: [Dispute.status.in_(FINISHED)], frozenset(Party)),
    "all": (_l("All"), lambda _user: [], frozenset(Party)),
}


@bp.get("/disputes")
@requires(Permission.READ_DISPUTES)
def index() -> ResponseReturnValue:
    """List the reader's disputes by view and filter, the nearest due date first."""
    party = party_of(current_user)
    views = {name: view for name, view in VIEWS.items() if party in view[2]}
    chosen = request.args.get("view", "")
    chosen = chosen if chosen in views else "open"
    query = visible_to(current_user).where(*views[chosen][1](current_user), *_filters())
    query = query.options(joinedload(Dispute.vendor), joinedload(Dispute.order), joinedload(Dispute.mediator))
    # What is over is looked up backwards, what is open is worked off forwards.
    way = "desc" if chosen in ("finished", "all") else "asc"
    page = paginate(query, order=[(Dispute.due_at, way), (Dispute.id, way)])
    if wants_json():
        return jsonify({"disputes": reporting.listed(page.items), "next": page.next_url})
    return render_template(
        "disputes/index.html",
        page=page,
        party=party,
        tabs=_tabs(views, chosen),
        filters=_filter_fields(),
        applied=_applied(),
        view=chosen,
        now=now(),
    )


def _filters() -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the address: status, reason, stage, vendor, and a number or order searched for."""
    found: list[sa.ColumnElement[bool]] = []
    for name, column, states in _CHOICES:
        value = request.args.get(name, "")
        if value in list(states):
            found.append(column == states(value))
    vendor = key_in(request.args.get("vendor"))
    if vendor is not None:
        found.append(Dispute.vendor_id == vendor)
    text = request.args.get("q", "").strip()
    if text:
        number = id_in(text)
        own = Dispute.order_id.in_(sa.select(Order.id).where(sa.or_(Order.basket == text, Order.buyer_email == text)))
        found.append(Dispute.id == number if number is not None else own)
    return found


_CHOICES: tuple[tuple[str, Any, Any], ...] = (
    ("status", Dispute.status, Status),
    ("stage", Dispute.stage, Stage),
    ("reason", Dispute.reason, Reason),
)


def _filter_fields() -> list[dict[str, Any]]:
    labels = {"status": _("Status"), "stage": _("Stage"), "reason": _("Reason")}
    fields: list[dict[str, Any]] = [
        {"name": "q", "label": _("Dispute, order or e-mail"), "type": "search", "value": request.args.get("q", "")}
    ]
    for name, _column, states in _CHOICES:
        options = [("", _("any")), *((state.value, words.label(state)) for state in states)]
        value = request.args.get(name, "")
        fields.append({"name": name, "label": labels[name], "type": "select", "value": value, "options": options})
    return fields


def _applied() -> list[dict[str, str]]:
    given = {
        name: request.args[name] for name in ("q", "status", "stage", "reason", "vendor") if request.args.get(name)
    }
    shown = {
        name: words.label(states(given[name])) for name, _column, states in _CHOICES if given.get(name) in list(states)
    }
    vendor = key_in(given.get("vendor"))
    if vendor is not None:
        shown["vendor"] = db.session.scalar(sa.select(Vendor.name).where(Vendor.id == vendor)) or given["vendor"]
    kept = {key: value for key, value in request.args.items() if key != "after"}
    return [
        {
            "label": shown.get(name, value),
            "remove_url": url_for("disputes.index", **{key: text for key, text in kept.items() if key != name}),
        }
        for name, value in given.items()
    ]


def _tabs(views: dict[str, tuple[Any, Conditions, frozenset[Party]]], chosen: str) -> list[dict[str, Any]]:
    """Return the views with how many disputes are in each but the endless ones, counted in one query."""
    counted = [name for name in views if name not in ("finished", "all")]
    sums = [sa.func.sum(sa.case((sa.and_(sa.true(), *views[name][1](current_user)), 1), else_=0)) for name in counted]
    row = db.session.execute(visible_to(current_user).where(_OPEN).with_only_columns(*sums)).one()
    numbers = dict(zip(counted, row, strict=True))
    return [
        {
            "label": label,
            "url": url_for("disputes.index", view=name),
            "count": (numbers[name] or 0) if name in numbers else None,
            "active": name == chosen,
        }
        for name, (label, _conditions, _parties) in views.items()
    ]


def register(app: Flask) -> None:
    """Add the pages, words, navigation, timers, and what the home page, the search and the vendor's page show."""
    from disputes import buyer_views, report_views, thread_views, timers

    _parts = (buyer_views, report_views, thread_views, timers)  # their routes and job handlers register by import
    app.register_blueprint(bp)
    own_words.register(app)
    count = reporting.waiting_count
    navigation.add(
        Entry(_l("Disputes"), "disputes.index", "disputes", Permission.READ_DISPUTES, STAFF, order=500, count=count),
        Entry(
            _l("My orders"), "disputes.my_orders", "orders", Permission.OPEN_DISPUTE, frozenset({Role.BUYER}), order=490
        ),
        Entry(
            _l("Disputes"),
            "disputes.index",
            "disputes",
            Permission.READ_DISPUTES,
            navigation.OUTSIDERS,
            order=500,
            count=count,
        ),
        Entry(_l("Dispute report"), "disputes.report", "reports", Permission.READ_REPORTS, STAFF, order=700),
    )
    panels.add(reporting.vendor_panel)
    order_panels.add(reporting.order_panel)
    app.extensions.setdefault("home", []).append(reporting.home_items)
    app.extensions.setdefault("finders", []).append(reporting.find)
    app.extensions.setdefault("disputed_articles", []).append(reporting.disputed_articles)
