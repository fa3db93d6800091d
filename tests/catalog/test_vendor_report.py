"""The vendor's file back, in its own form, without formulas."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from catalog.intake import Overrides, open_table
from catalog.mapping import map_headers
from catalog.vendor_report import ERROR_COLUMNS, neutralized, write_report
from tests.catalog.intake.feeds import all_feeds
from tests.catalog.intake.files import ods, ods_row, workbook, written
from tests.catalog.intake.products import Feed

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


def test_what_the_file_s_encoding_cannot_write_is_said_in_plainer_signs(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "Réf;Désignation\nA1;Théière à thé fumée\nA2;\n".encode("cp850"))
    errors = {3: [("1000", "L’attribut manque… « cœur » – 5 €")]}
    report = write_report(source, tmp_path / "r.csv", errors)
    assert report.encoding == "cp850"
    assert "L'attribut manque... « coeur » - 5 EUR" in (tmp_path / "r.csv").read_text("cp850")


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


def _read(path: Path, **more: Any) -> tuple[Any, list[dict[str, str]]]:
    table = open_table(path, **more)
    return table, [{name: row.cells[name] for name in row.cells if name not in ERROR_COLUMNS} for row in table.rows()]


@pytest.mark.parametrize("feed", all_feeds(), ids=lambda feed: feed.name)
def test_every_convention_comes_back_in_its_own_form_and_reads_as_before(tmp_path: Path, feed: Feed) -> None:
    source = written(tmp_path, feed.name, feed.data)
    table, rows = _read(source)
    faulty = [row.number for row in table.rows()][1]
    errors = {faulty: [("invalid_gtin", "Le code-barres « 12 » est faux.")]}
    # An ending of its own: what a report is must be told from what is in it.
    back = tmp_path / "back"
    report = write_report(source, back, errors, file_name=feed.name)
    assert (report.format, report.encoding, report.delimiter) == (table.format, table.encoding, table.delimiter)
    again, read_again = _read(back, file_name=feed.name)
    assert (again.format, read_again) == (table.format, rows)
    own = [name for name in again.headers if name not in ERROR_COLUMNS]
    assert own == list(table.headers)
    noted = [row.cells for row in again.rows() if row.cells.get("error-code")]
    assert {cells["error-code"] for cells in noted} == {"invalid_gtin"}
    assert all(str(faulty) in cells["error-line"] for cells in noted)
    assert dict.fromkeys(ERROR_COLUMNS).items() <= map_headers((*table.headers, *ERROR_COLUMNS), {}).items()


@pytest.mark.parametrize("feed", all_feeds(), ids=lambda feed: feed.name)
def test_of_every_convention_only_the_faulty_records_come_back_when_asked(tmp_path: Path, feed: Feed) -> None:
    source = written(tmp_path, feed.name, feed.data)
    table, rows = _read(source)
    places = {row.number: place for place, row in enumerate(table.rows())}
    faulty = list(places)[1]
    report = write_report(source, tmp_path / "back", {faulty: [("x", "y")]}, only_errors=True, file_name=feed.name)
    assert report.lines == 1
    _again, read_again = _read(tmp_path / "back", file_name=feed.name)
    kept = {name: text for name, text in rows[places[faulty]].items() if text}
    assert any(kept.items() <= {name: text for name, text in one.items() if text}.items() for one in read_again)


def test_the_rest_of_a_json_document_and_its_other_keys_stay(tmp_path: Path) -> None:
    document = {
        "shop": {"name": "Été", "currency": "EUR"},
        "products": [{"sku": "1", "tags": ["a", "b"], "price": {"amount": 5}}, {"sku": "2", "error-code": "old"}],
        "next": None,
    }
    source = written(tmp_path, "f.json", json.dumps(document))
    write_report(source, tmp_path / "r.json", {2: [("1000", "Titre absent")]})
    found = json.loads((tmp_path / "r.json").read_text())
    assert (found["shop"], found["next"]) == (document["shop"], None)
    assert found["products"][0] == document["products"][0]
    assert found["products"][1] == {
        "sku": "2",
        "error-line": "2",
        "error-code": "1000",
        "error-message": "Titre absent",
    }


def test_json_by_key_and_as_lines_under_a_header_come_back_as_such(tmp_path: Path) -> None:
    by_key = {"A": {"name": "Lampe", "price": 5}, "B": {"name": "", "price": 6}}
    write_report(written(tmp_path, "k.json", json.dumps(by_key)), tmp_path / "k", {2: [("1000", "vide")]})
    assert json.loads((tmp_path / "k").read_text())["B"]["error-code"] == "1000"
    lines = [["sku", "name"], ["1", "Lampe"], ["2", ""]]
    write_report(written(tmp_path, "l.json", json.dumps(lines)), tmp_path / "l", {2: [("1000", "vide")]})
    assert json.loads((tmp_path / "l").read_text())[2] == ["2", "", "2", "1000", "vide"]


def test_a_feed_keeps_its_channel_its_namespaces_and_its_encoding(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1252"?><rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">'
        "<channel><title>Boutique d\u2019été</title>"
        "<item><g:id>1</g:id><title>Théière</title><g:price>5 EUR</g:price></item>"
        "<item><g:id>2</g:id><title/><g:price>6 EUR</g:price></item></channel></rss>"
    )
    source = written(tmp_path, "f.xml", text.encode("cp1252"))
    report = write_report(source, tmp_path / "r.xml", {2: [("1000", "Titre absent")]})
    raw = (tmp_path / "r.xml").read_bytes()
    assert report.encoding == "windows-1252"
    assert "Théière".encode("cp1252") in raw
    root = etree.fromstring(raw)
    assert root.findtext("channel/title") == "Boutique d\u2019été"
    assert [item.findtext("error-code") for item in root.iter("item")] == [None, "1000"]
    assert root.find("channel/item/{http://base.google.com/ns/1.0}id") is not None


def test_an_ods_workbook_keeps_its_other_sheets_and_parts(tmp_path: Path) -> None:
    lines = ods_row("SKU", "Nom", "Prix") + ods_row("A", "Lampe", "5") + ods_row("B", "", "6", repeated=2)
    other = f'</table:table><table:table table:name="Notes">{ods_row("Bonjour")}'
    source = written(tmp_path, "f.ods", ods(lines + other))
    report = write_report(source, tmp_path / "r.ods", {4: [("1000", "Nom absent")]})
    table = open_table(tmp_path / "r.ods")
    rows = {row.number: dict(row.cells) for row in table.rows()}
    assert (report.format, report.lines) == ("ods", 3)
    assert table.headers == ("SKU", "Nom", "Prix", *ERROR_COLUMNS)
    assert rows[4] == {
        "SKU": "B",
        "Nom": "",
        "Prix": "6",
        "error-line": "4",
        "error-code": "1000",
        "error-message": "Nom absent",
    }
    assert rows[3]["error-code"] == ""
    assert table.sheet_names == ("Feuille1", "Notes")
    write_report(tmp_path / "r.ods", tmp_path / "again.ods", {})
    assert open_table(tmp_path / "again.ods").headers == table.headers


def test_a_workbook_of_several_sheets_comes_back_whole_and_is_read_at_the_same_sheet(tmp_path: Path) -> None:
    sheets = {"Lisez-moi": [["Bonjour"]], "Fiches": [["SKU", "Nom", "Prix"], ["A", "Lampe", 5], ["B", "", 6]]}
    source = written(tmp_path, "f.xlsx", workbook(sheets))
    write_report(source, tmp_path / "r.xlsx", {3: [("1000", "Nom absent")]})
    table = open_table(tmp_path / "r.xlsx")
    assert (table.sheet_name, table.sheet_names) == ("Fiches", ("Lisez-moi", "Fiches"))
    assert [row.cells["error-code"] for row in table.rows()] == ["", "1000"]
    write_report(source, tmp_path / "few.xlsx", {3: [("1000", "Nom absent")]}, only_errors=True)
    assert open_table(tmp_path / "few.xlsx").sheet_names == ("Fiches",)


def test_a_file_that_a_person_had_read_another_way_comes_back_that_way(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "Réf|Nom, long;Prix\n1|Lampe, grande;5\n2|;6\n".encode("cp1252"))
    report = write_report(
        source, tmp_path / "r.csv", ERRORS, overrides=Overrides(delimiter="|", encoding="cp1252"), only_errors=True
    )
    assert (report.delimiter, report.encoding) == ("|", "cp1252")
    assert (tmp_path / "r.csv").read_bytes().decode("cp1252").splitlines()[1].startswith("2|;6|3|")
