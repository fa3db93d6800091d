"""How much of a category's name a sheet says: of the leaf's, of the one above it and of the top one's.

What: a name is cut into alternatives ("PASSOIRE - ECUMOIRE" names two), an alternative is covered by the share of its
words that the sheet says, rare words counting more, in the head of its title, in its title and in its description.
Promise: the same for every category, so that what is learned of frequent ones holds for one with a single sheet.
Not here: a marketplace without labelled sheets (names). Measured on two held-out tenths: as evidence of the ranker
it takes top-1 from 77.5 to 78.4 and coverage at 95 % from 68.6 to 71.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from catalog.categories.features import Reading, Values, read
from catalog.categories.network import Floats
from catalog.taxonomy import SEPARATOR

# The head of a French title names the thing, its tail what it goes with.
HEAD_WORDS = 3
TEXTS = ("head", "title", "description")
LEVELS = ("leaf", "parent", "top")
COLUMNS = (*(f"{level} in {text}" for text in TEXTS for level in LEVELS), *(f"name in {text}" for text in TEXTS))
_SHORTEST = 3
_ALTERNATIVES = re.compile(r"\s+-\s+|\s*[,/&;]\s*|\s+(?:et|ou|and|or)\s+", re.IGNORECASE)


def alternatives(name: str) -> list[str]:
    """Return what a category's name names: "PASSOIRE - ECUMOIRE" two things."""
    return [one for one in _ALTERNATIVES.split(name) if one]


def names_as_sheets(paths: Sequence[str]) -> tuple[list[Values], NDArray[np.int64]]:
    """Return each category's name as a sheet, and each of its alternatives, with the positions of their categories."""
    sheets: list[Values] = []
    labels: list[int] = []
    for position, path in enumerate(paths):
        *above, leaf = path.split(SEPARATOR)
        named: list[Values] = [{"title": alternative} for alternative in alternatives(leaf)]
        named.append({"title": leaf, "description": " ".join(reversed(above))})
        sheets += named
        labels += [position] * len(named)
    return sheets, np.array(labels, np.int64)


def told(readings: Sequence[Reading]) -> list[list[list[int]]]:
    """Return the stems of each text (head, title, description) of each sheet."""
    titles = [[word.stem for word in one.title] for one in readings]
    return [[title[:HEAD_WORDS] for title in titles], titles, [[word.stem for word in one.text] for one in readings]]


@dataclass(frozen=True)
class Naming:
    """The alternatives of all names, each naming a node of the tree.

    `words` are the sorted stems of any name; `says` (words, alternatives) is each word's share of an alternative;
    `weights` how much the alternative's words say together; `owners` the node each names; `nodes` (categories, LEVELS)
    the leaf, parent and top of each category.
    """

    words: NDArray[np.int64]
    says: sp.csr_matrix
    weights: Floats
    owners: NDArray[np.int64]
    nodes: NDArray[np.int64]

    @classmethod
    def of(cls, paths: Sequence[str], readings: Sequence[Reading]) -> Naming:
        """Return the names on these paths, their words weighed by how rare they are in the sheets."""
        numbers: dict[tuple[str, ...], int] = {}
        nodes = [[numbers.setdefault(step, len(numbers)) for step in _steps(path)] for path in paths]
        said = [(set(_stems(one)), node) for steps, node in numbers.items() for one in alternatives(steps[-1])]
        said = [(stems, node) for stems, node in said if stems]
        words = np.unique(np.array([stem for stems, _ in said for stem in stems], np.int64))
        rarity = _rarity(words, readings)
        columns = np.repeat(np.arange(len(said)), [len(stems) for stems, _ in said])
        rows = np.searchsorted(words, np.array([stem for stems, _ in said for stem in stems], np.int64))
        weights = np.bincount(columns, rarity[rows], len(said)).astype(np.float32)
        share = (rarity[rows] / np.maximum(weights[columns], 1e-9)).astype(np.float32)
        says = sp.csr_matrix((share, (rows, columns)), (len(words), len(said)))
        return cls(words, says, weights, np.array([node for _, node in said], np.int64), np.array(nodes, np.int64))

    def said(self, texts: Sequence[Sequence[int]]) -> sp.csr_matrix:
        """Return (sheets, words) 1 where the text says a word of any name."""
        stems = np.array([stem for text in texts for stem in text], np.int64)
        rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        columns = np.searchsorted(self.words, stems)
        columns[columns == len(self.words)] = 0
        known = self.words[columns] == stems if len(self.words) else np.zeros(len(stems), bool)
        shape = (len(texts), len(self.words))
        matrix = sp.csr_matrix((np.ones(known.sum(), np.float32), (rows[known], columns[known])), shape)
        matrix.data[:] = 1
        return matrix

    def evidence(self, said: Sequence[sp.csr_matrix], chosen: NDArray[np.int64]) -> Floats:
        """Return (sheets, candidates, COLUMNS): the share of each name that is said, and how telling it is."""
        covered: list[Floats] = []
        telling: list[Floats] = []
        for text in said:
            product = (text @ self.says).tocoo()
            share = self._best(product, product.data)
            covered += [np.take_along_axis(share, self.nodes[chosen, level], 1) for level in range(len(LEVELS))]
            strength = self._best(product, product.data**2 * self.weights[product.col])
            telling.append(np.take_along_axis(strength, self.nodes[chosen, 0], 1))
        return np.stack(covered + telling, axis=2)

    def _best(self, product: sp.coo_matrix, values: Floats) -> Floats:
        """Return (sheets, nodes) the best value among a node's alternatives."""
        shape = (product.shape[0], int(self.nodes.max()) + 1)
        best = np.zeros(shape[0] * shape[1], np.float32)
        np.maximum.at(best, product.row.astype(np.int64) * shape[1] + self.owners[product.col], values)
        return best.reshape(shape)


def _steps(path: str) -> list[tuple[str, ...]]:
    """Return the leaf, parent and top of a path, each with the way to it."""
    parts = tuple(path.split(SEPARATOR))
    return [parts, parts[: max(len(parts) - 1, 1)], parts[:1]]


def _stems(name: str) -> list[int]:
    return [word.stem for word in read({"title": name}).title if len(word.written) >= _SHORTEST]


def _rarity(words: NDArray[np.int64], readings: Sequence[Reading]) -> NDArray[np.float64]:
    found = np.array([stem for one in readings for stem in {word.stem for word in [*one.title, *one.text]}], np.int64)
    known, counts = np.unique(found, return_counts=True)
    there = np.isin(words, known)
    seen = np.zeros(len(words))
    seen[there] = counts[np.searchsorted(known, words[there])]
    rarity: NDArray[np.float64] = np.log((len(readings) + 1) / (seen + 1))
    return rarity
