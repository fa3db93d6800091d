"""The requirement levels as they count: those that a marketplace starts from, the operator's own over them.

Not here: how levels are inherited (`catalog.requirements`), setting them (`ruling`).
"""

from __future__ import annotations

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import tree
from catalog.attributes import ATTRIBUTES
from catalog.requirements import DEFAULT_LEVELS, Level, Requirements
from catalog.taxonomies.models import RequirementLevel

# What may be asked for: every attribute but the identifier under which a sheet is found, and the category.
ASKABLE = (*(name for name in ATTRIBUTES if name != "id"), "category")


def own() -> dict[str, dict[str, Level]]:
    """Return what the operator stated: category → attribute → level."""
    found: dict[str, dict[str, Level]] = {}
    for row in db.session.scalars(sa.select(RequirementLevel)):
        found.setdefault(row.category, {})[row.attribute] = row.level
    return found


def stated() -> dict[str, dict[str, Level]]:
    """Return every stated level, the operator's over the ones that a marketplace starts from."""
    found = {code: dict(asked) for code, asked in DEFAULT_LEVELS.items()}
    for code, asked in own().items():
        found.setdefault(code, {}).update(asked)
    return found


def current() -> Requirements:
    """Return the levels as they count today."""
    return Requirements(stated(), tree.current().taxonomy)
