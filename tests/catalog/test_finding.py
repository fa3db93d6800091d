"""Sheets found by a word from anywhere in the house: by what they say, whatever their state, within what one may see."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import finding, review, waiting
from catalog.models import Listing
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")

BARCODE = "3045386381456"
LAMP = {"sku": "LA-77", "titre": "Lampe de bureau articulée", "description": "Bras orientable.", "ean": BARCODE}
# A telephone number in the description: the sheet waits for an editor and no customer sees it.
HIDDEN = {"sku": "TH-1", "titre": "Théière en fonte rouge", "description": "Appelez-nous au 06 12 34 56 78.", "ean": ""}


@pytest.fixture
def shop(app: Flask) -> dict[str, FlaskClient]:
    """Two vendors with sheets of their own, an editor, and a user of the first vendor."""
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, LAMP, HIDDEN)
    chevet = {"titre": "Lampe de chevet pivotante", "marque": "Lumio", "prix": "12,00 €", "image": ""}
    import_rows(other, {**chevet, "sku": "OTHER", "description": "Socle rond en bois.", "ean": ""})
    editor, seller = make_user(Role.CONTENT_EDITOR), make_user(Role.VENDOR_USER, vendor_id=one.id)
    return {"editor": login(app, editor), "seller": login(app, seller)}


def _titles(browser: FlaskClient, address: str, word: str) -> set[str]:
    page = browser.get(address, query_string={"q": word}).text
    titles = db.session.scalars(sa.select(Listing.title))
    return {title for title in titles if title in page}


@pytest.mark.parametrize("address", ["/search", "/sheets"])
def test_words_find_sheets_in_any_form_and_state_and_a_vendor_finds_its_own_alone(
    shop: dict[str, FlaskClient], address: str
) -> None:
    lamps = {"Lampe de bureau articulée", "Lampe de chevet pivotante"}
    assert _titles(shop["editor"], address, "LAMPES") == lamps
    assert _titles(shop["seller"], address, "lampe") == {"Lampe de bureau articulée"}
    assert _titles(shop["seller"], address, "théière") == {"Théière en fonte rouge"}


@pytest.mark.parametrize("address", ["/search", "/sheets"])
@pytest.mark.parametrize("word", ["LA-77", BARCODE])
def test_an_identifier_finds_its_sheet_also_where_the_engine_is_down(
    shop: dict[str, FlaskClient], address: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: object, **_more: object) -> None:
        raise EngineUnavailable("refused")

    monkeypatch.setattr(sync.engine(), "nearest", down)
    assert _titles(shop["seller"], address, word) == {"Lampe de bureau articulée"}
    assert _titles(shop["seller"], address, "lampe") == set()
    told = "The search engine does not answer"
    assert told in shop["seller"].get("/sheets?q=lampe").text
    assert told not in shop["seller"].get("/sheets").text


def test_the_nearest_sheets_come_first_and_an_exact_identifier_before_them(shop: dict[str, FlaskClient]) -> None:
    listing = db.session.scalars(sa.select(Listing).where(Listing.sku == "LA-77")).one()
    everything = sa.select(Listing)
    found = finding.best(everything, "lampe chevet", locale="fr", vendor=None, limit=1)
    assert [one.title for one in found] == ["Lampe de chevet pivotante"]
    assert finding.best(everything, "LA-77", locale="fr", vendor=None, limit=1) == [listing]


def test_a_list_of_more_sheets_than_are_shown_says_so(
    shop: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = finding.near
    monkeypatch.setattr(finding, "near", lambda word, **asked: whole(word, **{**asked, "limit": 1}))
    assert "here are the nearest" in shop["editor"].get("/sheets?q=lampe").text
    assert "here are the nearest" not in shop["editor"].get("/sheets?q=chevet").text


def test_what_waits_is_counted_so_far_and_no_further(
    shop: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waiting.to_review() == 1
    vendor = db.session.scalars(sa.select(Listing)).first().vendor  # type: ignore[union-attr]
    import_rows(vendor, *({**HIDDEN, "sku": f"H{number}"} for number in range(4)))
    assert waiting.to_review() == 5
    monkeypatch.setattr(waiting._counting, "__defaults__", (3,))
    assert waiting.to_review() == 3


def test_open_suggestions_alone_are_listed_and_a_decided_sheet_leaves_the_list(shop: dict[str, FlaskClient]) -> None:
    listing = db.session.scalars(sa.select(Listing).where(Listing.sku == "LA-77")).one()
    assert [one["state"] for one in listing.keywords] == ["open"]
    assert listing.title in shop["editor"].get("/keywords").text
    refusal = {"version": listing.version, "term": listing.keywords[0]["term"], "decision": "refuse"}
    shop["editor"].post(f"/sheets/{listing.id}/keyword", data=refusal)
    assert listing.title not in shop["editor"].get("/keywords").text


def test_an_editor_s_home_names_what_to_begin_with_and_each_sheet_once(app: Flask) -> None:
    calm, disputed = make_sheets(selling_vendor(), 2)
    review.flag(disputed, dispute="L-1", quote="It is blue.")
    db.session.commit()
    page = login(app, make_user(Role.CONTENT_EDITOR, locale="en")).get("/").text
    assert "Sheets that buyers say are wrong" in page
    for sheet in (calm, disputed):
        assert page.count(f'href="/review/{sheet.id}"') == 1
        assert sheet.title in page


def test_the_home_page_of_each_role_asks_the_database_little(app: Flask, queries: list[str]) -> None:
    make_sheets(selling_vendor(), 12)
    for role in Role:
        browser = login(
            app, make_user(role, **({"vendor_id": selling_vendor().id} if role is Role.VENDOR_USER else {}))
        )
        browser.get("/")
        queries.clear()
        assert browser.get("/").status_code == 200
        assert len(queries) <= 20, role
