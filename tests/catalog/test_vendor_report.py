"""The vendor's file back, in its own form, without formulas."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from catalog.intake import open_table
from catalog.mapping import map_headers
from catalog.vendor_report import ERROR_COLUMNS, neutralized, write_report
from tests.catalog.intake.files import workbook, written

ERRORS = {3: [("1000", "Le titre manque"), ("invalid_gtin", "Code faux")]}


@pytest.mark.parametrize("codec", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_csv_comes_back_in_its_own_form_with_three_columns_more(tmp_path: Path, codec: str, newline: str) -> None:
    text = newline.join(["Réf;Désignation;Prix", "A1;Théière;12,50", "A2;;-3,00", ""])
    source = written(tmp_path, "f.csv", text.encode(codec))
    report = write_report(source, tmp_path / "r.csv", ERRORS)
    assert (report.format, report.encoding, report.delimiter, report.lines) == ("csv", codec, ";", 2)
    expected = [
        "Réf;Désignation;Prix;error-line;error-code;error-message",
        "A1;Théière;12,50;;;",
        "A2;;-3,00;3;1000,invalid_gtin;Le titre manque | Code faux",
        "",
    ]
    assert (tmp_path / "r.csv").read_bytes() == newline.join(expected).encode(codec)


def test_only_the_faulty_lines_come_back_when_asked(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "sku;name;price\n1;Lampe;5\n2;;6\n3;Sac;7\n")
    report = write_report(source, tmp_path / "r.csv", ERRORS, only_errors=True)
    assert report.lines == 1
    assert (tmp_path / "r.csv").read_text().splitlines()[1].startswith("2;;6;3;")


def test_a_line_with_too_many_fields_loses_none(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "sku;name;price\n1;Lampe;5\n2;La;mpe;6\n3;Sac;7\n")
    write_report(source, tmp_path / "r.csv", {3: [("1002", "4 champs")]})
    assert (tmp_path / "r.csv").read_text().splitlines()[2] == "2;La;mpe;3;1002;4 champs;6"


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "- coton"])
def test_no_text_can_become_a_formula(text: str) -> None:
    assert neutralized(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "-3,50 €", "+33 1 23 45 67 89", "-", "-12.5%", "-5 cm", "Lampe = belle", ""])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert neutralized(text) == text


def test_the_vendors_own_formulas_are_made_harmless_and_come_back_unchanged_when_sent_again(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "sku;name;price\n1;=HYPERLINK(1);-5\n2;@x;6\n")
    write_report(source, tmp_path / "r.csv", {2: [("x", "=mauvais")]})
    text = (tmp_path / "r.csv").read_text()
    assert "1;'=HYPERLINK(1);-5;2;x;'=mauvais" in text
    rows = list(open_table(tmp_path / "r.csv").rows())
    assert (rows[0].cells["name"], rows[1].cells["name"]) == ("=HYPERLINK(1)", "@x")


def test_a_report_sent_again_is_mapped_as_before_and_its_columns_are_not_doubled(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "sku;name;price\n1;Lampe;5\n2;;6\n")
    write_report(source, tmp_path / "r.csv", ERRORS)
    write_report(tmp_path / "r.csv", tmp_path / "r2.csv", {})
    table = open_table(tmp_path / "r2.csv")
    assert table.headers == ("sku", "name", "price", *ERROR_COLUMNS)
    assert [map_headers(table.headers, {})[column] for column in ERROR_COLUMNS] == [None] * 3


def test_a_workbook_comes_back_as_one_with_numbers_still_numbers(tmp_path: Path) -> None:
    lines = [["Tarif"], ["SKU", "Nom", "Prix"], ["A", "Lampe", 5.5], ["B", "'=1+1", -6]]
    source = written(tmp_path, "f.xlsx", workbook({"Fiches": lines}))
    report = write_report(source, tmp_path / "r.xlsx", {4: [("1000", "=mal")]})
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))["Fiches"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert report.format == "xlsx"
    assert found[1] == ["SKU", "Nom", "Prix", *ERROR_COLUMNS]
    assert found[2][:3] == ["A", "Lampe", 5.5]
    assert found[3] == ["B", "'=1+1", -6, "4", "1000", "'=mal"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_json_and_xml_come_back_as_csv_and_it_is_said(tmp_path: Path) -> None:
    source = written(tmp_path, "f.json", '[{"sku": "1", "name": "Été"}, {"sku": "2", "name": ""}]')
    report = write_report(source, tmp_path / "r.csv", {2: [("1000", "Titre absent")]}, locale="en")
    assert "JSON" in report.notice
    assert "CSV" in report.notice
    assert [row.cells["name"] for row in open_table(tmp_path / "r.csv").rows()] == ["Été", ""]
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[2] == "2;;2;1000;Titre absent"
