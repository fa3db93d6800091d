"""Which rule sends a dispute where, and what it keeps of its facts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from disputes.routing import RULES, Facts, Route, route, sentence
from disputes.vocabulary import Reason


def facts(**values: Any) -> Facts:
    """An ordinary small complaint about a vendor with a good record."""
    given = {
        "reason": Reason.DAMAGED,
        "safety_risk": False,
        "amount_minor": 2_000,
        "mediator_amount_minor": 50_000,
        "vendor_lines": 100,
        "vendor_disputed_lines": 1,
    }
    return Facts(**{**given, **values})


@pytest.mark.parametrize(
    ("given", "rule", "result"),
    [
        ({}, "vendor_first", Route.SELLER),
        ({"safety_risk": True}, "safety_or_counterfeit", Route.MEDIATOR),
        ({"reason": Reason.COUNTERFEIT}, "safety_or_counterfeit", Route.MEDIATOR),
        ({"reason": Reason.DUPLICATE_CHARGE}, "payment", Route.MEDIATOR),
        ({"reason": Reason.CREDIT_NOT_PROCESSED}, "payment", Route.MEDIATOR),
        ({"amount_minor": 49_999}, "vendor_first", Route.SELLER),
        ({"amount_minor": 50_000}, "amount", Route.MEDIATOR),
        ({"vendor_disputed_lines": 5}, "poor_record", Route.MEDIATOR),
        ({"vendor_lines": 4, "vendor_disputed_lines": 3}, "vendor_first", Route.SELLER),
        ({"safety_risk": True, "amount_minor": 90_000}, "safety_or_counterfeit", Route.MEDIATOR),
    ],
)
def test_the_first_rule_that_holds_decides(given: dict[str, Any], rule: str, result: Route) -> None:
    decision = route(facts(**given))
    assert (decision.rule_id, decision.route) == (rule, result)


def test_the_facts_are_kept_as_plain_values() -> None:
    kept = json.loads(json.dumps(route(facts(vendor_disputed_lines=2)).facts))
    assert kept["reason"] == "damaged"
    assert kept["vendor_incident_rate"] == 0.02


def test_every_rule_says_why_in_both_languages() -> None:
    for rule in RULES:
        assert sentence(rule.id, "fr")
        assert sentence(rule.id, "en")
    assert sentence("retired_rule", "fr") == "retired_rule"
