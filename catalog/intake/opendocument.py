"""ODS workbooks as a table, streamed from their content.xml.

Promise: as `spreadsheet.py`, within bounded memory; the repetition counts that ODS uses for empty areas are not
unfolded beyond the columns allowed.
Not here: other OpenDocument kinds, refused by `detection.py`. odfpy was rejected: it holds the whole document.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from catalog.intake.content import Content, broken_archives_refused, check_directory
from catalog.intake.grid import Lines, head_of, sample_of
from catalog.intake.limits import Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.spreadsheet import chosen_sheet, sheet_notes, sheet_table
from catalog.intake.tables import Ledger, Overrides, Table

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CURRENCIES = {"EUR": "€", "GBP": "£"}
REPEATED_LINES = 1_000
"""A filled line repeated more often than this is a fill of the whole sheet, not products."""


def open_opendocument(content: Content, overrides: Overrides, limits: Limits) -> Table:
    """Return the table of the best sheet of an ODS workbook; raise `UnreadableFile`."""
    with broken_archives_refused(content.name), content.open() as stream, zipfile.ZipFile(stream) as archive:
        check_directory(archive, stream.seek(0, 2), content.name, limits)
    names = _sheet_names(content)
    sheet, twins = chosen_sheet(names, names, lambda name: _lines(content, name), overrides, content, limits)
    lines = _lines(content, sheet)
    head = head_of(sample_of(lines, content.name, limits), content.name, overrides.header_line)
    notes = sheet_notes(content, (sheet, names, twins), head)
    return sheet_table("ods", content, lines, head, (sheet, names, notes), limits)


def _events(content: Content, events: Sequence[str]) -> Iterator[tuple[str, Any]]:
    tags = (f"{TABLE}table", f"{TABLE}table-row")
    with broken_archives_refused(content.name), content.open() as stream, zipfile.ZipFile(stream) as archive:
        if "content.xml" not in archive.namelist():
            raise UnreadableFile("broken_archive", {"name": content.name})
        with archive.open("content.xml") as part:
            parser = etree.iterparse(
                part, events=events, tag=tags, resolve_entities=False, no_network=True, remove_comments=True
            )
            try:
                for event, element in parser:
                    if element.getroottree().docinfo.doctype:
                        raise UnreadableFile("xml_dtd", {"name": content.name})
                    yield event, element
            except etree.XMLSyntaxError as error:
                raise UnreadableFile("broken_archive", {"name": content.name}) from error


def _sheet_names(content: Content) -> list[str]:
    names: list[str] = []
    for event, element in _events(content, ("start", "end")):
        if event == "start" and element.tag == f"{TABLE}table":
            names.append(element.get(f"{TABLE}name") or f"Sheet{len(names) + 1}")
        elif event == "end":
            _forget(element)
    return names


def _forget(element: Any) -> None:
    """Free an element and what stands before it, so that memory stays flat."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _lines(content: Content, sheet: str) -> Lines:
    def lines(ledger: Ledger) -> Iterator[tuple[int, Sequence[str]]]:
        inside, number, turn = False, 0, 0
        for event, element in _events(content, ("start", "end")):
            is_row = element.tag == f"{TABLE}table-row"
            if event == "start" and not is_row:
                turn += 1
                inside = (element.get(f"{TABLE}name") or f"Sheet{turn}") == sheet
            elif event == "end" and is_row and inside:
                times = repeated(element, "number-rows-repeated")
                cells = _cells(element, ledger)
                if any(cells):
                    for extra in range(min(times, REPEATED_LINES)):
                        yield number + 1 + extra, cells
                number += times
            if event == "end":
                _forget(element)
                if not is_row and inside:
                    return

    return lines


def repeated(element: Any, name: str) -> int:
    """Return how often a row or cell stands there, by the attribute of this name."""
    text = element.get(TABLE + name) or "1"
    return max(int(text), 1) if text.isdigit() else 1


def _cells(row: Any, ledger: Ledger) -> list[str]:
    """Return the texts of a line's cells; empty ones are only unfolded where a filled one follows."""
    cells: list[str] = []
    pending = 0
    for cell in row:
        if not isinstance(cell.tag, str):
            continue
        text = cell_text(cell)
        times = repeated(cell, "number-columns-repeated")
        if not text:
            pending += times
            continue
        if len(cells) + pending + times > ledger.limits.columns:
            raise UnreadableFile("too_many_columns", {"name": ledger.name, "limit": ledger.limits.columns})
        cells += [""] * pending + [text] * times
        pending = 0
    return cells


def cell_text(cell: Any) -> str:
    """Return what a cell says, as the vendor sees it."""
    kind = cell.get(f"{_OFFICE}value-type")
    shown = "\n".join("".join(p.itertext()) for p in cell.iterchildren(f"{TEXT}p")).strip()
    if kind in ("float", "currency", "percentage"):
        return _number(cell, kind, shown)
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value") or shown).replace("T00:00:00", "").replace("T", " ")
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value") or shown).upper()
    if shown[:1] == "'" and shown[1:2] in ("=", "+", "-", "@"):
        return shown[1:]
    return shown


def _number(cell: Any, kind: str, shown: str) -> str:
    raw = cell.get(f"{_OFFICE}value") or ""
    try:
        value = float(raw)
    except ValueError:
        return shown
    if kind == "percentage":
        return f"{value * 100:.12g} %"
    text = str(int(value)) if value.is_integer() and abs(value) < 1e16 else f"{value:.15g}"
    if shown.isdigit() and len(shown) > len(text) and shown.lstrip("0") == text:
        return shown  # leading zeros that the format shows
    sign = _CURRENCIES.get(cell.get(f"{_OFFICE}currency") or "", cell.get(f"{_OFFICE}currency") or "")
    return f"{text} {sign}".strip() if kind == "currency" else text
