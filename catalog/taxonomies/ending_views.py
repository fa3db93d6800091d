"""Pages of a category's end, previewed and decided, and of all acts on the tree with their undoing."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.database import key_in
from backoffice.errors import BackofficeError, Invalid, NotFound
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import requires
from catalog import tree
from catalog.taxonomies import counting, editing, successions
from catalog.taxonomies.models import ActState, CategoryAct
from catalog.taxonomies.views import MANAGE, blueprint, choices_of, chosen, row_or_404
from catalog.views.blueprint import reader_language


@blueprint.get("/at/<string:code>/end")
@requires(MANAGE)
def preview_end(code: str) -> ResponseReturnValue:
    """Show what merging or retiring a category would move, before anything is written."""
    return _end_page(code)


def _end_page(code: str, reason: str = "") -> ResponseReturnValue:
    row = row_or_404(code)
    counted = successions.preview(row) if row else successions.Preview(0, 0, 0, 0, 0)
    if row is None:
        own = counting.own_counts([code]).get(code, 0)
        counted = successions.Preview(own, 0, len(tree.current().taxonomy.children(code)), 0, 0)
    return render_template(
        "taxonomies/end.html",
        one=tree.current().taxonomy[code],
        version=row.version if row else 1,
        preview=counted,
        tree=tree.current(),
        reader=reader_language(),
        choices=choices_of(),
        said=request.form,
        reason=reason,
    ), 422 if reason else 200


@blueprint.post("/at/<string:code>/end")
@requires(MANAGE)
def end(code: str) -> ResponseReturnValue:
    """Merge a category into another, or retire it with or without a successor."""
    version = key_in(request.form.get("version")) or 0
    try:
        row = editing.opened(code, version, by=current_user)
        target = chosen("target")
        if request.form.get("action") == "merge":
            if target is None:
                raise Invalid(_("Choose the category that receives the sheets."))
            act = successions.merge(row, target, by=current_user)
        else:
            act = successions.retire(row, target, by=current_user)
    except BackofficeError as refused:
        if isinstance(refused, NotFound):
            raise
        db.session.rollback()
        tree.forget()
        return _end_page(code, refused.message)
    moving = act.listings
    db.session.commit()
    said = ngettext(
        "Done. %(num)s sheet follows in the background; you can take it back below.",
        "Done. %(num)s sheets follow in the background; you can take it back below.",
        moving,
    )
    flash(said if moving else _("Done. You can take it back below."), "success")
    return redirect(url_for("taxonomies.acts"))


@blueprint.get("/history")
@requires(MANAGE)
def acts() -> ResponseReturnValue:
    """List the acts on the tree, newest first, each with what it moved and its undoing."""
    query = sa.select(CategoryAct).options(
        joinedload(CategoryAct.category), joinedload(CategoryAct.target), joinedload(CategoryAct.by)
    )
    page = paginate(query, order=[(CategoryAct.id, "desc")])
    newest = sa.select(sa.func.max(CategoryAct.id)).where(CategoryAct.state != ActState.UNDONE)
    of_page = newest.where(CategoryAct.category_id.in_([act.category_id for act in page.items]))
    last = set(db.session.scalars(of_page.group_by(CategoryAct.category_id)))
    return render_template("taxonomies/acts.html", page=page, last=last, done=ActState.DONE, reader=reader_language())


@blueprint.post("/history/<int:act_id>/undo")
@requires(MANAGE)
def undo(act_id: int) -> ResponseReturnValue:
    """Take an act back; its sheets follow."""
    act = db.session.scalar(sa.select(CategoryAct).where(CategoryAct.id == act_id).with_for_update(of=CategoryAct))
    if act is None:
        raise NotFound()
    successions.undo(act, by=current_user)
    db.session.commit()
    flash(_("The act was taken back; its sheets go back in the background."), "success")
    return redirect(url_for("taxonomies.acts"))
