"""How well and how fast searches find what they should, on a vendor's file and judged queries.

    python -m tests.benchmarks.search_quality SHEETS QUERIES [--engine embedded|elasticsearch]

SHEETS is a vendor's file, read through the product's intake and mapping; every sheet is published under the number of
its line, counted as the vendor sees it (the header is line 1, so the first sheet is 2). A line of QUERIES is
`{"query": "…", "relevant": {"<line>": gain, …}, "kind": "…"}`; `kind` may be absent. Gains count linearly; recall is
the share of all relevant sheets found among the first ten; times are whole searches with facets and snippets, one at a
time, and `bare_p95_ms` what the engine itself took of them for the same questions. Elasticsearch is the server that
COMPTOIR_ELASTICSEARCH_URL names; the index made there is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from catalog.harmonization import lexicons
from catalog.intake import UnreadableFile, open_table
from catalog.mapping import apply_mapping, propose_mapping
from catalog.search.embedded import EmbeddedStore
from catalog.search.engine import CatalogueSearch
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query
from catalog.search.schema import ProductDocument
from catalog.search.tantivy_folder import Folder
from catalog.sheets import MappedSheet
from catalog.text import fold

BATCH = 2_000
SAMPLES = 200
DEPTH = 10
PURPOSE = "How well and how fast searches find what they should, on a vendor's file and judged queries."
# What of a sheet has a field of its own; everything else that the mapping found is further text.
OWN_FIELDS = ("title", "brand", "description", "product_type", "google_product_category", "gtin", "mpn")


@dataclass(frozen=True)
class Judged:
    """A query with the gain of each relevant sheet by line."""

    text: str
    relevant: Mapping[int, float]
    kind: str


def main(arguments: Sequence[str]) -> int:
    """Print the figures as one JSON object; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search_quality", description=PURPOSE)
    parser.add_argument("sheets", type=Path, metavar="SHEETS")
    parser.add_argument("queries", type=Path, metavar="QUERIES")
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
    asked = parser.parse_args(arguments)
    try:
        judged = read_queries(asked.queries)
        with engine_named(asked.engine) as engine:
            fill(engine, asked.sheets)
            print(json.dumps(measure(engine, judged)))
    except (OSError, ValueError, UnreadableFile, EngineUnavailable) as error:
        print(f"This cannot be measured: {error}", file=sys.stderr)
        return 2
    return 0


def read_queries(path: Path) -> list[Judged]:
    """Return the judged queries of a file; raises ValueError naming the first line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            relevant = {int(row): float(gain) for row, gain in entry["relevant"].items()}
            found.append(Judged(entry["query"], relevant, entry.get("kind", "")))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"line {number} of {path} is no judged query ({error!r})") from error
    if not found:
        raise ValueError(f"{path} holds no query")
    return found


class Meter:
    """Milliseconds spent within the engine itself: the embedded library, or a server and the way to it."""

    def __init__(self) -> None:
        self.milliseconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, its time added up here."""

        def call(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.milliseconds += 1000 * (time.perf_counter() - started)

        return call

    @contextmanager
    def within(self, engine: str) -> Iterator[None]:
        """Meter this engine's own calls while the block runs."""
        if engine == "elasticsearch":
            from elasticsearch import Elasticsearch

            with patch.object(Elasticsearch, "perform_request", self.timed(Elasticsearch.perform_request)):
                yield
            return
        bare = Folder.searcher

        def searcher(folder: Folder) -> Any:
            found = bare(folder)
            asked = {"search": self.timed(found.search), "aggregate": self.timed(found.aggregate)}
            return _Metered(found, asked)

        with patch.object(Folder, "searcher", searcher):
            yield


class _Metered:
    """The library's searcher, which cannot be patched, with some of its calls in others' place."""

    def __init__(self, searcher: Any, instead: Mapping[str, Callable[..., Any]]) -> None:
        self._searcher, self._instead = searcher, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._searcher, name)


@contextmanager
def engine_named(name: str) -> Iterator[CatalogueSearch]:
    """Yield an empty engine; what it kept is removed at the end."""
    if name == "embedded":
        with tempfile.TemporaryDirectory() as folder:
            yield CatalogueSearch(EmbeddedStore(Path(folder)))
        return
    url = os.environ.get("COMPTOIR_ELASTICSEARCH_URL")
    if not url:
        raise ValueError("COMPTOIR_ELASTICSEARCH_URL names no Elasticsearch server")
    from elasticsearch import Elasticsearch

    from catalog.search.elastic import ElasticStore

    alias = f"comptoir-bench-{uuid.uuid4().hex[:8]}"
    with Elasticsearch(url, request_timeout=120) as client:
        try:
            yield CatalogueSearch(ElasticStore(client, alias=alias))
        finally:
            for index in client.indices.get(index=f"{alias}-*", allow_no_indices=True):
                client.indices.delete(index=index)


