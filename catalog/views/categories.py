"""The category tree: browsed, searched, and loaded from a file."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.errors import NotFound
from backoffice.extensions import db
from backoffice.permissions import Permission, may, requires
from catalog import tree
from catalog.forms import TreeForm
from catalog.models import Listing
from catalog.views.blueprint import blueprint, reader_language


@blueprint.get("/categories")
@requires(Permission.READ_CATALOG)
def categories() -> ResponseReturnValue:
    """Show one level of the tree, or the categories that a word finds."""
    return _shown(TreeForm())


def _shown(form: TreeForm) -> ResponseReturnValue:
    reader, current = reader_language(), tree.current()
    code, word = request.args.get("in") or None, request.args.get("q", "").strip()
    if code is not None and code not in current.taxonomy:
        raise NotFound()
    shown = current.taxonomy.search(word, reader, 50) if word else current.taxonomy.children(code)
    counts = dict(
        db.session.execute(
            sa.select(Listing.category, sa.func.count())
            .where(Listing.category.in_([one.id for one in shown]))
            .group_by(Listing.category)
        ).all()
    )
    above = [*current.taxonomy.ancestors(code), current.taxonomy[code]] if code else []
    return render_template(
        "catalog/categories.html",
        shown=shown,
        above=above,
        counts=counts,
        tree=current,
        word=word,
        reader=reader,
        form=form if may(current_user, Permission.MANAGE_TAXONOMY) else None,
    ), 422 if form.errors else 200


@blueprint.post("/categories")
@requires(Permission.MANAGE_TAXONOMY)
def load_categories() -> ResponseReturnValue:
    """Load a tree from a file: Google's text or a CSV; a faulty one is refused at its field with its line."""
    form = TreeForm()
    if not form.validate_on_submit():
        return _shown(form)
    read = form.read(reader_language())
    if read is None:
        return _shown(form)
    total = tree.load(read, by=current_user)
    db.session.commit()
    flash(_("%(read)s categories read; the tree has %(total)s.", read=len(read), total=total), "success")
    return redirect(url_for("catalog.categories"))
