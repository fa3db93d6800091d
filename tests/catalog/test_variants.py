"""Variants: which sheets are, what they are called together, what tells them apart. Then: one page, one hit, one offer each."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import judgements, linking, options
from catalog.assortment import published
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product, Proposal
from catalog.search import sync
from catalog.search.queries import Query
from catalog.sheets import Decision
from catalog.variants import Named, differ, distinguishing, key_of, kin, shared_title
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_bytes, import_rows, listing_of, selling_vendor

# Files of a few lines: starting the child that reads them would take longer than all the rest.
pytestmark = pytest.mark.usefixtures("quick_reading")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("T-shirt coton bio rouge M", "T-shirt coton bio bleu L", True),
        ("Mug Émaillé Loup", "Mug Émaillé Loup", True),
        ("Sweat à capuche - Bleu / XL", "Sweat à capuche - Rouge / S", True),
        ("Perceuse sans fil 18 V", "Nappe en lin lavé", False),
        ("Chaise", "Table", False),
        ("Rouge M", "Bleu L", False),
    ],
)
def test_sheets_of_one_group_are_kin_by_their_titles(left: str, right: str, expected: bool) -> None:
    assert kin(Named(left, None), Named(right, "Atelier")) is expected


def test_sheets_of_two_brands_are_no_variants() -> None:
    assert not kin(Named("Mug Loup", "Atelier"), Named("Mug Loup", "Fabrique"))
    assert kin(Named("Mug Loup", "Atelier"), Named("Mug Loup", "ATELIER"))


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["T-shirt coton bio rouge taille M", "T-shirt coton bio bleu taille L"], "T-shirt coton bio"),
        (["Mug émaillé, rouge", "Mug émaillé, bleu"], "Mug émaillé"),
        (["Sweat à capuche - Bleu / XL", "Sweat à capuche - Rouge / S"], "Sweat à capuche"),
        (["Drap housse 140 x 190 cm", "Drap housse 160 x 200 cm"], "Drap housse"),
        (["Chaise rouge", "Chaise bleue"], "Chaise"),
        (["Rouge M", "Bleu L"], "Rouge M"),
        (["Le même titre", "Le même titre"], "Le même titre"),
        (["Seule sur sa page"], "Seule sur sa page"),
    ],
)
def test_a_page_is_called_by_what_its_variants_all_say(titles: list[str], expected: str) -> None:
    assert shared_title(titles) == expected


def _sheet(**values: Any) -> dict[str, Any]:
    return values


def _measure(value: float, unit: str = "L") -> dict[str, Any]:
    return {"value": value, "unit": unit, "raw": f"{value} {unit}"}


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ([_sheet(color=["rouge"], size="M"), _sheet(color=["bleu"], size="M")], ["color"]),
        ([_sheet(color=["rouge"], size="M"), _sheet(color=["bleu"], size="L")], ["color", "size"]),
        ([_sheet(capacity=_measure(1)), _sheet(capacity=_measure(1.5))], ["capacity"]),
        ([_sheet(size="M", weight=_measure(1, "g")), _sheet(size="L", weight=_measure(2, "g"))], ["size"]),
        ([_sheet(length=_measure(10, "cm")), _sheet(length=_measure(20, "cm"))], ["length"]),
        ([_sheet(color=["rouge"]), _sheet()], []),
        ([_sheet(color=["Rouge"]), _sheet(color=["rouge"])], []),
        ([], []),
    ],
)
def test_what_distinguishes_variants_is_what_their_sheets_differ_in(sheets: list[Any], expected: list[str]) -> None:
    assert distinguishing(sheets) == expected


def test_sheets_differ_where_both_state_an_option_and_not_the_same() -> None:
    assert differ(_sheet(color=["rouge"]), _sheet(color=["bleu"]))
    assert not differ(_sheet(color=["rouge"]), _sheet(size="M"))
    assert not differ(_sheet(weight=_measure(1, "g")), _sheet(weight=_measure(2, "g")))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"item_group_id": " G1 ", "parent_id": "P"}, "G1"),
        ({"parent_id": "P"}, "P"),
        ({"item_group_id": "", "parent_id": None}, None),
        ({}, None),
    ],
)
def test_a_group_is_what_the_sheet_names_else_its_parent(values: dict[str, Any], expected: str | None) -> None:
    assert key_of(values) == expected
    long = key_of({"item_group_id": "x" * 300})
    assert long is not None
    assert len(long) < 60


SHIRT = {"titre": "T-shirt coton bio Atelier", "marque": "Atelier", "ean": "", "item_group_id": "TS"}


def _shirts(*pairs: tuple[str, str], **more: str) -> list[dict[str, str]]:
    return [
        {
            **SHIRT, "sku": f"TS-{colour}-{size}", "titre": f"T-shirt coton bio Atelier {colour} taille {size}",
            "description": f"T-shirt en coton biologique de couleur {colour}, coupe droite, lavable en machine.",
            "couleur": colour, "taille": size, "prix": "19,90 €", **more,
        }
        for colour, size in pairs
    ]  # fmt: skip


RED_BLUE = (("rouge", "M"), ("rouge", "L"), ("bleu", "M"))


def _pages(vendor: Vendor) -> list[int]:
    db.session.expire_all()
    query = sa.select(Listing.product_id).where(Listing.vendor_id == vendor.id).distinct()
    return list(db.session.scalars(query.order_by(Listing.product_id)))


def test_variants_share_a_page_with_their_options_and_are_one_hit(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor, *_shirts(*RED_BLUE))
    assert run.lines_created == 3
    (page,) = _pages(vendor)
    product = db.session.get_one(Product, page)
    assert (product.title, product.published) == ("T-shirt coton bio Atelier", True)
    found = sync.engine().search(Query("t-shirt coton atelier"))
    assert [(hit.id, hit.offers) for hit in found.hits] == [(page, 3)]
    assert [hit.id for hit in sync.engine().search(Query("t-shirt bleu")).hits] == [page]
    shown = login(app, make_user(Role.CONTENT_EDITOR, locale="fr")).get(f"/products/{page}").text
    assert "rouge · L" in shown
    assert "bleu, rouge" in shown or "rouge, bleu" in shown


def test_each_variant_goes_out_as_an_item_of_its_own_joined_by_the_page(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *_shirts(*RED_BLUE), *_shirts(("noir", "S"), item_group_id=""))
    (page, alone) = _pages(vendor)
    said = {item["id"]: item for item in published.items("fr")}
    assert set(said) == {f"{page}-rouge-m", f"{page}-rouge-l", f"{page}-bleu-m", str(alone)}
    assert [said[f"{page}-{words}"]["size"] for words in ("rouge-m", "rouge-l")] == ["M", "L"]
    assert {item.get("item_group_id") for item in said.values()} == {str(page), None}


def test_offers_stand_in_the_order_in_which_the_vendor_names_its_sizes(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *_shirts(("rouge", "S"), ("rouge", "M"), ("rouge", "L")))
    (page,) = _pages(vendor)
    choice = options.of_page(db.session.get_one(Product, page).listings, "fr")
    assert [choice.words[one.id] for one in choice.offers] == ["S", "M", "L"]


def test_variants_of_later_chunks_and_files_come_to_the_same_page(app: Flask) -> None:
    vendor = selling_vendor()
    app.config["CHUNK_ROWS"] = 2
    try:
        import_rows(vendor, *_shirts(*RED_BLUE))
    finally:
        app.config["CHUNK_ROWS"] = 500
    import_rows(vendor, *_shirts(("vert", "S")))
    (page,) = _pages(vendor)
    assert [hit.offers for hit in sync.engine().search(Query("t-shirt vert")).hits] == [4]
    assert db.session.scalar(sa.select(sa.func.count(Product.id))) == 1
    assert page


def test_sheets_without_a_group_keep_pages_of_their_own(app: Flask) -> None:
    vendor = selling_vendor()
    rows = _shirts(*RED_BLUE, item_group_id="")
    import_rows(vendor, *rows)
    assert len(_pages(vendor)) == 3


def test_a_group_that_joins_what_is_no_kin_is_not_believed(app: Flask) -> None:
    vendor = selling_vendor()
    rows = [
        {**SHIRT, "sku": "A", "titre": "Perceuse sans fil 18 V Atelier"},
        {**SHIRT, "sku": "B", "titre": "Nappe en lin lavé blanche"},
        {**SHIRT, "sku": "C", "titre": "Perceuse sans fil 12 V Atelier"},
    ]
    import_rows(vendor, *rows)
    assert len(_pages(vendor)) == 2
    assert listing_of(vendor, "A").product_id == listing_of(vendor, "C").product_id


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0)])
@pytest.mark.parametrize("size", [500, 1])
def test_a_parent_stands_on_the_page_of_its_variants_and_is_no_offer(
    app: Flask, order: tuple[int, ...], size: int
) -> None:
    vendor = selling_vendor()
    head = "sku;parent_sku;titre;marque;couleur;prix"
    lines = [
        "P;;Mug émaillé Loup;Atelier;;",
        "P-1;P;Mug émaillé Loup rouge;Atelier;rouge;12,00 €",
        "P-2;P;Mug émaillé Loup bleu;Atelier;bleu;12,00 €",
    ]
    app.config["CHUNK_ROWS"] = size
    try:
        import_bytes(vendor, "\n".join([head, *(lines[at] for at in order)]).encode())
    finally:
        app.config["CHUNK_ROWS"] = 500
    (page,) = _pages(vendor)
    assert listing_of(vendor, "P").group_key == "P"
    shown = login(app, make_user(Role.CONTENT_EDITOR, locale="en")).get(f"/products/{page}").text
    assert shown.count(vendor.name + "</a>") == 2
    assert [hit.offers for hit in sync.engine().search(Query("mug émaillé loup")).hits] == [2]


def test_a_sheet_that_names_a_group_later_joins_it_and_its_old_page_forwards(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *_shirts(*RED_BLUE, item_group_id=""))
    before = _pages(vendor)
    import_rows(vendor, *_shirts(*RED_BLUE))
    (page,) = _pages(vendor)
    forwards = db.session.scalars(sa.select(Product.merged_into_id).where(Product.id.in_(before), Product.id != page))
    assert list(forwards) == [page, page]
    assert sync.engine().search(Query("t-shirt coton")).total == 1


def test_a_sheet_that_leaves_its_group_gets_a_page_of_its_own(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *_shirts(*RED_BLUE))
    import_rows(vendor, *_shirts(("bleu", "M"), item_group_id="OTHER"))
    assert len(_pages(vendor)) == 2
    import_rows(vendor, *_shirts(("bleu", "M")))
    assert len(_pages(vendor)) == 1


def test_variants_are_not_proposed_as_duplicates_of_each_other(app: Flask) -> None:
    import_rows(selling_vendor(), {"sku": "X", "titre": "Bouilloire"})
    import_rows(selling_vendor(), *_shirts(*RED_BLUE))
    assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == 0


def test_two_vendors_variants_meet_on_one_page_by_their_barcodes(app: Flask) -> None:
    codes = {("rouge", "M"): "3045386381456", ("bleu", "M"): "4006381333931"}
    rows = [{**row, "ean": code} for (pair, code) in codes.items() for row in _shirts(pair)]
    grouped, single = selling_vendor(), selling_vendor()
    import_rows(grouped, *rows)
    import_rows(single, *({**row, "item_group_id": ""} for row in rows))
    assert _pages(grouped) == _pages(single)
    (page,) = _pages(grouped)
    assert [hit.offers for hit in sync.engine().search(Query("t-shirt coton")).hits] == [4]
    shown = login(app, make_user(Role.CONTENT_EDITOR, locale="en")).get(f"/products/{page}").text
    assert not any(code in shown for code in codes.values()), "the barcode of one variant is not the page's"


@pytest.fixture
def unlinked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is merged by the software: the tests decide."""
    monkeypatch.setattr(linking, "proposals_for", lambda batch: [])


