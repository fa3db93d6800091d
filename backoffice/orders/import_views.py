"""The pages of files of orders: sending one, seeing what it would do, taking it, and its report."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import audit
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.orders import imports as order_files
from backoffice.orders import problems
from backoffice.orders.blueprint import bp
from backoffice.orders.fields import COLUMNS
from backoffice.orders.forms import OrdersFileForm
from backoffice.orders.models import OrderImport
from backoffice.orders.problems import UnreadableOrders
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires

# Problems shown on the page; the report has them all.
SHOWN_ISSUES = 100


def _language() -> str:
    return str(get_locale() or "fr")


@bp.get("/orders/imports")
@requires(Permission.MANAGE_ORDERS)
def imports() -> ResponseReturnValue:
    """List the files of orders, newest first."""
    page = paginate(order_files.newest_first(), order=[(OrderImport.id, "desc")])
    return render_template("orders/imports.html", page=page)


@bp.route("/orders/imports/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORDERS)
def new_import() -> ResponseReturnValue:
    """Take a file to look at; nothing becomes an order yet."""
    form = OrdersFileForm()
    if form.validate_on_submit():
        try:
            run = order_files.upload(form.file.data.stream, form.file.data.filename or "", by=current_user)
            db.session.commit()
            return redirect(url_for("orders.show_import", import_id=run.id))
        except UnreadableOrders as error:
            db.session.rollback()
            form.file.errors = [error.message(_language())]
    needed = [name for name, column in COLUMNS.items() if column.needed]
    page = render_template(
        "orders/new_import.html", form=form, needed=needed, others=[name for name in COLUMNS if name not in needed]
    )
    return page, Invalid.status if form.is_submitted() else 200


@bp.get("/orders/imports/<int:import_id>")
@requires(Permission.MANAGE_ORDERS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show what a file would do, or did, and the problems of its lines."""
    run = order_files.find(import_id)
    issues = [(issue, problems.sentence(issue, _language())) for issue in order_files.issues_of(run)[:SHOWN_ISSUES]]
    return render_template("orders/import.html", run=run, issues=issues, events=audit.timeline(run))


@bp.post("/orders/imports/<int:import_id>/take")
@requires(Permission.MANAGE_ORDERS)
def take_import(import_id: int) -> ResponseReturnValue:
    """Take the orders of a file that are right."""
    run = order_files.find(import_id)
    order_files.take(run, by=current_user)
    db.session.commit()
    flash(_("The file is taken. New orders: %(number)s.", number=run.orders_created), "success")
    return redirect(url_for("orders.show_import", import_id=run.id))


@bp.get("/orders/imports/<int:import_id>/report")
@requires(Permission.MANAGE_ORDERS)
def import_report(import_id: int) -> ResponseReturnValue:
    """Give the file back with the problems beside each line."""
    run = order_files.find(import_id)
    answer = Response(stream_with_context(order_files.report(run, _language())), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"orders-{run.id}-report.csv")
    return answer
