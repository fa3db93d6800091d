"""The trained matcher: probabilities for pairs of records, alone or among their rivals; stored without pickling.

Promise: `Matcher.score` looks at the pair (and at how rare words are); `Matcher.score_linked` also at the rivals of
both records. Saved as `model.npz` (arrays) and `card.json` (data, figures, date, version of the features).
Not here: learning (`training.py`), identifiers and thresholds (`cascade.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.matching.evidence import attribute_of
from catalog.matching.features import Pairs, chunks, feature_table
from catalog.matching.learner import Learner, Table, probability
from catalog.matching.pool import Ints, Pool, Statistics
from catalog.matching.records import Record
from catalog.matching.rivals import Edges, rival_features
from catalog.matching.words import word_features

FEATURES_VERSION = 1
SHIPPED = Path(__file__).parent.parent / "data" / "matcher"
ENOUGH = 500  # Records from which a catalogue's own word counts are trusted without those of the training data.
# Log odds of the pair alone below which its rivals are not asked. On Amazon-Google 77 of 100 candidate pairs lie below,
# and the best of them would have come to -3.7 among its rivals, half of what the review threshold asks for.
HOPELESS = -7.0
# Thresholds of a model without its own: see the card of the shipped one for what they measured.
ACCEPT = 0.5
REVIEW = 0.1
Numbers = NDArray[np.float64]


class UnreadableModel(ValueError):
    """The folder holds no model that this version of the features can read."""


@dataclass(frozen=True)
class Scored:
    """Probabilities of pairs among their rivals, and what pushed each of them."""

    learner: Learner
    table: Table | None
    probabilities: Numbers

    def pushes(self, rows: NDArray[np.intp]) -> dict[str, Numbers]:
        """Return by attribute what the log odds of the pairs `rows` lose when its features take their usual value."""
        if self.table is None or not len(rows):
            return {}
        table, usual = self.table[rows], self.learner.linear.usual
        full = self.learner.logits(table)
        pushes = {}
        for attribute in dict.fromkeys(map(attribute_of, table.names)):
            columns = [i for i, name in enumerate(table.names) if attribute_of(name) == attribute]
            plain = table.dense.copy()
            plain[:, columns] = usual[columns]
            pushes[attribute] = full - self.learner.logits(Table(table.names, plain, table.words))
        return pushes


@dataclass(frozen=True)
class Matcher:
    """Learners for the pair alone and among rivals, with what they need to read records as in training."""

    pair: Learner
    linked: Learner
    fields: tuple[str, ...]
    statistics: Statistics
    card: Mapping[str, Any] = field(default_factory=dict)
    accept: float = ACCEPT
    review: float = REVIEW
    prior: Learner | None = None

    def table(self, pool: Pool, left: Ints, right: Ints) -> Table:
        """Return the features of pairs as the learners read them."""
        return with_prior(pair_table(pool, left, right, self.fields), self.prior)

    def score(self, pairs: Sequence[tuple[Record, Record]], statistics: Statistics | None = None) -> Numbers:
        """Return the probability, from each pair alone, that both records are one product."""
        pool, left, right = self._pooled(pairs, statistics)
        return probability(self.pair.logits(self.table(pool, left, right)))

    def score_linked(self, pairs: Sequence[tuple[Record, Record]], statistics: Statistics | None = None) -> Numbers:
        """Return the probability of each pair, knowing that all `pairs` are each other's rivals.

        Left records and right records are two catalogues; give every candidate of each record, not the likely ones.
        """
        return self.scored(pairs, statistics).probabilities

    def scored(self, pairs: Sequence[tuple[Record, Record]], statistics: Statistics | None = None) -> Scored:
        """Return what `score_linked` finds, with the means to say why."""
        if not pairs:
            return Scored(self.linked, None, np.zeros(0))
        pool, left, right = self._pooled(pairs, statistics)
        table, logits = self.linked_table(pool, left, right)
        return Scored(self.linked, table, probability(logits))

    def linked_table(self, pool: Pool, left: Ints, right: Ints) -> tuple[Table, Numbers]:
        """Return the features of all edges with their standing, and their log odds.

        An edge without any rival is scored alone (to lead nobody is no merit), and so is a hopeless one.
        """
        table = self.table(pool, left, right)
        edges = Edges(pool, left, right, self.pair.logits(table))
        linked = table.with_columns(rival_features(edges, np.arange(len(left))))
        logits, doubtful = edges.logits.copy(), np.nonzero(~edges.alone() & (edges.logits >= HOPELESS))[0]
        logits[doubtful] = self.linked.logits(linked[doubtful])
        return linked, logits

    def linked_logits(self, pool: Pool, left: Ints, right: Ints) -> Numbers:
        """Return log odds among rivals for all edges (rows of the pool)."""
        return self.linked_table(pool, left, right)[1] if len(left) else np.zeros(0)

    def save(self, folder: Path) -> None:
        """Write `model.npz` and `card.json` into the folder, each replaced in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        words = sorted(self.statistics.counts)
        counts = np.array([self.statistics.counts[word] for word in words], np.int32)
        arrays = {**self.pair.arrays("pair"), **self.linked.arrays("linked")}
        if self.prior is not None:
            arrays.update(self.prior.arrays("prior"))
        part = folder / "model.part.npz"
        np.savez_compressed(
            part,
            allow_pickle=False,
            fields=np.array(self.fields, dtype=str),
            words=np.array(words, dtype=str),
            counts=counts,
            records=np.array(self.statistics.records),
            thresholds=np.array([self.accept, self.review]),
            version=np.array(FEATURES_VERSION),
            **arrays,
        )
        part.replace(folder / "model.npz")
        text = json.dumps(dict(self.card), indent=2, ensure_ascii=False, sort_keys=True)
        (folder / "card.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Matcher:
        """Read what `save` wrote; raise UnreadableModel with a sentence otherwise."""
        try:
            with np.load(folder / "model.npz", allow_pickle=False) as archive:
                stored = dict(archive)
            card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise UnreadableModel(f"No readable matching model in {folder}: {error}") from error
        if int(stored["version"]) != FEATURES_VERSION:
            raise UnreadableModel(f"The model in {folder} was trained for other features: train it again.")
        statistics = Statistics(
            int(stored["records"]), dict(zip(stored["words"].tolist(), stored["counts"].tolist(), strict=True))
        )
        fields = tuple(stored["fields"].tolist())
        learners = Learner.from_arrays(stored, "pair"), Learner.from_arrays(stored, "linked")
        prior = Learner.from_arrays(stored, "prior") if "prior.names" in stored else None
        accept, review = (float(threshold) for threshold in stored["thresholds"])
        return cls(*learners, fields, statistics, card, accept, review, prior)

    def with_card(self, card: Mapping[str, Any]) -> Matcher:
        """Return the matcher with another card."""
        return replace(self, card=card)

    def with_thresholds(self, *, accept: float, review: float) -> Matcher:
        """Return the matcher with other thresholds (probabilities)."""
        return replace(self, accept=accept, review=review)

    def _pooled(self, pairs: Sequence[tuple[Record, Record]], statistics: Statistics | None) -> tuple[Pool, Ints, Ints]:
        rows: dict[int, int] = {}
        records: list[Record] = []
        for record in (record for pair in pairs for record in pair):
            if id(record) not in rows:
                rows[id(record)] = len(records)
                records.append(record)
        left = np.array([rows[id(a)] for a, _ in pairs], np.int32)
        right = np.array([rows[id(b)] for _, b in pairs], np.int32)
        return Pool(records, statistics or self._statistics_of(records)), left, right

    def _statistics_of(self, records: Sequence[Record]) -> Statistics:
        own = Statistics.of(records)
        return own if own.records >= ENOUGH else own.together_with(self.statistics)


def pair_table(pool: Pool, left: Ints, right: Ints, fields: Sequence[str]) -> Table:
    """Return dense and word features of the pairs in their order."""
    dense: NDArray[np.float32] | None = None
    names: tuple[str, ...] = ()
    words, order = [], []
    for at in chunks(pool, left, right):
        pairs = Pairs.of(pool, left[at], right[at])
        columns = feature_table(pairs, fields)
        if dense is None:
            dense = np.empty((len(left), len(columns)), np.float32)
        names = tuple(columns)
        dense[at] = np.column_stack(list(columns.values()))
        words.append(word_features(pairs))
        order.append(at)
    if dense is None:
        raise ValueError("a table needs at least one pair")
    back = np.argsort(np.concatenate(order))
    return Table(names, dense, sparse.vstack(words).tocsr()[back])


def with_prior(table: Table, prior: Learner | None) -> Table:
    """Return the table with what another model says of the pairs as one more column."""
    return table if prior is None else table.with_columns({"prior.logit": prior.logits(table.named(prior.names))})


@lru_cache(maxsize=1)
def load_shipped() -> Matcher:
    """Return the model that ships with the product, read at the first call."""
    return Matcher.load(SHIPPED)
