"""The parts of an XLSX file, read as streams: its sheets, its shared strings, the number formats of its cells.

Promise: no used range is believed, no style is needed to be valid, memory holds the shared strings and one line; every
way a part breaks is one refusal.
Not here: which sheet is the table (`spreadsheet.py`).

openpyxl's own reader was measured at 2,400 lines a second where a sheet claims no range (it reads such a sheet whole
each time it opens a workbook) and refuses workbooks with odd styles; python-calamine aborts the process on a small file
with a huge range. openpyxl's knowledge of date formats is used.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from lxml import etree

from catalog.intake.content import Content, broken_archives_refused
from catalog.intake.delimited import SCIENTIFIC, written_out
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger

_RELATION = re.compile(r"\{.*\}id$")
_COLUMN = re.compile(r"([A-Z]{1,3})\d+")
_LETTERS: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name, whether people see it, and the path of its part."""

    name: str
    visible: bool
    path: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What all sheets share: strings, the number format of each style, the day that dates count from."""

    sheets: tuple[Sheet, ...]
    strings: Sequence[str]
    formats: Sequence[str]
    dates: Sequence[bool]
    epoch: datetime


def read_workbook(content: Content) -> Workbook:
    """Return the workbook's parts; raise `UnreadableFile`."""
    from openpyxl.styles.numbers import is_date_format
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

    with _archive(content) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            raise UnreadableFile("broken_archive", {"name": content.name})
        sheets, from_1904 = _sheets(archive, content.name)
        strings = _strings(archive, content.name) if "xl/sharedStrings.xml" in names else []
        formats = _formats(archive, content.name) if "xl/styles.xml" in names else []
    dates = [bool(is_date_format(code)) for code in formats]
    return Workbook(sheets, strings, formats, dates, MAC_EPOCH if from_1904 else WINDOWS_EPOCH)


@contextmanager
def _archive(content: Content) -> Iterator[zipfile.ZipFile]:
    with broken_archives_refused(content.name), content.open() as stream, zipfile.ZipFile(stream) as archive:
        yield archive


