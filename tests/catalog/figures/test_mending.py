"""What to mend first: what was sold and what searches show, times what is missing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.extensions import db
from catalog import demand
from catalog.figures import mending
from catalog.figures.models import MendFirst
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.orders import make_order

pytestmark = pytest.mark.usefixtures("quick_reading")
POOR = {"description": "", "marque": "", "image": ""}


def _ranked() -> list[MendFirst]:
    mending.rank_mending()
    db.session.commit()
    return list(db.session.scalars(sa.select(MendFirst).order_by(MendFirst.effect.desc())))


def test_a_sheet_that_sells_and_lacks_much_comes_before_one_that_lacks_as_much_and_sells_less(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "A", **POOR}, {"sku": "B", **POOR}, {"sku": "C", **POOR})
    make_order(vendor=vendor, lines=[{"sku": "A", "quantity": 1}])
    make_order(vendor=vendor, lines=[{"sku": "B", "quantity": 3}])
    found = _ranked()
    assert [row.listing.sku for row in found] == ["B", "A"]
    assert found[0].sold == 3
    assert found[0].effect == pytest.approx(3 * mending.MET_FOR_A_SALE * found[0].missing, rel=0.01)


def test_a_sheet_that_searches_show_counts_as_often_as_they_were_asked(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "A", "titre": "Théière en fonte émaillée rouge", **POOR})
    jobs.drain()
    for _time in range(4):
        demand.count("théière", found=1)
    db.session.commit()
    [row] = _ranked()
    assert (row.listing_id, row.found, row.sold) == (listing_of(vendor, "A").id, 4, 0)


def test_without_a_search_engine_orders_alone_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "A", **POOR})
    make_order(vendor=vendor, lines=[{"sku": "A", "quantity": 1}])
    demand.count("cafetière", found=1)
    db.session.commit()

    def away(_query: object) -> None:
        raise EngineUnavailable("away")

    monkeypatch.setattr(sync.engine(), "search", away)
    [row] = _ranked()
    assert (row.sold, row.found) == (1, 0)


def test_ranked_again_the_old_order_is_gone(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "A", **POOR})
    make_order(vendor=vendor, lines=[{"sku": "A", "quantity": 1}])
    assert len(_ranked()) == len(_ranked()) == 1