def _pair(left: Listing, right: Listing) -> Proposal:
    sides = sorted((left, right), key=lambda one: one.id)
    found = Proposal(left=sides[0], right=sides[1], score=0.6, decision=Decision.UNSURE, route="pair", evidence=[])
    db.session.add(found)
    db.session.flush()
    return found


@pytest.mark.usefixtures("unlinked")
def test_a_vendor_has_one_offer_for_each_variant_and_no_more(app: Flask) -> None:
    grouped, single = selling_vendor(), selling_vendor()
    import_rows(grouped, *_shirts(*RED_BLUE))
    other = {**_shirts(("bleu", "M"), item_group_id="")[0], "titre": "Sous-vêtement technique bleu"}
    import_rows(single, {**other, "sku": "B1"}, {**other, "sku": "B2", "prix": "25,00 €"})
    red = {**other, "sku": "R1", "couleur": "rouge", "titre": "Sous-vêtement technique rouge"}
    import_rows(single, red)
    blue = listing_of(grouped, "TS-bleu-M")
    judgements.decide(_pair(blue, listing_of(single, "B1")), Decision.SAME, by=None)
    judgements.decide(_pair(listing_of(grouped, "TS-rouge-M"), listing_of(single, "R1")), Decision.SAME, by=None)
    with pytest.raises(Conflict):
        judgements.decide(_pair(listing_of(grouped, "TS-bleu-M"), listing_of(single, "B2")), Decision.SAME, by=None)


