"""What a category hands to its successor beside its sheets: commission rules, and words that vendors decided.

Promise: a rule that the successor has of its own stands; both go back with the act. Vendors' own rules stay as they
were written: what they name leads to the successor. Not here: the sheets (`successions`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from backoffice.orders import rates
from backoffice.orders.models import CommissionRule
from catalog.models import Category
from catalog.rulebook.models import MappingDecision
from catalog.taxonomies.models import CategoryAct

CATEGORY = "category"


def rules_follow(code: str, target: Category | None, *, by: Any) -> list[dict[str, int | None]]:
    """Let the commission rules of a category count for its successor, where that has none of its own for the vendor."""
    standing = sa.select(CommissionRule).where(CommissionRule.retired_at.is_(None))
    kept = []
    for rule in db.session.scalars(standing.where(CommissionRule.category == code)).all():
        added = None
        if target is not None:
            same = standing.where(CommissionRule.category == target.code, _vendor_is(rule.vendor_id))
            if db.session.scalar(same) is None:
                added = rates.add(_rate(rule, target.code), by=by)
                db.session.flush()
        rates.retire(rule, by=by)
        kept.append({"retired": rule.id, "added": added.id if added else None})
    return kept


def _vendor_is(vendor_id: int | None) -> sa.ColumnElement[bool]:
    column = CommissionRule.vendor_id
    return column.is_(None) if vendor_id is None else column == vendor_id


def _rate(rule: CommissionRule, category: str) -> rates.Rate:
    return rates.Rate(
        vendor_id=rule.vendor_id,
        category=category,
        basis_points=rule.basis_points,
        fixed_minor=rule.fixed_minor,
        minimum_minor=rule.minimum_minor,
        maximum_minor=rule.maximum_minor,
    )


def decisions_follow(code: str, target: Category | None) -> list[list[Any]]:
    """Let what vendors decided on words of theirs name the successor to the next vendor; their own rules stay as written."""
    where = (MappingDecision.topic == CATEGORY, MappingDecision.value == code)
    keys = [
        list(key) for key in db.session.execute(sa.select(MappingDecision.vendor_id, MappingDecision.key).where(*where))
    ]
    if keys and target is not None:
        db.session.execute(sa.update(MappingDecision).where(*where).values(value=target.code))
    return keys if target is not None else []


def rules_back(act: CategoryAct, *, by: Any) -> None:
    """Give a category that stands again the commission rules it had, and its successor back what it had."""
    for pair in act.before["rules"]:
        ended = db.session.get_one(CommissionRule, pair["retired"])
        added = db.session.get(CommissionRule, pair["added"]) if pair["added"] else None
        if added is not None and added.retired_at is None:
            rates.retire(added, by=by)
        rates.add(_rate(ended, act.category.code), by=by)


def decisions_back(act: CategoryAct) -> None:
    """Let vendors' decided words name a category that stands again, where nobody decided otherwise since."""
    for vendor_id, key in act.before["decisions"]:
        decision = db.session.get(MappingDecision, (vendor_id, CATEGORY, key))
        if decision is not None and act.target is not None and decision.value == act.target.code:
            decision.value = act.category.code
