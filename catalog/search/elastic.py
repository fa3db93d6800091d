"""The Elasticsearch store, for more than one machine.

What it does: one alias over one index; a rebuild fills an index of its own, which a second alias names so that every
write goes to both, and the alias moves at the end. Promise: external versions, so that the server itself refuses a
stale write; errors of single documents are reported, the others are written; only what the core server has is used;
every exception of the client library becomes `EngineUnavailable`. Not here: what to ask and how to rank (`plan`).
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError

from catalog.search import facets as facets_of
from catalog.search.elastic_clauses import clause
from catalog.search.nodes import Node
from catalog.search.port import EngineUnavailable, Found, Health, Store, StoreBeside, WriteReport
from catalog.search.queries import SORTS
from catalog.search.schema import FIELDS, SCHEMA_VERSION, ProductDocument, indexed, stored

# More documents than asked for are fetched so that equal scores at the end of a page are ordered by id.
TIES = 20
VERSIONS_AT_ONCE = 5_000
# The words of an index are read in parts of at most so many, below the server's own limit of 65,536 buckets.
WORDS_AT_ONCE = 20_000
# Where other processes write, the words are asked for again after so many seconds.
GENERATION_SECONDS = 60

P = ParamSpec("P")
R = TypeVar("R")


def _translated(act: Callable[P, R]) -> Callable[P, R]:
    """Give the client library's errors our one name."""

    @wraps(act)
    def translated(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return act(*arguments, **named)
        except (ApiError, TransportError) as error:
            raise EngineUnavailable(f"Elasticsearch does not answer: {error}") from error

    return translated


def _mappings() -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "tokens": {"type": "text", "analyzer": "whitespace"},
        "marks": {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "docs"},
        "keyword": {"type": "keyword", "ignore_above": 256},
        "number": {"type": "long"},
    }
    fields = {name: kinds[kind] for name, (kind, _) in FIELDS.items()}
    # The words are counted, so they stand as keywords; a query's term meets them all the same.
    fields |= {"words": {"type": "keyword"}, "id": {"type": "long"}, "version": {"type": "long"}}
    fields["stored"] = {"type": "object", "enabled": False}
    kept = {"includes": ["stored"]}
    return {"dynamic": "strict", "_meta": {"schema": SCHEMA_VERSION}, "_source": kept, "properties": fields}


def _body(document: ProductDocument) -> dict[str, Any]:
    fields = indexed(document)
    for name, (kind, _) in FIELDS.items():
        if kind in ("tokens", "marks") and name != "words":
            fields[name] = " ".join(fields[name])
    return {"id": document.id, "version": document.version, "stored": stored(document), **fields}


