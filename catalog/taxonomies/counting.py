"""How many sheets stand in a category, and in all below it, read from the index of categories alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.models import Listing
from catalog.taxonomy import Taxonomy

# Up to so many categories are asked for by name; for more, going through the whole index is faster.
NAMED = 400


def own_counts(codes: Iterable[str] | None = None) -> dict[str, int]:
    """Return the sheets of these categories, of all where none are named."""
    query = sa.select(Listing.category, sa.func.count()).where(Listing.category.is_not(None))
    wanted = None if codes is None else sorted(set(codes))
    if wanted is not None and len(wanted) <= NAMED:
        query = query.where(Listing.category.in_(wanted))
    return dict(db.session.execute(query.group_by(Listing.category)).all())


def branch_counts(taxonomy: Taxonomy, codes: Sequence[str]) -> Mapping[str, int]:
    """Return the sheets of these categories with all below them."""
    branches = {code: taxonomy.branch(code) for code in codes}
    own = own_counts(one for branch in branches.values() for one in branch)
    return {code: sum(own.get(one, 0) for one in branch) for code, branch in branches.items()}
