"""The door to search: what the rest of the house may ask, and what an engine must be able to do.

`SearchEngine` is what pages, matching and synchronization use; `Store` is the little that an adapter implements.
Promise: an engine that does not answer raises `EngineUnavailable`, whatever its client library raises.
Not here: the asking itself (`engine`), the adapters (`embedded`, `elastic`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from catalog.search.nodes import Node
from catalog.search.queries import Query
from catalog.search.schema import ProductDocument
from catalog.sheets import Locale


class EngineUnavailable(Exception):
    """The search engine does not answer; nothing was lost, what waits is written when it is back."""


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What became of a batch: how many were written, how many were older than the index, which failed and why."""

    written: int = 0
    stale: int = 0
    errors: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text, and whether the query's words are in it; a template escapes the text and marks it."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found; price in minor units."""

    id: int
    title: str
    brand: str
    score: float
    title_fragments: tuple[Fragment, ...] = ()
    snippet: tuple[Fragment, ...] = ()
    price_minor: int | None = None
    currency: str = "EUR"
    offers: int = 0
    available: bool = False
    category_path: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to narrow the results by, and how many of them have it; a price range is "2000-5000" or "20000-"."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: `total` products match; `mended` tells that words were read as misspelled, `partial` that no
    product has every word; `after` asks for the next page, None on the last."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Facets = field(default_factory=dict)
    after: str | None = None
    mended: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product is in the results: this word of the query met this field in this way, by this text of the sheet."""

    word: str
    field: str
    way: str
    found: str
    text: str


@dataclass(frozen=True, slots=True)
class CandidateQuery:
    """A sheet that looks for its product: texts as written, identifiers, and the vendor whose own are left out."""

    title: str
    brand: str = ""
    codes: tuple[str, ...] = ()
    exclude_vendor: int | None = None
    locale: str = "fr"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may be the same, with the retrieval's score; higher is nearer, not comparable across queries."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Health:
    """The engine's state: its name, version, number of documents, and the words of what is wrong, if anything."""

    engine: str
    ok: bool
    version: str = ""
    documents: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a store answers: number of matches, (id, score, stored fields) best first, facet counts.

    The facets are asked for of the answer that is shown alone: counting takes a store as long as finding.
    """

    total: int
    rows: tuple[tuple[int, float, Mapping[str, Any]], ...] = ()
    facets: Callable[[], Facets] = dict


class Rebuild(Protocol):
    """An index being built beside the live one; left without `accept()`, it is thrown away and nothing changes."""

    def index(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write a batch into the new index only."""

    def delete(self, ids: Sequence[int]) -> None:
        """Take documents out of the new index only."""

    def versions(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) of the new index by ascending id."""

    def search(self, query: Query) -> Results:
        """Ask the new index, before anybody else does."""

    def accept(self) -> None:
        """Make the new index the live one; the old one goes only after that."""


class Store(Protocol):
    """What an adapter does: keep documents, answer nodes. Every write names the row's version; an older one loses."""

    name: str

    def write(self, documents: Sequence[ProductDocument]) -> WriteReport: ...
    def remove(self, ids: Sequence[int]) -> None: ...
    def run(self, node: Node, *, limit: int, sort: str = "", facets: bool = False) -> Found: ...
    def run_many(self, nodes: Sequence[Node], *, limit: int) -> list[list[tuple[int, float]]]: ...
    def fetch(self, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]: ...
    def words(self, limit: int) -> Iterable[tuple[str, int]]: ...
    def generation(self) -> Hashable: ...
    def count(self) -> int: ...
    def versions(self) -> Iterator[tuple[int, int]]: ...
    def beside(self) -> AbstractContextManager[StoreBeside]: ...
    def health(self) -> Health: ...


class StoreBeside(Protocol):
    """A store being built; `store` is written to, `swap()` puts it in the live one's place."""

    @property
    def store(self) -> Store: ...

    def swap(self) -> None: ...


class SearchEngine(Protocol):
    """Search over the products of the marketplace."""

    name: str

    def index(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write a batch, also into an index being built beside; a version older than the index's is left out."""

    def delete(self, ids: Sequence[int]) -> None:
        """Take documents out, also of an index that is being built beside; unknown ids do no harm."""

    def search(self, query: Query) -> Results:
        """Answer a query over the published products."""

    def nearest(self, query: Query, *, limit: int) -> list[int]:
        """Return the ids alone of the products that the strictest words find, best first."""

    def candidates(self, ask: CandidateQuery, *, limit: int = 20) -> list[Candidate]:
        """Return the products, published or not, that are likest to a sheet."""

    def candidates_many(self, asks: Sequence[CandidateQuery], *, limit: int = 20) -> list[list[Candidate]]:
        """Answer many sheets at once, in their order."""

    def explain(self, query: Query, product: int, *, told: Locale | None = None) -> list[Reason]:
        """Say why a product is in the results of a query, in the language `told` or else the query's own.

        Empty where no word of the query meets it.
        """

    def suggest(self, query: Query) -> str | None:
        """Return the query with its misspelled words mended ("did you mean"), or None where nothing is to mend."""

    def complete(self, prefix: str, *, locale: Locale = "fr", limit: int = 8) -> list[str]:
        """Return queries that begin with what was typed, the most fruitful first."""

    def versions(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) of every document by ascending id, without holding them all."""

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Build an index beside the live one; see `Rebuild`."""

    def health(self) -> Health:
        """Return the engine's state; never raises."""
