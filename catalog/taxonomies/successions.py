"""A category that ends: merged into another, or retired with or without a successor; sheets and rules follow.

    preview ─ counts ─► merge, retire ─ the tree at once ─► turn, turn, … ─ each one noted ─► done
                                                   undo ─► turn, turn, … ─ what still stands where it was put ─► undone

Promise: a turn is one transaction and can be killed; a sheet keeps its place or, without a successor, is put before an
editor; a vendor's mapping that names the ended category leads to its successor; order lines keep what they said.
Not here: adding, renaming, moving (`editing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.orders.models import CommissionRule
from catalog import publishing, tree, workshop
from catalog.lifecycle import ListingStatus
from catalog.models import Category, Listing, Product
from catalog.rulebook.models import MappingDecision
from catalog.taxonomies import editing, following, inheritance, words
from catalog.taxonomies.inheritance import CATEGORY
from catalog.taxonomies.models import ActKind, ActState, CategoryAct, CategoryActTurn


@dataclass(frozen=True, slots=True)
class Preview:
    """What an end would move: sheets, pages, categories below, commission rules, vendors' decided words."""

    listings: int
    products: int
    children: int
    rules: int
    decisions: int


def preview(row: Category) -> Preview:
    """Count what stands on a category."""

    def count(model: Any, *where: Any) -> Any:
        return sa.select(sa.func.count()).select_from(model).where(*where).scalar_subquery()

    counts = (
        count(Listing, Listing.category == row.code),
        count(Product, Product.category == row.code),
        count(Category, Category.parent_id == row.id, Category.retired_at.is_(None)),
        count(CommissionRule, CommissionRule.category == row.code, CommissionRule.retired_at.is_(None)),
        count(MappingDecision, MappingDecision.topic == CATEGORY, MappingDecision.value == row.code),
    )
    return Preview(*db.session.execute(sa.select(*counts)).one())


def merge(row: Category, into: str, *, by: Any) -> CategoryAct:
    """End a category in another: sheets and the categories below go there. The caller commits. Raises Invalid."""
    target = editing.find(into)
    editing.refuse_cycle(row, target)
    children = db.session.scalars(
        sa.select(Category).where(Category.parent_id == row.id, Category.retired_at.is_(None))
    ).all()
    for child in children:
        child.parent_id = target.id
        child.version += 1
    return _ended(ActKind.MERGE, row, target, [child.id for child in children], by=by)


def retire(row: Category, successor: str | None, *, by: Any) -> CategoryAct:
    """End a category; its sheets go to the successor, or before an editor. The caller commits. Raises Invalid."""
    below = tree.current().taxonomy.children(row.code)
    if below:
        raise Invalid(words.still_has_children(len(below)), details={"successor": words.still_has_children(len(below))})
    target = editing.find(successor) if successor else None
    if target is row:
        raise Invalid(words.own_successor(), details={"successor": words.own_successor()})
    return _ended(ActKind.RETIRE, row, target, [], by=by)


def _ended(kind: ActKind, row: Category, target: Category | None, children: Sequence[int], *, by: Any) -> CategoryAct:
    stands_on = preview(row)
    before = {
        "parent_id": row.parent_id,
        "children": list(children),
        "rules": inheritance.rules_follow(row.code, target, by=by),
        "decisions": inheritance.decisions_follow(row.code, target),
    }
    row.retired_at, row.successor_id, row.version = now(), target.id if target else None, row.version + 1
    changes = {"successor": (None, (target.label_fr or target.label_en) if target else None)}
    changes["sheets"] = (stands_on.listings, 0)
    audit.record(f"category.{kind}", row, by=by, changes=changes)
    if target is not None:
        audit.record("category.receive", target, by=by, changes={"merged": (None, row.label_fr or row.label_en)})
    act = editing.note(
        kind, row, target=target, before=before, by=by, state=ActState.RUNNING, listings=stands_on.listings
    )
    db.session.flush()
    tree.changed()
    if children and target is not None:
        following.show_again(target.code)
    enqueue("catalog.follow_category", {"act_id": act.id})
    return act


# ---- turns ---------------------------------------------------------------------------------------------------------


@handler("catalog.follow_category", max_attempts=8)
def follow_category(act_id: int) -> None:
    """Move a turn's sheets to where their category went, and ask for the next turn, or end."""
    act = db.session.get_one(CategoryAct, act_id)
    if act.state != ActState.RUNNING:
        return
    code = tree.current().taxonomy.standing(act.target.code) if act.target else None
    query = sa.select(Listing).where(Listing.category == act.category.code).order_by(Listing.id)
    found = db.session.scalars(query.limit(following.TURN).with_for_update()).all()
    if not found:
        _pages_follow(act.category.code, code)
        act.state = ActState.DONE
        return
    turn = CategoryActTurn(act_id=act.id, listings=[[one.id, one.status.value] for one in found])
    db.session.add(turn)
    _put(found, code)
    act.moved += len(found)
    enqueue("catalog.follow_category", {"act_id": act.id})


