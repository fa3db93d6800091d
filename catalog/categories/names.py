"""Suggests categories from their names alone, for a marketplace that has no labelled sheet yet.

What: the words of a sheet are looked for in the names of the categories and, for those of the general tree, in a list of
what is sold in them; rare words count more, the title's first words most. The vendor's own category, mostly a wide one
("Petit électroménager"), raises the categories that it speaks of; it says little of which of them it is.
Promise: works on the first day, in French and English, for any tree; says nothing rather than anything where no word is
shared.
Not here: learning (training), which replaces this as soon as there are labelled sheets.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from pathlib import Path

from catalog.categories.features import VENDOR_ATTRIBUTES, Values
from catalog.categories.model import SUGGESTIONS
from catalog.sheets import CategorySuggestion, Locale
from catalog.taxonomy import Taxonomy
from catalog.text import tokens

# What is sold in the categories of the general tree, by their ids, in words that their names do not say.
_KINDS = Path(__file__).parent.parent / "data" / "taxonomy" / "kinds.csv"
# The weights below were chosen on 97 categories of real French sheets, named by hand in the general tree, whose two halves
# agreed on them. Counted category by category, the sheets' own comes first for this share, by what the vendor says of it:
# nothing 60 % (56 where a list of kinds weighed as the names), the aisle 68 % (34 where its words weighed more than those
# of the title), the shelf 77 % (62), both 79 % (56).
# Weight of a word by where the sheet says it. The head of a French title names the thing, its tail what it goes with
# ("housse pour ordinateur"): each word further counts a little less.
_TITLE, _TITLE_FALL, _DESCRIPTION = 1.0, 0.8, 0.12
# What the vendor's category adds: to a category that the texts speak of, as a share of that; to any other, as strength.
_SHELF_RAISES, _SHELF_ALONE = 1.5, 1.2
# Weight of a word of the vendor's category where it alone is asked for its branch.
_SHELF = 1.5
_TITLE_WORDS, _DESCRIPTION_WORDS = 12, 25
# Enough letters for so many words: the rest of a long description need not be cut into words.
_DESCRIPTION_LETTERS = 320
# A name higher up the path says less of the sheet.
_ABOVE = 0.6
# A word of the list of kinds: what is sold under the name, though the name does not say it ("mascara" is make-up). One
# that says it comes first: cushions lie in "Coussins et plaids" before they lie in a dog's basket.
_KIND = 0.55
# After these words a title names what the article goes with, not what it is.
_FITS = frozenset(["pour", "for", "compatible", "avec", "with"])
_AFTER_FITS = 0.3
# These say how an article is sold: "set" of spanners is no TV set.
_SOLD_AS = frozenset(["set", "kit", "lot", "pack"])
_HOW_SOLD = 0.3
# Texts whose words are kept: a title is asked for twice within its batch, a vendor's category on many sheets.
_KEPT_TEXTS = 2_048
# Share of the probability that none of the shared words means what it seems to; set by reading 45 titles.
_DOUBT = 1.2


@dataclass(frozen=True)
class NameSuggester:
    """Categories by the words of their names: each word's categories, with what it says of each, the rare more."""

    taxonomy: Taxonomy
    locale: Locale
    index: Mapping[str, Sequence[tuple[str, float]]]
    _of_shelves: dict[str, Mapping[str, float]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, taxonomy: Taxonomy, locale: Locale = "fr") -> NameSuggester:
        """Return a suggester for this tree in this language."""
        index: dict[str, list[tuple[str, float]]] = defaultdict(list)
        names = {category.id: tokens(category.label(locale), locale) for category in taxonomy}
        kinds = {name: tokens(words, locale) for name, words in _kinds(taxonomy, locale)}
        seen = Counter(word for name, words in names.items() for word in {*words, *kinds.get(name, ())})
        rarity = {word: math.log(1 + len(taxonomy) / count) for word, count in seen.items()}
        for category in taxonomy:
            weights: dict[str, float] = {}
            for ancestor in taxonomy.ancestors(category.id):
                weights.update(dict.fromkeys(names[ancestor.id], _ABOVE))
            weights.update(dict.fromkeys(kinds.get(category.id, ()), _KIND))
            weights.update(dict.fromkeys(names[category.id], 1.0))
            for word, weight in weights.items():
                index[word].append((category.id, weight * rarity[word]))
        return cls(taxonomy, locale, dict(index))

    def suggest(self, sheets: Sequence[Values], how_many: int = SUGGESTIONS) -> list[list[CategorySuggestion]]:
        """Return the best categories of each sheet, best first; none where no word is shared."""
        return [self._suggested(values, how_many) for values in sheets]

    def _suggested(self, values: Values, how_many: int) -> list[CategorySuggestion]:
        scores = self._raised(values)
        leaves = self.taxonomy.leaf_ids
        found = [entry for entry in scores.items() if entry[0] in leaves] or list(scores.items())
        best = nsmallest(how_many, found, key=lambda entry: (-entry[1], entry[0]))
        return self._calibrated(best)

    def _calibrated(self, best: Sequence[tuple[str, float]]) -> list[CategorySuggestion]:
        weights = [score**2 for _, score in best]
        total = sum(weights) + _DOUBT
        return [
            CategorySuggestion(category, self.taxonomy.path(category, self.locale), round(weight / total, 4))
            for (category, _), weight in zip(best, weights, strict=True)
        ]

    def branches(self, values: Values) -> dict[str, float]:
        """Return how strongly the sheet's words speak of each top category, by their own names and those below."""
        found: dict[str, float] = defaultdict(float)
        for category, score in self._scores(self._shelved(values) | self._said(values)).items():
            above = self.taxonomy.ancestors(category)
            top = above[0].id if above else category
            found[top] = max(found[top], score)
        return dict(found)

    def branches_of_shelf(self, said: str) -> Mapping[str, float]:
        """Return `branches` of a vendor's own category, which many of its sheets share."""
        known = self._of_shelves.get(said)
        if known is None:
            if len(self._of_shelves) >= _KEPT_TEXTS:
                self._of_shelves.clear()
            known = self._of_shelves[said] = self.branches({"product_type": said})
        return known

    def _raised(self, values: Values) -> dict[str, float]:
        """Return how strongly the texts speak of each category, raised where the vendor's own category does too."""
        told, shelved = self._scores(self._said(values)), self._scores(self._shelved(values))
        if not told:
            # The shelf's own name is read as a title: its first words name the things that lie there.
            told = self._scores(self._said({"title": _shelf(values)}))
        most = max(shelved.values(), default=1.0)
        for category, strength in shelved.items():
            share = strength / most
            told[category] = told[category] * (1 + _SHELF_RAISES * share) + _SHELF_ALONE * share
        return told

    def _scores(self, said: Mapping[str, float]) -> dict[str, float]:
        scores: dict[str, float] = defaultdict(float)
        for word, weight in said.items():
            for category, strength in self.index.get(word, ()):
                scores[category] += weight * strength
        return scores

    def _shelved(self, values: Values) -> dict[str, float]:
        return {word: _SHELF for name in VENDOR_ATTRIBUTES for word in _words(values, name, self.locale)}

    def _said(self, values: Values) -> dict[str, float]:
        said: dict[str, float] = {}
        weight = _TITLE
        for word in _words(values, "title", self.locale)[:_TITLE_WORDS]:
            if word in _FITS:
                weight *= _AFTER_FITS
            said[word] = max(said.get(word, 0.0), weight * _HOW_SOLD if word in _SOLD_AS else weight)
            weight *= _TITLE_FALL
        beginning = {"description": str(values.get("description") or "")[:_DESCRIPTION_LETTERS]}
        for word in _words(beginning, "description", self.locale)[:_DESCRIPTION_WORDS]:
            said[word] = max(said.get(word, 0.0), _DESCRIPTION)
        return said


def _shelf(values: Values) -> str:
    """Return the last step of what the vendor calls the category."""
    return next((said.rpartition(">")[2] for name in VENDOR_ATTRIBUTES if (said := str(values.get(name) or ""))), "")


def _kinds(taxonomy: Taxonomy, locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield the words for what is sold in the general tree's categories, where this tree has them under their names."""
    general = Taxonomy.builtin()
    with _KINDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["id"]
            if name in taxonomy and taxonomy[name].label(locale) == general[name].label(locale):
                yield name, row[locale]


def _words(values: Values, attribute: str, locale: Locale) -> Sequence[str]:
    said = values.get(attribute)
    return _tokens(said, locale) if isinstance(said, str) else ()


@lru_cache(maxsize=_KEPT_TEXTS)
def _tokens(text: str, locale: Locale) -> tuple[str, ...]:
    return tuple(tokens(text, locale))
