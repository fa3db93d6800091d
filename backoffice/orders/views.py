"""The pages of orders and commissions, and the registration of everything this package adds to the house."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from backoffice import audit, navigation
from backoffice.errors import Invalid
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.orders import archive, commands, panels, rates, words
from backoffice.orders.archive import Filters
from backoffice.orders.blueprint import bp
from backoffice.orders.forms import CommissionForm
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import Order
from backoffice.paging import paginate
from backoffice.permissions import STAFF, Permission, Role, requires
from backoffice.words import label


def _filters() -> Filters:
    return Filters(*(request.args.get(name, "") for name in ("vendor", "status", "text")))


@bp.get("/orders")
@requires(Permission.READ_ORDERS)
def index() -> ResponseReturnValue:
    """List the reader's orders, newest first, narrowed by vendor, status and text."""
    filters = _filters()
    page = paginate(archive.filtered(filters, current_user), order=[(Order.ordered_at, "desc"), (Order.id, "desc")])
    return render_template("orders/index.html", page=page, filters=filters, fields=_fields(filters), applied=_applied())


def _fields(filters: Filters) -> list[dict[str, Any]]:
    statuses = [("", _("all")), *((status.value, label(status)) for status in OrderStatus)]
    fields: list[dict[str, Any]] = [
        {"name": "text", "label": _("Order, buyer, article or parcel"), "type": "search", "value": filters.text},
        {"name": "status", "label": _("Status"), "type": "select", "value": filters.status, "options": statuses},
    ]
    if current_user.is_staff:
        vendors = [("", _("all vendors")), *archive.vendors_with_orders()]
        fields.append(
            {"name": "vendor", "label": _("Vendor"), "type": "select", "value": filters.vendor, "options": vendors}
        )
    return fields


def _applied() -> list[dict[str, str]]:
    given = {name: request.args[name] for name in ("text", "status") if request.args.get(name)}
    kept = {key: value for key, value in request.args.items() if key != "after"}
    return [
        {
            "label": label(OrderStatus(value)) if value in list(OrderStatus) else value,
            "remove_url": url_for("orders.index", **{key: text for key, text in kept.items() if key != name}),
        }
        for name, value in given.items()
    ]


@bp.get("/orders.csv")
@requires(Permission.READ_ORDERS)
def export() -> ResponseReturnValue:
    """Give the list out as CSV, narrowed as the page is, one line an article."""
    lines = archive.as_csv(archive.filtered(_filters(), current_user), current_user)
    return csv_answer(lines, "orders.csv")


@bp.get("/orders/<int:order_id>")
@requires(Permission.READ_ORDERS)
def show(order_id: int) -> ResponseReturnValue:
    """Show an order: its lines, each line's commission with the rule that set it, and its history."""
    order = archive.find(order_id, current_user)
    buyer = current_user.role == Role.BUYER
    return render_template(
        "orders/show.html",
        order=order,
        buyer=buyer,
        commission_minor=sum(line.commission_minor for line in order.lines),
        rates=rates,
        panels=panels.drawn(order, current_user),
        events=audit.timeline(order),
    )


@bp.get("/commission-rules")
@requires(Permission.MANAGE_ORDERS)
def commission_rules() -> ResponseReturnValue:
    """List the rules of commission and offer to add one."""
    return _rules_page(_commission_form())


@bp.post("/commission-rules")
@requires(Permission.MANAGE_ORDERS)
def add_commission_rule() -> ResponseReturnValue:
    """Add a rule; the one for the same vendor, category and article ends with it."""
    form = _commission_form()
    if not form.validate():
        return _rules_page(form), Invalid.status
    try:
        rates.add(form.rate_asked(), by=current_user)
    except Invalid as refusal:
        db.session.rollback()
        for name, sentence in refusal.details.items():
            form[name].errors = [sentence]
        return _rules_page(form), Invalid.status
    db.session.commit()
    flash(_("The rule is in force for the orders that arrive from now on."), "success")
    return redirect(url_for("orders.commission_rules"))


@bp.post("/commission-rules/<int:rule_id>/retire")
@requires(Permission.MANAGE_ORDERS)
def retire_commission_rule(rule_id: int) -> ResponseReturnValue:
    """End a rule; lines it set keep their commission."""
    rates.retire(rates.find(rule_id), by=current_user)
    db.session.commit()
    flash(_("The rule is retired. Orders that have arrived keep their commission."), "success")
    return redirect(url_for("orders.commission_rules"))


def _commission_form() -> CommissionForm:
    form = CommissionForm()
    form.offer_vendors()
    return form


def _rules_page(form: CommissionForm) -> str:
    return render_template("orders/commission_rules.html", rules=rates.listed(), rates=rates, form=form)


def register(app: Flask) -> None:
    """Add the pages, words, navigation and commands of orders, and what the home page and the search show of them."""
    from backoffice.orders import import_views

    _pages = (import_views,)  # their routes hang on the blueprint
    app.register_blueprint(bp)
    words.register()
    commands.register(app)
    sellers = STAFF | frozenset({Role.VENDOR_USER})
    navigation.add(
        Entry(_l("Orders"), "orders.index", "orders", Permission.READ_ORDERS, sellers, order=400),
        Entry(_l("Files of orders"), "orders.imports", "upload", Permission.MANAGE_ORDERS, STAFF, order=410),
        Entry(_l("Commission rules"), "orders.commission_rules", "money", Permission.MANAGE_ORDERS, STAFF, order=420),
    )
    app.extensions.setdefault("home", []).append(archive.home_items)
    app.extensions.setdefault("finders", []).append(archive.find_orders)
