"""Pages of the assortment, the published catalogue as files, and the plans of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from backoffice import navigation
from backoffice.errors import Invalid, NotFound
from backoffice.exporting import csv_answer, csv_line
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.permissions import STAFF, Permission, requires
from backoffice.words import register_verbs
from catalog import sheet_page
from catalog.assortment import published, schedule
from catalog.assortment.merchant import FORMATS, REQUIRED, Shop, lacking
from catalog.assortment.models import PlannedAct
from catalog.assortment.reports import REPORTS, Report
from catalog.lifecycle import Action
from catalog.models import Listing
from catalog.sheets import Locale
from catalog.views.blueprint import listing_or_404, reader_language
from catalog.views.sheets import sheet_shown

blueprint = Blueprint("assortment", __name__, url_prefix="/assortment")
FIRST = "best-sellers"


def _report_or_404(name: str) -> Report:
    if name not in REPORTS:
        raise NotFound()
    return REPORTS[name]


@blueprint.get("/")
@blueprint.get("/<string:name>")
@requires(Permission.READ_REPORTS)
def report(name: str = FIRST) -> ResponseReturnValue:
    """Show one report of the assortment, with the others as tabs."""
    shown = _report_or_404(name)
    tabs = [
        {"label": one.label, "url": url_for("assortment.report", name=key), "active": key == name}
        for key, one in REPORTS.items()
    ]
    return render_template(
        "catalog/assortment.html", name=name, report=shown, page=shown.page(), tabs=tabs, formats=list(FORMATS)
    )


@blueprint.get("/<string:name>.csv")
@requires(Permission.READ_REPORTS)
def export_report(name: str) -> ResponseReturnValue:
    """Give a whole report as a CSV file, streamed."""
    return csv_answer(_csv(_report_or_404(name)), f"{name}.csv")


def _csv(shown: Report) -> Iterator[str]:
    yield "\ufeff" + csv_line([_("Name"), *(label for label, _numeric in shown.columns)])
    for one in shown.every():
        yield csv_line([one.title, *one.cells])


@blueprint.get("/refused-by-google.csv")
@requires(Permission.READ_REPORTS)
def export_refused() -> ResponseReturnValue:
    """Give the published products that Google refuses in a file of one language as CSV, each with why, streamed."""
    locale = _asked_language()
    return csv_answer(_refused(locale), f"refused-by-google-{locale}.csv")


def _refused(locale: Locale) -> Iterator[str]:
    reader = reader_language()
    yield "\ufeff" + csv_line(["id", _("Title"), _("Vendor"), _("Why Google refuses it")])
    for item in published.items(locale):
        if lacks := lacking(item, locale):
            yield csv_line([item["id"], item["title"], item["external_seller_id"], _why_refused(lacks, reader)])


def _why_refused(lacks: Sequence[str], reader: Locale) -> str:
    missing = [sheet_page.label(name, reader) for name in lacks if name in REQUIRED]
    said = [_("lacks: %(attributes)s", attributes=", ".join(missing))] if missing else []
    if "content_language" in lacks:
        said.append(_("is not written in the language of the file"))
    return ", ".join(said)


def _asked_language() -> Locale:
    asked = request.args.get("locale", "")
    return reader_language() if asked not in ("fr", "en") else "fr" if asked == "fr" else "en"


@blueprint.get("/catalogue.<any(xml, csv, jsonl):extension>")
@requires(Permission.READ_REPORTS)
def export_catalogue(extension: str) -> ResponseReturnValue:
    """Give the published catalogue in one format and language, streamed."""
    locale = _asked_language()
    writing = FORMATS[extension]
    shop = Shop(current_app.config["OPERATOR_NAME"], current_app.config["BASE_URL"], locale)
    lines = stream_with_context(writing.write(published.items(locale), shop))
    answer = Response(lines, content_type=f"{writing.media_type}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"catalogue-{locale}.{extension}")
    return answer


@blueprint.post("/sheets/<int:listing_id>/plans")
@requires(Permission.REVIEW_SHEETS)
def plan(listing_id: int) -> ResponseReturnValue:
    """Plan that a sheet is withdrawn or restored at a time of the marketplace's clock."""
    listing = listing_or_404(listing_id, to_decide=True)
    action = request.form.get("action", "")
    if action not in set(Action):
        raise Invalid(_("Only withdrawing and restoring can be planned."))
    try:
        schedule.plan(listing, Action(action), _moment(request.form.get("due_at", "")), by=current_user)
    except Invalid as refusal:
        db.session.rollback()
        refused = {"said": refusal.message, "action": action, "due_at": request.form.get("due_at", "")}
        return sheet_shown(listing_or_404(listing_id, to_decide=True), plan_refused=refused), 422
    db.session.commit()
    flash(_("It is planned."), "success")
    return redirect(url_for("catalog.sheet", listing_id=listing.id))


def _moment(written: str) -> datetime:
    """Return a time written in the marketplace's own time zone; raises Invalid where it is none."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid(_("Choose a day and an hour.")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(current_app.config["TIMEZONE"]))


@blueprint.post("/plans/<int:plan_id>/cancel")
@requires(Permission.REVIEW_SHEETS)
def cancel_plan(plan_id: int) -> ResponseReturnValue:
    """Take a plan back before its time."""
    planned = db.session.get(PlannedAct, plan_id)
    if planned is None:
        raise NotFound()
    listing_id = planned.listing_id
    schedule.cancel(planned, by=current_user)
    db.session.commit()
    flash(_("The plan was taken back."), "success")
    return redirect(url_for("catalog.sheet", listing_id=listing_id))


def _plans(listing: Listing) -> dict[str, Any]:
    """Return what the sheet's page shows of plans: those that wait, and what may be planned."""
    return {"waiting": schedule.plans_of(listing), "actions": schedule.PLANNABLE}


def register(app: Flask) -> None:
    """Add the pages, their navigation, and the words of what they write to the trail."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["plans_of"] = _plans
    register_verbs(
        {
            "listing.plan": _l("planned an act"),
            "listing.unplan": _l("took a plan back"),
            "listing.plan_refused": _l("could not carry out a plan"),
        }
    )
    navigation.add(Entry(_l("Assortment"), "assortment.report", "reports", Permission.READ_REPORTS, STAFF, order=39))
