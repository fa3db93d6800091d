"""Our nodes as tantivy's queries, one table.

Promise: a node means here what it means in `elastic_clauses`. Not here: what is asked (`plan`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Clause

from catalog.search import nodes
from catalog.search.nodes import Node


def clause(node: Node, schema: tantivy.Schema) -> Clause:
    """Return the library's query for a node."""
    return _CLAUSES[type(node)](node, schema)


def _phrase(node: nodes.Phrase, schema: tantivy.Schema) -> Clause:
    if len(node.tokens) == 1:
        return Clause.term_query(schema, node.field, node.tokens[0])
    return Clause.phrase_query(schema, node.field, list(node.tokens), node.slop)


def _range(node: nodes.Range, schema: tantivy.Schema) -> Clause:
    return Clause.range_query(schema, node.field, FieldType.Integer, lower_bound=node.low, upper_bound=node.high)


def _all_of(node: nodes.AllOf, schema: tantivy.Schema) -> Clause:
    return Clause.boolean_query([(Occur.Must, clause(part, schema)) for part in node.clauses])


def _any_of(node: nodes.AnyOf, schema: tantivy.Schema) -> Clause:
    parts = [(Occur.Should, clause(part, schema)) for part in node.clauses]
    return Clause.boolean_query(parts, minimum_number_should_match=node.at_least)


def _not(node: nodes.Not, schema: tantivy.Schema) -> Clause:
    wanted, unwanted = clause(node.wanted, schema), clause(node.unwanted, schema)
    return Clause.boolean_query([(Occur.Must, wanted), (Occur.MustNot, unwanted)])


def _best(node: nodes.Best, schema: tantivy.Schema) -> Clause:
    return Clause.disjunction_max_query([clause(part, schema) for part in node.clauses], node.tie)


def _ranked(node: nodes.Ranked, schema: tantivy.Schema) -> Clause:
    must = [(Occur.Must, Clause.const_score_query(clause(part, schema), 0.0)) for part in (node.must, *node.filters)]
    return Clause.boolean_query([*must, *((Occur.Should, clause(part, schema)) for part in node.scores)])


_CLAUSES: dict[type, Callable[[Any, tantivy.Schema], Clause]] = {
    nodes.Term: lambda node, schema: Clause.term_query(schema, node.field, node.value, "basic"),
    nodes.Phrase: _phrase,
    nodes.Range: _range,
    nodes.Everything: lambda _, __: Clause.all_query(),
    nodes.AllOf: _all_of,
    nodes.AnyOf: _any_of,
    nodes.Not: _not,
    nodes.Best: _best,
    nodes.Worth: lambda node, schema: Clause.const_score_query(clause(node.clause, schema), node.score),
    nodes.BestMatches: lambda node, schema: Clause.boost_query(
        Clause.term_query(schema, node.field, node.token, "freq"), node.factor
    ),
    nodes.Ranked: _ranked,
}
