"""CSV, TSV and their kin as a table, one line at a time.

Promise: any encoding of `encodings.py`, any delimiter of `dialects.py`, quotes closed or not, in bounded memory; a line
is numbered as a spreadsheet program numbers it (a record with line breaks counts once, a blank line counts).
Not here: what the columns mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from catalog.intake.content import Content
from catalog.intake.dialects import Grammar, Records, find_delimiter, sep_line
from catalog.intake.encodings import Encoding, encoding_of, text_lines
from catalog.intake.grid import Lines, data_lines, head_of, sample_of
from catalog.intake.limits import Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger, Note, Overrides, Table

SNIFFED_LINES = 300
SNIFFED_TEXT = 500_000
SCIENTIFIC = re.compile(r"(\d)[.,](\d+)[eE]\+(\d{1,2})")
# What our own reports, and careful exporters, put before a formula sign so that spreadsheets take it for text.
_ESCAPED_FORMULA = re.compile(r"'(?=[=+\-@\t\r])")


def open_delimited(content: Content, overrides: Overrides, limits: Limits) -> Table:
    """Return the table of a delimited file; raise `UnreadableFile`."""
    encoding = _encoding(content, overrides)
    first = _first_lines(content, encoding, limits)
    delimiter = overrides.delimiter or find_delimiter(first)
    explicit = bool(first and sep_line(first[0]))

    def lines(ledger: Ledger, width: int | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        return _records(content, encoding, delimiter, ledger, width, skip_first=explicit)

    usual = _usual_width(lines, content.name, limits)
    sample = sample_of(lambda ledger: lines(ledger, usual), content.name, limits)
    head = head_of(sample, content.name, overrides.header_line)
    width = len(head.headers)

    def reading(ledger: Ledger) -> Iterator[tuple[int, Sequence[str]]]:
        return data_lines(lambda inner: lines(inner, width), head, ledger, strict=True)

    return Table(
        content.name, "csv", head.headers, reading, encoding=encoding.name, delimiter=delimiter,
        header_line=head.header_line, head_notes=(*_notes(content, encoding), *head.notes), lead=head.lead,
        newline=_newline(content), limits=limits, lines=lambda ledger: lines(ledger, width),
    )  # fmt: skip


def _first_lines(content: Content, encoding: Encoding, limits: Limits) -> list[str]:
    """Return the lines that the delimiter is found from, bounded in number and in text."""
    lines: list[str] = []
    size = 0
    for line, _ in islice(text_lines(content, encoding, limits.line_length), SNIFFED_LINES):
        lines.append(line.replace("\x00", ""))
        size += len(line)
        if size > SNIFFED_TEXT:
            break
    return lines


def _notes(content: Content, encoding: Encoding) -> list[Note]:
    notes = [Note("archive", {"member": content.member})] if content.member else []
    if encoding.mixed:
        notes.append(Note("mixed_encodings", {"count": encoding.mixed, "encoding": encoding.fallback}))
    return notes


def _encoding(content: Content, overrides: Overrides) -> Encoding:
    if overrides.encoding is None:
        return encoding_of(content)
    try:
        "".encode(overrides.encoding)
    except (LookupError, ValueError) as error:
        raise UnreadableFile("wrong_encoding", {"name": content.name, "encoding": overrides.encoding}) from error
    return Encoding(overrides.encoding.lower())


def _newline(content: Content) -> str:
    head = content.head(1 << 16)
    if b"\r\n" in head or b"\r\x00\n" in head:
        return "\r\n"
    return "\r" if b"\r" in head and b"\n" not in head else "\n"


def _usual_width(lines: Lines, name: str, limits: Limits) -> int | None:
    """Return the number of fields that most sampled records have, so that the head is read with it."""
    widths = [len(cells) for _, cells in sample_of(lines, name, limits)]
    return max(set(widths), key=lambda width: (widths.count(width), width)) if widths else None


def _records(
    content: Content, encoding: Encoding, delimiter: str, ledger: Ledger, width: int | None, *, skip_first: bool
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield every record with its number; blank lines are yielded too, as one empty cell."""
    source = text_lines(content, encoding, ledger.limits.line_length)

    def take() -> str | None:
        pair = next(source, None)
        if pair is None:
            return None
        line = pair[0]
        if "\x00" in line:
            ledger.count("nul_characters", line.count("\x00"))
            line = line.replace("\x00", "")
        return line

    records = Records(Grammar.of(delimiter), width, take)
    number = 0
    while (line := records.next_line()) is not None:
        number += 1
        if number == 1 and skip_first:
            continue
        cells = records.split(line)
        if "'" in line or "E+" in line or "e+" in line:
            cells = [_restored(cell, ledger) for cell in cells]
        yield number, cells
    ledger.count("loose_quotes", records.loose)


def _restored(cell: str, ledger: Ledger) -> str:
    """Return a cell without the mark of an escaped formula, and a number in scientific notation written out."""
    if cell.startswith("'"):
        cell = _ESCAPED_FORMULA.sub("", cell, count=1)
    match = SCIENTIFIC.fullmatch(cell.strip())
    return written_out(cell, match, ledger) if match else cell


def written_out(cell: str, match: re.Match[str], ledger: Ledger) -> str:
    """Return the whole number of "3.612345678901E+12" where all digits are there; else the text, and say so."""
    whole, decimals, power = match[1], match[2], int(match[3])
    if power < 7:  # a small number written so by a scientist is no truncated code
        return cell
    if power > len(decimals):
        ledger.count("digits_lost", value=cell.strip())
        return cell
    ledger.count("digits_restored")
    digits = whole + decimals
    return digits[: power + 1] + ("." + digits[power + 1 :] if digits[power + 1 :].strip("0") else "")
