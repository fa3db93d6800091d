"""Plausible products for a record: the port that the search index fills, and an implementation in memory.

Promise: `CandidateSource.candidates` returns at most `limit` records, best first; it may miss, never judges.
`MemoryCandidates` is exact over TF-IDF of words, letters and model numbers, and serves tests, benchmarks and small
catalogues. Not here: whether a candidate is the same product (`catalog/matching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from catalog.matching.pool import Pool, Statistics
from catalog.matching.records import Record
from catalog.matching.retrieval import LIMIT, nearest

__all__ = ["LIMIT", "Candidate", "CandidateSource", "MemoryCandidates"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same product, and how well the index likes it (comparable for one query only)."""

    record: Record
    score: float


class CandidateSource(Protocol):
    """Anything that finds plausible products for a record."""

    def candidates(self, record: Record, limit: int = LIMIT) -> list[Candidate]:
        """Return the most plausible records, best first."""


class MemoryCandidates:
    """Candidates among the records given, compared with all of them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = list(records)

    def candidates(self, record: Record, limit: int = LIMIT) -> list[Candidate]:
        """Return the most plausible records, best first, those without any likeness left out."""
        return self.candidates_of([record], limit)[0]

    def candidates_of(self, records: Sequence[Record], limit: int = LIMIT) -> list[list[Candidate]]:
        """Return the candidates of many records at once, which costs far less than one by one."""
        everything = [*records, *self._records]
        pool = Pool(everything, Statistics.of(self._records))
        queries, targets = np.arange(len(records)), np.arange(len(records), len(everything))
        found: list[list[Candidate]] = [[] for _ in records]
        for query, target, score in zip(*nearest(pool, queries, targets, limit), strict=True):
            found[query].append(Candidate(everything[target], float(score)))
        return found
