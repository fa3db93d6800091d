"""The draft of a sheet while the rules work on it: its values, and its texts cut into words once.

Promise: texts are analysed when a rule first asks and again only after a change of that text. Every word list is looked
up in one pass: what a text holds of them is a number of marks, one bit a list, so that asking costs nothing.
Not here: the rules, and who applies them (registry).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress, count, takewhile
from operator import eq, or_
from typing import TYPE_CHECKING

from catalog.folding import Cutter, fold
from catalog.harmonization.context import Context
from catalog.harmonization.lexicons import KINDS, Term, mark
from catalog.harmonization.tidying import TEXTS
from catalog.sheets import Change, Issue, MappedSheet, Value

if TYPE_CHECKING:
    from catalog.harmonization.quantities import Measure

# Latin letters of the languages that vendors write, and digits; a class of its own is faster than "\w".
_PART = re.compile("[a-zA-Z0-9\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u04ff\u1e00-\u1eff]+")
_FOLDED = Cutter(_PART, fold)
_DIGIT = re.compile(r"\d")
_ASCII_DIGITS = b"0123456789"
_TEXT, _DIGITS, _PHRASES = mark("text"), mark("digits"), mark("phrases")
# A description that begins with so many words of the title says the title again, often in full.
FEWEST_RESTATED = 3
_KIND = {kind: mark(kind) for kind in KINDS}
_TERMS = mark(*KINDS)


@dataclass(slots=True)
class Hit:
    """A term found in a text, with the positions of its first word and after its last."""

    term: Term
    start: int
    end: int


class Words:
    """A text cut into words: folded, their marks, and the lexicon terms found among them.

    `marks` holds the bits of `lexicons.mark` for the whole text, `bits` those of each word (None where it has none);
    `digits` is how many digits the text holds.
    """

    __slots__ = (
        "_context", "_hits", "_line", "_places", "_spans", "bits", "digits", "folded", "marks", "measures", "own", "text",
    )  # fmt: skip

    def __init__(
        self, text: str, context: Context, known: tuple[bytes, list[str], list[int | None]] | None = None
    ) -> None:
        self.text = text
        self._line = line = _FOLDED.line(text) if known is None else known[0]
        self.folded = _FOLDED.words(text, line) if known is None else known[1]
        self.bits = list(map(context.marks.get, self.folded)) if known is None else known[2]
        self.digits = _digits(text, line)
        self.marks = reduce(or_, filter(None, self.bits), _TEXT | _DIGITS if self.digits else _TEXT)
        self.measures: list[Measure] | None = None
        self.own: list[Measure] | None = None
        self._places: list[int] | None = None
        self._spans: list[tuple[int, int]] | None = None
        self._context = context
        self._hits: dict[str, list[Hit]] | None = None

    def beginning(self, text: str) -> Words | None:
        """Return the words of a text that is the beginning of this one, up to the end of a word; None if it is not."""
        line, size = self._line, len(text)
        if not text or line is None or not self.text.startswith(text):
            return None
        if text[-1].isalnum() and self.text[size : size + 1].isalnum():
            return None
        kept = len(self.folded) - len(line[size:].split())
        return Words(text, self._context, (line[:size], self.folded[:kept], self.bits[:kept]))

    def restated(self, title: Words) -> int:
        """Return how many words of a title this text begins with; 0 where it does not restate it."""
        same = sum(1 for _ in takewhile(bool, map(eq, self.folded, title.folded)))
        return same if same >= FEWEST_RESTATED else 0

    def marked(self, marks: int) -> list[int]:
        """Return the places of the words that have one of the marks."""
        bits, places = self.bits, self._places
        if places is None:
            places = self._places = list(compress(count(), bits))
        return [at for at in places if bits[at] & marks]  # type: ignore[operator]

    def near(self, marks: int, start: int, end: int) -> bool:
        """Return whether one of the words from `start` to before `end` has one of the marks."""
        for bits in self.bits[max(0, start) : end]:  # noqa: SIM110 -- a generator costs more than these few words
            if bits and bits & marks:
                return True
        return False

    def hits(self, kind: str) -> Sequence[Hit]:
        """Return the terms of a kind found in the text, in order."""
        if not self.marks & _KIND[kind]:
            return ()
        if self._hits is None:
            self._hits = _scan(self, self._context)
        return self._hits.get(kind, ())

    def phrases(self) -> list[Hit]:
        """Return the phrases of boilerplate found in the text, in order, the longest at each place."""
        found: list[Hit] = []
        if not self.marks & _PHRASES:
            return found
        index, folded = self._context.phrases, self.folded
        for at in self.marked(_PHRASES):
            term = index[folded[at]].longest(folded, at)
            if term and (not found or found[-1].end <= at):
                found.append(Hit(term, at, at + len(term.parts)))
        return found

    def span(self, hit: Hit) -> tuple[int, int]:
        """Return where a hit stands in the text, in characters."""
        start, end = self.place(hit.start)
        return (start, end) if hit.end == hit.start + 1 else (start, self.place(hit.end - 1)[1])

    def place(self, at: int) -> tuple[int, int]:
        """Return where one word stands in the text, in characters."""
        line, after = self._line, len(self.folded) - 1 - at
        if self._spans is not None or line is None:
            return self.spans()[at]
        if at < after:
            start = len(line) - len(line.split(None, at)[at])
            return start, start + len(line[start:].split(None, 1)[0])
        before = line.rsplit(None, after)[0]
        return len(before) - len(before.rsplit(None, 1)[-1]), len(before)

    def spans(self) -> list[tuple[int, int]]:
        """Return where each word stands in the text, in characters."""
        if self._spans is None:
            self._spans = [found.span() for found in _PART.finditer(self.text)]
        return self._spans


def _digits(text: str, line: bytes | None) -> int:
    return len(_DIGIT.findall(text)) if line is None else len(line) - len(line.translate(None, _ASCII_DIGITS))


def _scan(words: Words, context: Context) -> dict[str, list[Hit]]:
    """Return the terms found, by kind; a brand's words, and a phrase that is no value, hide what is inside them."""
    found: dict[str, list[Hit]] = {}
    values, brands, folded = context.values, context.brands.index, words.folded
    hidden = 0
    for at in words.marked(_TERMS):
        word = folded[at]
        if at >= hidden and word in brands:
            term = brands[word].longest(folded, at)
            if term:
                hit = Hit(term, at, at + len(term.parts))
                found.setdefault("brand", []).append(hit)
                hidden = hit.end if term.anywhere else hidden
        entry = values.get(word)
        if entry is not None:
            hidden = _add_values(entry.fitting(folded, at) if entry.longer else entry.single, at, hidden, found)
    return found


