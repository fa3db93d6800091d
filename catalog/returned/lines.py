"""A delimited file given back: its own encoding, delimiter, line ends and lines above the header, three columns more.

A line with too many fields keeps the surplus after the columns of errors, so that these stay under their names. No cell
can become a formula: a text that starts with one of = + - @ tab, carriage return or line feed gets an apostrophe before
it, the vendor's own cells included. Plain numbers ("-5", "-3,50 €", "+33 1 23 45 67 89") and a lone sign stay as they
are. Intake takes the apostrophe away again, so that nothing changes by going to and fro.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog.folding import PLAINLY
from catalog.intake.tables import Ledger, Table, fitted
from catalog.returned.errors import ERROR_COLUMNS, Errors, cells_of

_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
_HARMLESS = re.compile(r"[-+](?:[\d\s.,()/\u00a0\u202f]*\d[\d\s.,()\u00a0\u202f]*(?:%|€|\$|£|[A-Za-z]{1,3})?)?\s*")


def neutralized(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if text.startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def write_lines(output: Path, table: Table, errors: Errors, *, encoding: str, only_errors: bool) -> int:
    """Write the file with its errors; returns how many lines of data were written."""
    count = 0
    with output.open("w", encoding=encoding, errors=PLAINLY, newline="") as stream:
        writer = csv.writer(stream, delimiter=table.delimiter or ",", lineterminator=table.newline)
        for is_data, cells in _lines(table, errors, only_errors):
            writer.writerow(cells)
            count += is_data
    return count


def _lines(table: Table, errors: Errors, only_errors: bool) -> Iterator[tuple[bool, Sequence[str]]]:
    """Yield the lines as they are, each with whether it is data, with the columns of errors after the last header."""
    width = len(table.headers)
    own = [place for place, header in enumerate(table.headers) if header not in ERROR_COLUMNS]
    source = table.lines(Ledger(table.name, table.limits)) if table.lines else ()
    if not table.header_line:
        # Under the names by which its columns were mapped, a file without a header is read the same again.
        yield False, [*(table.headers[place] for place in own), *ERROR_COLUMNS]
    for number, cells in source:
        if number < table.header_line or not any(cells):
            if not only_errors and number < table.header_line:
                yield False, [neutralized(cell) for cell in cells]
            continue
        kept = [neutralized(fitted(cells, width)[place]) for place in own]
        if number == table.header_line:
            yield False, [*kept, *ERROR_COLUMNS]
        elif not only_errors or number in errors:
            line, codes, messages = cells_of(number, errors)
            yield True, [*kept, line, codes, neutralized(messages), *map(neutralized, cells[width:])]
