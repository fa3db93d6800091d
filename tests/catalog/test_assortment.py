"""The assortment: its reports, the published catalogue in three formats and two languages, and acts planned for a date."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from backoffice import clock, jobs
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import VendorStatus
from catalog import publishing
from catalog.assortment import merchant, published, reports, schedule
from catalog.assortment.merchant import FORMATS, Shop
from catalog.assortment.models import OddOffer, PlannedAct
from catalog.assortment.prices import odd_among_variants, odd_prices
from catalog.intake import open_table
from catalog.lifecycle import Action, ListingStatus
from catalog.mapping import propose_mapping
from catalog.models import Listing, Product
from catalog.taxonomy import Category, Taxonomy
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")
SHOP = Shop("Comptoir & Fils", "https://shop.example", "fr")


def _editor() -> User:
    return make_user(Role.CONTENT_EDITOR)


def _titles(name: str) -> list[str]:
    return [line.title for line in reports.REPORTS[name].every()]


# ---- odd prices -----------------------------------------------------------------------------------------------------


def test_the_price_that_stands_apart_is_told_and_the_others_are_not() -> None:
    assert [odd.place for odd in odd_prices([1999, 2090, 1950, 199])] == [3]
    assert [odd.place for odd in odd_prices([1000, 1010, 990, 5000])] == [3]
    assert odd_prices([1000, 1200, 900]) == []


def test_of_two_prices_nobody_can_say_which_is_odd_and_a_cent_is_never_odd() -> None:
    assert odd_prices([1000, 9000]) == []
    assert odd_prices([1000, 1000, 1000, 1001]) == []


def test_a_variant_is_compared_with_its_own_kind_only() -> None:
    sizes = ["small", "small", "small", "small", "small", "large", "large", "large"]
    prices = [6900, 7000, 7038, 7038, 7038, 8792, 8792, 17_600]
    assert odd_prices(prices[:7])[0].place == 5
    (odd,) = odd_among_variants(prices, lambda one, other: sizes[one] == sizes[other])
    assert (odd.place, odd.median, odd.offers) == (7, 8792, 3)


@given(st.lists(st.integers(1, 10**9), min_size=3, max_size=30), st.integers(2, 50))
def test_the_currency_s_unit_changes_nothing(prices: list[int], factor: int) -> None:
    told = {odd.place for odd in odd_prices(prices) if abs(abs(odd.score) - 3.5) > 0.02}
    scaled = {odd.place for odd in odd_prices([price * factor for price in prices]) if abs(abs(odd.score) - 3.5) > 0.02}
    assert told == scaled


# ---- reports --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sold(app: Flask) -> list[Listing]:
    """Two sheets of one vendor, shown for two months: one ordered of late, one never."""
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "CAF-1"}, {"sku": "CAF-2", "titre": "Théière en fonte émaillée", "stock": "0"})
    make_order(vendor=vendor, lines=[{"sku": "CAF-1", "quantity": 3, "amount_minor": 26_970}])
    found = [listing_of(vendor, "CAF-1"), listing_of(vendor, "CAF-2")]
    for one in found:
        one.created_at = now() - timedelta(days=60)
    db.session.commit()
    return found


def test_what_sells_what_never_did_and_what_nobody_has(app: Flask, sold: list[Listing]) -> None:
    with app.test_request_context():
        assert _titles("best-sellers") == [sold[0].title]
        assert _titles("never-sold") == [sold[1].title]
        assert _titles("out-of-stock") == [sold[1].title]
        (line,) = reports.REPORTS["never-sold"].every()
        assert line.cells[-1].endswith("%")
        assert _titles("without-offer") == []


def test_a_page_whose_last_sheet_was_withdrawn_is_without_an_offer(app: Flask, sold: list[Listing]) -> None:
    publishing.move(sold[1], Action.WITHDRAW, by=_editor(), reason="no longer made")
    publishing.refresh([sold[1].product_id])
    db.session.commit()
    with app.test_request_context():
        assert _titles("without-offer") == [sold[1].product.title]


def test_odd_offers_are_found_by_night_and_gone_once_mended(app: Flask) -> None:
    sheets = []
    for price in ("89,90 €", "92,00 €", "8,99 €"):
        vendor = selling_vendor()
        import_rows(vendor, {"prix": price})
        sheets.append(listing_of(vendor, "CAF-1"))
    page = sheets[0].product_id
    for one in sheets:
        one.product_id = page
    db.session.commit()
    reports.check_prices()
    assert [one.listing_id for one in db.session.query(OddOffer)] == [sheets[2].id]
    with app.test_request_context():
        assert [line.cells[-1] for line in reports.REPORTS["odd-prices"].every()] == [3]
    # On a page of variants another size is no peer: two offers of a size tell nothing of each other.
    for one, size in zip(sheets, ("S", "S", "L"), strict=True):
        one.group_key, one.values = "G-1", {**one.values, "size": size}
    reports.check_prices()
    assert db.session.query(OddOffer).count() == 0
    for one in sheets:
        one.group_key = None
    reports.check_prices()
    assert db.session.query(OddOffer).count() == 1
    sheets[2].price_minor = 9_100
    db.session.commit()
    with app.test_request_context():
        assert list(reports.REPORTS["odd-prices"].every()) == []
    reports.check_prices()
    assert db.session.query(OddOffer).count() == 0


# ---- the published catalogue ----------------------------------------------------------------------------------------


def _written(extension: str, locale: str = "fr") -> str:
    return "".join(FORMATS[extension].write(published.items(locale), SHOP))


def test_the_three_formats_say_the_same_and_are_read_back_without_a_setting(app: Flask, tmp_path: Path) -> None:
    import_rows(selling_vendor(), {"titre": "Cafetière <Krups> & filtre", "couleur": "noire", "poids": "1,5 kg"})
    db.session.commit()
    titles = []
    for extension in FORMATS:
        file = tmp_path / f"out.{extension}"
        file.write_text(_written(extension), encoding="utf-8")
        table = open_table(file)
        columns = propose_mapping(table.headers, list(islice(table.rows(), 20)))
        named = {column.attribute: column.header for column in columns if column.attribute}
        assert {"title", "price", "brand", "image_link", "availability"} <= set(named), extension
        titles.append(next(iter(table.rows())).cells[named["title"]])
    assert len(set(titles)) == 1
    root = etree.fromstring(_written("xml").encode())
    space = {"g": "http://base.google.com/ns/1.0"}
    assert root.xpath("//g:price/text()", namespaces=space) == ["89.90 EUR"]
    assert root.xpath("//g:availability/text()", namespaces=space) == ["in_stock"]


def test_values_are_said_in_the_language_asked_for(app: Flask) -> None:
    import_rows(selling_vendor(), {"couleur": "noire"})
    db.session.commit()
    said = {locale: json.loads(_written("jsonl", locale))["color"] for locale in ("fr", "en")}
    assert said == {"fr": ["noir"], "en": ["black"]}


def test_google_s_number_comes_from_the_marketplace_s_own_tree_where_that_is_google_s(app: Flask) -> None:
    import_rows(selling_vendor(), {"categorie": "604"})
    db.session.commit()
    product = db.session.query(Product).one()
    for code, number in (("604", "604"), ("c001", "1"), (None, None)):
        product.category = code
        db.session.commit()
        assert json.loads(_written("jsonl")).get("google_product_category") == number


def test_a_finer_number_of_the_vendor_s_is_kept_and_one_that_an_editor_corrected_is_not() -> None:
    own, taxonomy = Product(category="604"), Taxonomy.builtin()
    assert published._google(own, {"google_product_category": "999999"}, taxonomy) == "999999"
    assert published._google(own, {"google_product_category": "1"}, taxonomy) == "604"
    assert published._google(Product(), {"google_product_category": "1"}, taxonomy) == "1"


def test_a_tree_with_numbers_of_its_own_is_not_taken_for_google_s() -> None:
    assert merchant.speaks_google(Taxonomy.builtin())
    for numbers in (range(1, 12), (1, 8, 111)):
        assert not merchant.speaks_google(Taxonomy.of([Category(str(one), None, {"fr": "x"}) for one in numbers]))


def test_what_google_refuses_is_said_product_by_product(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "STOREFRONT_PRODUCT_URL", "https://shop.example/p/{id}")
    import_rows(
        selling_vendor(), {"sku": "A"}, {"sku": "B", "titre": "Théière en fonte", "description": "", "image": ""}
    )
    db.session.commit()
    browser = login(app, make_user(Role.ACCOUNT_MANAGER))
    lines = csv.reader(io.StringIO(browser.get("/assortment/refused-by-google.csv?locale=fr").text), delimiter=";")
    _head, (_id, title, _vendor, why) = lines
    assert (title, why) == ("Théière en fonte", "lacks: Description, Image")
    english = browser.get("/assortment/refused-by-google.csv?locale=en").text
    assert english.count("is not written in the language of the file") == 2
    assert "refused-by-google.csv?locale=en" in browser.get("/assortment/").text


def test_texts_longer_than_partners_take_end_after_a_word(app: Flask) -> None:
    long = " ".join(f"Cafetière {number} en verre et inox" for number in range(8))
    import_rows(selling_vendor(), {"titre": long})
    db.session.commit()
    title = json.loads(_written("jsonl"))["title"]
    assert len(title) <= published.LONGEST_TITLE
    assert title.endswith(" inox…")
    assert published._within("x" * 200, 150) == "x" * 149 + "…"


def test_only_what_is_published_goes_out(app: Flask) -> None:
    import_rows(make_vendor(status=VendorStatus.ONBOARDING))
    db.session.commit()
    assert _written("jsonl") == ""
    assert etree.fromstring(_written("xml").encode()).findall(".//item") == []


def test_a_cell_that_a_spreadsheet_would_run_goes_out_harmless() -> None:
    lines = list(FORMATS["csv"].write([{"id": "1", "title": '=HYPERLINK("http://x")'}], SHOP))
    assert next(csv.DictReader(io.StringIO("".join(lines).removeprefix("\ufeff"))))["title"].startswith("'=")


@given(st.text())
def test_any_text_makes_sound_xml(text: str) -> None:
    written = "".join(FORMATS["xml"].write([{"id": "1", "title": text, "additional_image_link": [text]}], SHOP))
    etree.fromstring(written.encode())


def test_more_products_than_a_batch_all_go_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "BATCH", 2)
    vendor = selling_vendor()
    import_rows(vendor, *({"sku": f"S-{number}", "titre": f"Théière en fonte {number}"} for number in range(5)))
    db.session.commit()
    assert len({item["id"] for item in published.items("fr")}) == 5
    assert set(next(iter(published.items("fr")))) <= set(merchant.ATTRIBUTES)


# ---- plans ----------------------------------------------------------------------------------------------------------


def test_a_sheet_is_withdrawn_when_its_time_comes_and_shown_again_later(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    listing, editor, start = listing_of(vendor, "CAF-1"), _editor(), now()
    schedule.plan(listing, Action.WITHDRAW, start + timedelta(hours=1), by=editor)
    schedule.plan(listing, Action.RESTORE, start + timedelta(hours=2), by=editor)
    db.session.commit()
    schedule.keep_plans()
    assert listing.status == ListingStatus.PUBLISHED
    with clock.frozen(start + timedelta(minutes=61)):
        schedule.keep_plans()
    assert listing.status == ListingStatus.WITHDRAWN
    assert not listing.product.published
    with clock.frozen(start + timedelta(minutes=121)):
        schedule.keep_plans()
    assert listing.status == ListingStatus.PUBLISHED
    assert schedule.plans_of(listing) == []


def test_a_plan_that_is_no_longer_possible_says_why_and_alters_nothing(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    listing, start = listing_of(vendor, "CAF-1"), now()
    planned = schedule.plan(listing, Action.RESTORE, start + timedelta(hours=1), by=_editor())
    db.session.commit()
    with clock.frozen(start + timedelta(hours=2)):
        schedule.keep_plans()
        schedule.keep_plans()
    assert listing.status == ListingStatus.PUBLISHED
    assert planned.done_at is not None
    assert planned.refusal


def test_a_plan_for_the_past_or_of_another_act_is_refused_and_one_carried_out_stays(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    listing, editor = listing_of(vendor, "CAF-1"), _editor()
    with app.test_request_context():
        with pytest.raises(Invalid):
            schedule.plan(listing, Action.WITHDRAW, now() - timedelta(hours=1), by=editor)
        with pytest.raises(Invalid):
            schedule.plan(listing, Action.ACCEPT, now() + timedelta(hours=1), by=editor)
        planned = schedule.plan(listing, Action.WITHDRAW, now() + timedelta(hours=1), by=editor)
        planned.done_at = now()
        with pytest.raises(IllegalMove):
            schedule.cancel(planned, by=editor)


# ---- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(reports.REPORTS))
def test_every_report_has_its_page_and_its_file(app: Flask, sold: list[Listing], name: str) -> None:
    browser = login(app, make_user(Role.ACCOUNT_MANAGER))
    assert browser.get(f"/assortment/{name}").status_code == 200
    answer = browser.get(f"/assortment/{name}.csv")
    assert answer.status_code == 200
    assert answer.data.decode().startswith("\ufeff")


def test_on_a_phone_a_report_s_figures_stand_before_the_vendor_s_name(app: Flask, sold: list[Listing]) -> None:
    browser = login(app, make_user(Role.ACCOUNT_MANAGER))
    assert re.search(r'<table class="grid[^"]* hide-phone-2[ "]', browser.get("/assortment/best-sellers").text)
    assert not re.search(r'<table class="grid[^"]* hide-phone', browser.get("/assortment/never-sold").text)


def test_an_editor_plans_on_the_sheet_s_page_and_takes_it_back(app: Flask, sold: list[Listing]) -> None:
    browser = login(app, _editor())
    address = f"/sheets/{sold[0].id}"
    moment = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    browser.post(f"/assortment{address}/plans", data={"action": "withdraw", "due_at": moment})
    planned = db.session.query(PlannedAct).one()
    assert "cancel" in browser.get(address).text
    browser.post(f"/assortment/plans/{planned.id}/cancel")
    assert db.session.query(PlannedAct).count() == 0
    jobs.drain()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2020-01-31T08:00", "Give a time to come, within two years."), ("tomorrow", "Choose a day and an hour.")],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field_with_what_was_typed(
    app: Flask, sold: list[Listing], typed: str, said: str
) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    address = f"/assortment/sheets/{sold[0].id}/plans"
    answer = browser.post(address, data={"action": "restore", "due_at": typed})
    assert answer.status_code == 422
    assert db.session.query(PlannedAct).count() == 0
    field = answer.text.split('id="plan-due-error"', 1)[1].split("</div>", 1)[0]
    assert said in field
    assert f'value="{typed}"' in field
    assert '<option value="restore" selected>' in answer.text