def _add_values(terms: Sequence[Term], at: int, hidden: int, found: dict[str, list[Hit]]) -> int:
    """Add the longest term of each kind that stands here, unless hidden; return up to where words are hidden now."""
    for term in terms:
        end = at + len(term.parts)
        if term.kind == "no_value":
            hidden = max(hidden, end)
        elif at >= hidden:
            group = found.setdefault(term.kind, [])
            if not group or group[-1].end <= at:
                group.append(Hit(term, at, end))
    return hidden


class Draft:
    """A sheet being harmonized: what the rules see, and what has been done so far."""

    __slots__ = (
        "_context", "_texts", "_words", "attribute", "changes", "issues", "marks", "review_below", "sheet", "values",
    )  # fmt: skip

    def __init__(self, sheet: MappedSheet, context: Context) -> None:
        self.sheet = sheet
        self.values: dict[str, Value] = dict(sheet.values)
        self.changes: list[Change] = []
        self.issues: list[Issue] = []
        self.attribute = ""
        # What `all_marks` returned last; 0 when a text has changed since.
        self.marks = 0
        self.review_below = context.review_below
        self._context = context
        self._words: dict[str, Words] = {}
        self._texts: Sequence[tuple[str, Words]] = ()

    def put(self, attribute: str, value: Value) -> None:
        """Set a value and forget what was known of the old text."""
        self.values[attribute] = value
        old = self._words.pop(attribute, None)
        if old is None:
            return
        self.marks, self._texts = 0, ()
        beginning = old.beginning(value) if isinstance(value, str) else None
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

    def texts(self) -> Sequence[tuple[str, Words]]:
        """Return the title and the description with their words, in the order in which rules look at them."""
        if not self._texts:
            self._texts = tuple([(attribute, self.words(attribute)) for attribute in TEXTS])
        return self._texts

    def all_marks(self) -> int:
        """Return the marks of the texts together (`lexicons.mark`)."""
        (_, title), (_, description) = self.texts()
        self.marks = title.marks | description.marks
        return self.marks

    def is_given(self, attribute: str) -> bool:
        """Return whether the vendor's file has a column for the attribute, filled or not."""
        return attribute in self.sheet.values or attribute in self.sheet.sources or attribute in self._context.given

    def has_issue(self, code: str, attribute: str) -> bool:
        """Return whether this fault of this attribute is already known."""
        return bool(self.issues) and any(found.code == code and found.attribute == attribute for found in self.issues)

    def changed_by(self, rule_id: str) -> bool:
        """Return whether a rule has already changed something."""
        return any(change.rule == rule_id for change in self.changes)
