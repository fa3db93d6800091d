"""Who looks at a new dispute first: an ordered table of rules over named facts; the first that holds decides.

The decision keeps its facts, so that anyone can see why, and replay it against other rules later.
To add a rule: write its condition over `Facts`, put it at its place in `RULES` with its sentence in both languages, and
add a row to the table of the routing test. Not here: gathering the facts (`opening`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from disputes.vocabulary import Reason


class Route(StrEnum):
    """Where a dispute goes first."""

    SELLER = "seller"
    MEDIATOR = "mediator"


# A record is judged on the last 90 days and no fewer lines than this: three complaints out of four sales say nothing.
RECORD_DAYS = 90
RECORD_LINES = 20
# Set by judgement, not by a measurement: a marketplace has no figures of its own on its first day. The report shows
# the marketplace's rate and each vendor's page the vendor's, from which an operator can set it anew.
POOR_INCIDENT_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at; amounts in minor units, the record over RECORD_DAYS."""

    reason: Reason
    safety_risk: bool
    amount_minor: int
    mediator_amount_minor: int
    vendor_lines: int
    vendor_disputed_lines: int

    @property
    def vendor_incident_rate(self) -> float | None:
        """The share of the vendor's lines with a dispute; None below RECORD_LINES."""
        if self.vendor_lines < RECORD_LINES:
            return None
        return self.vendor_disputed_lines / self.vendor_lines


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: when it holds, where it leads, and why, in words."""

    id: str
    holds: Callable[[Facts], bool]
    route: Route
    sentence: Mapping[str, str]


RULES: tuple[Rule, ...] = (
    Rule(
        "safety_or_counterfeit",
        lambda facts: facts.safety_risk or facts.reason is Reason.COUNTERFEIT,
        Route.MEDIATOR,
        {
            "en": "Safety or counterfeit: a mediator looks at it at once.",
            "fr": "Sécurité ou contrefaçon : un médiateur s’en charge immédiatement.",
        },
    ),
    Rule(
        "payment",
        lambda facts: facts.reason in (Reason.DUPLICATE_CHARGE, Reason.CREDIT_NOT_PROCESSED),
        Route.MEDIATOR,
        {
            "en": "The marketplace took the payment, so it answers for it.",
            "fr": "La place de marché a encaissé le paiement : elle en répond.",
        },
    ),
    Rule(
        "amount",
        lambda facts: facts.amount_minor >= facts.mediator_amount_minor,
        Route.MEDIATOR,
        {
            "en": "The amount reaches the threshold above which a mediator follows from the start.",
            "fr": "Le montant atteint le seuil à partir duquel un médiateur suit le litige dès le début.",
        },
    ),
    Rule(
        "poor_record",
        lambda facts: (facts.vendor_incident_rate or 0) >= POOR_INCIDENT_RATE,
        Route.MEDIATOR,
        {
            "en": "The vendor had many disputes in the last 90 days.",
            "fr": "Le vendeur a eu beaucoup de litiges au cours des 90 derniers jours.",
        },
    ),
    Rule(
        "vendor_first",
        lambda _facts: True,
        Route.SELLER,
        {
            "en": "The vendor answers first; a mediator steps in if the vendor stays silent or one of the two asks.",
            "fr": "Le vendeur répond d’abord ; un médiateur intervient s’il se tait ou si l’un des deux le demande.",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Routing:
    """The decision: which rule held, where it leads, and the facts it saw (plain values, for keeping)."""

    rule_id: str
    route: Route
    facts: dict[str, Any]


def route(facts: Facts, rules: tuple[Rule, ...] = RULES) -> Routing:
    """Return the decision of the first rule that holds; the last rule of a table must always hold."""
    rule = next(rule for rule in rules if rule.holds(facts))
    seen = {**asdict(facts), "reason": facts.reason.value, "vendor_incident_rate": facts.vendor_incident_rate}
    return Routing(rule.id, rule.route, seen)


def sentence(rule_id: str, locale: str) -> str:
    """Return a rule's reason in the reader's language; a rule that was retired is named by its id."""
    words = next((rule.sentence for rule in RULES if rule.id == rule_id), {})
    return words.get(locale, rule_id)
