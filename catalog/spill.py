"""An import's mapped lines, kept in chunks beside the vendor's file between the reading and the writing.

Promise: a chunk holds all that is known of its lines before they are made, the faults of the lines themselves among
it, so that the vendor's file is read once; memory is bounded by a chunk. Not here: what a line becomes (the pipeline).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from backoffice import compact
from catalog.columns import content_hash, sku_of
from catalog.duplicates import Duplicates
from catalog.sheets import Issue, MappedSheet, Severity

# Chunks are read within minutes, once or twice: a harder compression would cost more than it saves.
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line on its way: its sheet, the identifier and hash of it, and the faults of the line itself.

    `first` is the earlier line that has the same identifier; such a line is told and not written.
    """

    sheet: MappedSheet
    sku: str
    digest: str
    first: int | None = None
    faults: tuple[Issue, ...] = field(default=())


def write(
    folder: Path, sheets: Iterable[MappedSheet], problems: Callable[[], Iterable[Issue]], *, size: int
) -> Iterator[list[Line]]:
    """Write chunks of `size` lines into the folder and give each one; `problems()` are faults found since it was asked.

    The reader is ahead of its lines: a fault found early waits for its line's chunk.
    """
    duplicates, early = Duplicates(), dict[int, Issue]()
    waiting = iter(sheets)
    for number in count():
        batch = list(islice(waiting, size))
        if not batch:
            return
        early.update((issue.row or 0, issue) for issue in problems())
        lines = [_line(sheet, duplicates, early.pop(sheet.row, None)) for sheet in batch]
        with gzip.open(_path(folder, number), "wb", compresslevel=_COMPRESSION) as out:
            out.write(compact.dumps([_as_json(line) for line in lines]))
        early = {row: issue for row, issue in early.items() if row > batch[-1].row}
        yield lines


def _line(sheet: MappedSheet, duplicates: Duplicates, broken: Issue | None) -> Line:
    sku = sku_of(sheet.values)
    first = duplicates.first_row(sku, sheet.row)
    faults = [] if first is None else [_repeated(sheet.row, sku, first)]
    if broken is not None:
        faults.append(Issue(broken.code, Severity.ERROR, None, None, dict(broken.params), sheet.row))
    return Line(sheet, sku, content_hash(sheet), first, tuple(faults))


def _repeated(row: int, sku: str, first: int) -> Issue:
    return Issue("duplicate_in_file", Severity.ERROR, "id", sku, {"first_row": first}, row)


def _path(folder: Path, chunk: int) -> Path:
    return folder / f"{chunk:06d}.json.gz"


def _as_json(line: Line) -> list[Any]:
    sheet = line.sheet
    mapped = [sheet.row, dict(sheet.values), dict(sheet.sources), dict(sheet.extras)]
    faults = [[fault.code, fault.attribute, fault.value, dict(fault.params)] for fault in line.faults]
    return [mapped, line.sku, line.digest, line.first, faults]


def read(folder: Path, chunk: int) -> Sequence[Line]:
    """Return the lines of a chunk."""
    with gzip.open(_path(folder, chunk), "rb") as source:
        return [_read_line(*entry) for entry in compact.loads(source.read())]


def _read_line(mapped: list[Any], sku: str, digest: str, first: int | None, faults: list[list[Any]]) -> Line:
    sheet = MappedSheet(*mapped)
    issues = (
        Issue(code, Severity.ERROR, attribute, value, params, sheet.row) for code, attribute, value, params in faults
    )
    return Line(sheet, sku, digest, first, tuple(issues))
