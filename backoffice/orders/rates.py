"""The stored rules of commission: those in force, adding one, retiring one, and saying in words why it applied.

A rule is never changed: lines keep its id. Adding one for the same vendor, category and article retires the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid, NotFound
from backoffice.extensions import db
from backoffice.formatting import money
from backoffice.orders.commissions import SCOPES, Rule, Scope
from backoffice.orders.models import CommissionRule


@dataclass(frozen=True, slots=True)
class Rate:
    """What a new rule says: whom it is for, and what it takes of a line."""

    vendor_id: int | None = None
    category: str | None = None
    sku: str | None = None
    basis_points: int = 0
    fixed_minor: int = 0
    minimum_minor: int | None = None
    maximum_minor: int | None = None


def in_force() -> list[Rule]:
    """Return the rules that new lines are measured by."""
    query = sa.select(CommissionRule).where(CommissionRule.retired_at.is_(None))
    return [value_of(row) for row in db.session.scalars(query)]


def value_of(row: CommissionRule) -> Rule:
    """Return a stored rule as the choice sees it."""
    return Rule(
        id=row.id,
        vendor_id=row.vendor_id,
        category=row.category,
        sku=row.sku,
        basis_points=row.basis_points,
        fixed_minor=row.fixed_minor,
        minimum_minor=row.minimum_minor,
        maximum_minor=row.maximum_minor,
        retired=row.retired_at is not None,
    )


def listed() -> Sequence[CommissionRule]:
    """Return all rules: those in force by vendor, the retired ones last."""
    query = sa.select(CommissionRule).options(joinedload(CommissionRule.vendor))
    rule = CommissionRule
    order = (rule.retired_at.is_not(None), rule.vendor_id.is_not(None), rule.vendor_id, rule.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def find(rule_id: int) -> CommissionRule:
    """Return a rule, or raise NotFound."""
    row = db.session.get(CommissionRule, rule_id)
    if row is None:
        raise NotFound()
    return row


def add(rate: Rate, *, by: User | None) -> CommissionRule:
    """Add a rule from now on, in the place of one for the same; raises Invalid with the field that makes no sense."""
    _check(rate)
    same = sa.select(CommissionRule).where(
        CommissionRule.retired_at.is_(None),
        CommissionRule.vendor_id.is_(None) if rate.vendor_id is None else CommissionRule.vendor_id == rate.vendor_id,
        CommissionRule.category.is_(None) if rate.category is None else CommissionRule.category == rate.category,
        CommissionRule.sku.is_(None) if rate.sku is None else CommissionRule.sku == rate.sku,
    )
    for before in db.session.scalars(same).all():
        retire(before, by=by)
    row = CommissionRule(
        vendor_id=rate.vendor_id,
        category=rate.category,
        sku=rate.sku,
        basis_points=rate.basis_points,
        fixed_minor=rate.fixed_minor,
        minimum_minor=rate.minimum_minor,
        maximum_minor=rate.maximum_minor,
    )
    db.session.add(row)
    audit.record("commission.add", row, by=by)
    return row


def _check(rate: Rate) -> None:
    if (rate.vendor_id is not None, rate.category is not None, rate.sku is not None) not in SCOPES:
        field = "category" if rate.category is not None else "sku"
        words = {
            "category": _("Name an article or a category, not both: the article says more."),
            "sku": _("An article number is a vendor's own: choose the vendor."),
        }
        raise Invalid(words[field], details={field: words[field]})
    if None not in (rate.minimum_minor, rate.maximum_minor) and (rate.minimum_minor or 0) > (rate.maximum_minor or 0):
        words_of_bounds = _("The most is less than the least.")
        raise Invalid(words_of_bounds, details={"maximum": words_of_bounds})


def retire(row: CommissionRule, *, by: User | None) -> None:
    """Let a rule set no more commissions; lines it set keep theirs."""
    if row.retired_at is not None:
        raise Conflict(_("This rule is retired already."))
    row.retired_at = now()
    audit.record("commission.retire", row, by=by)


def terms(row: CommissionRule, currency: str = "EUR") -> str:
    """Return what a rule takes, in words: "15 % + €0.50, at least €1.00"."""
    parts = [_("%(rate)s%%", rate=format_decimal(row.basis_points / 100))] if row.basis_points else []
    if row.fixed_minor or not parts:
        parts.append(money(row.fixed_minor, currency))
    text = " + ".join(parts)
    if row.minimum_minor is not None:
        text += ", " + _("at least %(amount)s", amount=money(row.minimum_minor, currency))
    if row.maximum_minor is not None:
        text += ", " + _("at most %(amount)s", amount=money(row.maximum_minor, currency))
    return text


def why(row: CommissionRule | None) -> str:
    """Return why this rule set a line's commission, for its reader."""
    if row is None:
        return _("No rule spoke of this line when it arrived.")
    reasons = {
        Scope.ARTICLE: _("The rule for this very article; none is more specific."),
        Scope.VENDOR_CATEGORY: _("The vendor's rule for the category; there was none for the article."),
        Scope.VENDOR: _("The vendor's rule; there was none for the article or its category."),
        Scope.CATEGORY: _("The category's rule; there was none for the vendor."),
        Scope.ALL: _("The marketplace's usual rule; there was none for the vendor or the category."),
    }
    return reasons[value_of(row).scope or Scope.ALL]
