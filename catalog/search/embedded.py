"""The embedded store: tantivy beside the database, for one machine.

What it does: keeps each index in a folder of its own under SEARCH_PATH; the file `live` names the one that is asked,
`beside` one that is being built, and both are written to while a rebuild goes on. Promise: the live index stays until
the new one is accepted; an index of another schema or library version is put aside and an empty one begun, which the
next synchronization fills. Not here: what to ask and how to rank (`plan`), one folder's files (`tantivy_folder`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tantivy import FieldType, Order
from tantivy import Query as Clause

from backoffice import compact
from catalog.search import facets as facets_of
from catalog.search.nodes import Node
from catalog.search.port import EngineUnavailable, Found, Health, Store, StoreBeside, WriteReport
from catalog.search.queries import SORTS
from catalog.search.schema import ProductDocument
from catalog.search.tantivy_clauses import clause
from catalog.search.tantivy_folder import LOCK_FILE, VERSION_FILE, Folder, library_version, numbers

# More documents than asked for are fetched so that equal scores at the end of a page are ordered by id.
TIES = 20
VERSIONS_AT_ONCE = 5_000
# Answers of so many products are kept until the next commit: at a million products the first page without words takes
# 40 ms of the engine, half of it for the facets, and everybody begins there.
BROAD = 100_000
BROAD_KEPT, BROAD_LIMIT = 16, 100
LIVE, BESIDE = "live", "beside"

P = ParamSpec("P")
R = TypeVar("R")


def _translated(act: Callable[P, R]) -> Callable[P, R]:
    """Give the library's and the file system's errors our one name."""

    @wraps(act)
    def translated(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return act(*arguments, **named)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(f"the search index does not answer: {error}") from error

    return translated


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when its process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class EmbeddedStore:
    """The indexes under one folder; `pinned` is the store of an index being built."""

    name = "embedded"

    def __init__(self, path: Path, *, pinned: str | None = None) -> None:
        self._path = path
        self._pinned = pinned
        self._folders: dict[str, Folder] = {}
        self._opening = threading.Lock()
        self._broad: dict[tuple[Hashable, Node, int, str, bool], Found] = {}

    # ---- folders

    def _folder(self) -> Folder:
        name = self._pinned or self._named(LIVE)
        known = self._folders.get(name or "")
        if known is not None and (known.path / VERSION_FILE).exists():
            return known
        with self._opening:
            return self._open(name)

    def _open(self, name: str | None) -> Folder:
        if name is None or not self._is_ours(name):
            name = self._begin_empty()
        if name not in self._folders or not self._folders[name].path.exists():
            self._folders = {name: Folder(self._path / name)}
        return self._folders[name]

    def _begin_empty(self) -> str:
        """Make the first index, or one in place of another version's, unless another process has just done so."""
        with _locked(self._path / "live.lock"):
            before = self._named(LIVE)
            if before is not None and self._is_ours(before):
                return before
            name = self._new_name()
            Folder(self._path / name)
            self.put_live(name)
            return name

    def _is_ours(self, name: str) -> bool:
        version = self._path / name / VERSION_FILE
        return version.exists() and version.read_text(encoding="utf-8") == library_version()

    def _new_name(self) -> str:
        return f"products-{uuid.uuid4().hex[:12]}"

    def _named(self, role: str) -> str | None:
        try:
            return (self._path / role).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def _point(self, role: str, name: str) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        fresh = self._path / f"{role}.{uuid.uuid4().hex[:8]}"
        fresh.write_text(name, encoding="utf-8")
        os.replace(fresh, self._path / role)

    def _written_folders(self) -> Iterator[Folder]:
        """Yield the live index, one being built, and the new live one where they were exchanged meanwhile."""
        done: set[Path] = set()
        for find in (self._folder, self._building, self._folder):
            folder = find()
            if folder is not None and folder.path not in done:
                done.add(folder.path)
                yield folder

    def _building(self) -> Folder | None:
        name = None if self._pinned else self._named(BESIDE)
        return Folder(self._path / name) if name and (self._path / name).exists() else None

    # ---- writing

    @_translated
    def write(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write into the live index, and into one being built."""
        reports = [folder.write(documents) for folder in self._written_folders()]
        return reports[0]

    @_translated
    def remove(self, ids: Sequence[int]) -> None:
        """Take documents out of the live index, and of one being built."""
        for folder in self._written_folders():
            folder.remove(ids)

    @contextmanager
    def beside(self) -> Iterator[StoreBeside]:
        """Begin an index beside the live one; thrown away unless `swap()` was called. One at a time."""
        self._folder()
        with _locked(self._path / "beside.lock"):
            self._throw_away(self._named(BESIDE))  # left by a rebuild that was killed
            name = self._new_name()
            Folder(self._path / name)
            self._point(BESIDE, name)
            building = _Beside(self, name)
            try:
                yield building
            finally:
                (self._path / BESIDE).unlink(missing_ok=True)
                if not building.swapped:
                    self._throw_away(name)

    def _throw_away(self, name: str | None) -> None:
        if name and name != self._named(LIVE) and (self._path / name).exists():
            # Segments that are being merged would be written into the folder again.
            with _locked(self._path / name / LOCK_FILE):
                shutil.rmtree(self._path / name, ignore_errors=True)

    def put_live(self, name: str) -> None:
        """Make a folder the live one, then remove the one before."""
        before = self._named(LIVE)
        self._point(LIVE, name)
        self._throw_away(before)

    # ---- asking

    @_translated
    def run(self, node: Node, *, limit: int, sort: str = "", facets: bool = False) -> Found:
        """Answer a node: best first, equal scores by id; facets count all matches."""
        key = (self.generation(), node, limit, sort, facets)
        known = self._broad.get(key)
        if known is not None:
            return known
        found = self._asked(node, limit=limit, sort=sort, facets=facets)
        if found.total >= BROAD and limit <= BROAD_LIMIT:
            # Counted now: what is kept must not hold files that a merge has replaced.
            counted = found.facets()
            found = replace(found, facets=lambda: counted)
            still_true = [one for one in tuple(self._broad.items()) if one[0][0] == key[0]]
            self._broad = dict([*still_true[1 - BROAD_KEPT :], (key, found)])
        return found

    def _asked(self, node: Node, *, limit: int, sort: str, facets: bool) -> Found:
        folder = self._folder()
        searcher = folder.searcher()
        asked = clause(node, folder.schema)
        field, descending = SORTS.get(sort, ("", True))
        order = Order.Desc if descending else Order.Asc
        result: Any = searcher.search(asked, limit=limit + TIES, order_by_field=field or None, order=order)
        ids = numbers(searcher, "id", [address for _, address in result.hits])
        keyed = [
            (_order_key(score, number, field, descending), number, address)
            for number, (score, address) in zip(ids, result.hits, strict=True)
        ]
        rows = tuple(
            (number, 0.0 if field else -key[0], compact.loads(searcher.doc(address)["stored"][0]))
            for key, number, address in sorted(keyed, key=lambda row: row[0])[:limit]
        )
        if not facets:
            return Found(result.count, rows)
        counted = _translated(lambda: facets_of.read(searcher.aggregate(asked, facets_of.wanted())))
        return Found(result.count, rows, counted)

    @_translated
    def run_many(self, asked: Sequence[Node], *, limit: int) -> list[list[tuple[int, float]]]:
        """Answer many nodes with ids and scores alone."""
        folder = self._folder()
        searcher = folder.searcher()
        answers = []
        for node in asked:
            hits = searcher.search(clause(node, folder.schema), limit=limit + TIES, count=False).hits
            ids = numbers(searcher, "id", [address for _, address in hits])
            scored = [(number, round(score, 4)) for number, (score, _) in zip(ids, hits, strict=True)]
            answers.append(sorted(scored, key=lambda row: (-row[1], row[0]))[:limit])
        return answers

    @_translated
    def fetch(self, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        """Return the stored fields of those of the ids that are indexed."""
        folder = self._folder()
        searcher = folder.searcher()
        asked = Clause.term_set_query(folder.schema, "id", list(ids))
        hits = searcher.search(asked, limit=len(ids) or 1).hits
        found = [compact.loads(searcher.doc(address)["stored"][0]) for _, address in hits]
        return {stored["id"]: stored for stored in found}

    @_translated
    def words(self, limit: int) -> Iterable[tuple[str, int]]:
        """Return the words of the index with the number of documents that hold each, most frequent first."""
        return self._folder().searcher().terms_with_prefix("words", "", limit=limit)

    @_translated
    def generation(self) -> Hashable:
        """Return a value that changes with every commit and every swap."""
        folder = self._folder()
        return (folder.path.name, folder.commit_seen())

    @_translated
    def count(self) -> int:
        """Return the number of documents."""
        return self._folder().searcher().num_docs

    def versions(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) by ascending id, a few thousand in memory at a time."""
        last: int | None = None
        while True:
            page = self._versions_after(last)
            yield from page
            if len(page) < VERSIONS_AT_ONCE:
                return
            last = page[-1][0]

    @_translated
    def _versions_after(self, last: int | None) -> list[tuple[int, int]]:
        folder = self._folder()
        searcher = folder.searcher()
        asked = Clause.all_query()
        if last is not None:
            asked = Clause.range_query(folder.schema, "id", FieldType.Integer, lower_bound=last, include_lower=False)
        found = searcher.search(asked, limit=VERSIONS_AT_ONCE, count=False, order_by_field="id", order=Order.Asc)
        versions = numbers(searcher, "version", [address for _, address in found.hits])
        return [(number, version) for (number, _), version in zip(found.hits, versions, strict=True)]

    def health(self) -> Health:
        """Return the state of the live index; never raises."""
        try:
            return Health(self.name, True, library_version(), self.count())
        except EngineUnavailable as error:
            return Health(self.name, False, library_version(), message=str(error))


class _Beside:
    """An index being built in a folder beside the live one."""

    def __init__(self, live: EmbeddedStore, name: str) -> None:
        self._live = live
        self._name = name
        self.store: Store = EmbeddedStore(live._path, pinned=name)
        self.swapped = False

    def swap(self) -> None:
        """Put the built index in the live one's place."""
        self._live.put_live(self._name)
        self.swapped = True


def _order_key(score: Any, number: int, field: str, descending: bool) -> tuple[float, int]:
    """Return what orders a hit: products without the sorted number come last, equals by id."""
    if not field:
        return (-round(score, 4), number)
    if score is None:
        return (float("inf"), number)
    return (-score if descending else score, number)
