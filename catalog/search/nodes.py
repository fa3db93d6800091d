"""A question to an engine as plain values, so that both engines are asked exactly the same.

What it does: the few kinds of clause that tantivy and Elasticsearch understand alike; each adapter turns them into its
own objects in one table. Promise: no clause's score depends on the engine's own fuzziness or analysis: matches score
what the plan says, and only `BestMatches` brings the engine's BM25 in, which both compute by the same formula.
Not here: what to ask (`plan`), nor how an engine says it (`embedded`, `elastic`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that hold this exact token, word or number in the field."""

    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents that hold the tokens in order in the field, at most `slop` places apart in all."""

    field: str
    tokens: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number lies between the bounds, both included; None leaves a side open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that match every clause."""

    clauses: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match at least so many of the clauses; scores add up."""

    clauses: tuple[Node, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that match the first clause and not the second."""

    wanted: Node
    unwanted: Node


@dataclass(frozen=True, slots=True)
class Best:
    """Documents that match any clause; the score is the best clause's and `tie` times each of the others'."""

    clauses: tuple[Node, ...]
    tie: float = 0.0


@dataclass(frozen=True, slots=True)
class Worth:
    """The same documents as the clause, each with this score."""

    clause: Node
    score: float


@dataclass(frozen=True, slots=True)
class BestMatches:
    """Documents that hold a token in the field, by the engine's BM25 times the factor."""

    field: str
    token: str
    factor: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """The documents of `must` within the filters, scored by the sum of the `scores` clauses they match."""

    must: Node
    scores: tuple[Node, ...] = ()
    filters: tuple[Node, ...] = ()


Node = Term | Phrase | Range | Everything | AllOf | AnyOf | Not | Best | Worth | BestMatches | Ranked


def any_of(clauses: Sequence[Node]) -> Node:
    """Return the clauses as one, without a wrapper around a single one."""
    return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses))


def all_of(clauses: Sequence[Node]) -> Node:
    """Return the clauses as one that all must match, without a wrapper around a single one."""
    return clauses[0] if len(clauses) == 1 else AllOf(tuple(clauses))
