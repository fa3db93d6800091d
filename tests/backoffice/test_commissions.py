"""The most specific rule in force sets a line's commission, held within its bounds."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.orders import rates
from backoffice.orders.commissions import Article, Rule, Scope, amount, choose, fits
from backoffice.orders.models import CommissionRule
from backoffice.orders.rates import Rate
from tests.factories.accounts import make_user
from tests.factories.vendors import make_vendor

ARTICLE = Article(vendor_id=7, sku="A", categories=("604", "600", "1"))
ALL = Rule(1)
CATEGORY = Rule(2, category="604")
VENDOR = Rule(3, vendor_id=7)
VENDOR_CATEGORY = Rule(4, vendor_id=7, category="604")
ONE_ARTICLE = Rule(5, vendor_id=7, sku="A")


def test_the_ladder_goes_from_the_article_down_to_everything_else() -> None:
    ladder = [ONE_ARTICLE, VENDOR_CATEGORY, VENDOR, CATEGORY, ALL]
    for rung in range(len(ladder)):
        assert choose(ladder[rung:], ARTICLE) == ladder[rung]
    assert choose([], ARTICLE) is None


def test_a_rule_for_a_category_holds_below_it_and_the_nearest_one_wins() -> None:
    above, far = Rule(8, category="600"), Rule(9, category="1")
    assert choose([far, above], ARTICLE) == above
    assert choose([far, above, CATEGORY], ARTICLE) == CATEGORY


@pytest.mark.parametrize(
    "rule",
    [
        Rule(1, vendor_id=8),
        Rule(1, category="605"),
        Rule(1, vendor_id=7, sku="B"),
        Rule(1, sku="A"),
        Rule(1, vendor_id=7, category="604", sku="A"),
        Rule(1, retired=True),
    ],
    ids=["other vendor", "other category", "other article", "article of nobody", "article and category", "retired"],
)
def test_a_rule_that_speaks_of_something_else_never_applies(rule: Rule) -> None:
    assert not fits(rule, ARTICLE)
    assert choose([rule], ARTICLE) is None


def test_of_two_rules_alike_the_newer_one_applies() -> None:
    assert choose([Rule(12, vendor_id=7), Rule(11, vendor_id=7)], ARTICLE) == Rule(12, vendor_id=7)


@pytest.mark.parametrize(
    ("rule", "paid", "expected"),
    [
        (Rule(1, basis_points=1500), 2000, 300),
        (Rule(1, basis_points=1250, fixed_minor=50), 1999, 300),
        (Rule(1, fixed_minor=50), 2000, 50),
        (Rule(1, basis_points=1500, minimum_minor=100), 200, 100),
        (Rule(1, basis_points=1500, maximum_minor=100), 2000, 100),
        # The commission never eats more than the price.
        (Rule(1, minimum_minor=100), 60, 60),
        (Rule(1, basis_points=1500), 0, 0),
        # Half a cent goes to the even side.
        (Rule(1, basis_points=1000), 25, 2),
        (None, 2000, 0),
    ],
)
def test_percentage_and_fixed_part_are_held_within_the_bounds(rule: Rule | None, paid: int, expected: int) -> None:
    assert amount(rule, paid) == expected


rules = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 50),
        vendor_id=st.sampled_from([None, 7, 8]),
        category=st.sampled_from([None, "604", "600", "605"]),
        sku=st.sampled_from([None, "A", "B"]),
        basis_points=st.integers(0, 10_000),
        fixed_minor=st.integers(0, 500),
        minimum_minor=st.none() | st.integers(0, 300),
        maximum_minor=st.none() | st.integers(300, 9000),
        retired=st.booleans(),
    ),
    unique_by=lambda rule: rule.id,
)


@given(rules, st.randoms(use_true_random=False), st.integers(0, 10**9))
def test_whatever_the_rules_the_choice_fits_is_the_most_specific_and_does_not_depend_on_their_order(
    given_rules: list[Rule], dice: random.Random, paid: int
) -> None:
    chosen = choose(given_rules, ARTICLE)
    shuffled = list(given_rules)
    dice.shuffle(shuffled)
    assert choose(shuffled, ARTICLE) == chosen
    fitting = [rule for rule in given_rules if fits(rule, ARTICLE)]
    assert (chosen is None) == (not fitting)
    if chosen is not None:
        rank = list(Scope).index
        assert not chosen.retired
        assert all(rank(chosen.scope or Scope.ALL) <= rank(rule.scope or Scope.ALL) for rule in fitting)
    assert 0 <= amount(chosen, paid) <= paid


def test_a_new_rule_for_the_same_ends_the_one_before(app: Flask) -> None:
    user, vendor = make_user(), make_vendor()
    first = rates.add(Rate(vendor_id=vendor.id, basis_points=1500), by=user)
    other = rates.add(Rate(basis_points=1000), by=user)
    second = rates.add(Rate(vendor_id=vendor.id, basis_points=1200), by=user)
    db.session.commit()
    assert first.retired_at is not None
    assert {rule.id for rule in rates.in_force()} == {other.id, second.id}
    with pytest.raises(Conflict):
        rates.retire(first, by=user)


@pytest.mark.parametrize(
    ("rate", "field"),
    [
        (Rate(sku="A"), "sku"),
        (Rate(vendor_id=1, sku="A", category="604"), "category"),
        (Rate(minimum_minor=200, maximum_minor=100), "maximum"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(app: Flask, rate: Rate, field: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refusal:
        rates.add(rate, by=None)
    assert list(refusal.value.details) == [field]


def test_a_rule_says_in_words_what_it_takes_and_why_it_applied(app: Flask) -> None:
    rule = CommissionRule(basis_points=1250, fixed_minor=50, minimum_minor=100, maximum_minor=None)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert rates.terms(rule) == "12.5% + €0.50, at least €1.00"
        assert "usual rule" in rates.why(rule)
        assert "No rule" in rates.why(None)
