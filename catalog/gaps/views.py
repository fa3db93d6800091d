"""Missing keywords as editors decide them, and as a vendor reads its own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.database import key_in
from backoffice.errors import BackofficeError, NotFound
from backoffice.exporting import csv_answer, csv_line
from backoffice.extensions import db
from backoffice.paging import Page, paginate
from backoffice.permissions import Permission, Role, requires
from backoffice.vendors.models import Vendor
from catalog import demand, gap_words
from catalog import words as catalogue_words
from catalog.gaps import deciding, trademarks, words
from catalog.gaps.models import GapBatch, OpenGap
from catalog.models import Listing
from catalog.views.blueprint import blueprint, reader_language

SHOWN = (Listing.id, Listing.sku, Listing.title, Listing.keywords, Listing.values, Listing.locale)
VOLUMES = ("1", "10", "100")


@blueprint.get("/keywords")
@requires(Permission.REVIEW_SHEETS)
def keywords() -> ResponseReturnValue:
    """List the open missing keywords, those that customers search most first."""
    query, filters = _narrowed(sa.select(OpenGap))
    loaded = query.options(joinedload(OpenGap.listing).load_only(*SHOWN), joinedload(OpenGap.vendor))
    page = paginate(loaded, order=[(OpenGap.volume, "desc"), (OpenGap.id, "desc")])
    batch = key_in(request.args.get("decided"))
    return render_template(
        "gaps/index.html",
        page=page,
        told={gap.id: _told(gap) for gap in page.items},
        narrowing=filters,
        searches=demand.without_results(),
        batch=db.session.get(GapBatch, batch) if batch else None,
        kept={name: request.args[name] for name in ("kind", "vendor", "volume") if request.args.get(name)},
    )


def _narrowed(query: sa.Select[Any]) -> tuple[sa.Select[Any], list[dict[str, Any]]]:
    kind, vendor, volume = (request.args.get(name, "") for name in ("kind", "vendor", "volume"))
    if kind in catalogue_words.KEYWORD_KINDS:
        query = query.where(OpenGap.kind == kind)
    if (of_vendor := key_in(vendor)) is not None:
        query = query.where(OpenGap.vendor_id == of_vendor)
    if volume in VOLUMES:
        query = query.where(OpenGap.volume >= int(volume))
    vendors = db.session.execute(sa.select(Vendor.id, Vendor.name).order_by(Vendor.name))
    kinds = [(name, str(said)) for name, said in catalogue_words.KEYWORD_KINDS.items() if name != "added_by_editor"]
    volumes = [(one, _("%(count)s times or more", count=one)) for one in VOLUMES]
    return query, [
        {"name": "kind", "label": _("Kind"), "value": kind, "options": [("", _("All kinds")), *kinds]},
        {"name": "vendor", "label": _("Vendor"), "value": vendor,
         "options": [("", _("All vendors")), *((str(number), name) for number, name in vendors)]},
        {"name": "volume", "label": _("Searched"), "value": volume, "options": [("", _("Any number")), *volumes]},
    ]  # fmt: skip


def _told(gap: OpenGap) -> dict[str, Any]:
    """Return what a line shows of a gap: its evidence, its kind in words, and what may be done with it and why."""
    found = next((one for one in gap.listing.keywords if one["term"] == gap.term), {})
    judged = trademarks.judge(gap.term, gap.kind, gap.listing.values)
    return {
        "kind": catalogue_words.keyword_kind(gap.kind),
        "evidence": gap_words.told(found, reader_language()),
        "open": found.get("state") == "open",
        "addable": judged.standing in trademarks.ADDABLE,
        "why": "" if judged.standing == trademarks.Standing.FREE else judged.why(reader_language()),
        "standing": judged.standing,
    }


@blueprint.post("/keywords/decide")
@requires(Permission.REVIEW_SHEETS)
def decide_keywords() -> ResponseReturnValue:
    """Take or refuse the chosen keywords; what may not be taken together is passed over and said."""
    ids = [key for one in request.form.getlist("selected") if (key := key_in(one)) is not None]
    kept = {name: request.form[name] for name in ("kind", "vendor", "volume") if request.form.get(name)}
    try:
        done = deciding.decide(
            ids,
            {"accept": deciding.ACCEPTED, "refuse": deciding.REFUSED}.get(request.form.get("action", ""), ""),
            by=current_user,
            reader=reader_language(),
            reason=request.form.get("reason", ""),
        )
    except BackofficeError as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
        return redirect(url_for("catalog.keywords", **kept))
    db.session.commit()
    for term, why in done.passed[:5]:
        flash(_("“%(term)s” was passed over: %(why)s", term=term, why=why), "warning")
    if done.batch is not None:
        flash(words.DONE[done.batch.state](len(done.batch.items)), "success")
        kept["decided"] = str(done.batch.id)
    return redirect(url_for("catalog.keywords", **kept))


@blueprint.post("/keywords/batches/<int:batch_id>/undo")
@requires(Permission.REVIEW_SHEETS)
def undo_keywords(batch_id: int) -> ResponseReturnValue:
    """Take back what was decided together, as far as nobody decided otherwise since."""
    batch = db.session.scalar(sa.select(GapBatch).where(GapBatch.id == batch_id).with_for_update())
    if batch is None:
        raise NotFound()
    opened = deciding.undo(batch, by=current_user)
    db.session.commit()
    left = len(batch.items) - opened
    flash(ngettext("%(num)s decision taken back.", "%(num)s decisions taken back.", opened), "success")
    if left:
        flash(_("%(count)s were decided otherwise since and stay.", count=left), "info")
    return redirect(url_for("catalog.keywords"))


@blueprint.get("/keywords/list.csv")
@requires(Permission.REVIEW_SHEETS)
def export_keywords() -> ResponseReturnValue:
    """Give the list out as a file, narrowed as it is shown."""
    query, _filters = _narrowed(sa.select(OpenGap))
    rows = query.options(joinedload(OpenGap.listing).load_only(*SHOWN), joinedload(OpenGap.vendor))
    rows = rows.order_by(OpenGap.volume.desc(), OpenGap.id.desc()).limit(10_000)
    lines = [csv_line((_("Missing word"), _("Kind"), _("Searched"), _("Vendor"), "SKU", _("Sheet"), _("Why")))]
    for gap in db.session.scalars(rows):
        told = _told(gap)
        sheet = gap.listing
        lines.append(
            csv_line((gap.term, told["kind"], gap.volume, gap.vendor.code, sheet.sku, sheet.title, told["evidence"]))
        )
    return csv_answer(lines, "missing-keywords.csv")


@blueprint.get("/my-keywords")
@requires(Permission.IMPORT_SHEETS)
def my_keywords() -> ResponseReturnValue:
    """Show a vendor the words that customers use and its own sheets lack, the most searched first."""
    if current_user.role != Role.VENDOR_USER:
        return redirect(url_for("catalog.keywords"))
    own = sa.select(OpenGap).where(OpenGap.vendor_id == current_user.vendor_id)
    page: Page = paginate(
        own.options(joinedload(OpenGap.listing).load_only(*SHOWN)),
        order=[(OpenGap.volume, "desc"), (OpenGap.id, "desc")],
    )
    return render_template("gaps/mine.html", page=page, told={gap.id: _told(gap) for gap in page.items})
