"""Which rule of commission fits a line, and what it comes to; values in, values out.

    article of a vendor > vendor in a category > vendor > category > all        (within a category tree: the nearest)

Promise: the most specific rule in force wins, whatever the order they are given in; of two alike the newer one; the
commission is never below zero and never above what was paid. Not here: storing rules (`rates`), freezing (`recording`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backoffice.money import Money


class Scope(StrEnum):
    """What a rule speaks of, the most specific first."""

    ARTICLE = "article"
    VENDOR_CATEGORY = "vendor_category"
    VENDOR = "vendor"
    CATEGORY = "category"
    ALL = "all"


# Which of vendor, category and article number a rule names, and what that makes it; other mixtures mean nothing, since
# an article number is a vendor's own and says more than any category.
SCOPES: dict[tuple[bool, bool, bool], Scope] = {
    (True, False, True): Scope.ARTICLE,
    (True, True, False): Scope.VENDOR_CATEGORY,
    (True, False, False): Scope.VENDOR,
    (False, True, False): Scope.CATEGORY,
    (False, False, False): Scope.ALL,
}
_RANK = {scope: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate as the choice sees it: whom it is for, hundredths of a percent, minor units a line, bounds a line."""

    id: int
    vendor_id: int | None = None
    category: str | None = None
    sku: str | None = None
    basis_points: int = 0
    fixed_minor: int = 0
    minimum_minor: int | None = None
    maximum_minor: int | None = None
    retired: bool = False

    @property
    def scope(self) -> Scope | None:
        """What the rule speaks of; None for a mixture that means nothing."""
        return SCOPES.get((self.vendor_id is not None, self.category is not None, self.sku is not None))


@dataclass(frozen=True, slots=True)
class Article:
    """What is sold: whose, under which number, in which category followed by the ones above it."""

    vendor_id: int
    sku: str
    categories: Sequence[str] = ()


def fits(rule: Rule, article: Article) -> bool:
    """Return whether the rule is in force and speaks of this article."""
    return (
        not rule.retired
        and rule.scope is not None
        and rule.vendor_id in (None, article.vendor_id)
        and rule.sku in (None, article.sku)
        and (rule.category is None or rule.category in article.categories)
    )


def choose(rules: Iterable[Rule], article: Article) -> Rule | None:
    """Return the rule that sets the article's commission; None where no rule fits."""
    return min((rule for rule in rules if fits(rule, article)), key=lambda rule: _order(rule, article), default=None)


def _order(rule: Rule, article: Article) -> tuple[int, int, int]:
    distance = list(article.categories).index(rule.category) if rule.category is not None else 0
    return _RANK[rule.scope or Scope.ALL], distance, -rule.id


def amount(rule: Rule | None, paid_minor: int) -> int:
    """Return the commission on a line in minor units: percentage and fixed part, held within the rule's bounds."""
    if rule is None:
        return 0
    due = Money(paid_minor).share(rule.basis_points).amount + rule.fixed_minor
    due = max(due, rule.minimum_minor or 0)
    if rule.maximum_minor is not None:
        due = min(due, rule.maximum_minor)
    return max(0, min(due, paid_minor))
