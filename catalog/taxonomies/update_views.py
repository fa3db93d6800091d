"""Pages of a newer tree: what differs from ours, each gone category with its successor, and the word that applies it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.errors import BackofficeError, NotFound
from backoffice.extensions import db
from backoffice.permissions import requires
from catalog import tree
from catalog.taxonomies import counting, updates, words
from catalog.taxonomies.comparison import Difference
from catalog.taxonomies.models import TaxonomyUpdate
from catalog.taxonomies.views import MANAGE, blueprint
from catalog.views.blueprint import reader_language

# Lines of one kind on a page; all gone ones are shown, since each wants a word.
SHOWN = 100


def _or_404(update_id: int) -> TaxonomyUpdate:
    row = db.session.get(TaxonomyUpdate, update_id)
    if row is None:
        raise NotFound()
    return row


@blueprint.get("/newer/<int:update_id>")
@requires(MANAGE)
def update(update_id: int) -> ResponseReturnValue:
    """Show what a newer tree changes, before anything is applied."""
    return _shown(_or_404(update_id))


def _shown(row: TaxonomyUpdate, reason: str = "") -> ResponseReturnValue:
    lines: dict[Difference, list[dict[str, Any]]] = {kind: [] for kind in Difference}
    for line in row.lines:
        lines[Difference(line["kind"])].append(line)
    gone = [line["code"] for line in lines[Difference.GONE]]
    counts = counting.own_counts(gone) if gone else {}
    lines[Difference.GONE].sort(key=lambda line: -counts.get(line["code"], 0))
    return render_template(
        "taxonomies/update.html",
        row=row,
        lines=lines,
        shown=SHOWN,
        kinds=list(Difference),
        headings=words.HEADINGS,
        counts=counts,
        said=request.form,
        new_paths=_new_paths(row),
        stale=updates.out_of_date(row) and not row.applied_at,
        reason=reason,
    ), 422 if reason else 200


def _new_paths(row: TaxonomyUpdate) -> list[tuple[str, str]]:
    """Return (code, path) of the newer tree's categories, for the fields of successors."""
    labels = {code: (parent, names) for code, parent, names in row.categories}
    reader = reader_language()

    def path(code: str) -> str:
        parent, names = labels[code]
        own: str = names.get(reader) or next(iter(names.values()))
        return f"{path(parent)} > {own}" if parent in labels else own

    return [(code, path(code)) for code in labels]


@blueprint.post("/newer/<int:update_id>")
@requires(MANAGE)
def apply_update(update_id: int) -> ResponseReturnValue:
    """Apply a newer tree with the successors that the person confirmed, or set it aside."""
    row = _or_404(update_id)
    successors = {
        name.removeprefix("successor-"): said.strip()
        for name, said in request.form.items()
        if name.startswith("successor-")
    }
    try:
        if request.form.get("action") == "drop":
            updates.drop(row, by=current_user)
        else:
            updates.apply(row, successors, by=current_user)
    except BackofficeError as refused:
        db.session.rollback()
        tree.forget()
        return _shown(_or_404(update_id), refused.message)
    applied = row.applied_at is not None
    db.session.commit()
    flash(
        _("The newer tree is in use; sheets follow in the background.") if applied else _("It was set aside."),
        "success",
    )
    return redirect(url_for("taxonomies.index"))
