"""The nearest records of each record by TF-IDF: an exact stand-in for the search index, and the source of rivals.

Promise: all targets are compared, a block of queries at a time, so memory stays bounded; best first.
Not here: the port that the product's index implements (`catalog/candidates.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.matching.pool import Pool

LIMIT = 20
BATCH = 512
# Shares of the four views in the score; recall among the first 20 of whole catalogues: 99.9 Abt-Buy, 99.6 Amazon-Google
# (words and letters of the heads alone: 99.7 and 99.2).
VIEWS = {"word_head": 0.2, "char_head": 0.3, "word_full": 0.1, "cross": 0.4}


def nearest(
    pool: Pool, queries: NDArray[np.int_], targets: NDArray[np.int_], limit: int = LIMIT
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return (query row, target row, score) of the best `limit` targets of each query, best first."""
    query_rows, target_rows = (
        _views(pool, queries, "word_full", "word_head"),
        _views(pool, targets, "word_head", "word_full"),
    )
    across = target_rows.T.tocsr()
    found_queries, found_targets, scores = [], [], []
    for start in range(0, len(queries), BATCH):
        block = np.asarray((query_rows[start : start + BATCH] @ across).todense())
        width = min(limit, block.shape[1])
        best = np.argpartition(-block, width - 1, axis=1)[:, :width]
        best = np.take_along_axis(best, np.argsort(-np.take_along_axis(block, best, 1), axis=1, kind="stable"), 1)
        values = np.take_along_axis(block, best, 1)
        row, place = np.nonzero(values > 0)
        found_queries.append(queries[start + row])
        found_targets.append(targets[best[row, place]])
        scores.append(values[row, place])
    if not found_queries:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32)
    return (
        np.concatenate(found_queries).astype(np.int32),
        np.concatenate(found_targets).astype(np.int32),
        np.concatenate(scores),
    )


def _views(pool: Pool, rows: NDArray[np.int_], cross_long: str, cross_short: str) -> sparse.csr_matrix:
    """Put the views side by side so that one product of rows is the weighted sum of their cosines."""
    scale = {name: np.float32(np.sqrt(share)) for name, share in VIEWS.items()}
    parts = [getattr(pool, name)[rows] * scale[name] for name in ("word_head", "char_head", "word_full")]
    crossed = [getattr(pool, name)[rows] * scale["cross"] for name in (cross_long, cross_short)]
    return sparse.hstack([*parts, *crossed]).tocsr()
