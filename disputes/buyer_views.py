"""The buyer's pages: finding an order without an account, my orders, and opening a dispute in three steps.

An order's pages are reached by its signed link; a logged-in buyer's own list leads to the same links. Each step posts
all that was said before, so that it works without JavaScript and without anything kept between the steps.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import selectinload

from backoffice import audit
from backoffice.accounts import throttling
from backoffice.database import key_in
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.orders import archive
from backoffice.orders.models import Order
from backoffice.paging import paginate
from backoffice.permissions import Permission, public, requires
from disputes import access, deadlines, forms, moves, notices, opening
from disputes.blueprint import bp
from disputes.models import Dispute
from disputes.vocabulary import Reason, Wish


@bp.get("/find-my-order")
@public
def find_order() -> ResponseReturnValue:
    """Ask for an order's number and the buyer's address."""
    return render_template("disputes/find_order.html", form=forms.FindOrderForm())


@bp.post("/find-my-order")
@public
def send_order_link() -> ResponseReturnValue:
    """Mail the order's link where number and address belong together; the answer is the same where they do not."""
    form = forms.FindOrderForm()
    if not form.validate():
        return render_template("disputes/find_order.html", form=form), Invalid.status
    email = form.email.data.strip()
    tried = throttling.keys("find-order", email)
    throttling.check(tried)
    throttling.count(tried)
    # The basket's number belongs to one order a vendor: each has its own link.
    query = sa.select(Order).where(
        Order.basket == form.basket.data.strip(), sa.func.lower(Order.buyer_email) == email.lower()
    )
    for order in db.session.scalars(query):
        notices.order_link(order)
    db.session.commit()
    return render_template("disputes/find_order.html", form=None, email=email)


@bp.post("/orders/<int:order_id>/mail-link")
@requires(Permission.MEDIATE)
def mail_order_link(order_id: int) -> ResponseReturnValue:
    """Mail the buyer who asked us by other ways the link to the order, where a problem is reported."""
    order = archive.find(order_id, current_user)
    notices.order_link(order)
    audit.record("order.mail_link", order, by=current_user)
    db.session.commit()
    flash(_("The link is on its way to %(email)s.", email=order.buyer_email), "success")
    return redirect(url_for("orders.show", order_id=order.id, _anchor="disputes"))


@bp.get("/my-orders")
@requires(Permission.OPEN_DISPUTE)
def my_orders() -> ResponseReturnValue:
    """List the orders of the logged-in buyer with their disputes."""
    query = (
        sa.select(Order)
        .where(sa.func.lower(Order.buyer_email) == current_user.email.lower())
        .options(selectinload(Order.lines), selectinload(Order.vendor))
    )
    page = paginate(query, order=[(Order.ordered_at, "desc"), (Order.id, "desc")])
    disputes = _disputes_on([order.id for order in page.items])
    links = {order.id: url_for("disputes.order_by_link", token=access.order_token(order)) for order in page.items}
    return render_template("disputes/my_orders.html", page=page, disputes=disputes, links=links)


def _disputes_on(order_ids: list[int]) -> dict[int, list[Dispute]]:
    found: dict[int, list[Dispute]] = {}
    query = sa.select(Dispute).where(Dispute.order_id.in_(order_ids)).order_by(Dispute.id)
    for dispute in db.session.scalars(query):
        found.setdefault(dispute.order_id, []).append(dispute)
    return found


@bp.get("/my-order/<token>")
@public
def order_by_link(token: str) -> ResponseReturnValue:
    """Show an order to the holder of its link, with its disputes and the way to open one."""
    order = access.order_of(token)
    return render_template(
        "disputes/order.html",
        order=order,
        token=token,
        disputes=_disputes_on([order.id]).get(order.id, []),
        taken=opening.open_lines(order),
        over=opening.window_ends(order),
        until=deadlines.filing_ends(order.ordered_at, moves.terms()),
    )


@bp.get("/my-order/<token>/dispute")
@public
def open_dispute(token: str) -> ResponseReturnValue:
    """Show the first step of opening a dispute: which articles."""
    order = access.order_of(token)
    chosen = {key: 0 for text in request.args.getlist("line") if (key := key_in(text)) is not None}
    return _lines_step(order, token, chosen, {})


@bp.post("/my-order/<token>/dispute")
@public
def send_dispute(token: str) -> ResponseReturnValue:
    """Take a step of opening a dispute; the last one opens it."""
    order = access.order_of(token)
    pieces, details = _pieces(order)
    if request.form.get("back") == "lines":
        return _lines_step(order, token, pieces, {})
    try:
        if details:
            raise Invalid(next(iter(details.values())), details=details)
        opening.check_pieces(order, pieces)
    except Invalid as error:
        return _lines_step(order, token, pieces, error.details), Invalid.status
    form = forms.ComplaintForm()
    step = request.form.get("step")
    if step == "lines" or request.form.get("back") == "reason":
        fresh = step == "lines" and "reason" not in request.form
        return _reason_step(order, token, pieces, forms.ComplaintForm(formdata=None) if fresh else form)
    if not form.validate():
        return _reason_step(order, token, pieces, form), Invalid.status
    if step != "check":
        return _check_step(order, token, pieces, form)
    return _send(order, token, pieces, form)


def _send(order: Order, token: str, pieces: dict[int, int], form: forms.ComplaintForm) -> ResponseReturnValue:
    complaint = opening.Complaint(
        pieces=pieces,
        reason=Reason(form.reason.data),
        wish=Wish(form.wish.data),
        words=form.words.data,
        safety_risk=form.safety_risk.data,
    )
    reader = access.link_reader(order, token)
    try:
        dispute = opening.open_dispute(order, complaint, reader, uploads=request.files.getlist("files"))
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        return _check_step(access.order_of(token), token, pieces, form, error=error.message), Invalid.status
    flash(_("Your dispute %(number)s is open. The vendor was told.", number=dispute.number), "success")
    return redirect(reader.url("show", dispute_id=dispute.id))


def _pieces(order: Order) -> tuple[dict[int, int], dict[str, str]]:
    """Return the chosen pieces by line, and what is wrong with the numbers written."""
    pieces, details = {}, {}
    most = {line.id: line.quantity for line in order.lines}
    for text in request.form.getlist("line"):
        line_id, written = key_in(text), request.form.get(f"quantity_{text}", "").strip()
        if line_id is None:
            continue
        pieces[line_id] = key_in(written) or 0
        if not written and line_id in most:
            pieces[line_id] = most[line_id]
        elif pieces[line_id] == 0:
            details[f"line_{line_id}"] = _("Write a number from 1 to %(most)s.", most=most.get(line_id, 1))
    return pieces, details


def _lines_step(order: Order, token: str, pieces: dict[int, int], details: dict[str, Any]) -> str:
    return render_template(
        "disputes/open_lines.html",
        order=order,
        token=token,
        pieces=pieces,
        errors=details,
        taken=opening.open_lines(order),
        over=opening.window_ends(order),
    )


def _reason_step(order: Order, token: str, pieces: dict[int, int], form: forms.ComplaintForm) -> str:
    return render_template("disputes/open_reason.html", order=order, token=token, pieces=pieces, form=form)


def _check_step(order: Order, token: str, pieces: dict[int, int], form: forms.ComplaintForm, *, error: str = "") -> str:
    return render_template(
        "disputes/open_check.html",
        order=order,
        token=token,
        pieces=pieces,
        form=form,
        reason=Reason(form.reason.data),
        wish=Wish(form.wish.data),
        lines=[line for line in order.lines if line.id in pieces],
        send_form=forms.SendForm(),
        error=error,
    )
