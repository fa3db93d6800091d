"""Learning a matcher from judged pairs: folds for honest rivals' scores, then both learners.

Promise: `train` reads no pair but those given with a label; everything else in the catalogues serves as rivals and
word counts only. Few pairs are enough to run (two of each label), and more are better.
Not here: the choice of thresholds, which needs pairs of its own (`best_threshold` on them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.matching.learner import Learner, Table, folds
from catalog.matching.model import FEATURES_VERSION, Matcher, Numbers, load_shipped, pair_table, with_prior
from catalog.matching.pool import Ints, Pool, Statistics
from catalog.matching.records import PRICE, SILENT, TITLE, Record
from catalog.matching.retrieval import LIMIT, nearest
from catalog.matching.rivals import Edges, rival_features

FOLDS = 5
FIELD_SHARE = 0.05  # An attribute is compared by itself when at least this share of both catalogues fills it.
FIELD_LIMIT = 12
UNHINDERED = 1e3  # Inverse penalty of the two numbers that turn scores into probabilities: next to none.
# Pairs below which the shipped model's opinion is a feature. F1 without and with it, mean of three draws: Abt-Buy 200
# pairs 87.3, 89.3; 400 pairs 89.0, 90.3; 1000 pairs 92.1, 92.5; Amazon-Google 64.1, 65.0; 65.2, 65.9; 69.2, 68.9.
PRIOR_BELOW = 1500


class TooFewPairs(ValueError):
    """There is not enough to learn from: both answers are needed, at least twice each."""


@dataclass(frozen=True)
class Network:
    """Two catalogues as rows of one pool, with all their candidate pairs; `row_of` finds an edge again."""

    pool: Pool
    left: Ints
    right: Ints

    @classmethod
    def of(
        cls, pool: Pool, lefts: NDArray[Any], rights: NDArray[Any], pairs: tuple[Ints, Ints], limit: int = LIMIT
    ) -> Network:
        """Join the pairs given with the `limit` records nearest to each, in both directions."""
        forward, backward = nearest(pool, lefts, rights, limit), nearest(pool, rights, lefts, limit)
        left = np.concatenate([pairs[0], forward[0], backward[1]])
        right = np.concatenate([pairs[1], forward[1], backward[0]])
        keys = np.unique(left.astype(np.int64) * len(pool) + right)
        return cls(pool, (keys // len(pool)).astype(np.int32), (keys % len(pool)).astype(np.int32))

    def rows_of(self, left: Ints, right: Ints) -> NDArray[np.intp]:
        """Return the edges' positions of pairs that are in the network."""
        keys = self.left.astype(np.int64) * len(self.pool) + self.right
        return np.searchsorted(keys, left.astype(np.int64) * len(self.pool) + right)


@dataclass(frozen=True)
class Fitted:
    """A matcher with the log odds of all edges, those of the training pairs from models that did not see them."""

    matcher: Matcher
    table: Table
    honest: Numbers

    def linked_logits(self, network: Network, rows: NDArray[np.intp]) -> Numbers:
        """Return log odds among rivals of edges that were not trained on."""
        edges = Edges(network.pool, network.left, network.right, self.honest)
        return self.matcher.linked.logits(self.table[rows].with_columns(rival_features(edges, rows)))


def fit(
    network: Network, rows: NDArray[np.intp], labels: NDArray[np.int64], fields: Sequence[str], seed: int = 0
) -> Fitted:
    """Learn from the network's edges `rows` with labels 0 or 1; few pairs are helped by the shipped model's opinion."""
    if min(np.bincount(labels, minlength=2)) < 2:
        raise TooFewPairs("Learning needs at least two pairs judged the same and two judged different.")
    prior = None
    if len(labels) < PRIOR_BELOW:
        prior, fields = load_shipped().pair, sorted({*fields, *load_shipped().fields})
    table = with_prior(pair_table(network.pool, network.left, network.right, fields), prior)
    pair = Learner.fit(table[rows], labels, seed)
    honest = pair.logits(table)
    fold = folds(labels, min(FOLDS, int(min(np.bincount(labels)))), seed)
    for number in range(fold.max() + 1):
        kept = fold != number
        honest[rows[~kept]] = Learner.fit(table[rows[kept]], labels[kept], seed).logits(table[rows[~kept]])
    edges = Edges(network.pool, network.left, network.right, honest)
    linked = Learner.fit(table[rows].with_columns(rival_features(edges, rows)), labels, seed)
    return Fitted(Matcher(pair, linked, tuple(fields), network.pool.statistics, prior=prior), table, honest)


