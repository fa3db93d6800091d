"""Pages of groups: which doubts many sheets share, the sheets of one, the decision on all, its progress and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, load_only

from backoffice import audit
from backoffice.clock import now
from backoffice.database import key_in
from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound, wants_json
from backoffice.extensions import db
from backoffice.formatting import MANY
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import attributes
from catalog import words as said
from catalog.desk import bulk as verbs
from catalog.desk import groups, words
from catalog.desk.blueprint import blueprint
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkDecision, BulkItem, BulkOutcome, BulkState
from catalog.models import Listing
from catalog.views.blueprint import reader_language

# Decisions on groups shown below the groups.
LAST = 10
# Where the words of an act are typed.
FIELDS: Mapping[str, str] = {BulkAct.CORRECT: "value", BulkAct.SEND_BACK: "text"}


def _asked() -> Group:
    """Return the group that the address or the form names."""
    given = request.values
    code, name = given.get("code", "")[:60], given.get("attribute", "")[:60]
    return Group(code, name, key_in(given.get("vendor", "")))


@blueprint.get("/review/groups")
@requires(Permission.REVIEW_SHEETS)
def list_groups() -> ResponseReturnValue:
    """List the doubts that sheets share, the most frequent first, and the last decisions on groups."""
    vendor = key_in(request.args.get("vendor", ""))
    last = sa.select(BulkDecision).options(joinedload(BulkDecision.actor), joinedload(BulkDecision.vendor))
    return render_template(
        "desk/groups.html",
        groups=groups.listed(vendor),
        vendor=db.session.get(Vendor, vendor) if vendor is not None else None,
        last=db.session.scalars(last.order_by(BulkDecision.id.desc()).limit(LAST)).all(),
        name=_name,
    )


def _name(bulk: BulkDecision | Group) -> str:
    return Group(bulk.code, bulk.attribute).name(reader_language())


@blueprint.get("/review/group")
@requires(Permission.REVIEW_SHEETS)
def show_group() -> ResponseReturnValue:
    """Show a group's sheets with what accepting would do to each, and what can be decided of all."""
    group = _asked()
    if not group.known and not group.count():
        raise NotFound()
    return _page(group)


def _page(group: Group, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    reader = reader_language()
    query, order = groups.members(group)
    page = paginate(query, order=order)
    return render_template(
        "desk/group.html",
        group=group,
        name=group.name(reader),
        count=group.count(),
        page=page,
        lines={one.listing_id: groups.line(one.listing, group, reader) for one in page.items},
        prospects=groups.prospects(group),
        outcomes=list(BulkOutcome),
        counted=MANY,
        disputed=words.note(words.DISPUTED),
        vendors=groups.vendors_of(group),
        vendor=db.session.get(Vendor, group.vendor_id) if group.vendor_id is not None else None,
        may_correct=group.attribute in attributes.EDITABLE,
        looked_at=now().isoformat(),
        typed=request.form,
        wrong=_wrong(refusal),
        refusal=refusal,
    ), refusal.status if refusal else 200


def _wrong(refusal: BackofficeError | None) -> dict[str, str]:
    """Return the field that the form is refused for, with the sentence that says why."""
    field = FIELDS.get(request.form.get("act", ""))
    return {field: refusal.message} if isinstance(refusal, Invalid) and field else {}


@blueprint.post("/review/group")
@requires(Permission.REVIEW_SHEETS)
def decide_group() -> ResponseReturnValue:
    """Decide on all sheets of a group; what is refused comes back to the group's page with what was typed."""
    group, form = _asked(), request.form
    act = form.get("act", "")
    try:
        if act not in set(BulkAct):
            raise Invalid(said.incomplete_form())
        text = form.get(FIELDS[act], "").strip()[:500] if act in FIELDS else ""
        seen = key_in(form.get("seen", "")) or 0
        bulk = verbs.begin(group, BulkAct(act), text=text, seen=seen, looked_at=_looked_at(), by=current_user)
        db.session.commit()
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        if wants_json():
            raise
        return _page(group, refusal)
    return redirect(url_for("desk.bulk", bulk_id=bulk.id))


def _looked_at() -> datetime | None:
    """Return when the page was made whose form this is; None where the form does not say."""
    try:
        return datetime.fromisoformat(request.form.get("looked_at", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _bulk_or_404(bulk_id: int) -> BulkDecision:
    query = sa.select(BulkDecision).where(BulkDecision.id == bulk_id)
    found = db.session.scalar(query.options(joinedload(BulkDecision.actor), joinedload(BulkDecision.vendor)))
    if found is None:
        raise NotFound()
    return found


@blueprint.get("/review/bulk/<int:bulk_id>")
@requires(Permission.REVIEW_SHEETS)
def bulk(bulk_id: int) -> ResponseReturnValue:
    """Show how far a decision on a group has come, and what became of each sheet."""
    found = _bulk_or_404(bulk_id)
    listed = load_only(Listing.id, Listing.title, Listing.sku, Listing.status)
    query = sa.select(BulkItem).options(joinedload(BulkItem.listing).options(listed)).where(BulkItem.bulk_id == bulk_id)
    outcome = request.args.get("outcome", "")
    if outcome in set(BulkOutcome):
        query = query.where(BulkItem.outcome == BulkOutcome(outcome))
    return render_template(
        "desk/bulk.html",
        bulk=found,
        note=words.note,
        name=_name(found),
        page=paginate(query, order=[(BulkItem.listing_id, "asc")]),
        counts=verbs.counts(found),
        outcomes=list(BulkOutcome),
        running=found.state in (BulkState.RUNNING, BulkState.UNDOING),
        progress=_progress(found),
        timeline=audit.timeline(found),
    )


def _progress(found: BulkDecision) -> dict[str, Any]:
    label = _("Sheets taken back") if found.state in (BulkState.UNDOING, BulkState.UNDONE) else _("Sheets decided")
    return {"done": found.done, "total": found.total, "state": found.state, "label": label}


@blueprint.get("/review/bulk/<int:bulk_id>/progress")
@requires(Permission.REVIEW_SHEETS)
def bulk_progress(bulk_id: int) -> ResponseReturnValue:
    """Say how far a decision on a group has come, for the bar on its page."""
    return jsonify(_progress(_bulk_or_404(bulk_id)))


@blueprint.post("/review/bulk/<int:bulk_id>/undo")
@requires(Permission.REVIEW_SHEETS)
def undo_bulk(bulk_id: int) -> ResponseReturnValue:
    """Take a decision on a group back, whole; sheets that changed since are kept and told."""
    found = db.session.get(BulkDecision, bulk_id, with_for_update=True)
    if found is None:
        raise NotFound()
    try:
        verbs.undo(found, by=current_user)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        if wants_json():
            raise
        flash(refusal.message, "danger")
    return redirect(url_for("desk.bulk", bulk_id=bulk_id))
