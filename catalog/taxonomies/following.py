"""What follows a change of the tree: sheets judged again, pages shown again; in turns that can be killed anywhere.

    judge(listing) ─ the values stay, what is missing of them is told anew: completeness, issues, quality, state

Promise: a sheet is judged by the levels of the moment at which its turn comes; one that says the same afterwards is not
written. Not here: moving sheets from one category to another (`successions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import assembly, lifecycle, listings, publishing, set_aside, tree, workshop
from catalog.assembly import Recipe
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.requirements import EVERYWHERE
from catalog.sheets import Issue, KeywordGap, Severity

# Sheets of one turn: a quarter of a second of judging and writing, in which other writers wait.
TURN = 200
# Pages marked for the index in one turn; a mark is one row.
MARKED = 2_000
# Categories named in one statement.
NAMED = 400
_GAP = frozenset(one.name for one in fields(KeywordGap))


def judge_again(codes: Sequence[str]) -> None:
    """Have the sheets of these branches judged again; `EVERYWHERE` stands for all. The caller commits."""
    asked = [EVERYWHERE] if EVERYWHERE in codes else list(codes)
    enqueue("catalog.judge_branches", {"codes": asked})


def show_again(code: str | None) -> None:
    """Have the pages of a branch carried to the index again: its path is another. None stands for all."""
    enqueue("catalog.show_branch", {"code": code})


def below(codes: Sequence[str], column: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a category stands in one of these branches; a long list is asked for by parts."""
    if EVERYWHERE in codes:
        return sa.true()
    taxonomy = tree.current().taxonomy
    wanted = sorted({one for code in codes if code in taxonomy for one in taxonomy.branch(code)})
    parts = [column.in_(wanted[at : at + NAMED]) for at in range(0, len(wanted), NAMED)]
    return sa.or_(sa.false(), *parts)


@handler("catalog.judge_branches", max_attempts=8)
def judge_branches(codes: list[str], after: int = 0) -> None:
    """Judge a turn's sheets again and ask for the next."""
    query = sa.select(Listing).where(below(codes, Listing.category), Listing.id > after)
    found = db.session.scalars(query.order_by(Listing.id).limit(TURN)).all()
    recipe = workshop.recipe_of(None, "fr")
    touched = [listing.product_id for listing in found if judge(listing, recipe)]
    publishing.refresh(touched)
    if len(found) == TURN:
        enqueue("catalog.judge_branches", {"codes": codes, "after": found[-1].id})


@handler("catalog.show_branch", max_attempts=8)
def show_branch(code: str | None, after: int = 0) -> None:
    """Mark a turn's pages for the index and ask for the next."""
    where = below([code or EVERYWHERE], Product.category)
    query = sa.select(Product.id).where(where, Product.id > after, Product.merged_into_id.is_(None))
    ids = list(db.session.scalars(query.order_by(Product.id).limit(MARKED)))
    renew(ids)
    if len(ids) == MARKED:
        enqueue("catalog.show_branch", {"code": code, "after": ids[-1]})


def renew(ids: Sequence[int], **said: Any) -> None:
    """Raise the pages' versions and mark them for the index, which takes a document with a new version only."""
    db.session.execute(
        sa.update(Product).where(Product.id.in_(ids)).values(version=Product.version + 1, updated_at=now(), **said),
        execution_options={"synchronize_session": False},
    )
    publishing.touch(ids)


def judge(listing: Listing, recipe: Recipe) -> bool:
    """Judge a listing by what its category asks for now; returns whether it says something else than before."""
    gaps = [KeywordGap(**{name: one[name] for name in _GAP & one.keys()}) for one in listing.keywords]
    issues = [Issue(**{**one, "severity": Severity(one["severity"])}) for one in listing.issues]
    told = assembly.judged(listing.values, listing.category, issues, gaps, recipe, row=listing.row)
    faults = assembly.plain(told.issues)
    if (listing.issues, listing.completeness) == (faults, told.completeness):
        return False
    listing.issues, listing.completeness, listing.quality = faults, told.completeness, told.quality
    set_aside.rescore(listing)
    restate(listing)
    listing.version += 1
    listing.updated_at = now()
    return True


def restate(listing: Listing) -> None:
    """A sheet that is blocked now is no longer shown; one without a category is for an editor to look at."""
    shown = listing.status in (ListingStatus.PENDING, ListingStatus.PUBLISHED)
    if lifecycle.blocking(listing.issues):
        listing.status = ListingStatus.CHANGES_REQUESTED if shown else listing.status
    elif listing.status == ListingStatus.CHANGES_REQUESTED and not listing.feedback:
        listing.status = ListingStatus.TO_REVIEW
    elif shown and listing.category is None:
        listing.status, listing.priority = ListingStatus.TO_REVIEW, listings.ROUTINE_PRIORITY


def with_category(values: Mapping[str, Any], code: str | None) -> dict[str, Any]:
    """Return a sheet's values with another category, or none."""
    kept = {name: value for name, value in values.items() if name != "category"}
    return {**kept, "category": code} if code else kept
