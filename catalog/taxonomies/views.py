"""Pages of the tree: one level of it, one category with what stands on it, adding, renaming, moving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from backoffice import audit, navigation
from backoffice.database import key_in
from backoffice.errors import BackofficeError, Invalid, NotFound
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.options import in_reading_order
from backoffice.permissions import STAFF, Permission, Role, may, requires
from catalog import issues, tree
from catalog.models import Category
from catalog.taxonomies import counting, editing, files, levels, successions, updates, words
from catalog.taxonomies.forms import CategoryForm, TreeForm
from catalog.views.blueprint import reader_language

blueprint = Blueprint("taxonomies", __name__, url_prefix="/categories")
MANAGE = Permission.MANAGE_TAXONOMY
FOUND = 50


@blueprint.get("")
@requires(Permission.READ_CATALOG)
def index() -> ResponseReturnValue:
    """Show one level of the tree, or the categories that a word finds."""
    return _shown(TreeForm())


def _shown(form: TreeForm) -> ResponseReturnValue:
    reader, current = reader_language(), tree.current()
    code, word = request.args.get("in") or None, request.args.get("q", "").strip()
    if code is not None and code not in current.taxonomy:
        raise NotFound()
    shown = current.taxonomy.search(word, reader, FOUND) if word else current.below(code, reader)
    codes = [one.id for one in shown]
    above = [*current.taxonomy.ancestors(code), current.taxonomy[code]] if code else []
    managing = may(current_user, MANAGE)
    return render_template(
        "taxonomies/index.html",
        shown=shown,
        above=above,
        counts=counting.branch_counts(current.taxonomy, codes) if current_user.is_staff else {},
        tree=current,
        word=word,
        reader=reader,
        form=form if managing else None,
        waiting=updates.waiting() if managing else None,
    ), 422 if form.errors else 200


@blueprint.post("")
@requires(MANAGE)
def load() -> ResponseReturnValue:
    """Take a tree from a file: the first as it is, a later one after it was compared and a person agreed."""
    form = TreeForm()
    read = form.read(reader_language()) if form.validate_on_submit() else None
    if read is None:
        return _shown(form)
    if db.session.scalar(sa.select(Category.id).limit(1)) is None:
        total = tree.load(read, by=current_user)
        db.session.commit()
        flash(_("%(read)s categories read; the tree has %(total)s.", read=len(read), total=total), "success")
        return redirect(url_for("taxonomies.index"))
    name = form.file.data.filename or ""
    row = updates.propose(read, name, reader_language(), whole=bool(form.whole.data), by=current_user)
    db.session.commit()
    return redirect(url_for("taxonomies.update", update_id=row.id))


@blueprint.get("/tree.csv")
@requires(Permission.READ_CATALOG)
def export_tree() -> ResponseReturnValue:
    """Give the tree as a CSV file, which is read again as it is."""
    return csv_answer(files.tree_csv(), "categories.csv")


def row_or_404(code: str) -> Category | None:
    """Return the category's row, None where the built-in tree has it without one; raises NotFound for another code."""
    if code not in tree.current().taxonomy:
        raise NotFound()
    return db.session.scalar(sa.select(Category).where(Category.code == code))


@blueprint.get("/at/<string:code>")
@requires(Permission.READ_CATALOG)
def show(code: str) -> ResponseReturnValue:
    """Show a category: its place, names, sheets, what it asks for, its history; an ended one leads to its successor."""
    standing = tree.current().taxonomy.standing(code)
    if standing not in (None, code):
        flash(_("The category %(code)s has ended; this one took its place.", code=code), "info")
        return redirect(url_for("taxonomies.show", code=standing))
    return _category_page(code, _names_form(row_or_404(code), code))


def _names_form(row: Category | None, code: str) -> CategoryForm:
    labels = tree.current().taxonomy[code].labels
    form = CategoryForm(label_fr=labels.get("fr"), label_en=labels.get("en"))
    form.version.data = str(row.version if row else 1)
    return form


def _category_page(code: str, form: CategoryForm, **errors: Any) -> ResponseReturnValue:
    reader, current, row = reader_language(), tree.current(), row_or_404(code)
    children = current.below(code, reader)
    asked, requirements = levels.ASKABLE, levels.current()
    last = successions.newest(row.id) if row else None
    staff = current_user.is_staff
    stated = [(name, requirements.level(code, name), requirements.origin(code, name)) for name in asked]
    return render_template(
        "taxonomies/category.html",
        one=current.taxonomy[code],
        row=row,
        tree=current,
        reader=reader,
        children=children,
        counts=counting.branch_counts(current.taxonomy, [code, *(one.id for one in children)]) if staff else {},
        levels=[line for line in stated if line[2] is not None],
        form=form if may(current_user, MANAGE) else None,
        last=last if last and may(current_user, MANAGE) and successions.refusal(last) is None else None,
        choices=choices_of(),
        errors=errors,
        timeline=audit.timeline(row) if staff else [],
    ), 422 if errors or form.errors else 200


