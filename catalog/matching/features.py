"""What two records have in common and where they contradict, as a table of named numbers.

Promise: `feature_table` returns one value a pair in each named column; all are finite (-1 where a side is silent) and
one-sided names end in `.left` or `.right`. No feature knows a data set. Left out: LSA cosines, which need a fit on the
whole catalogue and so could not be kept with a model.
Not here: ranks and rivals (`rivals.py`), which look at more than the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler, Prefix
from rapidfuzz.process import cpdist
from scipy import sparse

from catalog.matching.alignment import Alignment, Side, align
from catalog.matching.pool import CODE, NUMBER, WORD, Floats, Ints, Pool, class_hash
from catalog.matching.records import read_number
from catalog.matching.traits import NAMES

Columns = dict[str, Floats]
SILENT = -1.0
CHUNK = 2048  # Pairs at a time: the alignment of 2,048 titles of 20 words stays within a few megabytes of cache.
KINDS = {"word": WORD, "number": NUMBER, "code": CODE}


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows of one pool, with their alignment."""

    pool: Pool
    left: Ints
    right: Ints
    alignment: Alignment

    @classmethod
    def of(cls, pool: Pool, left: Ints, right: Ints) -> Pairs:
        """Align the pairs."""
        return cls(pool, left, right, align(pool, left, right))

    def strings(self, texts: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return a text by record as two lists by pair."""
        return [texts[i] for i in self.left], [texts[i] for i in self.right]


def chunks(pool: Pool, left: Ints, right: Ints) -> list[NDArray[np.intp]]:
    """Return positions in groups of similar length, so that short titles are not padded to long ones."""
    order = np.argsort(pool.head_length[left] + pool.head_length[right], kind="stable")
    return [order[start : start + CHUNK] for start in range(0, len(order), CHUNK)]


def feature_table(pairs: Pairs, fields: Sequence[str] = ()) -> Columns:
    """Return all features of the pairs by name; `fields` are the attributes compared one by one."""
    columns: Columns = {}
    for group in GROUPS:
        columns.update(group(pairs))
    for name in fields:
        columns.update(field_features(pairs, name))
    return columns


def alignment_features(pairs: Pairs) -> Columns:
    """Matched and unmatched words by kind, weighted by rarity."""
    left, right = pairs.alignment.left, pairs.alignment.right
    columns: Columns = {}
    for name, kind in KINDS.items():
        columns.update(_kind_features(name, left, right, left.kind == kind, right.kind == kind))
    columns.update(_kind_features("all", left, right, left.valid, right.valid))
    shared = np.where(left.exact, left.weight, 0)
    columns["shared.rarest"] = shared.max(1, initial=0)
    columns["shared.run"] = pairs.alignment.run
    columns["shared.run_share"] = _share(pairs.alignment.run, np.minimum(left.weight.sum(1), right.weight.sum(1)))
    columns["shared.count"] = left.exact.sum(1).astype(np.float32)
    columns["first.equal"] = pairs.alignment.equal[:, 0, 0].astype(np.float32)
    columns["first.met"] = (left.exact[:, 0] & right.exact[:, 0]).astype(np.float32)
    columns["last.met.left"] = _last_met(left)
    columns["last.met.right"] = _last_met(right)
    columns["words.left"] = left.valid.sum(1).astype(np.float32)
    columns["words.right"] = right.valid.sum(1).astype(np.float32)
    return columns


def _kind_features(
    name: str, left: Side, right: Side, is_left: NDArray[np.bool_], is_right: NDArray[np.bool_]
) -> Columns:
    columns: Columns = {f"{name}.matched": np.where(is_left & left.exact, left.weight, 0).sum(1)}
    unmet = {}
    for side, end, mask in ((left, "left", is_left), (right, "right", is_right)):
        open_weight = np.where(mask, side.unmet, 0)
        total = np.where(mask, side.weight, 0).sum(1)
        unmet[end] = open_weight.sum(1)
        columns[f"{name}.unmet.{end}"] = unmet[end]
        columns[f"{name}.unmet_max.{end}"] = open_weight.max(1, initial=0)
        columns[f"{name}.unmet_nowhere.{end}"] = np.where(side.elsewhere, 0, open_weight).sum(1)
        columns[f"{name}.soft.{end}"] = np.where(mask, side.soft * side.weight, 0).sum(1)
        columns[f"{name}.covered.{end}"] = np.where(total > 0, 1 - _share(unmet[end], total), SILENT)
    columns[f"{name}.conflict"] = np.minimum(unmet["left"], unmet["right"])
    columns[f"{name}.conflict_nowhere"] = np.minimum(
        columns[f"{name}.unmet_nowhere.left"], columns[f"{name}.unmet_nowhere.right"]
    )
    return columns


def _last_met(side: Side) -> Floats:
    last = np.maximum(side.valid.sum(1) - 1, 0)
    met: Floats = side.exact[np.arange(len(last)), last].astype(np.float32)
    return met


def code_features(pairs: Pairs) -> Columns:
    """Model numbers: equal, nearly equal, or said in the other's text."""
    pool = pairs.pool
    a, b = pool.codes[pairs.left], pool.codes[pairs.right]
    both = (a >= 0)[:, :, None] & (b >= 0)[:, None, :]
    pair, i, j = np.nonzero(both)
    keys, back = np.unique(a[pair, i].astype(np.int64) * len(pool.strings) + b[pair, j], return_inverse=True)
    x, y = keys // len(pool.strings), keys % len(pool.strings)
    wx, wy = [pool.strings[k] for k in x], [pool.strings[k] for k in y]
    short = np.minimum(pool.length[x], pool.length[y]).astype(np.float32)
    ratio, prefix = np.full(both.shape[0], SILENT, np.float32), np.full(both.shape[0], SILENT, np.float32)
    if len(keys):
        np.maximum.at(ratio, pair, np.asarray(cpdist(wx, wy, scorer=Indel.normalized_similarity), np.float32)[back])
        np.maximum.at(prefix, pair, (np.asarray(cpdist(wx, wy, scorer=Prefix.similarity), np.float32) / short)[back])
    inside_right, inside_left = _inside(pool, a, pairs.right), _inside(pool, b, pairs.left)
    return {
        "code.equal": np.where(both.any((1, 2)), (both & (a[:, :, None] == b[:, None, :])).any((1, 2)), SILENT).astype(
            np.float32
        ),
        "code.first_equal": np.where(both[:, 0, 0], a[:, 0] == b[:, 0], SILENT).astype(np.float32),
        "code.ratio": ratio,
        "code.prefix": prefix,
        "code.inside.left": inside_right,
        "code.inside.right": inside_left,
        "code.inside": np.maximum(inside_left, inside_right),
        "code.count.left": (a >= 0).sum(1).astype(np.float32),
        "code.count.right": (b >= 0).sum(1).astype(np.float32),
    }


def _inside(pool: Pool, codes: Ints, other: Ints) -> Floats:
    """Return the share of a side's codes found in the other's text written as one word, -1 without a code."""
    found, count = np.zeros(len(codes), np.float32), (codes >= 0).sum(1)
    pair, at = np.nonzero(codes >= 0)
    texts, strings = pool.dense_full, pool.strings
    hits = [strings[k] in texts[r] for k, r in zip(codes[pair, at].tolist(), other[pair].tolist(), strict=True)]
    np.add.at(found, pair, np.asarray(hits, np.float32))
    return np.where(count > 0, found / np.maximum(count, 1), SILENT).astype(np.float32)


def digit_features(pairs: Pairs) -> Columns:
    """Digit runs of the model numbers, and how much of a model number the other's words spell out."""
    pool = pairs.pool
    a, b = pool.digits[pairs.left], pool.digits[pairs.right]
    shared = ((a[:, :, None] == b[:, None, :]) & (a >= 0)[:, :, None]).any((1, 2))
    both = (a[:, 0] >= 0) & (b[:, 0] >= 0)
    columns: Columns = {"digits.shared": np.where(both, shared, SILENT).astype(np.float32)}
    for end, own, other in (("left", pairs.left, pairs.right), ("right", pairs.right, pairs.left)):
        first = pool.codes[own, 0]
        codes = [pool.strings[k] if k >= 0 else "" for k in first.tolist()]
        texts = [pool.dense_head[k] for k in other.tolist()]
        spelt = np.asarray(cpdist(codes, texts, scorer=fuzz.partial_ratio), np.float32)
        columns[f"code.spelt.{end}"] = np.where(first >= 0, spelt, SILENT).astype(np.float32)
    return columns


def quantity_features(pairs: Pairs) -> Columns:
    """Numbers with units: agreeing, in conflict, said by one side only."""
    pool, a, b = pairs.pool, pairs.left, pairs.right
    met = Classes.of(
        (pool.quantity_units[a], pool.quantity_values[a]), (pool.quantity_units[b], pool.quantity_values[b])
    )
    return {
        "quantity.agree": met.agree_left.sum(1).astype(np.float32),
        "quantity.conflict": np.minimum(met.conflict_left.sum(1), met.conflict_right.sum(1)).astype(np.float32),
        "quantity.conflict_max": np.maximum(met.conflict_left.sum(1), met.conflict_right.sum(1)).astype(np.float32),
        "quantity.missing.left": met.missing_left.sum(1).astype(np.float32),
        "quantity.missing.right": met.missing_right.sum(1).astype(np.float32),
    }


def trait_features(pairs: Pairs) -> Columns:
    """Colour, platform, edition, licence, audience: 1 agree, -1 conflict, 0 otherwise, and who is silent."""
    pool, a, b = pairs.pool, pairs.left, pairs.right
    classes = pool.trait_classes[a], pool.trait_classes[b]
    met = Classes.of((classes[0], pool.trait_values[a]), (classes[1], pool.trait_values[b]))
    columns: Columns = {}
    for name in NAMES:
        left, right = (side == class_hash(name) for side in classes)
        agree, conflict = (met.agree_left & left).any(1), (met.conflict_left & left).any(1)
        columns[f"{name}.trait"] = agree.astype(np.float32) - conflict
        columns[f"{name}.open.left"] = (left & ~met.agree_left).sum(1).astype(np.float32)
        columns[f"{name}.open.right"] = (right & ~met.agree_right).sum(1).astype(np.float32)
    return columns


@dataclass(frozen=True, slots=True)
class Classes:
    """For (class, value) pairs of two sides: which agree, which only contradict, which the other is silent about."""

    agree_left: NDArray[np.bool_]
    agree_right: NDArray[np.bool_]
    conflict_left: NDArray[np.bool_]
    conflict_right: NDArray[np.bool_]
    missing_left: NDArray[np.bool_]
    missing_right: NDArray[np.bool_]

    @classmethod
    def of(cls, left: tuple[Ints, Ints], right: tuple[Ints, Ints]) -> Classes:
        """Compare arrays (pairs, n) of classes and values, -1 where there is none."""
        alike = (left[0][:, :, None] == right[0][:, None, :]) & (left[0] >= 0)[:, :, None]
        equal = alike & (left[1][:, :, None] == right[1][:, None, :])
        agree_left, agree_right = equal.any(2), equal.any(1)
        settled_left = (alike & agree_right[:, None, :]).any(2)
        settled_right = (alike & agree_left[:, :, None]).any(1)
        met_left, met_right = alike.any(2), alike.any(1)
        return cls(
            agree_left,
            agree_right,
            met_left & ~settled_left,
            met_right & ~settled_right,
            (left[0] >= 0) & ~met_left,
            (right[0] >= 0) & ~met_right,
        )


def price_features(pairs: Pairs) -> Columns:
    """Prices: log ratio, signed and absolute; 9 where a side has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(pairs.pool.price[pairs.left] / pairs.pool.price[pairs.right])
    known = np.isfinite(ratio)
    return {
        "price.ratio": np.where(known, np.clip(ratio, -5, 5), 9).astype(np.float32),
        "price.distance": np.where(known, np.minimum(np.abs(ratio), 5), 9).astype(np.float32),
    }


def cosine_features(pairs: Pairs) -> Columns:
    """TF-IDF cosines of head, all words, head against all words, and letter groups."""
    pool, a, b = pairs.pool, pairs.left, pairs.right
    return {
        "cosine.head": row_products(pool.word_head[a], pool.word_head[b]),
        "cosine.full": row_products(pool.word_full[a], pool.word_full[b]),
        "cosine.head_full": row_products(pool.word_head[a], pool.word_full[b]),
        "cosine.full_head": row_products(pool.word_full[a], pool.word_head[b]),
        "cosine.letters": row_products(pool.char_head[a], pool.char_head[b]),
    }


def row_products(a: sparse.csr_matrix, b: sparse.csr_matrix) -> Floats:
    """Return the scalar product of each row of `a` with the same row of `b`."""
    return np.asarray(a.multiply(b).sum(1), np.float32).ravel()


def ratio_features(pairs: Pairs) -> Columns:
    """Spelling of the heads as wholes."""
    columns: Columns = {}
    for name, texts, scorer in RATIOS:
        a, b = pairs.strings(getattr(pairs.pool, texts))
        columns[f"ratio.{name}"] = np.asarray(cpdist(a, b, scorer=scorer), np.float32)
    return columns


RATIOS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("sorted", "sorted_head", fuzz.ratio),
    ("set", "sorted_head", fuzz.token_set_ratio),
    ("joined", "dense_head", fuzz.ratio),
    ("partial", "dense_head", fuzz.partial_ratio),
    ("beginning", "dense_head", JaroWinkler.normalized_similarity),
)

GROUPS: tuple[Callable[[Pairs], Columns], ...] = (
    alignment_features,
    code_features,
    digit_features,
    quantity_features,
    trait_features,
    price_features,
    cosine_features,
    ratio_features,
)


def field_features(pairs: Pairs, name: str) -> Columns:
    """Compare one attribute: equal, nearly equal, share of words, distance of numbers, silence of one side."""
    values = pairs.pool.field(name)
    numbers = np.array([np.nan if (n := read_number(v)) is None else n for v in values], np.float32)
    a, b = pairs.strings(values)
    empty_a, empty_b = (np.array([not v for v in side]) for side in (a, b))
    silent = empty_a | empty_b
    x, y = numbers[pairs.left], numbers[pairs.right]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(x - y) / np.maximum(np.maximum(np.abs(x), np.abs(y)), 1e-9)
    return {
        f"{name}.same": np.where(silent, SILENT, [p == q for p, q in zip(a, b, strict=True)]).astype(np.float32),
        f"{name}.sorted": np.where(silent, SILENT, cpdist(a, b, scorer=fuzz.token_sort_ratio)).astype(np.float32),
        f"{name}.set": np.where(silent, SILENT, cpdist(a, b, scorer=fuzz.token_set_ratio)).astype(np.float32),
        f"{name}.number": np.where(np.isfinite(distance), distance, SILENT).astype(np.float32),
        f"{name}.silent": (empty_a.astype(np.float32) + empty_b),
    }


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = (part / np.maximum(whole, 1e-6)).astype(np.float32)
    return share
