"""The facets of a search, asked of both engines in the same words, which they share.

Promise: the same keys and order from both. Not here: which values have names (pages know brands and categories).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from catalog.search.port import FacetValue
from catalog.search.queries import PRICE_STEPS
from catalog.search.schema import FIELDS

FACET_VALUES = 30


def wanted() -> dict[str, Any]:
    """Return the aggregations to ask for."""
    asked: dict[str, Any] = {
        name: {"terms": {"field": name, "size": FACET_VALUES}} for name, (_, faceted) in FIELDS.items() if faceted
    }
    bounds = [None, *PRICE_STEPS, None]
    ranges = [
        {"key": f"{low or 0}-{high or ''}"} | ({"from": low} if low else {}) | ({"to": high} if high else {})
        for low, high in pairwise(bounds)
    ]
    return asked | {"price": {"range": {"field": "price", "ranges": ranges}}}


def read(answer: Mapping[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    """Return the counts by facet, the most frequent value first, price ranges from cheap to dear."""
    facets = {}
    for name, counted in answer.items():
        values = [FacetValue(str(bucket["key"]), bucket["doc_count"]) for bucket in counted["buckets"]]
        if name != "price":
            values.sort(key=lambda value: (-value.count, value.value))
        facets[name] = tuple(value for value in values if value.count)
    return facets
