"""Matching: which of a vendor's sheets are products that the marketplace already has.

    sheet → Record (records, units) → Pool of arrays (pool) → candidates (catalog/candidates, through the index)
          → aligned words (alignment) → named features (features, words) → pair alone, then among rivals (rivals)
          → trees + linear (trees, linear, learner) in a stored Matcher (model, training)
          → identifiers, thresholds, one to one (identifiers, cascade) → MatchProposal with evidence (evidence)

Promise: pure functions of values; a model is arrays and JSON, never code; every proposal says why, conflicts first;
no rule and no feature knows a data set. The shipped model learnt from made-up catalogues (`synthesis`) alone.
It does not retrieve from the index, store judgements or merge products.
"""

from __future__ import annotations

from catalog.matching.cascade import propose, propose_all
from catalog.matching.evidence import describe
from catalog.matching.model import ACCEPT, REVIEW, Matcher, UnreadableModel, load_shipped
from catalog.matching.pool import Statistics
from catalog.matching.records import Record
from catalog.matching.training import TooFewPairs, best_threshold, train

__all__ = [
    "ACCEPT",
    "REVIEW",
    "Matcher",
    "Record",
    "Statistics",
    "TooFewPairs",
    "UnreadableModel",
    "best_threshold",
    "describe",
    "load_shipped",
    "propose",
    "propose_all",
    "train",
]
