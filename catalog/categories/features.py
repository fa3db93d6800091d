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
from typing import NamedTuple
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
# Pieces of four letters alone do as well as those of three, four and five: top-1 75.9 and 75.8, top-3 84.0 and 83.7 of
# one network on two held-out tenths, with half of the features.
_PIECE_LENGTH = 4
_CACHED_WORDS = 200_000
_CHUNK = 8192
# A feature seen in one sheet alone cannot help another; of pieces of words, those in four sheets say as much as those
# in two (top-1 75.8 and 75.4 of one network on two held-out tenths) and are 30,000 fewer.
MIN_SHEETS, MIN_SHEETS_OF_PIECES = 2, 4
VENDOR_ATTRIBUTES = ("product_type", "google_product_category")


class Word(NamedTuple):
    """A word, the hashes of it and of its stem, and its pieces as features."""

    written: str
    hash: int
    stem: int
    pieces: tuple[int, ...]


_words: dict[str, Word] = {}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the suggester reads of a sheet; brand and vendor's category as they are, folded."""

    title: list[Word]
    text: list[Word]
    brand: str
    vendor: str


def read(values: Values) -> Reading:
    """Return what the suggester reads of a sheet."""
    return Reading(
        _cut(text_of(values, "title")), _cut(text_of(values, "description")),
        text_of(values, "brand").strip(), vendor_category(values),
    )  # fmt: skip


def text_of(values: Values, attribute: str) -> str:
    """Return an attribute as folded text, empty where the sheet says nothing."""
    value = values.get(attribute)
    if isinstance(value, list):
        value = " ".join(value)
    return fold(value) if isinstance(value, str) else ""


def vendor_category(values: Values) -> str:
    """Return what the vendor calls the category, folded."""
    return " > ".join(text for name in VENDOR_ATTRIBUTES if (text := text_of(values, name).strip()))


def signatures(sheet: Reading) -> list[int]:
    """Return the sheet's five telling combinations as hashes, 0 where it has none.

    They are the brand, the title's first word, its first two words, brand with first word, and the vendor's category.
    """
    title, brand, vendor = sheet.title, sheet.brand, sheet.vendor
    first = title[0].written if title else ""
    return [
        _hash("b", brand) if brand else 0,
        _hash("f", first) if first else 0,
        _hash("g", f"{first} {title[1].written}") if len(title) > 1 else 0,
        _hash("bf", brand + "|" + first) if brand and first else 0,
        _hash("v", vendor) if vendor else 0,
    ]


SIGNATURES = 5


def _hash(kind: str, text: str) -> int:
    return crc32(f"{kind}:{text}".encode()) or 1


def stem(word: str) -> str:
    """Return a folded word without the endings of French and English plurals: "batteries", "battery" → "batteri".

    Not `catalog.text.stem`, which grows with the search chain while a stored model must go on reading as it learned.
    """
    if len(word) > 3 and word[-1] in "sx":
        word = word[:-1]
    if len(word) > 4:
        word = word[:-1] if word[-1] == "e" else word[:-1] + "i" if word[-1] == "y" else word
    return word


def _cut(text: str) -> list[Word]:
    return [_words.get(word) or _word(word) for word in _WORD.findall(text)]


def _word(word: str) -> Word:
    if len(_words) >= _CACHED_WORDS:
        _words.clear()
    marked = f"<{word}>"
    starts = range(0 if word.isdigit() or len(word) < _PIECE_LENGTH else len(marked) - _PIECE_LENGTH + 1)
    pieces = tuple(_PIECES | crc32(marked[at : at + _PIECE_LENGTH].encode()) for at in starts)
    _words[word] = known = Word(word, crc32(word.encode()), crc32(stem(word).encode()), pieces)
    return known


def hashed(sheet: Reading) -> set[int]:
    """Return the features of a sheet; the family stands in the bits above the 32nd."""
    found = {_BRAND | crc32(sheet.brand.encode())}
    for part in (sheet.title, sheet.text):
        hashes = [word.hash for word in part]
        found.update([_WORDS | one for one in hashes])
        found.update([_PAIRS | ((one * 1000003 ^ two) & 0xFFFFFFFF) for one, two in pairwise(hashes)])
        found.update(*[word.pieces for word in part])
        if part:
            found.add(_FIRST | (hashes[0] ^ (1 if part is sheet.title else 2)))
    found.update([_TITLE | word.hash for word in sheet.title])
    if sheet.vendor:
        found.add(_VENDOR | crc32(sheet.vendor.encode()))
        found.update([_VENDOR | (word.hash ^ 1) for word in _cut(sheet.vendor)])
    return found


def _hashed_rows(sheets: Iterable[Reading]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all features one after the other, and where each sheet's begin."""
    parts: list[NDArray[np.int64]] = []
    lengths = [0]
    pending: list[int] = []
    for sheet in sheets:
        found = hashed(sheet)
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
    def learned(cls, sheets: Sequence[Reading]) -> tuple[Features, sp.csr_matrix]:
        """Return the features worth keeping of these sheets, and the sheets as rows of them."""
        ids, starts = _hashed_rows(sheets)
        found, counts = np.unique(ids, return_counts=True)
        frequent = counts >= np.where(found >> 32 == _PIECES >> 32, MIN_SHEETS_OF_PIECES, MIN_SHEETS)
        rarity = np.log(max(len(sheets), 2) / counts[frequent]).astype(np.float32)
        features = cls(found[frequent], rarity)
        return features, features._rows(ids, starts)

    def matrix(self, sheets: Sequence[Reading]) -> sp.csr_matrix:
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