def fill(engine: CatalogueSearch, path: Path) -> None:
    """Index every sheet of a vendor's file, saying how fast on standard error."""
    table = open_table(path)
    columns = propose_mapping(table.headers, list(islice(table.rows(), SAMPLES)))
    print(f"columns: { {column.header: column.attribute for column in columns} }", file=sys.stderr)
    started, written = time.perf_counter(), 0
    rows = table.rows()
    while batch := [document_of(apply_mapping(row, columns)) for row in islice(rows, BATCH)]:
        written += engine.index(batch).written
    seconds = time.perf_counter() - started
    print(f"indexed: {written} sheets, {written / seconds:.0f} a second", file=sys.stderr)


def document_of(sheet: MappedSheet) -> ProductDocument:
    """Return a mapped sheet as the product that it would become, published under its line's number."""
    values = sheet.values
    brand = values.get("brand", "")
    return ProductDocument(
        id=sheet.row,
        version=1,
        title=values.get("title", ""),
        brand="" if fold(brand) in lexicons.placeholders() else brand,
        description=values.get("description", ""),
        category_path=values.get("product_type") or values.get("google_product_category", ""),
        attributes=" · ".join(value for name, value in values.items() if name not in OWN_FIELDS),
        gtins=tuple(filter(None, [values.get("gtin")])),
        mpns=tuple(filter(None, [values.get("mpn")])),
        published=True,
        available=True,
    )


def measure(engine: CatalogueSearch, judged: Sequence[Judged]) -> dict[str, Any]:
    """Ask every query once and return the figures, over all and by kind."""
    engine.search(Query(judged[0].text))
    meter = Meter()
    with meter.within(engine.name):
        asked = [(query, *_ask(engine, query, meter)) for query in judged]
    kinds = sorted({query.kind for query in judged} - {""})
    by_kind = {kind: _figures([one for one in asked if one[0].kind == kind]) for kind in kinds}
    return _figures(asked) | {"engine": engine.name, "queries": len(judged)} | ({"by_kind": by_kind} if kinds else {})


def _ask(engine: CatalogueSearch, query: Judged, meter: Meter) -> tuple[list[int], float, float]:
    """Return the hits, the milliseconds of the search, and those that the engine itself took of them."""
    started, meter.milliseconds = time.perf_counter(), 0.0
    hits = engine.search(Query(query.text, limit=DEPTH)).hits
    return [hit.id for hit in hits], 1000 * (time.perf_counter() - started), meter.milliseconds


def _p95(times: Iterable[float]) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)], 2)


def _figures(asked: Sequence[tuple[Judged, list[int], float, float]]) -> dict[str, float]:
    times = sorted(milliseconds for _, _, milliseconds, _ in asked)
    return {
        "ndcg_at_10": round(statistics.fmean(ndcg(query.relevant, found) for query, found, *_ in asked), 4),
        "recall_at_10": round(statistics.fmean(recall(query.relevant, found) for query, found, *_ in asked), 4),
        "mrr": round(statistics.fmean(reciprocal_rank(query.relevant, found) for query, found, *_ in asked), 4),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": _p95(times),
        "bare_p95_ms": _p95(bare for *_, bare in asked),
    }


def ndcg(relevant: Mapping[int, float], found: Sequence[int]) -> float:
    """Return the discounted gain of the first ten against the best possible order, gains counted linearly."""
    best = _discounted(sorted(relevant.values(), reverse=True)[:DEPTH])
    return _discounted([relevant.get(number, 0.0) for number in found[:DEPTH]]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def recall(relevant: Mapping[int, float], found: Sequence[int]) -> float:
    """Return the share of all relevant sheets that are among the first ten."""
    wanted = {number for number, gain in relevant.items() if gain > 0}
    return len(wanted & set(found[:DEPTH])) / len(wanted) if wanted else 0.0


def reciprocal_rank(relevant: Mapping[int, float], found: Sequence[int]) -> float:
    """Return one over the place of the first relevant sheet, zero where the first ten hold none."""
    places = [place for place, number in enumerate(found[:DEPTH], 1) if relevant.get(number, 0.0) > 0]
    return 1 / places[0] if places else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
