"""Pages of what the operator rules: the matrix of levels, the lists of values, the duties of the law."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.errors import Invalid, NotFound
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from catalog import tree
from catalog.attributes import ATTRIBUTES
from catalog.gates import all_gates
from catalog.harmonization.listed import LISTABLE
from catalog.requirements import EVERYWHERE, Level
from catalog.taxonomies import counting, duties, files, levels, ruling, values, words
from catalog.taxonomies.forms import FileForm, ValueForm, content_of
from catalog.taxonomies.models import ListedValue
from catalog.taxonomies.views import MANAGE, blueprint
from catalog.taxonomy import TaxonomyRefused
from catalog.views.blueprint import reader_language

# Attributes that the matrix shows first: what most categories speak of.
FIRST = ("title", "description", "brand", "price", "image_link", "gtin", "color", "size", "material", "mpn")
# More columns than this nobody reads at once.
ACROSS = 4
KEPT = "kept"


@blueprint.get("/levels")
@requires(Permission.READ_CATALOG)
def matrix() -> ResponseReturnValue:
    """Show the levels of a branch: categories down, attributes across."""
    return _matrix(FileForm())


def _matrix(form: FileForm) -> ResponseReturnValue:
    current, code = tree.current(), request.args.get("in") or None
    if code is not None and code not in current.taxonomy:
        raise NotFound()
    requirements = levels.current()
    asked = _asked(code, requirements)
    codes = [code or EVERYWHERE, *(one.id for one in current.below(code, reader_language()))]
    rows = [
        (
            one,
            current.path(one, reader_language()) if one != EVERYWHERE else _("All categories"),
            [(name, _level(requirements, one, name), requirements.origin(_real(one), name) == one) for name in asked],
        )
        for one in codes
    ]
    return render_template(
        "taxonomies/levels.html",
        rows=rows,
        code=code,
        above=[*current.taxonomy.ancestors(code), current.taxonomy[code]] if code else [],
        asked=asked,
        offered=levels.ASKABLE,
        all_levels=list(Level),
        label=attribute_label,
        reader=reader_language(),
        tree=current,
        form=form,
    ), 422 if form.errors else 200


def _real(code: str) -> str | None:
    return None if code == EVERYWHERE else code


def _level(requirements: Any, code: str, name: str) -> Level:
    found: Level = requirements.level(_real(code), name)
    return found


def _asked(code: str | None, requirements: Any) -> list[str]:
    """Return the attributes across: the one asked for, then what this branch speaks of itself, then the usual ones."""
    named = [name for name in request.args.getlist("attribute") if name in levels.ASKABLE]
    branch = tree.current().taxonomy.branch(code) if code else [EVERYWHERE]
    own = [name for one in branch for name in requirements.levels.get(one, {})]
    return list(dict.fromkeys([*named, *own, *FIRST]))[:ACROSS]


def attribute_label(name: str) -> str:
    """Return an attribute's name in the reader's language."""
    return ATTRIBUTES[name].label(reader_language()) if name in ATTRIBUTES else _("Category")


@blueprint.post("/levels")
@requires(MANAGE)
def put_levels() -> ResponseReturnValue:
    """Set the levels that were chosen; what was not touched stays as it is."""
    asked: list[tuple[str, str, Level | None]] = []
    for name, said in request.form.items():
        code, _parted, attribute = name.removeprefix("level:").rpartition(":")
        if not name.startswith("level:") or said == KEPT:
            continue
        if said and said not in set(Level):
            raise Invalid(words.unknown_level(said))
        asked.append((code, attribute, Level(said) if said else None))
    count = ruling.put_levels(asked, by=current_user)
    db.session.commit()
    flash(_("Levels changed: %(count)s. Sheets are judged again in the background.", count=count), "success")
    return redirect(url_for("taxonomies.matrix", **{"in": request.form.get("in") or None}))


@blueprint.get("/levels.csv")
@requires(Permission.READ_CATALOG)
def export_levels() -> ResponseReturnValue:
    """Give all stated levels as a CSV file."""
    return csv_answer(files.levels_csv(), "levels.csv")


@blueprint.post("/levels.csv")
@requires(MANAGE)
def load_levels() -> ResponseReturnValue:
    """Take levels from a file; a faulty one is refused at its field with its line."""
    form = FileForm()
    count = _taken(form, files.take_levels)
    if count is None:
        return _matrix(form)
    flash(_("Levels changed: %(count)s. Sheets are judged again in the background.", count=count), "success")
    return redirect(url_for("taxonomies.matrix"))


def _taken(form: FileForm, take: Any) -> int | None:
    """Take a file and commit; None with the reason at the field."""
    content = content_of(form.file) if form.validate_on_submit() else None
    if content is None:
        return None
    try:
        count: int = take(content, by=current_user)
    except TaxonomyRefused as refused:
        db.session.rollback()
        form.file.errors = [*form.file.errors, refused.message(reader_language())]
        return None
    db.session.commit()
    return count


@blueprint.get("/lists")
@requires(Permission.READ_CATALOG)
def lists() -> ResponseReturnValue:
    """Show an attribute's values: built in, and the operator's own beside."""
    return _lists(ValueForm(), FileForm())


def _lists(form: ValueForm, sent: FileForm) -> ResponseReturnValue:
    attribute = request.args.get("attribute") or LISTABLE[0]
    if attribute not in LISTABLE:
        raise NotFound()
    return render_template(
        "taxonomies/lists.html",
        attribute=attribute,
        attributes=[(name, attribute_label(name)) for name in LISTABLE],
        shown=values.listed(attribute),
        coded=attribute in values.CODED,
        form=form,
        sent=sent,
    ), 422 if form.errors or sent.errors else 200


@blueprint.post("/lists")
@requires(MANAGE)
def put_value() -> ResponseReturnValue:
    """Add a value, or words for one."""
    form, attribute = ValueForm(), request.args.get("attribute", "")
    if form.validate_on_submit():
        try:
            ruling.put_value(
                attribute, form.value.data or "", label_en=form.label_en.data or "", synonyms=form.synonyms(),
                more=True, by=current_user,
            )  # fmt: skip
        except Invalid as refused:
            db.session.rollback()
            form.value.errors = [*form.value.errors, refused.message]
        else:
            db.session.commit()
            flash(_("The list was changed. Sheets that are read from now on follow it."), "success")
            return redirect(url_for("taxonomies.lists", attribute=attribute))
    return _lists(form, FileForm(formdata=None))


@blueprint.post("/lists/<int:value_id>/drop")
@requires(MANAGE)
def drop_value(value_id: int) -> ResponseReturnValue:
    """Take an own value or own words out of a list."""
    row = db.session.get(ListedValue, value_id)
    if row is None:
        raise NotFound()
    attribute = row.attribute
    ruling.drop_value(row, by=current_user)
    db.session.commit()
    flash(_("The list was changed. Sheets that are read from now on follow it."), "success")
    return redirect(url_for("taxonomies.lists", attribute=attribute))


@blueprint.get("/lists.csv")
@requires(Permission.READ_CATALOG)
def export_values() -> ResponseReturnValue:
    """Give the operator's own values as a CSV file."""
    return csv_answer(files.values_csv(), "values.csv")


