"""Money as whole minor units with an ISO currency; no floating point, no silent mixing of currencies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (cents) of one currency."""

    amount: int
    currency: str = "EUR"

    def __add__(self, other: Self) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: int) -> Money:
        return Money(self.amount * factor, self.currency)

    def share(self, basis_points: int) -> Money:
        """Return that share of the amount, one basis point being a hundredth of a percent, rounded half to even."""
        exact = Decimal(self.amount) * basis_points / 10_000
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), self.currency)

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return other.amount
