"""Pages of an import that is taken back: the one click, its progress, and what became of each sheet."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from backoffice import audit
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.jobs import JobState
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from catalog.models import Import, Listing
from catalog.takeback import taking_back, words
from catalog.takeback.traces import Trace, TraceOutcome
from catalog.views.blueprint import blueprint, import_or_404


@blueprint.post("/imports/<int:import_id>/take-back")
@requires(Permission.IMPORT_SHEETS)
def take_import_back(import_id: int) -> ResponseReturnValue:
    """Take an import back; what cannot be is told on the page that follows."""
    run = import_or_404(import_id, to_decide=True)
    try:
        taking_back.begin(run, by=current_user)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
        return redirect(url_for("catalog.show_import", import_id=import_id))
    return redirect(url_for("catalog.taken_back", import_id=import_id))


@blueprint.get("/imports/<int:import_id>/taken-back")
@requires(Permission.IMPORT_SHEETS)
def taken_back(import_id: int) -> ResponseReturnValue:
    """Show how far taking back has come, then what became of each sheet."""
    run = import_or_404(import_id)
    listed = load_only(Listing.id, Listing.title, Listing.sku, Listing.status)
    query = select(Trace).options(joinedload(Trace.listing).options(listed)).where(Trace.import_id == run.id)
    outcome = request.args.get("outcome", "")
    if outcome in set(TraceOutcome):
        query = query.where(Trace.outcome == TraceOutcome(outcome))
    return render_template(
        "catalog/taken_back.html",
        run=run,
        page=paginate(query, order=[(Trace.listing_id, "asc")]),
        counts=taking_back.counts(run),
        progress=_progress(run),
        outcomes=list(TraceOutcome),
        outcome=outcome,
        notes=words.NOTES,
        timeline=audit.timeline(run),
    )


def _progress(run: Import) -> dict[str, Any]:
    counts = taking_back.counts(run)
    total = sum(counts.values())
    running = run.taking_back_at is not None and run.taken_back_at is None
    state = JobState.RUNNING if running else JobState.DONE
    return {"done": total - counts.get(None, 0), "total": total, "state": state, "label": _("Sheets taken back")}


@blueprint.get("/imports/<int:import_id>/taken-back/progress")
@requires(Permission.IMPORT_SHEETS)
def take_back_progress(import_id: int) -> ResponseReturnValue:
    """Say how far taking back has come, for the bar on its page."""
    return jsonify(_progress(import_or_404(import_id)))
