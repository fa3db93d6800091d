"""What the rules know besides the sheet: the locale, the brands, the boilerplate, the vendor's habits.

Promise: a `Context` is frozen and complete by default; `learned` returns a richer one from a vendor's sheets and
never changes the old. Not here: where a vendor's settings are stored (the pipeline) or how a rule uses them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from catalog.harmonization import lexicons
from catalog.harmonization.lexicons import Index, Term
from catalog.sheets import Locale, MappedSheet
from catalog.text import fold, foreign_words, is_word

# A brand of the vendor's own column is learned from this many sheets on: one sheet alone may be a typing error.
BRAND_SHEETS = 2
# A sentence repeated on this share of a vendor's sheets, and on this many, speaks of the shop and not of a product.
BOILERPLATE_SHARE = 0.2
BOILERPLATE_SHEETS = 20
# A word's spelling is learned when this share of its uses inside running text agree.
SPELLING_SHARE = 0.8
# Sheets looked at to learn: more did not change what was learned on 30,000 sheets, and costs time.
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand's canonical name.

    A weak one is also a common word; a licence is named on other makers' products (Disney, Bluetooth); a fitted one
    makes devices for which others make accessories (Samsung, Dyson).
    """

    name: str
    weak: bool = False
    licence: bool = False
    fitted: bool = False


@dataclass(frozen=True, slots=True)
class BrandLexicon:
    """Brands by spelling, and by first word for a search in a text."""

    by_key: Mapping[tuple[str, ...], Brand]
    index: Index

    @classmethod
    def of(cls, spelled: Mapping[tuple[str, ...], Brand]) -> BrandLexicon:
        """Return a lexicon of brands by the folded parts of each spelling."""
        return cls(
            spelled,
            lexicons.index(Term(parts, "brand", brand.name, not brand.weak) for parts, brand in spelled.items()),
        )

    def get(self, name: str) -> Brand | None:
        """Return the brand written this way, whatever its case, accents and punctuation."""
        return self.by_key.get(lexicons.key(name))

    def with_learned(self, names: Mapping[str, bool]) -> BrandLexicon:
        """Return this lexicon with more brands (name → weak); what is already known is kept."""
        added = {lexicons.key(name): Brand(name, weak) for name, weak in names.items() if lexicons.key(name)}
        return BrandLexicon.of({**added, **self.by_key}) if added else self


@lru_cache(maxsize=1)
def listed_brands() -> BrandLexicon:
    """Return the lexicon of the brands that ship with the product, aliases included."""
    spelled: dict[tuple[str, ...], Brand] = {}
    for row in lexicons.table("brands"):
        brand = Brand(row["brand"], row["common_word"] == "yes", row["role"] == "licence", row["role"] == "fitted")
        spelled[lexicons.key(row["brand"])] = brand
        for alias in filter(None, row["aliases"].split("|")):
            spelled.setdefault(lexicons.key(alias), brand)
    return BrandLexicon.of(spelled)


@dataclass(frozen=True, slots=True)
class OwnValues:
    """The operator's own values as rules find them: terms of a text, and words that are a whole cell."""

    terms: tuple[Term, ...] = ()
    listed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a rule may look at besides the sheet's own values."""

    locale: Locale = "fr"
    brands: BrandLexicon = field(default_factory=listed_brands)
    boilerplate: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    # Attributes for which the vendor's file has a column, so that an empty cell can be told from no column.
    given: frozenset[str] = frozenset()
    currency: str = "EUR"
    review_below: float = 0.8
    spellings: Mapping[str, str] = field(default_factory=dict)
    title_style: str | None = None
    phrases: Index = field(default_factory=dict)
    values: Index = field(default_factory=lexicons.value_index)
    # The operator's own values of short lists, by attribute: folded word → value.
    listed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Folded word → the marks that a text has from it (`lexicons.mark`).
    marks: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the boilerplate and mark the words once; a frozen value is completed through its own setter."""
        phrases = frozenset(self.boilerplate) or lexicons.boilerplate_phrases(self.locale)
        object.__setattr__(self, "boilerplate", phrases)
        terms = (Term(lexicons.key(phrase), "boilerplate", phrase) for phrase in phrases)
        object.__setattr__(self, "phrases", lexicons.index(terms))
        marks = dict(lexicons.word_marks())
        foreign = foreign_words(self.locale)
        for name, words in (("brand", self.brands.index), ("phrases", self.phrases), ("foreign", foreign)):
            bit = lexicons.mark(name)
            for word in words:
                marks[word] = marks.get(word, 0) | bit
        if self.values is not lexicons.value_index():
            for word, entry in self.values.items():
                for term in entry.terms():
                    marks[word] = marks.get(word, 0) | lexicons.mark(term.kind)
        object.__setattr__(self, "marks", marks)

    @classmethod
    def default(cls, locale: Locale = "fr") -> Context:
        """Return the context of a vendor of whom nothing is known."""
        return _default(locale)

    def with_values(self, own: OwnValues) -> Context:
        """Return this context with the operator's own values beside the built-in ones."""
        if not own.terms and not own.listed:
            return self
        terms = (*own.terms, *lexicons.value_terms()) if own.terms else ()
        return replace(self, values=lexicons.index(terms) if terms else self.values, listed=own.listed)

    def learned(self, sheets: Iterable[MappedSheet]) -> Context:
        """Return this context with the brands, boilerplate, spellings, title style and columns of a vendor's sheets."""
        sample = [sheet for sheet, _ in zip(sheets, range(SAMPLE), strict=False)]
        texts = [sheet.values.get("description") or "" for sheet in sample]
        return replace(
            self,
            brands=self.brands.with_learned(learn_brands(sample)),
            boilerplate=self.boilerplate | learn_boilerplate(texts),
            spellings={**self.spellings, **learn_spellings(sample)},
            title_style=learn_title_style(sample) or self.title_style,
            given=self.given.union(*(sheet.values.keys() for sheet in sample)),
        )


