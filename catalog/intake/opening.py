"""The one door: a file of any kind becomes a `Table`, or a coded refusal.

Promise: the kind is found from the bytes, each kind has one reader in the table below.
Not here: the protection of the process (`child.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from catalog.intake.content import Content, broken_archives_refused, content_of
from catalog.intake.delimited import open_delimited
from catalog.intake.detection import kind_of
from catalog.intake.json import open_json, open_jsonl
from catalog.intake.limits import DEFAULT, Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import NO_OVERRIDES, Overrides, Table


def _open_xlsx(content: Content, overrides: Overrides, limits: Limits) -> Table:
    from catalog.intake.spreadsheet import open_spreadsheet

    return open_spreadsheet(content, overrides, limits)


def _open_ods(content: Content, overrides: Overrides, limits: Limits) -> Table:
    from catalog.intake.opendocument import open_opendocument

    return open_opendocument(content, overrides, limits)


def _open_xml(content: Content, _: Overrides, limits: Limits) -> Table:
    from catalog.intake.xml import open_xml

    return open_xml(content, limits)


# The readers that need a library of their own import it when first used: most files are CSV, and a child starts anew.
READERS: Mapping[str, Callable[[Content, Overrides, Limits], Table]] = {
    "csv": open_delimited,
    "xlsx": _open_xlsx,
    "ods": _open_ods,
    "xml": _open_xml,
    "json": lambda content, _, limits: open_json(content, limits),
    "jsonl": lambda content, _, limits: open_jsonl(content, limits),
}


def open_table(
    source: Path, *, file_name: str | None = None, overrides: Overrides | None = None, limits: Limits = DEFAULT
) -> Table:
    """Return the table of a file, read in this process.

    `file_name` is the vendor's name for it, for messages; `overrides` what a person decided in the preview.
    Raises `UnreadableFile` for what is no table. For files from outside use `safe_open_table`.
    """
    content = content_of(Path(source), limits, file_name)
    try:
        with broken_archives_refused(content.name):
            return READERS[kind_of(content)](content, overrides or NO_OVERRIDES, limits)
    except MemoryError as error:
        raise UnreadableFile("too_much_memory", {"name": content.name}) from error
