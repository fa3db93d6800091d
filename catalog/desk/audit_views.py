"""The random sample: one of the machine's decisions, an editor's verdict, the precision; of sheets and of merges."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.database import key_in
from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound, wants_json
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from catalog import attributes, judgements, pairs, review, sheet_page, uploads
from catalog.desk import sampling, words
from catalog.desk.blueprint import blueprint
from catalog.models import Judgement, Listing, Proposal
from catalog.views.blueprint import listing_or_404, reader_language


@blueprint.get("/review/audit")
@requires(Permission.REVIEW_SHEETS)
def audit_sheet() -> ResponseReturnValue:
    """Show a sheet drawn from those that the machine accepted."""
    drawn = sampling.draw_sheet(current_user.id)
    return _sheet(listing_or_404(drawn) if drawn is not None else None)


def _sheet(listing: Listing | None, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    named = [pair for pair in uploads.attribute_choices(reader_language()) if pair[0] in attributes.EDITABLE]
    return render_template(
        "desk/audit_sheet.html",
        listing=listing,
        view=sheet_page.view(listing, reader_language()) if listing is not None else None,
        precision=sampling.of_sheets(),
        editable=named,
        wrong=refusal.message if isinstance(refusal, Invalid) else None,
        refusal=refusal,
    ), refusal.status if refusal else 200


@blueprint.post("/review/audit/<int:listing_id>")
@requires(Permission.REVIEW_SHEETS)
def judge_sheet(listing_id: int) -> ResponseReturnValue:
    """Keep the verdict on a sheet; one that is wrong is opened at the desk, at its field, to be corrected."""
    listing, form = listing_or_404(listing_id, to_decide=True), request.form
    right, name = form.get("verdict") == "right", form.get("attribute", "")
    try:
        review.hold(listing, key_in(form.get("version")) or 0)
        if not right and name not in attributes.EDITABLE:
            raise Invalid(words.which_attribute())
        sampling.judge_sheet(listing, right=right, attribute="" if right else name, by=current_user)
        db.session.commit()
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        if wants_json():
            raise
        return _sheet(listing_or_404(listing_id), refusal)
    flash(_("Verdict kept."), "success")
    if right:
        return redirect(url_for("desk.audit_sheet"))
    return redirect(url_for("catalog.review_sheet", listing_id=listing_id, tab="automatic", edit=name))


@blueprint.get("/duplicates/audit")
@requires(Permission.REVIEW_SHEETS)
def audit_merge() -> ResponseReturnValue:
    """Show a merge drawn from those that the machine made."""
    drawn = sampling.draw_merge(current_user.id)
    return _merge(_judgement_or_404(drawn) if drawn is not None else None)


def _judgement_or_404(judgement_id: int) -> Judgement:
    sides = (joinedload(Judgement.proposal).joinedload(side) for side in (Proposal.left, Proposal.right))
    query = sa.select(Judgement).where(Judgement.id == judgement_id)
    found = db.session.scalar(query.options(*(side.joinedload(Listing.vendor) for side in sides)))
    if found is None:
        raise NotFound()
    return found


def _merge(judgement: Judgement | None, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    return render_template(
        "desk/audit_merge.html",
        judgement=judgement,
        view=pairs.view(judgement.proposal, reader_language()) if judgement is not None else None,
        precision=sampling.of_merges(),
        refusal=refusal,
    ), refusal.status if refusal else 200


@blueprint.post("/duplicates/audit/<int:judgement_id>")
@requires(Permission.REVIEW_SHEETS)
def judge_merge(judgement_id: int) -> ResponseReturnValue:
    """Keep the verdict on a merge; a wrong one is taken back at once where that can be."""
    judgement, right = _judgement_or_404(judgement_id), request.form.get("verdict") == "right"
    try:
        sampling.judge_merge(judgement, right=right, by=current_user)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        if wants_json():
            raise
        return _merge(_judgement_or_404(judgement_id), refusal)
    flash(_("Verdict kept."), "success")
    if not right:
        _take_back(judgement_id)
    return redirect(url_for("desk.audit_merge"))


def _take_back(judgement_id: int) -> None:
    """Take a wrong merge back; where later ones stand on it the verdict is kept all the same, and the reason is told."""
    try:
        judgements.undo(db.session.get_one(Judgement, judgement_id), by=current_user)
        db.session.commit()
        flash(_("Decision taken back; both pages are as they were."), "success")
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
