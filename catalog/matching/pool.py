"""Many records as arrays: what is computed once for a record, so that a pair costs array look-ups only.

Promise: `Pool.of(records, statistics)` holds token numbers, weights and TF-IDF rows of every record; memory grows
with the words, not with the pairs. `Statistics` counts in how many records a word occurs, and can be kept.
Not here: anything that looks at two records at a time.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.matching.records import Record

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

HEAD_LIMIT = 32  # Tokens of a head that are aligned; 99.9 % of the titles of both measured catalogues are shorter.
CODE_LIMIT = 4
QUANTITY_LIMIT = 12
WORD, NUMBER, CODE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many of `records` say each word: in the head, and anywhere."""

    records: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Statistics:
        """Count the words of the records' heads and further texts."""
        counts: Counter[str] = Counter()
        total = 0
        for record in records:
            total += 1
            counts.update(record.full_tokens)
        return cls(total, counts)

    def together_with(self, other: Statistics) -> Statistics:
        """Return the counts of both."""
        return Statistics(self.records + other.records, Counter(self.counts) + Counter(other.counts))

    def weight(self, token: str) -> float:
        """Return the rarity of a word between 0 (everywhere) and 1 (never seen)."""
        return float(np.log((self.records + 1) / (self.counts.get(token, 0) + 0.5)) / np.log(2 * self.records + 2))


def kind_of(token: str) -> int:
    """Tell a word, a number and a code (digit and letter, or five digits and more) apart."""
    digits = sum(map(str.isdigit, token))
    if not digits:
        return WORD
    return NUMBER if digits + token.count(".") == len(token) and digits < 5 else CODE


