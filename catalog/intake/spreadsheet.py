"""XLSX workbooks as a table: the sheet that looks most like products, its cells as the vendor sees them.

Promise: streaming, whatever used range a sheet claims; formulas by their stored value; whole numbers with all their
digits; dates as 2026-11-22; cells merged downwards repeated; hidden columns read and said.
Not here: XLS and XLSB, refused by `detection.py`; the parts of the file, in `workbook.py`; ODS, in `opendocument.py`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalog.intake.content import Content, broken_archives_refused, check_directory
from catalog.intake.grid import Head, Lines, data_lines, head_of, sample_of
from catalog.intake.headers import choose_header
from catalog.intake.limits import Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger, Note, Overrides, Table
from catalog.intake.workbook import Sheet, Workbook, column_index, read_workbook, sheet_lines
from catalog.mapping.vocabulary import is_known_header

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
# A list of values has a few headers that products have too: "Marque", "Couleur".
FEW_KNOWN = 2
MERGES = 100_000


@dataclass(slots=True)
class Layout:
    """What a sheet's own XML says beside its cells: downward merges, section lines, hidden columns."""

    down: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    across: dict[int, int] = field(default_factory=dict)
    hidden: int = 0


def open_spreadsheet(content: Content, overrides: Overrides, limits: Limits) -> Table:
    """Return the table of the best sheet of a workbook; raise `UnreadableFile`."""
    _check_parts(content, limits)
    book = read_workbook(content)
    by_name = {sheet.name: sheet for sheet in book.sheets}
    names = list(by_name)
    visible = [sheet.name for sheet in book.sheets if sheet.visible] or names
    name, twins = chosen_sheet(
        visible, names, lambda title: _lines(content, book, by_name[title], Layout()), overrides, content, limits
    )
    layout = _layout(content, by_name[name].path)
    lines = _lines(content, book, by_name[name], layout)
    head = head_of(sample_of(lines, content.name, limits), content.name, overrides.header_line)
    notes = sheet_notes(content, (name, visible, twins), head)
    notes += [Note("hidden_columns", {"count": layout.hidden})] if layout.hidden else []
    return sheet_table("xlsx", content, lines, head, (name, names, notes), limits)


def sheet_table(
    kind: str,
    content: Content,
    lines: Lines,
    head: Head,
    sheet: tuple[str, Sequence[str], Sequence[Note]],
    limits: Limits,
) -> Table:
    """Return the table of one sheet, read as `lines` says, with the sheet's name, its sisters and notes."""
    name, names, notes = sheet
    return Table(
        content.name, kind, head.headers, lambda ledger: data_lines(lines, head, ledger, strict=False),
        header_line=head.header_line, sheet_name=name, sheet_names=tuple(names), head_notes=tuple(notes),
        lead=head.lead, limits=limits,
    )  # fmt: skip


def sheet_notes(content: Content, sheets: tuple[str, Sequence[str], Sequence[str]], head: Head) -> list[Note]:
    """Return the notes that every kind of workbook has, of its sheets (the one read, all of them, its twins)."""
    sheet, names, twins = sheets
    notes = [Note("archive", {"member": content.member})] if content.member else []
    others = [name for name in names if name != sheet and name not in twins]
    for code, left in (("twin_sheets", twins), ("other_sheets", others)):
        if left:
            notes.append(Note(code, {"sheet": sheet, "others": ", ".join(left[:10])}))
    return [*notes, *head.notes]


def chosen_sheet(
    names: Sequence[str],
    every: Sequence[str],
    lines_of: Callable[[str], Lines],
    overrides: Overrides,
    content: Content,
    limits: Limits,
) -> tuple[str, list[str]]:
    """Return the sheet asked for, or the one that looks most like products, and those that look like products too."""
    asked = overrides.sheet_name
    if asked is not None and asked not in every:
        raise UnreadableFile("unknown_sheet", {"name": content.name, "sheet": asked})
    if not names and asked is None:
        raise UnreadableFile("no_rows", {"name": content.name})
    if len(names) < 2:
        return asked or names[0], []
    looks = {name: _look(lines_of(name), content.name, limits) for name in names[:50]}
    chosen = asked or max(looks, key=lambda name: looks[name].score)
    known = max(FEW_KNOWN + 1, looks[chosen].known / 2 if chosen in looks else 0)
    return chosen, [name for name, look in looks.items() if name != chosen and look.lines and look.known >= known]


