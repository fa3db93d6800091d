"""CSV and its kin: encodings, line ends, quotes, blank and bent lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.intake import Overrides, Table, UnreadableFile, open_table
from tests.catalog.intake.files import written

HEADER = "Réf;Désignation;Prix\n"
ROWS = "A1;Théière émaillée;12,50\nA2;Bouilloire d'été;19,90\n"


def opened(folder: Path, data: bytes | str, name: str = "f.csv", **options: object) -> Table:
    return open_table(written(folder, name, data), **options)  # type: ignore[arg-type]


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells.values()) for row in table.rows()]


@pytest.mark.parametrize(
    ("codec", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("mac_roman", "mac_roman"), ("cp850", "cp850")],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_rows(tmp_path: Path, codec: str, named: str, newline: str) -> None:
    text = (HEADER + ROWS * 3).replace("\n", newline)
    table = opened(tmp_path, text.encode(codec))
    assert (table.encoding, table.delimiter, table.headers) == (named, ";", ("Réf", "Désignation", "Prix"))
    assert cells(table)[0] == ["A1", "Théière émaillée", "12,50"]
    assert len(cells(table)) == 6


def test_a_lone_pound_sign_is_not_taken_for_a_letter_of_an_older_page(tmp_path: Path) -> None:
    table = opened(tmp_path, "SKU;Name;RRP (£)\nA1;Drill;12.50\nA2;Saw;8.00\n".encode("cp1252"))
    assert (table.encoding, table.headers[2]) == ("cp1252", "RRP (£)")


def test_lines_in_two_encodings_are_each_read_as_what_they_are_and_it_is_said(tmp_path: Path) -> None:
    data = (HEADER + ROWS).encode() + "A3;Chaise abîmée;5,00\n".encode("cp1252")
    table = opened(tmp_path, data)
    assert [row[1] for row in cells(table)] == ["Théière émaillée", "Bouilloire d'été", "Chaise abîmée"]
    assert table.encoding == "utf-8"
    assert "mixed_encodings" in [note.code for note in table.notes]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "#"])
def test_the_delimiter_is_found_though_other_marks_are_common_in_the_text(tmp_path: Path, delimiter: str) -> None:
    lines = (
        ["sku", "name", "description", "price"],
        *([f"A{i}", f"Lampe {i}", f"Belle, grande; solide | {i}".replace(delimiter, " "), f"{i}.50"] for i in range(9)),
    )
    table = opened(tmp_path, "\n".join(delimiter.join(line) for line in lines))
    assert table.delimiter == delimiter
    assert len(cells(table)) == 9


def test_a_semicolon_file_with_decimal_commas_on_every_line_is_not_taken_for_a_comma_file(tmp_path: Path) -> None:
    table = opened(tmp_path, "code;prix\n" + "".join(f"{i};{i},50\n" for i in range(20)))
    assert table.delimiter == ";"


def test_excels_sep_line_is_obeyed_and_counted(tmp_path: Path) -> None:
    table = opened(tmp_path, "sep=;\n" + HEADER + ROWS)
    assert table.header_line == 2
    assert [row.number for row in table.rows()] == [3, 4]


def test_inch_marks_do_not_swallow_lines(tmp_path: Path) -> None:
    text = 'sku;name;size\n1;Ecran 24" plat;24"\n2;"Ecran 32" incurvé";32"\n3;"TV 40"";x\n'
    text += '4;"Dit ""beau"" écran";y\n5;"24" pouces;z\n'
    table = opened(tmp_path, text)
    names = [row[1] for row in cells(table)]
    assert names == ['Ecran 24" plat', 'Ecran 32" incurvé', 'TV 40"', 'Dit "beau" écran', '"24" pouces']
    assert table.problems == []


def test_a_quote_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    text = 'sku;name;price\n1;"Ecran;10\n2;Lampe;11\n3;Tapis 5";12\n4;"Sac";13\n'
    rows = cells(opened(tmp_path, text))
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]


def test_quoted_line_breaks_stay_in_their_cell_and_count_as_one_line(tmp_path: Path) -> None:
    text = 'sku,description,price\n1,"ligne une\nligne deux, ""citée""\n\nfin",5\n\n2,court,6\n'
    rows = list(opened(tmp_path, text).rows())
    assert rows[0].cells["description"] == 'ligne une\nligne deux, "citée"\n\nfin'
    assert [row.number for row in rows] == [2, 4]


@pytest.mark.parametrize("ends", ["", ";", ";;"])
def test_quoted_line_breaks_stay_whole_where_lines_end_in_empty_columns(tmp_path: Path, ends: str) -> None:
    lines = "".join(f'A{i};"Deux\nlignes ; ici\n\nfin";{i}{ends}\n' for i in range(5))
    table = open_table(written(tmp_path, "a.csv", f"ref;nom;stock{ends}\n{lines}"))
    assert [row.cells["nom"] for row in table.rows()] == ["Deux\nlignes ; ici\n\nfin"] * 5
    assert "loose_quotes" not in {note.code for note in table.notes}


def test_a_line_with_another_number_of_fields_is_given_and_told(tmp_path: Path) -> None:
    table = opened(tmp_path, "sku;name;price\n1;Lampe;5\n2;Lampe\n3;La;mpe;7\n4;Sac;8;\n")
    rows = list(table.rows())
    assert [row.cells["sku"] for row in rows] == ["1", "2", "3", "4"]
    found = [(issue.code, issue.row, issue.params["found"]) for issue in table.drain_problems()]
    assert found == [("1002", 3, 2), ("1002", 4, 4)]
    assert table.drain_problems() == []


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    table = opened(tmp_path, HEADER + ROWS)
    assert list(table.rows()) == list(table.rows())


def test_a_file_without_header_keeps_its_first_line(tmp_path: Path) -> None:
    table = opened(tmp_path, "A1;Lampe de bureau;12,50\nA2;Chaise haute;19,90\nA3;Tapis rond;9,90\n")
    assert (table.header_line, table.headers) == (0, ("column_1", "column_2", "column_3"))
    assert len(cells(table)) == 3


def test_title_lines_above_the_header_are_left_aside(tmp_path: Path) -> None:
    table = opened(tmp_path, "Catalogue 2026;;\nExporté le 12/03/2026;;\n;;\n" + HEADER + ROWS + "Total;;32,40\n")
    assert (table.header_line, table.headers[0]) == (4, "Réf")
    assert [row.number for row in table.rows()] == [5, 6]
    assert {"lines_above_header", "total_lines"} <= {note.code for note in table.notes}


def test_a_persons_word_beats_what_was_found(tmp_path: Path) -> None:
    overrides = Overrides(encoding="cp1252", delimiter=",", header_line=0)
    table = opened(tmp_path, "a,b\n1,2\n", overrides=overrides)
    assert (table.encoding, table.delimiter, table.header_line, len(cells(table))) == ("cp1252", ",", 0, 2)


def test_an_unknown_encoding_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        opened(tmp_path, "a,b\n1,2\n", overrides=Overrides(encoding="klingon"))
    assert caught.value.code == "wrong_encoding"


def test_codes_in_scientific_notation_are_restored_where_the_digits_are_there_and_flagged_where_not(
    tmp_path: Path,
) -> None:
    table = opened(tmp_path, "sku;ean\nA;3,612345678901E+12\nB;3.61E+12\n")
    assert [row.cells["ean"] for row in table.rows()] == ["3612345678901", "3.61E+12"]
    assert {note.code for note in table.notes} >= {"digits_lost", "digits_restored"}


def test_a_formula_escaped_by_our_own_report_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = cells(opened(tmp_path, "sku;name\n1;'=SOMME(A1)\n2;'Tis\n"))
    assert [row[1] for row in rows] == ["=SOMME(A1)", "'Tis"]


def test_a_header_only_file_is_a_table_without_rows(tmp_path: Path) -> None:
    table = opened(tmp_path, "sku;name;price\n")
    assert (table.headers, cells(table)) == (("sku", "name", "price"), [])


def test_duplicate_and_empty_headers_become_unique(tmp_path: Path) -> None:
    table = opened(tmp_path, "sku;name;;name\n1;a;b;c\n")
    assert table.headers == ("sku", "name", "column_3", "name (2)")
