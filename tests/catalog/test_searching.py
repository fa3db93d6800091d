"""The search page as customers and editors use it: found by words, narrowed, mended, explained; honest when it cannot."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import demand, searching, tree
from catalog.models import Listing, Product, SearchCount
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """An editor's browser in a shop with three products."""
    vendor = selling_vendor(name="Brûlerie du Port")
    import_rows(
        vendor,
        {"couleur": "noir"},
        {
            "sku": "TH",
            "titre": "Théière en fonte rouge 1 L",
            "description": "Théière.",
            "marque": "Staub",
            "couleur": "rouge",
        },
        {
            "sku": "LA",
            "titre": "Lampe de bureau articulée",
            "description": "Lampe.",
            "marque": "Lumio",
            "couleur": "noir",
            "stock": "0",
        },
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 3
    return login(app, make_user(Role.CONTENT_EDITOR))


def _hits(page: str) -> list[str]:
    block = page.partition('id="hits"')[2].partition("</ol>")[0]
    return re.findall(r'<a data-hit href="/products/\d+">(.*?)</a>', block)


@pytest.mark.parametrize("query", ["cafetière Nespresso", "CAFETIERES nespresso", "cafetiere"])
def test_a_product_is_found_by_its_words_however_they_are_written(browser: FlaskClient, query: str) -> None:
    (hit,) = _hits(browser.get("/products", query_string={"q": query}).text)
    assert "<mark>Cafetière</mark>" in hit


def test_a_misspelled_word_still_finds_and_is_mended(browser: FlaskClient) -> None:
    page = browser.get("/products", query_string={"q": "cafetire nespreso"}).text
    assert len(_hits(page)) == 1
    assert "Did you mean" in page
    assert "cafetière nespresso" in page.lower()


def test_a_reader_sees_categories_and_reasons_in_the_own_language_whatever_the_sheets_say(browser: FlaskClient) -> None:
    product = db.session.scalars(sa.select(Product).where(Product.title.startswith("Théière"))).one()
    product.category = "751"
    db.session.commit()
    page = browser.get("/products?q=théière").text
    path = tree.current().path("751", "en")
    assert path.rpartition(" > ")[2] in page
    why = browser.get(f"/products/{product.id}/why?q=théière").text
    assert "is in the title" in why
    assert "est dans le titre" not in why


def test_what_nobody_sells_is_not_found_and_said(browser: FlaskClient) -> None:
    page = browser.get("/products", query_string={"q": "trombone"}).text
    assert _hits(page) == []
    assert "No product found" in page


def test_without_words_every_published_product_is_there(browser: FlaskClient) -> None:
    assert len(_hits(browser.get("/products").text)) == 3


def test_facets_narrow_the_results_and_are_taken_away_again(browser: FlaskClient) -> None:
    page = browser.get("/products").text
    assert 'href="/products?colour=noir"' in page
    assert "Brûlerie du Port" in page
    black = browser.get("/products?colour=noir").text
    assert len(_hits(black)) == 2
    assert "Colour: black" in black
    assert len(_hits(browser.get("/products?colour=noir&available=1").text)) == 1
    assert len(_hits(browser.get("/products?brand=Staub").text)) == 1


ADDRESSES = (
    "?price=x", "?price=100-", "?price=-", "?vendor=999999", "?category=zz", "?sort=../..", "?page=!!", "?available=perhaps",
    "?q=%22%28%5B%2A%3A~%5E", "?q=" + "a" * 3000, "?vendor=99999999999999999999", "?q=%00", "?price=-5-x", "?brand=%00",
)  # fmt: skip


def test_no_address_breaks_the_page(browser: FlaskClient) -> None:
    answers = {address: browser.get(f"/products{address}").status_code for address in ADDRESSES}
    assert set(answers.values()) == {200}, answers


def test_the_price_order_is_the_one_asked_for(browser: FlaskClient, app: Flask) -> None:
    import_rows(selling_vendor(), {"sku": "Z", "titre": "Vase soliflore", "prix": "5,00 €"})
    cheapest = _hits(browser.get("/products?sort=price").text)
    assert cheapest[0] == "Vase soliflore"
    assert _hits(browser.get("/products?sort=-price").text)[-1] == "Vase soliflore"


def test_every_hit_says_why_it_is_there(browser: FlaskClient) -> None:
    page = browser.get("/products?q=nespresso").text
    link = re.search(r'href="(/products/\d+/why[^"]*)"', page)
    assert link is not None
    why = browser.get(link.group(1)).text
    assert "nespresso" in why.lower()
    assert "Word by word" in why
    other = db.session.scalars(sa.select(Listing.product_id).where(Listing.sku == "LA")).one()
    assert "No word of the search meets this product" in browser.get(f"/products/{other}/why?q=nespresso").text


def test_the_page_says_so_when_the_engine_does_not_answer_and_nothing_is_lost(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: object, **_more: object) -> None:
        raise EngineUnavailable("refused")

    with monkeypatch.context() as patch:
        patch.setattr(type(sync.engine()), "search", down)
        patch.setattr(type(sync.engine()), "explain", down)
        answer = browser.get("/products?q=nespresso")
        assert answer.status_code == 503
        assert "The search engine does not answer" in answer.text
        product = db.session.scalars(sa.select(Listing.product_id)).first()
        assert "The search engine does not answer" in browser.get(f"/products/{product}/why?q=a").text
        assert browser.get(f"/products/{product}").status_code == 200
        assert browser.get("/sheets").status_code == 200
    assert len(_hits(browser.get("/products?q=nespresso").text)) == 1


def test_colours_to_narrow_by_are_said_in_the_reader_s_language(browser: FlaskClient) -> None:
    page = browser.get("/products").text
    assert re.findall(r'href="/products\?colour=(\w+)">(\w+)</a>', page) == [("noir", "black"), ("rouge", "red")]


def test_what_is_out_of_stock_is_found_by_itself(browser: FlaskClient) -> None:
    assert _hits(browser.get("/products?available=0").text) == ["Lampe de bureau articulée"]
    assert len(_hits(browser.get("/products?available=1").text)) == 2


def test_a_search_is_counted_by_day_without_the_person(browser: FlaskClient) -> None:
    page = browser.get("/products?q=Trombone").text
    assert "data-count-search" in page
    for found in ("0", "0", "3"):
        assert browser.post("/products/count", data={"q": " TROMBONE ", "total": found}).status_code == 204
    (row,) = db.session.scalars(sa.select(SearchCount))
    assert (row.query, row.asked, row.empty) == ("trombone", 3, 2)
    assert demand.without_results() == [("trombone", 2)]
    assert "trombone" in browser.get("/keywords").text


def test_leafing_and_narrowing_are_not_counted_as_searches(browser: FlaskClient) -> None:
    for address in ("/products", "/products?q=a&colour=noir"):
        assert "data-count-search" not in browser.get(address).text
    for signs in ("  ", "!!! ?", "😀", "__"):
        browser.post("/products/count", data={"q": signs, "total": "0"})
    for total in ("many", "²", "9" * 5_000):
        assert browser.post("/products/count", data={"q": "x", "total": total}).status_code == 204
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchCount)) == 0


def test_facets_cost_the_same_queries_however_many_vendors_there_are(app: Flask, queries: list[str]) -> None:
    for number in range(8):
        import_rows(selling_vendor(), {"sku": f"V{number}", "titre": f"Vase numéro {number}{number}{number}"})
    with app.test_request_context():
        queries.clear()
        answer = searching.answer(searching.read({}, "fr"), tree.current())
    assert len(queries) <= 3
    vendors = next(facet for facet in answer.facets if str(facet.label) in ("Vendor", "Vendeur"))
    assert len(vendors.values) == 8


def test_a_page_that_is_not_shown_is_there_for_its_own_vendor_only(browser: FlaskClient, app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"titre": "Arrosoir en zinc", "description": "Contactez-nous au 06 12 34 56 78.", "marque": ""})
    hidden = listing_of(vendor)
    assert not hidden.product.published
    own = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=selling_vendor().id))
    assert own.get(f"/products/{hidden.product_id}").status_code == 200
    assert stranger.get(f"/products/{hidden.product_id}").status_code == 404
    assert stranger.get(f"/products/{hidden.product_id}/why?q=a").status_code == 404
