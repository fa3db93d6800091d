"""Logistic regression on the features' ranks and on the words themselves, as plain arrays.

Promise: `Linear.logits` needs numpy and scipy alone; unknown words weigh nothing.
Not here: which words count (`words.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtri

KNOTS = 48
DENSE_SCALE = 0.3
STRENGTH = (
    1.0  # Inverse penalty; cross-validated F1 of .3, 1, 3: Abt-Buy 90.2, 90.2, 90.4, Amazon-Google 74.6, 75.1, 74.9.
)
STEPS = 200


@dataclass(frozen=True)
class Linear:
    """Rank curves (features, KNOTS) and weights of the dense columns, weights of the words that were seen."""

    knots: NDArray[np.float32]
    ranks: NDArray[np.float32]
    dense: NDArray[np.float32]
    columns: NDArray[np.int32]
    words: NDArray[np.float32]
    bias: float

    @classmethod
    def fit(cls, table: NDArray[np.float32], words: sparse.csr_matrix, labels: NDArray[np.int64]) -> Linear:
        """Learn from a dense table, the pairs' words and labels 0 or 1."""
        knots, ranks = _rank_curves(table)
        columns = np.unique(words.indices)
        rows = sparse.hstack([sparse.csr_matrix(_ranked(table, knots, ranks)), words[:, columns]]).tocsr()
        # Only learning needs the learner; importing it would add a second to the start of every command.
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(rows, labels)
        weights = model.coef_[0].astype(np.float32)
        return cls(
            knots,
            ranks,
            weights[: table.shape[1]],
            columns.astype(np.int32),
            weights[table.shape[1] :],
            float(model.intercept_[0]),
        )

    def logits(self, table: NDArray[np.float32], words: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return the log odds of each row."""
        weights = np.zeros(words.shape[1], np.float32)
        weights[self.columns] = self.words
        total: NDArray[np.float64] = words @ weights + np.float64(self.bias)
        curves = self.ranks * (self.dense * np.float32(DENSE_SCALE))[:, None]
        # Weighted curves are summed as they are read: a table of ranks would be as large as the one given.
        for values, knots, curve in zip(table.T, self.knots, curves, strict=True):
            total += np.interp(values, knots, curve)
        return total

    @property
    def usual(self) -> NDArray[np.float32]:
        """Return the middle value of each dense column in training."""
        middle = np.abs(self.ranks).argmin(1)
        values: NDArray[np.float32] = self.knots[np.arange(len(self.knots)), middle]
        return values

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is to be stored."""
        return {
            "knots": self.knots,
            "ranks": self.ranks,
            "dense": self.dense,
            "columns": self.columns,
            "words": self.words,
            "bias": np.array(self.bias),
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[Any]]) -> Linear:
        """Rebuild from `arrays()`."""
        names = ("knots", "ranks", "dense", "columns", "words")
        return cls(**{name: stored[name] for name in names}, bias=float(stored["bias"]))


def _rank_curves(table: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for every column KNOTS values and their normal ranks (the middle rank where many pairs share a value)."""
    knots = np.empty((table.shape[1], KNOTS), np.float32)
    ranks = np.empty_like(knots)
    for i in range(table.shape[1]):
        values, counts = np.unique(table[:, i], return_counts=True)
        middle = (np.cumsum(counts) - counts / 2) / len(table)
        picked = np.round(np.linspace(0, len(values) - 1, KNOTS)).astype(int)
        if len(values) > KNOTS:
            picked = np.searchsorted(middle, np.linspace(0, 1, KNOTS)).clip(0, len(values) - 1)
        knots[i] = values[picked]
        ranks[i] = np.clip(ndtri(middle[picked]), -3, 3)
    return knots, ranks


def _ranked(table: NDArray[np.float32], knots: NDArray[np.float32], ranks: NDArray[np.float32]) -> NDArray[np.float32]:
    ranked = np.empty(table.shape, np.float32)
    for i in range(table.shape[1]):
        ranked[:, i] = np.interp(table[:, i], knots[i], ranks[i])
    return ranked * np.float32(DENSE_SCALE)
