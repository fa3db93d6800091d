"""The word lists of the rules, read once from `catalog/data/lexicons`.

Promise: each list is a file that a content editor can read and extend; nothing is derived that is not in a file.
Not here: what a rule does with a word (the rule families) and what is learned from a catalogue (context).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from catalog.sheets import Locale
from catalog.text import LEXICONS, fold

_PART = re.compile(r"[^\W_]+")
# Brands and values recur, titles do not: 200,000 keys held 60 MB after 30,196 sheets and were no faster.
_KEPT_KEYS = 8_192


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a word list, by its file name without the extension."""
    with (LEXICONS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=_KEPT_KEYS)
def key(text: str) -> tuple[str, ...]:
    """Return the folded parts of a phrase: ("black", "decker") for "Black & Decker"."""
    return tuple(_PART.findall(fold(text)))


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, frozenset[str]]:
    return {row["group"]: frozenset(row["words"].split()) for row in table("word_groups")}


def words(group: str) -> frozenset[str]:
    """Return a group of folded words ("shoes", "screens") that a rule looks for."""
    return _groups()[group]


# Kinds of terms; "no_value" is a phrase that hides what is in it.
KINDS = ("brand", "colour", "material", "gender", "age_group", "no_value")
# What a text may hold, one bit each. Of numbers over thirty bits Python makes a longer object at every step, so that what
# few texts hold stands last.
MARKS = (
    "text", "digits", "phrases", *KINDS,
    "accessories", "accessories_of_devices", "age_words", "brand_cues", "clothes", "colours_labels",
    "colours_of_parts", "fitting_words", "imitations", "label_cues", "long_things", "materials_labels", "other_parts",
    "pack_words", "people_labels", "product_lines", "screens", "second_hand", "shoes", "shop_talk",
    "size_words", "contact_cues", "foreign",
)  # fmt: skip
_BITS = {name: 1 << place for place, name in enumerate(MARKS)}


def mark(*names: str) -> int:
    """Return the bits that a text holding one of these has in `Words.marks`; a KeyError for a name that is none.

    A name is a group of words ("shoes"), a kind of term ("colour"), "phrases" (of boilerplate), "foreign" (small words of
    other languages), "digits", or "text", which every text has.
    """
    return sum(_BITS[name] for name in set(names))


@lru_cache(maxsize=1)
def word_marks() -> Mapping[str, int]:
    """Return folded word → its marks, for all the word lists that are the same for every vendor."""
    marks: dict[str, int] = {}
    for name, group in _groups().items():
        for word in group if name in _BITS else ():
            marks[word] = marks.get(word, 0) | mark(name)
    for term in value_terms():
        marks[term.parts[0]] = marks.get(term.parts[0], 0) | mark(term.kind)
    return marks


@lru_cache(maxsize=1)
def acronyms() -> frozenset[str]:
    """Return the words that stay in capitals whatever the title's case, in capitals."""
    return frozenset((LEXICONS / "acronyms.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def placeholders() -> frozenset[str]:
    """Return the folded texts that stand for "nothing here" ("n/a", "a completer")."""
    return frozenset(fold(row["word"]) for row in table("placeholders"))


@lru_cache(maxsize=1)
def no_brand_words() -> Mapping[str, str]:
    """Return what a word in the brand column says: "unbranded" is a statement, "missing" an empty word."""
    return {fold(row["word"]): row["says"] for row in table("no_brand")}


def boilerplate_phrases(locale: Locale) -> frozenset[str]:
    """Return the phrases that say nothing of a product, as written in the list of this language."""
    return frozenset(row["phrase"] for row in table("boilerplate") if row["locale"] == locale)


@lru_cache(maxsize=4)
def list_names(name: str, locale: Locale) -> Mapping[str, str]:
    """Return French name → name in the locale for a value list ("colour_list", "material_list")."""
    return {row["fr"]: row[locale] for row in table(name)}


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase of a lexicon: its folded parts, what kind it is, its value, and whether free text is proof enough."""

    parts: tuple[str, ...]
    kind: str
    value: str
    anywhere: bool = True

    def stands(self, folded: Sequence[str], at: int) -> bool:
        """Return whether a term whose first two parts stand in a text at this place stands there whole."""
        size = len(self.parts)
        return size == 2 or tuple(folded[at : at + size]) == self.parts


@dataclass(frozen=True, slots=True)
class Entry:
    """The terms that begin with one word: those of that word alone, and the longer ones by their second word."""

    single: tuple[Term, ...]
    longer: Mapping[str, tuple[Term, ...]]

    def terms(self) -> Iterable[Term]:
        """Return all of them."""
        return chain(self.single, *self.longer.values())

    def fitting(self, folded: Sequence[str], at: int) -> Sequence[Term]:
        """Return the terms that stand in a text at this place, the longest first."""
        if self.longer and at + 1 < len(folded):
            candidates = self.longer.get(folded[at + 1])
            if candidates:
                return (*(term for term in candidates if term.stands(folded, at)), *self.single)
        return self.single

    def longest(self, folded: Sequence[str], at: int) -> Term | None:
        """Return the longest term that stands in a text at this place."""
        if self.longer and at + 1 < len(folded):
            for term in self.longer.get(folded[at + 1], ()):
                if term.stands(folded, at):
                    return term
        return self.single[0] if self.single else None


Index = Mapping[str, Entry]


def index(terms: Iterable[Term]) -> Index:
    """Return the terms by their first word, the longest first, so that "bleu marine" is seen before "bleu"."""
    by_first: dict[str, list[Term]] = {}
    for term in terms:
        if term.parts:
            by_first.setdefault(term.parts[0], []).append(term)
    entries = {}
    for first, group in by_first.items():
        longer: dict[str, list[Term]] = {}
        for term in sorted(group, key=lambda term: -len(term.parts)):
            if len(term.parts) > 1:
                longer.setdefault(term.parts[1], []).append(term)
        single = tuple(term for term in group if len(term.parts) == 1)
        entries[first] = Entry(single, {second: tuple(found) for second, found in longer.items()})
    return entries


@lru_cache(maxsize=1)
def value_terms() -> tuple[Term, ...]:
    """Return every colour, material, and person word as terms; the values are French names or Google's codes."""
    colours = [Term(key(row["name"]), "colour", row["colour"], row["read"] == "anywhere") for row in table("colours")]
    materials = [
        Term(key(row["name"]), "material", row["material"], row["read"] == "anywhere") for row in table("materials")
    ]
    people = [
        Term(key(row["word"]), row["attribute"], row["value"], row["read"] == "anywhere") for row in table("people")
    ]
    no_values = [Term(key(row["phrase"]), "no_value", row["phrase"]) for row in table("not_values")]
    return (*no_values, *colours, *materials, *people)


@lru_cache(maxsize=1)
def value_index() -> Index:
    """Return the value terms by first part."""
    return index(value_terms())
