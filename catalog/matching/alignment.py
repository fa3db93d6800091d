"""Which words of two heads say the same: exact, joined, abbreviated, misspelt, or only in the other's description.

Promise: works on arrays of pairs at once; shapes are (pairs, words of the left) and (pairs, words of the right).
Only words that have no exact partner are compared by spelling, each two different words once.
Not here: what the result means for a pair (`features.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Levenshtein, Postfix, Prefix
from rapidfuzz.process import cpdist

from catalog.matching.pool import CODE, NUMBER, Floats, Ints, Pool

Bools = NDArray[np.bool_]
EDIT_SIMILARITY = 0.75  # From here on a spelling is taken for a variant; .70 and .80 measured no better on either set.


@dataclass(frozen=True, slots=True)
class Side:
    """One side of aligned pairs: word numbers, weights (0 where there is no word), kinds and how each was met."""

    words: Ints
    valid: Bools
    weight: Floats
    kind: NDArray[np.int8]
    exact: Bools
    soft: Floats
    elsewhere: Bools

    @property
    def unmet(self) -> Floats:
        """Weight of each word that the other head does not say, reduced by how nearly it does."""
        left_over: Floats = self.weight * (1 - np.maximum(self.exact, self.soft))
        return left_over


@dataclass(frozen=True, slots=True)
class Alignment:
    """Both sides of aligned pairs and the heaviest run of words that they share in the same order."""

    left: Side
    right: Side
    equal: Bools
    run: Floats


def align(pool: Pool, left: Ints, right: Ints) -> Alignment:
    """Align the heads of `left[i]` and `right[i]` (rows of the pool) for all i."""
    width_a, width_b = (max(1, int(pool.head_length[rows].max(initial=1))) for rows in (left, right))
    a, b = pool.head[left][:, :width_a], pool.head[right][:, :width_b]
    equal = (a[:, :, None] == b[:, None, :]) & (a >= 0)[:, :, None]
    exact_a, exact_b = equal.any(2), equal.any(1)
    soft_a, soft_b = np.zeros(a.shape, np.float32), np.zeros(b.shape, np.float32)
    for joined, size in ((pool.joined2, 2), (pool.joined3, 3)):
        _meet_joined(joined[left][:, :width_a], b, size, soft_a, soft_b, exact_b)
        _meet_joined(joined[right][:, :width_b], a, size, soft_b, soft_a, exact_a)
    _meet_spelling(pool, a, b, (exact_a | (soft_a > 0), exact_b | (soft_b > 0)), (soft_a, soft_b))
    sides = (
        _side(pool, a, exact_a, soft_a, right),
        _side(pool, b, exact_b, soft_b, left),
    )
    return Alignment(*sides, equal, _heaviest_run(equal, sides[0].weight))


def says(pool: Pool, rows: Ints, words: Ints) -> Bools:
    """Tell for each word (pairs, n) whether the pool's record `rows[i]` says it anywhere."""
    keys = rows.astype(np.int64)[:, None] * len(pool.strings) + words
    at = np.minimum(np.searchsorted(pool.full_keys, keys), len(pool.full_keys) - 1)
    found: Bools = (pool.full_keys[at] == keys) & (words >= 0)
    return found


def _side(pool: Pool, words: Ints, exact: Bools, soft: Floats, other: Ints) -> Side:
    valid = words >= 0
    weight = np.where(valid, pool.weight[words], 0).astype(np.float32)
    kind = np.where(valid, pool.kind[words], -1).astype(np.int8)
    return Side(
        words,
        valid,
        weight,
        kind,
        exact,
        np.where(exact, 0, soft).astype(np.float32),
        says(pool, other, words) & ~exact,
    )


def _meet_joined(joined: Ints, words: Ints, size: int, soft: Floats, soft_words: Floats, exact_words: Bools) -> None:
    """Mark runs of words that the other side writes as one word (see thru = seethru)."""
    # Few runs are written as one word by anybody, so only those are compared.
    row, at = np.nonzero(joined >= 0)
    met, j = np.nonzero((joined[row, at][:, None] == words[row]) & ~exact_words[row])
    pair, i = row[met], at[met]
    soft_words[pair, j] = 1
    for step in range(size):
        soft[pair, np.minimum(i + step, soft.shape[1] - 1)] = 1


def _meet_spelling(pool: Pool, a: Ints, b: Ints, met: tuple[Bools, Bools], soft: tuple[Floats, Floats]) -> None:
    """Compare the spelling of words without partner that begin or end alike."""
    open_a, open_b = (a >= 0) & ~met[0], (b >= 0) & ~met[1]
    first = pool.first[a][:, :, None] == pool.first[b][:, None, :]
    last = pool.last[a][:, :, None] == pool.last[b][:, None, :]
    pair, i, j = np.nonzero(open_a[:, :, None] & open_b[:, None, :] & (first | last))
    if not len(pair):
        return
    keys, back = np.unique(a[pair, i].astype(np.int64) * len(pool.strings) + b[pair, j], return_inverse=True)
    scores = spelling(pool, keys // len(pool.strings), keys % len(pool.strings))[back]
    np.maximum.at(soft[0], (pair, i), scores)
    np.maximum.at(soft[1], (pair, j), scores)


def spelling(pool: Pool, a: NDArray[Any], b: NDArray[Any]) -> Floats:
    """Return how nearly the words are one word: misspelt, abbreviated, or codes that share most of their letters."""
    la, lb = pool.length[a].astype(np.float32), pool.length[b].astype(np.float32)
    short, long = np.minimum(la, lb), np.maximum(la, lb)
    score = np.zeros(len(a), np.float32)
    number = (pool.kind[a] == NUMBER) | (pool.kind[b] == NUMBER)
    todo = np.nonzero(~number & (short >= 2) & (short / long >= 0.25))[0]
    if not len(todo):
        return score
    wa, wb = [pool.strings[k] for k in a[todo]], [pool.strings[k] for k in b[todo]]
    la, lb, short, long = la[todo], lb[todo], short[todo], long[todo]
    code = (pool.kind[a[todo]] == CODE) | (pool.kind[b[todo]] == CODE)
    prefix = np.asarray(cpdist(wa, wb, scorer=Prefix.similarity), np.float32)
    edit = np.asarray(cpdist(wa, wb, scorer=Levenshtein.normalized_similarity), np.float32)
    common = np.asarray(cpdist(wa, wb, scorer=LCSseq.similarity), np.float32)
    postfix = np.asarray(cpdist(wa, wb, scorer=Postfix.similarity), np.float32)
    best = np.where((edit >= EDIT_SIMILARITY) & (short >= 4), edit, 0)
    best = np.maximum(best, np.where((prefix == short) & (short >= 3), 0.9, 0))
    best = np.maximum(best, np.where(~code & (common == short) & (prefix >= 1) & (short >= 2) & (short <= 4), 0.6, 0))
    share = np.maximum(prefix, postfix) / long
    best = np.where(code, np.where((share >= 0.6) & (short >= 4), share * 0.9, 0), best)
    score[todo] = best
    return score


def _heaviest_run(equal: Bools, weight: Floats) -> Floats:
    """Return the largest summed weight of consecutive equal words."""
    run = np.zeros((equal.shape[0], equal.shape[2]), np.float32)
    best = np.zeros(equal.shape[0], np.float32)
    for i in range(equal.shape[1]):
        shifted = np.concatenate([np.zeros((len(run), 1), np.float32), run[:, :-1]], axis=1)
        run = np.where(equal[:, i, :], shifted + weight[:, i : i + 1], 0)
        best = np.maximum(best, run.max(1, initial=0))
    return best
