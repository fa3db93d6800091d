"""Which of a product's offers has an odd price, by statistics that one odd price cannot bend.

Promise: pure; logarithms, so that half and double are equally far; at least three offers, since of two nobody can tell
which is the odd one. Source: B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993): modified z-score
by the median absolute deviation, odd from 3.5 on. Where a page sells variants, an offer stands among those it could be
the same variant as: a large bed set is not dear beside a small one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

FEWEST_OFFERS = 3
ODD_FROM = 3.5
# The share of a normal distribution's standard deviation that its median absolute deviation is.
_CONSISTENT = 0.6745
# Offers within a fifth of one another differ as shops do; without a floor three equal prices make a cent an outlier.
LEAST_SPREAD = math.log(1.2) / ODD_FROM * _CONSISTENT


@dataclass(frozen=True, slots=True)
class OddPrice:
    """An offer whose price stands apart: its place, the median, the modified z-score (signed), of how many offers."""

    place: int
    median: float
    score: float
    offers: int


def odd_prices(prices: Sequence[int]) -> list[OddPrice]:
    """Return the odd ones among the prices of one product, in minor units of one currency; the farthest first."""
    if len(prices) < FEWEST_OFFERS or min(prices) <= 0:
        return []
    logs = [math.log(price) for price in prices]
    middle = median(logs)
    spread = max(median(abs(one - middle) for one in logs), LEAST_SPREAD)
    scored = [(place, _CONSISTENT * (one - middle) / spread) for place, one in enumerate(logs)]
    odd = [
        OddPrice(place, median(prices), round(score, 2), len(prices))
        for place, score in scored
        if abs(score) >= ODD_FROM
    ]
    return sorted(odd, key=lambda one: -abs(one.score))


def odd_among_variants(prices: Sequence[int], alike: Callable[[int, int], bool]) -> list[OddPrice]:
    """Return the odd ones of a page, each among the offers that it may be compared with; `alike` takes two places."""
    found = []
    for place in range(len(prices)):
        peers = [other for other in range(len(prices)) if other == place or alike(place, other)]
        told = odd_prices([prices[other] for other in peers])
        found += [OddPrice(place, one.median, one.score, one.offers) for one in told if peers[one.place] == place]
    return sorted(found, key=lambda one: -abs(one.score))
