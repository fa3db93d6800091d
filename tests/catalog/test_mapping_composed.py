"""Headers that no table holds, told by the word that heads them; columns that stand in for what no header names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog.intake import open_table
from catalog.mapping import map_headers, propose_mapping
from tests.catalog.intake.files import written

NUMBERS = [f"{number},5" for number in range(12)]
COUNTS = [str(number) for number in range(3, 15)]
NAMES = [f"Lampe de bureau articulée n° {number}" for number in range(12)]
TEXTS = [f"Un texte assez long pour décrire l’article n° {number}, avec ce qu’il a de bien." for number in range(12)]
IMAGES = [f"https://shop.example/media/{number}.jpg" for number in range(12)]
PRICES = [f"{number},90" for number in range(10, 22)]
CODES = [f"KX-{number}" for number in range(100, 112)]


@pytest.mark.parametrize(
    ("header", "values", "attribute"),
    [
        ("Poids velo (kg)", NUMBERS, "weight"),
        ("Poids brut colis (kg)", NUMBERS, "shipping_weight"),
        ("Overall W (cm)", NUMBERS, "width"),
        ("Boxed L (cm)", NUMBERS, "shipping_length"),
        ("Largo caja (cm)", NUMBERS, "shipping_length"),
        ("N.W. (kg)", NUMBERS, "weight"),
        ("Brut (kg)", NUMBERS, "shipping_weight"),
        ("Tension batterie (V)", COUNTS, "voltage"),
        ("Moteur (W)", COUNTS, "power"),
        ("Réservoir (L)", NUMBERS, "capacity"),
        ("Taille cadre", ["54", "56", "58"] * 4, "size"),
        ("Ring size", [], "size"),
        ("Metal type", [], "material"),
        ("specs.frameSize", ["54", "56", "58"] * 4, "size"),
        ("Dimension 2 (Coloris)", ["noir", "blanc", "rouge"] * 4, "color"),
        ("Qte magasin", COUNTS, "stock"),
        ("Stock au 01/03", COUNTS, "stock"),
        ("Quantity On Hand", ["12.0", "3.0", "0.0"] * 4, "stock"),
        ("Titre de l'ouvrage", NAMES, "title"),
        ("Descriptif technique", TEXTS, "description"),
        ("Preis/Stk. brutto", PRICES, "price"),
        ("Main pic", IMAGES, "image_link"),
        ("Vehículos compatibles", ["Clio 3", "Golf 7", "Polo 6"] * 4, "compatible_with"),
        ("Fabriqué à/au", ["France", "Portugal", "Italie"] * 4, "origin_country"),
        ("IDU éco-organisme", ["FR123456_01ABCD"] * 12, "epr_idu"),
        # Words beside it make another thing of it.
        ("Poids maxi utilisateur (kg)", COUNTS, None),
        ("Stock alerte magasin", COUNTS, None),
        ("Prix au kilo TTC", PRICES, None),
        ("Prix achat fournisseur", PRICES, None),
        ("Taille du fichier", COUNTS, None),
        ("Nom du fournisseur principal", NAMES, None),
        ("Longueur du cordon (cm)", COUNTS, None),
        ("Qté par carton", COUNTS, None),
        # Two words that name two attributes prove neither.
        ("Stock et prix", PRICES, None),
        # The values are no such thing.
        ("Poids velo", ["lourd", "léger", "moyen"] * 4, None),
        ("Poids velo (cm)", NUMBERS, None),
    ],
)
def test_a_header_is_told_by_the_word_that_heads_it(header: str, values: list[str], attribute: str | None) -> None:
    # Beside it stands a file of products that lacks nothing, so that nothing has to stand in.
    others = {"sku": CODES, "nom": NAMES, "description": TEXTS, "prix": PRICES, "image": IMAGES}
    beside = {name: cells for name, cells in others.items() if attribute not in _named_by(name)}
    assert map_headers([header, *beside], {header: values, **beside})[header] == attribute


def _named_by(header: str) -> set[str | None]:
    return {{"sku": "id", "nom": "title", "prix": "price", "image": "image_link"}.get(header, header)}


@pytest.mark.parametrize(
    ("columns", "header", "attribute"),
    [
        ({"ref": CODES, "rrp": PRICES, "stock": COUNTS}, "rrp", "price"),
        ({"ref": CODES, "rrp": PRICES, "prix": PRICES}, "rrp", None),
        ({"ref": CODES, "prix achat": PRICES, "stock": COUNTS}, "prix achat", None),
        ({"Cuvée": NAMES, "prix": PRICES, "photo": IMAGES}, "Cuvée", "title"),
        # A remark in a file of prices and stocks is no new title.
        ({"ref": CODES, "prix": PRICES, "stock": COUNTS, "À savoir": NAMES}, "À savoir", None),
        ({"Modele": NAMES, "prix": PRICES, "marque": ["Cube", "Trek", "Giant"] * 4}, "Modele", "title"),
        ({"nom": NAMES, "4e de couverture": TEXTS, "prix": PRICES}, "4e de couverture", "description"),
        ({"nom": NAMES, "description": TEXTS, "4e de couverture": TEXTS, "prix": PRICES}, "4e de couverture", None),
        ({"SKU proveedor": CODES, "nombre": NAMES, "precio": PRICES, "stock": COUNTS}, "SKU proveedor", "id"),
        ({"SKU proveedor": CODES, "sku": CODES, "precio": PRICES, "stock": COUNTS}, "SKU proveedor", None),
        ({"part_no": CODES, "model_no": COUNTS, "price": PRICES, "name": NAMES, "brand": NAMES}, "part_no", "id"),
        ({"part_no": CODES, "model_no": CODES, "price": PRICES, "name": NAMES, "brand": NAMES}, "model_no", "mpn"),
        ({"Étiquette (jpg)": IMAGES, "nom": NAMES, "prix": PRICES, "ref": CODES}, "Étiquette (jpg)", "image_link"),
        (
            {"Genre": ["Roman", "Essai"] * 6, "titre": NAMES, "prix": PRICES, "ean": CODES, "ref": CODES},
            "Genre",
            "product_type",
        ),
        # An address book has no title.
        ({"Contact": NAMES, "Téléphone": COUNTS, "Ville": NAMES}, "Ville", None),
    ],
)
def test_a_column_stands_in_for_what_no_header_names(
    columns: Mapping[str, list[str]], header: str, attribute: str | None
) -> None:
    [found] = [one for one in propose_mapping(list(columns), columns) if one.header == header]
    assert found.attribute == attribute
    if found.reason_code == "stand_in":
        assert found.reason("fr") == "Aucune colonne n’est nommée ainsi\u00a0; celle-ci s’en approche le plus."


def test_a_column_that_people_left_out_stands_in_for_nothing() -> None:
    columns = {"Modelage": NAMES, "prix": PRICES, "photo": IMAGES}
    of_this_vendor = propose_mapping(list(columns), columns, remembered={"Modelage": None})
    of_others = propose_mapping(list(columns), columns, dictionary={"Modelage": {"": 9}})
    assert [found[0].attribute for found in (of_this_vendor, of_others)] == [None, None]


def test_a_label_of_quality_is_no_title() -> None:
    columns = {"Label": ["AB", "AOP"] * 6, "Dénomination légale de vente": NAMES, "prix": PRICES}
    assert map_headers(list(columns), columns) == {
        "Label": None,
        "Dénomination légale de vente": "title",
        "prix": "price",
    }


def test_the_shops_own_reference_goes_before_the_number_of_a_row() -> None:
    columns = {"ID": COUNTS, "Référence": CODES, "Nom": NAMES}
    assert map_headers(list(columns), columns) == {"ID": None, "Référence": "id", "Nom": "title"}


def test_products_kept_by_their_numbers_are_found_beside_what_an_export_says_of_itself(tmp_path: Path) -> None:
    text = '{"generated": "2026-01-01", "products": {"A-1": {"name": "Lampe", "price": 2}, "A-2": {"name": "Pot", "price": 3}}}'
    table = open_table(written(tmp_path, "keyed.json", text))
    assert [row.cells for row in table.rows()] == [
        {"key": "A-1", "name": "Lampe", "price": "2"},
        {"key": "A-2", "name": "Pot", "price": "3"},
    ]


def test_one_product_with_objects_inside_stays_one(tmp_path: Path) -> None:
    text = '{"product": {"name": "Lampe", "size": {"w": 1, "h": 2}, "box": {"w": 3, "h": 4}}}'
    assert len(list(open_table(written(tmp_path, "one.json", text)).rows())) == 1


def test_remarks_between_the_lines_and_totals_below_are_no_sheets(tmp_path: Path) -> None:
    text = "sku;nom;prix;stock\nA;Lampe;2,00;1\n# ---- lot suivant ----;;;\nB;Pot;3,00;2\nTOTAL REFERENCES;;;3\n"
    table = open_table(written(tmp_path, "batches.csv", text))
    assert [row.cells["sku"] for row in table.rows()] == ["A", "B"]
    assert [note.code for note in table.notes] == ["total_lines"]