@dataclass(frozen=True)
class _Look:
    """What the first lines of a sheet hold: known headers, headers, lines below them."""

    known: int = 0
    headers: int = 0
    lines: int = 0

    @property
    def score(self) -> float:
        """Return how much it looks like products: known headers first, then lines (up to the sample), then columns."""
        if not self.headers:
            return min(self.lines, 50) / 1000
        return (
            (self.known if self.lines else 0.2 * self.known) + min(self.lines, 50) / 100 + min(self.headers, 50) / 1000
        )


def _look(lines: Lines, name: str, limits: Limits) -> _Look:
    sample = [cells for _, cells in sample_of(lines, name, limits)]
    choice = choose_header(sample)
    if not sample or choice.header is None:
        return _Look(lines=len(sample))
    header = [cell for cell in sample[choice.header] if cell.strip()]
    return _Look(sum(map(is_known_header, header)), len(header), len(sample) - choice.first_row)


def _check_parts(content: Content, limits: Limits) -> None:
    """Refuse a workbook whose parts are too heavy or declare a document type."""
    with broken_archives_refused(content.name), content.open() as stream, zipfile.ZipFile(stream) as archive:
        size = stream.seek(0, 2)
        for info in check_directory(archive, size, content.name, limits):
            if info.filename.endswith((".xml", ".rels")):
                with archive.open(info) as part:
                    if _DOCTYPE.search(part.read(4096)):
                        raise UnreadableFile("xml_dtd", {"name": content.name})


def _layout(content: Content, path: str) -> Layout:
    """Read a sheet's merges and hidden columns from its XML, as a stream of bytes."""
    layout = Layout()
    with broken_archives_refused(content.name), content.open() as stream, zipfile.ZipFile(stream) as archive:
        if path not in archive.namelist():
            return layout
        with archive.open(path) as part:
            tail = b""
            while chunk := part.read(1 << 20):
                cut = max(chunk.rfind(b">"), 0) + 1
                block, tail = tail + chunk[:cut], chunk[cut:]
                _read_layout(block, layout)
    return layout


def _read_layout(block: bytes, layout: Layout) -> None:
    if b"hidden=" in block:
        for tag in _COLUMN.findall(block):
            layout.hidden += bool(_HIDDEN.search(tag))
    if b"mergeCell " not in block:
        return
    for left, top, right, bottom in _MERGE.findall(block):
        first, last = column_index(left.decode()), column_index(right.decode())
        if len(layout.down) >= MERGES or int(bottom) - int(top) > MERGES or last - first > 500:
            return
        if last > first:
            layout.across[int(top)] = max(layout.across.get(int(top), 0), last - first + 1)
        for row in range(int(top) + 1, int(bottom) + 1):
            layout.down[row, first] = (int(top), first)


def _lines(content: Content, book: Workbook, sheet: Sheet, layout: Layout) -> Lines:
    return lambda ledger: _filled_down(sheet_lines(content, book, sheet, ledger), layout, ledger)


def _filled_down(
    lines: Iterable[tuple[int, list[str]]], layout: Layout, ledger: Ledger
) -> Iterator[tuple[int, list[str]]]:
    """Repeat cells merged downwards, and leave out lines that are one cell merged across (section titles)."""
    if not layout.down and not layout.across:
        yield from lines
        return
    kept: dict[tuple[int, int], str] = {}
    anchors = set(layout.down.values())
    columns: dict[int, list[int]] = {}
    for row, column in layout.down:
        columns.setdefault(row, []).append(column)
    for number, cells in lines:
        for column in columns.get(number, ()):
            value = kept.get(layout.down[number, column], "")
            if value and any(cells):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or value
        ledger.count("merged_cells", number in columns)
        for row, column in ((number, c) for c in range(len(cells)) if (number, c) in anchors):
            kept[row, column] = cells[column]
        filled = sum(1 for cell in cells if cell)
        if filled == 1 and layout.across.get(number, 0) >= 3:
            ledger.count("total_lines")
            continue
        yield number, cells
