"""What speaks for each plausible category of a sheet: one table of named numbers a sheet and candidate.

Promise: `Memory` (labelled sheets, category names, telling combinations) and the networks' scores in, candidates and
their evidence out, all in arrays. Not here: how the evidence is weighed (ranking) and what was learned (training).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from catalog.categories import naming
from catalog.categories.features import SIGNATURES
from catalog.categories.naming import Naming
from catalog.categories.network import Floats, softmax

# Candidates a sheet: by the networks, by its nearest sheets, by the names of the categories. On a held-out tenth the
# true leaf is among them for 91 of 100 sheets; fifty by the networks alone would hold 93.
BY_NETWORK, BY_NEIGHBOURS, BY_NAME, BY_LIKELIHOOD = 14, 4, 2, 4
CANDIDATES = BY_NETWORK + BY_NEIGHBOURS + BY_NAME + BY_LIKELIHOOD
NEIGHBOURS = 30
# How many sheets that say a word as often as all sheets do are added to those of a category.
_SMOOTHING = 2.0
COLUMNS = (
    "behind the best", "network", "log network", "rank", "family", "log family", "top family", "share of family",
    "sheets", "votes", "root votes", "nearest", "behind the nearest", "nearest of all", "name",
    *(f"{what} {kind}" for kind in range(SIGNATURES) for what in ("share", "log seen", "unknown")),
    "behind the likeliest", "behind by word", "likeliest",
    *naming.COLUMNS,
)  # fmt: skip


@dataclass(frozen=True)
class Memory:
    """What is looked up rather than computed.

    `sheets` are labelled rows of whole words, `labels` their categories; `names` rows made of category names,
    `name_labels` theirs; `keys` the sorted telling combinations and `counts` (combinations, categories) how often each
    was seen; `families` (categories, 2) numbers the parent and the top category of each leaf; `naming` is how the
    categories are called.
    """

    sheets: sp.csr_matrix
    labels: NDArray[np.int64]
    names: sp.csr_matrix
    name_labels: NDArray[np.int64]
    keys: NDArray[np.int64]
    counts: sp.csr_matrix
    families: NDArray[np.int64]
    naming: Naming

    @cached_property
    def sheets_by_word(self) -> sp.csr_matrix:
        """Return the sheets turned, so that each batch does not turn them again."""
        return self.sheets.T.tocsr()

    @cached_property
    def likelihood(self) -> tuple[sp.csr_matrix, Floats]:
        """Return how much each word speaks for each category (words, categories), and what an unheard word costs each.

        It is the logarithm of how many times more often the category's sheets say the word than all sheets do; not
        stored, since it follows from the sheets in a tenth of a second.
        """
        sheets, categories = self.sheets.shape[0], len(self.families)
        member = sp.csr_matrix((np.ones(sheets, np.float32), (self.labels, np.arange(sheets))), (categories, sheets))
        said = sp.csr_matrix(
            (np.ones_like(self.sheets.data), self.sheets.indices, self.sheets.indptr), self.sheets.shape
        )
        usual = np.asarray(said.sum(0)).ravel() / sheets
        own = (member @ said).tocoo()
        weights = np.log1p(own.data / (_SMOOTHING * usual[own.col])).astype(np.float32)
        unheard = np.log(_SMOOTHING / (np.bincount(self.labels, minlength=categories) + _SMOOTHING)).astype(np.float32)
        return sp.csr_matrix((weights, (own.col, own.row)), (said.shape[1], categories)), unheard


@dataclass(frozen=True)
class Asked:
    """Sheets as they are looked up: rows of whole words, telling combinations, and the words of names each text says."""

    words: sp.csr_matrix
    keys: NDArray[np.int64]
    said: Sequence[sp.csr_matrix]

    def part(self, chosen: NDArray[np.int64]) -> Asked:
        """Return some of the sheets."""
        return Asked(self.words[chosen], self.keys[chosen], [text[chosen] for text in self.said])


@dataclass(frozen=True)
class Candidates:
    """(sheets, CANDIDATES) categories, which of them count (a repeated one does not), and (…, COLUMNS) evidence."""

    categories: NDArray[np.int64]
    counts: NDArray[np.bool_]
    evidence: Floats


def counted(
    keys: NDArray[np.int64], labels: NDArray[np.int64], categories: int
) -> tuple[NDArray[np.int64], sp.csr_matrix]:
    """Return the sorted distinct combinations of these sheets and how often each category had them."""
    known = np.unique(keys[keys > 0])
    rows = np.searchsorted(known, keys.ravel())
    there = keys.ravel() > 0
    columns = np.repeat(labels, keys.shape[1])
    counts = sp.csr_matrix((np.ones(there.sum(), np.float32), (rows[there], columns[there])), (len(known), categories))
    return known, counts


def nearest(rows: sp.csr_matrix, by_word: sp.csr_matrix, how_many: int) -> tuple[NDArray[np.int64], Floats]:
    """Return the positions and cosines of the sheets closest to each row, the closest first; 0 where there is none."""
    product = (rows @ by_word).tocsr()
    where = np.zeros((rows.shape[0], how_many), np.int64)
    how_close = np.zeros((rows.shape[0], how_many), np.float32)
    for row in range(rows.shape[0]):
        start, end = product.indptr[row], product.indptr[row + 1]
        cosines = product.data[start:end]
        best = np.argpartition(-cosines, how_many)[:how_many] if end - start > how_many else np.arange(end - start)
        best = best[np.argsort(-cosines[best], kind="stable")]
        where[row, : len(best)] = product.indices[start:end][best]
        how_close[row, : len(best)] = cosines[best]
    return where, how_close


def candidates(logits: Floats, asked: Asked, memory: Memory) -> Candidates:
    """Return the plausible categories of each sheet with their evidence; `logits` are the network's scores."""
    votes, closest = _votes(asked.words, memory)
    named, likely = _names(asked.words, memory), _likelihoods(asked.words, memory)
    chosen = np.hstack([
        _top(logits, BY_NETWORK), _top(votes, BY_NEIGHBOURS), _top(named, BY_NAME), _top(likely, BY_LIKELIHOOD),
    ])  # fmt: skip
    table = [
        _network_evidence(logits, chosen, memory),
        _memory_evidence(votes, closest, named, chosen),
        _signature_evidence(asked.keys, chosen, memory),
        _likelihood_evidence(likely, asked.words, chosen),
        memory.naming.evidence(asked.said, chosen),
    ]
    return Candidates(chosen, _first_only(chosen), np.concatenate(table, axis=2))


