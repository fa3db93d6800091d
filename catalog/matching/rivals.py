"""How a pair stands among the other candidates of its two records.

Promise: from scored candidate pairs ("edges") it tells, for each side of a pair, by how much the pair leads, how
likely its rivals are, and whether the best rival has a better partner of its own. It reads no decisions.
Not here: where candidates come from (`catalog/candidates.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.matching.features import Columns, row_products
from catalog.matching.learner import probability
from catalog.matching.pool import Ints, Pool

RIVALS = 5
ALIKE = 0.85  # Cosine of heads from which two rivals count as one product listed twice.
ALONE = 12.0  # Lead of a pair without rivals, in log odds.

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edges:
    """Candidate pairs as rows of a pool, with their log odds from the pair alone."""

    pool: Pool
    left: Ints
    right: Ints
    logits: Numbers

    def alone(self) -> NDArray[np.bool_]:
        """Tell which edges have no rival on either side."""
        left, right = np.bincount(self.left)[self.left], np.bincount(self.right)[self.right]
        lonely: NDArray[np.bool_] = (left == 1) & (right == 1)
        return lonely


def rival_features(edges: Edges, targets: NDArray[np.intp]) -> Columns:
    """Return the standing of the edges `targets` on both sides, one value a target in every column.

    A side without rivals proves nothing (the index may have found little), so it takes the other side's standing.
    """
    better_left, better_right = _lead_elsewhere(edges.left, edges.logits), _lead_elsewhere(edges.right, edges.logits)
    left = _standing(edges, targets, edges.left, edges.right, better_right)
    right = _standing(edges, targets, edges.right, edges.left, better_left)
    left_alone, right_alone = left["count"] == 1, right["count"] == 1
    columns: Columns = {"pair.logit": edges.logits[targets].astype(np.float32)}
    for feature in left:
        a = np.where(left_alone, right[feature], left[feature]).astype(np.float32)
        b = np.where(right_alone, left[feature], right[feature]).astype(np.float32)
        columns[f"rival.{feature}.left"], columns[f"rival.{feature}.right"] = a, b
    for feature, worst in (("lead", np.minimum), ("share", np.minimum), ("above", np.maximum)):
        columns[f"rival.{feature}.worst"] = worst(columns[f"rival.{feature}.left"], columns[f"rival.{feature}.right"])
    return columns


def _standing(
    edges: Edges, targets: NDArray[np.intp], own: Ints, other: Ints, elsewhere: Numbers
) -> dict[str, Numbers]:
    order, start, size = _groups(own, edges.logits)
    mine = edges.logits[targets]
    chances = probability(edges.logits)
    total = np.bincount(own, chances)[own[targets]]
    rank = np.empty(len(own), np.int64)
    rank[order] = np.arange(len(own)) - start[own[order]]
    places = np.arange(RIVALS + 1)
    best = order[np.minimum(start[own[targets]][:, None] + places, len(order) - 1)]
    real = (places < size[own[targets]][:, None]) & (best != targets[:, None])
    scores = np.where(real, edges.logits[best], -np.inf)
    top = scores.argmax(1)
    rival = best[np.arange(len(targets)), top]
    leader = scores[np.arange(len(targets)), top]
    alone = ~np.isfinite(leader)
    unlike = np.where(real & ~_alike(edges.pool, other[targets], other[best]), scores, -np.inf).max(1)
    return {
        "lead": np.minimum(np.where(alone, ALONE, mine - leader), ALONE),
        "lead_unlike": np.minimum(np.where(np.isfinite(unlike), mine - unlike, ALONE), ALONE),
        "chances": total - chances[targets],
        "share": chances[targets] / np.maximum(total, 1e-9),
        "above": rank[targets].astype(float),
        "taken": np.where(alone, ALONE, np.clip(elsewhere[rival], -ALONE, ALONE)),
        "count": size[own[targets]].astype(float),
    }


def _alike(pool: Pool, record: Ints, rivals: Ints) -> NDArray[np.bool_]:
    """Tell which rivals (pairs, n) are all but the same text as the record."""
    again = np.repeat(record, rivals.shape[1])
    alike: NDArray[np.bool_] = (
        row_products(pool.word_head[again], pool.word_head[rivals.ravel()]).reshape(rivals.shape) >= ALIKE
    )
    return alike


def _lead_elsewhere(own: Ints, logits: Numbers) -> Numbers:
    """Return for every edge by how much the best other edge of the same record leads it (-ALONE without one)."""
    order, start, size = _groups(own, logits)
    first = order[start[own]]
    second = order[np.minimum(start[own] + 1, len(order) - 1)]
    rival = np.where(first == np.arange(len(own)), second, first)
    return np.where(size[own] > 1, logits[rival] - logits, -ALONE)


def _groups(own: Ints, logits: Numbers) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Return edges ordered by record, best first, with each record's start and size in that order."""
    order = np.lexsort((-logits, own))
    size = np.bincount(own)
    start = np.cumsum(size) - size
    return order, start, size
