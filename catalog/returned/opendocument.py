"""An ODS workbook given back: the sheet that was read with three columns more, its other parts byte for byte."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from catalog.intake.content import Content
from catalog.intake.opendocument import REPEATED_LINES, TABLE, TEXT, cell_text, repeated
from catalog.intake.tables import Table
from catalog.returned import streams
from catalog.returned.errors import ERROR_COLUMNS, Errors, cells_of

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_ROW, _SHEET = f"{TABLE}table-row", f"{TABLE}table"
# What holds rows: copied by start and end, so that a sheet of a million rows is never in memory.
_CONTAINERS = frozenset(
    {
        f"{{{_OFFICE}}}document-content", f"{{{_OFFICE}}}body", f"{{{_OFFICE}}}spreadsheet", _SHEET,
        f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group",
    }
)  # fmt: skip


class _Sheet:
    """The rows of the sheet that was read, changed one after the other."""

    def __init__(self, table: Table, errors: Errors, only_errors: bool) -> None:
        self._table, self._errors, self._only = table, errors, only_errors
        self._number, self.count, self._headed = 0, 0, False
        self._width = len(table.headers)
        self._own = [place for place, name in enumerate(table.headers) if name not in ERROR_COLUMNS]

    def rows(self, row: Any) -> Iterable[Any]:
        """Yield what stands in place of one row, which may stand for several alike."""
        times = repeated(row, "number-rows-repeated")
        first, self._number = self._number + 1, self._number + times
        filled = any(cell_text(cell) for cell in row)
        if not filled or times > REPEATED_LINES:
            if not self._only:
                yield row
            return
        if not self._table.header_line and not self._headed:
            # Under the names by which its columns were mapped, a sheet without a header is read the same again.
            yield self._names()
        row.attrib.pop(f"{TABLE}number-rows-repeated", None)
        for number in range(first, first + times):
            changed = self._changed(row if times == 1 else deepcopy(row), number)
            if changed is not None:
                yield changed

    def _names(self) -> Any:
        self._headed = True
        row = etree.Element(_ROW)
        row.extend(_cell(name) for name in (*(self._table.headers[place] for place in self._own), *ERROR_COLUMNS))
        return row

    def _changed(self, row: Any, number: int) -> Any:
        if number < self._table.header_line:
            return None if self._only else row
        if number == self._table.header_line:
            return self._with(row, ERROR_COLUMNS)
        if self._only and number not in self._errors:
            return None
        self.count += 1
        return self._with(row, cells_of(number, self._errors))

    def _with(self, row: Any, added: Sequence[str]) -> Any:
        """Return the row with these cells after the vendor's own, and what stood beyond those after them."""
        cells = self._unfolded(row)
        own = [cells[place] if place < len(cells) else _cell("") for place in self._own]
        surplus = cells[self._width :]
        for child in list(row):
            row.remove(child)
        row.extend([*own, *map(_cell, added), *surplus])
        return row

    def _unfolded(self, row: Any) -> list[Any]:
        """Return the row's cells one by one, without the empty ones at its end."""
        cells: list[Any] = []
        for cell in row:
            times = repeated(cell, "number-columns-repeated") if isinstance(cell.tag, str) else 0
            cell.attrib.pop(f"{TABLE}number-columns-repeated", None)
            room = self._table.limits.columns - len(cells)
            cells += [deepcopy(cell) for _ in range(min(times, room))]
        while cells and not cell_text(cells[-1]):
            cells.pop()
        return cells


def _cell(text: str) -> Any:
    cell = etree.Element(f"{TABLE}table-cell")
    if text:
        cell.set(f"{{{_OFFICE}}}value-type", "string")
        etree.SubElement(cell, f"{TEXT}p").text = text
    return cell


def write_opendocument(content: Content, output: Path, table: Table, errors: Errors, *, only_errors: bool) -> int:
    """Write the workbook with its errors; returns how many lines of data were written."""
    sheet = _Sheet(table, errors, only_errors)
    with content.open() as stream, zipfile.ZipFile(stream) as source, zipfile.ZipFile(output, "w") as target:
        for info in source.infolist():
            if info.filename != "content.xml":
                target.writestr(info, source.read(info))
                continue
            with source.open(info) as part, target.open("content.xml", "w", force_zip64=True) as out:
                _write_content(part, out, table.sheet_name or "", sheet)
    return sheet.count


def _write_content(part: Any, out: Any, name: str, sheet: _Sheet) -> None:
    events = etree.iterparse(
        part, events=("start", "end"), resolve_entities=False, no_network=True, remove_comments=True
    )
    here = ""
    turn = 0

    def watched() -> Iterable[tuple[str, Any]]:
        nonlocal here, turn
        for event, element in events:
            if event == "start" and element.tag == _SHEET:
                turn += 1
                here = element.get(f"{TABLE}name") or f"Sheet{turn}"
            yield event, element

    def change(where: tuple[str, ...], element: Any) -> Iterable[Any]:
        if where[-1] == _ROW and here == name:
            yield from sheet.rows(element)
        else:
            yield element

    with etree.xmlfile(out, encoding="utf-8") as writer:
        writer.write_declaration()
        streams.copy(iter(watched()), writer, lambda where: where[-1] in _CONTAINERS, change)
