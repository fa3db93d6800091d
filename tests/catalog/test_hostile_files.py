"""Every weapon known: one clear sentence, the process alive, memory bounded, nothing written."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.intake import DEFAULT, UnreadableFile, open_table, safe_open_table
from catalog.intake.content import display_name
from catalog.intake.refusals import TEXTS
from tests.catalog.intake.files import (
    gzipped,
    ods,
    ods_cell,
    ods_row,
    repacked,
    with_shared_strings,
    workbook,
    written,
    zipped,
)

SMALL = workbook({"P": [["sku", "name"], ["1", "Lampe"]]})
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z SYSTEM "file:///etc/passwd">]><a><b><c>&x;</c></b><b><c>&z;</c></b></a>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'

# name, content, code of the refusal
REFUSED = [
    ("vide.csv", b"", "empty"),
    ("vide.zip", zipped({}), "archive_many"),
    ("blanc.csv", b"\n\n  \n", "no_rows"),
    ("vieux.xls", OLE2, "old_excel"),
    ("secret.xlsx", OLE2 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("excel2003.xls", '<?xml version="1.0"?><W xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "old_excel"),
    ("page.xls", "<html><body><table><tr><td>1</td></tr></table></body></html>", "web_page"),
    ("binaire.xlsb", zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}), "binary_excel"),
    ("lettre.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "wrong_type"),
    ("doc.csv", b"%PDF-1.7\n" + b"x" * 50, "wrong_type"),
    ("image.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "wrong_type"),
    ("polyglotte.csv", b"GIF89a" + zipped({"a.csv": b"sku;name\n1;x\n"}), "wrong_type"),
    ("dessin.xml", SVG, "wrong_type"),
    ("octets.csv", bytes(range(256)) * 40, "binary"),
    ("dtd.xml", DTD, "xml_dtd"),
    ("rires.xml", '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l><i><n>&b;</n></i></l>', "xml_dtd"),
    ("casse.xml", "<a><b>", "broken_xml"),
    ("casse.xlsx", SMALL[: len(SMALL) // 2], "broken_archive"),
    ("casse.gz", gzipped(b"sku;name\n" * 50)[:30], "broken_archive"),
    ("deux.zip", zipped({"a.csv": b"a", "b.csv": b"b"}), "archive_many"),
    ("poupee.zip", zipped({"a.zip": zipped({"b.csv": b"a;b\n1;2\n"})}), "archive_nested"),
    ("poupee.gz", gzipped(gzipped(b"a;b\n1;2\n")), "archive_nested"),
    ("longue.csv", b"sku;name\n1;" + b"x" * 10_000_000, "line_too_long"),
    ("large.csv", b";".join([b"c"] * 400_000) + b"\n", "too_many_columns"),
    ("large2.csv", b"a;b\n" + b";".join([b"c"] * 400_000) + b"\n", "too_many_columns"),
    ("bombe.zip", zipped({"a.csv": b"0;0;0;0;0\n" * 6_000_000}), "archive_bomb"),
    ("bombe.csv.gz", gzipped(b"0;0;0;0;0\n" * 6_000_000), "archive_bomb"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_it_is_refused_in_one_sentence_in_both_languages(
    tmp_path: Path, name: str, data: bytes | str, code: str
) -> None:
    source = written(tmp_path, name, data)
    with pytest.raises(UnreadableFile) as caught:
        list(open_table(source).rows())
    assert caught.value.code == code
    for locale in ("fr", "en"):
        assert name in caught.value.message(locale)
        assert "{" not in caught.value.message(locale)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_every_refusal_has_its_words_in_both_languages() -> None:
    for code in TEXTS:
        messages = {locale: UnreadableFile(code, {"name": "f.csv"}).message(locale) for locale in ("fr", "en")}
        assert messages["fr"] != messages["en"]
        assert "{" not in "".join(messages.values())


def test_a_path_in_a_file_name_is_only_ever_shown_as_its_last_part(tmp_path: Path) -> None:
    assert display_name("../../etc/passwd\x00.csv") == "passwd.csv"
    assert display_name("C:\\temp\\tarif.csv") == "tarif.csv"
    table = open_table(written(tmp_path, "a.zip", zipped({"../../../tmp/evil.csv": b"sku;name\n1;Lampe\n"})))
    assert [row.cells["name"] for row in table.rows()] == ["Lampe"]
    assert not Path("/tmp/evil.csv").exists()


def test_a_workbook_with_a_huge_used_range_is_read(tmp_path: Path) -> None:
    huge = repacked(
        SMALL,
        lambda name, part: (
            part.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"') if "sheet1" in name else part
        ),
    )
    assert len(list(safe_open_table(written(tmp_path, "f.xlsx", huge)).rows())) == 1


def test_a_workbook_part_with_a_document_type_is_refused(tmp_path: Path) -> None:
    evil = repacked(
        SMALL, lambda name, part: b'<!DOCTYPE x [<!ENTITY y "z">]>' + part if name.endswith("workbook.xml") else part
    )
    with pytest.raises(UnreadableFile) as caught:
        open_table(written(tmp_path, "f.xlsx", evil))
    assert caught.value.code == "xml_dtd"


def test_one_huge_shared_string_used_everywhere_stays_bounded(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n > 1:d}</v></c><c r="B{n}" t="s"><v>2</v></c></row>'
        for n in range(1, 12_000)
    )
    strings = f"<si><t>sku</t></si><si><t>{'x' * 40_000}</t></si><si><t>name</t></si>"
    source = written(tmp_path, "f.xlsx", with_shared_strings(SMALL, strings, rows))
    table = open_table(source, limits=replace(DEFAULT, total_text=20_000_000))
    longest = []
    with pytest.raises(UnreadableFile) as caught:
        longest.extend(max(map(len, row.cells.values())) for row in table.rows())
    assert max(longest, default=0) <= 32_767
    assert caught.value.code == "too_much_text"
    assert "cells_cut" in [note.code for note in table.notes]


def test_nuls_are_taken_out_and_told(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "f.csv", b"sku;name\n1;La\x00mpe\n2;Sac\n"))
    assert [row.cells["name"] for row in table.rows()] == ["Lampe", "Sac"]
    assert "nul_characters" in [note.code for note in table.notes]


def test_half_a_million_identical_rows_are_read_in_bounded_memory(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", b"sku;name;price\n" + b"1;Lampe de bureau;5,00\n" * 500_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in open_table(source).rows()) == 500_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_html_and_formulas_in_every_cell_are_only_text(tmp_path: Path) -> None:
    cell = "<script>alert(1)</script>"
    table = open_table(written(tmp_path, "f.csv", f"sku;name\n{cell};=cmd()\n"))
    assert list(next(table.rows()).cells.values()) == [cell, "=cmd()"]


def test_an_ods_that_claims_endless_columns_is_refused(tmp_path: Path) -> None:
    cell = ods_cell('table:number-columns-repeated="9000000" office:value-type="string"', "x")
    wide = f"<table:table-row>{cell}</table:table-row>"
    with pytest.raises(UnreadableFile) as caught:
        open_table(written(tmp_path, "f.ods", ods(ods_row("sku", "name") + wide)))
    assert caught.value.code == "too_many_columns"


def test_the_child_gives_the_same_as_reading_here(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", "Réf;Désignation\nA1;Été\nA2\n" + "A3;Lampe\n" * 1200)
    here, there = open_table(source), safe_open_table(source)
    assert (there.headers, there.format, there.delimiter) == (here.headers, here.format, here.delimiter)
    assert list(there.rows()) == list(here.rows())
    assert there.drain_problems() == here.drain_problems() != []


def test_a_child_over_its_time_is_killed_and_told(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", b"sku;name\n" + b"1;Lampe\n" * 400_000)
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        list(safe_open_table(source, limits=replace(DEFAULT, seconds=0.15)).rows())
    assert caught.value.code == "too_long"
    assert time.monotonic() - started < 10


def test_the_time_that_the_caller_takes_is_not_the_childs(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", b"sku;name\n" + b"1;Lampe\n" * 2_000)
    count = 0
    for _ in safe_open_table(source, limits=replace(DEFAULT, seconds=2.0)).rows():
        count += 1
        if count == 1:
            time.sleep(2.2)
    assert count == 2_000


def test_lines_of_a_megabyte_each_do_not_keep_the_delimiter_waiting(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", b"sku;name;price\n" + (b"1;" + b'a "b, ' * 120_000 + b";5\n") * 30)
    started = time.monotonic()
    assert open_table(source).delimiter == ";"
    assert time.monotonic() - started < 10


def test_a_child_over_its_memory_dies_alone_and_it_is_told(tmp_path: Path) -> None:
    strings = "".join(f"<si><t>{n:0500d}</t></si>" for n in range(200_000))
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    heavy = written(tmp_path, "f.xlsx", with_shared_strings(SMALL, strings, rows))
    limits = replace(DEFAULT, process_bytes=150_000_000, ratio_floor=1_000_000_000)
    with pytest.raises(UnreadableFile) as caught:
        safe_open_table(heavy, limits=limits)
    assert caught.value.code == "too_much_memory"


def test_no_child_outlives_a_reading_given_up_midway(tmp_path: Path) -> None:
    source = written(tmp_path, "f.csv", b"sku;name\n" + b"1;Lampe\n" * 200_000)
    # Other tests of this process may have children of their own.
    before = _children()
    rows = safe_open_table(source).rows()
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    assert _children() <= before


def _children() -> set[str]:
    """Return the numbers of this process's children, where the system tells them."""
    told = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(told.read_text().split()) if told.exists() else set()
