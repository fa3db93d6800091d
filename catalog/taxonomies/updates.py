"""A newer tree over the one in use: read, compared, kept for a person's word, applied with what they confirmed.

    file(s) ─ refused with the line ─► compared ─► kept ─ person confirms each gone category ─► applied
                     new, renamed, moved: rows · gone: retired with the successor, sheets follow in turns

Promise: nothing changes before the word; a tree that changed meanwhile is compared again; the marketplace's own
categories, which no newer Google tree has, are not taken for gone. Not here: comparing (`comparison`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from catalog import taxonomy, tree
from catalog.models import Category
from catalog.sheets import Locale
from catalog.taxonomies import editing, following, successions, words
from catalog.taxonomies.comparison import Difference, Line, compare
from catalog.taxonomies.models import TaxonomyUpdate
from catalog.taxonomy import Taxonomy, TaxonomyRefused


def propose(new: Taxonomy, name: str, locale: Locale, *, whole: bool, by: Any) -> TaxonomyUpdate:
    """Compare a tree with the one in use and keep the difference; `whole` takes what it lacks for gone.

    The marketplace's own categories and those that hang below a place which stays are never taken for gone.
    """
    lines = [line for line in compare(tree.current().taxonomy, new, locale) if line.kind != Difference.GONE]
    if whole:
        lines = [*(line for line in _gone(new, locale)), *lines]
    row = TaxonomyUpdate(
        name=name[:200],
        categories=[[one.id, one.parent, dict(one.labels)] for one in new],
        lines=[{"kind": one.kind.value, "code": one.code, "before": one.before, "after": one.after,
                "successor": one.successor, "likeness": one.likeness} for one in lines],
        revision=tree.current().revision,
        by_id=getattr(by, "id", None),
    )  # fmt: skip
    db.session.add(row)
    return row


def _gone(new: Taxonomy, locale: Locale) -> list[Line]:
    found = compare(tree.current().taxonomy, new, locale)
    return [line for line in found if line.kind == Difference.GONE and line.code.isdecimal()]


def waiting() -> TaxonomyUpdate | None:
    """Return the newest comparison that waits for a person's word."""
    query = sa.select(TaxonomyUpdate).where(TaxonomyUpdate.applied_at.is_(None), TaxonomyUpdate.dropped_at.is_(None))
    return db.session.scalars(query.order_by(TaxonomyUpdate.id.desc()).limit(1)).first()


def out_of_date(row: TaxonomyUpdate) -> bool:
    """Return whether the tree is another one now than when it was compared."""
    return row.revision != tree.current().revision


def drop(row: TaxonomyUpdate, *, by: Any) -> None:
    """Set a comparison aside without applying it; the caller commits."""
    _refuse_ended(row)
    row.dropped_at = now()
    audit.record("taxonomy.drop", row, by=by)


def _refuse_ended(row: TaxonomyUpdate) -> None:
    if row.applied_at or row.dropped_at:
        raise Conflict(words.update_ended())


def apply(row: TaxonomyUpdate, successors: Mapping[str, str], *, by: Any) -> None:
    """Apply a comparison with the successors a person confirmed (code → code, "" for review). The caller commits.

    Raises Conflict where the tree changed since, Invalid for a successor that will not stand.
    """
    _refuse_ended(row)
    if out_of_date(row):
        raise Conflict(words.tree_changed())
    gone = [line["code"] for line in row.lines if line["kind"] == Difference.GONE]
    _check(gone, successors, {code for code, *_rest in row.categories})
    try:
        tree.load([taxonomy.Category(*one) for one in row.categories], by=by)
        tree.current()
    except TaxonomyRefused as refused:
        raise Invalid(refused.message("en")) from refused
    for code in _deepest_first(gone):
        _end(editing.find(code), successors.get(code) or None, by=by)
    row.applied_at = now()
    following.show_again(None)
    audit.record("taxonomy.apply", row, by=by, changes={"categories": (None, len(row.categories))})


def _check(gone: Sequence[str], successors: Mapping[str, str], standing: set[str]) -> None:
    standing |= {one.id for one in tree.current().taxonomy} - set(gone)
    for code in gone:
        target = successors.get(code)
        if target and target not in standing:
            raise Invalid(words.unknown_category(target), details={code: words.unknown_category(target)})


def _deepest_first(codes: Sequence[str]) -> list[str]:
    standing = tree.current().taxonomy
    return sorted(codes, key=lambda code: (-len(standing.ancestors(code)), code))


def _end(row: Category, successor: str | None, *, by: Any) -> None:
    """End a gone category; what the marketplace itself hung below it goes up to the one above, or to the successor."""
    children = db.session.scalars(
        sa.select(Category).where(Category.parent_id == row.id, Category.retired_at.is_(None))
    ).all()
    target = editing.find(successor) if successor else None
    for child in children:
        child.parent_id = target.id if target else row.parent_id
        child.version += 1
    if children:
        db.session.flush()
        tree.changed()
    successions.retire(row, successor, by=by)