def compared_fields(left: Sequence[Record], right: Sequence[Record]) -> tuple[str, ...]:
    """Return the attributes that both catalogues fill often enough to be compared one by one."""
    shares = []
    for records in (left, right):
        total = max(1, len(records))
        names = {name for record in records for name in record.fields}
        shares.append({name: sum(name in r.fields for r in records) / total for name in names})
    common = {name: min(shares[0][name], shares[1].get(name, 0.0)) for name in shares[0]}
    usable = [n for n, share in common.items() if share >= FIELD_SHARE and n not in (*TITLE, *PRICE, *SILENT)]
    return tuple(sorted(sorted(usable, key=lambda name: -common[name])[:FIELD_LIMIT]))


def train(
    pairs: Sequence[tuple[Record, Record]],
    labels: Sequence[int],
    folder: Path | None = None,
    card: Mapping[str, Any] | None = None,
) -> Matcher:
    """Learn from judged pairs (1 same, 0 different) of two catalogues; store the model in `folder` if given.

    Rivals are looked up among all the records given.
    """
    if len(pairs) != len(labels):
        raise ValueError("every pair needs exactly one label")
    lefts, rights = _distinct(a for a, _ in pairs), _distinct(b for _, b in pairs)
    records = [*lefts.values(), *rights.values()]
    place = {key: i for i, key in enumerate(lefts)}, {key: len(lefts) + i for i, key in enumerate(rights)}
    left = np.array([place[0][id(a)] for a, _ in pairs], np.int32)
    right = np.array([place[1][id(b)] for _, b in pairs], np.int32)
    pool = Pool(records, Statistics.of(records))
    network = Network.of(pool, np.arange(len(lefts)), np.arange(len(lefts), len(records)), (left, right))
    fields = compared_fields(list(lefts.values()), list(rights.values()))
    matcher = fit(network, network.rows_of(left, right), np.asarray(labels, np.int64), fields).matcher
    facts = {"features_version": FEATURES_VERSION, "pairs": len(labels), "same": int(np.sum(labels)), **(card or {})}
    matcher = matcher.with_card(facts)
    if folder is not None:
        matcher.save(folder)
    return matcher


def best_threshold(scores: Numbers, labels: NDArray[np.int64]) -> float:
    """Return the score from which calling a pair the same promises the best F1.

    The scores are first fitted to probabilities, and the F1 expected from those is maximal at the threshold. Where the
    F1 of the pairs themselves is maximal depends on two or three of them: over 150 draws of a quarter of the pairs not
    tested, that choice cost other pairs 1.1 F1 points on Abt-Buy and 1.6 on Amazon-Google, this one .8 and 1.1; the
    middle of the plateau within .01 of the best lies between.
    """
    # Only learning needs the learner; importing it would add a second to the start of every command.
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=UNHINDERED).fit(scores[:, None], labels)
    order = np.argsort(-scores, kind="stable")
    chances = curve.predict_proba(scores[order, None])[:, 1]
    expected = 2 * np.cumsum(chances) / (np.arange(1, len(labels) + 1) + chances.sum())
    best = int(expected.argmax())
    after = scores[order[min(best + 1, len(order) - 1)]]
    return float((scores[order[best]] + after) / 2)


def _distinct(records: Any) -> dict[int, Record]:
    return {id(record): record for record in records}