def _top(scores: Floats, how_many: int) -> NDArray[np.int64]:
    many = min(how_many, scores.shape[1])
    best = np.argpartition(-scores, many - 1, axis=1)[:, :many]
    return np.pad(best, ((0, 0), (0, how_many - many)), mode="edge").astype(np.int64)


def _first_only(chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    same = chosen[:, :, None] == chosen[:, None, :]
    earlier = np.tril(np.ones(same.shape[1:], bool), -1)
    repeated: NDArray[np.bool_] = (same & earlier).any(2)
    return ~repeated


def _votes(words: sp.csr_matrix, memory: Memory) -> tuple[Floats, Floats]:
    """Return the share of the nearest sheets' votes, weighted by the cube of the cosine, and the closest cosine."""
    size = (words.shape[0], len(memory.families))
    where, how_close = nearest(words, memory.sheets_by_word, NEIGHBOURS)
    voted = memory.labels[where]
    weights = how_close**3
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-9)
    rows = np.repeat(np.arange(size[0]), NEIGHBOURS)
    place = rows * size[1] + voted.ravel()
    votes = np.bincount(place, weights.ravel(), size[0] * size[1]).reshape(size).astype(np.float32)
    closest = np.zeros(size, np.float32)
    np.maximum.at(closest, (rows, voted.ravel()), how_close.ravel())
    return votes, closest


def _names(words: sp.csr_matrix, memory: Memory) -> Floats:
    found = np.zeros((words.shape[0], len(memory.families)), np.float32)
    product = (words @ memory.names.T).tocoo()
    np.maximum.at(found, (product.row, memory.name_labels[product.col]), product.data)
    return found


def _likelihoods(words: sp.csr_matrix, memory: Memory) -> Floats:
    weights, unheard = memory.likelihood
    said = sp.csr_matrix((np.ones_like(words.data), words.indices, words.indptr), words.shape)
    return np.asarray((said @ weights).toarray() + np.diff(words.indptr)[:, None] * unheard, np.float32)


def _likelihood_evidence(likely: Floats, words: sp.csr_matrix, chosen: NDArray[np.int64]) -> Floats:
    behind = np.take_along_axis(likely, chosen, 1) - likely.max(1, keepdims=True)
    by_word = behind / np.sqrt(np.maximum(np.diff(words.indptr), 1))[:, None]
    return np.stack([behind, by_word, behind == 0], axis=2).astype(np.float32)


def _network_evidence(logits: Floats, chosen: NDArray[np.int64], memory: Memory) -> Floats:
    probability = softmax(logits)
    parents, tops = memory.families[:, 0], memory.families[:, 1]
    family = _summed(probability, parents)
    top_family = _summed(probability, tops)
    own = np.take_along_axis(probability, chosen, 1)
    of_family = np.take_along_axis(family, parents[chosen], 1)
    behind = np.take_along_axis(logits, chosen, 1) - logits.max(1, keepdims=True)
    rank = (behind[:, None, :] > behind[:, :, None]).sum(2)
    sheets = np.bincount(memory.labels, minlength=len(parents))
    columns = [
        behind, own, np.log(own + 1e-6), rank, of_family, np.log(of_family + 1e-6),
        np.take_along_axis(top_family, tops[chosen], 1), own / (of_family + 1e-9), np.log1p(sheets)[chosen],
    ]  # fmt: skip
    return np.stack(columns, axis=2).astype(np.float32)


def _summed(probability: Floats, groups: NDArray[np.int64]) -> Floats:
    members = sp.csr_matrix((np.ones(len(groups), np.float32), (np.arange(len(groups)), groups)))
    return np.asarray(probability @ members, np.float32)


def _memory_evidence(votes: Floats, closest: Floats, named: Floats, chosen: NDArray[np.int64]) -> Floats:
    voted = np.take_along_axis(votes, chosen, 1)
    near = np.take_along_axis(closest, chosen, 1)
    nearest_of_all = np.broadcast_to(closest.max(1, keepdims=True), near.shape)
    columns = [voted, np.sqrt(voted), near, near - nearest_of_all, nearest_of_all, np.take_along_axis(named, chosen, 1)]
    return np.stack(columns, axis=2)


def _signature_evidence(keys: NDArray[np.int64], chosen: NDArray[np.int64], memory: Memory) -> Floats:
    columns: list[Floats] = []
    for kind in range(keys.shape[1]):
        found = np.searchsorted(memory.keys, keys[:, kind])
        found[found == len(memory.keys)] = 0
        known = memory.keys[found] == keys[:, kind] if len(memory.keys) else np.zeros(len(keys), bool)
        seen = memory.counts[found].toarray() * known[:, None]
        total = seen.sum(1, keepdims=True)
        columns.append(np.take_along_axis(seen, chosen, 1) / (total + 1))
        columns.append(np.broadcast_to(np.log1p(total), chosen.shape))
        columns.append(np.broadcast_to((~known)[:, None], chosen.shape))
    return np.stack(columns, axis=2).astype(np.float32)
