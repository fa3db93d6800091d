"""Synonyms and rules saved, ended and put back, within limits, each change in the history and in the queries' stories.

Promise: what goes round in a circle, follows already or is beyond a limit is refused with what shows it. Not here: what
they do to a search (`active`), trying them (`previewing`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.database import key_in
from backoffice.errors import Invalid
from backoffice.extensions import db
from catalog import tree
from catalog.models import Product
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Synonym, roots_of
from catalog.sheets import Locale
from catalog.steering import active, previewing, snapshots, words
from catalog.steering.active import Rule, Steering
from catalog.steering.chains import Graph
from catalog.steering.models import Cause, RuleKind, SearchRule, SearchSynonym
from catalog.text import fold

# Two thousand entries are made ready in 0.2 s once after a change, and looked up in microseconds.
MOST_SYNONYMS = 2_000
LONGEST_WORDS = 5
LONGEST = 80
MOST_RULES = 500
MOST_PINS = 10
# With 2 a boosted product may come before any other that has every word as typed, and never before that tier.
FACTORS = (0.2, 2.0)


def checked_synonym(entry: Synonym, locale: Locale, graph: Graph | None = None, *, count: int | None = None) -> Synonym:
    """Return the synonym tidied; raises Invalid where it cannot be kept."""
    tidy = replace(entry, term=" ".join(entry.term.split()), means=" ".join(entry.means.split()))
    for text in (tidy.term, tidy.means):
        if len(text) > LONGEST or len(roots_of(text, locale)) > LONGEST_WORDS:
            raise Invalid(words.too_long(LONGEST_WORDS, LONGEST))
    entries = active.current().entries.get(locale, ())
    if (len(entries) if count is None else count) >= MOST_SYNONYMS:
        raise Invalid(words.too_many(MOST_SYNONYMS))
    refusal = (graph or Graph(entries, locale)).refusal(tidy)
    if refusal is not None:
        raise Invalid(words.refused_synonym(refusal))
    return tidy


def add_synonym(entry: Synonym, locale: Locale, *, by: Any, reason: str = "") -> SearchSynonym:
    """Keep a synonym; raises Invalid where it cannot be kept."""
    tidy = checked_synonym(entry, locale)
    row = SearchSynonym(locale=locale, term=tidy.term, means=tidy.means, both_ways=tidy.both_ways, reason=reason[:300])
    row.author_id = by.id if by else None
    before = active.current()
    db.session.add(row)
    audit.record("synonym.add", row, by=by, changes={"synonym": (None, words.arrow(tidy))}, reason=reason)
    after = with_synonym(before, tidy, locale)
    _tell(before, after, (tidy.term, tidy.means), locale, Cause.SYNONYM, words.arrow(tidy))
    return row


def end_synonym(row: SearchSynonym, *, by: Any) -> None:
    """Let a synonym hold no longer; ending it twice is once."""
    if row.ended_at is not None:
        return
    before, entry = active.current(), active.entry_of(row)
    row.ended_at = now()
    audit.record("synonym.end", row, by=by, changes={"synonym": (words.arrow(entry), None)})
    locale: Locale = "en" if row.locale == "en" else "fr"
    db.session.flush()
    _tell(before, active.current(), (entry.term, entry.means), locale, Cause.SYNONYM_ENDED, words.arrow(entry))


def restore_synonym(row: SearchSynonym, *, by: Any) -> SearchSynonym:
    """Keep an ended synonym anew; raises Invalid where another has taken its place."""
    return add_synonym(active.entry_of(row), "en" if row.locale == "en" else "fr", by=by, reason=row.reason)


def with_synonym(steering: Steering, entry: Synonym, locale: Locale) -> Steering:
    """Return the steering with one more synonym, for trying it."""
    return Steering({**steering.entries, locale: (*steering.entries.get(locale, ()), entry)}, steering.rules)


def checked_rule(rule: Rule) -> Rule:
    """Return the rule with its target as it is kept; raises Invalid where it cannot be."""
    query = " ".join(fold(rule.query).split())
    if not roots_of(query, "fr") or len(query) > 120:
        raise Invalid(words.no_query())
    if rule.starts_on and rule.ends_on and rule.ends_on < rule.starts_on:
        raise Invalid(words.ends_before_start())
    if rule.ends_on and rule.ends_on < now().date():
        raise Invalid(words.over_already())
    if rule.kind != RuleKind.PIN and not FACTORS[0] <= rule.factor <= FACTORS[1]:
        raise Invalid(words.factor_between(*FACTORS))
    if rule.kind == RuleKind.PIN and not 1 <= rule.rank <= MOST_PINS:
        raise Invalid(words.rank_between(MOST_PINS))
    if len(active.current().rules) >= MOST_RULES:
        raise Invalid(words.too_many(MOST_RULES))
    return replace(rule, query=query, target=_target(rule))


def _target(rule: Rule) -> str:
    if rule.kind == RuleKind.BOOST_CATEGORY:
        if rule.target not in tree.current().taxonomy:
            raise Invalid(words.no_such_target(rule.target))
        return rule.target
    if rule.kind == RuleKind.BOOST_BRAND:
        same = sa.func.lower(Product.brand) == rule.target.strip().lower()
        brand = db.session.scalar(sa.select(Product.brand).where(Product.published, same).limit(1))
        if brand is None:
            raise Invalid(words.no_such_target(rule.target))
        return str(brand)
    product = db.session.get(Product, key_in(rule.target) or 0)
    if product is None or not product.published or product.merged_into_id is not None:
        raise Invalid(words.not_shown(rule.target))
    return str(product.id)


def add_rule(rule: Rule, *, by: Any, reason: str = "") -> SearchRule:
    """Keep a boost or pin; a pin takes the place of an earlier one for the same product or rank."""
    tidy = checked_rule(rule)
    before = active.current()
    for row in _replaced(tidy):
        row.ended_at = now()
        audit.record("search_rule.end", row, by=by, changes={"rule": (_said(active.rule_of(row)), None)})
    row = SearchRule(kind=tidy.kind, query=tidy.query, target=tidy.target, reason=reason[:300])
    row.factor, row.rank = (None, tidy.rank) if tidy.kind == RuleKind.PIN else (tidy.factor, None)
    row.starts_on, row.ends_on = tidy.starts_on, tidy.ends_on
    row.author_id = by.id if by else None
    db.session.add(row)
    audit.record("search_rule.add", row, by=by, changes={"rule": (None, _said(tidy))}, reason=reason)
    db.session.flush()
    if tidy.holds(now().date()):
        _tell(before, active.current(), (tidy.query,), "fr", Cause.RULE, _said(tidy))
    return row


def with_rule(steering: Steering, rule: Rule) -> Steering:
    """Return the steering with one more rule as if it held today, for trying it."""
    today = replace(rule, starts_on=None, ends_on=None)
    same = frozenset(roots_of(rule.query, "fr"))
    others = [
        one for one in steering.rules if not (frozenset(roots_of(one.query, "fr")) == same and _gives_way(one, rule))
    ]
    return Steering(steering.entries, (*others, today))


def _gives_way(one: Rule, new: Rule) -> bool:
    if RuleKind.PIN in (one.kind, new.kind):
        return one.kind == new.kind and (one.target == new.target or one.rank == new.rank)
    return one.kind == new.kind and one.target == new.target


def _replaced(rule: Rule) -> list[SearchRule]:
    same = sa.select(SearchRule).where(SearchRule.ended_at.is_(None), SearchRule.query == rule.query)
    return [
        row
        for row in db.session.scalars(same)
        if _gives_way(active.rule_of(row), rule) and _overlap(row, rule.starts_on, rule.ends_on)
    ]


def _overlap(row: SearchRule, starts_on: date | None, ends_on: date | None) -> bool:
    return not (
        (row.ends_on is not None and starts_on is not None and row.ends_on < starts_on)
        or (ends_on is not None and row.starts_on is not None and ends_on < row.starts_on)
    )


def _said(rule: Rule) -> str:
    """Return a rule as one line, with a product by its title: a number says nothing to who reads the history."""
    numbered = rule.kind in (RuleKind.PIN, RuleKind.BOOST_PRODUCT)
    product = db.session.get(Product, int(rule.target)) if numbered else None
    return words.rule(rule if product is None else replace(rule, target=product.title))


def end_rule(row: SearchRule, *, by: Any) -> None:
    """Let a rule hold no longer; ending it twice is once."""
    if row.ended_at is not None:
        return
    before, said = active.current(), _said(active.rule_of(row))
    row.ended_at = now()
    audit.record("search_rule.end", row, by=by, changes={"rule": (said, None)})
    db.session.flush()
    _tell(before, active.current(), (row.query,), "fr", Cause.RULE_ENDED, said)


def restore_rule(row: SearchRule, *, by: Any) -> SearchRule:
    """Keep an ended rule anew; raises Invalid where it could not be saved today."""
    return add_rule(active.rule_of(row), by=by, reason=row.reason)


def _tell(before: Steering, after: Steering, said: tuple[str, ...], locale: Locale, cause: Cause, what: str) -> None:
    """Keep what the change did to real queries; where the engine does not answer, the change holds all the same."""
    try:
        found = previewing.compare(before, after, previewing.real_queries(said, locale), locale)
    except EngineUnavailable:
        return
    snapshots.keep(found, locale, cause, what)
