"""Searches counted by day, without the person; forgotten in time; offered to those who begin the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.extensions import db
from catalog import completing, demand, tallying
from catalog.models import SearchCount
from tests.factories.api import Program
from tests.factories.catalog import import_rows, selling_vendor

TODAY = datetime(2026, 6, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "personal"),
    [
        ("jean.dupont@exemple.fr", True), ("06 12 34 56 78", True), ("06.12.34.56.78", True), ("0033612345678", True),
        ("https://exemple.fr/x", True), ("commande 4010203040506", True), ("3017620422003", False),
        ("lego 75192", False), ("puzzle 1000 pièces", False), ("ecran 1920x1080", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_persons_is_not_counted(app: Flask, query: str, personal: bool) -> None:
    demand.count(query, found=0)
    assert (db.session.scalar(sa.select(sa.func.count()).select_from(SearchCount)) == 0) is personal


def test_nothing_of_a_person_is_kept_with_a_query() -> None:
    assert {column.name for column in SearchCount.__table__.columns} == {
        "day", "query", "asked", "empty", "few", "clicked",
    }  # fmt: skip


def test_a_query_is_counted_by_how_much_it_found(app: Flask) -> None:
    for found in (0, 1, demand.FEW - 1, demand.FEW, 500):
        demand.count("Théière  fonte", found=found)
    demand.count_click("théière fonte")
    (one,) = demand.queries()
    assert (one.query, one.asked, one.empty, one.few, one.clicked) == ("theiere fonte", 5, 1, 2, 1)
    assert demand.queries("few") == [one]
    assert demand.queries("all", "lampe") == []


def test_weeks_without_a_search_are_told_too(app: Flask) -> None:
    with clock.frozen(TODAY - timedelta(weeks=2)):
        demand.count("théière", found=0)
    with clock.frozen(TODAY):
        demand.count("théière", found=3, times=2)
        weeks = demand.by_week("Théière", 4)
    assert [(asked, empty) for _, asked, empty in weeks] == [(0, 0), (1, 1), (0, 0), (2, 0)]


def test_old_days_and_rare_queries_are_forgotten(app: Flask) -> None:
    for days, text, times in (
        (400, "plaid", 9),
        (200, "plaid", 9),
        (200, "une phrase de quelqu'un", 2),
        (5, "rare", 1),
    ):
        with clock.frozen(TODAY - timedelta(days=days)):
            demand.count(text, found=0, times=times)
    with clock.frozen(TODAY):
        demand.forget_searches()
    assert {(row.day, row.query) for row in db.session.scalars(sa.select(SearchCount))} == {
        ((TODAY - timedelta(days=200)).date().isoformat(), "plaid"),
        ((TODAY - timedelta(days=5)).date().isoformat(), "rare"),
    }


@pytest.mark.usefixtures("quick_reading")
def test_a_begun_search_goes_on_with_what_others_asked_brands_and_words(app: Flask) -> None:
    import_rows(selling_vendor(), {"sku": "T", "titre": "Théière en fonte", "marque": "Théodore", "description": "."})
    demand.count("théière japonaise", found=5, times=8)
    demand.count("théâtre", found=0, times=30)
    db.session.commit()
    found = [(one.text, one.source.value) for one in completing.complete("thé", "fr")]
    assert found[0] == ("theiere japonaise", "query")
    assert ("Théodore", "brand") in found
    assert any(source == "word" for _text, source in found)
    assert "theatre" not in dict(found)
    assert [one.text for one in completing.complete("jap", "fr")][:1] == ["theiere japonaise"]
    assert completing.complete("t", "fr") == []


@pytest.mark.usefixtures("quick_reading")
def test_a_storefront_is_told_each_facet_value_in_words(app: Flask) -> None:
    vendor = selling_vendor(name="Brûlerie du Port")
    import_rows(vendor, {"sku": "T", "titre": "Théière en fonte rouge", "couleur": "rouge", "description": "Théière."})
    facets = Program(app).get("/products/search?locale=en").get_json()["facets"]
    assert facets["vendor"] == [{"value": str(vendor.id), "label": "Brûlerie du Port", "count": 1}]
    assert facets["colour"] == [{"value": "rouge", "label": "red", "count": 1}]
    assert all(one["label"] and one["label"] != one["value"] for one in facets.get("category", ()))


@pytest.mark.usefixtures("quick_reading")
@pytest.mark.parametrize(
    ("name", "value"),
    [("vendor", "nobody"), ("vendor", "999999"), ("category", "nope"), ("category", "99999999"), ("price", "cheap"),
     ("price", "-"), ("page_token", "second")],
)  # fmt: skip
def test_a_storefront_that_narrows_by_nothing_is_told_so_and_not_given_everything(
    app: Flask, name: str, value: str
) -> None:
    import_rows(selling_vendor(), {"sku": "T", "titre": "Théière en fonte rouge", "description": "Théière."})
    answer = Program(app).get(f"/products/search?{name}={value}")
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["details"]) == [name]


@pytest.mark.usefixtures("quick_reading")
def test_a_storefront_narrows_by_the_values_it_was_given_and_by_a_vendor_s_code(app: Flask) -> None:
    vendor, other = selling_vendor(), selling_vendor()
    import_rows(vendor, {"sku": "T", "titre": "Théière en fonte rouge", "description": "Théière."})
    import_rows(other, {"sku": "L", "titre": "Lampe de bureau", "description": "Lampe.", "marque": "Lumio"})
    program = Program(app)
    facets = program.get("/products/search").get_json()["facets"]
    for name, values in facets.items():
        for one in values:
            found = program.get("/products/search", query_string={name: one["value"]}).get_json()
            assert found["total"] == one["count"], (name, one)
    assert program.get(f"/products/search?vendor={vendor.code}").get_json()["total"] == 1


@pytest.mark.usefixtures("quick_reading")
def test_a_storefronts_searches_are_answered_and_counted_together(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # A tally of its own: the application's may hold searches of a test before.
    monkeypatch.setitem(app.extensions, "search_tally", tallying.Tally())
    import_rows(selling_vendor(), {"sku": "T", "titre": "Théière en fonte rouge", "description": "Théière."})
    program = Program(app)
    answer = program.get("/products/search?q=théiere fonte&locale=fr").get_json()
    assert answer["total"] == 1
    assert {"brand", "price", "available"} <= answer["facets"].keys()
    assert program.get("/products/search?q=teière").get_json()["did_you_mean"] == "théière"
    assert program.get("/products/search?q=théière&brand=Nobody").get_json()["total"] == 0
    assert demand.queries() == []
    tally = tallying.of_app()
    tally.write()
    assert {(one.query, one.asked) for one in demand.queries()} == {("theiere fonte", 1), ("teiere", 1)}
    assert program.get("/products/suggest?q=thé").get_json()["items"]