def _put(found: Sequence[Listing], code: str | None) -> None:
    """Put listings into a category, judge them by it, and have their pages say so."""
    recipe = workshop.recipe_of(None, "fr")
    for listing in found:
        listing.category = code
        listing.values = following.with_category(listing.values, code)
        if not following.judge(listing, recipe):
            following.restate(listing)
            listing.version += 1
            listing.updated_at = now()
    publishing.refresh(listing.product_id for listing in found)


def _pages_follow(code: str, target: str | None) -> None:
    """Bring the pages that no listing speaks for any more, such as merged ones."""
    left = list(db.session.scalars(sa.select(Product.id).where(Product.category == code)))
    for at in range(0, len(left), following.NAMED):
        some = left[at : at + following.NAMED]
        following.renew(some, category=target)


# ---- the way back --------------------------------------------------------------------------------------------------

ENDS = (ActKind.MERGE, ActKind.RETIRE)


def newest(category_id: int) -> CategoryAct | None:
    """Return the last act on a category, the only one that can be taken back."""
    query = sa.select(CategoryAct).where(CategoryAct.category_id == category_id, CategoryAct.state != ActState.UNDONE)
    return db.session.scalars(query.order_by(CategoryAct.id.desc()).limit(1)).first()


def refusal(act: CategoryAct) -> str | None:
    """Return why an act cannot be taken back, None where it can."""
    last = newest(act.category_id)
    if act.state != ActState.DONE:
        return words.not_over()
    if last is None or last.id != act.id:
        return words.acted_since()
    if act.kind == ActKind.ADD and (any(_stands_on(preview(act.category)))):
        return words.in_use()
    return None


def _stands_on(found: Preview) -> tuple[int, ...]:
    return found.listings, found.children, found.rules


def undo(act: CategoryAct, *, by: Any) -> None:
    """Take an act back; sheets that went with it follow in turns. The caller commits. Raises Conflict, Invalid."""
    reason = refusal(act)
    if reason is not None:
        raise Conflict(reason)
    _UNDO[act.kind](act, by)
    act.category.version += 1
    audit.record("category.undo", act.category, by=by, changes={"act": (act.kind.value, None)})
    db.session.flush()
    tree.changed()
    following.show_again(act.category.code)
    if act.kind in ENDS:
        act.state = ActState.UNDOING
        enqueue("catalog.unfollow_category", {"act_id": act.id})
    else:
        act.state = ActState.UNDONE


def _unadd(act: CategoryAct, _by: Any) -> None:
    act.category.retired_at = now()


def _unrename(act: CategoryAct, _by: Any) -> None:
    act.category.label_fr, act.category.label_en = act.before["label_fr"], act.before["label_en"]


def _unmove(act: CategoryAct, _by: Any) -> None:
    _under(act.category, act.before["parent_id"])


def _unend(act: CategoryAct, by: Any) -> None:
    row = act.category
    row.retired_at = row.successor_id = None
    _under(row, act.before["parent_id"])
    db.session.flush()
    tree.changed()
    for number in act.before["children"]:
        child = db.session.get_one(Category, number)
        if act.target is not None and child.parent_id == act.target.id and child.retired_at is None:
            _under(child, row.id)
    inheritance.rules_back(act, by=by)
    inheritance.decisions_back(act)


def _under(row: Category, parent_id: int | None) -> None:
    """Put a category back where it was; under what took that one's place, where that has ended since."""
    above = db.session.get(Category, parent_id) if parent_id else None
    if above is not None and above.retired_at is not None:
        standing = tree.current().taxonomy.standing(above.code)
        above = editing.find(standing) if standing else None
    editing.refuse_cycle(row, above)
    row.parent_id = above.id if above else None


_UNDO = {
    ActKind.ADD: _unadd,
    ActKind.RENAME: _unrename,
    ActKind.MOVE: _unmove,
    ActKind.MERGE: _unend,
    ActKind.RETIRE: _unend,
}


@handler("catalog.unfollow_category", max_attempts=8)
def unfollow_category(act_id: int) -> None:
    """Put a turn's sheets back into their category as far as nobody gave them another since, or end."""
    act = db.session.get_one(CategoryAct, act_id)
    query = sa.select(CategoryActTurn).where(CategoryActTurn.act_id == act_id, CategoryActTurn.undone.is_(False))
    turn = db.session.scalars(query.order_by(CategoryActTurn.id).limit(1)).first()
    if turn is None:
        act.state = ActState.UNDONE
        return
    before = {number: ListingStatus(status) for number, status in turn.listings}
    went = act.target.code if act.target else None
    where = Listing.category.is_(None) if went is None else Listing.category == went
    found = db.session.scalars(sa.select(Listing).where(Listing.id.in_(before), where).with_for_update()).all()
    _put(found, act.category.code)
    for listing in found:
        # Put before an editor for want of a category alone, it is shown again with it.
        if went is None and listing.status == ListingStatus.TO_REVIEW and before[listing.id] != listing.status:
            listing.status, listing.priority = before[listing.id], 0
    publishing.refresh(listing.product_id for listing in found)
    turn.undone = True
    act.moved -= len(found)
    enqueue("catalog.unfollow_category", {"act_id": act.id})
