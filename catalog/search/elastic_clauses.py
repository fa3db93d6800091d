"""Our nodes as Elasticsearch's query language, one table.

Promise: a node means here what it means in `tantivy_clauses`; only what the core server has is used (no scripts, no
custom analyzers). Not here: what is asked (`plan`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.search import nodes
from catalog.search.nodes import Node

Clause = dict[str, Any]


def clause(node: Node) -> Clause:
    """Return the query for a node."""
    return _CLAUSES[type(node)](node)


def _phrase(node: nodes.Phrase) -> Clause:
    return {"match_phrase": {node.field: {"query": " ".join(node.tokens), "slop": node.slop}}}


def _range(node: nodes.Range) -> Clause:
    bounds = {key: value for key, value in (("gte", node.low), ("lte", node.high)) if value is not None}
    return {"range": {node.field: bounds}}


def _ranked(node: nodes.Ranked) -> Clause:
    filters = [clause(part) for part in (node.must, *node.filters)]
    return {"bool": {"filter": filters, "should": [clause(part) for part in node.scores], "minimum_should_match": 0}}


_CLAUSES: dict[type, Callable[[Any], Clause]] = {
    nodes.Term: lambda node: {"term": {node.field: {"value": node.value}}},
    nodes.Phrase: _phrase,
    nodes.Range: _range,
    nodes.Everything: lambda _: {"match_all": {}},
    nodes.AllOf: lambda node: {"bool": {"must": [clause(part) for part in node.clauses]}},
    nodes.AnyOf: lambda node: {
        "bool": {"should": [clause(part) for part in node.clauses], "minimum_should_match": node.at_least}
    },
    nodes.Not: lambda node: {"bool": {"must": [clause(node.wanted)], "must_not": [clause(node.unwanted)]}},
    nodes.Best: lambda node: {"dis_max": {"queries": [clause(part) for part in node.clauses], "tie_breaker": node.tie}},
    nodes.Worth: lambda node: {"constant_score": {"filter": clause(node.clause), "boost": node.score}},
    nodes.BestMatches: lambda node: {"term": {node.field: {"value": node.token, "boost": node.factor}}},
    nodes.Ranked: _ranked,
}
