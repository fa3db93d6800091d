"""The words themselves as features: which words, left over on one side, speak for or against the same product.

Promise: a sparse row a pair over a fixed number of columns (words are hashed, so that a model is of fixed size and
reads words that it never saw). Symmetric: exchanging the records changes nothing.
Not here: rarity and spelling, which the dense table already tells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.matching.alignment import Side
from catalog.matching.features import Pairs

SIZE = 1 << 18
OPEN_LIMIT = 8  # Left-over words a side that are crossed with the other side's; the rarest are dropped last.
_SALTS = {
    "both": 0x9E3779B1,
    "open": 0x85EBCA77,
    "elsewhere": 0xC2B2AE3D,
    "crossed": 0x27D4EB2F,
    "agree": 0x165667B1,
    "against": 0x2545F491,
}


def word_features(pairs: Pairs) -> sparse.csr_matrix:
    """Return the hashed words of the pairs, shape (pairs, SIZE), rows of length one."""
    pool, left, right = pairs.pool, pairs.alignment.left, pairs.alignment.right
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []

    def add(name: str, row: NDArray[np.int64], value: NDArray[np.int64]) -> None:
        rows.append(row)
        columns.append(hashed(name, value))

    row, at = np.nonzero(left.exact)
    add("both", row, pool.hash[left.words[row, at]])
    for side in (left, right):
        open_words = _open(side)
        row, at = np.nonzero(open_words & ~side.elsewhere)
        add("open", row, pool.hash[side.words[row, at]])
        row, at = np.nonzero(open_words & side.elsewhere)
        add("elsewhere", row, pool.hash[side.words[row, at]])
    row, i, j = np.nonzero(_foremost(_open(left))[:, :, None] & _foremost(_open(right))[:, None, :])
    a, b = pool.hash[left.words[row, i]], pool.hash[right.words[row, j]]
    add("crossed", row, np.minimum(a, b) * 31 + np.maximum(a, b) * 17)
    for name, at_row, unit in _units(pairs):
        add(name, at_row, unit)
    return _matrix(np.concatenate(rows), np.concatenate(columns), len(pairs.left))


def hashed(name: str, value: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the column of each value in the family `name`."""
    mixed = (value.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(_SALTS[name])
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    column: NDArray[np.int64] = ((mixed >> np.uint64(40)) % np.uint64(SIZE)).astype(np.int64)
    return column


def _open(side: Side) -> NDArray[np.bool_]:
    still: NDArray[np.bool_] = side.valid & ~side.exact & (side.soft < 0.9)
    return still


def _foremost(open_words: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the first words left over, at most OPEN_LIMIT a side."""
    kept: NDArray[np.bool_] = open_words & (np.cumsum(open_words, axis=1) <= OPEN_LIMIT)
    return kept


def _units(pairs: Pairs) -> list[tuple[str, NDArray[np.int64], NDArray[np.int64]]]:
    """Return the units on which the pairs agree, and those on which they have nothing in common but the unit."""
    pool = pairs.pool
    a, b = pool.quantity_units[pairs.left], pool.quantity_units[pairs.right]
    same_unit = (a[:, :, None] == b[:, None, :]) & (a >= 0)[:, :, None]
    same = same_unit & (pool.quantity_values[pairs.left][:, :, None] == pool.quantity_values[pairs.right][:, None, :])
    agreed = same.any(2)
    row, at = np.nonzero(agreed)
    against = same_unit.any(2) & ~agreed
    row_against, at_against = np.nonzero(against)
    return [
        ("agree", row, a[row, at].astype(np.int64)),
        ("against", row_against, a[row_against, at_against].astype(np.int64)),
    ]


def _matrix(rows: NDArray[np.int64], columns: NDArray[np.int64], pairs: int) -> sparse.csr_matrix:
    matrix = sparse.coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(pairs, SIZE)).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
