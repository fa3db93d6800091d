"""The suggester that learned from labelled sheets: three best categories with calibrated scores.

Promise: `suggest` is pure and batched; a stored model is arrays and JSON, read without pickling, so that a file from
elsewhere cannot run anything. Not here: how it is trained (training) and a marketplace without labels (names).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from catalog.categories.evidence import Asked, Memory, candidates
from catalog.categories.features import Features, Values, read, signatures
from catalog.categories.naming import Naming, told
from catalog.categories.network import Floats, Network
from catalog.categories.ranking import Ranker
from catalog.sheets import CategorySuggestion

FORMAT = 2
SUGGESTIONS = 3
_CHUNK = 1024
_ARRAYS, _CARD = "model.npz", "card.json"
_NAMING = ("words", "weights", "owners", "nodes")


class UnreadableModel(ValueError):
    """A stored model that is missing, of another format, or damaged; the sentence says which."""


@dataclass(frozen=True)
class LearnedCategories:
    """`classes` are category ids, `paths` how they are written; `card` says what was learned and how good it is."""

    classes: Sequence[str]
    paths: Sequence[str]
    features: Features
    word_columns: NDArray[np.int64]
    network: Network
    memory: Memory
    ranker: Ranker
    card: dict[str, Any] = field(default_factory=dict)

    def suggest(self, sheets: Sequence[Values], how_many: int = SUGGESTIONS) -> list[list[CategorySuggestion]]:
        """Return the best categories of each sheet, best first; scores are probabilities."""
        found: list[list[CategorySuggestion]] = []
        for start in range(0, len(sheets), _CHUNK):
            chosen, shares = self.scored(sheets[start : start + _CHUNK])
            order = np.argsort(-shares, axis=1, kind="stable")[:, :how_many]
            for row, best in enumerate(order):
                found.append([self._suggestion(chosen[row, at], shares[row, at]) for at in best if shares[row, at] > 0])
        return found

    def scored(self, sheets: Sequence[Values]) -> tuple[NDArray[np.int64], Floats]:
        """Return (sheets, candidates) positions of categories and their probabilities, 0 for a repeated candidate."""
        readings = [read(values) for values in sheets]
        rows = self.features.matrix(readings)
        keys = np.array([signatures(one) for one in readings], np.int64).reshape(len(sheets), -1)
        said = [self.memory.naming.said(texts) for texts in told(readings)]
        asked = Asked(scaled(rows[:, self.word_columns]), keys, said)
        found = candidates(self.network.logits(rows), asked, self.memory)
        shares = self.ranker.probabilities(found.evidence, found.counts)
        return found.categories, np.where(found.counts, shares, 0).astype(np.float32)

    def _suggestion(self, position: int, score: float) -> CategorySuggestion:
        return CategorySuggestion(self.classes[position], self.paths[position], round(float(score), 4))

    def save(self, folder: Path) -> None:
        """Write the model into a folder: arrays in one file, names and card in the other."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "kept": self.features.kept, "rarity": self.features.rarity, "word_columns": self.word_columns,
            "labels": self.memory.labels, "name_labels": self.memory.name_labels, "keys": self.memory.keys,
            "families": self.memory.families,
        }  # fmt: skip
        for name in ("sheets", "names", "counts"):
            arrays |= _sparse_arrays(name, getattr(self.memory, name))
        arrays |= _sparse_arrays("says", self.memory.naming.says)
        arrays |= {f"naming_{name}": getattr(self.memory.naming, name) for name in _NAMING}
        arrays |= {f"network_{name}": value for name, value in vars(self.network).items()}
        arrays |= {f"ranker_{name}": value for name, value in vars(self.ranker).items()}
        np.savez(folder / _ARRAYS, **arrays)  # type: ignore[arg-type]  # the stubs take one array more than numpy does
        card = {
            "format": FORMAT, "classes": list(self.classes), "paths": list(self.paths), "card": self.card,
        }  # fmt: skip
        (folder / _CARD).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LearnedCategories:
        """Return the model kept in a folder."""
        try:
            card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
            if card.get("format") != FORMAT:
                raise UnreadableModel(f"The category model in {folder} is of another format; train it again.")
            with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
                return _from_arrays(card, arrays)
        except FileNotFoundError as missing:
            raise UnreadableModel(f"There is no category model in {folder}.") from missing
        except (KeyError, OSError, json.JSONDecodeError) as damaged:
            raise UnreadableModel(f"The category model in {folder} is damaged; train it again.") from damaged


def _from_arrays(card: dict[str, Any], arrays: Any) -> LearnedCategories:
    def sparse(name: str) -> sp.csr_matrix:
        parts = (arrays[f"{name}_data"], arrays[f"{name}_indices"], arrays[f"{name}_indptr"])
        return sp.csr_matrix(parts, shape=tuple(arrays[f"{name}_shape"]))

    network = Network(*(arrays[f"network_{name}"] for name in ("features", "scale", "outputs", "bias")))
    words, weights, owners, nodes = (arrays[f"naming_{name}"] for name in _NAMING)
    ranker = Ranker(*(arrays[f"ranker_{name}"] for name in ("centre", "scale", "first", "shift", "second", "none")))
    memory = Memory(
        sparse("sheets"), arrays["labels"], sparse("names"), arrays["name_labels"], arrays["keys"], sparse("counts"),
        arrays["families"], Naming(words, sparse("says"), weights, owners, nodes),
    )  # fmt: skip
    features = Features(arrays["kept"], arrays["rarity"])
    return LearnedCategories(
        card["classes"], card["paths"], features, arrays["word_columns"], network, memory, ranker, card["card"]
    )  # fmt: skip


def _sparse_arrays(name: str, matrix: sp.csr_matrix) -> dict[str, NDArray[Any]]:
    shape = np.array(matrix.shape)
    return {
        f"{name}_data": matrix.data, f"{name}_indices": matrix.indices, f"{name}_indptr": matrix.indptr,
        f"{name}_shape": shape,
    }  # fmt: skip


def scaled(rows: sp.csr_matrix) -> sp.csr_matrix:
    """Return the rows at length one; an empty row stays empty."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(1)).ravel())
    return (sp.diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr().astype(np.float32)
