"""Synonyms, and boosts and pins: listed, tried on real queries, saved, ended, put back; as a file out and in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice import audit, navigation
from backoffice.database import key_in
from backoffice.errors import BackofficeError, Invalid, NotFound
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.paging import paginate
from backoffice.permissions import STAFF, Permission, requires
from catalog.gaps import deciding, trademarks
from catalog.models import Product
from catalog.search.port import EngineUnavailable
from catalog.steering import active, files, forms, keeping, previewing, snapshots, words
from catalog.steering.models import RuleKind, SearchRule, SearchSynonym
from catalog.steering.previewing import Comparison
from catalog.views.blueprint import reader_language

blueprint = Blueprint("steering", __name__, url_prefix="/steering")
EDIT = Permission.REVIEW_SHEETS
# Imported for the jobs they handle.
_HANDLERS = (snapshots,)


# ---- synonyms -------------------------------------------------------------------------------------------------------


@blueprint.get("/synonyms")
@requires(EDIT)
def synonyms() -> ResponseReturnValue:
    """List the synonyms that hold, or on request those that ended."""
    return _synonyms(forms.SynonymFileForm())


def _synonyms(form: forms.SynonymFileForm) -> ResponseReturnValue:
    word, ended = request.args.get("q", "").strip(), request.args.get("ended") == "1"
    held = SearchSynonym.ended_at.is_not(None) if ended else SearchSynonym.ended_at.is_(None)
    query = sa.select(SearchSynonym).where(held).options(joinedload(SearchSynonym.author))
    if word:
        like = (
            SearchSynonym.term.icontains(word, autoescape=True),
            SearchSynonym.means.icontains(word, autoescape=True),
        )
        query = query.where(sa.or_(*like))
    page = paginate(query, order=[(SearchSynonym.id, "desc")])
    context = {
        "page": page,
        "word": word,
        "ended": ended,
        "form": form,
        "timeline": audit.timeline(*page.items, limit=20),
    }
    return render_template("steering/synonyms.html", **context), 422 if form.errors else 200


@blueprint.get("/synonyms/new")
@requires(EDIT)
def new_synonym() -> ResponseReturnValue:
    """Try a synonym on real queries; nothing is saved by looking."""
    form = forms.SynonymForm(request.args)
    if not request.args.get("locale"):
        form.locale.data = reader_language()
    tried = bool(request.args.get("means")) and form.validate()
    return _tried_synonym(form, tried=tried)


def _tried_synonym(form: forms.SynonymForm, *, tried: bool) -> ResponseReturnValue:
    comparisons, error, locale, mark = None, None, form.language(), ""
    if tried:
        try:
            entry = keeping.checked_synonym(form.entry(), locale)
            mark = trademarks.crossed(entry.term, entry.means, both_ways=entry.both_ways)
            current = active.current()
            queries = previewing.real_queries((entry.term, entry.means), locale)
            after = keeping.with_synonym(current, entry, locale)
            comparisons, error = _compared(current, after, queries, locale)
        except Invalid as refusal:
            error = forms.explained(refusal.message)
    shown = {"form": form, "comparisons": comparisons, "error": error, "said": forms.said(form) if tried else {}}
    return render_template("steering/synonym.html", mark=mark, **shown)


def _compared(
    before: active.Steering, after: active.Steering, queries: Sequence[tuple[str, int]], locale: Any
) -> tuple[list[Comparison] | None, str | None]:
    try:
        found = previewing.compare(before, after, queries, locale)
    except EngineUnavailable:
        return None, _("The search engine does not answer, so this cannot be tried now.")
    return sorted(found, key=lambda one: (not one.changed, -one.asked)), None


@blueprint.post("/synonyms")
@requires(EDIT)
def add_synonym() -> ResponseReturnValue:
    """Save a synonym that was tried; a missing keyword it came from is settled by it."""
    form = forms.SynonymForm()
    if not form.validate():
        return _tried_synonym(form, tried=False)
    try:
        keeping.add_synonym(form.entry(), form.language(), by=current_user, reason=form.reason.data or "")
        gap = key_in(form.gap.data)
        if gap is not None:
            said = words.arrow(form.entry())
            deciding.decide([gap], deciding.SYNONYM, by=current_user, reader=reader_language(), reason=said)
    except BackofficeError as refusal:
        db.session.rollback()
        flash(forms.explained(refusal.message), "warning")
        return redirect(url_for("steering.new_synonym", **forms.said(form)))
    db.session.commit()
    flash(_("The synonym holds from now on."), "success")
    return redirect(url_for("steering.synonyms"))


def _row_or_404(model: type[Any], number: int) -> Any:
    row = db.session.scalar(sa.select(model).where(model.id == number).with_for_update())
    if row is None:
        raise NotFound()
    return row


def _done(act: Callable[[], object], said: str, endpoint: str) -> ResponseReturnValue:
    try:
        act()
    except Invalid as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    else:
        db.session.commit()
        flash(said, "success")
    return redirect(url_for(endpoint))


@blueprint.post("/synonyms/<int:synonym_id>/end")
@requires(EDIT)
def end_synonym(synonym_id: int) -> ResponseReturnValue:
    """Let a synonym hold no longer; the list offers to put it back."""
    row = _row_or_404(SearchSynonym, synonym_id)
    said = _("“%(term)s” no longer has this synonym.", term=row.term)
    return _done(lambda: keeping.end_synonym(row, by=current_user), said, "steering.synonyms")


@blueprint.post("/synonyms/<int:synonym_id>/restore")
@requires(EDIT)
def restore_synonym(synonym_id: int) -> ResponseReturnValue:
    """Put an ended synonym back."""
    row = _row_or_404(SearchSynonym, synonym_id)
    return _done(
        lambda: keeping.restore_synonym(row, by=current_user), _("The synonym holds again."), "steering.synonyms"
    )


@blueprint.get("/synonyms/list.csv")
@requires(EDIT)
def export_synonyms() -> ResponseReturnValue:
    """Give the synonyms that hold as a file, which is read again as it is."""
    return csv_answer(list(files.exported()), "synonyms.csv")


@blueprint.post("/synonyms/file")
@requires(EDIT)
def read_synonyms() -> ResponseReturnValue:
    """Read a file of synonyms and show what it would add and do to real queries."""
    form = forms.SynonymFileForm()
    if not form.validate_on_submit():
        return _synonyms(form)
    try:
        found = files.read(form.file.data.read(files.MOST_BYTES + 1))
    except Invalid as refusal:
        form.file.errors = [refusal.message]
        return _synonyms(form)
    before = after = active.current()
    for locale, entry in found.new:
        after = keeping.with_synonym(after, entry, locale)
    reader = reader_language()
    terms = [entry.term for locale, entry in found.new if locale == reader][: previewing.HOLDING]
    asked = previewing.real_queries(terms, reader)[: previewing.HOLDING + previewing.MOST_ASKED]
    comparisons, error = _compared(before, after, asked, reader) if found.new else ([], None)
    return render_template("steering/synonym_file.html", found=found, comparisons=comparisons, error=error)


@blueprint.post("/synonyms/file/save")
@requires(EDIT)
def save_synonyms() -> ResponseReturnValue:
    """Add what a file that was looked at holds; what does not hold any more meanwhile is passed over."""
    found = files.read(request.form.get("content", "").encode())
    for locale, entry in found.new:
        keeping.add_synonym(entry, locale, by=current_user, reason=_("from a file"))
    db.session.commit()
    flash(ngettext("%(num)s synonym added.", "%(num)s synonyms added.", len(found.new)), "success")
    return redirect(url_for("steering.synonyms"))


# ---- boosts and pins ------------------------------------------------------------------------------------------------


@blueprint.get("/rules")
@requires(EDIT)
def rules() -> ResponseReturnValue:
    """List the boosts and pins that hold or will, or on request those that ended."""
    ended, word = request.args.get("ended") == "1", request.args.get("q", "").strip()
    held = SearchRule.ended_at.is_not(None) if ended else SearchRule.ended_at.is_(None)
    query = sa.select(SearchRule).where(held).options(joinedload(SearchRule.author))
    if word:
        query = query.where(SearchRule.query.icontains(word, autoescape=True))
    page = paginate(query, order=[(SearchRule.id, "desc")])
    numbers = [int(one.target) for one in page.items if one.kind in (RuleKind.PIN, RuleKind.BOOST_PRODUCT)]
    products = {one.id: one for one in db.session.scalars(sa.select(Product).where(Product.id.in_(numbers)))}
    context = {"page": page, "ended": ended, "word": word, "products": products, "kinds": RuleKind}
    return render_template(
        "steering/rules.html", **context, timeline=audit.timeline(*page.items, limit=20), rule_of=active.rule_of
    )


@blueprint.get("/rules/new")
@requires(EDIT)
def new_rule() -> ResponseReturnValue:
    """Try a boost or pin on real queries; nothing is saved by looking."""
    form = forms.RuleForm(request.args)
    tried = bool(request.args.get("target")) and form.validate()
    return _tried_rule(form, tried=tried)


def _tried_rule(form: forms.RuleForm, *, tried: bool) -> ResponseReturnValue:
    comparisons, error, reader = None, None, reader_language()
    if tried:
        try:
            rule = keeping.checked_rule(form.rule())
            current = active.current()
            queries = previewing.real_queries((rule.query,), reader)
            comparisons, error = _compared(current, keeping.with_rule(current, rule), queries, reader)
        except Invalid as refusal:
            error = forms.explained(refusal.message)
    shown = {"form": form, "comparisons": comparisons, "error": error, "said": forms.said(form) if tried else {}}
    return render_template("steering/rule.html", **shown)


@blueprint.post("/rules")
@requires(EDIT)
def add_rule() -> ResponseReturnValue:
    """Save a boost or pin that was tried."""
    form = forms.RuleForm()
    if not form.validate():
        return _tried_rule(form, tried=False)
    try:
        row = keeping.add_rule(form.rule(), by=current_user, reason=form.reason.data or "")
    except Invalid as refusal:
        db.session.rollback()
        flash(forms.explained(refusal.message), "warning")
        return redirect(url_for("steering.new_rule", **forms.said(form)))
    db.session.commit()
    flash(_("Saved for the search “%(query)s”.", query=row.query), "success")
    return redirect(url_for("steering.rules"))


@blueprint.post("/rules/<int:rule_id>/end")
@requires(EDIT)
def end_rule(rule_id: int) -> ResponseReturnValue:
    """Let a boost or pin hold no longer; the list offers to put it back."""
    row = _row_or_404(SearchRule, rule_id)
    said = _("“%(query)s” is no longer steered by it.", query=row.query)
    return _done(lambda: keeping.end_rule(row, by=current_user), said, "steering.rules")


@blueprint.post("/rules/<int:rule_id>/restore")
@requires(EDIT)
def restore_rule(rule_id: int) -> ResponseReturnValue:
    """Put an ended boost or pin back."""
    row = _row_or_404(SearchRule, rule_id)
    return _done(lambda: keeping.restore_rule(row, by=current_user), _("It holds again."), "steering.rules")


def register(app: Flask) -> None:
    """Add the pages of steering and of queries' stories."""
    from catalog.steering import story_views  # registers its views on the blueprint when imported

    assert story_views.__doc__
    app.register_blueprint(blueprint)
    words.register()
    navigation.add(
        Entry(_l("Searches"), "steering.queries", "search", EDIT, STAFF, 41),
        Entry(_l("Synonyms"), "steering.synonyms", "keywords", EDIT, STAFF, 43),
    )