@blueprint.post("/lists.csv")
@requires(MANAGE)
def load_values() -> ResponseReturnValue:
    """Take values from a file; a faulty one is refused at its field with its line."""
    form = FileForm()
    count = _taken(form, files.take_values)
    if count is None:
        return _lists(ValueForm(formdata=None), form)
    flash(_("Values taken: %(count)s.", count=count), "success")
    return redirect(url_for("taxonomies.lists"))


@blueprint.get("/duties")
@requires(MANAGE)
def gates() -> ResponseReturnValue:
    """Show the duties of the law that may be switched on, and what they would ask of present sheets."""
    taxonomy, chosen = tree.current().taxonomy, duties.choices()
    counts = counting.own_counts()
    everything = sum(counts.values())
    shown = []
    for code, gate in all_gates().items():
        choice = chosen.get(code, {})
        codes = choice.get("categories") or gate.categories
        below = {one for top in codes if top in taxonomy for one in taxonomy.branch(top)}
        sheets = everything if EVERYWHERE in codes else sum(counts.get(one, 0) for one in below)
        since = date.fromisoformat(gate.since)
        shown.append((gate, words.GATES[code], choice, " ".join(codes), sheets, since))
    return render_template("taxonomies/gates.html", shown=shown)


@blueprint.post("/duties")
@requires(MANAGE)
def put_gates() -> ResponseReturnValue:
    """Switch duties on, as warnings or as what blocks publication, or off."""
    said = {}
    for code, gate in all_gates().items():
        severity = request.form.get(f"severity-{code}", "")
        if severity in ("warning", "error"):
            codes = request.form.get(f"categories-{code}", "").replace(",", " ").split()
            said[code] = {"severity": severity, "categories": [] if tuple(codes) == gate.categories else codes}
    ruling.set_gates(said, by=current_user)
    db.session.commit()
    flash(_("Saved. Sheets are judged again in the background."), "success")
    return redirect(url_for("taxonomies.gates"))
