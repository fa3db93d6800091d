"""How a line of a delimited file parts into fields: the delimiter, and quotes that people did not close.

Promise: an unescaped inch mark never swallows the next lines, and a quoted line break never parts a record, as far as
the number of fields can tell; what was bent is said.
Not here: encodings, headers.

A record is read by the first of these that gives the expected number of fields: strict RFC 4180 on one line; strict
over several lines; quotes that close only before a delimiter; quotes as plain text. csv.Sniffer was rejected: it does
not know the number of columns and takes a letter for a delimiter on short files.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.mapping.vocabulary import is_known_header

USUAL = (";", ",", "\t", "|")
RARE = ("#", "~", "^", "\x1f", "\x01")
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.I)
JOINED_LINES = 500
"""Lines that one quoted field may span; descriptions with HTML were seen to span 80."""


def sep_line(line: str) -> str | None:
    """Return the delimiter of Excel's `sep=;` first line, or None for any other line."""
    match = _SEP_LINE.fullmatch(line)
    return match[1] if match else None


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled reading of records for one delimiter."""

    delimiter: str
    strict: re.Pattern[str]
    open_end: re.Pattern[str]
    closing: re.Pattern[str]

    @classmethod
    def of(cls, delimiter: str) -> Grammar:
        """Compile the patterns of a delimiter (one character)."""
        d = re.escape(delimiter)
        field = rf'(?:[ ]*"(?:[^"]++|"")*+"[ ]*|(?![ ]*")[^{d}]*+)'
        return cls(
            delimiter,
            re.compile(rf"{field}(?:{d}{field})*+", re.S),
            re.compile(rf'(?:{field}{d})*+[ ]*"(?:[^"]++|"")*+', re.S),
            re.compile(rf'"(?=[ ]*(?:{d}|$))'),
        )

    def split_strict(self, text: str) -> list[str] | None:
        """Return the fields of a well-formed record, or None."""
        if not self.strict.fullmatch(text):
            return None
        return next(csv.reader((text,), delimiter=self.delimiter, skipinitialspace=self.delimiter != "\t"))

    def is_open(self, text: str) -> bool:
        """Tell whether a so far well-formed record ends inside quotes."""
        return bool(self.open_end.fullmatch(text))

    def split_loose(self, text: str, *, eager: bool = False) -> list[str] | None:
        """Return the fields where a quote closes only before a delimiter; None where one stays open.

        With `eager` even a doubled quote before a delimiter closes (`"5"";x` is an inch mark and a close).
        """
        fields: list[str] = []
        start, size = 0, len(text)
        while start <= size:
            opening = len(text) - len(text[start:].lstrip(" ")) if text[start : start + 1] == " " else start
            if text[opening : opening + 1] == '"':
                end = self._close(text, opening + 1, eager)
                if end is None:
                    return None
                fields.append(text[opening + 1 : end].replace('\\"', '"').replace('""', '"'))
                start = text.find(self.delimiter, end)
            else:
                end = text.find(self.delimiter, start)
                fields.append(text[start : end if end >= 0 else size])
                start = end
            if start < 0:
                return fields
            start += 1
        return fields

    def _close(self, text: str, start: int, eager: bool) -> int | None:
        for match in self.closing.finditer(text, start):
            before = text[start : match.start()]
            doubled = len(before) - len(before.rstrip('"'))
            # An odd run of quotes before this one makes it the second half of an escaped pair.
            if eager or (doubled % 2 == 0 and not before.endswith("\\")) or match.start() == start:
                return match.start()
        return None

    def split_plain(self, text: str) -> list[str]:
        """Return the fields with quotes as text, save a pair that wraps a whole field."""
        cells = text.split(self.delimiter)
        return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


class Records:
    """Lines joined and parted into records; `loose` counts the ones whose quotes had to be bent.

    `take_line` gives the next physical line or None; `width` is the expected number of fields, where known.
    """

    def __init__(self, grammar: Grammar, width: int | None, take_line: Callable[[], str | None]) -> None:
        self._grammar = grammar
        self._width = width
        self._take = take_line
        self._ahead: list[str] = []
        self.loose = 0

    def next_line(self) -> str | None:
        """Return the next physical line, one that was looked at in vain first."""
        return self._ahead.pop() if self._ahead else self._take()

    def split(self, line: str) -> list[str]:
        """Return the fields of the record that starts with this line, taking the lines it spans."""
        grammar = self._grammar
        if '"' not in line:
            return line.split(grammar.delimiter)
        strict = grammar.split_strict(line)
        if strict is not None and self._fits(strict):
            return strict
        if strict is None and grammar.is_open(line):
            joined = self._joined(line)
            if joined is not None:
                return joined
        return self._bent(line, strict)

    def _fits(self, cells: Sequence[str]) -> bool:
        """Tell whether the fields are as many as expected; empty ones after the last ("a;b;;") are a program's."""
        width = self._width
        return width is None or (len(cells) >= width and not any(map(str.strip, cells[width:])))

    def _bent(self, line: str, strict: list[str] | None) -> list[str]:
        grammar = self._grammar
        readings = (grammar.split_loose(line), grammar.split_loose(line, eager=True), grammar.split_plain(line))
        for cells in readings:
            if cells is not None and self._fits(cells):
                self.loose += strict is None
                return cells
        if strict is not None:
            return strict
        self.loose += 1
        return next(cells for cells in readings if cells is not None)

    def _joined(self, first: str) -> list[str] | None:
        """Return the record over several lines, or None (and the lines given back) where it never closes well."""
        taken: list[str] = []
        while len(taken) < JOINED_LINES and (line := self.next_line()) is not None:
            taken.append(line)
            if '"' not in line:
                continue
            text = "\n".join([first, *taken])
            cells = self._grammar.split_strict(text)
            if cells is not None and self._fits(cells) and not self._all_whole(first, line):
                return cells
            if cells is not None or not self._grammar.is_open(text):
                break
        self._ahead.extend(reversed(taken))
        return None

    def _all_whole(self, first: str, last: str) -> bool:
        """Tell two lines that are each a full record by themselves: the quote between them is a stray one."""
        whole = self._grammar.split_plain
        return (self._width or 0) >= 3 and self._fits(whole(first)) and self._fits(whole(last))


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter under which the lines are most alike and the header most known; "," for one column."""
    explicit = sep_line(lines[0]) if lines else None
    if explicit:
        return explicit
    best, score = _best(lines, USUAL)
    if score < 0.6:
        rare, rare_score = _best(lines, RARE)
        if rare_score > score:
            return rare
    return best if score > 0 else ","


def _best(lines: Sequence[str], delimiters: Sequence[str]) -> tuple[str, float]:
    scores = {delimiter: _score(lines, delimiter) for delimiter in delimiters}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best, scores[best]


def _score(lines: Sequence[str], delimiter: str) -> float:
    """Return how well a delimiter explains the lines: constancy of the count, number of columns, known headers."""
    records = _sample_records(lines, delimiter)
    widths = Counter(len(cells) for cells in records)
    usual = max(widths, key=lambda width: (widths[width] if width > 1 else 0, width), default=1)
    if usual < 2:
        return 0.0
    constant = widths[usual] / len(records)
    known = max((_known(cells) for cells in records[:12] if len(cells) > 1), default=0.0)
    return constant * math.log2(usual + 1) / 3 * (0.4 + known) + known


def _sample_records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    queue = iter(lines)
    records = Records(Grammar.of(delimiter), None, lambda: next(queue, None))
    found = []
    while (line := records.next_line()) is not None:
        if line.strip():
            found.append(records.split(line))
    return found


def _known(cells: Sequence[str]) -> float:
    return sum(map(is_known_header, cells)) / len(cells)


csv.field_size_limit(1 << 27)
