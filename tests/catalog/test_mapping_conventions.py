"""Files of shop systems, marketplaces and price comparers whose headers mean what they mean nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from catalog.mapping import map_headers, propose_mapping
from catalog.mapping.conventions import CONVENTIONS

NAMES = [f"Lampe de bureau articulée n° {number}" for number in range(12)]
TEXTS = [f"Un texte assez long pour décrire l’article n° {number}, avec ce qu’il a de bien." for number in range(12)]
CODES = [f"KX-{number}" for number in range(100, 112)]
NUMBERS = [str(number) for number in range(40, 52)]
PRICES = [f"{number}.90" for number in range(10, 22)]
IMAGES = [f"https://shop.example/media/{number}.jpg" for number in range(12)]
SMALL = [f"https://shop.example/media/small-{number}.jpg" for number in range(12)]
COLOURS = ["noir", "blanc", "rouge"] * 4
HEX = [f"0189f2a7c0d57bcd91a8f0e1d2c3b4{number}" for number in range(10, 22)]
PATHS = ["Maison > Lampes", "Maison > Chaises", "Jardin > Tables"] * 4
ONE, NO, YES = ["1"] * 12, ["no"] * 12, ["TRUE"] * 12


def _read(columns: dict[str, Sequence[str]]) -> dict[str, str]:
    found = propose_mapping(list(columns), {header: list(values) for header, values in columns.items()})
    return {column.header: column.attribute for column in found if column.attribute}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"Id": NUMBERS, "Réf.": CODES, "Libellé": NAMES, "Prix de vente TTC": PRICES, "Prix de vente HT": PRICES,
             "En vente": ONE, "Stock physique": NUMBERS},
            {"Réf.": "id", "Libellé": "title", "Prix de vente TTC": "price", "Stock physique": "stock"},
        ),
        (
            {"id": HEX, "productNumber": CODES, "name": NAMES, "price.DEFAULT.net": PRICES,
             "price.DEFAULT.gross": PRICES, "shippingFree": ["0", "1"] * 6, "manufacturerNumber": CODES},
            {"productNumber": "id", "name": "title", "price.DEFAULT.gross": "price", "manufacturerNumber": "mpn"},
        ),
        (
            {"product_id": NUMBERS, "name": NAMES, "sku": CODES, "model": CODES, "shipping": NO, "tax_class_id": ONE,
             "stock_status_id": ONE, "points": ONE, "minimum": ONE, "price": PRICES},
            {"sku": "id", "name": "title", "model": "mpn", "price": "price"},
        ),
        (
            {"Material": CODES, "Material description": NAMES, "Material group": PATHS, "Base unit": ["EA"] * 12,
             "EAN/UPC": [""] * 12, "Sales text": TEXTS, "Plant": ONE, "Sales price": PRICES},
            {"Material": "id", "Material description": "title", "Material group": "product_type",
             "Sales text": "description", "EAN/UPC": "gtin", "Sales price": "price"},
        ),
        (
            {"default_code": CODES, "name": NAMES, "list_price": PRICES, "standard_price": PRICES,
             "categ_id": PATHS, "volume": PRICES, "sale_ok": YES},
            {"default_code": "id", "name": "title", "list_price": "price", "categ_id": "product_type"},
        ),
        (
            {"Handle": CODES, "Titre": NAMES, "Corps (HTML)": TEXTS, "Vendeur": ["Krups", "Seb"] * 6,
             "Prix de la variante": PRICES, "Prix avant réduction de la variante": PRICES, "Stock de la variante": NUMBERS},
            {"Handle": "item_group_id", "Titre": "title", "Corps (HTML)": "description", "Vendeur": "brand",
             "Prix de la variante": "price", "Stock de la variante": "stock"},
        ),
    ],
    ids=["Dolibarr", "Shopware", "OpenCart", "SAP", "Odoo", "Shopify in French"],
)  # fmt: skip
def test_a_file_of_a_system_is_read_as_that_system_means_it(
    columns: dict[str, Sequence[str]], expected: dict[str, str]
) -> None:
    assert _read(columns) == expected


def test_a_system_is_believed_by_several_of_its_headers_and_never_by_one() -> None:
    alone = map_headers(["Supplier", "Prod_ID"], {"Supplier": ["ACME"] * 12, "Prod_ID": CODES})
    assert alone["Supplier"] is None
    together = map_headers(
        ["Supplier", "Prod_ID", "HighPic", "Model_Name"],
        {"Supplier": ["ACME", "Bosch"] * 6, "Prod_ID": CODES, "HighPic": IMAGES, "Model_Name": NAMES},
    )
    assert (together["Supplier"], together["Prod_ID"]) == ("brand", "mpn")


def test_the_reason_names_the_system_in_the_readers_language() -> None:
    columns = {"Supplier": ["ACME", "Bosch"] * 6, "Prod_ID": CODES, "HighPic": IMAGES, "Model_Name": NAMES}
    brand = propose_mapping(list(columns), columns)[0]
    assert brand.reason("fr") == "Icecat nomme ainsi cet attribut."
    assert brand.reason("en") == "This is what Icecat calls this attribute."


def test_a_vendors_decision_stands_above_its_system() -> None:
    columns = {"Supplier": ["ACME", "Bosch"] * 6, "Prod_ID": CODES, "HighPic": IMAGES, "Model_Name": NAMES}
    decided = propose_mapping(list(columns), columns, remembered={"Supplier": "manufacturer_name"})
    assert decided[0].attribute == "manufacturer_name"


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_every_system_is_told_by_more_headers_than_it_asks_for_or_as_many(convention: object) -> None:
    assert len(convention.telling) >= convention.asked >= 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Foto 2": SMALL, "Foto principale": IMAGES},
         {"Foto 2": "additional_image_link", "Foto principale": "image_link"}),
        ({"Main image": [""] * 12, "Image 2": IMAGES}, {"Main image": "additional_image_link", "Image 2": "image_link"}),
        ({"Image petite": SMALL, "Image grande": IMAGES}, {"Image grande": "image_link"}),
        ({"SKU": CODES, "Photo": IMAGES, "Zicht": SMALL},
         {"SKU": "id", "Photo": "image_link", "Zicht": "additional_image_link"}),
        ({"packagingUnit.weight": PRICES}, {"packagingUnit.weight": "shipping_weight"}),
        ({"Ctn W": NUMBERS, "Ctn H": NUMBERS}, {"Ctn W": "shipping_width", "Ctn H": "shipping_height"}),
        ({"Unit Wt (kg)": PRICES, "Unit L mm": NUMBERS}, {"Unit Wt (kg)": "weight", "Unit L mm": "length"}),
        ({"Maße B (cm)": NUMBERS}, {"Maße B (cm)": "width"}),
        ({"Steuersatz in %": ["20"] * 12}, {"Steuersatz in %": "vat_rate"}),
        ({"LIB_RAYON": PATHS, "NOM_FR": NAMES}, {"LIB_RAYON": "product_type", "NOM_FR": "title"}),
        ({"Web cat": PATHS}, {"Web cat": "product_type"}),
        ({"Finish": COLOURS}, {"Finish": "color"}),
        ({"Finish": ["mat", "brillant", "satiné"] * 4}, {}),
        ({"taxonomy/path": PATHS}, {"taxonomy/path": "product_type"}),
        ({"merchant_id": ["1234"] * 12, "sku": CODES}, {"sku": "id"}),
        ({"offers.itemCondition": ["https://schema.org/NewCondition"] * 12}, {"offers.itemCondition": "condition"}),
        ({"Pont": NUMBERS, "SKU": CODES}, {"SKU": "id"}),
        ({"Pirx TTC": PRICES}, {"Pirx TTC": "price"}),
        ({"PARTDESC": NAMES, "QTYONHND": NUMBERS, "GRSWGT": PRICES, "SELLPRC1": PRICES},
         {"PARTDESC": "title", "QTYONHND": "stock", "GRSWGT": "shipping_weight", "SELLPRC1": "price"}),
        ({"LIBFAM": PATHS, "PDSBRUT": PRICES, "PAYSORIG": ["FR"] * 12, "PRXACH": PRICES},
         {"LIBFAM": "product_type", "PDSBRUT": "shipping_weight", "PAYSORIG": "origin_country"}),
        ({"SKU": CODES, "Name": NAMES, "Was": PRICES, "Now": PRICES},
         {"SKU": "id", "Name": "title", "Was": "price", "Now": "sale_price"}),
        ({"SKU": CODES, "Name": NAMES, "Now": PRICES}, {"SKU": "id", "Name": "title", "Now": "price"}),
        ({"Suitable for ages": ["3+", "6-8", "0-3"] * 4}, {"Suitable for ages": "age_group"}),
        ({"Cond.": NUMBERS, "SKU": CODES}, {"Cond.": "pack_quantity", "SKU": "id"}),
        ({"Cond.": ["neuf", "occasion"] * 6, "SKU": CODES}, {"Cond.": "condition", "SKU": "id"}),
        ({"SKU": CODES, "Descr.": NAMES, "Price": PRICES}, {"SKU": "id", "Descr.": "title", "Price": "price"}),
        ({"SKU": CODES, "Description": ["Boîte abîmée"] * 12, "Price": PRICES},
         {"SKU": "id", "Description": "description", "Price": "price"}),
        ({"Precio s/IVA": PRICES, "% IVA": ["21"] * 12}, {"Precio s/IVA": "price", "% IVA": "vat_rate"}),
    ],
)  # fmt: skip
def test_headers_that_vendors_write_are_told_with_their_values(
    columns: dict[str, Sequence[str]], expected: dict[str, str]
) -> None:
    assert _read(columns) == expected


def test_a_short_description_names_the_articles_where_another_column_describes_them() -> None:
    columns = {"Item": CODES, "Description": NAMES, "Long copy": [text * 2 for text in TEXTS], "Retail": PRICES}
    assert _read(columns) == {"Item": "id", "Description": "title", "Long copy": "description", "Retail": "price"}


def test_the_shorter_of_two_descriptions_is_the_title_whichever_stands_first() -> None:
    columns = {"Stock Code": CODES, "Product Desc": NAMES, "Extended Desc": [text[:75] for text in TEXTS]}
    assert _read(columns) == {"Stock Code": "id", "Product Desc": "title", "Extended Desc": "description"}


def test_of_a_file_without_names_brands_weights_and_stock_are_told_by_their_values() -> None:
    brands, weights = ["Krups", "Moulinex", "Bialetti", "Alessi"] * 3, [f"0,{number}0" for number in range(10, 22)]
    columns = {"column_1": CODES, "column_2": NAMES, "column_3": brands, "column_4": NUMBERS, "column_5": ["21"] * 12,
               "column_6": weights}  # fmt: skip
    assert _read(columns) == {
        "column_1": "id", "column_2": "title", "column_3": "brand", "column_4": "stock", "column_6": "weight",
    }  # fmt: skip
