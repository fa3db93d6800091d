"""Which sheets a switch concerns, and what is switched off for a vendor's sheets as a recipe carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import tree
from catalog.harmonization import RULES
from catalog.models import Listing
from catalog.switches.models import EffectLook, RuleSwitch

EVERYWHERE = "*"
# They make values of texts on which the house computes (prices, barcodes, measures, addresses); without them a wrong
# barcode would be matched on and a price could not be compared.
NEEDED = frozenset(
    {
        "gtin.read", "link.image", "link.more_images", "measure.read", "numbers.read", "pack.read", "price.read",
        "values.read",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """A rule and where it is switched: an attribute ("" for all), a category's branch and a vendor (None for all)."""

    rule: str
    attribute: str = ""
    category: str | None = None
    vendor_id: int | None = None

    @property
    def key(self) -> str:
        """What harmonization knows it by: the rule, or "rule:attribute"."""
        return f"{self.rule}:{self.attribute}" if self.attribute else self.rule

    def sheets(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions of the listings in this scope."""
        conditions: list[sa.ColumnElement[bool]] = []
        if self.vendor_id is not None:
            conditions.append(Listing.vendor_id == self.vendor_id)
        if self.category is not None:
            known = tree.current().taxonomy
            standing = known.standing(self.category)
            conditions.append(Listing.category.in_(known.branch(standing) if standing else [self.category]))
        return conditions

    def added_to(self, off: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Return what is switched off with this too."""
        place = self.category or EVERYWHERE
        return {name: list(rules) for name, rules in off.items()} | {place: sorted({*off.get(place, ()), self.key})}


def of_stored(row: RuleSwitch | EffectLook) -> Scope:
    """Return the scope of a switch, or of a look at one."""
    return Scope(row.rule, row.attribute, row.category, row.vendor_id)


def attributes_of(rule: str) -> list[str]:
    """Return the attributes that a rule can be switched for one by one; none for a rule of any attribute."""
    return [name for name in RULES[rule].attributes if name != EVERYWHERE] if rule in RULES else []


def off_for(vendor_id: int | None, *, without: int | None = None) -> dict[str, list[str]]:
    """Return what is switched off for a vendor's sheets: {category or "*": [rule or "rule:attribute"]}.

    `without` leaves one switch aside, as if it were lifted.
    """
    query = sa.select(RuleSwitch).where(RuleSwitch.lifted_at.is_(None))
    own = RuleSwitch.vendor_id.is_(None)
    query = query.where(own if vendor_id is None else sa.or_(own, RuleSwitch.vendor_id == vendor_id))
    off: dict[str, list[str]] = {}
    for switch in db.session.scalars(query):
        if switch.id != without:
            off = of_stored(switch).added_to(off)
    return dict(sorted(off.items()))


def revision() -> tuple[Any, ...]:
    """Return what changes with every switch that is set or lifted."""
    return tuple(db.session.execute(sa.select(sa.func.max(RuleSwitch.id), sa.func.count(RuleSwitch.lifted_at))).one())
