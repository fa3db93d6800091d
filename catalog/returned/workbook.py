"""An XLSX workbook given back: values and their formats, the sheet that was read with three columns more.

Styles and formulas do not come back: a formula is the value it had. The other sheets come back as they were, unless only
the faulty lines are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalog.intake.content import Content
from catalog.intake.tables import Table
from catalog.returned.errors import ERROR_COLUMNS, Errors, cells_of
from catalog.returned.lines import neutralized


def write_workbook(content: Content, output: Path, table: Table, errors: Errors, *, only_errors: bool) -> int:
    """Write the workbook with its errors; returns how many lines of data were written."""
    import openpyxl

    count = 0
    book = openpyxl.Workbook(write_only=True)
    with content.open() as stream:
        read = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in read.worksheets:
            if sheet.title != table.sheet_name and only_errors:
                continue
            sheet.reset_dimensions()
            target = book.create_sheet(sheet.title)
            target.sheet_state = sheet.sheet_state
            if sheet.title == table.sheet_name:
                count = _write_sheet(sheet, target, table, errors, only_errors)
            else:
                for row in sheet.iter_rows():
                    target.append([_copied(cell, target) for cell in row])
        read.close()
    book.save(output)
    return count


def _write_sheet(sheet: Any, target: Any, table: Table, errors: Errors, only_errors: bool) -> int:
    own = [place for place, header in enumerate(table.headers) if header not in ERROR_COLUMNS]
    count = 0
    if not table.header_line:
        # Under the names by which its columns were mapped, a sheet without a header is read the same again.
        target.append([*(table.headers[place] for place in own), *ERROR_COLUMNS])
    for number, row in enumerate(sheet.iter_rows(), 1):
        is_data = number > table.header_line
        left_out = number not in errors if is_data else number < table.header_line
        if (not row and is_data) or (only_errors and left_out):
            continue
        kept = [_copied(row[place], target) if place < len(row) else None for place in own]
        target.append([*kept, *_beside(number, table, errors)])
        count += is_data
    return count


def _beside(number: int, table: Table, errors: Errors) -> Sequence[str]:
    if number == table.header_line:
        return ERROR_COLUMNS
    line, codes, messages = cells_of(number, errors) if number > table.header_line else ["", "", ""]
    return line, codes, neutralized(messages)


def _copied(cell: Any, target: Any) -> Any:
    """Return a cell for a write-only sheet: its value as read, texts without danger, numbers and dates as shown."""
    from openpyxl.cell import WriteOnlyCell

    value = cell.value
    if value is None:
        return None
    copied = WriteOnlyCell(target, neutralized(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        copied.data_type = "s"  # even one that starts with "=" stays a text
    else:
        copied.number_format = cell.number_format
    return copied
