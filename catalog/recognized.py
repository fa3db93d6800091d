"""What was recognized of a file, in an editor's words: its form, its encoding, where its columns have their names.

Promise: only what has a meaning for the file's form is told. Not here: recognizing (`catalog.intake`).
"""

from __future__ import annotations

import re

from flask_babel import gettext as _

from backoffice import formatting
from catalog.intake import Table

# Files whose values carry their own names: they have neither a header's line nor columns without one.
NAMED_VALUES = ("xml", "json", "jsonl")
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "ascii": "UTF-8",
    "cp1252": "Windows-1252",
    "cp850": "DOS (850)",
    "mac_roman": "Macintosh",
}
_UNNAMED = re.compile(r"column_(\d+)")


def facts(table: Table, lines: int | None) -> list[tuple[str, str]]:
    """Return (what, its value in words) for the page that a file is checked on."""
    found = [(_("Format"), table.format.upper())]
    if table.encoding:
        found.append((_("Encoding"), encoding_name(table.encoding)))
    if table.delimiter:
        found.append((_("Delimiter"), _("tab") if table.delimiter == "\t" else table.delimiter))
    if table.sheet_name:
        found.append((_("Tab of the workbook"), table.sheet_name))
    found.append(_names(table))
    said = formatting.number(lines) if lines else _("being counted; the import need not wait")
    return [*found, (_("Lines"), said)]


def _names(table: Table) -> tuple[str, str]:
    if table.format in NAMED_VALUES:
        return _("Names of the columns"), _("those that the file gives its values")
    return _("Header on line"), str(table.header_line or _("none"))


def encoding_name(code: str) -> str:
    """Return what people call an encoding, its code in capitals where they call it nothing else."""
    return _ENCODINGS.get(code, code.upper())


def column_name(header: str) -> str:
    """Return a column's name, or its number in words where the file gave it no name."""
    unnamed = _UNNAMED.fullmatch(header)
    return _("Column %(number)s", number=unnamed[1]) if unnamed else header