def _elements(stream: BinaryIO | Any, name: str, tags: Sequence[str]) -> Iterator[Any]:
    """Yield the ended elements of these local names, each forgotten when the next is asked for."""
    wanted = [f"{{*}}{tag}" for tag in tags]
    parser = etree.iterparse(
        stream, events=("end",), tag=wanted, resolve_entities=False, no_network=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    first = True
    try:
        for _, element in parser:
            if first and element.getroottree().docinfo.doctype:
                raise UnreadableFile("xml_dtd", {"name": name})
            first = False
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableFile("broken_archive", {"name": name}) from error


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _sheets(archive: zipfile.ZipFile, name: str) -> tuple[tuple[Sheet, ...], bool]:
    targets = {}
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        for element in _elements(part, name, ["Relationship"]):
            target = element.get("Target") or ""
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[element.get("Id")] = whole
    found, from_1904 = [], False
    with archive.open("xl/workbook.xml") as part:
        for element in _elements(part, name, ["sheet", "workbookPr"]):
            if _local(element) == "workbookPr":
                from_1904 = element.get("date1904") in ("1", "true")
                continue
            relation = next((value for key, value in element.attrib.items() if _RELATION.match(str(key))), None)
            path = targets.get(relation, "")
            if path.startswith("xl/") and "chartsheet" not in path:
                found.append(Sheet(element.get("name") or "", element.get("state", "visible") == "visible", path))
    return tuple(found), from_1904


def _strings(archive: zipfile.ZipFile, name: str) -> list[str]:
    """Return the shared strings, runs of rich text joined, phonetic readings left out."""
    with archive.open("xl/sharedStrings.xml") as part:
        return [_rich_text(element) for element in _elements(part, name, ["si"])]


def _rich_text(element: Any) -> str:
    texts = []
    for child in element:
        local = _local(child)
        if local == "t":
            texts.append(child.text or "")
        elif local == "r":
            texts += [piece.text or "" for piece in child if _local(piece) == "t"]
    return "".join(texts)


def _formats(archive: zipfile.ZipFile, name: str) -> list[str]:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    own: dict[str, str] = {}
    formats: list[str] = []
    with archive.open("xl/styles.xml") as part:
        for element in _elements(part, name, ["numFmt", "cellXfs"]):
            if _local(element) == "numFmt":
                own[element.get("numFmtId") or ""] = element.get("formatCode") or "General"
                continue
            for style in element:
                code = style.get("numFmtId") or "0"
                builtin = BUILTIN_FORMATS.get(int(code), "General") if code.isdigit() else "General"
                formats.append(own.get(code, builtin))
    return formats


def sheet_lines(content: Content, book: Workbook, sheet: Sheet, ledger: Ledger) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a sheet that hold cells, as texts, with the number a person sees."""
    number = 0
    with _archive(content) as archive:
        if sheet.path not in archive.namelist():
            raise UnreadableFile("broken_archive", {"name": content.name})
        with archive.open(sheet.path) as part:
            for row in _elements(part, content.name, ["row"]):
                given = row.get("r") or ""
                number = int(given) if given.isdigit() else number + 1
                yield number, _cells(row, book, ledger)


def _cells(row: Any, book: Workbook, ledger: Ledger) -> list[str]:
    cells: list[str] = []
    for cell in row:
        place = _COLUMN.match(cell.get("r") or "")
        column = column_index(place[1]) if place else len(cells)
        text = _text(cell, book, ledger)
        if not text:
            continue
        if column > len(cells):
            cells += [""] * (column - len(cells))
        cells[column:column + 1] = [text]  # fmt: skip
    return cells


def column_index(letters: str) -> int:
    """Return the place of a column, "A" being 0."""
    known = _LETTERS.get(letters)
    if known is None:
        known = 0
        for letter in letters:
            known = known * 26 + ord(letter) - 64
        _LETTERS[letters] = known
    return known - 1


def _text(cell: Any, book: Workbook, ledger: Ledger) -> str:
    """Return what a person sees in a cell, without grouping marks."""
    kind = cell.get("t") or "n"
    value: str | None = None
    formula = False
    for child in cell:
        local = _local(child)
        if local == "v":
            value = child.text
        elif local == "f":
            formula = True
        elif local == "is":
            return _shown(_rich_text(child), ledger)
    if not value:
        if formula and kind != "str":
            ledger.count("formula_without_value")
        return ""
    if kind == "s":
        place = int(value) if value.isdigit() else -1
        return _shown(book.strings[place], ledger) if 0 <= place < len(book.strings) else ""
    if kind == "n":
        return _number(value, int(cell.get("s") or 0), book)
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return _shown(value, ledger)


def _shown(text: str, ledger: Ledger) -> str:
    if "E+" in text and (match := SCIENTIFIC.fullmatch(text.strip())):
        return written_out(text, match, ledger)
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        return text[1:]
    return text.replace("_x000D_", "").replace("\r\n", "\n").strip()


def _number(raw: str, style: int, book: Workbook) -> str:
    """Return a number with its digits; leading zeros, per cent and currency that its format shows are kept."""
    if raw.isdigit() and (style == 0 or style >= len(book.formats)):
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if style < len(book.dates) and book.dates[style]:
        return _moment(value, book) or raw
    shown = book.formats[style] if style < len(book.formats) else "General"
    return _formatted(value, shown)


def _formatted(value: float, shown: str) -> str:
    if "%" in shown:
        return f"{value * 100:.12g} %"
    whole = value.is_integer() and abs(value) < 1e16
    text = str(int(value)) if whole else f"{value:.15g}"
    if shown == "General":
        return text
    if whole and set(shown) == {"0"}:
        return text.zfill(len(shown))
    return next((f"{text} {sign}" for sign in ("€", "£") if sign in shown), text)


def _moment(value: float, book: Workbook) -> str | None:
    from openpyxl.utils.datetime import from_excel

    try:
        moment = from_excel(value, book.epoch)
    except (OverflowError, ValueError):
        return None
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time(0) else moment.isoformat(" ", "seconds")
    if isinstance(moment, date | time):
        return moment.isoformat()
    return str(moment) if isinstance(moment, timedelta) else None
