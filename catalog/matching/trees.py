"""Gradient-boosted trees as plain arrays: learnt with scikit-learn, kept and evaluated with numpy alone.

Promise: `Trees.logits` gives what the learner gives, at a few microseconds a pair, from arrays that can be stored
without pickling. Evaluation is that of QuickScorer (Lucchese et al., 2015): each tree has at most eight leaves, so a
byte tells which can still be reached; every feature rules out leaves by one table look-up for all trees at once.
Tried and left out: LightGBM. It measured the same F1, and its wheel needs a system library (libgomp.so.1) that a
machine with nothing but Python lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

LEAVES = 8
TREES = 600
RATE = 0.02
COLUMN_SHARE = 0.3
PENALTY = 5.0
CHUNK = 512
_LOWEST = np.array([next((i for i in range(LEAVES) if byte >> i & 1), 0) for byte in range(256)], np.uint16)


@dataclass(frozen=True)
class Trees:
    """Nodes of all trees: the tree, its feature and threshold, and the leaves lost where the value is above it."""

    tree: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    mask: NDArray[np.uint8]
    leaves: NDArray[np.float32]
    base: float

    @classmethod
    def fit(cls, table: NDArray[np.float32], labels: NDArray[np.int64], seed: int = 0) -> Trees:
        """Learn from a table (pairs, features) without missing values and labels 0 or 1."""
        # Only learning needs the learner; importing it would add a second to the start of every command.
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(
            max_iter=TREES,
            learning_rate=RATE,
            max_leaf_nodes=LEAVES,
            max_features=COLUMN_SHARE,
            min_samples_leaf=int(np.clip(len(labels) // 50, 5, 20)),
            l2_regularization=PENALTY,
            early_stopping=False,
            random_state=seed,
        ).fit(table, labels)
        return cls.of(model)

    @classmethod
    def of(cls, model: HistGradientBoostingClassifier) -> Trees:
        """Take the trees out of a fitted binary learner."""
        nodes: list[tuple[int, int, float, int]] = []
        leaves = np.zeros((len(model._predictors), LEAVES), np.float32)
        for number, (predictor,) in enumerate(model._predictors):
            _walk(predictor.nodes, 0, number, leaves[number], 0, nodes)
        tree, feature, threshold, mask = zip(*nodes, strict=True) if nodes else ((), (), (), ())
        return cls(
            np.array(tree, np.int32),
            np.array(feature, np.int32),
            np.array(threshold, np.float64),
            np.array(mask, np.uint8),
            leaves,
            float(np.ravel(model._baseline_prediction)[0]),
        )

    def logits(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log odds of each row."""
        total, count = np.empty(len(table)), len(self.leaves)
        # One look-up a tree: what each of the 256 sets of leaves still reachable is worth.
        values, offsets = self.leaves[:, _LOWEST].ravel(), np.arange(count, dtype=np.int32) * 256
        alive, lost = np.empty((CHUNK, count), np.uint8), np.empty((CHUNK, count), np.uint8)
        for start in range(0, len(table), CHUNK):
            rows = np.ascontiguousarray(table[start : start + CHUNK].T)
            size = rows.shape[1]
            alive.fill(255)
            for feature, thresholds, masks in self._lookups:
                masks.take(np.searchsorted(thresholds, rows[feature]), axis=0, out=lost[:size], mode="clip")
                np.bitwise_and(alive, lost, out=alive)
            total[start : start + size] = values[alive[:size] + offsets].sum(1, dtype=np.float64)
        return total + self.base

    @cached_property
    def _lookups(self) -> list[tuple[int, NDArray[np.float64], NDArray[np.uint8]]]:
        """For each feature its thresholds, and by number of thresholds passed the leaves that remain in every tree."""
        lookups = []
        for feature in np.unique(self.feature):
            mine = np.nonzero(self.feature == feature)[0]
            thresholds, place = np.unique(self.threshold[mine], return_inverse=True)
            masks = np.full((len(thresholds) + 1, len(self.leaves)), 255, np.uint8)
            np.bitwise_and.at(masks, (place + 1, self.tree[mine]), self.mask[mine])
            lookups.append((int(feature), thresholds, np.bitwise_and.accumulate(masks, axis=0)))
        return lookups

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is to be stored."""
        return {
            "tree": self.tree,
            "feature": self.feature,
            "threshold": self.threshold,
            "mask": self.mask,
            "leaves": self.leaves,
            "base": np.array(self.base),
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[Any]]) -> Trees:
        """Rebuild from `arrays()`."""
        return cls(
            **{name: stored[name] for name in ("tree", "feature", "threshold", "mask", "leaves")},
            base=float(stored["base"]),
        )


def _walk(
    nodes: NDArray[Any],
    at: int,
    tree: int,
    values: NDArray[np.float32],
    leaf: int,
    found: list[tuple[int, int, float, int]],
) -> int:
    """Number the leaves below node `at` from `leaf` on, left to right; return the number after the last."""
    node = nodes[at]
    if node["is_leaf"]:
        values[leaf] = node["value"]
        return leaf + 1
    middle = _walk(nodes, int(node["left"]), tree, values, leaf, found)
    lost = sum(1 << i for i in range(leaf, middle))
    found.append((tree, int(node["feature_idx"]), float(node["num_threshold"]), 255 & ~lost))
    return _walk(nodes, int(node["right"]), tree, values, middle, found)
