"""What a person asks: text, filters, order, page; and the words of the text.

What it does: `Query` is all that an engine needs to answer; `query_words` reads its text into words, keeping measures
("1,5 L", "30x40 cm") whole and compounds ("lave-vaisselle") in parts that know of each other. Promise: pure, and every
text has an answer: none is a syntax error. Not here: how words meet documents (`plan`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from catalog.search.measures import counts, usual
from catalog.search.nodes import Node, Range, Term
from catalog.search.schema import code
from catalog.sheets import Locale
from catalog.text import fold, tokens, units

# Longer queries are pasted texts; the first words say what is sought, and an answer must stay quick.
MAX_QUERY = 200
MAX_WORDS = 12
# Deeper than this nobody pages; both engines hold no more than this many hits of a query in order.
MAX_WINDOW = 1_000
CENTIMETRES_PER_INCH = 2.54
PAGE = 20

# sort key: (field, descending). "" is by relevance.
SORTS: dict[str, tuple[str, bool]] = {"price": ("price", False), "-price": ("price", True), "newest": ("updated", True)}
# Bounds in minor units of the facet of prices: (20, 50, 100, 200, 500 euros).
PRICE_STEPS = (2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True)
class Synonym:
    """Asking for `term` also finds `means`; the other way round only where `both_ways`."""

    term: str
    means: str
    both_ways: bool = False


class Synonyms:
    """The editors' synonyms, ready to look up; each is applied once, so that a circle of them does no harm."""

    def __init__(self, entries: Iterable[Synonym] = (), locale: Locale = "fr") -> None:
        self._means: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        # The folded words of the terms: an editor vouches for them, so none of them is taken to be misspelled.
        self.words: set[str] = set()
        for entry in entries:
            term, means = roots_of(entry.term, locale), roots_of(entry.means, locale)
            pairs = ((term, means, entry.term), (means, term, entry.means))[: 2 if entry.both_ways else 1]
            for key, value, written in pairs:
                if key and value and key != value:
                    self._means.setdefault(key, []).append(value)
                    self.words.update(word.written for word in query_words(written, locale))
        self.longest = max(map(len, self._means), default=0)

    def of(self, roots: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
        """Return the token sequences that mean the same as these."""
        return self._means.get(roots, ())


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search; None leaves a matter open. Prices are in minor units, both bounds included."""

    brand: str | None = None
    category: int | None = None
    colour: str | None = None
    vendor: int | None = None
    available: bool | None = None
    price_min: int | None = None
    price_max: int | None = None
    locale: str | None = None

    def nodes(self) -> Iterator[Node]:
        """Yield one clause per filter in use."""
        by_value: Mapping[str, str | int | None] = {
            "brand_name": self.brand,
            "categories": self.category,
            "colours": self.colour,
            "vendors": self.vendor,
            "available": None if self.available is None else int(self.available),
            "locale": self.locale,
        }
        yield from (Term(name, value) for name, value in by_value.items() if value is not None)
        if self.price_min is not None or self.price_max is not None:
            yield Range("price", self.price_min, self.price_max)


@dataclass(frozen=True, slots=True)
class Boost:
    """What holds the value in the field counts for more (factor above 1) or less (below) among the results."""

    field: Literal["brand_name", "categories", "id"]
    value: str | int
    factor: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A product that an editor put at a place of the results, 1 being the first."""

    product: int
    rank: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the catalogue; `after` is the key that the page before gave, `published` False asks for all."""

    text: str
    locale: Locale = "fr"
    filters: Filters = field(default_factory=Filters)
    sort: str = ""
    limit: int = PAGE
    after: str | None = None
    published: bool = True
    synonyms: Synonyms | None = None
    # Both hold only where the order is by relevance: who sorts by price is not steered.
    boosts: tuple[Boost, ...] = ()
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page starts: the step of the ladder that answered the first page, and how many hits came before."""

    step: int = 0
    offset: int = 0

    def key(self) -> str:
        """Return the key that a link to this page carries."""
        return f"{self.step}-{self.offset}"


_PAGE_KEY = re.compile(r"(\d)-(\d{1,4})", re.ASCII)


def is_page_key(text: str) -> bool:
    """Return whether a text is the key of a page."""
    return bool(_PAGE_KEY.fullmatch(text))


def page_of(query: Query) -> Page:
    """Return where the query's page starts; a key that is none of ours starts at the first hit."""
    found = _PAGE_KEY.fullmatch(query.after or "")
    return Page(int(found[1]), int(found[2])) if found else Page()


# ---- words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query: as typed and folded, its token, and other ways the same thing is written.

    `whole` is the token of the compound this word is a part of; `parts` are the tokens of the compound that the word
    is; `measure` tells that the token is a number with its unit, and then `parts` holds the bare number; `code` is the
    word as an identifier, where it has a digit.
    """

    written: str
    token: str
    whole: str | None = None
    parts: tuple[str, ...] = ()
    measure: bool = False
    code: str | None = None


_NUMBER = r"\d+(?:[.,]\d+)?"
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s*[x*]\s*(?=\d)")
# As `catalog.text` cuts a text before it looks at a word, so that "1art1" and "sm-g900f" are one word here as there.
_WRITTEN = re.compile(r"[^\W_]+(?:[.,]\d+)?(?:[-_'&+][^\W_]+)*")
_JOINTS = re.compile(r"[-&+_]")


@lru_cache(maxsize=1)
def _measure() -> re.Pattern[str]:
    written = "|".join(re.escape(unit) for unit in sorted(units(), key=len, reverse=True))
    number = rf"(?:\d{{1,3}}(?: \d{{3}})+(?!\d)|{_NUMBER})"
    return re.compile(rf"(?<![\w.,]){number}(?:\s*x\s*{_NUMBER}){{0,2}}\s?-?(?:{written})(?![\w'])")


def query_words(text: str, locale: Locale) -> list[QueryWord]:
    """Return the words of a query that say something, in order, at most MAX_WORDS; stop words alone are kept."""
    folded = fold(usual(text[:MAX_QUERY]))
    telling = set(tokens(folded, locale))
    found: list[QueryWord] = []
    at = 0
    for start, end, measured in sorted(_measures_in(folded, locale), key=lambda one: one[:2]):
        if start >= at:
            found += _plain_words(folded[at:start], locale, telling)
            found += measured
            at = end
    found += _plain_words(folded[at:], locale, telling)
    return list({word.token: word for word in reversed(found)}.values())[::-1][:MAX_WORDS]


def roots_of(text: str, locale: Locale) -> tuple[str, ...]:
    """Return the tokens of a text as a query is read: two texts with the same ones ask the same."""
    return tuple(word.token for word in query_words(text, locale))


def _measures_in(folded: str, locale: Locale) -> Iterator[tuple[int, int, list[QueryWord]]]:
    for match in _measure().finditer(folded):
        written, made = match.group(), tokens(match.group(), locale)
        pairs = zip(made[::2], made[1::2], strict=False)
        found = [QueryWord(written, token, None, _nearly(number, token), True) for number, token in pairs]
        yield match.start(), match.end(), found
    for start, end, token in counts(folded):
        number = token.rstrip("abcdefghijklmnopqrstuvwxyz")
        yield start, end, [QueryWord(folded[start:end], token, None, (number,), True)]


def _nearly(number: str, token: str) -> tuple[str, ...]:
    """Return what may stand for a measure: its bare number, and for inches the centimetres a shop writes."""
    if not token.endswith("in"):
        return (number,)
    centimetres = float(number) * CENTIMETRES_PER_INCH
    return tuple(dict.fromkeys((number, f"{centimetres:.0f}cm", f"{centimetres:.1f}cm")))


def _plain_words(text: str, locale: Locale, telling: set[str]) -> Iterator[QueryWord]:
    if text.strip() == "x":
        return
    for written in _WRITTEN.findall(_BETWEEN_NUMBERS.sub(" ", text)):
        made = tokens(written, locale)
        if not made or telling.isdisjoint(made):
            continue
        identifier = code(written) if any(sign.isdigit() for sign in written) else None
        pieces = [piece for piece in _JOINTS.split(written) if piece]
        if len(pieces) == 1:
            yield QueryWord(written, made[0], parts=tuple(made[1:]), code=identifier)
            continue
        for piece in pieces:
            own = tokens(piece, locale)
            if own and not telling.isdisjoint(own):
                yield QueryWord(piece, own[0], whole=made[-1], parts=tuple(own[1:]), code=identifier)
