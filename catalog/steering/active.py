"""What steers searches today: the synonyms and rules that hold, read once and kept until one of them changes.

Promise: a search pays one small query for it, and nothing more where no editor said anything; a change holds for every
process at the next search. Not here: what a boost or pin is to the engines (`catalog.search.plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args

import sqlalchemy as sa
from flask import current_app

from backoffice.clock import now
from backoffice.extensions import db
from catalog import tree
from catalog.search.queries import Boost, Pin, Query, Synonym, Synonyms, roots_of
from catalog.sheets import Locale
from catalog.steering.chains import Graph
from catalog.steering.models import RuleKind, SearchRule, SearchSynonym

LOCALES: tuple[Locale, ...] = get_args(Locale)
_CACHE = "search_steering"


@dataclass(frozen=True, slots=True)
class Rule:
    """A boost or pin as it is asked: for the queries with these tokens, on these days."""

    kind: RuleKind
    query: str
    target: str
    factor: float = 1.0
    rank: int = 1
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Steering:
    """Everything that may steer a search; a value, so that a change can be tried before it is saved."""

    entries: Mapping[Locale, tuple[Synonym, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    _made: dict[Locale, Synonyms | None] = field(default_factory=dict, compare=False, repr=False)
    _asked: dict[Locale, dict[frozenset[str], list[Rule]]] = field(default_factory=dict, compare=False, repr=False)

    def steer(self, query: Query, day: date | None = None) -> Query:
        """Return the query with what holds for it today; one that nothing holds for is returned as it is."""
        synonyms = self.synonyms(query.locale)
        rules = [rule for rule in self._rules_for(query) if rule.holds(day or now().date())] if self.rules else []
        if synonyms is None and not rules:
            return query
        boosts = tuple(boost for rule in rules if (boost := _boost(rule)) is not None)
        pins = {int(rule.target): rule.rank for rule in rules if rule.kind == RuleKind.PIN}
        return replace(query, synonyms=synonyms, boosts=boosts, pins=tuple(Pin(*one) for one in pins.items()))

    def synonyms(self, locale: Locale) -> Synonyms | None:
        """Return the synonyms of a language, those that follow from others among them."""
        if locale not in self._made:
            entries = self.entries.get(locale, ())
            self._made[locale] = Synonyms(Graph(entries, locale).closed(), locale) if entries else None
        return self._made[locale]

    def _rules_for(self, query: Query) -> Sequence[Rule]:
        asked = self._asked.get(query.locale)
        if asked is None:
            asked = {}
            for rule in self.rules:
                asked.setdefault(frozenset(roots_of(rule.query, query.locale)), []).append(rule)
            self._asked[query.locale] = asked
        return asked.get(frozenset(roots_of(query.text, query.locale)), ()) if query.text else ()


def _boost(rule: Rule) -> Boost | None:
    match rule.kind:
        case RuleKind.BOOST_BRAND:
            return Boost("brand_name", rule.target, rule.factor)
        case RuleKind.BOOST_PRODUCT:
            return Boost("id", int(rule.target), rule.factor)
        case RuleKind.BOOST_CATEGORY:
            numbers = {code: number for number, code in tree.current().codes.items()}
            # A category that was retired since steers nothing.
            return Boost("categories", numbers[rule.target], rule.factor) if rule.target in numbers else None
    return None


def current() -> Steering:
    """Return what is saved and not ended."""
    version = _version()
    cached: tuple[Any, Steering] | None = current_app.extensions.get(_CACHE)
    if cached is None or cached[0] != version:
        cached = (version, _read())
        current_app.extensions[_CACHE] = cached
    return cached[1]


def steered(query: Query) -> Query:
    """Return the query as a customer's is asked: with the synonyms, boosts and pins of today."""
    return current().steer(query)


def _version() -> tuple[Any, ...]:
    parts = [
        sa.select(made).scalar_subquery()
        for model in (SearchSynonym, SearchRule)
        for made in (sa.func.max(model.id), sa.func.count(model.ended_at))
    ]
    return tuple(db.session.execute(sa.select(*parts)).one())


def _read() -> Steering:
    entries: dict[Locale, list[Synonym]] = {}
    kept = sa.select(SearchSynonym).where(SearchSynonym.ended_at.is_(None)).order_by(SearchSynonym.id)
    for row in db.session.scalars(kept):
        entries.setdefault("en" if row.locale == "en" else "fr", []).append(entry_of(row))
    rules = db.session.scalars(sa.select(SearchRule).where(SearchRule.ended_at.is_(None)).order_by(SearchRule.id))
    return Steering({locale: tuple(found) for locale, found in entries.items()}, tuple(rule_of(row) for row in rules))


def entry_of(row: SearchSynonym) -> Synonym:
    """Return a kept synonym as it is asked."""
    return Synonym(row.term, row.means, row.both_ways)


def rule_of(row: SearchRule) -> Rule:
    """Return a kept rule as it is asked."""
    return Rule(row.kind, row.query, row.target, row.factor or 1.0, row.rank or 1, row.starts_on, row.ends_on)