def choices_of() -> list[tuple[str, str]]:
    """Return (code, path) of every category as a field suggests them, by path."""
    current, reader = tree.current(), reader_language()
    return in_reading_order((one.id, current.path(one.id, reader)) for one in current.taxonomy)


def chosen(field: str) -> str | None:
    """Return the category that a field names: by number, whole path, or a name that one alone has; else raises Invalid."""
    said = request.form.get(field, "").strip()
    if not said:
        return None
    taxonomy = tree.current().taxonomy
    code = said.rsplit("(", 1)[-1].removesuffix(")") if said.endswith(")") else said
    for one in (said, code):
        if one in taxonomy:
            return one
    named = taxonomy.by_path(said, "fr") or taxonomy.by_path(said, "en")
    same = [one for one in taxonomy if said.casefold() in {label.casefold() for label in one.labels.values()}]
    if named is None and len(same) != 1:
        raise Invalid(words.unknown_category(said), details={field: words.unknown_category(said)})
    return (named or same[0]).id


@blueprint.route("/new", methods=["GET", "POST"])
@requires(MANAGE)
def new() -> ResponseReturnValue:
    """Add a category."""
    form = CategoryForm(parent=request.args.get("in", ""))
    if form.validate_on_submit():
        try:
            row = editing.add(
                form.code.data or "", chosen("parent"), form.label_fr.data or "", form.label_en.data or "",
                by=current_user,
            )  # fmt: skip
        except (Invalid, NotFound) as refused:
            db.session.rollback()
            tree.forget()
            _at_field(form, refused)
        else:
            db.session.commit()
            flash(_("“%(name)s” was added.", name=words.name_of(row)), "success")
            return redirect(url_for("taxonomies.show", code=row.code))
    status = 422 if form.is_submitted() else 200
    return render_template("taxonomies/new.html", form=form, choices=choices_of()), status


def _at_field(form: CategoryForm, refused: BackofficeError) -> None:
    details = refused.details or {"parent": refused.message}
    for name, sentence in details.items():
        form[name].errors = [*form[name].errors, sentence]


def _acted(code: str, act: Callable[[Category], Any], field: str) -> ResponseReturnValue | None:
    """Do an act on the version of the category that the page showed; None once done, else the page with the reason."""
    version = key_in(request.form.get("version")) or 0
    try:
        act(editing.opened(code, version, by=current_user))
    except BackofficeError as refused:
        if isinstance(refused, NotFound):
            raise
        db.session.rollback()
        tree.forget()
        form = CategoryForm() if field == "label_fr" else _names_form(row_or_404(code), code)
        return _category_page(code, form, **{field: refused.message})
    db.session.commit()
    return None


@blueprint.post("/at/<string:code>/rename")
@requires(MANAGE)
def rename(code: str) -> ResponseReturnValue:
    """Give a category other names."""
    said = request.form
    refused = _acted(
        code,
        lambda row: editing.rename(row, said.get("label_fr", ""), said.get("label_en", ""), by=current_user),
        "label_fr",
    )
    if refused is None:
        flash(_("The names were changed."), "success")
    return refused or redirect(url_for("taxonomies.show", code=code))


@blueprint.post("/at/<string:code>/move")
@requires(MANAGE)
def move(code: str) -> ResponseReturnValue:
    """Put a category under another one, or at the top."""
    refused = _acted(code, lambda row: editing.move(row, chosen("parent"), by=current_user), "parent")
    if refused is None:
        flash(_("The category was moved with all below it."), "success")
    return refused or redirect(url_for("taxonomies.show", code=code))


def register(app: Flask) -> None:
    """Add the pages, words and work of the tree's administration to the house."""
    from catalog.taxonomies import ending_views, learning, model_views, ruling_views, update_views

    for pages in (ending_views, model_views, ruling_views, update_views, learning):
        assert pages.__doc__  # each registers its views or its jobs when imported
    app.register_blueprint(blueprint)
    app.jinja_env.filters["attribute_name"] = issues.attribute_label
    app.jinja_env.globals["attribute_name"] = issues.attribute_label
    words.register()
    vendors = frozenset({Role.VENDOR_USER})
    navigation.add(
        Entry(_l("Categories"), "taxonomies.index", "categories", Permission.READ_CATALOG, STAFF | vendors, 40)
    )
