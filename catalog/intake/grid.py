"""From numbered lines of cells to a table: header found, blank lines, totals and footnotes left out.

Promise: the same for delimited files and spreadsheets; line numbers are those the vendor sees, blank lines counted.
Not here: where the lines come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.intake.header_lines import are_one, as_one, told_lines
from catalog.intake.headers import LOOK_AT, choose_header, is_remark, is_total_line, unique_headers
from catalog.intake.limits import Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger, Note, fitted

SAMPLED_TEXT = 4_000_000
"""Characters of a sample, whatever the length of its lines."""

# Numbered lines of a file from its first: (line as the vendor sees it, cells).
Lines = Callable[[Ledger], Iterable[tuple[int, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines say: unique headers, the header's line (0: none), the first line of data."""

    headers: tuple[str, ...]
    header_line: int
    first_line: int
    notes: tuple[Note, ...]
    lead: tuple[tuple[str, ...], ...]


def sample_of(lines: Lines, name: str, limits: Limits, size: int = LOOK_AT * 3) -> list[tuple[int, Sequence[str]]]:
    """Return the first non-blank lines; raise where a line has more columns than allowed."""
    found: list[tuple[int, Sequence[str]]] = []
    text = 0
    for number, cells in islice(lines(Ledger(name, limits)), size * 4):
        refuse_wide(cells, name, limits)
        if any(map(str.strip, cells)):
            found.append((number, cells))
            text += sum(map(len, cells))
        if len(found) >= size or text > SAMPLED_TEXT:
            break
    return found


def refuse_wide(cells: Sequence[str], name: str, limits: Limits) -> None:
    """Raise where a line has more cells than the limit of columns."""
    if len(cells) > limits.columns:
        raise UnreadableFile("too_many_columns", {"name": name, "limit": limits.columns})


def head_of(sample: Sequence[tuple[int, Sequence[str]]], name: str, header_line: int | None = None) -> Head:
    """Return the head of a table from its first non-blank lines; `header_line` is a person's word (0: no header)."""
    if not sample:
        raise UnreadableFile("no_rows", {"name": name})
    numbers = [number for number, _ in sample]
    lines = [cells for _, cells in sample]
    told = told_lines(lines[0])
    if header_line is None and told and told[0] in numbers:
        index: int | None = numbers.index(told[0])
        first = next((at for at, number in enumerate(numbers) if number >= told[1]), len(numbers))
    elif header_line is None:
        choice = choose_header(lines)
        index, first = choice.header, choice.first_row
    else:
        index = numbers.index(header_line) if header_line in numbers else None
        first = 0 if index is None else index + 1
    named = [*lines[index]] if index is not None else []
    if index is not None and index + 1 < len(lines) and are_one(named, lines[index + 1]):
        named, first = as_one(named, lines[index + 1]), max(first, index + 2)
    elif index and are_one(lines[index - 1], named):
        named = as_one(lines[index - 1], named)
    width = _width(lines[first:] or lines, named)
    headers, empty, doubled = unique_headers(fitted(named, width))
    above = first - 1 if index is not None else first
    notes = [Note("lines_above_header", {"count": above})] if above else []
    if index is None:
        notes.append(Note("no_header"))
    else:
        notes += [Note("empty_headers", {"count": empty})] if empty else []
        notes += [Note("duplicate_headers", {"count": doubled})] if doubled else []
    line = numbers[index] if index is not None else 0
    start = numbers[first] if first < len(numbers) else numbers[-1] + 1
    lead = tuple(tuple(cells) for cells in lines[:first])
    return Head(headers, line, start, tuple(notes), lead)


def _width(data: Sequence[Sequence[str]], header: Sequence[str]) -> int:
    """Return how many columns there are: to the last header, or the last column that half of the lines fill."""

    def last_filled(cells: Sequence[str]) -> int:
        return max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)

    widths = sorted(map(last_filled, data))
    usual = widths[-1] if not header else widths[len(widths) // 2]
    return max(last_filled(header), usual, 1)


def data_lines(lines: Lines, head: Head, ledger: Ledger, *, strict: bool) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the data lines fitted to the headers.

    With `strict` (delimited files) another number of fields is a problem of the line; without (spreadsheets, where
    lines have no end of their own) lone cells after the last full line are footnotes and are left out.
    """
    width = len(head.headers)
    lone: list[tuple[int, Sequence[str]]] = []
    for number, cells in lines(ledger):
        if number < head.first_line or not any(cells):
            continue
        if len(cells) != width:
            refuse_wide(cells, ledger.name, ledger.limits)
            cells = _fit(number, cells, width, ledger, strict)
        filled = sum(1 for cell in cells if cell)
        if (filled <= max(3, width // 2) and is_total_line(cells)) or (filled == 1 and width >= 3 and is_remark(cells)):
            ledger.count("total_lines")
            continue
        if filled == 1 and width >= 4 and not strict and len(lone) < 1000:
            lone.append((number, cells))
            continue
        if filled == 0 or not any(map(str.strip, cells)):
            continue
        if lone:
            yield from lone
            lone.clear()
        yield number, cells
    ledger.count("total_lines", len(lone))


def _fit(number: int, cells: Sequence[str], width: int, ledger: Ledger, strict: bool) -> Sequence[str]:
    surplus = any(cell.strip() for cell in cells[width:])
    if strict and any(map(str.strip, cells)) and (surplus or len(cells) < width):
        ledger.wrong_fields(number, expected=width, found=len(cells))
    return fitted(cells, width)
