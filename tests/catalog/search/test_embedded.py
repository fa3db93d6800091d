"""The folders of the embedded store: leftovers, exchanges, other versions, failed writers."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from catalog.search import embedded, facets, tantivy_folder
from catalog.search.embedded import BESIDE, LIVE, EmbeddedStore
from catalog.search.engine import CatalogueSearch
from catalog.search.nodes import Everything
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query
from catalog.search.tantivy_folder import VERSION_FILE, Folder
from tests.catalog.search.products import product


def folders(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir() if entry.is_dir()}


def test_what_a_killed_rebuild_left_is_thrown_away_by_the_next(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])
    Folder(tmp_path / "products-half")
    (tmp_path / BESIDE).write_text("products-half", encoding="utf-8")
    with store.beside() as building:
        building.store.write([product(1, "Tabouret"), product(2, "Commode")])
        building.swap()
    assert list(store.versions()) == [(1, 1), (2, 1)]
    assert folders(tmp_path) == {(tmp_path / LIVE).read_text(encoding="utf-8")}
    assert not (tmp_path / BESIDE).exists()


def test_a_write_in_the_midst_of_an_exchange_reaches_the_new_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])
    with store.beside() as building:
        building.store.write([product(1, "Tabouret")])
        monkeypatch.setattr(store, "_building", lambda: building.swap())
        store.write([product(2, "Commode")])
    assert list(store.versions()) == [(1, 1), (2, 1)]


def test_a_broad_answer_is_kept_until_the_next_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "BROAD", 2)
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret"), product(2, "Commode")])
    first = store.run(Everything(), limit=5, facets=True)
    assert store.run(Everything(), limit=5, facets=True) is first
    assert store.run(Everything(), limit=1, facets=True) is not first
    EmbeddedStore(tmp_path).write([product(3, "Table")])
    assert store.run(Everything(), limit=5, facets=True).total == 3
    for limit in range(1, 2 * embedded.BROAD_KEPT):
        store.run(Everything(), limit=limit)
    assert len(store._broad) == embedded.BROAD_KEPT


def test_a_narrow_answer_is_asked_anew(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])
    assert store.run(Everything(), limit=5) is not store.run(Everything(), limit=5)


def test_an_index_of_another_version_makes_way_for_an_empty_one(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path).write([product(1, "Tabouret")])
    (old,) = folders(tmp_path)
    (tmp_path / old / VERSION_FILE).write_text("schema 0", encoding="utf-8")
    store = EmbeddedStore(tmp_path)
    assert store.count() == 0
    assert old not in folders(tmp_path)


def test_segments_are_merged_beside_the_callers_work_and_the_next_writer_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging, merged = threading.Event(), threading.Event()
    merge = tantivy_folder._merge

    def slowly(writers: Any, held: Any) -> None:
        merging.set()
        merged.wait(10)
        merge(writers, held)

    monkeypatch.setattr(tantivy_folder, "_merge", slowly)
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])
    assert merging.wait(10)
    assert store.count() == 1
    second = threading.Thread(target=EmbeddedStore(tmp_path).write, args=([product(2, "Commode")],))
    second.start()
    second.join(0.2)
    assert second.is_alive()
    merged.set()
    second.join(10)
    assert store.count() == 2


def test_merging_that_fails_leaves_what_was_committed_and_lets_the_next_writer_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def wait_merging_threads(self) -> None:
            raise OSError("No space left on device")

    merge = tantivy_folder._merge

    def failing(writers: list[Any], held: Any) -> None:
        writers.pop().wait_merging_threads()
        merge([Full()], held)

    monkeypatch.setattr(tantivy_folder, "_merge", failing)
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])
    store.write([product(2, "Commode")])
    assert list(store.versions()) == [(1, 1), (2, 1)]


def test_a_writer_that_failed_is_not_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(tmp_path)
    store.write([product(1, "Tabouret")])

    def full(*_: object) -> dict[int, int]:
        raise OSError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Folder, "known_versions", full)
        with pytest.raises(EngineUnavailable, match="No space left"):
            store.write([product(2, "Commode")])
    store.write([product(2, "Commode")])
    assert list(store.versions()) == [(1, 1), (2, 1)]


def test_facets_are_counted_of_the_answer_that_is_shown_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CatalogueSearch(EmbeddedStore(tmp_path))
    engine.index([product(1, "Tabouret en chêne"), product(2, "Commode en chêne")])
    asked: list[object] = []
    counted = facets.read
    monkeypatch.setattr(facets, "read", lambda answer: asked.append(answer) or counted(answer))
    found = engine.search(Query("tabourret chene"))
    assert found.mended
    assert [value.count for value in found.facets["available"]] == [1]
    assert len(asked) == 1
