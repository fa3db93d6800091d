"""How much may still be given back on a line, and which amounts a remedy may carry.

Promise: what is offered and what was given back never exceed what was paid for the line. Amounts in minor units.
Not here: the lock that makes it hold when two act at once (`offers`, `resolution`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from disputes.vocabulary import MONEY_REMEDIES, FundedBy, Outcome, Remedy


class Objection(StrEnum):
    """Why amounts cannot be taken."""

    NEGATIVE = "negative"
    ABOVE_PAID = "above_paid"
    MONEY_MISSING = "money_missing"
    MONEY_NOT_MEANT = "money_not_meant"
    UNKNOWN_LINE = "unknown_line"
    NOT_FULL = "not_full"
    OUTCOME_AGAINST_REMEDY = "outcome_against_remedy"
    WRONG_PAYER = "wrong_payer"


@dataclass(frozen=True, slots=True)
class Room:
    """One disputed line: the amount in dispute, what was paid for the whole line, what has been given back of it."""

    disputed_minor: int
    paid_minor: int
    executed_minor: int = 0

    @property
    def left_minor(self) -> int:
        """What may still be offered or decided on this line."""
        return max(0, min(self.disputed_minor, self.paid_minor - self.executed_minor))


def share_of_line(amount_minor: int, ordered: int, disputed: int) -> int:
    """Return what was paid for `disputed` of `ordered` pieces, rounded down: the parts never exceed the whole."""
    return amount_minor if disputed == ordered else amount_minor * disputed // ordered


def faults(remedy: Remedy, amounts: Mapping[int, int], rooms: Mapping[int, Room]) -> dict[int | None, Objection]:
    """Return what is wrong with the amounts by line (None for the whole); empty where they can be taken."""
    found: dict[int | None, Objection] = {}
    for line, amount in amounts.items():
        if line not in rooms:
            found[line] = Objection.UNKNOWN_LINE
        elif amount < 0:
            found[line] = Objection.NEGATIVE
        elif amount > rooms[line].left_minor:
            found[line] = Objection.ABOVE_PAID
    total = sum(amounts.values())
    if remedy in MONEY_REMEDIES and total <= 0:
        found.setdefault(None, Objection.MONEY_MISSING)
    if remedy not in MONEY_REMEDIES and total != 0:
        found.setdefault(None, Objection.MONEY_NOT_MEANT)
    if remedy is Remedy.REFUND_FULL and not found and total != sum(room.left_minor for room in rooms.values()):
        found[None] = Objection.NOT_FULL
    return found


_FOR_BUYER = frozenset(Remedy) - {Remedy.REJECTED}
# Which remedies go with which outcome; that a buyer cancelled is not for a mediator to decide.
OUTCOME_REMEDIES: dict[Outcome, frozenset[Remedy]] = {
    Outcome.BUYER_FAVOUR: _FOR_BUYER,
    Outcome.OPERATOR_PAYOUT: MONEY_REMEDIES,
    Outcome.SELLER_FAVOUR: frozenset({Remedy.REJECTED, Remedy.NONE, Remedy.GOODWILL}),
    Outcome.DENIED: frozenset({Remedy.REJECTED}),
}


def contradictions(outcome: Outcome, remedy: Remedy, funded_by: FundedBy) -> list[Objection]:
    """Return where outcome, remedy and payer of a decision contradict each other."""
    found = []
    if remedy not in OUTCOME_REMEDIES.get(outcome, frozenset()):
        found.append(Objection.OUTCOME_AGAINST_REMEDY)
    paid = remedy in MONEY_REMEDIES
    if paid == (funded_by is FundedBy.NONE) or (
        outcome is Outcome.OPERATOR_PAYOUT and funded_by is not FundedBy.OPERATOR
    ):
        found.append(Objection.WRONG_PAYER)
    return found
