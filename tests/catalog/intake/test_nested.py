"""XML and JSON of any shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.intake import UnreadableFile, open_table
from tests.catalog.intake.files import gzipped, workbook, written, zipped


def test_a_single_product_is_found_in_a_feed_of_one(tmp_path: Path) -> None:
    feed = '<rss xmlns:g="http://base.google.com/ns/1.0"><channel><title>X</title><item><g:id>1</g:id><g:title>Lampe</g:title></item></channel></rss>'
    table = open_table(written(tmp_path, "f.xml", feed))
    assert [row.cells for row in table.rows()] == [{"g:id": "1", "g:title": "Lampe"}]


def test_repeated_elements_are_joined_and_named_ones_become_columns(tmp_path: Path) -> None:
    feed = (
        '<p><prod id="1"><img>a.jpg</img><img>b.jpg</img><attribute name="Couleur">noir</attribute>'
        '<attribute name="Taille">M</attribute></prod>'
        '<prod id="2"><img>c.jpg</img><attribute name="Couleur">blanc</attribute></prod></p>'
    )
    rows = list(open_table(written(tmp_path, "f.xml", feed)).rows())
    assert rows[0].cells == {"id": "1", "img": "a.jpg | b.jpg", "Couleur": "noir", "Taille": "M"}
    assert rows[1].cells["Taille"] == ""


def test_categories_beside_products_are_not_taken_for_them(tmp_path: Path) -> None:
    categories = "".join(f"<category id='{i}'><name>C{i}</name></category>" for i in range(30))
    products = "".join(f"<product><sku>{sku}</sku><name>Lampe</name></product>" for sku in (1, 2))
    feed = f"<shop><categories>{categories}</categories><products>{products}</products></shop>"
    table = open_table(written(tmp_path, "f.xml", feed))
    assert table.headers == ("sku", "name")
    assert table.record_count == 2


def test_xml_that_declares_utf8_but_is_not_is_read_again(tmp_path: Path) -> None:
    items = "<i><a>1</a><nom>Théière</nom></i><i><a>2</a><nom>Été</nom></i>"
    feed = f'<?xml version="1.0" encoding="UTF-8"?><p>{items}</p>'.encode("cp1252")
    table = open_table(written(tmp_path, "f.xml", feed))
    assert [row.cells["nom"] for row in table.rows()] == ["Théière", "Été"]
    assert "encoding_repaired" in [note.code for note in table.notes]


def test_broken_xml_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        open_table(written(tmp_path, "f.xml", "<p>\n<i><a>1</a>\n<i></p>"))
    assert caught.value.code == "broken_xml"
    assert "ligne 3" in caught.value.message("fr")


def test_an_unknown_entity_in_xml_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        open_table(written(tmp_path, "f.xml", "<p>\n<i><a>Vis &foo; 4</a></i>\n</p>"))
    assert "line 2" in caught.value.message("en")


def test_the_list_of_products_is_found_wherever_it_stands(tmp_path: Path) -> None:
    document = {
        "meta": {"tags": [{"x": 1}]},
        "data": {
            "products": [
                {"sku": f"A{i}", "name": "Lampe", "price": {"amount": 5, "currency": "EUR"}} for i in range(40)
            ]
        },
    }
    table = open_table(written(tmp_path, "f.json", json.dumps(document)))
    assert (table.format, table.record_count, table.headers) == (
        "json",
        40,
        ("sku", "name", "price.amount", "price.currency"),
    )


def test_a_long_json_list_streams_across_its_window(tmp_path: Path) -> None:
    items = [{"sku": f"A{i}", "description": "é" * 500} for i in range(3000)]
    table = open_table(written(tmp_path, "f.json", json.dumps(items, ensure_ascii=False)))
    assert sum(len(row.cells["description"]) for row in table.rows()) == 3000 * 500


def test_an_object_of_products_by_their_key_gives_a_row_each(tmp_path: Path) -> None:
    table = open_table(
        written(
            tmp_path, "f.json", json.dumps({"A1": {"name": "Lampe", "price": 1}, "A2": {"name": "Sac", "price": 2}})
        )
    )
    assert [row.cells["key"] for row in table.rows()] == ["A1", "A2"]


def test_variants_give_a_row_each_under_the_names_of_their_options(tmp_path: Path) -> None:
    product = {
        "title": "Pull",
        "options": [{"name": "Couleur"}, {"name": "Taille"}],
        "variants": [{"sku": "1", "option1": "noir", "option2": "S"}, {"sku": "2", "option1": "noir", "option2": "M"}],
    }
    table = open_table(written(tmp_path, "f.json", json.dumps({"products": [product]})))
    rows = [row.cells for row in table.rows()]
    assert [(row["title"], row["variants.sku"], row["variants.Taille"]) for row in rows] == [
        ("Pull", "1", "S"),
        ("Pull", "2", "M"),
    ]
    assert table.record_count == 1


def test_json_lines_are_numbered_by_line_and_blank_ones_count(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "f.jsonl", '{"sku": "1"}\n\n{"sku": "2", "nom": "é"}\n'))
    assert [row.number for row in table.rows()] == [1, 3]


@pytest.mark.parametrize("text", ['{"products": [{"a": 1}, {"a"', '[{"a": 1} {"a": 2}]', '[{"a": 1}] x'])
def test_broken_json_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        open_table(written(tmp_path, "f.json", text))
    assert caught.value.code == "broken_json"


def test_a_broken_line_of_json_lines_is_named_in_the_language_of_the_reader(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(open_table(written(tmp_path, "f.jsonl", '{"sku": "1"}\n{"sku": "2"}\n{"sku":\n')).rows())
    assert caught.value.message("fr").startswith("La ligne 3 de « f.jsonl » n’est pas un JSON valide")
    assert caught.value.message("en").startswith("Line 3 of “f.jsonl” is not valid JSON")


def test_a_zip_or_gzip_of_one_file_is_read_as_that_file(tmp_path: Path) -> None:
    csv = b"sku;name\n1;Lampe\n"
    for name, data in {
        "a.zip": zipped({"export/produits.csv": csv, "__MACOSX/._produits.csv": b"x"}),
        "a.csv.gz": gzipped(csv),
        "b.zip": zipped({"p.xlsx": workbook({"P": [["sku", "name"], ["1", "Lampe"]]})}),
    }.items():
        table = open_table(written(tmp_path, name, data))
        assert [row.cells for row in table.rows()] == [{"sku": "1", "name": "Lampe"}]
        assert "archive" in [note.code for note in table.notes]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12,90", "12,90 EUR"),
        ("1 249,00 EUR", "1 249,00 EUR"),
        ("€ 12", "€ 12"),
        ("9 €", "9 €"),
        ("9.90 TTC", "9.90 TTC EUR"),
        ("gratuit", "gratuit"),
    ],
)
def test_a_price_takes_its_currency_from_beside_it_only_where_it_says_none(
    tmp_path: Path, text: str, read: str
) -> None:
    feed = f'<c><article><ref>1</ref><tarif devise="EUR">{text}</tarif></article></c>'
    assert [row.cells["tarif"] for row in open_table(written(tmp_path, "f.xml", feed)).rows()] == [read]
