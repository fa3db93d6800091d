"""The catalogue's pages: each is drawn in both languages, asks the database little, and keeps strangers out."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import words
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import tree
from catalog import words as catalog_words
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Category, Import, ImportStatus, Listing, ProposalState
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

ROWS = 60
PAGES = [
    "/imports", "/imports/new", "/imports/{run}", "/imports/{run}/lines", "/imports/{run}/lines?outcome=error",
    "/sheets", "/sheets?status=published", "/sheets?q=modèle", "/sheets?import={run}", "/sheets/{sheet}", "/review",
    "/review?tab=mine", "/review?tab=automatic", "/review/{sheet}", "/duplicates", "/duplicates?tab=later",
    "/duplicates?tab=decided", "/products", "/products?q=cafetière", "/products/{product}",
    "/products/{product}/why?q=cafetière", "/categories", "/categories?q=maison", "/rules", "/keywords", "/index",
    "/index?check=1",
]  # fmt: skip


@pytest.fixture
def full(app: Flask) -> dict[str, int]:
    """A shop of two vendors with sixty sheets each, some in doubt, some in error, many alike."""
    for vendor in (selling_vendor(), selling_vendor()):
        rows = [
            {
                "sku": f"S{number}",
                "titre": f"CAFETIERE A CAPSULES MODELE {number:03d}",
                "description": "Compacte, 19 bars." + (" Contactez-nous au 06 12 34 56 78." if number % 3 else ""),
                "ean": "123" if number % 20 == 0 else "",
            }
            for number in range(ROWS)
        ]
        run = import_rows(vendor, *rows)
    sheet = listing_of(vendor, "S1")
    return {"run": run.id, "sheet": sheet.id, "product": sheet.product_id}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_page_is_drawn_and_asks_the_database_little(
    app: Flask, full: dict[str, int], queries: list[str], locale: str
) -> None:
    for role in (Role.ADMINISTRATOR, Role.CONTENT_EDITOR):
        browser = login(app, make_user(role, locale=locale))
        for page in PAGES:
            queries.clear()
            answer = browser.get(page.format(**full))
            if page.startswith("/index") and role == Role.CONTENT_EDITOR:
                assert answer.status_code == 403
                continue
            assert answer.status_code == 200, page
            assert len(queries) <= 20, (page, len(queries))
            assert not re.search(
                r"\b(to_review|changes_requested|awaiting_confirmation|pending)\b(?!['\"=&])", _seen(answer.text)
            ), page


def _seen(page: str) -> str:
    """Return the words of a page, without its tags."""
    return re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", page, flags=re.S)


def test_a_vendor_s_pages_hold_its_own_things_only(app: Flask, full: dict[str, int]) -> None:
    own = db.session.get_one(Listing, full["sheet"]).vendor_id
    browser = login(app, make_user(Role.VENDOR_USER, vendor_id=own))
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=selling_vendor().id))
    for page in ("/imports/{run}", "/imports/{run}/lines", "/imports/{run}/report", "/sheets/{sheet}"):
        assert browser.get(page.format(**full)).status_code == 200
        assert stranger.get(page.format(**full)).status_code == 404
    assert "No sheet yet" in stranger.get("/sheets").text
    assert "No file yet" in stranger.get("/imports").text
    assert len(_lines(stranger.get("/sheets.csv").data)) == 1
    others = next(iter(db.session.scalars(sa.select(Listing.vendor_id).where(Listing.vendor_id != own))))
    # A filter that is not theirs changes nothing.
    assert len(_lines(browser.get(f"/sheets.csv?vendor={others}").data)) == ROWS + 1


def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_export_holds_the_filtered_sheets_in_the_reader_s_words(app: Flask, full: dict[str, int]) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    head, *rows = _lines(browser.get("/sheets.csv?status=to_review").data)
    assert head[:3] == ["Identifier", "Title", "Brand"]
    assert {row[8] for row in rows} == {"to review"}
    shops = {*db.session.scalars(sa.select(Vendor.name).join(Listing).where(Listing.status == "to_review"))}
    assert (head[-1], {row[-1] for row in rows}) == ("Vendor", shops)


@pytest.mark.parametrize(("locale", "price"), [("fr", "1199,50"), ("en", "1199.50")])
def test_the_export_writes_numbers_as_the_reader_s_spreadsheet_reads_them(app: Flask, locale: str, price: str) -> None:
    import_rows(selling_vendor(), {"prix": "1199,50"})
    _head, row = _lines(login(app, make_user(Role.CONTENT_EDITOR, locale=locale)).get("/sheets.csv").data)
    assert row[5] == price
    assert {"." in cell for cell in (row[5], row[9], row[10])} == {locale == "en"}


def test_a_cell_that_a_spreadsheet_would_run_is_exported_as_text(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "@SUM(1)", "titre": '=HYPERLINK("http://x.example";"Cafetière")', "marque": "+Krups"})
    listing = db.session.scalars(sa.select(Listing)).one()
    listing.title, listing.brand = "=1+1", "-2+3"
    db.session.commit()
    _head, row = _lines(login(app, make_user(Role.CONTENT_EDITOR)).get("/sheets.csv").data)
    assert not any(cell[:1] in "=+-@\t" for cell in row if cell)


def test_html_in_every_field_is_shown_as_text(app: Flask) -> None:
    vendor = selling_vendor(name="<b>Vendor</b>")
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    names = ("sku", "titre", "description", "marque", "couleur", "matiere", "image")
    run = import_rows(vendor, {name: f"{evil}{name}" for name in names})
    listing = db.session.scalars(sa.select(Listing)).one()
    browser = login(app, make_user(Role.ADMINISTRATOR))
    for page in (
        "/sheets", f"/sheets/{listing.id}", f"/review/{listing.id}", f"/products/{listing.product_id}", "/keywords",
        f"/imports/{run.id}", f"/imports/{run.id}/lines", "/products", "/products?q=" + evil, "/sheets?q=" + evil,
    ):  # fmt: skip
        text = browser.get(page).text
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert "<b>Vendor" not in text, page


ADDRESSES = (
    "/sheets?status=x", "/sheets?vendor=x", "/sheets?vendor=99999999999999999999", "/sheets?import=²", "/sheets?q=%25_%00",
    "/sheets?after=zzz", "/sheets?category=%3Cb%3E", "/sheets?_external=1&endpoint=x&_anchor=y", "/review?tab=x",
    "/review?after=x", "/imports?status=x", "/duplicates?tab=x", "/categories?q=%00", "/sheets.csv?endpoint=x",
)  # fmt: skip
ABSENT = ("/sheets/999", "/review/999", "/imports/999", "/products/999", "/duplicates/999", "/categories?in=x")


def test_no_address_breaks_a_list(app: Flask) -> None:
    import_rows(selling_vendor())
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    answers = {address: browser.get(address).status_code for address in ADDRESSES}
    assert set(answers.values()) == {200}, answers


def test_what_does_not_exist_is_not_found(app: Flask) -> None:
    browser = login(app, make_user(Role.ADMINISTRATOR))
    answers = {address: browser.get(address).status_code for address in ABSENT}
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("states", [*(type(next(iter(table))) for table in catalog_words.STATES), Action])
def test_every_state_has_words_of_its_own(states: type) -> None:
    assert words.missing(states) == []


def test_states_of_one_name_keep_their_own_words(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert words.label(ListingStatus.PENDING) == "accepted, not yet shown"
        assert words.label(ProposalState.PENDING) == "to decide"
        assert words.label(ListingStatus.REJECTED) == "rejected"
        assert words.tone(ListingStatus.REJECTED) == "blocked"


def _category_form(content: bytes, **more: str) -> dict[str, object]:
    return {"file": (io.BytesIO(content), "tree.csv"), "locale": "fr", **more}


def test_a_category_tree_is_loaded_and_browsed(app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    tree = b"id,parent,label_fr,label_en\n1,,Maison,Home\n2,1,Lampes,Lamps\n"
    assert browser.post("/categories", data=_category_form(tree)).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Category)) == 2
    page = browser.get("/categories?in=1").text
    assert "Lamps" in page
    assert "Lampes" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,parent,label_fr,label_en\n2,9,Lampes,Lamps\n", "line 2"),
        (b"\xff\xfe\x00nonsense", "not UTF-8"),
        (b"x" * 5_000_001, "too large"),
        (b"", "Choose a file"),
    ],
)
def test_a_faulty_tree_is_refused_at_its_field_and_changes_nothing(app: Flask, content: bytes, words: str) -> None:
    form = _category_form(content) if content else {"locale": "fr"}
    answer = login(app, make_user(Role.CONTENT_EDITOR)).post("/categories", data=form)
    assert answer.status_code == 422
    assert words.lower() in answer.text.lower()
    assert "field-error" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Category)) == 0


def test_the_index_page_compares_and_mends(app: Flask, full: dict[str, int]) -> None:
    browser = login(app, make_user(Role.ADMINISTRATOR))
    assert "Compare with the database" in browser.get("/index").text
    assert "Missing" in browser.get("/index?check=1").text
    assert browser.post("/index/mend").status_code == 302


def test_the_sheet_says_where_it_came_from(app: Flask, client: FlaskClient) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor)
    page = login(app, make_user(Role.CONTENT_EDITOR)).get(f"/sheets/{listing_of(vendor).id}").text
    assert f"line 2 of import {run.id}" in page
    assert f'href="/imports/{run.id}"' in page


def test_a_price_is_written_as_the_reader_writes_it_and_is_no_modification(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    page = login(app, make_user(Role.CONTENT_EDITOR, locale="fr")).get(f"/sheets/{listing_of(vendor).id}").text
    row = page.partition("89,90 €")[2].partition("</tr>")[0]
    assert "89,90\u00a0€" in row
    assert "verdict" not in row


def test_imports_can_be_narrowed_by_state(app: Flask) -> None:
    import_rows(selling_vendor())
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    assert "sheets.csv" in browser.get("/imports?status=done").text
    assert "No file yet" in browser.get("/imports?status=refused").text
    assert db.session.scalars(sa.select(Import.status)).all() == [ImportStatus.DONE]


def test_a_sheet_that_only_files_touched_says_which_and_when(app: Flask) -> None:
    vendor = selling_vendor(name="Brûlerie du Port")
    seller = make_user(Role.VENDOR_USER, vendor_id=vendor.id, name="Vera Neuve", locale="en")
    import_rows(vendor, {"tva": "20 %"}, by=seller)
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    page = browser.get(f"/sheets/{listing_of(vendor).id}").text
    assert re.search(r"<strong>Vera Neuve</strong>\s*sent it in “sheets.csv”, line 2", page)
    assert "sent it for the first time" not in page
    assert re.search(r">\s*20%\s*<", page)
    assert "20.0" not in page
    import_rows(vendor, {"stock": "3", "tva": "5,5"}, by=seller)
    page = browser.get(f"/sheets/{listing_of(vendor).id}").text
    assert "sent it for the first time" in page
    assert re.search(r">\s*5.5%\s*<", page)


def test_addresses_are_followed_and_never_run(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"image": "https://img.example/caf-1.jpg"}, {"sku": "B", "image": "javascript:alert(1)"})
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    assert 'href="https://img.example/caf-1.jpg"' in browser.get(f"/sheets/{listing_of(vendor).id}").text
    assert 'href="javascript' not in browser.get(f"/sheets/{listing_of(vendor, 'B').id}").text


def test_a_category_s_list_holds_the_sheets_of_those_below_it(app: Flask) -> None:
    vendor = selling_vendor()
    kitchen = "Maison et jardin > Cuisine et table > Cafetières et machines à café"
    import_rows(vendor, {"categorie": kitchen}, {"sku": "B", "categorie": "", "titre": "Zzz", "description": ""})
    listing = listing_of(vendor)
    assert listing.category is not None
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="fr"))
    top = tree.current().taxonomy.ancestors(listing.category)[0]
    below = browser.get(f"/sheets?category={top.id}").text
    assert listing.title in below
    assert "Zzz" not in below
