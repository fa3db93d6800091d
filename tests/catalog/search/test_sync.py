"""The index in step: marks that follow the transaction, turns of the indexer, differences, rebuilds."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import database
from backoffice.extensions import db
from catalog.search import sync
from catalog.search.embedded import LIVE, EmbeddedStore
from catalog.search.engine import CatalogueSearch
from catalog.search.models import IndexDirty
from catalog.search.port import EngineUnavailable, Health
from catalog.search.queries import Query
from catalog.search.schema import ProductDocument
from catalog.search.sync import difference, side_by_side
from catalog.search.tantivy_folder import VERSION_FILE
from tests.catalog.search.products import product
from tests.conftest import database_url


class Shelf:
    """The products as the database holds them; what is read is counted."""

    def __init__(self, *products: ProductDocument) -> None:
        self.products = {one.id: one for one in products}
        self.reads: list[int] = []

    def documents_for(self, ids: Sequence[int]) -> list[ProductDocument]:
        self.reads += ids
        return [self.products[number] for number in ids if number in self.products]

    def versions_after(self, last: int, limit: int) -> list[tuple[int, int]]:
        pairs = sorted((one.id, one.version) for one in self.products.values() if one.id > last)
        return pairs[:limit]

    def put(self, one: ProductDocument) -> None:
        self.products[one.id] = one


class Down:
    """An engine that does not answer."""

    name = "down"

    def health(self) -> Health:
        return Health("down", False, message="nobody answers")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small application with the marks' table alone."""
    folder = tmp_path_factory.mktemp("shop")
    app = Flask("shop")
    uri = database_url("search") or f"sqlite:///{folder / 'shop.db'}"
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, DATA_FOLDER=folder)
    database.register(app)
    db.init_app(app)
    importlib.import_module("backoffice.vendors.models")  # the users' model, which the jobs' one brings, names it
    with app.app_context():
        db.metadata.create_all(db.engine, tables=[IndexDirty.__table__])
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def shelf(shop: Flask, tmp_path: Path) -> Iterator[Shelf]:
    """Three products that nobody has indexed yet."""
    db.session.execute(sa.delete(IndexDirty))
    db.session.commit()
    shelf = Shelf(product(1, "Tabouret"), product(2, "Guéridon"), product(3, "Commode"))
    shop.extensions["search_engine"] = CatalogueSearch(EmbeddedStore(tmp_path / "index"))
    shop.extensions["search_loader"] = sync.Loader(shelf.documents_for, shelf.versions_after)
    yield shelf
    db.session.rollback()


def drained() -> sync.DrainReport:
    report = sync.drain()
    db.session.commit()
    return report


def test_an_empty_index_is_filled_by_the_first_turn(shelf: Shelf) -> None:
    assert sync.check() == {"database": 3, "index": 0, "missing": 3, "stale": 0, "surplus": 0}
    assert drained() == sync.DrainReport(written=3)
    assert sync.check() == {"database": 3, "index": 3, "missing": 0, "stale": 0, "surplus": 0}


def test_only_marked_products_are_read_again(shelf: Shelf) -> None:
    drained()
    shelf.reads.clear()
    shelf.put(product(2, "Table basse", version=2))
    sync.mark_dirty([2])
    db.session.commit()
    assert drained() == sync.DrainReport(written=1)
    assert shelf.reads == [2]
    assert sync.engine().search(Query("table basse")).total == 1


def test_a_mark_is_gone_with_the_transaction_that_set_it(shelf: Shelf) -> None:
    drained()
    sync.mark_dirty([1, 2])
    db.session.rollback()
    assert sync.backlog()["waiting"] == 0


def test_marking_twice_waits_once_and_renews_the_mark(shelf: Shelf) -> None:
    sync.mark_dirty([1, 1])
    before = db.session.scalar(sa.select(IndexDirty.stamp))
    sync.mark_dirty([1])
    after = db.session.scalar(sa.select(IndexDirty.stamp))
    assert sync.backlog()["waiting"] == 1
    assert before != after


def test_a_product_that_is_gone_leaves_the_index(shelf: Shelf) -> None:
    drained()
    del shelf.products[3]
    sync.mark_dirty([3])
    assert drained() == sync.DrainReport(deleted=1)
    assert sync.check()["index"] == 2


