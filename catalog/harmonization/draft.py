"""The draft of a sheet while the rules work on it: its values, and its texts cut into words once.

Promise: texts are analysed when a rule first asks and again only after a change of that text.
Not here: the rules, and who applies them (registry).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from catalog.harmonization.context import Context
from catalog.harmonization.lexicons import Index, Term
from catalog.sheets import Change, Issue, MappedSheet, Value
from catalog.text import CACHED_WORDS, fold

if TYPE_CHECKING:
    from catalog.harmonization.quantities import Measure

# Latin letters of the languages that vendors write, and digits; a class of its own is faster than "\w".
_PART = re.compile("[a-zA-Z0-9\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u04ff\u1e00-\u1eff]+")
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Hit:
    """A term found in a text, with the positions of its first word and after its last."""

    term: Term
    start: int
    end: int


class Words:
    """A text cut into words: as written, folded, and the lexicon terms found among them."""

    __slots__ = ("_context", "_hits", "_spans", "folded", "has_digits", "measures", "own", "text", "written")

    def __init__(self, text: str, context: Context, known: tuple[list[str], list[str]] | None = None) -> None:
        self.text = text
        if known is None:
            self.written = _PART.findall(text)
            self.folded = _fold_all(self.written)
        else:
            self.written, self.folded = known
        self._spans: list[tuple[int, int]] | None = None
        self.has_digits = _DIGIT.search(text) is not None
        self.measures: list[Measure] | None = None
        self.own: list[Measure] | None = None
        self._context = context
        self._hits: dict[str, list[Hit]] | None = None

    def beginning(self, text: str) -> Words | None:
        """Return the words of a text that is the beginning of this one, up to the end of a word; None if it is not."""
        if not text or not self.text.startswith(text) or (text[-1].isalnum() and self.text[len(text) :][:1].isalnum()):
            return None
        rest = len(_PART.findall(self.text, len(text)))
        kept = len(self.written) - rest
        return Words(text, self._context, (self.written[:kept], self.folded[:kept]))

    def hits(self, kind: str) -> Sequence[Hit]:
        """Return the terms of a kind found in the text, in order."""
        if self._hits is None:
            self._hits = _scan(self.folded, self._context)
        return self._hits.get(kind, ())

    def find(self, index: Index) -> list[Hit]:
        """Return the terms of a small index found in the text, in order, the longest at each place."""
        if index.keys().isdisjoint(self.folded):
            return []
        folded = self.folded
        found: list[Hit] = []
        for at in [at for at, word in enumerate(folded) if word in index]:
            terms = index[folded[at]].fitting(folded, at)
            if terms and (not found or found[-1].end <= at):
                found.append(Hit(terms[0], at, at + len(terms[0].parts)))
        return found

    def span(self, hit: Hit) -> tuple[int, int]:
        """Return where a hit stands in the text, in characters."""
        if self._spans is not None:
            return self._spans[hit.start][0], self._spans[hit.end - 1][1]
        if hit.end == len(self.written):
            return self._span_at_end(hit.start)
        found = list(islice(_PART.finditer(self.text), hit.start, hit.end))
        return found[0].start(), found[-1].end()

    def _span_at_end(self, start: int) -> tuple[int, int]:
        """Return where the last words of the text stand; sales phrases mostly do, and this is faster from there."""
        begin = end = self.text.rfind(self.written[-1])
        end += len(self.written[-1])
        for word in reversed(self.written[start:-1]):
            begin = self.text.rfind(word, 0, begin)
        return begin, end

    def spans(self) -> list[tuple[int, int]]:
        """Return where each word stands in the text, in characters."""
        if self._spans is None:
            self._spans = [found.span() for found in _PART.finditer(self.text)]
        return self._spans


_fold_word = lru_cache(maxsize=CACHED_WORDS)(fold)


def _fold_all(written: Sequence[str]) -> list[str]:
    """Return the words folded; they are lowered together, which is faster than one by one."""
    lowered = " ".join(written).lower()
    if lowered.isascii():
        return lowered.split()
    return [word if word.isascii() else _fold_word(word) for word in lowered.split()]


def _scan(folded: Sequence[str], context: Context) -> dict[str, list[Hit]]:
    """Return the terms found, by kind; a brand's words, and a phrase that is no value, hide what is inside them."""
    found: dict[str, list[Hit]] = {}
    values, brands, known = context.values, context.brands.index, context.first_words
    hidden = 0
    for at in [at for at, word in enumerate(folded) if word in known]:
        entry = brands.get(folded[at])
        if entry is not None and at >= hidden:
            terms = entry.fitting(folded, at)
            if terms:
                hit = Hit(terms[0], at, at + len(terms[0].parts))
                found.setdefault("brand", []).append(hit)
                hidden = hit.end if terms[0].anywhere else hidden
        entry = values.get(folded[at])
        if entry is not None:
            hidden = _add_values(entry.fitting(folded, at), at, hidden, found)
    return found


def _add_values(terms: Sequence[Term], at: int, hidden: int, found: dict[str, list[Hit]]) -> int:
    """Add the longest term of each kind that stands here, unless hidden; return up to where words are hidden now."""
    for term in terms:
        end = at + len(term.parts)
        if term.kind.startswith("not_"):
            hidden = max(hidden, end)
        elif at >= hidden:
            group = found.setdefault(term.kind, [])
            if not group or group[-1].end <= at:
                group.append(Hit(term, at, end))
    return hidden


class Draft:
    """A sheet being harmonized: what the rules see, and what has been done so far."""

    __slots__ = ("_context", "_words", "attribute", "changes", "issues", "review_below", "sheet", "values")

    def __init__(self, sheet: MappedSheet, context: Context) -> None:
        self.sheet = sheet
        self.values: dict[str, Value] = dict(sheet.values)
        self.changes: list[Change] = []
        self.issues: list[Issue] = []
        self.attribute = ""
        self.review_below = context.review_below
        self._context = context
        self._words: dict[str, Words] = {}

    def put(self, attribute: str, value: Value) -> None:
        """Set a value and forget what was known of the old text."""
        self.values[attribute] = value
        old = self._words.pop(attribute, None)
        if old is not None and isinstance(value, str):
            beginning = old.beginning(value)
            if beginning is not None:
                self._words[attribute] = beginning

    def text(self, attribute: str) -> str:
        """Return the attribute's text, or an empty one."""
        value = self.values.get(attribute)
        return value if isinstance(value, str) else ""

    def words(self, attribute: str) -> Words:
        """Return the words of an attribute's text, cut once."""
        words = self._words.get(attribute)
        if words is None:
            words = self._words[attribute] = Words(self.text(attribute), self._context)
        return words

    def is_given(self, attribute: str) -> bool:
        """Return whether the vendor's file has a column for the attribute, filled or not."""
        return attribute in self.sheet.values or attribute in self.sheet.sources or attribute in self._context.given

    def has_issue(self, code: str, attribute: str) -> bool:
        """Return whether this fault of this attribute is already known."""
        return any(found.code == code and found.attribute == attribute for found in self.issues)

    def changed_by(self, rule_id: str) -> bool:
        """Return whether a rule has already changed something."""
        return any(change.rule == rule_id for change in self.changes)
