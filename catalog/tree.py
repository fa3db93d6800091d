"""The marketplace's category tree as the database has it, read once and kept until it changes.

Not here: the tree's own rules (`catalog.taxonomy`), which this loads into a `Taxonomy` with the rows' ids beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app, g

from backoffice import audit
from backoffice.extensions import db
from catalog import taxonomy
from catalog.models import Category
from catalog.sheets import Locale
from catalog.taxonomy import Taxonomy


@dataclass(frozen=True)
class Tree:
    """A taxonomy with the database ids of its categories; `version` changes with every change of the rows."""

    version: tuple[int, ...]
    taxonomy: Taxonomy
    ids: dict[str, int]

    @cached_property
    def codes(self) -> dict[int, str]:
        """Return the categories' codes by their database ids."""
        return {number: code for code, number in self.ids.items()}

    def path(self, code: str | None, locale: str) -> str:
        """Return the labels from the root, or nothing for an unknown category."""
        reader: Locale = "fr" if locale.startswith("fr") else "en"
        return self.taxonomy.path(code, reader) if code and code in self.taxonomy else ""

    def label(self, code: str | None, locale: str) -> str:
        """Return the category's own label, or nothing."""
        reader: Locale = "fr" if locale.startswith("fr") else "en"
        return self.taxonomy[code].label(reader) if code and code in self.taxonomy else ""

    def lineage(self, code: str | None) -> tuple[int, ...]:
        """Return the database ids of the category and all above it."""
        if not code or code not in self.taxonomy:
            return ()
        codes = [one.id for one in self.taxonomy.ancestors(code)]
        return tuple(self.ids[one] for one in dict.fromkeys([*codes, code]))


def current() -> Tree:
    """Return the tree; built in where the marketplace has loaded none."""
    if "category_tree" in g:
        kept: Tree = g.category_tree
        return kept
    version = _version()
    cached: Tree | None = current_app.extensions.get("category_tree")
    if cached is None or cached.version != version:
        cached = _read(version)
        current_app.extensions["category_tree"] = cached
    g.category_tree = cached
    return cached


def _version() -> tuple[int, ...]:
    query = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.max(Category.id), 0), sa.func.count(Category.retired_at)
    )
    return tuple(db.session.execute(query).one())


def _read(version: tuple[int, ...]) -> Tree:
    rows = db.session.scalars(sa.select(Category).order_by(Category.id)).all()
    if not rows:
        return Tree(version, Taxonomy.builtin(), _numbers(Taxonomy.builtin()))
    codes = {row.id: row.code for row in rows}
    categories = [
        taxonomy.Category(row.code, codes.get(row.parent_id or 0), {"fr": row.label_fr, "en": row.label_en})
        for row in rows
    ]
    return Tree(version, Taxonomy.of(categories), {row.code: row.id for row in rows})


def _numbers(built_in: Taxonomy) -> dict[str, int]:
    """The built-in tree has no rows: its categories are numbered by their own codes, or by place where these are words."""
    return {one.id: int(one.id) if one.id.isdigit() else -place for place, one in enumerate(built_in, 1)}


def load(categories: Iterable[taxonomy.Category], *, by: Any = None) -> int:
    """Add or update categories in the database, parents first; returns how many there are now. The caller commits."""
    known = {row.code: row for row in db.session.scalars(sa.select(Category))}
    last: Category | None = None
    for one in categories:
        row = known.get(one.id)
        if row is None:
            row = known[one.id] = Category(code=one.id)
            db.session.add(row)
        row.label_fr = one.labels.get("fr") or row.label_fr or ""
        row.label_en = one.labels.get("en") or row.label_en or ""
        last = row
    db.session.flush()
    for one in categories:
        known[one.id].parent_id = known[one.parent].id if one.parent else None
    if last is not None:
        db.session.flush()
        audit.record("category.load", last, by=by, changes={"categories": (None, len(known))})
    current_app.extensions.pop("category_tree", None)
    g.pop("category_tree", None)
    return len(known)
