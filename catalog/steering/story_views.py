"""What customers search, and each query's story, with the acts that may mend it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.database import key_in
from backoffice.errors import BackofficeError, NotFound
from backoffice.exporting import csv_answer, csv_line
from backoffice.extensions import db
from backoffice.permissions import requires
from catalog import demand, review, searching
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query
from catalog.steering import forms, previewing, snapshots, story
from catalog.steering.views import EDIT, blueprint
from catalog.views.blueprint import listing_or_404, reader_language

SHOWN = 50
# Nobody pages further; an offset costs what it passes over.
FURTHEST = 99_999
EXPORTED = 10_000


@blueprint.get("/queries")
@requires(EDIT)
def queries() -> ResponseReturnValue:
    """List what customers searched of late: all, what found nothing, what found little."""
    kind, word = request.args.get("kind", "all"), request.args.get("q", "").strip()
    after = min(key_in(request.args.get("from")) or 0, FURTHEST)
    found = demand.queries(kind, word, limit=SHOWN + 1, after=after)
    more = url_for("steering.queries", kind=kind, q=word or None, **{"from": after + SHOWN})
    context: dict[str, Any] = {"kind": kind if kind in demand.KINDS else "all", "word": word, "totals": demand.totals()}
    return render_template(
        "steering/queries.html", **context, found=found[:SHOWN], more=more if len(found) > SHOWN else None
    )


@blueprint.get("/queries/list.csv")
@requires(EDIT)
def export_queries() -> ResponseReturnValue:
    """Give the list of searches as a file."""
    lines = [csv_line((_("Searched for"), _("Times"), _("Found nothing"), _("Found little"), _("Opened")))]
    for one in demand.queries(request.args.get("kind", "all"), request.args.get("q", ""), limit=EXPORTED):
        lines.append(csv_line((one.query, one.asked, one.empty, one.few, one.clicked)))
    return csv_answer(lines, "searches.csv")


@blueprint.get("/queries/story")
@requires(EDIT)
def query_story() -> ResponseReturnValue:
    """Tell a query's story: weeks, results now, what changed them, and what should have been found."""
    query = demand.normalized(request.args.get("q", ""))
    if not query:
        raise NotFound()
    reader = reader_language()
    weeks = [{"label": format_date(monday, "d MMM"), "value": asked} for monday, asked, _empty in demand.by_week(query)]
    context: dict[str, Any] = {"query": query, "weeks": weeks, "asked": demand.of_query(query), "results": None}
    try:
        _ask, results = searching.search(Query(query, reader, limit=previewing.FIRST))
        poor = results.total < demand.FEW or results.partial or results.mended
        found = frozenset(hit.id for hit in results.hits) if not (results.partial or results.mended) else frozenset()
        context |= {"results": results, "missed": story.nearest(query, reader, found=found) if poor else []}
    except EngineUnavailable:
        context["missed"] = []
    context["changes"] = [
        (one, previewing.lines(one.before, one.after) if one.after is not None else [])
        for one in snapshots.of_query(query)
    ]
    return render_template("steering/story.html", **context, form=forms.KeywordForm())


@blueprint.post("/queries/keyword")
@requires(EDIT)
def add_keyword() -> ResponseReturnValue:
    """Give a sheet the words of a query, so that it is found by them."""
    form = forms.KeywordForm()
    if not form.validate_on_submit():
        raise NotFound()
    listing, term = listing_or_404(form.listing.data, to_decide=True), form.term.data
    try:
        review.hold_trademark(listing, term, "")
        snapshots.before_keyword(term, reader_language(), term, also=(demand.normalized(term),))
        evidence = _("Customers search “%(term)s”.", term=term)
        review.add_keyword(listing, term, by=current_user, evidence=evidence)
    except BackofficeError as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    else:
        db.session.commit()
        flash(_("“%(title)s” will be found by “%(term)s” within a minute.", title=listing.title, term=term), "success")
    return redirect(url_for("steering.query_story", q=term))
