"""The vendor's file back: what was sent, in its own form, with what is wrong beside each line.

Promise: same format, encoding, delimiter and order of columns, `error-line, error-code, error-message` appended; it can
be corrected and sent again as it is, with the same mapping (these columns are replaced, never doubled). Not here: which
errors there are, and the words of them (`catalog.reports`); how each format is written (`catalog.returned`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog.intake import Overrides, Table, open_table
from catalog.intake.content import Content, content_of
from catalog.returned.errors import ERROR_COLUMNS, Errors
from catalog.returned.lines import neutralized, write_lines

__all__ = ["ERROR_COLUMNS", "Errors", "ReportFile", "neutralized", "write_report"]

_NOTICE: Mapping[str, str] = {
    "fr": "Le rapport a la forme du fichier envoyé : corrigez-le et renvoyez-le tel quel.",
    "en": "The report has the form of the file sent: correct it and send it back as it is.",
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


def write_report(
    source: Path,
    output: Path,
    errors: Errors,
    *,
    only_errors: bool = False,
    locale: str = "fr",
    file_name: str | None = None,
    overrides: Overrides | None = None,
) -> ReportFile:
    """Write the submitted file with its errors (line → code and message pairs) and return what was written.

    With `only_errors` only the faulty lines are written, under the header where there is one; `overrides` is how the
    file was read. Raises `UnreadableFile` as intake does.
    """
    table = open_table(source, file_name=file_name, overrides=overrides)
    encoding = table.encoding
    if table.format == "csv":
        mixed = any(note.code == "mixed_encodings" for note in table.notes)
        encoding = "utf-8-sig" if mixed else encoding or "utf-8"
        count = write_lines(output, table, errors, encoding=encoding, only_errors=only_errors)
    else:
        content = content_of(source, table.limits, file_name)
        count = _written(content, output, table, errors, only_errors)
    notice = _NOTICE["fr" if locale.startswith("fr") else "en"]
    return ReportFile(output, table.format, encoding, table.delimiter, count, notice)


def _written(content: Content, output: Path, table: Table, errors: Errors, only: bool) -> int:
    """Write a file that is not of lines; its writer is imported when first needed, as its reader is."""
    unfolded = any(note.code == "variants_unfolded" for note in table.head_notes)
    if table.format == "xlsx":
        from catalog.returned.workbook import write_workbook

        return write_workbook(content, output, table, errors, only_errors=only)
    if table.format == "ods":
        from catalog.returned.opendocument import write_opendocument

        return write_opendocument(content, output, table, errors, only_errors=only)
    if table.format == "xml":
        from catalog.returned.xml import write_xml

        encoding = table.encoding or "utf-8"
        return write_xml(content, output, errors, encoding=encoding, unfolded=unfolded, only_errors=only)
    from catalog.returned.json import write_json, write_jsonl

    write = write_json if table.format == "json" else write_jsonl
    return write(content, output, errors, unfolded=unfolded, only_errors=only)