@lru_cache(maxsize=2)
def _default(locale: Locale) -> Context:
    return Context(locale=locale)


def learn_brands(sheets: Iterable[MappedSheet]) -> dict[str, bool]:
    """Return the brands of the vendor's own column, name → weak (also a common word); the commonest spelling wins."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        brand = " ".join((sheet.values.get("brand") or "").split())
        if 2 <= len(brand) <= 40 and fold(brand) not in lexicons.no_brand_words() and not brand.isdigit():
            counts[brand] += 1
    spelled: dict[tuple[str, ...], list[str]] = {}
    for name in counts:
        spelled.setdefault(lexicons.key(name), []).append(name)
    learned = {}
    for parts, names in spelled.items():
        # Whole sheets are shouted by habit: a name that several others write with one capital is written so.
        proper = {name for name in names if counts[name] >= BRAND_SHEETS and not (name.isupper() or name.islower())}
        best = max(proper or names, key=lambda name: (counts[name], not name.isupper(), name))
        if parts and sum(counts[name] for name in names) >= BRAND_SHEETS:
            common = all(is_word(part, "fr") or is_word(part, "en") or len(part) < 3 for part in parts)
            learned[best] = common or len("".join(parts)) < 4
    return learned


_SENTENCE_END = re.compile(r"(?<=[.!?…])\s*|\s*\n\s*|\s+[-|]\s+")


def learn_boilerplate(texts: Iterable[str]) -> frozenset[str]:
    """Return the sentences repeated over so large a share of the texts that they speak of the shop.

    Equal texts count once: a hundred sizes of one article say the same of the article, not of the shop.
    """
    counts: Counter[str] = Counter()
    total = 0
    for text in set(texts):
        total += bool(text)
        counts.update({part.strip(" .!?…").lower() for part in _SENTENCE_END.split(text)})
    enough = max(BOILERPLATE_SHEETS, BOILERPLATE_SHARE * total)
    return frozenset(part for part, seen in counts.items() if seen >= enough and len(part.split()) >= 2)


_RUNNING_WORD = re.compile(r"(?<=[^\W\d_,;]\s)[^\W\d_]{2,}")


def learn_spellings(sheets: Iterable[MappedSheet]) -> dict[str, str]:
    """Return folded word → its usual spelling inside the vendor's running text ("bialetti" → "Bialetti")."""
    seen: dict[str, Counter[str]] = {}
    for sheet in sheets:
        for text in (sheet.values.get("title") or "", sheet.values.get("description") or ""):
            if text and not text.isupper():
                for word in set(_RUNNING_WORD.findall(text)):
                    seen.setdefault(fold(word), Counter())[word] += 1
    learned = {}
    for folded, counts in seen.items():
        word, uses = counts.most_common(1)[0]
        if uses >= BRAND_SHEETS and uses >= SPELLING_SHARE * counts.total():
            learned[folded] = word
    return learned


def learn_title_style(sheets: Iterable[MappedSheet]) -> str | None:
    """Return "title" where the vendor capitalizes each word of its titles, "sentence" where not, None if unclear."""
    capital = lower = 0
    for sheet in sheets:
        title = sheet.values.get("title") or ""
        long_words = [word for word in title.split()[1:] if len(word) > 3 and word.isalpha()]
        if title.isupper() or len(long_words) < 2:
            continue
        capital += sum(word[0].isupper() for word in long_words)
        lower += sum(word.islower() for word in long_words)
    if capital + lower < 20:
        return None
    return "title" if capital > 2 * lower else "sentence" if lower > capital else None
