"""XLSX and ODS: sheets, titles, totals, merges, numbers, dates, formulas."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.intake import Overrides, Table, UnreadableFile, open_table
from tests.catalog.intake.files import ods, ods_cell, ods_row, repacked, workbook, written

HEADER = ["Référence", "Désignation", "Code EAN", "Prix TTC", "Stock"]


def opened(folder: Path, data: bytes, name: str = "f.xlsx", **options: Any) -> Table:
    return open_table(written(folder, name, data), **options)


def test_the_sheet_with_products_is_read_below_its_titles_and_above_its_totals(tmp_path: Path) -> None:
    lines: list[list[Any]] = [["Maison Velmor — tarif 2026"], [], ["Édité le", date(2026, 1, 5)], [], HEADER]
    lines += [[f"A{i}", f"Lampe {i}", 3612345678900 + i, 9.9 + i, i] for i in range(8)]
    lines += [["TOTAL", None, None, 107.2, 28], [], ["Prix valables jusqu'au 31/12"]]
    table = opened(tmp_path, workbook({"Lisez-moi": [["Bonjour"], ["Voir l'onglet suivant"]], "Tarif": lines}))
    rows = list(table.rows())
    assert (table.format, table.sheet_name, table.header_line) == ("xlsx", "Tarif", 5)
    assert [row.number for row in rows] == list(range(6, 14))
    assert rows[0].cells == {
        "Référence": "A0",
        "Désignation": "Lampe 0",
        "Code EAN": "3612345678900",
        "Prix TTC": "9.9",
        "Stock": "0",
    }
    assert {"other_sheets", "total_lines", "lines_above_header"} <= {note.code for note in table.notes}


def test_tabs_that_hold_products_too_are_named_apart_from_those_that_do_not(tmp_path: Path) -> None:
    women = [HEADER, *([f"F{i}", f"Robe {i}", 3612345678900 + i, 59.9, i] for i in range(6))]
    men = [["Référence", "Désignation", "Prix TTC"], *([f"H{i}", f"Chemise {i}", 39.9] for i in range(3))]
    tabs = {
        "Femme": women,
        "Homme": men,
        "Enfant": [HEADER],
        "Valeurs": [["Référence", "Couleur"], ["Marque", "rouge"], ["Marque", "bleu"]],
    }
    for asked, chosen, twin in (None, "Femme", "Homme"), ("Homme", "Homme", "Femme"):
        table = opened(tmp_path, workbook(tabs), overrides=Overrides(sheet_name=asked))
        notes = {note.code: note.params["others"] for note in table.notes if note.code.endswith("sheets")}
        assert table.sheet_name == chosen
        assert notes == {"twin_sheets": twin, "other_sheets": "Enfant, Valeurs"}


def test_numbers_dates_and_zeros_read_as_a_person_sees_them(tmp_path: Path) -> None:
    def formats(book: Any) -> None:
        sheet = book["P"]
        sheet["B2"].number_format = "0000000000000"
        sheet["C2"].number_format = '#,##0.00 "€"'
        sheet["D2"].number_format = "0%"

    lines = [
        ["SKU", "EAN", "Prix", "TVA", "Créé le", "Modifié le", "Actif"],
        [12, 361234567890, 19.9, 0.2, date(2026, 3, 1), datetime.fromisoformat("2026-03-01T08:30:00"), True],
    ]
    row = next(opened(tmp_path, workbook({"P": lines}, formats)).rows())
    assert list(row.cells.values()) == [
        "12",
        "0361234567890",
        "19.9 €",
        "20 %",
        "2026-03-01",
        "2026-03-01 08:30:00",
        "TRUE",
    ]


def test_a_code_kept_as_text_in_scientific_notation_is_flagged(tmp_path: Path) -> None:
    table = opened(tmp_path, workbook({"P": [["SKU", "EAN"], ["A", "3.61E+12"], ["B", 3612345678901.0]]}))
    assert [row.cells["EAN"] for row in table.rows()] == ["3.61E+12", "3612345678901"]
    assert "digits_lost" in [note.code for note in table.notes]


def test_cells_merged_downwards_are_repeated_and_section_lines_left_out(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        sheet = book["P"]
        sheet.merge_cells("A2:D2")
        sheet.merge_cells("B3:B5")

    lines = [
        ["SKU", "Marque", "Nom", "Prix"],
        ["CUISINE"],
        ["A1", "Velmor", "Poêle", 1],
        ["A2", None, "Casserole", 2],
        ["A3", None, "Cocotte", 3],
    ]
    rows = list(opened(tmp_path, workbook({"P": lines}, merge)).rows())
    assert [(row.cells["SKU"], row.cells["Marque"]) for row in rows] == [
        ("A1", "Velmor"),
        ("A2", "Velmor"),
        ("A3", "Velmor"),
    ]


def test_grouping_titles_over_the_header_are_not_the_header(tmp_path: Path) -> None:
    lines = [
        ["Produit", None, None, "Tarif", None],
        ["Référence", "Nom", "Marque", "Prix", "Prix promo"],
        ["A", "Lampe", "Velmor", 5, 4],
    ]
    table = opened(tmp_path, workbook({"P": lines}))
    assert table.header_line == 2


def test_formulas_give_their_stored_value_and_those_without_one_are_told(tmp_path: Path) -> None:
    data = workbook({"P": [["SKU", "Nom", "Prix"], ["A", "Lampe", "=2*5"], ["B", "Sac", "=3*5"]]})
    stored = repacked(data, lambda _, part: re.sub(rb"<f>2\*5</f><v>?[ /]*(</v>|>)", b"<f>2*5</f><v>10</v>", part))
    table = opened(tmp_path, stored)
    assert [row.cells["Prix"] for row in table.rows()] == ["10", ""]
    assert [note.params["count"] for note in table.notes if note.code == "formula_without_value"] == [1]


def test_hidden_columns_are_read_and_told_and_hidden_sheets_are_not_chosen(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["P"].column_dimensions["B"].hidden = True
        book["Vieux"].sheet_state = "hidden"

    lines = [HEADER, *[[f"A{i}", f"Lampe {i}", "", 5, 1] for i in range(3)]]
    table = opened(tmp_path, workbook({"Vieux": [*lines, *lines[1:]], "P": lines}, hide))
    assert (table.sheet_name, len(list(table.rows()))) == ("P", 3)
    assert "hidden_columns" in [note.code for note in table.notes]


def test_a_person_may_choose_another_sheet(tmp_path: Path) -> None:
    data = workbook({"A": [["sku", "name"], ["1", "Lampe"]], "B": [["sku", "name"], ["2", "Sac"]]})
    table = opened(tmp_path, data, overrides=Overrides(sheet_name="B"))
    assert [row.cells["sku"] for row in table.rows()] == ["2"]
    with pytest.raises(UnreadableFile) as caught:
        opened(tmp_path, data, overrides=Overrides(sheet_name="C"))
    assert caught.value.code == "unknown_sheet"


def test_an_ods_reads_like_an_xlsx(tmp_path: Path) -> None:
    number = (
        ods_cell('office:value-type="string"', "A1")
        + ods_cell('office:value-type="float" office:value="3612345678900"', "3,61E+12")
        + ods_cell('office:value-type="currency" office:currency="EUR" office:value="12.5"', "12,50 €")
        + ods_cell('office:value-type="date" office:date-value="2026-03-01"', "01/03/26")
    )
    number = f"<table:table-row>{number}</table:table-row>"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    filler = f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    data = ods(ods_row("Tarif") + ods_row("Référence", "EAN", "Prix", "Créé le") + number + filler)
    table = opened(tmp_path, data, "f.ods")
    assert (table.format, table.header_line) == ("ods", 2)
    assert [list(row.cells.values()) for row in table.rows()] == [["A1", "3612345678900", "12.5 €", "2026-03-01"]]
