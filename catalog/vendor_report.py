"""The vendor's file back: what was sent, in its own form, with what is wrong beside each line.

Promise: same format, encoding, delimiter and order of columns, `error-line, error-code, error-message` appended; it can
be corrected and sent again as it is (these columns are replaced, never doubled). A line with too many fields keeps the
surplus after the error columns, so that these stay under their names.
Not here: which errors there are, and the words of them.

No cell can become a formula: a text that starts with one of = + - @ tab, carriage return or line feed gets an
apostrophe before it, the vendor's own cells included. Plain numbers ("-5", "-3,50 €", "+33 1 23 45 67 89") and a lone
sign stay as they are. Intake takes the apostrophe away again, so that nothing changes by going to and fro.

XML, JSON and ODS come back as CSV, which the result says in words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.intake import Table, open_table
from catalog.intake.content import content_of
from catalog.intake.limits import DEFAULT
from catalog.intake.tables import Ledger, fitted

ERROR_COLUMNS = ("error-line", "error-code", "error-message")
Errors = Mapping[int, Sequence[tuple[str, str]]]

_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
_HARMLESS = re.compile(r"[-+](?:[\d\s.,()/\u00a0\u202f]*\d[\d\s.,()\u00a0\u202f]*(?:%|€|\$|£|[A-Za-z]{1,3})?)?\s*")
_NOTICES: Mapping[str, Mapping[str, str]] = {
    "same_form": {
        "fr": "Le rapport a la forme du fichier envoyé.",
        "en": "The report has the form of the file sent.",
    },
    "as_csv": {
        "fr": "Un fichier {format} ne peut pas porter de colonnes d’erreur : le rapport est un CSV "
        "(point-virgule, UTF-8) que vous pouvez corriger et renvoyer tel quel.",
        "en": "A {format} file cannot carry error columns: the report is a CSV (semicolon, UTF-8), "
        "which you can correct and send back as it is.",
    },
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What was written: its form, its number of data lines, and a sentence on the form."""

    path: Path
    format: str
    encoding: str | None
    delimiter: str | None
    lines: int
    notice: str


def neutralized(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if text.startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def write_report(
    source: Path,
    output: Path,
    errors: Errors,
    *,
    only_errors: bool = False,
    locale: str = "fr",
    file_name: str | None = None,
) -> ReportFile:
    """Write the submitted file with its errors (line → code and message pairs) and return what was written.

    With `only_errors` only the header and the faulty lines are written. Raises `UnreadableFile` as intake does.
    """
    table = open_table(source, file_name=file_name)
    if table.format == "xlsx":
        count = _write_workbook(source, output, table, errors, only_errors)
        return _report(output, "xlsx", None, None, count, "same_form", table, locale)
    if table.format == "csv":
        encoding = "utf-8-sig" if any(note.code == "mixed_encodings" for note in table.notes) else table.encoding
        lines = _own_lines(table, errors, only_errors)
        count = _write_csv(output, lines, encoding or "utf-8", table.delimiter or ",", table.newline)
        return _report(output, "csv", encoding, table.delimiter, count, "same_form", table, locale)
    count = _write_csv(output, _table_lines(table, errors, only_errors), "utf-8-sig", ";", "\r\n")
    return _report(output, "csv", "utf-8-sig", ";", count, "as_csv", table, locale)


def _report(
    path: Path,
    form: str,
    encoding: str | None,
    delimiter: str | None,
    lines: int,
    notice: str,
    table: Table,
    locale: str,
) -> ReportFile:
    text = _NOTICES[notice]["fr" if locale.startswith("fr") else "en"].format(format=table.format.upper())
    return ReportFile(path, form, encoding, delimiter, lines, text)


def _error_cells(number: int, errors: Errors) -> list[str]:
    found = errors.get(number, ())
    if not found:
        return ["", "", ""]
    messages = " | ".join(message for _, message in found)
    return [str(number), ",".join(dict.fromkeys(code for code, _ in found)), neutralized(messages)]


# A line of the report with whether it is data (counted) or stands above the data.
_Line = tuple[bool, Sequence[str]]


def _own_lines(table: Table, errors: Errors, only_errors: bool) -> Iterator[_Line]:
    """Yield the lines of a delimited file as they are, with the error columns after the last header."""
    width = len(table.headers)
    own = [i for i, header in enumerate(table.headers) if header not in ERROR_COLUMNS]
    source = table.lines(Ledger(table.name, table.limits)) if table.lines else ()
    for number, cells in source:
        if number < table.header_line or not any(cells):
            if not only_errors and number < table.header_line:
                yield False, [neutralized(cell) for cell in cells]
            continue
        kept = [neutralized(fitted(cells, width)[i]) for i in own]
        if number == table.header_line:
            yield False, [*kept, *ERROR_COLUMNS]
        elif not only_errors or number in errors:
            yield True, [*kept, *_error_cells(number, errors), *map(neutralized, cells[width:])]


def _table_lines(table: Table, errors: Errors, only_errors: bool) -> Iterator[_Line]:
    own = [i for i, header in enumerate(table.headers) if header not in ERROR_COLUMNS]
    yield False, [*(neutralized(table.headers[i]) for i in own), *ERROR_COLUMNS]
    for number, cells in table.cells():
        if not only_errors or number in errors:
            yield True, [*(neutralized(cells[i]) for i in own), *_error_cells(number, errors)]


def _write_csv(output: Path, lines: Iterable[_Line], encoding: str, delimiter: str, newline: str) -> int:
    count = 0
    with output.open("w", encoding=encoding, errors="replace", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=newline)
        for is_data, cells in lines:
            writer.writerow(cells)
            count += is_data
    return count


def _write_workbook(source: Path, output: Path, table: Table, errors: Errors, only_errors: bool) -> int:
    """Write the sheet that was read as a new workbook: values and their formats, without styles or other sheets."""
    import openpyxl

    content = content_of(source, DEFAULT)
    count = 0
    book = openpyxl.Workbook(write_only=True)
    target = book.create_sheet(table.sheet_name)
    own = [i for i, header in enumerate(table.headers) if header not in ERROR_COLUMNS]
    with content.open() as stream:
        read = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheet = read[table.sheet_name]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            is_data = number > table.header_line
            if (not row and is_data) or (
                only_errors and (number not in errors if is_data else number < table.header_line)
            ):
                continue
            after = _error_cells(number, errors) if is_data else [""] * 3
            target.append(
                [_copied(row[i], target) if i < len(row) else None for i in own] + _after(number, table, after)
            )
            count += is_data
        read.close()
    book.save(output)
    return count


def _after(number: int, table: Table, cells: Sequence[str]) -> list[str]:
    return list(ERROR_COLUMNS) if number == table.header_line else list(cells)


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
