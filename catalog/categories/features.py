"""A sheet as the suggester sees it: hashed words, word pairs, pieces of words, brand, and the vendor's own category.

Promise: the same sheet gives the same numbers on every machine (CRC-32, no vocabulary of strings is kept).
Not here: search tokens (`catalog.text`); a model keeps its own analysis, so that
a change of the search chain never makes a stored model read other words than it learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from catalog.sheets import Value
from catalog.text import fold

Values = Mapping[str, Value]

# Weight of each family after it was scaled to length one. Measured as leaf top-1 of one network on a held-out tenth
# of 30,000 sheets: all families at weight one with inverse frequency over the whole row 73.8, scaled by family 75.4.
FAMILIES: Mapping[str, float] = {
    "title": 1.0, "words": 1.0, "pairs": 0.6, "brand": 0.5, "first": 0.5, "pieces": 0.7, "vendor": 1.0,
}  # fmt: skip
# The families that nearest sheets are compared by: whole words, since pieces of words make every sheet a neighbour.
WORD_FAMILIES = ("title", "words", "pairs", "brand", "vendor")
_TITLE, _WORDS, _PAIRS, _BRAND, _FIRST, _PIECES, _VENDOR = (position << 32 for position in range(len(FAMILIES)))
_WORD = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]+")
_PIECE_LENGTHS = (3, 4, 5)
_CACHED_WORDS = 200_000
_CHUNK = 8192
# A feature seen in one sheet alone cannot help another.
MIN_SHEETS = 2
VENDOR_ATTRIBUTES = ("product_type", "google_product_category")

_pieces: dict[str, tuple[int, tuple[int, ...]]] = {}


def text_of(values: Values, attribute: str) -> str:
    """Return an attribute as folded text, empty where the sheet says nothing."""
    value = values.get(attribute)
    if isinstance(value, list):
        value = " ".join(value)
    return fold(value) if isinstance(value, str) else ""


def vendor_category(values: Values) -> str:
    """Return what the vendor calls the category, folded."""
    return " > ".join(text for name in VENDOR_ATTRIBUTES if (text := text_of(values, name).strip()))


def signatures(values: Values) -> list[int]:
    """Return the sheet's five telling combinations as hashes, 0 where it has none.

    They are the brand, the title's first word, its first two words, brand with first word, and the vendor's category.
    """
    title = _WORD.findall(text_of(values, "title"))
    brand, vendor = text_of(values, "brand").strip(), vendor_category(values)
    first = title[0] if title else ""
    return [
        _hash("b", brand) if brand else 0,
        _hash("f", first) if first else 0,
        _hash("g", " ".join(title[:2])) if len(title) > 1 else 0,
        _hash("bf", brand + "|" + first) if brand and first else 0,
        _hash("v", vendor) if vendor else 0,
    ]


SIGNATURES = 5


def _hash(kind: str, text: str) -> int:
    return crc32(f"{kind}:{text}".encode()) or 1


def _word(word: str) -> tuple[int, tuple[int, ...]]:
    known = _pieces.get(word)
    if known is None:
        if len(_pieces) >= _CACHED_WORDS:
            _pieces.clear()
        marked = f"<{word}>"
        cut = () if len(word) < 4 or word.isdigit() else tuple(
            _PIECES | crc32(marked[at : at + length].encode())
            for length in _PIECE_LENGTHS
            for at in range(len(marked) - length + 1)
        )  # fmt: skip
        known = _pieces[word] = (crc32(word.encode()), cut)
    return known


def hashed(values: Values) -> set[int]:
    """Return the features of a sheet; the family stands in the bits above the 32nd."""
    title = [_word(word) for word in _WORD.findall(text_of(values, "title"))]
    text = [_word(word) for word in _WORD.findall(text_of(values, "description"))]
    vendor = vendor_category(values)
    found = {_BRAND | crc32(text_of(values, "brand").strip().encode())}
    for part in (title, text):
        found.update(_WORDS | word for word, _ in part)
        found.update(_PAIRS | ((one * 1000003 ^ two) & 0xFFFFFFFF) for (one, _), (two, _) in pairwise(part))
        for _, pieces in part:
            found.update(pieces)
        if part:
            found.add(_FIRST | (part[0][0] ^ (1 if part is title else 2)))
    found.update(_TITLE | word for word, _ in title)
    if vendor:
        found.add(_VENDOR | crc32(vendor.encode()))
        found.update(_VENDOR | (_word(word)[0] ^ 1) for word in _WORD.findall(vendor))
    return found


def _hashed_rows(sheets: Iterable[Values]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all features one after the other, and where each sheet's begin."""
    parts: list[NDArray[np.int64]] = []
    lengths = [0]
    pending: list[int] = []
    for values in sheets:
        found = hashed(values)
        lengths.append(len(found))
        pending += found
        if len(lengths) % _CHUNK == 0:
            parts.append(np.array(pending, np.int64))
            pending = []
    parts.append(np.array(pending, np.int64))
    return np.concatenate(parts), np.cumsum(np.array(lengths, np.int64))


@dataclass(frozen=True)
class Features:
    """The features kept, sorted by family, and the weight of each (log of inverse frequency)."""

    kept: NDArray[np.int64]
    rarity: NDArray[np.float32]

    @classmethod
    def learned(cls, sheets: Sequence[Values]) -> tuple[Features, sp.csr_matrix]:
        """Return the features worth keeping of these sheets, and the sheets as rows of them."""
        ids, starts = _hashed_rows(sheets)
        found, counts = np.unique(ids, return_counts=True)
        frequent = counts >= MIN_SHEETS
        rarity = np.log(max(len(sheets), 2) / counts[frequent]).astype(np.float32)
        features = cls(found[frequent], rarity)
        return features, features._rows(ids, starts)

    def matrix(self, sheets: Sequence[Values]) -> sp.csr_matrix:
        """Return the sheets as rows, each family scaled and weighted, each row of length one."""
        return self._rows(*_hashed_rows(sheets))

    def _rows(self, ids: NDArray[np.int64], starts: NDArray[np.int64]) -> sp.csr_matrix:
        columns = np.searchsorted(self.kept, ids)
        columns[columns == len(self.kept)] = 0
        known = self.kept[columns] == ids if len(self.kept) else np.zeros(len(ids), bool)
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[known]
        columns = columns[known]
        data = self.rarity[columns].astype(np.float64)
        family = self.kept[columns] >> 32
        place = rows * len(FAMILIES) + family
        norms = np.sqrt(np.bincount(place, data**2, (len(starts) - 1) * len(FAMILIES)))
        data *= np.array(list(FAMILIES.values()))[family] / np.maximum(norms[place], 1e-9)
        whole = np.sqrt(np.bincount(rows, data**2, len(starts) - 1))
        data /= np.maximum(whole[rows], 1e-9)
        matrix = sp.csr_matrix((data.astype(np.float32), (rows, columns)), (len(starts) - 1, len(self.kept)))
        matrix.sort_indices()
        return matrix

    def word_columns(self, frequencies: NDArray[np.int64], most: float) -> NDArray[np.int64]:
        """Return the columns nearest sheets are compared by: families of whole words, not in every other sheet."""
        names = list(FAMILIES)
        wanted = np.isin(self.kept >> 32, [names.index(name) for name in WORD_FAMILIES])
        return np.flatnonzero(wanted & (frequencies <= max(most, MIN_SHEETS)))
