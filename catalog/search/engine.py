"""One search over either store: climbs the ladder, keeps the vocabulary, makes hits readable.

What it does: everything of `SearchEngine` that does not depend on who holds the index. Promise: the same answers from
both stores, up to the order of hits whose scores are equal, which is by id. Not here: clauses (`plan`), words
(`queries`, `vocabulary`), marking (`highlighting`), keeping in step with the database (`sync`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from catalog.search import highlighting, suggestions
from catalog.search.nodes import AnyOf, BestMatches, Node, Not, Ranked, Term, Worth
from catalog.search.plan import ENOUGH, PINNED, Step, ladder
from catalog.search.port import (
    Candidate,
    CandidateQuery,
    Found,
    Health,
    Hit,
    Reason,
    Rebuild,
    Results,
    Store,
    StoreBeside,
    WriteReport,
)
from catalog.search.queries import MAX_WINDOW, Page, Query, page_of
from catalog.search.schema import ProductDocument, code
from catalog.search.vocabulary import MAX_WORDS, Vocabulary
from catalog.search.wording import read
from catalog.sheets import Locale

# A changed index is read for its words again after so many seconds; 42,000 words of 30,196 sheets take 0.2 s to read.
VOCABULARY_AGE = 30.0
# A vocabulary of an index this small is read at once: it takes a few milliseconds.
SMALL_INDEX = 2_000
# More tokens than these say no more about which product a sheet is; titles of real sheets hold about ten.
CANDIDATE_TOKENS = 40
# BM25 factors by field when looking for the product of a sheet.
CANDIDATE_FIELDS = {"title": 1.0, "brand": 0.6, "text": 0.25}
SAME_CODE = 100.0


class CatalogueSearch:
    """The search engine over one store; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name = store.name
        self._vocabulary: Vocabulary | None = None
        self._read_at = 0.0
        self._generation: Hashable = None
        self._reading = threading.Lock()

    # ---- writing

    def index(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write a batch; a version older than the index's is left out."""
        return self._store.write(documents)

    def delete(self, ids: Sequence[int]) -> None:
        """Take documents out; unknown ids do no harm."""
        self._store.remove(ids)

    def versions(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) of every document by ascending id."""
        return self._store.versions()

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Build an index beside the live one."""
        return _building(self._store)

    def health(self) -> Health:
        """Return the engine's state; never raises."""
        return self._store.health()

    # ---- asking

    def search(self, query: Query) -> Results:
        """Answer with the first step of the ladder that finds enough; later pages stay on that step."""
        page = page_of(query)
        if page.offset >= MAX_WINDOW:
            return Results(0)
        step, found, at = self._climb(query, page)
        rows = placed(found.rows, query)[page.offset : page.offset + query.limit]
        follows = page.offset + query.limit
        more = follows < min(found.total, MAX_WINDOW)
        marks = highlighting.marks_of(step.groups, query.locale)
        return Results(
            total=found.total,
            hits=tuple(_hit(score % PINNED, stored, marks) for _, score, stored in rows),
            facets=found.facets(),
            after=Page(at, follows).key() if more else None,
            mended=step.mended,
            partial=step.partial,
        )

    def _climb(self, query: Query, page: Page) -> tuple[Step, Found, int]:
        limit = min(page.offset + query.limit, MAX_WINDOW) + len(query.pins)
        best: tuple[Step, Found, int] | None = None
        for at, step in enumerate(ladder(query, self.vocabulary())):
            if at < page.step:
                continue
            if best is not None and step.partial and best[1].total > _pinned(best[1].rows, query):
                break
            found = self._store.run(step.node, limit=limit, sort=query.sort, facets=True)
            if best is None or found.total > best[1].total:
                best = (step, found, at)
            if found.total >= ENOUGH or query.after:
                break
        assert best is not None, "the ladder has at least one step"
        return best

    def nearest(self, query: Query, *, limit: int) -> list[int]:
        """Return the ids alone of the products found by the first step of the ladder that finds any."""
        for step in ladder(query, self.vocabulary()):
            rows = self._store.run_many([step.node], limit=limit)[0]
            if rows:
                return [number for number, _ in rows]
        return []

    def candidates(self, ask: CandidateQuery, *, limit: int = 20) -> list[Candidate]:
        """Return the products, published or not, that are likest to a sheet."""
        return self.candidates_many([ask], limit=limit)[0]

    def candidates_many(self, asks: Sequence[CandidateQuery], *, limit: int = 20) -> list[list[Candidate]]:
        """Answer many sheets at once, in their order."""
        answers = self._store.run_many([_candidate_node(ask) for ask in asks], limit=limit)
        return [[Candidate(product, score) for product, score in rows] for rows in answers]

    def explain(self, query: Query, product: int, *, told: Locale | None = None) -> list[Reason]:
        """Say which word of the query met which field of the product, and in which way."""
        stored = self._store.fetch([product]).get(product)
        if stored is None:
            return []
        steps = list(ladder(query, self.vocabulary()))
        return highlighting.reasons(steps[min(1, len(steps) - 1)].groups, stored, told or query.locale)

    def suggest(self, query: Query) -> str | None:
        """Return the query with its misspelled words mended, or None where nothing is to mend."""
        return suggestions.did_you_mean(query, self.vocabulary(), lambda ask: self._titles(ask))

    def complete(self, prefix: str, *, locale: Locale = "fr", limit: int = 8) -> list[str]:
        """Return queries that begin with what was typed, the most fruitful first."""
        ask = Query(prefix, locale)
        return suggestions.completions(ask, self.vocabulary(), self._any_of_each, limit=limit)

    def _titles(self, query: Query) -> list[str]:
        step = next(iter(ladder(query, self.vocabulary())))
        return [str(stored["title"]) for _, _, stored in self._store.run(step.node, limit=5).rows]

    def _any_of_each(self, queries: Sequence[Query]) -> list[bool]:
        nodes: list[Node] = [next(iter(ladder(query, self.vocabulary()))).node for query in queries]
        return [bool(rows) for rows in self._store.run_many(nodes, limit=1)]

    def vocabulary(self) -> Vocabulary:
        """Return the words of the index: fresh for a small one, at most half a minute behind for a large one."""
        known = self._vocabulary
        if known is None:
            with self._reading:
                return self._vocabulary or self._read_words()
        if time.monotonic() - self._read_at < VOCABULARY_AGE and known.documents > SMALL_INDEX:
            return known
        if self._store.generation() != self._generation and self._reading.acquire(blocking=False):
            if known.documents <= SMALL_INDEX:
                try:
                    return self._read_words()
                finally:
                    self._reading.release()
            threading.Thread(target=self._read_and_release, name="search-words", daemon=True).start()
        return known

    def _read_and_release(self) -> None:
        try:
            self._read_words()
        finally:
            self._reading.release()

    def _read_words(self) -> Vocabulary:
        generation = self._store.generation()
        vocabulary = Vocabulary(self._store.words(MAX_WORDS), self._store.count())
        self._vocabulary, self._generation, self._read_at = vocabulary, generation, time.monotonic()
        return vocabulary


Row = tuple[int, float, highlighting.Stored]


def _pinned(rows: Sequence[Row], query: Query) -> int:
    """Return how many of the rows an editor pinned."""
    pinned = {pin.product for pin in query.pins} if not query.sort else set()
    return sum(number in pinned for number, _, _ in rows)


def placed(rows: Sequence[Row], query: Query) -> Sequence[Row]:
    """Return the rows with the pinned ones, which the engine put first, at the places they are pinned to."""
    if not query.pins or query.sort:
        return rows
    ranks = {pin.product: pin.rank for pin in query.pins}
    found = [row for row in rows if row[0] not in ranks]
    for row in sorted((row for row in rows if row[0] in ranks), key=lambda row: (ranks[row[0]], row[0])):
        found.insert(ranks[row[0]] - 1, row)
    return found


def _hit(score: float, stored: highlighting.Stored, marks: Callable[[str], bool]) -> Hit:
    return Hit(
        id=stored["id"],
        title=stored["title"],
        brand=stored["brand_name"],
        score=round(score, 4),
        title_fragments=highlighting.marked(stored["title"], marks),
        snippet=highlighting.snippet(stored["text"], marks),
        price_minor=stored["price"],
        currency=stored["currency"],
        offers=stored["offers"],
        available=stored["available"],
        category_path=stored["category"],
    )


def _candidate_node(ask: CandidateQuery) -> Node:
    locale: Locale = "en" if ask.locale == "en" else "fr"
    title = dict.fromkeys(read(f"{ask.title} {ask.brand}", locale).tokens)
    scores: list[Node] = [
        BestMatches(field, token, factor)
        for token in list(title)[:CANDIDATE_TOKENS]
        for field, factor in CANDIDATE_FIELDS.items()
    ]
    codes = [Term("codes", code(written)) for written in ask.codes if code(written)]
    scores += [Worth(identifier, SAME_CODE) for identifier in codes]
    tokens = [Term(field, token) for token in list(title)[:CANDIDATE_TOKENS] for field in ("title", "brand")]
    must: Node = AnyOf((*tokens, *codes) or (Term("all", ""),))
    if ask.exclude_vendor is not None:
        must = Not(must, Term("vendors", ask.exclude_vendor))
    return Ranked(must, tuple(scores))


class _Building:
    """A rebuild in progress: asks and writes go to the new store until it is accepted."""

    def __init__(self, beside: StoreBeside) -> None:
        self._beside = beside
        self._engine = CatalogueSearch(beside.store)
        self.index = self._engine.index
        self.delete = self._engine.delete
        self.versions = self._engine.versions
        self.search = self._engine.search
        self.accept = beside.swap


@contextmanager
def _building(store: Store) -> Iterator[Rebuild]:
    with store.beside() as beside:
        yield _Building(beside)
