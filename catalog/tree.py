"""The marketplace's category tree as the database has it, read once and kept until it changes.

Promise: retired categories are not in it, and lead to what took their place. Not here: the tree's own rules
(`catalog.taxonomy`), which this loads into a `Taxonomy` with the rows' ids beside; acts on it (`catalog.taxonomies`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app, g

from backoffice import audit
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.options import in_reading_order
from backoffice.settings import MarketplaceSetting
from catalog import taxonomy
from catalog.models import Category
from catalog.sheets import Locale
from catalog.taxonomy import Taxonomy

# The row that is written anew with every change of the tree, of its levels or of its values.
REVISION = "taxonomy.revision"


@dataclass(frozen=True)
class Tree:
    """A taxonomy with the database ids of its categories; `version` changes with every change of the rows."""

    version: tuple[Any, ...]
    taxonomy: Taxonomy
    ids: dict[str, int]

    @cached_property
    def codes(self) -> dict[int, str]:
        """Return the categories' codes by their database ids."""
        return {number: code for code, number in self.ids.items()}

    @property
    def revision(self) -> str:
        """Return the mark of this state of the tree."""
        return str((self.version[-1] or {}).get("value", ""))

    def path(self, code: str | None, locale: str) -> str:
        """Return the labels from the root, or nothing for an unknown category."""
        reader: Locale = "fr" if locale.startswith("fr") else "en"
        standing = self.taxonomy.standing(code)
        return self.taxonomy.path(standing, reader) if standing else ""

    def below(self, code: str | None, locale: str) -> list[taxonomy.Category]:
        """Return the categories right below one, or the topmost, as a dictionary of this language has their names."""
        found = {one.id: one for one in self.taxonomy.children(code)}
        return [found[each] for each, _ in in_reading_order((each, self.label(each, locale)) for each in found)]

    def label(self, code: str | None, locale: str) -> str:
        """Return the category's own label, or nothing."""
        reader: Locale = "fr" if locale.startswith("fr") else "en"
        standing = self.taxonomy.standing(code)
        return self.taxonomy[standing].label(reader) if standing else ""

    def lineage(self, code: str | None) -> tuple[int, ...]:
        """Return the database ids of the category and all above it."""
        standing = self.taxonomy.standing(code)
        if standing is None:
            return ()
        codes = [one.id for one in self.taxonomy.ancestors(standing)]
        return tuple(self.ids[one] for one in dict.fromkeys([*codes, standing]))


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


def changed() -> None:
    """Mark, in the caller's transaction, that the tree, its levels or its values are others now."""
    row = db.session.scalar(sa.select(MarketplaceSetting).where(MarketplaceSetting.key == REVISION))
    row = row or MarketplaceSetting(key=REVISION)
    db.session.add(row)
    row.value, row.updated_at = {"value": secrets.token_hex(8)}, now()
    db.session.flush()
    forget()


def forget() -> None:
    """Read the tree again when it is next asked for, as after an act that was rolled back."""
    current_app.extensions.pop("category_tree", None)
    g.pop("category_tree", None)


def _version() -> tuple[Any, ...]:
    revision = sa.select(MarketplaceSetting.value).where(MarketplaceSetting.key == REVISION).scalar_subquery()
    query = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.max(Category.id), 0), sa.func.count(Category.retired_at), revision
    )
    return tuple(db.session.execute(query).one())


def _read(version: tuple[Any, ...]) -> Tree:
    rows = db.session.scalars(sa.select(Category).order_by(Category.id)).all()
    if not rows:
        return Tree(version, Taxonomy.builtin(), _numbers(Taxonomy.builtin()))
    codes = {row.id: row.code for row in rows}
    live = [row for row in rows if row.retired_at is None]
    categories = [
        taxonomy.Category(row.code, codes.get(row.parent_id or 0), {"fr": row.label_fr, "en": row.label_en})
        for row in live
    ]
    successors = {row.code: codes[row.successor_id] for row in rows if row.retired_at and row.successor_id}
    return Tree(version, Taxonomy.of(categories, successors=successors), {row.code: row.id for row in live})


def _numbers(built_in: Taxonomy) -> dict[str, int]:
    """The built-in tree has no rows: its categories are numbered by their own codes, or by place where these are words."""
    return {one.id: int(one.id) if one.id.isdigit() else -place for place, one in enumerate(built_in, 1)}


def load(categories: Iterable[taxonomy.Category], *, by: Any = None) -> int:
    """Add or update categories in the database, parents first; returns how many there are now. The caller commits.

    A retired category that the file names stands again.
    """
    given = list(categories)
    known = {row.code: row for row in db.session.scalars(sa.select(Category))}
    last: Category | None = None
    for one in given:
        row = known.get(one.id)
        if row is None:
            row = known[one.id] = Category(code=one.id)
            db.session.add(row)
        row.label_fr = one.labels.get("fr") or row.label_fr or ""
        row.label_en = one.labels.get("en") or row.label_en or ""
        row.retired_at = row.successor_id = None
        last = row
    db.session.flush()
    for one in given:
        known[one.id].parent_id = known[one.parent].id if one.parent else None
    if last is not None:
        db.session.flush()
        audit.record("category.load", last, by=by, changes={"categories": (None, len(known))})
    changed()
    return sum(row.retired_at is None for row in known.values())