class ElasticStore:
    """The products in one cluster, under `alias` and the schema's version; `pinned` is an index being built."""

    name = "elasticsearch"

    def __init__(
        self, client: Elasticsearch, *, alias: str = "comptoir-products", shards: int = 1, pinned: str | None = None
    ) -> None:
        self._client = client
        self._alias = f"{alias}-v{SCHEMA_VERSION}"
        self._shards = shards
        self._pinned = pinned
        self._ready = pinned is not None
        self._writes = 0
        self._preparing = threading.Lock()

    @property
    def _building(self) -> str:
        return f"{self._alias}-beside"

    def _live(self) -> str:
        """Return the name to ask, making the first index where there is none."""
        if not self._ready:
            with self._preparing:
                if not self._client.indices.exists_alias(name=self._alias):
                    self._create_first()
                self._ready = True
        return self._pinned or self._alias

    def _create_first(self) -> None:
        """Make the first index under one name: of processes that begin at once, one makes it and all write into it.

        Two indices under the alias would refuse every write.
        """
        try:
            self._create(self._alias, "first")
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _create(self, alias: str, suffix: str) -> str:
        name = f"{self._alias}-{suffix}"
        settings = {
            "number_of_shards": self._shards,
            "refresh_interval": "1s",
            "max_result_window": 10_000,
        }
        self._client.indices.create(index=name, mappings=_mappings(), settings=settings, aliases={alias: {}})
        return name

    # ---- writing

    @_translated
    def write(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write into the live index, and into one being built; visible to a search when this returns."""
        if not documents:
            return WriteReport()
        actions: list[Any] = []
        for document in documents:
            entry = {"_id": str(document.id), "version": document.version, "version_type": "external_gte"}
            actions += [{"index": entry}, _body(document)]
        written = stale = 0
        errors: dict[int, str] = {}
        for act in self._bulk(actions):
            if act["status"] < 300:
                written += 1
            elif act["status"] == 409:
                stale += 1
            else:
                errors[int(act["_id"])] = str(act["error"].get("reason", act["error"]))
        return WriteReport(written, stale, errors)

    def _bulk(self, actions: Sequence[Any]) -> list[dict[str, Any]]:
        """Do the acts in the live index, then in one being built; again where the two were exchanged meanwhile."""
        live = self._live()
        done = self._bulk_into(live, actions)
        if self._pinned or not self._client.indices.exists_alias(name=self._building):
            return done
        beside = self._bulk_into(self._building, actions)
        exchanged = any(act["status"] == 404 and "error" in act for act in beside)
        return self._bulk_into(live, actions) if exchanged else done

    def _bulk_into(self, target: str, actions: Sequence[Any]) -> list[dict[str, Any]]:
        # A name that is no alias any more must not become an index of its own, whatever the cluster's setting.
        alias = target != self._pinned
        answer = self._client.bulk(index=target, operations=actions, refresh=not self._pinned, require_alias=alias)
        self._writes += 1
        return [next(iter(item.values())) for item in answer["items"]]

    @_translated
    def remove(self, ids: Sequence[int]) -> None:
        """Take documents out of the live index, and of one being built."""
        if ids:
            self._bulk([{"delete": {"_id": str(number)}} for number in ids])

    @contextmanager
    def beside(self) -> Iterator[StoreBeside]:
        """Begin an index beside the live one; thrown away unless `swap()` was called."""
        name = self._begin()
        building = _Beside(self, name)
        try:
            yield building
        finally:
            if not building.swapped:
                self._drop(name)

    @_translated
    def _begin(self) -> str:
        self._live()
        if self._client.indices.exists_alias(name=self._building):  # left by a rebuild that was killed
            for name in list(self._client.indices.get_alias(name=self._building)):
                self._drop(name)
        return self._create(self._building, uuid.uuid4().hex[:12])

    @_translated
    def _drop(self, name: str) -> None:
        self._client.options(ignore_status=404).indices.delete(index=name)

    @_translated
    def put_live(self, name: str) -> None:
        """Move the alias to the built index in one act, then delete the one before."""
        before = [index for index in self._client.indices.get_alias(name=self._alias) if index != name]
        self._client.indices.refresh(index=name)
        self._client.indices.update_aliases(
            actions=[
                {"add": {"index": name, "alias": self._alias}},
                {"remove": {"index": name, "alias": self._building}},
                *({"remove": {"index": index, "alias": self._alias}} for index in before),
            ]
        )
        self._writes += 1
        for index in before:
            self._drop(index)

    # ---- asking

    def _ask(self, **asked: Any) -> Mapping[str, Any]:
        index = self._live()
        if self._pinned:
            self._client.indices.refresh(index=index)
        answer: Mapping[str, Any] = self._client.search(index=index, search_type="dfs_query_then_fetch", **asked).body
        return answer

    @_translated
    def run(self, node: Node, *, limit: int, sort: str = "", facets: bool = False) -> Found:
        """Answer a node: best first, equal scores by id; facets count all matches."""
        field, descending = SORTS.get(sort, ("", True))
        by_field = {field: {"order": "desc" if descending else "asc", "missing": "_last"}}
        order: dict[str, Any] = by_field if field else {"_score": "desc"}
        answer = self._ask(
            query=clause(node),
            size=limit + TIES,
            sort=[order, {"id": "asc"}],
            track_total_hits=True,
            source=["stored"],
            aggs=facets_of.wanted() if facets else None,
        )
        hits = answer["hits"]["hits"]
        rows = [(int(hit["_id"]), float(hit["_score"] or 0.0), hit["_source"]["stored"]) for hit in hits]
        if not field:
            rows.sort(key=lambda row: (-round(row[1], 4), row[0]))
        counted = facets_of.read(answer["aggregations"]) if facets else {}
        return Found(answer["hits"]["total"]["value"], tuple(rows[:limit]), lambda: counted)

    @_translated
    def run_many(self, asked: Sequence[Node], *, limit: int) -> list[list[tuple[int, float]]]:
        """Answer many nodes with ids and scores alone, in one request."""
        if not asked:
            return []
        searches: list[Any] = []
        for node in asked:
            searches += [{}, {"query": clause(node), "size": limit + TIES, "_source": False, "track_total_hits": False}]
        answer = self._client.msearch(index=self._live(), searches=searches, search_type="dfs_query_then_fetch")
        found = []
        for response in answer["responses"]:
            if "error" in response:
                raise EngineUnavailable(f"Elasticsearch refused a search: {response['error'].get('reason')}")
            scored = [(int(hit["_id"]), round(float(hit["_score"]), 4)) for hit in response["hits"]["hits"]]
            found.append(sorted(scored, key=lambda row: (-row[1], row[0]))[:limit])
        return found

    @_translated
    def fetch(self, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        """Return the stored fields of those of the ids that are indexed."""
        answer = self._client.mget(index=self._live(), ids=[str(number) for number in ids], source=["stored"])
        return {int(doc["_id"]): doc["_source"]["stored"] for doc in answer["docs"] if doc.get("found")}

    @_translated
    def words(self, limit: int) -> Iterable[tuple[str, int]]:
        """Return the words of the index with the number of documents that hold each, at most `limit`."""
        counting = {"distinct": {"cardinality": {"field": "words", "precision_threshold": 40_000}}}
        distinct = self._ask(size=0, aggs=counting)["aggregations"]["distinct"]["value"]
        parts = 1 + int(min(distinct, limit) * 1.5) // WORDS_AT_ONCE
        found: list[tuple[str, int]] = []
        for part in range(parts):
            terms = {"field": "words", "size": WORDS_AT_ONCE, "include": {"partition": part, "num_partitions": parts}}
            buckets = self._ask(size=0, aggs={"words": {"terms": terms}})["aggregations"]["words"]["buckets"]
            found += [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
        return found[:limit]

    def generation(self) -> Hashable:
        """Return a value that changes with every write of this process, and every minute for those of others."""
        return (self._writes, int(time.monotonic() / GENERATION_SECONDS))

    @_translated
    def count(self) -> int:
        """Return the number of documents."""
        return int(self._ask(size=0, track_total_hits=True)["hits"]["total"]["value"])

    def versions(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) by ascending id at one point in time, a few thousand in memory at a time."""
        point = self._open_point()
        try:
            after: list[Any] | None = None
            while True:
                page = self._versions_after(point, after)
                yield from ((hit["fields"]["id"][0], hit["fields"]["version"][0]) for hit in page)
                if len(page) < VERSIONS_AT_ONCE:
                    return
                after = page[-1]["sort"]
        finally:
            self._close_point(point)

    @_translated
    def _open_point(self) -> str:
        index = self._live()
        self._client.indices.refresh(index=index)
        return str(self._client.open_point_in_time(index=index, keep_alive="5m")["id"])

    @_translated
    def _versions_after(self, point: str, after: list[Any] | None) -> list[Any]:
        answer = self._client.search(
            pit={"id": point, "keep_alive": "5m"},
            size=VERSIONS_AT_ONCE,
            sort=[{"id": {"order": "asc"}}],
            search_after=after,
            source=False,
            docvalue_fields=[{"field": "id"}, {"field": "version"}],
            track_total_hits=False,
        )
        return list(answer["hits"]["hits"])

    @_translated
    def _close_point(self, point: str) -> None:
        self._client.options(ignore_status=404).close_point_in_time(id=point)

    def health(self) -> Health:
        """Return the cluster's state; never raises. `info()` is not asked: the core server has no such page."""
        try:
            status = self._client.cluster.health()["status"]
            nodes = self._client.nodes.info()["nodes"].values()
            versions = ", ".join(sorted({str(node["version"]) for node in nodes}))
            wrong = "cluster status red" if status == "red" else ""
            return Health(self.name, not wrong, versions, self.count(), wrong)
        except (ApiError, TransportError, EngineUnavailable) as error:
            return Health(self.name, False, message=str(error))


class _Beside:
    """An index being built beside the live one."""

    def __init__(self, live: ElasticStore, name: str) -> None:
        self._live = live
        self._name = name
        self.store: Store = ElasticStore(live._client, shards=live._shards, pinned=name)
        self.swapped = False

    def swap(self) -> None:
        """Put the built index in the live one's place."""
        self._live.put_live(self._name)
        self.swapped = True
