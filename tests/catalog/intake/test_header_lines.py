"""Headers over two lines, templates that say where their header stands, and names for machines beside labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.intake import Table, inspect, open_table
from catalog.intake.header_lines import are_one, as_one, told_lines
from tests.catalog.intake.files import written

GROUPED = (
    "Référence;Article;Dimensions produit;;;Dimensions colis (cm);;;Prix TTC (€);;Photo\n"
    ";;L;l;Poids (g);L;l;H;Public;Promo;\n"
)
ROWS = "".join(
    f"KX-{n};Arrosoir zingué {n} L;42;19;{n}00;44;21;37;{n},90;{n},50;https://img.example/{n}.jpg\n"
    for n in range(10, 30)
)


def opened(folder: Path, text: str) -> Table:
    return open_table(written(folder, "f.csv", text))


def meanings(folder: Path, text: str) -> dict[str, str | None]:
    found = inspect(written(folder, "f.csv", text))
    return {column["header"]: column["attribute"] for column in found["columns"]}


def test_names_below_their_groups_are_one_header_with_what_the_groups_say(tmp_path: Path) -> None:
    table = opened(tmp_path, GROUPED + ROWS)
    assert table.headers == (
        "Référence", "Article", "Dimensions produit > L", "Dimensions produit > l", "Poids (g)", "Dimensions colis > L (cm)",
        "Dimensions colis > l (cm)", "Dimensions colis > H (cm)", "Prix TTC Public", "Prix TTC Promo", "Photo",
    )  # fmt: skip
    assert len(list(table.rows())) == 20


def test_the_parcels_sides_and_the_products_are_told_apart_by_their_groups(tmp_path: Path) -> None:
    read = meanings(tmp_path, GROUPED + ROWS)
    assert read["Dimensions produit > L"] == "length"
    assert read["Dimensions produit > l"] == "width"
    assert read["Dimensions colis > L (cm)"] == "shipping_length"
    assert read["Dimensions colis > H (cm)"] == "shipping_height"
    assert read["Poids (g)"] == "weight"
    assert (read["Prix TTC Public"], read["Prix TTC Promo"]) == ("price", "sale_price")


@pytest.mark.parametrize(
    "lines",
    [
        [["Maison Perronneau", "", "", "Tarif valable en mai"], ["Réf", "Produit", "Rayon", "Prix"]],
        [["Réf", "Produit", "Prix", ""], ["KX-1", "Bol", "12,50", ""]],
        [["Réf", "Produit", "", ""], ["KX-1", "Bol en grès", "bleu", "émaillé"]],
        [["Réf", "Produit"], ["", ""]],
    ],
    ids=["a title above a header", "a row with prices", "a row of words", "an empty line"],
)
def test_lines_that_only_stand_above_each_other_are_no_header_over_two_lines(lines: list[list[str]]) -> None:
    assert not are_one(*lines)


def test_a_group_whose_unit_is_of_another_kind_lends_it_to_nobody() -> None:
    assert as_one(["Maße (cm)", "", ""], ["Breite", "Höhe", "Gewicht"]) == ["Breite (cm)", "Höhe (cm)", "Gewicht"]


def test_a_template_is_read_where_its_own_settings_say(tmp_path: Path) -> None:
    lines = [
        "settings=attributeRow=4&dataRow=6&labelRow=3\t\t\t",
        "Offer\t\t\t",
        "SKU\tItem Name\tYour Price EUR\tProduct Id Type",
        "contribution_sku#1.value\titem_name[marketplace_id=A1][language_tag=fr_FR]#1.value"
        "\tpurchasable_offer[marketplace_id=A1][audience=ALL]#1.our_price#1.schedule#1.value_with_tax"
        "\texternally_assigned_product_identifier[marketplace_id=A1]#1.type",
        "ABC123\tExample article\t19.99\tEAN",
        *(f"KX-{n}\tLampe de bureau {n}\t{n}.90\tEAN" for n in range(20)),
    ]
    found = inspect(written(tmp_path, "f.txt", "\n".join(lines)))
    assert found["records"] == 20
    assert [column["attribute"] for column in found["columns"]] == ["id", "title", "price", None]


def test_settings_that_name_no_line_of_the_file_are_not_believed(tmp_path: Path) -> None:
    text = "settings=attributeRow=90&dataRow=91;;\nRéf;Titre;Prix\n" + "".join(
        f"K{n};Bol {n};{n},50\n" for n in range(9)
    )
    assert opened(tmp_path, text).headers == ("Réf", "Titre", "Prix")
    assert told_lines(["dataRow=5&attributeRow=4"]) == (4, 5)
    assert told_lines(["Tarif 2026"]) is None


@pytest.mark.parametrize("codes_first", [True, False])
def test_names_for_machines_are_the_header_whichever_of_two_lines_they_are(tmp_path: Path, codes_first: bool) -> None:
    codes = "categoryCode;productIdentifier;name-de_DE;BRAND;MEDIA_1;ATT_COLOR;offer_price"
    labels = "Kategorie;Produktkennung;Produktname;Marke;Hauptbild;Farbe;Preis"
    head = [codes, labels] if codes_first else [labels, codes]
    rows = [f"Kleidung;K-{n};Rundhals-Shirt {n};Armor Lux;https://x.example/{n}.jpg;Blau;{n}.95" for n in range(10, 30)]
    found = inspect(written(tmp_path, "f.csv", "\n".join([*head, *rows])))
    assert found["records"] == 20
    assert [column["header"] for column in found["columns"]] == codes.split(";")


@pytest.mark.parametrize(
    "closing",
    [
        "Nombre de références : 26;;;;",
        "TOTAL ARTICULOS: 34;;;;",
        ";Total lines: 36;;;",
        "Anzahl Artikel: 9;;;;",
        "Total;;12;;",
    ],
)
def test_a_closing_line_that_counts_is_no_record(tmp_path: Path, closing: str) -> None:
    rows = "".join(f"K{n};Bol en grès {n};{n},50;12;Vaisselle\n" for n in range(10, 22))
    assert inspect(written(tmp_path, "f.csv", f"Réf;Titre;Prix;Stock;Rayon\n{rows}{closing}\n"))["records"] == 12
