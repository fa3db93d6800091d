"""Pages of category suggestion: what the model reached, where it is trusted, the nights' learning, the way back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import settings
from backoffice.errors import NotFound
from backoffice.extensions import db
from backoffice.permissions import requires
from catalog.taxonomies import learning, shelf, threshold, words
from catalog.taxonomies.forms import ThresholdForm
from catalog.taxonomies.models import CategoryModel
from catalog.taxonomies.threshold import Effect
from catalog.taxonomies.views import MANAGE, blueprint

# Thresholds of the table beside the chart.
STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@blueprint.get("/suggestion")
@requires(MANAGE)
def models() -> ResponseReturnValue:
    """Show how right suggestions are by how many are taken, and let the operator choose."""
    return _shown(ThresholdForm(share=format_decimal(threshold.accept())))


def _shown(form: ThresholdForm) -> ResponseReturnValue:
    notes = learning.notes()
    live = next(
        (note for note in learning.live_ones() if note.folder and note.folder == settings.value(shelf.KEY)), None
    )
    curve = threshold.effects(live)
    return render_template(
        "taxonomies/models.html",
        form=form,
        notes=notes,
        live=live,
        verdicts=words.VERDICTS,
        points=[_point(effect) for effect in curve],
        lowest=_lowest(curve),
        table=[threshold.effect_at(curve, step) for step in STEPS] if curve else [],
        accept=threshold.accept(),
        effect=threshold.effect_at(curve, threshold.accept()),
        is_stored=settings.is_stored(threshold.KEY),
        enough=learning.ENOUGH,
        timeline=settings.history(threshold.KEY),
        kept={note.folder for note in notes if note.folder and (shelf.root() / note.folder).exists()},
    ), 422 if form.errors else 200


def _point(effect: Effect) -> dict[str, Any]:
    return {
        "label": f"{format_percent(effect.placed)} ({format_decimal(effect.threshold, '0.00')})",
        "value": effect.right,
        "display": format_percent(effect.right, "#,##0.0 %"),
    }


def _lowest(curve: list[Effect]) -> float:
    """Return where the chart begins: a tenth below the lowest point."""
    return max(0.0, min((effect.right for effect in curve), default=0.0) // 0.1 * 0.1)


@blueprint.post("/suggestion")
@requires(MANAGE)
def set_threshold() -> ResponseReturnValue:
    """Keep the score from which a suggested category is taken without a person."""
    form = ThresholdForm()
    if not form.validate_on_submit():
        return _shown(form)
    try:
        threshold.set_accept(form.share.data, by=current_user)
    except ValueError:
        form.share.errors = [*form.share.errors, _("Write a number from 0 to 1.")]
        return _shown(form)
    db.session.commit()
    flash(_("Saved. It counts for sheets that are read from now on."), "success")
    return redirect(url_for("taxonomies.models"))


@blueprint.post("/suggestion/learn")
@requires(MANAGE)
def learn_now() -> ResponseReturnValue:
    """Have it learned now, in the background."""
    learning.ask(by=current_user)
    db.session.commit()
    flash(_("It is being learned in the background; the result appears below in some minutes."), "info")
    return redirect(url_for("taxonomies.models"))


@blueprint.post("/suggestion/<int:note_id>/back")
@requires(MANAGE)
def go_back(note_id: int) -> ResponseReturnValue:
    """Go back to a former model."""
    note = db.session.get(CategoryModel, note_id)
    if note is None:
        raise NotFound()
    learning.go_back(note, by=current_user)
    db.session.commit()
    flash(_("That model is live again."), "success")
    return redirect(url_for("taxonomies.models"))
