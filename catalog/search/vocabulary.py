"""The words of the catalogue, how many products hold each, and which of them a misspelled word may have meant.

What it does: near words by edit distance (a swap of neighbours is one edit), words that begin with what was typed,
words that a glued word may be made of. Promise: bounded memory (MAX_WORDS words, about 300 bytes each), the same answer
for both engines, since neither's own fuzziness is used: tantivy's scores are constant, Elasticsearch's are not.
Not here: reading the words out of an engine (`engine`).

A word with one edit has its first or its last two letters intact, so only words that share one of the two are measured.
Two edits may touch both ends; such words are not found, and measuring the whole vocabulary instead took 6 ms a word.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.wording import SHORTEST_WORD
from catalog.sheets import Locale
from catalog.text import stem

MAX_WORDS = 200_000
# What a token that is not a plain word (a number, a measure, a code) is taken to be worth: one product in 200 has it.
UNKNOWN_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the catalogue near to a typed one, its distance in edits and how many products hold it."""

    word: str
    distance: int
    products: int


class Vocabulary:
    """The words of one state of the index, with `documents` products in all."""

    def __init__(self, counts: Iterable[tuple[str, int]], documents: int) -> None:
        self.documents = max(documents, 1)
        self._counts = dict(counts)
        self._sorted = sorted(self._counts)
        self._starts: dict[tuple[str, int], list[str]] = {}
        self._ends: dict[tuple[str, int], list[str]] = {}
        self._roots: dict[Locale, dict[str, int]] = {}
        for word in self._sorted:
            self._starts.setdefault((word[:2], len(word)), []).append(word)
            self._ends.setdefault((word[-2:], len(word)), []).append(word)

    def __len__(self) -> int:
        return len(self._counts)

    def products(self, word: str) -> int:
        """Return how many products hold the word as it is written here."""
        return self._counts.get(word, 0)

    def products_with_token(self, token: str, locale: Locale) -> int:
        """Return about how many products hold any form of the token's word."""
        roots = self._roots.get(locale)
        if roots is None:
            roots = {}
            for word, count in self._counts.items():
                root = stem(word, locale)
                roots[root] = roots.get(root, 0) + count
            self._roots[locale] = roots
        return min(roots.get(token, 0), self.documents)

    def telling(self, products: int) -> float:
        """Return how much a word held by so many products says: the inverse document frequency of BM25."""
        return math.log(1 + (self.documents - products + 0.5) / (products + 0.5))

    def near(self, word: str, *, distance: int) -> list[Near]:
        """Return the words within so many edits of this one, itself left out, nearest and most frequent first."""
        found: dict[str, int] = {}
        for length in range(len(word) - distance, len(word) + distance + 1):
            for choices in (self._starts.get((word[:2], length)), self._ends.get((word[-2:], length))):
                near = process.extract(word, choices or (), scorer=OSA.distance, score_cutoff=distance, limit=None)
                found |= {choice: int(edits) for choice, edits, _ in near}
        found.pop(word, None)
        nears = [Near(choice, edits, self._counts[choice]) for choice, edits in found.items()]
        return sorted(nears, key=lambda near: (near.distance, -near.products, near.word))

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """Return the words that begin so, those that most products hold first."""
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + "\x7f")
        return sorted(self._sorted[first:last], key=lambda word: (-self._counts[word], word))[:limit]

    def cuts(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the ways to read a word as two words of the catalogue written together."""
        for at in range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1):
            if word[:at] in self._counts and word[at:] in self._counts:
                yield word[:at], word[at:]
