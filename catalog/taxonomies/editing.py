"""Acts on the shape of the tree: add, rename, move; each at once, each with its way back.

    the page ─ version as it was read ─► act ─ compare-and-set ─► the row, its note, its history; pages below follow

Promise: no act makes a cycle or leaves a category without the one above it; of two people at once the second is told.
Not here: merging and retiring, which move sheets (`successions`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.errors import Conflict, Invalid, NotFound
from backoffice.extensions import db
from catalog import tree
from catalog.models import Category
from catalog.requirements import EVERYWHERE
from catalog.taxonomies import following, words
from catalog.taxonomies.models import ActKind, ActState, CategoryAct
from catalog.taxonomies.ruling import adopted
from catalog.taxonomy import CODE, LABEL_LENGTH


def find(code: str, *, lock: bool = False) -> Category:
    """Return a category that stands, or raise NotFound."""
    query = sa.select(Category).where(Category.code == code, Category.retired_at.is_(None))
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound()
    return found


def opened(code: str, version: int, *, by: Any) -> Category:
    """Return the category for an act that was decided on this version of it; raises Conflict where it is another."""
    adopted(by=by)
    row = find(code, lock=True)
    if row.version != version:
        raise Conflict(words.changed_meanwhile(words.name_of(row)))
    return row


def add(code: str, parent: str | None, label_fr: str, label_en: str, *, by: Any) -> Category:
    """Add a category; without a code it gets the next free one of the marketplace's own. The caller commits."""
    adopted(by=by)
    labels = _labels(label_fr, label_en)
    code = code.strip() or _free_code()
    if not CODE.fullmatch(code) or code == EVERYWHERE:
        raise Invalid(words.bad_code(code), details={"code": words.bad_code(code)})
    if db.session.scalar(sa.select(Category.id).where(Category.code == code)) is not None:
        raise Invalid(words.code_taken(code), details={"code": words.code_taken(code)})
    above = find(parent) if parent else None
    row = Category(code=code, parent_id=above.id if above else None, **labels)
    _refuse_double(row, row.parent_id, labels)
    db.session.add(row)
    db.session.flush()
    audit.record("category.add", row, by=by, changes={name: (None, label) for name, label in labels.items() if label})
    note(ActKind.ADD, row, by=by)
    tree.changed()
    return row


def _labels(label_fr: str, label_en: str) -> dict[str, str]:
    labels = {"label_fr": " ".join(label_fr.split()), "label_en": " ".join(label_en.split())}
    if not any(labels.values()):
        raise Invalid(words.label_needed(), details={"label_fr": words.label_needed()})
    for name, label in labels.items():
        if ">" in label or len(label) > LABEL_LENGTH:
            raise Invalid(words.bad_label(), details={name: words.bad_label()})
    return labels


def _refuse_double(row: Category, parent_id: int | None, labels: dict[str, str]) -> None:
    """Raise Invalid where another category of the place has this name: their paths would be one."""
    beside = sa.select(Category).where(Category.parent_id == parent_id, Category.retired_at.is_(None))
    for other in db.session.scalars(beside):
        for name, label in labels.items():
            if other.id != row.id and label and getattr(other, name).casefold() == label.casefold():
                raise Invalid(words.name_taken(label), details={name: words.name_taken(label)})


def _free_code() -> str:
    """Return the next of the marketplace's own codes: "c" and a number, which no Google number is."""
    own = db.session.scalars(sa.select(Category.code).where(Category.code.like("c%")))
    numbers = [int(code[1:]) for code in own if code[1:].isdecimal()]
    return f"c{max(numbers, default=0) + 1:03d}"


def rename(row: Category, label_fr: str, label_en: str, *, by: Any) -> CategoryAct | None:
    """Give a category other labels; None where they are the same. The caller commits."""
    labels = _labels(label_fr, label_en)
    before = {name: getattr(row, name) for name in labels}
    if before == labels:
        return None
    _refuse_double(row, row.parent_id, labels)
    for name, label in labels.items():
        setattr(row, name, label)
    changes = {name: (before[name], labels[name]) for name in labels if before[name] != labels[name]}
    audit.record("category.rename", row, by=by, changes=changes)
    return _done(ActKind.RENAME, row, before, by=by)


def move(row: Category, parent: str | None, *, by: Any) -> CategoryAct | None:
    """Put a category with all below it under another one, None for the top; raises Invalid for a cycle."""
    above = find(parent) if parent else None
    refuse_cycle(row, above)
    parent_id = above.id if above else None
    if row.parent_id == parent_id:
        return None
    _refuse_double(row, parent_id, {"label_fr": row.label_fr, "label_en": row.label_en})
    before = {"parent_id": row.parent_id}
    row.parent_id = parent_id
    changes = {"parent": (label_of(before["parent_id"]), label_of(parent_id))}
    audit.record("category.move", row, by=by, changes=changes)
    return _done(ActKind.MOVE, row, before, by=by)


def refuse_cycle(row: Category, above: Category | None) -> None:
    """Raise Invalid where the category would stand under itself or under one of those below it."""
    taxonomy = tree.current().taxonomy
    if above is not None and row.code in taxonomy and above.code in taxonomy.branch(row.code):
        sentence = words.own_ancestor(words.name_of(row), words.name_of(above))
        raise Invalid(sentence, details={"parent": sentence})


def label_of(category_id: int | None) -> str | None:
    """Return a category's label for the history."""
    row = db.session.get(Category, category_id) if category_id else None
    return (row.label_fr or row.label_en) if row else None


def _done(kind: ActKind, row: Category, before: dict[str, Any], *, by: Any) -> CategoryAct:
    row.version += 1
    act = note(kind, row, before=before, by=by)
    db.session.flush()
    tree.changed()
    following.show_again(row.code)
    return act


def note(
    kind: ActKind,
    row: Category,
    *,
    by: Any,
    target: Category | None = None,
    before: dict[str, Any] | None = None,
    state: ActState = ActState.DONE,
    listings: int = 0,
) -> CategoryAct:
    """Keep an act with what is needed to take it back."""
    act = CategoryAct(kind=kind, category=row, target=target, before=before or {}, state=state, listings=listings)
    act.by_id = getattr(by, "id", None)
    db.session.add(act)
    return act