class Pool:
    """Records as arrays; row i of every array is record i of `records`."""

    def __init__(self, records: Sequence[Record], statistics: Statistics) -> None:
        self.records = records
        self.statistics = statistics
        self._numbers: dict[str, int] = {}
        self.head = self._padded([r.head_tokens for r in records], HEAD_LIMIT)
        full = [[self._number(t) for t in r.full_tokens] for r in records]
        self.codes = self._padded([r.codes for r in records], CODE_LIMIT)
        self.digits = self._padded([r.digits for r in records], CODE_LIMIT)
        self.joined2 = self._joined(2)
        self.joined3 = self._joined(3)
        self.strings = list(self._numbers)
        self.weight: Floats = np.array([statistics.weight(t) for t in self.strings], np.float32)
        self.kind = np.array([kind_of(t) for t in self.strings], np.int8)
        self.length = np.array([len(t) for t in self.strings], np.int16)
        self.first = np.array([ord(t[0]) for t in self.strings], np.int32)
        self.last = np.array([ord(t[-1]) for t in self.strings], np.int32)
        self.hash = np.array([zlib.crc32(t.encode()) for t in self.strings], np.int64)
        self.head_length = (self.head >= 0).sum(1)
        self.full_rows = self._incidence(full)
        self.full_keys = np.sort(
            np.repeat(np.arange(len(records)), np.diff(self.full_rows.indptr)) * np.int64(len(self.strings))
            + self.full_rows.indices
        )
        self.quantity_units, self.quantity_values = _classed([r.quantities for r in records])
        self.trait_classes, self.trait_values = _classed([r.traits for r in records])
        self.price = np.array([r.price or np.nan for r in records], np.float32)
        self.dense_head = ["".join(r.head_tokens) for r in records]
        self.dense_full = ["".join(dict.fromkeys((*r.head_tokens, *r.full_tokens))) for r in records]
        self.sorted_head = [" ".join(sorted(set(r.head_tokens))) for r in records]

    def __len__(self) -> int:
        return len(self.records)

    @cached_property
    def word_head(self) -> sparse.csr_matrix:
        """TF-IDF rows of the heads' words."""
        rows = [row[row >= 0] for row in self.head]
        return _normalized(self._incidence(rows), self.weight)

    @cached_property
    def word_full(self) -> sparse.csr_matrix:
        """TF-IDF rows of all words."""
        return _normalized(self.full_rows, self.weight)

    @cached_property
    def char_head(self) -> sparse.csr_matrix:
        """TF-IDF rows of the character 2- to 4-grams of the heads' words."""
        rows = self._incidence([row[row >= 0] for row in self.head])
        used = np.unique(rows.indices)
        grams: dict[str, int] = {}
        indices: list[int] = []
        indptr = [0]
        for number in used:
            word = f" {self.strings[number]} "
            indices.extend(
                grams.setdefault(word[i : i + n], len(grams)) for n in (2, 3, 4) for i in range(len(word) - n + 1)
            )
            indptr.append(len(indices))
        table = sparse.csr_matrix((np.ones(len(indices), np.float32), indices, indptr), shape=(len(used), len(grams)))
        counted = (rows[:, used] @ table).tocsr()
        counted.data = np.sqrt(counted.data)
        share = np.bincount(counted.indices, minlength=len(grams))
        return _normalized(counted, np.log((len(self) + 1) / (share + 0.5)).astype(np.float32))

    def field(self, name: str) -> list[str]:
        """Return one attribute's folded text of every record, empty where a record lacks it."""
        return [r.fields.get(name, "") for r in self.records]

    def _number(self, token: str) -> int:
        return self._numbers.setdefault(token, len(self._numbers))

    def _padded(self, rows: Sequence[Sequence[str]], limit: int) -> Ints:
        width = max(1, min(limit, max((len(row) for row in rows), default=1)))
        padded = np.full((len(rows), width), -1, np.int32)
        for i, row in enumerate(rows):
            cut = row[:width]
            padded[i, : len(cut)] = [self._number(t) for t in cut]
        return padded

    def _joined(self, size: int) -> Ints:
        """Return the number of each run of `size` head tokens written as one word, -1 where nobody writes it so."""
        joined = np.full(self.head.shape, -1, np.int32)
        for i, record in enumerate(self.records):
            words = record.head_tokens[: self.head.shape[1]]
            for j in range(len(words) - size + 1):
                joined[i, j] = self._numbers.get("".join(words[j : j + size]), -1)
        return joined

    def _incidence(self, rows: Sequence[Any]) -> sparse.csr_matrix:
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        indices = np.concatenate([np.asarray(row, np.int32) for row in rows]) if len(rows) else np.zeros(0, np.int32)
        matrix = sparse.csr_matrix(
            (np.ones(len(indices), np.float32), indices, indptr), shape=(len(rows), len(self._numbers))
        )
        matrix.sum_duplicates()
        return matrix


def _classed(rows: Sequence[Sequence[tuple[str, str]]]) -> tuple[Ints, Ints]:
    """Return (class, value) pairs as two arrays: a hash of the class, a number of the pair, -1 beyond the last."""
    numbers: dict[tuple[str, str], int] = {}
    width = max(1, min(QUANTITY_LIMIT, max(map(len, rows), default=1)))
    classes, values = np.full((len(rows), width), -1, np.int32), np.full((len(rows), width), -1, np.int32)
    for i, row in enumerate(rows):
        for j, pair in enumerate(row[:width]):
            classes[i, j] = class_hash(pair[0])
            values[i, j] = numbers.setdefault(pair, len(numbers))
    return classes, values


def class_hash(name: str) -> int:
    """Return the number of a unit or class of words, the same in every pool."""
    return zlib.crc32(name.encode()) >> 1


def _normalized(rows: sparse.csr_matrix, weight: Floats) -> sparse.csr_matrix:
    """Return the rows weighted by column and brought to length one."""
    scaled = rows.copy().astype(np.float32)
    scaled.data = scaled.data * weight[scaled.indices]
    length = np.sqrt(
        np.bincount(np.repeat(np.arange(scaled.shape[0]), np.diff(scaled.indptr)), scaled.data**2, scaled.shape[0])
    )
    scaled.data = scaled.data / np.maximum(np.repeat(length, np.diff(scaled.indptr)), 1e-9).astype(np.float32)
    return scaled
