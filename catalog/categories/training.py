"""Trains the suggester from labelled sheets in about two minutes for 30,000 sheets.

    sheets → features → networks, each blind to one fold → evidence for the fold it is blind to → ranker
                                      └→ side by side they are the network of the model

Promise: nothing is learned twice from the same sheet: the ranker only sees scores of networks, neighbours and counts
that never met the sheet, as it will be in service. Not here: where labels come from (editors' decisions) and when a
new model goes live. The names of the categories are learned as sheets too: top-1 75.0 → 76.7 for one network, since
many categories have three sheets and a name that says it all. So the tree's leaves without any sheet are suggested too:
two held-out tenths of 30,000 sheets go from 77.5 and 81.1 to 78.5 and 82.1 top-1, from 85.9 and 88.0 to 87.6 and 88.9
top-3.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from catalog.categories import network, ranking
from catalog.categories.calibration import coverage_at
from catalog.categories.evidence import Asked, Memory, candidates, counted
from catalog.categories.features import Features, Values, read, signatures
from catalog.categories.model import LearnedCategories, scaled
from catalog.categories.naming import Naming, names_as_sheets, told
from catalog.categories.network import Network, joined
from catalog.taxonomy import SEPARATOR

# Five networks on four fifths each err differently: alone 74.9 to 76.9 top-1 by the tenth held out, their mean a point
# more.
FOLDS = 5
# Words in more than this share of the sheets do not make two sheets neighbours: .02 gave 64.5 by nearest sheets alone
# in half of the time of .05 with 65.4; no limit 62.9.
COMMON = 0.02
# Below this the folds are too thin to learn anything that the names of the categories do not say.
FEWEST_SHEETS = 60
_CHUNK = 512


class TooFewSheets(ValueError):
    """There is not enough to learn from; the names of the categories serve until there is."""


def train(
    sheets: Iterable[tuple[Values, str]],
    paths: Mapping[str, str] | None = None,
    seed: int = 0,
    *,
    leaves: Iterable[str] = (),
) -> LearnedCategories:
    """Learn from (values, category id) pairs; `paths` writes each id as "top > … > leaf" (an id may be its own path).

    `leaves` are the tree's: one that no sheet is labelled with is learned by its name where its family is sold.
    Raises `TooFewSheets` under 60 sheets or two categories. Sheets are only read: title, description, brand,
    product_type and google_product_category.
    """
    began = time.perf_counter()
    values, ids = _columns(sheets)
    labelled = set(ids)
    if len(ids) < FEWEST_SHEETS or len(labelled) < 2:
        found = f"{len(ids)} labelled sheets of {len(labelled)} categories"
        raise TooFewSheets(f"{found}: at least {FEWEST_SHEETS} of 2 are needed.")
    classes = sorted(labelled | _beside(labelled, leaves, paths or {}))
    lineages = [(paths or {}).get(category, category) for category in classes]
    labels = np.searchsorted(classes, ids).astype(np.int64)
    material = _material(values, labels, lineages)
    folds = np.random.default_rng(seed).integers(0, FOLDS, len(labels))
    networks, tables = _out_of_fold(material, folds, seed)
    evidence, counts, chosen, truth = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    ranker, figures = _ranked(evidence, counts, chosen == truth[:, None], seed)
    card = {
        "sheets": len(labels),
        "categories": len(labelled),
        **figures,
        "seconds": round(time.perf_counter() - began, 1),
    }
    return LearnedCategories(
        classes, lineages, material.features, material.columns, joined(networks), material.memory(),
        ranker, card,
    )  # fmt: skip


def _beside(labelled: Collection[str], leaves: Iterable[str], paths: Mapping[str, str]) -> set[str]:
    """Return the leaves that stand beside labelled ones, no more than those: the fullest families first.

    Far from what is sold a tree's names cost more than they find, and training takes as long as there are categories.
    """
    sold = Counter(_family(paths.get(category, category)) for category in labelled)
    beside: dict[str, list[str]] = {}
    for leaf in sorted(set(leaves) - set(labelled)):
        family = _family(paths.get(leaf, leaf))
        if family in sold:
            beside.setdefault(family, []).append(leaf)
    fullest = sorted(beside, key=lambda family: (-sold[family] / len(beside[family]), family))
    return set(list(chain.from_iterable(beside[family] for family in fullest))[: len(labelled)])


def _family(path: str) -> str:
    return path.rpartition(SEPARATOR)[0]


@dataclass(frozen=True)
class _Material:
    """All that training works on, as arrays: sheets first, then the names of the categories as sheets."""

    features: Features
    rows: sp.csr_matrix
    labels: NDArray[np.int64]
    names: sp.csr_matrix
    name_labels: NDArray[np.int64]
    columns: NDArray[np.int64]
    asked: Asked
    naming: Naming
    families: NDArray[np.int64]
    lineage: sp.csr_matrix

    def memory(self, among: NDArray[np.int64] | None = None) -> Memory:
        """Return what is looked up, of these sheets alone."""
        chosen = np.arange(len(self.labels)) if among is None else among
        keys, counts = counted(self.asked.keys[chosen], self.labels[chosen], len(self.families))
        names = scaled(self.names[:, self.columns])
        return Memory(
            self.asked.words[chosen], self.labels[chosen], names, self.name_labels, keys, counts, self.families, self.naming
        )  # fmt: skip

    def network(self, among: NDArray[np.int64], seed: int) -> Network:
        """Return a network that learned from these sheets and all names."""
        rows = sp.vstack([self.rows[among], self.names]).tocsr()
        return network.trained(rows, np.concatenate([self.labels[among], self.name_labels]), self.lineage, seed)


def _columns(sheets: Iterable[tuple[Values, str]]) -> tuple[list[Values], list[str]]:
    values: list[Values] = []
    ids: list[str] = []
    for sheet, category in sheets:
        values.append(sheet)
        ids.append(category)
    return values, ids


def _material(values: Sequence[Values], labels: NDArray[np.int64], paths: Sequence[str]) -> _Material:
    names, name_labels = names_as_sheets(paths)
    readings = [read(sheet) for sheet in values]
    features, rows = Features.learned([*readings, *(read(name) for name in names)])
    sheets = rows[: len(values)]
    frequencies = np.bincount(sheets.indices, minlength=sheets.shape[1])
    columns = features.word_columns(frequencies, COMMON * len(values))
    keys = np.array([signatures(one) for one in readings], np.int64)
    naming = Naming.of(paths, readings)
    asked = Asked(scaled(sheets[:, columns]), keys, [naming.said(texts) for texts in told(readings)])
    return _Material(
        features, sheets, labels, rows[len(values) :], name_labels, columns, asked, naming, *_families(paths)
    )  # fmt: skip


def _families(paths: Sequence[str]) -> tuple[NDArray[np.int64], sp.csr_matrix]:
    """Return the parent and top of each category as numbers, and the matrix of categories by nodes of the tree."""
    nodes: dict[tuple[str, ...], int] = {}
    rows, columns, families = [], [], []
    for position, path in enumerate(paths):
        parts = path.split(SEPARATOR)
        steps = [nodes.setdefault(tuple(parts[: depth + 1]), len(nodes)) for depth in range(len(parts))]
        families.append((steps[max(len(steps) - 2, 0)], steps[0]))
        rows += [position] * len(steps)
        columns += steps
    lineage = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(paths), len(nodes)))
    return np.array(families, np.int64), lineage


_Table = tuple[Any, Any, Any, Any]


def _out_of_fold(material: _Material, folds: NDArray[np.int64], seed: int) -> tuple[list[Network], list[_Table]]:
    networks: list[Network] = []
    tables: list[_Table] = []
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        blind = material.network(outside, seed + fold)
        memory = material.memory(outside)
        networks.append(blind)
        for start in range(0, len(inside), _CHUNK):
            part = inside[start : start + _CHUNK]
            found = candidates(blind.logits(material.rows[part]), material.asked.part(part), memory)
            tables.append((found.evidence, found.counts, found.categories, material.labels[part]))
    return networks, tables


def _ranked(
    evidence: network.Floats, counts: NDArray[np.bool_], right: NDArray[np.bool_], seed: int
) -> tuple[ranking.Ranker, dict[str, float]]:
    """Return the ranker of all sheets, and the figures of one that was kept from a fifth of them."""
    kept_aside = np.random.default_rng(seed + 1).random(len(right)) < 0.2
    trial = ranking.learned(evidence[~kept_aside], counts[~kept_aside], right[~kept_aside], seed)
    shares = trial.probabilities(evidence[kept_aside], counts[kept_aside])
    best = shares.argmax(1)
    good = (right & counts)[kept_aside][np.arange(len(best)), best]
    figures = {
        "top1": round(float(good.mean()), 4),
        "coverage_at_95": round(coverage_at(shares.max(1).tolist(), good.tolist(), 0.95).coverage, 4),
        "threshold_at_95": round(coverage_at(shares.max(1).tolist(), good.tolist(), 0.95).threshold, 4),
    }
    return ranking.learned(evidence, counts, right, seed), figures
