"""What surrounds a single decision: taking a sheet in hand, asking a colleague, one's own pace; and the desks' wiring."""

from __future__ import annotations

from flask import Flask, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import events
from backoffice.accounts.models import User
from backoffice.database import key_in
from backoffice.errors import wants_json
from backoffice.extensions import db
from backoffice.formatting import hour
from backoffice.permissions import Permission, requires
from backoffice.vendors import panels
from catalog.desk import audit_views, bulk, group_views, leases, opinions, pace, reasons, trust, words, worth
from catalog.desk.blueprint import blueprint
from catalog.models import Listing
from catalog.views.blueprint import listing_or_404
from catalog.views.review import decision, done

# Imported for the pages they add and the jobs they handle.
_PARTS = (audit_views, group_views, bulk, worth)


def register(app: Flask) -> None:
    """Add the desks' pages, words, jobs and listeners to the house."""
    app.register_blueprint(blueprint)
    words.register()
    reasons.register()
    panels.add(trust.panel)
    events.product_misdescribed.connect(trust.note_disputes)


@blueprint.post("/review/<int:listing_id>/hold")
@requires(Permission.REVIEW_SHEETS)
def hold(listing_id: int) -> ResponseReturnValue:
    """Take the sheet in hand, or renew the lease on it; says who has it where that is someone else."""
    listing = listing_or_404(listing_id, to_decide=True)
    mine = leases.take(listing.id, current_user.id)
    lease = leases.of(listing.id)
    db.session.commit()
    said = held_words(lease.holder.display_name, hour(lease.until)) if lease and not mine else ""
    if wants_json():
        return jsonify({"mine": mine, "words": said})
    flash(said or _("The sheet is in your hands."), "warning" if said else "success")
    return redirect(url_for("catalog.review_sheet", listing_id=listing.id, tab=request.args.get("tab")))


def held_words(name: str, until: str) -> str:
    """Return who has a sheet in hand and until when."""
    return _("%(name)s has this sheet in hand until %(until)s.", name=name, until=until)


@blueprint.post("/review/<int:listing_id>/ask")
@requires(Permission.REVIEW_SHEETS)
@decision
def ask(listing: Listing) -> ResponseReturnValue:
    """Ask a colleague about the sheet; it leaves one's own queue for the colleague's, and the next one is shown."""
    form = request.form
    colleague = db.session.get(User, key_in(form.get("colleague", "")) or 0)
    opinions.ask(
        listing, colleague, leaning=form.get("leaning", ""), reason=form.get("why", "").strip(), by=current_user
    )
    return done(
        listing, _("%(name)s is asked; the sheet waits there.", name=colleague.display_name if colleague else "")
    )


@blueprint.get("/review/pace")
@requires(Permission.REVIEW_SHEETS)
def own_pace() -> ResponseReturnValue:
    """Show an editor the editor's own pace and agreement, which nobody else sees."""
    return render_template("desk/pace.html", pace=pace.of(current_user))