@pytest.mark.usefixtures("unlinked")
def test_variants_judged_different_may_still_share_a_page(app: Flask) -> None:
    grouped, single = selling_vendor(), selling_vendor()
    import_rows(grouped, *_shirts(*RED_BLUE))
    import_rows(single, {**_shirts(("bleu", "M"), item_group_id="")[0], "sku": "B1", "titre": "Maillot technique bleu"})
    mine = listing_of(single, "B1")
    judgements.decide(_pair(listing_of(grouped, "TS-rouge-M"), mine), Decision.DIFFERENT, by=None)
    judgements.decide(_pair(listing_of(grouped, "TS-bleu-M"), listing_of(single, "B1")), Decision.SAME, by=None)
    assert _pages(grouped) == _pages(single)


@pytest.mark.usefixtures("unlinked")
def test_an_unmerged_group_goes_back_whole_with_what_came_since(app: Flask) -> None:
    grouped, single = selling_vendor(), selling_vendor()
    import_rows(single, {**_shirts(("bleu", "M"), item_group_id="")[0], "sku": "B1", "titre": "Maillot technique bleu"})
    import_rows(grouped, *_shirts(*RED_BLUE))
    own = _pages(grouped)
    judgement = judgements.decide(
        _pair(listing_of(grouped, "TS-bleu-M"), listing_of(single, "B1")), Decision.SAME, by=None
    )
    db.session.commit()
    import_rows(grouped, *_shirts(("vert", "S")))
    assert _pages(grouped) == _pages(single)
    judgements.undo(judgement, by=None)
    db.session.commit()
    jobs.drain()
    assert _pages(grouped) == own
    assert _pages(single) != own
    assert listing_of(grouped, "TS-vert-S").status == ListingStatus.PUBLISHED


def test_the_same_file_of_variants_sent_again_changes_nothing(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, *_shirts(*RED_BLUE))
    version = db.session.get_one(Product, _pages(vendor)[0]).version
    run = import_rows(vendor, *_shirts(*RED_BLUE))
    assert (run.lines_unchanged, db.session.get_one(Product, _pages(vendor)[0]).version) == (3, version)


def test_two_variants_with_long_names_have_numbers_of_their_own() -> None:
    page = Product(id=12, title="Rideau")
    numbers = {published._member(page, f"{'tres-long-' * 6}{end}")["id"] for end in ("gauche", "droite")}
    assert len(numbers) == 2
    assert all(len(number) <= published.LONGEST_ID for number in numbers)