def test_a_change_during_the_indexing_keeps_its_mark(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    drained()
    sync.mark_dirty([1])
    db.session.commit()
    read = shelf.documents_for

    def read_then_changed(ids: Sequence[int]) -> list[ProductDocument]:
        documents = read(ids)
        if shelf.products[1].version == 1:
            shelf.put(product(1, "Tabouret de bar", version=2))
            sync.mark_dirty([1])
            db.session.commit()
        return documents

    monkeypatch.setitem(
        sync.current_app.extensions, "search_loader", sync.Loader(read_then_changed, shelf.versions_after)
    )
    drained()
    drained()
    assert sync.check()["stale"] == 0
    assert sync.backlog()["waiting"] == 0


def test_while_the_engine_is_down_the_marks_wait_and_are_carried_later(shelf: Shelf, shop: Flask) -> None:
    drained()
    working = shop.extensions["search_engine"]
    shop.extensions["search_engine"] = Down()
    shelf.put(product(1, "Tabouret haut", version=2))
    sync.mark_dirty([1])
    db.session.commit()
    with pytest.raises(EngineUnavailable):
        sync.drain()
    db.session.rollback()
    sync.drain_index()
    assert sync.backlog()["waiting"] == 1
    shop.extensions["search_engine"] = working
    drained()
    assert sync.check() == {"database": 3, "index": 3, "missing": 0, "stale": 0, "surplus": 0}


def test_one_bad_product_is_kept_with_its_error_and_keeps_none_back(shelf: Shelf) -> None:
    shelf.put(product(2, "Prix impossible", price_min_minor=2**70))
    for _ in range(sync.MAX_ATTEMPTS + 1):
        drained()
    assert sync.check() == {"database": 3, "index": 2, "missing": 1, "stale": 0, "surplus": 0}
    assert (sync.backlog()["waiting"], sync.backlog()["failed"]) == (0, 1)
    assert db.session.scalar(sa.select(IndexDirty.error))
    shelf.put(product(2, "Prix possible", version=2))
    sync.mark_dirty([2])
    drained()
    assert sync.check()["missing"] == 0


def test_every_kind_of_difference_is_seen_and_mended(shelf: Shelf) -> None:
    drained()
    sync.engine().index([product(9, "Revenant")])
    shelf.put(product(1, "Tabouret", version=7))
    shelf.put(product(4, "Étagère"))
    assert sync.check() == {"database": 4, "index": 4, "missing": 1, "stale": 1, "surplus": 1}
    assert sync.reconcile() == 3
    drained()
    assert sync.check() == {"database": 4, "index": 4, "missing": 0, "stale": 0, "surplus": 0}


def test_two_streams_are_walked_side_by_side() -> None:
    left, right = [(1, 1), (2, 5), (4, 1)], [(2, 4), (3, 1), (4, 1)]
    walked = list(side_by_side(left, right))
    assert walked == [(1, 1, None), (2, 5, 4), (3, None, 1), (4, 1, 1)]
    assert [difference(ours, theirs) for _, ours, theirs in walked] == ["missing", "stale", "surplus", ""]
    assert list(side_by_side([], [])) == []


def test_a_rebuild_brings_back_what_was_lost(shelf: Shelf) -> None:
    drained()
    sync.engine().delete([1, 2])
    assert sync.rebuild() == 3
    assert sync.check() == {"database": 3, "index": 3, "missing": 0, "stale": 0, "surplus": 0}


def test_a_rebuild_that_is_not_whole_keeps_the_live_index(shelf: Shelf) -> None:
    drained()
    shelf.put(product(3, "Prix impossible", price_min_minor=2**70))
    with pytest.raises(sync.RebuildRefused, match="3"):
        sync.rebuild()
    assert sync.engine().search(Query("commode")).total == 1


def test_a_rebuild_that_loses_a_golden_query_is_refused(shelf: Shelf) -> None:
    drained()
    del shelf.products[3]
    with pytest.raises(sync.RebuildRefused, match="commode"):
        sync.rebuild(["commode", "introuvable"])
    assert sync.engine().search(Query("commode")).total == 1


def test_what_changes_while_a_rebuild_reads_is_in_the_new_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    drained()
    read = shelf.documents_for

    def read_then_changed(ids: Sequence[int]) -> list[ProductDocument]:
        documents = read(ids)
        if 5 not in shelf.products:
            shelf.put(product(5, "Arrivé entretemps"))
            shelf.put(replace(shelf.products[1], version=2, title="Changé entretemps"))
            del shelf.products[2]
        return documents

    monkeypatch.setitem(
        sync.current_app.extensions, "search_loader", sync.Loader(read_then_changed, shelf.versions_after)
    )
    sync.rebuild()
    assert sync.check() == {"database": 3, "index": 3, "missing": 0, "stale": 0, "surplus": 0}


def test_an_index_of_another_version_is_put_aside_and_filled_again(shelf: Shelf, shop: Flask, tmp_path: Path) -> None:
    drained()
    live = tmp_path / "index" / (tmp_path / "index" / LIVE).read_text(encoding="utf-8")
    (live / VERSION_FILE).write_text("schema 0, tantivy of long ago", encoding="utf-8")
    shop.extensions["search_engine"] = CatalogueSearch(EmbeddedStore(tmp_path / "index"))
    assert drained().written == 3
    assert sync.check()["missing"] == 0


def test_another_process_sees_a_commit_and_a_swap_at_its_next_question(shelf: Shelf, tmp_path: Path) -> None:
    other = CatalogueSearch(EmbeddedStore(tmp_path / "index"))
    assert other.search(Query("tabouret")).total == 0
    drained()
    assert other.search(Query("tabouret")).total == 1
    sync.rebuild()
    assert other.search(Query("tabouret")).total == 1
    assert other.health().documents == 3


def test_two_writers_take_turns(tmp_path: Path) -> None:
    engines = [CatalogueSearch(EmbeddedStore(tmp_path / "index")) for _ in range(2)]
    engines[0].index([product(1, "Premier")])

    def write(engine: CatalogueSearch, first: int) -> None:
        for number in range(first, first + 10):
            engine.index([product(number, f"Produit {number}")])

    threads = [threading.Thread(target=write, args=(engine, 100 * at)) for at, engine in enumerate(engines, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engines[0].health().documents == 21
